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

// Snap puts p on the nearest edge that the mode may use, at most [SnapCap] away:
// an edge of the mode's main component, or, only when none is near, an edge of an
// island, from where searches answer NoPath honestly. Of edges equally near the
// lowest counts. The reach is Reached or NoRoadNearby.
func (n *Network) Snap(m street.Mode, p geo.LonLat) (Snap, geo.Reach) {
	near := n.nearest(m, p)
	if near.segment < 0 {
		return Snap{Edge: -1, Mode: m}, geo.NoRoadNearby
	}
	e := int32(sort.Search(len(n.from), func(e int) bool { return int64(n.shapeFirst[e+1]) > near.segment }))
	s := Snap{Edge: e, Mode: m, Access: geo.Cost(math.Round(math.Sqrt(near.square) * accessPerMetre))}
	a, b := n.shape[near.segment], n.shape[near.segment+1]
	s.At = geo.LonLat{
		Lon: (float64(a.lon) + near.t*(float64(b.lon)-float64(a.lon))) / perDegree,
		Lat: (float64(a.lat) + near.t*(float64(b.lat)-float64(a.lat))) / perDegree,
	}
	s.Along = n.along(e, near, math.Cos(p.Lat*math.Pi/180))
	n.split(&s)
	return s, geo.Reached
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
		s.FromStart, s.endNode = share(n.cost[s.Mode][forward][e]), t.head(a, n.to[e])
		if s.Along == length {
			s.FromStart, s.endNode = whole, n.to[e]
		}
		s.ToEnd = whole - s.FromStart
		s.Open |= ArriveByStart | LeaveByEnd
	}
	if a := newArc(e, backward); n.isOpen(s.Mode, a) {
		whole, travel := n.arcCost(s.Mode, a), n.cost[s.Mode][backward][e]
		s.FromEnd, s.startNode = travel-share(travel), t.head(a, n.from[e])
		if s.Along == 0 {
			s.FromEnd, s.startNode = whole, n.from[e]
		}
		s.ToStart = whole - s.FromEnd
		s.Open |= LeaveByStart | ArriveByEnd
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

// candidate is the nearest point of a segment.
type candidate struct {
	segment int64   // index of its first point in Network.shape; -1: none
	square  float64 // squared distance, m²
	t       float64 // from 0 at its first point to 1 at its second
}

// nearest looks at the cells around p in growing rings, until nothing farther
// out can be nearer than the best.
func (n *Network) nearest(m street.Mode, p geo.LonLat) candidate {
	const limit = SnapCap * SnapCap
	main := candidate{-1, limit, 0}
	island := main
	g := n.grid()
	ky := metresPerUnit
	kx := metresPerUnit * math.Cos(p.Lat*math.Pi/180)
	px, py := p.Lon*perDegree, p.Lat*perDegree
	// Beyond the cap of every cell; the negation also turns NaN away.
	x0, y0 := px-float64(g.lon), py-float64(g.lat)
	marginX, marginY := SnapCap/max(kx, ky/1000), SnapCap/ky // within 6 km of a pole, no roads
	if !(x0 >= -marginX && x0 <= float64(g.cols<<g.lonShift)+marginX &&
		y0 >= -marginY && y0 <= float64(g.rows<<g.latShift)+marginY) {
		return main
	}
	cx, cy := int64(math.Floor(x0))>>g.lonShift, int64(math.Floor(y0))>>g.latShift
	mainBit, islandBit := uint8(1)<<m, uint8(1)<<(m+islandShift)

	scan := func(y, x1, x2 int64) {
		if y < 0 || y >= g.rows {
			return
		}
		x1, x2 = max(x1, 0), min(x2, g.cols-1)
		if x1 > x2 {
			return
		}
		row := y * g.cols
		for _, i := range g.items[g.first[row+x1]:g.first[row+x2+1]] {
			best := &main
			switch {
			case g.usable[i]&mainBit != 0:
			case g.usable[i]&islandBit != 0:
				best = &island
			default:
				continue
			}
			a, b := n.shape[i], n.shape[i+1]
			ax, ay := (float64(a.lon)-px)*kx, (float64(a.lat)-py)*ky
			bx, by := (float64(b.lon)-px)*kx, (float64(b.lat)-py)*ky
			dx, dy := bx-ax, by-ay
			t := -(ax*dx + ay*dy)
			length := dx*dx + dy*dy
			// At an end, that end itself is measured, so that all segments
			// that meet there are exactly as near.
			var square float64
			switch {
			case t <= 0:
				t, square = 0, ax*ax+ay*ay
			case t >= length:
				t, square = 1, bx*bx+by*by
			default:
				t /= length
				x, y := ax+t*dx, ay+t*dy
				square = x*x + y*y
			}
			if square < best.square || square == best.square && (best.segment < 0 || int64(i) < best.segment) {
				*best = candidate{int64(i), square, t}
			}
		}
	}

	scan(cy, cx, cx)
	for r := int64(1); ; r++ {
		// What the rings so far do not hold is at least this far.
		west := (x0 - float64((cx-r+1)<<g.lonShift)) * kx
		east := (float64((cx+r)<<g.lonShift) - x0) * kx
		south := (y0 - float64((cy-r+1)<<g.latShift)) * ky
		north := (float64((cy+r)<<g.latShift) - y0) * ky
		if d := min(west, east, south, north); d > 0 && d*d > main.square {
			break
		}
		if cx-r < 0 && cx+r >= g.cols && cy-r < 0 && cy+r >= g.rows {
			break
		}
		scan(cy-r, cx-r, cx+r)
		for y := max(cy-r+1, 0); y < min(cy+r, g.rows); y++ {
			scan(y, cx-r, cx-r)
			scan(y, cx+r, cx+r)
		}
		scan(cy+r, cx-r, cx+r)
	}
	if main.segment >= 0 {
		return main
	}
	return island
}
