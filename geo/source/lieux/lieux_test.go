package lieux

import (
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// lieuxCSV writes one lieu as a CSV, from the columns that are not ordinary.
func lieuxCSV(values map[string]string) []byte {
	columns := append([]string{}, lieuxColumns...)
	ordinary := map[string]string{"id": "a", "nom": "Mairie", "commune": "Laon", "code_postal": "02000", "adresse": "1 rue du Bourg",
		"latitude": "49.56", "longitude": "3.62", "date_maj": "2024-08-01", "services": "Insertion professionnelle via le numérique"}
	for _, c := range []string{"code_insee", "typologie", "telephone", "courriels", "site_web", "horaires", "source", "itinerance", "frais_a_charge", "dispositif_programmes_nationaux", "modalites_acces"} {
		if _, ok := values[c]; ok {
			columns = append(columns, c)
		}
	}
	line := make([]string, len(columns))
	for i, c := range columns {
		v, ok := values[c]
		if !ok {
			v = ordinary[c]
		}
		line[i] = `"` + v + `"`
	}
	return []byte(strings.Join(columns, ",") + "\n" + strings.Join(line, ",") + "\n")
}

func TestLieuxKeepsWhatTheProductNeeds(t *testing.T) {
	imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l.csv", lieuxCSV(map[string]string{
		"id": "fs-3", "nom": "Espace  numérique", "code_insee": "2a004", "typologie": "RFS|CCAS", "telephone": "+33123456789", "courriels": "accueil@example.org",
		"site_web": "https://example.org/a|https://example.org/b", "horaires": "Mo-Fr 09:00-12:00", "source": "france-services",
		"services":       "Aide aux démarches administratives|Accès internet et matériel informatique",
		"frais_a_charge": "Gratuit", "dispositif_programmes_nationaux": "France Services|Conseillers numériques", "date_maj": "2024-04-02T23:30:00+02:00",
	}))}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Warnings)
	hours, err := lieu.ParseHoraires("Mo-Fr 09:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	want := []lieu.Lieu{{
		ID: "fs-3", Nom: "Espace  numérique", Commune: "2A004", CommuneNom: "Laon", CodePostal: "02000", Adresse: "1 rue du Bourg",
		At: geo.LonLat{Lon: 3.62, Lat: 49.56}, Located: true, Typologie: "RFS|CCAS",
		Services: lieu.Services(0).With(lieu.Demarches).With(lieu.AccesInternet), Horaires: hours, Source: "france-services",
		MisAJour: time.Date(2024, 4, 2, 0, 0, 0, 0, time.UTC), SiteWeb: "https://example.org/a", Frais: "Gratuit",
		Dispositif: "France Services|Conseillers numériques", Details: lieu.Details{Telephone: "01 23 45 67 89", Courriel: "accueil@example.org"},
	}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("lieux (-want +got):\n%s", diff)
	}
}

func TestLieuxFields(t *testing.T) {
	for _, tt := range []struct {
		special string
		column  string
		value   string
		holds   func(lieu.Lieu) bool
		warns   int
	}{
		{"itinerant only", "itinerance", "Itinérant", func(l lieu.Lieu) bool { return l.Itinerant }, 1},
		{"itinerant and fixed is a fixed place too", "itinerance", "Itinérant|Fixe", func(l lieu.Lieu) bool { return !l.Itinerant }, 0},
		{"accents in two characters (NFD)", "itinerance", "Itine\u0301rant", func(l lieu.Lieu) bool { return l.Itinerant }, 1},
		{"no public", "modalites_acces", "Téléphoner|Ce lieu n'accueille pas de public", func(l lieu.Lieu) bool { return l.NoPublic }, 0},
		{"no public, with a curly apostrophe", "modalites_acces", "Ce lieu n’accueille pas de public", func(l lieu.Lieu) bool { return l.NoPublic }, 0},
		{"no service at all is unknown", "services", "", func(l lieu.Lieu) bool { return l.Services == 0 }, 0},
		{"services between semicolons", "services", "Aide aux démarches administratives; Loisirs et créations numériques", func(l lieu.Lieu) bool { return l.Services.Len() == 2 }, 0},
		{"our own slug", "services", "aide-demarches", func(l lieu.Lieu) bool { return l.Services == lieu.Services(0).With(lieu.Demarches) }, 0},
		{"the sum of services is not a service", "services", "Insertion professionnelle via le numérique|Tous les services (au moins un)", func(l lieu.Lieu) bool { return l.Services.Len() == 1 }, 1},
		{"hours that are unknown", "horaires", "", func(l lieu.Lieu) bool { return !l.Horaires.Known }, 0},
		{"hours that are closed are known", "horaires", "off", func(l lieu.Lieu) bool { return l.Horaires.Known && l.Horaires.WeeklyHours() == 0 }, 0},
		{"hours that are not understood keep their text", "horaires", "sur rdv", func(l lieu.Lieu) bool { return !l.Horaires.Known && l.Horaires.Text == "sur rdv" }, 1},
		{"no date", "date_maj", "", func(l lieu.Lieu) bool { return l.MisAJour.IsZero() }, 0},
		{"a date of the 31st of February", "date_maj", "2024-02-31", func(l lieu.Lieu) bool { return l.MisAJour.IsZero() }, 1},
		{"a mail is no web site", "site_web", "mailto:a@example.org", func(l lieu.Lieu) bool { return l.SiteWeb == "" }, 1},
		{"one coordinate is missing", "latitude", "", func(l lieu.Lieu) bool { return !l.Located && l.At == geo.LonLat{} }, 1},
	} {
		imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l.csv", lieuxCSV(map[string]string{tt.column: tt.value}))}, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if len(got) != 1 || !tt.holds(got[0]) || len(imp.Report.Warnings) != tt.warns {
			t.Errorf("%s: %s %q gives %+v with warnings %v, want %d", tt.special, tt.column, tt.value, got, imp.Report.Warnings, tt.warns)
		}
	}
}

