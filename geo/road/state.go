package road

import (
	"cmp"
	"slices"
	"sort"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// phase is where in its trip a traveller is. Arcs that are only for who starts or ends
// there are taken while leaving or arriving, all others between.
type phase uint8

const (
	through phase = iota
	leaving
	arriving
)

// next is the phase after an arc, private or not; false when the arc is not for a
// traveller of this phase.
func (p phase) next(private bool) (phase, bool) {
	switch {
	case !private:
		return through, p != arriving
	case p == leaving:
		return leaving, true // who leaves may still arrive anywhere: no need to choose
	}
	return arriving, true
}

// turning is what bans, chains, and arcs that are only for the ends of a trip make of
// the graph of one mode. Its nodes are states: of a traveller who is at a node of the
// network, in some phase, remembering something. A state that remembers nothing, in the
// usual phase of its node, has the number of that node; all others, the copies, come
// after the nodes.
type turning struct {
	net    *Network
	mode   street.Mode
	memory memories
	pocket pockets
	copies []state
	byNode []int32 // copies in the order of (node, number)
	phased []int32 // nodes with copies that remember nothing, ascending
	free   []int32 // of each of these: the first of its copies
	first  []int32 // per memory: the first of its copies
}

type state struct {
	node   int32
	memory int32
	phase  phase
}

func newTurning(n *Network, m street.Mode) turning {
	t := turning{net: n, mode: m, memory: newMemories(n.bans[m], n.chains[m])}
	t.pocket = n.newPockets(m, &t.memory)
	for _, v := range t.pocket.nodes {
		t.phased, t.free = append(t.phased, v), append(t.free, int32(len(t.copies)))
		if t.pocket.isDoor(v) {
			t.copies = append(t.copies, state{v, 0, leaving})
		}
		t.copies = append(t.copies, state{v, 0, arriving})
	}
	t.first = make([]int32, len(t.memory.all))
	for i := 1; i < len(t.memory.all); i++ {
		in := t.memory.all[i].in
		_, node := n.ends(in)
		t.first[i] = int32(len(t.copies))
		if t.private(in) {
			t.copies = append(t.copies, state{node, int32(i), leaving}, state{node, int32(i), arriving})
		} else {
			t.copies = append(t.copies, state{node, int32(i), through})
		}
	}
	t.byNode = make([]int32, len(t.copies))
	for i := range t.byNode {
		t.byNode[i] = int32(i)
	}
	slices.SortFunc(t.byNode, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.copies[a].node, t.copies[b].node), cmp.Compare(a, b))
	})
	return t
}

// private reports whether an arc is for the ends of a trip alone, in a way that matters:
// see pockets.
func (t *turning) private(a arcID) bool {
	return t.pocket.holds(a.edge()) && t.net.endsOnly(t.mode, a)
}

// privateEdge reports whether a place on an edge is reached by those alone who end there.
func (t *turning) privateEdge(e int32) bool {
	for d := range 2 {
		if a := newArc(e, d); t.net.isOpen(t.mode, a) && !t.private(a) {
			return false
		}
	}
	return true
}

// usual is the state of a node that has its number.
func (t *turning) usual(node int32) state {
	if t.pocket.isInside(node) {
		return state{node, 0, leaving}
	}
	return state{node, 0, through}
}

// number is that of a state in the graph.
func (t *turning) number(s state) int32 {
	nodes := int32(len(t.net.nodes))
	if s.memory != 0 {
		if s.phase == arriving {
			return nodes + t.first[s.memory] + 1
		}
		return nodes + t.first[s.memory]
	}
	if s.phase == t.usual(s.node).phase {
		return s.node
	}
	i, _ := slices.BinarySearch(t.phased, s.node)
	if s.phase == arriving && t.pocket.isDoor(s.node) {
		return nodes + t.free[i] + 1
	}
	return nodes + t.free[i]
}

// follow is the state after an arc; false where it must not be taken.
func (t *turning) follow(s state, a arcID) (state, bool) {
	p, ok := s.phase.next(t.private(a))
	if !ok || t.memory.forbids(s.memory, a) {
		return state{}, false
	}
	_, head := t.net.ends(a)
	return state{head, t.memory.after(s.memory, a), p}, true
}

// statesAt calls visit for every state at a node.
func (t *turning) statesAt(node int32, visit func(number int32, s state)) {
	visit(node, t.usual(node))
	if len(t.copies) == 0 {
		return
	}
	at := sort.Search(len(t.byNode), func(i int) bool { return t.copies[t.byNode[i]].node >= node })
	for ; at < len(t.byNode) && t.copies[t.byNode[at]].node == node; at++ {
		visit(int32(len(t.net.nodes))+t.byNode[at], t.copies[t.byNode[at]])
	}
}

// startBy is the state of a trip that starts on an arc, once it is at the end of it.
func (t *turning) startBy(a arcID) int32 {
	_, head := t.net.ends(a)
	s := state{head, t.memory.after(0, a), through}
	if t.private(a) {
		s.phase = leaving
	}
	return t.number(s)
}

// startAt is the state of a trip that starts at a node, put there by an edge.
func (t *turning) startAt(node, edge int32) int32 {
	if t.privateEdge(edge) {
		return t.number(state{node, 0, leaving})
	}
	return t.number(state{node, 0, through})
}
