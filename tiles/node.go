package tiles

import (
	"cmp"
	"math"
	"slices"
)

// noder gives a rounded ring a point wherever it crosses or touches itself. A
// crossing is rounded too, which bends the two edges by less than a unit and may
// make another crossing, hence the rounds; two have always been enough for real
// outlines.
type noder struct {
	ring  []xy
	next  []xy
	order []int32 // edges by their western end
	nodes []node
}

const maxNodingRounds = 4

// node is a point to be put on an edge, which is named by the position of its
// first point.
type node struct {
	edge int32
	far  int64 // from that point, in units, either way added
	at   xy
}

// node rounds a ring. The result is valid until the next call.
func (n *noder) node(f *frame, ring []xy) []xy {
	n.ring = n.ring[:0]
	for _, p := range ring {
		n.ring = append(n.ring, f.local(p))
	}
	n.ring = n.ring[:compactRing(n.ring)]
	for range maxNodingRounds {
		if n.find(); len(n.nodes) == 0 {
			break
		}
		n.insert()
	}
	return n.ring
}

// end is the last point of an edge.
func (n *noder) end(edge int32) xy {
	if int(edge)+1 == len(n.ring) {
		return n.ring[0]
	}
	return n.ring[edge+1]
}

// find lists the nodes that the ring lacks: edges are compared with those whose
// western end is not east of their eastern one.
func (n *noder) find() {
	n.nodes, n.order = n.nodes[:0], n.order[:0]
	for i := range n.ring {
		n.order = append(n.order, int32(i))
	}
	west := func(e int32) int32 { return min(n.ring[e].x, n.end(e).x) }
	slices.SortFunc(n.order, func(d, e int32) int { return cmp.Or(cmp.Compare(west(d), west(e)), cmp.Compare(d, e)) })
	for i, d := range n.order {
		a, b := n.ring[d], n.end(d)
		east, north, south := max(a.x, b.x), min(a.y, b.y), max(a.y, b.y)
		for _, e := range n.order[i+1:] {
			p, q := n.ring[e], n.end(e)
			if min(p.x, q.x) > east {
				break
			}
			if min(p.y, q.y) <= south && max(p.y, q.y) >= north {
				n.compare(d, e, a, b, p, q)
			}
		}
	}
}

// compare lists the nodes that edge d, from a to b, and edge e, from p to q, make
// on each other.
func (n *noder) compare(d, e int32, a, b, p, q xy) {
	sp, sq, sa, sb := turn(a, b, p), turn(a, b, q), turn(p, q, a), turn(p, q, b)
	if opposite(sp, sq) && opposite(sa, sb) {
		t := float64(sp) / float64(sp-sq)
		at := xy{int32(math.Round(float64(p.x) + t*float64(q.x-p.x))), int32(math.Round(float64(p.y) + t*float64(q.y-p.y)))}
		n.put(d, a, b, at)
		n.put(e, p, q, at)
		return
	}
	if sp == 0 && between(a, b, p) {
		n.put(d, a, b, p)
	}
	if sq == 0 && between(a, b, q) {
		n.put(d, a, b, q)
	}
	if sa == 0 && between(p, q, a) {
		n.put(e, p, q, a)
	}
	if sb == 0 && between(p, q, b) {
		n.put(e, p, q, b)
	}
}

func opposite(s, t int64) bool { return s > 0 && t < 0 || s < 0 && t > 0 }

// put lists a node on an edge from a to b, unless it is one of its ends.
func (n *noder) put(edge int32, a, b, at xy) {
	if at != a && at != b {
		n.nodes = append(n.nodes, node{edge, int64(abs(at.x-a.x)) + int64(abs(at.y-a.y)), at})
	}
}

// insert puts the nodes on their edges.
func (n *noder) insert() {
	slices.SortFunc(n.nodes, func(v, w node) int {
		return cmp.Or(cmp.Compare(v.edge, w.edge), cmp.Compare(v.far, w.far), cmp.Compare(v.at.x, w.at.x), cmp.Compare(v.at.y, w.at.y))
	})
	n.next = n.next[:0]
	k := 0
	for i, p := range n.ring {
		n.next = append(n.next, p)
		for ; k < len(n.nodes) && int(n.nodes[k].edge) == i; k++ {
			n.next = append(n.next, n.nodes[k].at)
		}
	}
	n.ring, n.next = n.next, n.ring
	n.ring = n.ring[:compactRing(n.ring)]
}

// turn is positive when p is on the right hand of a walk from a to b, as seen on
// screen, negative on the left, and 0 on their line.
func turn(a, b, p xy) int64 {
	return (int64(b.x)-int64(a.x))*(int64(p.y)-int64(a.y)) - (int64(b.y)-int64(a.y))*(int64(p.x)-int64(a.x))
}

// between reports whether p, on the line of a and b, lies from one to the other.
func between(a, b, p xy) bool {
	return min(a.x, b.x) <= p.x && p.x <= max(a.x, b.x) && min(a.y, b.y) <= p.y && p.y <= max(a.y, b.y)
}
