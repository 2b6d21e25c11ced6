package road

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// obstruct puts bollards, signals and turn restrictions on ways, and makes some of
// them private.
func obstruct(r *rand.Rand, ways []Way) {
	tags := []map[string]string{{"barrier": "bollard"}, {"highway": "traffic_signals"}, {"barrier": "gate"}}
	orders := []string{"no_left_turn", "only_straight_on", "no_u_turn", "only_right_turn"}
	any := func() int64 { return int64(1 + r.IntN(len(ways))) }
	dense := 1 + r.IntN(8)
	for i := range ways {
		w := &ways[i]
		for k, id := range w.Nodes {
			if r.IntN(8*dense) == 0 {
				w.Marks = append(w.Marks, Mark{k, tags[r.IntN(len(tags))]})
			}
			if r.IntN(3) == 0 {
				w.Turns = append(w.Turns, Turn{Via: id, To: any(), Tags: map[string]string{"restriction": orders[r.IntN(len(orders))]}})
			}
			if r.IntN(3) == 0 {
				over := []int64{any()}
				if r.IntN(3) == 0 {
					over = append(over, any())
				}
				w.Turns = append(w.Turns, Turn{Over: over, To: any(), Tags: map[string]string{"restriction": orders[r.IntN(len(orders))]}})
			}
		}
	}
}

// makePrivate leaves some edges to who starts or ends there, one way or both.
func makePrivate(r *rand.Rand, n *Network, m street.Mode) {
	for e := range n.open {
		for d := range 2 {
			if r.IntN(3) == 0 {
				n.atEnds[e] |= n.open[e] & openBit(m, d)
			}
		}
		if r.IntN(4) == 0 {
			n.atEnds[e] |= n.open[e]
		}
	}
}

// byTurns is the naive twin of a search where turns and private roads count: it knows no
// copies of nodes, only trips: the arcs taken last, and whether the trip is leaving, on
// its way or arriving. A car turns round nowhere but where [Network.rounds] lets it.
// The cost from an origin to a source; -1 when there is no journey.
func byTurns(n *Network, m street.Mode, o, s *Snap) int64 {
	remembered := remembers(n, m)
	at := n.arcsAt()
	type trip struct {
		last  [twinRemembers]arcID // the latest first
		taken int                  // of these
		node  int32
		phase phase
	}
	private := func(a arcID) bool { return n.atEnds[a.edge()]&openBit(m, a.direction()) != 0 }
	privatePlace := func(e int32) bool { return n.open[e]&^n.atEnds[e]&(openBit(m, forward)|openBit(m, backward)) == 0 }
	may := func(t trip, out arcID) bool {
		if t.taken == 0 {
			return true
		}
		if m == street.Car && out == t.last[0].reverse() && !slices.Contains(n.rounds, t.last[0]) {
			return false
		}
		if slices.Contains(n.bans[m], ban{t.last[0], out}) {
			return false
		}
		for _, c := range n.chains[m] {
			same := out == c[len(c)-1] && len(c)-1 <= t.taken
			for i := 0; same && i < len(c)-1; i++ {
				same = c[len(c)-2-i] == t.last[i]
			}
			if same {
				return false
			}
		}
		return true
	}
	// enter is the trip after an arc; false where it is not for it.
	enter := func(t trip, a arcID) (trip, bool) {
		switch {
		case private(a) && t.phase == through:
			t.phase = arriving
		case !private(a) && t.phase == arriving:
			return t, false
		case !private(a):
			t.phase = through
		}
		copy(t.last[1:remembered], t.last[:])
		t.last[0], t.taken = a, min(t.taken+1, remembered)
		_, t.node = n.ends(a)
		return t, true
	}
	cost := map[trip]int64{}
	var queue []trip
	improve := func(t trip, c int64) {
		if was, known := cost[t]; !known || c < was {
			cost[t] = c
			queue = append(queue, t)
		}
	}
	best := int64(-1)
	take := func(c int64) {
		if best < 0 || c < best {
			best = c
		}
	}
	begin := func(a arcID, atNode bool, c geo.Cost) {
		tail, _ := n.ends(a)
		t := trip{node: tail, phase: through}
		switch {
		case atNode && privatePlace(o.Edge):
			t.phase = leaving
		case !atNode:
			a = a.reverse()
			if private(a) {
				t.phase = leaving
			}
			t.last[0], t.taken = a, 1
		}
		improve(t, int64(c))
	}
	if o.Open&LeaveByStart != 0 {
		begin(newArc(o.Edge, forward), o.Along == 0, o.ToStart)
	}
	if o.Open&LeaveByEnd != 0 {
		begin(newArc(o.Edge, backward), o.Along == n.length[o.Edge], o.ToEnd)
	}
	end := func(t trip, c int64, a arcID, atNode bool, last geo.Cost) {
		if tail, _ := n.ends(a); tail != t.node {
			return
		}
		if atNode {
			if t.phase != arriving || privatePlace(s.Edge) {
				take(c)
			}
		} else if _, ok := enter(t, a); ok && may(t, a) {
			take(c + int64(last))
		}
	}
	for len(queue) > 0 {
		t := queue[0]
		queue = queue[1:]
		c := cost[t]
		if s.Open&ArriveByStart != 0 {
			end(t, c, newArc(s.Edge, forward), s.Along == 0, s.FromStart)
		}
		if s.Open&ArriveByEnd != 0 {
			end(t, c, newArc(s.Edge, backward), s.Along == n.length[s.Edge], s.FromEnd)
		}
		for _, back := range at.into(t.node) {
			a := back.reverse()
			if !n.isOpen(m, a) || !may(t, a) {
				continue
			}
			if next, ok := enter(t, a); ok {
				improve(next, c+int64(n.arcCost(m, a)))
			}
		}
	}
	if o.Edge == s.Edge {
		if c, ok := direct(o, s); ok {
			take(int64(c))
		}
	}
	return best
}

