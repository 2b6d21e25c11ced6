package ogc

import (
	"fmt"
	"math"
	"math/rand/v2"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/clip"
)

// mosaic is n features of a country at the antimeridian: points, triangles, polygons with a
// hole, and pairs of polygons far apart, on a grid of quarters of a degree, so that many of
// them touch; one in ten has no shape, one in fifty an empty one.
func mosaic(tb testing.TB, n int, r *rand.Rand) *Collection {
	tb.Helper()
	c := NewCollection("mosaic", "", "", "MULTIPOLYGON", []Property{{Name: "hab", Type: "INTEGER"}})
	corner := func() orb.Point { return orb.Point{float64(r.IntN(1440))/4 - 180, float64(r.IntN(40)) / 4} }
	square := func(at orb.Point, size float64) orb.Ring {
		return orb.Ring{at, {at[0] + size, at[1]}, {at[0] + size, at[1] + size}, {at[0], at[1] + size}, at}
	}
	for i := range n {
		var shape orb.Geometry
		at := corner()
		if r.IntN(3) == 0 { // on either side of the antimeridian
			at[0] = []float64{-180, -179.75, 179.75, 180}[r.IntN(4)]
		}
		switch r.IntN(50) {
		case 0:
			shape = orb.MultiPolygon{}
		case 1, 2, 3, 4, 5:
		case 6, 7, 8, 9, 10, 11, 12, 13, 14, 15:
			shape = at
		case 16, 17, 18, 19, 20, 21, 22, 23, 24, 25:
			shape = orb.Polygon{{at, {at[0] + 0.5, at[1]}, {at[0] + 0.5, at[1] + 0.5}, at}} // nothing in the north-west of its bounds
		case 26, 27, 28, 29, 30, 31, 32, 33, 34, 35:
			hole := square(orb.Point{at[0] + 0.25, at[1] + 0.25}, 0.5)
			hole.Reverse()
			shape = orb.Polygon{square(at, 1), hole}
		default:
			shape = orb.MultiPolygon{{square(at, 0.25)}, {square(corner(), 0.25)}}
		}
		if err := c.Add(fmt.Sprint(i), shape, []any{int64(r.IntN(9))}); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

// TestBoxesAgainstAScan: a box selects what a look at every shape selects, and pages give
// each of them once, in order, with and without a filter.
func TestBoxesAgainstAScan(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 1))
	c := mosaic(t, 1500, r)
	before := slices.Clone(c.shapes)
	for i := range before {
		before[i] = orb.Clone(before[i])
	}
	scan := func(boxes []orb.Bound, least int) (want []int) {
		for row, shape := range c.shapes {
			if shape == nil || c.Value(row, 0).(float64) < float64(least) {
				continue
			}
			if slices.ContainsFunc(boxes, func(b orb.Bound) bool { return clip.Geometry(b, orb.Clone(shape)) != nil }) {
				want = append(want, row)
			}
		}
		return want
	}
	sides := func() (float64, float64) { // sometimes on the grid of the shapes, sometimes nothing but a line
		a, b := r.Float64()*360-180, r.Float64()*360-180
		if r.IntN(2) == 0 {
			a, b = math.Round(a*4)/4, math.Round(b*4)/4
		}
		if r.IntN(4) == 0 {
			b = a
		}
		return a, b // west may be east of east: across the antimeridian
	}
	selected, across, parts := 0, 0, 0
	for range 400 {
		west, east := sides()
		south, north := r.Float64()*11-0.5, r.Float64()*11-0.5
		if r.IntN(2) == 0 {
			south, north = math.Round(south*4)/4, math.Round(north*4)/4
		}
		south, north = min(south, north), max(south, north)
		boxes := []orb.Bound{{Min: orb.Point{west, south}, Max: orb.Point{east, north}}}
		if west > east {
			across++
			boxes = []orb.Bound{{Min: orb.Point{west, south}, Max: orb.Point{180, north}}, {Min: orb.Point{-180, south}, Max: orb.Point{east, north}}}
		}
		values, least := url.Values{"bbox": {fmt.Sprintf("%g,%g,%g,%g", west, south, east, north)}, "limit": {fmt.Sprint(1 + r.IntN(200))}}, 0
		if r.IntN(2) == 0 {
			least = r.IntN(9)
			values.Set("filter", fmt.Sprintf("hab >= %d", least))
		}
		want := scan(boxes, least)
		if len(want) > 0 && len(want) < 1000 {
			parts++
		}
		selected += len(want)
		var got []int
		for next := 0; next >= 0; {
			q, err := ParseQuery(With(values, "after", Cursor(served.Edition, next)), c, served)
			if err != nil {
				t.Fatal(err)
			}
			var rows []int
			var matched int
			rows, next, matched = q.Select(c)
			if matched != len(want) || len(rows) > q.Limit {
				t.Fatalf("%v: %d match, want %d; %d on a page of %d", values, matched, len(want), len(rows), q.Limit)
			}
			got = append(got, rows...)
		}
		if !slices.Equal(got, want) {
			t.Fatalf("%v: %v, want %v", values, got, want)
		}
	}
	if selected == 0 || across < 50 || parts < 100 {
		t.Errorf("%d features selected, %d boxes across the antimeridian, %d that select some; want more of each", selected, across, parts)
	}
	for row := range before {
		if fmt.Sprint(before[row]) != fmt.Sprint(c.shapes[row]) {
			t.Fatalf("row %d: asking changed %v into %v", row, before[row], c.shapes[row])
		}
	}
}

// cells are n hexagons side by side in a square of four degrees, as the cells of a
// département or of a country are.
func cells(tb testing.TB, n int) *Collection {
	tb.Helper()
	c := NewCollection("cells", "", "", "POLYGON", []Property{{Name: "habitants", Type: "INTEGER"}})
	side := int(math.Ceil(math.Sqrt(float64(n))))
	step := 4 / float64(side)
	for i := range n {
		x, y := 1+step*(float64(i%side)+float64(i/side%2)/2), 47+step*float64(i/side)
		ring := make(orb.Ring, 7)
		for k := range ring {
			sin, cos := math.Sincos(float64(k%6) * math.Pi / 3)
			ring[k] = orb.Point{x + step*cos/2, y + step*sin/2}
		}
		if err := c.Add(fmt.Sprintf("%015x", i), orb.Polygon{ring}, []any{int64(i % 7)}); err != nil {
			tb.Fatal(err)
		}
	}
	return c
}

// BenchmarkBox selects a page of the cells in a box of half a degree, one in 64: what a GIS
// asks for that shows a canton of a département, or a département of a country.
func BenchmarkBox(b *testing.B) {
	for _, n := range []int{80_000, 2_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			c := cells(b, n)
			for _, box := range []string{"2.5,48.5,3,49", "1.2,47.2,4.8,50.8"} {
				b.Run(strings.ReplaceAll(box, ",", "_"), func(b *testing.B) {
					q, err := ParseQuery(url.Values{"bbox": {box}, "limit": {"1000"}}, c, served)
					if err != nil {
						b.Fatal(err)
					}
					matched := 0
					for b.Loop() {
						_, _, matched = q.Select(c)
					}
					b.ReportMetric(float64(matched), "features")
				})
			}
		})
	}
}
