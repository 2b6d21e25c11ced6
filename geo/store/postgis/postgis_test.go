package postgis_test

import (
	"context"
	"errors"
	"fmt"
	"os"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/postgis"
	"github.com/aisne-numerique/maillage/geo/store/storetest"
	"github.com/aisne-numerique/maillage/scripts/cluster"
	"github.com/aisne-numerique/maillage/scripts/cluster/clustertest"
)

// The cluster of the tests of this package, started by the first that needs it.
var server *clustertest.Server

var start = sync.OnceValue(func() (err error) {
	server, err = clustertest.Start(context.Background())
	return err
})

func TestMain(m *testing.M) {
	code := m.Run()
	if server != nil {
		if err := server.Stop(); err != nil {
			fmt.Fprintln(os.Stderr, err)
			code = 1
		}
	}
	os.Exit(code)
}

// address makes an empty database with PostGIS, dropped with the test.
func address(t *testing.T) string {
	t.Helper()
	err := start()
	if errors.Is(err, cluster.ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	must(t, err)
	return server.Database(t)
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
