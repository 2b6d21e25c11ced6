package road

import (
	"math"
	"math/bits"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Network is a road network: nodes (junctions and dead ends) and the edges
// between them, with their shape and, for each mode and direction, whether the
// edge is open and its cost. It is immutable after [Build] or
// [Network.UnmarshalBinary], and safe for concurrent use. Invariants (see Check):
//   - nodes are in the order of a Hilbert curve and on Earth
//   - edges are in the order of (from, to), and from ≤ to < nodes
//   - a shape has at least two points, starts at its from and ends at its to
//   - an edge is open to some mode in some direction, and has a known class
//   - a cost is between 1 and maxCost where the direction is open and the length
//     is not 0; else it is 0
//   - what is open at the ends of a trip alone is open; a trip starts and ends where
//     its mode may go
//   - a wait is 0 where the direction is closed
//   - bans are in order, each of two open arcs that meet; so are chains, of three or more
//   - each mode's Graph keeps its own invariants (see Graph)
type Network struct {
	nodes      []point
	from, to   []int32
	shapeFirst []uint32 // points of edge e: shape[shapeFirst[e]:shapeFirst[e+1]]
	shape      []point
	length     []uint32 // decimetres
	class      []street.Class
	open       []uint8 // bit 2m: mode m forward; bit 2m+1: backward
	atEnds     []uint8 // the same bits: open to those alone who start or end there
	stop       []uint8 // bit m: a trip of mode m may start or end on it, beside its nodes
	cost       [street.NumModes][2][]geo.Cost
	wait       [street.NumModes][2][]uint16 // deciseconds, at the node that the edge leads to
	bans       [street.NumModes][]ban
	chains     [street.NumModes][]chain // in order
	rounds     []arcID                  // after which a car may turn round, having no other way; ascending
	unplaced   int                      // see Counts
	worth      []uint8                  // bit m: in a component of mode m that is worth joining
	enclosed   [street.NumModes]uint32  // arcs of atEnds that are so because they lie in an enclave

	// past is of a network of version 2: journeys that were computed by it put no place on
	// two roads.
	past bool

	// What follows is computed from what precedes, and not encoded. Graphs and grid are
	// made when they are first asked for: a server whose readers change nothing never
	// needs them, and they are half of the memory.
	graphs func() *[street.NumModes]Graph
	grid   func() *grid
	bounds geo.Bounds
	counts Counts
}

// maxCost (6.8 years) bounds a cost and the journeys that are followed, so that the
// sum of a journey and an edge never overflows a geo.Cost.
const maxCost = math.MaxInt32

// maxLength (10 000 km) bounds an edge, in decimetres: a quarter of the way
// round the Earth is a mistake in the data, and at the slowest pace it still
// costs less than maxCost.
const maxLength = 100_000_000

// Directions of travel along an edge, as indices.
const (
	forward  = 0
	backward = 1
)

// openBit is the bit of Network.open for a mode and a direction.
func openBit(m street.Mode, direction int) uint8 { return 1 << (2*int(m) + direction) }

// eitherWay are the bits of a mode, there and back.
func eitherWay(m street.Mode) uint8 { return openBit(m, forward) | openBit(m, backward) }

// Counts are the sizes of a Network.
type Counts struct {
	Nodes  int                  // junctions and dead ends
	Edges  int                  // pieces of road between them
	Points int                  // shape points, ends included
	Arcs   [street.NumModes]int // ways along edges, there and back, of each mode
	// Nodes in components that are worth joining, and arcs of enclaves: public, but closed to
	// those who pass, since they are reached by roads for the ends of trips alone.
	Worth, Enclosed [street.NumModes]int
	Metres          float64 // total length of the edges

	Rounds   int // arcs at the end of which a car turns round within a trip, since there is no other way
	Unplaced int // turn restrictions that order nothing: their roads are not there, or not told apart
}

// Edge is one piece of road between two nodes.
type Edge struct {
	From, To int32
	Length   uint32 // decimetres
	Class    street.Class
	Travel   [street.NumModes]Travel
}

// Travel is what an edge offers to one mode. A cost has a meaning only in an
// open direction.
type Travel struct {
	Forward, Backward         bool     // open from From to To; from To to From
	CostForward, CostBackward geo.Cost // the whole edge, under way
	WaitForward, WaitBackward geo.Cost // and at the node that it leads to
	EndsForward, EndsBackward bool     // open that way to those alone whose trip starts or ends there
	Stop                      bool     // a trip may start or end on it, beside its nodes
	Worth                     bool     // in a component that is worth joining, see [Network.Snap]
}

// Counts returns the sizes of n.
func (n *Network) Counts() Counts { return n.counts }

// Bounds is the smallest box around n; empty when n is.
func (n *Network) Bounds() geo.Bounds { return n.bounds }

// Node is the position of a node, 0 ≤ i < Counts().Nodes.
func (n *Network) Node(i int32) geo.LonLat { return n.nodes[i].lonLat() }

// Edge describes an edge, 0 ≤ e < Counts().Edges.
func (n *Network) Edge(e int32) Edge {
	edge := Edge{From: n.from[e], To: n.to[e], Length: n.length[e], Class: n.class[e]}
	for _, m := range street.Modes {
		edge.Travel[m] = Travel{
			Forward:      n.open[e]&openBit(m, forward) != 0,
			Backward:     n.open[e]&openBit(m, backward) != 0,
			CostForward:  n.cost[m][forward][e],
			CostBackward: n.cost[m][backward][e],
			WaitForward:  geo.Cost(n.wait[m][forward][e]),
			WaitBackward: geo.Cost(n.wait[m][backward][e]),
			EndsForward:  n.atEnds[e]&openBit(m, forward) != 0,
			EndsBackward: n.atEnds[e]&openBit(m, backward) != 0,
			Stop:         n.stop[e]&(1<<m) != 0,
			Worth:        n.worth[e]&(1<<m) != 0,
		}
	}
	return edge
}

// Ends are the nodes that an edge joins.
func (n *Network) Ends(e int32) (from, to int32) { return n.from[e], n.to[e] }

// AppendShape appends the points of an edge to dst, both ends included.
func (n *Network) AppendShape(dst []geo.LonLat, e int32) []geo.LonLat {
	for _, p := range n.points(e) {
		dst = append(dst, p.lonLat())
	}
	return dst
}

// Graph returns the arcs of a mode.
func (n *Network) Graph(m street.Mode) *Graph { return &n.graphs()[m] }

func (n *Network) points(e int32) []point {
	return n.shape[n.shapeFirst[e]:n.shapeFirst[e+1]]
}

// modesOf are the modes, as bits, that are open in some direction.
func modesOf(open uint8) (modes uint8) {
	for _, m := range street.Modes {
		if open&eitherWay(m) != 0 {
			modes |= 1 << m
		}
	}
	return modes
}

// newTables allocates the tables that are encoded.
func newTables(nodes, edges, points int) *Network {
	n := &Network{
		nodes:      make([]point, nodes),
		from:       make([]int32, edges),
		to:         make([]int32, edges),
		shapeFirst: make([]uint32, edges+1),
		shape:      make([]point, 0, points),
		length:     make([]uint32, edges),
		class:      make([]street.Class, edges),
		open:       make([]uint8, edges),
		atEnds:     make([]uint8, edges),
		stop:       make([]uint8, edges),
		worth:      make([]uint8, edges),
	}
	for m := range n.cost {
		for d := range n.cost[m] {
			n.cost[m][d] = make([]geo.Cost, edges)
			n.wait[m][d] = make([]uint16, edges)
		}
	}
	return n
}

// derive computes what follows from the tables, or says how: graphs and grid.
func (n *Network) derive() {
	n.counts = Counts{Nodes: len(n.nodes), Edges: len(n.from), Points: len(n.shape), Rounds: len(n.rounds), Unplaced: n.unplaced}
	var decimetres uint64
	for _, l := range n.length {
		decimetres += uint64(l)
	}
	n.counts.Metres = float64(decimetres) / 10
	for _, open := range n.open {
		for _, m := range street.Modes {
			n.counts.Arcs[m] += bits.OnesCount8(open & eitherWay(m))
		}
	}
	n.bounds = geo.EmptyBounds()
	for _, p := range n.shape {
		n.bounds = n.bounds.Extend(p.lonLat())
	}
	n.graphs = sync.OnceValue(n.newGraphs)
	n.grid = sync.OnceValue(n.newGrid)
}

// newGraphs makes the graphs of all modes, side by side.
func (n *Network) newGraphs() *[street.NumModes]Graph {
	var graphs [street.NumModes]Graph
	var work sync.WaitGroup
	for _, m := range street.Modes {
		work.Go(func() { graphs[m] = n.newGraph(m) })
	}
	work.Wait()
	return &graphs
}
