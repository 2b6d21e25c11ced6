package graph

// Components gives each node its strongly connected component, named by the lowest
// node in it.
//
// This is Tarjan's algorithm (1972) with the recursion unrolled: a road network
// is deep enough to exhaust a call stack.
func (r Rows) Components() []int32 {
	nodes := r.Nodes()
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
		index[v], low[v], open[v], next[v] = found, found, true, r.First[v]
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
			if next[v] < r.First[v+1] {
				w := r.Arcs[next[v]].Node
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
