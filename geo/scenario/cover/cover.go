// Package cover solves covering problems: of some places choose k, so that the homes that
// they serve weigh most together. It gives a choice and a bound that no choice surpasses,
// and knows no map.
package cover

import (
	"cmp"
	"container/heap"
	"context"
	"slices"
)

// Problem is a maximal covering location problem (Church & ReVelle 1974): of some
// candidates choose k, so that the homes that they serve weigh most. Weights are whole
// numbers, and so are all sums here: bounds are proven, not estimated. Adding places
// changes it: it belongs to one goroutine.
type Problem struct {
	weight     []int64   // of every home
	serves     [][]int32 // homes of every place, ascending
	K          int       // places to choose
	Candidates []int32   // places that serve somebody, ascending; not to be changed
	value      []int64   // of every place, alone
	homes      []int32   // that some candidate serves, and that weigh something
	pairs      int       // homes of all candidates together

	// Apart, if any, tells whether two places may both be chosen. Set it before Solve.
	Apart func(i, j int32) bool

	times []int32 // how many of the chosen serve each home
}

// New is the problem of choosing k places, each of which serves some homes (ascending);
// weight is that of every home.
func New(weight []int64, serves [][]int32, k int) *Problem {
	places := make([]int32, len(serves))
	for i := range places {
		places[i] = int32(i)
	}
	return newProblem(weight, serves, places, k)
}

// newProblem is the problem with some of the places for candidates, ascending.
func newProblem(weight []int64, serves [][]int32, places []int32, k int) *Problem {
	c := &Problem{weight: weight, serves: serves, K: k, value: make([]int64, len(serves)), times: make([]int32, len(weight))}
	for _, place := range places {
		for _, h := range serves[place] {
			c.value[place] += weight[h]
			if c.times[h] == 0 && weight[h] > 0 {
				c.homes = append(c.homes, h)
			}
			c.times[h] = 1
		}
		if c.value[place] > 0 {
			c.Candidates = append(c.Candidates, place)
			c.pairs += len(serves[place])
		}
	}
	clear(c.times)
	return c
}

// Add chooses a place (by = 1) or gives it up (by = −1).
func (c *Problem) Add(place int32, by int32) {
	for _, h := range c.serves[place] {
		c.times[h] += by
	}
}

// Gain is what one more place would add.
func (c *Problem) Gain(place int32) (sum int64) {
	for _, h := range c.serves[place] {
		if c.times[h] == 0 {
			sum += c.weight[h]
		}
	}
	return sum
}

// total is what a choice weighs.
func (c *Problem) total(chosen []int32) (sum int64) {
	for _, place := range chosen {
		sum += c.Gain(place)
		c.Add(place, 1)
	}
	for _, place := range chosen {
		c.Add(place, -1)
	}
	return sum
}

// fits tells whether a place may join a choice; the one at position but is left aside.
func (c *Problem) fits(place int32, chosen []int32, but int) bool {
	for i, other := range chosen {
		if i != but && (other == place || c.Apart != nil && !c.Apart(place, other)) {
			return false
		}
	}
	return true
}

// Ordered sorts a choice by what each place adds to those before, most first.
func (c *Problem) Ordered(chosen []int32) []int32 {
	left, out := slices.Clone(chosen), []int32{}
	for len(left) > 0 {
		best := 0
		for i := range left {
			if c.Gain(left[i]) > c.Gain(left[best]) {
				best = i
			}
		}
		out = append(out, left[best])
		c.Add(left[best], 1)
		left = slices.Delete(left, best, best+1)
	}
	for _, place := range out {
		c.Add(place, -1)
	}
	return out
}

// Solve gives a choice and what no choice surpasses: greedily, by exchanging one place for
// another while that weighs more, then by branch and bound for a while (see branching). An
// error is that of ctx.
func (c *Problem) Solve(ctx context.Context) (chosen []int32, bound int64, err error) {
	chosen, bound = c.greedy()
	chosen = c.exchange(chosen)
	if best := c.total(chosen); best < bound {
		b := branching{Problem: c, best: best, chosen: chosen}
		proven, err := b.solve(ctx)
		if err != nil {
			return nil, 0, err
		}
		return b.chosen, min(bound, proven), nil
	}
	return chosen, bound, nil
}

// greedy takes the place that adds most, again and again; places are looked at again only
// while they may be first (Minoux 1978). The bound is the least, over what was chosen on
// the way, of its weight and the k greatest gains beside it (Nemhauser et al. 1978).
func (c *Problem) greedy() (chosen []int32, bound int64) {
	queue := make(gainHeap, 0, len(c.Candidates))
	for _, place := range c.Candidates {
		queue = append(queue, gained{c.value[place], place, 0})
	}
	heap.Init(&queue)
	total := int64(0)
	bound = -1
	for len(chosen) < c.K && len(queue) > 0 {
		top := &queue[0]
		switch {
		case !c.fits(top.place, chosen, -1):
			heap.Pop(&queue)
		case top.at < len(chosen):
			top.gain, top.at = c.Gain(top.place), len(chosen)
			heap.Fix(&queue, 0)
		case top.gain == 0:
			queue = nil
		default:
			if b := total + c.most(); bound < 0 || b < bound {
				bound = b
			}
			total += top.gain
			chosen = append(chosen, top.place)
			c.Add(top.place, 1)
			heap.Pop(&queue)
		}
	}
	if b := total + c.most(); bound < 0 || b < bound {
		bound = b
	}
	for _, place := range chosen {
		c.Add(place, -1)
	}
	return chosen, bound
}

// most is the sum of the k greatest gains beside what is chosen.
func (c *Problem) most() (sum int64) {
	gains := make([]int64, len(c.Candidates))
	for i, place := range c.Candidates {
		gains[i] = c.Gain(place)
	}
	slices.SortFunc(gains, func(a, b int64) int { return cmp.Compare(b, a) })
	for _, g := range gains[:min(c.K, len(gains))] {
		sum += g
	}
	return sum
}

// exchange gives up one place for another while that weighs more.
func (c *Problem) exchange(chosen []int32) []int32 {
	chosen = slices.Clone(chosen)
	for _, place := range chosen {
		c.Add(place, 1)
	}
	for better := true; better; {
		better = false
		for i, out := range chosen {
			c.Add(out, -1)
			best, most := out, c.Gain(out)
			for _, place := range c.Candidates {
				if c.value[place] > most && c.fits(place, chosen, i) {
					if g := c.Gain(place); g > most {
						best, most = place, g
					}
				}
			}
			better = better || best != out
			chosen[i] = best
			c.Add(best, 1)
		}
	}
	for _, place := range chosen {
		c.Add(place, -1)
	}
	return chosen
}

// gained is a place with what it added when so many were chosen.
type gained struct {
	gain  int64
	place int32
	at    int
}

// gainHeap has the greatest gain on top, ties to the first place.
type gainHeap []gained

func (h gainHeap) Len() int { return len(h) }
func (h gainHeap) Less(i, j int) bool {
	return h[i].gain > h[j].gain || h[i].gain == h[j].gain && h[i].place < h[j].place
}
func (h gainHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *gainHeap) Push(x any)   { *h = append(*h, x.(gained)) }
func (h *gainHeap) Pop() any {
	last := (*h)[len(*h)-1]
	*h = (*h)[:len(*h)-1]
	return last
}
