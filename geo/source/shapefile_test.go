package source

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// member is one file of a zip under test.
type member struct{ name, data string }

// zipped packs files; stored keeps them as they are, which is much faster.
func zipped(members ...member) []byte { return packed(zip.Deflate, members) }
func stored(members ...member) []byte { return packed(zip.Store, members) }

func packed(method uint16, members []member) []byte {
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	for _, m := range members {
		w, err := z.CreateHeader(&zip.FileHeader{Name: m.name, Method: method})
		if err == nil {
			_, err = io.WriteString(w, m.data)
		}
		if err != nil {
			panic(err)
		}
	}
	if err := z.Close(); err != nil {
		panic(err)
	}
	return b.Bytes()
}

// shpOf makes a .shp of one record per outline.
func shpOf(kind uint32, outlines ...[]orb.Ring) string {
	var records []byte
	for i, rings := range outlines {
		var content []byte
		content = binary.LittleEndian.AppendUint32(content, kind)
		content = append(content, make([]byte, 32)...)
		points := 0
		for _, r := range rings {
			points += len(r)
		}
		content = binary.LittleEndian.AppendUint32(content, uint32(len(rings)))
		content = binary.LittleEndian.AppendUint32(content, uint32(points))
		start := uint32(0)
		for _, r := range rings {
			content = binary.LittleEndian.AppendUint32(content, start)
			start += uint32(len(r))
		}
		for _, r := range rings {
			for _, p := range r {
				content = binary.LittleEndian.AppendUint64(content, math.Float64bits(p[0]))
				content = binary.LittleEndian.AppendUint64(content, math.Float64bits(p[1]))
			}
		}
		if kind == shapePolygonZ {
			content = append(content, make([]byte, 16+8*points)...)
		}
		records = binary.BigEndian.AppendUint32(records, uint32(i+1))
		records = binary.BigEndian.AppendUint32(records, uint32(len(content)/2))
		records = append(records, content...)
	}
	header := make([]byte, 100)
	binary.BigEndian.PutUint32(header, 9994)
	binary.BigEndian.PutUint32(header[24:], uint32((100+len(records))/2))
	binary.LittleEndian.PutUint32(header[28:], 1000)
	binary.LittleEndian.PutUint32(header[32:], kind)
	return string(append(header, records...))
}

// dbfOf makes a .dbf of texts ("C") and numbers ("N:name").
func dbfOf(names []string, rows ...[]string) string {
	const width = 20
	h := make([]byte, 32)
	h[0] = 3
	binary.LittleEndian.PutUint32(h[4:], uint32(len(rows)))
	binary.LittleEndian.PutUint16(h[8:], uint16(32+32*len(names)+1))
	binary.LittleEndian.PutUint16(h[10:], uint16(1+width*len(names)))
	for _, n := range names {
		f := make([]byte, 32)
		f[11], f[16] = 'C', width
		if rest, ok := strings.CutPrefix(n, "N:"); ok {
			n, f[11] = rest, 'N'
		}
		copy(f, n)
		h = append(h, f...)
	}
	h = append(h, '\r')
	for _, r := range rows {
		mark := byte(' ')
		if r == nil {
			mark, r = '*', make([]string, len(names))
		}
		h = append(h, mark)
		for _, v := range r {
			h = append(h, fmt.Sprintf("%-*s", width+len(v)-len([]byte(v)), v)[:width]...)
		}
	}
	return string(h)
}

const l93WKT = `PROJCS["RGF_1993_Lambert_93",GEOGCS["GCS_RGF_1993",DATUM["D_RGF_1993"]],UNIT["Meter",1.0]]`

// box is a square ring in Lambert-93 near Laon, wound clockwise as an outline.
func box(east, north, size float64) orb.Ring {
	x, y := 745_000+east, 6_940_000+north
	return orb.Ring{{x, y}, {x, y + size}, {x + size, y + size}, {x + size, y}, {x, y}}
}

func reversed(r orb.Ring) orb.Ring { r = r.Clone(); r.Reverse(); return r }

var communeFields = []string{"INSEE_COM", "NOM", "SIREN_EPCI", "N:POPULATION"}

