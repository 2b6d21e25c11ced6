package source

import (
	"context"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
	"testing/iotest"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/encoding/unicode/utf32"
)

// inspected reads bytes through.
func inspected(t testing.TB, data []byte) File {
	t.Helper()
	f, err := Inspect(context.Background(), FromFS(fstest.MapFS{"x.csv": {Data: data}}, "x.csv"))
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// readText is all of a file as text, and what is told of it.
func readText(t testing.TB, data []byte) (text string, notes []string) {
	t.Helper()
	f := inspected(t, data)
	r, err := f.OpenText()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.Verify(); err != nil {
		t.Fatal(err)
	}
	rec := &Recorder{Report: &Report{}}
	rec.NoteText(f)
	for _, w := range rec.Warnings {
		notes = append(notes, w.Reason)
	}
	if fault := f.TextFault(); fault != "" {
		notes = append(notes, "!"+fault)
	}
	return string(b), notes
}

func encoded(t testing.TB, e encoding.Encoding, s string) []byte {
	t.Helper()
	b, err := e.NewEncoder().String(s)
	if err != nil {
		t.Fatal(err)
	}
	return []byte(b)
}

const prose = "nom;commune;remarque\nMédiathèque n° 1;Fère-en-Tardenois;« à l'étage », près de l'hôtel de ville\nMaison d'Île-de-France;Château-Thierry;ça dépend : août et Noël\n"

// TestEncodings: French text comes out the same from any encoding that it may be sent in,
// and what it was is said.
func TestEncodings(t *testing.T) {
	withMark, without := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM), unicode.UTF16(unicode.LittleEndian, unicode.IgnoreBOM)
	for _, tt := range []struct {
		name string
		as   encoding.Encoding
		text string
		note string
	}{
		{"UTF-8", unicode.UTF8, prose, ""},
		{"UTF-8 with its mark", unicode.UTF8BOM, prose, ""},
		{"Windows-1252", charmap.Windows1252, prose + "Sœur l’Œuvre – 3 €\n", "le texte n'est pas de l'UTF-8 : lu comme du Windows-1252"},
		{"Windows-1252, dashes alone", charmap.Windows1252, "h\n9h–12h\n", "le texte n'est pas de l'UTF-8 : lu comme du Windows-1252"},
		{"Windows-1252, fractions", charmap.Windows1252, "h\n½ journée, 1½h\n", "le texte n'est pas de l'UTF-8 : lu comme du Windows-1252"},
		{"MacRoman", charmap.Macintosh, prose + "Sœur l’Œuvre – 3 €\n", "le texte n'est pas de l'UTF-8 : lu comme du MacRoman (Macintosh)"},
		{"MacRoman, one accent", charmap.Macintosh, "nom\nMédiathèque\n", "le texte n'est pas de l'UTF-8 : lu comme du MacRoman (Macintosh)"},
		{"MacRoman, capitals", charmap.Macintosh, "nom\nMÉDIATHÈQUE DE L’ÎLE À CÔTÉ\n", "le texte n'est pas de l'UTF-8 : lu comme du MacRoman (Macintosh)"},
		{"CP850", charmap.CodePage850, prose, "le texte n'est pas de l'UTF-8 : lu comme du CP850 (CSV « MS-DOS » d'Excel)"},
		{"ISO-8859-15", charmap.ISO8859_15, prose + "le cœur de l'Œuvre : 3 €\n", "le texte n'est pas de l'UTF-8 : lu comme de l'ISO-8859-15"},
		{"UTF-16", withMark, prose + "Sœur 𝄞\n", "le texte n'est pas de l'UTF-8 : lu comme de l'UTF-16 (« texte Unicode » d'Excel)"},
		{"UTF-16, big end first", unicode.UTF16(unicode.BigEndian, unicode.UseBOM), prose, "le texte n'est pas de l'UTF-8 : lu comme de l'UTF-16 (« texte Unicode » d'Excel)"},
		{"UTF-16 without its mark", without, prose, "le texte n'est pas de l'UTF-8 : lu comme de l'UTF-16 (« texte Unicode » d'Excel)"},
	} {
		got, notes := readText(t, encoded(t, tt.as, tt.text))
		if got != tt.text {
			t.Errorf("%s: read %q", tt.name, got)
		}
		if fmt.Sprint(notes) != "["+tt.note+"]" {
			t.Errorf("%s: told %q, want %q", tt.name, notes, tt.note)
		}
	}
	for name, data := range map[string][]byte{
		"Cyrillic": encoded(t, charmap.KOI8R, "Медиатека на улице\n"),
	} {
		if _, notes := readText(t, data); len(notes) == 0 || !strings.Contains(notes[len(notes)-1], "!le texte n'est ni") {
			t.Errorf("%s: told %q", name, notes)
		}
	}
	if got := Foreign(encoded(t, utf32.UTF32(utf32.LittleEndian, utf32.UseBOM), "nom")); !strings.Contains(got, "UTF-32") {
		t.Errorf("UTF-32 is told as %q", got)
	}
}

// twice encodes UTF-8 once more, as a program does that takes it for another encoding.
func twice(t testing.TB, page *charmap.Charmap, s string) string {
	t.Helper()
	var b strings.Builder
	for _, c := range []byte(s) {
		r := page.DecodeByte(c)
		if r == '\uFFFD' {
			r = rune(c)
		}
		b.WriteRune(r)
	}
	return b.String()
}

