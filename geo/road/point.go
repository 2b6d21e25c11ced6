package road

import (
	"cmp"
	"math"

	"github.com/aisne-numerique/maillage/geo"
)

// point is a position in units of 1e-7 degree, the unit of OSM itself: about
// 11 mm, half the memory of a geo.LonLat, and compared exactly.
type point struct{ lon, lat int32 }

const perDegree = 1e7

func toPoint(p geo.LonLat) point {
	return point{int32(math.Round(p.Lon * perDegree)), int32(math.Round(p.Lat * perDegree))}
}

func (p point) lonLat() geo.LonLat {
	return geo.LonLat{Lon: float64(p.lon) / perDegree, Lat: float64(p.lat) / perDegree}
}

func (p point) compare(q point) int {
	return cmp.Or(cmp.Compare(p.lon, q.lon), cmp.Compare(p.lat, q.lat))
}

// onEarth reports whether p is within ±180, ±90 degrees.
func (p point) onEarth() bool {
	return -180*perDegree <= p.lon && p.lon <= 180*perDegree && -90*perDegree <= p.lat && p.lat <= 90*perDegree
}

// hilbert is the rank of p along a Hilbert curve over the whole globe: points of
// near rank are near on the ground, so the nodes that a search settles one after
// the other share cache lines.
func (p point) hilbert() uint64 {
	x, y := uint32(p.lon)^1<<31, uint32(p.lat)^1<<31
	var d uint64
	for s := uint32(1) << 31; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | uint64((3*rx)^ry)
		if ry == 0 { // rotate the quadrant
			if rx == 1 {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}

// lengthOf is the length of a polyline in metres.
func lengthOf(shape []point) float64 {
	var sum float64
	for i := 1; i < len(shape); i++ {
		sum += geo.Distance(shape[i-1].lonLat(), shape[i].lonLat())
	}
	return sum
}
