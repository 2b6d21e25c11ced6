package graph

import "math/bits"

// Updater keeps a Field right while sources come and go, at the price of what
// changes: the result is what Compute would give for the sources that are left, bit
// for bit. It may be used for one Field after the other over its core; it is scratch
// space, one per goroutine.
type Updater struct {
	core *Core
	out  Rows // arcs between ranks of the core, by tail
	down Rows // the arcs of core.up turned: row i holds the ranks with an arc to rank i
	over Rows // the arcs of core.below turned: row i holds the arcs of rank i to higher ones

	changed []int32 // ranks whose label became better
	region  []int32 // ranks that lose their label
	dirty   []uint64
}

// NewUpdater indexes c for updates: about as much memory as c takes itself.
func (c *Core) NewUpdater() *Updater {
	return &Updater{
		core:  c,
		out:   c.in.Turned(),
		down:  c.up.turnedFrom(c.size, c.Nodes()),
		over:  c.below.turnedFrom(c.size, c.Nodes()),
		dirty: make([]uint64, (c.Nodes()-c.size+63)/64),
	}
}

// turnedFrom turns rows that stand for nodes offset, offset+1…: the row of a node
// of the result holds these.
func (r Rows) turnedFrom(offset, nodes int) Rows {
	first := make([]uint32, nodes+2)
	for _, a := range r.Arcs {
		first[a.Node+2]++
	}
	for v := range nodes {
		first[v+2] += first[v+1]
	}
	arcs := make([]Arc, len(r.Arcs))
	for i := range int32(r.Nodes()) {
		for _, a := range r.Of(i) {
			at := &first[a.Node+1]
			arcs[*at] = Arc{i + int32(offset), a.Cost}
			*at++
		}
	}
	return Rows{First: first[:nodes+1], Arcs: arcs}
}

// Add takes in the seeds of one more source, or of several.
func (u *Updater) Add(f *Field, seeds []Seed) {
	u.mustFit(f)
	f.plant(seeds)
	u.settle(f)
}

// Remove takes away a source. seeds are its own, with its owner; rest, those of the
// sources that stay.
func (u *Updater) Remove(f *Field, seeds, rest []Seed) {
	u.mustFit(f)
	u.region = u.region[:0]
	for _, s := range seeds {
		u.lose(f, f.core.rank[s.Node], s.Label.Owner())
	}
	// A rank of the source has its next on the way there in it, too: whatever is in
	// its region is found from its seeds, against the arcs.
	c, owner := u.core, int32(0)
	if len(seeds) > 0 {
		owner = seeds[0].Label.Owner()
	}
	for i := 0; i < len(u.region); i++ {
		rank := u.region[i]
		against := c.in
		row := rank
		if int(rank) >= c.size {
			against, row = c.below, rank-int32(c.size)
		}
		for _, a := range against.Of(row) {
			u.lose(f, a.Node, owner)
		}
		for _, a := range u.down.Of(rank) {
			u.lose(f, a.Node, owner)
		}
	}
	// From the border inwards: what each rank gets from outside the region.
	for _, rank := range u.region {
		along := u.out
		row := rank
		if int(rank) >= c.size {
			along, row = c.up, rank-int32(c.size)
		}
		best := Unreached
		for _, a := range along.Of(row) {
			best = min(best, f.labels[a.Node].Plus(a.Cost))
		}
		for _, a := range u.over.Of(rank) {
			best = min(best, f.labels[a.Node].Plus(a.Cost))
		}
		if best.Reached() {
			f.labels[rank] = best
			f.note(rank)
		}
	}
	f.plant(rest)
	u.settle(f)
}

func (u *Updater) mustFit(f *Field) {
	if f.core != u.core {
		panic("graph: a field over another core")
	}
}

// lose takes a rank into the region that loses its label, if it has the owner's.
func (u *Updater) lose(f *Field, rank, owner int32) {
	if l := f.labels[rank]; l.Reached() && l.Owner() == owner {
		f.labels[rank] = Unreached
		u.region = append(u.region, rank)
	}
}

// settle carries the labels that were noted as better to everything they make
// better. A best journey climbs to lower ranks and then comes down to the source, so
// that three passes are enough: up from the source, across the core, and down.
func (u *Updater) settle(f *Field) {
	u.changed = u.changed[:0]
	f.rise(&u.changed)
	f.search(&u.changed)
	lowest := len(u.dirty)
	mark := func(rank int32) {
		for _, a := range u.down.Of(rank) {
			i := int(a.Node) - u.core.size
			u.dirty[i/64] |= 1 << (i % 64)
			lowest = min(lowest, i/64)
		}
	}
	for _, rank := range u.changed {
		mark(rank)
	}
	// Arcs come down to higher ranks only, so nothing is marked behind the sweep.
	for w := lowest; w < len(u.dirty); w++ {
		for u.dirty[w] != 0 {
			bit := bits.TrailingZeros64(u.dirty[w])
			u.dirty[w] &^= 1 << bit
			i := int32(64*w + bit)
			rank := i + int32(u.core.size)
			best := f.labels[rank]
			for _, a := range u.core.up.Of(i) {
				best = min(best, f.labels[a.Node].Plus(a.Cost))
			}
			if best < f.labels[rank] {
				f.labels[rank] = best
				mark(rank)
			}
		}
	}
}
