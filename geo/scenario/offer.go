package scenario

import (
	"encoding/binary"
	"math"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// offer is the offer of a base taken apart. Homes with the same sites at the same steps
// of decay find the same: they are of one kind, and there are seven times fewer kinds. The
// demand of a site is a sum of whole numbers, which changes with those who change; what a
// kind finds is added up in the order of [coverage.NewOffer], so that it has its bits.
type offer struct {
	kind        []int32            // of every home
	first       []int32            // the sites of kind k: journeys[first[k]:first[k+1]], ascending
	journeys    []journey          //
	fragile     []coverage.Fragile // of every kind
	perThousand []float64          // of every kind
	demand      []coverage.Fragile // of every site, times decays
}

// journey is one within the cut-off to a site: its label and, in the two lowest bits, the
// step of its decay.
type journey uint32

// decays are the steps of [coverage.Decay].
var decays = [4]int64{10, 3, 1}

func newJourney(label int32, cost, cutoff geo.Cost) journey {
	return journey(label)<<2 | journey(slices.Index(decays[:], coverage.Decay(cost, cutoff)))
}

func (t journey) label() int32 { return int32(t >> 2) }

func (t journey) decay() coverage.Fragile { return coverage.Fragile(decays[t&3]) }

func newOffer(b *Base) *offer {
	e := b.e
	o := &offer{kind: make([]int32, len(b.homes.Part)), first: []int32{0}, demand: make([]coverage.Fragile, len(e.Sites))}
	seen := map[string]int32{}
	var key []byte
	for h, p := range b.homes.Part {
		key = key[:0]
		row, costs := b.within.Row(p)
		for j, site := range row {
			if c := geo.Cost(costs[j]); c <= b.query.Cutoff && e.Sites[site].Services.Offers(b.query.Service) {
				key = binary.LittleEndian.AppendUint32(key, uint32(newJourney(int32(site), c, b.query.Cutoff)))
			}
		}
		k, ok := seen[string(key)]
		if !ok {
			k = int32(len(seen))
			seen[string(key)] = k
			for i := 0; i < len(key); i += 4 {
				o.journeys = append(o.journeys, journey(binary.LittleEndian.Uint32(key[i:])))
			}
			o.first = append(o.first, int32(len(o.journeys)))
			o.fragile, o.perThousand = append(o.fragile, 0), append(o.perThousand, b.need.PerThousand[p])
		}
		o.kind[h] = k
		o.fragile[k] += b.need.Fragile[p]
	}
	for k, people := range o.fragile {
		for _, t := range o.of(int32(k)) {
			o.demand[t.label()] += people * t.decay()
		}
	}
	return o
}

func (o *offer) of(kind int32) []journey { return o.journeys[o.first[kind]:o.first[kind+1]] }

// given is the hours a week that a site is known to give.
func given(h *lieu.Horaires) float64 {
	if !h.Known {
		return 0
	}
	return access.SlotsToHours(uint16(h.Slots.Len()))
}

// reoffer computes the offer and the need of every unit again, for another index of
// communes and other sites.
func (v *evaluation) reoffer(fragility []coverage.Fragility) {
	p, o, service := v.plan, v.offer, v.query.Service
	fragile, demand := slices.Clone(o.fragile), make([]coverage.Fragile, len(p.order))
	copy(demand, o.demand)
	each := make([]coverage.Fragile, len(fragility)) // of one inhabitant of every commune
	people := func(h int32) coverage.Fragile {
		return coverage.Fragile(v.homes.People[h]) * each[v.homes.Commune[h]]
	}
	for c, f := range fragility {
		each[c] = f.Of(1)
		if f == v.fragility[c] {
			continue
		}
		change := each[c] - v.fragility[c].Of(1)
		for _, h := range v.homes.of(int32(c)) {
			fragile[o.kind[h]] += coverage.Fragile(v.homes.People[h]) * change
		}
	}
	for k, before := range o.fragile {
		if more := fragile[k] - before; more != 0 {
			for _, t := range o.of(int32(k)) {
				demand[t.label()] += more * t.decay()
			}
		}
	}
	// Homes that a new site serves are of no kind any more: they come after the kinds.
	joins := v.joinsByHome()
	for i, j := range joins {
		n := people(j.home)
		demand[j.label] += n * coverage.Fragile(coverage.Decay(j.cost, v.query.Cutoff))
		if i == 0 || joins[i-1].home != j.home {
			fragile[o.kind[j.home]] -= n
			fragile = append(fragile, n)
		}
	}
	// What a site gives at each step of the decay; 0 when it is lost: adding 0 changes no
	// bit of a sum.
	steps := make([][len(decays)]float64, len(p.order))
	for label := range p.order {
		l := int32(label)
		if p.has(l, service) {
			share := coverage.Share(given(&p.site(l).Horaires), demand[label])
			for k, d := range decays {
				steps[label][k] = float64(d) * share
			}
		}
	}
	kinds := len(o.perThousand)
	perThousand := make([]float64, kinds, len(fragile))
	for k := range kinds {
		var sum float64
		for _, t := range o.of(int32(k)) {
			sum += steps[t.label()][t&3]
		}
		perThousand[k] = sum
	}
	kind := slices.Clone(o.kind)
	for len(joins) > 0 {
		h, n := joins[0].home, 1
		for n < len(joins) && joins[n].home == h {
			n++
		}
		kind[h] = int32(len(perThousand))
		perThousand = append(perThousand, merged(p, o.of(o.kind[h]), joins[:n], steps, v.query.Cutoff))
		joins = joins[n:]
	}
	var curve sync.WaitGroup // beside the sums of communes
	curve.Go(func() { v.after.offer.SetCurve(v.e.Total, &v.w.curve, perThousand, fragile) })
	v.after.units = make([]edition.UnitNeed, v.e.Residents.Units())
	for h, k := range kind {
		of := fragility[v.homes.Commune[h]]
		for unit, n := range v.e.Residents.Holding(v.homes.Part[h]) {
			v.after.units[unit].Add(n, of, perThousand[k])
		}
	}
	curve.Wait()
}

// join is joined, by home.
type join struct {
	home  int32
	label int32
	cost  geo.Cost
}

// merged adds up what one home finds, in the order of the new list of sites.
func merged(p *plan, row []journey, joins []join, steps [][len(decays)]float64, cutoff geo.Cost) (sum float64) {
	take := func(before int32) {
		for ; len(joins) > 0 && p.order[joins[0].label] < before; joins = joins[1:] {
			sum += steps[joins[0].label][newJourney(0, joins[0].cost, cutoff)&3]
		}
	}
	for _, t := range row {
		take(p.order[t.label()])
		sum += steps[t.label()][t&3]
	}
	take(math.MaxInt32)
	return sum
}

func (v *evaluation) joinsByHome() []join {
	out := make([]join, 0, len(v.joined))
	home := int32(0)
	for _, j := range v.joined {
		if !network.Counts(j.slots) || !v.plan.has(j.label, v.query.Service) {
			continue // within reach, but not when it is open, or not known to offer it
		}
		for v.homes.Part[home] < j.part {
			home++
		}
		out = append(out, join{home, j.label, j.cost})
	}
	return out
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
