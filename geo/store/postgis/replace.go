package postgis

import (
	"context"
	"fmt"
	"iter"
	"strings"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

// rowsAhead is the number of rows encoded at a time, ahead of those sent.
const rowsAhead = 128

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
	err = s.transact(ctx, func(tx pgx.Tx) error {
		first := in.Tables[0]
		// The rows of the other tables belong to those of the first, and go with them.
		if _, err := tx.Exec(ctx, "DELETE FROM "+quote(first.Name)+" WHERE dataset = $1", m.Dataset); err != nil {
			return err
		}
		// One COPY at a time: the records of other tables, which are few, wait.
		others := make([][][]any, len(in.Tables))
		copied, err := copyIn(ctx, tx, first.Name, columns(first), func(yield func([]any, error) bool) {
			for r, err := range store.Ahead(table.Encode(in, m.Dataset, rows, geometry), rowsAhead) {
				if err != nil {
					yield(nil, err)
					return
				}
				for _, rec := range r.Records[1:] {
					others[rec.Table] = append(others[rec.Table], values(in.Tables[rec.Table], rec))
				}
				if !yield(values(first, r.Records[0]), nil) {
					return
				}
			}
		})
		if row, detail, ok := duplicate(err); ok {
			return fmt.Errorf("row %d: given twice: %w: %s", row, err, detail)
		}
		if err != nil {
			return err
		}
		m.Rows = int(copied)
		for i, t := range in.Tables[1:] {
			if _, err := tx.CopyFrom(ctx, pgx.Identifier{t.Name}, columns(t), pgx.CopyFromRows(others[i+1])); err != nil {
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
		err = s.transact(ctx, func(tx pgx.Tx) error {
			gone, err := tx.Exec(ctx, "DELETE FROM datasets WHERE kind = $1 AND dataset = $2", string(kind), dataset)
			if err != nil {
				return err
			}
			if gone.RowsAffected() == 0 {
				return store.ErrNotFound
			}
			_, err = tx.Exec(ctx, "DELETE FROM "+quote(in.Tables[0].Name)+" WHERE dataset = $1", dataset)
			return err
		})
	}
	if err != nil {
		return fmt.Errorf("remove %s: %s: %w", kind, dataset, explain(err))
	}
	return nil
}

// columns are those that a COPY fills, in the order of values.
func columns(t table.Table) []string {
	if t.Spatial {
		return append([]string{"geom"}, t.Columns...)
	}
	return t.Columns
}

// geometry goes to the database as it is: see [codec].
func geometry(g orb.Geometry) (orb.Geometry, error) { return g, nil }

func values(t table.Table, r table.Record[orb.Geometry]) []any {
	if t.Spatial {
		return append([]any{r.Geom}, r.Values...)
	}
	return r.Values
}

func putManifest(ctx context.Context, tx pgx.Tx, m store.Manifest) error {
	values, err := table.ManifestValues(m)
	if err != nil {
		return err
	}
	if _, err := tx.Exec(ctx, "DELETE FROM datasets WHERE kind = $1 AND dataset = $2", string(m.Kind), m.Dataset); err != nil {
		return err
	}
	marks := make([]string, len(values))
	for i := range marks {
		marks[i] = fmt.Sprintf("$%d", i+1)
	}
	_, err = tx.Exec(ctx, fmt.Sprintf("INSERT INTO datasets (%s) VALUES (%s)",
		strings.Join(table.ManifestColumns, ", "), strings.Join(marks, ", ")), values...)
	return err
}

// quote makes a name an SQL identifier.
func quote(name string) string { return pgx.Identifier{name}.Sanitize() }

// copyIn sends rows to a table by COPY, as they come. The first error ends it, and
// comes back as it is.
func copyIn(ctx context.Context, tx pgx.Tx, table string, columns []string, rows iter.Seq2[[]any, error]) (int64, error) {
	next, stop := iter.Pull2(rows)
	defer stop()
	from := &source{ctx: ctx, next: next}
	n, err := tx.CopyFrom(ctx, pgx.Identifier{table}, columns, from)
	if from.panicked != nil {
		panic(from.panicked)
	}
	if from.err != nil { // rather than what the server says of it
		return n, from.err
	}
	return n, err
}

// source hands rows to pgx, which asks for them in a goroutine of its own: a panic of
// the rows is kept for the caller.
type source struct {
	ctx      context.Context
	next     func() ([]any, error, bool)
	row      []any
	err      error
	panicked any
}

func (s *source) Next() (more bool) {
	defer func() {
		if s.panicked = recover(); s.panicked != nil {
			s.err, more = fmt.Errorf("panic: %v", s.panicked), false
		}
	}()
	if s.err = s.ctx.Err(); s.err != nil {
		return false
	}
	s.row, s.err, more = s.next()
	return more && s.err == nil
}

func (s *source) Values() ([]any, error) { return s.row, nil }
func (s *source) Err() error             { return s.err }
