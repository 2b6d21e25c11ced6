package admin

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
)

// Distance is how far p is from the commune, in metres: 0 inside, else the distance
// to the nearest border, in the plane tangent at p.
func (c *Commune) Distance(p geo.LonLat) float64 {
	if c.Contains(p) {
		return 0
	}
	plane := geo.NewPlane(p)
	best := math.Inf(1)
	for _, poly := range c.Outline {
		for _, ring := range poly {
			for i := 1; i < len(ring); i++ {
				ax, ay := plane.XY(geo.LonLat{Lon: ring[i-1][0], Lat: ring[i-1][1]})
				bx, by := plane.XY(geo.LonLat{Lon: ring[i][0], Lat: ring[i][1]})
				// The point of the segment nearest to the origin, which is p.
				dx, dy := bx-ax, by-ay
				t := 0.0
				if l := dx*dx + dy*dy; l > 0 {
					t = min(1, max(0, -(ax*dx+ay*dy)/l))
				}
				best = min(best, math.Hypot(ax+t*dx, ay+t*dy))
			}
		}
	}
	return best
}
