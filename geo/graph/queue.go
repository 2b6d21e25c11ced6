package graph

import (
	"math/bits"
	"slices"
)

// entry is a node waiting at a cost: cost<<32 | node.
type entry = uint64

// ringSize buckets are kept, of about a twelfth of a mean arc each: a window of
// some 80 arcs. What lies beyond it waits in far.
const (
	ringSize = 1 << 10
	ringMask = ringSize - 1
)

// bucketShift chooses the width of a bucket, 1<<shift deciseconds. Inside a bucket
// order is free: a node settled too early is settled again (label-correcting), so
// the outcome is exact whatever the width. Narrow buckets waste scans, wide ones
// waste work; measured by BenchmarkNearest, a twelfth of the mean cost is best
// by a little for each mode.
func bucketShift(arcs []Arc) uint {
	var sum uint64
	for _, a := range arcs {
		sum += uint64(a.Cost)
	}
	return uint(bits.Len64(sum / uint64(max(len(arcs), 1)) / 12))
}

// queue is a circular array of buckets (Dial 1969). Bucket b holds the entries
// of cost b<<shift and up; those of buckets now ≤ b < now+ringSize are in
// ring[b&ringMask], later ones in far, which is looked at each time the ring has
// turned once. Pushing an entry of a bucket before now is not allowed.
type queue struct {
	ring   [ringSize][]entry
	filled [ringSize / 64]uint64 // bit b&ringMask: the bucket holds something
	far    []entry
	now    uint64 // the current bucket
	shift  uint   // of an entry to its bucket: 32 for the node, plus bucketShift
}

func (q *queue) bucketOf(e entry) uint64 { return e >> (q.shift & 63) }

// push adds an entry. Searches write the near case out by hand.
func (q *queue) push(e entry) {
	b := q.bucketOf(e)
	if b-q.now >= ringSize {
		q.far = append(q.far, e)
		return
	}
	b &= ringMask
	q.ring[b] = append(q.ring[b], e)
	q.filled[b/64] |= 1 << (b % 64)
}

// start empties the queue and puts it at the bucket of e.
func (q *queue) start(e entry) {
	for w, word := range q.filled {
		for ; word != 0; word &= word - 1 {
			bin := w*64 + bits.TrailingZeros64(word)
			q.ring[bin] = q.ring[bin][:0]
		}
		q.filled[w] = 0
	}
	q.far = q.far[:0]
	q.now = q.bucketOf(e)
}

// next moves to the next bucket that holds something, now included, and returns
// its bin in the ring; false when the queue is empty.
func (q *queue) next() (bin uint64, ok bool) {
	for {
		// Up to the end of this turn of the ring.
		at := q.now & ringMask
		word := q.filled[at/64] >> (at % 64) << (at % 64)
		for w := at / 64; ; word = q.filled[w] {
			if word != 0 {
				bin = w*64 + uint64(bits.TrailingZeros64(word))
				q.now += bin - at
				return bin, true
			}
			if w++; w == ringSize/64 {
				break
			}
		}
		q.now += ringSize - at
		// A new turn: whatever of far falls within it comes in. An entry went to
		// far at least ringSize ahead, so no turn passes it by.
		if len(q.far) > 0 {
			if q.empty() {
				q.now = max(q.now, q.bucketOf(slices.Min(q.far))&^ringMask)
			}
			waiting := q.far
			q.far = q.far[:0]
			for _, e := range waiting {
				q.push(e)
			}
		} else if q.empty() {
			return 0, false
		}
	}
}

func (q *queue) empty() bool {
	for _, word := range q.filled {
		if word != 0 {
			return false
		}
	}
	return true
}

// done marks the bucket in a bin as taken.
func (q *queue) done(bin uint64) {
	q.ring[bin] = q.ring[bin][:0]
	q.filled[bin/64] &^= 1 << (bin % 64)
}
