package grid

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// clipper cuts polygons by one convex window (a cell) in the plane tangent at
// the cell. Its buffers are reused from one polygon to the next.
type clipper struct {
	plane    geo.Plane
	window   []xy // counter-clockwise
	area     float64
	a, b     []xy
	min, max xy
}

type xy struct{ x, y float64 }

// reset points the clipper at a cell.
func (k *clipper) reset(c Cell) error {
	center, err := c.Center()
	if err != nil {
		return err
	}
	ring, err := c.Ring()
	if err != nil {
		return err
	}
	k.plane = geo.NewPlane(center)
	k.window = k.window[:0]
	for i, p := range ring {
		x, y := k.plane.XY(p)
		k.window = append(k.window, xy{x, y})
		if i == 0 {
			k.min, k.max = xy{x, y}, xy{x, y}
		}
		k.min, k.max = xy{min(k.min.x, x), min(k.min.y, y)}, xy{max(k.max.x, x), max(k.max.y, y)}
	}
	k.area, _ = moments(k.window)
	return nil
}

// moments returns the signed area of a ring (counter-clockwise positive) and its
// first moments (area times centroid).
func moments(ring []xy) (area float64, first xy) {
	for i, p := range ring {
		q := ring[(i+1)%len(ring)]
		cross := p.x*q.y - q.x*p.y
		area += cross
		first.x += (p.x + q.x) * cross
		first.y += (p.y + q.y) * cross
	}
	return area / 2, xy{first.x / 6, first.y / 6}
}

// clip returns the share of the window that mp covers (0…1) and the centroid of
// that overlap. The Sutherland–Hodgman walk keeps the orientation of each ring,
// so holes count negative, and the zero-width bridges it leaves along the window
// have no area.
func (k *clipper) clip(mp orb.MultiPolygon) (share float64, center geo.LonLat) {
	var area float64
	var first xy
	for _, poly := range mp {
		for _, ring := range poly {
			out := k.clipRing(ring)
			a, f := moments(out)
			area += a
			first.x += f.x
			first.y += f.y
		}
	}
	if area <= 0 {
		return 0, geo.LonLat{}
	}
	return min(1, area/k.area), k.plane.LonLat(first.x/area, first.y/area)
}

func (k *clipper) clipRing(ring orb.Ring) []xy {
	n := len(ring)
	if n > 1 && ring[0] == ring[n-1] {
		n--
	}
	in := k.a[:0]
	lo, hi := xy{}, xy{}
	for i := range n {
		x, y := k.plane.XY(geo.LonLat{Lon: ring[i][0], Lat: ring[i][1]})
		in = append(in, xy{x, y})
		if i == 0 {
			lo, hi = xy{x, y}, xy{x, y}
		}
		lo, hi = xy{min(lo.x, x), min(lo.y, y)}, xy{max(hi.x, x), max(hi.y, y)}
	}
	k.a = in
	if lo.x > k.max.x || hi.x < k.min.x || lo.y > k.max.y || hi.y < k.min.y {
		return nil
	}
	out := k.b[:0]
	for i, e := range k.window {
		f := k.window[(i+1)%len(k.window)]
		dx, dy := f.x-e.x, f.y-e.y
		out = out[:0]
		for j, p := range in {
			q := in[(j+1)%len(in)]
			// Positive: left of the window's edge, i.e. inside.
			sp := dx*(p.y-e.y) - dy*(p.x-e.x)
			sq := dx*(q.y-e.y) - dy*(q.x-e.x)
			if sp >= 0 {
				out = append(out, p)
			}
			if (sp >= 0) != (sq >= 0) {
				t := sp / (sp - sq)
				out = append(out, xy{p.x + t*(q.x-p.x), p.y + t*(q.y-p.y)})
			}
		}
		in, out = out, in
		if len(in) == 0 {
			break
		}
	}
	k.a, k.b = in, out
	return in
}

// cover calls visit for each cell of which an outline covers at least [MinShare], with
// the share and its centroid; in no particular order. It starts at the cells of the
// outline's own points and spreads to neighbours while there is anything to cover: a
// polygon is of one piece, and so are the cells that it overlaps.
func (k *clipper) cover(outline orb.MultiPolygon, resolution int, visit func(c Cell, share float64, center geo.LonLat) error) error {
	seen := map[Cell]bool{}
	var queue []Cell
	meet := func(c Cell) {
		if !seen[c] {
			seen[c] = true
			queue = append(queue, c)
		}
	}
	for _, poly := range outline {
		for _, ring := range poly {
			for _, p := range ring {
				c, err := Locate(geo.LonLat{Lon: p[0], Lat: p[1]}, resolution)
				if err != nil {
					return err
				}
				meet(c)
			}
		}
	}
	onOutline := len(queue)
	for i := 0; i < len(queue); i++ {
		c := queue[i]
		if err := k.reset(c); err != nil {
			return err
		}
		share, center := k.clip(outline)
		if share >= MinShare {
			if err := visit(c, share, center); err != nil {
				return err
			}
		}
		if share <= 0 && i >= onOutline {
			continue
		}
		around, err := c.Neighbours()
		if err != nil {
			return err
		}
		for _, n := range around {
			meet(n)
		}
	}
	return nil
}
