package graph

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// MaxCost (6.8 years) bounds the cost of an arc and the distances that are
// followed: a sum of two stays within a geo.Cost.
const MaxCost geo.Cost = math.MaxInt32

// Rows are the arcs of a graph in compressed sparse rows, laid end to end: those of
// node v are Arcs[First[v]:First[v+1]]. They are immutable. Invariants (see Check):
//   - First has nodes+1 offsets, from 0 to the number of arcs, never decreasing
//   - a row is strictly increasing by node, and no arc goes to its own row
//   - no cost is above MaxCost
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

// Tailed is an arc with the node whose row it goes to.
type Tailed struct {
	Tail int32
	Arc
}

// Nodes is the number of nodes.
func (r Rows) Nodes() int { return len(r.First) - 1 }

// Of returns the row of a node.
func (r Rows) Of(node int32) []Arc { return r.Arcs[r.First[node]:r.First[node+1]] }

// NewRows sorts arcs into rows by counting. Of parallel arcs the cheapest is kept;
// arcs to their own row are left out.
func NewRows(nodes int, arcs []Tailed) Rows {
	first := make([]uint32, nodes+2)
	for _, a := range arcs {
		first[a.Tail+2]++
	}
	for v := range nodes {
		first[v+2] += first[v+1]
	}
	laid := make([]Arc, len(arcs))
	for _, a := range arcs {
		laid[first[a.Tail+1]] = a.Arc
		first[a.Tail+1]++
	}
	first = first[:nodes+1]
	var kept uint32
	for v := range nodes {
		row := laid[first[v]:first[v+1]]
		sortRow(row)
		first[v] = kept
		for i, a := range row {
			if int(a.Node) != v && (i == 0 || a.Node != row[i-1].Node) {
				laid[kept] = a
				kept++
			}
		}
	}
	first[nodes] = kept
	return Rows{First: first, Arcs: slices.Clip(laid[:kept])}
}

// sortRow sorts by node, then cost. Rows are short, so by insertion, mostly.
func sortRow(row []Arc) {
	if len(row) > 16 {
		slices.SortFunc(row, func(a, b Arc) int {
			return cmp.Or(cmp.Compare(a.Node, b.Node), cmp.Compare(a.Cost, b.Cost))
		})
		return
	}
	for i := 1; i < len(row); i++ {
		for j := i; j > 0 && (row[j].Node < row[j-1].Node || row[j].Node == row[j-1].Node && row[j].Cost < row[j-1].Cost); j-- {
			row[j], row[j-1] = row[j-1], row[j]
		}
	}
}

// Turned is r with every arc turned round. It allocates no more than it returns.
func (r Rows) Turned() Rows { return r.turned(0) }

// turned is Turned, with room for more arcs behind.
func (r Rows) turned(room int) Rows {
	first := make([]uint32, len(r.First)+1)
	for _, a := range r.Arcs {
		first[a.Node+2]++
	}
	for v := range r.Nodes() {
		first[v+2] += first[v+1]
	}
	arcs := make([]Arc, len(r.Arcs), len(r.Arcs)+room)
	for v := range int32(r.Nodes()) {
		for _, a := range r.Of(v) { // tails come in order, so rows are sorted
			at := &first[a.Node+1]
			arcs[*at] = Arc{v, a.Cost}
			*at++
		}
	}
	return Rows{First: first[:len(r.First)], Arcs: arcs}
}

// Check proves the invariants of r.
func (r Rows) Check() error {
	nodes := r.Nodes()
	if nodes < 0 || r.First[0] != 0 || int(r.First[nodes]) != len(r.Arcs) || !slices.IsSorted(r.First) {
		return fmt.Errorf("offsets: want some, from 0 to %d, never decreasing", len(r.Arcs))
	}
	for v := range int32(nodes) {
		row := r.Of(v)
		for i, a := range row {
			switch {
			case a.Node < 0 || int(a.Node) >= nodes:
				return fmt.Errorf("node %d: arc to %d: want less than %d", v, a.Node, nodes)
			case a.Node == v:
				return fmt.Errorf("node %d: arc to itself", v)
			case a.Cost > MaxCost:
				return fmt.Errorf("node %d: arc of cost %d: want at most %d", v, a.Cost, MaxCost)
			case i > 0 && row[i-1].Node >= a.Node:
				return fmt.Errorf("node %d: row out of order at %d", v, a.Node)
			}
		}
	}
	return nil
}
