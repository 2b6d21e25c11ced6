package ifn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// The naive twins follow the formulas of the documentation word for word: counting
// instead of sorting, one row at a time, nothing shared with the code under test.

// scoreTolerance is how far two ways of summing the same score may differ, in points.
const scoreTolerance = 1e-9

// naivePoints is one point. reference holds the reference rows' values, NaN when
// unknown; weights their populations.
func naivePoints(m Method, x float64, reference, weights []float64, dir Direction) float64 {
	below, equal, n := 0.0, 0.0, 0.0
	low, high := math.Inf(1), math.Inf(-1)
	sum, total := 0.0, 0.0
	for i, v := range reference {
		if math.IsNaN(v) {
			continue
		}
		n++
		if v < x {
			below++
		}
		if v == x {
			equal++
		}
		low, high = math.Min(low, v), math.Max(high, v)
		sum, total = sum+weights[i]*v, total+weights[i]
	}
	if math.IsNaN(x) || n == 0 {
		return math.NaN()
	}
	p := (below + equal/2) / n
	if dir < 0 {
		p = 1 - p
	}
	switch m {
	case Ratio:
		ref := sum / total
		if total == 0 || ref <= 0 || x < 0 || x == 0 && dir < 0 {
			return math.NaN()
		}
		if dir < 0 {
			return 100 * ref / x
		}
		return 100 * x / ref
	case Points:
		if dir < 0 {
			return 200 - x
		}
		return x
	case MinMax:
		points := 5.0
		if high > low {
			points = 10 * (x - low) / (high - low)
		} else if x != low {
			points = math.Copysign(math.Inf(1), x-low)
		}
		points = math.Max(0, math.Min(10, points))
		if dir < 0 {
			points = 10 - points
		}
		return points
	case Rank:
		// The nearest integer to 7p − 3.5, halves toward 0; the nudge keeps a half
		// that is exact on paper from being tipped over by rounding.
		t := 7*p - 3.5
		return math.Copysign(math.Ceil(math.Abs(t)-0.5-1e-9), t)
	}
	return 10 * p
}

// naiveRow is the index of one row: (score, sub-scores, completeness), NaN where
// there is none.
func naiveRow(s *Structure, t, ref *Table, o Options, row int) (score float64, subs []float64, completeness float64) {
	score, total := 0.0, 0.0
	for _, sub := range s.SubIndices {
		sum, known, weight := 0.0, 0.0, 0.0
		for _, v := range sub.Variables {
			w := v.Weight
			if given, ok := o.Weights.Variables[v.ID]; ok {
				w = given
			}
			weight += w
			leaves := v.Parts
			if len(leaves) == 0 {
				leaves = []Variable{v}
			}
			all := 0.0
			for _, l := range leaves {
				all += l.Weight
			}
			for _, l := range leaves {
				if p := naiveLeaf(l, t, ref, o, row); !math.IsNaN(p) {
					sum += w * l.Weight / all * p
					known += w * l.Weight / all
				}
			}
		}
		mean := math.NaN()
		if known > 0 && known/weight >= o.MinCompleteness-1e-9 {
			mean = sum / known
			if o.Method == Rank {
				mean = 10 * mean / 3
			}
		}
		subs = append(subs, mean)
		w := sub.Weight
		if given, ok := o.Weights.SubIndices[sub.ID]; ok {
			w = given
		}
		if w > 0 {
			score += w * mean // NaN once any sub-index is
		}
		total += w
		if weight > 0 {
			completeness += w * known / weight
		}
	}
	return score / total, subs, completeness / total
}

func naiveLeaf(l Variable, t, ref *Table, o Options, row int) float64 {
	for _, in := range l.Inputs {
		c, rc := t.columns[in.Column], ref.columns[in.Column]
		if c == nil || rc == nil || countKnown(c.values) == 0 || countKnown(rc.values) == 0 ||
			float64(countKnown(c.values)) < o.MinCoverage*float64(t.Len()) {
			continue
		}
		dir := l.Direction
		if in.Direction != 0 {
			dir = in.Direction
		}
		weights := make([]float64, ref.Len())
		for i := range weights {
			weights[i] = ref.places[i].Weight
		}
		return naivePoints(o.Method, c.values[row], rc.values, weights, dir)
	}
	return math.NaN()
}

func countKnown(values []float64) int {
	n := 0
	for _, v := range values {
		if !math.IsNaN(v) {
			n++
		}
	}
	return n
}

// randomTable fills the columns of a structure: few distinct values (ties), some
// constant columns, some absent, a share of the values unknown.
func randomTable(t testing.TB, r *rand.Rand, s *Structure, rows int, missing float64) *Table {
	t.Helper()
	places := make([]Place, rows)
	for i, k := range r.Perm(rows) {
		places[i] = Place{Code: fmt.Sprintf("%05d", k), Nom: fmt.Sprintf("Lieu-dit %d", k), Weight: float64(r.IntN(5000))}
	}
	table := mustTable(t, places...)
	for _, name := range s.Columns() {
		kind := r.IntN(6)
		values := make([]float64, rows)
		for i := range values {
			switch {
			case r.Float64() < missing:
				values[i] = math.NaN()
			case kind == 0:
				values[i] = 7 // constant
			case kind <= 2:
				values[i] = float64(r.IntN(5)) // many ties, zeros
			default:
				values[i] = r.Float64() * 100
			}
		}
		if kind == 5 && missing > 0 {
			continue // no such column
		}
		mustSet(t, table, name, values...)
	}
	return table
}

func mustTable(t testing.TB, places ...Place) *Table {
	t.Helper()
	table, err := NewTable(places)
	if err != nil {
		t.Fatal(err)
	}
	return table
}

