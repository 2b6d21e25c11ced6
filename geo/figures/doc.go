// Package figures is what is told of the results of an edition, beyond its rows: people by
// band of time, hours and fragility, what one cell finds, who reaches an open lieu at a
// moment, the index of a zone blanche, territoires that are alike, what became of earlier
// editions, and where one more lieu helps most.
//
// It knows no HTTP and writes nothing: numbers are as they were computed, and are rounded
// by who prints them. NaN is "no value": it is unknown, or nobody carries one. Times are in
// minutes, hours are a week, scores are 0 to 10.
package figures

import "math"

// mean is a weighted mean. The zero value is of nothing.
type mean struct{ sum, weight float64 }

func (m *mean) add(value, weight float64) {
	m.sum += value * weight
	m.weight += weight
}

// of is the mean; NaN when nothing carries a value.
func (m *mean) of() float64 {
	if m.weight == 0 {
		return math.NaN()
	}
	return m.sum / m.weight
}
