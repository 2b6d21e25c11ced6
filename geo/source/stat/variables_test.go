package stat

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat/layout"
	"github.com/aisne-numerique/maillage/geo/store"
)

func TestVariables(t *testing.T) {
	imp, err := Variables(t.Context(), []source.Input{sourcetest.Memory("v.csv", []byte("code;Nom;EPCI;Taux;Revenu\n02408;Laon;200043495;\"12,5\";21\u202f150\n02001;Abbécourt;200071785;s;-1\u00a0234,5\n2a004;Ajaccio;;N/A;nd\n02002;Achery;200071785;;1e3\n"))}, source.Options{})
	want := []store.Variable{
		{Level: store.LevelCommune, Code: "02408", Name: "taux", Value: 12.5}, {Level: store.LevelCommune, Code: "02408", Name: "revenu", Value: 21150},
		{Level: store.LevelCommune, Code: "02001", Name: "revenu", Value: -1234.5}, {Level: store.LevelCommune, Code: "02002", Name: "revenu", Value: 1000},
	}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if w := imp.Report.Warnings; len(w) != 2 || w[0].String() != "v.csv: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « N/A » 1, « nd » 1, « s » 1" {
		t.Errorf("warnings %v", w)
	}
}

func TestMappedVariables(t *testing.T) {
	m, err := layout.Read(t.Context(), sourcetest.Memory("m.json", []byte("\ufeff"+`{"entete":"separe","code":{"colonne":"COM","zeros":true},
		"lignes":{"colonne":"Type  iris","garder":["Commune"]},
		"colonnes":{"Score global":{"variable":"score","sens":"hausse","unite":"indice","millesime":"2019","inconnu":["0"]},"revenu":{"variable":"revenu_eur","sens":"baisse","unite":"€"}}}`)))
	if err != nil {
		t.Fatal(err)
	}
	header := sourcetest.Memory("entetes.csv", []byte("\ufeffCOM;Score  GLOBAL;Type Iris;Revenu;x"))
	data := sourcetest.Memory("ifn.csv", []byte("2553;95,5;Commune;21150;a\r\n2554;0;Commune;0;a\r\n2555;1;Iris d'habitat;2;a\r\n1234;1;Commune;s;a\r\n2556;3;Iris d'habitat;2;a\r\n"))
	imp, err := Variables(t.Context(), []source.Input{header, data}, source.Options{Mapping: m})
	want := []store.Variable{{Level: store.LevelCommune, Code: "02553", Name: "score", Value: 95.5}, {Level: store.LevelCommune, Code: "02553", Name: "revenu_eur", Value: 21150}, {Level: store.LevelCommune, Code: "02554", Name: "revenu_eur", Value: 0}, {Level: store.LevelCommune, Code: "01234", Name: "score", Value: 1}}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	sourcetest.None(t, imp.Report.Rejected)
	if w := imp.Report.Warnings; len(w) != 3 || w[1].String() != "ifn.csv:3: type iris « Iris d'habitat » : lignes laissées de côté, qui ne sont pas des communes entières : 2" {
		t.Errorf("warnings %v", w)
	}
	if diff := cmp.Diff([]source.Column{{Variable: "revenu_eur", Direction: source.LessFragile, Unit: "€"}, {Variable: "score", Direction: source.MoreFragile, Unit: "indice", Vintage: "2019", Unknown: []string{"0"}}}, imp.Report.Variables); diff != "" {
		t.Errorf("variables of the report (-want +got):\n%s", diff)
	}
	if r := imp.Report; r.Skipped != 2 || r.Read != 6 {
		t.Errorf("%d read, %d skipped; want four values and two rows, and these two", r.Read, r.Skipped)
	}
	if n := len(imp.Manifest.Files); n != 3 {
		t.Errorf("%d files in the manifest, want the mapping too: 3", n)
	}
	for _, tt := range []struct {
		special string
		in      []source.Input
		want    string
	}{
		{"the header is forgotten", []source.Input{data}, "import ifn: ifn.csv: l'en-tête est dans un fichier à part (« entete » de la correspondance) ; attendu le fichier d'en-tête et le fichier de données"},
		{"two headers", []source.Input{header, header, data}, "import ifn: entetes.csv: second fichier d'une seule ligne ; attendu un seul fichier d'en-tête"},
		{"a column is missing", []source.Input{sourcetest.Memory("h.csv", []byte("COM;Score global;Type iris")), data}, "import ifn: ifn.csv: en-tête : colonne absente : revenu ; colonnes lues : com, score global, type iris"},
		{"the column of the filter is missing", []source.Input{sourcetest.Memory("h.csv", []byte("COM;Score global;revenu;a;b")), data}, "import ifn: ifn.csv: en-tête : colonne absente : Type  iris ; colonnes lues : com, score global, revenu, a, b"},
		{"the column of codes is missing", []source.Input{sourcetest.Memory("h.csv", []byte("code;Score global;revenu;a;b")), data}, "import ifn: ifn.csv: en-tête : colonne absente : COM ; colonnes lues : code, score global, revenu, a, b"},
	} {
		imp, err := Variables(t.Context(), tt.in, source.Options{Mapping: m})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		if fmt.Sprint(last) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, last, tt.want)
		}
	}
}

