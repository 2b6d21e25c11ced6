package road

import (
	"errors"
	"fmt"
	"math"
	"math/bits"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Check proves the invariants of n and of its graphs. It costs one pass over
// the network.
func (n *Network) Check() error {
	if err := n.checkTables(); err != nil {
		return fmt.Errorf("check road network: %w", err)
	}
	for _, m := range street.Modes {
		if err := n.Graph(m).Check(); err != nil {
			return fmt.Errorf("check road network: %s graph: %w", m, err)
		}
	}
	return nil
}

// checkTables proves the invariants of what is encoded.
func (n *Network) checkTables() error {
	edges := len(n.from)
	rows := []int{len(n.to), len(n.shapeFirst) - 1, len(n.length), len(n.class), len(n.open), len(n.atEnds), len(n.stop), len(n.worth)}
	for _, l := range rows {
		if l != edges {
			return fmt.Errorf("columns of %d rows: want %d in each", rows, edges)
		}
	}
	if n.shapeFirst[0] != 0 || int(n.shapeFirst[edges]) != len(n.shape) || !slices.IsSorted(n.shapeFirst) {
		return fmt.Errorf("shape index: want 0…%d, never decreasing", len(n.shape))
	}
	if err := n.checkEnclosed(); err != nil {
		return err
	}
	// Edges and nodes side by side; of both, the fault of a node is told.
	var work sync.WaitGroup
	var edgeErr error
	work.Go(func() { edgeErr = n.checkEdges() })
	err := n.checkNodes()
	work.Wait()
	if err == nil {
		err = edgeErr
	}
	if err != nil {
		return err
	}
	for _, m := range street.Modes {
		for i, b := range n.bans[m] {
			if err := n.checkTurn(m, b.in, b.out); err != nil {
				return fmt.Errorf("%s ban %d: %w", m, i, err)
			}
			if i > 0 && n.bans[m][i-1].compare(b) >= 0 {
				return fmt.Errorf("%s ban %d: out of order", m, i)
			}
		}
		for i, c := range n.chains[m] {
			if len(c) < 3 || i > 0 && slices.Compare(n.chains[m][i-1], c) >= 0 {
				return fmt.Errorf("%s chain %d: of %d arcs, or out of order", m, i, len(c))
			}
			for k := range c[1:] {
				if err := n.checkTurn(m, c[k], c[k+1]); err != nil {
					return fmt.Errorf("%s chain %d: %w", m, i, err)
				}
			}
		}
	}
	for i, a := range n.rounds {
		if err := n.checkTurn(street.Car, a, a.reverse()); err != nil {
			return fmt.Errorf("turning round %d: %w", i, err)
		}
		if i > 0 && n.rounds[i-1] >= a {
			return fmt.Errorf("turning round %d: out of order", i)
		}
	}
	return nil
}

// checkTurn proves that a mode can come by one arc and go on by another.
func (n *Network) checkTurn(m street.Mode, in, out arcID) error {
	if int(in.edge()) >= len(n.from) || int(out.edge()) >= len(n.from) || !n.isOpen(m, in) || !n.isOpen(m, out) {
		return errors.New("of an arc that is not there, or closed")
	}
	_, head := n.ends(in)
	if tail, _ := n.ends(out); tail != head {
		return errors.New("of arcs that do not meet")
	}
	return nil
}

// checkEnclosed proves that no more arcs are said to be in enclaves than are for the ends
// of trips.
func (n *Network) checkEnclosed() error {
	for _, m := range street.Modes {
		ends := 0
		for _, b := range n.atEnds {
			ends += bits.OnesCount8(b & eitherWay(m))
		}
		if int(n.enclosed[m]) > ends {
			return fmt.Errorf("%d arcs in enclaves of %s: want at most %d, those for the ends of trips", n.enclosed[m], m, ends)
		}
	}
	return nil
}

func (n *Network) checkNodes() error {
	var last uint64
	for i, p := range n.nodes {
		h := p.hilbert()
		if !p.onEarth() || h < last {
			return fmt.Errorf("node %d: not on Earth, or out of order", i)
		}
		last = h
	}
	return nil
}

func (n *Network) checkEdges() error {
	for e := range int32(len(n.from)) {
		if err := n.checkEdge(e); err != nil {
			return fmt.Errorf("edge %d: %w", e, err)
		}
	}
	return nil
}

func (n *Network) checkEdge(e int32) error {
	from, to := n.from[e], n.to[e]
	switch {
	case from < 0 || from > to || int(to) >= len(n.nodes):
		return fmt.Errorf("ends %d and %d: want 0 ≤ from ≤ to < %d", from, to, len(n.nodes))
	case e > 0 && (n.from[e-1] > from || n.from[e-1] == from && n.to[e-1] > to):
		return fmt.Errorf("ends %d and %d: out of order", from, to)
	case n.class[e] < street.Motorway || n.class[e] > street.Ferry:
		return fmt.Errorf("class %d: unknown", n.class[e])
	case n.length[e] > maxLength:
		return fmt.Errorf("length %d dm: want at most %d", n.length[e], maxLength)
	case n.open[e] == 0 || n.open[e] >= 1<<(2*street.NumModes):
		return fmt.Errorf("open %#x: want at least one direction of a known mode", n.open[e])
	case n.atEnds[e]&^n.open[e] != 0:
		return fmt.Errorf("ends %#x: of what is closed", n.atEnds[e])
	case n.stop[e]&^modesOf(n.open[e]) != 0:
		return fmt.Errorf("stop %#x: of a mode that is closed", n.stop[e])
	case n.worth[e]&^modesOf(n.open[e]) != 0:
		return fmt.Errorf("worth %#x: of a mode that is closed", n.worth[e])
	}
	shape := n.points(e)
	if len(shape) < 2 || shape[0] != n.nodes[from] || shape[len(shape)-1] != n.nodes[to] {
		return fmt.Errorf("shape of %d points: want at least 2, from end to end", len(shape))
	}
	for _, p := range shape {
		if !p.onEarth() {
			return fmt.Errorf("shape point %v: not on Earth", p)
		}
	}
	for _, m := range street.Modes {
		for d, cost := range n.cost[m] {
			isOpen := n.open[e]&openBit(m, d) != 0
			switch {
			case !isOpen && cost[e] != 0:
				return fmt.Errorf("%s cost %d: closed in this direction", m, cost[e])
			case isOpen && (cost[e] == 0) != (n.length[e] == 0):
				return fmt.Errorf("%s cost %d over %d dm: want 0 exactly where the length is 0", m, cost[e], n.length[e])
			case !isOpen && n.wait[m][d][e] != 0:
				return fmt.Errorf("%s wait %d: closed in this direction", m, n.wait[m][d][e])
			case cost[e] > maxCost-math.MaxUint16:
				return fmt.Errorf("%s cost %d: want at most %d", m, cost[e], maxCost-math.MaxUint16)
			}
		}
	}
	return nil
}
