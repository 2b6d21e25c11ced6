package stat

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// notGiven is what statistical offices, and programs, write for a value that they do not
// give: statistical secret, not available, not significant, not concerned, an error of a
// formula. In lower case.
var notGiven = []string{
	"s", "c", "nd", "n.d.", "n.d", "n/d", "ns", "n.s.", "n.s", "nc", "n.c.", "n.c", "na", "n.a.", "n/a", "#n/a", "nr", "n.r.", "null", "none", "nan", "so", "s.o.",
	"-", "--", "–", "—", "/", "//", "///", ".", "..", "...", "…", "secret", "secret statistique", "confidentiel", "non disponible", "non communiqué", "inconnu", "?",
	"#div/0!", "#valeur!", "#value!", "#ref!", "#nom?", "#name?", "#nul!", "#null!", "#nombre!", "#num!",
}

// cell is what a cell holds: a number, or nothing, by a mark or by its absence.
type cell struct {
	value float64
	known bool
	mark  string // for a value that is not given; "" when the cell is empty
}

// parseCell reads a cell; ok is false when it is not understood. unknown are further texts
// for no value.
func parseCell(text string, unknown []string) (c cell, ok bool) {
	text = source.Clean(text)
	switch lower := strings.ToLower(text); {
	case text == "":
		return cell{}, true
	case slices.Contains(unknown, text): // as the mapping says
		return cell{}, true
	case slices.Contains(notGiven, lower), strings.HasPrefix(lower, "n/a - "), strings.HasPrefix(lower, "n/a – "):
		return cell{mark: text}, true
	}
	if v, ok := source.ParseNumber(text); ok {
		return cell{value: v, known: true}, true
	}
	if share, ok := strings.CutSuffix(text, "%"); ok {
		if v, ok := source.ParseNumber(source.Clean(share)); ok {
			return cell{value: v, known: true}, true
		}
	}
	return cell{}, false
}

// marks counts the values of a file that are not given, by what stands for them.
type marks map[string]int

func (m marks) add(c cell) {
	const kinds = 100
	if c.mark == "" || len(m) == kinds && m[c.mark] == 0 {
		return
	}
	m[c.mark]++
}

// tell warns of them once.
func (m marks) tell(rec *source.Recorder, file string) {
	if len(m) == 0 {
		return
	}
	var each []string
	for _, mark := range slices.Sorted(maps.Keys(m)) {
		each = append(each, fmt.Sprintf("« %s » %d", source.Shorten(mark), m[mark]))
	}
	rec.Warn(file, 0, "", "", "valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : "+strings.Join(each, ", "))
}
