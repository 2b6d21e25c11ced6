package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Check looks for damage, and for edits that broke a promise: pages and indexes
// (SQLite's integrity_check, R-trees included), references, tables that a
// GeoPackage or this program needs, datasets whose rows are not all there, rows of
// no dataset, features missing in their spatial index, incomplete editions. The
// error joins one sentence per finding, each of which wraps [ErrDamaged].
//
// It reads the whole file, which takes in the order of a second per 100 MB.
func (s *Store) Check(ctx context.Context) error {
	findings, err := s.findings(ctx)
	if err != nil {
		return fmt.Errorf("check store: %s: %w", s.path, explain(err))
	}
	var errs []error
	for _, sentence := range findings {
		errs = append(errs, fmt.Errorf("check store: %s: %w: %s", s.path, ErrDamaged, sentence))
	}
	return errors.Join(errs...)
}

func (s *Store) findings(ctx context.Context) ([]string, error) {
	// One read transaction: a commit between two queries would look like damage.
	tx, err := s.read.BeginTx(ctx, nil)
	if err != nil {
		return nil, err
	}
	defer tx.Rollback()
	if _, err := version(ctx, tx); err != nil {
		return nil, err
	}
	found, err := sentences(ctx, tx, missingTables)
	if err != nil || len(found) > 0 { // the queries below need the tables
		return found, err
	}
	spatial, err := sentences(ctx, tx, indexedLayers)
	if err != nil {
		return nil, err
	}
	queries := append([]string(nil), wholeFile...)
	for _, in := range []struct{ kind, table string }{
		{"communes", "communes"}, {"epci", "epci"}, {"secteurs", "secteurs"}, {"lieux", "lieux"},
		{"tournees", "tournees"}, {"ifn", "ifn_variables"}, {"roads", "roads"}, {"population", "population_carreaux"},
	} {
		for _, q := range perInput {
			queries = append(queries, strings.ReplaceAll(onTable(q, in.table), "{kind}", in.kind))
		}
	}
	for _, table := range spatial {
		for _, q := range perLayer {
			queries = append(queries, onTable(q, table))
		}
	}
	for _, q := range queries {
		lines, err := sentences(ctx, tx, q)
		switch {
		case errors.Is(explain(err), ErrDamaged): // met on the way; the other queries may say more
			lines = append(lines, "integrity: "+err.Error())
		case err != nil:
			return nil, err
		}
		for _, line := range lines {
			if !slices.Contains(found, line) {
				found = append(found, line)
			}
		}
	}
	return found, nil
}

// Every query below gives one sentence per thing that is wrong.

// missingTables names the tables of the standard and of this program that must be
// there and are not.
const missingTables = `
	WITH needed (name) AS (
		VALUES ('gpkg_spatial_ref_sys'), ('gpkg_contents'), ('gpkg_geometry_columns'), ('gpkg_extensions'),
			('maillage_migrations'), ('datasets'), ('communes'), ('epci'), ('secteurs'), ('lieux'), ('tournees'),
			('stops'), ('ifn_variables'), ('roads'), ('population_carreaux'), ('editions'), ('edition_parts'), ('result_layers'))
	SELECT 'table ' || name || ' is missing' FROM needed
	WHERE name NOT IN (SELECT name FROM sqlite_schema WHERE type = 'table')
	ORDER BY name`

// indexedLayers are the tables of features that are there, as is their index; for
// the others wholeFile has a sentence.
const indexedLayers = `
	SELECT table_name FROM gpkg_geometry_columns
	WHERE table_name IN (SELECT name FROM sqlite_schema)
		AND 'rtree_' || table_name || '_geom' IN (SELECT name FROM sqlite_schema)
	ORDER BY table_name`

// wholeFile is asked once. 10300 is GeoPackage 1.3.
var wholeFile = []string{`
	SELECT 'user_version is ' || user_version || '; expected 10300' FROM pragma_user_version WHERE user_version <> 10300`, `
	SELECT 'integrity: ' || integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'`, `
	SELECT 'table ' || table_name || ' is announced and missing' FROM gpkg_contents
	WHERE table_name NOT IN (SELECT name FROM sqlite_schema) ORDER BY table_name`, `
	SELECT table_name || ': the spatial index is missing' FROM gpkg_geometry_columns
	WHERE 'rtree_' || table_name || '_geom' NOT IN (SELECT name FROM sqlite_schema) ORDER BY table_name`, `
	SELECT "table" || ': row ' || COALESCE(rowid, '?') || ' refers to a row of ' || parent || ' that is not there'
	FROM pragma_foreign_key_check`, `
	SELECT 'edition ' || e.id || ': ' || COALESCE(sum(length(p.bytes)), 0) || ' bytes; expected ' || e.size_bytes
	FROM editions AS e LEFT JOIN edition_parts AS p ON p.edition = e.fid
	GROUP BY e.fid HAVING COALESCE(sum(length(p.bytes)), 0) <> e.size_bytes ORDER BY e.turn`,
}

// perInput is asked of the table {t} that holds the rows of kind {kind}.
var perInput = []string{`
	SELECT '{t}: dataset ' || d.dataset || ': ' || count(t.fid) || ' rows, the last at position '
		|| COALESCE(max(t.position), -1) || '; the import wrote ' || d.row_count
	FROM datasets AS d LEFT JOIN "{t}" AS t ON t.dataset = d.dataset
	WHERE d.kind = '{kind}'
	GROUP BY d.dataset
	HAVING count(t.fid) <> d.row_count OR COALESCE(max(t.position), -1) <> d.row_count - 1
	ORDER BY d.dataset`, `
	SELECT '{t}: dataset ' || t.dataset || ': ' || count(*) || ' rows that no import wrote'
	FROM "{t}" AS t
	WHERE NOT EXISTS (SELECT 1 FROM datasets AS d WHERE d.kind = '{kind}' AND d.dataset = t.dataset)
	GROUP BY t.dataset ORDER BY t.dataset`,
}

// perLayer is asked of every table {t} of features. The fourth byte of a geometry
// holds its flags; bit 4 says that it is empty, and needs no index.
var perLayer = []string{`
	SELECT '{t}: ' || count(*) || ' features are not in the spatial index'
	FROM "{t}"
	WHERE geom IS NOT NULL AND substr(hex(substr(geom, 4, 1)), 1, 1) NOT IN ('1', '3')
		AND fid NOT IN (SELECT id FROM "rtree_{t}_geom")
	HAVING count(*) > 0`, `
	SELECT '{t}: ' || count(*) || ' entries of the spatial index have no feature'
	FROM "rtree_{t}_geom"
	WHERE id NOT IN (SELECT fid FROM "{t}" WHERE geom IS NOT NULL)
	HAVING count(*) > 0`,
}

// sentences reads a query of one column of text.
func sentences(ctx context.Context, tx *sql.Tx, query string) ([]string, error) {
	rows, err := tx.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(rows *sql.Rows) (line string, err error) { return line, rows.Scan(&line) })
}
