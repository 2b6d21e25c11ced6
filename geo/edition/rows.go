package edition

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
)

// Rows are the figures of every row of the pyramid, i.e. of every cell of every
// resolution of the map. Means are over people, from the parts: never means of
// means. NaN is "no value": nobody lives there, or it is unknown.
type Rows struct {
	People  []int32
	Class   []coverage.Class // the class of most people
	Minutes []float64        // mean time of the people who reach a lieu
	Hours   []float64        // mean open hours a week, over the people for whom they are known
}

// Rows sums an answer up by row of the pyramid.
func (e *Edition) Rows(a *Answer) *Rows {
	n := e.Pyramid.Rows
	r := &Rows{People: make([]int32, n), Class: make([]coverage.Class, n), Minutes: make([]float64, n), Hours: make([]float64, n)}
	tally := make([]coverage.Tally, n)
	timed, houred := make([]coverage.Mean, n), make([]coverage.Mean, n)
	for i, people := range e.People {
		if people == 0 {
			continue
		}
		for level := range e.Pyramid.Part {
			row := e.Pyramid.Part[level][i]
			r.People[row] += people
			tally[row].Add(a.Class[i], int(people))
			if a.Nearest.Reach[i] == geo.Reached {
				timed[row].Add(uint32(a.Nearest.Cost[i]), people)
			}
			if a.Hours.Opening[i] != access.HoursUnknown {
				houred[row].Add(uint32(a.Hours.Slots[i]), people)
			}
		}
	}
	for row := range n {
		r.Class[row] = tally[row].Worst()
		r.Minutes[row] = timed[row].Minutes()
		r.Hours[row] = houred[row].WeeklyHours()
	}
	return r
}

// Home is, for every row of the pyramid, the commune of most of its people (of
// the largest part where nobody lives; ties to the first code).
func (e *Edition) CellCommunes() []int32 {
	type claim struct {
		commune int32
		people  int32
		areaKm2 float64
	}
	home := make([]int32, e.Pyramid.Rows)
	var claims []claim
	for _, rows := range e.Pyramid.Part {
		// H3 numbers the children of a cell in one run, so the parts of a row follow
		// each other at every resolution.
		for first := 0; first < len(rows); {
			last := first
			claims = claims[:0]
			for ; last < len(rows) && rows[last] == rows[first]; last++ {
				p := e.Grid.Parts[last]
				at := slices.IndexFunc(claims, func(c claim) bool { return c.commune == p.Commune })
				if at < 0 {
					at = len(claims)
					claims = append(claims, claim{commune: p.Commune})
				}
				claims[at].people += e.People[last]
				claims[at].areaKm2 += p.AreaKm2
			}
			best := slices.MinFunc(claims, func(a, b claim) int {
				return cmp.Or(cmp.Compare(b.people, a.people), cmp.Compare(b.areaKm2, a.areaKm2), cmp.Compare(a.commune, b.commune))
			})
			home[rows[first]] = best.commune
			first = last
		}
	}
	return home
}
