package tiles

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
)

// The world is 2^worldBits units wide; a tile of any zoom has extent units a
// side, and what it holds reaches buffer units beyond its sides.
const (
	worldBits  = 31
	extentBits = 12
	extent     = 1 << extentBits
	buffer     = 64
)

// maxLatitude is the edge of the square Web Mercator world, in degrees.
const maxLatitude = 85.05112877980659

// xy is a position: in world units, or in units of a tile.
type xy struct{ x, y int32 }

// project puts p on the Web Mercator plane, in world units, y south. Positions
// beyond the edge of the world are put on it.
func project(p geo.LonLat) xy {
	lat := max(-maxLatitude, min(maxLatitude, p.Lat)) * math.Pi / 180
	return xy{worldUnits(p.Lon/360 + 0.5), worldUnits(0.5 - math.Asinh(math.Tan(lat))/(2*math.Pi))}
}

// unproject is the position of p.
func unproject(p xy) geo.LonLat {
	const whole = 1 << worldBits
	lat := math.Atan(math.Sinh((0.5 - float64(p.y)/whole) * 2 * math.Pi))
	return geo.LonLat{Lon: (float64(p.x)/whole - 0.5) * 360, Lat: lat * 180 / math.Pi}
}

func worldUnits(share float64) int32 {
	const last = 1<<worldBits - 1
	return int32(max(0, min(last, math.Round(share*(1<<worldBits)))))
}

// box is a closed box in world units. Tiles at the edge of the world reach beyond
// it by their buffer, hence the width.
type box struct{ minX, minY, maxX, maxY int64 }

// emptyBox holds nothing; extending it by a point gives that point.
var emptyBox = box{math.MaxInt64, math.MaxInt64, math.MinInt64, math.MinInt64}

func (b box) extend(p xy) box {
	x, y := int64(p.x), int64(p.y)
	return box{min(b.minX, x), min(b.minY, y), max(b.maxX, x), max(b.maxY, y)}
}

func (b box) union(c box) box {
	return box{min(b.minX, c.minX), min(b.minY, c.minY), max(b.maxX, c.maxX), max(b.maxY, c.maxY)}
}

func (b box) meets(c box) bool {
	return b.minX <= c.maxX && b.maxX >= c.minX && b.minY <= c.maxY && b.maxY >= c.minY
}

func (b box) holds(c box) bool {
	return b.minX <= c.minX && b.maxX >= c.maxX && b.minY <= c.minY && b.maxY >= c.maxY
}

// boxOf is the smallest box around points.
func boxOf(pts []xy) box {
	b := emptyBox
	for _, p := range pts {
		b = b.extend(p)
	}
	return b
}

// frame is the address of one tile and the way from world units to its own.
type frame struct {
	zoom             int
	shift            uint
	half             int64
	originX, originY int64
	reach            box // the tile and its buffer, in world units
}

func newFrame(z, x, y int) frame {
	f := frame{zoom: z, shift: uint(worldBits - extentBits - z)}
	f.half = 1 << f.shift >> 1
	f.originX, f.originY = int64(x)<<extentBits, int64(y)<<extentBits
	f.reach = box{
		(f.originX - buffer) << f.shift, (f.originY - buffer) << f.shift,
		(f.originX + extent + buffer) << f.shift, (f.originY + extent + buffer) << f.shift,
	}
	return f
}

// local rounds a world position to the tile's units, half up.
func (f *frame) local(p xy) xy {
	return xy{
		int32((int64(p.x)+f.half)>>f.shift - f.originX),
		int32((int64(p.y)+f.half)>>f.shift - f.originY),
	}
}

// owns reports whether a point in the tile's units is in this tile rather than
// the next one.
func (f *frame) owns(p xy) bool { return uint32(p.x) < extent && uint32(p.y) < extent }

func round(v float64) int32 { return int32(math.Round(v)) }
