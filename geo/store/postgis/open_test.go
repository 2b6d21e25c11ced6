package postgis_test

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"net"
	"net/http/httptest"
	"net/url"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/scripts/cluster/clustertest"
)

const secret = "s3cr/t@:#%"

// TestNameHidesThePassword also reads addresses that are malformed, as those are what
// one makes of a password with characters that have a meaning in a URL.
func TestNameHidesThePassword(t *testing.T) {
	for _, c := range []struct{ address, want string }{
		{"postgres://jeanne@db.aisne.fr/maillage", "postgres://jeanne@db.aisne.fr:5432/maillage"},
		{"postgresql://jeanne:" + url.QueryEscape(secret) + "@db.aisne.fr:5433/maillage?sslmode=require", "postgres://jeanne@db.aisne.fr:5433/maillage"},
		{"postgres://jeanne@db.aisne.fr/maillage?password=" + url.QueryEscape(secret), "postgres://jeanne@db.aisne.fr:5432/maillage"},
		{"postgres://jeanne@/maillage?host=/run/postgresql", "postgres://jeanne@/maillage?host=/run/postgresql"},
		{"postgres://jeanne:" + secret + "@db.aisne.fr/maillage", "postgres://…"},
		{"postgres://jeanne:12/s3cr@db.aisne.fr/maillage", "postgres://…"},
		{"postgres://jeanne:s3cr?x@db.aisne.fr/maillage", "postgres://jeanne@db.aisne.fr:5432/maillage"},
		{"postgres://jeanne:s3cr:t@db.aisne.fr:port/maillage", "postgres://…"},
		{"postgres://jeanne:%zzs3cr@db.aisne.fr/maillage", "postgres://…"},
		{"/srv/s3cr.gpkg", "postgres://…"},
	} {
		if got := postgis.Name(c.address); got != c.want {
			t.Errorf("Name(%s) = %s; want %s", c.address, got, c.want)
		}
	}
}

func TestErrorsHideThePassword(t *testing.T) {
	free, err := net.Listen("tcp", "127.0.0.1:0")
	must(t, err)
	at := free.Addr().String()
	must(t, free.Close())
	for _, c := range []struct {
		name, address string
		want          error
	}{
		{"nobody listens", "postgres://jeanne:" + url.QueryEscape(secret) + "@" + at + "/maillage", postgis.ErrUnreachable},
		{"no such host", "postgres://jeanne:" + url.QueryEscape(secret) + "@nowhere.invalid/maillage?connect_timeout=2", postgis.ErrUnreachable},
		{"an encryption that does not exist", "postgres://jeanne:" + url.QueryEscape(secret) + "@" + at + "/maillage?sslmode=s3cr", postgis.ErrURL},
		{"a certificate that is not there", "postgres://jeanne:" + url.QueryEscape(secret) + "@" + at + "/maillage?sslmode=verify-full&sslrootcert=/nowhere.pem", fs.ErrNotExist},
		{"a password with a slash", "postgres://jeanne:" + secret + "@" + at + "/maillage", postgis.ErrURL},
		{"a password that looks like a port", "postgres://jeanne:1/s3cr@" + at + "/maillage", postgis.ErrURL},
		{"another kind of address", "mysql://jeanne:s3cr@" + at + "/maillage", postgis.ErrURL},
	} {
		s, err := postgis.Open(t.Context(), c.address)
		if err == nil {
			s.Close()
		}
		if !errors.Is(err, c.want) || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%s: %v; want %q, without the password", c.name, err, c.want)
		}
	}
}

