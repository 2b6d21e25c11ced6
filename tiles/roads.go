package tiles

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// roadMinZoom is the zoom from which a class of road is drawn. Classes beyond
// (paths, ferries) never are.
var roadMinZoom = [street.Local + 1]int{street.Motorway: 5, street.Primary: 5, street.Secondary: 8, street.Tertiary: 9, street.Local: 11}

// roadTolerance is how far a simplified road may be from its shape, in units of
// a tile: a quarter of a pixel on a 512-pixel tile.
const roadTolerance = 2

// roads draws the road network, one feature a class. Memory: 9 bytes a point
// that is needed at the largest zoom.
type roads struct{ classes []roadClass }

// roadClass holds the roads of one class as lines, in world units, edges joined
// where nothing else of the class leaves.
type roadClass struct {
	class  street.Class
	lines  rings       // rings not to be closed
	zoom   []uint8     // of each point: the first zoom that needs it
	bounds []narrowBox // of each line
	index  index
}

// narrowBox is a box within the world, in half of the memory of a [box].
type narrowBox struct{ min, max xy }

func (e narrowBox) box() box {
	return box{int64(e.min.x), int64(e.min.y), int64(e.max.x), int64(e.max.y)}
}

// network is what roads are drawn from.
type network interface {
	Counts() road.Counts
	Edge(e int32) road.Edge
	Ends(e int32) (from, to int32)
	AppendShape(dst []geo.LonLat, e int32) []geo.LonLat
}

func newRoads(n network) *roads {
	size := n.Counts()
	byClass := make([][]int32, len(roadMinZoom))
	for i := range int32(size.Edges) {
		if c := n.Edge(i).Class; int(c) < len(byClass) {
			byClass[c] = append(byClass[c], i)
		}
	}
	r := &roads{}
	w := weaver{network: n, used: make([]bool, size.Edges), at: make([]meeting, size.Nodes)}
	for c := range byClass {
		if len(byClass[c]) > 0 {
			r.classes = append(r.classes, w.weave(street.Class(c), byClass[c]))
		}
	}
	return r
}

// weaver joins edges into lines.
type weaver struct {
	network network
	used    []bool
	at      []meeting // per node, for one class
	shape   []geo.LonLat
	pts     []xy
}

// meeting is the edges of one class at a node: how many, and the first two.
type meeting struct {
	count int32
	edges [2]int32
}

// longLine is the number of points at which a line is not continued, so that its
// box stays small.
const longLine = 512

func (w *weaver) weave(class street.Class, edges []int32) roadClass {
	clear(w.at)
	for _, e := range edges {
		from, to := w.network.Ends(e)
		for _, node := range [2]int32{from, to} {
			m := &w.at[node]
			if m.count < 2 {
				m.edges[m.count] = e
			}
			m.count++
		}
	}
	r := roadClass{class: class}
	for _, e := range edges {
		for !w.used[e] {
			w.follow(w.start(e))
			r.add(w.pts)
		}
	}
	// What was reserved while they grew is not kept.
	r.lines.pts, r.lines.ends = slices.Clone(r.lines.pts), slices.Clone(r.lines.ends)
	r.zoom, r.bounds = slices.Clone(r.zoom), slices.Clone(r.bounds)
	r.index = newIndex(r.lines.len(), func(i int) box { return r.bounds[i].box() })
	return r
}

// onward is the one unused edge that continues e at a node, or -1.
func (w *weaver) onward(e, node int32) int32 {
	m := w.at[node]
	if m.count != 2 {
		return -1
	}
	next := m.edges[0]
	if next == e {
		next = m.edges[1]
	}
	if w.used[next] {
		return -1
	}
	return next
}

// far is the end of e that is not node.
func (w *weaver) far(e, node int32) int32 {
	from, to := w.network.Ends(e)
	if from == node {
		return to
	}
	return from
}

// start goes back from e to the first edge of its line and the node it leaves.
func (w *weaver) start(e int32) (first, node int32) {
	first = e
	node, _ = w.network.Ends(e)
	for {
		back := w.onward(first, node)
		if back < 0 || back == e { // a loop starts anywhere
			return first, node
		}
		first, node = back, w.far(back, node)
	}
}

