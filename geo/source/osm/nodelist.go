package osm

import (
	"context"
	"slices"
)

// nodeList is ids of nodes; once sorted, what is known of a node has its place.
type nodeList struct {
	ids  []int64
	next int // where find looks first
}

// sort sorts the ids, each once; it answers false when ctx has ended.
func (l *nodeList) sort(ctx context.Context) bool {
	if !sortUntil(ctx, l.ids) {
		return false
	}
	l.ids = slices.Clip(slices.Compact(l.ids))
	return true
}

// find is the place of a node, or false. Files list their nodes in order, and ways
// nodes made one after the other, so the place is mostly the one after the last, or
// still to come.
func (l *nodeList) find(id int64) (int, bool) {
	i := l.next
	if i < len(l.ids) && l.ids[i] < id {
		i++
	}
	if (i < len(l.ids) && l.ids[i] < id) || (i > 0 && l.ids[i-1] >= id) {
		i, _ = slices.BinarySearch(l.ids, id)
	}
	l.next = i
	return i, i < len(l.ids) && l.ids[i] == id
}

// sortUntil sorts ids unless ctx ends: then it answers false, and their order is any.
// The nodes of a country take ten seconds. Quicksort down to what takes 50 ms.
func sortUntil(ctx context.Context, ids []int64) bool {
	const leaf = 1 << 19
	for len(ids) > leaf {
		if ctx.Err() != nil {
			return false
		}
		// Of a sample across the whole, so that order does no harm; those equal to the
		// pivot go to either side.
		const samples = 63
		var sample [samples]int64
		for i := range sample {
			sample[i] = ids[len(ids)/samples*i]
		}
		slices.Sort(sample[:])
		pivot := sample[samples/2]
		i, j := 0, len(ids)-1
		for i <= j {
			for ids[i] < pivot {
				i++
			}
			for ids[j] > pivot {
				j--
			}
			if i <= j {
				ids[i], ids[j] = ids[j], ids[i]
				i++
				j--
			}
		}
		if !sortUntil(ctx, ids[:j+1]) {
			return false
		}
		ids = ids[i:]
	}
	slices.Sort(ids)
	return ctx.Err() == nil
}
