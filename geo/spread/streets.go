package spread

import (
	"context"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Weights is how many live along a metre of road, by what the road says of houses, outside
// and inside built-up areas; their unit is of no matter.
type Weights [street.NumFrontages]struct{ Fields, BuiltUp float64 }

// Calibrated is the weights in use. They are coarse on purpose: those inside built-up areas
// are calibrated against a census (scripts/spread; any share of 0.3 to 0.6 for roads that are
// not made for those who live there does as well, both 0 and 1 do worse); those in the
// fields are orders of size.
var Calibrated = Weights{
	street.Street: {Fields: 1, BuiltUp: 1},       // what it is made for, in a hamlet as well
	street.Lane:   {Fields: 0.03, BuiltUp: 0.5},  // a farm every 300 m, where a street has a house every 10 m
	street.Road:   {Fields: 0.02, BuiltUp: 0.5},  // fewer still; in towns, as many as on lanes
	street.Walked: {Fields: 0.25, BuiltUp: 0.25}, // old centres, where floors are shops and offices
	street.Drive:  {Fields: 0.05, BuiltUp: 0.05}, // to farms; to houses that have their street, and car parks
}

// ByStreets weighs parts by the roads in them.
func ByStreets(ctx context.Context, g *grid.Grid, n *road.Network, h *road.Houses, w Weights) ([]Mass, error) {
	return gather(ctx, g, streets(n, h, w))
}

func streets(n *road.Network, h *road.Houses, w Weights) things {
	const pace = 25.0 // metres between samples, at most
	return things{n.Counts().Edges, func(d *dropper, i int) error {
		w := w[h.Frontage[i]]
		if w.Fields == 0 && w.BuiltUp == 0 {
			return nil
		}
		shape := n.AppendShape(nil, int32(i))
		for j := 1; j < len(shape); j++ {
			p, q := shape[j-1], shape[j]
			length := geo.Distance(p, q)
			n := int(math.Ceil(length / pace))
			for s := range n {
				at, weight := between(p, q, (float64(s)+0.5)/float64(n)), w.Fields
				if w.Fields != w.BuiltUp && h.BuiltUp(at) {
					weight = w.BuiltUp
				}
				if weight > 0 {
					d.add(at, weight*length/float64(n))
				}
			}
		}
		return nil
	}}
}
