package sqlite_test

import (
	"context"
	"errors"
	"path/filepath"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/aisne-numerique/maillage/geo/sqlite"
)

// made is a file of one statement after the other.
func made(t *testing.T, statements string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "a b?.sqlite")
	db := sqlite.Open(path, sqlite.Options{Mode: "rwc"})
	defer db.Close()
	if _, err := db.Exec(statements); err != nil {
		t.Fatal(err)
	}
	return path
}

// TestEndlessQuery ends with its context, and leaves nothing behind.
func TestEndlessQuery(t *testing.T) {
	path := made(t, "CREATE VIEW v AS WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n) SELECT i FROM n")
	for _, query := range []string{"SELECT COUNT(*) FROM v", "SELECT i FROM v WHERE i < 0", "SELECT i FROM v ORDER BY -i"} {
		func() {
			defer goleak.VerifyNone(t, goleak.IgnoreCurrent())
			db := sqlite.OpenUntrusted(path)
			defer db.Close()
			ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
			defer cancel()
			start := time.Now()
			var n int
			err := db.QueryRowContext(ctx, query).Scan(&n)
			took := time.Since(start)
			t.Logf("%s: ended %v after its context", query, took-200*time.Millisecond)
			if err == nil || took > 200*time.Millisecond+time.Second {
				t.Errorf("%s: %v after %v; want an error within a second of its context", query, err, took)
			}
		}()
	}
}

// TestUntrusted shows what a stranger's file cannot do.
func TestUntrusted(t *testing.T) {
	path := made(t, `CREATE TABLE t (x, big GENERATED ALWAYS AS (zeroblob(40000000)) VIRTUAL); INSERT INTO t (x) VALUES (1)`)
	db := sqlite.OpenUntrusted(path)
	defer db.Close()
	if _, err := db.Exec("INSERT INTO t (x) VALUES (2)"); sqlite.Kind(err) != sqlite.ErrReadOnly {
		t.Errorf("a write: %v", err)
	}
	var big []byte
	if err := db.QueryRow("SELECT big FROM t").Scan(&big); sqlite.Kind(err) != sqlite.ErrTooBig {
		t.Errorf("a value of 40 MB: %v", err)
	}
	if _, err := db.Exec("ATTACH ':memory:' AS other"); err == nil {
		t.Error("another file was attached")
	}
	if sqlite.Kind(errors.New("x")) != nil || sqlite.Kind(nil) != nil {
		t.Error("an error of others has a kind")
	}
}
