package editiontest

import (
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Line is the timetable of one line that calls at some places in turn, and back, from Monday to
// Friday for so many weeks: departures, in seconds of the day, are from both ends, and hop is
// the seconds from each stop to the next. Its first trip is on request too, and a line of a
// school beside it has one of its own.
func Line(monday string, weeks int, at []geo.LonLat, hop int32, departures ...int32) transit.Feed {
	first, err := time.Parse(time.DateOnly, monday)
	if err != nil {
		panic(err)
	}
	f := transit.Feed{Name: "ligne.zip", Agencies: []transit.Agency{{ID: "a", Name: "Cars d'Arcy", Zone: "Europe/Paris"}},
		Lines:    []transit.Line{{ID: "l", Short: "4", Type: 3}, {ID: "s", Short: "S1", Type: 712}},
		Services: []transit.Service{{ID: "semaine"}}}
	for k, p := range at {
		f.Stops = append(f.Stops, transit.Stop{ID: fmt.Sprint("s", k), Name: fmt.Sprint("Arrêt ", k+1), At: p, Parent: -1})
	}
	for week := range weeks {
		for day := range 5 {
			f.Services[0].Days = append(f.Services[0].Days, transit.DayOf(first.Year(), first.Month(), first.Day()+7*week+day))
		}
	}
	trip := func(line int32, leave int32, back bool) {
		t := transit.Trip{ID: fmt.Sprintf("%d-%d-%t", line, leave, back), Line: line, Direction: -1}
		for c := range at {
			stop := c
			if back {
				stop = len(at) - 1 - c
			}
			time := leave + int32(c)*hop
			t.Calls = append(t.Calls, transit.Call{Stop: int32(stop), Arrive: time, Depart: time})
		}
		f.Trips = append(f.Trips, t)
	}
	for _, leave := range departures {
		trip(0, leave, false)
		trip(0, leave, true)
	}
	f.Trips[0].Calls[0].Pickup = transit.ByPhone
	trip(1, 7*3600, false)
	return f
}
