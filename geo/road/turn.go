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

// endsOnly reports whether an open arc is only for who starts or ends there.
func (n *Network) endsOnly(m street.Mode, a arcID) bool {
	return n.atEnds[a.edge()]&openBit(m, a.direction()) != 0
}

// arcCost is the whole cost of an arc, with the wait at its head.
func (n *Network) arcCost(m street.Mode, a arcID) geo.Cost {
	return n.cost[m][a.direction()][a.edge()] + geo.Cost(n.wait[m][a.direction()][a.edge()])
}

// A ban is a turn that a mode must not make: from one arc to another that leaves the
// node where the first arrives. A chain is the same over more arcs, at least three that
// follow each other: who has taken all but the last must not take the last.
type (
	ban   struct{ in, out arcID }
	chain []arcID
)

func (b ban) compare(c ban) int { return cmp.Or(cmp.Compare(b.in, c.in), cmp.Compare(b.out, c.out)) }

// memory is what a traveller must remember of the arcs that were taken last, since it
// starts a ban or a chain. Memories are numbered from 1; 0 remembers nothing.
type memory struct {
	in        arcID // the last of the arcs
	shorter   int32 // the longest memory that is a proper end of this one: they are both remembered
	forbidden []arcID
}

// child is a memory and an arc that makes it longer.
type child struct {
	of  int32
	arc arcID
}

// memories are those of one mode, as Aho and Corasick (1975) lay out the words that a
// text is searched for: letters are arcs, words are bans and chains.
type memories struct {
	all    []memory // all[0] is nothing
	longer map[child]int32
}

func newMemories(bans []ban, chains []chain) memories {
	t := memories{all: make([]memory, 1), longer: map[child]int32{}}
	parent := make([]int32, 1)
	learn := func(of int32, a arcID) int32 {
		m, ok := t.longer[child{of, a}]
		if !ok {
			m = int32(len(t.all))
			t.longer[child{of, a}] = m
			t.all, parent = append(t.all, memory{in: a}), append(parent, of)
		}
		return m
	}
	for _, b := range bans {
		m := learn(0, b.in)
		t.all[m].forbidden = append(t.all[m].forbidden, b.out)
	}
	longest := 0
	for _, c := range chains {
		longest = max(longest, len(c)-1)
	}
	for depth := 1; depth <= longest; depth++ { // so that a memory has a greater number than its ends
		for _, c := range chains {
			if len(c)-1 < depth {
				continue
			}
			m := int32(0)
			for _, a := range c[:depth] {
				m = learn(m, a)
			}
			if depth == len(c)-1 {
				t.all[m].forbidden = append(t.all[m].forbidden, c[depth])
			}
		}
	}
	for m := 1; m < len(t.all); m++ {
		own := &t.all[m]
		if parent[m] != 0 {
			own.shorter = t.after(t.all[parent[m]].shorter, own.in)
		}
		own.forbidden = append(own.forbidden, t.all[own.shorter].forbidden...)
		slices.Sort(own.forbidden)
		own.forbidden = slices.Compact(own.forbidden)
	}
	return t
}

// after is what is remembered after one more arc.
func (t *memories) after(m int32, a arcID) int32 {
	if len(t.all) == 1 {
		return 0
	}
	for {
		if longer, ok := t.longer[child{m, a}]; ok || m == 0 {
			return longer
		}
		m = t.all[m].shorter
	}
}

// forbids reports whether who remembers m must not take an arc.
func (t *memories) forbids(m int32, a arcID) bool {
	_, found := slices.BinarySearch(t.all[m].forbidden, a)
	return found
}
