package transit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/network/networktest"
)

// zone is that of made territories.
var zone = zones["Europe/Paris"]

var zones = func() map[string]*time.Location {
	out := map[string]*time.Location{}
	for _, name := range []string{"Europe/Paris", "Europe/London"} {
		z, err := time.LoadLocation(name)
		if err != nil {
			panic(err)
		}
		out[name] = z
	}
	return out
}()

// made is a made-up territory: a few stops of one or two feeds along and around a street.
type made struct {
	feeds   []Feed
	options Options
	walk    flat
	homes   []geo.LonLat
	sites   []network.Site
}

// mondays on which reference weeks start: usual ones, and some in which clocks change.
var mondays = []Day{DayOf(2026, 9, 7), DayOf(2026, 3, 9), DayOf(2026, 10, 5), DayOf(2026, 1, 5)}

// make makes a territory up.
func makeUp(r *rand.Rand) *made {
	w := &made{options: Default(mondays[r.IntN(len(mondays))], zone), walk: flat{river: -1}}
	w.options.OnRequest, w.options.School = r.IntN(3) == 0, r.IntN(3) == 0
	w.options.Wheelchair = r.IntN(8) == 0
	w.options.Stay, w.options.Away = int32(r.IntN(6))*600, 2*3600+int32(r.IntN(8))*1800
	if r.IntN(3) == 0 {
		w.walk.river = 1e-5 * float64(r.IntN(2000))
	}
	for range 1 + r.IntN(4)/3 {
		w.feeds = append(w.feeds, makeFeed(r, w.options.From))
	}
	somewhere := func() geo.LonLat {
		if r.IntN(20) == 0 {
			return geo.LonLat{Lon: 2}
		}
		f := &w.feeds[r.IntN(len(w.feeds))]
		p := f.Stops[r.IntN(len(f.Stops))].At
		return geo.LonLat{Lon: p.Lon + metre*float64(r.IntN(1600)-800), Lat: p.Lat + metre*float64(r.IntN(600))}
	}
	for range 4 {
		w.homes = append(w.homes, somewhere())
	}
	for range 2 {
		h := networktest.SomeHours(r)
		if r.IntN(6) == 0 { // also at night
			for day := range 7 * lieu.WeeksPerCycle {
				for k := range 4 + r.IntN(8) {
					h.Slots.Add((day*lieu.SlotsPerDay + 92 + k) % lieu.SlotsPerCycle)
				}
			}
			h.Known = true
		}
		w.sites = append(w.sites, network.Site{At: somewhere(), Horaires: h})
	}
	return w
}

// makeFeed makes a feed up that has something of everything.
func makeFeed(r *rand.Rand, from Day) Feed {
	f := Feed{Agencies: []Agency{{"a", "Made", "Europe/Paris"}, {"b", "Far", "Europe/London"}}}
	stops := 3 + r.IntN(5)
	for i := range stops {
		at := place(float64(r.IntN(12000)), float64(r.IntN(1000)))
		if r.IntN(30) == 0 {
			at = geo.LonLat{Lon: 2}
		}
		f.Stops = append(f.Stops, Stop{ID: fmt.Sprint(i), At: at, Parent: -1, Wheelchair: Access(r.IntN(5) / 2)})
	}
	if r.IntN(2) == 0 { // a station
		f.Stops = append(f.Stops, Stop{ID: "station", Kind: Station, Parent: -1, At: f.Stops[0].At})
		for range 2 {
			f.Stops[r.IntN(stops)].Parent = int32(stops)
		}
	}
	for range 2 + r.IntN(3) {
		var s Service
		days := r.IntN(127) + 1
		days |= r.IntN(127) + 1 // most days
		for d := from - 3; d < from+ReferenceDays+2; d++ {
			if days>>d.weekday()&1 == 1 && r.IntN(25) > 0 {
				s.Days = append(s.Days, d)
			}
		}
		f.Services = append(f.Services, s)
	}
	for i := range 2 + r.IntN(3) {
		line := Line{ID: fmt.Sprint(i), Type: 3, Agency: int32(r.IntN(8) / 7)}
		if r.IntN(5) == 0 {
			line.Type = School
		}
		f.Lines = append(f.Lines, line)
	}
	boarding := func() Boarding { return Boarding(max(0, r.IntN(16)-12)) }
	for line := range f.Lines {
		var route []int32
		for range 2 + r.IntN(4) {
			route = append(route, int32(r.IntN(stops)))
		}
		start := int32(5*3600 + r.IntN(5*3600))
		for k := range 4 + r.IntN(8) {
			t := Trip{ID: fmt.Sprint(line, k), Line: int32(line), Service: int32(r.IntN(len(f.Services))), Wheelchair: Access(r.IntN(4) / 2)}
			at := start + int32(k*(900+r.IntN(3600)))
			if r.IntN(6) == 0 {
				at += 24 * 3600 // yesterday's
			}
			if r.IntN(3) == 0 {
				t.Block = fmt.Sprint(r.IntN(2))
			}
			for c := range route {
				stop := route[c]
				if k%2 == 1 {
					stop = route[len(route)-1-c]
				}
				call := Call{Stop: stop, Arrive: at, Depart: at + int32(r.IntN(3)*r.IntN(90)), Pickup: boarding(), Drop: boarding()}
				at = call.Depart + int32(60+r.IntN(700))
				t.Calls = append(t.Calls, call)
			}
			if r.IntN(6) == 0 {
				t.Block = ""
				for range 1 + r.IntN(2) {
					from := int32(5*3600 + r.IntN(12*3600))
					t.Frequencies = append(t.Frequencies, Frequency{Start: from, End: from + int32(r.IntN(7200)), Headway: 600 + int32(r.IntN(2400))})
				}
			}
			f.Trips = append(f.Trips, t)
		}
	}
	if r.IntN(2) == 0 {
		for range 1 + r.IntN(6) {
			f.Transfers = append(f.Transfers, makeTransfer(r, &f))
		}
	}
	return f
}

func makeTransfer(r *rand.Rand, f *Feed) Transfer {
	maybe := func(n int) int32 {
		if r.IntN(3) > 0 {
			return -1
		}
		return int32(r.IntN(n))
	}
	x := Transfer{From: int32(r.IntN(len(f.Stops))), To: int32(r.IntN(len(f.Stops))), FromLine: maybe(len(f.Lines)), ToLine: maybe(len(f.Lines)),
		FromTrip: maybe(len(f.Trips)), ToTrip: maybe(len(f.Trips)), Type: uint8(r.IntN(6)), MinSeconds: int32(r.IntN(900)) - 1}
	if x.FromTrip >= 0 {
		x.FromLine = f.Trips[x.FromTrip].Line
	}
	if x.ToTrip >= 0 {
		x.ToLine = f.Trips[x.ToTrip].Line
	}
	return x
}

// open compiles a territory and joins it.
func (w *made) open(t testing.TB) *Network {
	t.Helper()
	table, err := Compile(w.feeds, w.options)
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(context.Background(), table, w.walk)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// TestTimetablesKeepTheContract is the exam of networks.
func TestTimetablesKeepTheContract(t *testing.T) {
	networktest.Run(t, func(t testing.TB, r *rand.Rand) networktest.World {
		w := makeUp(r)
		for len(w.homes) < 40 {
			more := makeUp(r)
			w.homes = append(w.homes, more.homes...)
			if len(w.sites) < 6 {
				w.sites = append(w.sites, more.sites...)
			}
		}
		return networktest.World{Network: w.open(t), Starts: w.homes, Sites: w.sites, Limit: geo.Cost(20+r.IntN(40)) * geo.Minute}
	})
}
