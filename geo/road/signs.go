package road

import "slices"

// Signs at the entries of built-up areas say where these begin, which houses around
// tell to a hundred metres only. Few say which side is the town's: that is told by what stands
// along the way on either side.
const (
	oneSign = 100.0 // metres: signs nearer than that, of either direction, are one
	bySign  = 200.0 // metres on either side of a sign that it is believed for
)

// stretch is a part of a way, in metres from its first node, of which signs say whether it
// lies in a built-up area.
type stretch struct {
	from, to float64
	town     bool
}

// signed gives what the signs of a way say: in pairs they alternate, town and fields. It
// is nothing where no side can be told: of a lone sign among fields, or of signs that houses
// contradict as much as they agree.
func (b *builder) signed(w builtWay) []stretch {
	if len(b.signs) == 0 {
		return nil
	}
	var line band
	var at []float64 // of the signs
	end := 0.0
	for i := w.first; i < w.last; i++ {
		if i > w.first {
			line.walk(b.at[i-1], b.at[i], func(_ point, metres float64) { end += metres })
		}
		// A sign where roads meet is of one that is not told.
		if _, meet := slices.BinarySearch(b.nodes.ids, b.ids[i]); !meet && b.signs[b.ids[i]] {
			if n := len(at); n > 0 && end-at[n-1] < oneSign {
				at[n-1] = (at[n-1] + end) / 2
			} else {
				at = append(at, end)
			}
		}
	}
	if len(at) == 0 {
		return nil
	}
	// How much of every stretch is built up, by what stands around.
	built := make([]float64, len(at)+1)
	b.follow(b.at[w.first:w.last], 0, func(p point, along, metres float64) {
		if b.builtUp.has(p) {
			built[before(at, along)] += metres
		}
	})
	bounds := slices.Concat([]float64{0}, at, []float64{end})
	agree := 0.0 // with a town before the first sign, less with fields there
	for i, in := range built {
		v := 2*in - (bounds[i+1] - bounds[i])
		if i%2 == 1 {
			v = -v
		}
		agree += v
	}
	first := 0 // stretch that is town, and every other one
	if agree < 0 {
		first = 1
	}
	last := len(built) - 1
	if agree == 0 || first == 0 && built[0] == 0 || last%2 == first && built[last] == 0 {
		return nil // nothing stands where the way would begin, or end, in a town
	}
	var out []stretch
	for i := range built {
		from, to, town := bounds[i], bounds[i+1], i%2 == first
		switch {
		case i == 0:
			out = append(out, stretch{max(from, to-bySign), to, town})
		case i == last:
			out = append(out, stretch{from, min(to, from+bySign), town})
		case town || to-from <= 2*bySign:
			out = append(out, stretch{from, to, town})
		default:
			out = append(out, stretch{from, from + bySign, town}, stretch{to - bySign, to, town})
		}
	}
	return out
}

// before is the number of signs before a place.
func before(signs []float64, along float64) int {
	n, _ := slices.BinarySearch(signs, along)
	return n
}

// follow gives the pieces of a line with their middles' distance from its start, in metres,
// which begins at so many; it returns that of the end.
func (b *builder) follow(shape []point, start float64, visit func(at point, along, metres float64)) float64 {
	var line band
	for i := 1; i < len(shape); i++ {
		p, q := shape[i-1], shape[i]
		end := start
		line.walk(p, q, func(_ point, metres float64) { end += metres })
		done := 0.0
		line.walk(p, q, func(at point, metres float64) {
			along := start + done + metres/2
			if p.compare(q) > 0 { // it is walked from the other end
				along = end - done - metres/2
			}
			visit(at, along, metres)
			done += metres
		})
		start = end
	}
	return start
}

// within is the share of an edge that lies in built-up area, from 0 to 1: as signs of its
// way say, else as what stands around does. Edges of a way are asked in their order.
func (b *builder) within(e *builtEdge) float64 {
	shape := b.shape[e.first:e.last]
	if len(b.said) == 0 {
		return b.builtUp.share(shape)
	}
	var in, all float64
	b.along = b.follow(shape, b.along, func(p point, along, metres float64) {
		town := b.builtUp.has(p)
		for _, s := range b.said {
			if s.from <= along && along < s.to {
				town = s.town
			}
		}
		if all += metres; town {
			in += metres
		}
	})
	if all == 0 {
		return 0
	}
	return in / all
}
