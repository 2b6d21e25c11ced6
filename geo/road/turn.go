package road

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// arcID is an edge followed in one direction: edge<<1 | direction.
type arcID uint32

func newArc(edge int32, direction int) arcID { return arcID(edge)<<1 | arcID(direction) }

func (a arcID) edge() int32    { return int32(a >> 1) }
func (a arcID) direction() int { return int(a & 1) }
func (a arcID) reverse() arcID { return a ^ 1 }

// ban is a turn that a mode must not make: from one arc to another that leaves the
// node where the first arrives.
type ban struct{ in, out arcID }

func (b ban) compare(c ban) int { return cmp.Or(cmp.Compare(b.in, c.in), cmp.Compare(b.out, c.out)) }

// ends are the nodes that an arc leaves and enters.
func (n *Network) ends(a arcID) (tail, head int32) {
	if a.direction() == forward {
		return n.from[a.edge()], n.to[a.edge()]
	}
	return n.to[a.edge()], n.from[a.edge()]
}

func (n *Network) isOpen(m street.Mode, a arcID) bool {
	return n.open[a.edge()]&openBit(m, a.direction()) != 0
}

// arcCost is the whole cost of an arc, with the wait at its head.
func (n *Network) arcCost(m street.Mode, a arcID) geo.Cost {
	return n.cost[m][a.direction()][a.edge()] + geo.Cost(n.wait[m][a.direction()][a.edge()])
}

// turning is what the bans of one mode make of its graph. A node where turns are
// banned has copies: whoever arrives by an arc with bans is at the copy of that arc,
// from which the banned arcs do not leave. Copies are numbered after the nodes.
type turning struct {
	nodes  int      // of the network
	copies []copied // by arc
	byNode []int32  // copies in the order of (node, number)
}

// copied is one copy: of the node where the arc in arrives.
type copied struct {
	in     arcID
	node   int32
	banned []ban // those of in
}

func newTurning(n *Network, bans []ban) turning {
	t := turning{nodes: len(n.nodes)}
	for len(bans) > 0 {
		k := 1
		for k < len(bans) && bans[k].in == bans[0].in {
			k++
		}
		_, node := n.ends(bans[0].in)
		t.byNode = append(t.byNode, int32(len(t.copies)))
		t.copies = append(t.copies, copied{bans[0].in, node, bans[:k]})
		bans = bans[k:]
	}
	slices.SortFunc(t.byNode, func(a, b int32) int {
		return cmp.Or(cmp.Compare(t.copies[a].node, t.copies[b].node), cmp.Compare(a, b))
	})
	return t
}

// head is where an arc arrives: its node, or the copy that is its own.
func (t *turning) head(a arcID, node int32) int32 {
	if len(t.copies) == 0 {
		return node
	}
	if i, ok := slices.BinarySearchFunc(t.copies, a, func(c copied, a arcID) int { return cmp.Compare(c.in, a) }); ok {
		return int32(t.nodes + i)
	}
	return node
}

// copiesOf calls visit for each copy of a node, with its number in the graph.
func (t *turning) copiesOf(node int32, visit func(number int32, c *copied)) {
	if len(t.copies) == 0 {
		return
	}
	at, _ := slices.BinarySearchFunc(t.byNode, node, func(i, node int32) int { return cmp.Compare(t.copies[i].node, node) })
	for ; at < len(t.byNode) && t.copies[t.byNode[at]].node == node; at++ {
		visit(int32(t.nodes)+t.byNode[at], &t.copies[t.byNode[at]])
	}
}

// tails calls visit for each place that an arc leaves from: its node, and the copies
// from which it is not banned.
func (t *turning) tails(a arcID, node int32, visit func(number int32)) {
	visit(node)
	t.copiesOf(node, func(number int32, c *copied) {
		if _, banned := slices.BinarySearchFunc(c.banned, ban{c.in, a}, ban.compare); !banned {
			visit(number)
		}
	})
}
