package source_test

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/squares"
	"github.com/aisne-numerique/maillage/geo/sqlite"
	"github.com/aisne-numerique/maillage/geo/store"
)

// l93 is a square of 100 m near Laon as a GeoPackage geometry, easting and northing
// from its corner.
func l93(east, north, size float64) string {
	x, y := 745_000+east, 6_940_000+north
	body, err := wkb.Marshal(orb.MultiPolygon{{{{x, y}, {x + size, y}, {x + size, y + size}, {x, y + size}, {x, y}}}}, binary.LittleEndian)
	if err != nil {
		panic(err)
	}
	header := binary.LittleEndian.AppendUint32([]byte{'G', 'P', 0, 1}, 2154)
	return fmt.Sprintf("x'%x%x'", header, body)
}

// foreign makes a GeoPackage as other programs do: the tables of the standard that
// are read, then more.
func foreign(t *testing.T, more string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "limites.gpkg")
	db := sqlite.Open(path, sqlite.Options{Mode: "rwc"})
	defer db.Close()
	_, err := db.Exec(`PRAGMA journal_mode = DELETE;
		CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT, srs_id INTEGER PRIMARY KEY, organization TEXT, organization_coordsys_id INTEGER, definition TEXT);
		INSERT INTO gpkg_spatial_ref_sys VALUES ('Undefined', -1, 'NONE', -1, ''), ('RGF93 / Lambert-93', 2154, 'EPSG', 2154, ''),
			('à moi', 100000, 'EPSG', 3035, ''), ('NTF', 27572, 'EPSG', 27572, '');
		CREATE TABLE gpkg_contents (table_name TEXT PRIMARY KEY, data_type TEXT, srs_id INTEGER);
		CREATE TABLE gpkg_geometry_columns (table_name TEXT PRIMARY KEY, column_name TEXT, geometry_type_name TEXT, srs_id INTEGER);` + more)
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// layer is the SQL of a layer with its rows.
func layerSQL(name string, srs int, columns, rows string) string {
	return fmt.Sprintf(`INSERT INTO gpkg_contents VALUES ('%[1]s', 'features', %[2]d);
		INSERT INTO gpkg_geometry_columns VALUES ('%[1]s', 'geom', 'MULTIPOLYGON', %[2]d);
		CREATE TABLE %[5]s (fid INTEGER PRIMARY KEY, geom BLOB, %[3]s);
		INSERT INTO %[5]s VALUES %[4]s;`, name, srs, columns, rows, `"`+strings.ReplaceAll(name, `"`, `""`)+`"`)
}

const communeColumns = "INSEE_COM TEXT, NOM TEXT, POPULATION INT"

// endlessView makes of what lists the layers a program that never ends.
const endlessView = `DROP TABLE gpkg_contents; CREATE VIEW gpkg_contents AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n)
	SELECT 't' || i AS table_name, 'x' AS data_type, 0 AS srs_id FROM n;`

// toldOf is all that a person is told of an import.
func toldOf[T any](imp *source.Import[T], err error) string {
	if err != nil {
		return err.Error() + "\n"
	}
	var b strings.Builder
	var end error
	for _, end = range imp.Rows {
	}
	r := imp.Report
	fmt.Fprintf(&b, "lues %d, acceptées %d, refusées %d\n", r.Read, r.Accepted, len(r.Rejected))
	for _, x := range r.Rejected {
		fmt.Fprintln(&b, "refus :", x)
	}
	for _, x := range r.Warnings {
		fmt.Fprintln(&b, "avis :", x)
	}
	if end != nil {
		fmt.Fprintln(&b, "erreur :", end)
	}
	return b.String()
}

