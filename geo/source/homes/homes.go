// Package homes gathers what files say of dwellings: how many there are in each cell of a
// grid of about a hundred metres, as rows beside those of roads.
package homes

import (
	"cmp"
	"math"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
)

// cellHeight is how high cells are, in degrees of latitude: about 100 m. They are as wide,
// by bands of whole degrees of latitude.
const cellHeight = 0.0009

// cell is one of the grid.
type cell struct{ row, column int32 }

// sum is what a cell holds, in whole numbers so that the order in which buildings come does
// not matter: hundredths of dwellings, and these times ten-millionths of a degree from the
// corner of the cell.
type sum struct{ dwellings, east, north int64 }

// Grid sums dwellings. The zero value is empty.
type Grid struct{ cells map[cell]*sum }

// width of the cells of a row, degrees of longitude.
func width(row int32) float64 {
	lat := math.Floor(float64(row) * cellHeight)
	return cellHeight / max(math.Cos(lat*math.Pi/180), 0.1)
}

// Add puts dwellings at a place: more than none, fractions included.
func (g *Grid) Add(at geo.LonLat, dwellings float64) {
	n := int64(math.Round(dwellings * 100))
	if n <= 0 {
		return
	}
	if g.cells == nil {
		g.cells = map[cell]*sum{}
	}
	c := cell{row: int32(math.Floor(at.Lat / cellHeight))}
	c.column = int32(math.Floor(at.Lon / width(c.row)))
	s := g.cells[c]
	if s == nil {
		s = &sum{}
		g.cells[c] = s
	}
	corner := c.corner()
	s.dwellings += n
	s.east += n * int64(math.Round((at.Lon-corner.Lon)*1e7))
	s.north += n * int64(math.Round((at.Lat-corner.Lat)*1e7))
}

func (c cell) corner() geo.LonLat {
	return geo.LonLat{Lon: float64(c.column) * width(c.row), Lat: float64(c.row) * cellHeight}
}

// Len is how many rows there are.
func (g *Grid) Len() int { return len(g.cells) }

// Rows gives a row for each cell where somebody lives, from south to north and west to east:
// of one node, at the centre of gravity of the dwellings, with the tag homes. Ids are
// negative, of the cell: no road has them.
func (g *Grid) Rows(emit func(road.Way) error) error {
	all := make([]cell, 0, len(g.cells))
	for c := range g.cells {
		all = append(all, c)
	}
	slices.SortFunc(all, func(a, b cell) int { return cmp.Or(cmp.Compare(a.row, b.row), cmp.Compare(a.column, b.column)) })
	for _, c := range all {
		s, corner := g.cells[c], c.corner()
		id := -1 - (int64(uint32(c.row))<<24 | int64(uint32(c.column)&(1<<24-1)))
		at := geo.LonLat{Lon: corner.Lon + float64(s.east)/float64(s.dwellings)/1e7, Lat: corner.Lat + float64(s.north)/float64(s.dwellings)/1e7}
		w := road.Way{ID: id, Nodes: []int64{id}, At: []geo.LonLat{at}, Tags: map[string]string{"homes": strconv.FormatFloat(float64(s.dwellings)/100, 'f', -1, 64)}}
		if err := emit(w); err != nil {
			return err
		}
	}
	return nil
}
