package tiles

import (
	"slices"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
)

// attribute is one attribute of one feature.
type attribute struct {
	key   string
	value value
}

// area is a feature made of polygons.
type area struct {
	id         uint64
	attributes []attribute
	polygons   []polygon
	bounds     box
}

// polygon is one outer ring (clockwise on screen) and its holes (the other way),
// in world units.
type polygon struct {
	rings  rings
	bounds box
}

// areas is a source layer of areas. Memory: 8 bytes a point.
type areas struct {
	name  string
	list  []area
	index index
}

func newAreas(name string, list []area) *areas {
	for i := range list {
		a := &list[i]
		a.bounds = emptyBox
		for k := range a.polygons {
			a.polygons[k].bounds = boxOf(a.polygons[k].rings.pts)
			a.bounds = a.bounds.union(a.polygons[k].bounds)
		}
	}
	return &areas{name, list, newIndex(len(list), func(i int) box { return list[i].bounds })}
}

// size is the memory of the list, in bytes, about.
func (l *areas) size() int {
	const overhead = 256 // of an area, and of the list: fields, attributes, slices
	n := overhead
	for i := range l.list {
		n += overhead
		for k := range l.list[i].polygons {
			r := &l.list[i].polygons[k].rings
			n += 8*len(r.pts) + 8*len(r.ends)
		}
	}
	return n
}

// encode draws the areas that touch a tile.
func (l *areas) encode(e *encoder, f *frame) {
	e.open(l.name)
	e.spans = l.index.search(e.spans[:0], f.reach)
	for _, s := range e.spans {
		for i := s.from; i < s.to; i++ {
			if a := &l.list[i]; a.bounds.meets(f.reach) && a.draw(e, f) {
				e.clearTags()
				for _, t := range a.attributes {
					e.tag(t.key, t.value)
				}
				e.feature(a.id, polygonType)
			}
		}
	}
	e.close()
}

// draw gives the encoder the geometry of an area, and reports whether any of it
// is in the tile. What is there but rounds to nothing becomes one unit square.
func (a *area) draw(e *encoder, f *frame) bool {
	drawn, left := false, emptyBox
	for i := range a.polygons {
		p := &a.polygons[i]
		if !p.bounds.meets(f.reach) {
			continue
		}
		kept := &p.rings
		if !f.reach.holds(p.bounds) {
			kept = e.clip.clip(kept, f.reach)
		}
		left = left.union(boxOf(kept.pts))
		e.snap.reset()
		for k := range kept.len() {
			e.snap.add(f, kept.ring(k))
		}
		drawn = e.snap.write(e) || drawn
	}
	if !drawn && left.minX <= left.maxX {
		e.ring(unitSquare(f.local(xy{int32((left.minX + left.maxX) / 2), int32((left.minY + left.maxY) / 2)})))
		drawn = true
	}
	return drawn
}

func unitSquare(p xy) []xy {
	x, y := min(p.x, extent+buffer-1), min(p.y, extent+buffer-1)
	return []xy{{x, y}, {x + 1, y}, {x + 1, y + 1}, {x, y + 1}}
}

// projectOutline projects polygons as RFC 7946 winds them. Rings that do not have
// an area in world units are left out.
func projectOutline(mp orb.MultiPolygon) []polygon {
	var out []polygon
	for _, poly := range mp {
		var p polygon
		for k, ring := range poly {
			pts := make([]xy, len(ring))
			for i, q := range ring {
				pts[i] = project(geo.LonLat{Lon: q[0], Lat: q[1]})
			}
			pts = pts[:compactRing(pts)]
			area := doubleArea(pts)
			if area == 0 {
				continue
			}
			if (area > 0) != (k == 0) { // the source's winding is not trusted
				slices.Reverse(pts)
			}
			p.rings.add(pts)
		}
		if p.rings.len() > 0 {
			out = append(out, p)
		}
	}
	return out
}
