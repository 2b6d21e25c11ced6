package edition_test

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// busTwin answers by trying every ride out with every ride back, on every day of a week.
type busTwin struct {
	e    *edition.Edition
	line *editiontest.BusLine
	// Walks in deciseconds: of every site, from every part and from every stop; of every stop,
	// from every part. -1: none.
	toSite, stopToSite, toStop [][]int64
}

func newBusTwin(e *edition.Edition, l *editiontest.BusLine) *busTwin {
	x := &busTwin{e: e, line: l}
	search := e.Network.NewSearch(street.Walk)
	walks := func(to geo.LonLat, from []geo.LonLat) []int64 {
		out := make([]int64, len(from))
		end, reach := e.Network.Snap(street.Walk, to)
		var field *road.Field
		if reach == geo.Reached {
			field = search.Nearest([]road.Snap{end})
		}
		for i, at := range from {
			out[i] = -1
			start, ok := e.Network.Snap(street.Walk, at)
			if reach != geo.Reached || ok != geo.Reached {
				continue
			}
			if a, _ := field.At(start); a.Reach == geo.Reached {
				out[i] = int64(a.Cost)
			}
		}
		return out
	}
	for _, s := range e.Sites {
		x.toSite, x.stopToSite = append(x.toSite, walks(s.At, e.Origins)), append(x.stopToSite, walks(s.At, l.At))
	}
	for _, at := range l.At {
		x.toStop = append(x.toStop, walks(at, e.Origins))
	}
	return x
}

// seconds is a walk that one takes to a bus, rounded up; false: it is too long.
func seconds(walk int64) (int32, bool) { return int32((walk + 9) / 10), walk >= 0 && walk <= 18*600 }

// busRide is a way out or back by bus: when one leaves, and when one arrives.
type busRide struct{ leave, arrive int32 }

// rides are those of a weekday between a part and a site.
func (x *busTwin) rides(part, site, weekday int, back bool) (out []busRide) {
	n := len(x.line.At)
	for _, t := range x.line.Trips {
		if !t.Days[weekday] {
			continue
		}
		for i := range n {
			for j := i + 1; j < n; j++ {
				board, alight := i, j
				if !t.Eastward {
					board, alight = n-1-i, n-1-j
				}
				first, last := x.toStop[board][part], x.stopToSite[site][alight]
				if back {
					first, last = x.stopToSite[site][board], x.toStop[alight][part]
				}
				before, ok := seconds(first)
				after, ok2 := seconds(last)
				if ok && ok2 {
					out = append(out, busRide{t.Leave + int32(i)*editiontest.BusHop - before, t.Leave + int32(j)*editiontest.BusHop + after})
				}
			}
		}
	}
	return out
}

// bus gives the slots of a site that count for a part by bus within a limit of seconds, of a
// week that is the same in each of the cycle or not, and the least way out; ok: none counts.
// always has the site open from Monday to Saturday, 6 to 20.
func (x *busTwin) bus(part, site int, limit int32, always bool) (counts lieu.Slots, least int32, ok bool) {
	h := &x.e.Sites[site].Horaires
	for weekday := range 7 {
		outs, backs := x.rides(part, site, weekday, false), x.rides(part, site, weekday, true)
		if len(outs) == 0 || len(backs) == 0 {
			continue
		}
		for week := range lieu.WeeksPerCycle {
			first := (7*week + weekday) * lieu.SlotsPerDay
			open := func(slot int) bool {
				if always {
					return weekday < 6 && slot >= 24 && slot < 80
				}
				return h.Known && slot >= 0 && slot < lieu.SlotsPerDay && h.Slots.Has(first+slot)
			}
			for from := 24; from < 80; from++ {
				if !open(from) || from > 24 && open(from-1) {
					continue
				}
				to := from
				for to < 80 && open(to) {
					to++
				}
				o1, o2 := int32(900*from), int32(900*to)
				for _, a := range outs {
					for _, b := range backs {
						there, gone := max(a.arrive, o1), min(b.leave, o2)
						if a.leave < 6*3600 || b.arrive > 20*3600 || there-a.leave > limit || b.arrive-gone > limit || gone-there < 30*60 || b.arrive-a.leave > 4*3600 {
							continue
						}
						for slot := from; slot < to; slot++ {
							if a.arrive <= int32(900*slot) && b.leave >= int32(900*(slot+1)) {
								if !ok || there-a.leave < least {
									least = there - a.leave
								}
								ok = true
								counts.Add(first + slot)
							}
						}
					}
				}
			}
		}
	}
	return counts, least, ok
}