func TestShapefile(t *testing.T) {
	// Laon has a hole, with an island in it; Œuilly has two parts; a deleted record
	// is between; the second layer is of points of interest to nobody.
	shp := shpOf(shapePolygonZ,
		[]orb.Ring{box(0, 0, 100), reversed(box(20, 20, 60)), box(40, 40, 10)},
		[]orb.Ring{box(500, 0, 10)},
		[]orb.Ring{box(200, 0, 10), box(300, 0, 10)})
	dbf := dbfOf(communeFields, []string{"02408", "Laon", "200043495/200000000", "24304.00"}, nil, []string{"02565", "\x8cuilly", "NC", "0"})
	data := zipped(
		member{"doc/lisez-moi.txt", "bonjour"},
		member{"adm/REGION.shp", shpOf(shapePolygon, []orb.Ring{box(0, 0, 9)})}, member{"adm/REGION.dbf", dbfOf([]string{"NOM"}, []string{"x"})},
		member{"adm/COMMUNE.SHP", shp}, member{"adm/COMMUNE.DBF", dbf}, member{"adm/COMMUNE.prj", l93WKT}, member{"adm/COMMUNE.cpg", "1252\r\n"},
		member{"__MACOSX/adm/._COMMUNE.SHP", "x"})
	imp, err := Communes([]Input{memory("admin.zip", data)}, Options{})
	got := rows(t, imp, err)
	none(t, imp.Report.Warnings)
	none(t, imp.Report.Rejected)
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
	shp, dbf := shpOf(shapePolygon, []orb.Ring{box(0, 0, 100)}), dbfOf(communeFields, []string{"02408", "Laon", "", "1"})
	layer := func(name, prj string) []member {
		return []member{{name + ".shp", shp}, {name + ".dbf", dbf}, {name + ".prj", prj}}
	}
	for _, tt := range []struct {
		special string
		members []member
		o       Options
		want    string // the error, "" for none
	}{
		{"one layer", layer("limites", l93WKT), Options{}, ""},
		{"two layers, one named like communes", append(layer("limites", l93WKT), layer("communes-2024", l93WKT)...), Options{}, ""},
		{"two layers alike, one asked for", append(layer("a", l93WKT), layer("b", l93WKT)...), Options{Layer: "B"}, ""},
		{"two layers alike", append(layer("a", l93WKT), layer("b", l93WKT)...), Options{}, "import communes: c.zip: plusieurs couches conviennent ; choisissez-en une (--layer) parmi : a, b"},
		{"a layer that is not there", layer("a", l93WKT), Options{Layer: "x"}, "import communes: c.zip: pas de couche « x » ; couches du fichier : a"},
		{"no system", layer("a", ""), Options{}, "import communes: c.zip: le fichier ne dit pas son système de coordonnées ; indiquez-le (--crs 2154, 4326, 3857 ou 3035)"},
		{"no system, but one asked for", layer("a", ""), Options{CRS: geo.Lambert93}, ""},
		{"another system", layer("a", `PROJCS["NTF_Lambert_II_etendu",GEOGCS["GCS_NTF"]]`), Options{}, "import communes: c.zip: système de coordonnées « NTF_Lambert_II_etendu » non admis ; attendu EPSG 2154, 4326, 3857 ou 3035 (--crs si c'est l'un d'eux)"},
	} {
		imp, err := Communes([]Input{memory("c.zip", zipped(tt.members...))}, tt.o)
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

func TestSystemOfWKT(t *testing.T) {
	for wkt, want := range map[string]string{
		l93WKT:                                 "EPSG:2154",
		`PROJCS["RGF93 v1 / Lambert-93"]`:      "EPSG:2154",
		`PROJCS["x",AUTHORITY["EPSG","3035"]]`: "EPSG:3035",
		`PROJCRS["RGF93 v2b / Lambert-93",ID["EPSG",9794]]`:              "EPSG:2154",
		`PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["x"]]`:   "EPSG:3857",
		`PROJCS["ETRS_1989_LAEA",GEOGCS["GCS_ETRS_1989"]]`:               "EPSG:3035",
		`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]`:                     "EPSG:4326",
		`GEOGCS["RGF93",AUTHORITY["EPSG","4171"]]`:                       "EPSG:4326",
		`PROJCS["WGS_1984_UTM_Zone_31N",GEOGCS["GCS_WGS_1984"]]`:         "WGS_1984_UTM_Zone_31N",
		`PROJCS["x",GEOGCS["GCS_WGS_1984",AUTHORITY["EPSG","4326"]],U1]`: "x",
		"": "",
	} {
		if got := systemOfWKT(wkt); got != want {
			t.Errorf("systemOfWKT(%s) = %s, want %s", wkt, got, want)
		}
	}
}

// TestWrongShapefiles shows, word for word, what a person is told.
func TestWrongShapefiles(t *testing.T) {
	shp, dbf := shpOf(shapePolygon, []orb.Ring{box(0, 0, 100)}), dbfOf(communeFields, []string{"02408", "Laon", "", "1"})
	bomb := strings.Repeat("\x00", 8<<20)
	with := func(shp, dbf string) []byte {
		return zipped(member{"c.shp", shp}, member{"c.dbf", dbf}, member{"c.prj", l93WKT})
	}
	good := with(shp, dbf)
	for _, tt := range []struct {
		special string
		data    []byte
		want    string
	}{
		{"a zip without layers", zipped(member{"a.csv", "x"}), "archive zip sans fichier .shp ; attendu une couche ESRI Shapefile (.shp, .dbf, .prj)"},
		{"a zip cut short", good[:len(good)-60], "archive zip sans liste de fichiers ; elle est sans doute tronquée"},
		{"no attributes", zipped(member{"c.shp", shp}), "c.shp : pas de fichier .dbf à côté ; attendu les fichiers .shp, .dbf et .prj de la couche"},
		{"attributes cut short", with(shp, dbf[:len(dbf)-10]), "c.dbf : objet 1 : fichier .dbf non compris ou tronqué ; attendu du dBASE III"},
		{"shapes cut short", with(shp[:150], dbf), "c.shp : objet 1 : fichier tronqué"},
		{"fewer shapes than attributes", with(shpOf(shapePolygon), dbf), "c.shp : il n'a pas autant d'objets que le fichier .dbf ; la couche est tronquée"},
		{"points", with(shpOf(1), dbf), "c.shp : la couche n'est pas faite de surfaces ; attendu des polygones"},
		{"no shapefile at all", with("hello", dbf), "c.shp : ce n'est pas un fichier .shp ; attendu une couche ESRI Shapefile"},
		{"columns of something else", with(shp, dbfOf([]string{"ID", "N:AGE"}, []string{"1", "2"})), "aucune couche de surfaces n'a les colonnes attendues (code, nom) ; couches du fichier : c"},
		{"a bomb", with(bomb, dbf), "c.shp : décompressé, il serait 1024 fois plus gros ; attendu au plus 200 fois"},
	} {
		imp, err := Communes([]Input{memory("c.zip", tt.data)}, Options{})
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
	open := box(0, 0, 100)
	open[4][0]++
	shp := shpOf(shapePolygon, []orb.Ring{box(0, 0, 100)}, []orb.Ring{open}, []orb.Ring{{{3, 49}, {3, 50}, {4, 50}, {3, 49}}}, []orb.Ring{box(9e6, 0, 9)}, nil)
	dbf := dbfOf(communeFields, []string{"02408", "Laon", "", "1"}, []string{"02001", "a", "", "1"}, []string{"02002", "b", "", "1"}, []string{"02003", "c", "", "1"}, []string{"02004", "d", "12", "***"})
	imp, err := Communes([]Input{memory("c.zip", zipped(member{"c.shp", shp}, member{"c.dbf", dbf}, member{"c.prj", l93WKT}, member{"c.cpg", "EBCDIC"}))}, Options{MaxRejectShare: 1})
	want := `lues 5, acceptées 1, réunies 0, refusées 4
refus : c.zip:2: geometry « [745001, 6940000] » : polygone 1, anneau 1 : anneau non fermé ; attendu la dernière position égale à la première [745000, 6940000]
refus : c.zip:3: geometry « [3, 49] » : polygone 1, anneau 1 : position 1 : coordonnées en degrés ; attendu des mètres (EPSG:2154), ou un autre système (--crs 4326)
refus : c.zip:4: geometry « [9745000, 6940000] » : polygone 1, anneau 1 : position 1 : hors du domaine de EPSG:2154 ; attendu des mètres, l'est puis le nord
refus : c.zip:5: siren_epci « 12 » : SIREN non compris ; attendu neuf chiffres, comme 200072031
avis : c.zip: encodage « EBCDIC » : non compris (fichier .cpg) ; textes lus comme de l'UTF-8, sinon du Windows-1252
`
	got := transcript(t, imp, err)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("what is told (-want +got):\n%s", diff)
	}
}

// TestNest puts holes where they were drawn, whatever the order of the rings.
func TestNest(t *testing.T) {
	const seed = 3
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		// A row of outlines, each with 0 to 3 holes, the first hole with an island.
		var rings []orb.Ring
		holes := map[orb.Point]int{}
		n := 1 + rnd.IntN(5)
		for i := range n {
			outer := box(float64(200*i), 0, 100)
			rings = append(rings, outer)
			holes[outer[0]] = rnd.IntN(4)
			for h := range holes[outer[0]] {
				rings = append(rings, reversed(box(float64(200*i+5+30*h), 5, 20)))
			}
			if holes[outer[0]] > 0 {
				island := box(float64(200*i+10), 10, 5)
				rings = append(rings, island)
				holes[island[0]] = 0
			}
		}
		rnd.Shuffle(len(rings), func(i, j int) { rings[i], rings[j] = rings[j], rings[i] })
		mp := nest(rings)
		if len(mp) != len(holes) {
			t.Fatalf("seed %d: %d polygons, want %d", seed, len(mp), len(holes))
		}
		for _, p := range mp {
			if want, ok := holes[p[0][0]]; !ok || len(p)-1 != want {
				t.Fatalf("seed %d: polygon at %v has %d holes, want %d", seed, p[0][0], len(p)-1, want)
			}
		}
	}
}

func FuzzShapefile(f *testing.F) {
	f.Add([]byte(shpOf(shapePolygon, []orb.Ring{box(0, 0, 100), reversed(box(20, 20, 60))})), []byte(dbfOf(communeFields, []string{"02408", "Laon", "", "1"})), "UTF-8")
	f.Add([]byte(shpOf(shapePolygonZ, []orb.Ring{box(0, 0, 100)}, nil)), []byte(dbfOf(communeFields, nil, []string{"02408", "L\xe9on", "x", "1.5"})), "1252")
	f.Add([]byte("x"), []byte{}, "")
	f.Fuzz(func(t *testing.T, shp, dbf []byte, cpg string) {
		data := stored(member{"c.shp", string(shp)}, member{"c.dbf", string(dbf)}, member{"c.prj", l93WKT}, member{"c.cpg", cpg})
		imp, err := Communes([]Input{memory("c.zip", data)}, Options{MaxRejectShare: 1})
		soundImport(t, imp, err)
	})
}

func FuzzZip(f *testing.F) {
	f.Add(stored(member{"c.shp", shpOf(shapePolygon, []orb.Ring{box(0, 0, 100)})}, member{"c.dbf", dbfOf(communeFields, []string{"02408", "Laon", "", "1"})}, member{"c.prj", l93WKT}))
	f.Add(xlsxOf([][]string{{"code", "taux"}, {"02408", "1"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		data = append([]byte("PK\x03\x04"), data[min(4, len(data)):]...)
		imp, err := Communes([]Input{memory("c.zip", data)}, Options{MaxRejectShare: 1})
		soundImport(t, imp, err)
		variables, err := Variables([]Input{memory("c.zip", data)}, Options{MaxRejectShare: 1})
		soundImport(t, variables, err)
	})
}

// soundImport reads an import of arbitrary bytes: its counts add up, its errors have
// an address.
func soundImport[T any](t *testing.T, imp *Import[T], err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	var last error
	for _, last = range imp.Rows {
	}
	r := imp.Report
	if last == nil && r.Read != r.Accepted+r.Merged+r.Skipped+len(r.Rejected) {
		t.Fatalf("%d read, %d accepted, %d merged, %d rejected", r.Read, r.Accepted, r.Merged, len(r.Rejected))
	}
	if last != nil && !strings.HasPrefix(last.Error(), "import "+string(r.Kind)+": ") {
		t.Fatalf("error without an address: %v", last)
	}
}

// wkbOf is a surface in WKB, with dims numbers per position, marked as ISO does.
func wkbOf(order binary.AppendByteOrder, dims int, mp orb.MultiPolygon) []byte {
	mark := byte(1)
	if order.String() == "BigEndian" {
		mark = 0
	}
	kind := uint32(map[int]int{2: 0, 3: 1000, 4: 3000}[dims])
	b := order.AppendUint32(order.AppendUint32([]byte{mark}, wkbMultiPolygon+kind), uint32(len(mp)))
	for _, p := range mp {
		b = order.AppendUint32(order.AppendUint32(append(b, mark), wkbPolygon+kind), uint32(len(p)))
		for _, r := range p {
			b = order.AppendUint32(b, uint32(len(r)))
			for _, q := range r {
				for i := range dims {
					v := 0.0
					if i < 2 {
						v = q[i]
					}
					b = order.AppendUint64(b, math.Float64bits(v))
				}
			}
		}
	}
	return b
}

func TestDecodeSurface(t *testing.T) {
	want := orb.MultiPolygon{{box(0, 0, 100), reversed(box(20, 20, 60))}, {box(200, 0, 9)}}
	for _, order := range []binary.AppendByteOrder{binary.LittleEndian, binary.BigEndian} {
		for dims := 2; dims <= 4; dims++ {
			got, reason := decodeSurface(wkbOf(order, dims, want))
			if diff := cmp.Diff(want, got); diff != "" || reason != "" {
				t.Errorf("%s, %d numbers per position: %s (-want +got):\n%s", order, dims, reason, diff)
			}
		}
	}
	good := wkbOf(binary.LittleEndian, 2, want)
	for _, tt := range []struct{ special, data, want string }{
		{"nothing", "", "géométrie tronquée ; attendu du WKB entier"},
		{"cut short", string(good[:len(good)-1]), "géométrie tronquée ; attendu du WKB entier"},
		{"bytes after the end", string(good) + "x", "géométrie suivie d'octets en trop ; attendu du WKB"},
		{"a point", "\x01\x01\x00\x00\x00" + strings.Repeat("\x00", 16), "type de géométrie non admis ; attendu Polygon ou MultiPolygon"},
		{"a count of four thousand millions", "\x01\x03\x00\x00\x00\xff\xff\xff\xff", "géométrie tronquée ; attendu du WKB entier"},
		{"no byte order", "GP\x00\x01", "géométrie non comprise ; attendu du WKB"},
		{"a MultiPolygon in a MultiPolygon", "\x01\x06\x00\x00\x00\x01\x00\x00\x00\x01\x06\x00\x00\x00\x00\x00\x00\x00", "type de géométrie non admis ; attendu Polygon ou MultiPolygon"},
	} {
		if _, reason := decodeSurface([]byte(tt.data)); reason != tt.want {
			t.Errorf("%s: %q, want %q", tt.special, reason, tt.want)
		}
	}
}

func FuzzWKB(f *testing.F) {
	f.Add(wkbOf(binary.LittleEndian, 2, orb.MultiPolygon{{box(0, 0, 100)}}))
	f.Add(wkbOf(binary.BigEndian, 4, orb.MultiPolygon{{box(0, 0, 100), box(2, 2, 1)}, {}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		mp, reason := decodeSurface(data)
		if reason != "" {
			if mp != nil {
				t.Fatalf("%q and a geometry", reason)
			}
			return
		}
		n := 0
		for _, p := range mp {
			for _, r := range p {
				n += len(r)
			}
		}
		if 16*n > len(data) {
			t.Fatalf("%d positions of %d bytes", n, len(data))
		}
		outline, _, reason := soundOutline(mp, geo.Lambert93)
		if reason == "" && len(outline) == 0 {
			t.Fatal("a sound outline of nothing")
		}
	})
}
