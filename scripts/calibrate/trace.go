package main

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
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
// is left costs just what the arc saves; nil when it stays on one edge, or is lost on the
// way.
func (t *tracer) trace(p pair, whole geo.Cost) *path {
	from, to := sides(t.net, t.mode, p.from), sides(t.net, t.mode, p.to)
	if len(from) == 0 || len(to) == 0 {
		return nil
	}
	left := map[int32]geo.Cost{}
	search := t.net.NewSearch(t.mode)
	for _, side := range to {
		search.Within(side, whole, func(number int32, c geo.Cost) {
			if was, ok := left[number]; !ok || c < was {
				left[number] = c
			}
		})
	}
	way := &path{byClass: map[street.Class]spent{}}
	at, ok := t.leave(way, from, left, whole)
	if !ok {
		return nil
	}
	out := t.net.Graph(t.mode).Out()
	for range len(left) {
		if t.arrive(way, to, at, left[at]) {
			return way
		}
		if at, ok = t.step(way, out.Of(at), at, left); !ok {
			return nil
		}
	}
	return nil
}

// leave is the place of the graph that a trip comes to first, from which just so much is
// left.
func (t *tracer) leave(way *path, from []road.Snap, left map[int32]geo.Cost, whole geo.Cost) (int32, bool) {
	for _, s := range from {
		edge := t.net.Edge(s.Edge)
		for _, by := range []struct {
			node  int32
			open  road.Ends
			cost  geo.Cost
			start bool
		}{{edge.From, road.LeaveByStart, s.ToStart, true}, {edge.To, road.LeaveByEnd, s.ToEnd, false}} {
			if s.Open&by.open == 0 {
				continue
			}
			for _, number := range t.nodes[by.node] {
				if c, ok := left[number]; ok && c+by.cost+s.Access == whole {
					if by.start {
						way.part(edge.Class, s.Along, by.cost)
						way.draw(t.net, s.Edge, false, 0, share(s.Along, edge.Length))
					} else {
						way.part(edge.Class, edge.Length-s.Along, by.cost)
						way.draw(t.net, s.Edge, true, share(s.Along, edge.Length), 1)
					}
					return number, true
				}
			}
		}
	}
	return 0, false
}

// arrive reports whether a trip ends beside a place of the graph, from which so much is
// left.
func (t *tracer) arrive(way *path, to []road.Snap, at int32, left geo.Cost) bool {
	node := t.net.Graph(t.mode).NodeOf(at)
	for _, s := range to {
		edge := t.net.Edge(s.Edge)
		if node == edge.From && s.Open&road.ArriveByStart != 0 && left == s.FromStart+s.Access {
			way.part(edge.Class, s.Along, s.FromStart)
			way.draw(t.net, s.Edge, true, 0, share(s.Along, edge.Length))
			return true
		}
		if node == edge.To && s.Open&road.ArriveByEnd != 0 && left == s.FromEnd+s.Access {
			way.part(edge.Class, edge.Length-s.Along, s.FromEnd)
			way.draw(t.net, s.Edge, false, share(s.Along, edge.Length), 1)
			return true
		}
	}
	return false
}

// step takes the arc that saves what it costs.
func (t *tracer) step(way *path, out []graph.Arc, at int32, left map[int32]geo.Cost) (int32, bool) {
	g := t.net.Graph(t.mode)
	for _, a := range out {
		if c, ok := left[a.Node]; ok && c+a.Cost == left[at] && a.Cost > 0 {
			if e, forward, ok := t.edge(g.NodeOf(at), g.NodeOf(a.Node), a.Cost); ok {
				way.edge(t.net, t.mode, e, forward)
				return a.Node, true
			}
		}
	}
	return 0, false
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
