package stat

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/store"
)

func TestWorkbook(t *testing.T) {
	data := sourcetest.XlsxOf([][]string{
		{"Revenus et pauvreté des ménages", "", "", ""},
		nil,
		{"CODGEO", "LIBGEO", "Taux & part", "Revenu", "\"Texte"},
		{"02408", "Laon", "=23.100000000000001", "21\u202f150", "a"},
		{"\"02001", "Abbécourt", "s", "=1.5E+2", "b"},
		nil,
		{"02002", "Achery", "!#N/A", "nd", ""},
		{"2003", "Aguilcourt", "=1", "=2", "c"},
		{"02004", "Aisonville", "!#DIV/0!", "", "", ""},
	})
	imp, err := Variables(t.Context(), []source.Input{sourcetest.Memory("v.xlsx", data)}, source.Options{MaxRejectShare: .5})
	got := sourcetest.Rows(t, imp, err)
	want := []store.Variable{{Level: store.LevelCommune, Code: "02408", Name: "taux & part", Value: 23.1}, {Level: store.LevelCommune, Code: "02408", Name: "revenu", Value: 21150}, {Level: store.LevelCommune, Code: "02001", Name: "revenu", Value: 150},
		{Level: store.LevelCommune, Code: "02003", Name: "taux & part", Value: 1}, {Level: store.LevelCommune, Code: "02003", Name: "revenu", Value: 2}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	var told []string
	for _, r := range append(imp.Report.Rejected, imp.Report.Warnings...) {
		told = append(told, r.String())
	}
	if diff := cmp.Diff([]string{
		"v.xlsx:3: texte « a » : colonne sans aucun nombre, laissée de côté",
		"v.xlsx:8: codgeo « 2003 » : codes sans leur zéro initial, qui leur est rendu : 1",
		"v.xlsx: valeurs que la source ne donne pas (secret, non disponible…), lues comme inconnues : « #DIV/0! » 1, « #N/A » 1, « nd » 1, « s » 1",
		"v.xlsx: aucune de ces colonnes ne nourrit une variable de l'indice : revenu, taux & part ; une correspondance dit laquelle est quoi (maillage import ifn --template)",
	}, told); diff != "" {
		t.Errorf("what is told (-want +got):\n%s", diff)
	}
	if imp.Manifest.Format != "XLSX" {
		t.Errorf("format %q, want XLSX", imp.Manifest.Format)
	}
}

// TestWrongWorkbooks shows, word for word, what a person is told.
func TestWrongWorkbooks(t *testing.T) {
	good := sourcetest.XlsxOf([][]string{{"code", "taux"}, {"02408", "=1"}})
	book := func(sheet, texts string) []byte {
		return sourcetest.Zipped(sourcetest.Member{Name: "xl/workbook.xml", Data: sourcetest.BookXML}, sourcetest.Member{Name: "xl/_rels/workbook.xml.rels", Data: sourcetest.RelsXML}, sourcetest.Member{Name: "xl/worksheets/sheet2.xml", Data: sheet}, sourcetest.Member{Name: "xl/sharedStrings.xml", Data: texts})
	}
	header := `<row r="1"><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>taux</t></is></c></row>`
	for _, tt := range []struct {
		special string
		data    []byte
		o       source.Options
		want    string
	}{
		{"a zip of something else", sourcetest.Zipped(sourcetest.Member{Name: "content.xml", Data: "<a/>"}), source.Options{}, "import ifn: v.xlsx: c'est une archive zip, mais pas un classeur XLSX (décompressez-la, puis importez le fichier qu'elle contient) ; attendu un fichier CSV (texte, une ligne par enregistrement) ou un classeur XLSX"},
		{"cut short", good[:len(good)-40], source.Options{}, "import ifn: v.xlsx: archive zip sans liste de fichiers ; elle est sans doute tronquée"},
		{"no header", sourcetest.XlsxOf([][]string{{"commune", "taux"}}), source.Options{}, "import ifn: v.xlsx: aucune feuille n'a l'en-tête attendu dans ses 20 premières lignes ; feuilles du classeur : Notice, Communes"},
		{"a sheet that is not there", good, source.Options{Layer: "Feuil1"}, "import ifn: v.xlsx: pas de feuille « Feuil1 » ; feuilles du classeur : Notice, Communes"},
		{"no sheets", sourcetest.Zipped(sourcetest.Member{Name: "xl/workbook.xml", Data: sourcetest.BookXML}), source.Options{}, "import ifn: v.xlsx: classeur sans feuille ; attendu un tableau"},
		{"XML that ends in the middle", book("<worksheet><sheetData>"+header+`<row r="2"><c><v>1`, "<sst/>"), source.Options{}, "import ifn: v.xlsx: lecture interrompue : XML invalide ou tronqué ; attendu un classeur XLSX"},
		{"a text that is not shared", book("<worksheet><sheetData>"+header+`<row r="2"><c t="s"><v>7</v></c></row></sheetData></worksheet>`, "<sst/>"), source.Options{}, "import ifn: 1 refus sur 1 valeur, plus que la part admise de 20 % ; le premier est v.xlsx:2: texte partagé absent du classeur"},
		{"a row of ten MiB", book("<worksheet><sheetData>"+header+`<row r="2">`+strings.Repeat("<!-- "+"0123456789abcdefghijklmnopqrstuvwxyz -->", 10<<20/40)+`</row></sheetData></worksheet>`, "<sst/>"), source.Options{}, ""},
		{"a header with a name twice", sourcetest.XlsxOf([][]string{{"code", "taux", "Taux"}}), source.Options{}, "import ifn: v.xlsx:1: en-tête : colonne « taux » présente deux fois"},
	} {
		imp, err := Variables(t.Context(), []source.Input{sourcetest.Memory("v.xlsx", tt.data)}, tt.o)
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		if tt.want == "" { // which limit stops it depends on how well it packs
			if last == nil || !strings.HasPrefix(last.Error(), "import ifn: v.xlsx") {
				t.Errorf("%s: got %v", tt.special, last)
			}
			continue
		}
		if fmt.Sprint(last) != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, last, tt.want)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	sheet, texts := sourcetest.SheetOf([][]string{{"code", "taux"}, {"02408", "=1", "x"}, nil, {"\"02001", "s"}})
	f.Add(sourcetest.BookXML, sourcetest.RelsXML, sheet, texts)
	f.Add("<a", "", "<row><c r=\"ZZZ9\"/></row>", "<si>")
	f.Fuzz(func(t *testing.T, book, rels, sheet, texts string) {
		data := sourcetest.Stored(sourcetest.Member{Name: "xl/workbook.xml", Data: book}, sourcetest.Member{Name: "xl/_rels/workbook.xml.rels", Data: rels}, sourcetest.Member{Name: "xl/worksheets/sheet2.xml", Data: sheet}, sourcetest.Member{Name: "xl/sharedStrings.xml", Data: texts})
		imp, err := Variables(t.Context(), []source.Input{sourcetest.Memory("v.xlsx", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, imp, err)
	})
}
