package graph

import "github.com/aisne-numerique/maillage/geo"

// Bounded is the scratch space of searches from one source up to a limit: one per
// goroutine, to be reused. Once warm it allocates nothing.
type Bounded struct {
	in      Rows // arcs by the node they enter: searches run against the arcs
	queue   queue
	cost    []geo.Cost // per node; far between calls
	touched []int32    // nodes whose cost is set
}

// far marks a node that a search has not met.
const far = ^geo.Cost(0)

// NewBounded returns a Bounded over the arcs given by the node they enter.
func NewBounded(in Rows) *Bounded {
	return &Bounded{in: in, queue: queue{shift: 32 + bucketShift(in.Arcs)}}
}

// Search calls visit once for each node at most limit away from the seeds, whose
// owners do not matter, in a deterministic order. visit must not use b.
func (b *Bounded) Search(seeds []Seed, limit geo.Cost, visit func(node int32, cost geo.Cost)) {
	b.SearchUnder(seeds, limit, nil, visit)
}

// SearchUnder is Search, for the nodes too that are at most ceiling[node] away. With
// the distances to some sources for a ceiling, it visits every node to which the seeds
// are as near as those: whatever lies on the way there is under the ceiling as well.
// Elsewhere it may give too great a cost, which is then above both bounds. A nil
// ceiling adds nothing.
func (b *Bounded) SearchUnder(seeds []Seed, limit geo.Cost, ceiling []geo.Cost, visit func(node int32, cost geo.Cost)) {
	if b.cost == nil {
		b.cost = make([]geo.Cost, b.in.Nodes())
		for v := range b.cost {
			b.cost[v] = far
		}
	}
	b.search(seeds, min(limit, MaxCost), ceiling)
	for _, v := range b.touched {
		visit(v, b.cost[v])
	}
	for _, v := range b.touched {
		b.cost[v] = far
	}
	b.touched = b.touched[:0]
}

func (b *Bounded) search(seeds []Seed, limit geo.Cost, ceiling []geo.Cost) {
	q, costs, first, arcs := &b.queue, b.cost, b.in.First, b.in.Arcs
	lowest := Unreached
	for _, s := range seeds {
		lowest = min(lowest, s.Label)
	}
	if !lowest.Reached() || ceiling == nil && lowest.Cost() > limit {
		return
	}
	touched := b.touched
	q.start(entry(lowest))
	for _, s := range seeds {
		if c := s.Label.Cost(); s.Label.Reached() && (c <= limit || ceiling != nil && c <= ceiling[s.Node]) && c < costs[s.Node] {
			if costs[s.Node] == far {
				touched = append(touched, s.Node)
			}
			costs[s.Node] = c
			q.push(uint64(c)<<32 | uint64(uint32(s.Node)))
		}
	}
	type reached struct {
		cost        geo.Cost
		first, last uint32
	}
	var batch [batchSize]reached
	for {
		bin, ok := q.next()
		if !ok {
			break
		}
		for i := 0; i < len(q.ring[bin]); { // as in Field.search
			bucket := q.ring[bin][i:]
			bucket = bucket[:min(len(bucket), len(batch))]
			i += len(bucket)
			live := 0
			for _, e := range bucket {
				v, c := uint32(e), geo.Cost(e>>32)
				batch[live%len(batch)] = reached{c, first[v], first[v+1]}
				if costs[v] == c {
					live++
				}
			}
			for _, from := range batch[:live] {
				for _, a := range arcs[from.first:from.last] {
					reach, was := from.cost+a.Cost, costs[a.Node]
					if reach >= was || reach > limit && (ceiling == nil || reach > ceiling[a.Node]) {
						continue
					}
					if was == far {
						touched = append(touched, a.Node)
					}
					costs[a.Node] = reach
					x := uint64(reach)<<32 | uint64(uint32(a.Node))
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
	b.touched = touched
}
