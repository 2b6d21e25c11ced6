package scenario

import (
	"sort"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// offer is the offer of a base taken apart, over the inhabited parts: what a scenario
// leaves alone is not computed again. Sums are taken in the order of
// [coverage.NewOffer], so that they have the same bits.
type offer struct {
	share  []float64 // of every site, for 1 000 fragile inhabitants who are near
	first  []int32   // the sites of part p: byPart[first[p]:first[p+1]], ascending
	byPart []trip
	bySite [][]trip // parts, ascending
}

// trip is one within the cut-off, to a site or from a part.
type trip struct {
	other int32
	decay float64
}

func newOffer(b *Base) *offer {
	e := b.e
	o := &offer{share: make([]float64, len(e.Sites)), first: make([]int32, len(e.People)+1), bySite: make([][]trip, len(e.Sites))}
	within := &e.Access[b.query.Mode].Within
	for p, people := range e.People {
		if people > 0 {
			row, costs := within.Row(int32(p))
			for j, site := range row {
				if c := geo.Cost(costs[j]); c <= b.query.Cutoff && e.Sites[site].Services.Offers(b.query.Service) {
					d := coverage.Decay(c, b.query.Cutoff)
					o.byPart = append(o.byPart, trip{int32(site), d})
					o.bySite[site] = append(o.bySite[site], trip{int32(p), d})
				}
			}
		}
		o.first[p+1] = int32(len(o.byPart))
	}
	for site := range o.share {
		if s := &e.Sites[site]; s.Services.Offers(b.query.Service) {
			o.share[site] = coverage.Share(given(&s.Horaires), o.demand(int32(site), b.need.Fragile))
		}
	}
	return o
}

func (o *offer) of(part int32) []trip { return o.byPart[o.first[part]:o.first[part+1]] }

// demand is the fragile inhabitants who share a site, by nearness.
func (o *offer) demand(site int32, fragile []float64) (sum float64) {
	for _, t := range o.bySite[site] {
		sum += float64(fragile[t.other] * t.decay)
	}
	return sum
}

// given is the hours a week that a site is known to give.
func given(h *lieu.Horaires) float64 {
	if !h.Known {
		return 0
	}
	return access.SlotsToHours(uint16(h.Slots.Len()))
}

// reoffer computes the offer again where fragile inhabitants or sites changed.
func (v *evaluation) reoffer() {
	w, p, o, service := v.w, v.plan, v.offer, v.query.Service
	dirty, swapped := make([]bool, len(p.order)), make([]bool, len(p.order))
	for _, c := range w.fragiles.list {
		for _, part := range v.e.ByCommune[c] {
			for _, t := range o.of(part) {
				dirty[t.other] = true
			}
		}
	}
	for _, label := range v.rescheduled {
		dirty[label] = true
	}
	for _, list := range [...][]int32{v.lost, v.gained} {
		for _, label := range list {
			dirty[label], swapped[label] = true, true
		}
	}
	share, demand := make([]float64, len(p.order)), make([]float64, len(p.order))
	copy(share, o.share)
	for _, j := range v.joined {
		if v.e.People[j.part] > 0 {
			demand[j.label] += float64(w.fragile[j.part] * coverage.Decay(j.cost, v.query.Cutoff))
		}
	}
	for label, is := range dirty {
		l := int32(label)
		if !is {
			continue
		}
		was := share[label]
		switch {
		case !p.has(l, service):
			share[label] = 0
		case p.had(l, service):
			share[label] = coverage.Share(given(p.hours(l)), o.demand(l, w.fragile))
		default:
			share[label] = coverage.Share(given(p.hours(l)), demand[l])
		}
		if (swapped[label] || share[label] != was) && label < len(o.bySite) {
			for _, t := range o.bySite[label] {
				w.found.add(t.other)
			}
		}
	}
	for _, j := range v.joined {
		if v.e.People[j.part] > 0 {
			w.found.add(j.part)
		}
	}
	for _, part := range w.found.list {
		w.perThousand[part] = v.finds(part, share)
		w.needed.add(v.e.Grid.Parts[part].Commune)
	}
}

// finds adds up what one part finds, in the order of the new list of sites.
func (v *evaluation) finds(part int32, share []float64) (sum float64) {
	p := v.plan
	at := sort.Search(len(v.joined), func(i int) bool { return v.joined[i].part >= part })
	next := func(before int32) {
		for ; at < len(v.joined) && v.joined[at].part == part && (before < 0 || p.order[v.joined[at].label] < before); at++ {
			sum += float64(coverage.Decay(v.joined[at].cost, v.query.Cutoff) * share[v.joined[at].label])
		}
	}
	for _, t := range v.offer.of(part) {
		if !p.has(t.other, v.query.Service) {
			continue
		}
		next(p.order[t.other])
		sum += float64(t.decay * share[t.other])
	}
	next(-1)
	return sum
}

// unknownHours counts the sites that the offer leaves out.
func (p *plan) unknownHours(s lieu.Service) (n int) {
	for i := range p.sites {
		if p.sites[i].Services.Offers(s) && !p.sites[i].Horaires.Known {
			n++
		}
	}
	return n
}
