package gpkg_test

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
)

// exec1 makes or changes a file with plain SQLite.
func exec1(t *testing.T, path string, statements ...string) {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	must(t, err)
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// TestWrongFiles: one way to be wrong per row, and the sentence that says so.
func TestWrongFiles(t *testing.T) {
	whole, err := os.ReadFile(sample(t))
	must(t, err)
	write := func(content []byte) func(t *testing.T, path string) {
		return func(t *testing.T, path string) { must(t, os.WriteFile(path, content, 0o644)) }
	}
	scramble := func(at int) []byte {
		content := bytes.Clone(whole)
		copy(content[at:], bytes.Repeat([]byte{0xa5}, 64))
		return content
	}
	for _, c := range []struct {
		name string
		make func(t *testing.T, path string)
		opts []gpkg.Option
		want error
		text string // after "open store: PATH: "
	}{
		{"a text", write([]byte("code;nom\n02305;Fère-en-Tardenois\n")), nil, gpkg.ErrNotGeoPackage,
			"not a GeoPackage: not an SQLite file"},
		{"a file of one byte", write([]byte("S")), nil, gpkg.ErrNotGeoPackage,
			"not a GeoPackage: not an SQLite file"},
		{"a folder", func(t *testing.T, path string) { must(t, os.Mkdir(path, 0o755)) }, nil, gpkg.ErrNotGeoPackage,
			"not a GeoPackage: a folder"},
		{"an SQLite file of another program", func(t *testing.T, path string) {
			exec1(t, path, "CREATE TABLE history (url TEXT)")
		}, nil, gpkg.ErrNotGeoPackage,
			"not a GeoPackage: an SQLite file with application id 0x0; expected 0x47504b47 (GPKG)"},
		{"a GeoPackage 1.1, which has another application id", func(t *testing.T, path string) {
			exec1(t, path, "PRAGMA application_id = 0x47503131", "CREATE TABLE gpkg_contents (table_name TEXT)")
		}, nil, gpkg.ErrNotGeoPackage,
			"not a GeoPackage: an SQLite file with application id 0x47503131; expected 0x47504b47 (GPKG)"},
		{"a GeoPackage of another program", func(t *testing.T, path string) {
			exec1(t, path, "PRAGMA application_id = 0x47504B47", "CREATE TABLE gpkg_contents (table_name TEXT)")
		}, nil, gpkg.ErrNotStore,
			"a GeoPackage that maillage did not make"},
		{"a store of a later version", func(t *testing.T, path string) {
			write(whole)(t, path)
			exec1(t, path, "INSERT INTO maillage_migrations (version, name) VALUES (999, '0999_later.sql')")
		}, nil, gpkg.ErrNewer,
			fmt.Sprintf("made by a newer version of maillage: version 999 of the file; this program knows up to %d", latest(t))},
		{"a store cut in the middle", write(whole[:len(whole)/2]), nil, gpkg.ErrDamaged,
			fmt.Sprintf("damaged file: cut after %d of %d bytes", len(whole)/2, len(whole))},
		{"a store cut in its header", write(whole[:50]), nil, gpkg.ErrDamaged,
			"damaged file: cut after 50 bytes"},
		{"a store whose first page is overwritten", write(scramble(100)), nil, gpkg.ErrDamaged,
			"damaged file: database disk image is malformed"},
		{"a folder that does not exist", nil, nil, fs.ErrNotExist,
			"its folder: file does not exist"},
		{"no file, where there should be one", func(*testing.T, string) {}, []gpkg.Option{gpkg.MustExist()}, fs.ErrNotExist,
			"file does not exist"},
		{"no file to read", func(*testing.T, string) {}, []gpkg.Option{gpkg.ReadOnly()}, fs.ErrNotExist,
			"file does not exist"},
		{"an empty file to read", write(nil), []gpkg.Option{gpkg.ReadOnly()}, gpkg.ErrNotGeoPackage,
			"not a GeoPackage: not an SQLite file"},
		{"a file without the right to write", func(t *testing.T, path string) {
			skipIfRoot(t)
			must(t, os.WriteFile(path, whole, 0o444))
		}, nil, fs.ErrPermission,
			"permission denied"},
		{"a folder without the right to write", func(t *testing.T, path string) {
			skipIfRoot(t)
			must(t, os.Chmod(filepath.Dir(path), 0o555))
			t.Cleanup(func() { must(t, os.Chmod(filepath.Dir(path), 0o755)) })
		}, nil, fs.ErrPermission,
			"permission denied"},
	} {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "essai.gpkg")
			if c.make == nil {
				path = filepath.Join(filepath.Dir(path), "absent", "essai.gpkg")
			} else {
				c.make(t, path)
			}
			before, _ := os.ReadFile(path)
			s, err := gpkg.Open(context.Background(), path, c.opts...)
			if err == nil {
				s.Close()
				t.Fatal("opened")
			}
			if !errors.Is(err, c.want) {
				t.Errorf("Open() = %v; want it to wrap %q", err, c.want)
			}
			if want := "open store: " + path + ": " + c.text; err.Error() != want {
				t.Errorf("Open() = %q; want %q", err, want)
			}
			if after, _ := os.ReadFile(path); !bytes.Equal(before, after) {
				t.Error("the file was changed")
			}
		})
	}
}

