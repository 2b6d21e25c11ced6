package gpkg

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/store/table"
)

const (
	// partBytes bounds one row: SQLite holds a row whole in memory, and refuses one
	// above 1 GB.
	partBytes = 16 << 20
	// resultPrefix keeps the layers of results apart from the inputs: both have
	// communes and epci.
	resultPrefix = "resultat_"
)

// PutEdition stores an edition with the documents beside it, and swaps its layers in. A
// layer "cells" becomes the table resultat_cells.
func (s *Store) PutEdition(ctx context.Context, id string, data []byte, layers []store.Layer, beside ...store.Document) error {
	if err := s.putEdition(ctx, id, data, layers, beside); err != nil {
		return fmt.Errorf("put edition %s: %w", id, explain(err))
	}
	return nil
}

func (s *Store) putEdition(ctx context.Context, id string, data []byte, layers []store.Layer, beside []store.Document) error {
	if err := store.CheckEdition(id, layers, beside); err != nil {
		return err
	}
	return s.transact(ctx, func(tx *sql.Conn) error {
		fid, err := putBytes(ctx, tx, id, data)
		if err != nil {
			return err
		}
		for _, d := range beside {
			if err := putDocument(ctx, tx, "ON CONFLICT (kind, id) DO NOTHING", d.Kind, d.ID, d.Data); err != nil {
				return fmt.Errorf("document %s %s: %w", d.Kind, d.ID, err)
			}
		}
		if err := dropLayers(ctx, tx); err != nil {
			return err
		}
		for _, l := range layers {
			if err := putLayer(ctx, tx, fid, l); err != nil {
				return fmt.Errorf("layer %s: %w", l.Name, err)
			}
		}
		_, err = tx.ExecContext(ctx, `UPDATE gpkg_contents SET last_change = ?
			WHERE table_name IN ('editions', 'edition_parts', 'result_layers')`, timestamp(time.Now()))
		return err
	})
}

// putBytes makes the edition the newest, and stores its bytes unless it has them.
func putBytes(ctx context.Context, tx *sql.Conn, id string, data []byte) (fid int64, err error) {
	const turn = "(SELECT COALESCE(max(turn), 0) + 1 FROM editions)"
	digest := sha256.Sum256(data)
	sum, there := hex.EncodeToString(digest[:]), ""
	err = tx.QueryRowContext(ctx, "UPDATE editions SET turn = "+turn+" WHERE id = ? RETURNING fid, sha256", id).Scan(&fid, &there)
	if err == nil && there != sum {
		err = store.ErrDiffers
	}
	if !errors.Is(err, sql.ErrNoRows) {
		return fid, err
	}
	err = tx.QueryRowContext(ctx, `
		INSERT INTO editions (id, created_at, turn, size_bytes, sha256)
		VALUES (?, ?, `+turn+`, ?, ?) RETURNING fid`,
		id, timestamp(time.Now()), len(data), sum).Scan(&fid)
	if err != nil {
		return 0, err
	}
	part := 0
	for piece := range slices.Chunk(data, partBytes) {
		if _, err := tx.ExecContext(ctx, "INSERT INTO edition_parts (edition, part, bytes) VALUES (?, ?, ?)", fid, part, piece); err != nil {
			return 0, err
		}
		part++
	}
	return fid, nil
}

// dropLayers removes every table of results and all that is said of it.
func dropLayers(ctx context.Context, tx *sql.Conn) error {
	rows, err := tx.QueryContext(ctx, "SELECT table_name FROM result_layers ORDER BY table_name")
	if err != nil {
		return err
	}
	tables, err := scanAll(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		return err
	}
	for _, t := range tables {
		if _, err := tx.ExecContext(ctx, onTable(`DROP TABLE IF EXISTS "{t}"; DROP TABLE IF EXISTS "rtree_{t}_geom"`, t)); err != nil {
			return err
		}
		for _, from := range []string{"gpkg_data_columns", "gpkg_extensions", "gpkg_geometry_columns", "gpkg_contents", "result_layers"} {
			if _, err := tx.ExecContext(ctx, "DELETE FROM "+from+" WHERE table_name = ?", t); err != nil {
				return err
			}
		}
	}
	return nil
}

// putLayer makes the table of a layer of an edition, indexed and titled, and fills it.
func putLayer(ctx context.Context, tx *sql.Conn, edition int64, l store.Layer) error {
	name := resultPrefix + l.Name
	if err := fillLayer(ctx, tx, name, "Résultat : "+l.Name, l); err != nil {
		return err
	}
	_, err := tx.ExecContext(ctx, "INSERT INTO result_layers (table_name, edition) VALUES (?, ?)", name, edition)
	return err
}

