package gtfs

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// readCalendar reads on which days each service runs: calendar.txt, then its exceptions,
// which may stand alone or lie outside its ranges.
func (f *feed) readCalendar() error {
	if err := f.readWeeks(); err != nil {
		return err
	}
	return f.readExceptions()
}

func (f *feed) readWeeks() error {
	const file = "calendar.txt"
	columns := []string{"service_id", "start_date", "end_date", "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"}
	_, err := f.each(file, columns, nil, func(c cells) error {
		id := c.v[0]
		from, okFrom := parseDay(c.v[1])
		to, okTo := parseDay(c.v[2])
		var week [7]bool // from Monday
		field, value, reason := "", "", ""
		switch {
		case !okFrom:
			field, value, reason = "start_date", c.v[1], dayReason
		case !okTo:
			field, value, reason = "end_date", c.v[2], dayReason
		case to < from:
			field, value, reason = "end_date", c.v[2], "avant start_date ("+c.v[1]+") ; attendu le dernier jour, compris"
		}
		for i := range week {
			v := c.v[3+i]
			if week[i] = v == "1"; v != "0" && v != "1" && reason == "" {
				field, value, reason = columns[3+i], v, "attendu 1 (circule ce jour-là) ou 0"
			}
		}
		if reason != "" {
			f.reject(file, c.line, field, value, reason)
			f.services.lose(id)
			return nil
		}
		s := transit.Service{ID: id}
		for d := from; d <= to; d++ {
			if week[(int(d)+3)%7] { // 1970-01-01 was a Thursday
				s.Days = append(s.Days, d)
			}
		}
		if !f.newRow(&f.services, file, "service_id", c.line, id, len(f.out.Services), func(n int32) bool { return slices.Equal(f.out.Services[n].Days, s.Days) }) {
			return nil
		}
		f.days += len(s.Days)
		f.out.Services = append(f.out.Services, s)
		return nil
	})
	return err
}

// exception is one date of a service.
type exception struct {
	service int32
	day     transit.Day
	runs    bool
}

func (f *feed) readExceptions() error {
	const file = "calendar_dates.txt"
	said := map[exception]bool{}
	of := map[int32][]exception{} // by service
	_, err := f.each(file, []string{"service_id", "date", "exception_type"}, nil, func(c cells) error {
		day, ok := parseDay(c.v[1])
		switch {
		case !ok:
			f.reject(file, c.line, "date", c.v[1], dayReason)
			return nil
		case c.v[2] != "1" && c.v[2] != "2":
			f.reject(file, c.line, "exception_type", c.v[2], "attendu 1 (circule ce jour-là) ou 2 (ne circule pas)")
			return nil
		}
		n, known := f.services.of[c.v[0]]
		if f.services.lost[c.v[0]] && !known {
			f.skip(file, c.line, 1, dependent)
			return nil
		}
		if !known { // a service of dates alone
			if !f.newRow(&f.services, file, "service_id", c.line, c.v[0], len(f.out.Services), nil) {
				return nil
			}
			n = int32(len(f.out.Services))
			f.out.Services = append(f.out.Services, transit.Service{ID: c.v[0]})
		}
		e := exception{n, day, c.v[2] == "1"}
		other := e
		other.runs = !e.runs
		switch {
		case said[e]:
			f.rec.Merged++
			return nil
		case said[other]:
			f.reject(file, c.line, "exception_type", c.v[2], "le contraire d'une ligne plus haut, pour le même service et le même jour")
			return nil
		}
		said[e] = true
		of[n] = append(of[n], e)
		f.entities++
		return nil
	})
	if err != nil {
		return err
	}
	idle := 0
	for n := range f.out.Services {
		s := &f.out.Services[n]
		idle += except(s, of[int32(n)])
	}
	if idle > 0 {
		f.tally.Add(idle, f.at[file], 0, "date", "", "exceptions qui ne changent rien, le service circulant déjà ce jour-là, ou n'y circulant pas : %d")
	}
	return nil
}

// except adds and removes days of a service, and gives how many exceptions change nothing.
func except(s *transit.Service, all []exception) (idle int) {
	if len(all) == 0 {
		return 0
	}
	gone := map[transit.Day]bool{}
	for _, e := range all {
		_, there := slices.BinarySearch(s.Days, e.day)
		switch {
		case e.runs == there:
			idle++
		case e.runs:
			gone[e.day] = false
		default:
			gone[e.day] = true
		}
	}
	s.Days = slices.DeleteFunc(s.Days, func(d transit.Day) bool { return gone[d] })
	for d, out := range gone {
		if !out {
			s.Days = append(s.Days, d)
		}
	}
	slices.Sort(s.Days)
	return idle
}
