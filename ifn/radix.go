package ifn

import "math/bits"

// radix sorts rows by an integer key, stably, byte by byte from the lowest. Rank
// intervals sort the same few hundred rows hundreds of times; this halves their
// cost against comparing and searching. The zero value is ready, and keeps its
// memory from one sort to the next.
type radix struct {
	items, spare []keyed
}

type keyed struct {
	key uint64
	row int32
}

func (r *radix) reset() { r.items = r.items[:0] }

func (r *radix) add(key uint64, row int32) { r.items = append(r.items, keyed{key, row}) }

// sort returns what was added since reset in ascending order of key, equal keys
// in the order they were added. The slice is valid until the next reset.
func (r *radix) sort() []keyed {
	if len(r.items) == 0 {
		return nil
	}
	low, high := r.items[0].key, r.items[0].key
	for _, it := range r.items {
		low, high = min(low, it.key), max(high, it.key)
	}
	if cap(r.spare) < len(r.items) {
		r.spare = make([]keyed, len(r.items))
	}
	from, to := r.items, r.spare[:len(r.items)]
	for shift := 0; shift < bits.Len64(high-low); shift += 8 {
		var start [256]int // first the number of keys per byte, then where each goes
		for _, it := range from {
			start[byte((it.key-low)>>shift)]++
		}
		at := 0
		for b, n := range start {
			start[b] = at
			at += n
		}
		for _, it := range from {
			b := byte((it.key - low) >> shift)
			to[start[b]] = it
			start[b]++
		}
		from, to = to, from
	}
	r.items, r.spare = from, to
	return r.items
}
