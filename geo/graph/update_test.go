package graph_test

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/graph/graphtest"
)

// randomGraph has one-way arcs, islands, arcs of no cost, parallel arcs, loops and
// costs so small that many distances are equal.
func randomGraph(r *rand.Rand) graph.Rows {
	nodes := 1 + r.IntN(40)
	var arcs []graph.Tailed
	for range r.IntN(4 * nodes) {
		a, b, c := int32(r.IntN(nodes)), int32(r.IntN(nodes)), geo.Cost(r.IntN(6))
		if r.IntN(20) == 0 {
			c = graph.MaxCost - geo.Cost(r.IntN(5)) // two of these are no path
		}
		if r.IntN(3) > 0 && nodes > 1 { // mostly chains
			b = (a + 1) % int32(nodes)
		}
		arcs = append(arcs, graph.Tailed{Tail: a, Arc: graph.Arc{Node: b, Cost: c}})
		if r.IntN(3) > 0 {
			arcs = append(arcs, graph.Tailed{Tail: b, Arc: graph.Arc{Node: a, Cost: c}})
		}
	}
	return graph.NewRows(nodes, arcs)
}

// source makes the seeds of one source: up to three nodes, as a place on a road has.
func source(r *rand.Rand, nodes int, owner int32) []graph.Seed {
	var seeds []graph.Seed
	for range 1 + r.IntN(3) {
		seeds = append(seeds, graph.Seed{Node: int32(r.IntN(nodes)), Label: graph.NewLabel(geo.Cost(r.IntN(8)), owner)})
	}
	return seeds
}

func mustAgree(t *testing.T, seed uint64, what string, f *graph.Field, want []graph.Label) {
	t.Helper()
	for v := range want {
		if got := f.Label(int32(v)); got.Reached() != want[v].Reached() || want[v].Reached() && got != want[v] {
			t.Fatalf("seed %d, %s: node %d: %d from %d (%v), want %d from %d (%v)", seed, what, v,
				got.Cost(), got.Owner(), got.Reached(), want[v].Cost(), want[v].Owner(), want[v].Reached())
		}
	}
}

// TestFieldAgainstHeap: on random graphs, through the core and on the whole graph,
// from a Field and from Bounded, the labels are the same.
func TestFieldAgainstHeap(t *testing.T) {
	const graphs = 5000
	contracted := 0
	for seed := range uint64(graphs) {
		r := rand.New(rand.NewPCG(seed, 1))
		in := randomGraph(r)
		core := graph.Contract(in)
		if err := core.Check(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		contracted += core.Nodes() - core.Size()
		var seeds []graph.Seed
		for k := range int32(r.IntN(6)) {
			seeds = append(seeds, source(r, in.Nodes(), k)...)
		}
		heap, field := graphtest.NewHeap(in), core.NewField()
		heap.Compute(seeds)
		field.Compute(seeds)
		mustAgree(t, seed, "field", field, heap.Labels)
		limit, met := geo.Cost(r.IntN(40)), 0
		graph.NewBounded(in).Search(seeds, limit, func(v int32, c geo.Cost) {
			if met++; heap.Labels[v].Cost() != c {
				t.Fatalf("seed %d: node %d is bounded at %d, want %d", seed, v, c, heap.Labels[v].Cost())
			}
		})
		for _, l := range heap.Labels {
			if l.Reached() && l.Cost() <= limit {
				met--
			}
		}
		if met != 0 {
			t.Fatalf("seed %d: %+d nodes within %d", seed, met, limit)
		}
	}
	if contracted < 10*graphs {
		t.Errorf("%d nodes taken away in %d graphs: too dull to prove anything", contracted, graphs)
	}
}

// TestSearchUnderFindsWhoeverComesNearer: under the distances to some sources, every node
// to which another source is as near is visited at its true cost, and so is every node
// within the limit; others are above both bounds.
func TestSearchUnderFindsWhoeverComesNearer(t *testing.T) {
	nearer := 0
	for seed := range uint64(3000) {
		r := rand.New(rand.NewPCG(seed, 3))
		in := randomGraph(r)
		var there []graph.Seed
		for k := range int32(r.IntN(4)) {
			there = append(there, source(r, in.Nodes(), k)...)
		}
		heap := graphtest.NewHeap(in)
		heap.Compute(there)
		ceiling := make([]geo.Cost, in.Nodes())
		for v, l := range heap.Labels {
			if ceiling[v] = graph.MaxCost; l.Reached() {
				ceiling[v] = l.Cost()
			}
		}
		other := source(r, in.Nodes(), 0)
		heap.Compute(other)
		limit, met := geo.Cost(r.IntN(20)), map[int32]geo.Cost{}
		graph.NewBounded(in).SearchUnder(other, limit, ceiling, func(v int32, c geo.Cost) { met[v] = c })
		for v, l := range heap.Labels {
			got, visited := met[int32(v)]
			switch wanted := l.Reached() && l.Cost() <= max(limit, ceiling[v]); {
			case wanted && (!visited || got != l.Cost()):
				t.Fatalf("seed %d: node %d: visited = %v at %d, want %d", seed, v, visited, got, l.Cost())
			case !wanted && visited && got <= max(limit, ceiling[v]):
				t.Fatalf("seed %d: node %d at %d, under %d", seed, v, got, max(limit, ceiling[v]))
			case wanted:
				nearer++
			}
		}
	}
	if nearer < 3000 {
		t.Errorf("%d nodes come nearer: too dull", nearer)
	}
}

// TestUpdatesEqualRecomputation: whatever sources are added and removed, the field is
// the one computed afresh, bit for bit.
func TestUpdatesEqualRecomputation(t *testing.T) {
	const sequences = 1200
	for seed := range uint64(sequences) {
		r := rand.New(rand.NewPCG(seed, 2))
		in := randomGraph(r)
		core := graph.Contract(in)
		updater, kept, fresh := core.NewUpdater(), core.NewField(), core.NewField()
		open := map[int32][]graph.Seed{}
		for step := range int32(12) {
			what := "add"
			if len(open) > 0 && r.IntN(2) == 0 {
				what = "remove"
				owner := int32(-1)
				for k := range step { // the lowest, or a later one
					if _, ok := open[k]; ok && (owner < 0 || r.IntN(2) == 0) {
						owner = k
					}
				}
				gone := open[owner]
				delete(open, owner)
				var rest []graph.Seed
				for k := range step {
					rest = append(rest, open[k]...)
				}
				updater.Remove(kept, gone, rest)
			} else {
				open[step] = source(r, in.Nodes(), step)
				updater.Add(kept, open[step])
			}
			var all []graph.Seed
			for k := range step + 1 {
				all = append(all, open[k]...)
			}
			fresh.Compute(all)
			if !kept.Equal(fresh) {
				t.Fatalf("seed %d, step %d: after %s the field differs from one computed afresh", seed, step, what)
			}
		}
	}
}
