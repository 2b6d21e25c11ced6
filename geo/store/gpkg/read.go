package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

// scanned reads the blob of a column into a geometry, for database/sql.
type scanned struct{ to *orb.Geometry }

func (s scanned) Scan(src any) (err error) {
	switch src := src.(type) {
	case nil:
		*s.to = nil
	case []byte:
		if *s.to, err = decodeGeometry(src); err != nil {
			err = fmt.Errorf("geometry: %w", err)
		}
	default:
		err = fmt.Errorf("geometry: a %T; expected bytes", src)
	}
	return err
}

func geometryInto(to *orb.Geometry) any { return scanned{to} }

// Manifests lists the datasets, sorted by (kind, dataset).
func (s *Store) Manifests(ctx context.Context) ([]store.Manifest, error) {
	held, err := s.Held(ctx)
	return table.Manifests(held), err
}

// Held lists the datasets with the time of their import, sorted by (kind, dataset).
func (s *Store) Held(ctx context.Context) ([]store.Held, error) {
	rows, err := s.read.QueryContext(ctx, table.ReadHeld("imported_at"))
	if err != nil {
		return nil, fmt.Errorf("read manifests: %w", explain(err))
	}
	all, err := scanAll(rows, func(rows *sql.Rows) (store.Held, error) { return table.ScanHeld(rows) })
	if err != nil {
		return nil, fmt.Errorf("read manifests: %w", explain(err))
	}
	return all, nil
}

// Read gives the rows of a kind. The loop holds a connection and sees the rows as they
// were when it began, until it ends.
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
		rows, err := s.read.QueryContext(ctx, query)
		if err != nil {
			yield(nil, err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			if !yield(rows, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			yield(nil, err)
		}
	}
}

// scanAll reads and closes rows.
func scanAll[T any](rows *sql.Rows, scan func(*sql.Rows) (T, error)) ([]T, error) {
	defer rows.Close()
	var all []T
	for rows.Next() {
		row, err := scan(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, rows.Err()
}
