package osm

import (
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// TestFind compares with a search that remembers nothing, from wherever the last one ended.
func TestFind(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 300 {
		var l nodeList
		for range r.IntN(1 << r.IntN(12)) {
			l.ids = append(l.ids, r.Int64N(3000)-500)
		}
		l.sort(t.Context())
		id := int64(0)
		for range 300 {
			switch r.IntN(3) {
			case 0:
				id = r.Int64N(3400) - 700
			case 1:
				id += r.Int64N(3)
			default:
				id += r.Int64N(40) - 20
			}
			before := l.next
			at, ok := l.find(id)
			if want, found := slices.BinarySearch(l.ids, id); at != want || ok != found {
				t.Fatalf("seed %d: %d of %d ids, from %d: at %d, %v; want %d, %v", seed, id, len(l.ids), before, at, ok, want, found)
			}
		}
	}
}
