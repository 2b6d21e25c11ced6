package transit

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// grain is what all times of the made-up zones are multiples of, in seconds: where the rule
// can be kept, it can by such times.
const grain = 300

// TestSlotsByReservationAreThoseOfTryingEveryVisit makes up zones, hours and rides, and tries
// every time of leaving home and of leaving the site.
func TestSlotsByReservationAreThoseOfTryingEveryVisit(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	paris, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	from := DayOf(2026, time.October, 5) // clocks change on the 25th
	some, none := 0, 0
	for world := range 1500 {
		r := rand.New(rand.NewPCG(seed, uint64(world)))
		o := Options{From: from, Zone: paris, Stay: grain * (1 + r.Int32N(24)), Away: grain * (12 + r.Int32N(60))}
		own, feed := madeZones(r, from)
		d, err := NewDemand([]Feed{feed}, own, o)
		if err != nil {
			t.Fatal(err)
		}
		var open lieu.Slots
		for range 1 + r.IntN(4) {
			first := r.IntN(lieu.SlotsPerCycle)
			if r.IntN(4) > 0 { // at hours at which people come, on a day of some zone
				first = r.IntN(3)*lieu.SlotsPerDay + 24 + r.IntN(50)
			}
			for slot := first; slot < min(first+2+r.IntN(24), lieu.SlotsPerCycle); slot++ {
				open.Add(slot)
			}
		}
		home, site := subset(r, len(d.Zones)), subset(r, len(d.Zones))
		ride, longest := grain*r.Int32N(7), grain*(2+r.Int32N(11))
		var got lieu.Slots
		d.Each(home, site, ride, &open, longest, func(slot int) bool {
			got.Add(slot)
			return true
		})
		want := everyVisit(own, &feed, o, home, site, ride, &open, longest)
		if got != want {
			t.Fatalf("world %d: %d slots count, want %d (ride %d, cut-off %d, zones %v to %v)", world, got.Len(), want.Len(), ride, longest, home, site)
		}
		if want.Len() > 0 {
			some++
		} else {
			none++
		}
		if first := want.Len(); first > 0 {
			told := 0
			d.Each(home, site, ride, &open, longest, func(int) bool { told++; return false })
			if told != 1 {
				t.Fatalf("world %d: %d slots were told to who had enough of the first", world, told)
			}
		}
	}
	t.Logf("%d worlds with slots, %d without", some, none)
	if some < 100 || none < 100 {
		t.Error("too dull to prove anything")
	}
}

func subset(r *rand.Rand, n int) (out []int32) {
	for i := range n {
		if r.IntN(3) > 0 {
			out = append(out, int32(i))
		}
	}
	return out
}

func madeZones(r *rand.Rand, from Day) (own []Zone, feed Feed) {
	for range r.IntN(3) {
		z := Zone{Service: -1, Line: -1, Hours: lieu.Horaires{Known: true}}
		for range 1 + r.IntN(3) {
			first := r.IntN(3)*lieu.SlotsPerDay + 20 + r.IntN(40)
			for slot := first; slot < first+4+r.IntN(30); slot++ {
				z.Hours.Slots.Add(slot)
			}
		}
		own = append(own, z)
	}
	zones := []string{"Europe/Paris", "Europe/London"}
	feed = Feed{Agencies: []Agency{{Zone: zones[r.IntN(2)]}}, Lines: []Line{{Agency: 0}}}
	for range 2 {
		s := Service{}
		for day := from - 2; day < from+ReferenceDays+2; day++ {
			if r.IntN(3) == 0 || day < from+4 {
				s.Days = append(s.Days, day)
			}
		}
		feed.Services = append(feed.Services, s)
	}
	boardings := []Boarding{ByPhone, ByPhone, Regular, Forbidden}
	for range r.IntN(5) {
		first := grain * (60 + r.Int32N(150))
		if r.IntN(5) == 0 {
			first += 24 * 3600
		}
		feed.Zones = append(feed.Zones, Zone{Service: r.Int32N(2), Line: r.Int32N(2) - 1, From: first, To: first + grain*(1+r.Int32N(100)),
			Trip: []string{"a", "b"}[r.IntN(2)], Pickup: boardings[r.IntN(4)], Drop: boardings[r.IntN(4)]})
	}
	return own, feed
}

