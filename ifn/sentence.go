package ifn

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence says in French what the row is worth, in words that can be quoted:
//
//	Portes de la Thiérache : rang 1 à 3 sur 19 dans neuf pondérations sur dix ; rang 1 à 5 quel que soit chaque poids de la moitié au double du sien ; complétude 78 % ; manque : …
//
// The rank is the interval when there is one, of nine draws in ten, else the rank alone. A
// range "quel que soit" is proven (see [Outer]). Where values are unknown, both say so. A row without a
// score says which sub-index lacks data. Variables known by a proxy are named last.
func (r *Row) Sentence() string { return r.Beside(&Common{}) }

// Beside is the sentence without what is said of all rows: see [Common].
func (r *Row) Beside(c *Common) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s : ", r.Nom)
	switch {
	case r.Rank == 0:
		b.WriteString("pas d'indice, données insuffisantes")
		var short []string
		for _, s := range r.Subs {
			if !s.Score.Known {
				short = append(short, fmt.Sprintf("%s : %s du poids connu, %s requis", s.Nom, percent(s.Completeness), percent(s.Required)))
			}
		}
		if len(short) > 0 {
			fmt.Fprintf(&b, " (%s)", strings.Join(short, " ; "))
		}
	case r.RankLow == 0:
		fmt.Fprintf(&b, "rang %d sur %d", r.Rank, r.Of)
	default:
		fmt.Fprintf(&b, "rang %s sur %d dans neuf pondérations sur dix", span(r.RankLow, r.RankHigh), r.Of)
		if r.Drawn {
			b.WriteString(", valeurs inconnues tirées au sort")
		}
	}
	if r.RankMin > 1 || r.RankMax > 0 && r.RankMax < r.Of { // any rank at all is not worth saying
		fmt.Fprintf(&b, " ; rang %s quel que soit chaque poids de la moitié au double du sien", span(r.RankMin, r.RankMax))
		if r.Drawn {
			b.WriteString(" et quelles que soient les valeurs inconnues")
		}
	}
	fmt.Fprintf(&b, " ; complétude %s", percent(r.Completeness))
	var missing, proxies []string
	for _, m := range r.Missing {
		if !slices.Contains(c.Missing, m) {
			missing = append(missing, m.Nom)
		}
	}
	for _, p := range r.Proxies {
		if !slices.Contains(c.Proxies, p) {
			proxies = append(proxies, p)
		}
	}
	if len(missing) > 0 {
		fmt.Fprintf(&b, " ; manque : %s", uncapitalized(missing))
	}
	if len(proxies) > 0 {
		fmt.Fprintf(&b, " ; par approximation : %s", uncapitalized(proxies))
	}
	return b.String()
}

// span writes a range of ranks.
func span(from, to int) string {
	if from == to {
		return strconv.Itoa(from)
	}
	return fmt.Sprintf("%d à %d", from, to)
}

// percent writes a share as a whole percentage; only a full share is 100 %, and
// only an empty one 0 %.
func percent(share float64) string {
	p := math.Round(100 * share)
	if p == 100 && share < 1-tolerance {
		p = 99
	}
	if p == 0 && share > tolerance {
		p = 1
	}
	return fmt.Sprintf("%.0f %%", p)
}

// uncapital lowers the first letter of a name inside a sentence, but not of an
// acronym.
func uncapital(name string) string {
	first, n := utf8.DecodeRuneInString(name)
	second, _ := utf8.DecodeRuneInString(name[n:])
	if unicode.IsUpper(second) {
		return name
	}
	return string(unicode.ToLower(first)) + name[n:]
}
