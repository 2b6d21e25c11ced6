package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

// ReplaceCommunes swaps in a dataset of communes.
func (s *Store) ReplaceCommunes(ctx context.Context, m store.Manifest, rows iter.Seq2[admin.Commune, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Communes)
}

// ReplaceEPCI swaps in a dataset of EPCI.
func (s *Store) ReplaceEPCI(ctx context.Context, m store.Manifest, rows iter.Seq2[admin.EPCI, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.EPCI)
}

// ReplaceSecteurs swaps in a dataset of secteurs.
func (s *Store) ReplaceSecteurs(ctx context.Context, m store.Manifest, rows iter.Seq2[admin.Secteur, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Secteurs)
}

// ReplaceLieux swaps in a dataset of lieux.
func (s *Store) ReplaceLieux(ctx context.Context, m store.Manifest, rows iter.Seq2[lieu.Lieu, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Lieux)
}

// ReplaceTournees swaps in a dataset of tournées.
func (s *Store) ReplaceTournees(ctx context.Context, m store.Manifest, rows iter.Seq2[lieu.Tournee, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Tournees)
}

// ReplaceVariables swaps in a dataset of variables of the IFN.
func (s *Store) ReplaceVariables(ctx context.Context, m store.Manifest, rows iter.Seq2[store.Variable, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Variables)
}

// ReplacePopulation swaps in a dataset of squares of the population grid.
func (s *Store) ReplacePopulation(ctx context.Context, m store.Manifest, rows iter.Seq2[store.Square, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Population)
}

// ReplaceRoads swaps in a dataset of ways.
func (s *Store) ReplaceRoads(ctx context.Context, m store.Manifest, rows iter.Seq2[road.Way, error]) (store.Manifest, error) {
	return replace(ctx, s, m, rows, table.Roads)
}

// replace swaps in a dataset in one transaction: the old rows go, the new come.
func replace[T any](ctx context.Context, s *Store, m store.Manifest, rows iter.Seq2[T, error], in table.Input[T]) (store.Manifest, error) {
	fail := func(err error) (store.Manifest, error) {
		return store.Manifest{}, fmt.Errorf("replace %s: %s: %w", in.Kind, m.Dataset, explain(err))
	}
	if err := store.CheckManifest(m, in.Kind); err != nil {
		return fail(err)
	}
	m.Kind, m.Rows = in.Kind, 0
	err := s.transact(ctx, func(tx *sql.Conn) error {
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
	_, err = tx.ExecContext(ctx, "UPDATE gpkg_contents SET last_change = ? WHERE table_name = 'datasets'", now)
	return err
}
