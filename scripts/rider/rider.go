// Package rider finds journeys by trying every vehicle of a date: the naive twin of timetable
// searches, for scripts. It reads feeds, and knows nothing of how geo/transit compiles them.
package rider

import (
	"math"
	"slices"
	"time"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// ChangeSeconds is what a change takes, beside the walk.
const ChangeSeconds = 120

// Vehicle is one run of a trip, by the clock of a date.
type Vehicle struct {
	Trip  int32 // of the feed
	On    transit.Day
	Calls []Call
}

// Call is a stop of a vehicle. Times are seconds of the date.
type Call struct {
	Stop           int32 // of the feed
	Arrive, Depart int32
	Board, Alight  bool
}

// Vehicles lists those of a plain feed that are under way on a date, by the clock of its zone.
func Vehicles(f *transit.Feed, day transit.Day, zone *time.Location) (out []Vehicle) {
	for on := day - 2; on <= day+1; on++ {
		for i := range f.Trips {
			t := &f.Trips[i]
			if _, runs := slices.BinarySearch(f.Services[t.Service].Days, on); !runs {
				continue
			}
			shift := int32(noon(on, zone).Sub(noon(day, zone)) / time.Second)
			for _, later := range Departures(t) {
				v := Vehicle{Trip: int32(i), On: on}
				for k, c := range t.Calls {
					v.Calls = append(v.Calls, Call{Stop: c.Stop, Arrive: c.Arrive + later + shift, Depart: c.Depart + later + shift,
						Board: c.Pickup == transit.Regular && k+1 < len(t.Calls), Alight: c.Drop == transit.Regular && k > 0})
				}
				if len(v.Calls) > 1 && v.Calls[0].Depart < 24*3600 && v.Calls[len(v.Calls)-1].Arrive > 0 {
					out = append(out, v)
				}
			}
		}
	}
	return out
}

func noon(day transit.Day, zone *time.Location) time.Time {
	y, m, d := day.Date().Date()
	return time.Date(y, m, d, 12, 0, 0, 0, zone)
}

// Departures are how much later than its calls say a trip runs, in seconds: 0, or what its
// frequencies say.
func Departures(t *transit.Trip) (later []int32) {
	if len(t.Frequencies) == 0 {
		return []int32{0}
	}
	for _, f := range t.Frequencies {
		for at := f.Start; at < f.End; at += f.Headway {
			later = append(later, at-t.Calls[0].Depart)
		}
	}
	return later
}

// Walk is a walk to a stop, or from one, in seconds.
type Walk struct{ Stop, Seconds int32 }

// Never is later than all times.
const Never = math.MaxInt32

// Question asks how soon one is somewhere.
type Question struct {
	Leave, Until int32  // who is there later is not there
	From, To     []Walk // to where one boards first, from where one alights last
	Rides        int    // at most
}

// Arrival answers a question; [Never]: there is no way. changes are, of every stop, the stops
// to which one changes from there, and what that takes. Each round tries every vehicle.
func Arrival(vehicles []Vehicle, changes [][]Walk, q Question) int32 {
	arrive := int32(Never)
	ready := nowhere(len(changes))
	for _, w := range q.From {
		ready[w.Stop] = min(ready[w.Stop], q.Leave+w.Seconds)
	}
	for range q.Rides {
		alighted, soonest := nowhere(len(changes)), slices.Min(ready)
		for i := range vehicles {
			v := &vehicles[i]
			if v.Calls[len(v.Calls)-1].Depart >= soonest && v.Calls[0].Arrive <= q.Until {
				v.ride(ready, alighted)
			}
		}
		for _, w := range q.To {
			if at := alighted[w.Stop]; at != Never && at+w.Seconds <= q.Until {
				arrive = min(arrive, at+w.Seconds)
			}
		}
		next := nowhere(len(changes))
		for stop, at := range alighted {
			if at == Never {
				continue
			}
			for _, c := range changes[stop] {
				next[c.Stop] = min(next[c.Stop], at+c.Seconds)
			}
		}
		if slices.Equal(ready, next) {
			break
		}
		ready = next
	}
	return arrive
}

// ride boards where one can and alights everywhere after.
func (v *Vehicle) ride(ready, alighted []int32) {
	aboard := false
	for _, c := range v.Calls {
		if aboard && c.Alight {
			alighted[c.Stop] = min(alighted[c.Stop], c.Arrive)
		}
		aboard = aboard || c.Board && ready[c.Stop] <= c.Depart
	}
}

func nowhere(stops int) []int32 {
	out := make([]int32, stops)
	for i := range out {
		out[i] = Never
	}
	return out
}
