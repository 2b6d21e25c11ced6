package outline

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// TestTextsOfShapefiles reads names in every encoding that a .cpg announces, truly or not.
func TestTextsOfShapefiles(t *testing.T) {
	cut := strings.Repeat("a", sourcetest.DbfWidth-1)
	for _, tt := range []struct{ special, cpg, nom, want, told string }{
		{"UTF-8", "UTF-8", "Œuilly", "Œuilly", ""},
		{"UTF-8, with a mark and a line feed", "\ufeffUTF-8\r\n", "Œuilly", "Œuilly", ""},
		{"Latin-1 that is said to be UTF-8", "UTF-8", "Ab\xe9court", "Abécourt", "avis : c.zip: encodage « UTF-8 » : annoncé par le fichier .cpg de c ; textes qui n'en sont pas, lus en Windows-1252 : 1\n"},
		{"UTF-8, the last character of which does not fit", "UTF-8", cut + "é", cut, ""},
		{"nothing said, Latin-1", "", "Ab\xe9court", "Abécourt", ""},
		{"nothing said, UTF-8", "", "Abécourt", "Abécourt", ""},
		{"ISO-8859-1", "ISO-8859-1", "Ab\xe9court", "Abécourt", ""},
		{"a code page", "1252", "\x8cuilly", "Œuilly", ""},
		{"ISO-8859-15", "ISO-8859-15", "\xbcuilly", "Œuilly", ""},
		{"as DOS wrote", "CP850", "Ab\x82court", "Abécourt", ""},
	} {
		members := []sourcetest.Member{
			{Name: "c.shp", Data: sourcetest.ShpOf(15, []orb.Ring{sourcetest.Box(0, 0, 100)})},
			{Name: "c.dbf", Data: sourcetest.DbfOf(communeFields, []string{"02408", tt.nom, "200043495", "1"})},
			{Name: "c.prj", Data: sourcetest.L93WKT}}
		if tt.cpg != "" {
			members = append(members, sourcetest.Member{Name: "c.cpg", Data: tt.cpg})
		}
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", sourcetest.Zipped(members...))}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var got string
		for c, err := range imp.Rows {
			if err != nil {
				t.Fatalf("%s: %v", tt.special, err)
			}
			got = c.Nom
		}
		told := ""
		for _, w := range imp.Report.Warnings {
			told += "avis : " + w.String() + "\n"
		}
		if got != tt.want || told != tt.told {
			t.Errorf("%s: %q, told %q; want %q, %q", tt.special, got, told, tt.want, tt.told)
		}
	}
}

// TestShapefileThatIsNotZipped reads a .shp with what lies beside it, or is given with it.
func TestShapefileThatIsNotZipped(t *testing.T) {
	files := map[string]string{
		"COMMUNE.SHP": sourcetest.ShpOf(15, []orb.Ring{sourcetest.Box(0, 0, 100)}),
		"commune.dbf": sourcetest.DbfOf(communeFields, []string{"02408", "Abb\xe9court", "200043495", "1"}),
		"COMMUNE.prj": sourcetest.L93WKT, "COMMUNE.cpg": "ISO-8859-1", "COMMUNE.shx": sourcetest.ShpOf(15), "commune.qmd": "x", "autre.dbf": "x",
	}
	dir := t.TempDir()
	var given []source.Input
	for name, data := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(data), 0o600); err != nil {
			t.Fatal(err)
		}
		if name != "commune.qmd" && name != "autre.dbf" {
			given = append(given, sourcetest.Memory(name, []byte(data)))
		}
	}
	path := func(name string) source.Input { return source.FromPath(filepath.Join(dir, name)) }
	for special, in := range map[string][]source.Input{
		"found":           {path("COMMUNE.SHP")},
		"given and found": {path("COMMUNE.prj"), path("COMMUNE.SHP"), path("commune.dbf")},
		"given":           given,
	} {
		imp, err := Communes(t.Context(), in, source.Options{})
		rows := sourcetest.Rows(t, imp, err)
		sourcetest.None(t, imp.Report.Rejected)
		sourcetest.None(t, imp.Report.Warnings)
		if len(rows) != 1 || rows[0].Nom != "Abbécourt" || imp.Manifest.Format != "Shapefile" {
			t.Errorf("%s: %v, %s", special, rows, imp.Manifest.Format)
		}
		if n := len(imp.Manifest.Files); n != 5 {
			t.Errorf("%s: %d files in the manifest, want the five that make the shapefile", special, n)
		}
	}
	if err := os.Remove(filepath.Join(dir, "commune.dbf")); err != nil {
		t.Fatal(err)
	}
	imp, err := Communes(t.Context(), []source.Input{path("COMMUNE.SHP")}, source.Options{})
	want := "lues 0, acceptées 0, réunies 0, refusées 0\nerreur : import communes: COMMUNE.SHP: pas de fichier .dbf à côté ; attendu les fichiers .shp, .dbf et .prj de la couche\n"
	if diff := cmp.Diff(want, sourcetest.Transcript(t, imp, err)); diff != "" {
		t.Errorf("without its .dbf (-want +got):\n%s", diff)
	}
}
