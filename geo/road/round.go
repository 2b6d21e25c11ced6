package road

import (
	"container/heap"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// A car never turns round within a trip. Mostly nothing must be done for it: to go
// somewhere and back is longer than not to go. It is a way around a ban alone: past the
// node, round in a yard, and back into the forbidden road. So turning round is banned
// where such an excursion would be shorter than the shortest lawful way from before the
// ban to behind it, and nowhere else: journeys are, to the decisecond, those of a car
// that turns round nowhere (see turn_test.go, which knows trips alone).
//
// Where the ban leaves a car no lawful way on nor back, as in a hamlet whose roads have no
// loop, it turns round at the ends of the roads that are left to it.

// driver is a car that keeps to every ban, chain and private road, and remembers the arc
// that it came by. Its places are arcs.
type driver struct {
	net     *Network
	memory  memories
	at      arcsInto
	rounds  map[arcID]bool // after which it may turn round
	trusted bool           // private roads are open to it at any time
}

// place is where a driver is: at the end of an arc.
type place struct {
	in     arcID
	memory int32
	phase  phase
}

// onward calls visit for each arc that a driver may take, and where it is then.
func (d *driver) onward(from place, visit func(out arcID, to place)) {
	_, node := d.net.ends(from.in)
	for _, back := range d.at.into(node) {
		out := back.reverse()
		if !d.net.isOpen(street.Car, out) || d.memory.forbids(from.memory, out) {
			continue
		}
		if out == from.in.reverse() && !d.rounds[from.in] {
			continue
		}
		if p, ok := from.phase.next(!d.trusted && d.net.endsOnly(street.Car, out)); ok {
			visit(out, place{out, d.memory.after(from.memory, out), p})
		}
	}
}

// starts are the places of a driver who remembers m, at the end of its last arc.
func (d *driver) starts(m int32) []place {
	in := d.memory.all[m].in
	if d.net.endsOnly(street.Car, in) {
		return []place{{in, m, leaving}, {in, m, arriving}}
	}
	return []place{{in, m, through}}
}

// queued is a place that a search goes on from.
type queued struct {
	cost geo.Cost
	place
}

type placeHeap []queued

func (h placeHeap) Len() int           { return len(h) }
func (h placeHeap) Less(i, j int) bool { return h[i].cost < h[j].cost }
func (h placeHeap) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *placeHeap) Push(x any)        { *h = append(*h, x.(queued)) }
func (h *placeHeap) Pop() any {
	s := *h
	last := s[len(s)-1]
	*h = s[:len(s)-1]
	return last
}

// search goes from a place to ever farther ones, as a driver who may take the arcs that
// cost tells, and settles each, until settle answers false.
func (d *driver) search(from place, cost func(arcID) (geo.Cost, bool), settle func(at queued) bool) {
	best := map[place]geo.Cost{from: 0}
	queue := placeHeap{{0, from}}
	for len(queue) > 0 {
		at := heap.Pop(&queue).(queued)
		if best[at.place] < at.cost {
			continue
		}
		if !settle(at) {
			return
		}
		d.onward(at.place, func(out arcID, to place) {
			c, ok := cost(out)
			if !ok {
				return
			}
			c += at.cost
			if was, known := best[to]; !known || c < was {
				best[to] = c
				heap.Push(&queue, queued{c, to})
			}
		})
	}
}

// ahead are the arcs that a ban or chain still needs, once some of it has been driven:
// the last of them is forbidden.
type ahead []arcID

// aheads lists, for each memory, what it must not end in.
func (d *driver) aheads() [][]ahead {
	own := make([][]ahead, len(d.memory.all))
	take := func(c chain) {
		m := int32(0)
		for i, a := range c[:len(c)-1] {
			m = d.memory.longer[child{m, a}]
			own[m] = append(own[m], ahead(c[i+1:]))
		}
	}
	for _, b := range d.net.bans[street.Car] {
		take(chain{b.in, b.out})
	}
	for _, c := range d.net.chains[street.Car] {
		take(c)
	}
	for m := 1; m < len(own); m++ { // its ends have lower numbers
		own[m] = append(own[m], own[d.memory.all[m].shorter]...)
	}
	return own
}

// isWayAround reports whether going somewhere from a place and straight back would undo
// something that is ahead.
func (d *driver) isWayAround(m int32, of []ahead) (found bool) {
	for _, from := range d.starts(m) {
		d.onward(from, func(out arcID, _ place) {
			back := out.reverse()
			if found || !d.net.isOpen(street.Car, back) {
				return
			}
			found = slices.ContainsFunc(of, func(a ahead) bool { return !d.memory.forbids(d.memory.after(0, back), a[0]) })
		})
	}
	return found
}

