package outline

import (
	"encoding/json"
	"fmt"
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/layer"
)

// eachPlace reads features, makes a row of each and rejects codes seen before.
func eachPlace[T any](rec *source.Recorder, files []source.File, o source.Options, want layer.Wanted, read func(place) (code string, row T, bad *source.Fault), use func(T) error) error {
	seen := map[string]source.Address{}
	for _, f := range files {
		each := func(to layer.Sink) error { return layer.Each(rec, o, f, want, to) }
		if isTable(f) {
			each = func(to layer.Sink) error { return eachTableRow(rec, o, f, to) }
		}
		told := &tally{}
		err := each(layer.Sink{
			Use: func(n int, ft layer.Feature) error {
				rec.Read++
				code, row, bad := read(place{rec, f.Name, n, told, ft})
				if bad == nil {
					first, dup := seen[code]
					if !dup {
						seen[code] = source.Address{File: f.Name, Row: n}
						return use(row)
					}
					bad = &source.Fault{Field: "code", Value: code, Reason: "code déjà présent à " + first.String()}
				}
				rec.Reject(f.Name, n, bad.Field, bad.Value, bad.Reason)
				return rec.Overflow()
			},
			Bad: func(n int, reason string) error {
				rec.Read++
				rec.Reject(f.Name, n, "", "", reason)
				return rec.Overflow()
			},
		})
		if err != nil {
			return err
		}
		told.tell(rec, f.Name)
	}
	return nil
}

// place is one feature and where it stands.
type place struct {
	rec  *source.Recorder
	file string
	row  int
	told *tally
	layer.Feature
}

// tally counts what is told once of a file.
type tally struct {
	padded, undrawn int
	first           source.Rejection // the first code that was padded
}

func (t *tally) tell(rec *source.Recorder, file string) {
	if t.padded > 0 {
		rec.Warn(file, t.first.Row, t.first.Field, t.first.Value, fmt.Sprintf("codes sans leur zéro initial, qui leur est rendu : %d", t.padded))
	}
	if t.undrawn > 0 {
		rec.Warn(file, 0, "", "", fmt.Sprintf("communes sans contour : %d ; elles ne servent que de voisines d'un territoire (nom, population, position)", t.undrawn))
	}
}

// find gives the first of the named attributes that is there, and its name; when
// none is, the first name.
func (p place) find(names []string) (string, layer.Property) {
	for _, name := range names {
		if a := p.Attrs[name]; a.Kind != layer.Absent {
			return name, a
		}
	}
	return names[0], layer.Property{}
}

// sortedNames are the names of the attributes, sorted: of several years of a
// population, the last stands.
func (p place) sortedNames() []string {
	names := make([]string, 0, len(p.Attrs))
	for name := range p.Attrs {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// point reads the optional point of a commune, or computes one.
func (p place) point(outline orb.MultiPolygon) geo.LonLat {
	a := p.Attrs["point"]
	if a.Kind == layer.Absent {
		return layer.InnerPoint(outline)
	}
	var at []float64
	if json.Unmarshal([]byte(a.Text), &at) == nil && len(at) == 2 {
		if q := (geo.LonLat{Lon: at[0], Lat: at[1]}); layer.Inside(outline, q) {
			return q
		}
	}
	p.rec.Warn(p.file, p.row, "point", a.Show(), "point hors du contour, recalculé ; attendu [longitude, latitude] dans la commune")
	return layer.InnerPoint(outline)
}

// regions are where the communes of overseas départements are, by the start of their codes;
// the others are in metropolitan France.
var regions = map[string]geo.Bounds{
	"":    {Min: geo.LonLat{Lon: -5.6, Lat: 41.2}, Max: geo.LonLat{Lon: 9.8, Lat: 51.3}},
	"971": {Min: geo.LonLat{Lon: -62, Lat: 15.7}, Max: geo.LonLat{Lon: -60.8, Lat: 16.7}}, "972": {Min: geo.LonLat{Lon: -61.4, Lat: 14.2}, Max: geo.LonLat{Lon: -60.6, Lat: 15}},
	"973": {Min: geo.LonLat{Lon: -54.8, Lat: 2}, Max: geo.LonLat{Lon: -51.4, Lat: 6}}, "974": {Min: geo.LonLat{Lon: 55, Lat: -21.6}, Max: geo.LonLat{Lon: 56, Lat: -20.7}},
	"976": {Min: geo.LonLat{Lon: 44.8, Lat: -13.2}, Max: geo.LonLat{Lon: 45.5, Lat: -12.4}},
}

// misplaced tells of a commune that is where its code says it cannot be: coordinates in the
// wrong order, or of another system.
func (p place) misplaced(c admin.Commune) *source.Fault {
	departement := admin.DepartementOf(c.Code)
	region, ok := regions[departement]
	if !ok && (len(departement) == 3 || !admin.IsDepartement(departement)) || region.Contains(c.Point) {
		return nil // of other codes nobody knows where they are
	}
	if !ok {
		if region = regions[""]; region.Contains(c.Point) {
			return nil
		}
	}
	at := source.PositionText([]float64{c.Point.Lon, c.Point.Lat})
	if region.Contains(geo.LonLat{Lon: c.Point.Lat, Lat: c.Point.Lon}) {
		return &source.Fault{Field: "geometry", Value: at, Reason: "latitude et longitude inversées ; attendu la longitude puis la latitude"}
	}
	return &source.Fault{Field: "geometry", Value: at, Reason: "loin de la région où est la commune " + c.Code + " ; attendu sa position en degrés, ou le système de coordonnées du fichier (--crs)"}
}
