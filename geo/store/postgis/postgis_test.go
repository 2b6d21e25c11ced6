package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/geo/store/storetest"
	"github.com/aisne-numerique/maillage/scripts/cluster"
)

// The cluster of the tests of this package, started by the first that needs it. Its
// database "template" has PostGIS; every store is in a copy of it.
var server struct {
	once    sync.Once
	cluster *cluster.Cluster
	err     error
	number  atomic.Int64
}

func TestMain(m *testing.M) {
	code := m.Run()
	if server.cluster != nil {
		if err := server.cluster.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// address makes an empty database with PostGIS, dropped with the test.
func address(t *testing.T) string {
	t.Helper()
	server.once.Do(func() {
		ctx := context.Background()
		if server.cluster, server.err = cluster.Start(ctx, "postgis"); server.err != nil {
			return
		}
		if server.err = exec(ctx, server.cluster.URL("postgres"), "CREATE DATABASE template_maillage"); server.err == nil {
			server.err = exec(ctx, server.cluster.URL("template_maillage"), "CREATE EXTENSION postgis")
		}
	})
	if errors.Is(server.err, cluster.ErrMissing) {
		t.Skipf("not tried: %v", server.err)
	}
	if server.err != nil {
		t.Fatal(server.err)
	}
	name := fmt.Sprintf("essai_%d", server.number.Add(1))
	must(t, exec(t.Context(), server.cluster.URL("postgres"), "CREATE DATABASE "+name+" TEMPLATE template_maillage STRATEGY file_copy"))
	t.Cleanup(func() {
		if err := exec(context.Background(), server.cluster.URL("postgres"), "DROP DATABASE "+name+" WITH (FORCE)"); err != nil {
			t.Error(err)
		}
	})
	return server.cluster.URL(name)
}

// exec runs SQL as the superuser of the cluster, or as who the address says.
func exec(ctx context.Context, address, query string) error {
	conn, err := pgx.Connect(ctx, address)
	if err != nil {
		return err
	}
	_, err = conn.Exec(ctx, query)
	return errors.Join(err, conn.Close(context.Background()))
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func open(t *testing.T, address string, opts ...postgis.Option) *postgis.Store {
	t.Helper()
	s, err := postgis.Open(context.Background(), address, opts...)
	must(t, err)
	return s
}

func TestStore(t *testing.T) {
	addresses := map[store.Store]string{}
	remember := func(s store.Store, address string) store.Store {
		addresses[s] = address
		return s
	}
	storetest.Run(t,
		func(t *testing.T) store.Store {
			a := address(t)
			return remember(open(t, a), a)
		},
		storetest.Reopen(func(t *testing.T, s store.Store) store.Store {
			t.Helper()
			must(t, s.Close())
			return remember(open(t, addresses[s]), addresses[s])
		}),
		storetest.Layers(func(t *testing.T, s store.Store, name string) [][]any {
			t.Helper()
			return layerRows(t, addresses[s], "resultat_"+name)
		}))
}

// layerRows reads a table of results: WKB, then the values; nil when there is none.
func layerRows(t *testing.T, address, table string) [][]any {
	t.Helper()
	ctx := context.Background()
	conn, err := pgx.Connect(ctx, address)
	must(t, err)
	defer conn.Close(ctx)
	var known bool
	must(t, conn.QueryRow(ctx, "SELECT to_regclass('maillage.' || quote_ident($1)) IS NOT NULL", table).Scan(&known))
	if !known {
		return nil
	}
	rows, err := conn.Query(ctx, "SELECT ST_AsBinary(geom), * FROM maillage."+pgx.Identifier{table}.Sanitize()+" ORDER BY fid")
	must(t, err)
	all := [][]any{}
	for rows.Next() {
		values, err := rows.Values()
		must(t, err)
		all = append(all, append(values[:1:1], values[3:]...)) // without fid and the geometry in hexadecimal
	}
	must(t, rows.Err())
	return all
}
