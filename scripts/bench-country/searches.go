package main

import (
	"fmt"
	"runtime"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/graph/graphtest"
)

// searches measures the searches over the whole country.
func (b *bench) searches(in graph.Rows) {
	nodes := float64(in.Nodes())
	start := time.Now()
	core := graph.Contract(in)
	b.target("contraction", time.Since(start).Seconds(), true, 10, "s")
	inCore, up := core.Arcs()
	fmt.Fprintf(b.out, "  core of %d nodes (%.1f %%) and %d arcs; %d arcs lead into it; %.1f MiB\n",
		core.Size(), 100*float64(core.Size())/nodes, inCore, up, float64(core.Bytes())/(1<<20))

	seeds := graphtest.Seeds(in.Nodes(), b.sources, b.seed)
	field := core.NewField()
	field.Compute(seeds)
	b.target("memory so far", memory()/float64(len(in.Arcs)), true, 100, "bytes an arc")
	fast := b.median(func() { field.Compute(seeds) })
	heap := graphtest.NewHeap(in)
	heap.Compute(seeds)
	slow := b.median(func() { heap.Compute(seeds) })
	equal := true
	for v, want := range heap.Labels {
		equal = equal && field.Label(int32(v)) == want
	}
	fmt.Fprintf(b.out, "  nearest of %d from every node: %.1f ms through the core, %.1f ms by the naive twin\n", b.sources, 1e3*fast, 1e3*slow)
	b.same("distances and owners of every node", equal)
	b.target("naive twin over core", slow/fast, false, 6, "times")
	b.target("field, all in", 1e9*fast/nodes, true, 50, "ns a node")

	other, second := graphtest.Seeds(in.Nodes(), b.sources, b.seed+1), core.NewField()
	one := b.median(func() { field.Compute(seeds); second.Compute(other) })
	two := b.median(func() {
		var both sync.WaitGroup
		both.Go(func() { field.Compute(seeds) })
		both.Go(func() { second.Compute(other) })
		both.Wait()
	})
	if runtime.NumCPU() >= 2 {
		b.target("two services, one thread over two", one/two, false, 1.7, "times")
	}

	for _, count := range []int{b.sources, 2845} {
		seeds := graphtest.Seeds(in.Nodes(), count+1, b.seed+2)
		rest, last := seeds[:count], seeds[count:]
		updater := core.NewUpdater()
		field.Compute(seeds)
		second.Compute(rest)
		var add, remove []float64
		for range b.repeat {
			start := time.Now()
			updater.Add(second, last)
			add = append(add, time.Since(start).Seconds())
			b.missedUnless(second.Equal(field), "a field after a place was added")
			start = time.Now()
			updater.Remove(second, last, rest)
			remove = append(remove, time.Since(start).Seconds())
		}
		field.Compute(rest)
		fmt.Fprintf(b.out, "  %d places: one more %.2f ms, one less %.2f ms (medians)\n", count, 1e3*middle(add), 1e3*middle(remove))
		b.same("the field after updates and computed afresh", second.Equal(field))
	}
}

func (b *bench) missedUnless(ok bool, what string) {
	if !ok {
		b.same(what, false)
	}
}
