package road

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
)

// What tells that houses stand around a place, all of it counted in hundredths of a
// dwelling. The figures are orders of size, with room on both sides: a street that begins
// at the place has all that is asked, a farm with its barns a tenth.
const (
	perStreetMetre = 10  // a house on either side every 20 m
	perBuiltHa     = 500 // 5 dwellings a hectare, a loose French village
	// builtUpFrom is what the nine cells around a place hold at least, 5.8 hectares, where
	// it is built up: 8 dwellings, or 80 m of a street.
	builtUpFrom = 800
)

// Cells are 80 m wide and high, so that all counts that is within 80 m of a place, nothing
// that is farther than 160 m along an axis (40 and 200 m where two bands meet): about the
// closeness by which buildings make one built-up area in statistics (INSEE, unité urbaine:
// less than 200 m from one to the next).
const (
	cellMetres = 80.0
	tileBits   = 4
	tileCells  = 1 << tileBits
)

var (
	unitMetres = geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1}) / perDegree // of latitude
	cellUnits  = int64(math.Round(cellMetres / unitMetres))                 // the height of a cell
)

// band is a row of tiles along a parallel. Its cells have one width in degrees, so that they
// are squares of one size wherever they are.
type band struct {
	number int32
	width  int64   // of a cell, in units of longitude
	narrow int32   // the same
	cos    float64 // of its latitude
}

func bandOf(number int32) band {
	lat := (float64(number) + 0.5) * float64(tileCells*cellUnits) / perDegree
	c := max(math.Cos(lat*math.Pi/180), 0.01)
	width := int64(math.Round(float64(cellUnits) / c))
	return band{number, width, int32(width), c}
}

// cell is the tile of a place, and the row and column in it. The band that b holds becomes
// that of the place.
func (b *band) cell(p point) (key tileKey, row, column int) {
	y := b.row(p)
	x := p.lon / b.narrow // 32 bits divide in half the time
	if p.lon%b.narrow < 0 {
		x--
	}
	return tileKey{b.number, x >> tileBits}, int(y & (tileCells - 1)), int(x & (tileCells - 1))
}

// row is the row of cells of a place, from the equator.
func (b *band) row(p point) int64 {
	y := hectare.FloorDiv(int64(p.lat), cellUnits)
	if number := int32(y >> tileBits); number != b.number || b.width == 0 {
		*b = bandOf(number)
	}
	return y
}

// walk gives the middles of equal pieces of a line, at most a cell long, and
// their length in metres. A line has the same ones there and back.
func (b *band) walk(p, q point, visit func(at point, metres float64)) {
	if p.compare(q) > 0 {
		p, q = q, p
	}
	b.row(p)
	dx, dy := int64(q.lon)-int64(p.lon), int64(q.lat)-int64(p.lat)
	metres := unitMetres * math.Sqrt(float64(dx)*b.cos*float64(dx)*b.cos+float64(dy)*float64(dy))
	if metres <= cellMetres { // as below, without a division
		visit(point{p.lon + int32(dx/2), p.lat + int32(dy/2)}, metres)
		return
	}
	n := int64(math.Ceil(metres / cellMetres))
	for i := range n {
		visit(point{p.lon + int32(dx*(2*i+1)/(2*n)), p.lat + int32(dy*(2*i+1)/(2*n))}, metres/float64(n))
	}
}

// tileKey is a tile: its band, and its rank there from Greenwich.
type tileKey struct{ band, rank int32 }

var noTile = tileKey{math.MinInt32, math.MinInt32}

// tile holds the hundredths of a dwelling of its cells, by row and column. They stop at
// the highest number, far beyond what is asked.
type tile [tileCells][tileCells]uint16

// raster is a sparse grid of what tells of houses. Sums do not depend on the order
// in which it is told.
type raster struct {
	band  band
	tiles map[tileKey]*tile
	key   tileKey // the last one
	last  *tile
}

func newRaster() *raster { return &raster{tiles: map[tileKey]*tile{}, key: noTile} }

func (d *raster) add(p point, hundredths float64) {
	key, row, column := d.band.cell(p)
	if key != d.key {
		t := d.tiles[key]
		if t == nil {
			t = new(tile)
			d.tiles[key] = t
		}
		d.key, d.last = key, t
	}
	c := &d.last[row][column]
	*c = uint16(min(math.Round(hundredths)+float64(*c), math.MaxUint16))
}

// addStreet adds what stands along a street.
func (d *raster) addStreet(shape []point) {
	var b band
	for i := 1; i < len(shape); i++ {
		b.walk(shape[i-1], shape[i], func(at point, metres float64) { d.add(at, metres*perStreetMetre) })
	}
}

