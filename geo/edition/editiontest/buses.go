package editiontest

import (
	"fmt"
	"math/rand/v2"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// busesFrom is the first Monday of the timetables that are made here, which last 12 weeks
// without a holiday of the zone of the Aisne.
var busesFrom = transit.DayOf(2025, 9, 8)

// Buses adds a feed of a few lines from place to place: some trips run on some days of the
// week, some in every other week alone, some trips wait on the way, and one line in a few calls
// where no street is.
func (in *Inputs) Buses(r *rand.Rand) {
	f := transit.Feed{Name: "cars.zip", Agencies: []transit.Agency{{ID: "a", Name: "Cars", Zone: "Europe/Paris"}}}
	for range 4 + r.IntN(6) {
		f.Stops = append(f.Stops, transit.Stop{ID: fmt.Sprint("arret-", len(f.Stops)), Name: fmt.Sprint("Arrêt ", len(f.Stops)), At: in.Place(r), Parent: -1})
	}
	if r.IntN(4) == 0 {
		f.Stops[0].At.Lat += 0.2
	}
	for k := range 2 + r.IntN(4) {
		s := transit.Service{ID: fmt.Sprint("jours-", k)}
		days, period := 1+r.IntN(1<<6-1), transit.Day(1)
		if r.IntN(3) == 0 {
			period = 2
		}
		if r.IntN(6) == 0 {
			days |= 1 << 6
		}
		for d := range transit.Day(12 * 7) {
			if days>>(d%7)&1 == 1 && d/7%period == 0 {
				s.Days = append(s.Days, busesFrom+d)
			}
		}
		f.Services = append(f.Services, s)
	}
	for line := range int32(1 + r.IntN(4)) {
		f.Lines = append(f.Lines, transit.Line{ID: fmt.Sprint("ligne-", line), Short: fmt.Sprint(line + 1), Type: 3})
		route := r.Perm(len(f.Stops))[:2+r.IntN(len(f.Stops)-2)]
		for k := range 3 + r.IntN(9) {
			t := transit.Trip{ID: fmt.Sprintf("course-%d-%d", line, k), Line: line, Service: int32(r.IntN(len(f.Services))), Direction: int8(k % 2)}
			at := int32(5*3600 + 60*r.IntN(15*60))
			for c := range route {
				stop := route[c]
				if k%2 == 1 {
					stop = route[len(route)-1-c]
				}
				wait := int32(30 * r.IntN(3))
				t.Calls = append(t.Calls, transit.Call{Stop: int32(stop), Arrive: at, Depart: at + wait})
				at += wait + 60 + int32(r.IntN(500))
			}
			f.Trips = append(f.Trips, t)
		}
	}
	in.FeedRows = append(in.FeedRows, f)
	in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: store.GTFS.Kind, Dataset: "gtfs-cars", Rows: 1})
}
