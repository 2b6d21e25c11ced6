package transit

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/parallel"
)

// Network is a timetable and the streets on which people walk to its stops, from one to
// another, and all the way. It keeps [network.Network]. A walk takes as long back as it does
// out.
type Network struct {
	timetable *Timetable
	walk      network.Network
	stops     network.Sites
	everyStop network.Origins
	into      links // of every node, the changes that end there, by the node that they are from
	outOf     links // the same, by the node that they lead to
	left      Left
	joined    []bool // of every stop: streets lead there, and away
}

var _ network.Network = (*Network)(nil)

// New joins the stops of a timetable to a walking network. The error is that of ctx.
func New(ctx context.Context, t *Timetable, walk network.Network) (*Network, error) {
	n := &Network{timetable: t, walk: walk, left: t.left}
	at := make([]geo.LonLat, len(t.stops))
	ends := make([]network.Site, len(t.stops))
	for i := range at {
		at[i] = t.At(int32(i))
		ends[i] = network.Site{At: at[i], Horaires: &lieu.Horaires{}}
	}
	starts, err := walk.Starts(ctx, at)
	if err == nil {
		n.stops, err = walk.Sites(ctx, ends)
	}
	if err != nil {
		return nil, fmt.Errorf("transit: %w", err)
	}
	n.everyStop = starts.Index(network.All(len(at)))
	n.joined = make([]bool, len(at))
	for i := range at {
		n.joined[i] = n.stops.Legs().Reach[i] == geo.Reached && starts.Legs().Reach[i] == geo.Reached
		if !n.joined[i] {
			n.left.OffStreets++
		}
	}
	walks, err := n.walksToStops(ctx, n.everyStop)
	if err != nil {
		return nil, err
	}
	n.changes(walks)
	return n, nil
}

// Timetable is what runs.
func (n *Network) Timetable() *Timetable { return n.timetable }

// Left counts what no journey uses.
func (n *Network) Left() Left { return n.left }

// Joined reports whether a stop (see [Timetable.Stops]) is joined to the streets. Nobody boards
// or alights at others.
func (n *Network) Joined(stop int32) bool { return n.joined[stop] }

// walksToStops lists, for every stop, the origins from which one walks there.
func (n *Network) walksToStops(ctx context.Context, origins network.Origins) ([][]link, error) {
	const atOnce = 32
	chunks, err := parallel.Map(ctx, len(n.timetable.stops), atOnce, func(from, to int) ([][]link, error) {
		search := n.walk.NewSearch()
		var out [][]link
		for s := from; s < to; s++ {
			var walks []link
			search.Reach(n.stops, int32(s), n.timetable.options.Walk, nil, origins, func(origin int32, cost, _ geo.Cost, _ *network.Slots) {
				walks = append(walks, link{origin, cost.WholeSeconds()})
			})
			slices.SortFunc(walks, func(a, b link) int { return cmp.Compare(a.to, b.to) })
			out = append(out, walks)
		}
		return out, nil
	})
	if err != nil {
		return nil, fmt.Errorf("transit: %w", err)
	}
	return slices.Concat(chunks...), nil
}

