package gpkg_test

import (
	"context"
	"database/sql"
	"math"
	"net/url"
	"path/filepath"
	"testing"

	_ "github.com/mattn/go-sqlite3"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/gpkg"
	"github.com/aisne-numerique/maillage/geo/store/storetest"
)

// files remembers where each store of a test is.
type files map[store.Store]string

func (f files) open(t *testing.T, path string) store.Store {
	t.Helper()
	s, err := gpkg.Open(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	f[s] = path
	return s
}

func TestStore(t *testing.T) {
	f := files{}
	storetest.Run(t,
		func(t *testing.T) store.Store {
			// Every character of the name has a meaning in a file URI.
			return f.open(t, filepath.Join(t.TempDir(), "été ?#%41&=;+.gpkg"))
		},
		storetest.Reopen(func(t *testing.T, s store.Store) store.Store {
			t.Helper()
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return f.open(t, f[s])
		}),
		storetest.Layers(func(t *testing.T, s store.Store, name string) [][]any {
			t.Helper()
			return layerRows(t, f[s], "resultat_"+name)
		}))
}

// raw opens the file with plain SQLite, as another program would.
func raw(t *testing.T, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite3", path)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { db.Close() })
	return db
}

// layerRows reads a table of results: WKB, then the values.
func layerRows(t *testing.T, path, table string) [][]any {
	t.Helper()
	db, err := sql.Open("sqlite3", "file:"+uriPath(path))
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var known bool
	if err := db.QueryRow("SELECT EXISTS (SELECT 1 FROM gpkg_contents WHERE table_name = ?)", table).Scan(&known); err != nil {
		t.Fatal(err)
	}
	if !known {
		return nil
	}
	rows, err := db.Query(`SELECT * FROM "` + table + `" ORDER BY fid`)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	columns, err := rows.Columns()
	if err != nil {
		t.Fatal(err)
	}
	all := [][]any{}
	for rows.Next() {
		values := make([]any, len(columns))
		to := make([]any, len(columns))
		for i := range values {
			to[i] = &values[i]
		}
		if err := rows.Scan(to...); err != nil {
			t.Fatal(err)
		}
		values = values[1:] // without fid
		if blob, ok := values[0].([]byte); ok {
			header := 8
			if blob[3]&(1<<1) != 0 {
				header += 32
			}
			values[0] = blob[header:]
		}
		all = append(all, values)
	}
	if err := rows.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// uriPath escapes a path for a file URI.
func uriPath(path string) string { return (&url.URL{Path: path}).EscapedPath() }

// hexagon is a small hexagon around a point.
func hexagon(center orb.Point) orb.Polygon {
	ring := make(orb.Ring, 7)
	for i := range 6 {
		sin, cos := math.Sincos(float64(i) * math.Pi / 3)
		ring[i] = orb.Point{center[0] + 0.002*cos, center[1] + 0.001*sin}
	}
	ring[6] = ring[0]
	return orb.Polygon{ring}
}
