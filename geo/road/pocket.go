package road

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// pockets are the edges of a mode that only the ends of a trip may use, where that makes
// a difference. A group of such edges that hangs on the rest by one node (a drive, a
// yard, a track in a field) makes none: a trip that goes in there comes out where it went
// in, and is longer than without; unless something is forbidden there, which going in and
// out would be a way around. Such a group is left to all: it needs no states of its own.
// Those that can be passed through are pockets.
type pockets struct {
	edges []uint64 // bit per edge: in a pocket
	door  []uint64 // bit per node: of a pocket, and of the rest
	in    []uint64 // bit per node: of a pocket alone
	nodes []int32  // of either kind, ascending
}

func bit(set []uint64, i int32) bool { return set != nil && set[i/64]&(1<<(i%64)) != 0 }

func (p *pockets) holds(edge int32) bool    { return bit(p.edges, edge) }
func (p *pockets) isDoor(node int32) bool   { return bit(p.door, node) }
func (p *pockets) isInside(node int32) bool { return bit(p.in, node) }

// isPrivate tells the edges that a mode may use in some direction at the ends of a trip
// alone, and isPublic those that it may use otherwise; an edge can be both.
func (n *Network) isPrivate(m street.Mode, e int32) bool {
	return n.atEnds[e]&eitherWay(m) != 0
}

func (n *Network) isPublic(m street.Mode, e int32) bool {
	return n.open[e]&^n.atEnds[e]&eitherWay(m) != 0
}

func (n *Network) newPockets(m street.Mode, memory *memories) pockets {
	edges := int32(len(n.from))
	if !slices.ContainsFunc(n.atEnds, func(b uint8) bool { return b&eitherWay(m) != 0 }) {
		return pockets{}
	}
	words := func(count int) []uint64 { return make([]uint64, (count+63)/64) }
	public, watched := words(len(n.nodes)), words(len(n.nodes))
	set := func(of []uint64, i int32) { of[i/64] |= 1 << (i % 64) }
	for e := range edges {
		if n.isPublic(m, e) {
			set(public, n.from[e])
			set(public, n.to[e])
		}
	}
	for _, known := range memory.all[1:] {
		_, node := n.ends(known.in)
		set(watched, node)
	}
	// Groups are joined at nodes that are not public; an edge between two public nodes is
	// one alone.
	group := newGroups(len(n.nodes))
	for e := range edges {
		if n.isPrivate(m, e) && !bit(public, n.from[e]) && !bit(public, n.to[e]) {
			group.join(n.from[e], n.to[e])
		}
	}
	const none, several = -1, -2
	root := make([]int32, len(n.nodes)) // per group: the public node that it hangs on
	for v := range root {
		root[v] = none
	}
	groupOf := func(e int32) int32 { // −1: of its own
		switch {
		case !bit(public, n.from[e]):
			return group.of(n.from[e])
		case !bit(public, n.to[e]):
			return group.of(n.to[e])
		}
		return -1
	}
	for e := range edges {
		if !n.isPrivate(m, e) {
			continue
		}
		g := groupOf(e)
		for _, v := range [2]int32{n.from[e], n.to[e]} {
			switch {
			case g < 0:
			case bit(watched, v):
				root[g] = several
			case bit(public, v) && root[g] == none:
				root[g] = v
			case bit(public, v) && root[g] != v:
				root[g] = several
			}
		}
	}
	p := pockets{edges: words(int(edges)), door: words(len(n.nodes)), in: words(len(n.nodes))}
	take := func(e int32) {
		set(p.edges, e)
		for _, v := range [2]int32{n.from[e], n.to[e]} {
			if bit(public, v) {
				set(p.door, v)
			} else {
				set(p.in, v)
			}
		}
	}
	hangsOn := func(e int32) int32 {
		g := groupOf(e)
		switch {
		case g >= 0:
			return root[g]
		case n.from[e] != n.to[e] || bit(watched, n.from[e]):
			return several
		}
		return n.from[e]
	}
	for e := range edges {
		if n.isPrivate(m, e) && hangsOn(e) == several {
			take(e)
		}
	}
	// Who leaves by a drive may go on by another private road at its door: a group that
	// hangs on the door of a pocket is one too.
	var more []int32
	for e := range edges {
		if n.isPrivate(m, e) && !p.holds(e) {
			if r := hangsOn(e); r >= 0 && p.isDoor(r) {
				more = append(more, e)
			}
		}
	}
	for _, e := range more {
		take(e)
	}
	for v := range int32(len(n.nodes)) {
		if p.isDoor(v) || p.isInside(v) {
			p.nodes = append(p.nodes, v)
		}
	}
	return p
}
