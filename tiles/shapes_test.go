package tiles

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// TestDissolveAgainstH3 compares outlines of random sets of cells with those of
// H3's own algorithm, and their area with the cells' own.
func TestDissolveAgainstH3(t *testing.T) {
	const seed = 23
	r := rand.New(rand.NewPCG(seed, 0))
	e := tiny()
	level := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
	m, err := newMesh(level)
	if err != nil {
		t.Fatal(err)
	}
	holes := 0
	for trial := range 100 {
		share := r.Float64()
		in := make([]bool, len(level.Cells))
		var picked []int32
		var cells []grid.Cell
		var area int64
		for i, c := range level.Cells {
			if in[i] = r.Float64() < share; in[i] {
				picked, cells = append(picked, int32(i)), append(cells, c)
				var ring []xy
				for _, v := range m.ring(i) {
					ring = append(ring, m.vertices[v])
				}
				area += doubleArea(ring)
			}
		}
		got := m.dissolve(picked, e.Adjacency, in)
		var gotArea int64
		visited := map[xy]bool{}
		for i := range got.len() {
			gotArea += doubleArea(got.ring(i))
			if doubleArea(got.ring(i)) < 0 {
				holes++
			}
			for _, p := range got.ring(i) {
				if visited[p] {
					t.Fatalf("seed %d trial %d: the outline visits %v twice", seed, trial, p)
				}
				visited[p] = true
			}
		}
		if gotArea != area {
			t.Errorf("seed %d trial %d: the outline has area %d, its cells %d", seed, trial, gotArea, area)
		}
		want, err := grid.Dissolve(cells)
		if err != nil {
			t.Fatal(err)
		}
		rings, points := 0, 0
		for _, poly := range want {
			for _, ring := range poly {
				rings, points = rings+1, points+len(ring)-1
			}
		}
		if got.len() != rings || len(got.pts) != points {
			t.Errorf("seed %d trial %d: %d rings of %d points, want %d of %d", seed, trial, got.len(), len(got.pts), rings, points)
		}
	}
	if holes == 0 {
		t.Error("no set of cells had a hole; the test does not show holes")
	}
}

// TestNoAreaVanishes draws areas far smaller than a unit, at every zoom.
func TestNoAreaVanishes(t *testing.T) {
	p := project(geo.LonLat{Lon: 3.5, Lat: 50})
	for _, row := range []struct {
		name string
		ring []xy
	}{
		{"a square of a centimetre", []xy{{0, 0}, {1, 0}, {1, 1}, {0, 1}}},
		{"a strip a kilometre long and a centimetre wide", []xy{{0, 0}, {90000, 0}, {90000, 1}, {0, 1}}},
	} {
		t.Run(row.name, func(t *testing.T) {
			var poly polygon
			for _, q := range row.ring {
				poly.rings.pts = append(poly.rings.pts, xy{p.x + q.x, p.y + q.y})
			}
			poly.rings.end()
			layer := newAreas("small", []area{{id: 7, polygons: []polygon{poly}}})
			for z := MinZoom; z <= MaxZoom; z++ {
				f := newFrame(z, int(p.x)>>(worldBits-z), int(p.y)>>(worldBits-z))
				e := encoders.New().(*encoder)
				e.reset()
				layer.encode(e, &f)
				a := address{"small", z, 0, 0}
				got := decode(t, a, e.bytes())["small"]
				if got == nil || len(got.Features) != 1 || id(got.Features[0]) != 7 {
					t.Fatalf("zoom %d: %v, want feature 7", z, got)
				}
				if n := checkPolygons(t, a.String(), got.Features[0].Geometry); n > 0 {
					t.Errorf("zoom %d: %d crossings", z, n)
				}
				if area := planar.Area(got.Features[0].Geometry); area != 1 {
					t.Errorf("zoom %d: area %v, want 1", z, area)
				}
				at := orb.Point{float64(f.local(p).x), float64(f.local(p).y)}
				if b := got.Features[0].Geometry.Bound().Pad(1); !b.Contains(at) && len(row.ring) == 4 && row.ring[1].x == 1 {
					t.Errorf("zoom %d: drawn at %v, want at %v", z, b, at)
				}
			}
		})
	}
}

