package road

import "github.com/aisne-numerique/maillage/geo"

// mainEdges tells which edges are in the main component of a mode: the strongly connected component with the greatest length of edges
// (from any of its nodes every other can be reached, and back). Among equals it
// is the one that holds the lowest node. nodes is the number of its nodes: 0
// when no edge has both ends in one component.
func (n *Network) mainEdges(m geo.Mode) (in []bool, nodes int) {
	component := n.graphs[m].components()
	inside := func(e int) bool {
		return n.open[e]&(openBit(m, forward)|openBit(m, backward)) != 0 && component[n.from[e]] == component[n.to[e]]
	}
	length := make([]uint64, len(n.nodes))
	for e := range n.from {
		if inside(e) {
			length[component[n.from[e]]] += uint64(n.length[e])
		}
	}
	var main int32
	for c, l := range length {
		if l > length[main] {
			main = int32(c)
		}
	}
	if len(length) == 0 || length[main] == 0 {
		return nil, 0
	}
	in = make([]bool, len(n.from))
	for e := range n.from {
		in[e] = inside(e) && component[n.from[e]] == main
	}
	for _, c := range component {
		if c == main {
			nodes++
		}
	}
	return in, nodes
}

// components gives each node its strongly connected component, named by the
// lowest node in it.
//
// This is Tarjan's algorithm (1972) with the recursion unrolled: a road network
// is deep enough to exhaust a call stack.
func (g *Graph) components() []int32 {
	nodes := len(g.Out.First) - 1
	const unseen = -1
	var (
		index = make([]int32, nodes) // order of discovery
		low   = make([]int32, nodes) // lowest index known to be reachable
		open  = make([]bool, nodes)  // on the stack of unfinished components
		next  = make([]uint32, nodes)
		stack = make([]int32, 0, nodes)
		path  []int32
		part  = make([]int32, nodes) // component, named by its lowest node
		found int32
	)
	for v := range index {
		index[v] = unseen
	}
	enter := func(v int32) {
		index[v], low[v], open[v], next[v] = found, found, true, g.Out.First[v]
		found++
		stack = append(stack, v)
		path = append(path, v)
	}
	for root := range int32(nodes) {
		if index[root] != unseen {
			continue
		}
		enter(root)
		for len(path) > 0 {
			v := path[len(path)-1]
			if next[v] < g.Out.First[v+1] {
				w := g.Out.Arcs[next[v]].Node
				next[v]++
				if index[w] == unseen {
					enter(w)
				} else if open[w] {
					low[v] = min(low[v], index[w])
				}
				continue
			}
			path = path[:len(path)-1]
			if len(path) > 0 {
				u := path[len(path)-1]
				low[u] = min(low[u], low[v])
			}
			if low[v] != index[v] {
				continue
			}
			// v closes a component: all that was pushed since.
			at := len(stack) - 1
			for stack[at] != v {
				at--
			}
			lowest := v
			for _, w := range stack[at:] {
				lowest = min(lowest, w)
			}
			for _, w := range stack[at:] {
				open[w], part[w] = false, lowest
			}
			stack = stack[:at]
		}
	}
	return part
}
