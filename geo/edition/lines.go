package edition

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// RunningLine is a line that runs in the reference weeks. Trips are its passages in the four
// weeks; Ways, the stops of its feed that they call at in turn, each order once.
type RunningLine struct {
	Feed, Line int32
	Trips      int
	Ways       [][]int32
}

// ServedStop is a stop where some trip calls in the reference weeks: how many times in the four
// weeks, and by which lines. OffStreets: no street where one walks leads there, and nobody
// boards.
type ServedStop struct {
	Feed, Stop int32
	Trips      int
	Lines      []int32
	OffStreets bool
}

// RunningLines lists the lines that run in the reference weeks, and the stops where they call, by
// feed; none where there are no timetables. What no journey uses (school lines, calls on
// request) is there too.
func (e *Edition) RunningLines() (lines []RunningLine, stops []ServedStop) {
	if e.Timetables == nil {
		return nil, nil
	}
	from := e.Timetables.Weeks.From
	for f := range e.Timetables.Feeds {
		feed := &e.Timetables.Feeds[f]
		days := make([]int, len(feed.Services))
		for i, s := range feed.Services {
			for _, d := range s.Days {
				if d >= from && d < from+transit.ReferenceDays {
					days[i]++
				}
			}
		}
		ofLine := make([]RunningLine, len(feed.Lines))
		ofStop := make([]ServedStop, len(feed.Stops))
		for i := range feed.Trips {
			t := &feed.Trips[i]
			n := days[t.Service] * t.Departures()
			if n == 0 {
				continue
			}
			l := &ofLine[t.Line]
			l.Trips += n
			way := make([]int32, len(t.Calls))
			for k, c := range t.Calls {
				way[k] = c.Stop
				s := &ofStop[c.Stop]
				if s.Trips += n; !slices.Contains(s.Lines, t.Line) {
					s.Lines = append(s.Lines, t.Line)
				}
			}
			if !slices.ContainsFunc(l.Ways, func(known []int32) bool { return slices.Equal(known, way) }) {
				l.Ways = append(l.Ways, way)
			}
		}
		for i, l := range ofLine {
			if l.Trips > 0 {
				l.Feed, l.Line = int32(f), int32(i)
				lines = append(lines, l)
			}
		}
		for i, s := range ofStop {
			if s.Trips > 0 {
				s.Feed, s.Stop = int32(f), int32(i)
				slices.Sort(s.Lines)
				stops = append(stops, s)
			}
		}
	}
	e.findOffStreets(stops)
	return lines, stops
}

// findOffStreets tells which stops are joined to no street, of those where streets were kept.
func (e *Edition) findOffStreets(stops []ServedStop) {
	net := e.transit()
	box := surroundings(e.Division)
	called := net.Timetable().Stops()
	for i := range stops {
		s := &stops[i]
		k, found := slices.BinarySearchFunc(called, *s, func(c transit.CalledStop, s ServedStop) int {
			return cmp.Or(cmp.Compare(c.Feed, s.Feed), cmp.Compare(c.Stop, s.Stop))
		})
		s.OffStreets = found && !net.Joined(int32(k)) && box.Contains(e.Timetables.Feeds[s.Feed].Stops[s.Stop].At)
	}
}
