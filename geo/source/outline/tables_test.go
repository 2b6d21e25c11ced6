package outline

import (
	"encoding/binary"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func memory(name, text string) source.Input { return sourcetest.Memory(name, []byte(text)) }

// TestCommunesOfATable: neighbours have a name, people and a position, and no outline.
func TestCommunesOfATable(t *testing.T) {
	rows := [][]string{{"Code", "Nom", "EPCI", "PMUN_2021", "Lon", "Lat"}, {"08001", "Acy-Romance", "200043156", "492", "4,32815", "49,49188"}, {"2722", "Soissons", "", "28 705", "3.32", "49.38"}}
	want := []admin.Commune{
		{Code: "08001", Nom: "Acy-Romance", EPCI: "200043156", Population: 492, Point: geo.LonLat{Lon: 4.32815, Lat: 49.49188}},
		{Code: "02722", Nom: "Soissons", Population: 28705, Point: geo.LonLat{Lon: 3.32, Lat: 49.38}},
	}
	var csv strings.Builder
	for _, r := range rows {
		csv.WriteString(strings.Join(r, ";") + "\n")
	}
	for name, in := range map[string]source.Input{"CSV": memory("v.csv", csv.String()), "XLSX": sourcetest.Memory("v.csv", sourcetest.XlsxOf(rows))} {
		imp, err := Communes(t.Context(), []source.Input{in}, source.Options{})
		if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", name, diff)
		}
		told := fmt.Sprint(imp.Report.Warnings)
		for _, w := range []string{"codes sans leur zéro initial, qui leur est rendu : 1", "communes sans contour : 2", "« Soissons » : communes sans EPCI : 1"} {
			if !strings.Contains(told, w) {
				t.Errorf("%s: told %s, want %s", name, told, w)
			}
		}
		if imp.Manifest.Format != name {
			t.Errorf("format %q, want %s", imp.Manifest.Format, name)
		}
	}
	imp, err := Communes(t.Context(), []source.Input{sourcetest.RealFile(t, "aisne", "facts", "communes-voisines.csv")}, source.Options{})
	if got := sourcetest.Rows(t, imp, err); len(got) != 2052 || got[0].Code != "08001" || got[0].Point.Lon != 4.32815 {
		t.Errorf("neighbours of the Aisne: %d, the first %+v", len(got), got[0])
	}
	sourcetest.None(t, imp.Report.Rejected)
}