func skipIfRoot(t *testing.T) {
	if os.Geteuid() == 0 {
		t.Skip("root may write anywhere")
	}
}

func TestOpenCreates(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	for _, c := range []struct {
		name string
		make func(path string)
	}{
		{"where there is nothing", func(string) {}},
		{"over an empty file, as mktemp leaves", func(path string) { must(t, os.WriteFile(path, nil, 0o600)) }},
		{"over an SQLite file without anything", func(path string) { exec1(t, path, "VACUUM") }},
	} {
		path := filepath.Join(dir, c.name+".gpkg")
		c.make(path)
		s, err := gpkg.Open(ctx, path)
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		if err := s.Check(ctx); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
		if err := s.Close(); err != nil {
			t.Errorf("%s: %v", c.name, err)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	path := filepath.Join(dir, "cancelled.gpkg")
	if _, err := gpkg.Open(cancelled, path); !errors.Is(err, context.Canceled) {
		t.Errorf("Open with a cancelled context: %v; want context.Canceled", err)
	}
	if _, err := os.Stat(path); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("Open with a cancelled context left a file: %v", err)
	}
}

// latest is the version of the files that this program writes.
func latest(t *testing.T) int {
	names, err := filepath.Glob("migrations/*.sql")
	if err != nil || len(names) == 0 {
		t.Fatalf("%d migrations: %v", len(names), err)
	}
	return len(names)
}

// undoTerritoires takes back the migrations from 7 on: what is left is a file of version 0.5.
var undoTerritoires = append(undoDetails(), "DROP TABLE rtree_territoires_geom", "DROP TABLE territoires", "DELETE FROM gpkg_extensions WHERE table_name = 'territoires'", "DELETE FROM gpkg_geometry_columns WHERE table_name = 'territoires'", "DELETE FROM gpkg_contents WHERE table_name = 'territoires'",
	"DELETE FROM gpkg_data_columns WHERE table_name = 'territoires'", "DELETE FROM maillage_migrations WHERE version >= 7")

func undoDetails() (sql []string) {
	columns := []string{"accueil_inconnu", "a_distance", "a_domicile", "reserve", "zone", "rendez_vous_creneaux"}
	for _, f := range new(lieu.Details).Fields() {
		columns = append(columns, f.Name)
	}
	for _, c := range columns {
		sql = append(sql, "ALTER TABLE lieux DROP COLUMN "+c, "DELETE FROM gpkg_data_columns WHERE table_name = 'lieux' AND column_name = '"+c+"'")
	}
	sql = append(sql, "ALTER TABLE datasets DROP COLUMN options", "DELETE FROM gpkg_data_columns WHERE table_name = 'datasets' AND column_name = 'options'")
	for _, c := range []string{"impute", "menages", "personnes_seules", "menages_pauvres", "moins_de_18_ans", "de_65_a_79_ans", "de_80_ans_et_plus"} {
		sql = append(sql, "ALTER TABLE population_carreaux DROP COLUMN "+c, "DELETE FROM gpkg_data_columns WHERE table_name = 'population_carreaux' AND column_name = '"+c+"'")
	}
	sql = append(sql, "CREATE TABLE of_communes AS SELECT fid, dataset, position, code AS commune, nom, valeur FROM ifn_variables",
		"DROP TABLE ifn_variables", "ALTER TABLE of_communes RENAME TO ifn_variables",
		"DELETE FROM gpkg_data_columns WHERE table_name = 'ifn_variables' AND column_name IN ('niveau', 'code')")
	sql = append(sql, "DELETE FROM datasets WHERE kind = 'gtfs'")
	for _, made := range []struct {
		table   string
		spatial bool
	}{{"equipements", true}, {"gtfs_arrets", true}, {"gtfs_lignes", false}, {"gtfs_services", false}, {"gtfs_courses", false}, {"gtfs_zones", true}, {"gtfs", false}, {"tad", true}} {
		sql = append(sql, "DROP TABLE "+made.table)
		if made.spatial {
			sql = append(sql, "DROP TABLE rtree_"+made.table+"_geom")
		}
		for _, t := range []string{"gpkg_contents", "gpkg_geometry_columns", "gpkg_data_columns", "gpkg_extensions"} {
			sql = append(sql, "DELETE FROM "+t+" WHERE table_name = '"+made.table+"'")
		}
	}
	sql = append(sql, "ALTER TABLE epci DROP COLUMN population_habitants", "DELETE FROM gpkg_data_columns WHERE table_name = 'epci' AND column_name = 'population_habitants'")
	return append(sql, "ALTER TABLE datasets DROP COLUMN note", "DELETE FROM gpkg_data_columns WHERE table_name = 'datasets' AND column_name = 'note'",
		"ALTER TABLE stops DROP COLUMN rendez_vous_creneaux", "DELETE FROM gpkg_data_columns WHERE table_name = 'stops' AND column_name = 'rendez_vous_creneaux'")
}

// TestStoreOfVersion05IsMigrated: it is refused to who only reads, with what to do; opened for
// writing it keeps its rows, and takes territoires.
func TestStoreOfVersion05IsMigrated(t *testing.T) {
	ctx, path := context.Background(), sample(t)
	before := func(s *gpkg.Store) []admin.Commune {
		rows, err := store.Communes.All(ctx, s)
		must(t, err)
		return rows
	}
	s, err := gpkg.Open(ctx, path)
	must(t, err)
	want := before(s)
	must(t, s.Close())
	exec1(t, path, undoTerritoires...)
	if _, err := gpkg.Open(ctx, path, gpkg.ReadOnly()); !errors.Is(err, gpkg.ErrReadOnly) {
		t.Errorf("opened for reading: %v; want ErrReadOnly", err)
	}
	s, err = gpkg.Open(ctx, path)
	must(t, err)
	defer s.Close()
	must(t, s.Check(ctx))
	if got := before(s); len(want) == 0 || len(got) != len(want) {
		t.Errorf("%d communes after the migration; want %d, and some", len(got), len(want))
	}
	cantons := []admin.Set{{Type: "canton", Code: "0201", Nom: "Bohain", Communes: []string{"02001"}}}
	_, err = store.Territoires.Replace(ctx, s, store.Manifest{Dataset: "canton"}, func(yield func(admin.Set, error) bool) { yield(cantons[0], nil) })
	must(t, err)
	if got, err := store.Territoires.All(ctx, s); err != nil || len(got) != 1 || got[0].Code != "0201" {
		t.Errorf("territoires: %v, %v; want the canton", got, err)
	}
}

func TestRelativePath(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, path := range []string{"essai.gpkg", "./essai2.gpkg", ":memory:"} {
		s := open(t, path)
		_, err := store.Lieux.Replace(context.Background(), s, manifest(), rows(plainLieu(1)))
		must(t, err)
		must(t, s.Close())
		if got, err := store.Lieux.All(context.Background(), open(t, path, gpkg.MustExist())); len(got) != 1 || err != nil {
			t.Errorf("%s: %d lieux after reopening, %v; want 1", path, len(got), err)
		}
	}
}

func TestReadOnly(t *testing.T) {
	ctx, path := context.Background(), sample(t)
	before, err := os.ReadFile(path)
	must(t, err)
	s := open(t, path, gpkg.ReadOnly())
	if lieux, err := store.Lieux.All(ctx, s); len(lieux) != 2 || err != nil {
		t.Errorf("Lieux() = %v, %v; want 2", lieux, err)
	}
	if err := s.Check(ctx); err != nil {
		t.Error(err)
	}
	if _, err := store.Lieux.Replace(ctx, s, manifest(), rows(plainLieu(1))); !errors.Is(err, gpkg.ErrReadOnly) {
		t.Errorf("ReplaceLieux() = %v; want ErrReadOnly", err)
	}
	if err := s.PutEdition(ctx, "e", nil, nil); !errors.Is(err, gpkg.ErrReadOnly) {
		t.Errorf("PutEdition() = %v; want ErrReadOnly", err)
	}
	must(t, s.Close())
	after, err := os.ReadFile(path)
	must(t, err)
	if !bytes.Equal(before, after) {
		t.Error("reading changed the file")
	}
}

// TestTwoPrograms opens the file twice, as two processes would.
func TestTwoPrograms(t *testing.T) {
	ctx, path := context.Background(), filepath.Join(t.TempDir(), "essai.gpkg")
	a := open(t, path)
	b := open(t, path, gpkg.Patience(time.Millisecond))
	_, err := store.Lieux.Replace(ctx, a, manifest(), generate(3, plainLieu))
	must(t, err)
	if got, err := store.Lieux.All(ctx, b); len(got) != 3 || err != nil {
		t.Errorf("the other program reads %d lieux, %v; want the 3 that were just imported", len(got), err)
	}
	_, err = store.Roads.Replace(ctx, a, manifest(), generate(3, plainWay))
	must(t, err)
	_, err = store.Variables.Replace(ctx, a, manifest(), func(yield func(store.Variable, error) bool) {
		// a holds the write lock here.
		if _, err := store.Lieux.Replace(ctx, b, manifest(), generate(4, plainLieu)); !errors.Is(err, gpkg.ErrBusy) {
			t.Errorf("an import while the other program imports: %v; want ErrBusy", err)
		}
		if got, err := store.Lieux.All(ctx, b); len(got) != 3 || err != nil {
			t.Errorf("a read while the other program imports: %d lieux, %v; want 3", len(got), err)
		}
		c := open(t, path) // and a third may open it meanwhile
		must(t, c.Close())
		yield(plainVariable(0), nil)
	})
	must(t, err)
	_, err = store.Lieux.Replace(ctx, b, manifest(), generate(4, plainLieu))
	must(t, err)
	must(t, a.Close())
	if got, err := store.Lieux.All(ctx, b); len(got) != 4 || err != nil {
		t.Errorf("after the other program closed: %d lieux, %v; want 4", len(got), err)
	}
	_, err = store.Lieux.Replace(ctx, b, manifest(), generate(5, plainLieu))
	must(t, err)
	must(t, b.Close())
	left, err := filepath.Glob(filepath.Join(filepath.Dir(path), "*"))
	must(t, err)
	if len(left) != 1 {
		t.Errorf("after both closed the folder holds %v; want the one file", left)
	}
}

// TestCheckFinds damages a whole store in one way per row.
func TestCheckFinds(t *testing.T) {
	whole, err := os.ReadFile(sample(t))
	must(t, err)
	for _, c := range []struct{ name, damage, want string }{
		{"a lieu deleted by hand", "DELETE FROM lieux WHERE id = 'b'",
			"lieux: dataset essai: 1 rows, the last at position 0; the import wrote 2"},
		{"a position changed by hand", "UPDATE secteurs SET position = 9",
			"secteurs: dataset essai: 1 rows, the last at position 9; the import wrote 1"},
		{"a manifest deleted by hand", "DELETE FROM datasets WHERE kind = 'communes'",
			"communes: dataset essai: 2 rows that no import wrote"},
		{"a stop of no tournée", "PRAGMA foreign_keys = OFF; DELETE FROM tournees; DELETE FROM datasets WHERE kind = 'tournees'",
			"stops: row 1 refers to a row of tournees that is not there"},
		{"a feature missing in the index", "DELETE FROM rtree_roads_geom WHERE id = 2",
			"roads: 1 features are not in the spatial index"},
		{"an index entry without feature", "INSERT INTO rtree_roads_geom VALUES (99, 1, 2, 1, 2)",
			"roads: 1 entries of the spatial index have no feature"},
		{"a table dropped", "DROP TABLE stops", "table stops is missing"},
		{"a result table dropped", "DROP TABLE resultat_zones", "table resultat_zones is announced and missing"},
		{"a part of an edition lost", "DELETE FROM edition_parts", "edition edition-1: 0 bytes; expected 2"},
		{"another version of the standard", "PRAGMA user_version = 10200", "user_version is 10200; expected 10300"},
		{"an index dropped", "DROP TABLE rtree_roads_geom", "roads: the spatial index is missing"},
		{"a constraint that rows break", "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = replace(sql, 'population_habitants >= 0', 'population_habitants >= 2000') WHERE name = 'communes'",
			"integrity: CHECK constraint failed in communes"},
	} {
		path := filepath.Join(t.TempDir(), "essai.gpkg")
		must(t, os.WriteFile(path, whole, 0o644))
		exec1(t, path, c.damage)
		s := open(t, path)
		err := s.Check(context.Background())
		if !errors.Is(err, gpkg.ErrDamaged) || !strings.Contains(err.Error(), "check store: "+path+": damaged file: "+c.want) {
			t.Errorf("%s: Check() = %v; want %q", c.name, err, c.want)
		}
		must(t, s.Close())
	}
	t.Run("a page overwritten", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "essai.gpkg")
		var page, size int
		must(t, os.WriteFile(path, whole, 0o644))
		db := raw(t, path)
		must(t, db.QueryRow("SELECT rootpage, page_size FROM sqlite_schema, pragma_page_size WHERE name = 'roads'").Scan(&page, &size))
		must(t, db.Close())
		content := bytes.Clone(whole)
		copy(content[(page-1)*size:], bytes.Repeat([]byte{0xa5}, size))
		must(t, os.WriteFile(path, content, 0o644))
		s := open(t, path)
		if err := s.Check(context.Background()); !errors.Is(err, gpkg.ErrDamaged) || !strings.Contains(err.Error(), "integrity: ") {
			t.Errorf("Check() = %v; want damage", err)
		}
		for _, err := range store.Roads.Each(context.Background(), s) {
			if !errors.Is(err, gpkg.ErrDamaged) {
				t.Errorf("Roads() = %v; want ErrDamaged", err)
			}
		}
	})
	t.Run("an edition overwritten", func(t *testing.T) {
		path := filepath.Join(t.TempDir(), "essai.gpkg")
		must(t, os.WriteFile(path, whole, 0o644))
		exec1(t, path, "UPDATE edition_parts SET bytes = '[]'")
		if _, err := open(t, path).Edition(context.Background(), "edition-1"); !errors.Is(err, gpkg.ErrDamaged) {
			t.Errorf("Edition() = %v; want ErrDamaged", err)
		}
	})
}

// TestUnfinishedWrite opens a file whose last program was killed: its header is
// older than its tail, which must not be taken for a cut file.
func TestUnfinishedWrite(t *testing.T) {
	ctx, dir := context.Background(), t.TempDir()
	path := filepath.Join(dir, "essai.gpkg")
	s := open(t, path)
	_, err := store.Lieux.Replace(ctx, s, manifest(), generate(2000, plainLieu))
	must(t, err)
	copied := filepath.Join(dir, "copy.gpkg") // as the disk is when the program dies
	for _, suffix := range []string{"", "-wal"} {
		content, err := os.ReadFile(path + suffix)
		must(t, err)
		if suffix == "" { // a size that the tail alone can explain
			binary.BigEndian.PutUint32(content[28:], 1<<20)
		}
		must(t, os.WriteFile(copied+suffix, content, 0o644))
	}
	again := open(t, copied)
	if got, err := store.Lieux.All(ctx, again); len(got) != 2000 || err != nil {
		t.Errorf("after a kill: %d lieux, %v; want the 2000 that were committed", len(got), err)
	}
	must(t, again.Check(ctx))
}
