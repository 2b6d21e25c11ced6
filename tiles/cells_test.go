package tiles

import (
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// corners is a ring without its closing point.
func corners(f *geojson.Feature) []orb.Point {
	ring := f.Geometry.(orb.Polygon)[0]
	return ring[:len(ring)-1]
}

// wanted is where the corners of a cell should be in a tile, clockwise on screen,
// and whether all of them are inside its buffer.
func wanted(t *testing.T, a address, c grid.Cell) (ring []orb.Point, whole bool) {
	t.Helper()
	outline, err := c.Ring()
	if err != nil {
		t.Fatal(err)
	}
	whole = true
	for _, p := range outline {
		q := expected(a, p)
		ring = append(ring, q)
		whole = whole && min(q[0], q[1]) > -buffer && max(q[0], q[1]) < extent+buffer
	}
	slices.Reverse(ring)
	return ring, whole
}

func TestEveryCellIsInSomeTileOfEveryZoomWithinHalfAUnit(t *testing.T) {
	e := tiny()
	s := newSet(t, e)
	resolution := map[int]int{5: 6, 6: 6, 7: 7, 8: 8, 9: 8, 10: 9, 11: 9, 12: 9}
	for z := 5; z <= MaxZoom; z++ {
		whole, cut := map[int]bool{}, 0
		for _, a := range s.addresses(cellsLayer, z) {
			layer := decode(t, a, s.get(t, a).Data)["cells"]
			if layer == nil {
				continue
			}
			last := -1
			for _, f := range layer.Features {
				level, cell, ok := e.Pyramid.Row(int32(id(f)))
				if !ok || level.Resolution != resolution[z] || f.Properties["r"] != float64(resolution[z]) {
					t.Fatalf("%s: feature %d with r = %v: level %d, want resolution %d", a, id(f), f.Properties["r"], level.Resolution, resolution[z])
				}
				if id(f) <= last {
					t.Fatalf("%s: id %d after id %d: want each once, in order", a, id(f), last)
				}
				last = id(f)
				want, isWhole := wanted(t, a, cell)
				if !isWhole {
					cut++
					continue
				}
				whole[id(f)] = true
				if got := corners(f); !slices.EqualFunc(got, want, near) {
					t.Errorf("%s: cell %s is at %v, want %v within %v", a, cell, got, want, halfUnit)
				}
			}
		}
		for _, l := range e.Pyramid.Levels {
			for i, c := range l.Cells {
				row := int(l.First) + i
				// At zoom 12 and 11 no tile need hold the whole of a cell; but those of
				// these resolutions are smaller than the buffer.
				if l.Resolution == resolution[z] && !whole[row] && z < 11 {
					t.Errorf("zoom %d: cell %s (row %d) is whole in no tile", z, c, row)
				}
			}
		}
		if cut == 0 && z >= 10 {
			t.Errorf("zoom %d: no cell was cut; the test does not show cuts", z)
		}
	}
}

func TestNeighboursShareTheirEdges(t *testing.T) {
	e := tiny()
	s := newSet(t, e)
	for z := 5; z <= MaxZoom; z++ {
		pairs := 0
		for _, a := range s.addresses(cellsLayer, z) {
			layer := decode(t, a, s.get(t, a).Data)["cells"]
			if layer == nil {
				continue
			}
			rings := map[grid.Cell][]orb.Point{}
			for _, f := range layer.Features {
				_, c, _ := e.Pyramid.Row(int32(id(f)))
				if _, whole := wanted(t, a, c); whole {
					rings[c] = corners(f)
				}
			}
			for c, ring := range rings {
				neighbours, err := c.Neighbours()
				if err != nil {
					t.Fatal(err)
				}
				for _, n := range neighbours {
					other, ok := rings[n]
					if !ok {
						continue
					}
					pairs++
					if !shareEdge(ring, other) {
						t.Fatalf("%s: %s at %v and %s at %v share no edge", a, c, ring, n, other)
					}
				}
			}
		}
		if pairs == 0 {
			t.Errorf("zoom %d: no pair of neighbours was seen", z)
		}
	}
}

func shareEdge(a, b []orb.Point) bool {
	for i, p := range a {
		q := a[(i+1)%len(a)]
		for j := range b {
			if b[j] == q && b[(j+1)%len(b)] == p {
				return true
			}
		}
	}
	return false
}

func TestMeshOfCellsThatH3Bends(t *testing.T) {
	for _, row := range []struct {
		name       string
		cell       string
		corners    int
		neighbours int
	}{
		{"a hexagon", "891fb466257ffff", 6, 6},
		{"a pentagon of an odd resolution, bent at five faces", "85080003fffffff", 10, 5},
		{"a pentagon of an even resolution", "860800007ffffff", 5, 5},
	} {
		t.Run(row.name, func(t *testing.T) {
			c, err := grid.ParseCell(row.cell)
			if err != nil {
				t.Fatal(err)
			}
			around, err := c.Neighbours()
			if err != nil {
				t.Fatal(err)
			}
			cells := append([]grid.Cell{c}, around...)
			slices.Sort(cells)
			m, err := newMesh(grid.Level{Resolution: c.Resolution(), Cells: cells})
			if err != nil {
				t.Fatal(err)
			}
			at := slices.Index(cells, c)
			ring := m.ring(at)
			if len(ring) != row.corners || len(around) != row.neighbours {
				t.Errorf("%d corners and %d neighbours, want %d and %d", len(ring), len(around), row.corners, row.neighbours)
			}
			// Every edge of the middle one is an edge of one neighbour, the other way.
			for i, a := range ring {
				b := ring[(i+1)%len(ring)]
				shared := 0
				for k := range cells {
					if other := m.ring(k); k != at && slices.Contains(other, a) && slices.Contains(other, b) {
						shared++
					}
				}
				if shared != 1 {
					t.Errorf("edge %d of %s belongs to %d neighbours, want 1", i, c, shared)
				}
			}
		})
	}
}

// TestCutNeighboursStillMeet takes a tile inside the territory, at a zoom deeper
// than those served so that there is one: cut, its cells cover the tile and its
// buffer without gap or overlap, to the unit.
func TestCutNeighboursStillMeet(t *testing.T) {
	e := tiny()
	m, err := newMesh(e.Pyramid.Levels[len(e.Pyramid.Levels)-1])
	if err != nil {
		t.Fatal(err)
	}
	const zoom = 14
	middle := project(geo.LonLat{Lon: 3.56, Lat: 50.02})
	f := newFrame(zoom, int(middle.x)>>(worldBits-zoom), int(middle.y)>>(worldBits-zoom))
	var area int64
	cut := 0
	var spare []xy
	for i := range m.level.Cells {
		var ring []xy
		for _, v := range m.ring(i) {
			ring = append(ring, f.local(m.vertices[v]))
		}
		whole := doubleArea(ring)
		ring, spare = clipConvex(ring, spare)
		if kept := doubleArea(ring); kept > 0 {
			area += kept
			if kept < whole {
				cut++
			}
		}
	}
	if full := int64(2 * (extent + 2*buffer) * (extent + 2*buffer)); area != full || cut == 0 {
		t.Errorf("the cells cover %v half square units of %v; %d were cut", area, full, cut)
	}
}
