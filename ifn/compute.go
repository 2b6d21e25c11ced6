package ifn

import (
	"errors"
	"fmt"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Options says how to compute. Start from [Defaults].
type Options struct {
	Method  Method
	Weights Weights

	// MinCompleteness is the share of a sub-index's weight, 0…1, that must be known
	// for a row to have a score for it. A sub-index of which nothing is known never
	// has one.
	MinCompleteness float64

	// MinCoverage is the share of the rows, 0…1, that must be known for a column to
	// feed its variable at all. Above 0 it keeps out what is published for a few
	// towns only: scored among themselves, they would be ranked with places that
	// were never compared.
	MinCoverage float64

	// Reference is what values are compared with (see [Method]); nil: the table
	// itself. A variable needs its column in both.
	Reference *Table

	// ReferenceRow, for Ratio only, compares row i with row ReferenceRow[i] of
	// Reference (a commune with its own EPCI); nil: every row with the weighted
	// mean of Reference.
	ReferenceRow []int

	// Level ("commune", "epci"…), ReferenceName ("departement:02") and Mode, that of the
	// access times ("car"), go into the result as they are.
	Level, ReferenceName, Mode string

	// Draws is how many random weights the rank intervals rest on, 0…10 000; 0: no
	// intervals. Seed starts the generator (PCG): same seed, same intervals.
	Draws int
	Seed  uint64

	// KeepUnknown leaves unknown what the structure would count for something (see
	// [Structure].MissingPoints).
	KeepUnknown bool

	// Newest is the year of the newest data that the values come with; those of more than
	// [OldAfter] years before are said to be old. 0: not known.
	Newest int
}

// Defaults are percentile scores, a floor of 0.4 known weight per sub-index, the
// table as its own reference, and intervals from 200 draws of seed 1.
func Defaults() Options {
	return Options{Method: Percentile, MinCompleteness: 0.4, Draws: 200, Seed: 1}
}

const maxDraws = 10_000

func (o *Options) check(t *Table) error {
	if _, err := ParseMethod(string(o.Method)); err != nil {
		return err
	}
	if !(o.MinCompleteness >= 0 && o.MinCompleteness <= 1) {
		return fmt.Errorf("minimum completeness %v: expected 0 to 1", o.MinCompleteness)
	}
	if !(o.MinCoverage >= 0 && o.MinCoverage <= 1) {
		return fmt.Errorf("minimum coverage %v: expected 0 to 1", o.MinCoverage)
	}
	if o.Draws < 0 || o.Draws > maxDraws {
		return fmt.Errorf("draws %d: expected 0 to %d", o.Draws, maxDraws)
	}
	if o.ReferenceRow == nil {
		return nil
	}
	if o.Method != Ratio || o.Reference == nil {
		return errors.New("reference rows: only method ratio uses them, with a reference table")
	}
	if len(o.ReferenceRow) != t.Len() {
		return fmt.Errorf("reference rows: %d for %d rows", len(o.ReferenceRow), t.Len())
	}
	for i, r := range o.ReferenceRow {
		if r < 0 || r >= o.Reference.Len() {
			return fmt.Errorf("reference rows: row %d: %d is outside 0…%d", i, r, o.Reference.Len()-1)
		}
	}
	return nil
}

// Compute scores every row of t. Rows come back in the order of t; a permutation
// of t permutes them and changes nothing else. It changes neither t nor the
// structure, and may run many times at once on the same ones.
func (s *Structure) Compute(t *Table, o Options) (*Result, error) {
	if err := o.check(t); err != nil {
		return nil, fmt.Errorf("ifn: %w", err)
	}
	if err := s.Check(); err != nil {
		return nil, fmt.Errorf("ifn: %w", err)
	}
	subWeights, weights, err := o.Weights.resolve(s)
	if err != nil {
		return nil, fmt.Errorf("ifn: %w", err)
	}
	m := s.feed(t, &o, nil, nil)
	m.subWeights, m.weights = subWeights, weights
	r := m.result(s, t, &o)
	m.stability(r, t, &o)
	m.warn(r, t, &o)
	r.Completeness = m.completeness(r, t)
	return r, nil
}

// leaf is a variable without parts, or one part, with the column that feeds it.
type leaf struct {
	variable int     // position among all variables
	part     int     // position among its parts, -1 when it is the variable itself
	weight   float64 // share of the variable's weight, 0…1
	def      *Variable
	column   *column // nil: nothing feeds it
	input    int     // position in def.Inputs
	points   []float64
}

// model is a structure fed by a table: per row and variable, how much of it is
// known and its points, ready for any weights.
type model struct {
	rows, vars          int
	subs                []int // sub s holds variables subs[s]…subs[s+1]
	subWeights, weights []float64
	leaves              []leaf
	// Row-major, rows × vars: share is the share of the variable's weight that is
	// known (0, 1, or between for a variable with parts), points is share × points.
	share, points []float64
	scale         float64
	missing       float64 // points of what is unknown, in rows of which something is known; NaN: none
}

// feed chooses a column for every leaf, and computes its points. What was, if any, is
// the model of a table that differs in the columns named in changed only: leaves that
// cannot be fed by these are taken from it.
func (s *Structure) feed(t *Table, o *Options, was *model, changed map[string][]float64) *model {
	ref := o.Reference
	if ref == nil {
		ref = t
	}
	m := &model{rows: t.Len(), subs: []int{0}, scale: o.Method.scale(), missing: math.NaN()}
	if p := s.MissingPoints; p != nil && o.Method == Points && !o.KeepUnknown {
		m.missing = *p
	}
	for _, sub := range s.SubIndices {
		for i := range sub.Variables {
			v := &sub.Variables[i]
			if len(v.Parts) == 0 {
				m.leaves = append(m.leaves, leaf{variable: m.vars, part: -1, weight: 1, def: v})
			}
			total := 0.0
			for p := range v.Parts {
				total += v.Parts[p].Weight
			}
			for p := range v.Parts {
				m.leaves = append(m.leaves, leaf{variable: m.vars, part: p, weight: v.Parts[p].Weight / total, def: &v.Parts[p]})
			}
			m.vars++
		}
		m.subs = append(m.subs, m.vars)
	}
	m.share = make([]float64, m.rows*m.vars)
	m.points = make([]float64, m.rows*m.vars)
	fresh := make([]bool, m.vars) // variables that a changed column may feed
	if was != nil {
		m.subWeights, m.weights = was.subWeights, was.weights
		copy(m.share, was.share)
		copy(m.points, was.points)
	}
	for i := range m.leaves {
		l := &m.leaves[i]
		if was == nil || l.mayUse(changed) {
			fresh[l.variable] = true
			continue
		}
		*l = was.leaves[i]
	}
	inParallel(len(m.leaves), func(i int) {
		l := &m.leaves[i]
		if was != nil && !l.mayUse(changed) {
			return
		}
		if l.choose(t, ref, o.MinCoverage); l.column != nil {
			l.score(ref, o, m.rows)
		}
	})
	inBlocks(m.rows, func(from, to int) {
		for v, is := range fresh {
			for row := from; is && row < to; row++ {
				m.share[row*m.vars+v], m.points[row*m.vars+v] = 0, 0
			}
		}
		for i := range m.leaves {
			l := &m.leaves[i]
			if !fresh[l.variable] || l.column == nil {
				continue
			}
			for row := from; row < to; row++ {
				if p := l.points[row]; !math.IsNaN(p) {
					m.share[row*m.vars+l.variable] += l.weight
					m.points[row*m.vars+l.variable] += l.weight * p
				}
			}
		}
	})
	return m
}

// blockRows is how many rows make it worth handing them to another processor.
const blockRows = 256

// inBlocks runs f over all rows, in blocks, on all processors.
func inBlocks(rows int, f func(from, to int)) {
	inParallel((rows+blockRows-1)/blockRows, func(b int) { f(b*blockRows, min(rows, (b+1)*blockRows)) })
}

// inParallel runs f for 0…n−1 on all processors. What f(i) does must not depend on
// any other f.
func inParallel(n int, f func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	if workers < 2 {
		for i := range n {
			f(i)
		}
		return
	}
	var next atomic.Int64
	var all sync.WaitGroup
	for range workers {
		all.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				f(i)
			}
		})
	}
	all.Wait()
}

