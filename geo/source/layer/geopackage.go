package layer

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/sqlite"
)

// readGeoPackage streams the features of the layer of a GeoPackage that is chosen,
// numbered from 1 in the order of the table.
func readGeoPackage(rec *source.Recorder, o source.Options, f source.File, choose func([]Layer) (Layer, error), to Sink) error {
	return eachRow(rec, o, f, choose, func(l Layer, crs geo.CRS, n int, row Row) error {
		ft := Feature{Attrs: make(map[string]Property, len(l.Columns)), CRS: crs}
		for i, name := range l.Columns {
			if a := PropertyOf(row.Values[i]); a.Kind == Textual {
				ft.Attrs[source.ColumnName(name)] = Property{Textual, source.Clean(a.Text)}
			} else {
				ft.Attrs[source.ColumnName(name)] = a
			}
		}
		ft.Outline = func() (orb.MultiPolygon, string, string) {
			if row.WKB == nil {
				return nil, "", "géométrie absente ; attendu Polygon ou MultiPolygon"
			}
			outline, reason := DecodeSurface(row.WKB)
			if reason != "" {
				return nil, "", reason
			}
			return soundOutline(f.Context(), outline, crs)
		}
		ft.Vertices = func() ([][]Vertex, string) {
			if row.WKB == nil {
				return nil, "géométrie absente ; attendu LineString ou Point"
			}
			return decodeVertices(row.WKB)
		}
		return to.Use(n, ft)
	})
}

// Row is one row of a layer of a GeoPackage: a value per column (nil, string, int64,
// float64, or anything else that is not understood) and its geometry as WKB, nil when
// it has none.
type Row struct {
	Values []any
	WKB    []byte
}

// EachRow reads the layer of a GeoPackage that is wanted. A row, and what it holds, is
// valid until use returns. Nothing is written, not even beside the file. Only tables
// that the GeoPackage lists are layers; views, which are programs, are not. Memory
// holds one row, of values of at most [sqlite.MaxValue].
func EachRow(rec *source.Recorder, o source.Options, f source.File, want Wanted, use func(l Layer, crs geo.CRS, n int, row Row) error) error {
	return eachRow(rec, o, f, func(layers []Layer) (Layer, error) { return chooseLayer(f.Name, layers, want, o.Layer) }, use)
}

// openFile opens a GeoPackage: a file of this machine, or one that is in another, of which
// a copy lies beside other temporary files until it is closed.
func openFile(f source.File) (*geopackage, error) {
	path, copied := f.Input.Path, ""
	if path == "" {
		var err error
		if copied, err = copyOf(f); err != nil {
			return nil, err
		}
		path = copied
	}
	db, err := openGeoPackage(f.Context(), path)
	if err != nil {
		if copied != "" {
			err = errors.Join(err, os.Remove(copied))
		}
		return nil, source.FailAt(f.Name, 0, "%v", inWords(err))
	}
	db.copied = copied
	return db, nil
}

// copyOf writes a file where SQLite can read it.
func copyOf(f source.File) (path string, err error) {
	in, err := f.Open()
	if err != nil {
		return "", err
	}
	defer in.Close()
	out, err := os.CreateTemp("", "maillage-*.gpkg")
	if err != nil {
		return "", source.FailAt(f.Name, 0, "copie temporaire : %v", source.Readable(err))
	}
	_, err = io.Copy(out, in)
	if err = errors.Join(err, out.Close()); err == nil {
		return out.Name(), nil
	}
	if rerr := os.Remove(out.Name()); rerr != nil {
		err = errors.Join(err, rerr)
	}
	var told source.Fatal
	if errors.As(err, &told) || f.Context().Err() != nil {
		return "", err
	}
	return "", source.FailAt(f.Name, 0, "copie temporaire : %v", source.Readable(err))
}

func layersOfGeoPackage(f source.File) ([]Layer, error) {
	db, err := openFile(f)
	if err != nil {
		return nil, err
	}
	defer db.Close()
	return db.names(), nil
}

func (p *geopackage) names() []Layer {
	layers := make([]Layer, len(p.layers))
	for i, l := range p.layers {
		layers[i] = l.Layer
	}
	return layers
}

