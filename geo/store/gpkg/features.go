package gpkg

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"net/url"
	"os"
	"slices"
	"strings"

	"github.com/mattn/go-sqlite3"

	"github.com/aisne-numerique/maillage/geo/source"
)

// Limits of a GeoPackage that others made.
const (
	maxValue  = 32 << 20 // bytes of one value: a département at full detail is 2 MiB
	maxLayers = 1000
)

// Published is a GeoPackage that others publish, open to be imported. It is not a
// [Store]. It reads one layer at a time.
type Published struct {
	db     *sql.DB
	layers []publishedLayer
}

var _ source.Features = (*Published)(nil)

// publishedLayer is a layer and the column of its geometry, "" when it has none.
type publishedLayer struct {
	source.Layer
	geometry string
}

// OpenFeatures opens a GeoPackage to read what is in it, whatever program made it.
// Nothing is written, not even beside the file. Only tables that the GeoPackage
// lists are layers; views, which are programs, are not. Memory holds one row, of
// values of at most 32 MiB. Errors are French sentences.
func OpenFeatures(path string) (source.Features, error) {
	p, err := openPublished(path)
	if err != nil {
		return nil, published(err)
	}
	return p, nil
}

func openPublished(path string) (_ *Published, err error) {
	// With immutable=1 SQLite reads these bytes and no others. They are not the whole
	// file while another program is writing: then its changes lie beside.
	for _, suffix := range []string{"-wal", "-journal"} {
		if info, err := os.Stat(path + suffix); err == nil && info.Size() > 0 {
			return nil, ErrBusy
		}
	}
	if _, err := inspect(path, options{mustExist: true, readOnly: true}); err != nil {
		return nil, err
	}
	p := &Published{db: sql.OpenDB(connector{
		dsn: "file:" + escapePath(path) + "?mode=ro&immutable=1",
		driver: &sqlite3.SQLiteDriver{ConnectHook: func(c *sqlite3.SQLiteConn) error {
			c.SetLimit(sqlite3.SQLITE_LIMIT_LENGTH, maxValue)
			_, err := c.Exec("PRAGMA query_only = ON; PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA cache_size = -8192", nil)
			return err
		}},
	})}
	defer func() {
		if err != nil {
			p.Close()
		}
	}()
	p.db.SetMaxOpenConns(2)
	return p, p.list()
}

// escapePath makes a path part of a file URI, see connect.
func escapePath(path string) string {
	name := strings.ReplaceAll(url.PathEscape(path), "%2F", "/")
	if strings.HasPrefix(name, "/") {
		return "//" + name
	}
	return "./" + name
}

