package lieu

import (
	"fmt"
	"slices"
	"strings"
)

// WriteHoraires writes slots, and those by appointment (nil: none), as opening_hours, so that
// [ParseHoraires] reads the same; empty for none. Weeks of the cycle are said by the period
// with which they come back.
func WriteHoraires(slots, rendezVous *Slots) string {
	var w horairesWriter
	w.write(slots, "")
	if rendezVous != nil {
		w.write(rendezVous, ` "sur rendez-vous"`)
	}
	return w.text.String()
}

type horairesWriter struct {
	text  strings.Builder
	named [7]bool // days that were spoken of
}

func (w *horairesWriter) write(s *Slots, comment string) {
	for _, o := range s.Openings() {
		for _, week := range selectors(o.Weeks) {
			if w.text.Len() > 0 {
				if slices.ContainsFunc(o.Days, func(d int) bool { return w.named[d] }) {
					w.text.WriteString(", ") // adds to what was said of the day
				} else {
					w.text.WriteString("; ")
				}
			}
			for _, d := range o.Days {
				w.named[d] = true
			}
			w.text.WriteString(week + daysText(o.Days) + " ")
			for i, span := range o.Spans {
				if i > 0 {
					w.text.WriteByte(',')
				}
				fmt.Fprintf(&w.text, "%02d:%02d-%02d:%02d", span[0]/60, span[0]%60, span[1]/60, span[1]%60)
			}
			w.text.WriteString(comment)
		}
	}
}

// selectors name weeks of the cycle.
func selectors(weeks []int) (out []string) {
	switch {
	case len(weeks) == WeeksPerCycle:
		return []string{""}
	case len(weeks) == 2 && weeks[1] == weeks[0]+2:
		return []string{fmt.Sprintf("week %d-53/2 ", weeks[0])}
	}
	for _, w := range weeks {
		out = append(out, fmt.Sprintf("week %d-53/%d ", w, WeeksPerCycle))
	}
	return out
}

// daysText lists days, three or more that follow each other as a range.
func daysText(days []int) string {
	var parts []string
	for i := 0; i < len(days); {
		j := i
		for j+1 < len(days) && days[j+1] == days[j]+1 {
			j++
		}
		switch j - i {
		case 0:
			parts = append(parts, dayNames[days[i]])
		case 1:
			parts = append(parts, dayNames[days[i]], dayNames[days[j]])
		default:
			parts = append(parts, dayNames[days[i]]+"-"+dayNames[days[j]])
		}
		i = j + 1
	}
	return strings.Join(parts, ",")
}
