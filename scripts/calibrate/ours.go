package main

import (
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
)

// network reads an extract and builds its network with the default profile.
func network(extract string) (*road.Network, error) {
	imp, err := osm.Roads(context.Background(), []source.Input{source.FromPath(extract)}, source.Options{})
	if err != nil {
		return nil, err
	}
	return road.Build(imp.Rows)
}

// trips computes the trip of each pair.
func trips(n *road.Network, m street.Mode, pairs []pair) []geo.Access {
	search := n.NewSearch(m)
	all := make([]geo.Access, len(pairs))
	var field *road.Field
	for i, p := range pairs {
		if field == nil || pairs[i-1].to != p.to {
			to, _ := n.Snap(m, p.to)
			field = search.Nearest([]road.Snap{to})
		}
		from, _ := n.Snap(m, p.from)
		all[i], _ = field.At(from)
	}
	return all
}

// path is the way that a trip takes.
type path struct {
	metres  float64
	byClass map[street.Class]float64 // metres
}

// trace follows the trip of a pair from node to node, where what is left costs just
// what the arc saves; nil when the ends share an edge, or it is lost on the way.
func trace(n *road.Network, m street.Mode, p pair) *path {
	from, _ := n.Snap(m, p.from)
	to, _ := n.Snap(m, p.to)
	left := map[int32]geo.Cost{}
	const far = 1 << 30
	n.NewSearch(m).Within(to, far, func(node int32, c geo.Cost) { left[node] = c })
	edges := map[[2]int32][]int32{}
	for e := range int32(n.Counts().Edges) {
		edge := n.Edge(e)
		edges[[2]int32{edge.From, edge.To}] = append(edges[[2]int32{edge.From, edge.To}], e)
	}
	if from.Edge == to.Edge {
		return nil
	}
	first, last := n.Edge(from.Edge), n.Edge(to.Edge)
	way := &path{byClass: map[street.Class]float64{}}
	add := func(class street.Class, decimetres uint32) {
		way.metres += float64(decimetres) / 10
		way.byClass[class] += float64(decimetres) / 10
	}
	const closed = geo.Cost(1) << 31
	byStart, byEnd := closed, closed
	if c, ok := left[first.From]; ok && from.Open&road.LeaveByStart != 0 {
		byStart = c + from.ToStart
	}
	if c, ok := left[first.To]; ok && from.Open&road.LeaveByEnd != 0 {
		byEnd = c + from.ToEnd
	}
	at := first.From
	if byEnd < byStart {
		at = first.To
		add(first.Class, first.Length-from.Along)
	} else {
		add(first.Class, from.Along)
	}
	arrive := func() (uint32, bool) {
		node := n.Graph(m).NodeOf(at)
		if node == last.From && to.Open&road.ArriveByStart != 0 && left[at] == to.FromStart+to.Access {
			return to.Along, true
		}
		if node == last.To && to.Open&road.ArriveByEnd != 0 && left[at] == to.FromEnd+to.Access {
			return last.Length - to.Along, true
		}
		return 0, false
	}
	arcs := n.Graph(m).Out()
	for range n.Counts().Nodes {
		if rest, ok := arrive(); ok {
			add(last.Class, rest)
			return way
		}
		out := arcs.Of(at)
		i := slices.IndexFunc(out, func(a graph.Arc) bool {
			c, ok := left[a.Node]
			return ok && c+a.Cost == left[at] && a.Cost > 0
		})
		if i < 0 {
			return nil
		}
		here, next := n.Graph(m).NodeOf(at), n.Graph(m).NodeOf(out[i].Node)
		between := edges[[2]int32{min(here, next), max(here, next)}]
		if len(between) == 0 {
			return nil
		}
		// Of parallel edges, the one that costs as much; else the first.
		e := n.Edge(between[0])
		for _, b := range between {
			t := n.Edge(b).Travel[m]
			if here < next && t.Forward && t.CostForward+t.WaitForward == out[i].Cost || here > next && t.Backward && t.CostBackward+t.WaitBackward == out[i].Cost {
				e = n.Edge(b)
				break
			}
		}
		add(e.Class, e.Length)
		at = out[i].Node
	}
	return nil
}
