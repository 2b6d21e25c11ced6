package main

import (
	"context"
	"iter"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
)

// All that this program asks of the packages road and graph is in this file.

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
	imp, err := osm.Roads(context.Background(), []source.Input{in}, source.Options{})
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

// roads is what both sides search: the arcs of one mode. Nodes where turns are banned
// have copies, which are nodes like others here.
type roads struct {
	graph *road.Graph
	out   graph.Rows
	// inMain and islands are the nodes with an arc, in the largest component and out.
	inMain, islands []int32
}

func newRoads(net *road.Network, mode street.Mode) *roads {
	g := &roads{graph: net.Graph(mode), out: net.Graph(mode).Out()}
	component := g.out.Components()
	size := make([]int, len(component))
	largest := int32(0)
	for _, c := range component {
		if size[c]++; size[c] > size[largest] {
			largest = c
		}
	}
	for v := range int32(len(component)) {
		switch {
		case len(g.out.Of(v))+len(g.graph.In.Of(v)) == 0:
		case component[v] == largest:
			g.inMain = append(g.inMain, v)
		default:
			g.islands = append(g.islands, v)
		}
	}
	return g
}

// arcs yields every arc of the search: of parallel ones, it keeps the cheapest.
func (g *roads) arcs() iter.Seq[arc] {
	return func(yield func(arc) bool) {
		for v := range int32(g.out.Nodes()) {
			for _, a := range g.out.Of(v) {
				if !yield(arc{v, a.Node, a.Cost}) {
					return
				}
			}
		}
	}
}

// searcher answers for one graph.
type searcher struct {
	field *graph.Field
	seeds []graph.Seed
}

func (g *roads) searcher() *searcher { return &searcher{field: g.graph.Core().NewField()} }

// toward searches from everywhere to the nearest of some nodes. What it returns
// gives the cost from a node, -1 when there is no path, until the next call.
func (s *searcher) toward(nodes ...int32) func(from int32) int64 {
	s.seeds = s.seeds[:0]
	for i, v := range nodes {
		s.seeds = append(s.seeds, graph.Seed{Node: v, Label: graph.NewLabel(0, int32(i))})
	}
	s.field.Compute(s.seeds)
	return func(from int32) int64 {
		l := s.field.Label(from)
		if !l.Reached() {
			return noPath
		}
		return int64(l.Cost())
	}
}
