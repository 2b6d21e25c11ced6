package road

import (
	"cmp"
	"slices"
	"sort"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Origins is an index of many origins of one mode, for [Search.Reach]: by the
// nodes that a journey from them may start at, and by edge. It is immutable and safe
// for concurrent use. The number of an origin is its position in the slice given
// to NewOrigins.
type Origins struct {
	mode   street.Mode
	count  int
	first  []uint32       // per node
	starts []startsAt     // those of node v: starts[first[v]:first[v+1]], by cost
	placed []placedOrigin // by edge
}

// startsAt is an origin with the cost of its journey to a node.
type startsAt struct {
	origin int32
	cost   geo.Cost
}

type placedOrigin struct {
	origin int32
	snap   Snap
}

// NewOrigins indexes origins, all of the same mode. Those whose reach is not
// Reached are never emitted.
func (n *Network) NewOrigins(snaps []Snap, reach []geo.Reach) *Origins {
	o := &Origins{count: len(snaps)}
	if len(snaps) > 0 {
		o.mode = snaps[0].Mode
	}
	nodes := n.Graph(o.mode).In.Nodes()
	o.first = make([]uint32, nodes+1)
	each := func(visit func(node int32, s startsAt)) {
		for i := range snaps {
			for s := &snaps[i]; s != nil && s.Edge >= 0 && reach[i] == geo.Reached; s = s.Second {
				if s.Open&LeaveByStart != 0 {
					visit(s.startNode, startsAt{int32(i), s.Access + s.ToStart})
				}
				if s.Open&LeaveByEnd != 0 {
					visit(s.endNode, startsAt{int32(i), s.Access + s.ToEnd})
				}
			}
		}
	}
	each(func(node int32, _ startsAt) { o.first[node+1]++ })
	for v := range nodes {
		o.first[v+1] += o.first[v]
	}
	o.starts = make([]startsAt, o.first[nodes])
	next := slices.Clone(o.first)
	each(func(node int32, s startsAt) {
		o.starts[next[node]] = s
		next[node]++
	})
	for v := range int32(nodes) {
		slices.SortFunc(o.at(v), func(a, b startsAt) int {
			return cmp.Or(cmp.Compare(a.cost, b.cost), cmp.Compare(a.origin, b.origin))
		})
	}
	var order []uint64 // edge<<32 | origin
	for i := range snaps {
		mustSnap(o.mode, &snaps[i])
		for s := &snaps[i]; s != nil && s.Edge >= 0 && reach[i] == geo.Reached; s = s.Second {
			order = append(order, uint64(s.Edge)<<32|uint64(i))
		}
	}
	slices.Sort(order)
	o.placed = make([]placedOrigin, len(order))
	for k, i := range order {
		s := &snaps[uint32(i)]
		if s.Edge != int32(i>>32) {
			s = s.Second
		}
		o.placed[k] = placedOrigin{int32(uint32(i)), *s}
	}
	return o
}

// at returns the origins that may start at a node, cheapest first.
func (o *Origins) at(node int32) []startsAt {
	if o.count == 0 { // made for no mode
		return nil
	}
	return o.starts[o.first[node]:o.first[node+1]]
}

// on returns the origins on an edge.
func (o *Origins) on(edge int32) []placedOrigin {
	i := sort.Search(len(o.placed), func(i int) bool { return o.placed[i].snap.Edge >= edge })
	j := i
	for j < len(o.placed) && o.placed[j].snap.Edge == edge {
		j++
	}
	return o.placed[i:j]
}
