package transit

import (
	"context"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// aLine is a line of 10 minutes between two stops 20 km apart, both ways, every day of the
// reference weeks: towards the site at each of go, home at each of back (seconds).
func aLine(depart, home []int32) Feed {
	f := Feed{Agencies: []Agency{{"a", "Made", "Europe/Paris"}}, Lines: []Line{{Type: 3}}, Services: []Service{{}}}
	for d := mondays[0] - 1; d < mondays[0]+ReferenceDays; d++ {
		f.Services[0].Days = append(f.Services[0].Days, d)
	}
	f.Stops = []Stop{{ID: "village", At: place(0, 0), Parent: -1}, {ID: "town", At: place(20_000, 0), Parent: -1}}
	add := func(from, to, at int32) {
		f.Trips = append(f.Trips, Trip{Calls: []Call{{Stop: from, Arrive: at, Depart: at}, {Stop: to, Arrive: at + 600, Depart: at + 600}}})
	}
	for _, at := range depart {
		add(0, 1, at)
	}
	for _, at := range home {
		add(1, 0, at)
	}
	return f
}

func clock(h, m int32) int32 { return h*3600 + m*60 }

// from is the steps from the village, 750 m (10 minutes) from its stop, to a site that is
// 375 m (5 minutes) from the stop in town.
func fromVillage(t *testing.T, feed Feed, open string, change func(*Options)) (out []told) {
	t.Helper()
	h, err := lieu.ParseHoraires(open)
	if err != nil {
		t.Fatal(err)
	}
	w := &made{feeds: []Feed{feed}, options: Default(mondays[0], zone), walk: flat{river: -1}}
	if change != nil {
		change(&w.options)
	}
	n := w.open(t)
	from, err := n.Starts(context.Background(), []geo.LonLat{place(-750, 0)})
	if err != nil {
		t.Fatal(err)
	}
	to, err := n.Sites(context.Background(), []network.Site{{At: place(20_375, 0), Horaires: &h}})
	if err != nil {
		t.Fatal(err)
	}
	n.NewSearch().Reach(to, 0, 60*geo.Minute, nil, from.Index([]int32{0}), func(_ int32, cost, time geo.Cost, slots *network.Slots) {
		out = append(out, told{cost, time, slots == nil, *slots})
	})
	return out
}

// slotsOf are the slots of some days of the week, from one hour to another.
func slotsOf(days []int, from, to int) (s network.Slots) {
	for week := range lieu.WeeksPerCycle {
		for _, d := range days {
			for k := 4 * from / 60; k < 4*to/60; k++ {
				s.Add(week*lieu.SlotsPerWeek + d*lieu.SlotsPerDay + k)
			}
		}
	}
	return s
}

// TestALineHasKnownAnswers: whoever leaves the village at 8:20 takes the bus of 8:30 and is
// at the site at 8:45, which is open on Wednesdays from 9:00 to 12:00.
func TestALineHasKnownAnswers(t *testing.T) {
	wednesday := []int{2}
	const open = "We 09:00-12:00"
	for _, c := range []struct {
		name         string
		depart, home []int32
		open         string
		change       func(*Options)
		want         []told
	}{
		{name: "the door opens a quarter of an hour after one is there, the bus home leaves ten minutes after it shuts",
			// out: 9:00 − 8:20 = 40 min. back: from 12:00 to 12:30, when one is home. Within
			// the week: there at 8:45, away at 12:05, 25 min each.
			depart: []int32{clock(8, 30)}, home: []int32{clock(12, 10)}, open: open,
			change: func(o *Options) { o.Away = 5 * 3600 },
			want:   []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute}, {cost: 40 * geo.Minute, time: 40 * geo.Minute, slots: slotsOf(wednesday, 9*60, 12*60)}}},
		{name: "the only bus home leaves before it shuts",
			// away at 11:20: slots until 11:15 count, 25 min back.
			depart: []int32{clock(8, 45)}, home: []int32{clock(11, 25)}, open: open,
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 9*60, 11*60+15)}}},
		{name: "one gets there after it opened",
			// there at 9:20: slots from 9:30.
			depart: []int32{clock(9, 5)}, home: []int32{clock(12, 5)}, open: open,
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 9*60+30, 12*60)}}},
		{name: "no bus goes home", depart: []int32{clock(8, 45)}, open: open},
		{name: "the bus home leaves too soon to stay", depart: []int32{clock(8, 45)}, home: []int32{clock(9, 34)}, open: open},
		{name: "who may stay for less may", depart: []int32{clock(8, 45)}, home: []int32{clock(9, 34)}, open: open,
			change: func(o *Options) { o.Stay = 29 * 60 },
			want:   []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 9*60, 9*60+15)}}},
		{name: "one would be away for longer than four hours", depart: []int32{clock(8, 45)}, home: []int32{clock(12, 26)}, open: open},
		{name: "four hours are not longer", depart: []int32{clock(8, 45)}, home: []int32{clock(12, 15)}, open: open,
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute}, {cost: 35 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 9*60, 12*60)}}},
		{name: "nobody leaves before six", depart: []int32{clock(6, 9)}, home: []int32{clock(9, 0)}, open: "We 06:15-12:00"},
		{name: "six is not before six", depart: []int32{clock(6, 10)}, home: []int32{clock(9, 30)}, open: "We 06:15-12:00",
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 6*60+30, 9*60+15)}}},
		{name: "nobody is home after eight in the evening", depart: []int32{clock(16, 0)}, home: []int32{clock(19, 41)}, open: "We 16:00-20:00"},
		{name: "yesterday's bus goes at 8:45, too",
			depart: []int32{clock(32, 45)}, home: []int32{clock(12, 5)}, open: open,
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 9*60, 12*60)}}},
		{name: "a closed site is within reach, and gives nothing", depart: []int32{clock(8, 45)}, home: []int32{clock(12, 5)}, open: "We 21:00-22:00",
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute}}},
		{name: "whoever waits behind a closed door for 40 minutes needs 65 for the way back",
			depart: []int32{clock(8, 45)}, home: []int32{clock(12, 0)}, open: "We 09:00-11:15",
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute}}},
		{name: "who waits for 25 needs 50",
			depart: []int32{clock(8, 45)}, home: []int32{clock(12, 0)}, open: "We 09:00-11:30",
			want: []told{{cost: 25 * geo.Minute, time: 25 * geo.Minute}, {cost: 50 * geo.Minute, time: 25 * geo.Minute, slots: slotsOf(wednesday, 9*60, 11*60+30)}}},
	} {
		got := fromVillage(t, aLine(c.depart, c.home), c.open, c.change)
		if len(got) != len(c.want) {
			t.Errorf("%s: %d steps, want %d: %v", c.name, len(got), len(c.want), brief(got))
			continue
		}
		for i := range got {
			if got[i] != c.want[i] {
				t.Errorf("%s: step %d: %v, want %v", c.name, i, brief(got[i:i+1]), brief(c.want[i:i+1]))
			}
		}
	}
}

