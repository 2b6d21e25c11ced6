package page

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// openingsText says hours in French: "lundi – jeudi de 9 h à 12 h et de 14 h à 17 h ; samedi
// (semaine 1 sur 4) de 10 h à 12 h ; sur rendez-vous : mardi de 14 h à 17 h".
func openingsText(h *lieu.Horaires) string {
	if !h.Known {
		return "horaires inconnus"
	}
	parts := openingsParts(&h.Slots)
	if h.RendezVous != nil {
		if rdv := openingsParts(h.RendezVous); len(rdv) > 0 {
			rdv[0] = "sur rendez-vous : " + rdv[0]
			parts = append(parts, rdv...)
		}
	}
	if len(parts) == 0 {
		return "fermé toute la semaine"
	}
	return strings.Join(parts, " ; ")
}

// openingsParts says slots in French, one part for days that share their hours.
func openingsParts(slots *lieu.Slots) (parts []string) {
	for _, o := range slots.Openings() {
		text := daysText(o.Days)
		if !o.EveryWeek() {
			weeks := make([]string, len(o.Weeks))
			for i, week := range o.Weeks {
				weeks[i] = strconv.Itoa(week)
			}
			word := "semaine"
			if len(weeks) > 1 {
				word = "semaines"
			}
			text += " (" + word + " " + french.Listed(weeks) + " sur 4)"
		}
		spans := make([]string, len(o.Spans))
		for i, span := range o.Spans {
			spans[i] = "de " + hourText(span[0]) + " à " + hourText(span[1])
		}
		parts = append(parts, text+" "+french.Listed(spans))
	}
	return parts
}

// daysText names days; three or more that follow each other are a range.
func daysText(days []int) string {
	var parts []string
	for first := 0; first < len(days); {
		last := first
		for last+1 < len(days) && days[last+1] == days[last]+1 {
			last++
		}
		if last-first >= 2 {
			parts = append(parts, french.Weekday(days[first]+1)+" – "+french.Weekday(days[last]+1))
		} else {
			for _, day := range days[first : last+1] {
				parts = append(parts, french.Weekday(day+1))
			}
		}
		first = last + 1
	}
	return strings.Join(parts, ", ")
}

// hourText says minutes of a day: "9 h", "13 h 30".
func hourText(minutes int) string {
	text := strconv.Itoa(minutes/60) + "\u00a0h"
	if rest := minutes % 60; rest > 0 {
		text += fmt.Sprintf("\u00a0%02d", rest)
	}
	return text
}