// fillLayer makes and fills the table name, called identifier where people choose among
// tables.
func fillLayer(ctx context.Context, tx *sql.Conn, name, identifier string, l store.Layer) error {
	var create strings.Builder
	fmt.Fprintf(&create, "CREATE TABLE %q (\n  fid INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,\n  geom %s", name, l.Geometry)
	columns := make([]string, len(l.Columns))
	for i, c := range l.Columns {
		columns[i] = c.Name
		fmt.Fprintf(&create, ",\n  %q %s", c.Name, c.Type)
	}
	create.WriteString("\n)")
	if _, err := tx.ExecContext(ctx, create.String()); err != nil {
		return err
	}
	for _, step := range []struct {
		query string
		args  []any
	}{
		{"INSERT INTO gpkg_contents (table_name, data_type, identifier, description, srs_id) VALUES (?, 'features', ?, ?, ?)",
			[]any{name, identifier, l.Title, srsID}},
		{"INSERT INTO gpkg_geometry_columns (table_name, column_name, geometry_type_name, srs_id, z, m) VALUES (?, 'geom', ?, ?, 0, 0)",
			[]any{name, l.Geometry, srsID}},
	} {
		if _, err := tx.ExecContext(ctx, step.query, step.args...); err != nil {
			return err
		}
	}
	named := map[string]bool{"": true}
	for _, c := range l.Columns {
		var alias any // some programs show it, others the title; it may be given once in a table
		if !named[c.Title] {
			alias, named[c.Title] = c.Title, true
		}
		if _, err := tx.ExecContext(ctx, "INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES (?, ?, ?, ?)",
			name, c.Name, alias, c.Title); err != nil {
			return err
		}
	}
	if err := createIndex(ctx, tx, name); err != nil {
		return err
	}
	to, err := newBulk(ctx, tx, name, true, columns...)
	if err != nil {
		return err
	}
	defer to.close()
	n := 0
	for row := range l.Rows {
		n++
		if err := ctx.Err(); err != nil {
			return err
		}
		if err := store.CheckLayerRow(l, row); err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
		if err := store.CheckGeometry(l, row.Geometry); err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
		g, err := encodeGeometry(row.Geometry)
		if err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
		if err := to.add(g, row.Values...); err != nil {
			return fmt.Errorf("row %d: %w", n, err)
		}
	}
	return to.finish(ctx)
}

// Editions lists the stored editions, newest first.
func (s *Store) Editions(ctx context.Context) ([]store.EditionInfo, error) {
	list, err := s.editions(ctx)
	if err != nil {
		return nil, fmt.Errorf("read editions: %w", explain(err))
	}
	return list, nil
}

func (s *Store) editions(ctx context.Context) ([]store.EditionInfo, error) {
	rows, err := s.read.QueryContext(ctx, "SELECT id, COALESCE(created_at, ''), size_bytes FROM editions ORDER BY turn DESC")
	if err != nil {
		return nil, err
	}
	return scanAll(rows, func(rows *sql.Rows) (e store.EditionInfo, err error) {
		return e, rows.Scan(&e.ID, &e.Created, &e.Bytes)
	})
}

// Prune deletes all but the newest editions. The layers are of the newest, and stay.
func (s *Store) Prune(ctx context.Context, keep int) ([]string, error) {
	var gone []string
	err := store.CheckKeep(keep)
	if err == nil {
		err = s.transact(ctx, func(tx *sql.Conn) error {
			rows, err := tx.QueryContext(ctx, "SELECT id FROM editions ORDER BY turn DESC LIMIT -1 OFFSET ?", keep)
			if err != nil {
				return err
			}
			if gone, err = scanAll(rows, func(rows *sql.Rows) (id string, err error) { return id, rows.Scan(&id) }); err != nil {
				return err
			}
			_, err = tx.ExecContext(ctx, "DELETE FROM editions WHERE turn NOT IN (SELECT turn FROM editions ORDER BY turn DESC LIMIT ?)", keep)
			return err
		})
	}
	if err != nil {
		return nil, fmt.Errorf("prune editions: %w", explain(err))
	}
	return gone, nil
}

// Edition reads the bytes of an edition, and checks them against their SHA-256.
func (s *Store) Edition(ctx context.Context, id string) ([]byte, error) {
	return table.Editions(s.edition).Edition(ctx, id)
}

// ReadEdition hands the bytes of an edition to read as they come, and says whether they
// were those stored. An error of read comes back when the store has none.
func (s *Store) ReadEdition(ctx context.Context, id string, read func(io.Reader) error) error {
	return table.Editions(s.edition).ReadEdition(ctx, id, read)
}

func (s *Store) edition(ctx context.Context, id string, read func(*table.EditionReader) error) error {
	rows, err := s.read.QueryContext(ctx, `
		SELECT e.size_bytes, e.sha256, p.bytes
		FROM editions AS e LEFT JOIN edition_parts AS p ON p.edition = e.fid
		WHERE e.id = ? ORDER BY p.part`, id)
	if err != nil {
		return fmt.Errorf("edition %s: %w", id, explain(err))
	}
	defer rows.Close()
	err = read(table.NewEditionReader(rows, ErrDamaged))
	if err != nil {
		return fmt.Errorf("edition %s: %w", id, explain(err))
	}
	return nil
}
