package homes

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
)

func rows(t *testing.T, g *Grid) (all []road.Way) {
	t.Helper()
	if err := g.Rows(func(w road.Way) error { all = append(all, w); return nil }); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestGrid keeps every dwelling, puts none far from where it was, and does not tell in which
// order they came.
func TestGrid(t *testing.T) {
	const seed = 5
	rnd := rand.New(rand.NewPCG(seed, 0))
	for round := range 200 {
		type home struct {
			at geo.LonLat
			n  float64
		}
		var all []home
		var g, h Grid
		total := 0.0
		south := -60 + 120*rnd.Float64()
		for range 1 + rnd.IntN(60) {
			v := home{geo.LonLat{Lon: -3 + 0.01*rnd.Float64(), Lat: south + 0.01*rnd.Float64()}, float64(1+rnd.IntN(900)) / 100}
			all = append(all, v)
			total += v.n
			g.Add(v.at, v.n)
		}
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		for _, v := range all {
			h.Add(v.at, v.n)
		}
		got := rows(t, &g)
		if diff := cmp.Diff(got, rows(t, &h)); diff != "" {
			t.Fatalf("seed %d, round %d: in another order:\n%s", seed, round, diff)
		}
		ids := map[int64]bool{}
		sum := 0.0
		for _, w := range got {
			n, err := strconv.ParseFloat(w.Tags["homes"], 64)
			if err != nil || len(w.Nodes) != 1 || len(w.Tags) != 1 || ids[w.ID] || w.ID >= 0 {
				t.Fatalf("seed %d, round %d: row %+v", seed, round, w)
			}
			ids[w.ID] = true
			sum += n
			near := math.Inf(1)
			for _, v := range all {
				near = min(near, geo.Distance(v.at, w.At[0]))
			}
			if near > 160 { // the diagonal of a cell
				t.Fatalf("seed %d, round %d: dwellings are put %.0f m from any", seed, round, near)
			}
		}
		if math.Abs(sum-total) > 1e-6 || len(got) != g.Len() {
			t.Fatalf("seed %d, round %d: %g dwellings, want %g", seed, round, sum, total)
		}
	}
	var none Grid
	none.Add(geo.LonLat{}, 0)
	none.Add(geo.LonLat{}, -1)
	if none.Len() != 0 || len(rows(t, &none)) != 0 {
		t.Error("no dwellings, and yet a row")
	}
}