// TestEncryptionThatIsRefused plays a server that answers "N" to the wish for TLS, and
// one whose certificate nobody knows.
func TestEncryptionThatIsRefused(t *testing.T) {
	unknown := httptest.NewTLSServer(nil) // for its certificate
	defer unknown.Close()
	for _, c := range []struct{ name, mode, answer string }{
		{"no encryption", "require", "N"},
		{"an unknown certificate", "verify-full", "S"},
	} {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		must(t, err)
		go func() {
			for {
				conn, err := l.Accept()
				if err != nil {
					return
				}
				_, _ = io.ReadFull(conn, make([]byte, 8)) // SSLRequest
				_, _ = io.WriteString(conn, c.answer)
				if c.answer == "S" {
					_ = tls.Server(conn, unknown.TLS).Handshake() // fails
				}
				conn.Close()
			}
		}()
		_, err = postgis.Open(t.Context(), "postgres://jeanne:s3cr@"+l.Addr().String()+"/aisne?sslmode="+c.mode)
		if !errors.Is(err, postgis.ErrTLS) || strings.Contains(err.Error(), "s3cr") {
			t.Errorf("%s: %v; want ErrTLS", c.name, err)
		}
		must(t, l.Close())
	}
}

func TestWrongPasswordAndDatabase(t *testing.T) {
	a := address(t)
	// As root of the cluster, ask this user for a password; the others stay trusted.
	must(t, clustertest.Exec(t.Context(), a, `
		CREATE ROLE jeanne LOGIN PASSWORD 'juste';
		DO $$ BEGIN EXECUTE format('COPY (VALUES (''local all jeanne scram-sha-256''), (''local all all trust'')) TO %L',
			current_setting('data_directory') || '/pg_hba.conf'); END $$;
		SELECT pg_reload_conf()`))
	t.Cleanup(func() { must(t, clustertest.Exec(context.Background(), server.URL("postgres"), "DROP ROLE jeanne")) })
	as := func(user, password, database string) string {
		u, err := url.Parse(server.URL(database, user))
		must(t, err)
		u.User = url.UserPassword(user, password)
		return u.String()
	}
	for deadline := time.Now().Add(10 * time.Second); ; time.Sleep(20 * time.Millisecond) { // the server reads its file when it pleases
		_, err := postgis.Open(t.Context(), as("jeanne", "s3cr", "postgres"))
		if errors.Is(err, postgis.ErrPassword) && !strings.Contains(err.Error(), "s3cr") {
			break
		}
		if time.Now().After(deadline) {
			t.Fatalf("a wrong password: %v; want ErrPassword, without the password", err)
		}
	}
	for _, c := range []struct {
		name, address string
		want          error
	}{
		{"no such role", server.URL("postgres", "personne"), postgis.ErrPassword},
		{"no such database", server.URL("nowhere"), postgis.ErrNoDatabase},
		{"a database without PostGIS", server.URL("postgres"), postgis.ErrNoPostGIS},
	} {
		if _, err := postgis.Open(t.Context(), c.address); !errors.Is(err, c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
}

func TestOpenRefusesWhatIsNotItsOwn(t *testing.T) {
	a := address(t)
	if _, err := postgis.Open(t.Context(), a, postgis.MustExist()); !errors.Is(err, postgis.ErrNoStore) {
		t.Errorf("an empty database, which must hold a store: %v; want ErrNoStore", err)
	}
	must(t, clustertest.Exec(t.Context(), a, "CREATE SCHEMA maillage; CREATE TABLE maillage.recettes (nom text)"))
	if _, err := postgis.Open(t.Context(), a); !errors.Is(err, postgis.ErrNotStore) {
		t.Errorf("a schema of another program: %v; want ErrNotStore", err)
	}
	must(t, clustertest.Exec(t.Context(), a, "DROP TABLE maillage.recettes"))
	s := open(t, a) // a schema that is there and empty, as an administrator prepares it
	must(t, s.Close())
	must(t, clustertest.Exec(t.Context(), a, "INSERT INTO maillage.maillage_migrations VALUES (99, 'from the future')"))
	if _, err := postgis.Open(t.Context(), a); !errors.Is(err, postgis.ErrNewer) || !strings.Contains(err.Error(), "version 99") {
		t.Errorf("a schema of a later version: %v; want ErrNewer, with the version", err)
	}
}

func TestLatin1IsRefused(t *testing.T) {
	address(t) // starts the cluster
	must(t, clustertest.Exec(t.Context(), server.URL("postgres"), "CREATE DATABASE latin1 TEMPLATE template0 ENCODING 'LATIN1'"))
	t.Cleanup(func() {
		must(t, clustertest.Exec(context.Background(), server.URL("postgres"), "DROP DATABASE latin1 WITH (FORCE)"))
	})
	if _, err := postgis.Open(t.Context(), server.URL("latin1")); !errors.Is(err, postgis.ErrUnfit) || !strings.Contains(err.Error(), "LATIN1") {
		t.Errorf("a database in Latin-1: %v; want ErrUnfit", err)
	}
}

// TestManyOpenAtOnce: one of them makes the store, the others wait for it.
func TestManyOpenAtOnce(t *testing.T) {
	a := address(t)
	var all sync.WaitGroup
	for range 8 {
		all.Go(func() {
			s, err := postgis.Open(context.Background(), a)
			if err != nil {
				t.Error(err)
				return
			}
			if err := s.Check(context.Background()); err != nil {
				t.Error(err)
			}
			s.Close()
		})
	}
	all.Wait()
}

func TestConnectionsSayWhoTheyAreAndAreBounded(t *testing.T) {
	a := address(t)
	for _, c := range []struct{ more, name, timeout string }{
		{"", "maillage", "5min"},
		{"&application_name=atelier&statement_timeout=7s&pool_max_conns=2", "atelier", "7s"},
	} {
		s := open(t, a+c.more)
		conn, err := pgx.Connect(t.Context(), a)
		must(t, err)
		var named int
		must(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE application_name = $1 AND datname = current_database()", c.name).Scan(&named))
		facts, err := s.Facts(t.Context())
		must(t, err)
		if named == 0 || facts.StatementTimeout != c.timeout {
			t.Errorf("%q: %d connections named %s, statement_timeout %s; want one at least, %s", c.more, named, c.name, facts.StatementTimeout, c.timeout)
		}
		must(t, conn.Close(t.Context()))
		must(t, s.Close())
	}
}

func commune(code string) iter.Seq2[admin.Commune, error] {
	return func(yield func(admin.Commune, error) bool) {
		yield(admin.Commune{Code: code, Outline: orb.MultiPolygon{{{{3, 49}, {4, 49}, {4, 50}, {3, 49}}}}}, nil)
	}
}

// TestWritersOfTwoProgramsWait uses two stores for what are two processes.
func TestWritersOfTwoProgramsWait(t *testing.T) {
	a := address(t)
	one, two := open(t, a), open(t, a, postgis.Patience(50*time.Millisecond))
	defer one.Close()
	defer two.Close()
	ctx := t.Context()
	_, err := store.Communes.Replace(ctx, one, store.Manifest{Dataset: "essai"}, func(yield func(admin.Commune, error) bool) {
		if _, err := store.Communes.Replace(ctx, two, store.Manifest{Dataset: "essai"}, commune("b")); !errors.Is(err, postgis.ErrBusy) {
			t.Errorf("a write during another: %v; want ErrBusy", err)
		}
		if _, err := store.Communes.All(ctx, two); err != nil {
			t.Errorf("a read during a write: %v", err)
		}
		for c, err := range commune("a") {
			yield(c, err)
		}
	})
	must(t, err)
	if _, err := store.Communes.Replace(ctx, two, store.Manifest{Dataset: "essai"}, commune("b")); err != nil {
		t.Errorf("a write after another: %v", err)
	}
}

// TestLostConnectionLeavesTheOldRows ends the session in the middle of an import, as
// a kill of either side does.
func TestLostConnectionLeavesTheOldRows(t *testing.T) {
	a := address(t)
	s := open(t, a)
	defer s.Close()
	ctx := t.Context()
	_, err := store.Communes.Replace(ctx, s, store.Manifest{Dataset: "essai"}, commune("a"))
	must(t, err)
	_, err = store.Communes.Replace(ctx, s, store.Manifest{Dataset: "essai"}, func(yield func(admin.Commune, error) bool) {
		for i := range 50_000 {
			if i == 25_000 {
				must(t, clustertest.Exec(ctx, a, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'maillage' AND datname = current_database() AND state <> 'idle'"))
			}
			if !yield(admin.Commune{Code: fmt.Sprint(i)}, nil) {
				return
			}
		}
	})
	if !errors.Is(err, postgis.ErrUnreachable) {
		t.Errorf("an import whose connection ends: %v; want ErrUnreachable", err)
	}
	got, err := store.Communes.All(ctx, s)
	if err != nil || len(got) != 1 || got[0].Code != "a" {
		t.Errorf("after an import whose connection ended: %d communes, %v; want the old one", len(got), err)
	}
	if _, err := store.Communes.Replace(ctx, s, store.Manifest{Dataset: "essai"}, commune("b")); err != nil {
		t.Errorf("the import after: %v", err)
	}
	must(t, s.Check(ctx))
}

// TestTablesAreThoseOfAGIS looks at the tables as QGIS does.
func TestTablesAreThoseOfAGIS(t *testing.T) {
	a := address(t)
	s := open(t, a)
	defer s.Close()
	ctx := t.Context()
	spots := store.Layer{Name: "spots", Title: "Points d’essai", Geometry: "POINT", Columns: []store.Column{{Name: "order", Type: "REAL", Title: "Heures par semaine"}},
		Rows: func(yield func(store.LayerRow) bool) {
			yield(store.LayerRow{Geometry: orb.Point{3.5, 49.5}, Values: []any{1.5}})
		}}
	must(t, s.PutEdition(ctx, "e1", []byte("1"), []store.Layer{spots}))
	_, err := store.Communes.Replace(ctx, s, store.Manifest{Dataset: "essai"}, commune("a"))
	must(t, err)
	conn, err := pgx.Connect(ctx, a)
	must(t, err)
	defer conn.Close(context.Background())
	rows, err := conn.Query(ctx, `
		SELECT g.f_table_name || ' ' || g.type || ' ' || g.srid || ' ' ||
			(SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_am AS m ON m.oid = c.relam
				WHERE i.indrelid = format('%I.%I', g.f_table_schema, g.f_table_name)::regclass AND m.amname = 'gist' AND i.indisvalid) || ' ' ||
			(SELECT count(*) FROM pg_index AS i WHERE i.indrelid = format('%I.%I', g.f_table_schema, g.f_table_name)::regclass AND i.indisprimary)
		FROM geometry_columns AS g WHERE f_table_schema = 'maillage' ORDER BY 1`)
	must(t, err)
	got, err := pgx.CollectRows(rows, pgx.RowTo[string])
	must(t, err)
	want := "communes MULTIPOLYGON 4326 1 1, epci MULTIPOLYGON 4326 1 1, equipements POINT 4326 1 1, gtfs_arrets POINT 4326 1 1, gtfs_zones MULTIPOLYGON 4326 1 1, lieux POINT 4326 1 1, resultat_spots POINT 4326 1 1, " +
		"roads LINESTRING 4326 1 1, stops POINT 4326 1 1, tad MULTIPOLYGON 4326 1 1, territoires MULTIPOLYGON 4326 1 1, tournees POINT 4326 1 1"
	if strings.Join(got, ", ") != want {
		t.Errorf("tables with their geometry, SRID, GiST indexes and primary keys:\n%s\nwant\n%s", strings.Join(got, ", "), want)
	}
	var inside string
	var title, unit string
	must(t, conn.QueryRow(ctx, `SELECT c.code FROM maillage.communes AS c JOIN maillage.resultat_spots AS r ON ST_Contains(c.geom, ST_Translate(r.geom, 0.3, 0))`).Scan(&inside))
	must(t, conn.QueryRow(ctx, `SELECT obj_description('maillage.resultat_spots'::regclass), col_description('maillage.resultat_spots'::regclass, 3)`).Scan(&title, &unit))
	if inside != "a" || title != "Points d’essai" || unit != "Heures par semaine" {
		t.Errorf("the spot is in %q, in a table titled %q, %q; want a, the titles of the layer", inside, title, unit)
	}
	// Someone's view on the results is not to be dropped behind their back.
	must(t, clustertest.Exec(ctx, a, "CREATE VIEW public.mine AS SELECT * FROM maillage.resultat_spots"))
	if err := s.PutEdition(ctx, "e2", []byte("2"), nil); !errors.Is(err, postgis.ErrDependent) {
		t.Errorf("an edition whose layers replace a table behind a view: %v; want ErrDependent", err)
	}
	must(t, clustertest.Exec(ctx, a, "DROP VIEW public.mine"))
	must(t, s.PutEdition(ctx, "e2", []byte("2"), nil))
}

func TestCheckFindsDamage(t *testing.T) {
	a := address(t)
	s := open(t, a)
	defer s.Close()
	ctx := t.Context()
	_, err := store.Communes.Replace(ctx, s, store.Manifest{Dataset: "essai"}, commune("a"))
	must(t, err)
	must(t, s.PutEdition(ctx, "e1", []byte("one"), []store.Layer{{Name: "spots", Geometry: "POINT", Rows: func(func(store.LayerRow) bool) {}}}))
	must(t, s.Check(ctx))
	for _, c := range []struct{ name, break_, want string }{
		{"a row deleted by hand", "DELETE FROM maillage.communes", "communes: dataset essai: 0 rows"},
		{"a row of no import", "INSERT INTO maillage.secteurs (dataset, position, code, nom, communes) VALUES ('x', 0, 'a', 'b', '[]')", "1 rows that no import wrote"},
		{"a piece of an edition that is gone", "DELETE FROM maillage.edition_parts", "edition e1: 0 bytes; expected 3"},
		{"a table of results dropped by hand", "DROP TABLE maillage.resultat_spots", "resultat_spots is announced and missing"},
		{"a table dropped by hand", "DROP TABLE maillage.roads", "table roads is missing"},
	} {
		must(t, clustertest.Exec(ctx, a, c.break_))
		if err := s.Check(ctx); !errors.Is(err, postgis.ErrDamaged) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: Check() = %v; want ErrDamaged with %q", c.name, err, c.want)
		}
	}
	if _, err := s.Edition(ctx, "e1"); !errors.Is(err, postgis.ErrDamaged) {
		t.Errorf("an edition without its bytes: %v; want ErrDamaged", err)
	}
}

func TestListenTellsOfEditions(t *testing.T) {
	a := address(t)
	s, other := open(t, a), open(t, a)
	defer s.Close()
	defer other.Close()
	ctx, cancel := context.WithCancel(t.Context())
	var lost errorList
	signals := s.Listen(ctx, lost.add)
	expect := func(when string) {
		t.Helper()
		select {
		case <-signals:
		case <-time.After(20 * time.Second):
			t.Fatalf("no signal %s", when)
		}
	}
	expect("at the start")
	must(t, other.PutEdition(ctx, "e1", []byte("1"), nil))
	expect("after an edition")
	if err := other.PutEdition(ctx, "e2", []byte("2"), []store.Layer{{Name: "Bad"}}); err == nil {
		t.Fatal("a layer with a capital: accepted")
	}
	select {
	case <-signals:
		t.Error("a signal after an edition that was refused")
	case <-time.After(200 * time.Millisecond):
	}
	must(t, clustertest.Exec(ctx, a, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'LISTEN%' AND datname = current_database()"))
	expect("when connected again")
	if !errors.Is(lost.first(), postgis.ErrUnreachable) {
		t.Errorf("a lost connection was told as %v; want ErrUnreachable", lost.first())
	}
	must(t, other.PutEdition(ctx, "e3", []byte("3"), nil))
	expect("after an edition, on the second connection")
	cancel()
	for range signals { // until it is closed
	}
}

// errorList collects errors from another goroutine.
type errorList struct {
	mu   sync.Mutex
	list []error
}

func (l *errorList) add(err error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.list = append(l.list, err)
}

func (l *errorList) first() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	if len(l.list) == 0 {
		return nil
	}
	return l.list[0]
}

// The two folders of migrations are read side by side.
func TestMigrationsHaveTheNamesOfGeoPackage(t *testing.T) {
	ours, err := filepath.Glob("migrations/*.sql")
	must(t, err)
	theirs, err := filepath.Glob("../gpkg/migrations/*.sql")
	must(t, err)
	if len(ours) != len(theirs) {
		t.Fatalf("%d migrations; gpkg has %d", len(ours), len(theirs))
	}
	for i := range ours[1:] { // the first says what makes the one a GeoPackage, the other PostGIS
		if got, want := filepath.Base(ours[i+1]), filepath.Base(theirs[i+1]); got != want {
			t.Errorf("migration %s; gpkg has %s", got, want)
		}
	}
}

func TestFactsKnowEveryIndex(t *testing.T) {
	a := address(t)
	s := open(t, a)
	defer s.Close()
	ctx := t.Context()
	must(t, s.PutEdition(ctx, "e1", []byte("one"), []store.Layer{{Name: "spots", Geometry: "POINT", Rows: func(func(store.LayerRow) bool) {}}}))
	f, err := s.Facts(ctx)
	must(t, err)
	if len(f.Fixes) > 0 || !f.Reads || !f.Writes || !f.Migrates || f.Version != f.Latest || f.Role != "maillage" {
		t.Errorf("facts of a new store: %+v; want every right, no fix, the latest version", f)
	}
	// Drop each index that is not a primary key or needed by another table, then mend all.
	must(t, clustertest.Exec(ctx, a, `DO $$ DECLARE d text; BEGIN
		FOR d IN SELECT format('ALTER TABLE maillage.%I DROP CONSTRAINT %I', r.relname, c.conname)
			FROM pg_constraint AS c JOIN pg_class AS r ON r.oid = c.conrelid JOIN pg_namespace AS n ON n.oid = r.relnamespace
			WHERE n.nspname = 'maillage' AND c.contype = 'u' AND c.conname NOT IN ('tournee_position_once', 'gtfs_position_once')
		LOOP EXECUTE d; END LOOP;
		FOR d IN SELECT format('DROP INDEX maillage.%I', c.relname)
			FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid JOIN pg_namespace AS n ON n.oid = c.relnamespace
			WHERE n.nspname = 'maillage' AND NOT i.indisunique
		LOOP EXECUTE d; END LOOP;
		UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'maillage.tournee_position_once'::regclass;
	END $$`))
	var left int
	conn, err := pgx.Connect(ctx, a)
	must(t, err)
	defer conn.Close(context.Background())
	must(t, conn.QueryRow(ctx, `SELECT count(*) FROM pg_index AS i JOIN pg_class AS c ON c.oid = i.indexrelid
		WHERE c.relnamespace = 'maillage'::regnamespace AND NOT i.indisprimary`).Scan(&left))
	f, err = s.Facts(ctx)
	must(t, err)
	const all = 35 + 12 // unique keys, geometries
	if left != 2 || len(f.Fixes) != all {
		t.Errorf("%d indexes are left, %d are to be mended; want 2, of which one is invalid, and %d", left, len(f.Fixes), all)
	}
	for _, fix := range f.Fixes {
		if err := clustertest.Exec(ctx, a, fix.SQL); err != nil {
			t.Errorf("%s: %v", fix.SQL, err)
		}
	}
	if f, err = s.Facts(ctx); err != nil || len(f.Fixes) > 0 {
		t.Errorf("after mending: %+v, %v; want nothing to mend", f.Fixes, err)
	}
}
