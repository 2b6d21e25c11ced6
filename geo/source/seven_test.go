package source_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat"
)

const sevenTable = "code;taux\n02408;12,5\nx;1\n"

// TestSevenZip has tables read out of 7z archives, and what is wrong with archives told.
func TestSevenZip(t *testing.T) {
	table := sourcetest.Member{Name: "donnees/taux.csv", Data: sevenTable}
	notice := sourcetest.Member{Name: "LISEZ-MOI.txt", Data: "rien"}
	whole := sourcetest.Seven{Method: "lzma", Packed: true}.Of(notice, table)
	broken := bytes.Clone(whole)
	broken[len(broken)-3] ^= 0xff
	swapped := bytes.Clone(sourcetest.Seven{}.Of(table))
	copy(swapped[32:], "CODE")
	for _, tt := range []struct {
		special string
		data    []byte
		layer   string
		want    string // a part of what is told
	}{
		{"as they stand", sourcetest.Seven{}.Of(table), "", "refus : a › taux.csv:3: code « x »"},
		{"deflate", sourcetest.Seven{Method: "deflate"}.Of(table), "", "refus : a › taux.csv:3: code « x »"},
		{"as 7-Zip does, the table after another file", whole, "", "refus : a › taux.csv:3: code « x »"},
		{"several tables", sourcetest.Seven{}.Of(table, sourcetest.Member{Name: "autre.csv", Data: sevenTable}), "", "choisissez-en un (--layer) parmi : taux.csv, autre.csv"},
		{"of one name", sourcetest.Seven{}.Of(table, sourcetest.Member{Name: "b/taux.csv", Data: sevenTable}), "", "parmi : donnees/taux.csv, b/taux.csv"},
		{"one of several", sourcetest.Seven{}.Of(table, sourcetest.Member{Name: "autre.csv", Data: sevenTable}), "autre", "refus : a › autre.csv:3:"},
		{"archives in it", sourcetest.Seven{}.Of(sourcetest.Member{Name: "a/fr.7z", Data: "7z"}), "", "archive d'archives (fr.7z)"},
		{"nothing that is read", sourcetest.Seven{}.Of(sourcetest.Member{Name: "a.doc", Data: "x"}), "", "c'est une archive 7z où rien n'est lu"},
		{"a password", sourcetest.Seven{Method: "aes"}.Of(table), "", "taux.csv : protégé par un mot de passe"},
		{"an unknown method", sourcetest.Seven{Method: "\x04\xf7\x11\x02"}.Of(table), "", "compressée d'une façon qui n'est pas lue"},
		{"the start alone", []byte("7z\xbc\xaf\x27\x1c\x00\x04abcdefgh"), "", "erreur : import ifn: a: archive 7z abîmée ou tronquée"},
		{"cut short", whole[:len(whole)-20], "", "archive 7z abîmée ou tronquée"},
		{"a bit changed in the header", broken, "", "archive 7z abîmée ou tronquée"},
		{"a bomb", sourcetest.Seven{Method: "lzma"}.Of(sourcetest.Member{Name: "a.csv", Data: strings.Repeat("0", 16<<20)}), "", "fois plus gros ; attendu au plus 200 fois"},
		{"a dictionary that fills memory", sourcetest.Seven{Method: "lzma", Dictionary: 3 << 30}.Of(table), "", "demanderait 3072 Mio de mémoire"},
		{"millions of files", sourcetest.Seven{Claimed: 5_000_000}.Of(table), "", "archive 7z de 5000001 fichiers"},
	} {
		imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.Memory("a", tt.data)}, source.Options{Layer: tt.layer, MaxRejectShare: .6})
		got := sourcetest.Transcript(t, imp, err)
		if !strings.Contains(got, tt.want) {
			t.Errorf("%s: got\n%swant %s", tt.special, got, tt.want)
		}
	}
}

