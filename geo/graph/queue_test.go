package graph

import (
	"math/rand/v2"
	"testing"
)

// TestQueue drains random entries in the order of buckets.
func TestQueue(t *testing.T) {
	q := queue{shift: 32 + 5}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 1))
		start := r.Uint64N(1 << 30)
		q.start(start << 32)
		spread := uint64(1) << (4 + r.IntN(18)) // up to 58 hours ahead
		pushed, popped := 0, 0
		push := func(from uint64) {
			q.push((from + r.Uint64N(spread)) << 32)
			pushed++
		}
		for range 1 + r.IntN(50) {
			push(start)
		}
		for last := uint64(0); ; {
			bin, ok := q.next()
			if !ok {
				break
			}
			for i := 0; i < len(q.ring[bin]); i++ {
				e := q.ring[bin][i]
				if b := q.bucketOf(e); b != q.now || b < last {
					t.Fatalf("seed %d: bucket %d popped at %d after %d", seed, b, q.now, last)
				}
				popped++
				last = q.now
				if pushed < 400 {
					push(e >> 32)
				}
			}
			q.done(bin)
		}
		if popped != pushed {
			t.Fatalf("seed %d: %d pushed, %d popped", seed, pushed, popped)
		}
	}
}
