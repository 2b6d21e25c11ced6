package figures

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestBoundsOf: they ascend, nobody is alone below the first or above the last, and each
// is the first score with its share of the people below it, so that no band is larger than
// its share by more than the people of one score.
func TestBoundsOf(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for range 1000 {
		people, total, largest := map[int]int{}, 0, 0
		for range random.IntN(60) {
			people[random.IntN(101)] += 1 + random.IntN(1000)
		}
		for _, n := range people {
			total += n
			largest = max(largest, n)
		}
		bounds := boundsOf(people)
		if bounds == nil || len(bounds) >= fragilityBands || !slices.IsSorted(bounds) || len(slices.Compact(slices.Clone(bounds))) != len(bounds) {
			t.Fatalf("%v: bounds %v", people, bounds)
		}
		if len(people) > fragilityBands && fragilityBands*largest <= total && len(bounds) != fragilityBands-1 {
			t.Fatalf("%v: bounds %v, want four", people, bounds)
		}
		for k, bound := range bounds {
			below := 0
			for at, n := range people {
				if float64(at)/10 < bound {
					below += n
				}
			}
			if share := total * (k + 1); fragilityBands*below < share || below == total || k == 0 && fragilityBands*(below-largest) >= share {
				t.Fatalf("%v: %d of %d people below %v", people, below, total, bound)
			}
		}
	}
	if got := boundsOf(map[int]int{10: 7, 20: 7, 30: 7, 40: 7, 50: 7, 60: 7, 70: 7, 80: 7, 90: 7, 100: 7}); !slices.Equal(got, []float64{3, 5, 7, 9}) {
		t.Errorf("bounds %v", got)
	}
}
