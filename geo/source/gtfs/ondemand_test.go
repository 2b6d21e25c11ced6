package gtfs

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// sameHours compares hours as people see them.
func sameHours(a, b lieu.Horaires) bool { return a.Text == b.Text && a.Same(&b) }

func TestTemplate(t *testing.T) {
	imp, err := OnDemand(t.Context(), []source.Input{sourcetest.Memory("tad.csv", []byte(Template))}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	hours := func(text string) lieu.Horaires {
		h, err := lieu.ParseHoraires(text)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	want := []transit.Zone{
		{ID: "tad-nord", Nom: "Transport à la demande du Nord", Communes: []string{"02408", "02468"}, Service: -1, Line: -1, Notice: 24 * 60, Phone: "0300000000", Hours: hours("Mo-Fr 08:00-12:00")},
		{ID: "tad-centre", Nom: "Navette du centre", Service: -1, Line: -1, Notice: 90, Hours: hours("Tu 14:00-17:00; Sa 09:00-12:00"),
			Area: [][]geo.LonLat{{{Lon: 3.6, Lat: 49.55}, {Lon: 3.65, Lat: 49.55}, {Lon: 3.65, Lat: 49.58}, {Lon: 3.6, Lat: 49.58}, {Lon: 3.6, Lat: 49.55}}}},
	}
	if diff := cmp.Diff(want, got, cmp.Comparer(sameHours)); diff != "" {
		t.Errorf("zones (-want +got):\n%s", diff)
	}
	sourcetest.None(t, imp.Report.Rejected)
	sourcetest.None(t, imp.Report.Warnings)
	for _, z := range got {
		if err := store.CheckOnDemand(z); err != nil {
			t.Error(err)
		}
	}
}

func TestOnDemand(t *testing.T) {
	text := "zone,communes,contour,quand,preavis\n" +
		"a,2408;02468;02408,,lundi au vendredi 8h-12h,2 jours\n" +
		",02408,,Mo 08:00-10:00,\n" +
		"a,02408,,Mo 08:00-10:00,\n" +
		"b,,,Mo 08:00-10:00,\n" +
		"c,02408,\"POLYGON((3 49, 4 49, 4 50, 3 49))\",Mo 08:00-10:00,\n" +
		"d,Laon,,Mo 08:00-10:00,\n" +
		"e,,POINT(3 49),Mo 08:00-10:00,\n" +
		"f,,ici,Mo 08:00-10:00,\n" +
		"g,,\"POLYGON((3 49, 4 49, 4 50))\",Mo 08:00-10:00,\n" +
		"h,,\"MULTIPOLYGON(((700000 6900000, 700100 6900000, 700100 6900100, 700000 6900000)))\",Mo 08:00-10:00,\n" +
		"i,02408,,quand on peut,la veille\n" +
		"j,02408,,,\n"
	imp, err := OnDemand(t.Context(), []source.Input{sourcetest.Memory("tad.csv", []byte(text))}, source.Options{MaxRejectShare: 1})
	want := "lues 12, acceptées 3, réunies 0, refusées 9\n" +
		"refus : tad.csv:3: zone : valeur absente ; attendu l'identifiant de la zone\n" +
		"refus : tad.csv:4: zone « a » : zone déjà présente à tad.csv:2\n" +
		"refus : tad.csv:5: communes, contour : valeurs absentes ; attendu les codes des communes desservies, ou un contour (WKT)\n" +
		"refus : tad.csv:6: communes, contour « 02408 » : des communes et un contour ; attendu l'un ou l'autre\n" +
		"refus : tad.csv:7: communes « Laon » : code de commune non compris ; attendu cinq caractères, comme 02408\n" +
		"refus : tad.csv:8: contour « Point » : type de géométrie non admis ; attendu POLYGON((…)) ou MULTIPOLYGON(((…))), longitude puis latitude\n" +
		"refus : tad.csv:9: contour « ici » : contour non compris ; attendu POLYGON((…)) ou MULTIPOLYGON(((…))), longitude puis latitude\n" +
		"refus : tad.csv:10: contour : polygone 1, anneau 1 : 3 positions ; attendu au moins quatre, la dernière égale à la première\n" +
		"refus : tad.csv:11: contour « [700000, 6900000] » : polygone 1, anneau 1 : position 1 : coordonnées en mètres, qui ressemblent à du Lambert-93 (--crs EPSG:2154) ; attendu des degrés WGS 84 (EPSG:4326)\n"
	got := sourcetest.Transcript(t, imp, err)
	want += "avis : tad.csv:2: communes « 2408 » : code sans son zéro initial ; lu 02408\n" +
		"avis : tad.csv:12: quand « quand on peut » : jours et heures non compris, inconnus ; caractère 1 : « q » inattendu ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su) ou des heures (09:00-12:00)\n" +
		"avis : tad.csv:12: preavis « la veille » : préavis non compris, inconnu ; attendu par exemple 90 min, 24 h ou 2 j\n" +
		"avis : tad.csv:13: quand : jours et heures absents, inconnus ; attendu par exemple Mo-Fr 08:00-12:00\n"
	if got != want {
		t.Errorf("report:\n%swant:\n%s", got, want)
	}
}

func TestNotice(t *testing.T) {
	for text, want := range map[string]int32{"90 min": 90, "90mn": 90, "2h": 120, "24 heures": 1440, "1 jour": 1440, "2 j": 2880, "1 minute": 1} {
		if got, ok := parseNotice(text); !ok || got != want {
			t.Errorf("parseNotice(%q) = %d, %v; want %d", text, got, ok, want)
		}
	}
	for _, text := range []string{"la veille", "24", "-2 h", "2 semaines", "99999 h"} {
		if got, ok := parseNotice(text); ok || got != -1 {
			t.Errorf("parseNotice(%q) = %d, %v; want unknown", text, got, ok)
		}
	}
}
