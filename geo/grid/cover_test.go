package grid

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/uber/h3-go/v4"

	"github.com/aisne-numerique/maillage/geo"
)

// coverNaive lists the cells that touch a polygon.
func coverNaive(poly orb.Polygon, resolution int) ([]Cell, error) {
	gp := h3.GeoPolygon{GeoLoop: loop(poly[0])}
	for _, hole := range poly[1:] {
		gp.Holes = append(gp.Holes, loop(hole))
	}
	cells, err := h3.PolygonToCellsExperimental(gp, resolution, h3.ContainmentOverlapping)
	if err != nil {
		return nil, err
	}
	out := make([]Cell, len(cells))
	for i, c := range cells {
		out[i] = Cell(c)
	}
	return out, nil
}

func loop(r orb.Ring) h3.GeoLoop {
	if len(r) > 1 && r[0] == r[len(r)-1] {
		r = r[:len(r)-1]
	}
	out := make(h3.GeoLoop, len(r))
	for i, p := range r {
		out[i] = h3.LatLng{Lat: p[1], Lng: p[0]}
	}
	return out
}

// TestCoverIsThatOfH3: the cells of random outlines, with holes, spikes and several
// polygons, are those that the H3 library finds, slivers left out.
func TestCoverIsThatOfH3(t *testing.T) {
	cells := 0
	for seed := range uint64(150) {
		r := rand.New(rand.NewPCG(seed, 5))
		star := func(x, y, size float64) orb.Ring {
			var ring orb.Ring
			n := 5 + r.IntN(40)
			for i := range n {
				d := size * (0.15 + 0.85*r.Float64()) // spikes
				turn := 2 * math.Pi * float64(i) / float64(n)
				const degree = 111_195.0 // metres
				ring = append(ring, orb.Point{x + d*math.Cos(turn)/degree/math.Cos(y*math.Pi/180), y + d*math.Sin(turn)/degree})
			}
			return append(ring, ring[0])
		}
		x, y := 3+r.Float64(), 49+r.Float64()
		outline := orb.MultiPolygon{{star(x, y, 100+4000*r.Float64())}}
		if r.IntN(2) == 0 {
			outline = append(outline, orb.Polygon{star(x+0.3, y, 50+900*r.Float64())})
		}
		if r.IntN(2) == 0 {
			hole := star(x, y, 10)
			hole.Reverse()
			outline[0] = append(outline[0], hole)
		}
		var k clipper
		var want, got []Cell
		for _, poly := range outline {
			touched, err := coverNaive(poly, 9)
			if err != nil {
				t.Fatal(err)
			}
			for _, c := range touched {
				if err := k.reset(c); err != nil {
					t.Fatal(err)
				}
				if share, _ := k.clip(outline); share >= MinShare {
					want = append(want, c)
				}
			}
		}
		err := k.cover(outline, 9, func(c Cell, _ float64, _ geo.LonLat) error {
			got = append(got, c)
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		slices.Sort(want)
		want = slices.Compact(want)
		slices.Sort(got)
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %d cells, the H3 library finds %d", seed, len(got), len(want))
		}
		cells += len(got)
	}
	if cells < 5000 {
		t.Errorf("%d cells in all: too few to prove anything", cells)
	}
}
