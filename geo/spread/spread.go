// Package spread says where in a commune people live, by what is known of houses. It gives
// weights, not people: those of a commune are shared out by [grid.Apportion].
//
//	BySquares    people counted in squares
//	ByDwellings  dwellings of buildings and addresses
//	ByStreets    what roads say by their class and their tags, never by a speed
//
// Sums do not depend on the number of processors.
package spread

import (
	"context"
	"fmt"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/parallel"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Mass is a weight in a part, and where it is: the sums of weight × position.
type Mass struct{ Weight, Lon, Lat float64 }

// drop is a weight dropped on the map at one place.
type drop struct {
	part int32
	mass Mass
}

// things are what weights come from: n of them, each dropped by one.
type things struct {
	n   int
	one func(d *dropper, i int) error
}

// dropper drops weights; the parts that receive them are found as it goes.
type dropper struct {
	grid  *grid.Grid
	keep  func(part int32) bool // nil: every part
	drops []drop
}

func (d *dropper) add(at geo.LonLat, weight float64) {
	if part, ok := d.grid.PartAt(at); ok && (d.keep == nil || d.keep(part)) {
		d.drops = append(d.drops, drop{part, Mass{weight, weight * at.Lon, weight * at.Lat}})
	}
}

// scatter drops things, in chunks of their order.
func scatter(ctx context.Context, g *grid.Grid, t things, keep func(part int32) bool) ([][]drop, error) {
	const atOnce = 2048
	return parallel.Map(ctx, t.n, atOnce, func(from, to int) ([]drop, error) {
		d := &dropper{grid: g, keep: keep}
		for i := from; i < to; i++ {
			if err := t.one(d, i); err != nil {
				return nil, err
			}
		}
		return d.drops, nil
	})
}

// gather drops things and adds up the weights by part. Drops are added in the order of the
// things.
func gather(ctx context.Context, g *grid.Grid, t things) ([]Mass, error) {
	drops, err := scatter(ctx, g, t, nil)
	if err != nil {
		return nil, err
	}
	out := make([]Mass, len(g.Parts))
	for _, list := range drops {
		for _, d := range list {
			m := &out[d.part]
			m.Weight += d.mass.Weight
			m.Lon += d.mass.Lon
			m.Lat += d.mass.Lat
		}
	}
	return out, nil
}

// ByDwellings weighs parts by their dwellings.
func ByDwellings(ctx context.Context, g *grid.Grid, h *road.Houses) ([]Mass, error) {
	return gather(ctx, g, dwellings(h))
}

func dwellings(h *road.Houses) things {
	return things{len(h.Dwellings), func(d *dropper, i int) error {
		d.add(h.Dwellings[i].At, h.Dwellings[i].Number)
		return nil
	}}
}

// BySquares weighs parts by the people of the squares that they cover, by area: each
// square is cut in small tiles of equal people.
func BySquares(ctx context.Context, g *grid.Grid, squares []store.Square) ([]Mass, error) {
	return gather(ctx, g, inSquares(squares))
}

// inSquares are the people of squares.
func inSquares(squares []store.Square) things {
	return things{len(squares), func(d *dropper, i int) error {
		if squares[i].People == 0 {
			return nil
		}
		return tiles(squares[i], func(at geo.LonLat, share float64) { d.add(at, squares[i].People*share) })
	}}
}

// tiles cuts a square in small tiles of equal area, each with its share of the square.
func tiles(q store.Square, use func(at geo.LonLat, share float64)) error {
	const tile = 40.0 // metres, at most
	var at [4]geo.LonLat
	for k, c := range [4][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
		var err error
		if at[k], err = geo.LAEA.ToLonLat(q.West+c[0]*q.Size, q.South+c[1]*q.Size); err != nil {
			return fmt.Errorf("square %s: %w", q.ID, err)
		}
	}
	n := int(math.Ceil(q.Size / tile))
	share := 1 / float64(n*n)
	for y := range n {
		// Within a square the projection is straight to the centimetre.
		fy := (float64(y) + 0.5) / float64(n)
		left, right := between(at[0], at[2], fy), between(at[1], at[3], fy)
		for x := range n {
			use(between(left, right, (float64(x)+0.5)/float64(n)), share)
		}
	}
	return nil
}

func between(p, q geo.LonLat, f float64) geo.LonLat {
	return geo.LonLat{Lon: p.Lon + f*(q.Lon-p.Lon), Lat: p.Lat + f*(q.Lat-p.Lat)}
}
