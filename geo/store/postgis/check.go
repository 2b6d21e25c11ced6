package postgis

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/jackc/pgx/v5"

	"github.com/aisne-numerique/maillage/geo/store/table"
)

// Check looks for damage, and for edits that broke a promise: tables that this program
// needs, datasets whose rows are not all there, rows of no dataset, incomplete
// editions, tables of results that are gone. The error joins one sentence per finding,
// each of which wraps [ErrDamaged].
func (s *Store) Check(ctx context.Context) error {
	findings, err := s.findings(ctx)
	if err != nil {
		return fmt.Errorf("check store: %s: %w", s.name, explain(err))
	}
	var errs []error
	for _, sentence := range findings {
		errs = append(errs, fmt.Errorf("check store: %s: %w: %s", s.name, ErrDamaged, sentence))
	}
	return errors.Join(errs...)
}

func (s *Store) findings(ctx context.Context) (found []string, err error) {
	// One snapshot: a commit between two queries would look like damage.
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		have, err := sentences(ctx, tx, "SELECT tablename::text FROM pg_tables WHERE schemaname = 'maillage'")
		if err != nil {
			return err
		}
		for _, name := range table.Names() {
			if !slices.Contains(have, name) {
				found = append(found, "table "+name+" is missing")
			}
		}
		if len(found) > 0 { // the queries below need the tables
			return nil
		}
		for _, q := range append(table.Checks(), `
			SELECT 'table ' || table_name || ' is announced and missing' FROM result_layers
			WHERE table_name NOT IN (SELECT tablename FROM pg_tables WHERE schemaname = 'maillage') ORDER BY table_name`) {
			lines, err := sentences(ctx, tx, q)
			if err != nil {
				return err
			}
			found = append(found, lines...)
		}
		return nil
	})
	return found, err
}

// sentences reads a query of one column of text.
func sentences(ctx context.Context, tx pgx.Tx, query string) ([]string, error) {
	rows, err := tx.Query(ctx, query)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[string])
}
