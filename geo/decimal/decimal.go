// Package decimal holds numbers that are kept as they were computed and written with so many
// decimals. JSON rounds them as it encodes them, so that a rounded number has nowhere to feed
// another; tables round them by Written.
package decimal

import (
	"math"
	"strconv"
)

// One, Two, Three and Four are written with so many decimals at most.
type (
	One   float64
	Two   float64
	Three float64
	Four  float64
)

// Written is v as it is written; so are those below.
func (v One) Written() One { return One(Round(float64(v), 1)) }

func (v Two) Written() Two { return Two(Round(float64(v), 2)) }

func (v Three) Written() Three { return Three(Round(float64(v), 3)) }

func (v Four) Written() Four { return Four(Round(float64(v), 4)) }

// MarshalJSON writes a number; so do those below.
func (v One) MarshalJSON() ([]byte, error) { return write(float64(v.Written())) }

func (v Two) MarshalJSON() ([]byte, error) { return write(float64(v.Written())) }

func (v Three) MarshalJSON() ([]byte, error) { return write(float64(v.Written())) }

func (v Four) MarshalJSON() ([]byte, error) { return write(float64(v.Written())) }

// write leaves it to JSON to refuse what is no number.
func write(v float64) ([]byte, error) { return strconv.AppendFloat(nil, v, 'f', -1, 64), nil }

// Round rounds to digits decimals, half away from zero.
func Round(v float64, digits int) float64 {
	k := math.Pow10(digits)
	return math.Round(v*k) / k
}
