package lieux

import (
	"fmt"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// readAll imports one text, and gives its lieux, what is told, and the error that ends it.
func readAll(t *testing.T, name string, data []byte, o source.Options) (lieux []lieu.Lieu, told string, end error) {
	t.Helper()
	imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory(name, data)}, o)
	if err != nil {
		t.Fatal(err)
	}
	for l, err := range imp.Rows {
		if err != nil {
			end = err
			continue
		}
		lieux = append(lieux, l)
	}
	var b strings.Builder
	for _, w := range append(imp.Report.Rejected, imp.Report.Warnings...) {
		fmt.Fprintln(&b, w)
	}
	return lieux, b.String(), end
}

// Values as offices send them: read, and said once per file.
func TestValuesOfOffices(t *testing.T) {
	day := func(want string) func(lieu.Lieu) bool {
		return func(l lieu.Lieu) bool {
			return l.MisAJour.Format("2006-01-02") == want || want == "" && l.MisAJour.IsZero()
		}
	}
	code := func(want string) func(lieu.Lieu) bool { return func(l lieu.Lieu) bool { return l.Commune == want } }
	post := func(want string) func(lieu.Lieu) bool { return func(l lieu.Lieu) bool { return l.CodePostal == want } }
	at := func(lat, lon float64) func(lieu.Lieu) bool {
		return func(l lieu.Lieu) bool { return l.Located && l.At == geo.LonLat{Lon: lon, Lat: lat} }
	}
	for _, tt := range []struct {
		column, value string
		holds         func(lieu.Lieu) bool
		told          string // "" nothing
	}{
		{"latitude", "49,5641", at(49.5641, 3.62), "latitude, longitude : virgule décimale lue dans 1 ligne"},
		{"longitude", "-1,5", at(49.56, -1.5), "virgule décimale"},
		{"longitude", "+3.6244", at(49.56, 3.6244), ""},
		{"date_maj", "02/05/2024", day("2024-05-02"), "dates lues jour/mois/année dans 1 ligne"},
		{"date_maj", "2/5/24", day("2024-05-02"), "jour/mois/année"},
		{"date_maj", "31.12.2023", day("2023-12-31"), "jour/mois/année"},
		{"date_maj", "02/05/2024 14:30", day("2024-05-02"), "jour/mois/année"},
		{"date_maj", "02/05/2024 à 14h30", day("2024-05-02"), "jour/mois/année"},
		{"date_maj", "jeudi 2 mai 2024", day("2024-05-02"), "jour/mois/année"},
		{"date_maj", "1er août 2023", day("2023-08-01"), "jour/mois/année"},
		{"date_maj", "2024-05-02T14:30:00", day("2024-05-02"), ""},
		{"date_maj", "2024-05-02T23:59:59.123Z", day("2024-05-02"), ""},
		{"date_maj", "2024-05-02 14:30:00+02", day("2024-05-02"), ""},
		{"date_maj", "2024/5/2", day("2024-05-02"), ""},
		{"date_maj", "20240502", day("2024-05-02"), ""},
		{"date_maj", "31/02/2024", day(""), "date non comprise"},
		{"date_maj", "05/31/2024", day(""), "date non comprise"},
		{"date_maj", "45414", day(""), "nombre de jours d'un tableur"},
		{"date_maj", "mai 2024", day(""), "date non comprise"},
		{"date_maj", "0001-01-01", day(""), "date non comprise"},
		{"code_insee", "2408", code("02408"), "zéro initial rétabli dans 1 ligne (2408"},
		{"code_insee", "2408.0", code("02408"), "zéro initial"},
		{"code_insee", "2a004", code("2A004"), ""},
		{"code_insee", "2B033", code("2B033"), ""},
		{"code_insee", "97411", code("97411"), ""},
		{"code_insee", "02 408", code("02408"), ""},
		{"code_insee", "408", code(""), "code de commune non compris"},
		{"code_postal", "2000", post("02000"), "zéro initial rétabli"},
		{"code_postal", "02000 CEDEX 9", post("02000"), ""},
		{"code_postal", "20 000", post("20000"), ""},
		{"code_postal", "97400", post("97400"), ""},
		{"code_postal", "F-02000", post("02000"), ""},
		{"code_postal", "NC", post("NC"), "n'a pas cinq chiffres"},
		{"itinerance", "oui", func(l lieu.Lieu) bool { return l.Itinerant }, "ses arrêts ne sont pas dans ce fichier"},
		{"itinerance", "x", func(l lieu.Lieu) bool { return l.Itinerant }, "ses arrêts"},
		{"itinerance", "TRUE", func(l lieu.Lieu) bool { return l.Itinerant }, "ses arrêts"},
		{"itinerance", "0", func(l lieu.Lieu) bool { return !l.Itinerant }, ""},
		{"itinerance", "Non", func(l lieu.Lieu) bool { return !l.Itinerant }, ""},
		{"site_web", "www.example.org", func(l lieu.Lieu) bool { return l.SiteWeb == "https://www.example.org" }, "sans https://"},
		{"site_web", "javascript:alert(1)", func(l lieu.Lieu) bool { return l.SiteWeb == "" }, "adresse web non comprise"},
		{"site_web", "https://mairie.fr@example.org/", func(l lieu.Lieu) bool { return l.SiteWeb == "" }, "adresse web non comprise"},
		{"services", "numerique--prendre-en-main-un-ordinateur", func(l lieu.Lieu) bool { return l.Services == lieu.Services(0).With(lieu.Outils) }, ""},
		{"services", "['Aide aux démarches administratives', 'Insertion professionnelle via le numérique']", func(l lieu.Lieu) bool { return l.Services.Len() == 2 }, ""},
		{"nom", "Mairie \u202egap\u202c\u0007 de Laon", func(l lieu.Lieu) bool { return l.Nom == "Mairie gap de Laon" }, ""},
		{"nom", strings.Repeat("é", 400), func(l lieu.Lieu) bool { return len([]rune(l.Nom)) == maxName && strings.HasSuffix(l.Nom, "…") }, "texte trop long, coupé dans 1 ligne"},
	} {
		got, told, err := readAll(t, "l.csv", lieuxCSV(map[string]string{tt.column: tt.value}), source.Options{})
		if err != nil || len(got) != 1 || !tt.holds(got[0]) || tt.told == "" && told != "" || !strings.Contains(told, tt.told) {
			t.Errorf("%s %q gives %+v, told %q, %v; want %q told", tt.column, tt.value, got, told, err, tt.told)
		}
	}
}

