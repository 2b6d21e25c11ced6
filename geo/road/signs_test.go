package road

import (
	"math"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// TestSignsOfBuiltUpAreas: a road of 12 km, with signs and houses at so many metres, is driven as
// in a town for so many of them, whichever way it is drawn.
func TestSignsOfBuiltUpAreas(t *testing.T) {
	for _, r := range []struct {
		name   string
		signs  []float64
		houses [][2]float64 // from, to: streets beside the road
		least  float64
		most   float64
	}{
		{"no sign", nil, nil, 0, 0},
		{"a town between two signs, where nothing is known of houses", []float64{5400, 6600}, nil, 1200, 1200},
		{"signs for either direction", []float64{5380, 5420, 6580, 6620}, nil, 1200, 1200},
		{"two towns", []float64{2000, 3000, 8000, 8600}, nil, 1600, 1600},
		{"a lone sign in the fields", []float64{6000}, nil, 0, 0},
		{"a lone sign before houses", []float64{6000}, [][2]float64{{6000, 6600}}, 600 + 80, 600 + 160},
		{"the same without it", nil, [][2]float64{{6000, 6600}}, 600 + 2*80, 600 + 2*160},
		{"a lone sign behind houses", []float64{6600}, [][2]float64{{6000, 6600}}, 600 + 80, 600 + 160},
		{"a town that goes on beyond its houses", []float64{5400, 7000}, [][2]float64{{5600, 6400}}, 1600, 1600},
		{"houses beyond the signs, of another place", []float64{5400, 6600}, [][2]float64{{5400, 6600}, {9000, 9600}}, 1200 + 600 + 2*80, 1200 + 600 + 2*160},
		{"from a town to the next", []float64{600, 11_400}, [][2]float64{{0, 600}, {11_400, 12_000}}, 1200, 1200},
		{"far signs, and nothing around", []float64{1000, 11_000}, nil, 0, 0},
		{"a sign where the road begins is of no side", []float64{0}, nil, 0, 0},
	} {
		for _, back := range []bool{false, true} {
			w := straight(1, "primary", 0, 0, 12_000, 0, 20)
			if back {
				slices.Reverse(w.Nodes)
				slices.Reverse(w.At)
			}
			for _, s := range r.signs {
				for i, p := range w.At {
					if geo.Distance(p, at(s, 0)) < 1 {
						w.Marks = append(w.Marks, Mark{i, map[string]string{"traffic_sign": "city_limit"}})
					}
				}
			}
			if len(w.Marks) != len(r.signs) {
				t.Fatalf("%s: %d signs of %d stand on a node", r.name, len(w.Marks), len(r.signs))
			}
			ways := []Way{w}
			for i, h := range r.houses {
				ways = append(ways, straight(int64(10+2*i), "residential", h[0], 60, h[1], 60, 50), straight(int64(11+2*i), "residential", h[0], -60, h[1], -60, 50))
			}
			n := buildInTown(t, ways)
			for e := range int32(n.Counts().Edges) {
				if edge := n.Edge(e); edge.Class == street.Primary {
					// 20 m/s in the fields, 10 m/s in towns.
					in := 2 * (float64(edge.Travel[street.Car].CostForward) - 6000)
					// A piece that is looked at is 20 m here.
					if in < r.least-25 || in > r.most+25 || math.IsNaN(in) {
						t.Errorf("%s, drawn back %v: %.0f m as in a town, want %.0f to %.0f", r.name, back, in, r.least, r.most)
					}
				}
			}
		}
	}
}

// TestASignWhereRoadsMeetIsNobodys: it may be of either road.
func TestASignWhereRoadsMeetIsNobodys(t *testing.T) {
	main := straight(1, "primary", 0, 0, 4000, 0, 100)
	main.Marks = []Mark{{15, map[string]string{"city_limit": "both"}}, {25, map[string]string{"city_limit": "both"}}}
	cross := func(x float64) Way { return straight(int64(x), "track", x, -100, x, 100, 100) }
	town := func(ways ...Way) (cost geo.Cost) {
		n := buildInTown(t, ways)
		for e := range int32(n.Counts().Edges) {
			if edge := n.Edge(e); edge.Class == street.Primary {
				cost += edge.Travel[street.Car].CostForward
			}
		}
		return cost
	}
	if got := town(main); got < 2450 || got > 2550 { // 3 km at 20 m/s, 1 km at 10
		t.Errorf("4 km with a town of 1 km take %d ds, want 2 500", got)
	}
	if got := town(main, cross(1500), cross(2500)); got != 2000 {
		t.Errorf("4 km with signs at crossings take %d ds, want 2 000", got)
	}
}
