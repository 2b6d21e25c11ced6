package postgis

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"github.com/aisne-numerique/maillage/geo/store"
)

// Documents and visits are written without the lock of writers: a statement each, so
// that saving a scenario does not wait for an import.

// PutDocument creates or replaces a document.
func (s *Store) PutDocument(ctx context.Context, kind, id string, data []byte) error {
	err := store.CheckDocument(kind, id, data)
	if err == nil {
		err = putDocument(ctx, s.pool, "ON CONFLICT (kind, id) DO UPDATE SET updated_at = now(), bytes = excluded.bytes", kind, id, data)
	}
	if err != nil {
		return fmt.Errorf("put document %s %s: %w", kind, id, explain(err))
	}
	return nil
}

// putDocument writes a document; conflict is the clause for one that is there.
func putDocument(ctx context.Context, to interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}, conflict, kind, id string, data []byte) error {
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	_, err := to.Exec(ctx, "INSERT INTO documents (kind, id, bytes) VALUES ($1, $2, $3) "+conflict, kind, id, data)
	return err
}

// utc writes the time of a column as RFC 3339 in UTC.
func utc(column string) string {
	return `to_char(` + column + ` AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')`
}

// Document reads one document.
func (s *Store) Document(ctx context.Context, kind, id string) (store.Document, error) {
	d := store.Document{Kind: kind, ID: id}
	err := s.pool.QueryRow(ctx, "SELECT bytes, "+utc("updated_at")+" FROM documents WHERE kind = $1 AND id = $2", kind, id).Scan(&d.Data, &d.Updated)
	if errors.Is(err, pgx.ErrNoRows) {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Document{}, fmt.Errorf("document %s %s: %w", kind, id, explain(err))
	}
	return d, nil
}

// Documents lists the documents of a kind.
func (s *Store) Documents(ctx context.Context, kind string) ([]store.Document, error) {
	rows, err := s.pool.Query(ctx, "SELECT id, bytes, "+utc("updated_at")+" FROM documents WHERE kind = $1 ORDER BY id", kind)
	if err == nil {
		var all []store.Document
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (store.Document, error) {
			d := store.Document{Kind: kind}
			return d, row.Scan(&d.ID, &d.Data, &d.Updated)
		})
		if err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("documents %s: %w", kind, explain(err))
}

// DeleteDocument deletes a document, if it is there.
func (s *Store) DeleteDocument(ctx context.Context, kind, id string) error {
	if _, err := s.pool.Exec(ctx, "DELETE FROM documents WHERE kind = $1 AND id = $2", kind, id); err != nil {
		return fmt.Errorf("delete document %s %s: %w", kind, id, explain(err))
	}
	return nil
}

// AddVisits adds to the counts.
func (s *Store) AddVisits(ctx context.Context, visits []store.Visits) error {
	for _, v := range visits {
		if err := store.CheckVisits(v); err != nil {
			return fmt.Errorf("add visits: %w", err)
		}
	}
	// In one order, so that two servers do not wait for each other.
	visits = slices.Clone(visits)
	slices.SortFunc(visits, func(a, b store.Visits) int { return cmp.Or(cmp.Compare(a.Day, b.Day), cmp.Compare(a.Page, b.Page)) })
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		for _, v := range visits {
			if _, err := tx.Exec(ctx, "SELECT add_visits($1::text::date, $2, $3)", v.Day, v.Page, v.Count); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return fmt.Errorf("add visits: %w", explain(err))
	}
	return nil
}

// Visits lists the counts.
func (s *Store) Visits(ctx context.Context) ([]store.Visits, error) {
	rows, err := s.pool.Query(ctx, "SELECT to_char(day, 'YYYY-MM-DD'), page, visits FROM visits ORDER BY day, page")
	if err == nil {
		var all []store.Visits
		all, err = pgx.CollectRows(rows, func(row pgx.CollectableRow) (v store.Visits, err error) {
			return v, row.Scan(&v.Day, &v.Page, &v.Count)
		})
		if err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("visits: %w", explain(err))
}
