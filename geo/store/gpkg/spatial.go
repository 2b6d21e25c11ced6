package gpkg

import (
	"context"
	"database/sql"
	"fmt"
	"strings"
	"time"
)

// The R-tree extension of GeoPackage (annex F.3 of version 1.3) is one virtual
// table per geometry column and six triggers that keep it right whoever edits the
// features. The triggers need functions (ST_MinX…) that every GIS brings. This
// package has none: where it inserts in bulk it takes away the one trigger that
// would call them, fills the index itself, and puts the trigger back, all in the
// transaction of the import.

// insertTrigger is the trigger that a bulk insert takes away.
const insertTrigger = `
CREATE TRIGGER "rtree_{t}_geom_insert" AFTER INSERT ON "{t}"
  WHEN (new."geom" NOT NULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (
    NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),
    ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")
  );
END`

// otherTriggers follow an edit or a deletion of a feature.
const otherTriggers = `
CREATE TRIGGER "rtree_{t}_geom_update1" AFTER UPDATE OF "geom" ON "{t}"
  WHEN OLD."fid" = NEW."fid" AND
       (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (
    NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),
    ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")
  );
END;
CREATE TRIGGER "rtree_{t}_geom_update2" AFTER UPDATE OF "geom" ON "{t}"
  WHEN OLD."fid" = NEW."fid" AND
       (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
END;
CREATE TRIGGER "rtree_{t}_geom_update3" AFTER UPDATE ON "{t}"
  WHEN OLD."fid" != NEW."fid" AND
       (NEW."geom" NOTNULL AND NOT ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
  INSERT OR REPLACE INTO "rtree_{t}_geom" VALUES (
    NEW."fid",
    ST_MinX(NEW."geom"), ST_MaxX(NEW."geom"),
    ST_MinY(NEW."geom"), ST_MaxY(NEW."geom")
  );
END;
CREATE TRIGGER "rtree_{t}_geom_update4" AFTER UPDATE ON "{t}"
  WHEN OLD."fid" != NEW."fid" AND
       (NEW."geom" ISNULL OR ST_IsEmpty(NEW."geom"))
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id IN (OLD."fid", NEW."fid");
END;
CREATE TRIGGER "rtree_{t}_geom_delete" AFTER DELETE ON "{t}"
  WHEN old."geom" NOT NULL
BEGIN
  DELETE FROM "rtree_{t}_geom" WHERE id = OLD."fid";
END`

// onTable writes the name of a table into a text of SQL. The names are constants of
// this package or have passed store.CheckLayer; no other text is spliced into SQL.
func onTable(text, table string) string { return strings.ReplaceAll(text, "{t}", table) }

// indexNewTables gives its R-tree to every geometry column that has none, which
// are those that a migration has just made; they are empty.
func indexNewTables(ctx context.Context, tx *sql.Conn) error {
	rows, err := tx.QueryContext(ctx, `
		SELECT table_name FROM gpkg_geometry_columns AS g
		WHERE NOT EXISTS (SELECT 1 FROM gpkg_extensions AS e
			WHERE e.table_name = g.table_name AND e.extension_name = 'gpkg_rtree_index')
		ORDER BY table_name`)
	if err != nil {
		return err
	}
	tables, err := scanAll(rows, func(rows *sql.Rows) (name string, err error) { return name, rows.Scan(&name) })
	if err != nil {
		return err
	}
	for _, t := range tables {
		if err := createIndex(ctx, tx, t); err != nil {
			return err
		}
	}
	return nil
}

// createIndex makes the R-tree of an empty table, with its triggers.
func createIndex(ctx context.Context, tx *sql.Conn, table string) error {
	const create = `CREATE VIRTUAL TABLE "rtree_{t}_geom" USING rtree(id, minx, maxx, miny, maxy);`
	if _, err := tx.ExecContext(ctx, onTable(create+insertTrigger+";"+otherTriggers, table)); err != nil {
		return fmt.Errorf("index of %s: %w", table, err)
	}
	_, err := tx.ExecContext(ctx, `INSERT INTO gpkg_extensions VALUES
		(?, 'geom', 'gpkg_rtree_index', 'http://www.geopackage.org/spec120/#extension_rtree', 'write-only')`, table)
	return err
}

// bulk inserts many rows into one table, spatial or not, within a transaction.
type bulk struct {
	tx      *sql.Conn
	table   string
	spatial bool
	insert  *sql.Stmt
	index   *sql.Stmt // into the R-tree
	args    []any     // of the current row; reused
}

// newBulk starts inserting; close ends it. The columns of a spatial table come
// after geom.
func newBulk(ctx context.Context, tx *sql.Conn, table string, spatial bool, columns ...string) (*bulk, error) {
	b := &bulk{tx: tx, table: table, spatial: spatial}
	if spatial {
		columns = append([]string{"geom"}, columns...)
		if _, err := tx.ExecContext(ctx, onTable(`DROP TRIGGER "rtree_{t}_geom_insert"`, table)); err != nil {
			return nil, err
		}
		var err error
		if b.index, err = tx.PrepareContext(ctx, onTable(`INSERT INTO "rtree_{t}_geom" VALUES (?, ?, ?, ?, ?)`, table)); err != nil {
			return nil, err
		}
	}
	marks := strings.TrimSuffix(strings.Repeat("?, ", len(columns)), ", ")
	var err error
	b.insert, err = tx.PrepareContext(ctx, fmt.Sprintf(`INSERT INTO "%s" ("%s") VALUES (%s)`, table, strings.Join(columns, `", "`), marks))
	if err != nil {
		b.close()
		return nil, err
	}
	return b, nil
}

// close frees the statements, which would stay with the connection.
func (b *bulk) close() {
	for _, stmt := range []*sql.Stmt{b.insert, b.index} {
		if stmt != nil {
			_ = stmt.Close() // repeats the error of the last row, if any
		}
	}
}

// add inserts one row. A table that is not spatial takes no geometry.
//
// The statements run without the caller's context: with one the driver starts a
// goroutine per row. Who calls add in a loop looks at the context there.
func (b *bulk) add(g geometry, values ...any) error {
	b.args = b.args[:0]
	if b.spatial {
		b.args = append(b.args, g.blob)
	}
	b.args = append(b.args, values...)
	res, err := b.insert.ExecContext(context.Background(), b.args...)
	if err != nil || g.blob == nil || g.box.Empty() {
		return err
	}
	fid, err := res.LastInsertId()
	if err != nil {
		return err
	}
	_, err = b.index.ExecContext(context.Background(), fid, g.box.Min.Lon, g.box.Max.Lon, g.box.Min.Lat, g.box.Max.Lat)
	return err
}

// finish puts the trigger back and dates the table in gpkg_contents, with the box
// around all its features.
func (b *bulk) finish(ctx context.Context) error {
	now := timestamp(time.Now())
	if !b.spatial {
		_, err := b.tx.ExecContext(ctx, "UPDATE gpkg_contents SET last_change = ? WHERE table_name = ?", now, b.table)
		return err
	}
	if _, err := b.tx.ExecContext(ctx, onTable(insertTrigger, b.table)); err != nil {
		return err
	}
	_, err := b.tx.ExecContext(ctx, onTable(`
		UPDATE gpkg_contents SET last_change = ?, (min_x, min_y, max_x, max_y) =
			(SELECT min(minx), min(miny), max(maxx), max(maxy) FROM "rtree_{t}_geom")
		WHERE table_name = ?`, b.table), now, b.table)
	return err
}

// timestamp is the form of a DATETIME in GeoPackage, also valid RFC 3339.
func timestamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05.000Z") }
