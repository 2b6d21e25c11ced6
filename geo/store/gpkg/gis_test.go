package gpkg_test

import (
	"bytes"
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"math"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/mattn/go-sqlite3"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// What other programs find in the file.

// sample writes a store with a little of everything, closes it and gives its path.
func sample(t *testing.T) string {
	t.Helper()
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "aisne.gpkg")
	s := open(t, path)
	square := orb.MultiPolygon{{
		{{3.4, 49.1}, {3.6, 49.1}, {3.6, 49.3}, {3.4, 49.3}, {3.4, 49.1}},
		{{3.45, 49.15}, {3.45, 49.2}, {3.5, 49.2}, {3.45, 49.15}}}}
	_, err := store.Communes.Replace(ctx, s, manifest(), rows(
		admin.Commune{Code: "02305", Nom: "Fère-en-Tardenois", EPCI: "200072031", Population: 2952, Point: geo.LonLat{Lon: 3.52, Lat: 49.19}, Outline: square},
		admin.Commune{Code: "02548", Nom: "Neuilly-Saint-Front", Population: 1972, Point: geo.LonLat{Lon: 3.26, Lat: 49.17}}))
	must(t, err)
	_, err = store.EPCI.Replace(ctx, s, manifest(), rows(admin.EPCI{Code: "200072031", Nom: "CA de la Région de Château-Thierry", Outline: square}))
	must(t, err)
	_, err = store.Secteurs.Replace(ctx, s, manifest(), rows(admin.Secteur{Code: "fere", Nom: "Fère", Communes: []string{"02305", "02548"}}))
	must(t, err)
	_, err = store.Lieux.Replace(ctx, s, manifest(), rows(
		lieu.Lieu{ID: "a", Nom: "Médiathèque", At: geo.LonLat{Lon: 3.52, Lat: 49.19}, Located: true, Services: 5,
			MisAJour: time.Date(2024, 8, 1, 0, 0, 0, 0, time.UTC), Horaires: lieu.Horaires{Known: true, Text: "Tu 09:00-12:00"}},
		lieu.Lieu{ID: "b", Nom: "Sans adresse"}))
	must(t, err)
	_, err = store.Tournees.Replace(ctx, s, manifest(), rows(lieu.Tournee{ID: "bus", Nom: "Bus", Services: 1,
		Stops: []lieu.Stop{{Nom: "Place", At: geo.LonLat{Lon: 3.5, Lat: 49.2}}}}))
	must(t, err)
	_, err = store.Variables.Replace(ctx, s, manifest(), rows(store.Variable{Level: store.LevelCommune, Code: "02305", Name: "pauvrete", Value: 17.25}))
	must(t, err)
	_, err = store.GTFS.Replace(ctx, s, manifest(), rows(transit.Feed{Name: "cars", Stops: []transit.Stop{{ID: "gare", Name: "Gare", At: geo.LonLat{Lon: 3.5, Lat: 49.2}, Parent: -1}}}))
	must(t, err)
	_, err = store.Roads.Replace(ctx, s, manifest(), rows(plainWay(1), plainWay(2), plainWay(3)))
	must(t, err)
	must(t, s.PutEdition(ctx, "edition-1", []byte("{}"), []store.Layer{
		{Name: "cells", Title: "Mailles (heures par semaine)", Geometry: "POLYGON",
			Columns: []store.Column{{Name: "hours_week", Type: "REAL", Title: "Heures par semaine"}},
			Rows: slices.Values([]store.LayerRow{
				{Geometry: hexagon(orb.Point{3.5, 49.2}), Values: []any{17.5}},
				{Geometry: hexagon(orb.Point{3.6, 49.3}), Values: []any{nil}}})},
		{Name: "zones", Title: "Zones blanches", Geometry: "MULTIPOLYGON",
			Rows: slices.Values([]store.LayerRow{{Geometry: square}})}}))
	must(t, s.Close())
	return path
}

func open(t *testing.T, path string, opts ...gpkg.Option) *gpkg.Store {
	t.Helper()
	s, err := gpkg.Open(context.Background(), path, opts...)
	must(t, err)
	t.Cleanup(func() { s.Close() })
	return s
}

