package figures_test

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// byBus makes up editions with a line of buses until some of what it looks for was met.
func byBus(t *testing.T, most uint64, look func(where string, r *rand.Rand, e *edition.Edition) (met bool)) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	met := 0
	for world := uint64(0); world < most && (world < 6 || met < 6); world++ {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		editiontest.AddBus(in, r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		if e.HasMode(geo.Transit) && look(fmt.Sprintf("seed %d, world %d", seed, world), r, e) {
			met++
		}
	}
	if met < 6 {
		t.Errorf("seed %d: %d worlds, too dull to prove anything", seed, met)
	}
}

// counting are the slots of a site that count for a part within a cut-off, as the table of
// access has them; nil: the site is not within it.
func counting(e *edition.Edition, part, site int, cutoff geo.Cost) *lieu.Slots {
	var out *lieu.Slots
	within := &e.Access[geo.Transit].Within
	sites, costs := within.Row(int32(part))
	for k := range sites {
		if int(sites[k]) != site || geo.Cost(costs[k]) > cutoff {
			continue
		}
		if out = within.SlotsOf(int32(part), k); out == nil {
			out = e.Sites[site].Horaires.Count(false)
		}
	}
	return out
}

// onFoot reports whether a part is within a cut-off of a site on foot.
func onFoot(e *edition.Edition, part, site int, cutoff geo.Cost) bool {
	sites, costs := e.Access[geo.Walk].Within.Row(int32(part))
	for k := range sites {
		if int(sites[k]) == site {
			return geo.Cost(costs[k]) <= cutoff
		}
	}
	return false
}

// TestTripsAreWhatCounts: what is told of a cell are the visits of its most inhabited part: on
// all dates together they hold the slots that count for it, and no others.
func TestTripsAreWhatCounts(t *testing.T) {
	shut, nowhere := 0, 0
	byBus(t, 60, func(where string, r *rand.Rand, e *edition.Edition) bool {
		cutoff := geo.Cost(20+5*r.IntN(9)) * geo.Minute
		finest := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
		visits := 0
		for row := finest.First; row < finest.First+int32(len(finest.Cells)); row++ {
			got := figures.TripsFrom(e, row, lieu.Any, cutoff)
			best := -1
			for part := range e.Grid.Parts {
				if e.Pyramid.Part[len(e.Pyramid.Levels)-1][part] != row || e.People[part] == 0 {
					continue
				}
				if best < 0 || e.People[part] > e.People[best] {
					best = part
				}
			}
			if int(got.Part) != best || best >= 0 && got.People != int(e.People[best]) {
				t.Fatalf("%s, row %d: trips of part %d (%d people), want %d", where, row, got.Part, got.People, best)
			}
			if best < 0 {
				nowhere++
				continue
			}
			want := map[int32]*lieu.Slots{}
			may := false
			for site := range e.Sites {
				slots := counting(e, best, site, cutoff)
				if slots == nil || e.Sites[site].Of(lieu.Any) != 0 || !e.Sites[site].Horaires.Known {
					continue
				}
				if may = true; slots.Len() > 0 {
					want[int32(site)] = slots
				}
			}
			if len(got.Sites)+got.Left != len(want) || (got.Shut >= 0) != (may && len(want) == 0) {
				t.Fatalf("%s, row %d: %d sites and %d more, shut %d; want %d, or one that is shut: %t", where, row, len(got.Sites), got.Left, got.Shut, len(want), may)
			}
			if got.Shut >= 0 {
				shut++
			}
			if !slices.IsSortedFunc(got.Sites, func(a, b figures.SiteTrips) int { return cmp.Compare(a.Minutes, b.Minutes) }) {
				t.Fatalf("%s, row %d: not the nearest first", where, row)
			}
			for _, s := range got.Sites {
				slots := want[s.Site]
				if slots == nil || s.Hours != access.SlotsToHours(uint16(slots.Len())) || s.OnFoot != onFoot(e, best, int(s.Site), cutoff) {
					t.Fatalf("%s, row %d: site %d: %+v", where, row, s.Site, s)
				}
				var met lieu.Slots
				dates := 0
				for _, v := range s.Visits {
					visits++
					dates += len(v.Dates)
					if len(v.Weeks) != len(v.Dates) || !slices.IsSorted(v.Weeks) {
						t.Fatalf("%s: weeks %v of dates %v", where, v.Weeks, v.Dates)
					}
					for _, d := range v.Dates {
						week, weekday := d.Cycle()
						if weekday != v.Weekday || !slices.Contains(v.Weeks, week) {
							t.Fatalf("%s: %v is day %d of week %d; told of day %d, weeks %v", where, d, weekday, week, v.Weekday, v.Weeks)
						}
						for slot := v.First; slot < v.End; slot++ {
							met.Add((7*(week-1)+weekday-1)*lieu.SlotsPerDay + int(slot))
						}
					}
				}
				if s.Left == 0 && dates != len(e.Visits(got.Part, s.Site, cutoff)) {
					t.Fatalf("%s, row %d: %d dates told of %d", where, row, dates, len(e.Visits(got.Part, s.Site, cutoff)))
				}
				all := *slots
				if all.Union(&met); all != *slots || s.Left == 0 && !s.OnFoot && met != *slots {
					t.Fatalf("%s, row %d, site %d, %v: visits have %d slots, %d count", where, row, s.Site, cutoff, met.Len(), slots.Len())
				}
			}
		}
		return visits > 0
	})
	if shut == 0 || nowhere == 0 {
		t.Errorf("%d cells near what is shut, %d where nobody lives: too dull to prove anything", shut, nowhere)
	}
}