// builtUp are the cells around which houses stand: a bit of each column, by row.
type builtUp map[tileKey]*[tileCells]uint16

// builtUp tells which cells hold enough, with the eight around.
func (d *raster) builtUp() builtUp {
	u := builtUp{}
	judged := map[tileKey]bool{}
	judge := func(key tileKey) {
		if !judged[key] {
			judged[key] = true
			if rows, some := d.judge(key); some {
				u[key] = &rows
			}
		}
	}
	for key, t := range d.tiles {
		judge(key)
		for _, near := range key.near(t) {
			judge(near)
		}
	}
	return u
}

// near are the tiles whose cells those of a tile count in.
func (key tileKey) near(t *tile) []tileKey {
	const last = tileCells - 1
	var low, high, left, right bool
	for i := range tileCells {
		low, high = low || t[0][i] > 0, high || t[last][i] > 0
		left, right = left || t[i][0] > 0, right || t[i][last] > 0
	}
	var out []tileKey
	if left {
		out = append(out, tileKey{key.band, key.rank - 1})
	}
	if right {
		out = append(out, tileKey{key.band, key.rank + 1})
	}
	own := bandOf(key.band)
	for _, side := range [...]struct {
		told bool
		band int32
	}{{low, key.band - 1}, {high, key.band + 1}} {
		if side.told { // with another width of cells
			width := bandOf(side.band).width * tileCells
			first := hectare.FloorDiv((int64(key.rank)*tileCells-1)*own.width, width) - 1
			end := hectare.FloorDiv((int64(key.rank+1)*tileCells+1)*own.width, width) + 1
			for rank := first; rank <= end; rank++ {
				out = append(out, tileKey{side.band, int32(rank)})
			}
		}
	}
	return out
}

// judge tells the cells of a tile that are built up, if there are some.
func (d *raster) judge(key tileKey) (rows [tileCells]uint16, some bool) {
	const side = tileCells + 2 // with the cells around
	var held [side][side]uint32
	if t := d.tiles[key]; t != nil {
		for r := range t {
			for c, v := range t[r] {
				held[r+1][c+1] = uint32(v)
			}
		}
	}
	if t := d.tiles[tileKey{key.band, key.rank - 1}]; t != nil {
		for r := range t {
			held[r+1][0] = uint32(t[r][tileCells-1])
		}
	}
	if t := d.tiles[tileKey{key.band, key.rank + 1}]; t != nil {
		for r := range t {
			held[r+1][side-1] = uint32(t[r][0])
		}
	}
	d.rowOf(key.band-1, tileCells-1, key, &held[0])
	d.rowOf(key.band+1, 0, key, &held[side-1])
	for r, row := range held { // sums of three along, and then across
		for c := 1; c < side-1; c++ {
			held[r][c] = row[c-1] + row[c] + row[c+1]
		}
	}
	for r := range tileCells {
		for c := range tileCells {
			if held[r][c+1]+held[r+1][c+1]+held[r+2][c+1] >= builtUpFrom {
				rows[r] |= 1 << c
				some = true
			}
		}
	}
	return rows, some
}

// rowOf fills in what a row of another band holds below or above the columns of a tile, and
// one beside: of the cell there that the middle of the column lies in.
func (d *raster) rowOf(number int32, row int, key tileKey, held *[tileCells + 2]uint32) {
	own, other := bandOf(key.band).width, bandOf(number).width
	last, t := noTile, (*tile)(nil)
	for c := range held {
		x := hectare.FloorDiv((2*(int64(key.rank)*tileCells+int64(c)-1)+1)*own, 2*other)
		if at := (tileKey{number, int32(hectare.FloorDiv(x, tileCells))}); at != last {
			last, t = at, d.tiles[at]
		}
		if t != nil {
			held[c] = uint32(t[row][x&(tileCells-1)])
		}
	}
}

// look asks places of built-up cells one after the other.
type look struct {
	of   builtUp
	band band
	key  tileKey
	rows *[tileCells]uint16
}

func (u builtUp) look() look { return look{of: u, key: noTile} }

func (l *look) has(p point) bool {
	key, row, column := l.band.cell(p)
	if key != l.key {
		l.key, l.rows = key, l.of[key]
	}
	return l.rows != nil && l.rows[row]&(1<<column) != 0
}

// share is the part of a line that lies in built-up cells, from 0 to 1.
func (l *look) share(shape []point) float64 {
	var b band
	var in, all float64
	for i := 1; i < len(shape); i++ {
		b.walk(shape[i-1], shape[i], func(at point, metres float64) {
			all += metres
			if l.has(at) {
				in += metres
			}
		})
	}
	if all == 0 {
		return 0
	}
	return in / all
}
