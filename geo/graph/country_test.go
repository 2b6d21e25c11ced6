package graph_test

import (
	"sync"
	"testing"

	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/graph/graphtest"
)

// district is a country a fiftieth of the size of France.
var district = sync.OnceValue(func() graph.Rows { return graphtest.Country(graphtest.FranceJunctions/50, 1) })

func TestFieldOfACountryIsTheNaiveOne(t *testing.T) {
	in := district()
	core := graph.Contract(in)
	if err := core.Check(); err != nil {
		t.Fatal(err)
	}
	heap, field := graphtest.NewHeap(in), core.NewField()
	for _, count := range []int{0, 1, 50, 3000} {
		seeds := graphtest.Seeds(in.Nodes(), count, uint64(count))
		heap.Compute(seeds)
		field.Compute(seeds)
		for v, want := range heap.Labels {
			if got := field.Label(int32(v)); got != want {
				t.Fatalf("%d sources: node %d: %d ds from %d, want %d from %d", count, v, got.Cost(), got.Owner(), want.Cost(), want.Owner())
			}
		}
	}
	if share := float64(core.Size()) / float64(core.Nodes()); share > 0.3 {
		t.Errorf("the core holds %.2f of the nodes, want less than 0.3", share)
	}
}