func TestLongVariables(t *testing.T) {
	m, err := layout.Read(t.Context(), sourcetest.Memory("m.json", []byte(`{"colonnes":{"TAUX":{"variable":"taux_pauvrete_pct"}}}`)))
	if err != nil {
		t.Fatal(err)
	}
	moves, err := outline.ReadMoves(t.Context(), []source.Input{sourcetest.Memory("m.csv", []byte("ancien,nouveau\n02077,02564\n"))})
	if err != nil {
		t.Fatal(err)
	}
	data := sourcetest.Memory("v.csv", []byte("code,variable,valeur\n02408,taux,\"12,5\"\n02408,revenu,\"21\u202f150\"\n02001,taux,N/A\n02077,taux,3\n"))
	for _, tt := range []struct {
		special string
		o       source.Options
		want    []store.Variable
		refused string
	}{
		{"as they are named", source.Options{}, []store.Variable{{Level: store.LevelCommune, Code: "02408", Name: "taux", Value: 12.5}, {Level: store.LevelCommune, Code: "02408", Name: "revenu", Value: 21150}, {Level: store.LevelCommune, Code: "02077", Name: "taux", Value: 3}}, ""},
		{"mapped: others are left out", source.Options{Mapping: m}, []store.Variable{{Level: store.LevelCommune, Code: "02408", Name: "taux_pauvrete_pct", Value: 12.5}, {Level: store.LevelCommune, Code: "02077", Name: "taux_pauvrete_pct", Value: 3}}, ""},
		{"a commune that was merged", source.Options{Moves: moves, MaxRejectShare: .5}, []store.Variable{{Level: store.LevelCommune, Code: "02408", Name: "taux", Value: 12.5}, {Level: store.LevelCommune, Code: "02408", Name: "revenu", Value: 21150}},
			"v.csv:5: code « 02077 » : ancienne commune, réunie à 02564 : ses parts ne s'ajoutent pas sans la population ; attendu la commune actuelle, ou la population de chaque commune (colonne population, ici ou dans un second fichier) pour les réunir"},
	} {
		imp, err := Variables(t.Context(), []source.Input{data}, tt.o)
		if diff := cmp.Diff(tt.want, sourcetest.Rows(t, imp, err)); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
		refused := ""
		if r := imp.Report.Rejected; len(r) > 0 {
			refused = r[0].String()
		}
		if refused != tt.refused {
			t.Errorf("%s: refused %s, want %s", tt.special, refused, tt.refused)
		}
	}
}
