package params

import (
	"fmt"
	"strconv"
	"strings"
)

// number reads a plain decimal number, with a point or a comma, and one of units
// after it or none. Signs, exponents, "NaN" and "Inf" are not numbers here.
func number(text string, units ...string) (float64, bool) {
	for _, u := range units {
		if rest, ok := strings.CutSuffix(text, u); ok {
			text = strings.TrimRight(rest, " ")
			break
		}
	}
	text = strings.Replace(text, ",", ".", 1)
	whole, decimals, dotted := strings.Cut(text, ".")
	if !digits(whole, 4) || dotted && !digits(decimals, 6) {
		return 0, false
	}
	v, err := strconv.ParseFloat(text, 64)
	return v, err == nil
}

// digits reports whether text is 1 to most ASCII digits.
func digits(text string, most int) bool {
	for i := range len(text) {
		if text[i] < '0' || text[i] > '9' {
			return false
		}
	}
	return len(text) > 0 && len(text) <= most
}

// Position reads a row or a tile coordinate: digits, at most 2^31-1.
func Position(what, text string) (int, error) {
	if digits(text, 10) {
		if n, err := strconv.ParseInt(text, 10, 32); err == nil {
			return int(n), nil
		}
	}
	return 0, fmt.Errorf("%s %q: expected digits", what, text)
}

// PlainNumber writes a number as addresses have it: 7.5.
func PlainNumber(v float64) string { return strconv.FormatFloat(v, 'f', -1, 64) }