// TestLieuxNeverTellOfPersons looks for a phone and a mail in all that comes out.
func TestLieuxNeverTellOfPersons(t *testing.T) {
	imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l.csv", lieuxCSV(map[string]string{"telephone": "pas un numéro", "courriels": "a@example.org", "site_web": "b@example.org"}))}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	for _, w := range imp.Report.Warnings {
		if strings.Contains(w.String(), "example") || strings.Contains(w.String(), "pas un") {
			t.Errorf("a warning tells of a person: %s", w)
		}
	}
	if got[0].SiteWeb != "" {
		t.Errorf("site web %q", got[0].SiteWeb)
	}
}

func TestSwapped(t *testing.T) {
	france := median{geo.LonLat{Lon: 2.5, Lat: 46.5}, true}
	aisne := median{geo.LonLat{Lon: 3.6, Lat: 49.5}, true}
	for _, tt := range []struct {
		special string
		m       median
		p       geo.LonLat
		want    bool
	}{
		{"Paris", france, geo.LonLat{Lon: 2.35, Lat: 48.85}, false},
		{"Paris, swapped", france, geo.LonLat{Lon: 48.85, Lat: 2.35}, true},
		{"Brest, swapped", france, geo.LonLat{Lon: 48.39, Lat: -4.49}, true},
		{"Bastia, swapped", france, geo.LonLat{Lon: 42.7, Lat: 9.45}, true},
		{"Mamoudzou stays in Mayotte", france, geo.LonLat{Lon: 45.23, Lat: -12.78}, false},
		{"Saint-Denis de La Réunion", france, geo.LonLat{Lon: 55.45, Lat: -20.88}, false},
		{"Pointe-à-Pitre", france, geo.LonLat{Lon: -61.53, Lat: 16.24}, false},
		{"Nouméa", france, geo.LonLat{Lon: 166.45, Lat: -22.27}, false},
		{"Laon", aisne, geo.LonLat{Lon: 3.62, Lat: 49.56}, false},
		{"Laon, swapped", aisne, geo.LonLat{Lon: 49.56, Lat: 3.62}, true},
		{"nothing to compare with", median{}, geo.LonLat{Lon: 49.56, Lat: 3.62}, false},
	} {
		if got := tt.m.swapped(tt.p); got != tt.want {
			t.Errorf("%s: swapped = %v, want %v", tt.special, got, tt.want)
		}
	}
}

func TestTournees(t *testing.T) {
	imp, err := Tournees(t.Context(), []source.Input{sourcetest.Memory("t.csv", []byte(strings.Join(tourneesColumns, ",")+`
bus,Bus numérique,fs-3,aide-demarches|Insertion professionnelle via le numérique,3.62,49.56,Place,02408,3.60,49.50,week 1-53/2 Tu 09:00-12:00
camion,Camion,,loisirs-creations,,,Gare,,3.70,49.60,We 14:00-16:00
bus,,,,,,École,02001,3.17,49.59,Th 09:00-10:00
`))}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	sourcetest.None(t, imp.Report.Warnings)
	hours := func(text string) lieu.Horaires {
		h, err := lieu.ParseHoraires(text)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	want := []lieu.Tournee{
		{ID: "bus", Nom: "Bus numérique", LieuID: "fs-3", Services: lieu.Services(0).With(lieu.Demarches).With(lieu.Insertion), Depot: geo.LonLat{Lon: 3.62, Lat: 49.56}, HasDepot: true,
			Stops: []lieu.Stop{
				{Nom: "Place", Commune: "02408", At: geo.LonLat{Lon: 3.6, Lat: 49.5}, Horaires: hours("week 1-53/2 Tu 09:00-12:00")},
				{Nom: "École", Commune: "02001", At: geo.LonLat{Lon: 3.17, Lat: 49.59}, Horaires: hours("Th 09:00-10:00")},
			}},
		{ID: "camion", Nom: "Camion", Services: lieu.Services(0).With(lieu.Loisirs), Stops: []lieu.Stop{{Nom: "Gare", At: geo.LonLat{Lon: 3.7, Lat: 49.6}, Horaires: hours("We 14:00-16:00")}}},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("tournées (-want +got):\n%s", diff)
	}
	if r := imp.Report; r.Read != 3 || r.Accepted != 2 || r.Merged != 1 {
		t.Errorf("read %d, accepted %d, merged %d; want 3, 2, 1", r.Read, r.Accepted, r.Merged)
	}
}
