package homes

import (
	"math"
	"math/rand/v2"
	"strconv"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
)

// rows gives those of a grid.
func rows(t *testing.T, g *Grid) (all []road.Way, told *source.Homes) {
	t.Helper()
	rec := &source.Recorder{Report: &source.Report{}}
	if err := g.Emit(rec, func(w road.Way) error { all = append(all, w); rec.Accepted++; return nil }); err != nil {
		t.Fatal(err)
	}
	if rec.Accepted != 0 {
		t.Errorf("%d rows counted as those of a file", rec.Accepted)
	}
	return all, rec.Homes
}

// found is something that a file has.
type found struct {
	what      byte // d: dwellings, a: an address, o: a building of other use
	at        geo.LonLat
	dwellings float64
}

func gridOf(all []found) *Grid {
	g := &Grid{}
	for _, f := range all {
		switch f.what {
		case 'd':
			g.AddDwellings(At(f.at), f.dwellings)
		case 'a':
			g.AddAddress(At(f.at))
		case 'o':
			g.AddOther(At(f.at))
		}
	}
	return g
}

// TestGrid keeps every dwelling, puts none far from where it was, and does not tell in which
// order they came. Addresses add no more than there are, and all of them where there are no
// buildings.
func TestGrid(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	for round := range 200 {
		var all []found
		total, buildings, addresses, others := 0.0, 0, 0, 0
		kinds := []string{"d", "a", "dao"}[rnd.IntN(3)]
		west, south := -180+359*rnd.Float64(), -60+120*rnd.Float64()
		for range 1 + rnd.IntN(60) {
			f := found{kinds[rnd.IntN(len(kinds))], geo.LonLat{Lon: west + 0.01*rnd.Float64(), Lat: south + 0.01*rnd.Float64()}, float64(1+rnd.IntN(900)) / 100}
			all = append(all, f)
			switch f.what {
			case 'd':
				total += f.dwellings
				buildings++
			case 'a':
				addresses++
			default:
				others++
			}
		}
		got, told := rows(t, gridOf(all))
		rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
		again, _ := rows(t, gridOf(all))
		if diff := cmp.Diff(got, again); diff != "" {
			t.Fatalf("seed %d, round %d: in another order:\n%s", seed, round, diff)
		}
		sum := 0.0
		for _, w := range got {
			n, err := strconv.ParseFloat(w.Tags["homes"], 64)
			if err != nil || !(n > 0) || len(w.Nodes) != 1 || len(w.Tags) != 1 || w.ID != 0 || w.Nodes[0] != 0 {
				t.Fatalf("seed %d, round %d: row %+v", seed, round, w)
			}
			sum += n
			near := math.Inf(1)
			for _, f := range all {
				near = min(near, geo.Distance(f.at, w.At[0]))
			}
			if near > 160 { // the diagonal of a cell
				t.Fatalf("seed %d, round %d: dwellings are put %.0f m from any", seed, round, near)
			}
		}
		tolerance := 0.01 * float64(len(all)) // of cells that are about 0, and of what is written
		least, most := total, total+float64(addresses)
		if buildings+others == 0 {
			least = float64(addresses)
		}
		if sum < least-tolerance || sum > most+tolerance {
			t.Fatalf("seed %d, round %d: %g dwellings, want %g to %g", seed, round, sum, least, most)
		}
		if told == nil && buildings+addresses == 0 {
			continue
		}
		if want := (source.Homes{Dwellings: told.Dwellings, Buildings: buildings, Addresses: addresses, Rows: len(got)}); *told != want || math.Abs(float64(told.Dwellings)-sum) > 0.5+tolerance {
			t.Fatalf("seed %d, round %d: told %+v, want %+v; %g dwellings", seed, round, *told, want, sum)
		}
	}
	var none Grid
	none.AddDwellings(Spot{}, 0)
	none.AddDwellings(Spot{}, -1)
	none.AddDwellings(Spot{}, math.NaN())
	if got, told := rows(t, &none); len(got) != 0 || told != nil {
		t.Errorf("no dwellings, and yet %d rows", len(got))
	}
}

// TestFootprint is that of boxes with a hole, either way round, closed or not.
func TestFootprint(t *testing.T) {
	ring := func(east, north, size float64, closed, turned bool) []Spot {
		const lat = 49.5
		var of []Spot
		for _, c := range [][2]float64{{0, 0}, {1, 0}, {1, 1}, {0, 1}} {
			if turned {
				c[0], c[1] = c[1], c[0]
			}
			p := geo.LonLat{Lon: 3, Lat: lat}
			degree := geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1})
			p.Lat += (north + c[1]*size) / degree
			p.Lon += (east + c[0]*size) / degree / math.Cos(lat*math.Pi/180)
			of = append(of, At(p))
		}
		if closed {
			of = append(of, of[0])
		}
		return of
	}
	for way := range 16 {
		outer, hole := ring(0, 0, 100, way&1 != 0, way&2 != 0), ring(10, 10, 30, way&4 != 0, way&8 != 0)
		if got, want := Footprint([][]Spot{outer}, [][]Spot{hole}), 100.0*100-30*30; math.Abs(got-want) > 0.001*want {
			t.Errorf("way %d round: %.1f m², want %.0f", way, got, want)
		}
		middle, want := Middle(outer).degrees(), ring(50, 50, 0, false, false)[0].degrees()
		if d := geo.Distance(middle, want); d > 0.05 {
			t.Errorf("way %d round: middle %v, %.2f m aside", way, middle, d)
		}
	}
	if got := Footprint([][]Spot{ring(0, 0, 10, true, false)}, [][]Spot{ring(0, 0, 20, true, false)}); got != 0 {
		t.Errorf("of a hole larger than its ring: %g m²", got)
	}
}