// farLook is how many places are looked at for a lawful way behind a ban: all of a large
// town. A car that finds none among them is not shut in, and no excursion that is longer
// than the last of them is looked for.
const farLook = 50_000

// lawful is what the search for lawful ways behind what is ahead of a place has found.
type lawful struct {
	cost  geo.Cost // of the longest of the shortest ways; else how far was looked
	all   bool     // ways were found behind everything that is ahead
	ended bool     // everything that can be reached was looked at
	shut  []arcID  // of a car that cannot even come back: the arcs at the end of which it is stuck
}

func (d *driver) lawful(from place, of []ahead) (found lawful) {
	type goal struct {
		arc   arcID
		phase phase
	}
	wanted := map[goal]bool{}
	for _, a := range of {
		p, ok := from.phase, true
		for _, out := range a {
			if ok {
				p, ok = p.next(d.net.endsOnly(street.Car, out))
			}
		}
		if ok {
			wanted[goal{a[len(a)-1], p}] = true
		}
	}
	home, _ := d.net.ends(from.in)
	back, looked := false, 0
	found.ended = true
	d.search(from, func(a arcID) (geo.Cost, bool) { return d.net.arcCost(street.Car, a), true }, func(at queued) bool {
		if looked++; looked > farLook {
			found.ended = false
			return false
		}
		found.cost = at.cost
		stuck := true
		d.onward(at.place, func(out arcID, to place) {
			stuck = false
			_, node := d.net.ends(out)
			back = back || node == home
			if g := (goal{out, to.phase}); wanted[g] && to.memory == d.memory.after(0, out) {
				delete(wanted, g)
			}
		})
		if out := at.in.reverse(); stuck && d.net.isOpen(street.Car, out) && !d.memory.forbids(at.memory, out) {
			found.shut = append(found.shut, at.in)
		}
		return len(wanted) > 0
	})
	found.all = len(wanted) == 0
	if !found.ended || found.all || back {
		found.shut = nil
	}
	return found
}

// turnRound bans turning round where that would be a way around a ban or a chain, for
// cars, and finds where it is lawful since there is no other way.
func (n *Network) turnRound(arcs arcsInto) {
	d := driver{net: n, memory: newMemories(n.bans[street.Car], n.chains[street.Car]), at: arcs, rounds: map[arcID]bool{}}
	aheads := d.aheads()
	type trial struct {
		from place
		of   []ahead
		way  lawful
	}
	var trials []trial
	for m := 1; m < len(aheads); m++ {
		if !d.isWayAround(int32(m), aheads[m]) {
			continue
		}
		for _, from := range d.starts(int32(m)) {
			t := trial{from, aheads[m], d.lawful(from, aheads[m])}
			trials = append(trials, t)
		}
	}
	for _, t := range trials {
		for _, a := range t.way.shut {
			d.rounds[a] = true
		}
	}
	banned := map[arcID]bool{}
	for _, t := range trials {
		if t.way.shut != nil {
			t.way = d.lawful(t.from, t.of)
		}
		limit := t.way.cost
		if !t.way.all && t.way.ended {
			limit = geo.Cost(maxCost)
		}
		d.excursions(t.from, limit, banned)
	}
	for a := range d.rounds {
		n.rounds = append(n.rounds, a)
	}
	slices.Sort(n.rounds)
	for a := range banned {
		if !d.rounds[a] {
			n.bans[street.Car] = append(n.bans[street.Car], ban{a, a.reverse()})
		}
	}
	n.sortBans()
}

// excursions notes the arcs at the end of which turning round, and driving straight back
// to a place, costs less than a limit.
func (d *driver) excursions(from place, limit geo.Cost, note map[arcID]bool) {
	wide := *d
	wide.trusted = true
	thereAndBack := func(a arcID) (geo.Cost, bool) {
		back := a.reverse()
		if !d.net.isOpen(street.Car, back) {
			return 0, false
		}
		return d.net.arcCost(street.Car, a) + d.net.arcCost(street.Car, back), true
	}
	start := place{from.in, from.memory, through}
	wide.search(start, thereAndBack, func(at queued) bool {
		if at.cost >= limit {
			return false
		}
		if at.place != start {
			note[at.in] = true
		}
		return true
	})
}
