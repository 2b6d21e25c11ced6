package main

import (
	"iter"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
)

// All that this program asks of the package road is in this file.

// network builds the roads of an extract or, without one, of the demonstration.
func network(extract string) (*road.Network, error) {
	in := source.FromPath(extract)
	if extract == "" {
		files, manifest, err := fixtures.Aisne()
		if err != nil {
			return nil, err
		}
		for _, entry := range manifest {
			if entry.Kind == "roads" {
				in = source.FromFS(files, entry.File)
			}
		}
	}
	imp, err := source.Roads([]source.Input{in}, source.Options{})
	if err != nil {
		return nil, err
	}
	return road.Build(imp.Rows)
}

// arc is one row of the table that pgRouting reads.
type arc struct {
	source, target int32
	cost           geo.Cost
}

// graph is what both sides search: the arcs of one mode.
type graph struct {
	net  *road.Network
	mode geo.Mode
	// ends holds, for each node, a place exactly there, which nothing is lost by
	// arriving at; its Edge is -1 where no edge of the mode meets.
	ends []road.Snap
	// inMain and islands are the nodes with an arc, in the main component and out.
	inMain, islands []int32
}

func newGraph(net *road.Network, mode geo.Mode) *graph {
	g := &graph{net: net, mode: mode, ends: make([]road.Snap, net.Counts().Nodes)}
	for v := range g.ends {
		g.ends[v] = road.Snap{Edge: -1, Mode: mode}
	}
	isMain := make([]bool, len(g.ends))
	for e := range int32(net.Counts().Edges) {
		edge := net.Edge(e)
		travel := edge.Travel[mode]
		if !travel.Forward && !travel.Backward || edge.From == edge.To {
			continue
		}
		g.ends[edge.From] = road.Snap{At: net.Node(edge.From), Edge: e, Open: road.LeaveByStart | road.ArriveByStart, Mode: mode}
		g.ends[edge.To] = road.Snap{At: net.Node(edge.To), Edge: e, Along: edge.Length, Open: road.LeaveByEnd | road.ArriveByEnd, Mode: mode}
		if travel.Main {
			isMain[edge.From], isMain[edge.To] = true, true
		}
	}
	for v := range int32(len(g.ends)) {
		switch {
		case g.ends[v].Edge < 0:
		case isMain[v]:
			g.inMain = append(g.inMain, v)
		default:
			g.islands = append(g.islands, v)
		}
	}
	return g
}

// arcs yields every arc of the search: of parallel ones, it keeps the cheapest.
func (g *graph) arcs() iter.Seq[arc] {
	return func(yield func(arc) bool) {
		out := g.net.Graph(g.mode).Out
		for v := range int32(len(out.First) - 1) {
			for _, a := range out.Of(v) {
				if !yield(arc{v, a.Node, a.Cost}) {
					return
				}
			}
		}
	}
}

// searcher answers for one graph.
type searcher struct {
	graph  *graph
	search *road.Search
	snaps  []road.Snap
}

func (g *graph) searcher() *searcher {
	return &searcher{graph: g, search: g.net.NewSearch(g.mode)}
}

// toward searches from everywhere to the nearest of some nodes. What it returns
// gives the cost from a node, -1 when there is no path, until the next call.
func (s *searcher) toward(nodes ...int32) func(from int32) int64 {
	s.snaps = s.snaps[:0]
	for _, v := range nodes {
		s.snaps = append(s.snaps, s.graph.ends[v])
	}
	field := s.search.Nearest(s.snaps)
	return func(from int32) int64 {
		access, _ := field.Node(from)
		if access.Reach != geo.Reached {
			return noPath
		}
		return int64(access.Cost)
	}
}
