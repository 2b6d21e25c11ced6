package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"net/url"
	"strings"
	"time"

	"github.com/mattn/go-sqlite3"
)

const (
	// defaultPatience is how long a write waits for another process to end its own.
	defaultPatience = 10 * time.Second
	// writerPause is how long SQLite waits at a time: between two, ctx is looked at.
	writerPause = 200 * time.Millisecond
)

// role is what a connection may do, as the settings it starts with.
type role struct {
	mode    string // of the file URI: "rw" or "ro"
	pragmas string
}

var (
	writer = role{"rw", fmt.Sprintf(`PRAGMA busy_timeout = %d;
		PRAGMA synchronous = FULL;
		PRAGMA foreign_keys = ON;
		PRAGMA trusted_schema = OFF;
		PRAGMA journal_size_limit = 67108864;
		PRAGMA cache_size = -65536`, writerPause.Milliseconds())}
	// reader cannot write, and yet opens the file "rw": a connection opened "ro" could
	// not recover from a killed writer, nor does it check CHECKs in integrity_check.
	reader = role{"rw", fmt.Sprintf(`PRAGMA busy_timeout = %d;
		PRAGMA query_only = ON;
		PRAGMA trusted_schema = OFF`, defaultPatience.Milliseconds())}
	// visitor may not even have the right to write.
	visitor = role{"ro", reader.pragmas}
)

// connector opens connections of one role. It stands in for a driver name, which
// would have to be registered for the whole program.
type connector struct {
	dsn    string
	driver *sqlite3.SQLiteDriver
}

func (c connector) Connect(context.Context) (driver.Conn, error) { return c.driver.Open(c.dsn) }
func (c connector) Driver() driver.Driver                        { return c.driver }

// connect prepares a pool of connections to the file at path. It opens none yet.
func connect(path string, as role) *sql.DB {
	// A file URI: every byte of the path that has a meaning in one is escaped.
	name := strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
	if strings.HasPrefix(name, "/") {
		name = "//" + name // an empty authority; else "//x" would be read as the host x
	} else {
		name = "./" + name // a file, even if it is called :memory:
	}
	return sql.OpenDB(connector{
		dsn: "file:" + name + "?mode=" + as.mode,
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
			_, err := c.Exec(as.pragmas, nil)
			return err
		}},
	})
}

// transact runs do in the one write transaction there is: all of it is kept, or
// when do answers an error, panics, or ctx ends, none of it.
func (s *Store) transact(ctx context.Context, do func(tx *sql.Conn) error) error {
	if s.write == nil {
		return ErrReadOnly
	}
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	tx, err := s.write.Conn(ctx)
	if err != nil {
		return err
	}
	defer tx.Close()
	if err := begin(ctx, tx, s.patience); err != nil {
		return err
	}
	committed := false
	defer func() {
		if committed {
			return
		}
		if _, err := tx.ExecContext(context.Background(), "ROLLBACK"); err != nil {
			// SQLite has rolled back by itself (an interrupt or a full disk does that),
			// or cannot: then closing the connection will.
			_ = tx.Raw(func(c any) error {
				if lite, ok := c.(*sqlite3.SQLiteConn); ok && lite.AutoCommit() {
					return nil
				}
				return driver.ErrBadConn
			})
		}
	}()
	if err := do(tx); err != nil {
		return err
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	// Without ctx: a commit that is interrupted would leave us not knowing.
	if _, err := tx.ExecContext(context.Background(), "COMMIT"); err != nil {
		return err
	}
	committed = true
	return nil
}

// begin takes the write lock, waiting for other processes.
func begin(ctx context.Context, tx *sql.Conn, patience time.Duration) error {
	deadline := time.Now().Add(patience)
	for {
		_, err := tx.ExecContext(ctx, "BEGIN IMMEDIATE")
		if err == nil || !isBusy(err) || time.Now().After(deadline) {
			return err
		}
		if err := ctx.Err(); err != nil {
			return err
		}
	}
}
