package transit

import "slices"

// pair is a journey as a profile holds it: when it leaves and when it arrives, in seconds of a
// date. Pairs are ordered by their departure, the latest first, then by their arrival, the
// earliest first.
type pair uint64

// afterAll is later than all times of journeys.
const afterAll = 1 << 30

func newPair(leave, arrive int32) pair {
	return pair(uint32(afterAll-leave))<<32 | pair(uint32(arrive))
}

func (p pair) leave() int32  { return afterAll - int32(p>>32) }
func (p pair) arrive() int32 { return int32(uint32(p)) }

// earlier is p for who must leave so many seconds before.
func (p pair) earlier(seconds int32) pair { return p + pair(uint32(seconds))<<32 }

// profile is pairs in order of which none is of no use: who leaves earlier arrives earlier.
type profile []pair

// prune sorts pairs and takes those out that are of no use beside the others.
func prune(pairs []pair) profile {
	slices.Sort(pairs)
	kept := pairs[:0]
	for _, p := range pairs {
		if len(kept) == 0 || p.arrive() < kept[len(kept)-1].arrive() {
			kept = append(kept, p)
		}
	}
	return kept
}

// merge appends to dst the pairs of a and b that are of use, and to fresh those of b among
// them that are not in a.
func merge(dst, fresh, a, b profile) (merged, added profile) {
	best := int32(afterAll)
	for len(a) > 0 || len(b) > 0 {
		if len(b) == 0 || len(a) > 0 && a[0] <= b[0] {
			if a[0].arrive() < best {
				dst, best = append(dst, a[0]), a[0].arrive()
			}
			a = a[1:]
			continue
		}
		if b[0].arrive() < best {
			dst, fresh, best = append(dst, b[0]), append(fresh, b[0]), b[0].arrive()
		}
		b = b[1:]
	}
	return dst, fresh
}

// from is the journey that leaves at a time or later and arrives first; false: there is none.
func (p profile) from(time int32) (pair, bool) {
	after, _ := slices.BinarySearch(p, newPair(time-1, 0))
	if after == 0 {
		return 0, false
	}
	return p[after-1], true
}
