package timing_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/timing"
)

// moved is some hours with an opening elsewhere, slot by slot; false: over something.
func moved(h *lieu.Horaires, o timing.Opening, weekday, from int, elsewhere *lieu.Slots) (lieu.Slots, bool) {
	slots := h.Slots
	at := func(week, weekday, slot int) int { return (7*week+weekday)*lieu.SlotsPerDay + slot }
	for _, week := range o.WeeksOf() {
		for slot := o.From; slot < o.To; slot++ {
			i := at(week-1, o.Weekday, slot)
			slots[i/64] &^= 1 << (i % 64)
		}
	}
	for _, week := range o.WeeksOf() {
		for slot := from; slot < from+o.To-o.From; slot++ {
			i := at(week-1, weekday, slot)
			if slots.Has(i) || h.RendezVous != nil && h.RendezVous.Has(i) || elsewhere.Has(i) {
				return slots, false
			}
		}
	}
	for _, week := range o.WeeksOf() {
		for slot := from; slot < from+o.To-o.From; slot++ {
			slots.Add(at(week-1, weekday, slot))
		}
	}
	return slots, true
}

// twin computes the whole table of journeys again, for hours of one site that are others.
type twin struct {
	e      *edition.Edition
	starts network.Starts
}

func (x *twin) answer(t *testing.T, q coverage.Query, site int32, slots lieu.Slots) *edition.Answer {
	t.Helper()
	after := *x.e
	after.Sites = slices.Clone(x.e.Sites)
	after.Sites[site].Horaires.Slots = slots
	net := x.e.Travel(geo.Transit)
	to, err := net.Sites(t.Context(), network.SitesOf(after.Sites))
	if err != nil {
		t.Fatal(err)
	}
	serves, origins := after.Serves(after.Sites), x.starts.Index(network.All(len(x.e.Origins)))
	within, err := access.Gather(t.Context(), len(x.e.Origins), len(after.Sites), func() func(int, network.Emit) {
		search := net.NewSearch()
		return func(site int, emit network.Emit) {
			may := serves(int32(site))
			search.Reach(to, int32(site), access.Horizon, nil, origins, func(part int32, cost, time geo.Cost, slots *network.Slots) {
				if may == nil || may(part) {
					emit(part, cost, time, slots)
				}
			})
		}
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	table := *x.e.Access[geo.Transit]
	table.Within = within
	after.Access[geo.Transit] = &table
	return after.Answer(q)
}

// change is what two answers tell people apart by.
func change(e *edition.Edition, before, after *edition.Answer) (c timing.Change) {
	for part, n := range e.People {
		people := int(n)
		if before.Class[part] != coverage.Couverte && after.Class[part] == coverage.Couverte {
			c.Covered += people
		}
		if before.Class[part] == coverage.Couverte && after.Class[part] != coverage.Couverte {
			c.Uncovered += people
		}
		was, is := before.Hours.At(int32(part)), after.Hours.At(int32(part))
		if was.Opening == access.HoursUnknown || is.Opening == access.HoursUnknown {
			continue
		}
		if was.Slots == 0 && is.Slots > 0 {
			c.Reached += people
		}
		if was.Slots > 0 && is.Slots == 0 {
			c.Unreached += people
		}
		c.More += max(0, int64(is.Slots)-int64(was.Slots)) * int64(people)
		c.Less += max(0, int64(was.Slots)-int64(is.Slots)) * int64(people)
	}
	return c
}

// TestPlacementsAreEditionsWithTheseHours: every placement of every opening, against the table
// of journeys computed again with these hours (all of the first worlds, some of the others); some
// against a fresh edition.
func TestPlacementsAreEditionsWithTheseHours(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	var tried, better, worse, fresh, sometimes, unmovable int
	dull := func() bool { return better < 50 || worse < 5 || fresh < 3 || sometimes == 0 || unmovable == 0 }
	for world := uint64(0); world < 12 || dull() && world < 300; world++ {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		in.Buses(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		if len(e.Sites) == 0 {
			continue
		}
		starts, err := e.Travel(geo.Transit).Starts(t.Context(), e.Origins)
		if err != nil {
			t.Fatal(err)
		}
		x := &twin{e, starts}
		q := editiontest.SomeQuery(r).By(geo.Transit)
		q.Cutoff, q.MinHours = geo.Cost(15+r.IntN(46))*geo.Minute, float64(r.IntN(16))/2
		a := e.Answer(q)
		movable := func(site int32) bool {
			s := &e.Sites[site]
			return s.Of(q.Service) == 0 && s.Could(q.Service) && s.Horaires.Slots != (lieu.Slots{})
		}
		site := int32(r.IntN(len(e.Sites)))
		for range 20 {
			if world%5 > 0 && !movable(site) {
				site = int32(r.IntN(len(e.Sites)))
			}
		}
		where := fmt.Sprintf("seed %d, world %d, site %d, %+v", seed, world, site, q)
		found, err := timing.Find(t.Context(), scenario.NewEngine(e), a, site)
		s := &e.Sites[site]
		if err != nil {
			if movable(site) {
				t.Fatalf("%s: %v", where, err)
			}
			unmovable++
			continue
		}
		var elsewhere lieu.Slots
		for k := range e.Sites {
			if o := &e.Sites[k]; int32(k) != site && s.Tournee >= 0 && o.Tournee == s.Tournee {
				elsewhere.Union(o.Horaires.Count(true))
			}
		}
		got := map[[3]int]timing.Change{}
		for k, p := range found.Placements {
			got[[3]int{p.Opening, p.Weekday, p.From}] = p.Change
			if k > 0 && ranks(p.Change, found.Placements[k-1].Change) {
				t.Fatalf("%s: placement %d is better than the one before it", where, k)
			}
		}
		for k, o := range found.Openings {
			if len(o.WeeksOf()) < lieu.WeeksPerCycle {
				sometimes++
			}
			for weekday := range 6 {
				for from := 24; from+o.To-o.From <= 80; from++ {
					key := [3]int{k, weekday, from}
					slots, free := moved(&s.Horaires, o, weekday, from, &elsewhere)
					was, listed := got[key]
					if stays := weekday == o.Weekday && from == o.From; listed != (free && !stays) {
						t.Fatalf("%s: opening %+v on day %d at slot %d: listed %v, free %v", where, o, weekday, from, listed, free)
					}
					if !listed || world > 1 && r.IntN(8) > 0 {
						continue
					}
					tried++
					after := x.answer(t, q, site, slots)
					want := change(e, a, after)
					if was != want {
						t.Fatalf("%s: opening %+v on day %d at slot %d: %+v, computing again gives %+v", where, o, weekday, from, was, want)
					}
					if was.Better() {
						better++
					}
					if want.Uncovered > want.Covered {
						worse++
					}
					if s.Tournee < 0 && want != (timing.Change{}) && fresh < 12 && r.IntN(30) == 0 {
						fresh++
						i := slices.IndexFunc(in.LieuRows, func(l lieu.Lieu) bool { return l.ID == e.Lieux[s.Lieu].ID })
						was := in.LieuRows[i].Horaires
						in.LieuRows[i].Horaires = lieu.Horaires{Known: true, Slots: slots, RendezVous: was.RendezVous, Text: lieu.WriteHoraires(&slots, nil)}
						anew := editiontest.Build(t, in, editiontest.SmallParams()).Answer(q)
						in.LieuRows[i].Horaires = was
						if again := change(e, a, anew); again != want {
							t.Fatalf("%s: opening %+v on day %d at slot %d: %+v, a fresh edition gives %+v", where, o, weekday, from, want, again)
						}
					}
				}
			}
		}
	}
	t.Logf("%d placements computed again, %d of them better and %d worse for the covered; %d fresh editions; %d openings of some weeks; %d sites that cannot move", tried, better, worse, fresh, sometimes, unmovable)
	if dull() {
		t.Error("too dull to prove anything")
	}
}

// ranks reports whether a brings more than b, by the words of the design.
func ranks(a, b timing.Change) bool {
	for _, d := range [...]int64{int64(a.Covered - a.Uncovered - b.Covered + b.Uncovered), int64(a.Reached - a.Unreached - b.Reached + b.Unreached), a.More - a.Less - b.More + b.Less} {
		if d != 0 {
			return d > 0
		}
	}
	return false
}
