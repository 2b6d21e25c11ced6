package stat

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

func TestPopulation(t *testing.T) {
	small := store.Square{ID: "CRS3035RES200mN2959000E3860400", West: 3_860_400, South: 2_959_000, Size: 200, People: 12.5}
	large := store.Square{ID: "CRS3035RES1000mN2959000E3860000", West: 3_860_000, South: 2_959_000, Size: 1000, People: 1234}
	for _, tt := range []struct {
		special, text string
		want          store.Square
	}{
		{"Filosofi 2019, 200 m: the square of 1 km around is not the row's", "Idcar_200m,I_est_200,Idcar_1km,Ind,Men\nCRS3035RES200mN2959000E3860400,1,CRS3035RES1000mN2959000E3860000,12.5,5\n", small},
		{"Filosofi 2019, 1 km", "Idcar_1km;I_est_1km;Ind\nCRS3035RES1000mN2959000E3860000;1;1234\n", large},
		{"Filosofi 2015", "\"IdINSPIRE\",\"Id_carr1km\",\"I_est_cr\",\"Ind\"\r\n\"CRS3035RES200mN2959000E3860400\",\"x\",\"1\",\"12,5\"\r\n", small},
		{"short names of INSPIRE", "id;pop;i_est\n1kmN2959E3860;1\u202f234;1\n", large},
		{"short names, 200 m", "id,pop,i_est\n200mN29590E38604,12.5,1\n", small},
	} {
		imp, err := Population(t.Context(), []source.Input{sourcetest.Memory("p.csv", []byte(tt.text))}, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if diff := cmp.Diff([]store.Square{tt.want}, got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		sourcetest.None(t, imp.Report.Rejected)
		if w := imp.Report.Warnings; len(w) != 1 || w[0].String() != "p.csv: carreaux dont les chiffres sont imputés par l'INSEE pour le secret statistique, gardés : 1" {
			t.Errorf("%s: warnings %v", tt.special, w)
		}
	}
}

// TestSquareNamesComeBack: what parseSquare reads is what it names.
func TestSquareNamesComeBack(t *testing.T) {
	const seed = 5
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		size := []int{200, 1000}[rnd.IntN(2)]
		at := geo.LonLat{Lon: rnd.Float64()*14 - 5, Lat: 41 + rnd.Float64()*10}
		x, y, err := geo.LAEA.FromLonLat(at)
		if err != nil {
			t.Fatal(err)
		}
		id := fmt.Sprintf("CRS3035RES%dmN%dE%d", size, int(y)/size*size, int(x)/size*size)
		s, reason := parseSquare(id)
		if reason != "" || s.ID != id || x < s.West || x >= s.West+s.Size || y < s.South || y >= s.South+s.Size {
			t.Fatalf("seed %d: parseSquare(%s) = %+v, %q; drawn around %v, %v", seed, id, s, reason, x, y)
		}
	}
}

// TestMarkAgainstASet compares the bits with a set of names.
func TestMarkAgainstASet(t *testing.T) {
	const seed = 6
	rnd := rand.New(rand.NewPCG(seed, 0))
	g, set := gridReader{seen: map[[2]int32]uint64{}}, map[string]bool{}
	for range 4000 {
		s, reason := square(3_800_000+200*float64(rnd.IntN(300)), 2_900_000+200*float64(rnd.IntN(100)), 200)
		if reason != "" {
			t.Fatal(reason)
		}
		if got, want := g.mark(s), !set[s.ID]; got != want {
			t.Fatalf("seed %d: mark(%s) = %v, want %v", seed, s.ID, got, want)
		}
		set[s.ID] = true
	}
}

func FuzzPopulation(f *testing.F) {
	for _, s := range []string{
		"Idcar_200m,I_est_200,Ind\nCRS3035RES200mN2959000E3860400,0,12.5\nCRS3035RES200mN2959000E3860600,1,3\n",
		"id;pop\n1kmN2959E3860;1 234\n200mN29590E38604;2\n", "ind\n", "id,ind\nCRS3035RES200mN9999999E9999999,1\n",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		imp, err := Population(t.Context(), []source.Input{sourcetest.Memory("p.csv", data)}, source.Options{MaxRejectShare: 1})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for s, err := range imp.Rows {
			if last = err; err != nil {
				continue
			}
			if again, reason := parseSquare(s.ID); reason != "" || again.West != s.West || again.South != s.South || s.People < 0 {
				t.Fatalf("%q: square %+v", data, s)
			}
		}
		r := imp.Report
		if last == nil && r.Read != r.Accepted+len(r.Rejected) {
			t.Fatalf("%q: %d read, %d accepted, %d rejected", data, r.Read, r.Accepted, len(r.Rejected))
		}
		if last != nil && !strings.HasPrefix(last.Error(), "import population: ") {
			t.Fatalf("%q: error without an address: %v", data, last)
		}
	})
}
