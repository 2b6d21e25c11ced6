package transit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// found is all that a territory's homes find at each step, and on foot.
func (w *made) found(t *testing.T) (out [][]told) {
	t.Helper()
	n := w.open(t)
	from, err := n.Starts(context.Background(), w.homes)
	if err != nil {
		t.Fatal(err)
	}
	to, err := n.Sites(context.Background(), w.sites)
	if err != nil {
		t.Fatal(err)
	}
	search := n.NewSearch()
	for site := range w.sites {
		rows := make([][]told, len(w.homes))
		search.Reach(to, int32(site), 60*geo.Minute, nil, from.Index(network.All(len(w.homes))), func(origin int32, cost, time geo.Cost, slots *network.Slots) {
			x := told{cost: cost, time: time, all: slots == nil}
			if slots != nil {
				x.slots = *slots
			}
			rows[origin] = append(rows[origin], x)
		})
		out = append(out, rows...)
	}
	return out
}

// within is what counts within a cut-off; near is false when nothing is within reach.
func within(steps []told, limit geo.Cost) (last told, near bool) {
	for _, s := range steps {
		if s.cost <= limit {
			last, near = s, true
		}
	}
	return last, near
}

// TestOneMoreTripTakesNothing: from anybody, at any cut-off.
func TestOneMoreTripTakesNothing(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	gained := 0
	for world := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, world))
		w := makeUp(r)
		before := w.found(t)
		f := &w.feeds[0]
		more := f.Trips[r.IntN(len(f.Trips))]
		more.ID, more.Block, more.Frequencies, more.Calls = "more", "", nil, slices.Clone(more.Calls)
		later := int32(r.IntN(7200) - 3600)
		for i := range more.Calls {
			more.Calls[i].Arrive, more.Calls[i].Depart = more.Calls[i].Arrive+later, more.Calls[i].Depart+later
		}
		f.Trips = append(f.Trips, more)
		after := w.found(t)
		for i := range before {
			for k := range NumSteps {
				limit := geo.Cost(k+1) * Step
				had, near := within(before[i], limit)
				has, still := within(after[i], limit)
				if near && !still || had.all && !has.all {
					t.Fatalf("seed %d, world %d: out of reach by one more trip", seed, world)
				}
				both := has.slots
				both.Union(&had.slots)
				counted := had.all || had.slots != (network.Slots{})
				if !has.all && both != has.slots || counted && has.time > had.time {
					t.Fatalf("seed %d, world %d, %d: within %v: slots or %v lost, %v", seed, world, i, limit, had.time, has.time)
				}
				if !has.all && has.slots != had.slots {
					gained++
				}
			}
		}
	}
	t.Logf("%d steps gained slots", gained)
	if gained < 20 {
		t.Errorf("too dull to prove anything: %d", gained)
	}
}

