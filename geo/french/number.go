// Package french is how results are told in French: numbers as French writes them, and the
// sentences that the map, pages, exports and commands share, so that they say the same. It
// computes nothing.
package french

import (
	"math"
	"strconv"
	"strings"
)

// Thin is the narrow no-break space that French writes between thousands.
const Thin = "\u202f"

// Unknown stands for a figure that is not known.
const Unknown = "inconnu"

// Count writes a whole number: 34 400.
func Count(n int) string {
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
	return sign + strings.Join(append([]string{text}, groups...), Thin)
}

// Signed is Count with its sign.
func Signed(n int) string {
	if n > 0 {
		return "+" + Count(n)
	}
	return Count(n)
}

// Decimal writes one decimal at most: 34 400,5.
func Decimal(v float64) string {
	text := strconv.FormatFloat(math.Round(v*10)/10, 'f', -1, 64)
	whole, part, ok := strings.Cut(text, ".")
	if n, err := strconv.Atoi(whole); err == nil && n != 0 {
		whole = Count(n)
	}
	if !ok {
		return whole
	}
	return whole + "," + part
}

// Share is a part of a whole in per cent; empty where the whole is nobody.
func Share(part, whole int) string {
	if whole == 0 {
		return ""
	}
	percent := 100 * float64(part) / float64(whole)
	switch {
	case part > 0 && percent < 0.1:
		return "< 0,1" + Thin + "%"
	case part < whole && percent > 99.9:
		return "> 99,9" + Thin + "%"
	}
	return Decimal(percent) + Thin + "%"
}

// Of counts things: "1 lieu", "2 lieux".
func Of(n int, one, many string) string {
	if n > -2 && n < 2 { // French has one of 0
		return Count(n) + " " + one
	}
	return Count(n) + " " + many
}

// People counts inhabitants.
func People(n int) string { return Of(n, "habitant", "habitants") }

// Listed joins as French does: "a, b et c".
func Listed(parts []string) string {
	if len(parts) < 2 {
		return strings.Join(parts, "")
	}
	return strings.Join(parts[:len(parts)-1], ", ") + " et " + parts[len(parts)-1]
}

// Sentence begins with a capital and ends with a point.
func Sentence(text string) string {
	if text == "" {
		return ""
	}
	first := []rune(text)
	return strings.ToUpper(string(first[:1])) + string(first[1:]) + "."
}
