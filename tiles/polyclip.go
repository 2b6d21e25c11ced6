package tiles

import (
	"cmp"
	"slices"
)

// rings is a list of rings, none closed: ring i is pts[ends[i-1]:ends[i]].
type rings struct {
	pts  []xy
	ends []int
}

func (r *rings) reset() { r.pts, r.ends = r.pts[:0], r.ends[:0] }

func (r *rings) len() int { return len(r.ends) }

func (r *rings) add(ring []xy) {
	r.pts = append(r.pts, ring...)
	r.end()
}

// end makes a ring of the points appended to pts since the last one.
func (r *rings) end() { r.ends = append(r.ends, len(r.pts)) }

func (r *rings) ring(i int) []xy {
	from := 0
	if i > 0 {
		from = r.ends[i-1]
	}
	return r.pts[from:r.ends[i]]
}

// clipper cuts polygons of any shape at a box, one side after the other. Unlike
// the walk of Sutherland and Hodgman, which leaves bridges of no width along the
// box between the pieces of a concave polygon, it gives separate rings.
//
// At one side, each ring falls into chains of kept points, each with an entry and
// an exit. As the interior is always on the same hand of a ring, entries and
// exits alternate along the side: the n-th exit goes on at the n-th entry.
type clipper struct {
	kept    [2]rings
	pts     []xy // of the chains
	chains  []chain
	entries []int32 // chains by entry
	exits   []int32 // chains by exit
	next    []int32 // the chain where a chain goes on; -1 once it is taken
}

// chain is a run of kept points, pts[from:to] of the clipper, its crossings
// included.
type chain struct {
	from, to    int
	entry, exit crossing
}

// crossing orders the points where rings cross a side: by place, then, where
// several cross at one place, as they do just outside the side.
type crossing struct{ along, slope float64 }

func (c crossing) compare(d crossing) int {
	return cmp.Or(cmp.Compare(c.along, d.along), cmp.Compare(c.slope, d.slope))
}

// clip cuts one polygon, outer ring and holes together. It does not change in;
// the result is valid until the next call. Rings keep their orientation.
func (c *clipper) clip(in *rings, b box) *rings {
	for i, s := range b.sides() {
		out := &c.kept[i%2]
		c.half(in, out, s)
		in = out
	}
	return in
}

// half puts in out what in has on the kept side of s.
func (c *clipper) half(in, out *rings, s side) {
	out.reset()
	c.pts, c.chains = c.pts[:0], c.chains[:0]
	for i := range in.len() {
		c.cut(in.ring(i), out, s)
	}
	c.join(out)
}

// cut puts a ring in out when s keeps all of it, or else what is kept in chains.
func (c *clipper) cut(ring []xy, out *rings, s side) {
	n, kept, start := len(ring), 0, 0
	for i, p := range ring {
		if s.keeps(p) {
			kept++
		} else {
			start = i
		}
	}
	switch kept {
	case 0:
		return
	case n:
		out.add(ring)
		return
	}
	var k chain
	p := ring[start] // not kept: no chain runs past the end of the walk
	for i := range n {
		q := ring[(start+1+i)%n]
		switch in, on := s.keeps(p), s.keeps(q); {
		case !in && on:
			at, x := c.crossing(s, p, q)
			k = chain{from: len(c.pts), entry: x}
			c.pts = append(c.pts, at, q)
		case in && on:
			c.pts = append(c.pts, q)
		case in && !on:
			at, x := c.crossing(s, p, q)
			c.pts = append(c.pts, at)
			k.to, k.exit = len(c.pts), x
			c.chains = append(c.chains, k)
		}
		p = q
	}
}

func (c *clipper) crossing(s side, p, q xy) (xy, crossing) {
	at, along, slope := s.cross(p, q)
	if !s.below { // outside is the other way
		slope = -slope
	}
	return at, crossing{along, slope}
}

// join makes rings of the chains.
func (c *clipper) join(out *rings) {
	c.entries, c.exits, c.next = c.entries[:0], c.exits[:0], c.next[:0]
	for i := range c.chains {
		c.entries = append(c.entries, int32(i))
		c.exits = append(c.exits, int32(i))
		c.next = append(c.next, 0)
	}
	slices.SortStableFunc(c.entries, func(i, j int32) int { return c.chains[i].entry.compare(c.chains[j].entry) })
	slices.SortStableFunc(c.exits, func(i, j int32) int { return c.chains[i].exit.compare(c.chains[j].exit) })
	for k, i := range c.exits {
		c.next[i] = c.entries[k]
	}
	for start := range c.chains {
		if c.next[start] < 0 {
			continue
		}
		for i := int32(start); c.next[i] >= 0; {
			out.pts = append(out.pts, c.pts[c.chains[i].from:c.chains[i].to]...)
			i, c.next[i] = c.next[i], -1
		}
		out.end()
	}
}

// clipLines cuts lines. The result is valid until the next call.
func (c *clipper) clipLines(in *rings, b box) *rings {
	for i, s := range b.sides() {
		out := &c.kept[i%2]
		out.reset()
		for k := range in.len() {
			cutLine(in.ring(k), out, s)
		}
		in = out
	}
	return in
}

func cutLine(line []xy, out *rings, s side) {
	for i, q := range line {
		on := s.keeps(q)
		if i > 0 && s.keeps(line[i-1]) != on {
			at, _, _ := s.cross(line[i-1], q)
			out.pts = append(out.pts, at)
			if !on {
				out.end()
			}
		}
		if on {
			out.pts = append(out.pts, q)
		}
	}
	if s.keeps(line[len(line)-1]) {
		out.end()
	}
}
