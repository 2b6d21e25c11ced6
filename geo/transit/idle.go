package transit

// Idle tells what the reference weeks leave out: of the lines that run in them, how many run
// on no date of holidays on which the feeds run at all. ok is false where the feeds have no
// such date, or where no date is known to be one: then nothing is known.
func (t *Timetable) Idle(holiday func(Day) (is, known bool)) (idle, lines int, ok bool) {
	for f := range t.feeds {
		feed := &t.feeds[f]
		first, last, runs := feed.Span()
		if !runs {
			continue
		}
		off := map[Day]bool{}
		for day := first; day <= last; day++ {
			if is, known := holiday(day); is && known {
				off[day] = true
			}
		}
		type lineRuns struct{ weeks, holidays bool }
		service := make([]lineRuns, len(feed.Services))
		for i := range feed.Services {
			for _, day := range feed.Services[i].Days {
				service[i].weeks = service[i].weeks || day >= t.options.From && day < t.options.From+ReferenceDays
				service[i].holidays = service[i].holidays || off[day]
			}
		}
		line := make([]lineRuns, len(feed.Lines))
		for i := range feed.Trips {
			if !t.counts(feed, &feed.Trips[i]) {
				continue
			}
			s, l := service[feed.Trips[i].Service], &line[feed.Trips[i].Line]
			l.weeks, l.holidays = l.weeks || s.weeks, l.holidays || s.holidays
		}
		ok = ok || len(off) > 0
		for _, l := range line {
			if l.weeks && len(off) > 0 {
				lines++
				if !l.holidays {
					idle++
				}
			}
		}
	}
	return idle, lines, ok
}
