package road

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// obstruct puts bollards, signals and turn restrictions on ways.
func obstruct(r *rand.Rand, ways []Way) {
	tags := []map[string]string{{"barrier": "bollard"}, {"highway": "traffic_signals"}, {"barrier": "gate"}}
	orders := []string{"no_left_turn", "only_straight_on", "no_u_turn", "only_right_turn"}
	for i := range ways {
		w := &ways[i]
		for k, id := range w.Nodes {
			if r.IntN(8) == 0 {
				w.Marks = append(w.Marks, Mark{k, tags[r.IntN(len(tags))]})
			}
			if r.IntN(3) == 0 {
				w.Turns = append(w.Turns, Turn{Via: id, To: int64(1 + r.IntN(len(ways))), Tags: map[string]string{"restriction": orders[r.IntN(len(orders))]}})
			}
		}
	}
}

// byTurns is the naive twin of a search where turns count: it knows no copies of
// nodes, only arcs that follow each other, and relaxes them until nothing changes.
// The cost from an origin to a source; -1 when there is no journey.
func byTurns(n *Network, m street.Mode, o, s *Snap) int64 {
	banned := map[ban]bool{}
	for _, b := range n.bans[m] {
		banned[b] = true
	}
	arcs := 2 * len(n.from)
	cost := make([]int64, arcs) // to the head of each arc
	for a := range cost {
		cost[a] = -1
	}
	free := map[int32]int64{} // nodes where the journey starts
	improve := func(a arcID, c int64) (better bool) {
		if cost[a] < 0 || c < cost[a] {
			cost[a] = c
			return true
		}
		return false
	}
	begin := func(a arcID, atNode bool, c geo.Cost) {
		tail, _ := n.ends(a)
		if atNode {
			free[tail] = int64(c)
		} else {
			improve(a.reverse(), int64(c))
		}
	}
	if o.Open&LeaveByStart != 0 {
		begin(newArc(o.Edge, forward), o.Along == 0, o.ToStart)
	}
	if o.Open&LeaveByEnd != 0 {
		begin(newArc(o.Edge, backward), o.Along == n.length[o.Edge], o.ToEnd)
	}
	// follow gives the best cost of leaving a node by an arc.
	follow := func(a arcID) int64 {
		tail, _ := n.ends(a)
		best := int64(-1)
		if c, ok := free[tail]; ok {
			best = c
		}
		for in := range arcID(arcs) {
			if _, head := n.ends(in); head == tail && cost[in] >= 0 && !banned[ban{in, a}] && (best < 0 || cost[in] < best) {
				best = cost[in]
			}
		}
		return best
	}
	for changed := true; changed; {
		changed = false
		for a := range arcID(arcs) {
			if !n.isOpen(m, a) {
				continue
			}
			if c := follow(a); c >= 0 && improve(a, c+int64(n.arcCost(m, a))) {
				changed = true
			}
		}
	}
	best := int64(-1)
	take := func(c int64) {
		if c >= 0 && (best < 0 || c < best) {
			best = c
		}
	}
	end := func(a arcID, atNode bool, last geo.Cost) {
		tail, _ := n.ends(a)
		if !atNode {
			if c := follow(a); c >= 0 {
				take(c + int64(last))
			}
			return
		}
		if c, ok := free[tail]; ok {
			take(c)
		}
		for in := range arcID(arcs) {
			if _, head := n.ends(in); head == tail {
				take(cost[in])
			}
		}
	}
	if s.Open&ArriveByStart != 0 {
		end(newArc(s.Edge, forward), s.Along == 0, s.FromStart)
	}
	if s.Open&ArriveByEnd != 0 {
		end(newArc(s.Edge, backward), s.Along == n.length[s.Edge], s.FromEnd)
	}
	if o.Edge == s.Edge {
		if c, ok := direct(o, s); ok {
			take(int64(c))
		}
	}
	return best
}

// TestTurnsAgainstArcs: with bollards, signals and restrictions, every journey is that
// of the naive twin, from one source and from several, by Nearest and by Reach.
func TestTurnsAgainstArcs(t *testing.T) {
	const worlds = 3000
	journeys, paths, bans := 0, 0, 0
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 77))
		ways := randomLattice(r).ways
		obstruct(r, ways)
		n := mustBuild(t, ways)
		bans += len(n.bans[street.Car])
		var snaps []Snap
		for range 6 {
			w := ways[r.IntN(len(ways))]
			k := r.IntN(len(w.Nodes))
			p := w.At[k]
			if j := r.IntN(len(w.Nodes)); j > 0 { // inside a segment
				f := r.Float64()
				p = geo.LonLat{Lon: w.At[j-1].Lon + f*(w.At[j].Lon-w.At[j-1].Lon), Lat: w.At[j-1].Lat + f*(w.At[j].Lat-w.At[j-1].Lat)}
			}
			if s, reach := n.Snap(street.Car, p); reach == geo.Reached {
				snaps = append(snaps, s)
			}
		}
		if len(snaps) < 2 {
			continue
		}
		s := n.NewSearch(street.Car)
		sources := snaps[:1+r.IntN(min(3, len(snaps)))]
		field := s.Nearest(sources)
		index := n.NewOrigins(snaps, allReached(len(snaps)))
		reach := make([]map[int32]geo.Cost, len(sources))
		for k := range sources {
			reach[k] = map[int32]geo.Cost{}
			s.Reach(sources[k], 60*geo.Minute, index, func(o int32, c geo.Cost) { reach[k][o] = c })
		}
		for i := range snaps {
			want, owner := geo.Access{Reach: geo.NoPath}, int32(-1)
			for k := range sources {
				c := byJoints(&snaps[i], &sources[k], func(o, s *Snap) int64 { return byTurns(n, street.Car, o, s) })
				total := geo.Cost(c)
				if got, ok := reach[k][int32(i)]; ok != (c >= 0 && total <= 60*geo.Minute) || ok && got != total {
					t.Fatalf("seed %d: Reach from %d to %d: %d (%v), want %d", seed, i, k, got, ok, c)
				}
				if c >= 0 && (want.Reach != geo.Reached || total < want.Cost) {
					want, owner = geo.Access{Reach: geo.Reached, Cost: total}, int32(k)
				}
			}
			if got, k := field.At(snaps[i]); got != want || k != owner {
				t.Fatalf("seed %d: journey from %d: %s, want %s", seed, i, describe(got, k), describe(want, owner))
			}
			journeys++
			if want.Reach == geo.Reached {
				paths++
			}
		}
	}
	t.Logf("%d worlds, %d journeys: %d reached; %d banned turns", worlds, journeys, paths, bans)
	if bans < worlds || paths == journeys || paths < journeys/2 {
		t.Errorf("the worlds are too dull to prove anything: see the counts above")
	}
}