// mayUse reports whether one of the columns can feed l.
func (l *leaf) mayUse(columns map[string][]float64) bool {
	return slices.ContainsFunc(l.def.Inputs, func(in Input) bool {
		_, ok := columns[in.Column]
		return ok
	})
}

// choose takes the first input whose column is known widely enough in t, and
// somewhere in the reference.
func (l *leaf) choose(t, ref *Table, minCoverage float64) {
	for i, in := range l.def.Inputs {
		c, rc := t.columns[in.Column], ref.columns[in.Column]
		if c == nil || rc == nil || c.known == 0 || rc.known == 0 {
			continue
		}
		if float64(c.known) >= minCoverage*float64(t.Len())-tolerance {
			l.column, l.input = c, i
			return
		}
	}
}

// direction is the way the chosen column points.
func (l *leaf) direction() Direction {
	if d := l.def.Inputs[l.input].Direction; d != 0 {
		return d
	}
	return l.def.Direction
}

func (l *leaf) score(ref *Table, o *Options, rows int) {
	c := ref.columns[l.def.Inputs[l.input].Column]
	l.points = make([]float64, rows)
	if c == l.column && (o.Method == Rank || o.Method == Percentile) {
		o.Method.ownPoints(l.points, c.values, l.direction())
		return
	}
	var sorted []float64
	var xRef func(int) float64
	switch {
	case o.Method != Ratio:
		sorted = make([]float64, 0, c.known)
		for _, v := range c.values {
			if !math.IsNaN(v) {
				sorted = append(sorted, v)
			}
		}
		slices.Sort(sorted)
	case o.ReferenceRow != nil:
		xRef = func(row int) float64 { return c.values[o.ReferenceRow[row]] }
	default:
		people := make([]float64, ref.Len())
		for k, i := range ref.byCode {
			people[k] = ref.places[i].Weight
		}
		mean, _ := c.mean(ref.byCode, people)
		xRef = func(int) float64 { return mean }
	}
	o.Method.points(l.points, l.column.values, sorted, xRef, l.direction())
}

