package squares

import (
	"math"

	"github.com/aisne-numerique/maillage/geo/store"
)

// block is 64 places side by side on a grid of a size, in metres: a bit each.
type block struct {
	size         float64
	column, line int32
}

const kilometre = 1000.0

// bit is where a corner is remembered, on a grid of some unit, for a size.
func bit(west, south, unit, size float64) (block, uint64) {
	column, line := int32(math.Floor(west/unit)), int32(math.Floor(south/unit))
	return block{size, column >> 6, line}, uint64(1) << (column & 63)
}

// bitOf is that of a square.
func bitOf(s store.Square) (block, uint64) {
	return bit(s.West, s.South, min(s.Size, kilometre), s.Size)
}

// kilometres calls use with each kilometre of the grid that a square touches, until it
// answers false.
func kilometres(s store.Square, use func(block, uint64) bool) {
	for y := 0.0; y < s.Size; y += kilometre {
		for x := 0.0; x < s.Size; x += kilometre {
			if !use(bit(s.West+x, s.South+y, kilometre, kilometre)) {
				return
			}
		}
	}
}

// overlaps reports whether a square that is not s covers some of its ground.
func (g *gridReader) overlaps(s store.Square) bool {
	if at, own := bitOf(s); g.seen[at]&own != 0 {
		return false // it is s
	}
	found := false
	kilometres(s, func(at block, bit uint64) bool {
		found = g.covered[at]&bit != 0 || s.Size >= kilometre && g.holding[at]&bit != 0
		return !found
	})
	return found
}

// mark remembers a square, and reports whether it is new.
func (g *gridReader) mark(s store.Square) bool {
	at, own := bitOf(s)
	if g.seen[at]&own != 0 {
		return false
	}
	g.seen[at] |= own
	on := g.covered
	if s.Size < kilometre {
		on = g.holding
	}
	kilometres(s, func(at block, bit uint64) bool {
		on[at] |= bit
		return true
	})
	return true
}
