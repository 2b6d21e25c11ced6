package road

import (
	"slices"
	"sort"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// restricting makes bans and chains of turn restrictions, for cars.
type restricting struct {
	b    *builder
	n    *Network
	arcs arcsInto
}

// restrict bans what a restriction orders. One whose roads are not all there, or whose
// first or last road is not told apart since its way goes on beyond the node both ways,
// orders nothing: then it answers false.
func (r *restricting) restrict(t builtTurn) bool {
	if len(t.over) == 0 {
		k, ok := slices.BinarySearch(r.b.nodes.ids, t.via)
		if !ok {
			return false
		}
		node := r.b.nodes.index[k]
		return r.order(t, node, node, nil)
	}
	// Over ways that are driven from end to end, the first of them either way.
	for _, first := range r.b.waysOf(t.over[0]) {
		for _, turned := range [2]bool{false, true} {
			from, to, via, ok := r.over(t.over, first, turned)
			if ok && r.order(t, from, to, via) {
				return true
			}
		}
	}
	return false
}

// over is the way over some ways, one after the other, as the nodes that it leads from
// and to and the arcs between. The first is given, and whether it is driven against the
// order of its nodes.
func (r *restricting) over(ways []int64, first builtWay, turned bool) (from, to int32, arcs []arcID, ok bool) {
	start, at, arcs, ok := r.along(first, turned)
	if !ok {
		return 0, 0, nil, false
	}
	for _, id := range ways[1:] {
		found := false
		for _, w := range r.b.waysOf(id) {
			for _, turned := range [2]bool{false, true} {
				if s, e, more, ok := r.along(w, turned); ok && !found && s == at {
					found, at, arcs = true, e, append(arcs, more...)
				}
			}
		}
		if !found {
			return 0, 0, nil, false
		}
	}
	return start, at, arcs, true
}

// waysOf are the ways of an id: several when a file holds pieces of one.
func (b *builder) waysOf(id int64) []builtWay {
	i := sort.Search(len(b.ways), func(i int) bool { return b.ways[i].id >= id })
	j := i
	for j < len(b.ways) && b.ways[j].id == id {
		j++
	}
	return b.ways[i:j]
}

// along are the arcs of a way, from its first node to its last or turned round; false
// when it is closed to cars, or not told apart from another road.
func (r *restricting) along(w builtWay, turned bool) (from, to int32, arcs []arcID, ok bool) {
	var nodes []int32
	for _, id := range r.b.ids[w.first:w.last] {
		if k, found := slices.BinarySearch(r.b.nodes.ids, id); found {
			nodes = append(nodes, r.b.nodes.index[k])
		}
	}
	if turned {
		slices.Reverse(nodes)
	}
	for i := 1; i < len(nodes); i++ {
		var between []arcID
		for _, a := range r.arcs.into(nodes[i]) {
			if tail, _ := r.n.ends(a); tail == nodes[i-1] && r.b.edges[a.edge()].way == w.id && r.n.isOpen(street.Car, a) {
				between = append(between, a)
			}
		}
		if len(between) != 1 {
			return 0, 0, nil, false
		}
		arcs = append(arcs, between[0])
	}
	return nodes[0], nodes[len(nodes)-1], arcs, true
}

// order forbids what t says: from its first road, over via, to its last one. from is
// where via begins, to where it ends; they are one node where there is no via.
func (r *restricting) order(t builtTurn, from, to int32, via []arcID) bool {
	firsts, lasts := r.of(t.from, from, false), r.of(t.to, to, true)
	if len(firsts) != 1 || len(lasts) != 1 {
		return false
	}
	first, last := firsts[0], lasts[0]
	whole := append(append(chain{first}, via...), last)
	if t.meaning == street.NotThere {
		r.forbid(whole)
		return true
	}
	// Only that: at each node on the way no other road.
	for i := 1; i < len(whole); i++ {
		_, node := r.n.ends(whole[i-1])
		for _, back := range r.arcs.into(node) {
			if out := back.reverse(); out != whole[i] && r.n.isOpen(street.Car, out) {
				r.forbid(append(slices.Clone(whole[:i]), out))
			}
		}
	}
	return true
}

// of are the arcs of a way that a car may take into a node, or out of it.
func (r *restricting) of(way int64, node int32, out bool) (arcs []arcID) {
	for _, a := range r.arcs.into(node) {
		if r.b.edges[a.edge()].way != way {
			continue
		}
		if out {
			a = a.reverse()
		}
		if r.n.isOpen(street.Car, a) {
			arcs = append(arcs, a)
		}
	}
	return arcs
}

func (r *restricting) forbid(c chain) {
	if len(c) == 2 {
		r.n.bans[street.Car] = append(r.n.bans[street.Car], ban{c[0], c[1]})
	} else {
		r.n.chains[street.Car] = append(r.n.chains[street.Car], c)
	}
}
