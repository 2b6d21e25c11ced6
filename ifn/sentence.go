package ifn

import (
	"fmt"
	"math"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Sentence says in French what the row is worth, in words that can be quoted:
//
//	Portes de la Thiérache : rang 1 à 3 sur 19 quel que soit le poids des variables ; complétude 78 % ; manque : …
//
// The rank is the interval when there is one ("quel que soit le poids" covers 90 %
// of the draws and every variable left out), else the rank alone. A row without a
// score says which sub-index lacks data. Variables known by a proxy are named last.
func (r *Row) Sentence() string {
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
	case r.RankLow == r.RankHigh:
		fmt.Fprintf(&b, "rang %d sur %d quel que soit le poids des variables", r.Rank, r.Of)
	default:
		fmt.Fprintf(&b, "rang %d à %d sur %d quel que soit le poids des variables", r.RankLow, r.RankHigh, r.Of)
	}
	fmt.Fprintf(&b, " ; complétude %s", percent(r.Completeness))
	if len(r.Missing) > 0 {
		names := make([]string, len(r.Missing))
		for i, m := range r.Missing {
			names[i] = uncapital(m.Nom)
		}
		fmt.Fprintf(&b, " ; manque : %s", strings.Join(names, ", "))
	}
	if len(r.Proxies) > 0 {
		names := make([]string, len(r.Proxies))
		for i, p := range r.Proxies {
			names[i] = uncapital(p)
		}
		fmt.Fprintf(&b, " ; par approximation : %s", strings.Join(names, ", "))
	}
	return b.String()
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
