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
	first := max(0, g.Resolution-Levels+1)
	p := &Pyramid{Levels: make([]Level, g.Resolution-first+1), Part: make([][]int32, g.Resolution-first+1)}
	// From the finest up: parents ascend as their children do, and each level has a seventh
	// of the cells of the one below.
	at := make([]int32, len(g.Cells)) // of every cell of the grid, its place in the level
	for i := range at {
		at[i] = int32(i)
	}
	cells := g.Cells
	for k := range slices.Backward(p.Levels) {
		r := first + k
		if r < g.Resolution {
			above, up, err := parents(cells, r)
			if err != nil {
				return nil, fmt.Errorf("pyramid: %w", err)
			}
			for i := range at {
				at[i] = up[at[i]]
			}
			cells = above
		}
		p.Levels[k] = Level{Resolution: r, Cells: cells}
		p.Part[k] = make([]int32, len(g.Parts))
		for i, place := range at {
			for j := g.First[i]; j < g.First[i+1]; j++ {
				p.Part[k][j] = place
			}
		}
	}
	for k := range p.Levels {
		p.Levels[k].First = int32(p.Rows)
		for j := range p.Part[k] {
			p.Part[k][j] += int32(p.Rows)
		}
		p.Rows += len(p.Levels[k].Cells)
	}
	return p, nil
}

// parents are the cells of a coarser resolution above ascending ones, and the place of
// the parent of each.
func parents(cells []Cell, resolution int) (above []Cell, up []int32, err error) {
	up = make([]int32, len(cells))
	for i, c := range cells {
		parent, err := c.Parent(resolution)
		if err != nil {
			return nil, nil, err
		}
		if len(above) == 0 || above[len(above)-1] != parent {
			above = append(above, parent)
		}
		up[i] = int32(len(above) - 1)
	}
	return slices.Clone(above), up, nil
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
