package tiles

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
	"github.com/paulmach/orb/planar"
)

// star is a random simple ring around a point: its corners turn once around it,
// clockwise on screen, at any distance up to radius.
func star(r *rand.Rand, center xy, radius float64, corners int) []xy {
	angles := make([]float64, corners)
	for i := range angles {
		angles[i] = 2 * math.Pi * (float64(i) + 0.9*r.Float64()) / float64(corners)
	}
	ring := make([]xy, corners)
	for i, a := range angles {
		d := radius * (0.2 + 0.8*r.Float64())
		ring[i] = xy{center.x + round(d*math.Cos(a)), center.y + round(d*math.Sin(a))}
	}
	return ring
}

func toRing(pts []xy) orb.Ring {
	ring := make(orb.Ring, 0, len(pts)+1)
	for _, p := range pts {
		ring = append(ring, orb.Point{float64(p.x), float64(p.y)})
	}
	return append(ring, ring[0])
}

// oddly reports whether p is inside an odd number of rings.
func oddly(r *rings, p xy) (inside, on bool) {
	for i := range r.len() {
		in, edge := contains(r.ring(i), p)
		if edge {
			return false, true
		}
		inside = inside != in
	}
	return inside, false
}

func TestClippedPolygonsHoldTheSamePoints(t *testing.T) {
	const seed = 7
	r := rand.New(rand.NewPCG(seed, 0))
	window := box{-1000, -700, 900, 1100}
	// Points are not looked at so near an edge that its rounding may decide.
	const margin = 3
	for trial := range 2000 {
		var in rings
		outer := star(r, xy{int32(r.IntN(2400) - 1200), int32(r.IntN(2400) - 1200)}, 200+2000*r.Float64(), 3+r.IntN(40))
		if trial%5 == 0 { // corners and edges on the window itself
			for i := range outer {
				if r.IntN(3) == 0 {
					outer[i].x = int32(window.minX)
				} else if r.IntN(3) == 0 {
					outer[i].y = int32(window.maxY)
				}
			}
			if crossingsOf(toRing(outer)) > 0 || doubleArea(outer) <= 0 {
				continue
			}
		}
		in.add(outer)
		if trial%2 == 0 { // the same star at a tenth of its size fits in it
			hole := slices.Clone(outer)
			c := outer[0]
			for i := range outer {
				c.x, c.y = (c.x+outer[i].x)/2, (c.y+outer[i].y)/2
			}
			for i, p := range outer {
				hole[len(hole)-1-i] = xy{c.x + (p.x-c.x)/10, c.y + (p.y-c.y)/10}
			}
			fits := doubleArea(hole) < 0
			for _, p := range hole {
				inside, on := contains(outer, p)
				fits = fits && inside && !on
			}
			if fits && crossingsOf(toRing(hole)) == 0 && holeFits(outer, hole) {
				in.add(hole)
			}
		}
		before := slices.Clone(in.pts)
		var c clipper
		out := c.clip(&in, window)
		if !slices.Equal(before, in.pts) {
			t.Fatalf("seed %d trial %d: clip changed what it was given", seed, trial)
		}
		for _, p := range out.pts {
			if !window.holds(emptyBox.extend(p)) {
				t.Fatalf("seed %d trial %d: %v is outside the window", seed, trial, p)
			}
		}
		// The naive twin cuts each ring by itself; its bridges have no area.
		var want float64
		for i := range in.len() {
			b := orb.Bound{Min: orb.Point{float64(window.minX), float64(window.minY)}, Max: orb.Point{float64(window.maxX), float64(window.maxY)}}
			if cut := clip.Ring(b, toRing(in.ring(i))); cut != nil {
				want += planar.Area(orb.Ring(cut))
			}
		}
		var got, edge float64
		for i := range out.len() {
			got += float64(doubleArea(out.ring(i))) / 2
			edge += planar.Length(toRing(out.ring(i)))
		}
		// Rounding moves each crossing by half a unit: less than the outline's length.
		if math.Abs(got-want) > 1+edge {
			t.Fatalf("seed %d trial %d: area %v, want %v", seed, trial, got, want)
		}
		for range 60 {
			p := xy{int32(r.IntN(2400) - 1200), int32(r.IntN(2400) - 1200)}
			if nearEdge(&in, p, margin) || nearEdge(out, p, margin) {
				continue
			}
			inside, _ := oddly(&in, p)
			inside = inside && window.holds(emptyBox.extend(p))
			if got, _ := oddly(out, p); got != inside {
				t.Fatalf("seed %d trial %d: %v is inside: %v, want %v\nof %v\ncut %v", seed, trial, p, got, inside, in, out)
			}
		}
	}
}

