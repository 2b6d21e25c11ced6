package french

import (
	"strconv"

	"github.com/aisne-numerique/maillage/geo/coverage"
)

// Hours are some hours of a day of the week: Weekday from 0, Monday; minutes of the day; Weeks
// of the four-week cycle, from 1, all when nil.
type Hours struct {
	Weekday, From, To int
	Weeks             []int
}

var weekdays = [7]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}

// Clock writes minutes of the day: "9 h", "12 h 30".
func Clock(minutes int) string {
	text := strconv.Itoa(minutes/60) + " h"
	if m := minutes % 60; m > 0 {
		text += " " + strconv.Itoa(100 + m)[1:]
	}
	return text
}

func (h Hours) span() string { return "de " + Clock(h.From) + " à " + Clock(h.To) }

func (h Hours) weeks() string {
	if h.Weeks == nil {
		return ""
	}
	each := make([]string, len(h.Weeks))
	for i, w := range h.Weeks {
		each[i] = strconv.Itoa(w)
	}
	if len(each) == 1 {
		return " (semaine " + each[0] + " sur 4)"
	}
	return " (semaines " + Listed(each) + " sur 4)"
}

// String is "le mardi de 9 h à 12 h 30 (semaines 1 et 3 sur 4)".
func (h Hours) String() string { return "le " + weekdays[h.Weekday] + " " + h.span() + h.weeks() }

// Instead says to open at some hours in the place of others, of the same weeks: "ouvrir le
// mardi de 9 h à 12 h 30 plutôt que le jeudi de 14 h à 17 h 30".
func Instead(h, of Hours) string {
	if h.Weekday == of.Weekday {
		return "ouvrir le " + weekdays[h.Weekday] + " " + h.span() + " plutôt que " + of.span() + h.weeks()
	}
	return "ouvrir le " + weekdays[h.Weekday] + " " + h.span() + " plutôt que le " + weekdays[of.Weekday] + " " + of.span() + h.weeks()
}

// Brought says what a change of hours brings, on balance: people who become covered, people who
// find some open hour at last, hours a week times people. What does not change is not told;
// empty: nothing does.
func Brought(covered, reached int, hours float64) string {
	var parts []string
	if covered != 0 {
		parts = append(parts, more(covered, "habitant couvert", "habitants couverts"))
	}
	if reached != 0 {
		parts = append(parts, more(reached, "habitant qui trouve une aide ouverte", "habitants qui trouvent une aide ouverte"))
	}
	if hours != 0 {
		sign := "+"
		if hours < 0 {
			sign, hours = "−", -hours
		}
		parts = append(parts, sign+Decimal(hours)+" heures par semaine × habitants")
	}
	return Listed(parts)
}

// more counts things with a sign.
func more(n int, one, many string) string {
	if n > 0 {
		return "+" + Of(n, one, many)
	}
	return Of(n, one, many)
}

// Supplied says how many people more, or fewer, find so many hours of help a week: "+1 240
// habitants atteignent une demi-journée d'aide par semaine".
func Supplied(people int, hours float64) string {
	help := Decimal(hours) + " h d'aide"
	if hours == coverage.DefaultTransitMinHours {
		help = "une demi-journée d'aide"
	}
	verb := "atteint"
	if people > 1 || people < -1 {
		verb = "atteignent"
	}
	return more(people, "habitant", "habitants") + " " + verb + " " + help + " par semaine"
}
