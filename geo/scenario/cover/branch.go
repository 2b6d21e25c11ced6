package cover

import (
	"container/heap"
	"context"
	"slices"
)

// branching closes the gap between a choice and its bound: it takes the place that is
// worth most, and looks at the choices with it and at those without, each bounded again;
// what no better choice can come from is left (branch and bound). It stops after so much
// work, the same on every machine; the highest bound of what is left open is proven.
type branching struct {
	*Problem
	best   int64
	chosen []int32
	work   int
	open   branches
}

// branchWork is how many homes of places are looked at before giving up: some seconds.
const branchWork = 3_000_000_000

// branch is the choices that hold some places, and others of a pool.
type branch struct {
	fixed  []int32
	pool   []int32
	price  []int64 // of every home
	bound  int64
	number int // in the order of making: ties go to the first
}

// solve improves the choice, and gives what no choice surpasses.
func (b *branching) solve(ctx context.Context) (bound int64, err error) {
	number := 0
	consider := func(fixed, pool []int32, price []int64) error {
		number++
		x, err := b.look(ctx, fixed, pool, price)
		if err != nil {
			return err
		}
		if x.bound > b.best {
			x.number = number
			heap.Push(&b.open, x)
		}
		return nil
	}
	if err := consider(nil, b.Candidates, nil); err != nil {
		return 0, err
	}
	for len(b.open) > 0 && b.open[0].bound > b.best && b.work < branchWork {
		x := heap.Pop(&b.open).(*branch)
		place := x.pool[0]
		with := slices.DeleteFunc(slices.Clone(x.pool), func(other int32) bool {
			return other == place || b.Apart != nil && !b.Apart(place, other)
		})
		if err := consider(append(slices.Clone(x.fixed), place), with, x.price); err != nil {
			return 0, err
		}
		if err := consider(x.fixed, x.pool[1:], x.price); err != nil {
			return 0, err
		}
	}
	if len(b.open) == 0 {
		return b.best, nil
	}
	return max(b.best, b.open[0].bound), nil
}

// look bounds the choices of a branch, and keeps a better one that it meets. The pool
// comes back with the place that is worth most first.
func (b *branching) look(ctx context.Context, fixed, pool []int32, price []int64) (*branch, error) {
	have := b.total(fixed)
	if have > b.best {
		b.best, b.chosen = have, slices.Clone(fixed)
	}
	x := &branch{fixed: fixed, bound: have}
	if len(fixed) == b.K || len(pool) == 0 {
		return x, nil
	}
	weight := b.weight
	if len(fixed) > 0 {
		weight = slices.Clone(weight)
		for _, place := range fixed {
			for _, h := range b.serves[place] {
				weight[h] = 0
			}
		}
	}
	slices.Sort(pool)
	rest := newProblem(weight, b.serves, pool, b.K-len(fixed))
	rest.Apart = b.Apart
	if len(rest.Candidates) == 0 {
		return x, nil
	}
	l, steps, pace := newLagrange(rest), laterDescents, 0.25
	if price == nil {
		steps, pace = descents, 1
		l.start(b.chosen)
	}
	for _, h := range rest.homes {
		if price != nil {
			l.price[h] = min(price[h], weight[h]*fraction)
		}
	}
	better, err := l.descend(ctx, steps, pace, b.best-have)
	if err != nil {
		return nil, err
	}
	b.work += l.work
	if better != nil {
		b.chosen = append(slices.Clone(fixed), better...)
		b.best = b.total(b.chosen)
	}
	x.pool, x.price, x.bound = l.pool, l.price, have+l.bound()
	return x, nil
}

// branches has the highest bound on top.
type branches []*branch

func (h branches) Len() int { return len(h) }
func (h branches) Less(i, j int) bool {
	return h[i].bound > h[j].bound || h[i].bound == h[j].bound && h[i].number < h[j].number
}
func (h branches) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *branches) Push(x any)   { *h = append(*h, x.(*branch)) }
func (h *branches) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
