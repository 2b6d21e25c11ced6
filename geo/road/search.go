package road

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Search is the scratch space of one goroutine for one mode; reuse it. Once warm
// it allocates nothing. Searches of one Network run in parallel.
type Search struct {
	net     *Network
	mode    street.Mode
	field   Field
	bounded *graph.Bounded
	seeds   []graph.Seed

	// Of Reach.
	journey  []geo.Cost // per origin; unreached between calls
	emitting []int32    // origins whose journey is set
}

// unreached marks an origin inside Reach; it leaves the package as a geo.Reach.
const unreached geo.Cost = math.MaxUint32

// NewSearch returns a Search over the mode's graph.
func (n *Network) NewSearch(m street.Mode) *Search {
	return &Search{net: n, mode: m, bounded: graph.NewBounded(n.Graph(m).In)}
}

// mustSnap panics when s was made for another mode: its costs would be of one
// world and the arcs of another.
func mustSnap(m street.Mode, s *Snap) {
	if s.Mode != m {
		panic("road: " + s.Mode.String() + " snap given to a " + m.String() + " search")
	}
}

// Nearest computes the journey from everywhere to the nearest of the sources. The
// owner of a place is the index in sources of the nearest one, the lowest among
// equals. Sources without road are never reached. The Field is valid until the
// next call of Nearest on s; Reach leaves it alone.
func (s *Search) Nearest(sources []Snap) *Field {
	f := &s.field
	if f.labels == nil {
		f.net, f.mode, f.labels = s.net, s.mode, s.net.Graph(s.mode).Core().NewField()
	}
	f.takeSources(sources)
	s.seeds = s.seeds[:0]
	for i := range f.sources {
		s.seeds = s.net.appendSeeds(s.seeds, &f.sources[i], int32(i))
	}
	f.labels.Compute(s.seeds)
	return f
}

// appendSeeds appends what a journey to s costs from the nodes beside it.
func (n *Network) appendSeeds(seeds []graph.Seed, s *Snap, owner int32) []graph.Seed {
	if s.Edge < 0 {
		return seeds
	}
	if s.Second != nil {
		seeds = n.appendSeeds(seeds, s.Second, owner)
	}
	t := &n.Graph(s.Mode).turning
	arrive := func(a arcID, atNode bool, cost geo.Cost) {
		label := graph.NewLabel(cost+s.Access, owner)
		tail, _ := n.ends(a)
		public := !t.privateEdge(s.Edge)
		t.statesAt(tail, func(number int32, at state) {
			ok := atNode && !(public && at.phase == arriving) // at the node itself: whichever way one comes there
			if !atNode {
				_, ok = t.follow(at, a)
			}
			if ok {
				seeds = append(seeds, graph.Seed{Node: number, Label: label})
			}
		})
	}
	if s.Open&ArriveByStart != 0 {
		arrive(newArc(s.Edge, forward), s.Along == 0, s.FromStart)
	}
	if s.Open&ArriveByEnd != 0 {
		arrive(newArc(s.Edge, backward), s.Along == n.length[s.Edge], s.FromEnd)
	}
	return seeds
}

// Reach calls emit once for each origin whose journey to source costs at most
// limit (inclusive), in a deterministic order. emit must not use s.
func (s *Search) Reach(source Snap, limit geo.Cost, origins *Origins, emit func(origin int32, cost geo.Cost)) {
	s.ReachUnder(source, limit, nil, origins, emit)
}

// ReachUnder is Reach, with the origins too for which source is as near as what a
// ceiling was made of (see [Field.AppendLabels]). Others may come with it, at too great
// a cost: one that is above limit and above their journey to those other sources. A nil
// ceiling adds none.
func (s *Search) ReachUnder(source Snap, limit geo.Cost, ceiling []geo.Cost, origins *Origins, emit func(origin int32, cost geo.Cost)) {
	mustSnap(s.mode, &source)
	if origins.count > 0 && origins.mode != s.mode {
		panic("road: " + origins.mode.String() + " origins given to a " + s.mode.String() + " search")
	}
	for len(s.journey) < origins.count {
		s.journey = append(s.journey, unreached)
	}
	s.seeds = s.net.appendSeeds(s.seeds[:0], &source, 0)
	s.bounded.SearchUnder(s.seeds, limit, ceiling, func(v int32, c geo.Cost) {
		for _, o := range origins.at(v) {
			if ceiling == nil && o.cost > limit-c { // they are in order of cost
				break
			}
			s.consider(o.origin, c+o.cost)
		}
	})
	for to := &source; to != nil && to.Edge >= 0; to = to.Second {
		for i := range origins.on(to.Edge) {
			o := &origins.on(to.Edge)[i]
			if c, ok := direct(&o.snap, to); ok {
				if c += o.snap.Access + to.Access; c <= limit || ceiling != nil {
					s.consider(o.origin, c)
				}
			}
		}
	}
	for _, o := range s.emitting {
		c := s.journey[o]
		s.journey[o] = unreached
		emit(o, c)
	}
	s.emitting = s.emitting[:0]
}

// Within calls visit once for each node of the graph from which the journey to source
// costs at most limit, in a deterministic order. Copies come under their own number:
// see [Graph.NodeOf]. visit must not use s.
func (s *Search) Within(source Snap, limit geo.Cost, visit func(number int32, cost geo.Cost)) {
	mustSnap(s.mode, &source)
	s.seeds = s.net.appendSeeds(s.seeds[:0], &source, 0)
	s.bounded.Search(s.seeds, limit, visit)
}

// consider keeps the cheapest journey of an origin.
func (s *Search) consider(origin int32, cost geo.Cost) {
	switch was := s.journey[origin]; {
	case was == unreached:
		s.emitting = append(s.emitting, origin)
		s.journey[origin] = cost
	case cost < was:
		s.journey[origin] = cost
	}
}