func manifest() store.Manifest { return store.Manifest{Dataset: "essai"} }

func rows[T any](all ...T) func(func(T, error) bool) {
	return generate(len(all), func(i int) T { return all[i] })
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func TestOGRReadsEveryTable(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed (Debian: gdal-bin); the file is not tried with GDAL")
	}
	path := sample(t)
	ask := func(args ...string) string {
		t.Helper()
		var out, warnings bytes.Buffer
		cmd := exec.Command(ogrinfo, args...)
		cmd.Stdout, cmd.Stderr = &out, &warnings
		if err := cmd.Run(); err != nil || warnings.Len() > 0 {
			t.Fatalf("ogrinfo %v: %v: %s", args, err, &warnings)
		}
		return out.String()
	}
	for _, c := range []struct{ table, geometry, features, extent string }{
		{"communes", "Multi Polygon", "2", "(3.400000, 49.100000) - (3.600000, 49.300000)"},
		{"epci", "Multi Polygon", "1", "(3.400000, 49.100000) - (3.600000, 49.300000)"},
		{"secteurs", "None", "1", ""},
		{"lieux", "Point", "2", "(3.520000, 49.190000) - (3.520000, 49.190000)"},
		{"tournees", "Point", "1", ""},
		{"stops", "Point", "1", "(3.500000, 49.200000) - (3.500000, 49.200000)"},
		{"ifn_variables", "None", "1", ""},
		{"roads", "Line String", "3", "(3.001000, 49.001000) - (3.003700, 49.003000)"},
		{"gtfs", "None", "1", ""},
		{"gtfs_arrets", "Point", "1", "(3.500000, 49.200000) - (3.500000, 49.200000)"},
		{"gtfs_zones", "Multi Polygon", "0", ""},
		{"tad", "Multi Polygon", "0", ""},
		{"datasets", "None", "8", ""},
		{"editions", "None", "1", ""},
		{"edition_parts", "None", "1", ""},
		{"result_layers", "None", "2", ""},
		{"maillage_migrations", "None", strconv.Itoa(latest(t)), ""},
		{"territoires", "Multi Polygon", "0", ""},
		{"population_carreaux", "None", "0", ""},
		{"resultat_cells", "Polygon", "2", "(3.498000, 49.199134) - (3.602000, 49.300866)"},
		{"resultat_zones", "Multi Polygon", "1", "(3.400000, 49.100000) - (3.600000, 49.300000)"},
	} {
		out := ask("-ro", "-so", path, c.table)
		for _, want := range []string{"Geometry: " + c.geometry + "\n", "Feature Count: " + c.features + "\n"} {
			if !strings.Contains(out, want) {
				t.Errorf("%s: ogrinfo does not say %q:\n%s", c.table, want, out)
			}
		}
		if c.extent != "" {
			checkExtent(t, c.table, out, c.extent)
		}
		if srs := `ID["EPSG",4326]]`; c.geometry != "None" && !strings.Contains(out, srs) {
			t.Errorf("%s: ogrinfo does not know it is EPSG:4326:\n%s", c.table, out)
		}
	}
	all := ask("-ro", "-al", path)
	for _, want := range []string{
		"MULTIPOLYGON (((3.4 49.1,3.6 49.1,3.6 49.3,3.4 49.3,3.4 49.1),(3.45 49.15,3.45 49.2,3.5 49.2,3.45 49.15)))",
		"nom (String) = Fère-en-Tardenois",
		"population_habitants (Integer64) = 2952",
		"services (String) = aide-demarches|insertion-professionnelle",
		"mis_a_jour (Date) = 2024/08/01",
		`tags (String) = {"highway":"residential","maxspeed":"50","name":"Rue de la Gare"}`,
		"hours_week (Real) = 17.5",
		"hours_week (Real) = (null)",
	} {
		if !strings.Contains(all, want) {
			t.Errorf("ogrinfo -al does not say %q", want)
		}
	}
	// The spatial index: GDAL uses it for this filter.
	if out := ask("-ro", "-spat", "3.51", "49.18", "3.53", "49.20", path, "lieux"); !strings.Contains(out, "Médiathèque") {
		t.Errorf("a spatial filter does not find the lieu:\n%s", out)
	}
}

