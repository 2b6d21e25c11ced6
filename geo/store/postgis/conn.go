package postgis

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
)

// lockKey is the advisory lock of every write: "maillage" in ASCII.
const lockKey = 0x6d61696c6c616765

// commitPatience bounds what ends a transaction.
const commitPatience = 5 * time.Minute

// transact runs do in the one write transaction there is: all of it is kept, or
// when do answers an error, panics, or ctx ends, none of it.
func (s *Store) transact(ctx context.Context, do func(tx pgx.Tx) error) error {
	select {
	case s.writing <- struct{}{}:
		defer func() { <-s.writing }()
	case <-ctx.Done():
		return ctx.Err()
	}
	// After the token: writers that wait take no connection from readers.
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	tx, err := conn.Begin(ctx)
	if err != nil {
		return err
	}
	defer func() {
		end, cancel := context.WithTimeout(context.Background(), commitPatience)
		defer cancel()
		_ = tx.Rollback(end) // nothing after a commit; else the connection ends, and with it the transaction
	}()
	err = begin(ctx, tx, s.o.patience)
	if err == nil {
		err = do(tx)
	}
	if stopped := ctx.Err(); stopped != nil {
		if err == nil || errors.Is(err, stopped) {
			return errors.Join(err, stopped)
		}
		return fmt.Errorf("%w: %w", stopped, err)
	}
	if err != nil {
		return err
	}
	// Without ctx: a commit that is interrupted would leave us not knowing.
	end, cancel := context.WithTimeout(context.Background(), commitPatience)
	defer cancel()
	return tx.Commit(end)
}

// begin takes the lock of writers, waiting for other processes, and lets what follows
// take its time.
func begin(ctx context.Context, tx pgx.Tx, patience time.Duration) error {
	set := func(name string, d time.Duration) error {
		_, err := tx.Exec(ctx, "SELECT set_config($1, $2, true)", name, fmt.Sprint(d.Milliseconds()))
		return err
	}
	if err := set("lock_timeout", max(patience, time.Millisecond)); err != nil { // 0 would be no timeout
		return err
	}
	if _, err := tx.Exec(ctx, "SELECT pg_advisory_xact_lock($1)", int64(lockKey)); err != nil {
		return err
	}
	if err := set("lock_timeout", swapPatience); err != nil {
		return err
	}
	return set("statement_timeout", 0)
}
