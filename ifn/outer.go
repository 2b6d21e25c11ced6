package ifn

import (
	"cmp"
	"slices"
)

// Outer says within what bounds ranks are proven: each weight of a variable and of a
// sub-index from WeightLow to WeightHigh times its own, each unknown value from the worst to
// the best of its scale. Weights of parts stay.
type Outer struct {
	WeightLow  float64 `json:"weight_low"`
	WeightHigh float64 `json:"weight_high"`
}

// outerRows is the most rows whose ranks are proven: every pair is compared.
const outerRows = 200

// outerBounds are those that ranks are proven within.
var outerBounds = Outer{WeightLow: 0.5, WeightHigh: 2}

// outerSlack is the difference of two scores that rounding could make, in points.
const outerSlack = 1e-9

// outer proves the ranks that a row can have: below it stays whoever is below it at the best
// of their difference, above it whoever is above it at the worst. The range holds every rank
// that can be had; that one set of weights gives an end of it is not said.
func (m *model) outer(r *Result, u *unknowns) {
	bounds := outerBounds
	r.Outer = &bounds
	n := len(u.rows)
	low, high := u.reach()
	most := make([]float64, n*n) // [i·n+j]: the most that j can score above i
	inParallel(n, func(i int) {
		var s pair
		for j := range n {
			if i != j {
				most[i*n+j] = m.most(&s, low[i*m.vars:(i+1)*m.vars], high[j*m.vars:(j+1)*m.vars], bounds)
			}
		}
	})
	for i, row := range u.rows {
		first, last := 1, 1
		for j := range n {
			if i == j {
				continue
			}
			if most[i*n+j] > 0 { // j can be above i
				last++
			}
			if -most[j*n+i] > outerSlack { // j is above i whatever happens
				first++
			}
		}
		r.Rows[row].RankMin, r.Rows[row].RankMax = min(first, r.Rows[row].Rank), max(last, r.Rows[row].Rank)
	}
}

// reach gives the least and the most points of every ranked row and variable.
func (u *unknowns) reach() (low, high []float64) {
	low, high = slices.Clone(u.known), slices.Clone(u.known)
	for j := range u.rows {
		for _, g := range u.gaps[u.first[j]:u.first[j+1]] {
			at := j*u.model.vars + int(g.variable)
			low[at] += g.share * u.ends[g.leaf][0]
			high[at] += g.share * u.ends[g.leaf][1]
		}
	}
	return low, high
}

// term is a difference and the bounds of its weight.
type term struct{ difference, low, high float64 }

// pair is the scratch space of one comparison.
type pair struct{ variables, subs []term }

// most is the most that high can score above low, over all weights within the bounds. The
// weights of different sums are free of each other, so that the best of each is the best of
// all.
func (m *model) most(s *pair, low, high []float64, bounds Outer) float64 {
	s.subs = s.subs[:0]
	for k, w := range m.subWeights {
		if w == 0 {
			continue
		}
		s.variables = s.variables[:0]
		for v := m.subs[k]; v < m.subs[k+1]; v++ {
			if wv := m.weights[v]; wv > 0 {
				s.variables = append(s.variables, term{high[v] - low[v], bounds.WeightLow * wv, bounds.WeightHigh * wv})
			}
		}
		s.subs = append(s.subs, term{bestMean(s.variables), bounds.WeightLow * w, bounds.WeightHigh * w})
	}
	return m.scale * bestMean(s.subs)
}

// bestMean is the greatest weighted mean of differences, each weight free within its bounds:
// the greatest differences have their greatest weights, the others their least (a quotient of
// linear forms is greatest at a corner, and only such corners can be best).
func bestMean(terms []term) float64 {
	slices.SortFunc(terms, func(a, b term) int { return cmp.Compare(b.difference, a.difference) })
	sum, weight := 0.0, 0.0
	for _, t := range terms {
		sum += t.low * t.difference
		weight += t.low
	}
	best := sum / weight
	for _, t := range terms {
		if t.difference <= best {
			break
		}
		sum += (t.high - t.low) * t.difference
		weight += t.high - t.low
		best = sum / weight
	}
	return best
}
