package editiontest

import (
	"fmt"
	"math/rand/v2"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// BusLine is a straight line from west to east and back, all of whose trips call everywhere at
// one pace: no change is of use to anybody, so that one ride is all there is to try.
type BusLine struct {
	At    []geo.LonLat
	Trips []BusTrip
}

// BusTrip is a trip of a [BusLine].
type BusTrip struct {
	Eastward bool
	Leave    int32   // the first stop, seconds of the day
	Days     [7]bool // from Monday
}

// BusHop is the seconds of a [BusLine] from stop to stop.
const BusHop = 150

// AddBus adds a line along a row of the lattice of streets of [Small], as a feed of 12 weeks.
// Of two lines nothing is told of how one changes from one to the other.
func AddBus(in *Inputs, r *rand.Rand) *BusLine {
	l := &BusLine{}
	lat := 49.5 + 0.006*(0.5+float64(r.IntN(3)))
	for k := range 4 + r.IntN(4) {
		l.At = append(l.At, geo.LonLat{Lon: 3.497 + 0.018*float64(k), Lat: lat})
	}
	number := len(in.FeedRows)
	f := transit.Feed{Name: fmt.Sprintf("ligne-%d.zip", number), Agencies: []transit.Agency{{ID: "a", Name: "Cars", Zone: "Europe/Paris"}}, Lines: []transit.Line{{ID: "l", Type: 3}}}
	for k, at := range l.At {
		f.Stops = append(f.Stops, transit.Stop{ID: fmt.Sprint("s", k), Name: fmt.Sprint("Arrêt ", k), At: at, Parent: -1})
	}
	for k := range 6 + r.IntN(8) {
		t := BusTrip{Eastward: r.IntN(2) == 0, Leave: int32(6*3600 + 300*r.IntN(160))}
		s := transit.Service{ID: fmt.Sprint("d", k)}
		for d := range t.Days {
			t.Days[d] = d < 6 && r.IntN(3) > 0
		}
		for d := range transit.Day(12 * 7) {
			if t.Days[d%7] {
				s.Days = append(s.Days, busesFrom+d)
			}
		}
		trip := transit.Trip{ID: fmt.Sprint("t", k), Service: int32(k), Direction: -1}
		for c := range l.At {
			stop := c
			if !t.Eastward {
				stop = len(l.At) - 1 - c
			}
			at := t.Leave + int32(c)*BusHop
			trip.Calls = append(trip.Calls, transit.Call{Stop: int32(stop), Arrive: at, Depart: at})
		}
		l.Trips, f.Services, f.Trips = append(l.Trips, t), append(f.Services, s), append(f.Trips, trip)
	}
	in.FeedRows = append(in.FeedRows, f)
	in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.GTFS.Kind, Dataset: fmt.Sprintf("gtfs-cars-%d", number), Rows: 1})
	return l
}

// SmallByBus is [Small] with a line of buses, or two.
func SmallByBus(r *rand.Rand) *Inputs { return withBus(Small(r), r) }

// UnindexedByBus is [Unindexed] with a line of buses, or two.
func UnindexedByBus(r *rand.Rand) *Inputs { return withBus(Unindexed(r), r) }

func withBus(in *Inputs, r *rand.Rand) *Inputs {
	for range 1 + r.IntN(2) {
		AddBus(in, r)
	}
	return in
}

// SomeQueryByBus is a question by timetable.
func SomeQueryByBus(r *rand.Rand) coverage.Query {
	q := SomeQuery(r)
	q.Mode, q.MinHours, q.Cutoff = geo.Transit, float64(r.IntN(8)), 5*geo.Minute*geo.Cost(1+r.IntN(12))
	return q
}
