package figures

import (
	"cmp"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// CellsByClass are the inhabited cells of a territoire by the class of most of their people
// there, ascending, at the finest resolution of the pyramid that gives `most` cells at most
// (the coarsest, where none does).
func CellsByClass(e *edition.Edition, a *edition.Answer, t admin.Territoire, most int) map[coverage.Class][]grid.Cell {
	var tallies map[int32]coverage.Tally
	for level := len(e.Pyramid.Levels) - 1; level >= 0; level-- {
		tallies = map[int32]coverage.Tally{}
		for part, n := range inhabited(e, t) {
			row := e.Pyramid.Part[level][part]
			tally := tallies[row]
			tally.Add(a.Class[part], n)
			tallies[row] = tally
		}
		if len(tallies) <= most {
			break
		}
	}
	out := map[coverage.Class][]grid.Cell{}
	for row, tally := range tallies {
		_, cell, _ := e.Pyramid.Row(row)
		out[tally.Worst()] = append(out[tally.Worst()], cell)
	}
	for _, cells := range out {
		slices.Sort(cells)
	}
	return out
}

// Similar lists at most n rows of a report that are most like one of them, by population and
// by the fragility of their public: positions, the most alike first. There is none when
// either is unknown of that one.
func Similar(rows []edition.GapRow, at, n int) []int {
	own := &rows[at]
	if own.IFN == nil || own.IFN.Publics == nil || own.Population == 0 {
		return nil
	}
	type other struct {
		at       int
		distance float64
	}
	var others []other
	for i := range rows {
		r := &rows[i]
		if i == at || r.IFN == nil || r.IFN.Publics == nil || r.Population == 0 {
			continue
		}
		// A factor of e in population is as far as two points of ten.
		others = append(others, other{i, math.Hypot(2*math.Log(float64(r.Population)/float64(own.Population)), float64(*r.IFN.Publics-*own.IFN.Publics))})
	}
	slices.SortStableFunc(others, func(a, b other) int { return cmp.Compare(a.distance, b.distance) })
	out := make([]int, min(n, len(others)))
	for i := range out {
		out[i] = others[i].at
	}
	return out
}
