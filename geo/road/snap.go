package road

import (
	"math"
	"sort"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

const (
	// SnapCap is the longest walk between a place and its road, in metres.
	SnapCap = 1000
	// AccessKMH is the speed of that walk, in a straight line, whatever the mode
	// that follows: the one to a parked car, or across a field to the road.
	AccessKMH = 4.5
	// accessPerMetre is the same in deciseconds per metre: exactly 8.
	accessPerMetre = 10 * 3.6 / AccessKMH
)

// Snap is a place put on the road network for one mode. The zero value is not a
// place: use what [Network.Snap] returns. Where no road is near, Edge is -1, and
// searches take the Snap for what it is: a place that no journey leaves or reaches.
//
// The costs split those of the edge exactly: FromStart+ToEnd is the cost of the
// edge forward, FromEnd+ToStart its cost backward, where these are open, with the
// wait at the node behind, which is paid on arriving there. A Snap at an end of its
// edge is at that node: it leaves there for 0, whatever turns are banned, even
// against a one-way sign.
type Snap struct {
	At                 geo.LonLat // the point on the edge
	Edge               int32      // -1: no road nearby
	Along              uint32     // decimetres from the edge's start to At
	ToStart, ToEnd     geo.Cost   // leaving: from At to either end of the edge
	FromStart, FromEnd geo.Cost   // arriving: from either end of the edge to At
	Access             geo.Cost   // on foot, in a straight line, between the place and At
	Open               Ends       // which of ToStart … FromEnd can be travelled
	Mode               street.Mode

	// Second is the nearer edge of a component that is not worth joining, where there is
	// one: the place is on both, and a journey takes the one that is cheaper. It is not to
	// be changed, and has no Second itself.
	Second *Snap
	Tied   bool // another edge is exactly as near, and At is no node of both

	startNode, endNode int32 // of the graph: where a journey that leaves by either end arrives
}

// Origin is a Snap that journeys start from.
type Origin = Snap

// Ends is a set of ways to leave or arrive at a Snap.
type Ends uint8

// The members of Ends.
const (
	LeaveByStart Ends = 1 << iota
	LeaveByEnd
	ArriveByStart
	ArriveByEnd
)

// Leg is the shortest walk between the place and the network.
func (s *Snap) Leg() geo.Cost {
	if s.Second != nil {
		return s.Second.Access
	}
	return s.Access
}

// Snap puts p on the nearest edge where a trip of the mode may start or end, at most
// [SnapCap] away, of a component that is worth joining. Where an edge of another component
// is nearer, as on an islet, it is on both (see Snap.Second); where nothing else is near, on
// that one alone. Of edges equally near, those that are open to all come first, then the
// lowest. The reach is Reached or NoRoadNearby.
func (n *Network) Snap(m street.Mode, p geo.LonLat) (Snap, geo.Reach) {
	worthy, island := n.nearest(m, p)
	switch {
	case worthy.segment < 0 && island.segment < 0:
		return Snap{Edge: -1, Mode: m}, geo.NoRoadNearby
	case worthy.segment < 0:
		return n.put(m, p, island), geo.Reached
	}
	s := n.put(m, p, worthy)
	if island.segment >= 0 && island.square < worthy.square && !n.past {
		second := n.put(m, p, island)
		s.Second = &second
	}
	return s, geo.Reached
}

// put is p put on an edge, at a candidate.
func (n *Network) put(m street.Mode, p geo.LonLat, near candidate) Snap {
	e := n.edgeOf(near.segment)
	s := Snap{Edge: e, Mode: m, Access: geo.Cost(math.Round(math.Sqrt(near.square) * accessPerMetre)), Tied: near.tied}
	a, b := n.shape[near.segment], n.shape[near.segment+1]
	s.At = geo.LonLat{
		Lon: (float64(a.lon) + near.t*(float64(b.lon)-float64(a.lon))) / perDegree,
		Lat: (float64(a.lat) + near.t*(float64(b.lat)-float64(a.lat))) / perDegree,
	}
	s.Along = n.along(e, near, math.Cos(p.Lat*math.Pi/180))
	n.split(&s)
	return s
}

// edgeOf is the edge that a segment is of.
func (n *Network) edgeOf(segment int64) int32 {
	return int32(sort.Search(len(n.from), func(e int) bool { return int64(n.shapeFirst[e+1]) > segment }))
}

// along is the distance in decimetres from the start of e to a point of one of
// its segments: its share of the drawn length, in a plane, times the length.
func (n *Network) along(e int32, at candidate, cosLat float64) uint32 {
	shape := n.points(e)
	segment := int(at.segment) - int(n.shapeFirst[e])
	var before, total float64
	for i := 1; i < len(shape); i++ {
		dx := (float64(shape[i].lon) - float64(shape[i-1].lon)) * cosLat
		dy := float64(shape[i].lat) - float64(shape[i-1].lat)
		l := math.Sqrt(dx*dx + dy*dy)
		if i-1 == segment {
			before = total + at.t*l
		}
		total += l
	}
	if total == 0 {
		return 0
	}
	return uint32(math.Round(float64(n.length[e]) * min(before/total, 1)))
}

// split sets the costs of s on both sides of Along. Each share is rounded, and
// never decreases with Along; the other side takes the rest.
func (n *Network) split(s *Snap) {
	e, length := s.Edge, n.length[s.Edge]
	share := func(whole geo.Cost) geo.Cost {
		if length == 0 {
			return 0
		}
		return geo.Cost((uint64(whole)*uint64(s.Along) + uint64(length)/2) / uint64(length))
	}
	t := &n.Graph(s.Mode).turning
	s.startNode, s.endNode = n.from[e], n.to[e]
	if a := newArc(e, forward); n.isOpen(s.Mode, a) {
		whole := n.arcCost(s.Mode, a)
		s.FromStart, s.endNode = share(n.cost[s.Mode][forward][e]), t.startBy(a)
		if s.Along == length {
			s.FromStart = whole
		}
		s.ToEnd = whole - s.FromStart
		s.Open |= ArriveByStart | LeaveByEnd
	}
	if a := newArc(e, backward); n.isOpen(s.Mode, a) {
		whole, travel := n.arcCost(s.Mode, a), n.cost[s.Mode][backward][e]
		s.FromEnd, s.startNode = travel-share(travel), t.startBy(a)
		if s.Along == 0 {
			s.FromEnd = whole
		}
		s.ToStart = whole - s.FromEnd
		s.Open |= LeaveByStart | ArriveByEnd
	}
	if s.Along == 0 {
		s.startNode = t.startAt(n.from[e], e)
	}
	if s.Along == length {
		s.endNode = t.startAt(n.to[e], e)
	}
	if s.Along == 0 {
		s.Open |= LeaveByStart | ArriveByStart
	}
	if s.Along == length {
		s.Open |= LeaveByEnd | ArriveByEnd
	}
}

// direct is the cost of the journey from o to s along their common edge, when it is
// open that way.
func direct(o, s *Snap) (geo.Cost, bool) {
	switch {
	case o.Along < s.Along: // forward; s is not at the start, so its Open speaks of the edge
		return s.FromStart - o.FromStart, s.Open&ArriveByStart != 0
	case o.Along > s.Along:
		return o.ToStart - s.ToStart, o.Open&LeaveByStart != 0
	}
	return 0, true
}