func eachRow(rec *source.Recorder, o source.Options, f source.File, choose func([]Layer) (Layer, error), use func(l Layer, crs geo.CRS, n int, row Row) error) error {
	db, err := openFile(f)
	if err != nil {
		return err
	}
	defer db.Close()
	l, err := choose(db.names())
	if err != nil {
		return err
	}
	crs, err := systemOf(rec, o, f.Name, l.CRS, func() string { return "" })
	if err != nil {
		return err
	}
	n := 0
	table := db.layers[slices.IndexFunc(db.layers, func(t table) bool { return t.Name == l.Name })]
	var refused error // by use
	err = db.each(f.Context(), table, func(row Row) error {
		n++
		refused = use(l, crs, n, row)
		return refused
	})
	switch {
	case refused != nil:
		return refused
	case err != nil:
		return source.FailAt(f.Name, n+1, "%v", inWords(err))
	}
	return f.Verify()
}

const maxLayers = 1000

var (
	errNotGeoPackage = errors.New("not a GeoPackage")
	errUnfinished    = errors.New("changes lie beside the file")
)

// geopackage is a GeoPackage that others publish.
type geopackage struct {
	*sql.DB
	layers []table
	copied string // the file to be removed, when it is a copy
}

func (p *geopackage) Close() error {
	err := p.DB.Close()
	if p.copied != "" {
		err = errors.Join(err, os.Remove(p.copied))
	}
	return err
}

// table is a layer and the column of its geometry, "" when it has none.
type table struct {
	Layer
	geometry string
}

func openGeoPackage(ctx context.Context, path string) (_ *geopackage, err error) {
	// The bytes of the file are read and no others. They are not the whole file while
	// another program is writing: then its changes lie beside.
	if sqlite.Unfinished(path) {
		return nil, errUnfinished
	}
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return nil, err
	}
	if err := sqlite.CheckHeader(file, info.Size(), path); err != nil {
		return nil, err
	}
	p := &geopackage{DB: sqlite.OpenUntrusted(path)}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	p.SetMaxOpenConns(2)
	if err := p.checkTables(ctx); err != nil {
		return nil, err
	}
	return p, p.list(ctx)
}

// checkTables makes sure that what lists the layers is tables. A view of such a name
// may have no end.
func (p *geopackage) checkTables(ctx context.Context) error {
	var tables, others int
	err := p.QueryRowContext(ctx, `
		SELECT COUNT(*) FILTER (WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%'), COUNT(*) FILTER (WHERE type = 'view' OR sql LIKE 'CREATE VIRTUAL%')
		FROM sqlite_schema WHERE LOWER(name) IN ('gpkg_contents', 'gpkg_geometry_columns', 'gpkg_spatial_ref_sys')`).Scan(&tables, &others)
	if err == nil && (tables != 3 || others > 0) {
		return errNotGeoPackage
	}
	return err
}

// list reads which layers there are.
func (p *geopackage) list(ctx context.Context) error {
	rows, err := p.QueryContext(ctx, `
		SELECT c.table_name, COALESCE(g.column_name, ''), UPPER(COALESCE(g.geometry_type_name, '')),
			COALESCE(s.organization, ''), COALESCE(s.organization_coordsys_id, 0), COALESCE(s.srs_name, '')
		FROM gpkg_contents c
		JOIN sqlite_schema t ON t.name = c.table_name AND t.type = 'table'
		LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
		WHERE c.data_type IN ('features', 'attributes') AND t.sql NOT LIKE 'CREATE VIRTUAL%'
		ORDER BY c.table_name LIMIT ?`, maxLayers)
	if err != nil {
		if sqlite.Kind(err) == sqlite.ErrStatement { // no such column
			return fmt.Errorf("%w: %w", errNotGeoPackage, err)
		}
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var t table
		var organization, name string
		var code int
		if err := rows.Scan(&t.Name, &t.geometry, &t.Type, &organization, &code, &name); err != nil {
			return err
		}
		t.Type = withoutDimensions(t.Type)
		switch {
		case code > 0: // 0 and -1 are the undefined systems
			t.CRS = fmt.Sprintf("%s:%d", strings.ToUpper(organization), code)
		case code == 0 && organization == "":
			t.CRS = name
		}
		p.layers = append(p.layers, t)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range p.layers {
		if err := p.columns(ctx, &p.layers[i]); err != nil {
			return err
		}
	}
	return nil
}

// columns reads the attributes of a layer. Generated columns are programs: they are not
// among them, and no geometry either.
func (p *geopackage) columns(ctx context.Context, t *table) error {
	rows, err := p.QueryContext(ctx, `SELECT name FROM pragma_table_info(?) ORDER BY cid`, t.Name)
	if err != nil {
		return err
	}
	defer rows.Close()
	drawn := false
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return err
		}
		if strings.EqualFold(name, t.geometry) {
			drawn = true
		} else {
			t.Columns = append(t.Columns, name)
		}
	}
	if !drawn {
		t.geometry = ""
	}
	return rows.Err()
}

