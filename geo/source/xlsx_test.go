package source

import (
	"encoding/xml"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/store"
)

const (
	bookXML = `<?xml version="1.0" encoding="UTF-8"?><workbook xmlns:r="r"><sheets><sheet name="Notice" sheetId="1" r:id="rId1"/><sheet name="Communes" sheetId="2" r:id="rId2"/></sheets></workbook>`
	relsXML = `<Relationships><Relationship Id="rId1" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Target="/xl/worksheets/sheet2.xml"/></Relationships>`
)

func quoted(s string) string {
	var b strings.Builder
	if err := xml.EscapeText(&b, []byte(s)); err != nil {
		panic(err)
	}
	return b.String()
}

// sheetOf writes rows as Excel does: texts shared, numbers ("=12.5") as they are,
// errors ("!#N/A"), empty cells left out.
func sheetOf(rows [][]string) (sheet, texts string) {
	var s, t strings.Builder
	n := 0
	for i, row := range rows {
		if row == nil {
			continue
		}
		fmt.Fprintf(&s, `<row r="%d">`, i+1)
		for j, v := range row {
			ref := fmt.Sprintf("%c%d", 'A'+j, i+1)
			switch {
			case v == "":
			case v[0] == '=':
				fmt.Fprintf(&s, `<c r="%s" s="3"><v>%s</v></c>`, ref, v[1:])
			case v[0] == '!':
				fmt.Fprintf(&s, `<c r="%s" t="e"><v>%s</v></c>`, ref, v[1:])
			case v[0] == '"':
				fmt.Fprintf(&s, `<c r="%s" t="inlineStr"><is><t>%s</t></is></c>`, ref, quoted(v[1:]))
			default:
				fmt.Fprintf(&s, `<c r="%s" t="s"><v>%d</v></c>`, ref, n)
				fmt.Fprintf(&t, `<si><r><t>%s</t></r><r><t xml:space="preserve">%s</t></r><rPh><t>prononcé</t></rPh></si>`, quoted(v[:1]), quoted(v[1:]))
				n++
			}
		}
		s.WriteString(`</row>`)
	}
	return `<worksheet><cols><col min="1"/></cols><sheetData>` + s.String() + `</sheetData></worksheet>`, `<sst>` + t.String() + `</sst>`
}

func xlsxOf(rows [][]string) []byte {
	sheet, texts := sheetOf(rows)
	return zipped(
		member{"[Content_Types].xml", `<Types/>`}, member{"xl/workbook.xml", bookXML}, member{"xl/_rels/workbook.xml.rels", relsXML},
		member{"xl/worksheets/sheet1.xml", `<worksheet><sheetData><row r="1"><c t="inlineStr"><is><t>Lisez-moi</t></is></c></row></sheetData></worksheet>`},
		member{"xl/worksheets/sheet2.xml", sheet}, member{"xl/sharedStrings.xml", texts})
}

