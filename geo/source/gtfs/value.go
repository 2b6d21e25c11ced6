package gtfs

import (
	"time"

	"github.com/aisne-numerique/maillage/geo/transit"
)

// maxHours bounds the hours of a time: a trip of a week.
const maxHours = 7 * 24

// parseTime reads 8:05:00, 08:05:00 or 25:10:00 as seconds.
func parseTime(s string) (seconds int32, ok bool) {
	var part [3]int32
	k, digits := 0, 0
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case c >= '0' && c <= '9':
			if digits++; digits > 3 || k > 0 && digits > 2 {
				return 0, false
			}
			part[k] = part[k]*10 + int32(c-'0')
		case c == ':' && digits > 0 && k < 2:
			k, digits = k+1, 0
		default:
			return 0, false
		}
	}
	if k < 2 || digits == 0 || part[0] > maxHours || part[1] > 59 || part[2] > 59 {
		return 0, false
	}
	return part[0]*3600 + part[1]*60 + part[2], true
}

const timeReason = "heure non comprise ; attendu HH:MM:SS, au-delà de 24:00:00 après minuit"

// parseDay reads 20251231.
func parseDay(s string) (transit.Day, bool) {
	if len(s) != 8 {
		return 0, false
	}
	t, err := time.Parse("20060102", s)
	if err != nil || t.Year() < 1970 || t.Year() > 2200 {
		return 0, false
	}
	return transit.DayOf(t.Date()), true
}

const dayReason = "date non comprise ; attendu AAAAMMJJ, de 1970 à 2200"

// parseCount reads a whole number of nine digits at most.
func parseCount(s string) (n int32, ok bool) {
	if s == "" || len(s) > 9 {
		return 0, false
	}
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return 0, false
		}
		n = n*10 + int32(s[i]-'0')
	}
	return n, true
}
