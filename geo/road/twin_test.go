package road

import (
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/graph/graphtest"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// heapSearch is the naive twin of Search.Nearest.
type heapSearch struct {
	net  *Network
	heap *graphtest.Heap
}

func newHeapSearch(n *Network, m street.Mode) *heapSearch {
	return &heapSearch{n, graphtest.NewHeap(n.Graph(m).In)}
}

// nearest returns the label of every node.
func (h *heapSearch) nearest(sources []Snap) []graph.Label {
	var seeds []graph.Seed
	for i := range sources {
		seeds = h.net.appendSeeds(seeds, &sources[i], int32(i))
	}
	h.heap.Compute(seeds)
	return h.heap.Labels
}