// list reads which layers there are.
func (p *Published) list() error {
	rows, err := p.db.Query(`
		SELECT c.table_name, COALESCE(g.column_name, ''), UPPER(COALESCE(g.geometry_type_name, '')),
			COALESCE(s.organization, ''), COALESCE(s.organization_coordsys_id, 0), COALESCE(s.srs_name, '')
		FROM gpkg_contents c
		JOIN sqlite_schema t ON t.name = c.table_name AND t.type = 'table'
		LEFT JOIN gpkg_geometry_columns g ON g.table_name = c.table_name
		LEFT JOIN gpkg_spatial_ref_sys s ON s.srs_id = g.srs_id
		WHERE c.data_type IN ('features', 'attributes') AND t.sql NOT LIKE 'CREATE VIRTUAL%'
		ORDER BY c.table_name LIMIT ?`, maxLayers)
	if err != nil {
		var lite sqlite3.Error
		if errors.As(err, &lite) && lite.Code == sqlite3.ErrError { // no such table
			return fmt.Errorf("%w: %w", ErrNotGeoPackage, err)
		}
		return err
	}
	defer rows.Close()
	for rows.Next() {
		var l publishedLayer
		var organization, name string
		var code int
		if err := rows.Scan(&l.Name, &l.geometry, &l.Type, &organization, &code, &name); err != nil {
			return err
		}
		switch {
		case code > 0: // 0 and -1 are the undefined systems
			l.CRS = fmt.Sprintf("%s:%d", strings.ToUpper(organization), code)
		case code == 0 && organization == "":
			l.CRS = name
		}
		p.layers = append(p.layers, l)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	for i := range p.layers {
		if p.layers[i].Columns, err = p.columns(p.layers[i]); err != nil {
			return err
		}
	}
	return nil
}

// columns are the attributes of a layer.
func (p *Published) columns(l publishedLayer) ([]string, error) {
	rows, err := p.db.Query(`SELECT name FROM pragma_table_info(?) ORDER BY cid`, l.Name)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	var columns []string
	for rows.Next() {
		var name string
		if err := rows.Scan(&name); err != nil {
			return nil, err
		}
		if !strings.EqualFold(name, l.geometry) {
			columns = append(columns, name)
		}
	}
	return columns, rows.Err()
}

// Layers are the tables that the GeoPackage lists, by name.
func (p *Published) Layers() []source.Layer {
	layers := make([]source.Layer, len(p.layers))
	for i, l := range p.layers {
		layers[i] = l.Layer
	}
	return layers
}

// Rows reads a layer.
func (p *Published) Rows(layer string) iter.Seq2[source.FeatureRow, error] {
	return func(yield func(source.FeatureRow, error) bool) {
		i := slices.IndexFunc(p.layers, func(l publishedLayer) bool { return l.Name == layer })
		if i < 0 {
			yield(source.FeatureRow{}, fmt.Errorf("pas de couche « %s »", layer))
			return
		}
		if err := p.each(p.layers[i], func(row source.FeatureRow) bool { return yield(row, nil) }); err != nil {
			yield(source.FeatureRow{}, published(err))
		}
	}
}

// each hands over the rows of a layer until use has had enough.
func (p *Published) each(l publishedLayer, use func(source.FeatureRow) bool) error {
	names := make([]string, 0, len(l.Columns)+1)
	for _, c := range l.Columns {
		names = append(names, quoteName(c))
	}
	if l.geometry != "" {
		names = append(names, quoteName(l.geometry))
	}
	rows, err := p.db.QueryContext(context.Background(), "SELECT "+strings.Join(names, ", ")+" FROM "+quoteName(l.Name))
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
		row := source.FeatureRow{Values: values[:len(l.Columns)]}
		if l.geometry != "" {
			blob, _ := values[len(l.Columns)].([]byte)
			row.WKB = stripHeader(blob)
		}
		if !use(row) {
			return nil
		}
	}
	return rows.Err()
}

// quoteName makes a name an SQL identifier.
func quoteName(name string) string { return `"` + strings.ReplaceAll(name, `"`, `""`) + `"` }

// stripHeader is the WKB of a geometry blob; nil when the geometry is empty. A blob
// that has no such header comes back as it is: it is no WKB, and will be told of as
// such, with its row.
func stripHeader(blob []byte) []byte {
	if len(blob) < headerBytes || blob[0] != 'G' || blob[1] != 'P' || blob[2] != 0 {
		return blob
	}
	// Envelope 0: none; 1: x, y; 2 and 3: with z or m; 4: with both.
	sizes := [8]int{0, envelopeBytes, 48, 48, 64, -1, -1, -1}
	skip := sizes[blob[3]>>1&7]
	switch {
	case skip < 0 || len(blob) < headerBytes+skip:
		return blob
	case blob[3]&flagEmpty != 0:
		return nil
	}
	return blob[headerBytes+skip:]
}

// Close ends the reading.
func (p *Published) Close() error { return p.db.Close() }

// published puts an error in words for the person who imports the file.
func published(err error) error {
	var lite sqlite3.Error
	err = explain(err)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errors.New("fichier introuvable")
	case errors.Is(err, fs.ErrPermission):
		return errors.New("lecture interdite")
	case errors.Is(err, ErrBusy):
		return errors.New("un autre programme écrit dans ce GeoPackage (QGIS ?) ; fermez-le puis recommencez")
	case errors.Is(err, ErrNotGeoPackage):
		return errors.New("ce n'est pas un GeoPackage ; attendu un fichier .gpkg")
	case errors.Is(err, ErrDamaged):
		return errors.New("GeoPackage abîmé ou tronqué ; téléchargez-le à nouveau")
	case errors.As(err, &lite) && lite.Code == sqlite3.ErrTooBig:
		return fmt.Errorf("valeur de plus de %d Mio dans le GeoPackage ; attendu des contours plus simples", maxValue>>20)
	}
	return fmt.Errorf("GeoPackage illisible : %w", err)
}
