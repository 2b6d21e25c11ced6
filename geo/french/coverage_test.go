package french

import (
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/legend"
)

// TestMeaningsSayTheQuestion: a meaning has the figures of its question, and its hours where
// these tell a class from another; no two classes, nor what knowing would change, are named
// or meant alike.
func TestMeaningsSayTheQuestion(t *testing.T) {
	q := coverage.Query{Cutoff: 25 * geo.Minute, MinHours: 12.5}
	names, meanings := []string{legend.IfKnown}, []string{}
	for _, row := range legend.Classes {
		got := Meaning(row.Class, q)
		if strings.ContainsAny(got, "{}") || !strings.Contains(got, "25 min") {
			t.Errorf("%s means %q", row.Label, got)
		}
		if byHours := row.Class == coverage.Grise || row.Class == coverage.Couverte; strings.Contains(got, "12,5 h") != byHours {
			t.Errorf("%s means %q: by hours is %v", row.Label, got, byHours)
		}
		if slices.Contains(names, row.Label) || slices.Contains(meanings, got) {
			t.Errorf("%q, %q: twice", row.Label, got)
		}
		names, meanings = append(names, row.Label), append(meanings, got)
	}
	if len(meanings) != len(coverage.Classes) {
		t.Errorf("%d classes are told of %d", len(meanings), len(coverage.Classes))
	}
	if got := Meaning(0, q); got != "personne n'habite là" {
		t.Errorf("where nobody lives: %q", got)
	}
}
