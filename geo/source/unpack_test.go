package source_test

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat"
)

func gzipped(t *testing.T, text string) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write([]byte(text)); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// TestArchives: data is read out of the archive that it comes in, and the manifest has the
// archive.
func TestArchives(t *testing.T) {
	const csv = "code;taux\n02408;12,5\nx;1\n"
	zip := func(names ...string) []byte {
		var members []sourcetest.Member
		for _, name := range names {
			text := csv
			if strings.Contains(name, "meta") || strings.HasPrefix(name, "__MACOSX") {
				text = "COD_VAR;LIB_VAR\nA;B\n"
			}
			members = append(members, sourcetest.Member{Name: name, Data: text})
		}
		return sourcetest.Zipped(members...)
	}
	for _, tt := range []struct {
		special string
		data    []byte
		layer   string
		want    string // a part of what is told
	}{
		{"gzip", gzipped(t, csv), "", "refus : a › a:3: code « x »"},
		{"a zip of one table, in a folder", zip("donnees/2024/taux.csv"), "", "refus : a › taux.csv:3: code « x »"},
		{"what macOS adds", zip("taux.csv", "__MACOSX/._taux.csv", ".DS_Store"), "", "refus : a › taux.csv:3:"},
		{"with its dictionary", zip("base-cc.csv", "meta_base-cc.csv", "Lisez-moi.txt"), "", "refus : a › base-cc.csv:3:"},
		{"several tables", zip("a/met.csv", "a/reun.csv"), "", "erreur : import ifn: a: archive de plusieurs fichiers ; choisissez-en un (--layer) parmi : met.csv, reun.csv"},
		{"one of several", zip("a/met.csv", "a/reun.csv"), "reun", "refus : a › reun.csv:3:"},
		{"one of several, by its whole name", zip("a/met.csv", "a/reun.csv"), "a/met.csv", "refus : a › met.csv:3:"},
		{"a workbook in a zip", sourcetest.Zipped(sourcetest.Member{Name: "x/v.xlsx", Data: string(sourcetest.XlsxOf([][]string{{"code", "taux"}, {"02408", "=1"}, {"x", "=2"}}))}), "", "refus : a › v.xlsx:3: code « x »"},
		{"nothing that is read", sourcetest.Zipped(sourcetest.Member{Name: "a.doc", Data: "x"}), "", "c'est une archive zip, mais pas un classeur XLSX"},
		{"a GeoPackage in a zip", sourcetest.Zipped(sourcetest.Member{Name: "a.gpkg", Data: "SQLite format 3\x00"}), "", "c'est un GeoPackage"},
		{"an archive in a gzip", gzipped(t, "a"+strings.Repeat("\x00", 256)+"ustar\x0000"), "", "c'est une archive tar (décompressez-la"},
		{"a gzip cut short", gzipped(t, strings.Repeat(csv, 1000))[:60], "", "erreur : import ifn: a: fichier gzip abîmé ou tronqué"},
		{"a gzip bomb", gzipped(t, strings.Repeat("0", 16<<20)), "", "erreur : import ifn: a: décompressé, il serait plus de 200 fois plus gros"},
		{"a zip bomb", sourcetest.Zipped(sourcetest.Member{Name: "a.csv", Data: strings.Repeat("0", 16<<20)}), "", "décompressé, il serait"},
	} {
		imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.Memory("a", tt.data)}, source.Options{Layer: tt.layer, MaxRejectShare: .6})
		got := sourcetest.Transcript(t, imp, err)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%swant %s", tt.special, got, tt.want)
		}
		if f := imp.Manifest.Files; len(f) != 1 || f[0].Name != "a" || f[0].Bytes != int64(len(tt.data)) {
			t.Errorf("%s: the manifest has %v", tt.special, f)
		}
	}
	layer := `{"type":"FeatureCollection","features":[{"type":"Feature","properties":{"code":"02408","nom":"Laon","epci":"200043495","population":1},"geometry":{"type":"Polygon","coordinates":[[[3,49],[4,49],[4,50],[3,49]]]}}]}`
	for special, data := range map[string][]byte{"zip": sourcetest.Zipped(sourcetest.Member{Name: "communes.geojson", Data: layer}), "gzip": gzipped(t, layer)} {
		imp, err := outline.Communes(t.Context(), []source.Input{sourcetest.Memory("c", data)}, source.Options{})
		if got := sourcetest.Rows(t, imp, err); len(got) != 1 || imp.Manifest.Format != "GeoJSON" {
			t.Errorf("a layer in a %s: %v, %s", special, got, imp.Manifest.Format)
		}
	}
	table, err := outline.CommuneTable(t.Context(), []source.Input{sourcetest.Memory("t.csv.gz", gzipped(t, "code,nom\n02408,Laon\n"))})
	if err != nil || fmt.Sprint(table.Of) != "map[02408:{Laon  <nil>}]" {
		t.Errorf("a table of communes in a gzip: %v, %v", table, err)
	}
}

func FuzzUnpack(f *testing.F) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	_, _ = w.Write([]byte("code;taux\n02408;1\n")) // to memory
	_ = w.Close()
	f.Add(z.Bytes())
	f.Add(sourcetest.Zipped(sourcetest.Member{Name: "a/v.csv", Data: "code;taux\n02408;1\n"}, sourcetest.Member{Name: "meta.csv", Data: "x"}))
	f.Add([]byte("IRIS;taux;P21_POP\n024080101;10;100\n024080102;20 %;300\n2408;s;1\n"))
	f.Add([]byte("code,variable,valeur\n75112,taux,1\n75056,taux,2\n02408,taux,-\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.Memory("v", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, imp, err)
		epci, err := outline.EPCI(t.Context(), []source.Input{sourcetest.Memory("v", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, epci, err)
		communes, err := outline.Communes(t.Context(), []source.Input{sourcetest.Memory("v", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, communes, err)
	})
}