// One form of date in a file that shows that it writes the month first leaves the others
// that could be read both ways unknown.
func TestMonthFirst(t *testing.T) {
	row := func(id, day string) string {
		return id + ",Mairie,Laon,02000,1 rue,49.5,3.6," + day + ",Insertion professionnelle via le numérique\n"
	}
	text := strings.Join(lieuxColumns, ",") + "\n" + row("a", "05/31/2024") + row("b", "05/02/2024") + row("c", "2024-05-02")
	got, told, err := readAll(t, "l.csv", []byte(text), source.Options{})
	if err != nil || !got[0].MisAJour.IsZero() || !got[1].MisAJour.IsZero() || got[2].MisAJour.IsZero() || !strings.Contains(told, "ont le mois avant le jour") {
		t.Errorf("got %+v, told %s, %v", got, told, err)
	}
	m := mappingOf(t, `{"champs":{"date_maj":{"colonne":"date_maj","format":"MM/JJ/AAAA"}}}`)
	text = strings.Join(lieuxColumns, ",") + "\n" + row("a", "05/31/2024") + row("b", "05/02/2024")
	if got, told, err = readAll(t, "l.csv", []byte(text), source.Options{Lieux: m}); err != nil || got[0].MisAJour.Format("01-02") != "05-31" || got[1].MisAJour.Format("01-02") != "05-02" {
		t.Errorf("by a mapping: %+v, told %s, %v", got, told, err)
	}
}

