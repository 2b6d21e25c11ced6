package road

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// candidate is the nearest point of a segment.
type candidate struct {
	segment int64   // index of its first point in Network.shape; -1: none
	square  float64 // squared distance, m²
	t       float64 // from 0 at its first point to 1 at its second
	public  bool    // of an edge that is open to those who pass
	tied    bool    // a segment of another edge is as near, and not at a node of both
}

// before reports whether c comes before d.
func (c candidate) before(d candidate) bool {
	switch {
	case c.square != d.square:
		return c.square < d.square
	case d.segment < 0 || c.public != d.public:
		return d.segment < 0 || c.public
	}
	return c.segment < d.segment
}

// tie reports whether two candidates are of two edges, and not at a node of both, where a
// trip may take either.
func (n *Network) tie(c, d candidate) bool {
	e, f := n.edgeOf(c.segment), n.edgeOf(d.segment)
	if e == f {
		return false
	}
	a, b := n.nodeAt(e, c), n.nodeAt(f, d)
	return a < 0 || a != b
}

// nodeAt is the node at which a candidate on an edge is; -1: it is between nodes.
func (n *Network) nodeAt(e int32, c candidate) int32 {
	switch {
	case c.t == 0 && c.segment == int64(n.shapeFirst[e]):
		return n.from[e]
	case c.t == 1 && c.segment+2 == int64(n.shapeFirst[e+1]):
		return n.to[e]
	}
	return -1
}

// nearest looks at the cells around p in growing rings, until nothing farther out can be
// nearer than the best: that on components worth joining. island is the best elsewhere; it
// is right when it is nearer, or when there is no other.
func (n *Network) nearest(m street.Mode, p geo.LonLat) (worthy, island candidate) {
	worthy = candidate{segment: -1, square: SnapCap * SnapCap}
	island = worthy
	g := n.grid()
	ky := metresPerUnit
	kx := metresPerUnit * math.Cos(p.Lat*math.Pi/180)
	// To the unit of the network, so that a place on a node is exactly there.
	px, py := math.Round(p.Lon*perDegree), math.Round(p.Lat*perDegree)
	// Beyond the cap of every cell; the negation also turns NaN away.
	x0, y0 := px-float64(g.lon), py-float64(g.lat)
	marginX, marginY := SnapCap/max(kx, ky/1000), SnapCap/ky // within 6 km of a pole, no roads
	if !(x0 >= -marginX && x0 <= float64(g.cols<<g.lonShift)+marginX &&
		y0 >= -marginY && y0 <= float64(g.rows<<g.latShift)+marginY) {
		return worthy, island
	}
	cx, cy := int64(math.Floor(x0))>>g.lonShift, int64(math.Floor(y0))>>g.latShift
	worthyBit, islandBit, publicBit := uint16(1)<<m, uint16(1)<<(m+islandShift), uint16(1)<<(m+publicShift)

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
			best := &worthy
			switch {
			case g.usable[i]&worthyBit != 0:
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
			if square > best.square {
				continue
			}
			c := candidate{segment: int64(i), square: square, t: t, public: g.usable[i]&publicBit != 0}
			if square == best.square && best.segment >= 0 {
				c.tied = best.tied || n.tie(c, *best)
				best.tied = c.tied
			}
			if c.before(*best) {
				*best = c
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
		if d := min(west, east, south, north); d > 0 && d*d > worthy.square {
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
	return worthy, island
}
