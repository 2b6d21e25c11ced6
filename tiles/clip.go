package tiles

// The sides of a box, in the order they are cut.
const (
	left = iota
	right
	top
	bottom
	numSides
)

// side is one side of a box, and the half of the plane that it keeps.
type side struct {
	vertical bool  // a line of constant x
	limit    int64 // that x, or y
	below    bool  // what is kept: at most limit, or at least
}

func (b box) sides() [numSides]side {
	return [numSides]side{
		left: {true, b.minX, false}, right: {true, b.maxX, true},
		top: {false, b.minY, false}, bottom: {false, b.maxY, true},
	}
}

// across is the coordinate that s limits, along the other one.
func (s *side) across(p xy) int64 {
	if s.vertical {
		return int64(p.x)
	}
	return int64(p.y)
}

func (s *side) along(p xy) int64 {
	if s.vertical {
		return int64(p.y)
	}
	return int64(p.x)
}

// keeps reports whether p is on the kept half, the side itself included.
func (s *side) keeps(p xy) bool {
	if s.below {
		return s.across(p) <= s.limit
	}
	return s.across(p) >= s.limit
}

// cross returns where the segment between p and q, which are on different halves,
// crosses the side, and how far the crossing moves along when the side moves by
// one unit. It is the same for (q, p): neighbours are cut at the same point.
func (s *side) cross(p, q xy) (at xy, along, slope float64) {
	if s.across(q) < s.across(p) {
		p, q = q, p
	}
	a, b := float64(s.along(p)), float64(s.along(q))
	u, v := float64(s.across(p)), float64(s.across(q))
	slope = (b - a) / (v - u)
	along = a + slope*(float64(s.limit)-u)
	along = max(min(a, b), min(max(a, b), along))
	if s.vertical {
		return xy{int32(s.limit), round(along)}, along, slope
	}
	return xy{round(along), int32(s.limit)}, along, slope
}

// tileBox is a tile with its buffer, in the tile's units.
var tileBox = box{-buffer, -buffer, extent + buffer, extent + buffer}

var tileSides = tileBox.sides()

// clipConvex cuts a convex ring, in the tile's units, at the tile's buffer
// (Sutherland and Hodgman 1974). The result is in ring, whose length may be zero;
// spare is scratch.
func clipConvex(ring, spare []xy) (kept, scratch []xy) {
	b := boxOf(ring)
	if tileBox.holds(b) {
		return ring, spare
	}
	if !tileBox.meets(b) {
		return ring[:0], spare
	}
	for i := range tileSides {
		s := &tileSides[i]
		out := spare[:0]
		p := ring[len(ring)-1]
		for _, q := range ring {
			if s.keeps(p) != s.keeps(q) {
				at, _, _ := s.cross(p, q)
				out = append(out, at)
			}
			if s.keeps(q) {
				out = append(out, q)
			}
			p = q
		}
		if ring, spare = out, ring; len(ring) == 0 {
			break
		}
	}
	return ring, spare
}
