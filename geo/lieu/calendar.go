package lieu

import (
	"slices"
	"time"

	"github.com/rickar/cal/v2/aa"
	"github.com/rickar/cal/v2/fr"
)

// Calendar is what rules of hours ask of real dates: the public holidays of France and the
// school holidays of a zone. It is immutable. A nil Calendar knows public holidays and no
// school holidays.
//
// Good Friday and 26 December, which are holidays in Moselle, Bas-Rhin and Haut-Rhin by local
// law, are not in it, nor are the days of the abolition of slavery overseas.
type Calendar struct {
	vacances []Vacances        // of the zone, in order of dates
	public   map[string]string // names by year, month and day, from firstPublic to lastPublic
}

// Years whose public holidays are at hand; those of others are computed when they are asked.
const firstPublic, lastPublic = 2020, 2049

// NewCalendar is the calendar of a zone; vacances are those of all zones. Without a zone no
// school holidays are known.
func NewCalendar(zone Zone, vacances []Vacances) *Calendar {
	c := &Calendar{public: map[string]string{}}
	for _, v := range vacances {
		if slices.Contains(v.Zones, zone) {
			c.vacances = append(c.vacances, v)
		}
	}
	slices.SortStableFunc(c.vacances, func(a, b Vacances) int { return a.Debut.Compare(b.Debut) })
	for year := firstPublic; year <= lastPublic; year++ {
		for _, h := range fr.Holidays {
			_, day := h.Calc(year)
			c.public[day.Format(time.DateOnly)] = h.Name
		}
	}
	return c
}

// PublicHoliday is the French name of the public holiday that a date is; empty: none.
func (c *Calendar) PublicHoliday(day time.Time) string {
	if year := day.Year(); c != nil && year >= firstPublic && year <= lastPublic {
		return c.public[day.Format(time.DateOnly)]
	}
	for _, h := range fr.Holidays {
		if _, d := h.Calc(day.Year()); d.Month() == day.Month() && d.Day() == day.Day() {
			return h.Name
		}
	}
	return ""
}

// SchoolHoliday is the name of the school holidays that a date is in; empty: none. Where known
// is false, the calendar holds nothing of the school year of that date, or has no zone.
func (c *Calendar) SchoolHoliday(day time.Time) (name string, known bool) {
	if c == nil {
		return "", false
	}
	day = dateOf(day.Date())
	for _, v := range c.vacances {
		if !day.Before(v.Debut) && !day.After(v.Fin) {
			return v.Nom, true
		}
		known = known || v.Annee == schoolYear(day)
	}
	return "", known
}

// schoolYear is the first year of the school year of a date, which begins in September.
func schoolYear(day time.Time) int {
	if day.Month() < time.September {
		return day.Year() - 1
	}
	return day.Year()
}

// cycleWeek is the week of the cycle, from 0, that a date lies in.
func cycleWeek(day time.Time) int {
	_, week := day.ISOWeek()
	return (week - 1) % WeeksPerCycle
}

// weekday is that of a date, from 0, Monday.
func weekday(day time.Time) int { return (int(day.Weekday()) + 6) % 7 }

// easter is Easter Sunday.
func easter(year int) time.Time {
	monday, _ := aa.EasterMonday.Calc(year)
	return dateOf(monday.Date()).AddDate(0, 0, -1)
}
