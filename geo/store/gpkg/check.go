package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo/store/table"
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
	found, err := missingTables(ctx, tx)
	if err != nil || len(found) > 0 { // the queries below need the tables
		return found, err
	}
	spatial, err := sentences(ctx, tx, indexedLayers)
	if err != nil {
		return nil, err
	}
	queries := slices.Concat(wholeFile, table.Checks())
	for _, name := range spatial {
		for _, q := range perLayer {
			queries = append(queries, onTable(q, name))
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

// missingTables gives a sentence for each table, of the standard or of this program,
// that must be there and is not.
func missingTables(ctx context.Context, tx *sql.Tx) ([]string, error) {
	have, err := sentences(ctx, tx, "SELECT name FROM sqlite_schema WHERE type = 'table'")
	if err != nil {
		return nil, err
	}
	var missing []string
	for _, name := range append(table.Names(), "gpkg_spatial_ref_sys", "gpkg_contents", "gpkg_geometry_columns", "gpkg_extensions") {
		if !slices.Contains(have, name) {
			missing = append(missing, "table "+name+" is missing")
		}
	}
	return missing, nil
}

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
	FROM pragma_foreign_key_check`}

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
