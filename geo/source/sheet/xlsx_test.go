package sheet

import (
	"testing"
)

func TestColumnOf(t *testing.T) {
	for ref, want := range map[string]int{"A1": 0, "Z9": 25, "AA10": 26, "XFD1": 16383, "ZZZZZZZZZ1": maxColumns, "": -1, "12": -1, "a1": -1} {
		if got := columnOf(ref); got != want {
			t.Errorf("columnOf(%q) = %d, want %d", ref, got, want)
		}
	}
}
