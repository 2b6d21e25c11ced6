package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"iter"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
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

// Roads reads the ways of every dataset, one at a time. The loop holds a connection
// and sees the rows as they were when it began, until it ends.
func (s *Store) Roads(ctx context.Context) iter.Seq2[road.Way, error] {
	return each(ctx, s, table.ReadRoads)
}

// each runs a query and gives its rows; the first error ends it.
func each[T any](ctx context.Context, s *Store, q table.Query[T]) iter.Seq2[T, error] {
	return func(yield func(T, error) bool) {
		fail := func(err error) {
			var zero T
			yield(zero, fmt.Errorf("read %s: %w", q.What, explain(err)))
		}
		rows, err := s.read.QueryContext(ctx, q.SQL)
		if err != nil {
			fail(err)
			return
		}
		defer rows.Close()
		for rows.Next() {
			row, err := q.Scan(rows, geometryInto)
			if err != nil {
				fail(err)
				return
			}
			if !yield(row, nil) {
				return
			}
		}
		if err := rows.Err(); err != nil {
			fail(err)
		}
	}
}

// readAll is each, collected.
func readAll[T any](ctx context.Context, s *Store, q table.Query[T]) ([]T, error) {
	var all []T
	for row, err := range each(ctx, s, q) {
		if err != nil {
			return nil, err
		}
		all = append(all, row)
	}
	return all, nil
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