// TestLayersOfSevenZip: outlines as IGN delivers them, in shapefiles of several territories
// or in a GeoPackage.
func TestLayersOfSevenZip(t *testing.T) {
	square := [][][3]float64{{{745_000, 6_940_000}, {745_000, 6_950_000}, {755_000, 6_950_000}, {755_000, 6_940_000}, {745_000, 6_940_000}}}
	commune := func(folder, code string) []sourcetest.Member {
		return []sourcetest.Member{
			{Name: folder + "/COMMUNE.shp", Data: sourcetest.ShapesOf(5, square)},
			{Name: folder + "/COMMUNE.dbf", Data: sourcetest.DbfOf([]string{"INSEE_COM", "NOM", "SIREN_EPCI"}, []string{code, "Laon", "200043495"})},
			{Name: folder + "/COMMUNE.prj", Data: sourcetest.L93WKT},
		}
	}
	one := commune("ADE/1_DONNEES/FXX", "02408")
	two := append(commune("ADE/1_DONNEES/FXX", "02408"), commune("ADE/1_DONNEES/ZZZ", "02001")...)
	people := 100
	facts := &source.Attributes{Of: map[string]source.CommuneFacts{"02408": {Population: &people}, "02001": {Population: &people}}}
	read := func(data []byte, layer string) string {
		imp, err := outline.Communes(t.Context(), []source.Input{sourcetest.Memory("ade.7z", data)}, source.Options{Layer: layer, Attributes: facts})
		return sourcetest.Transcript(t, imp, err)
	}
	for _, how := range []sourcetest.Seven{{}, {Method: "lzma", Packed: true}} {
		if got := read(how.Of(one...), ""); !strings.Contains(got, "acceptées 1,") || strings.Contains(got, "erreur") {
			t.Errorf("shapefiles, %+v:\n%s", how, got)
		}
	}
	if got := read(sourcetest.Seven{}.Of(two...), ""); !strings.Contains(got, "choisissez-en une (--layer) parmi : FXX/COMMUNE, ZZZ/COMMUNE") {
		t.Errorf("two territories:\n%s", got)
	}
	imp, err := outline.Communes(t.Context(), []source.Input{sourcetest.Memory("ade.7z", sourcetest.Seven{}.Of(two...))}, source.Options{Layer: "ZZZ/COMMUNE", Attributes: facts})
	if got := sourcetest.Rows(t, imp, err); len(got) != 1 || got[0].Code != "02001" {
		t.Errorf("the layer of one of them: %v", got)
	}
}

// TestGeoPackageInArchives reads a GeoPackage out of archives, and leaves no copy.
func TestGeoPackageInArchives(t *testing.T) {
	tmp := t.TempDir()
	t.Setenv("TMPDIR", tmp)
	data, err := os.ReadFile(foreign(t, layerSQL("commune", 2154, communeColumns, fmt.Sprintf("(1, %s, '02408', 'Laon', 24304)", l93(0, 0, 100)))))
	if err != nil {
		t.Fatal(err)
	}
	member := sourcetest.Member{Name: "ADE/ade.gpkg", Data: string(data)}
	for name, packed := range map[string][]byte{
		"7z": sourcetest.Seven{Method: "lzma"}.Of(member), "zip": sourcetest.Zipped(member), "gzip": gzipped(t, string(data)),
	} {
		imp, err := outline.Communes(t.Context(), []source.Input{sourcetest.Memory("x", packed)}, source.Options{})
		if got := sourcetest.Rows(t, imp, err); len(got) == 0 || imp.Manifest.Format != "GeoPackage" {
			t.Errorf("%s: %d rows, %s", name, len(got), imp.Manifest.Format)
		}
	}
	if left, _ := filepath.Glob(filepath.Join(tmp, "*")); len(left) > 0 {
		t.Errorf("copies left: %v", left)
	}
}

// TestSevenZipEnds: reading to the second file of an archive stops with the import.
func TestSevenZipEnds(t *testing.T) {
	data := sourcetest.Seven{Method: "deflate"}.Of(sourcetest.Member{Name: "a.doc", Data: strings.Repeat("abcdefg\n", 1<<12)}, sourcetest.Member{Name: "b.csv", Data: sevenTable})
	ctx, cancel := context.WithCancel(t.Context())
	f, err := source.Inspect(ctx, sourcetest.Memory("a", data))
	if err != nil {
		t.Fatal(err)
	}
	a, err := source.OpenArchive(f)
	if err != nil {
		t.Fatal(err)
	}
	defer a.Close()
	r, err := a.Open(a.Find("b.csv"))
	if err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(r); err != nil || string(got) != sevenTable {
		t.Errorf("b.csv: %q, %v", got, err)
	}
	cancel()
	if _, err := source.OpenArchive(f); !errors.Is(err, context.Canceled) {
		t.Errorf("after the import ended: %v", err)
	}
}

func FuzzSevenZip(f *testing.F) {
	table := sourcetest.Member{Name: "v.csv", Data: "code;taux\n02408;1\n"}
	for _, how := range []sourcetest.Seven{{}, {Method: "deflate"}, {Method: "lzma", Packed: true}, {Method: "aes"}} {
		f.Add(how.Of(table, sourcetest.Member{Name: "lisez.txt", Data: "x"}))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		imp, err := stat.Variables(t.Context(), []source.Input{sourcetest.Memory("v", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, imp, err)
		epci, err := outline.EPCI(t.Context(), []source.Input{sourcetest.Memory("v", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, epci, err)
	})
}
