package road

import (
	"fmt"
	"sync"

	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Graph holds the arcs of one mode by the node they enter, since searches run against
// them, with their costs, waits included. Its nodes are those of the network,
// then copies of some of them, for travellers who must remember something: see turning.
// It is immutable and safe for any number of concurrent Searches. Invariants (see
// Check): those of [graph.Rows].
type Graph struct {
	In graph.Rows

	turning turning
	core    func() *graph.Core // contracted when first asked for
}

// Core is the graph contracted, for searches over all of it.
func (g *Graph) Core() *graph.Core { return g.core() }

// NodeOf is the node of the network that a node of the graph is, or is a copy of.
func (g *Graph) NodeOf(number int32) int32 {
	if i := int(number) - len(g.turning.net.nodes); i >= 0 {
		return g.turning.copies[i].node
	}
	return number
}

// Out makes the arcs by the node they leave.
func (g *Graph) Out() graph.Rows { return g.In.Turned() }

// newGraph gathers the arcs of a mode, from every state that may take them.
func (n *Network) newGraph(m street.Mode) Graph {
	g := Graph{turning: newTurning(n, m)}
	in := make([]graph.Tailed, 0, 2*len(n.from))
	for e := range int32(len(n.from)) {
		for d := range 2 {
			a := newArc(e, d)
			if !n.isOpen(m, a) {
				continue
			}
			tail, _ := n.ends(a)
			cost := n.arcCost(m, a)
			g.turning.statesAt(tail, func(number int32, s state) {
				if next, ok := g.turning.follow(s, a); ok {
					in = append(in, graph.Tailed{Tail: g.turning.number(next), Arc: graph.Arc{Node: number, Cost: cost}})
				}
			})
		}
	}
	g.In = graph.NewRows(len(n.nodes)+len(g.turning.copies), in)
	g.core = sync.OnceValue(func() *graph.Core { return graph.Contract(g.In) })
	return g
}

// Check proves the invariants of g.
func (g *Graph) Check() error {
	if err := g.In.Check(); err != nil {
		return fmt.Errorf("arcs: %w", err)
	}
	return nil
}
