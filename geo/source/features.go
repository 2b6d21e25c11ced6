package source

import (
	"fmt"
	"iter"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Features is an open file of several layers. Its errors, and those of its opener,
// are French sentences for the person who imports. See [Options.GeoPackage].
type Features interface {
	Layers() []Layer
	// Rows reads a layer of Layers, in the order of the file. A row, and what it
	// holds, is valid until the next one. An error is the last element.
	Rows(layer string) iter.Seq2[FeatureRow, error]
	Close() error
}

// Layer is one table of features.
type Layer struct {
	Name    string
	CRS     string   // as ParseCRS reads it, "EPSG:2154"; otherwise the name the file gives, or ""
	Type    string   // of the geometries, in capitals: "MULTIPOLYGON", "GEOMETRY"…
	Columns []string // attributes, without the geometry
}

// FeatureRow is one feature: a value per column (nil, string, int64, float64, or
// anything else that is not understood) and its geometry as WKB, nil when it has
// none.
type FeatureRow struct {
	Values []any
	WKB    []byte
}

// property is one attribute of a feature, whatever the format. The zero value is absent.
type property struct {
	kind propertyKind
	text string
}

type propertyKind uint8

const (
	absent propertyKind = iota // or null
	textual
	numeric
	other // a list, an object, a boolean: text is its JSON
)

// show is the attribute as a report shows it: texts between quotes where a number
// was expected.
func (a property) show() string {
	if a.kind == textual {
		return strconv.Quote(a.text)
	}
	return a.text
}

// propertyOf is the attribute of a value of a [FeatureRow].
func propertyOf(v any) property {
	switch v := v.(type) {
	case nil:
		return property{}
	case string:
		return property{textual, v}
	case int64:
		return property{numeric, strconv.FormatInt(v, 10)}
	case float64:
		return property{numeric, strconv.FormatFloat(v, 'f', -1, 64)}
	}
	return property{other, fmt.Sprintf("%T", v)}
}

// feature is one feature of any format. Names of attributes are in lower case.
type feature struct {
	attrs   map[string]property
	outline func() (outline orb.MultiPolygon, value, reason string) // WGS 84, checked and wound as RFC 7946 wants; reason says why there is none
}

// sink takes features, numbered from 1 in their file: use those that are features,
// bad the others.
type sink struct {
	use func(n int, ft feature) error
	bad func(n int, reason string) error
}

// Names that publishers give to an attribute, the one of the COG first: IGN (Admin
// Express), INSEE, Etalab. In lower case.
var (
	communeCodeNames = []string{"code", "insee_com", "code_insee", "codgeo", "insee", "code_commune", "com"}
	communeNames     = []string{"nom", "nom_com", "nom_commune", "nom_officiel", "libgeo", "libelle"}
	sirenNames       = []string{"epci", "siren", "siren_epci", "code_epci", "codeepci", "codes_siren_des_epci"}
	populationNames  = []string{"population", "pop", "pmun", "population_municipale", "popmun"}
	epciCodeNames    = []string{"code", "siren", "code_siren", "siren_epci", "code_epci", "epci"}
	epciNames        = []string{"nom", "nom_epci", "nom_officiel", "libgeo", "libelle"}
)

// isPMUN recognises the columns of the legal populations, as pmun2021 or pmun21.
func isPMUN(name string) bool {
	year, ok := strings.CutPrefix(name, "pmun")
	return ok && len(year) <= 4 && strings.Trim(year, "0123456789") == ""
}

// hasOne reports whether one of the names is a column.
func hasOne(columns, names []string) bool {
	return slices.ContainsFunc(columns, func(c string) bool { return slices.Contains(names, columnName(c)) })
}

// chooseLayer finds the layer of a kind: the one that is asked for; else, among
// those of surfaces with the columns that the kind needs, the one that is named
// like the kind, then the one with most of its other columns.
func chooseLayer(file string, layers []Layer, kind store.Kind, asked string) (Layer, error) {
	names := make([]string, len(layers))
	for i, l := range layers {
		names[i] = l.Name
	}
	known := newFault("", 0, "", strings.Join(names, ", "), "").Value
	if asked != "" {
		for _, l := range layers {
			if strings.EqualFold(l.Name, asked) {
				return l, nil
			}
		}
		return Layer{}, failAt(file, 0, "pas de couche « %s » ; couches du fichier : %s", asked, known)
	}
	need, word := [][]string{communeCodeNames, communeNames}, "commune"
	switch kind {
	case store.EPCI:
		need, word = [][]string{epciCodeNames, epciNames}, "epci"
	case store.Population:
		need, word = [][]string{peopleNames}, "carreau"
	}
	score := func(l Layer) int {
		for _, names := range need {
			if !hasOne(l.Columns, names) {
				return -1
			}
		}
		if !slices.Contains([]string{"", "GEOMETRY", "POLYGON", "MULTIPOLYGON", "CURVEPOLYGON", "MULTISURFACE"}, l.Type) {
			return -1
		}
		s, name := 0, strings.ToLower(l.Name)
		switch {
		case strings.TrimSuffix(name, "s") == word:
			s = 20
		case strings.Contains(name, word):
			s = 10
		}
		if kind == store.Communes {
			for _, names := range [][]string{sirenNames, populationNames} {
				if hasOne(l.Columns, names) {
					s++
				}
			}
		}
		return s
	}
	best, bestScore, twice := -1, -1, false
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
		return Layer{}, failAt(file, 0, "aucune couche de surfaces n'a les colonnes attendues (%s) ; couches du fichier : %s", oneOfEach(need), known)
	case twice:
		return Layer{}, failAt(file, 0, "plusieurs couches conviennent ; choisissez-en une (--layer) parmi : %s", known)
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
// warning when the file says another; else the one of the file.
func systemOf(rec *recorder, o Options, file, said string) (geo.CRS, error) {
	own, err := geo.ParseCRS(said)
	switch {
	case o.CRS != 0:
		if err == nil && own != o.CRS {
			rec.warn(file, 0, "", "", fmt.Sprintf("le fichier annonce %s ; lu en %s, comme demandé", own, o.CRS))
		}
		return o.CRS, nil
	case err == nil:
		return own, nil
	case said == "":
		return 0, failAt(file, 0, "le fichier ne dit pas son système de coordonnées ; indiquez-le (--crs 2154, 4326, 3857 ou 3035)")
	}
	return 0, failAt(file, 0, "système de coordonnées « %s » non admis ; attendu EPSG 2154, 4326, 3857 ou 3035 (--crs si c'est l'un d'eux)", newFault("", 0, "", said, "").Value)
}

// projectedFault brings coordinates to WGS 84, or says why they cannot be of a
// system; "" when they can. Degrees are told from metres even where both are
// possible: in Web Mercator they would all fall into the Gulf of Guinea.
func projectedFault(c geo.CRS, x, y float64) (geo.LonLat, string) {
	if c != geo.WGS84 && math.Abs(x) <= 180 && math.Abs(y) <= 90 {
		return geo.LonLat{}, fmt.Sprintf("coordonnées en degrés ; attendu des mètres (%s), ou un autre système (--crs 4326)", c)
	}
	p, err := c.ToLonLat(x, y)
	switch {
	case err == nil:
		return p, ""
	case c == geo.WGS84:
		return p, positionFault(geo.LonLat{Lon: x, Lat: y})
	}
	return p, fmt.Sprintf("hors du domaine de %s ; attendu des mètres, l'est puis le nord", c)
}