// One column of positions, in the ways in which it is published.
func TestPairs(t *testing.T) {
	laon, denis := geo.LonLat{Lon: 3.6244, Lat: 49.5641}, geo.LonLat{Lon: 55.46, Lat: -20.89}
	for _, tt := range []struct {
		column, value string
		want          geo.LonLat
		order         string
	}{
		{"geo_point_2d", "49.5641, 3.6244", laon, "latitude puis longitude"},
		{"geo_point", "49.5641,3.6244", laon, "latitude puis longitude"},
		{"_geopoint", "3.6244,49.5641", laon, "longitude puis latitude"},
		{"Coordonnées", "49,5641 ; 3,6244", laon, "latitude puis longitude"},
		{"geopoint", "49,5641, 3,6244", laon, "latitude puis longitude"},
		{"coordonnees", "POINT(3.6244 49.5641)", laon, ""},
		{"coordonnees", "SRID=4326;Point (3.6244 49.5641)", laon, ""},
		{"geo_point_2d", "[3.6244, 49.5641]", laon, "longitude puis latitude"},
		{"geo_point_2d", "(49.5641 3.6244)", laon, "latitude puis longitude"},
		{"geo_point_2d", `{""lon"": 3.6244, ""lat"": 49.5641}`, laon, ""},
		{"geo_point_2d", `{""type"":""Point"",""coordinates"":[3.6244,49.5641]}`, laon, ""},
		{"geo_point_2d", "-20.89, 55.46", denis, "latitude puis longitude"},
		{"geo_point_2d", "55.46, -20.89", denis, "longitude puis latitude"},
	} {
		text := "id,nom,commune,code_postal,adresse,date_maj,services," + tt.column + "\na,Mairie,Laon,02000,1 rue,,,\"" + tt.value + "\"\n"
		got, told, err := readAll(t, "l.csv", []byte(text), source.Options{})
		if err != nil || len(got) != 1 || !got[0].Located || geo.Distance(got[0].At, tt.want) > 0.1 || !strings.Contains(told, tt.order) {
			t.Errorf("%s %q gives %+v, told %s, %v", tt.column, tt.value, got, told, err)
		}
	}
	for _, bad := range []string{"Laon", "49.5", "49.5 3.6 1", "POINT EMPTY", "{}", "1000,2000"} {
		text := "id,nom,commune,code_postal,adresse,date_maj,services,geo_point_2d\na,Mairie,Laon,02000,1 rue,,,\"" + bad + "\"\n"
		if got, told, err := readAll(t, "l.csv", []byte(text), source.Options{}); err == nil || len(got) > 0 || !strings.Contains(told, "position") {
			t.Errorf("%q gives %+v, told %s, %v", bad, got, told, err)
		}
	}
}

