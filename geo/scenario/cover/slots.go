package cover

import (
	"cmp"
	"math"
	"math/bits"
	"slices"
)

// Slots is a covering problem in which each home has many things to be covered, by number, and
// what a place covers differs from home to home: which hours of a lieu count for whom. What some
// places bring is the weight of a home for each thing that one of them covers there. That is
// monotone and submodular, so that the greedy choice brings at least 1 − 1/e of the most that any
// choice does (Nemhauser et al. 1978); [Slots.Solve] proves more of most problems. Weights are
// whole numbers. It belongs to one goroutine.
type Slots struct {
	weight  []int64    // of every home
	covered [][]uint64 // of every home, the things that are
	sets    [][]uint64 // of things
	serves  [][]Served // of every place
	K       int

	// Apart, if any, tells whether two places may both be chosen. Then the greedy choice alone
	// promises nothing; the bound of Solve holds.
	Apart func(i, j int32) bool
}

// Served is a home that a place serves: what it covers there is a set, by its number.
type Served struct{ Home, Set int32 }

// NewSlots is the problem of choosing k places. covered, which it takes over, is what each home
// has; all sets have as many words.
func NewSlots(weight []int64, covered, sets [][]uint64, serves [][]Served, k int) *Slots {
	return &Slots{weight: weight, covered: covered, sets: sets, serves: serves, K: k}
}

// Gain is what one more place would add.
func (s *Slots) Gain(place int32) (sum int64) {
	for _, x := range s.serves[place] {
		more := 0
		has := s.covered[x.Home]
		for w, things := range s.sets[x.Set] {
			more += bits.OnesCount64(things &^ has[w])
		}
		sum += int64(more) * s.weight[x.Home]
	}
	return sum
}

// Add chooses a place.
func (s *Slots) Add(place int32) {
	for _, x := range s.serves[place] {
		has := s.covered[x.Home]
		for w, things := range s.sets[x.Set] {
			has[w] |= things
		}
	}
}

// Picked is a place of a choice, and what it adds to those before.
type Picked struct {
	Place int32
	Gain  int64
}

// Solve chooses greedily: again and again the place that adds most, of equals the first. No
// choice of K places brings more than bound: it brings at most what some places bring, and what
// each of K others adds to them alone; which is looked at before each place is chosen, and after
// the last. Useful is how many places bring something by themselves. each, which may end it with
// an error, is called before each place.
func (s *Slots) Solve(each func() error) (chosen []Picked, bound int64, useful int, err error) {
	bound = math.MaxInt64
	total := int64(0)
	barred := make([]bool, len(s.serves))
	gains := make([]int64, len(s.serves))
	for {
		if err := each(); err != nil {
			return nil, 0, 0, err
		}
		best := int32(-1)
		for i := range gains {
			gains[i] = s.Gain(int32(i))
			if gains[i] > 0 && !barred[i] && (best < 0 || gains[i] > gains[best]) {
				best = int32(i)
			}
			if len(chosen) == 0 && gains[i] > 0 {
				useful++
			}
		}
		most := slices.Clone(gains)
		slices.SortFunc(most, func(a, b int64) int { return cmp.Compare(b, a) })
		sum := total
		for _, g := range most[:min(s.K, len(most))] {
			sum += g
		}
		bound = min(bound, sum)
		if best < 0 || len(chosen) == s.K {
			return chosen, bound, useful, nil
		}
		s.Add(best)
		total += gains[best]
		chosen = append(chosen, Picked{best, gains[best]})
		for i := range barred {
			barred[i] = barred[i] || int32(i) == best || s.Apart != nil && !s.Apart(best, int32(i))
		}
	}
}
