package edition

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// bare is t without what its sections hold: days of services, and calls of trips.
func (t *Timetables) bare() *Timetables {
	out := *t
	out.Feeds = slices.Clone(t.Feeds)
	for i := range out.Feeds {
		f := &out.Feeds[i]
		f.Services, f.Trips = slices.Clone(f.Services), slices.Clone(f.Trips)
		for k := range f.Services {
			f.Services[k].Days = nil
		}
		for k := range f.Trips {
			f.Trips[k].Calls = nil
		}
	}
	return &out
}

// timetables writes the days of all services of each feed, and the calls of all its trips, by
// column.
func (w *writer) timetables(t *Timetables) {
	for i := range t.Feeds {
		f := &t.Feeds[i]
		var counts, days []int32
		for k := range f.Services {
			counts = append(counts, int32(len(f.Services[k].Days)))
			for _, d := range f.Services[k].Days {
				days = append(days, int32(d))
			}
		}
		writeSlice(w, counts)
		writeSlice(w, days)
		var stop, arrive, depart []int32
		var boarding []byte
		counts = counts[:0]
		for k := range f.Trips {
			counts = append(counts, int32(len(f.Trips[k].Calls)))
			for _, c := range f.Trips[k].Calls {
				stop, arrive, depart = append(stop, c.Stop), append(arrive, c.Arrive), append(depart, c.Depart)
				boarding = append(boarding, byte(c.Pickup)<<4|byte(c.Drop))
			}
		}
		writeSlice(w, counts)
		writeSlice(w, stop)
		writeSlice(w, arrive)
		writeSlice(w, depart)
		writeSlice(w, boarding)
	}
}

// timetables reads what the writer wrote into the services and trips of the header.
func (r *reader) timetables(t *Timetables) {
	for i := range t.Feeds {
		f := &t.Feeds[i]
		counts, days := readSlice[int32](r), readSlice[int32](r)
		if !adds(counts, len(f.Services), len(days)) {
			r.fail("days of services that do not match")
			return
		}
		for k, n := range counts {
			for _, d := range days[:n] {
				f.Services[k].Days = append(f.Services[k].Days, transit.Day(d))
			}
			days = days[n:]
		}
		counts = readSlice[int32](r)
		stop, arrive, depart, boarding := readSlice[int32](r), readSlice[int32](r), readSlice[int32](r), readSlice[byte](r)
		if !adds(counts, len(f.Trips), len(stop)) || len(arrive) != len(stop) || len(depart) != len(stop) || len(boarding) != len(stop) {
			r.fail("calls of trips that do not match")
			return
		}
		calls := make([]transit.Call, len(stop))
		for k := range calls {
			calls[k] = transit.Call{Stop: stop[k], Arrive: arrive[k], Depart: depart[k], Pickup: transit.Boarding(boarding[k] >> 4), Drop: transit.Boarding(boarding[k] & 15)}
		}
		for k, n := range counts {
			if n > 0 {
				f.Trips[k].Calls = calls[:n:n]
			}
			calls = calls[n:]
		}
	}
}

// adds reports whether so many counts, none negative, add up to all.
func adds(counts []int32, number, all int) bool {
	for _, n := range counts {
		if n < 0 || int(n) > all {
			return false
		}
		all -= int(n)
	}
	return len(counts) == number && all == 0
}
