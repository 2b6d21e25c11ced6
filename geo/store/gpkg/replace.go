package gpkg

import (
	"cmp"
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

// Replace swaps in a dataset in one transaction: the old rows go, the new come.
func (s *Store) Replace(ctx context.Context, m store.Manifest, rows iter.Seq2[any, error]) (store.Manifest, error) {
	fail := func(err error) (store.Manifest, error) {
		return store.Manifest{}, fmt.Errorf("replace %s: %s: %w", m.Kind, m.Dataset, explain(err))
	}
	in, err := table.Of(m.Kind)
	if err != nil {
		return fail(err)
	}
	if err := store.CheckManifest(m); err != nil {
		return fail(err)
	}
	m.Rows = 0
	err = s.transact(ctx, func(tx *sql.Conn) error {
		// The rows of the other tables belong to those of the first, and go with them.
		remove := fmt.Sprintf(`DELETE FROM "%s" WHERE dataset = ?`, in.Tables[0].Name)
		if _, err := tx.ExecContext(ctx, remove, m.Dataset); err != nil {
			return err
		}
		to := make([]*bulk, len(in.Tables))
		for i, t := range in.Tables {
			var err error
			if to[i], err = newBulk(ctx, tx, t.Name, t.Spatial, t.Columns...); err != nil {
				return err
			}
			defer to[i].close()
		}
		for r, err := range store.Ahead(table.Encode(in, m.Dataset, rows, encodeGeometry), rowsAhead) {
			if err != nil {
				return err
			}
			if err := ctx.Err(); err != nil {
				return err
			}
			for _, rec := range r.Records {
				err := to[rec.Table].add(rec.Geom, rec.Values...)
				if isDuplicate(err) {
					err = fmt.Errorf("given twice: %w", err)
				}
				if err != nil {
					return in.At(m.Rows, r.Row, err)
				}
			}
			m.Rows++
		}
		for _, b := range to {
			if err := b.finish(ctx); err != nil {
				return err
			}
		}
		return putManifest(ctx, tx, m)
	})
	if err != nil {
		return fail(err)
	}
	return m, nil
}

// Remove takes a dataset out.
func (s *Store) Remove(ctx context.Context, kind store.Kind, dataset string) error {
	in, err := table.Of(kind)
	if err == nil {
		err = s.transact(ctx, func(tx *sql.Conn) error {
			gone, err := tx.ExecContext(ctx, "DELETE FROM datasets WHERE kind = ? AND dataset = ?", kind, dataset)
			if err != nil {
				return err
			}
			if n, err := gone.RowsAffected(); err != nil || n == 0 {
				return cmp.Or(err, store.ErrNotFound)
			}
			if _, err := tx.ExecContext(ctx, fmt.Sprintf(`DELETE FROM "%s" WHERE dataset = ?`, in.Tables[0].Name), dataset); err != nil {
				return err
			}
			return touched(ctx, tx, "datasets", in.Tables[0].Name)
		})
	}
	if err != nil {
		return fmt.Errorf("remove %s: %s: %w", kind, dataset, explain(err))
	}
	return nil
}

// touched dates tables for who looks at the file in a GIS.
func touched(ctx context.Context, tx *sql.Conn, tables ...string) error {
	for _, name := range tables {
		if _, err := tx.ExecContext(ctx, "UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", timestamp(time.Now()), name); err != nil {
			return err
		}
	}
	return nil
}

// rowsAhead is the number of rows encoded at a time, ahead of those inserted.
const rowsAhead = 128

func putManifest(ctx context.Context, tx *sql.Conn, m store.Manifest) error {
	values, err := table.ManifestValues(m)
	if err != nil {
		return err
	}
	now := timestamp(time.Now())
	if _, err := tx.ExecContext(ctx, "DELETE FROM datasets WHERE kind = ? AND dataset = ?", m.Kind, m.Dataset); err != nil {
		return err
	}
	if _, err = tx.ExecContext(ctx, fmt.Sprintf("INSERT INTO datasets (%s, imported_at) VALUES (?%s)",
		strings.Join(table.ManifestColumns, ", "), strings.Repeat(", ?", len(values))), append(values, now)...); err != nil {
		return err
	}
	return touched(ctx, tx, "datasets")
}
