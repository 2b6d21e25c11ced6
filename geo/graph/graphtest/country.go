package graphtest

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
)

// FranceJunctions makes a Country of about the size of France's roads: 4.53 million
// nodes, 10.6 million arcs.
const FranceJunctions = 1_194_000

// Country makes a graph that looks like the roads of a country, from a seed: a
// lattice of junctions of which some streets are missing, streets with bends, dead
// ends of several nodes and branches, some one-way streets. Costs are 50 to 450,
// the same both ways. Nodes are in the order of a Hilbert curve. The arcs are given by
// the node they enter.
func Country(junctions int, seed uint64) graph.Rows {
	r := rand.New(rand.NewPCG(seed, 1))
	side := int(math.Sqrt(float64(junctions)))
	const (
		kept    = 0.83 // streets of the lattice
		deadEnd = 0.32 // chance that a junction carries a dead end
		oneWay  = 0.03
	)
	// Room for all, so that the memory of growing does not hide that of searching.
	at := make([][2]float32, 0, 4*side*side) // position of each node, in steps of the lattice
	for y := range side {
		for x := range side {
			at = append(at, [2]float32{float32(x) + 0.6*r.Float32(), float32(y) + 0.6*r.Float32()})
		}
	}
	arcs := make([]graph.Tailed, 0, 9*side*side)
	link := func(a, b int32, both bool) {
		cost := geo.Cost(50 + r.IntN(401))
		arcs = append(arcs, graph.Tailed{Tail: a, Arc: graph.Arc{Node: b, Cost: cost}})
		if both {
			arcs = append(arcs, graph.Tailed{Tail: b, Arc: graph.Arc{Node: a, Cost: cost}})
		}
	}
	node := func(p [2]float32) int32 {
		at = append(at, p)
		return int32(len(at) - 1)
	}
	// chain goes from a in n new nodes towards a place, and gives the last.
	chain := func(a int32, to [2]float32, n int, both bool) int32 {
		from := at[a]
		for i := range n {
			f := float32(i+1) / float32(n+1)
			b := node([2]float32{from[0] + f*(to[0]-from[0]), from[1] + f*(to[1]-from[1])})
			link(a, b, both)
			a = b
		}
		return a
	}
	bends := func() int { // none to five, 1.2 on average
		return int(min(5, -1.36*math.Log(1-r.Float64())+0.12))
	}
	for y := range side {
		for x := range side {
			j := int32(y*side + x)
			for _, next := range [2]int32{j + 1, j + int32(side)} {
				if next == j+1 && x == side-1 || next != j+1 && y == side-1 || r.Float64() > kept {
					continue
				}
				both := r.Float64() > oneWay
				last := chain(j, at[next], bends(), both)
				link(last, next, both)
			}
			if r.Float64() < deadEnd {
				p := at[j]
				end := chain(j, [2]float32{p[0] + 0.4, p[1] + 0.4}, 1+r.IntN(5), true)
				if r.IntN(3) == 0 { // a branch
					chain(end, [2]float32{p[0] + 0.4, p[1] + 0.2}, 1+r.IntN(3), true)
				}
			}
		}
	}
	// Number the nodes along the curve.
	order := make([]int32, len(at))
	rank := make([]uint32, len(at))
	scale := float32(1<<15) / float32(side+1)
	for v, p := range at {
		order[v], rank[v] = int32(v), hilbert(uint32(p[0]*scale), uint32(p[1]*scale))
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(rank[a], rank[b]), cmp.Compare(a, b))
	})
	number := make([]int32, len(at))
	for i, v := range order {
		number[v] = int32(i)
	}
	for i := range arcs { // from the node they leave to the node they enter
		a := &arcs[i]
		a.Tail, a.Node = number[a.Node], number[a.Tail]
	}
	return graph.NewRows(len(at), arcs)
}

// hilbert is the rank of a point of a square of 2^16 along a Hilbert curve.
func hilbert(x, y uint32) (d uint32) {
	for s := uint32(1) << 15; s > 0; s >>= 1 {
		var rx, ry uint32
		if x&s != 0 {
			rx = 1
		}
		if y&s != 0 {
			ry = 1
		}
		d = d<<2 | (3 * rx) ^ ry
		if ry == 0 {
			if rx == 1 {
				x, y = ^x, ^y
			}
			x, y = y, x
		}
	}
	return d
}

// Seeds puts count sources on seeded nodes of a graph, at distance 0; the owner of
// each is its number.
func Seeds(nodes, count int, seed uint64) []graph.Seed {
	r := rand.New(rand.NewPCG(seed, 2))
	out := make([]graph.Seed, count)
	for i := range out {
		out[i] = graph.Seed{Node: int32(r.IntN(nodes)), Label: graph.NewLabel(0, int32(i))}
	}
	return out
}
