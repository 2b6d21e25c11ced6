package road

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// crossing is what meets at the nodes, to one mode.
type crossing struct {
	degree   []int32        // ends of edges that the mode may use
	greatest []street.Class // of these
}

func (n *Network) crossing(m street.Mode) crossing {
	c := crossing{make([]int32, len(n.nodes)), make([]street.Class, len(n.nodes))}
	for e := range n.open {
		if !n.isUsed(m, int32(e)) {
			continue
		}
		for _, v := range [2]int32{n.from[e], n.to[e]} {
			c.degree[v]++
			if class := n.class[e]; c.greatest[v] == 0 || class < c.greatest[v] {
				c.greatest[v] = class
			}
		}
	}
	return c
}

// meanings are what the tags of every node mean.
func (b *builder) meanings() []street.NodeMeaning {
	meaning := make([]street.NodeMeaning, len(b.nodes.at))
	for k, v := range b.nodes.index {
		meaning[v] = b.marks[b.nodes.ids[k]]
	}
	return meaning
}

// closed are the nodes that modes do not pass, bit m for mode m.
func closed(meanings []street.NodeMeaning) []uint8 {
	closed := make([]uint8, len(meanings))
	for v, meaning := range meanings {
		for _, m := range street.Modes {
			if meaning.Closed[m] {
				closed[v] |= 1 << m
			}
		}
	}
	return closed
}

// obey gives the edges of n the waits at their nodes, and n the turns that are
// banned: by restrictions, and at nodes that are closed. The meaning is that of every
// node.
func (b *builder) obey(n *Network, meaning []street.NodeMeaning, arcs arcsInto) {
	for _, m := range street.Modes {
		c := n.crossing(m)
		w := waiting{n, b.edges, b.profile, m, c, &arcs, meaning, n.newSignalJunctions(m, b.profile.SignalsReach(), &arcs, meaning)}
		w.give()
		for v := range meaning {
			switch {
			case meaning[v].Closed[m]:
				n.ban(m, arcs.into(int32(v)), func(in, out arcID) bool { return out == in.reverse() })
			case meaning[v].Ends[m]:
				n.keepToEnds(m, arcs.into(int32(v)), c.greatest[v])
			}
		}
	}
	r := restricting{b, n, arcs}
	slices.SortFunc(b.turns, builtTurn.compare)
	b.turns = slices.CompactFunc(b.turns, func(t, u builtTurn) bool { return t.compare(u) == 0 }) // each piece of a way has its turns
	for _, t := range b.turns {
		if !r.restrict(t) {
			n.unplaced++
		}
	}
	n.sortBans()
}

// sortBans puts bans and chains in order, each once.
func (n *Network) sortBans() {
	for m := range n.bans {
		slices.SortFunc(n.bans[m], ban.compare)
		n.bans[m] = slices.Compact(n.bans[m])
		slices.SortFunc(n.chains[m], slices.Compare[chain])
		n.chains[m] = slices.CompactFunc(n.chains[m], slices.Equal[chain])
	}
}

// keepToEnds opens, at a node that those alone pass who start or end beyond, the roads
// that lead there to the ends of trips alone: those that branch off, or all where none is
// greater than another.
func (n *Network) keepToEnds(m street.Mode, into []arcID, greatest street.Class) {
	branches := slices.ContainsFunc(into, func(a arcID) bool { return n.isUsed(m, a.edge()) && n.class[a.edge()] > greatest })
	for _, a := range into {
		if e := a.edge(); !branches || n.class[e] > greatest {
			n.atEnds[e] |= n.open[e] & eitherWay(m)
		}
	}
}

// isUsed reports whether an edge is open to a mode in some direction.
func (n *Network) isUsed(m street.Mode, e int32) bool {
	return n.open[e]&eitherWay(m) != 0
}

// maxWait is the longest wait, 109 minutes.
const maxWait = 1<<16 - 1

// arcsInto lists, for each node, the arcs that arrive there, open or not; reversed,
// they are those that leave.
type arcsInto struct {
	first []uint32
	arcs  []arcID
}

func (n *Network) arcsAt() arcsInto {
	at := arcsInto{first: make([]uint32, len(n.nodes)+2), arcs: make([]arcID, 2*len(n.from))}
	for e := range n.from {
		at.first[n.from[e]+2]++
		at.first[n.to[e]+2]++
	}
	for v := range n.nodes {
		at.first[v+2] += at.first[v+1]
	}
	for e := range int32(len(n.from)) {
		for d := range 2 {
			_, head := n.ends(newArc(e, d))
			at.arcs[at.first[head+1]] = newArc(e, d)
			at.first[head+1]++
		}
	}
	return at
}

func (at *arcsInto) into(node int32) []arcID { return at.arcs[at.first[node]:at.first[node+1]] }

// ban bans, among the arcs into a node, every turn but those that are allowed.
func (n *Network) ban(m street.Mode, into []arcID, allowed func(in, out arcID) bool) {
	for _, in := range into {
		for _, back := range into {
			if out := back.reverse(); n.isOpen(m, in) && n.isOpen(m, out) && !allowed(in, out) {
				n.bans[m] = append(n.bans[m], ban{in, out})
			}
		}
	}
}
