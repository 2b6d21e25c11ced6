package coverage

import (
	"strings"
	"testing"
)

func TestPeopleWithoutIndexAreNeitherFragileNorNot(t *testing.T) {
	if f := (Fragility{Score: 7}).Of(100); f != 0 {
		t.Errorf("unknown, and %v fragile", f.People())
	}
	if f := (Fragility{Score: 7, Known: true}).Of(100); f.People() != 70 {
		t.Errorf("%v fragile, want 70", f.People())
	}
	for _, x := range []struct {
		unknown, people int
		known           bool
	}{{0, 0, true}, {0, 1, true}, {1, 2, true}, {2, 3, false}, {3, 3, false}} {
		if NeedKnown(x.unknown, x.people) != x.known {
			t.Errorf("%d of %d unknown: known is %v", x.unknown, x.people, !x.known)
		}
	}
}

// TestPriorityFormulaSaysWhichRowsAreWithoutIndex: a sentence claims no more than was computed.
func TestPriorityFormulaSaysWhichRowsAreWithoutIndex(t *testing.T) {
	for _, x := range []struct {
		without, rows int
		says, silent  string
	}{{0, 3, "indice de fragilité ÷ 5", "dont il est inconnu"}, {1, 3, "1 sur 3", "inconnu partout"}, {3, 3, "inconnu partout", "÷ 5"}} {
		if got := PriorityFormula(x.without, x.rows); !strings.Contains(got, x.says) || strings.Contains(got, x.silent) {
			t.Errorf("%d of %d: %s", x.without, x.rows, got)
		}
	}
}
