package coverage

import "math"

// Fragile counts fragile inhabitants, inhabitants × an index ÷ 10, in ten-millionths. They
// are whole numbers, so that sums of them do not depend on their order; those of a country,
// times a decay, are far from the largest that there is.
type Fragile int64

// FragileUnits make one fragile inhabitant.
const FragileUnits = 10_000_000

// NewFragile is how many of some people are fragile, at a score of 0 to 10: within a
// twenty-millionth of each inhabitant.
func NewFragile(people int32, score float64) Fragile {
	return Fragile(people) * Fragile(math.Round(FragileUnits/10*score))
}

// People is the number of them.
func (f Fragile) People() float64 { return float64(f) / FragileUnits }

// Fragility is the index of people as need is counted with it: a score of 0 to 10, or none
// that is known. People without index are neither fragile nor not: they count in no sum, and
// are counted beside it. The zero value is unknown.
type Fragility struct {
	Score float64
	Known bool
}

// Of is how many of some people are known to be fragile.
func (f Fragility) Of(people int32) Fragile {
	if !f.Known {
		return 0
	}
	return NewFragile(people, f.Score)
}

// NeedFloor is the share of people whose index must be known for a figure that rests on it
// to be told of them; it is then of those alone.
const NeedFloor = 0.5

// NeedKnown reports whether enough is known of the index of people to tell a figure of them:
// that of so many is unknown. Of nobody, all is known.
func NeedKnown(unknown, people int) bool {
	return float64(people-unknown) >= NeedFloor*float64(people)
}
