package road

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// signalJunctions are the junctions that signals make, to one mode: signals near each
// other, on the same roads, with the nodes between them. Who comes to one from outside
// waits there once.
type signalJunctions struct {
	reach   uint32     // decimetres along roads within which signals near each other are of one junction
	of      []int32    // by node, noJunction outside
	wait    []geo.Cost // by junction, the longest of its signals
	several []bool     // it has more than one
}

const noJunction = -1

// newSignalJunctions joins signals within metres of each other as the crow flies, and
// twice that along roads, so that those of two levels are apart; who is joined to one is
// joined to all that are joined to it. A node without signals is in their junction when it
// is on a path from one of them to another that passes no third, no longer than that.
func (n *Network) newSignalJunctions(m street.Mode, metres float64, arcs *arcsInto, meaning []street.NodeMeaning) signalJunctions {
	s := signalJunctions{reach: uint32(20 * metres), of: make([]int32, len(n.nodes))}
	var nodes []int32 // with signals
	for v := range meaning {
		s.of[v] = noJunction
		if meaning[v].Signal[m] > 0 {
			s.of[v] = int32(len(nodes))
			nodes = append(nodes, int32(v))
		}
	}
	junctions := newGroups(len(nodes))
	hasSignals := func(v int32) bool { return s.of[v] != noJunction }
	type sight struct {
		node   int32
		from   int32 // position in nodes
		length uint32
	}
	var between []sight
	for i, v := range nodes {
		for _, x := range n.around(m, v, s.reach, arcs, func(int32) bool { return false }) {
			if j := s.of[x.node]; j != noJunction && geo.Distance(n.nodes[v].lonLat(), n.nodes[x.node].lonLat()) <= metres {
				junctions.join(int32(i), j)
			}
		}
		for _, x := range n.around(m, v, s.reach, arcs, hasSignals) {
			if !hasSignals(x.node) {
				between = append(between, sight{x.node, int32(i), x.length})
			}
		}
	}

	// The junctions in the order of their first signals.
	number := make([]int32, len(nodes))
	for i, v := range nodes {
		if r := junctions.of(int32(i)); r == int32(i) {
			number[i] = int32(len(s.wait))
			s.wait, s.several = append(s.wait, 0), append(s.several, false)
		} else {
			number[i] = number[r]
			s.several[number[i]] = true
		}
		j := number[i]
		s.wait[j] = max(s.wait[j], meaning[v].Signal[m])
	}
	for i, v := range nodes {
		s.of[v] = number[i]
	}
	slices.SortFunc(between, func(x, y sight) int {
		return cmp.Or(cmp.Compare(x.node, y.node), cmp.Compare(number[x.from], number[y.from]), cmp.Compare(x.length, y.length), cmp.Compare(x.from, y.from))
	})
	// Of each junction the two nearest signals tell; of several junctions, the nearest.
	best := uint32(0)
	for i := 1; i < len(between); i++ {
		x, y := between[i-1], between[i]
		first := i == 1 || between[i-2].node != x.node || number[between[i-2].from] != number[x.from]
		if x.node != y.node || number[x.from] != number[y.from] || !first || x.length+y.length > s.reach {
			continue
		}
		if s.of[x.node] == noJunction || x.length+y.length < best {
			s.of[x.node], best = number[x.from], x.length+y.length
		}
	}
	return s
}

// enters reports whether an edge leads to a node of a junction from outside.
func (s *signalJunctions) enters(n *Network, e, tail, head int32) bool {
	return s.of[tail] != s.of[head] || n.length[e] > s.reach
}

// nearNode is a node at some decimetres from another.
type nearNode struct {
	node   int32
	length uint32
}

// around lists the nodes within so many decimetres of one along the roads of a mode, in
// any direction, the nearest first; it goes on beyond none where ends is true.
func (n *Network) around(m street.Mode, from int32, within uint32, arcs *arcsInto, ends func(node int32) bool) []nearNode {
	var done []nearNode
	todo := []nearNode{{from, 0}}
	for len(todo) > 0 {
		i := 0
		for k, x := range todo {
			if cmp.Or(cmp.Compare(x.length, todo[i].length), cmp.Compare(x.node, todo[i].node)) < 0 {
				i = k
			}
		}
		at := todo[i]
		todo[i] = todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if slices.ContainsFunc(done, func(x nearNode) bool { return x.node == at.node }) {
			continue
		}
		done = append(done, at)
		if at.node != from && ends(at.node) {
			continue
		}
		for _, a := range arcs.into(at.node) {
			other, _ := n.ends(a)
			if length := at.length + n.length[a.edge()]; length <= within && n.isUsed(m, a.edge()) {
				todo = append(todo, nearNode{other, length})
			}
		}
	}
	return done
}
