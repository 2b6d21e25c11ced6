package gpkg

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/geo/sqlite"
)

const (
	// defaultPatience is how long a write waits for another process to end its own.
	defaultPatience = 10 * time.Second
	// writerPause is how long SQLite waits at a time: between two, ctx is looked at.
	writerPause = 200 * time.Millisecond
)

// What a connection may do, as the settings that it starts with.
var (
	writer = sqlite.Options{Mode: "rw", Pragmas: fmt.Sprintf(`PRAGMA busy_timeout = %d;
		PRAGMA synchronous = FULL;
		PRAGMA foreign_keys = ON;
		PRAGMA trusted_schema = OFF;
		PRAGMA journal_size_limit = 67108864;
		PRAGMA cache_size = -65536`, writerPause.Milliseconds())}
	// reader cannot write, and yet opens the file "rw": a connection opened "ro" could
	// not recover from a killed writer, nor does it check CHECKs in integrity_check.
	reader = sqlite.Options{Mode: "rw", Pragmas: fmt.Sprintf(`PRAGMA busy_timeout = %d;
		PRAGMA query_only = ON;
		PRAGMA trusted_schema = OFF`, defaultPatience.Milliseconds())}
	// visitor may not even have the right to write.
	visitor = sqlite.Options{Mode: "ro", Pragmas: reader.Pragmas}
)

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
				if sqlite.InTransaction(c) {
					return driver.ErrBadConn
				}
				return nil
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
