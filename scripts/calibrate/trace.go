package main

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// path is the way that a trip of ours takes.
type path struct {
	metres  float64
	waits   float64                // seconds, at junctions, signals and barriers
	byClass map[street.Class]spent // under way
	shape   []geo.LonLat
}

// spent is what a part of a trip takes.
type spent struct{ metres, seconds float64 }

func (s spent) kmh() float64 { return s.metres / s.seconds * 3.6 }

func (s spent) and(metres, seconds float64) spent {
	return spent{s.metres + metres, s.seconds + seconds}
}

// tracer follows trips of a mode.
type tracer struct {
	net   *road.Network
	mode  street.Mode
	edges map[[2]int32][]int32 // by their nodes
	nodes map[int32][]int32    // of the graph, by the node of the network that they are
}

func newTracer(n *road.Network, m street.Mode) *tracer {
	t := &tracer{n, m, map[[2]int32][]int32{}, map[int32][]int32{}}
	for e := range int32(n.Counts().Edges) {
		from, to := n.Ends(e)
		t.edges[[2]int32{from, to}] = append(t.edges[[2]int32{from, to}], e)
	}
	for number := range int32(n.Graph(m).In.Nodes()) {
		node := n.Graph(m).NodeOf(number)
		t.nodes[node] = append(t.nodes[node], number)
	}
	return t
}

// trace follows the trip of a pair, whose time is known, from node to node, where what
// is left costs just what the arc saves; nil when the ends share an edge, or it is lost
// on the way.
func (t *tracer) trace(p pair, whole geo.Cost) *path {
	n, m := t.net, t.mode
	from, _ := n.Snap(m, p.from.at)
	to, _ := n.Snap(m, p.to.at)
	if from.Edge < 0 || to.Edge < 0 || from.Edge == to.Edge {
		return nil
	}
	left := map[int32]geo.Cost{}
	n.NewSearch(m).Within(to, whole, func(number int32, c geo.Cost) { left[number] = c })
	first, last := n.Edge(from.Edge), n.Edge(to.Edge)
	way := &path{byClass: map[street.Class]spent{}}
	// starts is the place of the graph at a node from which just so much is left.
	starts := func(node int32, leave road.Ends, cost geo.Cost) (int32, bool) {
		if from.Open&leave == 0 {
			return 0, false
		}
		for _, number := range t.nodes[node] {
			if c, ok := left[number]; ok && c+cost+from.Access == whole {
				return number, true
			}
		}
		return 0, false
	}
	at, ok := starts(first.From, road.LeaveByStart, from.ToStart)
	if ok {
		way.part(first.Class, from.Along, from.ToStart)
		way.draw(n, from.Edge, false, 0, share(from.Along, first.Length))
	} else if at, ok = starts(first.To, road.LeaveByEnd, from.ToEnd); ok {
		way.part(first.Class, first.Length-from.Along, from.ToEnd)
		way.draw(n, from.Edge, true, share(from.Along, first.Length), 1)
	} else {
		return nil
	}
	out := n.Graph(m).Out()
	for range len(left) {
		node := n.Graph(m).NodeOf(at)
		if node == last.From && to.Open&road.ArriveByStart != 0 && left[at] == to.FromStart+to.Access {
			way.part(last.Class, to.Along, to.FromStart)
			way.draw(n, to.Edge, true, 0, share(to.Along, last.Length))
			return way
		}
		if node == last.To && to.Open&road.ArriveByEnd != 0 && left[at] == to.FromEnd+to.Access {
			way.part(last.Class, last.Length-to.Along, to.FromEnd)
			way.draw(n, to.Edge, false, share(to.Along, last.Length), 1)
			return way
		}
		next, found := int32(0), false
		for _, a := range out.Of(at) {
			if c, ok := left[a.Node]; ok && c+a.Cost == left[at] && a.Cost > 0 {
				if e, forward, ok := t.edge(node, n.Graph(m).NodeOf(a.Node), a.Cost); ok {
					way.edge(n, m, e, forward)
					next, found = a.Node, true
					break
				}
			}
		}
		if !found {
			return nil
		}
		at = next
	}
	return nil
}

// edge is the edge that joins two nodes at a cost.
func (t *tracer) edge(from, to int32, cost geo.Cost) (e int32, forward, ok bool) {
	for _, e := range t.edges[[2]int32{min(from, to), max(from, to)}] {
		u := t.net.Edge(e).Travel[t.mode]
		if from <= to && u.Forward && u.CostForward+u.WaitForward == cost {
			return e, true, true
		}
		if from >= to && u.Backward && u.CostBackward+u.WaitBackward == cost {
			return e, false, true
		}
	}
	return 0, false, false
}

// edge adds a whole edge.
func (w *path) edge(n *road.Network, m street.Mode, e int32, forward bool) {
	edge := n.Edge(e)
	u := edge.Travel[m]
	cost, wait := u.CostForward, u.WaitForward
	if !forward {
		cost, wait = u.CostBackward, u.WaitBackward
	}
	w.part(edge.Class, edge.Length, cost)
	w.waits += seconds(wait)
	w.draw(n, e, forward, 0, 1)
}

// part adds a length and what it takes. At either end of a trip that holds the wait at
// the node behind.
func (w *path) part(class street.Class, decimetres uint32, cost geo.Cost) {
	const perMetre = 10
	w.metres += float64(decimetres) / perMetre
	w.byClass[class] = w.byClass[class].and(float64(decimetres)/perMetre, seconds(cost))
}

// draw adds the shape of an edge between two shares of its length, in a direction.
func (w *path) draw(n *road.Network, e int32, forward bool, low, high float64) {
	all := n.AppendShape(nil, e)
	whole, so := length(all), 0.0
	shape := []geo.LonLat{along(all, low)}
	for i := 1; i < len(all); i++ {
		so += geo.Distance(all[i-1], all[i])
		if so > low*whole && so < high*whole {
			shape = append(shape, all[i])
		}
	}
	shape = append(shape, along(all, high))
	if !forward {
		slices.Reverse(shape)
	}
	for _, p := range shape {
		if k := len(w.shape); k == 0 || w.shape[k-1] != p {
			w.shape = append(w.shape, p)
		}
	}
}

func share(along, length uint32) float64 { return float64(along) / float64(max(length, 1)) }

func seconds(c geo.Cost) float64 { return float64(c) / float64(geo.Second) }
