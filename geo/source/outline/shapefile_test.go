package outline

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"go.uber.org/goleak"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/source/stat"
)

var communeFields = []string{"INSEE_COM", "NOM", "SIREN_EPCI", "N:POPULATION"}

func TestShapefile(t *testing.T) {
	// Laon has a hole, with an island in it; Œuilly has two parts; a deleted record
	// is between; the second layer is of points of interest to nobody.
	shp := sourcetest.ShpOf(15,
		[]orb.Ring{sourcetest.Box(0, 0, 100), sourcetest.Reversed(sourcetest.Box(20, 20, 60)), sourcetest.Box(40, 40, 10)},
		[]orb.Ring{sourcetest.Box(500, 0, 10)},
		[]orb.Ring{sourcetest.Box(200, 0, 10), sourcetest.Box(300, 0, 10)})
	dbf := sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "200043495/200000000", "24304.00"}, nil, []string{"02565", "\x8cuilly", "NC", "0"})
	data := sourcetest.Zipped(
		sourcetest.Member{Name: "doc/lisez-moi.txt", Data: "bonjour"},
		sourcetest.Member{Name: "adm/REGION.shp", Data: sourcetest.ShpOf(5, []orb.Ring{sourcetest.Box(0, 0, 9)})}, sourcetest.Member{Name: "adm/REGION.dbf", Data: sourcetest.DbfOf([]string{"NOM"}, []string{"x"})},
		sourcetest.Member{Name: "adm/COMMUNE.SHP", Data: shp}, sourcetest.Member{Name: "adm/COMMUNE.DBF", Data: dbf}, sourcetest.Member{Name: "adm/COMMUNE.prj", Data: sourcetest.L93WKT}, sourcetest.Member{Name: "adm/COMMUNE.cpg", Data: "1252\r\n"},
		sourcetest.Member{Name: "__MACOSX/adm/._COMMUNE.SHP", Data: "x"})
	imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("admin.zip", data)}, source.Options{})
	got := sourcetest.Rows(t, imp, err)
	if w := imp.Report.Warnings; len(w) != 1 || w[0].String() != "admin.zip:3: epci « Œuilly » : communes sans EPCI : 1 ; leurs habitants ne compteront dans aucun" {
		t.Errorf("warnings %v", w)
	}
	sourcetest.None(t, imp.Report.Rejected)
	if len(got) != 2 || imp.Manifest.Format != "Shapefile" {
		t.Fatalf("%d communes, want 2; format %q", len(got), imp.Manifest.Format)
	}
	laon, oeuilly := got[0], got[1]
	if laon.Code != "02408" || laon.EPCI != "200043495" || laon.Population != 24304 || oeuilly.Nom != "Œuilly" || oeuilly.EPCI != "" || oeuilly.Population != 0 {
		t.Errorf("got %+v and %+v", laon, oeuilly)
	}
	if len(laon.Outline) != 2 || len(laon.Outline[0]) != 2 || len(oeuilly.Outline) != 2 {
		t.Errorf("Laon has %d parts, want 2, the first with a hole; Œuilly %d, want 2", len(laon.Outline), len(oeuilly.Outline))
	}
	want, _ := geo.Lambert93.ToLonLat(745_000, 6_940_000)
	if p := laon.Outline[0][0][0]; geo.Distance(geo.LonLat{Lon: p[0], Lat: p[1]}, want) > 200 {
		t.Errorf("Laon starts at %v, want near %v", p, want)
	}
}

func TestShapefileLayerAndSystem(t *testing.T) {
	shp, dbf := sourcetest.ShpOf(5, []orb.Ring{sourcetest.Box(0, 0, 100)}), sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"})
	layer := func(name, prj string) []sourcetest.Member {
		return []sourcetest.Member{{Name: name + ".shp", Data: shp}, {Name: name + ".dbf", Data: dbf}, {Name: name + ".prj", Data: prj}}
	}
	for _, tt := range []struct {
		special string
		members []sourcetest.Member
		o       source.Options
		want    string // the error, "" for none
	}{
		{"one layer", layer("limites", sourcetest.L93WKT), source.Options{}, ""},
		{"two layers, one named like communes", append(layer("limites", sourcetest.L93WKT), layer("communes-2024", sourcetest.L93WKT)...), source.Options{}, ""},
		{"two layers alike, one asked for", append(layer("a", sourcetest.L93WKT), layer("b", sourcetest.L93WKT)...), source.Options{Layer: "B"}, ""},
		{"two layers alike", append(layer("a", sourcetest.L93WKT), layer("b", sourcetest.L93WKT)...), source.Options{}, "import communes: c.zip: plusieurs couches conviennent ; choisissez-en une (--layer) parmi : a, b"},
		{"a layer that is not there", layer("a", sourcetest.L93WKT), source.Options{Layer: "x"}, "import communes: c.zip: pas de couche « x » ; couches du fichier : a"},
		{"no system", layer("a", ""), source.Options{}, "import communes: c.zip: le fichier ne dit pas son système de coordonnées ; indiquez-le (--crs 2154, 4326, 3857 ou 3035)"},
		{"no system, but one asked for", layer("a", ""), source.Options{CRS: geo.Lambert93}, ""},
		{"another system", layer("a", `PROJCS["NTF_Lambert_II_etendu",GEOGCS["GCS_NTF"]]`), source.Options{}, "import communes: c.zip: système de coordonnées « NTF_Lambert_II_etendu » non admis ; attendu EPSG 2154, 4326, 3857 ou 3035 (--crs si c'est l'un d'eux, sinon reprojetez, par exemple dans QGIS)"},
	} {
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", sourcetest.Zipped(tt.members...))}, tt.o)
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		got := ""
		if last != nil {
			got = last.Error()
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.special, got, tt.want)
		}
	}
}

