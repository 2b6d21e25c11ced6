package gtfs

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// call is a row of stop_times.txt, packed: there are millions.
type call struct {
	trip, seq, stop, arrive, depart, line int32
	dist                                  float32 // shape_dist_traveled; NaN: not told
	boarding                              uint8   // pickup << 4 | drop
}

// untold is a time that a row does not have.
const untold = math.MinInt32

// blockCalls is how many calls are kept together, so that nothing is copied as they grow.
const blockCalls = 1 << 16

// times are the rows of stop_times.txt as they come: those of a trip may be anywhere.
type times struct {
	lines  []int32 // of each trip, its row in trips.txt
	blocks [][]call
}

func (t *times) add(c call) {
	if k := len(t.blocks); k == 0 || len(t.blocks[k-1]) == blockCalls {
		t.blocks = append(t.blocks, make([]call, 0, blockCalls))
	}
	last := len(t.blocks) - 1
	t.blocks[last] = append(t.blocks[last], c)
}

func (t *times) at(i int32) *call { return &t.blocks[i/blockCalls][i%blockCalls] }

func (t *times) len() int {
	if len(t.blocks) == 0 {
		return 0
	}
	return (len(t.blocks)-1)*blockCalls + len(t.blocks[len(t.blocks)-1])
}

const timesFile = "stop_times.txt"

// Columns of stop_times.txt, in the order of cells.
const (
	timeTrip = iota
	timeSequence
	timeStop
	timeArrive
	timeDepart
	timePickup
	timeDrop
	timeDist
	timeContinuousPickup
	timeContinuousDrop
	timeGroup
	timeLocation
	timeFrom
	timeTo
	timePickupRule
	timeDropRule
	timeExact
)

func (f *feed) readTimes() error {
	last, lastTrip := "", int32(0) // rows of a trip mostly follow each other
	optional := []string{"stop_id", "arrival_time", "departure_time", "pickup_type", "drop_off_type", "shape_dist_traveled", "continuous_pickup", "continuous_drop_off",
		"location_group_id", "location_id", "start_pickup_drop_off_window", "end_pickup_drop_off_window", "pickup_booking_rule_id", "drop_off_booking_rule_id", "timepoint"}
	_, err := f.each(timesFile, []string{"trip_id", "stop_sequence"}, optional, func(c cells) error {
		if c.v[timeTrip] != last || last == "" {
			n, ok := f.find(&f.trips, timesFile, c.line, "trip_id", c.v[timeTrip], "trips.txt")
			if !ok {
				return nil
			}
			last, lastTrip = c.v[timeTrip], n
		}
		seq, ok := parseCount(c.v[timeSequence])
		if !ok {
			f.reject(timesFile, c.line, "stop_sequence", c.v[timeSequence], "rang non compris ; attendu un nombre entier, croissant le long de la course")
			return nil
		}
		f.calls++
		if c.v[timeGroup] != "" || c.v[timeLocation] != "" || c.v[timeFrom] != "" || c.v[timeTo] != "" {
			return f.flexRow(lastTrip, seq, c)
		}
		f.timeRow(lastTrip, seq, c)
		return nil
	})
	return err
}

// timeRow takes a call at a stop.
func (f *feed) timeRow(trip, seq int32, c cells) {
	stop, ok := f.find(&f.stops, timesFile, c.line, "stop_id", c.v[timeStop], "stops.txt")
	if !ok {
		return
	}
	row := call{trip: trip, seq: seq, stop: stop, arrive: untold, depart: untold, line: int32(c.line), dist: float32(math.NaN()),
		boarding: f.choice(timesFile, c.line, "pickup_type", c.v[timePickup], int(transit.ByDriver))<<4 |
			f.choice(timesFile, c.line, "drop_off_type", c.v[timeDrop], int(transit.ByDriver))}
	for _, end := range []struct {
		name string
		at   int
		to   *int32
	}{{"arrival_time", timeArrive, &row.arrive}, {"departure_time", timeDepart, &row.depart}} {
		text := c.v[end.at]
		if text == "" {
			continue
		}
		t, ok := parseTime(text)
		if !ok {
			f.reject(timesFile, c.line, end.name, text, timeReason)
			return
		}
		*end.to = t
	}
	switch {
	case row.arrive == untold && row.depart != untold:
		row.arrive = row.depart
		f.note(timesFile, c.line, "arrival_time", "", "passages qui ne disent que leur départ, lus sans attente : %d")
	case row.depart == untold && row.arrive != untold:
		row.depart = row.arrive
		f.note(timesFile, c.line, "departure_time", "", "passages qui ne disent que leur arrivée, lus sans attente : %d")
	}
	if v := c.v[timeDist]; v != "" {
		d, err := strconv.ParseFloat(v, 32)
		if err != nil || d < 0 || math.IsInf(d, 0) || math.IsNaN(d) {
			f.note(timesFile, c.line, "shape_dist_traveled", v, "distances non comprises : %d, la première ici")
		} else {
			row.dist = float32(d)
		}
	}
	if c.v[timeExact] == "0" && row.arrive != untold {
		f.note(timesFile, c.line, "timepoint", "", "heures que le réseau dit approchées, lues comme les autres : %d")
	}
	f.continuous(timesFile, c.line, c.v[timeContinuousPickup], c.v[timeContinuousDrop])
	f.times.add(row)
}

