package edition

import (
	"cmp"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo/coverage"
)

// Lacks say where to act first by one answer: the lack of every cell, and their order.
type Lacks struct {
	// Rows are, by row of the pyramid, fragile inhabitants: of a cell of the grid, those who
	// lack help; of a coarser one, the mean of the inhabited cells in it. NaN: nobody lives
	// there, or it is unknown.
	Rows []float64
	// Rank is the place of every cell of the grid among those where somebody is known to lack
	// help, 1 first; equal cells share the smallest; 0 for the others.
	Rank []int32
	// Inhabited counts the inhabited cells; Unknown, those of which the lack is unknown.
	Inhabited, Unknown int
}

// Lacks says where to act first by an answer; it is shared, and not to be changed.
func (a *Answer) Lacks() *Lacks { return a.lacks() }

// lacks sums an answer up.
func (e *Edition) lacks(a *Answer) *Lacks {
	index := Fragility(e.CommuneIndex())
	lack, inhabited := make([]coverage.Lack, e.Pyramid.Rows), make([]int32, e.Pyramid.Rows)
	last := int32(-1)
	for part, people := range e.People {
		if people == 0 {
			continue
		}
		p := &e.Grid.Parts[part]
		fresh := p.Cell != last // parts of a cell follow each other
		last = p.Cell
		for level := range e.Pyramid.Part {
			row := e.Pyramid.Part[level][part]
			lack[row].Add(people, a.Class[part], index[p.Commune])
			if fresh {
				inhabited[row]++
			}
		}
	}
	out := &Lacks{Rows: make([]float64, len(lack)), Rank: make([]int32, len(e.Grid.Cells))}
	for row := range lack {
		out.Rows[row] = math.NaN()
		if lack[row].Known() {
			out.Rows[row] = lack[row].Fragile.People() / float64(inhabited[row])
		}
	}
	cells := lack[e.Pyramid.Levels[len(e.Pyramid.Levels)-1].First:]
	var order []int32
	for c := range out.Rank {
		if cells[c].People == 0 {
			continue
		}
		out.Inhabited++
		switch {
		case !cells[c].Known():
			out.Unknown++
		case cells[c].Fragile > 0:
			order = append(order, int32(c))
		}
	}
	slices.SortFunc(order, func(x, y int32) int {
		return cmp.Or(cmp.Compare(cells[y].Fragile, cells[x].Fragile), cmp.Compare(x, y))
	})
	for i, c := range order {
		out.Rank[c] = int32(i + 1)
		if i > 0 && cells[c].Fragile == cells[order[i-1]].Fragile {
			out.Rank[c] = out.Rank[order[i-1]]
		}
	}
	return out
}
