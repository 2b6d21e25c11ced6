package hectare

import (
	"math"
	"math/rand/v2"
	"testing"
	"time"
)

// TestCells: a position is in the box of its cell, which is about a hectare, and in no other;
// the cells around it hold all positions within half its side.
func TestCells(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 20_000 {
		lon, lat := int32(r.IntN(3_580_000_000)-1_790_000_000), int32(r.IntN(1_600_000_000)-800_000_000)
		if r.IntN(8) == 0 {
			lon, lat = int32(r.IntN(3)-1), int32(r.IntN(3)-1)
		}
		c := Of(lon, lat)
		west, south := c.Corner()
		if x, y := int64(lon)-west, int64(lat)-south; x < 0 || y < 0 || x >= Width(c.Row) || y >= Side || RowOf(lat) != c.Row {
			t.Fatalf("seed %d: %d, %d is at %d, %d in cell %v", seed, lon, lat, x, y, c)
		}
		if ratio := float64(Width(c.Row)) * math.Cos(float64(lat)/1e7*math.Pi/180) / Side; math.Abs(ratio-1) > 0.001 {
			t.Fatalf("seed %d: cell %v is %.4f as wide as high", seed, c, ratio)
		}
		around := map[Cell]bool{}
		c.Around(func(d Cell) { around[d] = true })
		if len(around) != 9 || !around[c] {
			t.Fatalf("seed %d: around %v: %v", seed, c, around)
		}
		dx, dy := int32(Width(c.Row)/2), int32(Side/2)
		for _, near := range []Cell{Of(lon+dx-1, lat), Of(lon-dx+1, lat), Of(lon, lat+dy), Of(lon, lat-dy)} {
			if !around[near] {
				t.Fatalf("seed %d: %v is not around %v", seed, near, c)
			}
		}
		if c.Compare(c) != 0 || c.Compare(Cell{c.Row, c.Col + 1}) >= 0 || c.Compare(Cell{c.Row + 1, c.Col - 1}) >= 0 {
			t.Fatalf("order of %v", c)
		}
	}
}