// brief is steps for people.
func brief(steps []told) (out []any) {
	for _, s := range steps {
		out = append(out, s.cost.Minutes(), s.time.Minutes(), s.slots.Openings())
	}
	return out
}

// TestWhatIsLeftOutIsCounted: school lines, calls on request, stops off the streets.
func TestWhatIsLeftOutIsCounted(t *testing.T) {
	feed := aLine([]int32{clock(8, 45)}, []int32{clock(12, 5)})
	feed.Trips[0].Calls[0].Pickup = ByPhone
	feed.Stops = append(feed.Stops, Stop{ID: "island", At: geo.LonLat{Lon: 2}, Parent: -1})
	feed.Lines = append(feed.Lines, Line{Type: School})
	school := feed.Trips[0]
	school.Line, school.Calls = 1, []Call{{Stop: 0, Arrive: 0, Depart: 0}, {Stop: 2, Arrive: 9, Depart: 9}}
	feed.Trips = append(feed.Trips, school)
	w := &made{feeds: []Feed{feed}, options: Default(mondays[0], zone), walk: flat{river: -1}}
	if got, want := w.open(t).Left(), (Left{School: 1, OnRequest: 1, OffStreets: 1}); got != want {
		t.Errorf("%+v, want %+v", got, want)
	}
	w.options.Wheelchair = true
	feed.Stops[0].Wheelchair, feed.Trips[1].Wheelchair = Yes, No // the other trip says nothing, as all other stops
	if got, want := w.open(t).Left(), (Left{School: 1, Wheelchair: 2, Steps: 2, OffStreets: 1}); got != want {
		t.Errorf("for wheelchairs: %+v, want %+v", got, want)
	}
	w.options.Wheelchair = false
	if got := fromVillage(t, feed, "We 09:00-12:00", nil); got != nil {
		t.Errorf("boarded on request without asking: %v", brief(got))
	}
	if got := fromVillage(t, feed, "We 09:00-12:00", func(o *Options) { o.OnRequest = true }); len(got) != 1 {
		t.Errorf("asked: %v", brief(got))
	}
	bomb := feed
	bomb.Trips = nil
	for range 500 {
		trip := feed.Trips[1]
		trip.Frequencies = []Frequency{{Start: 0, End: clock(24, 0), Headway: 1}}
		bomb.Trips = append(bomb.Trips, trip)
	}
	if _, err := Compile([]Feed{bomb}, w.options); err == nil || !strings.Contains(err.Error(), "frequencies.txt") {
		t.Errorf("a bomb of frequencies: %v", err)
	}
	feed.Agencies[0].Zone = "Europe/Laon"
	if _, err := Compile([]Feed{feed}, w.options); err == nil || !strings.Contains(err.Error(), "Europe/Laon") {
		t.Errorf("an unknown zone: %v", err)
	}
}
