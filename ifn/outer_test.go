package ifn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// corners visits all assignments of the low and the high of each of n choices.
func corners(n int, visit func(high func(i int) bool)) {
	for set := range 1 << n {
		visit(func(i int) bool { return set>>i&1 == 1 })
	}
}

// TestMostIsThatOfSomeCorner: the greatest difference of two rows is that of the best corner
// of the box of weights and unknown values, which the naive twin visits one by one.
func TestMostIsThatOfSomeCorner(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		m := &model{vars: 4, subs: []int{0, 2, 4}, subWeights: []float64{1, 2}, weights: []float64{1, 3, 2, 1}, scale: 1}
		low, high := make([]float64, 4), make([]float64, 4) // of the row below, of the row above
		for v := range low {
			low[v], high[v] = float64(r.IntN(11)), float64(r.IntN(11))
		}
		want := math.Inf(-1)
		corners(6, func(up func(int) bool) {
			factor := func(i int) float64 {
				if up(i) {
					return outerBounds.WeightHigh
				}
				return outerBounds.WeightLow
			}
			sum, total := 0.0, 0.0
			for s := range 2 {
				inner, weight := 0.0, 0.0
				for v := m.subs[s]; v < m.subs[s+1]; v++ {
					w := m.weights[v] * factor(v)
					inner, weight = inner+w*(high[v]-low[v]), weight+w
				}
				w := m.subWeights[s] * factor(4+s)
				sum, total = sum+w*inner/weight, total+w
			}
			want = max(want, sum/total)
		})
		if got := m.most(new(pair), low, high, outerBounds); math.Abs(got-want) > scoreTolerance {
			t.Fatalf("seed %d: %v, the best corner gives %v", seed, got, want)
		}
	}
}

// TestProvenRanksHold: no weights within the bounds and no values of what is unknown give a
// rank outside the proven range, and a table without unknown values and with one variable
// that counts has no range at all.
func TestProvenRanksHold(t *testing.T) {
	s := twoByTwo(t)
	narrower := 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 6))
		const rows = 8
		places := make([]Place, rows)
		for i := range places {
			places[i] = Place{Code: string(rune('a' + i))}
		}
		table := mustTable(t, places...)
		for _, name := range []string{"a", "b", "c", "d"} {
			values := make([]float64, rows)
			for i := range values {
				if values[i] = float64(r.IntN(6)) + 4*float64(i); r.IntN(25) == 0 {
					values[i] = nan
				}
			}
			mustSet(t, table, name, values...)
		}
		o := Defaults()
		o.Method = MinMax
		result := mustCompute(t, s, table, o)
		if result.Outer == nil {
			t.Fatal("no range was proven for 8 rows")
		}
		for trial := range 200 {
			weights, subs := [4]float64{}, [2]float64{}
			for v := range weights {
				weights[v] = math.Exp2(2*r.Float64() - 1)
			}
			for k := range subs {
				subs[k] = math.Exp2(2*r.Float64() - 1)
			}
			var scores [rows]float64
			for i := range result.Rows {
				for k := range subs {
					sum, weight := 0.0, 0.0
					for v := 2 * k; v < 2*k+2; v++ {
						p := result.Rows[i].Points[v].Points
						if !p.Known {
							p.V = 10 * float64(r.IntN(2)) // an end of the scale
						}
						sum, weight = sum+weights[v]*p.V, weight+weights[v]
					}
					scores[i] += subs[k] * sum / weight / (subs[0] + subs[1])
				}
			}
			for i := range result.Rows {
				row := &result.Rows[i]
				if row.Rank == 0 {
					continue
				}
				rank := 1
				for j := range result.Rows {
					if result.Rows[j].Rank > 0 && scores[j] > scores[i]+scoreTolerance {
						rank++
					}
				}
				if rank < row.RankMin || rank > row.RankMax {
					t.Fatalf("seed %d, trial %d: %s has rank %d; proven %d to %d", seed, trial, row.Code, rank, row.RankMin, row.RankMax)
				}
			}
		}
		for i := range result.Rows {
			row := &result.Rows[i]
			if row.Rank > 0 && (row.RankMin > row.Rank || row.RankMax < row.Rank) {
				t.Fatalf("seed %d: %s: rank %d, proven %d to %d", seed, row.Code, row.Rank, row.RankMin, row.RankMax)
			}
			if row.Rank > 0 && row.RankMax-row.RankMin < result.Ranked-1 {
				narrower++
			}
		}
	}
	if narrower < 100 {
		t.Errorf("%d proven ranges say more than any rank; want at least 100 of 320", narrower)
	}
}

// TestAnUnknownValueWidens the interval of its row: the same row with its value known has a
// narrower one.
func TestAnUnknownValueWidens(t *testing.T) {
	s := twoByTwo(t)
	places, values := make([]Place, 60), make([]float64, 60)
	for i := range places {
		places[i], values[i] = Place{Code: string(rune('A' + i))}, float64(i)
	}
	table := mustTable(t, places...)
	for _, name := range []string{"a", "b", "c", "d"} {
		mustSet(t, table, name, values...)
	}
	known := mustCompute(t, s, table, Defaults()).Rows[30]
	table.Forget("d", 30)
	lacking := mustCompute(t, s, table, Defaults()).Rows[30]
	if known.RankLow != known.RankHigh || known.Drawn || !lacking.Drawn || lacking.RankHigh-lacking.RankLow < 10 {
		t.Errorf("known: %d to %d; one of four unknown: %d to %d, want at least 10 ranks more", known.RankLow, known.RankHigh, lacking.RankLow, lacking.RankHigh)
	}
}

// TestDrawnScoresAgreeWithNaiveTwin writes every draw out: weights times factors, unknown
// parts drawn, one mean in the other.
func TestDrawnScoresAgreeWithNaiveTwin(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	for seed := uint64(1); seed <= 10; seed++ {
		r := rand.New(rand.NewPCG(seed, 12))
		table := randomTable(t, r, s, 30, 0.3)
		o := Defaults()
		m := s.feed(table, &o, nil, nil)
		var err error
		if m.subWeights, m.weights, err = o.Weights.resolve(s); err != nil {
			t.Fatal(err)
		}
		rows := []int{3, 7, 29, 0}
		u := m.unknowns(table, &o, rows)
		factors := make([]float64, 0, 16)
		effective := make([]float64, m.vars)
		m.effective(effective, func() float64 {
			factors = append(factors, r.ExpFloat64())
			return factors[len(factors)-1]
		})
		scores := make([]float64, len(rows))
		u.scores(scores, effective, 5)
		for j, row := range rows {
			sum, total, at, leaf := 0.0, 0.0, 0, 0
			for _, sub := range s.SubIndices {
				w := sub.Weight * factors[at]
				at++
				inner, weight := 0.0, 0.0
				for _, v := range sub.Variables {
					wv := v.Weight * factors[at]
					at++
					n := max(1, len(v.Parts))
					for range n {
						l := &m.leaves[leaf]
						p := math.NaN()
						if l.column != nil {
							p = l.points[row]
						}
						if math.IsNaN(p) {
							pool := u.pools[leaf]
							p = pool[mixed(u.seeds[j]+5<<20+uint64(leaf))>>32*uint64(len(pool))>>32]
						}
						inner += wv * p / float64(n)
						leaf++
					}
					weight += wv
				}
				sum, total = sum+w*inner/weight, total+w
			}
			if math.Abs(scores[j]-sum/total) > scoreTolerance {
				t.Fatalf("seed %d, row %d: %v, naive %v", seed, row, scores[j], sum/total)
			}
		}
	}
}