// holeFits reports that no edge of a hole crosses its outer ring.
func holeFits(outer, hole []xy) bool {
	for i, p := range hole {
		q := hole[(i+1)%len(hole)]
		for j, a := range outer {
			b := outer[(j+1)%len(outer)]
			if opposite(turn(a, b, p), turn(a, b, q)) && opposite(turn(p, q, a), turn(p, q, b)) {
				return false
			}
		}
	}
	return true
}

func nearEdge(r *rings, p xy, margin float64) bool {
	for i := range r.len() {
		ring := r.ring(i)
		for k, a := range ring {
			if distance(p, a, ring[(k+1)%len(ring)]) <= margin {
				return true
			}
		}
	}
	return false
}

// TestClipLeavesNoBridges draws a comb whose teeth leave the window: what is
// kept is one ring a tooth, and nothing between them along the window's edge.
//
//	   ┌─────────────┐  outside
//	───┤─┬─┬─┬─┬─┬─┬─┤─────────── y = 0
//	   └─┘ └─┘ └─┘ └─┘  inside
func TestClipLeavesNoBridges(t *testing.T) {
	comb := []xy{{70, -20}, {70, 30}, {60, 30}, {60, -10}, {50, -10}, {50, 30}, {40, 30}, {40, -10}, {30, -10}, {30, 30},
		{20, 30}, {20, -10}, {10, -10}, {10, 30}, {0, 30}, {0, -20}}
	var in rings
	in.add(comb)
	if doubleArea(comb) <= 0 {
		t.Fatal("the comb turns the wrong way")
	}
	var c clipper
	out := c.clip(&in, box{-100, 0, 100, 100})
	if out.len() != 4 {
		t.Fatalf("%d rings, want 4: %v", out.len(), out)
	}
	for i := range 4 {
		if a := doubleArea(out.ring(i)); a != 2*10*30 {
			t.Errorf("ring %d: area %d, want %d: %v", i, a/2, 300, out.ring(i))
		}
	}
}

func TestConvexClipAgainstItsTwin(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, 0))
	bound := orb.Bound{Min: orb.Point{-buffer, -buffer}, Max: orb.Point{extent + buffer, extent + buffer}}
	var spare []xy
	kept := 0
	for trial := range 5000 {
		n := 3 + r.IntN(6)
		center := xy{int32(r.IntN(6000) - 1000), int32(r.IntN(6000) - 1000)}
		radius := 5 + 3000*r.Float64()*r.Float64()
		var ring []xy
		for i := range n { // on a circle: convex
			a := 2 * math.Pi * (float64(i) + 0.8*r.Float64()) / float64(n)
			ring = append(ring, xy{center.x + round(radius*math.Cos(a)), center.y + round(radius*math.Sin(a))})
		}
		original := toRing(ring)
		var want, perimeter float64
		if cut := clip.Ring(bound, original.Clone()); cut != nil {
			want, perimeter = planar.Area(orb.Ring(cut)), planar.Length(orb.Ring(cut))
		}
		ring, spare = clipConvex(ring, spare)
		got := float64(doubleArea(ring)) / 2
		if got > 0 {
			kept++
		}
		if math.Abs(got-want) > 1+perimeter {
			t.Fatalf("seed %d trial %d: %v has area %v, want %v", seed, trial, original, got, want)
		}
		for _, p := range ring {
			if !tileBox.holds(emptyBox.extend(p)) {
				t.Fatalf("seed %d trial %d: %v is beyond the buffer", seed, trial, p)
			}
		}
	}
	if kept < 1000 {
		t.Errorf("only %d polygons met the tile", kept)
	}
}

