package road

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Field is the outcome of [Search.Nearest]: the journey from anywhere to the
// nearest source. It belongs to its Search; many goroutines may read it until
// the next Nearest.
type Field struct {
	net     *Network
	mode    street.Mode
	labels  *graph.Field
	sources []Snap
	byEdge  []uint64 // edge<<32 | index of source, sorted
}

// At is the whole journey from an origin to the nearest source, walks at both ends
// included, and that source. The owner is -1 when there is no journey: NoPath, or
// NoRoadNearby for an origin without road.
func (f *Field) At(o Origin) (geo.Access, int32) {
	mustSnap(f.mode, &o)
	if o.Edge < 0 {
		return geo.Access{Reach: geo.NoRoadNearby}, -1
	}
	best := f.from(&o)
	if o.Second != nil {
		best = min(best, f.from(o.Second))
	}
	return access(best)
}

// from is the label of an origin by the edge of one Snap, its walk included.
func (f *Field) from(o *Snap) graph.Label {
	best := graph.Unreached
	if o.Open&LeaveByStart != 0 {
		best = min(best, f.labels.Label(o.startNode).Plus(o.ToStart))
	}
	if o.Open&LeaveByEnd != 0 {
		best = min(best, f.labels.Label(o.endNode).Plus(o.ToEnd))
	}
	at, _ := slices.BinarySearch(f.byEdge, uint64(o.Edge)<<32)
	for ; at < len(f.byEdge) && int32(f.byEdge[at]>>32) == o.Edge; at++ {
		i := int32(f.byEdge[at] & math.MaxUint32)
		source := &f.sources[i]
		if source.Edge != o.Edge {
			source = source.Second
		}
		if c, ok := direct(o, source); ok {
			best = min(best, graph.NewLabel(c+source.Access, i))
		}
	}
	return best.Plus(o.Access)
}

// Node is the journey from a node to the nearest source, and that source; NoPath
// and -1 when there is none.
func (f *Field) Node(node int32) (geo.Access, int32) { return access(f.labels.Label(node)) }

// AppendLabels appends the label of every node of the graph, copies included: the cost
// of the journey and the index of the source, or [graph.Unreached].
func (f *Field) AppendLabels(dst []graph.Label) []graph.Label {
	for v := range int32(f.net.Graph(f.mode).In.Nodes()) {
		dst = append(dst, f.labels.Label(v))
	}
	return dst
}

// access is a label as a journey.
func access(l graph.Label) (geo.Access, int32) {
	if !l.Reached() {
		return geo.Access{Reach: geo.NoPath}, -1
	}
	return geo.Access{Reach: geo.Reached, Cost: l.Cost()}, l.Owner()
}

// takeSources copies the sources and orders those on an edge by edge. A source is on one
// edge, or on two that differ.
func (f *Field) takeSources(sources []Snap) {
	f.sources = append(f.sources[:0], sources...)
	f.byEdge = f.byEdge[:0]
	for i := range sources {
		mustSnap(f.mode, &sources[i])
		for s := &sources[i]; s != nil && s.Edge >= 0; s = s.Second {
			f.byEdge = append(f.byEdge, uint64(s.Edge)<<32|uint64(i))
		}
	}
	slices.Sort(f.byEdge)
}