// backwards is a territory in which time goes the other way: who went out comes back. Trips
// that stay aboard others, run again or go past midnight are left out of both.
func (w *made) backwards() (straight, back *made) {
	straight = &made{options: w.options, walk: w.walk, homes: w.homes}
	for _, f := range w.feeds {
		f.Agencies = []Agency{f.Agencies[0], f.Agencies[0]}
		f.Trips, f.Transfers = slices.Clone(f.Trips), slices.Clone(f.Transfers)
		for i := range f.Trips {
			calls := slices.Clone(f.Trips[i].Calls)
			f.Trips[i].Block, f.Trips[i].Frequencies, f.Trips[i].Calls = "", nil, calls
			days := calls[0].Arrive / 86400 * 86400
			for c := range calls {
				calls[c].Arrive, calls[c].Depart = calls[c].Arrive-days, calls[c].Depart-days
			}
		}
		f.Transfers = slices.DeleteFunc(f.Transfers, func(x Transfer) bool { return x.Type > forbidden })
		straight.feeds = append(straight.feeds, f)
	}
	again := *straight
	back = &again
	back.sites = nil
	back.feeds = slices.Clone(straight.feeds)
	for k := range back.feeds {
		f := &back.feeds[k]
		f.Trips, f.Transfers = slices.Clone(f.Trips), slices.Clone(f.Transfers)
		for i := range f.Trips {
			calls := slices.Clone(f.Trips[i].Calls)
			slices.Reverse(calls)
			for c, call := range calls {
				calls[c] = Call{Stop: call.Stop, Arrive: mirror - call.Depart, Depart: mirror - call.Arrive, Pickup: call.Drop, Drop: call.Pickup}
			}
			f.Trips[i].Calls = calls
		}
		for i, x := range f.Transfers {
			x.From, x.To, x.FromLine, x.ToLine, x.FromTrip, x.ToTrip = x.To, x.From, x.ToLine, x.FromLine, x.ToTrip, x.FromTrip
			f.Transfers[i] = x
		}
	}
	for _, site := range w.sites {
		var forth, mirrored lieu.Horaires
		forth.Known, mirrored.Known = site.Horaires.Known, site.Horaires.Known
		for slot := range lieu.SlotsPerCycle {
			if k := slot % lieu.SlotsPerDay; k >= firstSlot && k < endSlot && site.Horaires.Slots.Has(slot) {
				forth.Slots.Add(slot)
				mirrored.Slots.Add(slot - k + firstSlot + endSlot - 1 - k)
			}
		}
		straight.sites = append(straight.sites, network.Site{At: site.At, Horaires: &forth})
		back.sites = append(back.sites, network.Site{At: site.At, Horaires: &mirrored})
	}
	return straight, back
}

// TestBackwardsInTimeTheSameCounts: whoever goes out at a time and back at another goes out
// and back when both time and the network are turned round, so that the same slots count,
// turned round, within the same cut-offs.
func TestBackwardsInTimeTheSameCounts(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	some := 0
	for world := range uint64(400) {
		straight, back := makeUp(rand.New(rand.NewPCG(seed, world))).backwards()
		a, b := straight.found(t), back.found(t)
		for i := range a {
			for k := range NumSteps {
				limit := geo.Cost(k+1) * Step
				had, near := within(a[i], limit)
				has, also := within(b[i], limit)
				var turned network.Slots
				for slot := range lieu.SlotsPerCycle {
					if k := slot % lieu.SlotsPerDay; has.slots.Has(slot) {
						turned.Add(slot - k + firstSlot + endSlot - 1 - k)
					}
				}
				if near != also || had.all != has.all || had.slots != turned {
					t.Fatalf("seed %d, world %d, %d, within %v: %v, and backwards %v", seed, world, i, limit, brief(a[i]), brief(b[i]))
				}
				if had.slots != (network.Slots{}) {
					some++
				}
			}
		}
	}
	t.Logf("%d steps with some slots", some)
	if some < 100 {
		t.Errorf("too dull to prove anything: %d", some)
	}
}

// TestOrderAndProcessorsDoNotTell: feeds whose trips come in another order give the same.
func TestOrderAndProcessorsDoNotTell(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for world := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, world))
		straight, _ := makeUp(r).backwards() // no trip continues as another: there the first counts
		for k := range straight.feeds {
			f := &straight.feeds[k]
			f.Transfers = slices.DeleteFunc(f.Transfers, func(x Transfer) bool { return x.FromTrip >= 0 || x.ToTrip >= 0 })
		}
		before := fmt.Sprint(straight.found(t))
		for k := range straight.feeds {
			r.Shuffle(len(straight.feeds[k].Trips), func(i, j int) {
				trips := straight.feeds[k].Trips
				trips[i], trips[j] = trips[j], trips[i]
			})
		}
		if after := fmt.Sprint(straight.found(t)); after != before {
			t.Fatalf("seed %d, world %d: trips in another order give %s, not %s", seed, world, after, before)
		}
	}
}
