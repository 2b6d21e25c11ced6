package postgis

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

// geometryInto is what Scan takes to read a geometry: see [codec].
func geometryInto(to *orb.Geometry) any { return to }

// Manifests lists the datasets, sorted by (kind, dataset).
func (s *Store) Manifests(ctx context.Context) ([]store.Manifest, error) {
	held, err := s.Held(ctx)
	return table.Manifests(held), err
}

// Held lists the datasets with the time of their import, sorted by (kind, dataset).
func (s *Store) Held(ctx context.Context) ([]store.Held, error) {
	rows, err := s.pool.Query(ctx, table.ReadHeld(utc("imported_at")))
	if err != nil {
		return nil, fmt.Errorf("read manifests: %w", explain(err))
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Held, error) { return table.ScanHeld(row) })
	if err != nil {
		return nil, fmt.Errorf("read manifests: %w", explain(err))
	}
	return all, nil
}

// fetchRows is how many records a loop asks for at a time.
const fetchRows = 2000

// Read gives the rows of a kind, some records at a time. The loop holds a connection
// and sees the rows as they were when it began, until it ends.
func (s *Store) Read(ctx context.Context, kind store.Kind) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		in, err := table.Of(kind)
		if err != nil {
			yield(nil, fmt.Errorf("read %s: %w", kind, err))
			return
		}
		for row, err := range in.Rows(s.records(ctx, in.SQL), geometryInto) {
			if err != nil {
				err = fmt.Errorf("read %s: %w", kind, explain(err))
			}
			if !yield(row, err) {
				return
			}
		}
	}
}

// records runs a query and gives its records; an error is the last.
func (s *Store) records(ctx context.Context, query string) iter.Seq2[table.Row, error] {
	return func(yield func(table.Row, error) bool) {
		ended := false
		err := s.cursor(ctx, query, func(rows pgx.Rows) (more bool, err error) {
			ended = !yield(rows, nil)
			return !ended, nil
		})
		if err != nil && !ended {
			yield(nil, err)
		}
	}
}

// cursor gives the rows of a query to use, until it wants no more. Ending early costs
// nothing: what was not asked for is not sent.
func (s *Store) cursor(ctx context.Context, query string, use func(pgx.Rows) (more bool, err error)) error {
	tx, err := s.pool.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return err
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing was written
	if _, err := tx.Exec(ctx, "DECLARE reading NO SCROLL CURSOR FOR "+query); err != nil {
		return err
	}
	for {
		// Described each time: what is said of a cursor does not hold for the next one.
		rows, err := tx.Query(ctx, fmt.Sprintf("FETCH %d FROM reading", fetchRows), pgx.QueryExecModeDescribeExec)
		if err != nil {
			return err
		}
		n, more := 0, true
		for more && rows.Next() {
			n++
			if more, err = use(rows); err != nil {
				rows.Close()
				return err
			}
		}
		rows.Close()
		if err := rows.Err(); err != nil || !more || n == 0 {
			return err
		}
	}
}
