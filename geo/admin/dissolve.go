package admin

import (
	"cmp"
	"math"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
)

// Dissolve is the outline of communes taken together: a side that two of them run along in
// opposite directions, vertex for vertex, vanishes, and the rest is stitched into rings.
// Where neighbours do not share their vertices, or overlap, the side stays. Rings must be
// wound as RFC 7946 wants. Polygons are in the order of their first vertex, so that the
// order of the communes does not matter.
func Dissolve(outlines []orb.MultiPolygon) orb.MultiPolygon {
	type side struct{ from, to orb.Point }
	sides := map[side]int{}
	for _, mp := range outlines {
		for _, polygon := range mp {
			for _, ring := range polygon {
				for i := 1; i < len(ring); i++ {
					a, b := ring[i-1], ring[i]
					switch {
					case a == b:
					case sides[side{b, a}] > 0:
						sides[side{b, a}]--
					default:
						sides[side{a, b}]++
					}
				}
			}
		}
	}
	next := map[orb.Point][]orb.Point{}
	for s, n := range sides {
		for range n {
			next[s.from] = append(next[s.from], s.to)
		}
	}
	starts := make([]orb.Point, 0, len(next))
	for p, to := range next {
		starts = append(starts, p)
		slices.SortFunc(to, comparePoints)
	}
	slices.SortFunc(starts, comparePoints)
	var outers, holes []orb.Ring
	for _, start := range starts {
		for len(next[start]) > 0 {
			for _, ring := range walk(next, start) {
				switch ring.Orientation() {
				case orb.CCW:
					outers = append(outers, ring)
				case orb.CW:
					holes = append(holes, ring)
				}
			}
		}
	}
	mp := make(orb.MultiPolygon, len(outers))
	for i, ring := range outers {
		mp[i] = orb.Polygon{ring}
	}
	for _, hole := range holes {
		best, least := -1, math.Inf(1)
		for i, ring := range outers {
			if area := math.Abs(planar.Area(ring)); area < least && holds(ring, hole) {
				best, least = i, area
			}
		}
		if best >= 0 { // a hole in no ring is a sliver between neighbours that do not fit
			mp[best] = append(mp[best], hole)
		}
	}
	return mp
}

func comparePoints(a, b orb.Point) int {
	return cmp.Or(cmp.Compare(a[0], b[0]), cmp.Compare(a[1], b[1]))
}

// walk follows sides from start until it is back with nowhere left to go, using them up.
// The inside is on the left: where rings touch it takes the leftmost side, and it cuts a
// loop off whenever it meets a vertex again, so that what touches in points stays apart.
func walk(next map[orb.Point][]orb.Point, start orb.Point) []orb.Ring {
	var loops []orb.Ring
	path, at := []orb.Point{start}, map[orb.Point]int{start: 0}
	for {
		here := path[len(path)-1]
		out := next[here]
		if len(out) == 0 {
			return loops
		}
		turn := 0
		if len(path) > 1 {
			turn = leftmost(path[len(path)-2], here, out)
		}
		to := out[turn]
		next[here] = slices.Delete(slices.Clone(out), turn, turn+1)
		if k, met := at[to]; met {
			ring := append(orb.Ring(slices.Clone(path[k:])), to)
			if len(ring) > 3 {
				loops = append(loops, ring)
			}
			for _, p := range path[k+1:] {
				delete(at, p)
			}
			path = path[:k+1]
			continue
		}
		at[to] = len(path)
		path = append(path, to)
	}
}

// leftmost is the position in out of the sharpest left turn, coming from a to b.
func leftmost(a, b orb.Point, out []orb.Point) int {
	in := orb.Point{b[0] - a[0], b[1] - a[1]}
	best, angle := 0, math.Inf(-1)
	for i, c := range out {
		to := orb.Point{c[0] - b[0], c[1] - b[1]}
		if t := math.Atan2(in[0]*to[1]-in[1]*to[0], in[0]*to[0]+in[1]*to[1]); t > angle {
			best, angle = i, t
		}
	}
	return best
}

// holds reports whether a hole lies in a ring; the two may touch in vertices.
func holds(ring, hole orb.Ring) bool {
	on := map[orb.Point]bool{}
	for _, p := range ring {
		on[p] = true
	}
	for _, p := range hole {
		if !on[p] {
			return planar.RingContains(ring, p)
		}
	}
	return true
}
