package ifn

import (
	"fmt"
	"math"
	"slices"
)

// Method turns values into points, higher = more fragile. x is a value; the
// reference rows are those of [Options].Reference, by default all rows of the
// table; direction −1 marks a variable whose higher values are less fragile.
type Method string

// The methods.
const (
	// Ratio compares with a reference value x_ref: points = 100·x/x_ref, and
	// 100·x_ref/x for direction −1; 100 = like the reference. It needs a scale with
	// a true zero: a point is unknown when x_ref ≤ 0, x < 0, or x = 0 where x
	// divides. x_ref is the population-weighted mean of the reference rows, or the
	// value of one reference row per row (see [Options].ReferenceRow). Sub-index and
	// index are in the same points. Source: IFN v1 (SGAR Occitanie, ANSA, La Mednum, 2019).
	Ratio Method = "ratio"

	// Rank gives each value one of seven scores, −3…+3, by its place among the
	// reference rows; a sub-index is sum/(3n)·10 (weighted), from −10 to +10.
	// Source: IFN v2 (La Mednum, 2022). No cut points are published: ours are the
	// septiles. With p the mid-rank share (see [Percentile]), the score is 7p − 3.5
	// rounded to the nearest integer, halves toward 0, so that reversing a
	// variable reverses its scores exactly.
	Rank Method = "rank"

	// MinMax stretches the range of the reference rows over 0…10: points =
	// 10·(x−min)/(max−min), and 10 minus that for direction −1. A value outside the
	// range takes the nearer end; a range of one value gives 5 to that value.
	// Source: Digital Exclusion Risk Index (Greater Manchester Combined Authority, 2021).
	MinMax Method = "minmax"

	// Percentile is the mid-rank share among the known values of the reference
	// rows, times 10: points = 10·p, p = (number below x + ½·number equal to x)/n,
	// and 10·(1−p) for direction −1. Every reference row counts once, whatever its
	// population. Ties share their mean rank; a constant variable gives 5 to all.
	// It is the default: one outlier moves nobody else.
	Percentile Method = "percentile"

	// Points takes values that are points already, against a reference of 100, as some
	// indices are published: points = value, and 200 minus that for direction −1. Sub-index
	// and index are in the same points.
	Points Method = "points"
)

// Methods lists the methods, the default first.
func Methods() []Method { return []Method{Percentile, MinMax, Rank, Ratio, Points} }

// ParseMethod reads the name of a method.
func ParseMethod(name string) (Method, error) {
	if m := Method(name); slices.Contains(Methods(), m) {
		return m, nil
	}
	return "", fmt.Errorf("method %q: expected percentile, minmax, rank, ratio or points", name)
}

// UnmarshalText reads the name of a method.
func (m *Method) UnmarshalText(text []byte) (err error) {
	*m, err = ParseMethod(string(text))
	return err
}

// Formula says in French how the method makes points, for people who read it.
func (m Method) Formula() string {
	switch m {
	case Ratio:
		return "points = 100 × valeur ÷ valeur de référence (l'inverse pour une variable de sens contraire) ; 100 = comme la référence"
	case Rank:
		return "points de −3 à +3 selon le septième où se range la valeur ; sous-indice = somme ÷ (3 n) × 10, de −10 à +10"
	case Points:
		return "points = valeur : les valeurs sont publiées en points, 100 = comme la référence"
	case MinMax:
		return "points = 10 × (valeur − minimum) ÷ (maximum − minimum), et 10 moins cela pour une variable de sens contraire"
	}
	return "points = 10 × part des territoires dont la valeur est plus basse (les égaux comptent pour moitié), et 10 moins cela pour une variable de sens contraire"
}

// scale multiplies the mean of points into a score: sum/(3n)·10 for Rank.
func (m Method) scale() float64 {
	if m == Rank {
		return 10.0 / 3
	}
	return 1
}

