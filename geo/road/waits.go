package road

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// waiting is what tells how long those of a mode wait at nodes.
type waiting struct {
	n       *Network
	edges   []builtEdge
	profile *street.Profile
	mode    street.Mode
	crossing
	arcs    *arcsInto
	meaning []street.NodeMeaning // of the nodes
	signals signalJunctions
}

// give gives the arcs of the mode the waits at the nodes that they lead to, and the ferries
// that leave from land the wait before they do.
func (w *waiting) give() {
	n, m := w.n, w.mode
	for e := range int32(len(n.from)) {
		for d := range 2 {
			a := newArc(e, d)
			// A wait is of time under way: where there is none, as between two
			// nodes at one place, it would be paid twice.
			if !n.isOpen(m, a) || n.length[e] == 0 {
				continue
			}
			tail, head := n.ends(a)
			if n.class[e] != street.Ferry {
				n.wait[m][d][e] = uint16(min(w.at(a, tail, head), maxWait))
			} else if w.greatest[tail] != street.Ferry {
				n.cost[m][d][e] += w.edges[e].board // who changes boats in the water is on board
			}
		}
	}
}

// at is the wait of those who come to a node by an arc.
func (w *waiting) at(a arcID, tail, head int32) geo.Cost {
	mark, e := &w.meaning[head], a.edge()
	wait := mark.Wait[w.mode]
	if mark.Sign[w.mode] > 0 && w.face(mark.Faces, a, head) {
		wait = max(wait, mark.Sign[w.mode])
	}
	greatest := w.greatest[head]
	if j := w.signals.of[head]; j != noJunction {
		greatest = w.n.class[e] // nobody gives way where signals rule
		if w.signals.enters(w.n, e, tail, head) && (w.signals.several[j] || mark.Faces == street.Untold || w.face(mark.Faces, a, head)) {
			wait = max(wait, w.signals.wait[j])
		}
	}
	if w.mode == street.Car && w.edges[e].mean {
		return wait
	}
	return wait + w.profile.JunctionWait(w.mode, w.n.class[e], greatest, int(w.degree[head]))
}

// face reports whether a sign at a node faces those who come there by an arc.
func (w *waiting) face(f street.Facing, a arcID, head int32) bool {
	switch into := w.arcs.into(head); f {
	case street.Everybody:
		return true
	case street.ComingForward, street.ComingBackward:
		d := a.direction()
		if w.edges[a.edge()].turned {
			d = 1 - d
		}
		return (d == forward) == (f == street.ComingForward) && w.ofSign(into, a)
	default:
		if w.profile.IsJunction(w.mode, int(w.degree[head])) {
			return w.ofSign(into, a) && (w.n.class[a.edge()] > w.greatest[head] || !w.anyLesser(into, head))
		}
		return w.comesToJunction(into, a)
	}
}

// ofSign reports whether the way of an arc may be the one that a sign at the node is on:
// where some ways end and others go on, one that ends.
func (w *waiting) ofSign(into []arcID, a arcID) bool {
	goesOn := func(way int64) bool {
		ends := 0
		for _, x := range into {
			if w.edges[x.edge()].way == way {
				ends++
			}
		}
		return ends > 1
	}
	if !goesOn(w.edges[a.edge()].way) {
		return true
	}
	for _, x := range into {
		if w.n.isUsed(w.mode, x.edge()) && !goesOn(w.edges[x.edge()].way) {
			return false
		}
	}
	return true
}

// anyLesser reports whether a road of lesser class than the greatest comes to the node.
func (w *waiting) anyLesser(into []arcID, head int32) bool {
	for _, x := range into {
		if w.n.isUsed(w.mode, x.edge()) && w.n.class[x.edge()] > w.greatest[head] {
			return true
		}
	}
	return false
}

// comesToJunction reports whether who passes a node in the course of a road by an arc
// comes to a junction rather than from one, or is the only one who may come.
func (w *waiting) comesToJunction(into []arcID, a arcID) bool {
	ahead := noJunctionSeen
	for _, x := range into {
		if x != a && w.n.isUsed(w.mode, x.edge()) {
			if !w.n.isOpen(w.mode, x) {
				return true
			}
			ahead = w.toJunction(x.reverse())
		}
	}
	return ahead <= w.toJunction(a.reverse())
}

// A junction is seen as far as this from a sign, in decimetres: a sign stands at its
// junction, and farther roads say nothing of it.
const (
	sightOfSign    = 5000
	noJunctionSeen = ^uint32(0)
)

// toJunction is the length of the road to the next junction along an arc.
func (w *waiting) toJunction(a arcID) uint32 {
	start, _ := w.n.ends(a)
	for length := uint32(0); ; {
		length += w.n.length[a.edge()]
		_, node := w.n.ends(a)
		if w.profile.IsJunction(w.mode, int(w.degree[node])) && length <= sightOfSign {
			return length
		}
		if w.degree[node] != 2 || length > sightOfSign || node == start {
			return noJunctionSeen
		}
		next := a
		for _, x := range w.arcs.into(node) {
			if x.edge() != a.edge() && w.n.isUsed(w.mode, x.edge()) {
				next = x.reverse()
			}
		}
		if next == a {
			return noJunctionSeen
		}
		a = next
	}
}
