package street

import (
	"fmt"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
)

func TestParseDuration(t *testing.T) {
	const minute, hour = geo.Minute, 60 * geo.Minute
	for in, want := range map[string]geo.Cost{
		"45": 45 * minute, "01:30": 90 * minute, "00:02:30": 150 * geo.Second, "1:30:00": 90 * minute,
		"1:30 h": 90 * minute, "01:30 hours": 90 * minute, "7.5": 450 * geo.Second,
		"PT1H20M": 80 * minute, "PT90S": 90 * geo.Second, "pt1h": hour, "P0DT90M": 90 * minute, "P0Y0M0DT1H30M0S": 90 * minute,
		"P1DT2H": 26 * hour, "P1D": 24 * hour, "PT1.5H": 90 * minute, "PT0,5H": 30 * minute,
		"10min": 10 * minute, "10 min": 10 * minute, "10 min.": 10 * minute, "10 Min": 10 * minute, "10mn": 10 * minute, "10 m": 10 * minute,
		"45 minutes": 45 * minute, "45\u00a0minutes": 45 * minute, "45'": 45 * minute, "90s": 90 * geo.Second,
		"1h30": 90 * minute, "1h30min": 90 * minute, "1 h 30 min": 90 * minute, "1 h 30": 90 * minute, "1H30": 90 * minute,
		"1h": hour, "2 hours": 2 * hour, "1 heure et 5 minutes": 65 * minute, "1 hour and 5 min": 65 * minute, "1h05m30s": 65*minute + 30*geo.Second,
		"1.5 h": 90 * minute, "1,5 h": 90 * minute, "1,5h": 90 * minute, "1 d 2 h": 26 * hour,
		"~20 min": 20 * minute, "env. 20 min": 20 * minute,
		"20-30 min": 30 * minute, "20 - 30 min": 30 * minute, "20–30": 30 * minute, "20 à 30 min": 30 * minute, "00:30-01:00": hour,
		"1h-1h30": 90 * minute, "20 min - 1 h": hour, "20-30 s": 30 * geo.Second, "60;45": hour, "PT20M;PT30M": 30 * minute, "30/45 min": 45 * minute,
	} {
		if got, ok := parseDuration(in); got != want || !ok {
			t.Errorf("parseDuration(%q) = %d ds, %t, want %d", in, got, ok, want)
		}
	}
	for _, in := range []string{
		"", " ", "soon", "1:2:3:4", "-5", "PT5", "P1M", "P", "PT", "200:00", "99999999999999999999", "0", "00:00", "PT0M",
		"30 min 1 h", "1h1h", "10 minuts ago", "h30", "30 30", "1h30 20", "5 knots", "-", "10;soon", "1e3", "NaN", "∞", "1.2.3",
	} {
		if got, ok := parseDuration(in); ok {
			t.Errorf("parseDuration(%q) = %d ds, want none", in, got)
		}
	}
}

// Whatever a time is written as, it is read as itself.
func TestParseDurationReadsAllWays(t *testing.T) {
	for minutes := 1; minutes < 600; minutes++ {
		h, m := minutes/60, minutes%60
		for _, in := range []string{
			fmt.Sprint(minutes), fmt.Sprintf("%d min", minutes), fmt.Sprintf("%02d:%02d", h, m), fmt.Sprintf("%d:%02d:00", h, m),
			fmt.Sprintf("PT%dH%dM", h, m), fmt.Sprintf("PT%dM", minutes), fmt.Sprintf("P0DT%dH%dM0S", h, m),
			fmt.Sprintf("%dh%02d", h, m), fmt.Sprintf("%d h %d min", h, m), fmt.Sprintf("%d heures %d", h, m),
		} {
			if got, ok := parseDuration(in); !ok || got != geo.Cost(minutes)*geo.Minute {
				t.Fatalf("parseDuration(%q) = %d ds, %t, want %d min", in, got, ok, minutes)
			}
		}
	}
}

func FuzzParseDuration(f *testing.F) {
	for _, s := range []string{"PT1H30M", "1h30", "20-30 min", "01:30"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		if c, ok := parseDuration(s); ok && (c == 0 || c > maxDuration) {
			t.Errorf("parseDuration(%q) = %d ds: out of range", s, c)
		}
	})
}