func TestClippedLinesStayOnTheirLine(t *testing.T) {
	const seed = 5
	r := rand.New(rand.NewPCG(seed, 0))
	window := box{0, 0, 1000, 800}
	for trial := range 1000 {
		var in rings
		var whole float64
		line := make(orb.LineString, 0, 20)
		for range 2 + r.IntN(18) {
			p := xy{int32(r.IntN(2000) - 500), int32(r.IntN(1800) - 500)}
			in.pts = append(in.pts, p)
			line = append(line, orb.Point{float64(p.x), float64(p.y)})
		}
		in.end()
		for _, piece := range clip.LineString(orb.Bound{Max: orb.Point{1000, 800}}, line) {
			whole += planar.Length(piece)
		}
		var c clipper
		out := c.clipLines(&in, window)
		var got float64
		for i := range out.len() {
			piece := out.ring(i)
			for k, p := range piece {
				if !window.holds(emptyBox.extend(p)) || !nearEdge(&in, p, 1) {
					t.Fatalf("seed %d trial %d: %v is outside the window or off the line", seed, trial, p)
				}
				if k > 0 {
					got += math.Hypot(float64(p.x-piece[k-1].x), float64(p.y-piece[k-1].y))
				}
			}
		}
		if math.Abs(got-whole) > float64(2*len(in.pts)) {
			t.Fatalf("seed %d trial %d: %v of the line is kept, want %v", seed, trial, got, whole)
		}
	}
}

func TestSnapMends(t *testing.T) {
	f := newFrame(MaxZoom, 0, 0)
	unit := int32(1) << f.shift
	for _, row := range []struct {
		name string
		ring []xy // in units of the tile
		want [][]xy
	}{
		{"nothing to mend", []xy{{0, 0}, {4, 0}, {4, 4}}, [][]xy{{{0, 0}, {4, 0}, {4, 4}}}},
		{"points repeated, the first at the end", []xy{{0, 0}, {4, 0}, {4, 0}, {4, 4}, {0, 0}}, [][]xy{{{0, 0}, {4, 0}, {4, 4}}}},
		{"a spike", []xy{{0, 0}, {4, 0}, {9, 0}, {4, 0}, {4, 4}}, [][]xy{{{0, 0}, {4, 0}, {4, 4}}}},
		{"a spike back to the middle of an edge", []xy{{0, 0}, {9, 0}, {4, 0}, {4, 4}}, [][]xy{{{0, 0}, {4, 0}, {4, 4}}}},
		{"a spike where the ring closes", []xy{{-5, 0}, {0, 0}, {4, 0}, {4, 4}, {0, 0}}, [][]xy{{{0, 0}, {4, 0}, {4, 4}}}},
		{"two squares that touch at a corner", []xy{{0, 0}, {2, 0}, {2, 2}, {4, 2}, {4, 4}, {2, 4}, {2, 2}, {0, 2}},
			[][]xy{{{2, 2}, {4, 2}, {4, 4}, {2, 4}}, {{0, 0}, {2, 0}, {2, 2}, {0, 2}}}},
		{"a corner that touches an edge", []xy{{0, 0}, {6, 0}, {6, 6}, {3, 0}, {0, 6}},
			[][]xy{{{3, 0}, {6, 0}, {6, 6}}, {{0, 0}, {3, 0}, {0, 6}}}},
		{"a corner that crosses an edge", []xy{{0, 0}, {6, 0}, {6, 6}, {3, -3}, {0, 6}},
			[][]xy{{{4, 0}, {6, 0}, {6, 6}}, {{2, 0}, {4, 0}, {3, -3}}, {{0, 0}, {2, 0}, {0, 6}}}},
		{"no area at all", []xy{{0, 0}, {4, 0}, {2, 0}}, nil},
		{"a point", []xy{{3, 3}, {3, 3}}, nil},
	} {
		t.Run(row.name, func(t *testing.T) {
			var ring []xy
			for _, p := range row.ring {
				ring = append(ring, xy{p.x * unit, p.y * unit})
			}
			var s snapper
			s.reset()
			s.add(&f, ring)
			var got [][]xy
			for i := range s.out.len() {
				got = append(got, s.out.ring(i))
			}
			if !slices.EqualFunc(got, row.want, sameRing) {
				t.Errorf("snap %v = %v, want %v", row.ring, got, row.want)
			}
		})
	}
}

