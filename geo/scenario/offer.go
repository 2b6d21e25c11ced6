package scenario

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// offer is the offer of a base taken apart, by home: what a scenario leaves alone is not
// computed again. Sums are taken in the order of [coverage.NewOffer], so that they have
// the same bits.
type offer struct {
	fragile     []float64 // of every home
	perThousand []float64
	share       []float64 // of every site, for 1 000 fragile inhabitants who are near
	first       []int32   // the sites of home h: byHome[first[h]:first[h+1]], ascending
	byHome      []trip
	bySite      [][]trip // homes, ascending
}

// trip is one within the cut-off, to a site or from a home: its number and, in the two
// lowest bits, the step of its decay.
type trip uint32

// decays are the steps of [coverage.Decay].
var decays = [4]float64{1, 0.3, 0.1}

func newTrip(other int32, cost, cutoff geo.Cost) trip {
	d := coverage.Decay(cost, cutoff)
	return trip(other)<<2 | trip(slices.Index(decays[:], d))
}

func (t trip) other() int32 { return int32(t >> 2) }

func (t trip) decay() float64 { return decays[t&3] }

func newOffer(b *Base) *offer {
	e, homes := b.e, len(b.homes.part)
	o := &offer{share: make([]float64, len(e.Sites)), first: make([]int32, homes+1), bySite: make([][]trip, len(e.Sites)),
		fragile: make([]float64, homes), perThousand: make([]float64, homes)}
	within := &e.Access[b.query.Mode].Within
	for h, p := range b.homes.part {
		o.fragile[h], o.perThousand[h] = b.need.Fragile[p], b.need.PerThousand[p]
		row, costs := within.Row(p)
		for j, site := range row {
			if c := geo.Cost(costs[j]); c <= b.query.Cutoff && e.Sites[site].Services.Offers(b.query.Service) {
				o.byHome = append(o.byHome, newTrip(int32(site), c, b.query.Cutoff))
				o.bySite[site] = append(o.bySite[site], newTrip(int32(h), c, b.query.Cutoff))
			}
		}
		o.first[h+1] = int32(len(o.byHome))
	}
	for site := range o.share {
		if s := &e.Sites[site]; s.Services.Offers(b.query.Service) {
			o.share[site] = coverage.Share(given(&s.Horaires), o.demand(int32(site), o.fragile))
		}
	}
	return o
}

func (o *offer) of(home int32) []trip { return o.byHome[o.first[home]:o.first[home+1]] }

// demand is the fragile inhabitants who share a site, by nearness.
func (o *offer) demand(site int32, fragile []float64) (sum float64) {
	for _, t := range o.bySite[site] {
		sum += float64(fragile[t.other()] * t.decay())
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

// reoffer computes the offer again where fragile inhabitants or sites changed, and the
// need of every commune.
func (v *evaluation) reoffer() {
	w, p, o, service := v.w, v.plan, v.offer, v.query.Service
	shared := make([]bool, len(p.order)) // sites whose share may change
	for label := range shared {
		// Few sites are out of reach of all communes whose score changes.
		shared[label] = len(w.fragiles.list) > 0
	}
	for _, list := range [...][]int32{v.lost, v.gained, v.rescheduled} {
		for _, label := range list {
			shared[label] = true
		}
	}
	demand := make([]float64, len(p.order)) // of the gained ones
	joins := v.joinsByHome()
	for _, j := range joins {
		demand[j.label] += float64(w.fragile[j.home] * coverage.Decay(j.cost, v.query.Cutoff))
	}
	// What a site gives at each step of the decay, 0 when it is lost: adding 0 changes no
	// bit of a sum.
	steps := make([][len(decays)]float64, len(p.order))
	for label := range p.order {
		l := int32(label)
		var share float64
		switch {
		case label < len(o.share) && !shared[label]:
			share = o.share[label]
		case !p.has(l, service):
		case p.had(l, service):
			share = coverage.Share(given(p.hours(l)), o.demand(l, w.fragile))
		default:
			share = coverage.Share(given(p.hours(l)), demand[l])
		}
		for k, d := range decays {
			steps[label][k] = d * share
		}
	}
	needed := make([]bool, len(v.e.ByCommune))
	for _, c := range w.fragiles.list {
		needed[c] = true
	}
	for h := range int32(len(v.homes.part)) {
		row := o.of(h)
		if len(joins) > 0 && joins[0].home == h {
			n := 1
			for n < len(joins) && joins[n].home == h {
				n++
			}
			w.perThousand[h] = merged(p, row, joins[:n], steps, v.query.Cutoff)
			joins = joins[n:]
		} else {
			var sum float64
			for _, t := range row {
				sum += steps[t.other()][t&3]
			}
			if sum == w.perThousand[h] {
				continue
			}
			w.perThousand[h] = sum
		}
		needed[v.homes.in[h]] = true
	}
	v.after.communes = slices.Clone(v.need.Communes)
	for c, is := range needed {
		if is {
			v.after.communes[c] = v.found(int32(c))
		}
	}
}

// join is joined, by home.
type join struct {
	home  int32
	label int32
	cost  geo.Cost
}

// merged adds up what one home finds, in the order of the new list of sites.
func merged(p *plan, row []trip, joins []join, steps [][len(decays)]float64, cutoff geo.Cost) (sum float64) {
	take := func(before int32) {
		for ; len(joins) > 0 && p.order[joins[0].label] < before; joins = joins[1:] {
			sum += steps[joins[0].label][newTrip(0, joins[0].cost, cutoff)&3]
		}
	}
	for _, t := range row {
		take(p.order[t.other()])
		sum += steps[t.other()][t&3]
	}
	take(math.MaxInt32)
	return sum
}

func (v *evaluation) joinsByHome() []join {
	out := make([]join, 0, len(v.joined))
	home := int32(0)
	for _, j := range v.joined {
		for v.homes.part[home] < j.part {
			home++
		}
		out = append(out, join{home, j.label, j.cost})
	}
	return out
}

// found sums up the homes of a commune, as [edition.Edition.Found] does its parts.
func (v *evaluation) found(commune int32) (n edition.CommuneNeed) {
	for _, h := range v.homes.of(commune) {
		n.Fragile += v.w.fragile[h]
		n.Found += float64(v.w.fragile[h] * v.w.perThousand[h])
	}
	return n
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
