package road

import (
	"context"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// By is n as one mode travels it: all slots of a site count for whoever reaches it.
func (n *Network) By(m street.Mode) network.Network { return travel{n, m} }

type travel struct {
	net  *Network
	mode street.Mode
}

// joined are starts or sites, each put on an edge.
type joined struct {
	by    travel
	snaps []Snap
	legs  network.Legs
}

func (t travel) EverySlot() bool { return true }

func (t travel) Starts(ctx context.Context, at []geo.LonLat) (network.Starts, error) {
	return t.places(ctx, len(at), func(i int) geo.LonLat { return at[i] })
}

func (t travel) Sites(ctx context.Context, sites []network.Site) (network.Sites, error) {
	return t.places(ctx, len(sites), func(i int) geo.LonLat { return sites[i].At })
}

// places snaps on every processor.
func (t travel) places(ctx context.Context, count int, at func(i int) geo.LonLat) (*joined, error) {
	p := &joined{t, make([]Snap, count), network.Legs{
		Reach: make([]geo.Reach, count), Cost: make([]geo.Cost, count), Joints: make([]network.Joint, count),
	}}
	work, ctx := errgroup.WithContext(ctx)
	const chunk = 4096
	for first := 0; first < count; first += chunk {
		work.Go(func() error {
			for i := first; i < min(first+chunk, count); i++ {
				p.snaps[i], p.legs.Reach[i] = t.net.Snap(t.mode, at(i))
				if p.legs.Reach[i] == geo.Reached {
					p.legs.Cost[i], p.legs.Joints[i] = p.snaps[i].Leg(), p.snaps[i].joint()
				}
			}
			return ctx.Err()
		})
	}
	return p, work.Wait()
}

// joint tells s in the terms of the contract.
func (s *Snap) joint() (j network.Joint) {
	if s.Second != nil {
		j |= network.Twice
	}
	if s.Tied {
		j |= network.Tied
	}
	return j
}

func (p *joined) Legs() network.Legs { return p.legs }

func (p *joined) Index(some []int32) network.Origins {
	snaps, reach := make([]Snap, len(some)), make([]geo.Reach, len(some))
	for i, start := range some {
		snaps[i], reach[i] = p.snaps[start], p.legs.Reach[start]
	}
	return p.by.net.NewOrigins(snaps, reach)
}

// traveller is a Search in the terms of the contract.
type traveller struct {
	*Search
	sources []Snap
	nearest nearest
}

func (t travel) NewSearch() network.Search { return &traveller{Search: t.net.NewSearch(t.mode)} }

func (t *traveller) Nearest(starts network.Starts, sites network.Sites, some []int32) network.Field {
	from, to := starts.(*joined), sites.(*joined)
	t.sources = t.sources[:0]
	var which []int32
	for _, site := range some {
		if to.legs.Reach[site] == geo.Reached {
			t.sources, which = append(t.sources, to.snaps[site]), append(which, site)
		}
	}
	t.nearest = nearest{starts: from, which: which}
	if len(which) > 0 {
		t.nearest.field = t.Search.Nearest(t.sources)
	}
	return &t.nearest
}

func (t *traveller) Reach(sites network.Sites, site int32, limit geo.Cost, ceiling network.Ceiling, origins network.Origins, emit network.Emit) {
	to := sites.(*joined)
	if to.legs.Reach[site] != geo.Reached {
		return
	}
	var under []geo.Cost
	if ceiling != nil {
		under = ceiling.([]geo.Cost)
	}
	t.ReachUnder(to.snaps[site], limit, under, origins.(*Origins), func(origin int32, cost geo.Cost) { emit(origin, cost, cost, nil) })
}

// nearest is a Field in the terms of the contract. Its own is nil when no site is on the
// network: then nothing is searched.
type nearest struct {
	starts *joined
	which  []int32
	field  *Field
}

func (f *nearest) At(start int32) (geo.Access, int32) {
	if f.field == nil {
		if reach := f.starts.legs.Reach[start]; reach != geo.Reached {
			return geo.Access{Reach: reach}, -1
		}
		return geo.Access{Reach: geo.NoPath}, -1
	}
	access, owner := f.field.At(f.starts.snaps[start])
	if owner >= 0 {
		owner = f.which[owner]
	}
	return access, owner
}

// Keep gives the label of every node; nil when no site is on the network.
func (f *nearest) Keep() network.KeptField {
	if f.field == nil {
		return []graph.Label(nil)
	}
	labels := f.field.AppendLabels(nil)
	for i, l := range labels {
		if l.Reached() {
			labels[i] = graph.NewLabel(l.Cost(), f.which[l.Owner()])
		}
	}
	return labels
}

// Raise gives, for every node, how far a new site may be: where nothing is reached, however
// far.
func (t travel) Raise(dst network.Ceiling, fields []network.KeptField, gone func(field int, site int32) bool) network.Ceiling {
	nodes := t.net.Graph(t.mode).In.Nodes()
	ceiling, _ := dst.([]geo.Cost)
	if cap(ceiling) < nodes {
		ceiling = make([]geo.Cost, nodes)
	}
	ceiling = ceiling[:nodes]
	clear(ceiling)
	for k, field := range fields {
		labels := field.([]graph.Label)
		if labels == nil {
			for v := range ceiling {
				ceiling[v] = graph.MaxCost
			}
			continue
		}
		for v, l := range labels {
			cost := graph.MaxCost
			if l.Reached() && (gone == nil || !gone(k, l.Owner())) {
				cost = l.Cost()
			}
			ceiling[v] = max(ceiling[v], cost)
		}
	}
	return ceiling
}
