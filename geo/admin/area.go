package admin

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// Area answers quickly whether an outline holds a point. Of outlines that share an edge,
// vertex for vertex, one alone holds each point of the edge, so that what is counted by
// points adds up over any partition.
type Area struct{ surfaces []surface }

// surface is one polygon, its edges by bands of latitude.
type surface struct {
	bounds orb.Bound
	step   float64  // height of a band, degrees
	bands  [][]edge // an edge is in every band that it touches
}

// edge goes from its lower end to its upper one, so that a point is on the same side of it
// for both outlines that share it.
type edge struct{ low, high orb.Point }

// maxBands bounds the bands of one polygon.
const maxBands = 4096

// NewArea prepares an outline.
func NewArea(outline orb.MultiPolygon) *Area {
	a := &Area{}
	for _, polygon := range outline {
		s := surface{bounds: polygon.Bound()}
		n := 0
		for _, ring := range polygon {
			n += len(ring)
		}
		s.bands = make([][]edge, min(max(n/4, 1), maxBands))
		s.step = (s.bounds.Max[1] - s.bounds.Min[1]) / float64(len(s.bands))
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				e := edge{ring[i-1], ring[i]}
				if e.low[1] > e.high[1] || e.low[1] == e.high[1] && e.low[0] > e.high[0] {
					e = edge{e.high, e.low}
				}
				for k := s.band(e.low[1]); k <= s.band(e.high[1]); k++ {
					s.bands[k] = append(s.bands[k], e)
				}
			}
		}
		a.surfaces = append(a.surfaces, s)
	}
	return a
}

// band is where a latitude is, the nearest for one outside.
func (s *surface) band(lat float64) int {
	if s.step <= 0 {
		return 0
	}
	return min(max(int((lat-s.bounds.Min[1])/s.step), 0), len(s.bands)-1)
}

// Contains reports whether the outline holds p. Of its edges it has those to the west and to
// the south.
func (a *Area) Contains(p geo.LonLat) bool {
	at := orb.Point{p.Lon, p.Lat}
	for i := range a.surfaces {
		s := &a.surfaces[i]
		if !s.bounds.Contains(at) {
			continue
		}
		in := false
		for _, e := range s.bands[s.band(p.Lat)] {
			if e.low[1] <= p.Lat && p.Lat < e.high[1] && p.Lon < e.low[0]+(p.Lat-e.low[1])*(e.high[0]-e.low[0])/(e.high[1]-e.low[1]) {
				in = !in
			}
		}
		if in {
			return true
		}
	}
	return false
}

// Cuts reports whether an edge of the outline goes through a box: where none does, the box
// is wholly inside or wholly outside.
func (a *Area) Cuts(b geo.Bounds) bool {
	for i := range a.surfaces {
		s := &a.surfaces[i]
		if b.Max.Lon < s.bounds.Min[0] || b.Min.Lon > s.bounds.Max[0] || b.Max.Lat < s.bounds.Min[1] || b.Min.Lat > s.bounds.Max[1] {
			continue
		}
		for k := s.band(b.Min.Lat); k <= s.band(b.Max.Lat); k++ {
			for _, e := range s.bands[k] {
				if e.crosses(b) {
					return true
				}
			}
		}
	}
	return false
}

// crosses reports whether the edge has a point in a box, its border included.
func (e edge) crosses(b geo.Bounds) bool {
	if max(e.low[0], e.high[0]) < b.Min.Lon || min(e.low[0], e.high[0]) > b.Max.Lon || e.high[1] < b.Min.Lat || e.low[1] > b.Max.Lat {
		return false
	}
	left, right := false, false
	for _, corner := range [4]orb.Point{{b.Min.Lon, b.Min.Lat}, {b.Max.Lon, b.Min.Lat}, {b.Min.Lon, b.Max.Lat}, {b.Max.Lon, b.Max.Lat}} {
		side := (e.high[0]-e.low[0])*(corner[1]-e.low[1]) - (e.high[1]-e.low[1])*(corner[0]-e.low[0])
		left, right = left || side >= 0, right || side <= 0
	}
	return left && right
}
