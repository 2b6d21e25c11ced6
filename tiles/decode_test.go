package tiles

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"math"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// asked is the question of every test: two minutes by car, which leave zones
// blanches in the tiny world.
var asked = coverage.Query{Service: lieu.Any, Mode: geo.Car, Cutoff: 2 * geo.Minute, MinHours: coverage.DefaultMinHours}

// address is one tile.
type address struct {
	layer   string
	z, x, y int
}

func (a address) String() string { return fmt.Sprintf("%s/%d/%d/%d", a.layer, a.z, a.x, a.y) }

// addresses lists the tiles of a layer and zoom that its bounds touch, and one
// more on every side.
func (s *Set) addresses(layer, z int) []address {
	var out []address
	b, shift := s.bounds[layer], worldBits-z
	if b.minX > b.maxX {
		return nil
	}
	for x := b.minX>>shift - 1; x <= b.maxX>>shift+1; x++ {
		for y := b.minY>>shift - 1; y <= b.maxY>>shift+1; y++ {
			if x >= 0 && y >= 0 && x < 1<<z && y < 1<<z {
				out = append(out, address{s.layers[layer].Name, z, int(x), int(y)})
			}
		}
	}
	return out
}

func (s *Set) get(t testing.TB, a address) *Tile { return s.getFor(t, a, asked) }

func (s *Set) getFor(t testing.TB, a address, q coverage.Query) *Tile {
	t.Helper()
	tile, err := s.Tile(context.Background(), a.layer, a.z, a.x, a.y, q)
	if err != nil {
		t.Fatal(err)
	}
	return tile
}

// decode reads a tile with orb's decoder, by source layer.
func decode(t testing.TB, a address, data []byte) map[string]*mvt.Layer {
	t.Helper()
	list, err := mvt.Unmarshal(data)
	if err != nil {
		t.Fatalf("%s: %v", a, err)
	}
	out := map[string]*mvt.Layer{}
	for _, l := range list {
		if out[l.Name] != nil {
			t.Errorf("%s: source layer %s is there twice", a, l.Name)
		}
		out[l.Name] = l
	}
	return out
}

func id(f *geojson.Feature) int { return int(f.ID.(float64)) }

// expected is where a position should be in a tile, by orb's projection.
func expected(a address, p geo.LonLat) orb.Point {
	f := maptile.Fraction(orb.Point{p.Lon, p.Lat}, maptile.Zoom(a.z))
	return orb.Point{(f[0] - float64(a.x)) * extent, (f[1] - float64(a.y)) * extent}
}

// halfUnit is how far rounding may put a point, in a tile's units: a half, and the
// rounding to the world's units.
const halfUnit = 0.5 + 1.0/64

func near(p, q orb.Point) bool {
	return math.Abs(p[0]-q[0]) <= halfUnit && math.Abs(p[1]-q[1]) <= halfUnit
}

// checkPolygons reports what makes the polygons of a feature invalid, crossings
// apart, and returns the number of pairs of edges that cross.
func checkPolygons(t testing.TB, what string, g orb.Geometry) (crossings int) {
	t.Helper()
	var list orb.MultiPolygon
	switch g := g.(type) {
	case orb.Polygon:
		list = orb.MultiPolygon{g}
	case orb.MultiPolygon:
		list = g
	default:
		t.Fatalf("%s: geometry %T", what, g)
	}
	for _, poly := range list {
		for k, ring := range poly {
			n := len(ring)
			if n < 4 || ring[0] != ring[n-1] {
				t.Fatalf("%s: ring of %d points, closed: %v", what, n, ring[0] == ring[n-1])
			}
			for i := 1; i < n; i++ {
				if ring[i] == ring[i-1] {
					t.Fatalf("%s: repeated point %v", what, ring[i])
				}
			}
			// y is south: what turns clockwise on screen has a positive area here.
			if area := planar.Area(ring); area == 0 || (ring.Orientation() == orb.CCW) != (k == 0) {
				t.Fatalf("%s: ring %d of area %v has orientation %v", what, k, area, ring.Orientation())
			}
			for _, p := range ring {
				if p[0] < -buffer || p[1] < -buffer || p[0] > extent+buffer || p[1] > extent+buffer {
					t.Fatalf("%s: %v is beyond the buffer", what, p)
				}
			}
			if k > 0 && !planar.RingContains(poly[0], ring[0]) {
				t.Fatalf("%s: a hole is outside its ring", what)
			}
			crossings += crossingsOf(ring)
		}
	}
	return crossings
}

// crossingsOf counts the pairs of edges of a ring that cross between their ends.
func crossingsOf(ring orb.Ring) int {
	side := func(a, b, p orb.Point) float64 { return (b[0]-a[0])*(p[1]-a[1]) - (b[1]-a[1])*(p[0]-a[0]) }
	west := func(i int) float64 { return min(ring[i-1][0], ring[i][0]) }
	var order []int // edges, by their last point, from west to east
	for i := 1; i < len(ring); i++ {
		order = append(order, i)
	}
	slices.SortFunc(order, func(i, j int) int { return cmp.Compare(west(i), west(j)) })
	count := 0
	for k, i := range order {
		a, b := ring[i-1], ring[i]
		for _, j := range order[k+1:] {
			c, d := ring[j-1], ring[j]
			if west(j) > max(a[0], b[0]) {
				break
			}
			if side(a, b, c)*side(a, b, d) < 0 && side(c, d, a)*side(c, d, b) < 0 {
				count++
			}
		}
	}
	return count
}

// wire is what orb's decoder does not tell of a source layer.
type wire struct {
	name            string
	version, extent uint64
	features        int
	keys            []string
	values          [][]byte
	used            map[uint64]bool // values that a feature has
	empty           int             // features without geometry
}

// readWire reads the protocol buffer by the letter of the specification.
func readWire(t testing.TB, data []byte) []wire {
	t.Helper()
	var out []wire
	fields(t, data, func(field int, _ uint64, layer []byte) {
		if field != 3 {
			t.Fatalf("field %d in a tile", field)
		}
		w := wire{used: map[uint64]bool{}}
		fields(t, layer, func(field int, v uint64, b []byte) {
			switch field {
			case 1:
				w.name = string(b)
			case 2:
				w.features++
				geometry := 0
				fields(t, b, func(field int, v uint64, b []byte) {
					switch field {
					case 2:
						for k := 0; len(b) > 0; k++ {
							v, n := binary.Uvarint(b)
							if b = b[n:]; k%2 == 1 {
								w.used[v] = true
							}
						}
					case 4:
						geometry = len(b)
					}
				})
				if geometry == 0 {
					w.empty++
				}
			case 3:
				w.keys = append(w.keys, string(b))
			case 4:
				w.values = append(w.values, b)
			case 5:
				w.extent = v
			case 15:
				w.version = v
			default:
				t.Fatalf("field %d in a layer", field)
			}
		})
		out = append(out, w)
	})
	return out
}

func fields(t testing.TB, data []byte, visit func(field int, v uint64, b []byte)) {
	t.Helper()
	for len(data) > 0 {
		tag, n := binary.Uvarint(data)
		if n <= 0 {
			t.Fatal("a tag is cut short")
		}
		v, m := binary.Uvarint(data[n:])
		if m <= 0 {
			t.Fatal("a number is cut short")
		}
		data = data[n+m:]
		var b []byte
		switch tag & 7 {
		case 0:
		case 2:
			if v > uint64(len(data)) {
				t.Fatal("a field is cut short")
			}
			b, data = data[:v], data[v:]
		default:
			t.Fatalf("wire type %d", tag&7)
		}
		visit(int(tag>>3), v, b)
	}
}
