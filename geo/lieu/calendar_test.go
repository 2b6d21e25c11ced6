package lieu

import (
	"encoding/csv"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"
)

func testCalendar(t testing.TB, zone Zone) *Calendar {
	t.Helper()
	vacances, err := PublishedVacances()
	if err != nil {
		t.Fatal(err)
	}
	return NewCalendar(zone, vacances)
}

func day(t testing.TB, text string) time.Time {
	t.Helper()
	d, err := time.Parse(time.DateOnly, text)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// TestPublicHolidays: dates of service-public.fr for 2026 and 2027.
func TestPublicHolidays(t *testing.T) {
	want := map[string][]string{
		"2026": {"01-01", "04-06", "05-01", "05-08", "05-14", "05-25", "07-14", "08-15", "11-01", "11-11", "12-25"},
		"2027": {"01-01", "03-29", "05-01", "05-06", "05-08", "05-17", "07-14", "08-15", "11-01", "11-11", "12-25"},
	}
	for _, c := range []*Calendar{testCalendar(t, ZoneB), nil} {
		for year, days := range want {
			for d := day(t, year+"-01-01"); d.Format("2006") == year; d = d.AddDate(0, 0, 1) {
				name := c.PublicHoliday(d)
				if (name != "") != slices.Contains(days, d.Format("01-02")) {
					t.Errorf("%s: holiday %q", d.Format(time.DateOnly), name)
				}
			}
		}
	}
	if c := testCalendar(t, ZoneB); c.PublicHoliday(day(t, "2051-12-25")) != "Noël" || c.PublicHoliday(day(t, "1999-12-25")) != "Noël" {
		t.Error("holidays of years that are not at hand")
	}
}

// TestSchoolHolidays: first and last days, and the days beside them.
func TestSchoolHolidays(t *testing.T) {
	for _, tt := range []struct {
		zone  Zone
		day   string
		name  string
		known bool
	}{
		{ZoneB, "2026-02-13", "", true},
		{ZoneB, "2026-02-14", "Hiver", true},
		{ZoneB, "2026-03-01", "Hiver", true},
		{ZoneB, "2026-03-02", "", true},
		{ZoneA, "2026-02-07", "Hiver", true},
		{ZoneC, "2026-02-14", "", true},
		{ZoneA, "2026-12-25", "Noël", true},
		{ZoneC, "2027-08-31", "Été", true},
		{ZoneC, "2027-09-01", "", false},
		{ZoneB, "2025-08-31", "", false},
		{ZoneB, "2025-09-01", "", true},
		{0, "2026-02-14", "", false},
	} {
		if name, known := testCalendar(t, tt.zone).SchoolHoliday(day(t, tt.day)); name != tt.name || known != tt.known {
			t.Errorf("zone %q, %s: %q, known %v; want %q, %v", tt.zone, tt.day, name, known, tt.name, tt.known)
		}
	}
	if _, known := (*Calendar)(nil).SchoolHoliday(day(t, "2026-02-14")); known {
		t.Error("no calendar knows school holidays")
	}
}

// TestZones: every département of the mainland has one académie; the seven of the north.
func TestZones(t *testing.T) {
	seen := map[string]bool{}
	for _, a := range academies {
		for _, d := range a.Departements {
			if seen[d] || len(d) != 2 || ZoneOf(d) != a.Zone {
				t.Errorf("%s of %s: twice, or %q", d, a.Nom, ZoneOf(d))
			}
			seen[d] = true
		}
	}
	if len(seen) != 94 { // 96 without the two of Corse
		t.Errorf("%d départements", len(seen))
	}
	for d, zone := range map[string]Zone{"02": ZoneB, "59": ZoneB, "60": ZoneB, "77": ZoneC, "51": ZoneB, "08": ZoneB, "80": ZoneB,
		"21": ZoneA, "75": ZoneC, "2A": 0, "974": 0, "": 0} {
		if got := ZoneOf(d); got != zone {
			t.Errorf("%s: zone %q, want %q", d, got, zone)
		}
	}
}

func TestParseVacancesFaults(t *testing.T) {
	const head = "annee,zone,nom,debut,fin\n"
	for text, want := range map[string]string{
		"":            "fichier vide ; attendu les colonnes annee, zone, nom, debut, fin",
		"a,b\n":       "ligne 1 : attendu 5 colonnes : annee, zone, nom, debut, fin",
		"a,b,c,d,e\n": "ligne 1 : colonne « a » ; attendu les colonnes annee, zone, nom, debut, fin",
		head + "2026,A,Noël,2026-12-19,2027-01-03":                "ligne 2 : annee « 2026 » ; attendu une année scolaire, comme 2026-2027",
		head + "2026-2027,D,Noël,2026-12-19,2027-01-03":           "ligne 2 : zone « D » ; attendu A, B, C ou plusieurs d'entre elles, comme ABC",
		head + "2026-2027,,Noël,2026-12-19,2027-01-03":            "ligne 2 : zone vide ; attendu A, B, C ou plusieurs d'entre elles, comme ABC",
		head + "2026-2027,A,,2026-12-19,2027-01-03":               "ligne 2 : nom vide ; attendu celui des vacances, comme Toussaint",
		head + "2026-2027,A,Noël,19/12/2026,2027-01-03":           "ligne 2 : debut « 19/12/2026 » ; attendu une date AAAA-MM-JJ",
		head + "2026-2027,A,Noël,2026-12-19,2026-02-30":           "ligne 2 : fin « 2026-02-30 » ; attendu une date AAAA-MM-JJ",
		head + "2026-2027,A,Noël,2026-12-19,2026-12-18":           "ligne 2 : fin « 2026-12-18 » avant le début « 2026-12-19 »",
		head + "2026-2027,A,Noël,2026-12-19,2027-12-18":           "ligne 2 : des vacances du 2026-12-19 au 2027-12-18, de plus de 120 jours",
		head + "#remarque\n2026-2027,A,Été,2026-07-04,2026-08-31": "ligne 3 : debut « 2026-07-04 » hors de l'année scolaire 2026-2027",
		head + "2026-2027,A,\"Noël,2026-12-19,2027-01-03":         "ligne 2 : guillemets mal placés",
	} {
		if _, err := ParseVacances(strings.NewReader(text)); err == nil || err.Error() != want {
			t.Errorf("%q:\n got %v\nwant %s", text, err, want)
		}
	}
}

// TestVacancesAreThoseOfTheSharedFacts compares the table with the facts it was typed from.
func TestVacancesAreThoseOfTheSharedFacts(t *testing.T) {
	path := filepath.Join("..", "..", "..", "shared", "data", "vacances-scolaires.csv")
	file, err := os.Open(path)
	if err != nil {
		t.Skipf("no shared data: %v", err)
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	ours, err := PublishedVacances()
	if err != nil {
		t.Fatal(err)
	}
	if len(ours) != len(rows)-1 {
		t.Fatalf("%d holidays, want %d", len(ours), len(rows)-1)
	}
	for i, v := range ours {
		var zones strings.Builder
		for _, z := range v.Zones {
			zones.WriteByte(byte(z))
		}
		got := []string{fmt.Sprintf("%d-%d", v.Annee, v.Annee+1), zones.String(), v.Nom, v.Debut.Format(time.DateOnly), v.Fin.Format(time.DateOnly)}
		if !slices.Equal(got, rows[i+1]) {
			t.Errorf("%v, want %v", got, rows[i+1])
		}
	}
}