// TestEPCIOfATable: as DGCL and INSEE publish them, by EPCI or by commune.
func TestEPCIOfATable(t *testing.T) {
	laon, soissons := admin.EPCI{Code: "200043495", Nom: "CA du Pays de Laon"}, admin.EPCI{Code: "240200477", Nom: "CA GrandSoissons"}
	with := func(e admin.EPCI, people int) admin.EPCI { e.Population = people; return e }
	for _, tt := range []struct {
		special string
		data    []byte
		want    []admin.EPCI
		merged  int
	}{
		{"one row each", []byte("code,nom,type,population\n200043495,CA du Pays de Laon,CA,41739\n240200477,CA GrandSoissons,CA,52000\n"), []admin.EPCI{with(laon, 41739), with(soissons, 52000)}, 0},
		{"DGCL, by commune", []byte("dept;siren;raison_sociale;total_pop_mun;dep_com;insee;siren_membre;nom_membre;pmun_2024\n02;200043495;CA du Pays de Laon;41739;02;02408;210203792;Laon;24000\n02;200043495;CA du Pays de Laon;41739;02;02001;210200010;Abbécourt;500\n02;240200477;CA GrandSoissons;52000;02;02722;210206811;Soissons;28705\n"), []admin.EPCI{with(laon, 41739), with(soissons, 52000)}, 1},
		{"INSEE, composition of communes, below titles", sourcetest.XlsxOf([][]string{
			{"Intercommunalité - Métropole au 01-01-2024"}, {"Source : DGFiP"}, {"Code géographique", "Libellé géographique", "SIREN de l'EPCI", "Libellé de l'EPCI"},
			{"CODGEO", "LIBGEO", "EPCI", "LIBEPCI"}, {"02408", "Laon", "200043495", "CA du Pays de Laon"}, {"22016", "Île-de-Bréhat", "ZZZZZZZZZ", "Sans objet"}, {"02722", "Soissons", "=240200477", "CA GrandSoissons"}}), []admin.EPCI{laon, soissons}, 0},
		{"neighbours with the name of their EPCI", []byte("code,nom,epci,epci_nom,population\n02408,Laon,200043495,CA du Pays de Laon,24000\n02722,Soissons,240200477,CA GrandSoissons,28705\n"), []admin.EPCI{laon, soissons}, 0},
	} {
		imp, err := EPCI(t.Context(), []source.Input{sourcetest.Memory("e", tt.data)}, source.Options{})
		if diff := cmp.Diff(tt.want, sourcetest.Rows(t, imp, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		r := imp.Report
		if r.Merged != tt.merged || r.Read != r.Accepted+r.Merged+r.Skipped || !strings.Contains(fmt.Sprint(r.Warnings), "EPCI sans contour : 2 ; leur contour sera celui de leurs communes") {
			t.Errorf("%s: %d merged; told %v", tt.special, r.Merged, r.Warnings)
		}
	}
	for _, tt := range []struct{ special, text, want string }{
		{"two names", "siren,nom\n200043495,CA du Pays de Laon\n240200477,B\n200043495,Laon\n", "erreur : import epci: e.csv:4: l'EPCI 200043495 s'appelle « Laon » ; il s'appelait « CA du Pays de Laon » à e.csv:2\n"},
		{"no SIREN", "nom,population\nA,1\n", "erreur : import epci: e.csv:1: en-tête : colonne absente : siren ; colonnes lues : nom, population\n"},
		{"names of communes only", "insee,nom,epci\n02408,Laon,200043495\n", "erreur : import epci: e.csv:1: en-tête : colonne absente : nom ; colonnes lues : insee, nom, epci\n"},
		{"no EPCI", "siren,nom\n12,A\n", "refus : e.csv:2: siren « 12 » : SIREN non compris ; attendu neuf chiffres, comme 200072031\n"},
	} {
		imp, err := EPCI(t.Context(), []source.Input{memory("e.csv", tt.text)}, source.Options{})
		if got := sourcetest.Transcript(t, imp, err); !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%swant %s", tt.special, got, tt.want)
		}
	}
}

// TestCommuneTablesOfPublishers complete outlines whatever their format.
func TestCommuneTablesOfPublishers(t *testing.T) {
	people := 24000
	want := map[string]source.CommuneFacts{"02408": {Nom: "Laon", EPCI: "200043495", Population: &people}}
	for special, in := range map[string]source.Input{
		"DGCL":     memory("e.csv", "dept;siren;raison_sociale;insee;nom_membre;pmun_2024\n2;200043495;CA du Pays de Laon;2408;Laon;24000\n"),
		"workbook": sourcetest.Memory("e.xlsx", sourcetest.XlsxOf([][]string{{"Composition communale"}, {"CODGEO", "LIBGEO", "EPCI", "PMUN21"}, {"02408", "Laon", "200043495", "=24000"}})),
	} {
		a, err := CommuneTable(t.Context(), []source.Input{in})
		if err != nil {
			t.Errorf("%s: %v", special, err)
			continue
		}
		if diff := cmp.Diff(want, a.Of); diff != "" {
			t.Errorf("%s (-want +got):\n%s", special, diff)
		}
	}
}

// TestPlacesWhereTheyCannotBe: coordinates of another system, or in the wrong order, are
// told as what they are.
func TestPlacesWhereTheyCannotBe(t *testing.T) {
	square := func(x, y, side float64) string {
		return fmt.Sprintf(`{"type":"Polygon","coordinates":[[[%v,%v],[%v,%[2]v],[%[3]v,%[4]v],[%[1]v,%[4]v],[%[1]v,%[2]v]]]}`, x, y, x+side, y+side)
	}
	for _, tt := range []struct{ special, code, geometry, want string }{
		{"Lambert-93", "02408", square(745_000, 6_940_000, 1000), "coordonnées en mètres, qui ressemblent à du Lambert-93 (--crs EPSG:2154) ; attendu des degrés WGS 84 (EPSG:4326)"},
		{"Lambert-93 of the south, or Web Mercator", "02408", square(380_000, 6_380_000, 1000), "du Lambert-93 (--crs EPSG:2154), ou du Web Mercator (--crs EPSG:3857)"},
		{"Lambert II étendu", "02408", square(693_000, 2_506_000, 1000), "du Lambert II étendu (EPSG:27572), qui n'est pas lu : reprojetez en EPSG:2154"},
		{"CC50", "02408", square(1_745_000, 9_240_000, 1000), "du Lambert CC50 (EPSG:3950), qui n'est pas lu"},
		{"CC43", "02408", square(1_700_000, 2_150_000, 1000), "du Lambert CC43 (EPSG:3943), qui n'est pas lu"},
		{"UTM 31", "02408", square(545_000, 5_490_000, 1000), "de l'UTM (EPSG:32630, 32631 ou 32632), qui n'est pas lu"},
		{"the European grid", "02408", square(3_835_000, 2_960_000, 1000), "celles de la grille européenne (--crs EPSG:3035)"},
		{"latitude first", "02408", square(49.5, 3.6, .1), "latitude et longitude inversées ; attendu la longitude puis la latitude"},
		{"another country", "02408", square(13.4, 52.5, .1), "loin de la région où est la commune 02408"},
		{"La Réunion as a commune of the Aisne", "02408", square(55.4, -20.9, .1), "loin de la région où est la commune 02408"},
		{"the Aisne as a commune of La Réunion", "97411", square(3.6, 49.5, .1), "loin de la région où est la commune 97411"},
		{"La Réunion", "97411", square(55.4, -21, .1), ""}, {"Saint-Pierre", "97502", square(-56.2, 46.8, .1), ""}, {"Corse", "2A004", square(8.6, 41.9, .1), ""},
	} {
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", collection(
			fmt.Sprintf(`{"type":"Feature","properties":{"code":%q,"nom":"A","epci":"200043495","population":1},"geometry":%s}`, tt.code, tt.geometry)))}, source.Options{})
		got := sourcetest.Transcript(t, imp, err)
		if tt.want == "" && !strings.HasPrefix(got, "lues 1, acceptées 1") || !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%swant %s", tt.special, got, tt.want)
		}
	}
}

