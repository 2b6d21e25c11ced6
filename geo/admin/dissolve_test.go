package admin

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// board is a country of square communes with a corner at x, y.
func board(x, y float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}, {x, y}}}}
}

// TestDissolveAgainstSampling: points are in the whole when they are in a part, areas add
// up, and no side that two parts share is left.
func TestDissolveAgainstSampling(t *testing.T) {
	for seed := range uint64(60) {
		rnd := rand.New(rand.NewPCG(seed, 4))
		var parts []orb.MultiPolygon
		in := map[[2]int]bool{}
		for x := range 7 {
			for y := range 7 {
				if rnd.IntN(3) > 0 {
					in[[2]int{x, y}] = true
					parts = append(parts, board(float64(x), float64(y)))
				}
			}
		}
		whole := Dissolve(parts)
		if area := planar.Area(whole); math.Abs(area-float64(len(parts))) > 1e-9 {
			t.Fatalf("seed %d: area %v, want %d", seed, area, len(parts))
		}
		perimeter := 0.0
		for _, polygon := range whole {
			for i, ring := range polygon {
				perimeter += planar.Length(ring)
				want := orb.CCW
				if i > 0 {
					want = orb.CW
				}
				if ring.Orientation() != want || ring[0] != ring[len(ring)-1] {
					t.Fatalf("seed %d: ring %d is wound %v: %v", seed, i, ring.Orientation(), ring)
				}
			}
		}
		border := 0
		for c := range in {
			for _, step := range [][2]int{{1, 0}, {-1, 0}, {0, 1}, {0, -1}} {
				if !in[[2]int{c[0] + step[0], c[1] + step[1]}] {
					border++
				}
			}
		}
		if math.Abs(perimeter-float64(border)) > 1e-9 {
			t.Fatalf("seed %d: %v of border, want %d", seed, perimeter, border)
		}
		for range 200 {
			p := orb.Point{8*rnd.Float64() - .5, 8*rnd.Float64() - .5}
			want := in[[2]int{int(math.Floor(p[0])), int(math.Floor(p[1]))}]
			if got := planar.MultiPolygonContains(whole, p); got != want {
				t.Fatalf("seed %d: %v inside: %v, want %v", seed, p, got, want)
			}
		}
		rnd.Shuffle(len(parts), func(i, j int) { parts[i], parts[j] = parts[j], parts[i] })
		if !slices.EqualFunc(whole, Dissolve(parts), func(a, b orb.Polygon) bool { return a.Equal(b) }) {
			t.Fatalf("seed %d: the order of the parts matters", seed)
		}
	}
}

// TestEPCIWithoutOutlineGetsThatOfItsCommunes, and one that has an outline keeps it.
func TestEPCIWithoutOutlineGetsThatOfItsCommunes(t *testing.T) {
	own := board(50, 50)
	d, err := New([]Commune{
		{Code: "02001", Nom: "A", EPCI: "200000001", Outline: board(0, 0)}, {Code: "02002", Nom: "B", EPCI: "200000001", Outline: board(1, 0)},
		{Code: "02003", Nom: "C", EPCI: "200000002", Outline: board(5, 5)},
	}, []EPCI{{Code: "200000001", Nom: "AB"}, {Code: "200000002", Nom: "C", Outline: own}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	want := orb.MultiPolygon{{{{0, 0}, {1, 0}, {2, 0}, {2, 1}, {1, 1}, {0, 1}, {0, 0}}}}
	if got := d.EPCI[0].Outline; !got.Equal(want) {
		t.Errorf("outline %v, want %v", got, want)
	}
	if got := d.EPCI[1].Outline; !got.Equal(own) {
		t.Errorf("outline %v, want its own", got)
	}
}
