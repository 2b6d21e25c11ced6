package grid

import (
	"fmt"
	"slices"
)

// Levels is the number of resolutions in a pyramid: the grid's own and the three
// coarser ones (fewer at the coarsest grids).
const Levels = 4

// Level is one resolution of a pyramid: its rows are First … First+len(Cells)-1.
type Level struct {
	Resolution int
	First      int32
	Cells      []Cell // ascending
}

// Pyramid numbers the cells of a grid and of the coarser resolutions above it,
// coarse first, so that one array of values holds every zoom of the map. A row
// is a position in that numbering.
type Pyramid struct {
	Levels []Level
	Rows   int       // rows in all
	Part   [][]int32 // per level, the row of every part
}

// NewPyramid builds the pyramid of a grid.
func NewPyramid(g *Grid) (*Pyramid, error) {
	p := &Pyramid{}
	for r := max(0, g.Resolution-Levels+1); r <= g.Resolution; r++ {
		level := Level{Resolution: r, First: int32(p.Rows)}
		above := make([]Cell, len(g.Cells))
		for i, c := range g.Cells {
			parent, err := c.Parent(r)
			if err != nil {
				return nil, fmt.Errorf("pyramid: %w", err)
			}
			above[i] = parent
		}
		if r == g.Resolution {
			level.Cells = g.Cells
		} else { // parents ascend as their children do
			level.Cells = slices.Clone(slices.Compact(slices.Clone(above)))
		}
		rows := make([]int32, len(g.Parts))
		for i := range g.Cells {
			at, _ := slices.BinarySearch(level.Cells, above[i])
			for j := g.First[i]; j < g.First[i+1]; j++ {
				rows[j] = level.First + int32(at)
			}
		}
		p.Rows += len(level.Cells)
		p.Levels = append(p.Levels, level)
		p.Part = append(p.Part, rows)
	}
	return p, nil
}

// Row returns the level and cell of a row, or false when there is no such row.
func (p *Pyramid) Row(row int32) (Level, Cell, bool) {
	for _, l := range p.Levels {
		if i := row - l.First; i >= 0 && int(i) < len(l.Cells) {
			return l, l.Cells[i], true
		}
	}
	return Level{}, 0, false
}

// Find returns the row of a cell.
func (p *Pyramid) Find(c Cell) (int32, bool) {
	for _, l := range p.Levels {
		if i, ok := slices.BinarySearch(l.Cells, c); ok {
			return l.First + int32(i), true
		}
	}
	return 0, false
}
