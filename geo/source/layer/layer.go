// Package layer reads layers of features as GIS programs write them: GeoJSON, a
// GeoPackage, ESRI shapefiles (a .shp and what lies beside it, or a zip or 7z of many), in any
// reference system of [geo.CRS]. Outlines come out in WGS 84, checked and wound, lines
// and points as the file has them; what the attributes mean is for the reader of a kind
// to say. Memory holds one feature.
package layer

import (
	"fmt"
	"math"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// Format names the formats of files of features.
func Format(files []source.File) string {
	var names []string
	for _, f := range files {
		switch {
		case source.IsSQLite(f.Head):
			names = append(names, "GeoPackage")
		case isShapefile(f):
			names = append(names, "Shapefile")
		default:
			names = append(names, "GeoJSON")
		}
	}
	slices.Sort(names)
	return strings.Join(slices.Compact(names), ", ")
}

// isShapefile reports whether a file is a .shp, or an archive of them.
func isShapefile(f source.File) bool { return source.IsArchive(f.Head) || source.IsShape(f.Head) }

// Each reads the layer of a file of features that is wanted, in any format.
func Each(rec *source.Recorder, o source.Options, f source.File, want Wanted, to Sink) error {
	choose := func(layers []Layer) (Layer, error) { return chooseLayer(f.Name, layers, want, o.Layer) }
	switch {
	case source.IsSQLite(f.Head):
		return readGeoPackage(rec, o, f, choose, to)
	case isShapefile(f):
		return readShapefile(rec, o, f, choose, to)
	}
	return readGeoJSON(rec, o, f, to)
}

// Layers lists the layers of a GeoPackage, or of shapefiles.
func Layers(f source.File) (layers []Layer, err error) {
	if source.IsSQLite(f.Head) {
		return layersOfGeoPackage(f)
	}
	b, err := openBundle(f)
	if err != nil {
		return nil, err
	}
	defer b.close()
	found, err := shapefiles(b)
	for _, s := range found {
		layers = append(layers, s.Layer)
	}
	return layers, err
}

// EachOf reads one layer, as [Layers] lists it.
func EachOf(rec *source.Recorder, o source.Options, f source.File, l Layer, to Sink) error {
	choose := func([]Layer) (Layer, error) { return l, nil }
	if source.IsSQLite(f.Head) {
		return readGeoPackage(rec, o, f, choose, to)
	}
	return readShapefile(rec, o, f, choose, to)
}

// Layer is one table of features.
type Layer struct {
	Name    string
	CRS     string   // as ParseCRS reads it, "EPSG:2154"; otherwise the name the file gives, or ""
	Type    string   // of the geometries, in capitals, without marks of dimensions: "MULTIPOLYGON", "GEOMETRY"…; "" when not told, or for a table
	Columns []string // attributes, without the geometry
}

// Property is one attribute of a feature, whatever the format. The zero value is absent.
type Property struct {
	Kind propertyKind
	Text string
}

type propertyKind uint8

const (
	Absent propertyKind = iota // or null
	Textual
	Numeric
	other // a list, an object, a boolean: text is its JSON
)

// Show is the attribute as a report shows it: texts between quotes where a number
// was expected.
func (a Property) Show() string {
	if a.Kind == Textual {
		return strconv.Quote(a.Text)
	}
	return a.Text
}

// PropertyOf is the attribute of a value of a [Row].
func PropertyOf(v any) Property {
	switch v := v.(type) {
	case nil:
		return Property{}
	case string:
		return Property{Textual, v}
	case int64:
		return Property{Numeric, strconv.FormatInt(v, 10)}
	case float64:
		return Property{Numeric, strconv.FormatFloat(v, 'f', -1, 64)}
	case bool:
		return Property{other, strconv.FormatBool(v)}
	}
	return Property{other, fmt.Sprintf("%T", v)}
}

// Feature is one feature of any format. Names of attributes are in lower case. Outline is
// nil for a row of a table, which draws nothing.
type Feature struct {
	ID      string // of the feature itself, which GeoJSON may give beside its attributes
	Attrs   map[string]Property
	Outline func() (outline orb.MultiPolygon, value, reason string) // WGS 84, checked and wound as RFC 7946 wants; reason says why there is none

	// Vertices are those of each line, or of a point; reason says why there are none. Only
	// the features of [EachOf] have them.
	Vertices func() (parts [][]Vertex, reason string)
	CRS      geo.CRS // of the vertices
}

// Vertex is a position as a file has it, in the units of its reference system: x is east or
// longitude. Z, metres, is NaN when it is not given.
type Vertex struct{ X, Y, Z float64 }

func (v Vertex) finite() bool { return !math.IsNaN(v.X+v.Y) && !math.IsInf(v.X+v.Y, 0) }

// Sink takes features, numbered from 1 in their file: use those that are features,
// bad the others.
type Sink struct {
	Use func(n int, ft Feature) error
	Bad func(n int, reason string) error
}

// hasOne reports whether one of the names is a column.
func hasOne(columns, names []string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return slices.Contains(names, source.ColumnName(c)) })
}

