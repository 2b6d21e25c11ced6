package source

import (
	"bytes"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

func isSQLite(head []byte) bool { return bytes.HasPrefix(head, []byte("SQLite format 3\x00")) }

// readGeoPackage streams the features of the layer of a GeoPackage that fits,
// numbered from 1 in the order of the table.
func readGeoPackage(rec *recorder, o Options, f file, to sink) error {
	return eachFeatureRow(rec, o, f, func(l Layer, crs geo.CRS, n int, row FeatureRow) error {
		ft := feature{attrs: make(map[string]property, len(l.Columns))}
		for i, name := range l.Columns {
			if a := propertyOf(row.Values[i]); a.kind == textual {
				ft.attrs[columnName(name)] = property{textual, clean(a.text)}
			} else {
				ft.attrs[columnName(name)] = a
			}
		}
		ft.outline = func() (orb.MultiPolygon, string, string) {
			if row.WKB == nil {
				return nil, "", "géométrie absente ; attendu Polygon ou MultiPolygon"
			}
			outline, reason := decodeSurface(row.WKB)
			if reason != "" {
				return nil, "", reason
			}
			return soundOutline(outline, crs)
		}
		return to.use(n, ft)
	})
}

// eachFeatureRow reads the layer of a GeoPackage that fits the kind of the import.
func eachFeatureRow(rec *recorder, o Options, f file, use func(l Layer, crs geo.CRS, n int, row FeatureRow) error) error {
	if o.GeoPackage == nil || f.input.Path == "" {
		return failAt(f.Name, 0, "c'est un GeoPackage, qui ne peut pas être lu d'ici ; attendu un fichier de cette machine")
	}
	db, err := o.GeoPackage(f.input.Path)
	if err != nil {
		return failAt(f.Name, 0, "%v", err)
	}
	defer db.Close()
	l, err := chooseLayer(f.Name, db.Layers(), rec.Kind, o.Layer)
	if err != nil {
		return err
	}
	crs, err := systemOf(rec, o, f.Name, l.CRS)
	if err != nil {
		return err
	}
	n := 0
	for row, err := range db.Rows(l.Name) {
		n++
		if err != nil {
			return failAt(f.Name, n, "%v", err)
		}
		if err := use(l, crs, n, row); err != nil {
			return err
		}
	}
	return f.verify()
}

// verify makes another pass, over a file that was not read as a stream, to tell
// whether it is still the one that was hashed.
func (f file) verify() error {
	s, err := f.open()
	if err != nil {
		return err
	}
	defer s.Close()
	return s.verify()
}