// everyVisit is the rule as its words are: it looks at zones as they are published.
func everyVisit(own []Zone, feed *Feed, o Options, home, site []int32, ride int32, open *lieu.Slots, longest int32) (out lieu.Slots) {
	type times struct{ from, to int32 }
	known := map[[2]int32][]times{}
	tell := func(zone int32, day Day) (all []times) {
		if int(zone) < len(own) {
			for _, opening := range own[zone].Hours.Slots.Openings() {
				cycleDay := day.cycleDay()
				if slices.Contains(opening.Days, cycleDay%7) && slices.Contains(opening.Weeks, cycleDay/7+1) {
					for _, s := range opening.Spans {
						all = append(all, times{60 * int32(s[0]), 60 * int32(s[1])})
					}
				}
			}
			return all
		}
		z := &feed.Zones[int(zone)-len(own)]
		of := o.Zone
		if z.Line >= 0 {
			of, _ = time.LoadLocation(feed.Agencies[0].Zone)
		}
		for _, on := range feed.Services[z.Service].Days {
			y, m, d := on.Date().Date()
			wall := func(seconds int32) int32 {
				at := time.Date(y, m, d, 12, 0, 0, 0, of).Add(time.Duration(seconds)*time.Second - 12*time.Hour).In(o.Zone)
				return int32(DayOf(at.Date())-day)*86400 + int32(at.Hour()*3600+at.Minute()*60+at.Second())
			}
			all = append(all, times{wall(z.From), wall(z.To)})
		}
		return all
	}
	serves := func(zone int32, day Day) []times {
		key := [2]int32{zone, int32(day)}
		all, ok := known[key]
		if !ok {
			all = tell(zone, day)
			known[key] = all
		}
		return all
	}
	// rides reports whether one may leave a place at a time, to be at another a ride later.
	rides := func(day Day, from, to []int32, at int32) bool {
		for _, f := range from {
			for _, t := range to {
				var pickup, drop Boarding
				if a, b := int(f)-len(own), int(t)-len(own); a >= 0 && b >= 0 {
					if feed.Zones[a].Trip != feed.Zones[b].Trip || a > b {
						continue
					}
					pickup, drop = feed.Zones[a].Pickup, feed.Zones[b].Drop
				} else if f != t {
					continue
				}
				for i, x := range serves(f, day) {
					for j, y := range serves(t, day) {
						if (f != t || i == j) && pickup != Forbidden && drop != Forbidden && at >= x.from && at <= x.to && at+ride >= y.from && at+ride <= y.to {
							return true
						}
					}
				}
			}
		}
		return false
	}
	for day := o.From; day < o.From+ReferenceDays; day++ {
		first := day.cycleDay() * lieu.SlotsPerDay
		if !slices.ContainsFunc(seq(first, first+lieu.SlotsPerDay), open.Has) {
			continue
		}
		var outs, backs []int32 // when one may be at the site having come, and leave it
		for at := int32(6 * 3600); at+ride <= 20*3600; at += grain {
			if rides(day, home, site, at) {
				outs = append(outs, at+ride)
			}
			if rides(day, site, home, at) {
				backs = append(backs, at)
			}
		}
		for _, slot := range seq(first, first+lieu.SlotsPerDay) {
			if !open.Has(slot) || out.Has(slot) {
				continue
			}
			from, to := slot, slot+1
			for from > 0 && open.Has(from-1) {
				from--
			}
			for to < lieu.SlotsPerCycle && open.Has(to) {
				to++
			}
			second := func(slot int) int32 { return int32(slot-first) * 900 }
			o1, o2 := second(from), second(to)
			for _, a := range outs {
				for _, r := range backs {
					come, leave := max(a, o1), min(r, o2)
					if a <= second(slot) && r >= second(slot+1) && come-(a-ride) <= longest && r+ride-leave <= longest && leave-come >= o.Stay && r+ride-(a-ride) <= o.Away {
						out.Add(slot)
					}
				}
			}
		}
	}
	return out
}

func seq(from, to int) (out []int) {
	for i := from; i < to; i++ {
		out = append(out, i)
	}
	return out
}
