package road

import (
	"sync"

	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// worthJoining is the length of streets, in decimetres, from which a component is worth
// joining: what is cut off by less is a gap in the map, such as a car park, a yard, a street
// whose crossing was not drawn. Of the components of six real extracts, the greatest of each
// left out, 473 hold no street at all, 38 hold less than this, 7 hold more; and an island
// with less is on two edges (see [Network.Snap]), so that its people lose no journey.
const worthJoining = 1000 * 10

// plain is what one mode may go along, turns left aside: the nodes of the network, but
// that one which is closed to the mode is as many as edges end there, since nobody
// passes it.
type plain struct {
	net    *Network
	mode   street.Mode
	closed []uint8         // bit m of a node: closed to mode m; nil: none is
	copies map[arcID]int32 // of a node that is closed, by the arc that arrives there
	nodes  int
}

func (n *Network) plain(m street.Mode, closed []uint8) *plain {
	p := &plain{n, m, closed, map[arcID]int32{}, len(n.nodes)}
	for e := range int32(len(n.from)) {
		for d := range 2 {
			a := newArc(e, d)
			if _, head := n.ends(a); closed != nil && closed[head]&(1<<m) != 0 {
				p.copies[a] = int32(p.nodes)
				p.nodes++
			}
		}
	}
	return p
}

// ends are the nodes that an arc leaves and enters.
func (p *plain) ends(a arcID) (tail, head int32) {
	return p.head(a.reverse()), p.head(a)
}

func (p *plain) head(a arcID) int32 {
	_, head := p.net.ends(a)
	if p.closed != nil && p.closed[head]&(1<<p.mode) != 0 {
		return p.copies[a]
	}
	return head
}

// arcs calls visit for the arcs that are open to the mode, with their nodes; public
// tells those that are not for the ends of trips alone.
func (p *plain) arcs(visit func(a arcID, tail, head int32, public bool)) {
	n := p.net
	for e := range int32(len(n.from)) {
		for d := range 2 {
			if a := newArc(e, d); n.isOpen(p.mode, a) {
				tail, head := p.ends(a)
				visit(a, tail, head, !n.endsOnly(p.mode, a))
			}
		}
	}
}

// components names the strongly connected component of every node by its lowest node;
// public leaves out arcs that are for the ends of trips.
func (p *plain) components(public bool) []int32 {
	var rows []graph.Tailed
	p.arcs(func(_ arcID, tail, head int32, open bool) {
		if open || !public {
			rows = append(rows, graph.Tailed{Tail: tail, Arc: graph.Arc{Node: head}})
		}
	})
	return graph.NewRows(p.nodes, rows).Components()
}

// settled is what components tell of the edges for one mode.
type settled struct {
	enclosed []arcID // public arcs that are lived in, and not passed
	worth    []bool  // by edge: in a component that is worth joining
}

// settle finds, of every component, the public network: its greatest component of public
// arcs, by length of edges, the first among equals. Public arcs of the component outside of
// it are enclaves: one enters or leaves them by roads that are for the ends of trips alone,
// so that no trip can pass, and whoever goes there ends there.
func (p *plain) settle() settled {
	n := p.net
	all, public := p.components(false), p.components(true)
	length := make([]uint64, p.nodes) // decimetres, by public component
	last := int32(-1)
	p.arcs(func(a arcID, tail, head int32, open bool) {
		if e := a.edge(); open && public[tail] == public[head] && e != last {
			length[public[tail]] += uint64(n.length[e])
			last = e
		}
	})
	chosen := make([]int32, p.nodes) // by component: its public network
	for v := range chosen {
		chosen[v] = -1
	}
	for v, c := range all {
		if best := &chosen[c]; *best < 0 || length[public[v]] > length[*best] {
			*best = public[v]
		}
	}
	s := settled{worth: make([]bool, len(n.from))}
	streets := make([]uint64, p.nodes) // decimetres, by component
	last = -1
	p.arcs(func(a arcID, tail, head int32, open bool) {
		c, e := all[tail], a.edge()
		switch {
		case !open || c != all[head]:
		case public[tail] != chosen[c] || public[head] != chosen[c]:
			s.enclosed = append(s.enclosed, a)
		case n.class[e] <= street.Local && n.stop[e]&(1<<p.mode) != 0 && e != last:
			streets[c] += uint64(n.length[e])
			last = e
		}
	})
	p.arcs(func(a arcID, tail, head int32, _ bool) {
		if all[tail] == all[head] && streets[all[tail]] >= worthJoining {
			s.worth[a.edge()] = true
		}
	})
	return s
}

// settle closes the enclaves of every mode to those who pass, and marks the edges that are
// worth joining. closed are the nodes that modes do not pass, as bits.
func (n *Network) settle(closed []uint8) {
	var found [street.NumModes]settled
	var work sync.WaitGroup
	for _, m := range street.Modes {
		work.Go(func() { found[m] = n.plain(m, closed).settle() })
	}
	work.Wait()
	for _, m := range street.Modes {
		n.enclosed[m] = uint32(len(found[m].enclosed))
		for _, a := range found[m].enclosed {
			n.atEnds[a.edge()] |= openBit(m, a.direction())
		}
		for e, worth := range found[m].worth {
			if worth {
				n.worth[e] |= 1 << m
			}
		}
	}
}

// countComponents counts what settle found.
func (n *Network) countComponents() {
	inside := make([]uint8, len(n.nodes)) // bit m, as in worth
	for e, in := range n.worth {
		inside[n.from[e]] |= in
		inside[n.to[e]] |= in
	}
	for _, m := range street.Modes {
		n.counts.Enclosed[m] = int(n.enclosed[m])
		for _, in := range inside {
			n.counts.Worth[m] += int(in >> m & 1)
		}
	}
}
