package lieux

import (
	"regexp"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// Hours with one column per day of the week, by a mapping, in the ways in which French
// lists write them: "9h-12h / 14h-17h30", "de 9h à 12h et de 14h à 17h", "fermé".
var (
	clock     = regexp.MustCompile(`(?i)\b(\d{1,2}) ?(?:h|:|\.)(?:eures?)? ?(\d{2})?\b`)
	wordsOf   = regexp.MustCompile(`(?i)\b(?:de|du|matin|apr[eè]s-midi|am|pm)\b`)
	untilOf   = regexp.MustCompile(`(?i) ?(?:\ba\b|à|–|—|->|→|-) ?`)
	andOf     = regexp.MustCompile(`(?i) ?(?:\bet\b|\bpuis\b|/|,|;|&|\|) ?`)
	dayRanges = regexp.MustCompile(`^\d\d:\d\d-\d\d:\d\d(?:,\d\d:\d\d-\d\d:\d\d)*$`)
)

// dayHours brings the hours of one day to the opening_hours syntax; "" when closed.
func dayHours(text string) (ranges string, ok bool) {
	switch source.Slug(text) {
	case "ferme", "fermee", "closed", "off", "non", "neant", "x":
		return "", true
	}
	t := clock.ReplaceAllStringFunc(wordsOf.ReplaceAllString(text, ""), func(s string) string {
		m := clock.FindStringSubmatch(s)
		minutes := m[2]
		if minutes == "" {
			minutes = "00"
		}
		return strings.Repeat("0", 2-len(m[1])) + m[1] + ":" + minutes
	})
	t = andOf.ReplaceAllString(untilOf.ReplaceAllString(strings.TrimSpace(t), "-"), ",")
	t = strings.ReplaceAll(strings.Trim(t, ", "), " ", "")
	if t == "" || t == "-" {
		return "", true
	}
	return t, dayRanges.MatchString(t)
}

// week writes the columns of the days as one text of hours: in the opening_hours syntax
// when each day is understood, else as they stand, which leaves them unknown. A day
// without hours is closed when another day has some.
func (m *mapper) week(v source.LieuValue, raw func(string) string) string {
	days := make([]string, len(v.Days))
	var texts []string
	understood := true
	for i, column := range v.Days {
		text := ""
		if column != "" {
			text = raw(column)
		}
		if text == "" {
			continue
		}
		texts = append(texts, dayNames[i]+" "+text)
		ranges, ok := dayHours(text)
		understood = understood && ok
		days[i] = ranges
	}
	switch {
	case texts == nil:
		return ""
	case !understood:
		return strings.Join(texts, "; ")
	}
	return weekText(days)
}

var dayNames = [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// weekText writes a week in the opening_hours syntax, the days with the same hours
// together: "Mo,We-Fr 09:00-12:00; Sa 10:00-12:00". A week without hours is "off".
func weekText(days []string) string {
	var rules []string
	done := make([]bool, len(days))
	for i, ranges := range days {
		if ranges == "" || done[i] {
			continue
		}
		var names []string
		for j := i; j < len(days); j++ {
			if days[j] != ranges {
				continue
			}
			end := j
			for end+1 < len(days) && days[end+1] == ranges {
				end++
			}
			switch end - j {
			case 0:
				names = append(names, dayNames[j])
			case 1:
				names = append(names, dayNames[j], dayNames[end])
			default:
				names = append(names, dayNames[j]+"-"+dayNames[end])
			}
			for ; j < end; j++ {
				done[j] = true
			}
			done[end] = true
		}
		rules = append(rules, strings.Join(names, ",")+" "+ranges)
	}
	if rules == nil {
		return "off"
	}
	return strings.Join(rules, "; ")
}
