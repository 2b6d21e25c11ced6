package tiles

import "math"

// snapper rounds the rings of one polygon to the units of a tile and mends what
// rounding breaks: repeated points, spikes, rings that cross or touch themselves,
// rings without area. A point moves by half a unit, and by another where rings are
// mended. Two rings of one polygon are not looked at together.
type snapper struct {
	noder noder
	stack []xy
	at    map[xy]int // position in stack
	out   rings
	area  []int64 // of each ring of out, doubled; negative for holes
}

func (s *snapper) reset() {
	s.out.reset()
	s.area = s.area[:0]
	if s.at == nil {
		s.at = map[xy]int{}
	}
}

// add rounds a ring, and gives it a point wherever it meets itself. Then, where it
// comes back to a point it has been at, it is split there: what is left never
// visits a point twice.
func (s *snapper) add(f *frame, ring []xy) {
	s.stack = s.stack[:0]
	clear(s.at)
	for _, p := range s.noder.node(f, ring) {
		s.push(p)
	}
	if len(s.stack) > 0 {
		s.push(s.stack[0])
	}
}

func (s *snapper) push(p xy) {
	n := len(s.stack)
	if n > 0 && s.stack[n-1] == p {
		return
	}
	if k, seen := s.at[p]; seen {
		s.keep(s.stack[k:])
		s.pop(n - k - 1)
		return
	}
	s.at[p] = len(s.stack)
	s.stack = append(s.stack, p)
}

func (s *snapper) pop(count int) {
	n := len(s.stack) - count
	for _, p := range s.stack[n:] {
		delete(s.at, p)
	}
	s.stack = s.stack[:n]
}

// keep adds a ring to the result if it has an area: a spike, which goes and comes
// back by the same points, has none.
func (s *snapper) keep(ring []xy) {
	if a := doubleArea(ring); a != 0 {
		s.out.add(ring)
		s.area = append(s.area, a)
	}
}

// doubleArea is twice the area of a ring by the surveyor's formula: positive for
// outer rings, which turn clockwise on screen.
func doubleArea(ring []xy) int64 {
	if len(ring) < 3 {
		return 0
	}
	var sum int64
	p := ring[len(ring)-1]
	for _, q := range ring {
		sum += int64(p.x)*int64(q.y) - int64(q.x)*int64(p.y)
		p = q
	}
	return sum
}

// compactRing drops repeated points, in place, and returns how many are left.
func compactRing(ring []xy) int {
	n := 0
	for _, p := range ring {
		if n == 0 || ring[n-1] != p {
			ring[n] = p
			n++
		}
	}
	for n > 1 && ring[n-1] == ring[0] {
		n--
	}
	return n
}

// write gives the encoder every outer ring followed by its holes, and reports
// whether there was any. A hole whose outer ring rounded to nothing goes with it.
func (s *snapper) write(e *encoder) bool {
	any := false
	for i, a := range s.area {
		if a < 0 {
			continue
		}
		any = true
		e.ring(s.out.ring(i))
		for j, hole := range s.area {
			if hole < 0 && s.owner(j) == i {
				e.ring(s.out.ring(j))
			}
		}
	}
	return any
}

// owner is the smallest outer ring around a hole; -1 when there is none.
func (s *snapper) owner(hole int) int {
	best, area := -1, int64(math.MaxInt64)
	for i, a := range s.area {
		if a > -s.area[hole] && a < area && surrounds(s.out.ring(i), s.out.ring(hole)) {
			best, area = i, a
		}
	}
	return best
}

// surrounds reports whether a hole lies in an outer ring. Its points may lie on
// the ring, so the first one that does not decides.
func surrounds(outer, hole []xy) bool {
	for _, p := range hole {
		if in, on := contains(outer, p); !on {
			return in
		}
	}
	return true
}

// contains reports whether p is inside a ring, and whether it is on it, exactly.
func contains(ring []xy, p xy) (in, on bool) {
	a := ring[len(ring)-1]
	for _, b := range ring {
		side := turn(a, b, p)
		if side == 0 && between(a, b, p) {
			return false, true
		}
		if (a.y > p.y) != (b.y > p.y) && (side > 0) == (b.y > a.y) {
			in = !in
		}
		a = b
	}
	return in, false
}
