package main

import (
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"math"
	"os"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo/grid"
)

// census is the people of cells, in the order of their indexes.
type census struct {
	cells  []grid.Cell
	people []float64
}

// readCensus reads the columns id (an H3 index) and population of a table.
func readCensus(path string) (c *census, err error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	r := csv.NewReader(f)
	head, err := r.Read()
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	id, people := slices.Index(head, "id"), slices.Index(head, "population")
	if id < 0 || people < 0 {
		return nil, fmt.Errorf("%s: columns %q: expected id and population", path, head)
	}
	of := map[grid.Cell]float64{}
	c = &census{}
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		line, _ := r.FieldPos(0)
		cell, err := grid.ParseCell(row[id])
		if err != nil {
			return nil, fmt.Errorf("%s:%d: %w", path, line, err)
		}
		n, err := strconv.ParseFloat(row[people], 64)
		if err != nil || !(n >= 0) || math.IsInf(n, 0) {
			return nil, fmt.Errorf("%s:%d: population %q: expected a number of people", path, line, row[people])
		}
		if _, twice := of[cell]; twice {
			return nil, fmt.Errorf("%s:%d: cell %s is there twice", path, line, cell)
		}
		of[cell] = n
		c.cells = append(c.cells, cell)
		if cell.Resolution() != c.cells[0].Resolution() {
			return nil, fmt.Errorf("%s:%d: cell %s of resolution %d among those of %d", path, line, cell, cell.Resolution(), c.cells[0].Resolution())
		}
	}
	if len(c.cells) == 0 {
		return nil, fmt.Errorf("%s: no cell", path)
	}
	slices.Sort(c.cells)
	for _, cell := range c.cells {
		c.people = append(c.people, of[cell])
	}
	if c.total() == 0 {
		return nil, fmt.Errorf("%s: nobody lives in its cells", path)
	}
	return c, nil
}

func (c *census) total() (sum float64) {
	for _, p := range c.people {
		sum += p
	}
	return sum
}

// division is communes made of whole cells, of which all that is known is their people.
type division struct {
	grid       *grid.Grid
	population []int
}

func (d *division) communes() int { return len(d.population) }

// divisions makes communes of all cells together, and of those below one parent, three, two
// and one resolution coarser.
func (c *census) divisions() []*division {
	own := c.cells[0].Resolution()
	out := []*division{c.divide(func(grid.Cell) grid.Cell { return 0 })}
	for above := 3; above > 0; above-- {
		out = append(out, c.divide(func(cell grid.Cell) grid.Cell {
			parent, err := cell.Parent(own - above)
			if err != nil {
				panic(err) // every cell of a resolution that is read has one
			}
			return parent
		}))
	}
	return out
}

func (c *census) divide(commune func(grid.Cell) grid.Cell) *division {
	d := &division{grid: &grid.Grid{Resolution: c.cells[0].Resolution(), Cells: c.cells, First: []int32{0}}}
	numbers := map[grid.Cell]int32{}
	var exact []float64
	for i, cell := range c.cells {
		of := commune(cell)
		n, known := numbers[of]
		if !known {
			n = int32(len(numbers))
			numbers[of] = n
			exact = append(exact, 0)
		}
		exact[n] += c.people[i]
		area, err := cell.AreaKm2()
		if err != nil {
			panic(err) // of a cell that was parsed
		}
		d.grid.Areas = append(d.grid.Areas, area)
		d.grid.Parts = append(d.grid.Parts, grid.Part{Cell: int32(i), Commune: n, AreaKm2: area})
		d.grid.First = append(d.grid.First, int32(i+1))
	}
	for _, p := range exact {
		d.population = append(d.population, int(math.Round(p)))
	}
	return d
}
