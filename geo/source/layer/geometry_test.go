package layer

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
)

func TestInnerPointByHand(t *testing.T) {
	for _, tt := range []struct {
		special string
		outline orb.MultiPolygon
		want    geo.LonLat
	}{
		{"a square: its middle", orb.MultiPolygon{{{{0, 0}, {4, 0}, {4, 2}, {0, 2}, {0, 0}}}}, geo.LonLat{Lon: 2, Lat: 1}},
		{"a C: not its middle, which is outside", orb.MultiPolygon{{{{0, 0}, {9, 0}, {9, 1}, {2, 1}, {2, 5}, {9, 5}, {9, 6}, {0, 6}, {0, 0}}}}, geo.LonLat{Lon: 1, Lat: 3}},
		{"a ring: beside the hole, on the wider side", orb.MultiPolygon{{{{0, 0}, {8, 0}, {8, 8}, {0, 8}, {0, 0}}, {{1, 1}, {1, 7}, {5, 7}, {5, 1}, {1, 1}}}}, geo.LonLat{Lon: 6.5, Lat: 4}},
		{"two parts: the wider one", orb.MultiPolygon{{{{0, 0}, {1, 0}, {1, 9}, {0, 9}, {0, 0}}}, {{{5, 0}, {8, 0}, {8, 2}, {5, 2}, {5, 0}}}}, geo.LonLat{Lon: 6.5, Lat: 1}},
		{"a vertex on the middle parallel: halfway to the next one", orb.MultiPolygon{{{{0, 0}, {4, 2}, {0, 4}, {0, 0}}}}, geo.LonLat{Lon: 1, Lat: 3}},
	} {
		if got := InnerPoint(tt.outline); got != tt.want {
			t.Errorf("%s: got %v, want %v", tt.special, got, tt.want)
		}
	}
}

// TestInnerPointIsInside draws random stars, with a hole around their centre.
func TestInnerPointIsInside(t *testing.T) {
	const seed = 11
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	star := func(low, high float64) orb.Ring {
		var r orb.Ring
		n := 4 + rnd.IntN(20)
		for i := range n {
			a, d := 2*math.Pi*float64(i)/float64(n), low+(high-low)*rnd.Float64()
			r = append(r, orb.Point{3 + d*math.Cos(a), 49 + d*math.Sin(a)})
		}
		return append(r, r[0])
	}
	for range 2000 {
		outline := orb.MultiPolygon{{star(.5, 2)}}
		if rnd.IntN(2) == 0 {
			outline[0] = append(outline[0], star(.05, .3))
		}
		p := InnerPoint(outline)
		if !planar.MultiPolygonContains(outline, orb.Point{p.Lon, p.Lat}) || !Inside(outline, p) {
			t.Fatalf("%v is not inside %v", p, outline)
		}
		for range 5 {
			q := geo.LonLat{Lon: 1 + 4*rnd.Float64(), Lat: 47 + 4*rnd.Float64()}
			if got, want := Inside(outline, q), planar.MultiPolygonContains(outline, orb.Point{q.Lon, q.Lat}); got != want {
				t.Fatalf("inside(%v) = %v, orb says %v: %v", q, got, want, outline)
			}
		}
	}
}