func TestTextEncodedTwiceIsMended(t *testing.T) {
	text := prose + "Sœur l’Œuvre – 3 € “x” à\u00a0l'É À Ê Ù\n"
	for _, page := range []*charmap.Charmap{charmap.Windows1252, charmap.ISO8859_1, charmap.Macintosh, charmap.CodePage850} {
		garbled := twice(t, page, text)
		got, notes := readText(t, []byte(garbled))
		if got != text || len(notes) != 1 || !strings.Contains(notes[0], "encodé deux fois") {
			t.Errorf("%s: read %q, told %q", page, got, notes)
		}
		// One garbled line among sound ones is mended, the others stay.
		if got, notes := readText(t, []byte(prose+garbled)); got != prose+text || len(notes) != 1 {
			t.Errorf("%s among sound lines: read %q, told %q", page, got, notes)
		}
	}
	if got, _ := readText(t, []byte(twice(t, charmap.Windows1252, twice(t, charmap.Windows1252, prose)))); got != prose {
		t.Errorf("three times: read %q", got)
	}
	if got, _ := readText(t, []byte("Ã©tÃ© Ã l'accueil")); got != "été à l'accueil" {
		t.Errorf("à whose second half became a space: read %q", got)
	}
	// UTF-8 and Windows-1252 in one file.
	mixed := append(encoded(t, charmap.Windows1252, strings.Repeat(prose, 3)), "été à Mâcon\n"...)
	if got, notes := readText(t, mixed); got != strings.Repeat(prose, 3)+"été à Mâcon\n" || len(notes) != 2 {
		t.Errorf("two encodings: read %q, told %q", got, notes)
	}
}

// TestSoundTextStays: nothing that French, or a neighbour, writes is taken for garbled.
func TestSoundTextStays(t *testing.T) {
	for _, s := range []string{
		"CAFÉ\u00a0» et «\u00a0À LA CARTE\u00a0»", "CHÂTEAU, PÂTÉ, ÂGE", "São João, Ångström, Ærø", "Œuvre – l’été… 3 € ½ m² ±2 °C", "ÔÇa, √2 ≈ 1,414 ¬p", "Straße, Łódź, Dvořák",
		"", "a", "é", "\u20ac", "Ã", "Â", "â€",
	} {
		got, notes := readText(t, []byte(s))
		if got != s || len(notes) != 0 {
			t.Errorf("%q: read %q, told %q", s, got, notes)
		}
	}
}

func TestLostCharactersAndOldLines(t *testing.T) {
	if _, notes := readText(t, []byte("nom\nM\uFFFDdiath\uFFFDque\n")); len(notes) != 1 || !strings.Contains(notes[0], "perdus avant l'envoi, écrits « \uFFFD » : 2") {
		t.Errorf("told %q", notes)
	}
	got, notes := readText(t, encoded(t, charmap.Macintosh, strings.ReplaceAll(prose, "\n", "\r")))
	if got != prose || len(notes) != 2 {
		t.Errorf("read %q, told %q", got, notes)
	}
	if got, notes := readText(t, []byte("a\r\nb\rc\r\n")); got != "a\r\nb\rc\r\n" || len(notes) != 0 {
		t.Errorf("CR within a file of CRLF: read %q, told %q", got, notes)
	}
}

// TestCensusDoesNotDependOnBlocks: what a file is does not depend on how it is read.
func TestCensusDoesNotDependOnBlocks(t *testing.T) {
	const seed = 11
	t.Logf("seed %d", seed)
	rnd := rand.New(rand.NewPCG(seed, 0))
	texts := [][]byte{
		[]byte("é€𝄞 a\xe9b\xff \xe2\x82"), []byte(twice(t, charmap.Windows1252, prose)), encoded(t, little.Encoding, prose), encoded(t, charmap.Macintosh, prose),
	}
	const letters = "aé\r\n\xc3\x83\xc2\xa9\xe2\x82\xac "
	for range 200 {
		b := make([]byte, rnd.IntN(40))
		for i := range b {
			b[i] = letters[rnd.IntN(len(letters))]
		}
		texts = append(texts, b)
	}
	for _, data := range texts {
		want := inspected(t, data).text
		for _, size := range []int{1, 2, 3, 7} {
			c := newCensus(data)
			for block := range slices.Chunk(data, size) {
				if _, err := c.Write(block); err != nil {
					t.Fatal(err)
				}
			}
			got := c.text()
			if got != want {
				t.Fatalf("%q in blocks of %d: %+v, whole %+v", data, size, got, want)
			}
			whole, err := io.ReadAll(want.decode(strings.NewReader(string(data))))
			if err != nil {
				t.Fatal(err)
			}
			cut, err := io.ReadAll(want.decode(iotest.OneByteReader(strings.NewReader(string(data)))))
			if err != nil || string(cut) != string(whole) {
				t.Fatalf("%q: read a byte at a time %q, %v; whole %q", data, cut, err, whole)
			}
		}
	}
}

func FuzzText(f *testing.F) {
	for _, s := range []string{prose, "\xff\xfea\x00", "M\x8ediath\x8fque\r", "Ã©tÃ© â€™", "\xef\xbb\xbfa", "a\xe9", "\xc3", "├®┬░"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		text, _ := readText(t, data)
		again, _ := readText(t, data)
		if text != again {
			t.Fatalf("two readings of %q differ", data)
		}
		// What is pure ASCII, or a sound text without what is told of, stays.
		file := inspected(t, data)
		if file.text.plain() && text != strings.TrimPrefix(string(data), string(BOM)) {
			t.Fatalf("%q was read as %q", data, text)
		}
	})
}
