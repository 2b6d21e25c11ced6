package street

import (
	"math"
	"strconv"
	"strings"
	"unicode"

	"github.com/aisne-numerique/maillage/geo"
)

// maxDuration is the longest ferry journey believed: a week.
const maxDuration = 7 * 24 * 60 * geo.Minute

// parseDuration reads a time in the ways that people write it: "MM", "HH:MM",
// "HH:MM:SS", ISO 8601 ("PT1H30M", "P0DT90M"), and words ("10 min", "1h30", "1,5 h",
// "1 heure et 5 minutes"). Of a range or a list ("20-30 min", "45;60") the longest time
// counts: who plans is not to come late. It is false for what cannot be read, for 0, and
// for more than [maxDuration].
func parseDuration(s string) (geo.Cost, bool) {
	s = strings.ToLower(strings.TrimSpace(s))
	s = strings.NewReplacer(",", ".", "\u00a0", " ", "\u202f", " ", "–", "-", "—", "-", " à ", "-", " to ", "-", " bis ", "-", "/", ";").Replace(s)
	for _, about := range [...]string{"~", "≈", "env.", "environ", "about", "approx.", "ca.", "circa"} {
		s = strings.TrimSpace(strings.TrimPrefix(s, about))
	}
	if s == "" || s[0] == '-' {
		return 0, false
	}
	var longest, longestBare float64 // seconds
	for part := range strings.FieldsFuncSeq(s, func(r rune) bool { return r == '-' || r == ';' }) {
		seconds, bare, ok := parseTime(strings.TrimSpace(part))
		if !ok {
			return 0, false
		}
		if bare {
			longestBare = max(longestBare, seconds)
		} else {
			longest = max(longest, seconds)
		}
	}
	if longest == 0 { // else a number alone has a unit that is told once, behind the other end
		longest = longestBare
	}
	c := math.Round(longest * float64(geo.Second))
	return geo.Cost(c), c > 0 && c <= float64(maxDuration)
}

// parseTime reads one time, in seconds. It is bare when it is a number alone, of minutes.
func parseTime(s string) (seconds float64, bare, ok bool) {
	switch rest, iso := strings.CutPrefix(s, "p"); {
	case iso:
		seconds, ok = parseISO(rest)
	case strings.Contains(s, ":"):
		seconds, ok = parseClock(s)
	default:
		seconds, bare, ok = parseWords(s)
	}
	return seconds, bare, ok
}

// parseISO reads what follows the P of ISO 8601: weeks and days, then behind T hours,
// minutes and seconds. Nobody knows how long a month is.
func parseISO(s string) (seconds float64, ok bool) {
	units := map[byte]float64{'w': 7 * 86_400, 'd': 86_400}
	for s != "" {
		if s[0] == 't' {
			units = map[byte]float64{'h': 3600, 'm': 60, 's': 1}
			s = s[1:]
			continue
		}
		v, rest, number := cutNumber(s)
		if !number || rest == "" {
			return 0, false
		}
		unit, known := units[rest[0]]
		if !known && v != 0 {
			return 0, false
		}
		seconds += v * unit
		s, ok = rest[1:], true
	}
	return seconds, ok
}

// parseClock reads "HH:MM" and "HH:MM:SS", with or without the word of hours behind.
func parseClock(s string) (seconds float64, ok bool) {
	for _, word := range [...]string{"hours", "heures", "uhr", "hrs", "h"} {
		s = strings.TrimSpace(strings.TrimSuffix(s, word))
	}
	fields := strings.Split(s, ":")
	if len(fields) > 3 {
		return 0, false
	}
	unit := 3600.0
	for _, f := range fields {
		v, err := strconv.ParseUint(f, 10, 24)
		if err != nil {
			return 0, false
		}
		seconds += float64(v) * unit
		unit /= 60
	}
	return seconds, true
}

// unitOf is a unit in seconds, by its words in the languages around.
func unitOf(word string) (float64, bool) {
	switch word {
	case "d", "j", "day", "days", "jour", "jours", "tag", "tage":
		return 86_400, true
	case "h", "hr", "hrs", "hour", "hours", "heure", "heures", "std", "stunde", "stunden", "ora", "ore", "hora", "horas", "u", "uur":
		return 3600, true
	case "m", "mn", "min", "mins", "minute", "minutes", "minuten", "minuti", "minuto", "minutos", "minuut", "'", "′", "’":
		return 60, true
	case "s", "sec", "secs", "second", "seconds", "seconde", "secondes", "sekunden", "\"", "″":
		return 1, true
	}
	return 0, false
}

// cutNumber cuts a number, with its decimals, from what follows it.
func cutNumber(s string) (v float64, rest string, ok bool) {
	end := 0
	for end < len(s) && (s[end] >= '0' && s[end] <= '9' || s[end] == '.' && end+1 < len(s) && s[end+1] >= '0' && s[end+1] <= '9') {
		end++
	}
	v, err := strconv.ParseFloat(s[:end], 64)
	return v, s[end:], err == nil
}

// parseWords reads numbers with their units, the greater first; the unit of the last may
// be left out: it is the next smaller one ("1h30"), or minutes of a number alone.
func parseWords(s string) (seconds float64, bare, ok bool) {
	unit := math.Inf(1)
	for s != "" {
		v, rest, number := cutNumber(s)
		if !number {
			return 0, false, false
		}
		rest = strings.TrimLeft(rest, " ")
		end := strings.IndexFunc(rest, func(r rune) bool { return unicode.IsDigit(r) || r == ' ' })
		if end < 0 {
			end = len(rest)
		}
		word := strings.TrimSuffix(rest[:end], ".")
		u, known := unitOf(word)
		switch {
		case known:
		case word != "":
			return 0, false, false
		case math.IsInf(unit, 1):
			u, bare = 60, true
		default:
			u = unit / 60
		}
		if u >= unit || word == "" && rest != "" {
			return 0, false, false
		}
		seconds += v * u
		unit = u
		s = strings.TrimLeft(rest[end:], " ")
		for _, and := range [...]string{"et ", "and ", "und "} {
			s = strings.TrimPrefix(s, and)
		}
	}
	return seconds, bare, !math.IsInf(unit, 1)
}
