package lieu

import (
	"encoding/csv"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

// differences are why a text is not read as the npm package opening_hours reads it: what it
// does, and what we do.
var differences = map[string]string{
	"appointment":       "it takes « open \"sur rendez-vous\" » as open; for us it is by appointment, as without the word",
	"comment":           "it takes any comment for a doubt, on which hours may be; one that narrows nothing leaves ours open, and one on school holidays leaves these unknown",
	"comment-narrows":   "it says that hours may be, at all of them; ours are unknown, because the comment says that some are not",
	"exception-first":   "it lets a rule replace the exception that was written before it; on such dates ours are unknown",
	"faulty":            "it mends a text that breaks the grammar (no minutes, an empty rule); ours are unknown",
	"letter-h":          "it refuses 9h30, which people write",
	"narrowed-holidays": "it takes « SH,PH Mo-Fr » for holidays and for Mondays to Fridays; the specification narrows holidays to these days, as both do with « PH Mo-Fr »",
	"night-stays":       "it ends a night where a rule speaks of the day after; for us a night belongs to the day on which it begins",
	"no-day":            "it takes a rule without days, after one with days, for every day; ours are unknown, on those days that only it would open",
	"prose":             "it refuses French prose",
	"reversed":          "it reads until the next day, or around the clock; ours are unknown, unless both ends lie in the night",
	"school-saturday":   "its school holidays begin on the Sunday; the orders of the ministry say the Saturday, after classes",
	"unsaid":            "it says all day, until midnight, perhaps, or by a model of the sun; ours are unknown, because the text does not say",
	"weeks-of-cycle":    "it takes weeks 1 to 4 for those of January; a place that opens in them opens in those of each cycle",
}

// oracleFile is what testdata/oracle/oracle.mjs writes: for each text, how it spends each day of
// the seasons, in base 36; "09:00-12:00? 14:00-24:00", ? for hours that may be.
type oracleFile struct {
	Version string      `json:"opening_hours"`
	Seasons [][2]string `json:"seasons"`
	Texts   []struct {
		Text     string
		Refused  bool
		Patterns []string
		Days     string
	} `json:"texts"`
}

// TestHorairesAgainstOpeningHours holds every text of cases.csv to an independent reading of
// it, on 203 dates, to the minute. Those that differ have a reason in the table, and only those.
// The texts are ours, and the hours of conseillers numériques and France Services (facts: ANCT,
// Licence Ouverte).
func TestHorairesAgainstOpeningHours(t *testing.T) {
	var oracle oracleFile
	text, err := os.ReadFile(filepath.Join("testdata", "oracle", "expected.json"))
	if err == nil {
		err = json.Unmarshal(text, &oracle)
	}
	if err != nil {
		t.Fatal(err)
	}
	file, err := os.Open(filepath.Join("testdata", "oracle", "cases.csv"))
	if err != nil {
		t.Fatal(err)
	}
	defer file.Close()
	cases, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	cases = cases[1:]
	if len(cases) < 300 || len(cases) != len(oracle.Texts) {
		t.Fatalf("%d texts, and %d readings", len(cases), len(oracle.Texts))
	}
	var dates []time.Time
	for _, s := range oracle.Seasons {
		for d := day(t, s[0]); !d.After(day(t, s[1])); d = d.AddDate(0, 0, 1) {
			dates = append(dates, d)
		}
	}
	c := testCalendar(t, ZoneB)
	count := map[string]int{}
	for i, row := range cases {
		theirs := oracle.Texts[i]
		if theirs.Text != row[0] {
			t.Fatalf("text %d: %q, and the reading of %q: run oracle.mjs", i+1, row[0], theirs.Text)
		}
		got := compareReadings(row[0], theirs.Refused, theirs.Patterns, theirs.Days, dates, c)
		count[row[1]]++
		switch {
		case (got == "") != (row[1] == ""):
			t.Errorf("%q, said to differ by %q: %s", row[0], row[1], got)
		case got != "" && differences[row[1]] == "":
			t.Errorf("%q: no reason is named %q", row[0], row[1])
		}
	}
	for reason := range differences {
		if count[reason] == 0 {
			t.Errorf("no text differs by %q", reason)
		}
	}
	t.Logf("opening_hours %s, %d texts, %d dates: %v", oracle.Version, len(cases), len(dates), count)
}

// compareReadings is the first difference between our reading of a text and theirs; empty: none.
func compareReadings(text string, refused bool, patterns []string, days string, dates []time.Time, c *Calendar) string {
	h, err := ParseHoraires(text)
	a := h.Agenda()
	if a.rules == nil || refused {
		switch {
		case a.rules == nil && refused:
			return ""
		case refused:
			return fmt.Sprintf("they refuse it; ours: %v", h.Slots.Openings())
		}
		return fmt.Sprintf("ours refuse it (%v); theirs: %q", err, patterns)
	}
	for i, d := range dates {
		today, before := a.On(d, c), a.On(d.AddDate(0, 0, -1), c)
		if !today.Known {
			return fmt.Sprintf("%s: unknown (%s)", d.Format("Mon 2006-01-02"), today.Why)
		}
		var ours []span
		for k, d := range [2]Day{before, today} {
			for _, s := range slices.Concat(d.Open, d.RendezVous) {
				s := span{s[0] - (1-k)*minutesPerDay, s[1] - (1-k)*minutesPerDay}
				if s.from, s.to = max(s.from, 0), min(s.to, minutesPerDay); s.from < s.to {
					ours = append(ours, s)
				}
			}
		}
		var parts []string
		for _, s := range united(ours) {
			parts = append(parts, fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, s.to/60, s.to%60))
		}
		// What may be open is what one asks an appointment for.
		want := patterns[strings.IndexByte("0123456789abcdefghijklmnopqrstuvwxyz", days[i])]
		maybe := strings.Contains(want, "?")
		got := strings.Join(parts, " ")
		if maybe != (today.RendezVous != nil) || got != joined(want) {
			return fmt.Sprintf("%s: %q, by appointment %v; theirs %q", d.Format("Mon 2006-01-02"), got, today.RendezVous, want)
		}
	}
	return ""
}

// joined makes one of the ranges of a pattern that touch: they tell comments apart.
func joined(pattern string) string {
	var spans []span
	for _, part := range strings.Fields(strings.ReplaceAll(pattern, "?", "")) {
		var a, b, c, d int
		fmt.Sscanf(part, "%d:%d-%d:%d", &a, &b, &c, &d)
		spans = append(spans, span{60*a + b, 60*c + d})
	}
	var parts []string
	for _, s := range united(spans) {
		parts = append(parts, fmt.Sprintf("%02d:%02d-%02d:%02d", s.from/60, s.from%60, s.to/60, s.to%60))
	}
	return strings.Join(parts, " ")
}