// changes tells what changes take, between all nodes of stops that are joined to streets.
// walks are, for every stop, those from other stops.
func (n *Network) changes(walks [][]link) {
	t := n.timetable
	type place struct{ feed, station int32 }
	siblings := map[place][]int32{}
	for s, called := range t.stops {
		if p := t.stopOf(int32(s)).Parent; p >= 0 {
			siblings[place{called.Feed, p}] = append(siblings[place{called.Feed, p}], int32(s))
		}
	}
	joined := n.stops.Legs().Reach
	type change struct{ from, to, seconds int32 }
	var all []change
	between := func(from, to, usual int32) {
		a, b := t.stops[from], t.stops[to]
		for u := t.first[from]; u < t.first[from+1]; u++ {
			for v := t.first[to]; v < t.first[to+1]; v++ {
				seconds, ok := usual, true
				if a.Feed == b.Feed {
					seconds, ok = t.rules[a.Feed].change(t.nodes[u], t.nodes[v], a.Stop, b.Stop, usual)
				}
				if ok && seconds <= longest {
					all = append(all, change{u, v, seconds})
				}
			}
		}
	}
	for to := range walks {
		if joined[to] != geo.Reached {
			continue
		}
		between(int32(to), int32(to), changeSeconds)
		for _, w := range walks[to] {
			if int(w.to) != to {
				between(w.to, int32(to), w.seconds+changeSeconds)
			}
		}
		if p := t.stopOf(int32(to)).Parent; p >= 0 {
			for _, from := range siblings[place{t.stops[to].Feed, p}] {
				_, walked := slices.BinarySearchFunc(walks[to], from, func(w link, from int32) int { return cmp.Compare(w.to, from) })
				if int(from) != to && !walked && joined[from] == geo.Reached {
					between(from, int32(to), changeSeconds)
				}
			}
		}
	}
	gather := func(of, by func(change) int32) links {
		slices.SortFunc(all, func(a, b change) int { return cmp.Or(cmp.Compare(of(a), of(b)), cmp.Compare(by(a), by(b))) })
		l := links{first: make([]int32, len(t.nodes)+1)}
		for i, c := range all {
			l.all = append(l.all, link{by(c), c.seconds})
			l.first[of(c)+1] = int32(i) + 1
		}
		for v := range t.nodes {
			l.first[v+1] = max(l.first[v+1], l.first[v])
		}
		return l
	}
	from, to := func(c change) int32 { return c.from }, func(c change) int32 { return c.to }
	n.into, n.outOf = gather(to, from), gather(from, to)
}

// EverySlot is false: when one can be there depends on when buses go.
func (n *Network) EverySlot() bool { return false }

// starts are where people live.
type starts struct {
	network.Starts // on foot
	count          int
	byStop         links // of every stop, who walks there
	byStart        links // of every start, the stops
	every          network.Origins
}

// Starts joins starts to the streets, and finds the stops that are walked to.
func (n *Network) Starts(ctx context.Context, at []geo.LonLat) (network.Starts, error) {
	walk, err := n.walk.Starts(ctx, at)
	if err != nil {
		return nil, err
	}
	s := &starts{Starts: walk, count: len(at), every: walk.Index(network.All(len(at)))}
	walks, err := n.walksToStops(ctx, s.every)
	if err != nil {
		return nil, err
	}
	s.byStop.first = []int32{0}
	s.byStart.first = make([]int32, len(at)+1)
	for _, ofStop := range walks {
		s.byStop.all = append(s.byStop.all, ofStop...)
		s.byStop.first = append(s.byStop.first, int32(len(s.byStop.all)))
		for _, w := range ofStop {
			s.byStart.first[w.to+1]++
		}
	}
	for i := range at {
		s.byStart.first[i+1] += s.byStart.first[i]
	}
	s.byStart.all = make([]link, len(s.byStop.all))
	next := slices.Clone(s.byStart.first)
	for stop, ofStop := range walks {
		for _, w := range ofStop {
			s.byStart.all[next[w.to]] = link{int32(stop), w.seconds}
			next[w.to]++
		}
	}
	return s, nil
}

// origins are some starts.
type origins struct {
	starts *starts
	walk   network.Origins
	of     []int32 // of every start, its number here; -1: none
	count  int
}

func (s *starts) Index(some []int32) network.Origins {
	o := &origins{s, s.Starts.Index(some), make([]int32, s.count), len(some)}
	for i := range o.of {
		o.of[i] = -1
	}
	for i, start := range some {
		o.of[start] = int32(i)
	}
	return o
}

// Sites joins sites to the streets.
func (n *Network) Sites(ctx context.Context, of []network.Site) (network.Sites, error) {
	walk, err := n.walk.Sites(ctx, of)
	if err != nil {
		return nil, err
	}
	return &sites{Sites: walk, of: of, rows: map[*starts][]*kept{}}, nil
}
