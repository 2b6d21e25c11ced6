package geo

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/wroge/wgs84"
)

// CRS is a coordinate reference system that published files use, named by its
// EPSG code. x is east or longitude and y north or latitude, whatever the order
// that the EPSG registry gives: that is how GeoJSON, GeoPackage and shapefiles
// write them. The zero value is no system.
//
// RGF93 and ETRS89 are taken as equal to WGS 84, as everybody's maps do; today
// they differ by some 0.8 m, the drift of the European plate since 1989.
// Conversions there and back agree within 2 mm over the whole of each area.
type CRS int

// The systems.
const (
	WGS84       CRS = 4326 // degrees
	Lambert93   CRS = 2154 // RGF93 / Lambert-93, metres: what IGN publishes
	WebMercator CRS = 3857 // WGS 84 / Pseudo-Mercator, metres: what web maps draw
	LAEA        CRS = 3035 // ETRS89-extended / LAEA Europe, metres: the grids of INSEE
)

// sameAs lists codes that are one of the four to within what CRS promises.
var sameAs = map[int]CRS{
	4326: WGS84, 2154: Lambert93, 3857: WebMercator, 3035: LAEA,
	4171: WGS84, 4258: WGS84, // RGF93 and ETRS89 in degrees
	9793: Lambert93, 9794: Lambert93, 102110: Lambert93, // RGF93 v2, v2b; the code of ESRI
	900913: WebMercator, 102100: WebMercator, // codes from before 3857
}

// ParseCRS reads a code or a name of a system: "2154", "EPSG:2154",
// "urn:ogc:def:crs:EPSG::2154", "http://www.opengis.net/def/crs/EPSG/0/2154",
// "CRS84". Codes that mean one of the four systems give that one.
func ParseCRS(s string) (CRS, error) {
	last := s[strings.LastIndexAny(s, ":/")+1:]
	if strings.EqualFold(last, "CRS84") {
		return WGS84, nil
	}
	if code, err := strconv.Atoi(last); err == nil {
		if c, ok := sameAs[code]; ok {
			return c, nil
		}
	}
	return 0, fmt.Errorf("reference system %q: expected EPSG 4326, 2154, 3857 or 3035", s)
}

// String is the code as "EPSG:2154".
func (c CRS) String() string { return "EPSG:" + strconv.Itoa(int(c)) }

// projection is how the library names a system, and where it may be used: its area
// of use in the EPSG registry.
type projection struct {
	wgs84.CoordinateReferenceSystem
	area Bounds
}

// projections holds what does not change: it is never written.
var projections = map[CRS]projection{
	WGS84:       {wgs84.LonLat(), Bounds{LonLat{-180, -90}, LonLat{180, 90}}},
	Lambert93:   {wgs84.RGF93FranceLambert(), Bounds{LonLat{-9.86, 41.15}, LonLat{10.38, 51.56}}},
	WebMercator: {wgs84.WebMercator(), Bounds{LonLat{-180, -85.06}, LonLat{180, 85.06}}},
	LAEA:        {wgs84.ETRS89LambertAzimuthalEqualArea(), Bounds{LonLat{-35.58, 24.6}, LonLat{44.83, 84.73}}},
}

// Area is where the system may be used, in degrees; empty for no system.
func (c CRS) Area() Bounds {
	if p, ok := projections[c]; ok {
		return p.area
	}
	return EmptyBounds()
}

// farthest is beyond any coordinate of the systems, in metres: half of Earth's
// circumference, and the false origins.
const farthest = 25_000_000

// ToLonLat is the position of coordinates in c. It fails for what is no number, and
// outside the area where c may be used.
func (c CRS) ToLonLat(x, y float64) (LonLat, error) {
	p, ok := projections[c]
	if !ok {
		return LonLat{}, fmt.Errorf("position %v, %v: no reference system", x, y)
	}
	at := LonLat{x, y}
	switch {
	case c == WGS84:
		if err := at.Check(); err != nil {
			return LonLat{}, err
		}
		return at, nil
	case !(math.Abs(x) < farthest && math.Abs(y) < farthest): // or not a number
		return LonLat{}, c.outside(x, y)
	case c == LAEA && x == 4_321_000 && y == 3_210_000:
		return LonLat{10, 52}, nil // the centre, where the formula divides by zero
	}
	at.Lon, at.Lat, _ = wgs84.LonLat().From(p)(x, y, 0)
	if !p.area.Contains(at) { // or not a number
		return LonLat{}, c.outside(x, y)
	}
	return at, nil
}

// FromLonLat is the inverse of [CRS.ToLonLat], and fails where that does.
func (c CRS) FromLonLat(at LonLat) (x, y float64, err error) {
	p, ok := projections[c]
	if !ok {
		return 0, 0, fmt.Errorf("position %v, %v: no reference system", at.Lon, at.Lat)
	}
	if err := at.Check(); err != nil {
		return 0, 0, err
	}
	if !p.area.Contains(at) {
		return 0, 0, c.outside(at.Lon, at.Lat)
	}
	if c == WGS84 {
		return at.Lon, at.Lat, nil
	}
	x, y, _ = wgs84.LonLat().To(p)(at.Lon, at.Lat, 0)
	return x, y, nil
}

func (c CRS) outside(x, y float64) error {
	return fmt.Errorf("position %v, %v: outside the area of %s", x, y, c)
}