// TestWrongShapefiles shows, word for word, what a person is told.
func TestWrongShapefiles(t *testing.T) {
	shp, dbf := sourcetest.ShpOf(5, []orb.Ring{sourcetest.Box(0, 0, 100)}), sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"})
	bomb := strings.Repeat("\x00", 8<<20)
	with := func(shp, dbf string) []byte {
		return sourcetest.Zipped(sourcetest.Member{Name: "c.shp", Data: shp}, sourcetest.Member{Name: "c.dbf", Data: dbf}, sourcetest.Member{Name: "c.prj", Data: sourcetest.L93WKT})
	}
	good := with(shp, dbf)
	for _, tt := range []struct {
		special string
		data    []byte
		want    string
	}{
		{"a zip without layers", sourcetest.Zipped(sourcetest.Member{Name: "a.doc", Data: "x"}), "archive sans fichier .shp ; attendu une couche ESRI Shapefile (.shp, .dbf, .prj)"},
		{"a zip cut short", good[:len(good)-60], "archive zip sans liste de fichiers ; elle est sans doute tronquée"},
		{"no attributes", sourcetest.Zipped(sourcetest.Member{Name: "c.shp", Data: shp}), "c.shp : pas de fichier .dbf à côté ; attendu les fichiers .shp, .dbf et .prj de la couche"},
		{"attributes cut short", with(shp, dbf[:len(dbf)-10]), "c.dbf : objet 1 : fichier .dbf non compris ou tronqué ; attendu du dBASE III"},
		{"shapes cut short", with(shp[:150], dbf), "c.shp : objet 1 : fichier tronqué"},
		{"fewer shapes than attributes", with(sourcetest.ShpOf(5), dbf), "c.shp : il n'a pas autant d'objets que le fichier .dbf ; la couche est tronquée"},
		{"points", with(sourcetest.ShpOf(1), dbf), "la couche c n'est pas faite de surfaces ; attendu des polygones"},
		{"no shapefile at all", with("hello", dbf), "c.shp : ce n'est pas un fichier .shp ; attendu une couche ESRI Shapefile"},
		{"columns of something else", with(shp, sourcetest.DbfOf([]string{"ID", "N:AGE"}, []string{"1", "2"})), "aucune couche de surfaces n'a les colonnes attendues (code, nom) ; couches du fichier : c"},
		{"a bomb", with(bomb, dbf), "c.shp : décompressé, il serait 1024 fois plus gros ; attendu au plus 200 fois"},
	} {
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", tt.data)}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		var last error
		for _, last = range imp.Rows {
		}
		got := fmt.Sprint(last)
		if strings.Contains(tt.special, "bomb") { // the ratio is the library's affair
			got, tt.want = got[:50], ("import communes: c.zip: " + tt.want)[:50]
		} else {
			tt.want = "import communes: c.zip: " + tt.want
		}
		if got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.special, got, tt.want)
		}
	}
}