// sameRing compares rings wherever they start.
func sameRing(a, b []xy) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if slices.Equal(append(slices.Clone(a[i:]), a[:i]...), b) {
			return true
		}
	}
	return len(a) == 0
}

func TestSnappedStarsNeverCross(t *testing.T) {
	const seed = 3
	r := rand.New(rand.NewPCG(seed, 0))
	f := newFrame(MaxZoom, 0, 0)
	mended := 0
	for trial := range 3000 {
		center := xy{2000 << f.shift, 2000 << f.shift}
		ring := star(r, center, (1+15*r.Float64())*float64(int(1)<<f.shift), 5+r.IntN(40))
		var plain []xy
		for _, p := range ring {
			plain = append(plain, f.local(p))
		}
		if crossingsOf(toRing(plain)) > 0 {
			mended++
		}
		var s snapper
		s.reset()
		s.add(&f, ring)
		for i := range s.out.len() {
			out := s.out.ring(i)
			if n := crossingsOf(toRing(out)); n > 0 {
				t.Errorf("seed %d trial %d: %v crosses itself %d times", seed, trial, out, n)
			}
			for _, p := range out {
				if d := nearest(ring, xy{p.x << f.shift, p.y << f.shift}); d > 1.5*float64(int(1)<<f.shift) {
					t.Errorf("seed %d trial %d: %v is %v units away from the ring", seed, trial, p, d/float64(int(1)<<f.shift))
				}
			}
		}
	}
	if mended == 0 {
		t.Error("rounding never made a ring cross itself; the test shows nothing")
	}
}

func nearest(ring []xy, p xy) float64 {
	best := math.Inf(1)
	for i, a := range ring {
		best = min(best, distance(p, a, ring[(i+1)%len(ring)]))
	}
	return best
}

func TestIndexAgainstAScan(t *testing.T) {
	const seed = 13
	r := rand.New(rand.NewPCG(seed, 0))
	random := func(size int) box {
		x, y := int64(r.IntN(1000)), int64(r.IntN(1000))
		return box{x, y, x + int64(r.IntN(size)), y + int64(r.IntN(size))}
	}
	for _, n := range []int{0, 1, 15, 16, 17, 255, 256, 257, 5000} {
		boxes := make([]box, n)
		all := emptyBox
		for i := range boxes {
			boxes[i] = random(30)
			all = all.union(boxes[i])
		}
		ix := newIndex(n, func(i int) box { return boxes[i] })
		if got := ix.bounds(); got != all {
			t.Errorf("seed %d, %d shapes: bounds %v, want %v", seed, n, got, all)
		}
		for range 50 {
			q := random(1 + r.IntN(1000))
			found := make([]bool, n)
			next := int32(0)
			for _, s := range ix.search(nil, q) {
				if s.from < next || s.to <= s.from {
					t.Fatalf("seed %d, %d shapes: span %v after %d", seed, n, s, next)
				}
				for next = s.from; next < s.to; next++ {
					found[next] = true
					if s.inside && !q.holds(boxes[next]) {
						t.Fatalf("seed %d, %d shapes: %v is said to be inside %v", seed, n, boxes[next], q)
					}
				}
			}
			for i, b := range boxes {
				if b.meets(q) && !found[i] {
					t.Fatalf("seed %d, %d shapes: %v, which meets %v, is not found", seed, n, b, q)
				}
			}
		}
	}
}
