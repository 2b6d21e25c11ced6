// Package hectare is the grid in which files are told where people live: each of them gives
// no more than one number of dwellings, and one point of land to live on, for a cell. So
// those of several files that overlap can be told from one another.
package hectare

import (
	"cmp"
	"math"
)

// Side is the height of cells, in 10⁻⁷ degrees: 100.1 m. Rows of them are cut so that they
// are about as wide as they are high.
const Side = 9000

// Cell is one of the grid, by its row from the equator and its rank there from Greenwich.
type Cell struct{ Row, Col int32 }

// Of is the cell of a position in 10⁻⁷ degrees.
func Of(lon, lat int32) Cell {
	row := RowOf(lat)
	return Cell{row, int32(FloorDiv(int64(lon), Width(row)))}
}

// RowOf is the row of a latitude.
func RowOf(lat int32) int32 { return int32(FloorDiv(int64(lat), Side)) }

// Width is the width of the cells of a row, in 10⁻⁷ degrees.
func Width(row int32) int64 {
	const narrowest = 0.01 // of a degree of longitude, near the poles
	middle := (float64(row) + 0.5) * Side / 1e7
	return int64(math.Round(Side / max(narrowest, math.Cos(middle*math.Pi/180))))
}

// Compare puts cells from south to north, and those of a row from west to east.
func (c Cell) Compare(d Cell) int {
	return cmp.Or(cmp.Compare(c.Row, d.Row), cmp.Compare(c.Col, d.Col))
}

// Corner is the south-west corner of a cell.
func (c Cell) Corner() (lon, lat int64) {
	return int64(c.Col) * Width(c.Row), int64(c.Row) * Side
}

// Around calls visit for a cell and its eight neighbours.
func (c Cell) Around(visit func(Cell)) {
	lon, _ := c.Corner()
	middle := lon + Width(c.Row)/2
	for row := c.Row - 1; row <= c.Row+1; row++ {
		col := int32(FloorDiv(middle, Width(row)))
		for d := int32(-1); d <= 1; d++ {
			visit(Cell{row, col + d})
		}
	}
}

// FloorDiv is a over b, above 0, rounded down: the number of a cell that is b wide.
func FloorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}