// buildTrips gives trips their calls, and keeps those that have two.
func (f *feed) buildTrips() error {
	const tripsFile = "trips.txt"
	t := &f.times
	n := t.len()
	// Calls in the order of their trips, by counting.
	start := make([]int32, len(f.out.Trips)+1)
	for _, b := range t.blocks {
		for i := range b {
			start[b[i].trip+1]++
		}
	}
	for i := range f.out.Trips {
		start[i+1] += start[i]
	}
	order, next := make([]int32, n), slices.Clone(start)
	for i := range n {
		trip := t.at(int32(i)).trip
		order[next[trip]] = int32(i)
		next[trip]++
	}
	if len(f.flex.rows) > 0 {
		f.flex.trips = slices.Clone(f.out.Trips) // zones refer to those that are not kept, too
	}
	all := make([]transit.Call, 0, n)
	kept, number := f.out.Trips[:0], make([]int32, len(f.out.Trips))
	for i := range f.out.Trips {
		if i%1024 == 0 && f.ctx.Err() != nil {
			return f.ctx.Err()
		}
		trip, rows := f.out.Trips[i], order[start[i]:start[i+1]]
		slices.SortStableFunc(rows, func(a, b int32) int { return cmp.Compare(t.at(a).seq, t.at(b).seq) })
		number[i] = nowhere
		from := len(all)
		calls, left, ok := f.tripCalls(&trip, rows, all)
		if err := f.rec.Overflow(); err != nil {
			return err
		}
		switch {
		case !ok: // told
		case len(calls)-from < 2:
			f.skip(timesFile, 0, left, "passages de courses laissées de côté : %d")
			if !f.flex.of[int32(i)] { // else it is one of zones
				f.skip(tripsFile, int(t.lines[i]), 1, "courses de moins de deux arrêts, laissées de côté : %d")
				f.skip("frequencies.txt", 0, len(trip.Frequencies), "fréquences de courses laissées de côté : %d")
			}
		default:
			all = calls
			trip.Calls = all[from:len(all):len(all)]
			number[i] = int32(len(kept))
			kept = append(kept, trip)
		}
	}
	f.out.Trips = kept
	for id, n := range f.trips.of {
		f.trips.of[id] = number[n]
	}
	t.blocks = nil
	f.platforms()
	return nil
}