// twinRemembers is how many arcs the twin can remember; remembers, how many it must.
const twinRemembers = 4

func remembers(n *Network, m street.Mode) int {
	longest := 1
	for _, c := range n.chains[m] {
		longest = max(longest, len(c)-1)
	}
	return longest
}

// privately is a network of ways some of whose edges are private.
func privately(t testing.TB, r *rand.Rand, ways []Way) *Network {
	n := mustBuild(t, ways)
	if r.IntN(3) == 0 {
		return n
	}
	// What is banned as a way around depends on what is private.
	n.bans[street.Car] = slices.DeleteFunc(n.bans[street.Car], func(b ban) bool { return b.out == b.in.reverse() })
	n.rounds = nil
	for _, m := range street.Modes {
		makePrivate(r, n, m)
	}
	n.turnRound(n.arcsAt())
	n.derive()
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTurnsAgainstArcs: with bollards, signals and restrictions, every journey is that
// of the naive twin, from one source and from several, by Nearest and by Reach.
func TestTurnsAgainstArcs(t *testing.T) {
	const worlds = 3000 // that are compared
	journeys, paths, bans, chains, rounds, phases, around := 0, 0, 0, 0, 0, 0, 0
	compared := 0
	for seed := uint64(0); compared < worlds; seed++ {
		r := rand.New(rand.NewPCG(seed, 77))
		ways := randomLattice(r).ways
		for more := r.IntN(3); more > 0; more-- { // so that there are loops
			for _, w := range randomLattice(r).ways {
				w.ID = int64(len(ways) + 1)
				ways = append(ways, w)
			}
		}
		obstruct(r, ways)
		n := privately(t, r, ways)
		m := street.Modes[[]int{0, 0, 0, 1}[r.IntN(4)]]
		if remembers(n, m) > twinRemembers {
			continue
		}
		compared++
		bans += len(n.bans[m])
		for _, b := range n.bans[m] {
			if b.out == b.in.reverse() {
				around++
			}
		}
		chains += len(n.chains[m])
		rounds += len(n.rounds)
		for v := range n.Graph(m).turning.copies {
			if n.Graph(m).turning.copies[v].phase != through {
				phases++
			}
		}
		var snaps []Snap
		for range 4 {
			w := ways[r.IntN(len(ways))]
			k := r.IntN(len(w.Nodes))
			p := w.At[k]
			if j := r.IntN(len(w.Nodes)); j > 0 { // inside a segment
				f := r.Float64()
				p = geo.LonLat{Lon: w.At[j-1].Lon + f*(w.At[j].Lon-w.At[j-1].Lon), Lat: w.At[j-1].Lat + f*(w.At[j].Lat-w.At[j-1].Lat)}
			}
			if s, reach := n.Snap(m, p); reach == geo.Reached {
				snaps = append(snaps, s)
			}
		}
		if len(snaps) < 2 {
			continue
		}
		s := n.NewSearch(m)
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
				c := byJoints(&snaps[i], &sources[k], func(o, s *Snap) int64 { return byTurns(n, m, o, s) })
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
	t.Logf("%d worlds, %d journeys: %d reached; %d banned turns, %d of them back, %d chains, %d arcs where a car turns round, %d states of leaving and arriving", worlds, journeys, paths, bans, around, chains, rounds, phases)
	if bans < worlds || chains < worlds/10 || rounds < worlds/20 || around < worlds/2 || phases < worlds || paths == journeys || paths < journeys/2 {
		t.Errorf("the worlds are too dull to prove anything: see the counts above")
	}
}
