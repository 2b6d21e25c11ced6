package transit

import (
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestReferenceWeeksAreTheBestOfAllMondays: on made-up services, holidays and holes in what is
// known of them, against a look at every Monday of ten years; ties are the latest.
func TestReferenceWeeksAreTheBestOfAllMondays(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	found, unknown, ties := 0, 0, 0
	for world := range uint64(600) {
		r := rand.New(rand.NewPCG(seed, world))
		start := DayOf(2019+r.IntN(8), time.Month(1+r.IntN(12)), 1)
		feed := Feed{Name: "made.zip"}
		for range 1 + r.IntN(4) {
			var s Service
			from, days := start+Day(r.IntN(200)), r.IntN(128)
			for d := from; d < from+Day(r.IntN(200)); d++ {
				if days>>d.weekday()&1 == 1 {
					s.Days = append(s.Days, d)
				}
			}
			feed.Services = append(feed.Services, s)
			for range r.IntN(4) {
				trip := Trip{Service: int32(len(feed.Services) - 1)}
				if r.IntN(4) == 0 {
					trip.Frequencies = []Frequency{{Start: 0, End: 100, Headway: int32(1 + r.IntN(60))}}
				}
				feed.Trips = append(feed.Trips, trip)
			}
		}
		off := map[Day]bool{}
		for range r.IntN(12) {
			for d, n := start+Day(r.IntN(400)), r.IntN(16); n > 0; n-- {
				off[d+Day(n)] = true
			}
		}
		knownTo := start + Day(r.IntN(500))
		holiday := func(d Day) (bool, bool) { return off[d], d < knownTo }
		got, err := ChooseWeeks([]Feed{feed}, holiday)

		var want Weeks
		for from := DayOf(2018, 1, 1); from < DayOf(2029, 1, 1); from += 7 {
			w := Weeks{From: from, HolidaysKnown: true}
			good := true
			for d := from; d < from+28; d++ {
				_, week := d.Date().ISOWeek()
				good = good && !off[d] && week != 53
				w.HolidaysKnown = w.HolidaysKnown && d < knownTo
				for _, trip := range feed.Trips {
					for _, runs := range feed.Services[trip.Service].Days {
						if runs != d {
							continue
						}
						if trip.Frequencies == nil {
							w.Trips++
						}
						for _, f := range trip.Frequencies {
							for at := f.Start; at < f.End; at += f.Headway {
								w.Trips++
							}
						}
					}
				}
			}
			if !good || w.Trips == 0 {
				continue
			}
			better := want.Trips == 0 || w.HolidaysKnown && !want.HolidaysKnown || w.HolidaysKnown == want.HolidaysKnown && w.Trips >= want.Trips
			if better {
				if w.Trips == want.Trips {
					ties++
				}
				want = w
			}
		}
		if (err == nil) != (want.Trips > 0) || got != want {
			t.Fatalf("seed %d, world %d: %v %v, want %v", seed, world, got, err, want)
		}
		if err == nil {
			found++
			if !got.HolidaysKnown {
				unknown++
			}
			if err := CheckFrom(got.From); err != nil {
				t.Fatal(err)
			}
			seen := map[int]bool{}
			for d := got.From; d < got.From+ReferenceDays; d++ {
				seen[d.cycleDay()] = true
			}
			if len(seen) != ReferenceDays {
				t.Fatalf("seed %d, world %d: from %v on, %d days of the cycle", seed, world, got.From, len(seen))
			}
		} else if !strings.Contains(err.Error(), "made.zip") {
			t.Fatalf("no feed in: %v", err)
		}
	}
	t.Logf("%d found, of which %d where holidays are unknown; %d ties", found, unknown, ties)
	if found < 200 || unknown == 0 || ties == 0 {
		t.Error("too dull to prove anything")
	}
}

func TestReferenceWeeksStartOnMondays(t *testing.T) {
	for _, c := range []struct {
		day  Day
		want string
	}{
		{DayOf(2026, 9, 8), "un mardi"},
		{DayOf(2026, 12, 7), "semaine 53"}, // 28 December 2026 to 3 January 2027 is a week 53
		{DayOf(2026, 12, 28), "semaine 53"},
		{DayOf(2026, 11, 30), ""},
		{DayOf(2025, 12, 22), ""}, // 52 is followed by 1
	} {
		err := CheckFrom(c.day)
		if (err == nil) != (c.want == "") || err != nil && !strings.Contains(err.Error(), c.want) {
			t.Errorf("%v: %v, want %q", c.day, err, c.want)
		}
	}
}

// TestHolidaysAreThoseOfTheZone: of the Aisne, by the published calendar.
func TestHolidaysAreThoseOfTheZone(t *testing.T) {
	vacances, err := lieu.PublishedVacances()
	if err != nil {
		t.Fatal(err)
	}
	holiday := Holidays(lieu.NewCalendar(lieu.ZoneOf("02"), vacances))
	for _, c := range []struct {
		day       Day
		is, known bool
	}{
		{DayOf(2025, 10, 20), true, true},  // Toussaint
		{DayOf(2025, 11, 11), true, true},  // a public holiday
		{DayOf(2025, 11, 12), false, true}, // an ordinary Wednesday
		{DayOf(2031, 3, 5), false, false},  // no calendar tells
	} {
		if is, known := holiday(c.day); is != c.is || known != c.known {
			t.Errorf("%v: %v %v, want %v %v", c.day, is, known, c.is, c.known)
		}
	}
}

// TestWeeksThatAreChosen: a date that somebody gives is taken, holidays or not, where
// something runs; else the error names the feed and its dates.
func TestWeeksThatAreChosen(t *testing.T) {
	first := DayOf(2025, 9, 8)
	feed := Feed{Name: "made.zip", Services: []Service{{Days: []Day{first, first + 7, first + 40}}}, Trips: []Trip{{Frequencies: []Frequency{{Start: 0, End: 100, Headway: 50}}}, {}}}
	always := func(Day) (bool, bool) { return true, true }
	w, err := WeeksFrom([]Feed{feed}, first, always)
	if want := (Weeks{From: first, Trips: 6, HolidaysKnown: true}); err != nil || w != want {
		t.Errorf("%v %v, want %v", w, err, want)
	}
	for _, from := range []Day{first + 1, first + 56} {
		if _, err := WeeksFrom([]Feed{feed}, from, always); err == nil || from == first+56 && !strings.Contains(err.Error(), "made.zip » (du 2025-09-08 au 2025-10-18)") {
			t.Errorf("%v: %v", from, err)
		}
	}
}
