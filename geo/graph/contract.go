package graph

import (
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// Core is a graph contracted to its junctions. Its nodes are ranks: those of the
// core come first, in the order of the nodes, then those that were taken away, the
// last first. It is immutable and safe for concurrent use. Invariants (see Check):
//   - rank is a permutation of the nodes
//   - in holds the arcs between ranks of the core, by the rank they enter
//   - up and below hold, for each rank that was taken away, the arcs to and from the
//     ranks that were there when it was; these are lower
type Core struct {
	rank  []int32 // of each node
	size  int     // ranks of the core
	in    Rows    // rows 0..size-1
	up    Rows    // row i: the arcs of rank size+i, by tail
	below Rows    // row i: the arcs into rank size+i, by head
}

// Nodes is the number of nodes; Size that of the core.
func (c *Core) Nodes() int { return len(c.rank) }

// Size is the number of nodes in the core.
func (c *Core) Size() int { return c.size }

// Arcs is the number of arcs between nodes of the core, and of those that lead into
// it from nodes that were taken away.
func (c *Core) Arcs() (core, up int) { return len(c.in.Arcs), len(c.up.Arcs) }

// Bytes is the memory that c takes.
func (c *Core) Bytes() int {
	n := 4 * len(c.rank)
	for _, r := range [...]Rows{c.in, c.up, c.below} {
		n += 4*len(r.First) + 8*len(r.Arcs)
	}
	return n
}

// Contract contracts the graph whose arcs are given by the node they enter.
func Contract(in Rows) *Core {
	nodes := in.Nodes()
	room := len(in.Arcs) / 4 // for the rows that will have to move
	own := Rows{First: in.First, Arcs: append(make([]Arc, 0, len(in.Arcs)+room), in.Arcs...)}
	w := contraction{in: newAdjacency(own), out: newAdjacency(in.turned(room)), round: make([]uint16, nodes), blocked: make([]uint16, nodes)}
	queue := make([]int32, nodes)
	for v := range queue {
		queue[v] = int32(v)
	}
	for round := uint16(1); len(queue) > 0 && round < maxRounds; round++ {
		queue = w.takeAway(queue, round)
	}
	return w.core()
}

const maxRounds = 1 << 12

// contraction is the graph while it is being contracted.
type contraction struct {
	in, out adjacency
	round   []uint16 // in which the node was taken away; 0: it is there
	blocked []uint16 // the last round that must not take it away
	last    uint16   // round
	queued  []int32  // for the next round
}

// takeAway takes away those of the candidates, ascending, that may go in one round,
// and gives the candidates of the next: their neighbours, and those who had to wait.
func (w *contraction) takeAway(candidates []int32, round uint16) []int32 {
	w.queued, w.last = w.queued[:0], round
	for _, v := range candidates {
		if w.round[v] != 0 || !w.cheap(v) {
			continue
		}
		if w.blocked[v] == round {
			w.queued = append(w.queued, v)
			continue
		}
		w.takeOne(v, round)
	}
	next := w.queued
	slices.Sort(next)
	next = slices.Compact(next)
	w.queued = candidates
	return next
}

// cheap reports whether taking v away adds no more arcs than it takes away.
func (w *contraction) cheap(v int32) bool {
	in, out := w.in.of(v), w.out.of(v)
	if len(in)+len(out) > 12 {
		return false // at least 7 × 5 less 5 turning round
	}
	added := len(in) * len(out)
	for _, a := range in {
		for _, b := range out {
			if a.Node == b.Node {
				added--
			}
		}
	}
	return added <= len(in)+len(out)
}

func (w *contraction) takeOne(v int32, round uint16) {
	in, out := w.in.of(v), w.out.of(v)
	for _, a := range in {
		w.out.remove(a.Node, v)
	}
	for _, b := range out {
		w.in.remove(b.Node, v)
	}
	for _, a := range in {
		for _, b := range out {
			// A journey above MaxCost is not followed anyway.
			if c := a.Cost + b.Cost; a.Node != b.Node && c <= MaxCost {
				w.out.improve(a.Node, b.Node, c)
				w.in.improve(b.Node, a.Node, c)
			}
		}
	}
	w.round[v] = round
	for _, row := range [...][]Arc{in, out} {
		for _, a := range row {
			if w.blocked[a.Node] != round {
				w.blocked[a.Node] = round
				w.queued = append(w.queued, a.Node)
			}
		}
	}
}

// core numbers the ranks and lays the rows out.
func (w *contraction) core() *Core {
	nodes := len(w.round)
	// Counting sort: the core (round 0), then rounds from the last to the first.
	start := make([]int32, int(w.last)+2)
	place := func(round uint16) int {
		if round == 0 {
			return 0
		}
		return int(w.last-round) + 1
	}
	for _, r := range w.round {
		start[place(r)+1]++
	}
	c := &Core{rank: make([]int32, nodes), size: int(start[1])}
	for i := range start[1:] {
		start[i+1] += start[i]
	}
	node := make([]int32, nodes) // of each rank
	for v, r := range w.round {
		s := &start[place(r)]
		c.rank[v], node[*s] = *s, int32(v)
		*s++
	}
	c.in = w.in.rows(node[:c.size], c.rank)
	c.below = w.in.rows(node[c.size:], c.rank)
	w.in = adjacency{}
	c.up = w.out.rows(node[c.size:], c.rank)
	return c
}

// adjacency is rows that change: that of v is arcs[first[v]:][:size[v]], with room
// for room[v]. There are no pointers in it, for the sake of the garbage collector.
type adjacency struct {
	first, size, room []uint32
	arcs              []Arc
}

// newAdjacency takes the arcs of r for its own.
func newAdjacency(r Rows) adjacency {
	a := adjacency{first: slices.Clone(r.First[:r.Nodes()]), size: make([]uint32, r.Nodes()), arcs: r.Arcs}
	for v := range a.size {
		a.size[v] = r.First[v+1] - r.First[v]
	}
	a.room = slices.Clone(a.size)
	return a
}

func (a *adjacency) of(v int32) []Arc { return a.arcs[a.first[v]:][:a.size[v]] }

func (a *adjacency) remove(v, node int32) {
	row := a.of(v)
	for i := range row {
		if row[i].Node == node {
			row[i] = row[len(row)-1]
			a.size[v]--
			return
		}
	}
}

// improve lowers the cost of an arc, or adds it.
func (a *adjacency) improve(v, node int32, cost geo.Cost) {
	row := a.of(v)
	for i := range row {
		if row[i].Node == node {
			row[i].Cost = min(row[i].Cost, cost)
			return
		}
	}
	if a.size[v] == a.room[v] {
		room := a.room[v] + 2
		first := uint32(len(a.arcs))
		a.arcs = append(a.arcs, row...)
		for range room - a.size[v] {
			a.arcs = append(a.arcs, Arc{})
		}
		a.first[v], a.room[v] = first, room
	}
	a.arcs[a.first[v]+a.size[v]] = Arc{node, cost}
	a.size[v]++
}

// rows lays out the rows of some nodes, with ranks in the place of nodes.
func (a *adjacency) rows(nodes []int32, rank []int32) Rows {
	total := 0
	for _, v := range nodes {
		total += int(a.size[v])
	}
	r := Rows{First: make([]uint32, len(nodes)+1), Arcs: make([]Arc, 0, total)}
	for i, v := range nodes {
		start := len(r.Arcs)
		for _, b := range a.of(v) {
			r.Arcs = append(r.Arcs, Arc{rank[b.Node], b.Cost})
		}
		sortRow(r.Arcs[start:])
		r.First[i+1] = uint32(len(r.Arcs))
	}
	return r
}

// Check proves the invariants of c.
func (c *Core) Check() error {
	nodes := len(c.rank)
	seen := make([]bool, nodes)
	for v, s := range c.rank {
		if s < 0 || int(s) >= nodes || seen[s] {
			return fmt.Errorf("node %d: rank %d: out of range, or taken", v, s)
		}
		seen[s] = true
	}
	if c.size < 0 || c.size > nodes || c.up.Nodes() != nodes-c.size || c.below.Nodes() != nodes-c.size {
		return fmt.Errorf("%d ranks of %d in the core, %d and %d rows outside", c.size, nodes, c.up.Nodes(), c.below.Nodes())
	}
	if err := c.in.Check(); err != nil || c.in.Nodes() != c.size {
		return fmt.Errorf("core of %d ranks: %d rows: %w", c.size, c.in.Nodes(), err)
	}
	for _, r := range [...]Rows{c.up, c.below} {
		if r.First[0] != 0 || int(r.First[r.Nodes()]) != len(r.Arcs) || !slices.IsSorted(r.First) {
			return fmt.Errorf("offsets: want some, from 0 to %d, never decreasing", len(r.Arcs))
		}
		for i := range int32(r.Nodes()) {
			for _, a := range r.Of(i) {
				if a.Node < 0 || int(a.Node) >= c.size+int(i) || a.Cost > MaxCost {
					return fmt.Errorf("rank %d: arc with %d at cost %d: want a lower rank, at most %d", c.size+int(i), a.Node, a.Cost, MaxCost)
				}
			}
		}
	}
	return nil
}
