package road

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// unsettled is a network before settle, with roads for the ends of trips and nodes that are
// closed drawn at random.
func unsettled(t *testing.T, r *rand.Rand) (n *Network, closed []uint8) {
	n = mustBuild(t, randomLattice(r).ways)
	for e := range n.atEnds {
		n.atEnds[e] = 0
		if r.IntN(3) == 0 {
			n.atEnds[e] = n.open[e] & uint8(r.Uint32())
		}
		n.stop[e] &^= uint8(r.Uint32() & r.Uint32()) // a quarter
		n.class[e] = street.Primary + street.Class(r.IntN(5))
		n.worth[e] = 0
	}
	n.enclosed = [street.NumModes]uint32{}
	closed = make([]uint8, len(n.nodes))
	for v := range closed {
		if r.IntN(6) == 0 {
			closed[v] = uint8(r.Uint32()) & 7
		}
	}
	return n, closed
}

// reached is the naive twin of components: from each place (a node, or the end of an edge at
// a node that is closed) those that some arcs lead to.
type reached map[[2]string]bool

func (n *Network) placesOf(m street.Mode, closed []uint8, a arcID) (tail, head string) {
	name := func(into arcID) string {
		if _, v := n.ends(into); closed[v]&(1<<m) == 0 {
			return fmt.Sprintf("%08d", v)
		}
		return fmt.Sprintf("~%08d", into) // after all that are open
	}
	return name(a.reverse()), name(a)
}

func (n *Network) reachedBy(m street.Mode, closed []uint8, along func(a arcID) bool) reached {
	r, all := reached{}, map[string]bool{}
	for a := range arcID(2 * len(n.from)) {
		tail, head := n.placesOf(m, closed, a)
		all[tail], all[head] = true, true
		r[[2]string{tail, tail}], r[[2]string{head, head}] = true, true
		if n.isOpen(m, a) && along(a) {
			r[[2]string{tail, head}] = true
		}
	}
	for k := range all {
		for u := range all {
			for v := range all {
				if r[[2]string{u, k}] && r[[2]string{k, v}] {
					r[[2]string{u, v}] = true
				}
			}
		}
	}
	return r
}

func (r reached) mutual(u, v string) bool { return r[[2]string{u, v}] && r[[2]string{v, u}] }

// TestSettleAgainstDefinition: enclaves and what is worth joining are as they are defined,
// on components by transitive closure.
func TestSettleAgainstDefinition(t *testing.T) {
	const worlds = 400
	var enclosed, worthy, not, cut int
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 12))
		n, closed := unsettled(t, r)
		before := slices.Clone(n.atEnds)
		n.settle(closed)
		for _, m := range street.Modes {
			public := func(a arcID) bool { return before[a.edge()]&openBit(m, a.direction()) == 0 }
			all := n.reachedBy(m, closed, func(arcID) bool { return true })
			open := n.reachedBy(m, closed, public)
			// length is that of the edges of the public component of a place.
			length := func(place string) (sum int) {
				for e := range int32(len(n.from)) {
					tail, head := n.placesOf(m, closed, newArc(e, forward))
					oneOpen := n.isOpen(m, newArc(e, forward)) && public(newArc(e, forward)) || n.isOpen(m, newArc(e, backward)) && public(newArc(e, backward))
					if oneOpen && open.mutual(tail, place) && open.mutual(head, place) {
						sum += int(n.length[e])
					}
				}
				return sum
			}
			chosen := map[string]string{} // by place, a place of the public network of its component
			for pair := range all {
				if u, v := pair[0], pair[1]; all.mutual(u, v) {
					was, ok := chosen[u]
					if is := length(v); !ok || is > length(was) || is == length(was) && lowest(open, v) < lowest(open, was) {
						chosen[u] = v
					}
				}
			}
			streets := func(place string) (sum uint64) {
				for e := range int32(len(n.from)) {
					for d := range 2 {
						a := newArc(e, d)
						tail, head := n.placesOf(m, closed, a)
						if n.isOpen(m, a) && public(a) && open.mutual(tail, chosen[place]) && open.mutual(head, chosen[place]) &&
							n.class[e] <= street.Local && n.stop[e]&(1<<m) != 0 {
							sum += uint64(n.length[e])
							break
						}
					}
				}
				return sum
			}
			count := 0
			for a := range arcID(2 * len(n.from)) {
				if !n.isOpen(m, a) {
					continue
				}
				tail, head := n.placesOf(m, closed, a)
				one := all.mutual(tail, head)
				enclave := one && public(a) && !(open.mutual(tail, chosen[tail]) && open.mutual(head, chosen[tail]))
				if enclave {
					count++
				}
				if got := n.atEnds[a.edge()]&openBit(m, a.direction()) != 0; got != (enclave || !public(a)) {
					t.Fatalf("seed %d: %s arc %d (%s to %s): for the ends of trips %v, enclave %v, public %v", seed, m, a, tail, head, got, enclave, public(a))
				}
				other := false // the other direction of the edge may be in the component, this one not
				if n.isOpen(m, a.reverse()) {
					other = one
				}
				worth := (one || other) && streets(tail) >= worthJoining
				if got := n.worth[a.edge()]&(1<<m) != 0; got != worth {
					t.Fatalf("seed %d: %s arc %d (%s to %s): worth joining %v, want %v: %d dm of streets", seed, m, a, tail, head, got, worth, streets(tail))
				}
				switch {
				case worth:
					worthy++
				case one:
					not++
				default:
					cut++
				}
			}
			if int(n.enclosed[m]) != count {
				t.Fatalf("seed %d: %s: %d arcs of enclaves are counted, want %d", seed, m, n.enclosed[m], count)
			}
			enclosed += count
		}
		ends, worth := slices.Clone(n.atEnds), slices.Clone(n.worth)
		n.settle(closed)
		if !slices.Equal(n.atEnds, ends) || !slices.Equal(n.worth, worth) {
			t.Fatalf("seed %d: settling again changes the network", seed)
		}
	}
	t.Logf("%d worlds: %d arcs of enclaves; %d arcs worth joining, %d not, %d that lead from one component to another", worlds, enclosed, worthy, not, cut)
	if enclosed < worlds || worthy < worlds || not < worlds || cut < worlds {
		t.Error("the worlds are too dull to prove anything: see the counts above")
	}
}

