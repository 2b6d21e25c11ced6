package scenario

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
	*cover
	price, best []int64 // of every home; best: of the lowest bound
	worth       []int64 // of every place: the prices of its homes
	pool        []int32 // places; after evaluate the k of most worth first, in order
	lowest      int64   // bound, in fractions
}

// fraction is how many fractions make a unit.
const fraction = 1 << 10

// descents bounds the steps of a descent.
const descents = 1500

func newLagrange(c *cover) *lagrange {
	return &lagrange{cover: c, price: make([]int64, len(c.weight)), best: make([]int64, len(c.weight)),
		worth: make([]int64, len(c.serves)), pool: slices.Clone(c.candidates)}
}

// bound is the bound that the best prices prove.
func (l *lagrange) bound() int64 { return l.lowest / fraction }

// top are the places that make the bound.
func (l *lagrange) top() []int32 { return l.pool[:min(l.k, len(l.pool))] }

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
	if len(l.pool) <= l.k {
		return
	}
	last := l.worth[l.pool[l.k-1]]
	kept := l.pool[:l.k]
	for _, place := range l.pool[l.k:] {
		if (at-last+l.worth[place])/fraction > best {
			kept = append(kept, place)
		}
	}
	l.pool = kept
}

// descend lowers the bound step by step (subgradient with Polyak's step), and tries the
// choices that it meets; the best choice, the given one included, comes back.
func (l *lagrange) descend(ctx context.Context, chosen []int32) ([]int32, error) {
	best := l.total(chosen)
	// Prices start at what the choice says: a home that it serves once is worth its
	// weight, one that it serves more often a share, one that it does not serve half.
	for _, place := range chosen {
		l.add(place, 1)
	}
	for _, h := range l.homes {
		switch n := int64(l.times[h]); n {
		case 0:
			l.price[h] = l.weight[h] * fraction / 2
		default:
			l.price[h] = l.weight[h] * fraction / n
		}
	}
	for _, place := range chosen {
		l.add(place, -1)
	}
	l.lowest = -1
	pace, idle := 1.0, 0
	seen := map[int64]bool{}
	for range descents {
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
		picked := make([]int32, 0, l.k)
		for _, place := range l.top() {
			if l.fits(place, picked, -1) {
				picked = append(picked, place)
			}
		}
		if t := l.total(picked); t > best-best/50 && !seen[t] {
			seen[t] = true
			if better := l.exchange(picked); l.total(better) > best {
				chosen, best = better, l.total(better)
			}
		}
		// The slope of a price: how many of the first k serve its home, less one.
		for _, place := range l.top() {
			l.add(place, 1)
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
			l.add(place, -1)
		}
	}
	copy(l.price, l.best)
	l.evaluate()
	return chosen, nil
}

// trials tries the choices that the best prices do not rule out.
func (l *lagrange) trials(chosen []int32, best int64) *coverTrials {
	t := &coverTrials{lagrange: l, chosen: chosen, best: best, left: coverNodes}
	slices.SortFunc(l.pool, l.byWorth)
	for _, h := range l.homes {
		t.base += l.weight[h]*fraction - l.price[h]
	}
	t.sums = make([]int64, len(l.pool)+1)
	for i, place := range l.pool {
		t.sums[i+1] = t.sums[i] + l.worth[place]
	}
	t.descend(0, l.k, t.base, 0)
	return t
}

// coverNodes bounds the partial choices that are looked at.
const coverNodes = 400_000

// coverTrials goes through the choices, those of most worth first.
type coverTrials struct {
	*lagrange
	base   int64
	sums   []int64 // of the worth of the first places of the pool, in order
	picked []int32
	chosen []int32
	best   int64
	left   int // 0: not all were looked at
}

// descend completes a partial choice with k of the candidates from a position on. bound
// and total are its own.
func (t *coverTrials) descend(from, k int, bound, total int64) {
	if total > t.best {
		t.best, t.chosen = total, slices.Clone(t.picked)
	}
	for i := from; k > 0 && i < len(t.pool); i++ {
		// What the next k would add to the bound; those behind add less.
		if more := t.sums[min(i+k, len(t.pool))] - t.sums[i]; (bound+more)/fraction <= t.best {
			return
		}
		if t.left <= 1 {
			t.left = 0
			return
		}
		t.left--
		place := t.pool[i]
		if !t.fits(place, t.picked, -1) {
			continue
		}
		gain := t.gain(place)
		t.add(place, 1)
		t.picked = append(t.picked, place)
		t.descend(i+1, k-1, bound+t.worth[place], total+gain)
		t.picked = t.picked[:len(t.picked)-1]
		t.add(place, -1)
	}
}
