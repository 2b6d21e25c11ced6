package cover

import (
	"context"
	"math/rand/v2"
	"slices"
	"testing"
)

// subsets calls visit with every choice of k numbers below n.
func subsets(n, k int, visit func([]int)) {
	picked := make([]int, 0, k)
	var descend func(from int)
	descend = func(from int) {
		if len(picked) == k {
			visit(picked)
			return
		}
		for i := from; i < n; i++ {
			picked = append(picked, i)
			descend(i + 1)
			picked = picked[:len(picked)-1]
		}
	}
	descend(0)
}

// TestCoverAgainstEveryChoice tries every choice of made-up problems: none surpasses the
// bound, and nine times in ten none surpasses the one that is given.
func TestCoverAgainstEveryChoice(t *testing.T) {
	optimal, proven, problems := 0, 0, 400
	for seed := range uint64(problems) {
		r := rand.New(rand.NewPCG(seed, 39))
		weight := make([]int64, 1+r.IntN(60))
		for h := range weight {
			weight[h] = int64(1 + r.IntN(50))
		}
		serves := make([][]int32, 1+r.IntN(16))
		for place := range serves {
			for h := range weight {
				if r.IntN(4) == 0 {
					serves[place] = append(serves[place], int32(h))
				}
			}
		}
		c := New(weight, serves, 1+r.IntN(4))
		if r.IntN(3) == 0 {
			c.Apart = func(i, j int32) bool { return (i-j)%3 != 0 }
		}
		chosen, bound, err := c.Solve(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range chosen {
			if !c.fits(p, chosen, i) {
				t.Fatalf("seed %d: %v: places too near to each other", seed, chosen)
			}
		}
		best := int64(0)
		for k := range min(c.K, len(serves)) {
			subsets(len(serves), k+1, func(picked []int) {
				var some []int32
				for _, i := range picked {
					if !c.fits(int32(i), some, -1) {
						return
					}
					some = append(some, int32(i))
				}
				best = max(best, c.total(some))
			})
		}
		if got := c.total(chosen); got > best || best > bound {
			t.Fatalf("seed %d: chosen %d, best %d, bound %d", seed, got, best, bound)
		} else if got == best {
			optimal++
		}
		// Without branches, the bounds of greed and of prices hold, too.
		l := newLagrange(c)
		first, greedy := c.greedy()
		if greedy < best {
			t.Fatalf("seed %d: the greedy bound %d is below %d", seed, greedy, best)
		}
		if len(first) > 0 {
			l.start(first)
			found, err := l.descend(context.Background(), descents, 1, c.total(first))
			if err != nil {
				t.Fatal(err)
			}
			if max(c.total(first), c.total(found), l.bound()) < best {
				t.Fatalf("seed %d: the bound of prices %d is below %d", seed, l.bound(), best)
			}
		}
		if bound == best {
			proven++
		}
		if slices.Max(c.times) != 0 || slices.Min(c.times) != 0 {
			t.Fatalf("seed %d: places are left chosen", seed)
		}
	}
	t.Logf("%d problems: %d optimal, %d proven", problems, optimal, proven)
	if optimal < problems*9/10 {
		t.Error("fewer than nine in ten are optimal")
	}
}
