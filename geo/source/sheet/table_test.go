package sheet

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// dump reads a CSV to the end, one line of text per record or fault.
func dump(data []byte, required ...string) (string, error) {
	f, err := source.Inspect(context.Background(), sourcetest.Memory("x.csv", data))
	if err != nil {
		return "", err
	}
	t, err := Open(f, required...)
	if err != nil {
		return "", err
	}
	defer t.Close()
	var b strings.Builder
	fmt.Fprintf(&b, "%q\n", t.Header)
	err = t.Each(
		func(r Row) error { fmt.Fprintf(&b, "%d %q\n", r.Line, r.Fields); return nil },
		func(line int, reason string) error { fmt.Fprintf(&b, "%d ! %s\n", line, reason); return nil })
	return b.String(), err
}

func TestTableDialects(t *testing.T) {
	windows, err := charmap.Windows1252.NewEncoder().String("nom;prix\nCrécy – l’Œuvre;3 €\n")
	if err != nil {
		t.Fatal(err)
	}
	long := strings.Repeat("x", source.MaxRecord)
	for _, tt := range []struct {
		special, text, want string
	}{
		{"comma, LF", "nom,prix\na,1\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"no line end at the end", "nom,prix\na,1", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"semicolon, CRLF, byte order mark", "\ufeffnom;prix\r\na;1\r\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"tab", "nom\tprix\na\t1\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"more commas than semicolons, but the known names are between semicolons", "nom;prix;a,b,c,d\na;1;x\n", "[\"nom\" \"prix\" \"a,b,c,d\"]\n2 [\"a\" \"1\" \"x\"]\n"},
		{"headers in capitals with blanks", " NOM , Prix\na,1\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"Windows-1252", windows, "[\"nom\" \"prix\"]\n2 [\"Crécy – l’Œuvre\" \"3 €\"]\n"},
		{"quoted line ends, commas and quotes", "nom,prix\n\"a\nb, \"\"c\"\"\",1\nd,2\n", "[\"nom\" \"prix\"]\n2 [\"a\\nb, \\\"c\\\"\" \"1\"]\n4 [\"d\" \"2\"]\n"},
		{"quotes inside a field that is not quoted", "nom,prix\nLe \"Phare\",1\n", "[\"nom\" \"prix\"]\n2 [\"Le \\\"Phare\\\"\" \"1\"]\n"},
		{"quoted fields end lines with CRLF", "\"nom\",\"prix\"\r\n\"a\",\"1\"\r\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"quoted field ends the file with CR", "nom,prix\na,\"1\"\r", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"empty quoted fields", "nom,prix\n\"\",\"\"\"\"\n", "[\"nom\" \"prix\"]\n2 [\"\" \"\\\"\"]\n"},
		{"blank lines and lines of separators are passed over, and counted", "nom,prix\n\n , \na,1\n", "[\"nom\" \"prix\"]\n4 [\"a\" \"1\"]\n"},
		{"too few fields", "nom,prix\na\nb,2\n", "[\"nom\" \"prix\"]\n2 ! 1 champs ; attendu 2, comme dans l'en-tête\n3 [\"b\" \"2\"]\n"},
		{"a quote never closed loses its line only", "nom,prix\n\"a,1\nb,2\n", "[\"nom\" \"prix\"]\n2 ! guillemet ouvrant sans guillemet fermant\n3 [\"b\" \"2\"]\n"},
		{"a quote never closed, far from the end", "nom,prix\n\"a,1\nb,2\n" + strings.Repeat("c,3\n", source.MaxRecord/4), ""},
		{"a line longer than the limit", "nom,prix\n" + long + ",1\nb,2\n", "[\"nom\" \"prix\"]\n2 ! enregistrement de plus de 1 Mio\n3 [\"b\" \"2\"]\n"},
		{"a line much longer than the limit", "nom,prix\n" + long + long + long + ",1\nb,2\n", "[\"nom\" \"prix\"]\n2 ! enregistrement de plus de 1 Mio\n3 [\"b\" \"2\"]\n"},
		{"the last line is longer than the limit", "nom,prix\n" + long + long, "[\"nom\" \"prix\"]\n2 ! enregistrement de plus de 1 Mio\n"},
		{"a null character", "nom,prix\na\x00,1\nb,2\n", "[\"nom\" \"prix\"]\n2 ! caractère nul dans la ligne\n3 [\"b\" \"2\"]\n"},
	} {
		got, err := dump([]byte(tt.text), "nom", "prix")
		if err != nil {
			t.Errorf("%s: %v", tt.special, err)
			continue
		}
		if tt.want == "" { // too long to write down
			const start = "[\"nom\" \"prix\"]\n2 ! guillemet ouvrant sans guillemet fermant\n3 [\"b\" \"2\"]\n4 [\"c\" \"3\"]\n"
			if lines := strings.Count(got, "\n"); !strings.HasPrefix(got, start) || lines != 3+source.MaxRecord/4 {
				t.Errorf("%s: got %d lines, want %d:\n%.300s", tt.special, lines, 3+source.MaxRecord/4, got)
			}
			continue
		}
		if diff := cmp.Diff(tt.want, got); diff != "" {
			t.Errorf("%s (-want +got):\n%.2000s", tt.special, diff)
		}
	}
}

// TestRecordsAgainstEncodingCSV writes random tables with the standard library,
// which quotes what needs it, and reads them back.
func TestRecordsAgainstEncodingCSV(t *testing.T) {
	const seed = 7
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	letters := []rune("ab é\"\n,;\t|œ'")
	for range 300 {
		comma := []rune{',', ';', '\t'}[rnd.IntN(3)]
		width := 2 + rnd.IntN(4)
		var want [][]string
		var text bytes.Buffer
		w := csv.NewWriter(&text)
		w.Comma, w.UseCRLF = comma, false
		for range 1 + rnd.IntN(6) {
			rec := make([]string, width)
			for i := range rec {
				for range rnd.IntN(5) {
					rec[i] += string(letters[rnd.IntN(len(letters))])
				}
			}
			rec[0] += "x" // no blank line
			want = append(want, rec)
			if err := w.Write(rec); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		// Bytes one at a time: records are cut anywhere.
		r := newRecords(oneByte{&text}, byte(comma))
		whole := text.String()
		var got [][]string
		for {
			fields, _, fault, ok := r.next()
			if !ok {
				break
			}
			if fault != "" {
				t.Fatalf("%q: %s", whole, fault)
			}
			got = append(got, append([]string(nil), fields...))
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("%q (-want +got):\n%s", whole, diff)
		}
	}
}

type oneByte struct{ r io.Reader }

func (o oneByte) Read(b []byte) (int, error) { return o.r.Read(b[:min(1, len(b))]) }

func FuzzTable(f *testing.F) {
	for _, s := range []string{
		"nom,prix\na,1\n", "\ufeffnom;prix\r\n\"a\r\nb\";\"\"\"\"\r\n", "nom\tprix\n\"a\tb\n", "nom,prix\n\"a\"b,1\n\xe9,2\n\n,\n\"", "PK\x03\x04", "{}", "",
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		got, err := dump(data, "nom", "prix")
		again, errAgain := dump(data, "nom", "prix")
		if got != again || fmt.Sprint(err) != fmt.Sprint(errAgain) {
			t.Fatalf("two readings of %q differ", data)
		}
		// Each record starts on a line of its own, within the file.
		last, lines := 1, bytes.Count(data, []byte{'\n'})+1
		for i, l := range strings.Split(strings.TrimSuffix(got, "\n"), "\n") {
			var line int
			if _, err := fmt.Sscanf(l, "%d ", &line); i > 0 && (err != nil || line <= last || line > lines) {
				t.Fatalf("%q: record %d starts at line %d of %d, after line %d", data, i, line, lines, last)
			}
			if i > 0 {
				last = line
			}
		}
	})
}

// TestTableAsExcelSendsIt: what stands above a header, ends lines and parts columns.
func TestTableAsExcelSendsIt(t *testing.T) {
	for _, tt := range []struct{ special, text, want string }{
		{"the line that says the separator", "sep=;\nnom;prix\na;1,5\n", "[\"nom\" \"prix\"]\n3 [\"a\" \"1,5\"]\n"},
		{"the same for commas, in capitals, CRLF", "SEP=,\r\nnom,prix\r\na,1\r\n", "[\"nom\" \"prix\"]\n3 [\"a\" \"1\"]\n"},
		{"the same between quotes", "\"sep=|\"\nnom|prix\na|1\n", "[\"nom\" \"prix\"]\n3 [\"a\" \"1\"]\n"},
		{"bars", "nom|prix\na,b|1;2\n", "[\"nom\" \"prix\"]\n2 [\"a,b\" \"1;2\"]\n"},
		{"lines of an old Macintosh", "nom;prix\ra;1\r\rb;2\r", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n4 [\"b\" \"2\"]\n"},
		{"line ends of two CR", "\"nom\";\"prix\"\r\r\n\"a\";\"1\"\r\r\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
		{"a line of an old Macintosh among others", "nom;prix\na;1\rb;2\nc;3\n", "[\"nom\" \"prix\"]\n2 ! 3 champs ; attendu 2, comme dans l'en-tête ; une fin de ligne d'ancien Macintosh (CR) s'y trouve au milieu\n3 [\"c\" \"3\"]\n"},
		{"titles above", "Prix des objets, 2024;;\n\nSource : le magasin;;\nnom;prix;\na;1;\n", "[\"nom\" \"prix\" \"\"]\n5 [\"a\" \"1\" \"\"]\n"},
		{"a title with quotes that do not match", "\"Prix\" des objets\nnom;prix\na;1\n", "[\"nom\" \"prix\"]\n3 [\"a\" \"1\"]\n"},
		{"separators without values at the end of lines", "nom;prix\na;1;;;\n", "[\"nom\" \"prix\"]\n2 [\"a\" \"1\"]\n"},
	} {
		got, err := dump([]byte(tt.text), "nom", "prix")
		if err != nil {
			t.Errorf("%s: %v", tt.special, err)
		}
		if got != tt.want {
			t.Errorf("%s: got\n%swant\n%s", tt.special, got, tt.want)
		}
	}
}

// TestTablesOfAllFormatsAreAlike: a workbook, and CSV as Excel writes it in every
// encoding, give the same rows at the same lines.
func TestTablesOfAllFormatsAreAlike(t *testing.T) {
	rows := [][]string{{"Nom", "Prix"}, {"Crédit à la consommation", "12,5"}, {"Maison « France services »", "1 000"}}
	var csv strings.Builder
	for _, r := range rows {
		csv.WriteString(strings.Join(r, ";") + "\r\n")
	}
	want := "[\"nom\" \"prix\"]\n2 [\"Crédit à la consommation\" \"12,5\"]\n3 [\"Maison « France services »\" \"1 000\"]\n"
	encode := func(s string, e encoding.Encoding) string {
		b, err := e.NewEncoder().String(s)
		if err != nil {
			t.Fatal(err)
		}
		return b
	}
	for special, text := range map[string]string{
		"UTF-8": csv.String(), "workbook": string(sourcetest.XlsxOf(rows)),
		"Windows-1252": encode(csv.String(), charmap.Windows1252),
		"MacRoman, CR": encode(strings.ReplaceAll(csv.String(), "\r\n", "\r"), charmap.Macintosh),
		"Unicode text": encode(strings.ReplaceAll(csv.String(), ";", "\t"), unicode.UTF16(unicode.LittleEndian, unicode.UseBOM)),
		"sep=":         "sep=;\r\n" + csv.String(),
	} {
		got, err := dump([]byte(text), "nom", "prix")
		if err != nil {
			t.Errorf("%s: %v", special, err)
		}
		if special == "sep=" {
			got = strings.NewReplacer("\n3 [", "\n2 [", "\n4 [", "\n3 [").Replace(got)
		}
		if got != want {
			t.Errorf("%s: got\n%swant\n%s", special, got, want)
		}
		f, err := source.Inspect(t.Context(), sourcetest.Memory("x", []byte(text)))
		if err != nil {
			t.Fatal(err)
		}
		if h := HeaderOf(f, []string{"nom", "prix"}); strings.ToLower(strings.Join(h, ",")) != "nom,prix" {
			t.Errorf("%s: header %q", special, h)
		}
	}
	if _, err := dump(sourcetest.XlsxOf([][]string{{"Nom", "Taille"}, {"a", "b"}}), "nom", "prix"); fmt.Sprint(err) != "x.csv:1: en-tête : colonne absente : prix ; colonnes lues : nom, taille" {
		t.Errorf("a workbook without a column: %v", err)
	}
}

// TestOtherFormatsAreTold: a file that is no table is called what it is.
func TestOtherFormatsAreTold(t *testing.T) {
	koi8, err := charmap.KOI8R.NewEncoder().String("Медиатека на улице;1\n")
	if err != nil {
		t.Fatal(err)
	}
	for data, want := range map[string]string{
		"7z\xbc\xaf\x27\x1c\x00\x04abcdefgh":       "c'est une archive 7z où rien n'est lu",
		"Rar!\x1a\x07\x00abc":                      "c'est une archive rar (décompressez-la",
		"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1\x00\x00": "c'est un ancien classeur Excel (xls)",
		"%PDF-1.4\n%\xe2\xe3":                      "c'est un document PDF",
		"<!DOCTYPE html><html>":                    "c'est une page web (HTML)",
		string(sourcetest.Stored(sourcetest.Member{Name: "mimetype", Data: "application/vnd.oasis.opendocument.spreadsheet"}, sourcetest.Member{Name: "content.xml", Data: "<x/>"})): "c'est un classeur OpenDocument (ods)",
		string(sourcetest.Stored(sourcetest.Member{Name: "[Content_Types].xml", Data: "<x/>"}, sourcetest.Member{Name: "xl/workbook.bin", Data: "x"})):                               "c'est un classeur binaire Excel (xlsb)",
		koi8: "le texte n'est ni de l'UTF-8",
	} {
		if _, err := dump([]byte(data), "nom"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%.20q: told %v, want %s", data, err, want)
		}
	}
}
