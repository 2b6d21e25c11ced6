package gpkg

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aisne-numerique/maillage/geo/sqlite"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Results is what a GeoPackage of results holds. It is no [Store]: nothing can be
// imported into it, and it has the tables of the standard and of the results alone.
type Results struct {
	Layers []store.Layer
	Styles map[string]string // by layer: QML, with which QGIS opens it
	About  [][2]string       // subjects and sentences, as the table a_propos
	// Changed is when the file says that its tables changed: a clock would make each
	// file another one.
	Changed time.Time
}

// aboutTable and stylesTable are the tables beside the layers. QGIS finds styles by that
// name and those columns.
const (
	aboutTable  = "a_propos"
	stylesTable = "layer_styles"

	resultTables = `
CREATE TABLE a_propos (
  fid    INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  sujet  TEXT NOT NULL,
  phrase TEXT NOT NULL
);
CREATE TABLE layer_styles (
  id                INTEGER PRIMARY KEY AUTOINCREMENT NOT NULL,
  f_table_catalog   TEXT(256),
  f_table_schema    TEXT(256),
  f_table_name      TEXT(256),
  f_geometry_column TEXT(256),
  styleName         TEXT(30),
  styleQML          TEXT,
  styleSLD          TEXT,
  useAsDefault      BOOLEAN,
  description       TEXT,
  owner             TEXT(30),
  ui                TEXT(30),
  update_time       DATETIME
);
INSERT INTO gpkg_contents (table_name, data_type, identifier, description) VALUES
  ('a_propos',     'attributes', 'À propos', 'Édition, question, sources, licences et données modélisées'),
  ('layer_styles', 'attributes', 'Styles',   'Styles avec lesquels QGIS ouvre les couches');
INSERT INTO gpkg_data_columns (table_name, column_name, name, title) VALUES
  ('a_propos', 'sujet', 'Sujet', 'Sujet'),
  ('a_propos', 'phrase', 'Phrase', 'Phrase');`
)

// WriteResults writes a GeoPackage into the file at path, which must be empty. The same
// results give the same bytes. What it leaves when it fails is no GeoPackage.
func WriteResults(ctx context.Context, path string, r Results) error {
	if err := writeResults(ctx, path, r); err != nil {
		return fmt.Errorf("results: %s: %w", path, explain(err))
	}
	return nil
}

func writeResults(ctx context.Context, path string, r Results) (err error) {
	db := sqlite.Open(path, sqlite.Options{Mode: "rw"})
	defer func() { err = errors.Join(err, db.Close()) }()
	tx, err := db.Conn(ctx)
	if err != nil {
		return err
	}
	defer tx.Close()
	// The caller puts the file in its place once it is whole: there is nothing to roll
	// back to.
	if _, err := tx.ExecContext(ctx, "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA trusted_schema = OFF"); err != nil {
		return err
	}
	standard, err := migrations.ReadFile("migrations/0001_geopackage.sql")
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "BEGIN;"+string(standard)+`DROP TABLE maillage_migrations;
		DELETE FROM gpkg_contents WHERE table_name = 'maillage_migrations';
		DELETE FROM gpkg_data_columns WHERE table_name = 'maillage_migrations';`+resultTables); err != nil {
		return err
	}
	for _, pair := range r.About {
		if _, err := tx.ExecContext(ctx, "INSERT INTO "+aboutTable+" (sujet, phrase) VALUES (?, ?)", pair[0], pair[1]); err != nil {
			return err
		}
	}
	for _, l := range r.Layers {
		if err := store.CheckLayer(l); err != nil {
			return err
		}
		if l.Name == aboutTable || l.Name == stylesTable {
			return fmt.Errorf("layer %s: the name is taken", l.Name)
		}
		if err := fillLayer(ctx, tx, l.Name, l.Name, l); err != nil {
			return fmt.Errorf("layer %s: %w", l.Name, err)
		}
		if qml := r.Styles[l.Name]; qml != "" {
			if _, err := tx.ExecContext(ctx, "INSERT INTO "+stylesTable+` (f_table_catalog, f_table_schema, f_table_name, f_geometry_column,
				styleName, styleQML, useAsDefault, description, owner, update_time) VALUES ('', '', ?, 'geom', ?, ?, 1, 'maillage', '', ?)`,
				l.Name, l.Name, qml, timestamp(r.Changed)); err != nil {
				return err
			}
		}
	}
	_, err = tx.ExecContext(ctx, "UPDATE gpkg_contents SET last_change = ?", timestamp(r.Changed))
	if err == nil {
		_, err = tx.ExecContext(ctx, "COMMIT")
	}
	if err == nil {
		// Rows that grew leave what they were in the free space of pages, with the clock that
		// dated them: a file that is written anew has none.
		_, err = tx.ExecContext(ctx, "VACUUM")
	}
	return err
}
