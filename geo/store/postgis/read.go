package postgis

import (
	"context"
	"fmt"
	"iter"

	"github.com/jackc/pgx/v5"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

// geometryInto is what Scan takes to read a geometry: see [codec].
func geometryInto(to *orb.Geometry) any { return to }

// Manifests lists the datasets, sorted by (kind, dataset).
func (s *Store) Manifests(ctx context.Context) ([]store.Manifest, error) {
	return readAll(ctx, s, table.ReadManifests)
}

// Communes reads the communes of every dataset.
func (s *Store) Communes(ctx context.Context) ([]admin.Commune, error) {
	return readAll(ctx, s, table.ReadCommunes)
}

// EPCI reads the EPCI of every dataset.
func (s *Store) EPCI(ctx context.Context) ([]admin.EPCI, error) {
	return readAll(ctx, s, table.ReadEPCI)
}

// Secteurs reads the secteurs of every dataset.
func (s *Store) Secteurs(ctx context.Context) ([]admin.Secteur, error) {
	return readAll(ctx, s, table.ReadSecteurs)
}

// Lieux reads the lieux of every dataset.
func (s *Store) Lieux(ctx context.Context) ([]lieu.Lieu, error) {
	return readAll(ctx, s, table.ReadLieux)
}

// Tournees reads the tournées of every dataset, with their stops.
func (s *Store) Tournees(ctx context.Context) ([]lieu.Tournee, error) {
	rows, err := readAll(ctx, s, table.ReadTourStops)
	return table.GatherTours(rows), err
}

// Variables reads the variables of every dataset.
func (s *Store) Variables(ctx context.Context) ([]store.Variable, error) {
	return readAll(ctx, s, table.ReadVariables)
}

// Population reads the squares of the population grid of every dataset.
func (s *Store) Population(ctx context.Context) ([]store.Square, error) {
	return readAll(ctx, s, table.ReadPopulation)
}

// readAll runs a query, which sees one moment of the database.
func readAll[T any](ctx context.Context, s *Store, q table.Query[T]) ([]T, error) {
	rows, err := s.pool.Query(ctx, q.SQL)
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", q.What, explain(err))
	}
	all, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (T, error) { return q.Scan(row, geometryInto) })
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", q.What, explain(err))
	}
	return all, nil
}

// fetchRows is how many rows a loop over roads asks for at a time.
const fetchRows = 2000

// Roads reads the ways of every dataset, some at a time. The loop holds a connection
// and sees the rows as they were when it began, until it ends.
func (s *Store) Roads(ctx context.Context) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		ended := false
		err := s.cursor(ctx, table.ReadRoads.SQL, func(rows pgx.Rows) (more bool, err error) {
			w, err := table.ReadRoads.Scan(rows, geometryInto)
			if err != nil {
				return false, err
			}
			ended = !yield(w, nil)
			return !ended, nil
		})
		if err != nil && !ended {
			yield(road.Way{}, fmt.Errorf("read %s: %w", table.ReadRoads.What, explain(err)))
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
