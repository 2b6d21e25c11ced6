package road

import "github.com/aisne-numerique/maillage/geo"

// heapSearch is the naive twin of Search.Nearest: Dijkstra with a 4-ary heap and
// lazy deletion, over the same rows.
type heapSearch struct {
	net  *Network
	in   Rows
	heap []heapItem
	best []label
}

type heapItem struct {
	label label
	node  int32
}

func newHeapSearch(n *Network, m geo.Mode) *heapSearch {
	return &heapSearch{net: n, in: n.Graph(m).In, best: make([]label, len(n.nodes))}
}

// nearest returns the label of every node.
func (h *heapSearch) nearest(sources []Snap) []label {
	for v := range h.best {
		h.best[v] = unreachedLabel
	}
	h.heap = h.heap[:0]
	for i, s := range sources {
		if s.Edge < 0 {
			continue
		}
		if s.Open&ArriveByStart != 0 {
			h.improve(h.net.from[s.Edge], newLabel(s.Access+s.FromStart, i))
		}
		if s.Open&ArriveByEnd != 0 {
			h.improve(h.net.to[s.Edge], newLabel(s.Access+s.FromEnd, i))
		}
	}
	for len(h.heap) > 0 {
		top := h.pop()
		if top.label > h.best[top.node] {
			continue
		}
		for _, a := range h.in.Of(top.node) {
			h.improve(a.Node, top.label+newLabel(a.Cost, 0))
		}
	}
	return h.best
}

func (h *heapSearch) improve(v int32, l label) {
	if l >= h.best[v] {
		return
	}
	h.best[v] = l
	h.heap = append(h.heap, heapItem{l, v})
	for i := len(h.heap) - 1; i > 0; {
		parent := (i - 1) / 4
		if h.heap[parent].label <= h.heap[i].label {
			break
		}
		h.heap[i], h.heap[parent] = h.heap[parent], h.heap[i]
		i = parent
	}
}

func (h *heapSearch) pop() heapItem {
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