// TestShapefileWithoutSystem says what its box looks like.
func TestShapefileWithoutSystem(t *testing.T) {
	shp := []byte(sourcetest.ShpOf(5, []orb.Ring{{{693_000, 2_506_000}, {693_000, 2_507_000}, {694_000, 2_507_000}, {693_000, 2_506_000}}}))
	for i, v := range []float64{693_000, 2_506_000, 694_000, 2_507_000} {
		binary.LittleEndian.PutUint64(shp[36+8*i:], math.Float64bits(v))
	}
	imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", sourcetest.Zipped(
		sourcetest.Member{Name: "c.shp", Data: string(shp)}, sourcetest.Member{Name: "c.dbf", Data: sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"})}))}, source.Options{})
	const want = "ne dit pas son système de coordonnées ; indiquez-le (--crs 2154, 4326, 3857 ou 3035) ; les coordonnées ressemblent à du Lambert II étendu (EPSG:27572), qui n'est pas lu : reprojetez en EPSG:2154"
	if got := sourcetest.Transcript(t, imp, err); !strings.Contains(got, want) {
		t.Errorf("got %s", got)
	}
}

func TestCaseOfACommuneWithoutEPCI(t *testing.T) {
	imp, err := Communes(t.Context(), []source.Input{sourcetest.CaseFile(t, "g02-sans-epci-z.geojson")}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	if told := fmt.Sprint(imp.Report.Warnings); len(got) == 0 || got[0].Code != "02001" || got[0].EPCI != "" || !strings.Contains(told, "epci « Abbécourt » : communes sans EPCI : 1") {
		t.Errorf("%d communes, told %s", len(got), told)
	}
}
