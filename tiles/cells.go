package tiles

import "github.com/aisne-numerique/maillage/geo/grid"

// finestByZoom is the H3 resolution of the cells that a zoom draws: 100 to 14 000
// of them in a tile of mainland France.
var finestByZoom = [MaxZoom + 1]int{5: 6, 6: 6, 7: 7, 8: 8, 9: 8, 10: 9, 11: 9, 12: 10}

// cells draws the cells of a pyramid.
type cells struct {
	meshes []*mesh // one per level, coarse first
}

func newCells(p *grid.Pyramid) (*cells, error) {
	c := &cells{}
	for _, level := range p.Levels {
		m, err := newMesh(level)
		if err != nil {
			return nil, err
		}
		c.meshes = append(c.meshes, m)
	}
	return c, nil
}

// finest is the mesh of the grid's own cells.
func (c *cells) finest() *mesh { return c.meshes[len(c.meshes)-1] }

// at is the mesh that a zoom draws: the finest level not above the zoom's
// resolution, or the coarsest when all are.
func (c *cells) at(zoom int) *mesh {
	best := c.meshes[0]
	for _, m := range c.meshes {
		if m.level.Resolution <= finestByZoom[zoom] {
			best = m
		}
	}
	return best
}

// encode draws the cells that touch a tile. A cell is drawn whole where it leaves
// the territory, and cut only at the tile's buffer.
func (c *cells) encode(e *encoder, f *frame) {
	m := c.at(f.zoom)
	e.open("cells")
	e.tag("r", uintValue(uint64(m.level.Resolution)))
	e.spans = m.index.search(e.spans[:0], f.reach)
	// Rounding moves a corner by half a unit: it cannot spoil a cell whose edges
	// are several units long, and all are, unless a grid is finer than the zoom's.
	const several = 4
	sound := int64(m.shortest)>>f.shift >= several
	for _, s := range e.spans {
		for i := s.from; i < s.to; i++ {
			ring := e.cell[:0]
			for _, v := range m.ring(int(i)) {
				ring = append(ring, f.local(m.vertices[v]))
			}
			e.cell = ring
			if !s.inside || !sound {
				e.cell, e.rest = clipConvex(ring, e.rest)
				ring = e.cell[:compactRing(e.cell)]
				if doubleArea(ring) <= 0 {
					continue
				}
			}
			e.ring(ring)
			e.feature(uint64(m.level.First+i), polygonType)
		}
	}
	e.close()
}

// bounds is the box around the coarsest cells, which may reach further than those
// they hold, and around the finest, which may reach out of those that hold them.
func (c *cells) bounds() box {
	b := emptyBox
	for _, m := range c.meshes {
		b = b.union(m.index.bounds())
	}
	return b
}
