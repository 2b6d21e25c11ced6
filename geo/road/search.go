package road

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// Search is the scratch space of one goroutine for one mode; reuse it. Once warm
// it allocates nothing. Searches of one Network run in parallel.
type Search struct {
	net   *Network
	mode  geo.Mode
	in    Rows // arcs by the node they enter: searches run against the arcs
	queue queue
	field Field

	// Of Reach and Within.
	cost     []geo.Cost // per node; unreached between calls
	touched  []int32    // nodes whose cost is set
	trip     []geo.Cost // per origin; unreached between calls
	emitting []int32    // origins whose trip is set
}

// unreached marks a node inside a search; it leaves the package as a geo.Reach.
const (
	unreached      geo.Cost = math.MaxUint32
	unreachedLabel label    = math.MaxUint64
)

// batchSize nodes are looked up together.
const batchSize = 8

// NewSearch returns a Search over the mode's graph.
func (n *Network) NewSearch(m geo.Mode) *Search {
	in := n.graphs[m].In
	return &Search{net: n, mode: m, in: in, queue: queue{shift: 32 + bucketShift(in.Arcs)}}
}

// mustSnap panics when s was made for another mode: its costs would be of one
// world and the arcs of another.
func mustSnap(m geo.Mode, s *Snap) {
	if s.Mode != m {
		panic("road: " + s.Mode.String() + " snap given to a " + m.String() + " search")
	}
}

// Nearest computes the trip from everywhere to the nearest of the sources. The
// owner of a place is the index in sources of the nearest one, the lowest among
// equals. Sources without road are never reached. The Field is valid until the
// next call of Nearest on s; Reach and Within leave it alone.
func (s *Search) Nearest(sources []Snap) *Field {
	f := &s.field
	if f.label == nil {
		f.net, f.mode, f.label = s.net, s.mode, make([]label, len(s.net.nodes))
	}
	for i := range f.label {
		f.label[i] = unreachedLabel
	}
	f.takeSources(sources)
	s.seedLabels()
	s.spreadLabels()
	return f
}

// seedLabels labels the ends of the sources' edges.
func (s *Search) seedLabels() {
	f := &s.field
	lowest := unreachedLabel
	for i := range f.sources {
		src := &f.sources[i]
		if src.Edge < 0 {
			continue
		}
		if src.Open&ArriveByStart != 0 {
			l := newLabel(src.FromStart+src.Access, i)
			u := s.net.from[src.Edge]
			f.label[u] = min(f.label[u], l)
			lowest = min(lowest, l)
		}
		if src.Open&ArriveByEnd != 0 {
			l := newLabel(src.FromEnd+src.Access, i)
			v := s.net.to[src.Edge]
			f.label[v] = min(f.label[v], l)
			lowest = min(lowest, l)
		}
	}
	s.queue.start(entry(lowest))
	for i := range f.sources {
		if src := &f.sources[i]; src.Edge >= 0 {
			for _, v := range [2]int32{s.net.from[src.Edge], s.net.to[src.Edge]} {
				if l := f.label[v]; l != unreachedLabel {
					s.queue.push(entry(l)&^math.MaxUint32 | entry(v))
				}
			}
		}
	}
}

// spreadLabels settles every node. Labels compare by cost, then owner, so one
// comparison serves both, and a tie is won by the lowest source.
func (s *Search) spreadLabels() {
	q, labels, first, arcs := &s.queue, s.field.label, s.in.First, s.in.Arcs
	type labelled struct {
		label       label
		first, last uint32
	}
	var batch [batchSize]labelled
	for {
		slot, ok := q.next()
		if !ok {
			return
		}
		for i := 0; i < len(q.ring[slot]); {
			// Several nodes are looked up before any is relaxed: their cache
			// misses overlap. The bucket may grow meanwhile.
			bucket := q.ring[slot][i:]
			bucket = bucket[:min(len(bucket), len(batch))]
			i += len(bucket)
			live := 0
			for _, e := range bucket {
				v := uint32(e)
				l := labels[v]
				batch[live%len(batch)] = labelled{l, first[v], first[v+1]}
				if uint64(l)>>32 == e>>32 && e>>32 <= maxCost { // else since reached at less, or absurdly far
					live++
				}
			}
			for _, from := range batch[:live] {
				for _, a := range arcs[from.first:from.last] {
					reach := from.label + label(a.Cost)<<32
					if reach >= labels[a.Node] {
						continue
					}
					labels[a.Node] = reach
					x := uint64(reach)&^math.MaxUint32 | uint64(uint32(a.Node))
					if b := q.bucketOf(x); b-q.now < ringSize {
						b &= ringMask
						q.ring[b] = append(q.ring[b], x)
						q.filled[b/64] |= 1 << (b % 64)
					} else {
						q.far = append(q.far, x)
					}
				}
			}
		}
		q.done(slot)
	}
}

