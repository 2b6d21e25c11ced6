package homes

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/hectare"
)

// TestInside compares the cells inside rings with their middles, one by one.
func TestInside(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	cells := 0
	for range 300 {
		var rings [][]Spot
		for range 1 + random.IntN(3) {
			var ring []Spot
			for range 3 + random.IntN(6) {
				ring = append(ring, Spot{int32(random.IntN(200_000) - 100_000), int32(random.IntN(160_000) - 80_000)})
			}
			rings = append(rings, append(ring, ring[0]))
		}
		var want []hectare.Cell
		for row := int32(-10); row < 10; row++ {
			for col := int32(-14); col < 14; col++ {
				x, y := (float64(col)+0.5)*float64(hectare.Width(row)), (float64(row)+0.5)*hectare.Side
				odd := false
				for _, ring := range rings {
					for i := range ring[1:] {
						a, b := ring[i], ring[i+1]
						if (float64(a.Lat) > y) != (float64(b.Lat) > y) && x < float64(a.Lon)+(y-float64(a.Lat))*(float64(b.Lon)-float64(a.Lon))/(float64(b.Lat)-float64(a.Lat)) {
							odd = !odd
						}
					}
				}
				if odd {
					want = append(want, hectare.Cell{Row: row, Col: col})
				}
			}
		}
		var got []hectare.Cell
		for _, s := range inside(rings) {
			got = append(got, s.cell())
		}
		slices.SortFunc(got, hectare.Cell.Compare)
		cells += len(want)
		if len(want) == 0 {
			continue // one spot anywhere inside
		}
		if !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v: got %v, want %v", seed, rings, got, want)
		}
	}
	if cells < 3000 {
		t.Errorf("seed %d: only %d cells", seed, cells)
	}
	if got := inside([][]Spot{{{100, 100}, {300, 100}, {200, 300}}}); len(got) != 1 || got[0].Lat != 200 || got[0].Lon <= 100 || got[0].Lon >= 300 {
		t.Errorf("of an area smaller than a cell: %v", got)
	}
	if got := inside([][]Spot{{{0, 0}, {0, highest + 1}, {9000, 9000}}}); got != nil {
		t.Errorf("of an area too large: %d spots", len(got))
	}
}