// TestWhoComesByBus: who comes to a site by bus, and on which half-days, is what counting the
// slots of every part gives.
func TestWhoComesByBus(t *testing.T) {
	byBus(t, 40, func(where string, r *rand.Rand, e *edition.Edition) bool {
		cutoff := geo.Cost(20+5*r.IntN(9)) * geo.Minute
		some := false
		for site := range e.Sites {
			got := figures.ByBusTo(e, int32(site), cutoff)
			if got == nil {
				if e.Sites[site].Horaires.Known {
					t.Fatalf("%s: site %d is open at known hours", where, site)
				}
				continue
			}
			type key struct{ commune, half int }
			people, foot := map[int]int{}, 0
			on, every := map[key]int{}, map[key]int{}
			for part, n := range e.People {
				slots := counting(e, part, site, cutoff)
				switch {
				case onFoot(e, part, site, cutoff):
					foot += int(n)
					continue
				case n == 0 || slots == nil || slots.Len() == 0:
					continue
				}
				commune := int(e.Grid.Parts[part].Commune)
				people[commune] += int(n)
				for half := range figures.HalfDays {
					weeks := map[int]bool{}
					for slot := range lieu.SlotsPerCycle {
						day, at := slot/lieu.SlotsPerDay, slot%lieu.SlotsPerDay
						if slots.Has(slot) && day%7 == half/2 && (at >= 48) == (half%2 == 1) {
							weeks[day/7] = true
						}
					}
					if len(weeks) > 0 {
						on[key{commune, half}] += int(n)
					}
					if len(weeks) == 4 {
						every[key{commune, half}] += int(n)
					}
				}
			}
			total := 0
			var halves [figures.HalfDays]figures.HalfDay
			for _, c := range got.Communes {
				total += c.People
				if c.People != people[int(c.Commune)] {
					t.Fatalf("%s: site %d, commune %d: %d people, want %d", where, site, c.Commune, c.People, people[int(c.Commune)])
				}
				for half, h := range c.HalfDays {
					k := key{int(c.Commune), half}
					if h.People != on[k] || h.EveryWeek != every[k] {
						t.Fatalf("%s: site %d, commune %d, half-day %d: %+v, want %d and %d", where, site, c.Commune, half, h, on[k], every[k])
					}
					halves[half].People += h.People
					halves[half].EveryWeek += h.EveryWeek
				}
				some = some || slices.ContainsFunc(c.HalfDays[:], func(h figures.HalfDay) bool { return h.EveryWeek > 0 })
			}
			if len(got.Communes) != len(people) || got.OnFoot != foot || got.People != total || got.HalfDays != halves {
				t.Fatalf("%s: site %d: %+v", where, site, got)
			}
		}
		return some
	})
}
