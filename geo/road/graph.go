package road

import (
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// Graph holds the arcs of one mode in compressed sparse rows, once by the node
// they leave and once by the node they enter. It is immutable and safe for any
// number of concurrent Searches. Invariants (see Check):
//   - Out and In each have nodes+1 offsets, from 0 to the number of arcs, never
//     decreasing
//   - a row is strictly increasing by node: of parallel arcs the cheapest is
//     kept, and arcs from a node to itself are left out
//   - In holds exactly the arcs of Out, turned round
type Graph struct {
	Out, In Rows
}

// Rows are adjacency lists laid end to end: those of node v are
// Arcs[First[v]:First[v+1]].
type Rows struct {
	First []uint32
	Arcs  []Arc
}

// Arc is the other end of an arc and its cost, side by side because a search
// always reads both.
type Arc struct {
	Node int32
	Cost geo.Cost
}

// Of returns the row of a node.
func (r Rows) Of(node int32) []Arc { return r.Arcs[r.First[node]:r.First[node+1]] }

// newGraph gathers the arcs of a mode.
func (n *Network) newGraph(m geo.Mode) Graph {
	out := make([]tailed, 0, 2*len(n.from))
	for e, bits := range n.open {
		u, v := n.from[e], n.to[e]
		if u == v {
			continue
		}
		if bits&openBit(m, forward) != 0 {
			out = append(out, tailed{u, Arc{v, n.cost[m][forward][e]}})
		}
		if bits&openBit(m, backward) != 0 {
			out = append(out, tailed{v, Arc{u, n.cost[m][backward][e]}})
		}
	}
	g := Graph{Out: newRows(len(n.nodes), out)}
	in := out[:0]
	for u := range int32(len(n.nodes)) {
		for _, a := range g.Out.Of(u) {
			in = append(in, tailed{a.Node, Arc{u, a.Cost}})
		}
	}
	g.In = newRows(len(n.nodes), in)
	return g
}

// tailed is an arc with the node whose row it goes to.
type tailed struct {
	tail int32
	Arc
}

// newRows sorts arcs into rows by counting, then drops parallel arcs.
func newRows(nodes int, arcs []tailed) Rows {
	first := make([]uint32, nodes+2)
	for _, a := range arcs {
		first[a.tail+2]++
	}
	for v := range nodes {
		first[v+2] += first[v+1]
	}
	laid := make([]Arc, len(arcs))
	for _, a := range arcs {
		laid[first[a.tail+1]] = a.Arc
		first[a.tail+1]++
	}
	first = first[:nodes+1]
	var kept uint32
	for v := range nodes {
		row := laid[first[v]:first[v+1]]
		slices.SortFunc(row, func(a, b Arc) int {
			if a.Node != b.Node {
				return int(a.Node) - int(b.Node)
			}
			return int(int64(a.Cost) - int64(b.Cost))
		})
		first[v] = kept
		for i, a := range row {
			if i == 0 || a.Node != row[i-1].Node {
				laid[kept] = a
				kept++
			}
		}
	}
	first[nodes] = kept
	return Rows{First: first, Arcs: slices.Clip(laid[:kept])}
}

// Check proves the invariants of g for a network of that many nodes.
func (g *Graph) Check(nodes int) error {
	if err := g.Out.check(nodes); err != nil {
		return fmt.Errorf("out: %w", err)
	}
	if err := g.In.check(nodes); err != nil {
		return fmt.Errorf("in: %w", err)
	}
	if len(g.Out.Arcs) != len(g.In.Arcs) {
		return fmt.Errorf("%d arcs out, %d arcs in: want as many", len(g.Out.Arcs), len(g.In.Arcs))
	}
	for u := range int32(nodes) {
		for _, a := range g.Out.Of(u) {
			row := g.In.Of(a.Node)
			i, found := slices.BinarySearchFunc(row, u, func(b Arc, u int32) int { return int(b.Node) - int(u) })
			if !found || row[i].Cost != a.Cost {
				return fmt.Errorf("arc %d→%d: not found in In at cost %d", u, a.Node, a.Cost)
			}
		}
	}
	return nil
}

func (r Rows) check(nodes int) error {
	if len(r.First) != nodes+1 || r.First[0] != 0 || int(r.First[nodes]) != len(r.Arcs) || !slices.IsSorted(r.First) {
		return fmt.Errorf("offsets: want %d, from 0 to %d, never decreasing", nodes+1, len(r.Arcs))
	}
	for v := range int32(nodes) {
		row := r.Of(v)
		for i, a := range row {
			switch {
			case a.Node < 0 || int(a.Node) >= nodes:
				return fmt.Errorf("node %d: arc to %d: want less than %d", v, a.Node, nodes)
			case a.Node == v:
				return fmt.Errorf("node %d: arc to itself", v)
			case i > 0 && row[i-1].Node >= a.Node:
				return fmt.Errorf("node %d: row out of order at %d", v, a.Node)
			}
		}
	}
	return nil
}
