package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/geo/store"
)

// PutDocument creates or replaces a document.
func (s *Store) PutDocument(ctx context.Context, kind, id string, data []byte) error {
	err := store.CheckDocument(kind, id, data)
	if err == nil {
		err = s.transact(ctx, func(tx *sql.Conn) error {
			return putDocument(ctx, tx, "ON CONFLICT (kind, id) DO UPDATE SET updated_at = excluded.updated_at, bytes = excluded.bytes", kind, id, data)
		})
	}
	if err != nil {
		return fmt.Errorf("put document %s %s: %w", kind, id, explain(err))
	}
	return nil
}

// putDocument writes a document; conflict is the clause for one that is there.
func putDocument(ctx context.Context, tx *sql.Conn, conflict, kind, id string, data []byte) error {
	if data == nil {
		data = []byte{} // nil would be NULL
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO documents (kind, id, updated_at, bytes) VALUES (?, ?, ?, ?) "+conflict, kind, id, timestamp(time.Now()), data)
	return err
}

// Document reads one document.
func (s *Store) Document(ctx context.Context, kind, id string) (store.Document, error) {
	d := store.Document{Kind: kind, ID: id}
	err := s.read.QueryRowContext(ctx, "SELECT bytes, updated_at FROM documents WHERE kind = ? AND id = ?", kind, id).Scan(&d.Data, &d.Updated)
	if errors.Is(err, sql.ErrNoRows) {
		err = store.ErrNotFound
	}
	if err != nil {
		return store.Document{}, fmt.Errorf("document %s %s: %w", kind, id, explain(err))
	}
	return d, nil
}

// Documents lists the documents of a kind.
func (s *Store) Documents(ctx context.Context, kind string) ([]store.Document, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT id, bytes, updated_at FROM documents WHERE kind = ? ORDER BY id", kind)
	if err == nil {
		var all []store.Document
		all, err = scanAll(rows, func(rows *sql.Rows) (store.Document, error) {
			d := store.Document{Kind: kind}
			return d, rows.Scan(&d.ID, &d.Data, &d.Updated)
		})
		if err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("documents %s: %w", kind, explain(err))
}

// DeleteDocument deletes a document, if it is there.
func (s *Store) DeleteDocument(ctx context.Context, kind, id string) error {
	err := s.transact(ctx, func(tx *sql.Conn) error {
		_, err := tx.ExecContext(ctx, "DELETE FROM documents WHERE kind = ? AND id = ?", kind, id)
		return err
	})
	if err != nil {
		return fmt.Errorf("delete document %s %s: %w", kind, id, explain(err))
	}
	return nil
}

// AddVisits adds to the counts.
func (s *Store) AddVisits(ctx context.Context, visits []store.Visits) error {
	err := s.transact(ctx, func(tx *sql.Conn) error {
		for _, v := range visits {
			if err := store.CheckVisits(v); err != nil {
				return err
			}
			if _, err := tx.ExecContext(ctx, `INSERT INTO visits (day, page, visits) VALUES (?, ?, ?)
				ON CONFLICT (day, page) DO UPDATE SET visits = visits + excluded.visits`, v.Day, v.Page, v.Count); err != nil {
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
	rows, err := s.read.QueryContext(ctx, "SELECT day, page, visits FROM visits ORDER BY day, page")
	if err == nil {
		var all []store.Visits
		all, err = scanAll(rows, func(rows *sql.Rows) (v store.Visits, err error) {
			return v, rows.Scan(&v.Day, &v.Page, &v.Count)
		})
		if err == nil {
			return all, nil
		}
	}
	return nil, fmt.Errorf("visits: %w", explain(err))
}
