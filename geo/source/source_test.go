package source_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/store"
)

func TestManifestAndReportJSON(t *testing.T) {
	o := source.Options{Dataset: "secteurs-02", Source: "Département", Licence: "Licence Ouverte 2.0", Vintage: "2024", Modelled: "Règle de travail."}
	imp, err := outline.Secteurs(t.Context(), []source.Input{sourcetest.Memory("dossier.csv", []byte("secteur,code,nom\nMarle,02468,Marle\nMarle,02469,Autre\nx,2469,Autre\n,02468,y\n\nVal,02001,z\nVal,02002,z\nVal,02003,z\nVal,02004,z\nVal,02005,z\nVal,02006,z\n"))}, o)
	if err != nil {
		t.Fatal(err)
	}
	for _, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
	}
	// sha256 as sha256sum gives it.
	got, err := json.MarshalIndent(imp.Report, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "kind": "secteurs",
 "files": [
  {
   "name": "dossier.csv",
   "sha256": "SHA",
   "bytes": 148
  }
 ],
 "read": 10,
 "accepted": 2,
 "merged": 6,
 "rejected": [
  {
   "file": "dossier.csv",
   "row": 4,
   "field": "code",
   "value": "2469",
   "reason": "code de commune sans son zéro initial ; attendu 02469 (colonne au format texte)"
  },
  {
   "file": "dossier.csv",
   "row": 5,
   "field": "secteur",
   "reason": "nom de secteur absent ; attendu des lettres ou des chiffres"
  }
 ],
 "warnings": [],
 "manifest": {
  "kind": "secteurs",
  "dataset": "secteurs-02",
  "files": [
   {
    "name": "dossier.csv",
    "sha256": "SHA",
    "bytes": 148
   }
  ],
  "format": "CSV",
  "source": "Département",
  "licence": "Licence Ouverte 2.0",
  "vintage": "2024",
  "rows": 2,
  "modelled": "Règle de travail."
 }
}`
	want = strings.ReplaceAll(want, "SHA", "ef53ba6c65b44e8dc91e2d4a5b715a13cf9ee9b2a9ea7fbb3498c0b6e73a0aeb")
	if diff := cmp.Diff(want, string(got)); diff != "" {
		t.Errorf("report (-want +got):\n%s", diff)
	}
	if imp.Manifest.Rows != 0 || imp.Manifest.Dataset != "secteurs-02" {
		t.Errorf("the manifest handed to the store has %d rows and dataset %q; want 0, which the store sets, and secteurs-02", imp.Manifest.Rows, imp.Manifest.Dataset)
	}
}

func TestDatasetDefaultsToKind(t *testing.T) {
	imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.Memory("v.csv", []byte("code,x\n02408,1\n"))}, source.Options{})
	if err != nil || imp.Manifest.Dataset != "ifn" {
		t.Errorf("dataset %q, %v; want ifn", imp.Manifest.Dataset, err)
	}
}

func TestMaxRejectShare(t *testing.T) {
	text := []byte("secteur,code,nom\na,02001,\nb,02002,\nc,02003,\nd,nul,\n") // one of four
	for _, tt := range []struct {
		special string
		share   float64
		fails   bool
	}{
		{"default of 20 %", 0, true},
		{"just the share is let through", .25, false},
		{"a little less", .24, true},
		{"everything but all", 1, false},
	} {
		imp, err := outline.Secteurs(t.Context(), []source.Input{sourcetest.Memory("s.csv", text)}, source.Options{MaxRejectShare: tt.share})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		if (last != nil) != tt.fails {
			t.Errorf("%s: share %v: error %v, want one: %v", tt.special, tt.share, last, tt.fails)
		}
		if len(imp.Report.Rejected) != 1 || imp.Report.Accepted != 3 {
			t.Errorf("%s: the report must be whole either way: %+v", tt.special, imp.Report)
		}
	}
	imp, err := outline.Secteurs(t.Context(), []source.Input{sourcetest.Memory("s.csv", []byte("secteur,code,nom\na,nul,\n"))}, source.Options{MaxRejectShare: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range imp.Rows {
	}
	if err == nil {
		t.Error("an import without a single row accepted must fail, whatever the share")
	}
}

func TestRejectionsWithoutEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("secteur,code,nom\na,02001,\n")
	for range source.MaxFaults + 10 {
		b.WriteString("a,nul,\n")
	}
	imp, err := outline.Secteurs(t.Context(), []source.Input{sourcetest.Memory("s.csv", []byte(b.String()))}, source.Options{MaxRejectShare: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range imp.Rows {
	}
	if err == nil || !strings.HasPrefix(err.Error(), "import secteurs: 10000 refus, lecture abandonnée ; le premier est s.csv:3: code « nul »") {
		t.Errorf("got error %v", err)
	}
	if n := len(imp.Report.Rejected); n != source.MaxFaults {
		t.Errorf("%d rejections kept, want %d", n, source.MaxFaults)
	}
}

func TestWarningsWithoutEnd(t *testing.T) {
	var b strings.Builder
	b.WriteString("tournee,nom,lieu_id,services,depot_lon,depot_lat,arret,commune,lon,lat,quand\n")
	for range source.MaxFaults + 10 {
		b.WriteString("t,,x,,,,a,,3.6,49.5,\n")
	}
	imp, err := lieux.Tournees(t.Context(), []source.Input{sourcetest.Memory("t.csv", []byte(b.String()))}, source.Options{})
	if tours := sourcetest.Rows(t, imp, err); len(tours) != 1 || len(tours[0].Stops) != source.MaxFaults+10 {
		t.Errorf("got %d tours", len(tours))
	}
	if r := imp.Report; len(r.Warnings) != source.MaxFaults || r.MoreWarnings != 10 {
		t.Errorf("%d warnings and %d more, want %d and 10", len(r.Warnings), r.MoreWarnings, source.MaxFaults)
	}
}

func TestRowsCanBeReadOnceAndStopped(t *testing.T) {
	imp, err := outline.Secteurs(t.Context(), []source.Input{sourcetest.Memory("s.csv", []byte("secteur,code,nom\na,02001,\nb,02002,\n"))}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for s, err := range imp.Rows {
		if err != nil || s.Code != "a" {
			t.Fatalf("first row %v, %v", s, err)
		}
		break
	}
	n := 0
	for _, err = range imp.Rows {
		n++
	}
	if n != 1 || err == nil {
		t.Errorf("a second reading gives %d elements, error %v; want one error", n, err)
	}
}

func TestOpeningFails(t *testing.T) {
	dir := t.TempDir()
	for _, tt := range []struct {
		special string
		in      []source.Input
		want    string
	}{
		{"no file", nil, "import lieux: aucun fichier"},
		{"a file that is not there; its folder is not shown", []source.Input{source.FromPath(filepath.Join(dir, "absent.csv"))}, "import lieux: absent.csv: fichier introuvable"},
		{"a folder", []source.Input{source.FromPath(dir)}, "import lieux: " + filepath.Base(dir) + ": un dossier ; attendu un fichier"},
	} {
		if _, err := lieux.Lieux(t.Context(), tt.in, source.Options{}); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, err, tt.want)
		}
	}
}

// shifty gives other bytes at each pass.
func shifty(passes ...string) source.Input {
	n := 0
	return source.Input{Name: "s.csv", Open: func() (io.ReadCloser, error) {
		if n == len(passes) {
			return nil, os.ErrNotExist
		}
		n++
		return io.NopCloser(strings.NewReader(passes[n-1])), nil
	}}
}

func TestFileThatChangesDuringTheImport(t *testing.T) {
	const before, after = "secteur,code,nom\na,02001,\n", "secteur,code,nom\na,02002,\n"
	for _, tt := range []struct {
		special string
		in      source.Input
		want    string
	}{
		{"other bytes", shifty(before, after), "import secteurs: s.csv: le fichier a changé pendant l'import ; recommencez"},
		{"gone", shifty(before), "import secteurs: s.csv: fichier introuvable"},
	} {
		imp, err := outline.Secteurs(t.Context(), []source.Input{tt.in}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, err = range imp.Rows {
		}
		if err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, err, tt.want)
		}
	}
}

func TestReadErrorInTheMiddle(t *testing.T) {
	n := 0
	in := source.Input{Name: "s.csv", Open: func() (io.ReadCloser, error) {
		n++
		text := strings.NewReader("secteur,code,nom\na,02001,\nb,02002,\n")
		if n == 1 {
			return io.NopCloser(text), nil
		}
		return io.NopCloser(io.MultiReader(io.LimitReader(text, 30), broken{})), nil
	}}
	imp, err := outline.Secteurs(t.Context(), []source.Input{in}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range imp.Rows {
	}
	if err == nil || !strings.HasPrefix(err.Error(), "import secteurs: s.csv:") || !strings.Contains(err.Error(), "disque fatigué") {
		t.Errorf("got %v", err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, errors.New("disque fatigué") }

func TestRejectionString(t *testing.T) {
	for _, tt := range []struct {
		special string
		r       source.Rejection
		want    string
	}{
		{"all fields", source.NewFault("a.csv", 3, "latitude", "49,5", "virgule"), "a.csv:3: latitude « 49,5 » : virgule"},
		{"no value", source.NewFault("a.csv", 3, "nom", "", "absent"), "a.csv:3: nom : absent"},
		{"no field", source.NewFault("a.csv", 3, "", "x", "illisible"), "a.csv:3: illisible"},
		{"the whole file", source.NewFault("a.csv", 0, "", "", "illisible"), "a.csv: illisible"},
		{"a value too long to show", source.NewFault("a.csv", 1, "x", strings.Repeat("é", 100), "long"), "a.csv:1: x « " + strings.Repeat("é", 80) + "… » : long"},
		{"bytes that are no text", source.NewFault("a.csv", 1, "x", "a\xffb", "octets"), "a.csv:1: x « a\uFFFDb » : octets"},
	} {
		if got := tt.r.String(); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.special, got, tt.want)
		}
	}
}

func TestForeignFormats(t *testing.T) {
	tar := "donnees.csv" + strings.Repeat("\x00", 246) + "ustar\x0000"
	for head, want := range map[string]string{
		"PK\x03\x04": "une archive zip ou un classeur (xlsx, ods)", "PK\x03\x04....mimetypeapplication/vnd.oasis.opendocument.spreadsheetPK": "un classeur OpenDocument (ods)",
		"\xd0\xcf\x11\xe0": "un ancien classeur Excel (xls)", "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1": "un ancien classeur Excel (xls), ou un classeur protégé", "\x1f\x8b\x08": "un fichier compressé (gzip)",
		"7z\xbc\xaf\x27\x1c\x00\x04": "une archive 7z où rien", "Rar!\x1a\x07\x01\x00": "une archive rar (décompressez-la", tar: "une archive tar (décompressez-la",
		"BZh9": "un fichier compressé (bzip2)", "SQLite format 3\x00": "un GeoPackage ou une base SQLite", "%PDF-1.7": "un document PDF",
		"\xff\xfea\x00": "", " <HTML>": "une page web (HTML)", "<table border=1><tr>": "une page web (HTML)", "\ufeff<?xml": "du XML", "id,nom": "", "": "",
		"<?xml version=\"1.0\"?><?mso-application progid=\"Excel.Sheet\"?>": "un classeur XML d'Excel 2003", "{\\rtf1\\ansi": "un document RTF", "{\"a\":1}": "",
		"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18": "un fichier OpenStreetMap (PBF)",
	} {
		if got := source.Foreign([]byte(head)); !strings.HasPrefix(got, want) || want == "" && got != "" {
			t.Errorf("foreign(%q) = %q, want %q", head, got, want)
		}
	}
}

func TestSeveralFilesAreOneImport(t *testing.T) {
	imp, err := stat.Variables(t.Context(), []source.Input{
		sourcetest.Memory("a.csv", []byte("code,x\n02408,1\n02001,2\n")),
		sourcetest.Memory("b.csv", []byte("code;x\n02002;3,5\n02408;4\n")),
	}, source.Options{MaxRejectShare: .5})
	got := sourcetest.Rows(t, imp, err)
	want := []store.Variable{{Level: store.LevelCommune, Code: "02001", Name: "x", Value: 2}, {Level: store.LevelCommune, Code: "02002", Name: "x", Value: 3.5}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	if r := imp.Report.Rejected; len(r) != 2 || r[0].String() != "a.csv:2: x « 1 » : 02408 a une autre valeur à b.csv:3 (4) ; attendu une seule valeur" ||
		r[1].String() != "b.csv:3: x « 4 » : 02408 a une autre valeur à a.csv:2 (1) ; attendu une seule valeur" {
		t.Errorf("rejections: %v", r)
	}
	if f := imp.Manifest.Files; len(f) != 2 || f[0].Name != "a.csv" || f[1].Bytes != int64(len("code;x\n02002;3,5\n02408;4\n")) {
		t.Errorf("files: %v", f)
	}
}

func TestLimitOfAFeature(t *testing.T) {
	var b bytes.Buffer
	b.WriteString(`{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"x":"`)
	b.Write(bytes.Repeat([]byte("a"), source.MaxFeature+64<<10))
	b.WriteString(`"}}]}`)
	imp, err := outline.Communes(t.Context(), []source.Input{sourcetest.Memory("c.geojson", b.Bytes())}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for _, err = range imp.Rows {
	}
	if want := "import communes: c.geojson:1: objet de plus de 8 Mio ; attendu des contours plus simples, ou plusieurs objets"; fmt.Sprint(err) != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

// TestOnlyFilesAreOpened: a pipe that nobody writes to would be waited for without end.
func TestOnlyFilesAreOpened(t *testing.T) {
	dir := t.TempDir()
	pipe := filepath.Join(dir, "tube")
	if err := syscall.Mkfifo(pipe, 0o600); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{pipe: "un tube", dir: "un dossier", filepath.Join(dir, "absent"): "no such file"} {
		if f, err := source.FromPath(path).Open(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: opened as %v, %v; want %q", path, f, err, want)
		}
	}
}