func TestWorkbook(t *testing.T) {
	data := xlsxOf([][]string{
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
	imp, err := Variables([]Input{memory("v.xlsx", data)}, Options{MaxRejectShare: .5})
	got := rows(t, imp, err)
	want := []store.Variable{{Commune: "02408", Name: "taux & part", Value: 23.1}, {Commune: "02408", Name: "revenu", Value: 21150}, {Commune: "02001", Name: "revenu", Value: 150}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	var told []string
	for _, r := range append(imp.Report.Rejected, imp.Report.Warnings...) {
		told = append(told, r.String())
	}
	if diff := cmp.Diff([]string{
		"v.xlsx:8: codgeo « 2003 » : code de commune sans son zéro initial ; attendu 02003 (colonne au format texte)",
		"v.xlsx:9: taux & part « #DIV/0! » : nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue",
		"v.xlsx:3: texte « a » : colonne sans aucun nombre, laissée de côté",
	}, told); diff != "" {
		t.Errorf("what is told (-want +got):\n%s", diff)
	}
	if imp.Manifest.Format != "XLSX" {
		t.Errorf("format %q, want XLSX", imp.Manifest.Format)
	}
}

// TestWrongWorkbooks shows, word for word, what a person is told.
func TestWrongWorkbooks(t *testing.T) {
	good := xlsxOf([][]string{{"code", "taux"}, {"02408", "=1"}})
	book := func(sheet, texts string) []byte {
		return zipped(member{"xl/workbook.xml", bookXML}, member{"xl/_rels/workbook.xml.rels", relsXML}, member{"xl/worksheets/sheet2.xml", sheet}, member{"xl/sharedStrings.xml", texts})
	}
	header := `<row r="1"><c t="inlineStr"><is><t>code</t></is></c><c t="inlineStr"><is><t>taux</t></is></c></row>`
	for _, tt := range []struct {
		special string
		data    []byte
		o       Options
		want    string
	}{
		{"a zip of something else", zipped(member{"content.xml", "<a/>"}), Options{}, "import ifn: v.xlsx: c'est une archive zip, mais pas un classeur XLSX ; attendu un fichier CSV ou XLSX"},
		{"cut short", good[:len(good)-40], Options{}, "import ifn: v.xlsx: archive zip sans liste de fichiers ; elle est sans doute tronquée"},
		{"no header", xlsxOf([][]string{{"commune", "taux"}}), Options{}, "import ifn: v.xlsx: aucune feuille n'a d'en-tête avec une colonne de codes de communes dans ses 20 premières lignes ; feuilles du classeur : Notice, Communes"},
		{"a sheet that is not there", good, Options{Layer: "Feuil1"}, "import ifn: v.xlsx: pas de feuille « Feuil1 » ; feuilles du classeur : Notice, Communes"},
		{"no sheets", zipped(member{"xl/workbook.xml", bookXML}), Options{}, "import ifn: v.xlsx: classeur sans feuille ; attendu un tableau de communes"},
		{"XML that ends in the middle", book("<worksheet><sheetData>"+header+`<row r="2"><c><v>1`, "<sst/>"), Options{}, "import ifn: v.xlsx: lecture interrompue : XML invalide ou tronqué ; attendu un classeur XLSX"},
		{"a text that is not shared", book("<worksheet><sheetData>"+header+`<row r="2"><c t="s"><v>7</v></c></row></sheetData></worksheet>`, "<sst/>"), Options{}, "import ifn: 1 refus sur 1 valeur, plus que la part admise de 20 % ; le premier est v.xlsx:2: texte partagé absent du classeur"},
		{"a row of ten MiB", book("<worksheet><sheetData>"+header+`<row r="2">`+strings.Repeat("<!-- "+"0123456789abcdefghijklmnopqrstuvwxyz -->", 10<<20/40)+`</row></sheetData></worksheet>`, "<sst/>"), Options{}, ""},
		{"a header with a name twice", xlsxOf([][]string{{"code", "taux", "Taux"}}), Options{}, "import ifn: v.xlsx:1: en-tête : colonne « taux » présente deux fois"},
	} {
		imp, err := Variables([]Input{memory("v.xlsx", tt.data)}, tt.o)
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

func TestColumnOf(t *testing.T) {
	for ref, want := range map[string]int{"A1": 0, "Z9": 25, "AA10": 26, "XFD1": 16383, "ZZZZZZZZZ1": maxColumns, "": -1, "12": -1, "a1": -1} {
		if got := columnOf(ref); got != want {
			t.Errorf("columnOf(%q) = %d, want %d", ref, got, want)
		}
	}
}

func FuzzXLSX(f *testing.F) {
	sheet, texts := sheetOf([][]string{{"code", "taux"}, {"02408", "=1", "x"}, nil, {"\"02001", "s"}})
	f.Add(bookXML, relsXML, sheet, texts)
	f.Add("<a", "", "<row><c r=\"ZZZ9\"/></row>", "<si>")
	f.Fuzz(func(t *testing.T, book, rels, sheet, texts string) {
		data := stored(member{"xl/workbook.xml", book}, member{"xl/_rels/workbook.xml.rels", rels}, member{"xl/worksheets/sheet2.xml", sheet}, member{"xl/sharedStrings.xml", texts})
		imp, err := Variables([]Input{memory("v.xlsx", data)}, Options{MaxRejectShare: 1})
		soundImport(t, imp, err)
	})
}