// follow collects the points of a line, and marks its edges used.
func (w *weaver) follow(e, node int32) {
	w.pts = w.pts[:0]
	for e >= 0 && len(w.pts) < longLine {
		w.used[e] = true
		w.shape = w.network.AppendShape(w.shape[:0], e)
		if from, _ := w.network.Ends(e); from != node {
			slices.Reverse(w.shape)
		}
		for i, p := range w.shape {
			if i > 0 || len(w.pts) == 0 {
				w.pts = append(w.pts, project(p))
			}
		}
		node = w.far(e, node)
		e = w.onward(e, node)
	}
}

// add adds a line: of its points, those that some zoom needs.
func (r *roadClass) add(pts []xy) {
	zoom := make([]uint8, len(pts))
	simplify(pts, zoom, math.Inf(1))
	for i, p := range pts {
		if zoom[i] <= MaxZoom {
			r.lines.pts = append(r.lines.pts, p)
			r.zoom = append(r.zoom, zoom[i])
		}
	}
	r.lines.end()
	b := boxOf(r.lines.ring(r.lines.len() - 1))
	r.bounds = append(r.bounds, narrowBox{xy{int32(b.minX), int32(b.minY)}, xy{int32(b.maxX), int32(b.maxY)}})
}

// simplify gives every point between the ends of a line the first zoom that
// needs it (Douglas and Peucker 1973), never before the points that it depends
// on: those leave at distance most. Points that no zoom needs get MaxZoom+1.
func simplify(pts []xy, zoom []uint8, most float64) {
	if len(pts) < 3 {
		return
	}
	last := len(pts) - 1
	far, at := -1.0, 0
	for i := 1; i < last; i++ {
		if d := distance(pts[i], pts[0], pts[last]); d > far {
			far, at = d, i
		}
	}
	far = min(far, most)
	z := 0
	for z <= MaxZoom && far <= roadTolerance*float64(int(1)<<(worldBits-extentBits-z)) {
		z++
	}
	if zoom[at] = uint8(z); z > MaxZoom {
		for i := 1; i < last; i++ {
			zoom[i] = uint8(z)
		}
		return
	}
	simplify(pts[:at+1], zoom[:at+1], far)
	simplify(pts[at:], zoom[at:], far)
}

// distance is from p to the segment between a and b.
func distance(p, a, b xy) float64 {
	ux, uy := float64(b.x)-float64(a.x), float64(b.y)-float64(a.y)
	vx, vy := float64(p.x)-float64(a.x), float64(p.y)-float64(a.y)
	if l := ux*ux + uy*uy; l > 0 {
		t := max(0, min(1, (ux*vx+uy*vy)/l))
		vx, vy = vx-t*ux, vy-t*uy
	}
	return math.Hypot(vx, vy)
}

// encode draws the roads that touch a tile.
func (r *roads) encode(e *encoder, f *frame) {
	e.open("roads")
	for i := range r.classes {
		c := &r.classes[i]
		if f.zoom < roadMinZoom[c.class] {
			continue
		}
		if c.draw(e, f) {
			e.clearTags()
			e.tag("class", uintValue(uint64(c.class)))
			e.feature(uint64(c.class), lineType)
		}
	}
	e.close()
}

func (r *roadClass) draw(e *encoder, f *frame) bool {
	drawn := false
	e.spans = r.index.search(e.spans[:0], f.reach)
	for _, s := range e.spans {
		for i := s.from; i < s.to; i++ {
			bounds := r.bounds[i].box()
			if !bounds.meets(f.reach) {
				continue
			}
			e.drawn.reset()
			first := 0
			if i > 0 {
				first = r.lines.ends[i-1]
			}
			for k := first; k < r.lines.ends[i]; k++ {
				if int(r.zoom[k]) <= f.zoom {
					e.drawn.pts = append(e.drawn.pts, r.lines.pts[k])
				}
			}
			e.drawn.end()
			kept := &e.drawn
			if !f.reach.holds(bounds) {
				kept = e.clip.clipLines(kept, f.reach)
			}
			for k := range kept.len() {
				drawn = drawLine(e, f, kept.ring(k)) || drawn
			}
		}
	}
	return drawn
}

// drawLine rounds a line to the tile's units, and reports whether it still goes
// from one to another.
func drawLine(e *encoder, f *frame, line []xy) bool {
	n := 0
	for _, p := range line {
		if p = f.local(p); n == 0 || line[n-1] != p {
			line[n] = p
			n++
		}
	}
	if n < 2 {
		return false
	}
	e.line(line[:n])
	return true
}

func (r *roads) bounds() box {
	b := emptyBox
	for i := range r.classes {
		b = b.union(r.classes[i].index.bounds())
	}
	return b
}
