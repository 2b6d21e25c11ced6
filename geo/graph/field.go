package graph

import (
	"math"
	"slices"
)

// Field is the distance from every node to the nearest of some sources, and the
// scratch space to compute it: one per goroutine, to be reused. Once warm it
// allocates nothing.
type Field struct {
	core   *Core
	labels []Label // by rank
	queue  queue

	rising rankHeap // ranks outside the core whose label goes up next
	roots  []int32  // ranks of the core that the search starts from
}

// NewField returns a Field over c. Before Compute nothing is reached.
func (c *Core) NewField() *Field {
	f := &Field{core: c, labels: make([]Label, c.Nodes()), queue: queue{shift: 32 + bucketShift(c.in.Arcs)}}
	f.clear()
	return f
}

// Label is the distance of a node.
func (f *Field) Label(node int32) Label { return f.labels[f.core.rank[node]] }

// clear makes every rank Unreached; copying is faster than a loop of stores.
func (f *Field) clear() {
	const block = 512
	if len(f.labels) <= block {
		for i := range f.labels {
			f.labels[i] = Unreached
		}
		return
	}
	for i := range f.labels[:block] {
		f.labels[i] = Unreached
	}
	for n := block; n < len(f.labels); n += block {
		copy(f.labels[n:], f.labels[:block])
	}
}

// Compute computes every label from seeds alone.
func (f *Field) Compute(seeds []Seed) {
	f.clear()
	f.plant(seeds)
	f.rise(nil)
	f.search(nil)
	f.fill()
}

// plant gives seeds to their ranks where they are better, and notes these.
func (f *Field) plant(seeds []Seed) {
	for _, s := range seeds {
		rank := f.core.rank[s.Node]
		if s.Label < f.labels[rank] {
			f.labels[rank] = s.Label
			f.note(rank)
		}
	}
}

// note remembers a rank whose label has become better.
func (f *Field) note(rank int32) {
	if int(rank) < f.core.size {
		f.roots = append(f.roots, rank)
	} else {
		f.rising.push(rank)
	}
}

// rise hands the labels of ranks outside the core to the ranks below them, highest
// first: the arcs into a rank come from lower ones. changed, if any, is told each
// rank outside the core whose label is final.
func (f *Field) rise(changed *[]int32) {
	c := f.core
	last := int32(-1)
	for len(f.rising) > 0 {
		rank := f.rising.pop()
		if rank == last {
			continue
		}
		last = rank
		if changed != nil {
			*changed = append(*changed, rank)
		}
		label := f.labels[rank]
		for _, a := range c.below.Of(rank - int32(c.size)) {
			if l := label.Plus(a.Cost); l < f.labels[a.Node] {
				f.labels[a.Node] = l
				f.note(a.Node)
			}
		}
	}
}

// batchSize nodes are looked up together.
const batchSize = 8

// search goes through the core from the roots. changed, if any, is told each rank whose
// label became better, possibly several times.
func (f *Field) search(changed *[]int32) {
	if len(f.roots) == 0 {
		return
	}
	q, labels, first, arcs := &f.queue, f.labels, f.core.in.First, f.core.in.Arcs
	lowest := Unreached
	for _, rank := range f.roots {
		lowest = min(lowest, labels[rank])
	}
	q.start(entry(lowest))
	for _, rank := range f.roots {
		q.push(entry(labels[rank])&^math.MaxUint32 | entry(rank))
	}
	if changed != nil {
		*changed = append(*changed, f.roots...)
	}
	f.roots = f.roots[:0]
	type labelled struct {
		label       Label
		first, last uint32
	}
	var batch [batchSize]labelled
	for {
		bin, ok := q.next()
		if !ok {
			return
		}
		for i := 0; i < len(q.ring[bin]); {
			// Several nodes are looked up before any is relaxed: their cache
			// misses overlap. The bucket may grow meanwhile.
			bucket := q.ring[bin][i:]
			bucket = bucket[:min(len(bucket), len(batch))]
			i += len(bucket)
			live := 0
			for _, e := range bucket {
				v := uint32(e)
				l := labels[v]
				batch[live%len(batch)] = labelled{l, first[v], first[v+1]}
				if uint64(l)>>32 == e>>32 { // else since reached at less
					live++
				}
			}
			for _, from := range batch[:live] {
				for _, a := range arcs[from.first:from.last] {
					reach := from.label.Plus(a.Cost)
					if reach >= labels[a.Node] {
						continue
					}
					labels[a.Node] = reach
					if changed != nil {
						*changed = append(*changed, a.Node)
					}
					x := uint64(reach)&^math.MaxUint32 | uint64(uint32(a.Node))
					if b := q.bucketOf(x); b-q.now < ringSize {
						b &= ringMask
						q.ring[b] = append(q.ring[b], x)
						q.filled[b/64] |= 1 << (b % 64)
					} else {
						q.far = append(q.far, x)
					}
				}
			}
		}
		q.done(bin)
	}
}

// fill gives every rank outside the core the best of its arcs, which lead to lower
// ranks: one sweep, forwards in memory.
func (f *Field) fill() {
	c, labels := f.core, f.labels
	first, arcs := c.up.First, c.up.Arcs
	out := labels[c.size:]
	at := uint32(0)
	for i := range out {
		best := out[i]
		end := first[i+1]
		for _, a := range arcs[at:end] {
			best = min(best, labels[a.Node].Plus(a.Cost))
		}
		at = end
		out[i] = best
	}
}

// rankHeap is a binary heap of ranks, the highest on top.
type rankHeap []int32

func (h *rankHeap) push(rank int32) {
	s := append(*h, rank)
	for i := len(s) - 1; i > 0; {
		parent := (i - 1) / 2
		if s[parent] >= s[i] {
			break
		}
		s[parent], s[i] = s[i], s[parent]
		i = parent
	}
	*h = s
}

func (h *rankHeap) pop() int32 {
	s := *h
	top, last := s[0], len(s)-1
	s[0] = s[last]
	s = s[:last]
	for i := 0; ; {
		child := 2*i + 1
		if child >= last {
			break
		}
		if child+1 < last && s[child+1] > s[child] {
			child++
		}
		if s[i] >= s[child] {
			break
		}
		s[i], s[child] = s[child], s[i]
		i = child
	}
	*h = s
	return top
}

// Equal reports whether two fields over one core agree on every node.
func (f *Field) Equal(g *Field) bool { return f.core == g.core && slices.Equal(f.labels, g.labels) }
