package osm

import (
	"cmp"
	"slices"
)

// newest tells which copy of each object counts, where files hold copies of one: the
// newest by its [stamp], of equals the first. It is told of every copy in the first pass,
// and asked in the order of the files in a later one.
type newest struct {
	scattered bool // copies are kept; else it only finds out whether there may be any
	doubtful  bool // there may be: ids do not go up
	begun     bool
	last      int64    // the id before
	all       []copied // every copy, when scattered
	choice    map[int64]*choice
}

type copied struct {
	id    int64
	stamp stamp
	road  bool // to us: a road, or a relation of use
}

// choice is the copy that counts of an object that has several.
type choice struct {
	copied
	taken bool
}

// see is told of one copy.
func (n *newest) see(c copied) {
	if n.scattered {
		n.all = append(n.all, c)
		return
	}
	n.doubtful = n.doubtful || n.begun && c.id <= n.last
	n.last, n.begun = c.id, true
}

func (n *newest) choose(c copied) {
	if n.choice == nil {
		n.choice = map[int64]*choice{}
	}
	if old := n.choice[c.id]; old == nil {
		n.choice[c.id] = &choice{copied: c}
	} else if c.stamp > old.stamp {
		old.copied = c
	}
}

// settle ends what is told.
func (n *newest) settle() {
	slices.SortStableFunc(n.all, func(a, b copied) int { return cmp.Compare(a.id, b.id) })
	for i := 1; i < len(n.all); i++ {
		if n.all[i].id == n.all[i-1].id {
			n.choose(n.all[i-1])
			n.choose(n.all[i])
		}
	}
	n.all = nil
}

// take reports whether a copy is the one that counts: true once for each object.
func (n *newest) take(id int64, s stamp) bool {
	c := n.choice[id]
	if c == nil {
		return true
	}
	if c.taken || s != c.stamp {
		return false
	}
	c.taken = true
	return true
}

// ofUse reports whether the copy that counts of an object is of use.
func (n *newest) ofUse(id int64) bool { c := n.choice[id]; return c == nil || c.road }
