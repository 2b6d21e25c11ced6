package road

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// grid finds the segments near a place. It covers the network with cells of
// about 180 m, coarser where the network is so sparse that cells would outnumber
// points; cell (x, y) lists, in items[first[c]:first[c+1]] with c = y·cols+x, every
// segment that touches it, each as the index in Network.shape of its first point.
//
// Segments are not copied: shape is in the order of edges, which is that of a
// Hilbert curve, so the segments of a cell are mostly neighbours in memory.
type grid struct {
	lon, lat           int64 // south-west corner, units of point
	lonShift, latShift uint  // a cell is 1<<shift units wide, high
	cols, rows         int64
	first, items       []uint32

	// usable tells of the segment that starts at each shape point, bit m: a trip of mode m
	// may start or end on it, and its component is worth joining; bit m+islandShift: it may,
	// and that is not; bit m+publicShift: it is open to those who pass, in some direction. It
	// is 0 at the last point of an edge.
	usable []uint16
}

const (
	islandShift   = street.NumModes
	publicShift   = 2 * street.NumModes
	cellShift     = 14 // 1.6384e-3 degree, 182 m of latitude
	maxShift      = 32 // one cell is wider than the Earth
	metresPerUnit = geo.EarthRadius * math.Pi / 180 / perDegree
)

// newGrid indexes the segments of n.
func (n *Network) newGrid() *grid {
	g := &grid{usable: n.segmentUse()}
	if len(n.shape) == 0 {
		return g
	}
	segments := n.segments()
	lo, hi := n.shape[0], n.shape[0]
	for _, p := range n.shape {
		lo = point{min(lo.lon, p.lon), min(lo.lat, p.lat)}
		hi = point{max(hi.lon, p.lon), max(hi.lat, p.lat)}
	}
	g.lon, g.lat = int64(lo.lon), int64(lo.lat)
	// Cells as wide as high, to a factor √2, at the middle latitude.
	middle := (float64(lo.lat) + float64(hi.lat)) / 2 / perDegree * math.Pi / 180
	narrow := math.Round(math.Log2(1 / max(math.Cos(middle), 1e-3)))
	g.lonShift, g.latShift = cellShift+uint(narrow), cellShift

	// Coarsen until memory is in proportion to the network, whatever its extent
	// and the length of its segments.
	budget := 8*len(n.shape) + 1024
	for {
		g.cols = (int64(hi.lon)-g.lon)>>g.lonShift + 1
		g.rows = (int64(hi.lat)-g.lat)>>g.latShift + 1
		if g.cols*g.rows <= int64(budget) && n.countSegments(g, segments, budget) {
			break
		}
		g.lonShift, g.latShift = min(g.lonShift+1, maxShift), min(g.latShift+1, maxShift)
	}
	g.items = make([]uint32, g.first[len(g.first)-1])
	for i := range n.shape {
		if segments[i] {
			g.cells(n.shape[i], n.shape[i+1], func(c int64) bool {
				g.first[c+1]--
				g.items[g.first[c+1]] = uint32(i)
				return true
			})
		}
	}
	// first[c+1] went from the end of cell c to its start.
	copy(g.first, g.first[1:])
	g.first[len(g.first)-1] = uint32(len(g.items))
	return g
}

// countSegments sets first[c+1] to the end of cell c in items. It stops and
// says false when there are more than budget items.
func (n *Network) countSegments(g *grid, segments []bool, budget int) bool {
	g.first = make([]uint32, g.cols*g.rows+1)
	total := 0
	for i := range n.shape {
		if !segments[i] {
			continue
		}
		g.cells(n.shape[i], n.shape[i+1], func(c int64) bool {
			g.first[c+1]++
			total++
			return total <= budget
		})
		if total > budget {
			return false
		}
	}
	for c := range g.first[1:] {
		g.first[c+1] += g.first[c]
	}
	return true
}

// segments tells the shape points at which a segment starts: all but the last of each
// edge.
func (n *Network) segments() []bool {
	starts := make([]bool, len(n.shape))
	for e := range n.open {
		for i := n.shapeFirst[e]; i < n.shapeFirst[e+1]-1; i++ {
			starts[i] = true
		}
	}
	return starts
}

// segmentUse computes grid.usable.
func (n *Network) segmentUse() []uint16 {
	usable := make([]uint16, len(n.shape))
	for e, stop := range n.stop {
		var bits uint16
		for _, m := range street.Modes {
			if stop&(1<<m) == 0 {
				continue
			}
			if n.worth[e]&(1<<m) != 0 {
				bits |= 1 << m
			} else {
				bits |= 1 << (m + islandShift)
			}
			if n.isPublic(m, int32(e)) {
				bits |= 1 << (m + publicShift)
			}
		}
		for i := n.shapeFirst[e]; i < n.shapeFirst[e+1]-1; i++ {
			usable[i] = bits
		}
	}
	return usable
}

// cells yields each cell that segment a–b touches, row by row; a unit more on
// either side absorbs rounding.
func (g *grid) cells(a, b point, yield func(c int64) bool) {
	if a.lat > b.lat {
		a, b = b, a
	}
	slope := 0.0 // longitude per latitude
	if a.lat != b.lat {
		slope = (float64(b.lon) - float64(a.lon)) / (float64(b.lat) - float64(a.lat))
	}
	west, east := int64(min(a.lon, b.lon)), int64(max(a.lon, b.lon))
	south, north := int64(a.lat), int64(b.lat)
	for y := (south - g.lat) >> g.latShift; y <= (north-g.lat)>>g.latShift; y++ {
		w, e := west, east
		if a.lat != b.lat {
			floor := max(south, g.lat+y<<g.latShift)
			ceil := min(north, g.lat+(y+1)<<g.latShift)
			l := float64(a.lon) + slope*float64(floor-south)
			r := float64(a.lon) + slope*float64(ceil-south)
			w = max(w, int64(math.Floor(min(l, r)))-1)
			e = min(e, int64(math.Ceil(max(l, r)))+1)
		}
		for x := (w - g.lon) >> g.lonShift; x <= (e-g.lon)>>g.lonShift; x++ {
			if !yield(y*g.cols + x) {
				return
			}
		}
	}
}