// tripCalls adds the calls of a trip to all, its missing times filled in; not ok when the trip
// is rejected. left is how many of its rows are neither rejected nor skipped.
func (f *feed) tripCalls(trip *transit.Trip, rows []int32, all []transit.Call) (_ []transit.Call, left int, ok bool) {
	t := &f.times
	once := rows[:0]
	for k, r := range rows {
		if k > 0 && t.at(r).seq == t.at(once[len(once)-1]).seq {
			f.reject(timesFile, int(t.at(r).line), "stop_sequence", strconv.Itoa(int(t.at(r).seq)), "rang déjà présent ligne "+strconv.Itoa(int(t.at(once[len(once)-1]).line))+", dans la même course")
			continue
		}
		once = append(once, r)
	}
	rows = once
	if len(rows) < 2 {
		return all, len(rows), true
	}
	bad := func(r int32, field, value, reason string) ([]transit.Call, int, bool) {
		f.reject(timesFile, int(t.at(r).line), field, value, reason+" ; la course « "+trip.ID+" » est laissée de côté")
		f.skip(timesFile, int(t.at(r).line), len(rows)-1, dependent)
		f.skip("frequencies.txt", 0, len(trip.Frequencies), dependent)
		f.skip("trips.txt", 0, 1, dependent)
		return all, 0, false
	}
	for _, end := range []int32{rows[0], rows[len(rows)-1]} {
		if t.at(end).arrive == untold {
			return bad(end, "arrival_time", "", "heure absente ; attendu celles du premier et du dernier arrêt d'une course")
		}
	}
	last := int32(untold)
	for _, r := range rows {
		c := t.at(r)
		switch {
		case c.arrive == untold:
			continue
		case c.arrive < last:
			return bad(r, "arrival_time", clock(c.arrive), "avant le départ de l'arrêt précédent ("+clock(last)+") ; attendu des heures croissantes, au-delà de 24:00:00 après minuit")
		case c.depart < c.arrive:
			return bad(r, "departure_time", clock(c.depart), "avant l'arrivée ("+clock(c.arrive)+")")
		}
		last = c.depart
	}
	f.fillTimes(rows)
	passed := 0
	for _, r := range rows {
		c := t.at(r)
		if c.stop == nowhere {
			passed++
			continue
		}
		all = append(all, transit.Call{Stop: c.stop, Arrive: c.arrive, Depart: c.depart, Pickup: transit.Boarding(c.boarding >> 4), Drop: transit.Boarding(c.boarding & 15)})
	}
	f.skip(timesFile, int(t.at(rows[0]).line), passed, "passages à des arrêts laissés de côté : %d")
	return all, len(rows) - passed, true
}

// fillTimes lays the calls that tell no time between those that do: by their distances along
// the way where all tell one, else evenly.
func (f *feed) fillTimes(rows []int32) {
	t := &f.times
	for a := 0; a < len(rows); {
		b := a + 1
		for b < len(rows) && t.at(rows[b]).arrive == untold {
			b++
		}
		if b-a > 1 && b < len(rows) {
			from, to := t.at(rows[a]), t.at(rows[b])
			byDistance := to.dist > from.dist
			for k := a + 1; k <= b && byDistance; k++ {
				byDistance = t.at(rows[k]).dist >= t.at(rows[k-1]).dist // false for one that is not told
			}
			how := "heures absentes entre deux arrêts, réparties également : %d"
			if byDistance {
				how = "heures absentes entre deux arrêts, réparties selon la distance (shape_dist_traveled) : %d"
			}
			lasts := int64(to.arrive) - int64(from.depart)
			for k := a + 1; k < b; k++ {
				c := t.at(rows[k])
				gone := lasts * int64(k-a) / int64(b-a)
				if byDistance {
					gone = int64(float64(lasts) * (float64(c.dist) - float64(from.dist)) / (float64(to.dist) - float64(from.dist)))
				}
				c.arrive = from.depart + int32(gone)
				c.depart = c.arrive
			}
			f.tally.Add(b-a-1, f.at[timesFile], int(t.at(rows[a+1]).line), "arrival_time", "", how)
		}
		a = b
	}
}

// platforms makes platforms of stations where vehicles stop and that are nobody's parent; of
// the others, calls at a station are told.
func (f *feed) platforms() {
	const file = "stops.txt"
	parents, called := make([]bool, len(f.out.Stops)), make([]int, len(f.out.Stops))
	for i := range f.out.Stops {
		if p := f.out.Stops[i].Parent; p >= 0 {
			parents[p] = true
		}
	}
	for i := range f.out.Trips {
		for _, c := range f.out.Trips[i].Calls {
			called[c.Stop]++
		}
	}
	for i := range f.out.Stops {
		s := &f.out.Stops[i]
		if called[i] == 0 || s.Kind != transit.Station {
			continue
		}
		f.note(file, 0, "location_type", "1", "gares où passent des courses, lues aussi comme arrêts : %d")
		if !parents[i] {
			s.Kind = transit.Platform
		}
	}
}

// clock writes seconds as a feed does.
func clock(s int32) string {
	two := func(n int32) string { return string([]byte{'0' + byte(n/10), '0' + byte(n%10)}) }
	h := s / 3600
	if h > 99 {
		return strconv.Itoa(int(h)) + ":" + two(s/60%60) + ":" + two(s%60)
	}
	return two(h) + ":" + two(s/60%60) + ":" + two(s%60)
}
