package gtfs

import (
	"cmp"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// flex is what a feed says of transport on demand (GTFS-Flex).
type flex struct {
	areas, groups, rules ids
	area                 []area
	group                []group
	rule                 []rule
	rows                 []flexRow
	of                   map[int32]bool // trips that have such rows
	trips                []transit.Trip // as they were published
}

// pointBytes is what a position of an area takes.
const pointBytes = 16

type area struct {
	id, nom string
	rings   [][]geo.LonLat
}

type group struct {
	id, nom string
	stops   []int32
}

// rule says how long beforehand one has to ask, and whom.
type rule struct {
	id       string
	kind     uint8 // 0: at once, 1: the same day, 2: days before
	minutes  int32 // of kind 1; -1: not told
	days     int32 // of kind 2: the last day to ask on is that many days before
	lastTime int32 // of that day, seconds; untold
	phone    string
}

// flexRow is a row of stop_times.txt that has no time but a window.
type flexRow struct {
	trip, seq, line     int32
	place               placeOf
	from, to            int32
	pickup, drop        transit.Boarding
	pickupBy, dropOffBy int32 // rules; -1: none
}

// placeOf is what a row of a zone stands for: one of an area, a group, a stop.
type placeOf struct {
	kind uint8 // 'a', 'g', 's'
	n    int32
}

func (f *feed) readFlex() error {
	x := &f.flex
	x.areas, x.groups, x.rules, x.of = newIDs(), newIDs(), newIDs(), map[int32]bool{}
	for _, step := range []func() error{f.readLocations, f.readGroups, f.readRules} {
		if err := step(); err != nil {
			return err
		}
	}
	return nil
}

// readLocations reads the areas of zones.
func (f *feed) readLocations() error {
	m, ok := f.pack.files[locationsName]
	if !ok {
		return nil
	}
	file, err := m.open(f.ctx)
	if err != nil {
		return err
	}
	f.at[locationsName] = file.Name
	return layer.Each(f.rec, source.Options{}, file, layer.Wanted{}, layer.Sink{
		Use: func(n int, ft layer.Feature) error {
			f.rec.Read++
			id := cmp.Or(ft.ID, ft.Attrs["id"].Text)
			outline, value, reason := ft.Outline()
			if reason != "" {
				f.reject(locationsName, n, "geometry", value, reason)
				f.flex.areas.lose(id)
				return f.rec.Overflow()
			}
			a := area{id: id, nom: cmp.Or(ft.Attrs["stop_name"].Text, ft.Attrs["name"].Text), rings: rings(outline)}
			if f.newRow(&f.flex.areas, locationsName, "id", n, id, len(f.flex.area), func(int32) bool { return false }) {
				for _, r := range a.rings {
					f.text += pointBytes * len(r)
				}
				f.flex.area = append(f.flex.area, a)
			}
			return cmp.Or(f.rec.Overflow(), f.room(file.Name, n))
		},
		Bad: func(n int, reason string) error {
			f.rec.Read++
			f.reject(locationsName, n, "", "", reason)
			return f.rec.Overflow()
		},
	})
}

// rings are those of an outline, outer ones before their holes.
func rings(outline orb.MultiPolygon) (all [][]geo.LonLat) {
	for _, polygon := range outline {
		for _, r := range polygon {
			ring := make([]geo.LonLat, len(r))
			for i, p := range r {
				ring[i] = geo.LonLat{Lon: p[0], Lat: p[1]}
			}
			all = append(all, ring)
		}
	}
	return all
}

func (f *feed) readGroups() error {
	const file, members = "location_groups.txt", "location_group_stops.txt"
	_, err := f.each(file, []string{"location_group_id"}, []string{"location_group_name"}, func(c cells) error {
		if f.newRow(&f.flex.groups, file, "location_group_id", c.line, c.v[0], len(f.flex.group), func(n int32) bool { return f.flex.group[n].nom == c.v[1] }) {
			f.flex.group = append(f.flex.group, group{id: c.v[0], nom: c.v[1]})
			f.text += len(c.v[1])
		}
		return nil
	})
	if err != nil {
		return err
	}
	_, err = f.each(members, []string{"location_group_id", "stop_id"}, nil, func(c cells) error {
		n, ok := f.find(&f.flex.groups, members, c.line, "location_group_id", c.v[0], file)
		if !ok {
			return nil
		}
		stop, ok := f.find(&f.stops, members, c.line, "stop_id", c.v[1], "stops.txt")
		switch g := &f.flex.group[n]; {
		case !ok:
		case stop == nowhere:
			f.skip(members, c.line, 1, "arrêts sans coordonnées d'un groupe, laissés de côté : %d")
		default:
			g.stops = append(g.stops, stop)
			f.entities++
		}
		return nil
	})
	return err
}

func (f *feed) readRules() error {
	const file = "booking_rules.txt"
	_, err := f.each(file, []string{"booking_rule_id", "booking_type"}, []string{"prior_notice_duration_min", "prior_notice_last_day", "prior_notice_last_time", "phone_number"}, func(c cells) error {
		r := rule{id: c.v[0], kind: f.choice(file, c.line, "booking_type", c.v[1], 2), minutes: -1, days: -1, lastTime: untold, phone: c.v[5]}
		for _, n := range []struct {
			field string
			at    int
			to    *int32
		}{{"prior_notice_duration_min", 2, &r.minutes}, {"prior_notice_last_day", 3, &r.days}} {
			v, ok := parseCount(c.v[n.at])
			if ok && v < 100_000 {
				*n.to = v
			} else if c.v[n.at] != "" {
				f.note(file, c.line, n.field, c.v[n.at], "préavis non compris, inconnus : %d, le premier ici")
			}
		}
		if t, ok := parseTime(c.v[4]); ok {
			r.lastTime = t
		}
		if f.newRow(&f.flex.rules, file, "booking_rule_id", c.line, r.id, len(f.flex.rule), func(n int32) bool { return f.flex.rule[n] == r }) {
			f.flex.rule = append(f.flex.rule, r)
			f.text += len(r.phone)
		}
		return nil
	})
	return err
}

// notice is how many minutes before the start of a window one has to have asked; -1: not told.
func (r rule) notice(from int32) int32 {
	switch {
	case r.kind == 0:
		return 0
	case r.kind == 1:
		return r.minutes
	case r.days < 0:
		return -1
	case r.lastTime == untold:
		return r.days * 24 * 60
	}
	return max(0, r.days*24*60+(from-r.lastTime)/60)
}

// flexRow takes a row of stop_times.txt of a zone.
func (f *feed) flexRow(trip, seq int32, c cells) error {
	row := flexRow{trip: trip, seq: seq, line: int32(c.line),
		pickup: transit.Boarding(f.choice(timesFile, c.line, "pickup_type", c.v[timePickup], int(transit.ByDriver))),
		drop:   transit.Boarding(f.choice(timesFile, c.line, "drop_off_type", c.v[timeDrop], int(transit.ByDriver)))}
	var ok bool
	switch {
	case c.v[timeLocation] != "":
		row.place.kind = 'a'
		row.place.n, ok = f.find(&f.flex.areas, timesFile, c.line, "location_id", c.v[timeLocation], locationsName)
	case c.v[timeGroup] != "":
		row.place.kind = 'g'
		row.place.n, ok = f.find(&f.flex.groups, timesFile, c.line, "location_group_id", c.v[timeGroup], "location_groups.txt")
	default:
		row.place.kind = 's'
		row.place.n, ok = f.find(&f.stops, timesFile, c.line, "stop_id", c.v[timeStop], "stops.txt")
	}
	if !ok {
		return nil
	}
	if row.place.n == nowhere {
		f.skip(timesFile, c.line, 1, "passages à des arrêts laissés de côté : %d")
		return nil
	}
	for _, end := range []struct {
		field string
		at    int
		to    *int32
	}{{"start_pickup_drop_off_window", timeFrom, &row.from}, {"end_pickup_drop_off_window", timeTo, &row.to}} {
		if *end.to, ok = parseTime(c.v[end.at]); !ok {
			f.reject(timesFile, c.line, end.field, c.v[end.at], timeReason)
			return nil
		}
	}
	if row.to <= row.from {
		f.reject(timesFile, c.line, "end_pickup_drop_off_window", c.v[timeTo], "pas après start_pickup_drop_off_window ("+c.v[timeFrom]+") ; au-delà de 24:00:00 après minuit")
		return nil
	}
	for _, by := range []struct {
		field string
		at    int
		to    *int32
	}{{"pickup_booking_rule_id", timePickupRule, &row.pickupBy}, {"drop_off_booking_rule_id", timeDropRule, &row.dropOffBy}} {
		*by.to = -1
		if id := c.v[by.at]; id != "" {
			n, known := f.flex.rules.of[id]
			if !known {
				f.note(timesFile, c.line, by.field, id, "règles de réservation absentes de booking_rules.txt : %d, la première ici ; le préavis est inconnu")
				continue
			}
			*by.to = n
		}
	}
	f.flex.of[trip] = true
	f.flex.rows = append(f.flex.rows, row)
	return nil
}

// buildZones makes zones of the rows that have windows. Rows that say the same of trips of
// one service and line are one zone, of the first of these trips.
func (f *feed) buildZones() error {
	type same struct {
		place        placeOf
		service      int32
		line         int32
		from, to     int32
		pickup, drop transit.Boarding
		rule         int32
		trip         string // of trips between several places
	}
	x := &f.flex
	slices.SortStableFunc(x.rows, func(a, b flexRow) int { return cmp.Or(cmp.Compare(a.trip, b.trip), cmp.Compare(a.seq, b.seq)) })
	places := map[int32]map[placeOf]bool{}
	for _, r := range x.rows {
		if places[r.trip] == nil {
			places[r.trip] = map[placeOf]bool{}
		}
		places[r.trip][r.place] = true
	}
	seen := map[same]bool{}
	for _, r := range x.rows {
		trip := &x.trips[r.trip]
		rule := r.pickupBy
		if rule < 0 || r.pickup == transit.Forbidden {
			rule = r.dropOffBy
		}
		key := same{r.place, trip.Service, trip.Line, r.from, r.to, r.pickup, r.drop, rule, ""}
		if len(places[r.trip]) > 1 {
			key.trip = trip.ID
		}
		if seen[key] {
			f.rec.Merged++
			continue
		}
		seen[key] = true
		z := transit.Zone{Service: trip.Service, From: r.from, To: r.to, Notice: -1, Line: trip.Line, Trip: trip.ID, Pickup: r.pickup, Drop: r.drop}
		switch r.place.kind {
		case 'a':
			a := x.area[r.place.n]
			z.ID, z.Nom, z.Area = a.id, a.nom, a.rings
		case 'g':
			g := x.group[r.place.n]
			z.ID, z.Nom, z.Stops = g.id, g.nom, g.stops
		default:
			s := f.out.Stops[r.place.n]
			z.ID, z.Nom, z.Stops = s.ID, s.Name, []int32{r.place.n}
		}
		if rule >= 0 {
			z.Notice, z.Phone = x.rule[rule].notice(r.from), x.rule[rule].phone
		}
		f.out.Zones = append(f.out.Zones, z)
		f.entities += 1 + len(z.Stops)
		for _, ring := range z.Area { // which each zone is stored with
			f.text += pointBytes * len(ring)
		}
		if err := f.room(f.at[timesFile], int(r.line)); err != nil {
			return err
		}
	}
	if n := len(x.rows); n > 0 {
		f.tally.Add(n, f.at[timesFile], int(x.rows[0].line), "start_pickup_drop_off_window", "", "passages à la demande, lus comme des zones sur réservation et non comme des courses : %d")
	}
	return nil
}