// sub gives the mean points of one sub-index for a row, and the weight that counts: what is
// known, and what is not where that counts for something.
func (m *model) sub(s, row int, weights []float64) (mean, counted float64) {
	base := row * m.vars
	sum, missing := 0.0, 0.0
	for v := m.subs[s]; v < m.subs[s+1]; v++ {
		sum += weights[v] * m.points[base+v]
		counted += weights[v] * m.share[base+v]
		missing += weights[v] * (1 - m.share[base+v])
	}
	if m.missing == m.missing && missing > 0 && m.anything(row) {
		sum, counted = sum+missing*m.missing, counted+missing
	}
	return sum / counted, counted
}

// anything reports whether something is known of a row.
func (m *model) anything(row int) bool {
	for v := range m.vars {
		if m.share[row*m.vars+v] > 0 {
			return true
		}
	}
	return false
}

// index is the score of a row under other weights, over the sub-indices that have
// a known variable; NaN when none has. Under the model's own weights it is the
// index of every row whose sub-indices all have a score.
func (m *model) index(row int, weights []float64) float64 {
	sum, total := 0.0, 0.0
	for s, w := range m.subWeights {
		if w == 0 {
			continue
		}
		if mean, known := m.sub(s, row, weights); known > 0 {
			sum += w * mean
			total += w
		}
	}
	if total == 0 {
		return math.NaN()
	}
	return m.scale * sum / total
}
