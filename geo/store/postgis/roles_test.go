package postgis_test

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/scripts/cluster/clustertest"
)

// makeRoles runs the script that administrators run.
func makeRoles(t *testing.T, address string, options ...string) {
	t.Helper()
	if _, err := exec.LookPath("psql"); err != nil {
		t.Skip("not tried: psql is not installed (Debian package postgresql-client)")
	}
	said, err := exec.Command("psql", append(options, "--no-psqlrc", "--quiet", "--file", "../../../scripts/deploy/roles.sql", address)...).CombinedOutput()
	if err != nil {
		t.Fatalf("psql: %v\n%s", err, said)
	}
}

// as is an address with another role.
func as(role, address string) string {
	database := address[strings.LastIndex(address, "/essai_")+1 : strings.Index(address, "?")]
	return server.URL(database, role)
}

var spots = []store.Layer{{Name: "spots", Title: "Points", Geometry: "POINT", Columns: []store.Column{{Name: "nom", Type: "TEXT", Title: "Nom"}},
	Rows: func(yield func(store.LayerRow) bool) {
		yield(store.LayerRow{Geometry: orb.Point{3, 49}, Values: []any{"Fère"}})
	}}}

func TestRoles(t *testing.T) {
	a := address(t)
	// Names that need quotes, in SQL and in psql.
	read, write, migrate := `lecture "a"`, "écriture'b", "Structure"
	names := []string{"-v", "read=" + read, "-v", "write=" + write, "-v", "migrate=" + migrate}
	makeRoles(t, a, names...)
	makeRoles(t, a, names...) // again: nothing to do
	ctx := t.Context()

	// Before the structure is there, only one role can make it; the others say who.
	for _, role := range []string{read, write} {
		if _, err := postgis.Open(ctx, as(role, a)); !errors.Is(err, postgis.ErrOutdated) {
			t.Errorf("%s opens a database without structure: %v; want ErrOutdated", role, err)
		}
	}
	owner := open(t, as(migrate, a))
	must(t, owner.Close())

	writer := open(t, as(write, a))
	defer writer.Close()
	_, err := store.Communes.Replace(ctx, writer, store.Manifest{Dataset: "essai"}, commune("a"))
	must(t, err)
	for _, id := range []string{"e1", "e2", "e3"} { // the first makes the table of results, the others swap it
		must(t, writer.PutEdition(ctx, id, []byte("bytes"), spots))
	}
	gone, err := writer.Prune(ctx, 2)
	if err != nil || len(gone) != 1 {
		t.Errorf("the writer prunes %v, %v; want the first edition", gone, err)
	}

	reader := open(t, as(read, a))
	defer reader.Close()
	list, err := reader.Editions(ctx)
	if err != nil || len(list) != 2 {
		t.Errorf("the reader lists %v, %v; want two editions", list, err)
	}
	if data, err := reader.Edition(ctx, "e3"); string(data) != "bytes" || err != nil {
		t.Errorf("the reader loads %q, %v", data, err)
	}
	if c, err := store.Communes.All(ctx, reader); len(c) != 1 || err != nil {
		t.Errorf("the reader reads %v, %v", c, err)
	}
	must(t, reader.Check(ctx))
	if _, err := store.Communes.Replace(ctx, reader, store.Manifest{Dataset: "essai"}, commune("b")); !errors.Is(err, postgis.ErrForbidden) {
		t.Errorf("the reader imports: %v; want ErrForbidden", err)
	}
	if err := reader.PutEdition(ctx, "e4", nil, nil); !errors.Is(err, postgis.ErrForbidden) {
		t.Errorf("the reader puts an edition: %v; want ErrForbidden", err)
	}
	if err := reader.PutDocument(ctx, "scenario", "x", nil); !errors.Is(err, postgis.ErrForbidden) {
		t.Errorf("the reader puts a document: %v; want ErrForbidden", err)
	}
	must(t, reader.AddVisits(ctx, []store.Visits{{Day: "2026-11-25", Page: "carte", Count: 1}})) // all that a server of the map writes
	if _, err := reader.Prune(ctx, 1); !errors.Is(err, postgis.ErrForbidden) {
		t.Errorf("the reader prunes: %v; want ErrForbidden", err)
	}

	for _, c := range []struct{ role, query string }{
		{read, "SELECT * FROM maillage.resultat_spots"},
		{read, "LISTEN maillage_edition"},
		{write, "SELECT * FROM maillage.resultat_spots"},
		{read, "SELECT * FROM maillage.visits"},
		{migrate, "ALTER TABLE maillage.communes ADD COLUMN essai text"},
		{migrate, "ALTER TABLE maillage.communes DROP COLUMN essai"},
	} {
		if err := clustertest.Exec(ctx, as(c.role, a), c.query); err != nil {
			t.Errorf("%s: %s: %v", c.role, c.query, err)
		}
	}
	for _, c := range []struct{ role, query string }{
		{read, "DELETE FROM maillage.communes"},
		{read, "DELETE FROM maillage.visits"},
		{read, "SELECT maillage.open_layer('x', 'POINT', '', '[]')"},
		{read, "CREATE TABLE maillage.x (a int)"},
		{write, "CREATE TABLE maillage.x (a int)"},
		{write, "ALTER TABLE maillage.communes ADD COLUMN x text"},
		{write, "DROP TABLE maillage.communes"},
		{write, "TRUNCATE maillage.communes CASCADE"},
		{write, "DROP TABLE maillage.resultat_spots"},
		{write, "INSERT INTO maillage.maillage_migrations VALUES (99, 'x')"},
		{write, "SELECT maillage.open_layer('x (a int); DROP TABLE communes; --', 'POINT', '', '[]')"},
		{write, "SELECT maillage.open_layer('x', 'POINT, 4326)); DROP TABLE communes; --', '', '[]')"},
		{write, `SELECT maillage.open_layer('x', 'POINT', '', '[{"name": "a", "type": "int); DROP TABLE communes; --"}]')`},
		{write, "SELECT maillage.swap_layers(1, '{communes}')"},
		{migrate, "CREATE ROLE x"},
		{migrate, "CREATE TABLE pg_catalog.x (a int)"},
	} {
		if err := clustertest.Exec(ctx, as(c.role, a), c.query); err == nil {
			t.Errorf("%s may: %s", c.role, c.query)
		}
	}
	// A version deleted is no error for PostgreSQL, and no row for the policy.
	must(t, clustertest.Exec(ctx, as(write, a), "DELETE FROM maillage.maillage_migrations"))

	for _, c := range []struct {
		role                    string
		reads, writes, migrates bool
	}{{read, true, false, false}, {write, true, true, false}, {migrate, true, true, true}} {
		s := open(t, as(c.role, a))
		f, err := s.Facts(ctx)
		if err != nil || f.Role != c.role || f.Reads != c.reads || f.Writes != c.writes || f.Migrates != c.migrates || f.Version != f.Latest {
			t.Errorf("facts of %s: %+v, %v; want reads %t, writes %t, migrates %t, the latest version", c.role, f, err, c.reads, c.writes, c.migrates)
		}
		must(t, s.Close())
	}

	// An update of the program: the role that writes says who is to migrate.
	must(t, clustertest.Exec(ctx, a, "DELETE FROM maillage.maillage_migrations WHERE version = (SELECT max(version) FROM maillage.maillage_migrations); DROP TABLE maillage.gtfs_arrets, maillage.gtfs_lignes, maillage.gtfs_services, maillage.gtfs_courses, maillage.gtfs_zones, maillage.gtfs, maillage.tad"))
	if _, err := postgis.Open(ctx, as(write, a)); !errors.Is(err, postgis.ErrOutdated) {
		t.Errorf("the writer opens an older structure: %v; want ErrOutdated", err)
	}
	owner = open(t, as(migrate, a))
	must(t, owner.Close())
	again := open(t, as(write, a))
	must(t, again.Check(ctx))
	must(t, again.Close())
}

// TestRolesAdoptAStore: a store that a superuser made becomes that of the roles.
func TestRolesAdoptAStore(t *testing.T) {
	a := address(t)
	s := open(t, a)
	must(t, s.PutEdition(t.Context(), "e1", []byte("bytes"), spots))
	must(t, s.Close())
	makeRoles(t, a)
	writer := open(t, as("maillage_write", a))
	defer writer.Close()
	must(t, writer.PutEdition(t.Context(), "e2", []byte("bytes"), spots))
	f, err := writer.Facts(context.Background())
	if err != nil || !f.Writes || f.Migrates {
		t.Errorf("facts of the writer: %+v, %v; want a role that writes and does not migrate", f, err)
	}
}
