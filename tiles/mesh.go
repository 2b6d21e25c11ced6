package tiles

import (
	"context"
	"fmt"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo/chunk"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// mesh holds the cells of one resolution as polygons over shared vertices, so
// that neighbours share their edges exactly. Memory: 46 bytes a cell (two
// vertices of 8 bytes, six corners and an offset of 4 bytes, 2 bytes of index).
// Immutable. Invariants:
//   - len(first) == cells+1; the corners of cell i are corners[first[i]:first[i+1]]
//   - corners turn clockwise on screen, and no cell repeats one
//   - two vertices are never as near as vertexGap/2 in both directions
type mesh struct {
	level    grid.Level
	vertices []xy
	corners  []int32 // positions in vertices
	first    []int32
	shortest int32 // edge, in world units, by its longer coordinate
	index    index
}

// Vertices are found by squares of vertexGap world units. One vertex computed from two
// cells differs by rounding, one unit; two vertices are thousands of units apart even at
// the finest resolution.
const (
	vertexGap   = 256
	vertexSlack = 4
)

// newMesh projects the cells of one level of a pyramid. It uses every processor,
// and gives the same mesh whatever their number.
func newMesh(level grid.Level) (*mesh, error) {
	const atOnce = 4096
	n := len(level.Cells)
	outlines, err := chunk.Map(context.Background(), n, atOnce, func(from, to int) (rings, error) {
		return projectCells(level.Cells[from:to])
	})
	if err != nil {
		return nil, fmt.Errorf("mesh: %w", err)
	}
	m := &mesh{level: level, first: make([]int32, 1, n+1), corners: make([]int32, 0, 6*n), vertices: make([]xy, 0, 2*n+n/16)}
	known := make(map[xy]int32, 2*n)
	for k := range outlines {
		for i := range outlines[k].len() {
			for _, p := range outlines[k].ring(i) {
				m.corners = append(m.corners, m.vertex(known, p))
			}
			m.first = append(m.first, int32(len(m.corners)))
		}
		outlines[k] = rings{} // free
	}
	m.shortest = math.MaxInt32
	for i := range level.Cells {
		ring := m.ring(i)
		p := m.vertices[ring[len(ring)-1]]
		for _, v := range ring {
			q := m.vertices[v]
			m.shortest = min(m.shortest, max(abs(q.x-p.x), abs(q.y-p.y)))
			p = q
		}
	}
	m.index = newIndex(len(level.Cells), m.bounds)
	return m, nil
}

// projectCells is the outlines of cells, clockwise on screen.
func projectCells(cells []grid.Cell) (rings, error) {
	var out rings
	for _, c := range cells {
		ring, err := c.Ring()
		if err != nil {
			return rings{}, err
		}
		// Counter-clockwise on Earth, taken backwards, is clockwise on screen.
		for _, p := range slices.Backward(ring) {
			out.pts = append(out.pts, project(p))
		}
		out.end()
	}
	return out, nil
}

// vertex returns the position of the vertex at p, which known keeps by squares
// of vertexGap units: the same vertex may have been rounded into a square beside.
func (m *mesh) vertex(known map[xy]int32, p xy) int32 {
	low := xy{(p.x - vertexSlack) / vertexGap, (p.y - vertexSlack) / vertexGap}
	high := xy{(p.x + vertexSlack) / vertexGap, (p.y + vertexSlack) / vertexGap}
	for y := low.y; y <= high.y; y++ { // nearly always one square
		for x := low.x; x <= high.x; x++ {
			if v, ok := known[xy{x, y}]; ok {
				q := m.vertices[v]
				if abs(q.x-p.x) <= vertexSlack && abs(q.y-p.y) <= vertexSlack {
					return v
				}
			}
		}
	}
	v := int32(len(m.vertices))
	m.vertices = append(m.vertices, p)
	known[xy{p.x / vertexGap, p.y / vertexGap}] = v
	return v
}

func abs(v int32) int32 { return max(v, -v) }

// ring is the corners of a cell, as positions of vertices.
func (m *mesh) ring(cell int) []int32 { return m.corners[m.first[cell]:m.first[cell+1]] }

func (m *mesh) bounds(cell int) box {
	b := emptyBox
	for _, v := range m.ring(cell) {
		b = b.extend(m.vertices[v])
	}
	return b
}