// Wanted says which layer of a file is meant: one of surfaces that has, for each
// list of names, a column of one of them. Of several, the one that is called noun, or
// else the one that has most of the columns of more.
type Wanted struct {
	Noun    string // in the singular
	Columns [][]string
	More    [][]string
}

// surfaces are the types of geometry of which a layer of surfaces may be.
var surfaces = []string{"", "GEOMETRY", "GEOMETRYCOLLECTION", "POLYGON", "MULTIPOLYGON", "CURVEPOLYGON", "MULTISURFACE"}

// chooseLayer finds the layer that is asked for by its name, else the one wanted.
func chooseLayer(file string, layers []Layer, want Wanted, asked string) (Layer, error) {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	known := source.Shorten(strings.Join(names, ", "))
	if asked != "" {
		for _, l := range layers {
			if strings.EqualFold(l.Name, asked) {
				return l, nil
			}
		}
		return Layer{}, source.FailAt(file, 0, "pas de couche « %s » ; couches du fichier : %s", asked, known)
	}
	score := func(l Layer) int {
		for _, names := range want.Columns {
			if !hasOne(l.Columns, names) {
				return -1
			}
		}
		if !slices.Contains(surfaces, l.Type) {
			return -1
		}
		s, name := 0, strings.ToLower(path.Base(l.Name))
		switch {
		case strings.TrimSuffix(name, "s") == want.Noun:
			s = 20
		case strings.Contains(name, want.Noun):
			s = 10
		}
		for _, names := range want.More {
			if hasOne(l.Columns, names) {
				s++
			}
		}
		return s
	}
	best, bestScore, twice := -1, -1, false
	if len(layers) == 1 && !slices.Contains(surfaces, layers[0].Type) {
		return Layer{}, source.FailAt(file, 0, "la couche %s n'est pas faite de surfaces ; attendu des polygones", layers[0].Name)
	}
	for i, l := range layers {
		switch s := score(l); {
		case s > bestScore:
			best, bestScore, twice = i, s, false
		case s == bestScore:
			twice = true
		}
	}
	switch {
	case best < 0:
		return Layer{}, source.FailAt(file, 0, "aucune couche de surfaces n'a les colonnes attendues (%s) ; couches du fichier : %s", oneOfEach(want.Columns), known)
	case twice:
		return Layer{}, source.FailAt(file, 0, "plusieurs couches conviennent ; choisissez-en une (--layer) parmi : %s", known)
	}
	return layers[best], nil
}

// oneOfEach names the columns that are needed, by their first name.
func oneOfEach(need [][]string) string {
	first := make([]string, len(need))
	for i, names := range need {
		first[i] = names[0]
	}
	return strings.Join(first, ", ")
}

// systemOf decides the reference system of a layer: the one of the options, with a
// warning when the file says another; else the one of the file. hint is what its
// coordinates look like.
func systemOf(rec *source.Recorder, o source.Options, file, said string, hint func() string) (geo.CRS, error) {
	own, err := geo.ParseCRS(said)
	switch {
	case o.CRS != 0:
		if err == nil && own != o.CRS {
			rec.Warn(file, 0, "", "", fmt.Sprintf("le fichier annonce %s ; lu en %s, comme demandé", own, o.CRS))
		}
		return o.CRS, nil
	case err == nil:
		return own, nil
	case said == "":
		return 0, source.FailAt(file, 0, "le fichier ne dit pas son système de coordonnées ; indiquez-le (--crs 2154, 4326, 3857 ou 3035)%s", hint())
	}
	return 0, source.FailAt(file, 0, "système de coordonnées « %s »%s non admis ; attendu EPSG 2154, 4326, 3857 ou 3035 (--crs si c'est l'un d'eux, sinon reprojetez, par exemple dans QGIS)", source.Shorten(said), nameOf(said))
}

// ProjectedFault brings coordinates to WGS 84, or says why they cannot be of a
// system; "" when they can. Degrees are told from metres even where both are
// possible: in Web Mercator they would all fall into the Gulf of Guinea.
func ProjectedFault(c geo.CRS, x, y float64) (geo.LonLat, string) {
	if c != geo.WGS84 && math.Abs(x) <= 180 && math.Abs(y) <= 90 {
		return geo.LonLat{}, fmt.Sprintf("coordonnées en degrés ; attendu des mètres (%s), ou un autre système (--crs 4326)", c)
	}
	p, err := c.ToLonLat(x, y)
	switch {
	case err == nil:
		return p, ""
	case c == geo.WGS84:
		if like := likeness(x, y); like != "" {
			return p, "coordonnées en mètres, qui ressemblent à " + like + " ; attendu des degrés WGS 84 (EPSG:4326)"
		}
		return p, source.PositionFault(geo.LonLat{Lon: x, Lat: y})
	}
	return p, fmt.Sprintf("hors du domaine de %s ; attendu des mètres, l'est puis le nord%s", c, resembling(x, y))
}