func TestFeaturesOfOthers(t *testing.T) {
	path := foreign(t, layerSQL("REGION", 2154, "NOM TEXT", "(1, NULL, 'x')")+
		layerSQL(`a "quoted" commune`, 2154, communeColumns, fmt.Sprintf("(7, %s, '02408', 'Laon', 24304), (9, %s, '02001', ' Abbécourt', 507)", l93(0, 0, 100), l93(200, 0, 100)))+
		`INSERT INTO gpkg_contents VALUES ('vue', 'features', 2154), ('absente', 'features', 2154);
		CREATE VIEW vue AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i AS INSEE_COM, i AS NOM FROM n;`)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	imp, err := outline.Communes(t.Context(), []source.Input{source.FromPath(path)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var got []string
	for c, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
		got = append(got, fmt.Sprintf("%s %s %d", c.Code, c.Nom, c.Population))
		want, _ := geo.Lambert93.ToLonLat(745_000, 6_940_000)
		if d := geo.Distance(c.Point, want); d > 400 {
			t.Errorf("%s is %v m from where it was drawn", c.Nom, d)
		}
	}
	if diff := cmp.Diff([]string{"02408 Laon 24304", "02001 Abbécourt 507"}, got); diff != "" {
		t.Errorf("communes (-want +got):\n%s", diff)
	}
	if imp.Manifest.Format != "GeoPackage" {
		t.Errorf("format %q", imp.Manifest.Format)
	}
	after, err := os.ReadFile(path)
	if entries, _ := filepath.Glob(filepath.Dir(path) + "/*"); err != nil || !bytes.Equal(before, after) || len(entries) != 1 {
		t.Errorf("the file was touched, or others put beside it: %v, %v", entries, err)
	}
}

// TestWrongGeoPackages shows, word for word, what a person is told.
func TestWrongGeoPackages(t *testing.T) {
	laon := fmt.Sprintf("(1, %s, '02408', 'Laon', 24304)", l93(0, 0, 100))
	for _, tt := range []struct {
		special, sql string
		spoil        func(path string) error
		o            source.Options
		want         string
	}{
		{special: "an SQLite file that is no GeoPackage", sql: "DROP TABLE gpkg_contents",
			want: "erreur : import communes: limites.gpkg: ce n'est pas un GeoPackage ; attendu un fichier .gpkg"},
		{special: "a view that lists layers without end", sql: endlessView,
			want: "erreur : import communes: limites.gpkg: ce n'est pas un GeoPackage ; attendu un fichier .gpkg"},
		{special: "no layer of communes", sql: layerSQL("REGION", 2154, "NOM TEXT", "(1, NULL, 'x')"),
			want: "erreur : import communes: limites.gpkg: aucune couche de surfaces n'a les colonnes attendues (code, nom) ; couches du fichier : REGION"},
		{special: "a system that we do not have", sql: layerSQL("commune", 27572, communeColumns, laon),
			want: "erreur : import communes: limites.gpkg: système de coordonnées « EPSG:27572 » (Lambert II étendu) non admis ; attendu EPSG 2154, 4326, 3857 ou 3035 (--crs si c'est l'un d'eux, sinon reprojetez, par exemple dans QGIS)"},
		{special: "a type that names its dimensions", sql: layerSQL("commune", 2154, communeColumns, laon) + "UPDATE gpkg_geometry_columns SET geometry_type_name = 'MultiPolygon ZM';", want: ""},
		{special: "no system", sql: layerSQL("commune", -1, communeColumns, laon),
			want: "erreur : import communes: limites.gpkg: le fichier ne dit pas son système de coordonnées ; indiquez-le (--crs 2154, 4326, 3857 ou 3035)"},
		{special: "no system, but one asked for", sql: layerSQL("commune", -1, communeColumns, laon), o: source.Options{CRS: geo.Lambert93}, want: ""},
		{special: "another system than the one asked for: everything is elsewhere", sql: layerSQL("commune", 100000, communeColumns, laon), o: source.Options{CRS: geo.Lambert93},
			want: "avis : limites.gpkg: le fichier annonce EPSG:3035 ; lu en EPSG:2154, comme demandé"},
		{special: "cut short", sql: layerSQL("commune", 2154, communeColumns, laon), spoil: func(p string) error { return os.Truncate(p, 4096*3) },
			want: "erreur : import communes: limites.gpkg: GeoPackage abîmé ou tronqué ; téléchargez-le à nouveau"},
		{special: "being written", sql: layerSQL("commune", 2154, communeColumns, laon), spoil: func(p string) error { return os.WriteFile(p+"-wal", []byte("x"), 0o600) },
			want: "erreur : import communes: limites.gpkg: un autre programme écrit dans ce GeoPackage (QGIS ?) ; fermez-le puis recommencez"},
		{special: "a geometry that is none", sql: layerSQL("commune", 2154, communeColumns, laon+", (2, x'4750', '02001', 'a', 1), (3, NULL, '02002', 'b', 1), (4, 'texte', '02003', 'c', 1)"), o: source.Options{MaxRejectShare: 1},
			want: "refus : limites.gpkg:2: geometry : géométrie non comprise ; attendu du WKB\nrefus : limites.gpkg:3: geometry : géométrie absente ; attendu Polygon ou MultiPolygon\nrefus : limites.gpkg:4: geometry : géométrie absente ; attendu Polygon ou MultiPolygon"},
		{special: "attributes of other types", sql: layerSQL("commune", 2154, communeColumns, fmt.Sprintf("(1, %s, 2408, 'a', 1), (2, %s, '02001', 3, 1), (3, %s, '02002', 'c', 1.5), (4, %s, '02003', x'00', NULL)", l93(0, 0, 9), l93(0, 0, 9), l93(0, 0, 9), l93(0, 0, 9))),
			want: "erreur : import communes: 2 refus sur 4 objets"},
		{special: "a value of forty MiB", sql: layerSQL("commune", 2154, communeColumns, "(1, zeroblob(40000000), '02408', 'Laon', 1)"),
			want: "erreur : import communes: limites.gpkg:1: valeur de plus de 32 Mio dans le GeoPackage ; attendu des contours plus simples"},
	} {
		path := foreign(t, tt.sql)
		if tt.spoil != nil {
			if err := tt.spoil(path); err != nil {
				t.Fatal(err)
			}
		}
		if got := toldOf(outline.Communes(t.Context(), []source.Input{source.FromPath(path)}, tt.o)); !strings.Contains(got, tt.want) || tt.want == "" && strings.Contains(got, "erreur") {
			t.Errorf("%s: got\n%swant\n%s", tt.special, got, tt.want)
		}
	}
	path := foreign(t, layerSQL("commune", 2154, communeColumns, laon))
	elsewhere := source.FromFS(os.DirFS(filepath.Dir(path)), filepath.Base(path))
	if got := toldOf(outline.Communes(t.Context(), []source.Input{elsewhere}, source.Options{})); strings.Contains(got, "erreur") {
		t.Errorf("no file of this machine: %s", got)
	}
	imp, err := outline.Communes(t.Context(), []source.Input{source.FromPath(path)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	if err := os.Remove(path); err != nil {
		t.Fatal(err)
	}
	if got := toldOf(imp, nil); !strings.Contains(got, "erreur : import communes: limites.gpkg: fichier introuvable") {
		t.Errorf("no file any more: %v", got)
	}
}

// TestSquaresOfOthers reads population grids: by name, and by geometry in the grid's
// own system and in Lambert-93, where the squares are askew.
func TestSquaresOfOthers(t *testing.T) {
	want := store.Square{ID: "CRS3035RES200mN2959000E3860400", West: 3_860_400, South: 2_959_000, Size: 200, People: 12.5}
	drawn := func(crs geo.CRS) string {
		var ring orb.Ring
		for _, d := range [][2]float64{{0, 0}, {200, 0}, {200, 200}, {0, 200}, {0, 0}} {
			at, err := geo.LAEA.ToLonLat(want.West+d[0], want.South+d[1])
			if err != nil {
				t.Fatal(err)
			}
			x, y, err := crs.FromLonLat(at)
			if err != nil {
				t.Fatal(err)
			}
			ring = append(ring, orb.Point{x, y})
		}
		body, err := wkb.Marshal(orb.Polygon{ring}, binary.BigEndian)
		if err != nil {
			t.Fatal(err)
		}
		return fmt.Sprintf("x'4750000100000000%x'", body)
	}
	for _, tt := range []struct{ special, sql string }{
		{"by name, the geometry being elsewhere", layerSQL("carreaux", 2154, "Idcar_200m TEXT, Ind REAL", fmt.Sprintf("(1, %s, '%s', 12.5)", l93(0, 0, 5), want.ID))},
		{"the mainland among the layers of a file", layerSQL("carreaux_200m_mart", 5490, "idcar_200m TEXT, ind REAL", "(1, NULL, 'CRS5490RES200mN1592600E728800', 3)") +
			layerSQL("carreaux_200m_met", 100000, "idcar_200m TEXT, ind REAL", fmt.Sprintf("(1, %s, '%s', 12.5)", drawn(geo.LAEA), want.ID))},
		{"by geometry in EPSG:3035, with a rank called id", layerSQL("carreaux_3035", 100000, "id INT, Ind REAL", fmt.Sprintf("(1, %s, 1, 12.5)", drawn(geo.LAEA)))},
		{"by geometry in Lambert-93", layerSQL("x", 2154, "Ind TEXT", fmt.Sprintf("(1, %s, '12,5')", drawn(geo.Lambert93)))},
	} {
		imp, err := squares.Population(t.Context(), []source.Input{source.FromPath(foreign(t, tt.sql))}, source.Options{})
		if err != nil {
			t.Fatal(err)
		}
		for got, err := range imp.Rows {
			if diff := cmp.Diff(want, got); diff != "" || err != nil {
				t.Errorf("%s: %v (-want +got):\n%s", tt.special, err, diff)
			}
		}
		if imp.Report.Accepted != 1 {
			t.Errorf("%s: %d squares, want 1", tt.special, imp.Report.Accepted)
		}
	}
	got := toldOf(squares.Population(t.Context(), []source.Input{source.FromPath(foreign(t, layerSQL("x", 2154, "Ind REAL", fmt.Sprintf("(1, %s, 1)", l93(0, 0, 200)))))}, source.Options{}))
	overseas := toldOf(squares.Population(t.Context(), []source.Input{source.FromPath(foreign(t, `INSERT INTO gpkg_spatial_ref_sys VALUES ('RGAF09', 5490, 'EPSG', 5490, '');`+layerSQL("carreaux_200m_mart", 5490, "idcar_200m TEXT, ind REAL", "(1, NULL, 'CRS5490RES200mN1592600E728800', 3)")))}, source.Options{}))
	if !strings.Contains(overseas, "limites.gpkg: carreaux d'outre-mer (EPSG:5490, Guadeloupe ou Martinique) ; seul le carroyage de la métropole (EPSG:3035) est lu ; attendu") {
		t.Errorf("a grid overseas: got %s", overseas)
	}
	if reason := "refus : limites.gpkg:1: geometry : géométrie qui n'est pas un carreau de la grille européenne ; attendu 200 m, 1 km ou le niveau naturel, EPSG:3035"; !strings.Contains(got, reason) {
		t.Errorf("a square off the grid: got %s", got)
	}
}

// FuzzGeoPackageFile reads files of any bytes behind a header that is sound.
func FuzzGeoPackageFile(f *testing.F) {
	f.Add([]byte{}, 4096)
	f.Add([]byte("commune"), 20_000)
	f.Fuzz(func(t *testing.T, data []byte, at int) {
		path := foreign(t, layerSQL("commune", 2154, communeColumns, fmt.Sprintf("(1, %s, '02408', 'Laon', 24304)", l93(0, 0, 100))))
		file, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		copy(file[100+max(0, at)%(len(file)-100):], data)
		if err := os.WriteFile(path, file, 0o600); err != nil {
			t.Fatal(err)
		}
		if got := toldOf(outline.Communes(t.Context(), []source.Input{source.FromPath(path)}, source.Options{})); !strings.Contains(got, "lues") {
			t.Fatalf("no report: %s", got)
		}
	})
}
