package tiles

import (
	"context"
	"fmt"
	"math"
	"math/bits"
	"slices"

	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/parallel"
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
	const atOnce, batch = 4096, 1 << 17 // what is projected stays no longer than its batch
	n := len(level.Cells)
	m := &mesh{level: level, first: make([]int32, 1, n+1), corners: make([]int32, 0, 6*n), vertices: make([]xy, 0, 2*n+n/16)}
	known := newVertexTable(cap(m.vertices))
	for cells := range slices.Chunk(level.Cells, batch) {
		outlines, err := parallel.Map(context.Background(), len(cells), atOnce, func(from, to int) (rings, error) {
			return projectCells(cells[from:to])
		})
		if err != nil {
			return nil, fmt.Errorf("mesh: %w", err)
		}
		for k := range outlines {
			for i := range outlines[k].len() {
				for _, p := range outlines[k].ring(i) {
					m.corners = append(m.corners, m.vertex(known, p))
				}
				m.first = append(m.first, int32(len(m.corners)))
			}
		}
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
	out := rings{pts: make([]xy, 0, 6*len(cells)), ends: make([]int, 0, len(cells))}
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

// vertexTable finds vertices by squares of vertexGap units: their positions plus one, each
// in the first free slot from where its square points to, half of the slots free. A map of
// squares takes three times as long, and four times as much memory.
type vertexTable struct {
	slots []int32
	shift uint
}

func newVertexTable(most int) *vertexTable {
	log := uint(bits.Len(uint(2*most + 1)))
	return &vertexTable{slots: make([]int32, 1<<log), shift: 64 - log}
}

// find looks for a vertex that is at p, within rounding, in a square: its position, or the
// slot where one would go.
func (t *vertexTable) find(vertices []xy, square, p xy) (v int32, slot uint64, ok bool) {
	const golden = 0x9e3779b97f4a7c15
	key := uint64(uint32(square.x))<<32 | uint64(uint32(square.y))
	for slot = key * golden >> t.shift; t.slots[slot] != 0; slot = (slot + 1) % uint64(len(t.slots)) {
		v = t.slots[slot] - 1
		if q := vertices[v]; abs(q.x-p.x) <= vertexSlack && abs(q.y-p.y) <= vertexSlack {
			return v, slot, true
		}
	}
	return 0, slot, false
}

// add takes in the last of vertices.
func (t *vertexTable) add(vertices []xy) {
	v := len(vertices) - 1
	if 2*len(vertices) > len(t.slots) {
		*t = *newVertexTable(len(t.slots))
		for k := range v {
			t.add(vertices[:k+1])
		}
	}
	p := vertices[v]
	_, slot, _ := t.find(vertices[:v], xy{p.x / vertexGap, p.y / vertexGap}, p)
	t.slots[slot] = int32(v + 1)
}

// vertex returns the position of the vertex at p. It may have been rounded into a square
// beside.
func (m *mesh) vertex(known *vertexTable, p xy) int32 {
	low := xy{(p.x - vertexSlack) / vertexGap, (p.y - vertexSlack) / vertexGap}
	high := xy{(p.x + vertexSlack) / vertexGap, (p.y + vertexSlack) / vertexGap}
	for y := low.y; y <= high.y; y++ { // nearly always one square
		for x := low.x; x <= high.x; x++ {
			if v, _, ok := known.find(m.vertices, xy{x, y}, p); ok {
				return v
			}
		}
	}
	m.vertices = append(m.vertices, p)
	known.add(m.vertices)
	return int32(len(m.vertices) - 1)
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
