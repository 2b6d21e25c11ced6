package lieux

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// mappingOf reads a mapping.
func mappingOf(t *testing.T, text string) *source.LieuMapping {
	t.Helper()
	m, err := ReadMapping(t.Context(), sourcetest.Memory("m.json", []byte(text)))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The template reads its example as it is, as CSV and as a workbook, and the mapping is
// an input.
func TestTemplateReadsItsExample(t *testing.T) {
	example, err := os.ReadFile(filepath.Join("..", "testdata", "correspondance", "exemple.csv"))
	if err != nil {
		t.Fatal(err)
	}
	var rows [][]string
	for _, line := range strings.Split(strings.TrimSpace(string(example)), "\n") {
		rows = append(rows, strings.Split(line, ";"))
	}
	m := mappingOf(t, MappingTemplate)
	var first []lieu.Lieu
	for _, in := range []source.Input{sourcetest.Memory("exemple.csv", example), sourcetest.Memory("exemple.xlsx", sourcetest.XlsxOf(rows))} {
		imp, err := Lieux(t.Context(), []source.Input{in}, source.Options{Lieux: m})
		got := sourcetest.Rows(t, imp, err)
		sourcetest.None(t, imp.Report.Rejected)
		if n := len(imp.Manifest.Files); n != 2 || imp.Manifest.Files[1].Name != "m.json" {
			t.Errorf("%s: files of the manifest %v", in.Name, imp.Manifest.Files)
		}
		if r := imp.Report; r.Read != 4 || r.Accepted != 3 || r.Skipped != 1 {
			t.Errorf("%s: read %d, accepted %d, skipped %d", in.Name, r.Read, r.Accepted, r.Skipped)
		}
		if first == nil {
			first = got
		} else if diff := cmp.Diff(first, got); diff != "" {
			t.Errorf("%s (-CSV +XLSX):\n%s", in.Name, diff)
		}
		told := fmt.Sprint(imp.Report.Warnings)
		for _, want := range []string{"identifiant fait du nom", "en mètres (EPSG:2154) dans 3 lignes", "zéro initial rétabli dans 2 lignes (2408", "mobile (06, 07)", "sans https://, complétées dans 1 ligne"} {
			if !strings.Contains(told, want) {
				t.Errorf("%s: %q is not told: %s", in.Name, want, told)
			}
		}
	}
	library, town, store := first[0], first[1], first[2]
	if library.Nom != "Médiathèque du moulin" || library.Adresse != "2 rue du Moulin" || library.Commune != "02408" || library.CodePostal != "02000" ||
		library.Services != lieu.Services(0).With(lieu.Demarches).With(lieu.Outils).With(lieu.AccesInternet) || library.Typologie != "BIB" ||
		library.Horaires.Text != "Tu,Fr 14:00-18:00; We 10:00-12:00,14:00-18:00; Sa 10:00-12:30" || library.Frais != "Gratuit" || library.Telephone != "03 23 00 00 00" ||
		library.SiteWeb != "https://www.laon.example" || library.MisAJour.Format("2006-01-02") != "2024-05-02" || library.Source != "Conseil départemental" || library.NoPublic {
		t.Errorf("library %+v", library)
	}
	if d := library.At; d.Lon < 3.60 || d.Lon > 3.64 || d.Lat < 49.55 || d.Lat > 49.58 {
		t.Errorf("the library is at %v", d)
	}
	if town.Nom != "Mairie de Marle" || town.Horaires.Text != "Mo,We-Fr 09:00-12:00" || town.Telephone != "" || town.Frais != "" || town.Services != lieu.Services(0).With(lieu.Demarches) {
		t.Errorf("town hall %+v", town)
	}
	if !store.NoPublic || store.Services != 0 || store.Typologie != "" {
		t.Errorf("store room %+v", store)
	}
}

// Ids that are made are the same at each import, whatever the order of the rows and the
// columns, and change with what they are made of.
func TestMadeIDs(t *testing.T) {
	m := mappingOf(t, `{"champs":{"nom":"N","adresse":"A","code_insee":"C","position":"P"}}`)
	ids := func(text string) string {
		imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory("l.csv", []byte(text))}, source.Options{Lieux: m})
		var all []string
		for _, l := range sourcetest.Rows(t, imp, err) {
			all = append(all, l.ID)
		}
		return strings.Join(all, " ")
	}
	a := ids("N,A,C,P\nMairie,1 rue,02408,\"49.5,3.6\"\nÉcole,2 rue,02408,\"49.5,3.6\"\n")
	first, second, _ := strings.Cut(a, " ")
	for _, tt := range []struct{ special, text, want string }{
		{"other order of rows and columns", "C,A,N,P\n02408,2 rue,École,\"49.5,3.6\"\n02408,1 rue,Mairie,\"49.5,3.6\"\n", second + " " + first},
		{"case and accents", "N,A,C,P\nMAIRIE,1  Rue,2408,\"49.9,3.9\"\nEcole,2 rue,02408,\"49.5,3.6\"\n", a},
	} {
		if got := ids(tt.text); got != tt.want && tt.special != "case and accents" || tt.special == "case and accents" && !strings.HasSuffix(got, second) {
			t.Errorf("%s: ids %q, want %q", tt.special, got, tt.want)
		}
	}
	if other := ids("N,A,C,P\nMairie,1 rue,02001,\"49.5,3.6\"\n"); other == first || !strings.HasPrefix(other, "lieu-") {
		t.Errorf("another commune, id %q", other)
	}
}

