package access

import (
	"context"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
)

// MaxSites is the number of sites that a table can hold (their positions are 16
// bits wide).
const MaxSites = math.MaxUint16

// Compute computes the table of one mode: origins are where the trips of every
// part start. One backward search per service finds the nearest sites, one
// bounded backward search per site finds who reaches it; both run on every
// processor. done, when not nil, is called after each search with the number
// finished and the number in all, from any goroutine.
func Compute(ctx context.Context, network *road.Network, mode geo.Mode, origins []geo.LonLat, sites []lieu.Site, done func(n, of int)) (*Table, error) {
	if len(sites) > MaxSites {
		return nil, fmt.Errorf("access: %d sites: expected at most %d", len(sites), MaxSites)
	}
	t := &Table{}
	starts, err := t.snap(ctx, network, mode, origins, &t.Leg)
	if err != nil {
		return nil, err
	}
	at := make([]geo.LonLat, len(sites))
	for i := range sites {
		at[i] = sites[i].At
	}
	ends, err := t.snap(ctx, network, mode, at, &t.SiteLeg)
	if err != nil {
		return nil, err
	}

	steps, of := atomic.Int64{}, lieu.NumServices+len(sites)
	step := func() {
		if n := steps.Add(1); done != nil {
			done(int(n), of)
		}
	}
	searches := make(chan *road.Search, runtime.GOMAXPROCS(0))
	for range cap(searches) {
		searches <- network.NewSearch(mode)
	}
	work, nearest := errgroup.WithContext(ctx)
	work.SetLimit(cap(searches))
	for s := range lieu.Service(lieu.NumServices) {
		work.Go(func() error {
			search := <-searches
			defer func() { searches <- search; step() }()
			return t.nearest(nearest, s, search, starts, ends, sites)
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("access by %s: %w", mode, err)
	}
	index := network.NewOrigins(starts, t.Leg.Reach)
	t.Within, err = Gather(ctx, len(origins), len(sites), func() func(int, func(int32, geo.Cost)) {
		search := <-searches
		return func(site int, emit func(int32, geo.Cost)) {
			search.Reach(ends[site], Horizon, index, emit)
		}
	}, step)
	if err != nil {
		return nil, fmt.Errorf("access by %s: %w", mode, err)
	}
	return t, nil
}

// Gather lists who reaches each site, on every processor. newSearch is called once
// for each; the function that it returns emits the origins that reach a site, each
// once, and their costs, at most [Horizon]. done, when not nil, is called after each
// site, from any goroutine. While it works it takes 6 bytes for each pair, and the
// result 4 more.
func Gather(ctx context.Context, origins, sites int, newSearch func() func(site int, emit func(origin int32, cost geo.Cost)), done func()) (Within, error) {
	lists := make([]arrivals, sites)
	work, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() error {
			search, scratch := newSearch(), arrivals{}
			emit := func(origin int32, cost geo.Cost) {
				scratch.parts, scratch.costs = append(scratch.parts, origin), append(scratch.costs, uint16(cost))
			}
			for site := int(next.Add(1)) - 1; site < sites; site = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				scratch.parts, scratch.costs = scratch.parts[:0], scratch.costs[:0]
				search(site, emit)
				lists[site] = arrivals{slices.Clone(scratch.parts), slices.Clone(scratch.costs)}
				if done != nil {
					done()
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return Within{}, err
	}
	return transpose(lists, origins), nil
}

// arrivals are the parts that reach a site, and their costs.
type arrivals struct {
	parts []int32
	costs []uint16
}

// snap puts places on the road and keeps their legs.
func (t *Table) snap(ctx context.Context, network *road.Network, mode geo.Mode, places []geo.LonLat, legs *Legs) ([]road.Snap, error) {
	snaps := make([]road.Snap, len(places))
	legs.Reach, legs.Cost = make([]geo.Reach, len(places)), make([]geo.Cost, len(places))
	work, ctx := errgroup.WithContext(ctx)
	const chunk = 4096
	for first := 0; first < len(places); first += chunk {
		work.Go(func() error {
			for i := first; i < min(first+chunk, len(places)); i++ {
				snaps[i], legs.Reach[i] = network.Snap(mode, places[i])
				if legs.Reach[i] == geo.Reached {
					legs.Cost[i] = snaps[i].Access
				}
			}
			return ctx.Err()
		})
	}
	return snaps, work.Wait()
}

// nearest fills the table of one service.
func (t *Table) nearest(ctx context.Context, service lieu.Service, search *road.Search, starts, ends []road.Snap, sites []lieu.Site) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	n := &t.Nearest[service]
	n.Reach, n.Cost, n.Site = make([]geo.Reach, len(starts)), make([]geo.Cost, len(starts)), make([]uint16, len(starts))
	var sources []road.Snap
	var which []uint16
	for i := range sites {
		if sites[i].Services.Offers(service) && t.SiteLeg.Reach[i] == geo.Reached {
			sources = append(sources, ends[i])
			which = append(which, uint16(i))
		}
	}
	if len(sources) == 0 {
		for i := range starts {
			n.Site[i] = Nowhere
			if n.Reach[i] = t.Leg.Reach[i]; n.Reach[i] == geo.Reached {
				n.Reach[i] = geo.NoPath
			}
		}
		return nil
	}
	field := search.Nearest(sources)
	for i := range starts {
		a, owner := field.At(starts[i])
		n.Reach[i], n.Site[i] = a.Reach, Nowhere
		if a.Reach == geo.Reached {
			n.Cost[i], n.Site[i] = a.Cost, which[owner]
		}
	}
	return nil
}

// transpose turns "who reaches this site" into "which sites does this part
// reach", sites ascending.
func transpose(lists []arrivals, parts int) Within {
	w := Within{First: make([]uint32, parts+1)}
	for _, list := range lists {
		for _, p := range list.parts {
			w.First[p+1]++
		}
	}
	for i := range parts {
		w.First[i+1] += w.First[i]
	}
	w.Site, w.Cost = make([]uint16, w.First[parts]), make([]uint16, w.First[parts])
	next := slices.Clone(w.First[:parts])
	for site, list := range lists {
		for i, p := range list.parts {
			k := next[p]
			w.Site[k], w.Cost[k] = uint16(site), list.costs[i]
			next[p]++
		}
		lists[site] = arrivals{}
	}
	return w
}
