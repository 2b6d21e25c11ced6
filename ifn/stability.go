package ifn

import (
	"math"
	"math/rand/v2"
	"slices"
)

// stability ranks the rows, under the model's weights and under others, and finds
// what moves each row.
func (m *model) stability(r *Result, t *Table, o *Options) {
	var scored []int // positions of the rows that have a score
	for i := range r.Rows {
		if r.Rows[i].Score.Known {
			scored = append(scored, i)
		}
	}
	r.Ranked = len(scored)
	k := newRanker(m, scored)
	k.rank(m.weights)
	for j, i := range scored {
		r.Rows[i].Rank, r.Rows[i].Of = int(k.ranks[j]), len(scored)
	}
	for j, top := range k.leaveOneOut(r) {
		r.Rows[scored[j]].Influence = top
	}
	if o.Draws == 0 || len(scored) == 0 {
		return
	}
	u := m.unknowns(t, o, scored)
	low, high := k.draw(u, o)
	for j, i := range scored {
		r.Rows[i].RankLow, r.Rows[i].RankHigh, r.Rows[i].Drawn = int(low[j]), int(high[j]), len(u.gaps) > 0
	}
	if len(scored) <= outerRows {
		m.outer(r, u)
	}
}

// ranker ranks the same rows again and again under changing weights.
type ranker struct {
	model  *model
	rows   []int
	scores []float64 // NaN: none under these weights
	ranks  []int32   // 0: none under these weights
	sorter radix
}

func newRanker(m *model, rows []int) *ranker {
	return &ranker{model: m, rows: rows, scores: make([]float64, len(rows)), ranks: make([]int32, len(rows)),
		sorter: radix{items: make([]keyed, 0, len(rows)), spare: make([]keyed, len(rows))}}
}

// rankUnit is the resolution of ranks: scores that agree to a billionth of a
// point share their rank, so that sums equal on paper are equal here.
const rankUnit = 1e9

// maxKey bounds |score|·rankUnit in a sort key. Only a ratio to almost nothing
// comes near; above it, scores share the first rank.
const maxKey = 1 << 61

func (k *ranker) rank(weights []float64) {
	for j, i := range k.rows {
		k.scores[j] = k.model.index(i, weights)
	}
	k.order()
}

// order ranks the scores.
func (k *ranker) order() {
	k.sorter.reset()
	for j, score := range k.scores {
		k.ranks[j] = 0
		if !math.IsNaN(score) {
			// Most fragile first: the smallest key is the largest score.
			key := int64(math.Round(max(-maxKey, min(maxKey, -score*rankUnit))))
			k.sorter.add(uint64(key+maxKey), int32(j))
		}
	}
	items := k.sorter.sort()
	rank := int32(1)
	for at, it := range items {
		if at > 0 && it.key != items[at-1].key {
			rank = int32(at) + 1
		}
		k.ranks[it.row] = rank
	}
}

// influences is how many variables a row names as moving it most.
const influences = 3

// leaveOneOut ranks without each variable in turn, and gives the strongest influences on
// each row.
func (k *ranker) leaveOneOut(r *Result) [][]Influence {
	m := k.model
	var left []int // the variables to leave out: those that weigh something and are known
	for v := range m.weights {
		if r.Sources[v].Weight != 0 && r.Sources[v].Fed {
			left = append(left, v)
		}
	}
	without := make([]*ranker, len(left))
	inParallel(len(left), func(i int) {
		weights := slices.Clone(m.weights)
		weights[left[i]] = 0
		without[i] = newRanker(m, k.rows)
		without[i].rank(weights)
		without[i].sorter = radix{} // scores and ranks are kept, what sorted them is not
	})
	top := make([][]Influence, len(k.rows))
	backing := make([]Influence, len(k.rows)*(influences+1))
	inBlocks(len(k.rows), func(from, to int) {
		for j := from; j < to; j++ {
			top[j] = backing[j*(influences+1) : j*(influences+1) : (j+1)*(influences+1)]
			score := r.Rows[k.rows[j]].Score.V
			for i, w := range without {
				if w.ranks[j] == 0 {
					continue
				}
				delta := math.Round((score-w.scores[j])*rankUnit) / rankUnit
				if delta != 0 {
					top[j] = insert(top[j], Influence{r.Sources[left[i]].Variable, delta, int(w.ranks[j])})
				}
			}
		}
	})
	return top
}

// insert keeps the strongest influences first; of equals, the earlier variable.
func insert(top []Influence, in Influence) []Influence {
	top = append(top, in)
	for i := len(top) - 1; i > 0 && math.Abs(top[i].Delta) > math.Abs(top[i-1].Delta); i-- {
		top[i], top[i-1] = top[i-1], top[i]
	}
	return top[:min(len(top), influences)]
}

// draw gives the 5th and 95th percentiles of the ranks under random weights and random
// unknown values, widened to hold the row's own rank.
func (k *ranker) draw(u *unknowns, o *Options) (low, high []int32) {
	m := k.model
	low, high = slices.Clone(k.ranks), slices.Clone(k.ranks)
	random := rand.New(rand.NewPCG(o.Seed, 0))
	exponential := func() float64 {
		// x lies strictly between 0 and 1, so that no weight is drawn as 0.
		x := (float64(random.Uint64()>>12) + 0.5) / (1 << 52)
		return -math.Log(x)
	}
	effective := make([]float64, o.Draws*m.vars) // drawn in one order, whatever the processors
	for d := range o.Draws {
		m.effective(effective[d*m.vars:(d+1)*m.vars], exponential)
	}
	drawn := make([]int32, len(k.rows)*o.Draws) // row-major
	const batch = 10                            // draws that share a ranker
	inParallel((o.Draws+batch-1)/batch, func(b int) {
		k := newRanker(m, k.rows)
		for d := b * batch; d < min(o.Draws, (b+1)*batch); d++ {
			u.scores(k.scores, effective[d*m.vars:(d+1)*m.vars], uint64(d))
			k.order()
			for j, rank := range k.ranks {
				drawn[j*o.Draws+d] = rank
			}
		}
	})
	first, last := bounds(o.Draws)
	inBlocks(len(k.rows), func(from, to int) {
		for j := from; j < to; j++ {
			ranks := drawn[j*o.Draws : (j+1)*o.Draws]
			slices.Sort(ranks)
			low[j], high[j] = min(low[j], ranks[first]), max(high[j], ranks[last])
		}
	})
	return low, high
}

// effective writes the share of the index that every variable has when all are known, each
// weight and sub-index weight times a factor of its own.
func (m *model) effective(out []float64, factor func() float64) {
	total := 0.0
	for s, w := range m.subWeights {
		w *= factor()
		sum := 0.0
		for v := m.subs[s]; v < m.subs[s+1]; v++ {
			out[v] = m.weights[v] * factor()
			sum += out[v]
		}
		for v := m.subs[s]; v < m.subs[s+1] && sum > 0; v++ {
			out[v] *= w / sum
		}
		total += w
	}
	for v := range out {
		out[v] *= m.scale / total
	}
}

// bounds are the positions of the 5th and 95th percentiles among n sorted values,
// rounded outward.
func bounds(n int) (from, to int) {
	return (n - 1) * 5 / 100, ((n-1)*95 + 99) / 100
}
