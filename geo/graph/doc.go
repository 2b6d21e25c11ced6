// Package graph answers, on a directed graph of nodes 0..n-1 with whole costs: how
// far is every node from the nearest of several sources, and which source is it?
// It knows nothing of roads, positions or modes, and does no I/O.
//
//	Rows     arcs in compressed sparse rows; immutable.
//	Core     a graph contracted to its junctions; immutable.
//	Field    the distance and owner of every node, computed through a core; it
//	         follows sources that are added or removed.
//	Bounded  every node within a limit of one source.
//
// Distances run from a node to a source, along the arcs: a journey goes to the lieu.
// They are sums of whole costs, so that a result is the same bit for bit however
// it is found: on the whole graph, through the core, or by updates. Costs are
// [geo.Cost]; a distance above [MaxCost] counts as no path.
//
// # The core
//
// Most nodes of a road network are bends of a chain or lie in a dead end. [Contract]
// takes nodes away one after the other, and keeps distances by an arc from each node
// before to each node behind, where that adds no more arcs than it takes away. What
// is left, a fifth to a third of the nodes, is the core. A search then runs in three
// steps: sources that were taken away hand their distance up to the core; the core
// is searched from all of them at once; and one sweep gives every node that was taken
// away the best of the few nodes that it was attached to. It is a contraction
// hierarchy (Geisberger et al. 2008) stopped early, with the sweep of PHAST (Delling
// et al. 2011): its preparation takes seconds for a country, not minutes.
//
// Nodes taken away in one round are no neighbours of each other; they are laid out
// by round, the last round first, so that the sweep reads memory forwards.
package graph
