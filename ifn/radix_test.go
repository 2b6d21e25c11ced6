package ifn

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

// TestRadixAgreesWithComparing on ranges from one key to all of them, reused.
func TestRadixAgreesWithComparing(t *testing.T) {
	var r radix
	random := rand.New(rand.NewPCG(1, 1))
	for _, span := range []uint64{1, 2, 255, 256, 257, 1e10, 1 << 63, math.MaxUint64} {
		for _, n := range []int{0, 1, 2, 300} {
			var want []keyed
			r.reset()
			offset := random.Uint64N(math.MaxUint64 - span + 1)
			for i := range n {
				it := keyed{offset + random.Uint64N(span), int32(i)}
				want = append(want, it)
				r.add(it.key, it.row)
			}
			slices.SortStableFunc(want, func(a, b keyed) int { return cmp.Compare(a.key, b.key) })
			if got := r.sort(); !slices.Equal(got, want) {
				t.Fatalf("%d keys within %d: %v, want %v", n, span, got, want)
			}
		}
	}
}