// Within calls visit once for each node from which the trip to source costs at
// most limit, in a deterministic order. visit must not use s.
func (s *Search) Within(source Snap, limit geo.Cost, visit func(node int32, cost geo.Cost)) {
	s.bounded(&source, limit)
	for _, v := range s.touched {
		visit(v, s.cost[v])
	}
	s.forget()
}

// Reach calls emit once for each origin whose trip to source costs at most
// limit (inclusive), in a deterministic order. emit must not use s.
func (s *Search) Reach(source Snap, limit geo.Cost, origins *Origins, emit func(origin int32, cost geo.Cost)) {
	if origins.count > 0 && origins.mode != s.mode {
		panic("road: " + origins.mode.String() + " origins given to a " + s.mode.String() + " search")
	}
	for len(s.trip) < origins.count {
		s.trip = append(s.trip, unreached)
	}
	s.bounded(&source, limit)
	for _, v := range s.touched {
		c := s.cost[v]
		for _, o := range origins.at(v) {
			if o.cost > limit-c { // they are in order of cost
				break
			}
			s.consider(o.origin, c+o.cost)
		}
	}
	if source.Edge >= 0 {
		for i := range origins.on(source.Edge) {
			o := &origins.on(source.Edge)[i]
			if c, ok := direct(&o.snap, &source); ok {
				if c += o.snap.Access + source.Access; c <= limit {
					s.consider(o.origin, c)
				}
			}
		}
	}
	s.forget()
	for _, o := range s.emitting {
		c := s.trip[o]
		s.trip[o] = unreached
		emit(o, c)
	}
	s.emitting = s.emitting[:0]
}

// consider keeps the cheapest trip of an origin.
func (s *Search) consider(origin int32, cost geo.Cost) {
	switch was := s.trip[origin]; {
	case was == unreached:
		s.emitting = append(s.emitting, origin)
		s.trip[origin] = cost
	case cost < was:
		s.trip[origin] = cost
	}
}

// bounded sets s.cost for every node within limit of source, and s.touched to
// these nodes.
func (s *Search) bounded(source *Snap, limit geo.Cost) {
	mustSnap(s.mode, source)
	if s.cost == nil {
		s.cost = make([]geo.Cost, len(s.net.nodes))
		for v := range s.cost {
			s.cost[v] = unreached
		}
	}
	if source.Edge < 0 {
		return
	}
	limit = min(limit, maxCost)
	q, costs, first, arcs := &s.queue, s.cost, s.in.First, s.in.Arcs
	q.start(entry(min(source.Access+source.FromStart, source.Access+source.FromEnd)) << 32)
	seed := func(v int32, c geo.Cost) {
		if c <= limit && c < costs[v] {
			if costs[v] == unreached {
				s.touched = append(s.touched, v)
			}
			costs[v] = c
			q.push(uint64(c)<<32 | uint64(v))
		}
	}
	if source.Open&ArriveByStart != 0 {
		seed(s.net.from[source.Edge], source.Access+source.FromStart)
	}
	if source.Open&ArriveByEnd != 0 {
		seed(s.net.to[source.Edge], source.Access+source.FromEnd)
	}
	type reached struct {
		cost        geo.Cost
		first, last uint32
	}
	var batch [batchSize]reached
	touched := s.touched
	for {
		slot, ok := q.next()
		if !ok {
			break
		}
		for i := 0; i < len(q.ring[slot]); { // as in spreadLabels
			bucket := q.ring[slot][i:]
			bucket = bucket[:min(len(bucket), len(batch))]
			i += len(bucket)
			live := 0
			for _, e := range bucket {
				v, c := uint32(e), geo.Cost(e>>32)
				batch[live%len(batch)] = reached{c, first[v], first[v+1]}
				if costs[v] == c {
					live++
				}
			}
			for _, from := range batch[:live] {
				for _, a := range arcs[from.first:from.last] {
					reach, was := from.cost+a.Cost, costs[a.Node]
					if reach >= was || reach > limit {
						continue
					}
					if was == unreached {
						touched = append(touched, a.Node)
					}
					costs[a.Node] = reach
					x := uint64(reach)<<32 | uint64(uint32(a.Node))
					if b := q.bucketOf(x); b-q.now < ringSize {
						b &= ringMask
						q.ring[b] = append(q.ring[b], x)
						q.filled[b/64] |= 1 << (b % 64)
					} else {
						q.far = append(q.far, x)
					}
				}
			}
		}
		q.done(slot)
	}
	s.touched = touched
}

// forget makes s.cost unreached again.
func (s *Search) forget() {
	for _, v := range s.touched {
		s.cost[v] = unreached
	}
	s.touched = s.touched[:0]
}

// takeSources copies the sources and orders those on an edge by edge.
func (f *Field) takeSources(sources []Snap) {
	f.sources = append(f.sources[:0], sources...)
	f.byEdge = f.byEdge[:0]
	for i := range sources {
		mustSnap(f.mode, &sources[i])
		if e := sources[i].Edge; e >= 0 {
			f.byEdge = append(f.byEdge, uint64(e)<<32|uint64(i))
		}
	}
	slices.Sort(f.byEdge)
}