// TestOutlinesAreWithinHalfAUnit compares the communes' corners with where orb's
// projection puts them.
func TestOutlinesAreWithinHalfAUnit(t *testing.T) {
	e := tiny()
	s := newSet(t, e)
	for z := 8; z <= MaxZoom; z++ {
		seen := 0
		for _, a := range s.addresses(communesLayer, z) {
			layer := decode(t, a, s.get(t, a).Data)["communes"]
			if layer == nil {
				continue
			}
			for _, f := range layer.Features {
				var points []orb.Point
				switch g := f.Geometry.(type) {
				case orb.Polygon:
					points = slices.Concat(g[0])
				case orb.MultiPolygon:
					for _, p := range g {
						points = append(points, p[0]...)
					}
				}
				for _, p := range points {
					if min(p[0], p[1]) <= -buffer || max(p[0], p[1]) >= extent+buffer {
						continue // where it was cut
					}
					seen++
					outline := e.Division.Communes[id(f)].Outline
					if !slices.ContainsFunc(outline, func(poly orb.Polygon) bool {
						return slices.ContainsFunc(poly[0], func(q orb.Point) bool {
							return near(p, expected(a, geo.LonLat{Lon: q[0], Lat: q[1]}))
						})
					}) {
						t.Errorf("%s: commune %d: %v is no corner of its outline", a, id(f), p)
					}
				}
			}
		}
		if seen == 0 && z >= Layers()[communesLayer].Sources[0].MinZoom {
			t.Errorf("zoom %d: no corner was seen", z)
		}
	}
}

// TestRoadsAreWithinTheirTolerance: both ways, the drawn line and the shape.
func TestRoadsAreWithinTheirTolerance(t *testing.T) {
	e := tiny()
	s := newSet(t, e)
	var shapes [][]geo.LonLat
	for i := range e.Network.Counts().Edges {
		if e.Network.Edge(int32(i)).Class == street.Primary {
			shapes = append(shapes, e.Network.AppendShape(nil, int32(i)))
		}
	}
	if len(shapes) < 2 {
		t.Fatalf("%d edges of primary road, want it cut at the side road", len(shapes))
	}
	points := map[int]int{}
	for z := 5; z <= MaxZoom; z++ {
		for _, a := range s.addresses(roadsLayer, z) {
			layer := decode(t, a, s.get(t, a).Data)["roads"]
			if layer == nil {
				continue
			}
			for _, f := range layer.Features {
				if id(f) != int(street.Primary) {
					if z < roadMinZoom[id(f)] {
						t.Errorf("%s: class %d is drawn", a, id(f))
					}
					continue
				}
				line, ok := f.Geometry.(orb.LineString)
				if !ok {
					t.Fatalf("%s: %T, want the edges joined into one line", a, f.Geometry)
				}
				points[z] += len(line)
				for _, shape := range shapes {
					for _, p := range shape {
						q := expected(a, p)
						if min(q[0], q[1]) < 0 || max(q[0], q[1]) > extent {
							continue
						}
						if d := planar.DistanceFrom(line, q); d > roadTolerance+2*halfUnit {
							t.Errorf("%s: the line is %v units from the road's point %v", a, d, q)
						}
					}
				}
			}
		}
	}
	if points[5] != 2 || points[MaxZoom] < 13 {
		t.Errorf("points by zoom: %v; want 2 at zoom 5 and every bend at zoom %d", points, MaxZoom)
	}
}

func TestProjectionAgainstOrb(t *testing.T) {
	const seed = 29
	r := rand.New(rand.NewPCG(seed, 0))
	for range 1000 {
		p := geo.LonLat{Lon: 360*r.Float64() - 180, Lat: 170*r.Float64() - 85}
		f := maptile.Fraction(orb.Point{p.Lon, p.Lat}, worldBits)
		got := project(p)
		if math.Abs(float64(got.x)-f[0]) > 1 || math.Abs(float64(got.y)-f[1]) > 1 {
			t.Errorf("seed %d: project(%v) = %v, want %v", seed, p, got, f)
		}
	}
	for _, p := range []geo.LonLat{{Lon: 180, Lat: 90}, {Lon: -180, Lat: -90}, {Lon: 180, Lat: -90}} {
		if q := project(p); q.x < 0 || q.y < 0 {
			t.Errorf("project(%v) = %v: outside the world", p, q)
		}
	}
}