// lowest is the lowest place of the public component of a place: names are in the order of nodes.
func lowest(open reached, place string) string {
	low := place
	for pair := range open {
		if open.mutual(pair[0], place) && pair[0] < low {
			low = pair[0]
		}
	}
	return low
}

// TestWhatIsLivedInIsReached: whoever can get from one place to another of a component along
// any roads gets there in three parts: by roads for the ends of trips, by public roads, by
// roads for the ends of trips.
func TestWhatIsLivedInIsReached(t *testing.T) {
	pairs, needed := 0, 0
	for seed := range uint64(1500) {
		n, closed := unsettled(t, rand.New(rand.NewPCG(seed, 13)))
		before := slices.Clone(n.atEnds)
		n.settle(closed)
		for _, m := range street.Modes {
			p := n.plain(m, closed)
			all := p.components(false)
			for from := range int32(p.nodes) {
				got, without := p.inThreeParts(from, n.atEnds), p.inThreeParts(from, before)
				for to := range int32(p.nodes) {
					if all[from] != all[to] {
						continue
					}
					pairs++
					if !got[to] {
						t.Fatalf("seed %d: %s: from node %d, %d of the same component is not reached in three parts", seed, m, from, to)
					}
					if !without[to] {
						needed++
					}
				}
			}
		}
	}
	t.Logf("%d pairs of places, of which %d only because enclaves are lived in", pairs, needed)
	if needed < 500 {
		t.Error("too few")
	}
}

// inThreeParts tells the nodes that a trip from a node gets to.
func (p *plain) inThreeParts(from int32, atEnds []uint8) []bool {
	at := [3][]bool{make([]bool, p.nodes), make([]bool, p.nodes), make([]bool, p.nodes)}
	at[0][from] = true
	for changed := true; changed; {
		changed = false
		step := func(part int, v int32) {
			if !at[part][v] {
				at[part][v], changed = true, true
			}
		}
		for v := range int32(p.nodes) {
			for part := range 2 {
				if at[part][v] {
					step(part+1, v)
				}
			}
		}
		p.arcs(func(a arcID, tail, head int32, _ bool) {
			ends := atEnds[a.edge()]&openBit(p.mode, a.direction()) != 0
			for part, along := range [3]bool{ends, !ends, ends} {
				if along && at[part][tail] {
					step(part, head)
				}
			}
		})
	}
	return at[2]
}