// checkExtent compares the extent in the output of ogrinfo with the one expected.
// The index rounds outward to single precision: 4e-6 degrees at these latitudes.
func checkExtent(t *testing.T, table, out, want string) {
	t.Helper()
	const form, roundingDeg = "(%f, %f) - (%f, %f)", 5e-6
	parse := func(text string) (v [4]float64) {
		if _, err := fmt.Sscanf(text, form, &v[0], &v[1], &v[2], &v[3]); err != nil {
			t.Errorf("%s: extent %q: %v", table, text, err)
		}
		return v
	}
	_, after, _ := strings.Cut(out, "Extent: ")
	line, _, _ := strings.Cut(after, "\n")
	got, expected := parse(line), parse(want)
	for i := range got {
		if math.Abs(got[i]-expected[i]) > roundingDeg {
			t.Errorf("%s: extent %s; want %s", table, line, want)
			return
		}
	}
}

// TestHeader holds the file against the requirements of the standard that a program
// checks before anything else.
func TestHeader(t *testing.T) {
	path := sample(t)
	content, err := os.ReadFile(path)
	must(t, err)
	if got := string(content[:16]); got != "SQLite format 3\x00" {
		t.Errorf("the file begins with %q", got)
	}
	if got := string(content[68:72]); got != "GPKG" {
		t.Errorf("application_id is %q; want GPKG", got)
	}
	if got := content[60:64]; !bytes.Equal(got, []byte{0, 0, 10300 >> 8, 10300 & 0xff}) {
		t.Errorf("user_version is %v; want 10300", got)
	}
	if got := content[18:20]; !bytes.Equal(got, []byte{1, 1}) {
		t.Errorf("read and write version are %v; want 1, 1: rollback mode", got)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	must(t, err)
	if !slices.Equal(left, []string{path}) {
		t.Errorf("after Close the folder holds %v; want the one file", left)
	}
	var ids string
	must(t, raw(t, path).QueryRow("SELECT group_concat(srs_id || ' ' || organization || ' ' || organization_coordsys_id, ', ' ORDER BY srs_id) FROM gpkg_spatial_ref_sys").Scan(&ids))
	if want := "-1 NONE -1, 0 NONE 0, 4326 EPSG 4326"; ids != want {
		t.Errorf("gpkg_spatial_ref_sys holds %q; want %q", ids, want)
	}
}

// TestEveryColumnHasATitle looks for columns that a person would see by their name
// in the program only.
func TestEveryColumnHasATitle(t *testing.T) {
	db := raw(t, sample(t))
	var without string
	must(t, db.QueryRow(`
		SELECT COALESCE(group_concat(c.table_name || '.' || i.name, ', '), '')
		FROM gpkg_contents AS c, pragma_table_info(c.table_name) AS i
		LEFT JOIN gpkg_data_columns AS d ON d.table_name = c.table_name AND d.column_name = i.name
		WHERE i.name NOT IN ('fid', 'geom') AND COALESCE(d.title, '') = ''
			AND c.table_name NOT IN ('maillage_migrations', 'edition_parts', 'result_layers')`).Scan(&without))
	if without != "" {
		t.Errorf("columns without a title: %s", without)
	}
	var strays string
	must(t, db.QueryRow(`
		SELECT COALESCE(group_concat(table_name || '.' || column_name, ', '), '') FROM gpkg_data_columns AS d
		WHERE column_name NOT IN (SELECT name FROM pragma_table_info(d.table_name))`).Scan(&strays))
	if strays != "" {
		t.Errorf("titles of columns that do not exist: %s", strays)
	}
}

// TestEditedInAGIS changes features as a GIS does, through the triggers, and with
// geometries in the forms that other programs write.
func TestEditedInAGIS(t *testing.T) {
	path := sample(t)
	db := sql.OpenDB(gisDriver(path))
	defer db.Close()
	blob := func(order byte, envelope int, p orb.Point) []byte {
		b := []byte{'G', 'P', 0, order | byte(map[int]int{0: 0, 32: 1, 48: 2, 64: 4}[envelope])<<1, 0, 0, 0x10, 0xe6}
		b = append(b, make([]byte, envelope)...)
		return append(b, wkb.MustMarshal(p)...)
	}
	for _, c := range []struct {
		name    string
		change  string
		args    []any
		indexed string // the ids of lieux in the index
	}{
		{"nothing yet", "SELECT 1", nil, "1"},
		{"a lieu gets its position", "UPDATE lieux SET geom = ? WHERE id = 'b'", []any{blob(0, 0, orb.Point{3, 49})}, "1,2"},
		{"a lieu moves", "UPDATE lieux SET geom = ? WHERE id = 'b'", []any{blob(1, 64, orb.Point{4, 50})}, "1,2"},
		{"another id of row", "UPDATE lieux SET fid = 7 WHERE id = 'b'", nil, "1,7"},
		{"another id of row, and no position", "UPDATE lieux SET fid = 8, geom = NULL WHERE id = 'b'", nil, "1"},
		{"a new lieu", "INSERT INTO lieux (geom, dataset, position, id, nom, itinerant, sans_public) VALUES (?, 'essai', 2, 'c', 'Mairie', 0, 0)",
			[]any{blob(1, 48, orb.Point{5, 48})}, "1,9"},
		{"a lieu loses its position", "UPDATE lieux SET geom = NULL WHERE id = 'a'", nil, "9"},
		{"a lieu is gone", "DELETE FROM lieux WHERE id = 'b'", nil, "9"},
		{"a lieu with a position is gone", "DELETE FROM lieux WHERE id = 'c'", nil, ""},
		{"and comes back, with another envelope", "INSERT INTO lieux (geom, dataset, position, id, nom, itinerant, sans_public) VALUES (?, 'essai', 1, 'c', 'Mairie', 1, 0)",
			[]any{blob(0, 32, orb.Point{5, 48})}, "10"},
	} {
		_, err := db.Exec(c.change, c.args...)
		if err != nil {
			t.Fatalf("%s: %v", c.name, err)
		}
		var ids string
		must(t, db.QueryRow("SELECT COALESCE(group_concat(id, ',' ORDER BY id), '') FROM rtree_lieux_geom").Scan(&ids))
		if ids != c.indexed {
			t.Errorf("%s: the index holds %q; want %q", c.name, ids, c.indexed)
		}
	}
	must(t, db.Close())
	s := open(t, path)
	got, err := store.Lieux.All(context.Background(), s)
	must(t, err)
	if len(got) != 2 || got[0].Located || got[1].ID != "c" || got[1].At != (geo.LonLat{Lon: 5, Lat: 48}) || !got[1].Itinerant {
		t.Errorf("the lieux after the edits: %+v", got)
	}
	// An import takes over, and leaves the triggers for the next edit.
	_, err = store.Lieux.Replace(context.Background(), s, manifest(), rows(plainLieu(1)))
	must(t, err)
	must(t, s.Check(context.Background()))
	var triggers int
	must(t, raw(t, path).QueryRow("SELECT count(*) FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'lieux'").Scan(&triggers))
	if triggers != 6 {
		t.Errorf("%d triggers on lieux after an import; want 6", triggers)
	}
}

// gisDriver opens the file with the functions that the triggers call, and that
// every GIS has; here for points only.
func gisDriver(path string) *gisConnector {
	coordinate := func(axis int) func([]byte) float64 {
		return func(blob []byte) float64 {
			header := 8 + [8]int{0, 32, 48, 48, 64}[blob[3]>>1&7]
			g, err := wkb.Unmarshal(blob[header:])
			if err != nil {
				panic(fmt.Sprintf("a trigger passed %x: %v", blob, err))
			}
			return g.(orb.Point)[axis]
		}
	}
	return &gisConnector{path, &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
		for name, f := range map[string]any{
			"ST_IsEmpty": func([]byte) bool { return false },
			"ST_MinX":    coordinate(0), "ST_MaxX": coordinate(0),
			"ST_MinY": coordinate(1), "ST_MaxY": coordinate(1),
		} {
			if err := c.RegisterFunc(name, f, true); err != nil {
				return err
			}
		}
		return nil
	}}}
}

type gisConnector struct {
	path   string
	driver *sqlite3.SQLiteDriver
}

func (c *gisConnector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.path) }
func (c *gisConnector) Driver() driver.Driver                        { return c.driver }
