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
	"github.com/aisne-numerique/maillage/geo/network"
)

// MaxSites is the number of sites that a table can hold (their positions are 16
// bits wide).
const MaxSites = math.MaxUint16

// Serves tells of a site which parts it serves; nil: all. See [lieu.Site.Reserve].
type Serves func(site int32) func(part int32) bool

// Compute computes the table of one network: starts are where the journeys of every part
// start, serves (nil: all serve all) who may use a site. One search per service finds the nearest sites, one bounded search per site finds
// who reaches it; both run on every processor. done, when not nil, is called after each
// search with the number finished and the number in all, from any goroutine.
func Compute(ctx context.Context, net network.Network, starts []geo.LonLat, sites []lieu.Site, serves Serves, done func(n, of int)) (*Table, error) {
	if len(sites) > MaxSites {
		return nil, fmt.Errorf("access: %d sites: expected at most %d", len(sites), MaxSites)
	}
	from, err := net.Starts(ctx, starts)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	to, err := net.Sites(ctx, network.SitesOf(sites))
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	t := &Table{Leg: from.Legs(), SiteLeg: to.Legs()}
	steps, of := atomic.Int64{}, lieu.NumTargets+len(sites)
	step := func() {
		if n := steps.Add(1); done != nil {
			done(int(n), of)
		}
	}
	only := make([]func(part int32) bool, len(sites))
	for i := range only {
		if serves != nil {
			only[i] = serves(int32(i))
		}
	}
	searches := make(chan network.Search, runtime.GOMAXPROCS(0))
	for range cap(searches) {
		searches <- net.NewSearch()
	}
	work, nearest := errgroup.WithContext(ctx)
	work.SetLimit(cap(searches))
	for s := range lieu.Service(lieu.NumTargets) {
		work.Go(func() error {
			search := <-searches
			defer func() { searches <- search; step() }()
			if err := nearest.Err(); err != nil {
				return err
			}
			some := []int32{}
			for i := range sites {
				if sites[i].Offers(s) && only[i] == nil {
					some = append(some, int32(i))
				}
			}
			t.Nearest[s] = nearestOf(search.Nearest(from, to, some), len(starts))
			for i := range sites {
				if sites[i].Offers(s) && only[i] != nil {
					t.Nearest[s].lower(search.Nearest(from, to, []int32{int32(i)}), only[i])
				}
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	origins := from.Index(network.All(len(starts)))
	all := func(int32) bool { return true }
	t.Within, err = Gather(ctx, len(starts), len(sites), func() func(int, network.Emit) {
		search := <-searches
		return func(site int, emit network.Emit) {
			may := all
			if only[site] != nil {
				may = only[site]
			}
			search.Reach(to, int32(site), Horizon, nil, origins, func(part int32, cost, time geo.Cost, slots *network.Slots) {
				if may(part) {
					emit(part, cost, time, slots)
				}
			})
		}
	}, step)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	return t, nil
}

// nearestOf writes a field out.
func nearestOf(field network.Field, starts int) Nearest {
	n := Nearest{Reach: make([]geo.Reach, starts), Cost: make([]geo.Cost, starts), Site: make([]uint16, starts)}
	for i := range starts {
		a, site := field.At(int32(i))
		n.Reach[i], n.Site[i] = a.Reach, Nowhere
		if a.Reach == geo.Reached {
			n.Cost[i], n.Site[i] = a.Cost, uint16(site)
		}
	}
	return n
}

// lower lets the parts that a site serves go there, where it is nearer, or as near and
// earlier in the list. field is of that site alone.
func (n *Nearest) lower(field network.Field, serves func(part int32) bool) {
	for i := range n.Reach {
		a, site := field.At(int32(i))
		if a.Reach != geo.Reached || !serves(int32(i)) {
			continue
		}
		if n.Reach[i] != geo.Reached || a.Cost < n.Cost[i] || a.Cost == n.Cost[i] && uint16(site) < n.Site[i] {
			n.Reach[i], n.Cost[i], n.Site[i] = a.Reach, a.Cost, uint16(site)
		}
	}
}

// Gather lists who reaches each site, on every processor. newSearch is called once
// for each; the function that it returns emits the steps of the origins that reach a site
// (see [network.Search]), at most [Horizon]. done, when not nil, is called after each
// site, from any goroutine. While it works it takes 6 bytes for each step, and the
// result 4 more; where not every slot counts, 6 each, and the slots.
func Gather(ctx context.Context, origins, sites int, newSearch func() func(site int, emit network.Emit), done func()) (Within, error) {
	lists := make([]arrivals, sites)
	work, ctx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() error {
			search, scratch := newSearch(), arrivals{}
			emit := func(origin int32, cost, time geo.Cost, slots *network.Slots) {
				scratch.add(origin, cost, time, slots)
			}
			for site := int(next.Add(1)) - 1; site < sites; site = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				scratch = arrivals{parts: scratch.parts[:0], costs: scratch.costs[:0], times: scratch.times[:0], numbers: scratch.numbers[:0]}
				search(site, emit)
				lists[site] = scratch.clone()
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

// arrivals are the steps to a site: the parts that they are from, and their costs. Where not
// every slot counts they also have times, and numbers of slots: 0 for all, else a position in
// slots plus one.
type arrivals struct {
	parts   []int32
	costs   []uint16
	times   []uint16
	numbers []uint32
	slots   []lieu.Slots // each once
	known   map[lieu.Slots]uint32
}

// add takes a step. Those before the first with slots are of all of them, in their cost.
func (a *arrivals) add(part int32, cost, time geo.Cost, slots *lieu.Slots) {
	if slots != nil && a.known == nil {
		a.known = map[lieu.Slots]uint32{}
		a.times = append(a.times[:0], a.costs...)
		a.numbers = append(a.numbers[:0], make([]uint32, len(a.costs))...)
	}
	a.parts, a.costs = append(a.parts, part), append(a.costs, uint16(cost))
	if a.known == nil {
		return
	}
	number := uint32(0)
	if slots != nil {
		var met bool
		if number, met = a.known[*slots]; !met {
			a.slots = append(a.slots, *slots)
			number = uint32(len(a.slots))
			a.known[*slots] = number
		}
	}
	a.times, a.numbers = append(a.times, uint16(time)), append(a.numbers, number)
}

// clone is a without the memory that it shares with the next site.
func (a *arrivals) clone() arrivals {
	out := arrivals{parts: slices.Clone(a.parts), costs: slices.Clone(a.costs), slots: a.slots}
	if a.known != nil {
		out.times, out.numbers = slices.Clone(a.times), slices.Clone(a.numbers)
	}
	return out
}

// transpose turns "who reaches this site" into "which sites does this part
// reach", sites ascending.
func transpose(lists []arrivals, parts int) Within {
	w := Within{First: make([]uint32, parts+1)}
	sparse := false
	for _, list := range lists {
		sparse = sparse || list.numbers != nil
		for _, p := range list.parts {
			w.First[p+1]++
		}
	}
	for i := range parts {
		w.First[i+1] += w.First[i]
	}
	w.Site, w.Cost = make([]uint16, w.First[parts]), make([]uint16, w.First[parts])
	if sparse {
		w.Time, w.Counted = make([]uint16, w.First[parts]), make([]uint32, w.First[parts])
	}
	seen := map[lieu.Slots]uint32{}
	var numbers []uint32 // of the slots of the site, in w
	next := slices.Clone(w.First[:parts])
	for site, list := range lists {
		numbers = numbers[:0]
		for _, slots := range list.slots {
			number, known := seen[slots]
			if !known {
				w.Slots = append(w.Slots, slots)
				number = uint32(len(w.Slots))
				seen[slots] = number
			}
			numbers = append(numbers, number)
		}
		for i, p := range list.parts {
			k := next[p]
			w.Site[k], w.Cost[k] = uint16(site), list.costs[i]
			next[p]++
			if list.numbers != nil {
				if w.Time[k] = list.times[i]; list.numbers[i] > 0 {
					w.Counted[k] = numbers[list.numbers[i]-1]
				}
			} else if sparse {
				w.Time[k] = list.costs[i]
			}
		}
		lists[site] = arrivals{}
	}
	return w
}
