package page

import (
	"time"

	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
)

func frenchMinutes(v *edition.AccessJSON, of func(*edition.AccessJSON) decimal.Two) string {
	if v == nil {
		return french.Unknown
	}
	return short(of(v)) + " min"
}

// short writes a figure from what JSON, and so the map, has of it: rounded once more from the
// figure itself, 4,449 would be 4,4 here and 4,5 there.
func short[T interface {
	~float64
	Written() T
}](v T) string {
	return french.Decimal(float64(v.Written()))
}

// when says the dates that a question by timetable is about; empty by streets.
func (p *Page) when() string {
	if len(p.Timetables) == 0 {
		return ""
	}
	return p.Timetables[0]
}

// months between two days, whole ones.
func months(from, to time.Time) int {
	n := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	if to.Day() < from.Day() {
		n--
	}
	return n
}

// freshness puts the age of a record in its band.
func freshness(day, today time.Time) string {
	date := day.Format("02/01/2006")
	switch n := months(day, today); {
	case n < 6:
		return date + " (moins de 6 mois)"
	case n < 12:
		return date + " (6 à 12 mois)"
	case n <= 18:
		return date + " (12 à 18 mois)"
	}
	return date + " (plus de 18 mois)"
}

// frenchDay writes an RFC 3339 time as 31/12/2026.
func frenchDay(created string) (string, bool) {
	at, err := time.Parse(time.RFC3339, created)
	return at.UTC().Format("02/01/2006"), err == nil
}
