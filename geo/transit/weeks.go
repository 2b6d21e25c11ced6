package transit

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// ReferenceDays is how many dates the 4-week cycle is laid on.
const ReferenceDays = 7 * lieu.WeeksPerCycle

// DayOf is a date.
func DayOf(year int, month time.Month, day int) Day {
	return Day(time.Date(year, month, day, 0, 0, 0, 0, time.UTC).Unix() / 86400)
}

// Date is midnight of d, in UTC.
func (d Day) Date() time.Time { return time.Unix(int64(d)*86400, 0).UTC() }

// String is d as AAAA-MM-JJ.
func (d Day) String() string { return d.Date().Format(time.DateOnly) }

// weekday is that of d, from 0, Monday.
func (d Day) weekday() int { return int(((d+3)%7 + 7) % 7) } // 1970-01-01 was a Thursday

// cycleDay is the day of the 4-week cycle, from 0, that a date of the reference weeks stands for.
func (d Day) cycleDay() int {
	_, week := d.Date().ISOWeek()
	return 7*((week-1)%lieu.WeeksPerCycle) + d.weekday()
}

// Cycle is the week of the cycle, from 1, and the day of it, from 1, Monday, that a date stands
// for.
func (d Day) Cycle() (week, weekday int) {
	at := d.cycleDay()
	return at/7 + 1, at%7 + 1
}

// CheckFrom reports why 28 days from a date cannot stand for the cycle: they start on a
// Monday, and a week 53 would have one week of the cycle twice and another never.
func CheckFrom(from Day) error {
	if from.weekday() != 0 {
		return fmt.Errorf("semaines de référence à partir du %v, un %s ; attendu un lundi", from, frenchDays[from.weekday()])
	}
	if crosses53(from) {
		return fmt.Errorf("semaines de référence à partir du %v : elles touchent une semaine 53, qui n'est d'aucun cycle de 4 semaines", from)
	}
	return nil
}

var frenchDays = [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}

func crosses53(from Day) bool {
	for week := range Day(lieu.WeeksPerCycle) {
		if _, n := (from + 7*week).Date().ISOWeek(); n == 53 {
			return true
		}
	}
	return false
}

// Weeks are four reference weeks: 28 days from a Monday.
type Weeks struct {
	From  Day
	Trips int // that run on these days, of all feeds; a frequency is so many trips
	// HolidaysKnown is false where no calendar tells whether some of the days are school
	// holidays.
	HolidaysKnown bool
}

// Weekday gives the four dates of a day of the week, from 0, Monday.
func (w Weeks) Weekday(weekday int) iter.Seq[Day] {
	return func(yield func(Day) bool) {
		for week := range Day(lieu.WeeksPerCycle) {
			if !yield(w.From + 7*week + Day(weekday)) {
				return
			}
		}
	}
}

// ChooseWeeks finds the 28 days without holidays on which most trips run in all feeds taken
// together, the latest among equals. holiday tells of a date whether it is a holiday of the
// territory (public or of its schools), and whether that is known; days of which it is not are
// taken only where no others have a trip. The error names each feed with its dates.
func ChooseWeeks(feeds []Feed, holiday func(Day) (is, known bool)) (Weeks, error) {
	daily := tripsByDay(feeds)
	days := slices.Sorted(maps.Keys(daily))
	if days == nil {
		days = []Day{0}
	}
	var best Weeks
	first := days[0] - Day(days[0].weekday()) - 7*(lieu.WeeksPerCycle-1)
	for from := first; from <= days[len(days)-1]; from += 7 {
		w := Weeks{From: from, HolidaysKnown: true}
		free := !crosses53(from)
		for day := from; free && day < from+ReferenceDays; day++ {
			is, known := holiday(day)
			free = !is
			w.HolidaysKnown = w.HolidaysKnown && known
			w.Trips += daily[day]
		}
		if !free || w.Trips == 0 || best.Trips > 0 && best.HolidaysKnown && !w.HolidaysKnown {
			continue
		}
		if w.HolidaysKnown && !best.HolidaysKnown || w.Trips >= best.Trips {
			best = w
		}
	}
	if best.Trips == 0 {
		return best, fmt.Errorf("aucune période de 28 jours sans vacances où un horaire circule : %s ; attendu des horaires en cours, ou la date d'un lundi (--transit-from)", periods(feeds))
	}
	return best, nil
}

// WeeksFrom are the 28 days from a date that somebody chose, holidays or not; holiday is as for
// [ChooseWeeks].
func WeeksFrom(feeds []Feed, from Day, holiday func(Day) (is, known bool)) (Weeks, error) {
	w := Weeks{From: from, HolidaysKnown: true}
	if err := CheckFrom(from); err != nil {
		return w, err
	}
	daily := tripsByDay(feeds)
	for day := from; day < from+ReferenceDays; day++ {
		_, known := holiday(day)
		w.HolidaysKnown = w.HolidaysKnown && known
		w.Trips += daily[day]
	}
	if w.Trips == 0 {
		return w, fmt.Errorf("semaines de référence à partir du %v : aucun horaire n'y circule : %s ; attendu un lundi entre ces dates (--transit-from)", from, periods(feeds))
	}
	return w, nil
}

func periods(feeds []Feed) string {
	var each []string
	for i := range feeds {
		each = append(each, feeds[i].period(i))
	}
	return strings.Join(each, " ; ")
}

// Holidays asks a calendar: public holidays, and school holidays of its zone.
func Holidays(c *lieu.Calendar) func(Day) (is, known bool) {
	return func(day Day) (bool, bool) {
		if c.PublicHoliday(day.Date()) != "" {
			return true, true
		}
		name, known := c.SchoolHoliday(day.Date())
		return name != "", known
	}
}

// tripsByDay counts the trips of each date.
func tripsByDay(feeds []Feed) map[Day]int {
	daily := map[Day]int{}
	for i := range feeds {
		trips := make([]int, len(feeds[i].Services))
		for k := range feeds[i].Trips {
			trip := &feeds[i].Trips[k]
			trips[trip.Service] += max(trip.Departures(), 0)
		}
		for s := range feeds[i].Services {
			if trips[s] > 0 {
				for _, day := range feeds[i].Services[s].Days {
					daily[day] += trips[s]
				}
			}
		}
	}
	return daily
}

// Departures is how often a trip runs on a day of its service.
func (t *Trip) Departures() int {
	if len(t.Frequencies) == 0 {
		return 1
	}
	n := 0
	for _, f := range t.Frequencies {
		if f.Headway > 0 && f.End > f.Start {
			n += int((f.End - f.Start + f.Headway - 1) / f.Headway)
		}
	}
	return n
}

// period names a feed with the first and the last date on which it runs.
func (f *Feed) period(number int) string {
	name := f.Name
	if name == "" {
		name = fmt.Sprintf("horaire n° %d", number+1)
	}
	first, last, ok := f.Span()
	if !ok {
		return fmt.Sprintf("« %s » (aucune date)", name)
	}
	return fmt.Sprintf("« %s » (du %v au %v)", name, first, last)
}
