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

// byJoints is the cost of a journey by the cheapest of the edges that its ends are on, walks
// included; -1 when there is none.
func byJoints(o, s *Snap, journey func(o, s *Snap) int64) int64 {
	best := int64(-1)
	for from := o; from != nil; from = from.Second {
		for to := s; to != nil; to = to.Second {
			if c := journey(from, to); c >= 0 {
				if c += int64(from.Access) + int64(to.Access); best < 0 || c < best {
					best = c
				}
			}
		}
	}
	return best
}
