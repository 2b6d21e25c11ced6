// Package road answers one question: how long does the journey take from a place to
// the nearest of several others, by car, by bike or on foot? It does no I/O.
//
//	Way       an OSM way as decoded: tags, node ids, positions.
//	Profile   what tags mean to each mode: open or not, how fast; read from data.
//	Network   junctions and the edges between them, with geometry; immutable.
//	Graph     the arcs of one mode in compressed sparse rows; immutable.
//	Snap      a place put on an edge, with the walk there.
//	Search    the scratch space of one goroutine: [Search.Nearest], [Search.Reach].
//	Field     the outcome of Nearest: time and owner from anywhere.
//
// Every journey runs from an origin to a source (a lieu), so searches start at the
// sources and follow arcs backwards. Its cost is the sum of five integers, each a
// [geo.Cost] in deciseconds: the walk from the origin to its edge, the rest of
// that edge, whole edges, the part of the source's edge, the walk to the source.
// No floating point enters a search: the nearest of a set is bit for bit the
// minimum over its members.
//
// # Turns and the ends of a trip
//
// A trip leaves by private roads (drives, tracks, "riverains"), passes by public ones and
// arrives by private ones: it never passes through a private road. It obeys bans of turns,
// from one arc to the next, and chains, over more arcs; a car turns round nowhere within a
// trip, but where a ban leaves it no other way. So the nodes of a Graph are states: nodes
// of the network, and copies of those where a traveller must remember something: in which
// phase the trip is, which arcs begin a ban. Where nothing is banned and no private road
// can be passed through there are none, and searches know nothing of all this: states are
// nodes to them.
//
// OSM ids stop at Build; nodes and edges are positions 0..n-1, in the order of a
// Hilbert curve, and do not depend on the order of the ways.
package road
