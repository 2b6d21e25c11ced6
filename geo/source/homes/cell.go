package homes

import (
	"cmp"
	"math"

	"github.com/aisne-numerique/maillage/geo"
)

// Cells are about 100 m wide: rows of cellSide of latitude, cut so that their cells are
// about as wide as they are high.
const cellSide = 9000 // 10⁻⁷ degrees: 100.1 m

// Spot is a position in 10⁻⁷ degrees, as OpenStreetMap has them.
type Spot struct{ Lon, Lat int32 }

// Unplaced is no spot on Earth.
var Unplaced = Spot{math.MinInt32, math.MinInt32}

// At is the spot of a position.
func At(p geo.LonLat) Spot {
	return Spot{int32(math.Round(p.Lon * 1e7)), int32(math.Round(p.Lat * 1e7))}
}

func (s Spot) degrees() geo.LonLat { return inDegrees(float64(s.Lon), float64(s.Lat)) }

func (s Spot) compare(t Spot) int {
	return cmp.Or(cmp.Compare(s.Lat, t.Lat), cmp.Compare(s.Lon, t.Lon))
}

// inDegrees is a position of 10⁻⁷ degrees, rounded to them.
func inDegrees(lon, lat float64) geo.LonLat {
	return geo.LonLat{Lon: max(-180, min(180, math.Round(lon)/1e7)), Lat: max(-90, min(90, math.Round(lat)/1e7))}
}

// cell is one of the grid.
type cell struct{ row, col int32 }

func (c cell) compare(d cell) int {
	return cmp.Or(cmp.Compare(c.row, d.row), cmp.Compare(c.col, d.col))
}

// width is the width of the cells of a row, in 10⁻⁷ degrees.
func width(row int32) int64 {
	const narrowest = 0.01 // of a degree of longitude, near the poles
	middle := (float64(row) + 0.5) * cellSide / 1e7
	return int64(math.Round(cellSide / max(narrowest, math.Cos(middle*math.Pi/180))))
}

func cellOf(s Spot) cell {
	row := floorDiv(int64(s.Lat), cellSide)
	return cell{int32(row), int32(floorDiv(int64(s.Lon), width(int32(row))))}
}

// corner is the south-west corner of a cell.
func (c cell) corner() (lon, lat int64) {
	return int64(c.col) * width(c.row), int64(c.row) * cellSide
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// around calls visit for a cell and its eight neighbours.
func (c cell) around(visit func(cell)) {
	lon, _ := c.corner()
	middle := lon + width(c.row)/2
	for row := c.row - 1; row <= c.row+1; row++ {
		col := int32(floorDiv(middle, width(row)))
		for d := int32(-1); d <= 1; d++ {
			visit(cell{row, col + d})
		}
	}
}