// each hands over the rows of a layer until use answers an error.
func (p *geopackage) each(ctx context.Context, t table, use func(Row) error) error {
	names := make([]string, 0, len(t.Columns)+1)
	for _, c := range t.Columns {
		names = append(names, quoteName(c))
	}
	if t.geometry != "" {
		names = append(names, quoteName(t.geometry))
	}
	rows, err := p.QueryContext(ctx, "SELECT "+strings.Join(names, ", ")+" FROM "+quoteName(t.Name))
	if err != nil {
		return err
	}
	defer rows.Close()
	values := make([]any, len(names))
	into := make([]any, len(names))
	for i := range values {
		into[i] = &values[i]
	}
	for rows.Next() {
		if err := rows.Scan(into...); err != nil {
			return err
		}
		row := Row{Values: values[:len(t.Columns)]}
		if t.geometry != "" {
			blob, _ := values[len(t.Columns)].([]byte)
			row.WKB = stripHeader(blob)
		}
		if err := use(row); err != nil {
			return err
		}
	}
	return rows.Err()
}

// withoutDimensions drops the marks that some programs add to a type, as in "MULTIPOLYGON Z"
// or "POLYGON25D".
func withoutDimensions(kind string) string {
	kind = strings.TrimSuffix(strings.TrimSpace(kind), "25D")
	if trimmed := strings.TrimRight(kind, " ZM"); trimmed != "" {
		return trimmed
	}
	return kind
}

// quoteName makes a name an SQL identifier.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// stripHeader is the WKB of a geometry blob (OGC 12-128r19 §2.1.3); nil when the geometry
// is empty. A blob that has no such header comes back as it is: it is no WKB, and will be
// told of as such, with its row.
func stripHeader(blob []byte) []byte {
	const header, flagEmpty = 8, 1 << 4
	if len(blob) < header || blob[0] != 'G' || blob[1] != 'P' || blob[2] != 0 {
		return blob
	}
	// Envelope 0: none; 1: x, y; 2 and 3: with z or m; 4: with both.
	sizes := [8]int{0, 32, 48, 48, 64, -1, -1, -1}
	skip := sizes[blob[3]>>1&7]
	switch {
	case skip < 0 || len(blob) < header+skip:
		return blob
	case blob[3]&flagEmpty != 0:
		return nil
	}
	return blob[header+skip:]
}

// inWords puts an error in words for the person who imports the file.
func inWords(err error) error {
	switch kind := sqlite.Kind(err); {
	case errors.Is(err, errUnfinished), kind == sqlite.ErrBusy:
		return errors.New("un autre programme écrit dans ce GeoPackage (QGIS ?) ; fermez-le puis recommencez")
	case errors.Is(err, errNotGeoPackage), errors.Is(err, sqlite.ErrNotDatabase), kind == sqlite.ErrNotDatabase:
		return errors.New("ce n'est pas un GeoPackage ; attendu un fichier .gpkg")
	case errors.Is(err, sqlite.ErrDamaged), kind == sqlite.ErrDamaged:
		return errors.New("GeoPackage abîmé ou tronqué ; téléchargez-le à nouveau")
	case kind == sqlite.ErrTooBig:
		return fmt.Errorf("valeur de plus de %d Mio dans le GeoPackage ; attendu des contours plus simples", sqlite.MaxValue>>20)
	}
	if reason := source.Readable(err); reason != err {
		return reason
	}
	return fmt.Errorf("GeoPackage illisible : %w", err)
}
