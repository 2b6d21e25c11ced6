package reply

import (
	"math"
)

// Ptr is the address of a value that may be absent.
func Ptr[T any](v T) *T { return &v }

// Rounded rounds for printing, half away from zero.
func Rounded(v float64, decimals int) float64 {
	k := math.Pow10(decimals)
	return math.Round(v*k) / k
}

// OrNone rounds for printing; nil when there is no value.
func OrNone(v float64, decimals int) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return Ptr(Rounded(v, decimals))
}
