package layer

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// readGeoPackage streams the features of the layer of a GeoPackage that fits,
// numbered from 1 in the order of the table.
func readGeoPackage(rec *source.Recorder, o source.Options, f source.File, want Wanted, to Sink) error {
	return EachRow(rec, o, f, want, func(l source.Layer, crs geo.CRS, n int, row source.FeatureRow) error {
		ft := Feature{Attrs: make(map[string]Property, len(l.Columns))}
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
			return soundOutline(outline, crs)
		}
		return to.Use(n, ft)
	})
}

// EachRow reads the layer of a GeoPackage that is wanted.
func EachRow(rec *source.Recorder, o source.Options, f source.File, want Wanted, use func(l source.Layer, crs geo.CRS, n int, row source.FeatureRow) error) error {
	if o.GeoPackage == nil || f.Input.Path == "" {
		return source.FailAt(f.Name, 0, "c'est un GeoPackage, qui ne peut pas être lu d'ici ; attendu un fichier de cette machine")
	}
	db, err := o.GeoPackage(f.Input.Path)
	if err != nil {
		return source.FailAt(f.Name, 0, "%v", err)
	}
	defer db.Close()
	l, err := chooseLayer(f.Name, db.Layers(), want, o.Layer)
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
			return source.FailAt(f.Name, n, "%v", err)
		}
		if err := use(l, crs, n, row); err != nil {
			return err
		}
	}
	return f.Verify()
}
