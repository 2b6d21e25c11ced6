// Package sqlite opens SQLite files, those of stores and those that strangers made. It
// is the only importer of the library.
//
// Queries end with their context, by SQLite's interrupt. What a statement costs before
// it runs, above all reading the schema, is not interrupted.
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"net/url"
	"strings"

	"github.com/mattn/go-sqlite3"
)

// Options say how a file is opened.
type Options struct {
	Mode    string // of the file URI: "rw" or "ro"
	Pragmas string // run on each connection, before anything else
}

// Open prepares a pool of connections to the file at path. It opens none yet.
func Open(path string, o Options) *sql.DB {
	return open(path, "mode="+o.Mode, func(c *sqlite3.SQLiteConn) error {
		if o.Pragmas == "" {
			return nil
		}
		_, err := c.Exec(o.Pragmas, nil)
		return err
	})
}

// MaxValue is how many bytes a value, and a row, of a stranger's file may have: a
// département at full detail is 2 MiB.
const MaxValue = 32 << 20

// OpenUntrusted prepares to read a file that anybody may have made: never written to,
// not even beside; read as the bytes that it is, whatever lies beside; no program in
// its schema runs but views, which the caller must not read from; values of at most
// [MaxValue].
func OpenUntrusted(path string) *sql.DB {
	return open(path, "mode=ro&immutable=1", func(c *sqlite3.SQLiteConn) error {
		for limit, value := range map[int]int{
			sqlite3.SQLITE_LIMIT_LENGTH:              MaxValue,
			sqlite3.SQLITE_LIMIT_SQL_LENGTH:          1 << 20,
			sqlite3.SQLITE_LIMIT_EXPR_DEPTH:          50,
			sqlite3.SQLITE_LIMIT_COMPOUND_SELECT:     10,
			sqlite3.SQLITE_LIMIT_VDBE_OP:             100_000,
			sqlite3.SQLITE_LIMIT_FUNCTION_ARG:        10,
			sqlite3.SQLITE_LIMIT_ATTACHED:            0,
			sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 1000,
			sqlite3.SQLITE_LIMIT_TRIGGER_DEPTH:       1,
			sqlite3.SQLITE_LIMIT_WORKER_THREADS:      0,
		} {
			c.SetLimit(limit, value)
		}
		_, err := c.Exec("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192; PRAGMA temp_store = FILE", nil)
		return err
	})
}

func open(path, query string, hook func(*sqlite3.SQLiteConn) error) *sql.DB {
	// A file URI: every byte of the path that has a meaning in one is escaped.
	name := strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
	if strings.HasPrefix(name, "/") {
		name = "//" + name // an empty authority; else "//x" would be read as the host x
	} else {
		name = "./" + name // a file, even if it is called :memory:
	}
	return sql.OpenDB(connector{"file:" + name + "?" + query, &sqlite3.SQLiteDriver{ConnectHook: hook}})
}

// connector stands in for a driver name, which would have to be registered for the
// whole program.
type connector struct {
	dsn    string
	driver *sqlite3.SQLiteDriver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// InTransaction reports whether a connection, as [sql.Conn.Raw] gives it, has a
// transaction under way.
func InTransaction(conn any) bool {
	c, ok := conn.(*sqlite3.SQLiteConn)
	return ok && !c.AutoCommit()
}
