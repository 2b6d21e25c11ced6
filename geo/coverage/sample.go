package coverage

import (
	"cmp"
	"math"
	"slices"
	"sort"
)

// Sample gathers whole values carried by people, for population-weighted figures. The
// zero value is empty.
type Sample struct{ obs []observation }

type observation struct {
	value  uint32
	people int
}

// Add gives n people a value.
func (s *Sample) Add(value uint32, n int) {
	if n > 0 {
		s.obs = append(s.obs, observation{value, n})
	}
}

// Column puts the sample in order.
func (s *Sample) Column() Column {
	slices.SortFunc(s.obs, func(a, b observation) int { return cmp.Compare(a.value, b.value) })
	var c Column
	people := 0
	for _, o := range s.obs {
		people += o.people
		c.sum += int64(o.value) * int64(o.people)
		if last := len(c.values) - 1; last >= 0 && c.values[last] == o.value {
			c.upTo[last] = people
			continue
		}
		c.values, c.upTo = append(c.values, o.value), append(c.upTo, people)
	}
	return c
}

// Column is a Sample in order. Its figures follow changes at the price of what
// changes, and are, bit for bit, those of a sample made afresh: sums are of whole
// numbers. It is immutable.
type Column struct {
	values []uint32 // ascending, each once
	upTo   []int    // people who have this value or less
	sum    int64    // of values × people
}

// Change says that so many people more have a value; fewer, when negative.
type Change struct {
	Value  uint32
	People int
}

// people is how many of the column have a value of at most v.
func (c *Column) people(v uint32) int {
	i := sort.Search(len(c.values), func(i int) bool { return c.values[i] > v })
	if i == 0 {
		return 0
	}
	return c.upTo[i-1]
}

// Figures are those of the column after changes, which are sorted in place and added
// up. unit is how much of the printed unit a value of 1 is the inverse of: 600 for
// deciseconds printed in minutes.
func (c *Column) Figures(changes []Change, unit float64) Distribution {
	slices.SortFunc(changes, func(a, b Change) int { return cmp.Compare(a.Value, b.Value) })
	sum, more, highest := c.sum, 0, uint32(0)
	if n := len(c.values); n > 0 {
		highest = c.values[n-1]
	}
	for i := range changes {
		sum += int64(changes[i].Value) * int64(changes[i].People)
		more += changes[i].People
		changes[i].People = more
		highest = max(highest, changes[i].Value)
	}
	all := more
	if n := len(c.upTo); n > 0 {
		all += c.upTo[n-1]
	}
	if all == 0 {
		return Distribution{}
	}
	upTo := func(v uint32) int {
		n := c.people(v)
		if i := sort.Search(len(changes), func(i int) bool { return changes[i].Value > v }); i > 0 {
			n += changes[i-1].People
		}
		return n
	}
	// The smallest value such that at least the share p of people have it or less.
	percentile := func(p float64) float64 {
		need := p * float64(all)
		v := sort.Search(int(highest), func(v int) bool { return float64(upTo(uint32(v))) >= need })
		return float64(v) / unit
	}
	return Distribution{Known: true, P10: percentile(0.1), P50: percentile(0.5), P90: percentile(0.9), Mean: float64(sum) / (unit * float64(all))}
}

// Mean gathers whole values carried by people, for their mean alone, which does not
// depend on their order. The zero value is empty.
type Mean struct{ people, sum int64 }

// Add gives n people a value.
func (m *Mean) Add(value uint32, n int32) {
	m.people += int64(n)
	m.sum += int64(value) * int64(n)
}

// Minutes is the mean of values in deciseconds; NaN when there is nobody.
func (m *Mean) Minutes() float64 { return m.over(perMinute) }

// WeeklyHours is the mean of values in slots of the cycle; NaN when there is nobody.
func (m *Mean) WeeklyHours() float64 { return m.over(perWeeklyHour) }

func (m *Mean) over(unit float64) float64 {
	if m.people == 0 {
		return math.NaN()
	}
	return float64(m.sum) / (unit * float64(m.people))
}
