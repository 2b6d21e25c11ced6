package squares

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

func TestPopulation(t *testing.T) {
	small := store.Square{ID: "CRS3035RES200mN2959000E3860400", West: 3_860_400, South: 2_959_000, Size: 200, People: 12.5, Imputed: store.Imputed}
	large := store.Square{ID: "CRS3035RES1000mN2959000E3860000", West: 3_860_000, South: 2_959_000, Size: 1000, People: 1234, Imputed: store.Imputed}
	for _, tt := range []struct {
		special, text string
		want          store.Square
	}{
		{"Filosofi 2019, 200 m: the square of 1 km around is not the row's", "Idcar_200m,I_est_200,Idcar_1km,Ind,Men\nCRS3035RES200mN2959000E3860400,1,CRS3035RES1000mN2959000E3860000,12.5,5\n", with(small, store.SquareHouseholds, 5)},
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
		size := int(sizes[rnd.IntN(len(sizes))])
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
	g, set := newGridReader(nil, nil), map[string]bool{}
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

// TestOverlapAgainstRectangles compares with a list of squares.
func TestOverlapAgainstRectangles(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 8))
		g := newGridReader(nil, nil)
		var all []store.Square
		for range 60 {
			size := sizes[rnd.IntN(len(sizes))]
			unit := min(size, kilometre)
			s, reason := square(3_808_000+unit*math.Floor(rnd.Float64()*64_000/unit), 2_944_000+unit*math.Floor(rnd.Float64()*64_000/unit), size)
			if reason != "" {
				t.Fatal(reason)
			}
			want := slices.ContainsFunc(all, func(o store.Square) bool {
				return o.ID != s.ID && s.West < o.West+o.Size && o.West < s.West+s.Size && s.South < o.South+o.Size && o.South < s.South+s.Size
			})
			if got := g.overlaps(s); got != want {
				t.Fatalf("seed %d: overlaps(%s) = %v, want %v, among %v", seed, s.ID, got, want, all)
			}
			if !want {
				g.mark(s)
				all = append(all, s)
			}
		}
	}
}

func TestNaturalSquares(t *testing.T) {
	imp, err := Population(t.Context(), []source.Input{sourcetest.CaseFile(t, "p03-nat.csv")}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Rejected)
	people := 0.0
	for i, s := range got {
		people += s.People
		if want := []float64{200, 1000, 2000, 4000, 8000, 32_000}[i]; s.Size != want {
			t.Errorf("%s is %g m, want %g", s.ID, s.Size, want)
		}
	}
	if len(got) != 6 || people != 615 {
		t.Errorf("%d squares with %g people, want 6 with 615", len(got), people)
	}
}

// TestSquaresThatCannotBeRead shows what is told of other levels and other grids.
func TestSquaresThatCannotBeRead(t *testing.T) {
	for _, tt := range []struct{ special, text, want string }{
		{"a square within another", "id,ind\nCRS3035RES1000mN2959000E3860000,5\nCRS3035RES200mN2959000E3860400,1\n",
			"import population: p.csv:3: carreau de 200 m (CRS3035RES200mN2959000E3860400) sur le sol d'un carreau déjà lu : les habitants seraient comptés deux fois ; attendu un seul niveau (200 m, 1 km ou naturel)"},
		{"the larger one last", "id,ind\nCRS3035RES200mN2959000E3860400,1\nCRS3035RES1000mN2959000E3860000,5\n",
			"import population: p.csv:3: carreau de 1000 m (CRS3035RES1000mN2959000E3860000) sur le sol d'un carreau déjà lu : les habitants seraient comptés deux fois ; attendu un seul niveau (200 m, 1 km ou naturel)"},
		{"La Réunion", "idcar_200m,ind\nCRS2975RES200mN7634000E340000,1\n",
			"import population: p.csv:2: carreau d'outre-mer (EPSG:2975, La Réunion) ; seul le carroyage de la métropole (EPSG:3035) est lu ; attendu le fichier de la métropole, dont le nom finit par _met"},
		{"Martinique", "idcar_nat,ind\nCRS5490RES1000mN1600000E710000,1\n",
			"import population: p.csv:2: carreau d'outre-mer (EPSG:5490, Guadeloupe ou Martinique) ; seul le carroyage de la métropole (EPSG:3035) est lu ; attendu le fichier de la métropole, dont le nom finit par _met"},
		{"a size that there is not", "id,ind\nCRS3035RES500mN2959000E3860000,5\n",
			"import population: 1 refus sur 1 carreau, plus que la part admise de 20 % ; le premier est p.csv:2: id « CRS3035RES500mN2959000E3860000 » : carreau de 500 m ; attendu 200 m, 1 km, ou ceux du niveau naturel (2, 4, 8, 16 et 32 km)"},
	} {
		imp, err := Population(t.Context(), []source.Input{sourcetest.Memory("p.csv", []byte(tt.text))}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		if fmt.Sprint(last) != tt.want {
			t.Errorf("%s: got %v\nwant %s", tt.special, last, tt.want)
		}
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
