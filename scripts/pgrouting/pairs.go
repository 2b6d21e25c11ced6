package main

import (
	"fmt"
	"math/rand/v2"
)

// pair is a trip from a node to another.
type pair struct{ from, to int32 }

// islandEvery is how often an end of a pair is in an island, where there are any:
// drawn at random among all nodes, it would hardly ever be.
const islandEvery = 10

// draw makes n distinct pairs of distinct nodes, or fewer where few are possible.
func draw(random *rand.Rand, inMain, islands []int32, n int) []pair {
	any := func(nodes []int32) int32 { return nodes[random.IntN(len(nodes))] }
	pairs, seen := make([]pair, 0, n), map[pair]bool{}
	for try := 0; len(pairs) < n && try < 10*n; try++ {
		p := pair{any(inMain), any(inMain)}
		if try%islandEvery == 0 && len(islands) > 0 {
			p.from = any(islands)
			if random.IntN(2) == 0 {
				p = pair{p.to, p.from}
			}
		}
		if p.from != p.to && !seen[p] {
			seen[p] = true
			pairs = append(pairs, p)
		}
	}
	return pairs
}

// pick takes n distinct nodes, or all when there are fewer.
func pick(random *rand.Rand, nodes []int32, n int) []int32 {
	order := random.Perm(len(nodes))
	picked := make([]int32, min(n, len(nodes)))
	for i := range picked {
		picked[i] = nodes[order[i]]
	}
	return picked
}

// noPath stands for a cost where there is none.
const noPath int64 = -1

// outcome is how two sets of costs agree.
type outcome struct {
	equal, noPath int // pairs with the same cost; without path for both
	wrong         []difference
}

// difference is a pair whose costs differ, in deciseconds; noPath where there is none.
type difference struct {
	pair
	ours, theirs int64
}

func (d difference) String() string {
	text := func(cost int64) string {
		if cost == noPath {
			return "no path"
		}
		return fmt.Sprintf("%d ds", cost)
	}
	return fmt.Sprintf("from node %d to %d: maillage %s, pgRouting %s", d.from, d.to, text(d.ours), text(d.theirs))
}

// compare compares costs, where a pair that is absent has no path.
func compare(pairs []pair, ours, theirs map[pair]int64) outcome {
	of := func(costs map[pair]int64, p pair) int64 {
		if cost, ok := costs[p]; ok {
			return cost
		}
		return noPath
	}
	var o outcome
	for _, p := range pairs {
		switch a, b := of(ours, p), of(theirs, p); {
		case a != b:
			o.wrong = append(o.wrong, difference{p, a, b})
		case a == noPath:
			o.noPath++
		default:
			o.equal++
		}
	}
	return o
}