// streets is a network drawn by a test: one class, straight edges.
type streets struct {
	nodes []geo.LonLat
	edges []road.Edge
}

func (s *streets) Counts() road.Counts {
	return road.Counts{Nodes: len(s.nodes), Edges: len(s.edges)}
}
func (s *streets) Edge(e int32) road.Edge { return s.edges[e] }

func (s *streets) Ends(e int32) (from, to int32) { return s.edges[e].From, s.edges[e].To }
func (s *streets) AppendShape(dst []geo.LonLat, e int32) []geo.LonLat {
	return append(dst, s.nodes[s.edges[e].From], s.nodes[s.edges[e].To])
}

// TestLinesHoldEveryEdgeOnce weaves random networks, loops and pairs of edges
// between the same nodes among them.
func TestLinesHoldEveryEdgeOnce(t *testing.T) {
	const seed = 31
	r := rand.New(rand.NewPCG(seed, 0))
	joined := 0
	for trial := range 300 {
		var s streets
		for range 2 + r.IntN(20) {
			s.nodes = append(s.nodes, geo.LonLat{Lon: 3 + r.Float64(), Lat: 49 + r.Float64()})
		}
		segments := map[[2]xy]int{}
		segment := func(a, b xy) [2]xy {
			if a.x > b.x {
				a, b = b, a
			}
			return [2]xy{a, b}
		}
		edges := r.IntN(30)
		ring := trial%10 == 0
		if ring { // nothing but a ring, whose edges point either way
			edges = len(s.nodes)
		}
		for i := range edges {
			from, to := r.IntN(len(s.nodes)), r.IntN(len(s.nodes))
			if ring {
				from, to = i, (i+1)%len(s.nodes)
			}
			if from == to {
				continue // a straight edge to itself is no line
			}
			if from > to {
				from, to = to, from
			}
			s.edges = append(s.edges, road.Edge{From: int32(from), To: int32(to), Class: street.Secondary})
			segments[segment(project(s.nodes[from]), project(s.nodes[to]))]++
		}
		lines := 0
		for _, c := range newRoads(&s).classes {
			lines += c.lines.len()
			for i := range c.lines.len() {
				line := c.lines.ring(i)
				for k := 1; k < len(line); k++ {
					segments[segment(line[k-1], line[k])]--
				}
			}
		}
		if ring && lines != 1 {
			t.Errorf("seed %d trial %d: a ring of %d edges is %d lines", seed, trial, len(s.edges), lines)
		}
		for edge, n := range segments {
			if n != 0 {
				t.Fatalf("seed %d trial %d: edge %v is drawn %d times too few", seed, trial, edge, n)
			}
		}
		joined += len(s.edges) - lines
	}
	if joined == 0 {
		t.Error("no two edges were joined")
	}
}

// TestLabelOfACrescent: the label of a territoire that does not hold its own
// centroid is put in one of its communes.
func TestLabelOfACrescent(t *testing.T) {
	in := tinyInputs()
	crescent := orb.Ring{{3.5, 50}, {3.58, 50}, {3.58, 50.04}, {3.578, 50.04}, {3.578, 50.002}, {3.502, 50.002}, {3.502, 50.04}, {3.5, 50.04}, {3.5, 50}}
	in.EPCIRows[0].Outline = orb.MultiPolygon{{crescent}}
	e := compute(t, in)
	_, labels := newEPCI(e)
	if got, want := labels.list[0].at, project(e.Division.Communes[0].Point); got != want {
		t.Errorf("the label is at %v, want at the nearest commune's point %v", got, want)
	}
	if got, want := labels.list[1].at, project(geo.LonLat{Lon: 3.6, Lat: 50.02}); abs(got.x-want.x) > 2 || abs(got.y-want.y) > 2000 {
		t.Errorf("the label of a square is at %v, want its middle %v", got, want)
	}
}