// TestByBusThroughTheEngine: by a line of buses, what every part finds, its class and its access
// time are those of trying every ride; so they are once the edition was kept and read.
func TestByBusThroughTheEngine(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	more, sooner, grise, inconnue := 0, 0, 0, 0
	dull := func() bool { return more < 50 || sooner < 50 || grise == 0 || inconnue == 0 }
	for world := uint64(0); world < 8 || dull() && world < 80; world++ {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		line := editiontest.AddBus(in, r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		x := newBusTwin(e, line)
		encoded, err := e.Encode()
		if err != nil {
			t.Fatal(err)
		}
		decoded, err := edition.Decode(encoded)
		if err != nil {
			t.Fatal(err)
		}
		if d := cmp.Diff(e.Access[geo.Transit], decoded.Access[geo.Transit], cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("world %d: decoded: %s", world, d)
		}
		if d := cmp.Diff(e.Timetables, decoded.Timetables, cmpopts.EquateEmpty()); d != "" {
			t.Fatalf("world %d: decoded: %s", world, d)
		}
		if again, err := decoded.Encode(); err != nil || !bytes.Equal(encoded, again) {
			t.Fatalf("world %d: other bytes once decoded (%v)", world, err)
		}
		for _, cutoff := range []geo.Cost{20, 45, 60} {
			q := editiontest.SomeQuery(r).By(geo.Transit)
			q.Cutoff, q.MinHours, q.Appointments = cutoff*geo.Minute, float64(r.IntN(8)), false
			where := fmt.Sprintf("seed %d, world %d, %+v", seed, world, q)
			a := decoded.Answer(q)
			for part := range e.Origins {
				opening, slots := access.NoSite, lieu.Slots{}
				onFoot := geo.Access{Reach: geo.NoPath}
				best := geo.Access{Reach: geo.NoPath}
				for site := range e.Sites {
					s := &e.Sites[site]
					c := e.Division.Communes[e.Grid.Parts[part].Commune]
					if !s.Could(q.Service) || s.Reserve != nil && s.Reserve[0] != c.Code && s.Reserve[0] != c.EPCI {
						continue
					}
					near := func(to *geo.Access, cost geo.Cost) {
						if s.Services.Offers(q.Service) && (to.Reach != geo.Reached || cost < to.Cost) {
							*to = geo.Access{Reach: geo.Reached, Cost: cost}
						}
					}
					walk := x.toSite[site][part]
					limit := int32(q.Cutoff / geo.Second)
					if walk >= 0 {
						near(&onFoot, geo.Cost(walk))
						if geo.Cost(walk) <= q.Cutoff { // a bus matters where its cut-off is below the walk
							limit = max(0, (int32(walk)-1)/3000*300)
						}
					}
					counts, least, byBus := x.bus(part, site, limit, false)
					_, _, within := x.bus(part, site, limit, true)
					walks := walk >= 0 && geo.Cost(walk) <= q.Cutoff
					if walks {
						near(&best, geo.Cost(walk))
					}
					if byBus {
						near(&best, geo.Cost(least)*geo.Second)
					}
					if !walks && !within && !byBus {
						continue
					}
					if s.Of(q.Service) != 0 {
						opening = max(opening, access.HoursUnknown)
						continue
					}
					opening = access.HoursKnown
					if walks {
						counts = s.Horaires.Slots
					} else if byBus {
						more++
					}
					slots.Union(&counts)
				}
				if best.Reach != geo.Reached {
					best = onFoot
				} else if best != onFoot {
					sooner++
				}
				got := a.Hours
				if got.Opening[part] != opening || int(got.Slots[part]) != slots.Len() {
					t.Fatalf("%s: part %d: %v %d slots, trying gives %v %d", where, part, got.Opening[part], got.Slots[part], opening, slots.Len())
				}
				if want := coverage.ClassOf(opening, uint16(slots.Len()), q.MinHours); a.Class[part] != want {
					t.Fatalf("%s: part %d: %v, want %v", where, part, a.Class[part], want)
				}
				if near := a.Nearest.At(int32(part)); near.Reach == geo.Reached && near != best || near.Reach != geo.Reached && best.Reach == geo.Reached {
					t.Fatalf("%s: part %d: %v away, want %v", where, part, near, best)
				}
				if opening == access.HoursKnown && slots.Len() == 0 {
					grise++
				}
				if opening == access.HoursUnknown {
					inconnue++
				}
			}
		}
	}
	t.Logf("%d pairs of a part and a site by bus alone; %d parts sooner there; %d near what no bus allows; %d near what is unknown", more, sooner, grise, inconnue)
	if dull() {
		t.Error("too dull to prove anything")
	}
}

// TestModeTransitIsThereOrNot: without timetables, or where all are far away, parameters of
// timetables change nothing, and the mode is refused in words; a date of timetables is refused.
func TestModeTransitIsThereOrNot(t *testing.T) {
	small := func() *editiontest.Inputs { return editiontest.Small(rand.New(rand.NewPCG(1, 2))) }
	plain := editiontest.Build(t, small(), editiontest.SmallParams())
	told := editiontest.SmallParams()
	usual := edition.DefaultTransit()
	usual.School = true
	told.Transit = &usual
	streets := editiontest.SmallParams()
	streets.Modes = []geo.Mode{geo.Car, geo.Bike, geo.Walk}
	for _, p := range []edition.Params{told, streets} {
		if e := editiontest.Build(t, small(), p); e.ID != plain.ID || e.HasMode(geo.Transit) || e.Params.Transit != nil {
			t.Errorf("%+v: edition %s, want %s without mode transit", p, e.ID, plain.ID)
		}
	}
	if err := plain.Asked(geo.Transit); err == nil || !strings.Contains(err.Error(), "maillage import gtfs") {
		t.Errorf("asked for transit: %v", err)
	}
	far := small()
	editiontest.AddBus(far, rand.New(rand.NewPCG(1, 2)))
	for i := range far.FeedRows[0].Stops {
		far.FeedRows[0].Stops[i].At.Lat -= 10
	}
	e := editiontest.Build(t, far, editiontest.SmallParams())
	about := func(w edition.Warning) bool { return w.Subject == edition.AboutTransit }
	if e.HasMode(geo.Transit) || !slices.ContainsFunc(e.Warnings, about) {
		t.Errorf("far timetables: mode %v, warnings %v", e.HasMode(geo.Transit), e.Warnings)
	}
	// What calls near and goes on to where no roads are kept: that is no fault of its stops.
	near := small()
	editiontest.AddBus(near, rand.New(rand.NewPCG(1, 2)))
	feed := &near.FeedRows[0]
	feed.Stops = append(feed.Stops, transit.Stop{ID: "loin", At: geo.LonLat{Lon: 3.5, Lat: 39.5}, Parent: -1})
	for i := range feed.Trips {
		last := feed.Trips[i].Calls[len(feed.Trips[i].Calls)-1]
		last.Stop, last.Arrive, last.Depart = int32(len(feed.Stops))-1, last.Arrive+3600, last.Depart+3600
		feed.Trips[i].Calls = append(feed.Trips[i].Calls, last)
	}
	if left := editiontest.Build(t, near, editiontest.SmallParams()).TransitJSON().Left; left.Beyond != 1 || left.OffStreets != 0 {
		t.Errorf("a stop far away: %+v", left)
	}
	dated := usual
	dated.From = transit.DayOf(2025, 9, 8)
	told.Transit = &dated
	for _, in := range []*editiontest.Inputs{small(), far} {
		if _, _, err := edition.Build(t.Context(), in, told, nil); err == nil || !strings.Contains(err.Error(), "attendu") {
			t.Errorf("a date without timetables: %v", err)
		}
	}
}
