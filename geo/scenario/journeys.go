package scenario

import (
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// journeys are the journeys of every part to the nearest site of one service by one mode,
// while a scenario is looked at. Sites are labels (see the package). Between scenarios
// they are those of the edition.
type journeys struct {
	base    *access.Nearest
	now     access.Nearest
	touched []int32 // parts that were set, each once
	marked  []bool
	pending []int32 // parts whose nearest kept site is beyond the horizon
}

func newJourneys(base *access.Nearest) *journeys {
	return &journeys{base: base, marked: make([]bool, len(base.Reach)),
		now: access.Nearest{Reach: slices.Clone(base.Reach), Cost: slices.Clone(base.Cost), Site: slices.Clone(base.Site)}}
}

func (t *journeys) set(part int32, reach geo.Reach, cost geo.Cost, label uint16) {
	if !t.marked[part] {
		t.marked[part] = true
		t.touched = append(t.touched, part)
	}
	t.now.Reach[part], t.now.Cost[part], t.now.Site[part] = reach, cost, label
}

func (t *journeys) restore() {
	for _, p := range t.touched {
		t.marked[p] = false
		t.now.Reach[p], t.now.Cost[p], t.now.Site[p] = t.base.Reach[p], t.base.Cost[p], t.base.Site[p]
	}
	t.touched = t.touched[:0]
}

// arrival is a part that may reach a new site, and its cost.
type arrival struct {
	part int32
	cost geo.Cost
}

// lose takes the lost labels out: their parts go to the nearest of the sites that are
// left within the horizon, or are left pending.
func (t *journeys) lose(w *access.Within, people []int32, p *plan, s lieu.Service, lost []int32) {
	t.pending = t.pending[:0]
	if len(lost) == 0 {
		return
	}
	gone := make([]bool, len(p.old))
	for _, label := range lost {
		gone[label] = true
	}
	for part, site := range t.base.Site {
		if site == access.Nowhere || !gone[site] || people[part] == 0 {
			continue
		}
		best, bestCost := int32(-1), geo.Cost(0)
		row, costs := w.Row(int32(part))
		for j, label := range row {
			// Sites come in the order that they keep, so that the first of equals wins.
			if cost := geo.Cost(costs[j]); (best < 0 || cost < bestCost) && p.had(int32(label), s) && p.has(int32(label), s) && network.Counts(w.SlotsOf(int32(part), j)) {
				best, bestCost = int32(label), cost
			}
		}
		if best >= 0 {
			t.set(int32(part), geo.Reached, bestCost, uint16(best))
		} else {
			t.set(int32(part), geo.NoPath, 0, access.Nowhere)
			t.pending = append(t.pending, int32(part))
		}
	}
}

// gain lets each part go to a new site that is nearer, or as near and earlier in the
// list.
func (t *journeys) gain(p *plan, label int32, came []arrival) {
	order := p.order[label]
	for _, a := range came {
		if t.now.Reach[a.part] == geo.Reached {
			now := t.now.Cost[a.part]
			if a.cost > now || a.cost == now && p.order[t.now.Site[a.part]] < order {
				continue
			}
		}
		t.set(a.part, geo.Reached, a.cost, uint16(label))
	}
}

// settle finds the nearest of all sites for the parts that are pending still: one
// search from all of them at once.
func (t *journeys) settle(by *travel, p *plan, s lieu.Service) {
	far := func(part int32) bool {
		return t.now.Reach[part] != geo.Reached || t.now.Cost[part] > access.Horizon
	}
	if !slices.ContainsFunc(t.pending, far) {
		return
	}
	search := by.search()
	defer by.searches.Put(search)
	sites := must(by.net.Sites(context.Background(), network.SitesOf(p.sites)))
	lower := func(some []int32, serves func(part int32) bool) {
		if len(some) == 0 {
			return
		}
		field := search.Nearest(by.starts, sites, some)
		for _, part := range t.pending {
			if a, site := field.At(part); a.Reach == geo.Reached && far(part) && (serves == nil || serves(part)) {
				now := t.now.Cost[part]
				if t.now.Reach[part] != geo.Reached || a.Cost < now || a.Cost == now && site < p.order[t.now.Site[part]] {
					t.set(part, a.Reach, a.Cost, uint16(p.label[site]))
				}
			}
		}
	}
	lower(offering(p.sites, s), nil)
	for i := range p.sites {
		if p.sites[i].Reserve != nil && p.sites[i].Offers(s) {
			lower([]int32{int32(i)}, p.serves(int32(i)))
		}
	}
}
