// Package graphtest is the exam of package graph: a search that is naive and whole,
// to compare with, and a country to search, the size of France.
package graphtest

import "github.com/aisne-numerique/maillage/geo/graph"

// Heap is the naive twin of graph.Field: Dijkstra's algorithm with a 4-ary heap and
// lazy deletion, over the whole graph.
type Heap struct {
	in     graph.Rows
	heap   []item
	Labels []graph.Label // by node
}

type item struct {
	label graph.Label
	node  int32
}

// NewHeap returns a Heap over the arcs given by the node they enter.
func NewHeap(in graph.Rows) *Heap {
	return &Heap{in: in, Labels: make([]graph.Label, in.Nodes())}
}

// Compute computes the label of every node.
func (h *Heap) Compute(seeds []graph.Seed) {
	for v := range h.Labels {
		h.Labels[v] = graph.Unreached
	}
	h.heap = h.heap[:0]
	for _, s := range seeds {
		h.improve(s.Node, s.Label)
	}
	for len(h.heap) > 0 {
		top := h.pop()
		if top.label > h.Labels[top.node] {
			continue
		}
		for _, a := range h.in.Of(top.node) {
			h.improve(a.Node, top.label.Plus(a.Cost))
		}
	}
}

func (h *Heap) improve(v int32, l graph.Label) {
	if l >= h.Labels[v] {
		return
	}
	h.Labels[v] = l
	h.heap = append(h.heap, item{l, v})
	for i := len(h.heap) - 1; i > 0; {
		parent := (i - 1) / 4
		if h.heap[parent].label <= h.heap[i].label {
			break
		}
		h.heap[i], h.heap[parent] = h.heap[parent], h.heap[i]
		i = parent
	}
}

func (h *Heap) pop() item {
	top := h.heap[0]
	last := len(h.heap) - 1
	h.heap[0] = h.heap[last]
	h.heap = h.heap[:last]
	for i := 0; ; {
		least := i
		for c := 4*i + 1; c <= 4*i+4 && c < last; c++ {
			if h.heap[c].label < h.heap[least].label {
				least = c
			}
		}
		if least == i {
			return top
		}
		h.heap[i], h.heap[least] = h.heap[least], h.heap[i]
		i = least
	}
}
