package cover

import (
	"cmp"
	"context"
	"slices"
)

// lagrange bounds a covering problem from above. Each home puts a price on being served,
// at most its weight; what no choice surpasses is then
//
//	Σ (weight − price) over homes + the k greatest of Σ price over the homes of a place
//
// whatever the prices: of a home that is not served, weight − price is too much, and of
// one that several serve, all but one of its prices are. Prices that are good make it as
// low as the linear relaxation. They are whole numbers, fractions of a weight unit.
//
// A candidate that would take the bound below what is already chosen, were it one of the
// k, is in no better choice: it is put out of the pool. What the pool proves holds for
// all: nothing surpasses both the choice and the bound.
type lagrange struct {
	*Problem
	price, best []int64 // of every home; best: of the lowest bound
	worth       []int64 // of every place: the prices of its homes
	pool        []int32 // places; after evaluate the k of most worth first, in order
	lowest      int64   // bound, in fractions
	work        int     // homes looked at
}

// fraction is how many fractions make a unit.
const fraction = 1 << 10

// descents bounds the steps of the first descent; later ones start near their end.
const descents, laterDescents = 1500, 60

func newLagrange(c *Problem) *lagrange {
	return &lagrange{Problem: c, price: make([]int64, len(c.weight)), best: make([]int64, len(c.weight)),
		worth: make([]int64, len(c.serves)), pool: slices.Clone(c.Candidates)}
}

// bound is the bound that the best prices prove.
func (l *lagrange) bound() int64 { return l.lowest / fraction }

// top are the places that make the bound.
func (l *lagrange) top() []int32 { return l.pool[:min(l.K, len(l.pool))] }

// evaluate gives the bound of the prices, in fractions.
func (l *lagrange) evaluate() (sum int64) {
	for _, h := range l.homes {
		sum += l.weight[h]*fraction - l.price[h]
	}
	for _, place := range l.pool {
		worth := int64(0)
		for _, h := range l.serves[place] {
			worth += l.price[h]
		}
		l.worth[place] = worth
		l.work += len(l.serves[place])
	}
	l.sortTop()
	for _, place := range l.top() {
		sum += l.worth[place]
	}
	return sum
}

func (l *lagrange) byWorth(a, b int32) int {
	return cmp.Or(cmp.Compare(l.worth[b], l.worth[a]), cmp.Compare(a, b))
}

// sortTop puts the places of most worth first, in order; ties by place.
func (l *lagrange) sortTop() {
	top := l.top()
	slices.SortFunc(top, l.byWorth)
	for at := len(top); at < len(l.pool); at++ {
		place := l.pool[at]
		i := len(top)
		for i > 0 && l.byWorth(place, top[i-1]) < 0 {
			i--
		}
		if i < len(top) {
			l.pool[at] = top[len(top)-1]
			copy(top[i+1:], top[i:])
			top[i] = place
		}
	}
}

// prune puts out of the pool what is in no choice better than best; at is the bound of
// the prices as they are.
func (l *lagrange) prune(at, best int64) {
	if len(l.pool) <= l.K {
		return
	}
	last := l.worth[l.pool[l.K-1]]
	kept := l.pool[:l.K]
	for _, place := range l.pool[l.K:] {
		if (at-last+l.worth[place])/fraction > best {
			kept = append(kept, place)
		}
	}
	l.pool = kept
}

// start puts prices at what a choice says: a home that it serves once is worth its
// weight, one that it serves more often a share, one that it does not serve half.
func (l *lagrange) start(chosen []int32) {
	for _, place := range chosen {
		l.Add(place, 1)
	}
	for _, h := range l.homes {
		if n := int64(l.times[h]); n > 0 {
			l.price[h] = l.weight[h] * fraction / n
		} else {
			l.price[h] = l.weight[h] * fraction / 2
		}
	}
	for _, place := range chosen {
		l.Add(place, -1)
	}
}

// descend lowers the bound step by step (subgradient with Polyak's step, at a pace of
// first 1, less where prices are good already), and tries the choices that it meets. The best choice that weighs more than best comes back; nil: none
// was met. Afterwards prices are the best ones.
func (l *lagrange) descend(ctx context.Context, steps int, pace float64, best int64) (chosen []int32, err error) {
	l.lowest = -1
	idle := 0
	seen := map[int64]bool{}
	for range steps {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		at := l.evaluate()
		if l.lowest < 0 || at < l.lowest {
			l.lowest, idle = at, 0
			copy(l.best, l.price)
			l.prune(at, best)
		} else if idle++; idle >= 12 {
			pace, idle = pace/2, 0
			copy(l.price, l.best)
			at = l.evaluate()
		}
		if l.bound() <= best || pace < 1e-3 {
			break
		}
		picked := make([]int32, 0, l.K)
		for _, place := range l.top() {
			if l.fits(place, picked, -1) {
				picked = append(picked, place)
			}
		}
		if t := l.total(picked); t > best-best/50 && !seen[t] {
			seen[t] = true
			l.work += l.K * l.pairs
			if better := l.exchange(picked); l.total(better) > best {
				chosen, best = better, l.total(better)
			}
		}
		// The slope of a price: how many of the first k serve its home, less one.
		for _, place := range l.top() {
			l.Add(place, 1)
		}
		square := int64(0)
		for _, h := range l.homes {
			g := int64(l.times[h] - 1)
			square += g * g
		}
		step := 0.0
		if square > 0 {
			step = pace * float64(at-best*fraction) / float64(square)
		}
		for _, h := range l.homes {
			l.price[h] = min(max(l.price[h]-int64(step*float64(l.times[h]-1)), 0), l.weight[h]*fraction)
		}
		for _, place := range l.top() {
			l.Add(place, -1)
		}
	}
	copy(l.price, l.best)
	l.evaluate()
	return chosen, nil
}
