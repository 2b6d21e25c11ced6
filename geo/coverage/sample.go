package coverage

import (
	"cmp"
	"slices"
)

// Sample gathers values carried by people, for population-weighted figures. The
// zero value is empty.
type Sample struct {
	obs    []observation
	people int
	sum    float64
	sorted bool
}

type observation struct {
	value  float64
	people int
}

// Add gives n people a value.
func (s *Sample) Add(value float64, n int) {
	if n <= 0 {
		return
	}
	s.obs = append(s.obs, observation{value, n})
	s.people += n
	s.sum += value * float64(n)
	s.sorted = false
}

// People is the number of people in the sample.
func (s *Sample) People() int { return s.people }

// Mean is the mean over people; false when there is nobody.
func (s *Sample) Mean() (float64, bool) {
	if s.people == 0 {
		return 0, false
	}
	return s.sum / float64(s.people), true
}

// Percentile is the smallest value such that at least the share p of people
// (0 < p ≤ 1) have it or less; false when there is nobody.
func (s *Sample) Percentile(p float64) (float64, bool) {
	if s.people == 0 {
		return 0, false
	}
	if !s.sorted {
		slices.SortFunc(s.obs, func(a, b observation) int { return cmp.Compare(a.value, b.value) })
		s.sorted = true
	}
	need, have := p*float64(s.people), 0
	for _, o := range s.obs {
		have += o.people
		if float64(have) >= need {
			return o.value, true
		}
	}
	return s.obs[len(s.obs)-1].value, true
}
