package edition_test

import (
	"bytes"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/network/networktest"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// toyTwin answers by walking the cycle slot by slot, with the toy's steps from times that one
// search for each site gives.
type toyTwin struct {
	e   *edition.Edition
	all [][][]networktest.ToyStep // of every site, from every part
}

func newToyTwin(e *edition.Edition) *toyTwin {
	x := &toyTwin{e: e}
	n := e.Network
	search := n.NewSearch(street.Walk)
	for _, s := range e.Sites {
		reserved := func(part int) bool { // to residents of a commune or of an EPCI
			c := e.Division.Communes[e.Grid.Parts[part].Commune]
			return s.Reserve != nil && s.Reserve[0] != c.Code && s.Reserve[0] != c.EPCI
		}
		row := make([][]networktest.ToyStep, len(e.Origins))
		if to, reach := n.Snap(street.Walk, s.At); reach == geo.Reached {
			field := search.Nearest([]road.Snap{to})
			for part, at := range e.Origins {
				if reserved(part) {
					continue
				}
				from, _ := n.Snap(street.Walk, at)
				if a, _ := field.At(from); a.Reach == geo.Reached {
					row[part] = networktest.Steps(at, &s.Horaires, a.Cost)
				}
			}
		}
		x.all = append(x.all, row)
	}
	return x
}

// steps are those of a part to a site, those of a cost above limit left out.
func (x *toyTwin) steps(part, site int, limit geo.Cost) (out []networktest.ToyStep) {
	for _, s := range x.all[site][part] {
		if s.Cost <= limit {
			out = append(out, s)
		}
	}
	return out
}

// open gives, for every slot, whether some site is open that counts for a part.
func (x *toyTwin) open(part int, q coverage.Query) (open [lieu.SlotsPerCycle]bool) {
	for site := range x.e.Sites {
		s, steps := &x.e.Sites[site], x.steps(part, site, q.Cutoff)
		if !s.Services.Offers(q.Service) || !s.Horaires.Known || len(steps) == 0 {
			continue
		}
		for slot := range open {
			last := steps[len(steps)-1].Slots
			open[slot] = open[slot] || s.Horaires.Slots.Has(slot) && (last == nil || last.Has(slot))
		}
	}
	return open
}

// TestToyNetworkThroughTheEngine: a second network, whose slots differ from part to part, goes
// from access to classes, the offer and the hour of the week; each against its naive twin.
func TestToyNetworkThroughTheEngine(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	differ, grise := 0, 0
	for world := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		e := editiontest.BuildToy(t, in, editiontest.SmallParams())
		x := newToyTwin(e)
		table := e.Access[geo.Walk]
		for range 3 {
			q := editiontest.SomeQuery(r)
			q.Mode, q.Appointments = geo.Walk, false
			where := fmt.Sprintf("world %d, %+v", world, q)
			a := e.Answer(q)
			sets := a.Sets
			fragile := make([]coverage.Fragile, len(e.People))
			for part := range e.Origins {
				fragile[part] = coverage.NewFragile(e.People[part], 5)
				opening, slots := access.NoSite, 0
				best := geo.Access{Reach: geo.NoPath}
				for site := range e.Sites {
					s := &e.Sites[site]
					if len(x.steps(part, site, q.Cutoff)) > 0 && s.Could(q.Service) {
						if s.Of(q.Service) == 0 {
							opening = access.HoursKnown
						} else {
							opening = max(opening, access.HoursUnknown)
						}
					}
					for _, step := range x.steps(part, site, math.MaxUint32) {
						if s.Services.Offers(q.Service) && network.Counts(step.Slots) && (best.Reach != geo.Reached || step.Cost < best.Cost) {
							best = geo.Access{Reach: geo.Reached, Cost: step.Cost}
						}
					}
				}
				open := x.open(part, q)
				for _, is := range open {
					if is {
						slots++
					}
				}
				if a.Hours.Opening[part] != opening || int(a.Hours.Slots[part]) != slots {
					t.Fatalf("%s: part %d: %v %d slots, counting gives %v %d", where, part, a.Hours.Opening[part], a.Hours.Slots[part], opening, slots)
				}
				if want := coverage.ClassOf(opening, uint16(slots), q.MinHours); a.Class[part] != want {
					t.Fatalf("%s: part %d: %v, want %v", where, part, a.Class[part], want)
				}
				if opening == access.HoursKnown && slots == 0 {
					grise++
				}
				if got := a.Nearest.At(int32(part)); got.Reach == geo.Reached && got != best || got.Reach != geo.Reached && best.Reach == geo.Reached {
					t.Fatalf("%s: part %d: %v away, want %v", where, part, got, best)
				}
				for range 20 {
					slot, weeks := r.IntN(lieu.SlotsPerWeek), 0
					for w := range lieu.WeeksPerCycle {
						if open[w*lieu.SlotsPerWeek+slot] {
							weeks++
						}
					}
					got := access.OutOfReach
					if set := sets.Of[part]; set >= 0 {
						got = sets.Moment(set, e.Sites, slot)
					}
					if (got == access.EveryWeek) != (weeks == lieu.WeeksPerCycle) || (got == access.SomeWeeks) != (weeks > 0 && weeks < lieu.WeeksPerCycle) ||
						(got == access.OutOfReach) != (opening == access.NoSite) {
						t.Fatalf("%s: part %d at slot %d: %v, open in %d weeks", where, part, slot, got, weeks)
					}
				}
				differ += len(x.differing(part, q))
			}
			x.offer(t, where, q, fragile)
			profile := sets.Profile(e.Sites, e.People)
			for range 5 {
				slot := r.IntN(lieu.SlotsPerWeek)
				moments, want := sets.Moments(e.Sites, slot), [access.NumMoments]int{}
				for part, people := range e.People {
					if set := sets.Of[part]; set >= 0 {
						want[moments[set]] += int(people)
					} else {
						want[access.OutOfReach] += int(people)
					}
				}
				if profile[slot] != want {
					t.Fatalf("%s: at slot %d: %v, want %v", where, slot, profile[slot], want)
				}
			}
		}
		encoded, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := edition.Decode(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(table, decoded.Access[geo.Walk], cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("world %d: decoded: %s", world, d)
		}
		if again, err := decoded.Encode(); err != nil || !bytes.Equal(encoded, again) {
			t.Fatalf("world %d: other bytes once decoded (%v)", world, err)
		}
	}
	t.Logf("%d sites of which some open slots do not count; %d parts near what is never open for them", differ, grise)
	if differ < 100 || grise < 20 {
		t.Error("too dull to prove anything")
	}
}

// differing lists the sites of which a part finds some open slots only.
func (x *toyTwin) differing(part int, q coverage.Query) (sites []int) {
	for site := range x.e.Sites {
		steps := x.steps(part, site, q.Cutoff)
		if len(steps) > 0 && steps[len(steps)-1].Slots != nil && *steps[len(steps)-1].Slots != x.e.Sites[site].Horaires.Slots {
			sites = append(sites, site)
		}
	}
	return sites
}

// offer compares what people find for 1 000 fragile inhabitants.
func (x *toyTwin) offer(t *testing.T, where string, q coverage.Query, fragile []coverage.Fragile) {
	t.Helper()
	got := coverage.NewOffer(&x.e.Access[geo.Walk].Within, x.e.Sites, q.Service, q.Cutoff, fragile)
	decay := func(part, site int) int64 {
		for _, s := range x.steps(part, site, q.Cutoff) {
			if network.Counts(s.Slots) {
				return coverage.Decay(s.Cost, q.Cutoff)
			}
		}
		return 0
	}
	demand := make([]coverage.Fragile, len(x.e.Sites))
	for site := range demand {
		for part := range fragile {
			demand[site] += fragile[part] * coverage.Fragile(decay(part, site))
		}
	}
	for part := range fragile {
		var want float64
		for site := range x.e.Sites {
			if s := &x.e.Sites[site]; s.Services.Offers(q.Service) && s.Horaires.Known {
				want += float64(decay(part, site)) * coverage.Share(s.Horaires.WeeklyHours(), demand[site])
			}
		}
		if math.Abs(got.PerThousand[part]-want) > 1e-9*(1+want) {
			t.Fatalf("%s: part %d finds %v h for 1 000, want %v", where, part, got.PerThousand[part], want)
		}
	}
}
