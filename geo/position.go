package geo

import (
	"fmt"
	"math"
)

// EarthRadius is the mean radius R₁ of the WGS 84 ellipsoid, in metres
// (IUGG: (2a+b)/3 = 6 371 008.771 m).
const EarthRadius = 6_371_008.8

// LonLat is a WGS 84 position in degrees, longitude first.
type LonLat struct {
	Lon float64 `json:"lon"`
	Lat float64 `json:"lat"`
}

// Check reports why p cannot be a position on Earth: not a number, or a
// longitude outside ±180 or a latitude outside ±90. Projected metres passed as
// degrees are caught here and named as such.
func (p LonLat) Check() error {
	switch {
	case math.IsNaN(p.Lon) || math.IsNaN(p.Lat) || math.IsInf(p.Lon, 0) || math.IsInf(p.Lat, 0):
		return fmt.Errorf("position %v, %v: not a finite number", p.Lon, p.Lat)
	case math.Abs(p.Lon) > 1000 || math.Abs(p.Lat) > 1000:
		return fmt.Errorf("position %v, %v: looks like projected metres; expected degrees (EPSG:4326)", p.Lon, p.Lat)
	case math.Abs(p.Lat) > 90:
		return fmt.Errorf("latitude %v: outside -90…90", p.Lat)
	case math.Abs(p.Lon) > 180:
		return fmt.Errorf("longitude %v: outside -180…180", p.Lon)
	}
	return nil
}

// Distance is the great-circle distance between p and q in metres, by the
// haversine formula on a sphere of radius [EarthRadius]. Against the WGS 84
// ellipsoid the error is below 0.56 %; in mainland France below 0.3 %.
func Distance(p, q LonLat) float64 {
	const rad = math.Pi / 180
	dLat := (q.Lat - p.Lat) * rad
	dLon := (q.Lon - p.Lon) * rad
	s, t := math.Sin(dLat/2), math.Sin(dLon/2)
	h := s*s + math.Cos(p.Lat*rad)*math.Cos(q.Lat*rad)*t*t
	return 2 * EarthRadius * math.Asin(math.Min(1, math.Sqrt(h)))
}

// Bounds is a closed box in degrees. The zero value of a Bounds is not empty;
// start from [EmptyBounds].
type Bounds struct{ Min, Max LonLat }

// EmptyBounds contains nothing; extending it by a point gives that point.
func EmptyBounds() Bounds {
	inf := math.Inf(1)
	return Bounds{Min: LonLat{inf, inf}, Max: LonLat{-inf, -inf}}
}

// Extend returns the smallest bounds that hold b and p.
func (b Bounds) Extend(p LonLat) Bounds {
	b.Min.Lon, b.Min.Lat = math.Min(b.Min.Lon, p.Lon), math.Min(b.Min.Lat, p.Lat)
	b.Max.Lon, b.Max.Lat = math.Max(b.Max.Lon, p.Lon), math.Max(b.Max.Lat, p.Lat)
	return b
}

// Union returns the smallest bounds that hold b and c.
func (b Bounds) Union(c Bounds) Bounds { return b.Extend(c.Min).Extend(c.Max) }

// Contains reports whether p lies in b, borders included.
func (b Bounds) Contains(p LonLat) bool {
	return p.Lon >= b.Min.Lon && p.Lon <= b.Max.Lon && p.Lat >= b.Min.Lat && p.Lat <= b.Max.Lat
}

// Empty reports whether b holds no point.
func (b Bounds) Empty() bool { return b.Min.Lon > b.Max.Lon || b.Min.Lat > b.Max.Lat }

// Center is the middle of b.
func (b Bounds) Center() LonLat {
	return LonLat{(b.Min.Lon + b.Max.Lon) / 2, (b.Min.Lat + b.Max.Lat) / 2}
}

// Plane is the equirectangular tangent plane at an origin: x east, y north, in
// metres. Within 30 km of the origin, at latitudes of France, lengths are within
// 0.4 % of [Distance].
type Plane struct {
	origin     LonLat
	kLon, kLat float64
}

// NewPlane returns the plane tangent at origin.
func NewPlane(origin LonLat) Plane {
	const m = EarthRadius * math.Pi / 180
	return Plane{origin, m * math.Cos(origin.Lat*math.Pi/180), m}
}

// XY projects p, in metres from the origin.
func (l Plane) XY(p LonLat) (x, y float64) {
	return (p.Lon - l.origin.Lon) * l.kLon, (p.Lat - l.origin.Lat) * l.kLat
}

// LonLat is the inverse of [Plane.XY].
func (l Plane) LonLat(x, y float64) LonLat {
	return LonLat{l.origin.Lon + x/l.kLon, l.origin.Lat + y/l.kLat}
}