// Each way to write a mapping wrong, with its sentence: line, path, what was expected.
func TestMappingFaults(t *testing.T) {
	for _, tt := range []struct{ text, want string }{
		{"", "ligne 1: le fichier s'arrête au milieu"},
		{"{\"champs\": {\"nom\": \"N\"},}", "ligne 1: JSON invalide"},
		{"[]", "ligne 1: attendu un objet avec « champs »"},
		{"{\"champs\": {\"nom\": \"N\"}} {}", "du texte suit la fin de l'objet"},
		{"{\"_\": 1}", "« champs » absent ou vide"},
		{"{\n\"champs\": {\n\"nome\": \"N\"}}", "ligne 3: champs.nome : clé inconnue ; attendu id, nom, commune"},
		{"{\"champ\": {}}", "champ : clé inconnue ; attendu champs, crs, separateurs, lignes, liste"},
		{"{\"champs\": {\"nom\": \"N\", \"nom\": \"M\"}}", "champs.nom : clé écrite deux fois"},
		{"{\"champs\": {\"nom\": 3}}", "champs.nom : attendu un nom de colonne, ou un objet"},
		{"{\"champs\": {\"nom\": {\"valeur\": \"a\", \"colonne\": \"b\"}}}", "champs.nom : attendu une de ces clés, et une seule"},
		{"{\"champs\": {\"nom\": {\"table\": {\"a\": \"b\"}}}}", "champs.nom : attendu une de ces clés, et une seule"},
		{"{\"champs\": {\"services\": [\"A\", {\"colonne\": \"B\", \"tabel\": {}}]}}", "champs.services[1].tabel : clé inconnue"},
		{"{\"champs\": {\"services\": {\"colonne\": \"B\", \"table\": {\"Été\": \"x\", \"ete\": \"y\"}}}}", "sont le même texte"},
		{"{\"champs\": {\"services\": {\"colonne\": \"B\", \"table\": {\"a\": [\"x\"]}}}}", "champs.services.table.a : attendu un texte"},
		{"{\"champs\": {\"services\": {\"colonne\": \"B\", \"oui\": \"x\", \"table\": {\"a\": \"x\"}}}}", "attendu l'un des deux"},
		{"{\"champs\": {\"nom\": {\"jours\": {\"lundi\": \"L\"}}}}", "seul le champ horaires"},
		{"{\"champs\": {\"horaires\": {\"jours\": {\"monday\": \"L\"}}}}", "monday : clé inconnue ; attendu lundi"},
		{"{\"champs\": {\"nom\": {\"colonne\": \"N\", \"format\": \"JJ/MM/AAAA\"}}}", "seul le champ date_maj"},
		{"{\"champs\": {\"date_maj\": {\"colonne\": \"N\", \"format\": \"dd/mm/yyyy\"}}}", "attendu une année (AAAA)"},
		{"{\"champs\": {\"position\": {\"colonne\": \"N\", \"ordre\": \"y,x\"}}}", "attendu lat,lon ou lon,lat"},
		{"{\"crs\": \"EPSG:27572\", \"champs\": {\"nom\": \"N\"}}", "crs : « EPSG:27572 » ; attendu EPSG:4326"},
		{"{\"lignes\": {\"colonne\": \"N\"}, \"champs\": {\"nom\": \"N\"}}", "lignes : filtre incomplet"},
		{"{\"lignes\": {\"colonne\": \"N\", \"garder\": [\"a\"], \"ecarter\": [\"b\"]}, \"champs\": {\"nom\": \"N\"}}", "ensemble"},
		{strings.Repeat("[", 100), "sans fin"},
	} {
		_, err := ReadMapping(t.Context(), sourcetest.Memory("m.json", []byte(tt.text)))
		if err == nil || !strings.HasPrefix(err.Error(), "correspondance: m.json: ") || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.text, err, tt.want)
		}
	}
}

func TestMappingMissingColumns(t *testing.T) {
	m := mappingOf(t, `{"champs":{"nom":"Nom","adresse":"Voie","position":"geo"}}`)
	for _, tt := range []struct{ name, text, want string }{
		{"l.csv", "Nom,geo\na,\"49.5,3.6\"\n", "l.csv:1: colonne « Voie » de la correspondance absente ; colonnes lues : nom, geo"},
		{"l.json", `[{"Nom":"a","geo":"49.5,3.6"},{"nom":"b"}]`, "clé « Voie » de la correspondance absente de tous les enregistrements"},
	} {
		imp, err := Lieux(t.Context(), []source.Input{sourcetest.Memory(tt.name, []byte(tt.text))}, source.Options{Lieux: m})
		if err != nil {
			t.Fatal(err)
		}
		for _, err = range imp.Rows {
		}
		if err == nil || !strings.Contains(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %q", tt.name, err, tt.want)
		}
	}
}
