package tiles

// index finds the shapes that a box may touch. Shapes keep the order they were
// given in, which must put neighbours together (H3 indices and the network's
// Hilbert order do): runs of fanout shapes are bounded by one box, runs of fanout
// boxes by another, up to a single one. Immutable; 2 bytes a shape.
type index struct {
	shapes int
	// levels[0] bounds runs of shapes; the last level has one box, unless there is
	// no shape.
	levels [][]box
}

const fanout = 16

// span is a run of shapes, from ≤ i < to. Inside is true when all of them lie in
// the box that was asked for.
type span struct {
	from, to int32
	inside   bool
}

// newIndex indexes shapes 0 ≤ i < n by their boxes.
func newIndex(n int, bounds func(i int) box) index {
	ix := index{shapes: n}
	for count := n; count > 0; {
		runs := make([]box, (count+fanout-1)/fanout)
		for k := range runs {
			runs[k] = emptyBox
			for i := k * fanout; i < min((k+1)*fanout, count); i++ {
				runs[k] = runs[k].union(bounds(i))
			}
		}
		ix.levels = append(ix.levels, runs)
		if count = len(runs); count == 1 {
			break
		}
		bounds = func(i int) box { return runs[i] }
	}
	return ix
}

// bounds is the box around all shapes.
func (ix *index) bounds() box {
	if len(ix.levels) == 0 {
		return emptyBox
	}
	return ix.levels[len(ix.levels)-1][0]
}

// search appends to dst the runs of shapes that may touch b, in order, those next
// to each other joined.
func (ix *index) search(dst []span, b box) []span {
	if len(ix.levels) == 0 {
		return dst
	}
	return ix.descend(dst, b, len(ix.levels)-1, 0)
}

func (ix *index) descend(dst []span, b box, level, k int) []span {
	bounds := ix.levels[level][k]
	if !bounds.meets(b) {
		return dst
	}
	if inside := b.holds(bounds); inside || level == 0 {
		width := fanout
		for range level {
			width *= fanout
		}
		from, to := int32(k*width), int32(min((k+1)*width, ix.shapes))
		if n := len(dst); n > 0 && dst[n-1].to == from && dst[n-1].inside == inside {
			dst[n-1].to = to
			return dst
		}
		return append(dst, span{from, to, inside})
	}
	for i := k * fanout; i < min((k+1)*fanout, len(ix.levels[level-1])); i++ {
		dst = ix.descend(dst, b, level-1, i)
	}
	return dst
}
