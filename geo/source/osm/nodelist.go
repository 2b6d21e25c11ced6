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
// nodes made one after the other, so the place is mostly the one after the last, else near
// it: it is looked for in steps that grow on either side.
func (l *nodeList) find(id int64) (int, bool) {
	const growth = 8 // times
	i, n := l.next, len(l.ids)
	if i < n && l.ids[i] < id {
		i++
	}
	from, to := i, i // the first that is not below id is among these, or at to
	if i < n && l.ids[i] < id {
		from++
		for step := 1; ; step *= growth {
			if to = from + step; to >= n || l.ids[to] >= id {
				to = min(to, n)
				break
			}
			from = to + 1
		}
	} else if i > 0 && l.ids[i-1] >= id {
		to--
		for step := 1; ; step *= growth {
			if from = to - step; from <= 0 || l.ids[from] < id {
				from = max(from, 0)
				break
			}
			to = from
		}
	}
	if from < to {
		at, _ := slices.BinarySearch(l.ids[from:to], id)
		i = from + at
	} else {
		i = to
	}
	l.next = i
	return i, i < n && l.ids[i] == id
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
