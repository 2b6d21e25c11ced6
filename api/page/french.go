package page

import (
	"math"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// thin is the narrow no-break space that French writes between thousands.
const thin = "\u202f"

func FrenchCount(n int) string {
	text := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, text = "−", text[1:]
	}
	var groups []string
	for len(text) > 3 {
		groups = append([]string{text[len(text)-3:]}, groups...)
		text = text[:len(text)-3]
	}
	return sign + strings.Join(append([]string{text}, groups...), thin)
}

func frenchSigned(n int) string {
	if n > 0 {
		return "+" + FrenchCount(n)
	}
	return FrenchCount(n)
}

// frenchDecimal writes one decimal at most.
func frenchDecimal(v float64) string {
	return strings.Replace(strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64), ".", ",", 1)
}

func frenchShare(part, whole int) string {
	if whole == 0 {
		return ""
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && percent < 0.1:
		return "< 0,1" + thin + "%"
	case part < whole && percent > 99.9:
		return "> 99,9" + thin + "%"
	}
	return frenchDecimal(percent) + thin + "%"
}

const UnknownWord = "inconnu"

func frenchMinutes(v *edition.AccessJSON, of func(*edition.AccessJSON) decimal.Two) string {
	if v == nil {
		return UnknownWord
	}
	return frenchDecimal(float64(of(v))) + " min"
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