func mustSet(t testing.TB, table *Table, name string, values ...float64) {
	t.Helper()
	if err := table.SetColumn(name, values); err != nil {
		t.Fatal(err)
	}
}

func mustBuiltin(t testing.TB, name string) *Structure {
	t.Helper()
	s, err := Builtin(name)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func mustCompute(t testing.TB, s *Structure, table *Table, o Options) *Result {
	t.Helper()
	r, err := s.Compute(table, o)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// same reports whether a Value is x, NaN standing for unknown.
func same(v Value, x float64) bool {
	if math.IsNaN(x) {
		return !v.Known
	}
	return v.Known && math.Abs(v.V-x) <= scoreTolerance*math.Max(1, math.Abs(x))
}

// TestComputeAgreesWithNaiveTwin runs every method on random tables, weights,
// floors and references.
func TestComputeAgreesWithNaiveTwin(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	scored := 0
	for seed := uint64(1); seed <= 60; seed++ {
		r := rand.New(rand.NewPCG(seed, 7))
		for _, m := range Methods() {
			table := randomTable(t, r, s, 1+r.IntN(40), float64(r.IntN(4))*0.2)
			o := Options{Method: m, MinCompleteness: float64(r.IntN(5)) / 5, MinCoverage: float64(r.IntN(3)) / 4}
			ref := table
			if r.IntN(2) == 0 {
				ref = randomTable(t, r, s, 1+r.IntN(30), 0.1)
				o.Reference = ref
			}
			if r.IntN(2) == 0 {
				o.Weights = Weights{
					SubIndices: map[string]float64{Publics: float64(r.IntN(3))},
					Variables:  map[string]float64{"fibre": float64(r.IntN(3)), "pauvrete": 2.5, "acces_lieux": 4},
				}
			}
			got := mustCompute(t, s, table, o)
			var keys []float64
			for i := range got.Rows {
				row := &got.Rows[i]
				score, subs, completeness := naiveRow(s, table, ref, o, i)
				if !same(row.Score, score) || math.Abs(row.Completeness-completeness) > scoreTolerance {
					t.Fatalf("seed %d, %s, row %d: score %+v, completeness %v; naive %v, %v", seed, m, i, row.Score, row.Completeness, score, completeness)
				}
				for k := range subs {
					if !same(row.Subs[k].Score, subs[k]) {
						t.Fatalf("seed %d, %s, row %d: %s %+v; naive %v", seed, m, i, row.Subs[k].ID, row.Subs[k].Score, subs[k])
					}
				}
				if row.Score.Known {
					keys = append(keys, row.Score.V)
				}
				sum := 0.0
				for _, p := range row.Points {
					if p.Contribution.Known && !(row.Score.Known && p.Points.Known) {
						t.Fatalf("seed %d, %s, row %d: %s contributes %v to a score that is unknown, or is unknown itself", seed, m, i, p.Variable, p.Contribution.V)
					}
					sum += p.Contribution.V
				}
				if row.Score.Known && !same(row.Score, sum) {
					t.Fatalf("seed %d, %s, row %d: contributions add up to %v, the score is %v", seed, m, i, sum, row.Score.V)
				}
			}
			for i := range got.Rows {
				row := &got.Rows[i]
				want := 0
				if row.Score.Known {
					want = 1
					for _, k := range keys {
						if k > row.Score.V+scoreTolerance/2 {
							want++
						}
					}
					scored++
				}
				if row.Rank != want || row.Rank > 0 && row.Of != len(keys) {
					t.Fatalf("seed %d, %s, row %d: rank %d of %d; naive %d of %d", seed, m, i, row.Rank, row.Of, want, len(keys))
				}
			}
		}
	}
	if scored < 500 {
		t.Fatalf("only %d rows had a score: the random tables test too little", scored)
	}
}

// TestLeaveOneOutAgreesWithRecomputing compares influences with whole computations in which one variable weighs 0, on complete tables, where
// the floor plays no part.
func TestLeaveOneOutAgreesWithRecomputing(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	for seed := uint64(1); seed <= 10; seed++ {
		r := rand.New(rand.NewPCG(seed, 11))
		table := randomTable(t, r, s, 25, 0)
		o := Defaults()
		o.Draws = 1
		base := mustCompute(t, s, table, o)
		type move struct {
			variable string
			delta    float64
			rank     int
		}
		moves := make([][]move, table.Len())
		for _, src := range base.Sources {
			without := o
			without.Draws = 0
			without.Weights = Weights{Variables: map[string]float64{src.Variable: 0}}
			got := mustCompute(t, s, table, without)
			for i := range got.Rows {
				moves[i] = append(moves[i], move{src.Variable, base.Rows[i].Score.V - got.Rows[i].Score.V, got.Rows[i].Rank})
			}
		}
		for i := range base.Rows {
			row := &base.Rows[i]
			slices.SortStableFunc(moves[i], func(a, b move) int {
				if d := math.Abs(b.delta) - math.Abs(a.delta); math.Abs(d) > 1e-9 {
					return int(math.Copysign(1, d))
				}
				return 0
			})
			for k, in := range row.Influence {
				want := moves[i][k]
				if math.Abs(in.Delta-want.delta) > 2e-9 {
					t.Fatalf("seed %d: %s: influence %d is %+v; recomputing gives %+v", seed, row.Code, k, in, want)
				}
				if in.Variable == want.variable && in.RankWithout != want.rank {
					t.Fatalf("seed %d: %s: rank without %s %d; recomputing gives %d", seed, row.Code, in.Variable, in.RankWithout, want.rank)
				}
			}
		}
	}
}
