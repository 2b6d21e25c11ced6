package page

import (
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/french"
)

func TestFrenchNumbers(t *testing.T) {
	for n, want := range map[int]string{0: "0", 999: "999", 1000: "1\u202f000", 1234567: "1\u202f234\u202f567", -1234: "−1\u202f234"} {
		if got := french.Count(n); got != want {
			t.Errorf("frenchCount(%d) = %q, want %q", n, got, want)
		}
	}
	for _, c := range []struct {
		part, whole int
		want        string
	}{{0, 10, "0\u202f%"}, {1, 10_000, "< 0,1\u202f%"}, {9_999, 10_000, "> 99,9\u202f%"}, {10, 10, "100\u202f%"}, {1, 3, "33,3\u202f%"}, {1, 0, ""}} {
		if got := french.Share(c.part, c.whole); got != c.want {
			t.Errorf("french.Share(%d, %d) = %q, want %q", c.part, c.whole, got, c.want)
		}
	}
}

func TestFreshnessBands(t *testing.T) {
	today := time.Date(2026, 11, 25, 0, 0, 0, 0, time.UTC)
	for day, want := range map[string]string{"2026-05-26": "moins de 6 mois", "2026-05-25": "6 à 12 mois", "2025-11-25": "12 à 18 mois", "2025-05-25": "12 à 18 mois", "2025-04-25": "plus de 18 mois"} {
		at, err := time.Parse(time.DateOnly, day)
		if err != nil {
			t.Fatal(err)
		}
		if got := freshness(at, today); !strings.Contains(got, want) {
			t.Errorf("a record of %s is %q, want %q", day, got, want)
		}
	}
}

// TestDocs: the page says every address and every schema, and its links lead somewhere.
