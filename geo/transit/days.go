package transit

import "time"

// DayOf is the date of a time, as its own zone has it.
func DayOf(t time.Time) Day {
	y, m, d := t.Date()
	return Day(time.Date(y, m, d, 0, 0, 0, 0, time.UTC).Unix() / secondsPerDay)
}

const secondsPerDay = 24 * 60 * 60

// Time is the start of the day in UTC.
func (d Day) Time() time.Time { return time.Unix(int64(d)*secondsPerDay, 0).UTC() }

// String is the date as 2006-01-02.
func (d Day) String() string { return d.Time().Format(time.DateOnly) }

// Span is the first and the last day on which a trip or a zone of the feed runs; ok is false
// when there is none.
func (f *Feed) Span() (first, last Day, ok bool) {
	used := make([]bool, len(f.Services))
	for i := range f.Trips {
		used[f.Trips[i].Service] = true
	}
	for i := range f.Zones {
		if s := f.Zones[i].Service; s >= 0 {
			used[s] = true
		}
	}
	for i, s := range f.Services {
		if !used[i] || len(s.Days) == 0 {
			continue
		}
		a, b := s.Days[0], s.Days[len(s.Days)-1]
		if !ok {
			first, last, ok = a, b, true
		}
		first, last = min(first, a), max(last, b)
	}
	return first, last, ok
}