func TestRowsOfAShapefileAreRejectedOneByOne(t *testing.T) {
	open := sourcetest.Box(0, 0, 100)
	open[4][0]++
	shp := sourcetest.ShpOf(5, []orb.Ring{sourcetest.Box(0, 0, 100)}, []orb.Ring{open}, []orb.Ring{{{3, 49}, {3, 50}, {4, 50}, {3, 49}}}, []orb.Ring{sourcetest.Box(9e6, 0, 9)}, nil)
	dbf := sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"}, []string{"02001", "a", "", "1"}, []string{"02002", "b", "", "1"}, []string{"02003", "c", "", "1"}, []string{"02004", "d", "12", "***"})
	imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", sourcetest.Zipped(sourcetest.Member{Name: "c.shp", Data: shp}, sourcetest.Member{Name: "c.dbf", Data: dbf}, sourcetest.Member{Name: "c.prj", Data: sourcetest.L93WKT}, sourcetest.Member{Name: "c.cpg", Data: "EBCDIC"}))}, source.Options{MaxRejectShare: 1})
	want := `lues 5, acceptées 1, réunies 0, refusées 4
refus : c.zip:2: geometry « [745001, 6940000] » : polygone 1, anneau 1 : anneau non fermé ; attendu la dernière position égale à la première [745000, 6940000]
refus : c.zip:3: geometry « [3, 49] » : polygone 1, anneau 1 : position 1 : coordonnées en degrés ; attendu des mètres (EPSG:2154), ou un autre système (--crs 4326)
refus : c.zip:4: geometry « [9745000, 6940000] » : polygone 1, anneau 1 : position 1 : hors du domaine de EPSG:2154 ; attendu des mètres, l'est puis le nord
refus : c.zip:5: siren_epci « 12 » : SIREN non compris ; attendu neuf chiffres, comme 200072031
avis : c.zip: encodage « EBCDIC » : non compris (fichier .cpg) ; textes lus comme de l'UTF-8, sinon du Windows-1252
avis : c.zip:1: epci « Laon » : communes sans EPCI : 1 ; leurs habitants ne compteront dans aucun
`
	got := sourcetest.Transcript(t, imp, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is told (-want +got):\n%s", diff)
	}
}

// TestStuckShapefile ends the context of a reader that looks, for each of thousands of
// holes, which of thousands of outlines around it is the smallest.
func TestStuckShapefile(t *testing.T) {
	var rings []orb.Ring
	for i := range 4000 {
		ring := sourcetest.Box(float64(i), float64(i), 20_000-2*float64(i))
		side := ring[3]
		ring = ring[:4]
		for k := range 60 { // along one side
			ring = append(ring, orb.Point{side[0] - float64(k+1)*100, side[1]})
		}
		rings = append(rings, append(ring, ring[0]))
	}
	for i := range 4000 {
		rings = append(rings, sourcetest.Reversed(sourcetest.Box(10_000+float64(i%60), 10_000+float64(i/60), 0.5)))
	}
	data := sourcetest.Stored(sourcetest.Member{Name: "c.shp", Data: sourcetest.ShpOf(5, rings)}, sourcetest.Member{Name: "c.dbf", Data: sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"})},
		sourcetest.Member{Name: "c.prj", Data: sourcetest.L93WKT})
	defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	var ended time.Time
	defer time.AfterFunc(100*time.Millisecond, func() { ended = time.Now(); cancel() }).Stop()
	imp, err := Communes(ctx, []source.Input{sourcetest.Memory("c.zip", data)}, source.Options{MaxRejectShare: 1})
	if err == nil {
		for _, err = range imp.Rows {
		}
	}
	if ctx.Err() == nil {
		t.Fatalf("ended by itself: %v; want a reader that goes on", err)
	}
	late := time.Since(ended)
	t.Logf("ended %v after its context", late)
	if !errors.Is(err, context.Canceled) || late > time.Second {
		t.Errorf("ended %v after its context with %v; want context.Canceled within a second", late, err)
	}
}

func FuzzShapefile(f *testing.F) {
	f.Add([]byte(sourcetest.ShpOf(5, []orb.Ring{sourcetest.Box(0, 0, 100), sourcetest.Reversed(sourcetest.Box(20, 20, 60))})), []byte(sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"})), "UTF-8")
	f.Add([]byte(sourcetest.ShpOf(15, []orb.Ring{sourcetest.Box(0, 0, 100)}, nil)), []byte(sourcetest.DbfOf(communeFields, nil, []string{"02408", "L\xe9on", "x", "1.5"})), "1252")
	f.Add([]byte("x"), []byte{}, "")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, cpg string) {
		data := sourcetest.Stored(sourcetest.Member{Name: "c.shp", Data: string(shp)}, sourcetest.Member{Name: "c.dbf", Data: string(dbf)}, sourcetest.Member{Name: "c.prj", Data: sourcetest.L93WKT}, sourcetest.Member{Name: "c.cpg", Data: cpg})
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, imp, err)
	})
}

func FuzzZip(f *testing.F) {
	f.Add(sourcetest.Stored(sourcetest.Member{Name: "c.shp", Data: sourcetest.ShpOf(5, []orb.Ring{sourcetest.Box(0, 0, 100)})}, sourcetest.Member{Name: "c.dbf", Data: sourcetest.DbfOf(communeFields, []string{"02408", "Laon", "", "1"})}, sourcetest.Member{Name: "c.prj", Data: sourcetest.L93WKT}))
	f.Add(sourcetest.XlsxOf([][]string{{"code", "taux"}, {"02408", "1"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append([]byte("PK\x03\x04"), data[min(4, len(data)):]...)
		imp, err := Communes(t.Context(), []source.Input{sourcetest.Memory("c.zip", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, imp, err)
		variables, err := stat.Variables(t.Context(), []source.Input{sourcetest.Memory("c.zip", data)}, source.Options{MaxRejectShare: 1})
		sourcetest.SoundImport(t, variables, err)
	})
}