// What coordinates are that are no degrees, and what only looks exchanged.
func TestDiagnosesOfPositions(t *testing.T) {
	rows := func(pairs ...string) []byte {
		var b strings.Builder
		b.WriteString("id;nom;commune;code_postal;adresse;date_maj;services;latitude;longitude\n")
		for i, p := range pairs {
			fmt.Fprintf(&b, "%d;Mairie;Laon;02000;1 rue;;;%s\n", i, p)
		}
		return []byte(b.String())
	}
	for _, tt := range []struct {
		special string
		pairs   []string
		want    string // in the error; "" it imports
	}{
		{"the point was taken away", []string{"495641;36244", "493817;33234"}, "un tableur a retiré le point décimal (sans doute 3.6244, 49.5641)"},
		{"taken for thousands", []string{"49.564.100;3.624.400"}, "un tableur a retiré le point décimal"},
		{"many digits", []string{"4956410012;3624400123"}, "un tableur a retiré le point décimal"},
		{"west of Greenwich", []string{"483904;-44861"}, "un tableur a retiré le point décimal (sans doute -4.4861, 48.3904)"},
		{"La Réunion", []string{"-208900;554600"}, "un tableur a retiré le point décimal"},
		{"Lambert-93", []string{"6940456;745123"}, "Lambert-93"},
		{"web Mercator", []string{"6370000;403000"}, "Web Mercator (EPSG:3857)"},
		{"exchanged, the mainland", []string{"3.62;49.56", "3.32;49.38", "3.5;49.2"}, "échangées dans tout le fichier"},
		{"exchanged, La Réunion", []string{"55.46;-20.89", "55.47;-20.9", "55.5;-21"}, "échangées dans tout le fichier"},
		{"La Réunion", []string{"-20.89;55.46", "-20.9;55.47", "-21;55.5"}, ""},
		{"Guyane", []string{"4.92;-52.3", "5.5;-54", "3.9;-51.8"}, ""},
		{"Mayotte", []string{"-12.78;45.22", "-12.8;45.2", "-12.7;45.1"}, ""},
		{"Martinique", []string{"14.6;-61.07", "14.7;-61", "14.5;-60.9"}, ""},
		{"Polynésie", []string{"-17.5;-149.5", "-17.6;-149.6", "-9;-140"}, ""},
		{"Mayotte, in a list of Brittany", []string{"48.39;-4.49", "48.1;-4.1", "48.2;-3", "-12.78;45.22"}, ""},
		{"Belgium", []string{"50.85;4.35", "50.6;5.5", "51.2;4.4"}, ""},
	} {
		got, told, err := readAll(t, "l.csv", rows(tt.pairs...), source.Options{})
		switch {
		case tt.want == "" && (err != nil || len(got) != len(tt.pairs)):
			t.Errorf("%s: %d lieux, told %s, %v", tt.special, len(got), told, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want %q", tt.special, err, tt.want)
		}
	}
	// Metres are read when it is said what they are.
	got, _, err := readAll(t, "l.csv", rows("6 940 456,2;745 123,5"), source.Options{CRS: geo.Lambert93})
	if err != nil || len(got) != 1 || geo.Distance(got[0].At, geo.LonLat{Lon: 3.6234, Lat: 49.5618}) > 20 {
		t.Errorf("Lambert-93 that is told: %+v, %v", got, err)
	}
}

// A file of which no service is understood is not accepted; one that names none is, and
// one that names some that are.
func TestUnderstandingOfServices(t *testing.T) {
	head := "id;nom;commune;code_postal;adresse;date_maj;latitude;longitude;services\n"
	row := func(id, services string) string { return id + ";Mairie;Laon;02000;1 rue;;49.5;3.6;" + services + "\n" }
	for _, tt := range []struct {
		special, text, want, told string
		services                  int // of the first lieu
	}{
		{"none is named", row("a", "") + row("b", ""), "", "", 0},
		{"none is understood", row("a", "") + row("b", "Ateliers") + row("c", "Wifi"), "l.csv:3: aucun service du fichier n'est compris (services « Ateliers »)", "", 0},
		{"one is", row("a", "Aide aux démarches administratives") + row("b", "Ateliers"), "", "service inconnu", 1},
		{"all accents are lost", row("a", "Aide aux d?marches administratives") + row("b", "Ma?trise des outils num?riques du quotidien"), "accents abîmés dans tout le fichier", "", 0},
		{"some accents are lost", row("a", "Aide aux d\uFFFDmarches administratives") + row("b", "Aide aux démarches administratives"), "", "accents abîmés, service reconnu malgré eux", 1},
		{"without accents from the start", row("a", "Aide aux demarches administratives"), "", "", 1},
	} {
		got, told, err := readAll(t, "l.csv", []byte(head+tt.text), source.Options{})
		switch {
		case tt.want == "" && (err != nil || len(got) == 0 || got[0].Services.Len() != tt.services || !strings.Contains(told, tt.told)):
			t.Errorf("%s: %+v, told %s, %v", tt.special, got, told, err)
		case tt.want != "" && (err == nil || !strings.Contains(err.Error(), tt.want)):
			t.Errorf("%s: error %v, want %q", tt.special, err, tt.want)
		}
	}
}