// points fills out with the points of every value, NaN where unknown. reference
// holds the known values of the reference rows, sorted; Ratio uses xRef instead,
// the reference value of each row.
func (m Method) points(out, values, reference []float64, xRef func(row int) float64, dir Direction) {
	n := len(reference)
	for i, x := range values {
		out[i] = math.NaN()
		if math.IsNaN(x) {
			continue
		}
		switch m {
		case Ratio:
			out[i] = ratioPoints(x, xRef(i), dir)
		case Points:
			if out[i] = x; dir < 0 {
				out[i] = 200 - x
			}
		case MinMax:
			if n > 0 {
				out[i] = minMaxPoints(x, reference[0], reference[n-1], dir)
			}
		case Rank, Percentile:
			if n > 0 {
				out[i] = m.midPoints(midRank(x, reference, dir), n)
			}
		}
	}
}

// midPoints is the points of a mid-rank (see midRank) among n.
func (m Method) midPoints(mid, n int) float64 {
	if m == Rank {
		return rankPoints(mid, n)
	}
	return 10 * float64(mid) / float64(2*n)
}

// ownPoints is points for values that are their own reference, for Rank and
// Percentile: one sort gives every mid-rank, without a search per row.
func (m Method) ownPoints(out, values []float64, dir Direction) {
	sorter := radix{items: make([]keyed, 0, len(values))}
	for i, x := range values {
		if out[i] = math.NaN(); !math.IsNaN(x) {
			sorter.add(ascending(x), int32(i))
		}
	}
	items := sorter.sort()
	for from, to := 0, 0; from < len(items); from = to {
		for to = from + 1; to < len(items) && items[to].key == items[from].key; {
			to++
		}
		mid := from + to
		if dir < 0 {
			mid = 2*len(items) - mid
		}
		p := m.midPoints(mid, len(items))
		for _, it := range items[from:to] {
			out[it.row] = p
		}
	}
}

// ascending is an integer that orders as x does; both zeros are one.
func ascending(x float64) uint64 {
	bits := math.Float64bits(x + 0)
	if bits>>63 == 1 {
		return ^bits
	}
	return bits | 1<<63
}

func ratioPoints(x, xRef float64, dir Direction) float64 {
	if !(xRef > 0) || x < 0 {
		return math.NaN()
	}
	if dir < 0 {
		x, xRef = xRef, x
	}
	if p := 100 * x / xRef; !math.IsInf(p, 0) {
		return p
	}
	return math.NaN()
}

func minMaxPoints(x, low, high float64, dir Direction) float64 {
	var p float64
	switch {
	case low == high:
		// Nothing tells the reference rows apart; a row outside their one value is
		// beyond the end of the scale.
		p = 5
		if x < low {
			p = 0
		} else if x > high {
			p = 10
		}
	default:
		// Halves keep the difference of two huge values finite.
		p = 10 * min(1, max(0, (x/2-low/2)/(high/2-low/2)))
	}
	if dir < 0 {
		return 10 - p
	}
	return p
}

// midRank is 2·(number below x) + (number equal to x) among sorted, an integer
// from 0 to 2n, reversed for direction −1. Integers keep ties and reversal exact.
func midRank(x float64, sorted []float64, dir Direction) int {
	below, found := slices.BinarySearch(sorted, x)
	upTo := below
	if found {
		// The end of the run of equal values, searched in what is left.
		upTo += equalRun(sorted[below:])
	}
	m := below + upTo
	if dir < 0 {
		return 2*len(sorted) - m
	}
	return m
}

// equalRun is the number of leading values equal to the first, by galloping:
// a column of zeros must not cost a walk per row.
func equalRun(sorted []float64) int {
	x, high := sorted[0], 1
	for high < len(sorted) && sorted[high] == x {
		high *= 2
	}
	low := high / 2
	rest := sorted[low:min(high, len(sorted))]
	n, _ := slices.BinarySearchFunc(rest, x, func(v, x float64) int {
		if v > x {
			return 1
		}
		return -1
	})
	return low + n
}

// rankPoints is 7p − 3.5 rounded to the nearest integer, halves toward 0, with
// p = m/2n. In units of 1/2n, u = 7m − 7n, and the rounding is ⌈(|u| − n)/2n⌉.
func rankPoints(m, n int) float64 {
	u := 7*m - 7*n
	sign := 1.0
	if u < 0 {
		u, sign = -u, -1
	}
	if u <= n {
		return 0
	}
	return sign * float64((u-n+2*n-1)/(2*n))
}
