package french

import (
	"strconv"
	"time"
)

var months = [12]string{"janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre"}

// Date writes a date: 1er septembre 2026.
func Date(t time.Time) string {
	day := strconv.Itoa(t.Day())
	if t.Day() == 1 {
		day = "1er"
	}
	return day + " " + months[t.Month()-1] + " " + strconv.Itoa(t.Year())
}

// Dates writes the first and the last of some dates: "du 7 septembre 2026 au 4 octobre 2026".
func Dates(from, to time.Time) string { return "du " + Date(from) + " au " + Date(to) }
