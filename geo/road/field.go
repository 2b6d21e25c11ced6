package road

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// label is a cost and its owner: cost<<32 | index of the source.
type label uint64

func newLabel(c geo.Cost, owner int) label { return label(c)<<32 | label(owner) }

func (l label) cost() geo.Cost { return geo.Cost(l >> 32) }
func (l label) owner() int32   { return int32(l & math.MaxInt32) }

// Field is the outcome of [Search.Nearest]: the trip from anywhere to the
// nearest source. It belongs to its Search; many goroutines may read it until
// the next Nearest.
type Field struct {
	net     *Network
	mode    geo.Mode
	label   []label // per node, from the node on
	sources []Snap
	byEdge  []uint64 // edge<<32 | index of source, sorted
}

// At is the whole trip from an origin to the nearest source, walks at both ends
// included, and that source. The owner is -1 when there is no trip: NoPath, or
// NoRoadNearby for an origin without road.
func (f *Field) At(o Origin) (geo.Access, int32) {
	mustSnap(f.mode, &o)
	if o.Edge < 0 {
		return geo.Access{Reach: geo.NoRoadNearby}, -1
	}
	best := unreachedLabel
	if o.Open&LeaveByStart != 0 {
		if l := f.label[f.net.from[o.Edge]]; l != unreachedLabel {
			best = min(best, l+newLabel(o.ToStart, 0))
		}
	}
	if o.Open&LeaveByEnd != 0 {
		if l := f.label[f.net.to[o.Edge]]; l != unreachedLabel {
			best = min(best, l+newLabel(o.ToEnd, 0))
		}
	}
	at, _ := slices.BinarySearch(f.byEdge, uint64(o.Edge)<<32)
	for ; at < len(f.byEdge) && int32(f.byEdge[at]>>32) == o.Edge; at++ {
		i := int(f.byEdge[at] & math.MaxUint32)
		if c, ok := direct(&o, &f.sources[i]); ok {
			best = min(best, newLabel(c+f.sources[i].Access, i))
		}
	}
	if best == unreachedLabel {
		return geo.Access{Reach: geo.NoPath}, -1
	}
	return geo.Access{Reach: geo.Reached, Cost: best.cost() + o.Access}, best.owner()
}

// Node is the trip from a node to the nearest source, and that source; NoPath
// and -1 when there is none.
func (f *Field) Node(node int32) (geo.Access, int32) {
	l := f.label[node]
	if l == unreachedLabel {
		return geo.Access{Reach: geo.NoPath}, -1
	}
	return geo.Access{Reach: geo.Reached, Cost: l.cost()}, l.owner()
}
