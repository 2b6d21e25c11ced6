package gtfs

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo/transit"
)

func (f *feed) readTrips() error {
	const file = "trips.txt"
	_, err := f.each(file, []string{"route_id", "service_id", "trip_id"}, []string{"trip_headsign", "direction_id", "block_id", "wheelchair_accessible"}, func(c cells) error {
		id := c.v[2]
		line, ok := f.find(&f.lines, file, c.line, "route_id", c.v[0], "routes.txt")
		if !ok {
			f.trips.lose(id)
			return nil
		}
		service, ok := f.find(&f.services, file, c.line, "service_id", c.v[1], "calendar.txt et de calendar_dates.txt")
		if !ok {
			f.trips.lose(id)
			return nil
		}
		t := transit.Trip{ID: id, Line: line, Service: service, Headsign: c.v[3], Direction: -1, Block: c.v[5],
			Wheelchair: transit.Access(f.choice(file, c.line, "wheelchair_accessible", c.v[6], int(transit.No)))}
		switch c.v[4] {
		case "0", "1":
			t.Direction = int8(c.v[4][0] - '0')
		case "":
		default:
			f.note(file, c.line, "direction_id", c.v[4], "sens hors de la liste, lus comme inconnus : %d, le premier ici")
		}
		if !f.newRow(&f.trips, file, "trip_id", c.line, id, len(f.out.Trips), func(n int32) bool {
			was := &f.out.Trips[n]
			return was.Line == t.Line && was.Service == t.Service && was.Headsign == t.Headsign && was.Direction == t.Direction && was.Block == t.Block && was.Wheelchair == t.Wheelchair
		}) {
			return nil
		}
		f.text += len(t.Headsign) + len(t.Block)
		f.out.Trips = append(f.out.Trips, t)
		f.times.lines = append(f.times.lines, int32(c.line))
		return nil
	})
	return err
}

func (f *feed) readFrequencies() error {
	const file = "frequencies.txt"
	_, err := f.each(file, []string{"trip_id", "start_time", "end_time", "headway_secs"}, []string{"exact_times"}, func(c cells) error {
		n, ok := f.find(&f.trips, file, c.line, "trip_id", c.v[0], "trips.txt")
		if !ok {
			return nil
		}
		start, okStart := parseTime(c.v[1])
		end, okEnd := parseTime(c.v[2])
		headway, okHeadway := parseCount(c.v[3])
		switch {
		case !okStart:
			f.reject(file, c.line, "start_time", c.v[1], timeReason)
		case !okEnd:
			f.reject(file, c.line, "end_time", c.v[2], timeReason)
		case end <= start:
			f.reject(file, c.line, "end_time", c.v[2], "pas après start_time ("+c.v[1]+") ; au-delà de 24:00:00 après minuit")
		case !okHeadway || headway == 0:
			f.reject(file, c.line, "headway_secs", c.v[3], "intervalle non compris ; attendu un nombre de secondes, plus grand que zéro")
		default:
			t := &f.out.Trips[n]
			t.Frequencies = append(t.Frequencies, transit.Frequency{Start: start, End: end, Headway: headway, Exact: f.choice(file, c.line, "exact_times", c.v[4], 1) == 1})
			f.entities++
			f.runs += int((end - start - 1) / headway)
		}
		return nil
	})
	for i := range f.out.Trips {
		list := f.out.Trips[i].Frequencies
		slices.SortStableFunc(list, func(a, b transit.Frequency) int { return cmp.Compare(a.Start, b.Start) })
		for k := 1; k < len(list); k++ {
			if list[k].Start < list[k-1].End {
				f.note(file, 0, "start_time", "", "fréquences d'une même course qui se recouvrent, gardées : %d")
			}
		}
	}
	return err
}

// readTransfers comes after the trips that are kept are known.
func (f *feed) readTransfers() error {
	const file = "transfers.txt"
	columns := []string{"from_stop_id", "to_stop_id", "transfer_type", "min_transfer_time", "from_route_id", "to_route_id", "from_trip_id", "to_trip_id"}
	seen := map[transit.Transfer]bool{}
	_, err := f.each(file, nil, columns, func(c cells) error {
		t := transit.Transfer{MinSeconds: -1}
		if v := c.v[2]; v != "" {
			if len(v) != 1 || v[0] < '0' || v[0] > '5' {
				f.reject(file, c.line, "transfer_type", v, "type de correspondance non compris ; attendu un nombre de 0 à 5")
				return nil
			}
			t.Type = v[0] - '0'
		}
		passed := false
		for _, end := range []struct {
			to    *int32
			of    *ids
			at    int
			where string
		}{
			{&t.From, &f.stops, 0, "stops.txt"}, {&t.To, &f.stops, 1, "stops.txt"}, {&t.FromLine, &f.lines, 4, "routes.txt"}, {&t.ToLine, &f.lines, 5, "routes.txt"},
			{&t.FromTrip, &f.trips, 6, "trips.txt"}, {&t.ToTrip, &f.trips, 7, "trips.txt"},
		} {
			*end.to = -1
			if c.v[end.at] == "" {
				continue
			}
			n, ok := f.find(end.of, file, c.line, columns[end.at], c.v[end.at], end.where)
			if !ok {
				return nil
			}
			passed = passed || n == nowhere
			*end.to = n
		}
		switch {
		case passed:
			f.skip(file, c.line, 1, "correspondances d'un arrêt ou d'une course laissés de côté : %d")
			return nil
		case t.From < 0 && t.FromLine < 0 && t.FromTrip < 0, t.To < 0 && t.ToLine < 0 && t.ToTrip < 0:
			f.reject(file, c.line, "from_stop_id, to_stop_id", "", "valeur absente ; attendu deux arrêts, ou deux courses")
			return nil
		}
		if v := c.v[3]; v != "" {
			seconds, ok := parseCount(v)
			if !ok {
				f.reject(file, c.line, "min_transfer_time", v, "durée non comprise ; attendu un nombre de secondes")
				return nil
			}
			t.MinSeconds = seconds
		}
		if t.Type == 2 && t.MinSeconds < 0 {
			f.note(file, c.line, "min_transfer_time", "", "correspondances de type 2 sans leur durée : %d")
		}
		if seen[t] {
			f.rec.Merged++
			return nil
		}
		seen[t] = true
		f.entities++
		f.out.Transfers = append(f.out.Transfers, t)
		return nil
	})
	return err
}
