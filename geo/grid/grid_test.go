package grid

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"

	"github.com/aisne-numerique/maillage/geo"
)

// square is a counter-clockwise square of a side in degrees.
func square(lon, lat, side float64) orb.MultiPolygon {
	return orb.MultiPolygon{{{{lon, lat}, {lon + side, lat}, {lon + side, lat + side}, {lon, lat + side}, {lon, lat}}}}
}

func build(t *testing.T, outlines []orb.MultiPolygon, resolution int) *Grid {
	t.Helper()
	g, err := Build(context.Background(), outlines, resolution)
	if err != nil {
		t.Fatalf("Build: %v", err)
	}
	if err := g.Check(len(outlines)); err != nil {
		t.Fatalf("Check: %v", err)
	}
	return g
}

// sphereArea is the area in km² between two parallels and two meridians on the
// sphere of H3 (the authalic radius of WGS 84, 6 371.007 180 918 475 km).
func sphereArea(lon, lat, side float64) float64 {
	const r = 6371.007180918475
	rad := math.Pi / 180
	return r * r * side * rad * (math.Sin((lat+side)*rad) - math.Sin(lat*rad))
}

func TestPartsTileTheTerritory(t *testing.T) {
	// Four squares that share borders, and one with a hole filled by a fifth.
	hole := square(3.53, 49.53, 0.02)[0][0].Clone()
	hole.Reverse()
	holed := square(3.5, 49.5, 0.1)
	holed[0] = append(holed[0], hole)
	outlines := []orb.MultiPolygon{holed, square(3.53, 49.53, 0.02), square(3.6, 49.5, 0.1), square(3.5, 49.6, 0.1), square(3.6, 49.6, 0.1)}
	want := []float64{sphereArea(3.5, 49.5, 0.1) - sphereArea(3.53, 49.53, 0.02), sphereArea(3.53, 49.53, 0.02),
		sphereArea(3.6, 49.5, 0.1), sphereArea(3.5, 49.6, 0.1), sphereArea(3.6, 49.6, 0.1)}
	for _, resolution := range []int{7, 8, 9} {
		g := build(t, outlines, resolution)
		got := make([]float64, len(outlines))
		cell := make([]float64, len(g.Cells))
		for _, p := range g.Parts {
			got[p.Commune] += p.AreaKm2
			cell[p.Cell] += p.AreaKm2
		}
		const tolerance = 5e-4 // the plane tangent at a cell, against the sphere
		for i := range want {
			if math.Abs(got[i]-want[i]) > tolerance*want[i] {
				t.Errorf("resolution %d: commune %d covers %.5f km², want %.5f", resolution, i, got[i], want[i])
			}
		}
		inside := 0
		for i, c := range g.Cells {
			own, err := c.AreaKm2()
			if err != nil {
				t.Fatal(err)
			}
			if cell[i] > own*(1+1e-9) {
				t.Errorf("resolution %d: cell %s: its parts cover %.9f km² of its %.9f", resolution, c, cell[i], own)
			}
			center, _ := c.Center()
			if center.Lon > 3.53 && center.Lon < 3.67 && center.Lat > 49.53 && center.Lat < 49.67 {
				inside++
				if math.Abs(cell[i]-own) > 1e-6*own {
					t.Errorf("resolution %d: inner cell %s: its parts cover %.9f km² of its %.9f", resolution, c, cell[i], own)
				}
			}
		}
		if inside == 0 {
			t.Errorf("resolution %d: no inner cell was checked", resolution)
		}
	}
}

func TestNarrowCommuneKeepsItsParts(t *testing.T) {
	// 20 m wide: no centre of a resolution-8 cell falls inside.
	strip := orb.MultiPolygon{{{{3.5, 49.5}, {3.5003, 49.5}, {3.5003, 49.52}, {3.5, 49.52}, {3.5, 49.5}}}}
	g := build(t, []orb.MultiPolygon{strip}, 8)
	for _, c := range g.Cells {
		p, _ := c.Center()
		if planar.MultiPolygonContains(strip, orb.Point{p.Lon, p.Lat}) {
			t.Fatalf("cell %s has its centre in the strip: the example shows nothing", c)
		}
	}
	people := Apportion(g.Parts, []int{37}, make([]float64, len(g.Parts)))
	if sum := total(people); sum != 37 || len(g.Parts) < 2 {
		t.Errorf("%d parts hold %d people, want several parts and 37 people", len(g.Parts), sum)
	}
}

// TestClipAgainstSampling is the naive twin of clip: the share of the window that
// a random star-shaped polygon covers, by counting points.
func TestClipAgainstSampling(t *testing.T) {
	const seed, points, tolerance = 5, 20_000, 0.02
	r := rand.New(rand.NewPCG(seed, 0))
	for trial := range 40 {
		at := geo.LonLat{Lon: 3 + r.Float64(), Lat: 49 + r.Float64()}
		c, err := Locate(at, 8)
		if err != nil {
			t.Fatal(err)
		}
		var k clipper
		if err := k.reset(c); err != nil {
			t.Fatal(err)
		}
		var ring orb.Ring
		n := 3 + r.IntN(20)
		for i := range n {
			a := 2 * math.Pi * float64(i) / float64(n)
			d := 0.001 + 0.012*r.Float64()
			ring = append(ring, orb.Point{at.Lon + d*math.Cos(a), at.Lat + d*math.Sin(a)})
		}
		ring = append(ring, ring[0])
		mp := orb.MultiPolygon{{ring}}
		share, _ := k.clip(mp)
		corners, _ := c.Ring()
		box := geo.EmptyBounds()
		window := orb.Ring{}
		for _, p := range corners {
			box = box.Extend(p)
			window = append(window, orb.Point{p.Lon, p.Lat})
		}
		window = append(window, window[0])
		in, both := 0, 0
		for range points {
			p := orb.Point{box.Min.Lon + r.Float64()*(box.Max.Lon-box.Min.Lon), box.Min.Lat + r.Float64()*(box.Max.Lat-box.Min.Lat)}
			if planar.RingContains(window, p) {
				in++
				if planar.RingContains(ring, p) {
					both++
				}
			}
		}
		if want := float64(both) / float64(in); math.Abs(share-want) > tolerance {
			t.Errorf("seed %d trial %d: share %.4f, sampling says %.4f", seed, trial, share, want)
		}
	}
}

func TestBuildDoesNotDependOnProcessors(t *testing.T) {
	var outlines []orb.MultiPolygon
	for i := range 12 {
		outlines = append(outlines, square(3.5+0.03*float64(i%4), 49.5+0.03*float64(i/4), 0.03))
	}
	a, b := build(t, outlines, 9), build(t, outlines, 9)
	if d := cmp.Diff(a.Parts, b.Parts); d != "" {
		t.Errorf("two builds differ: %s", d)
	}
}

func TestBuildRefuses(t *testing.T) {
	for name, tc := range map[string]struct {
		outlines   []orb.MultiPolygon
		resolution int
		want       string
	}{
		"resolution too fine":   {[]orb.MultiPolygon{square(3, 49, 0.1)}, 11, "grid: resolution 11: expected 5 to 10"},
		"resolution too coarse": {[]orb.MultiPolygon{square(3, 49, 0.1)}, 4, "grid: resolution 4: expected 5 to 10"},
		"outline of no area":    {[]orb.MultiPolygon{square(3, 49, 0.1), {{{{3, 49}, {3.1, 49}, {3, 49}}}}}, 8, "grid: commune 1: its outline covers no cell"},
	} {
		_, err := Build(context.Background(), tc.outlines, tc.resolution)
		if err == nil || err.Error() != tc.want {
			t.Errorf("%s: %v, want %q", name, err, tc.want)
		}
	}
}

func total(people []int32) int {
	n := 0
	for _, p := range people {
		n += int(p)
	}
	return n
}

func TestSpreadIsExactAndFair(t *testing.T) {
	const seed = 3
	r := rand.New(rand.NewPCG(seed, 0))
	for trial := range 500 {
		communes := 1 + r.IntN(6)
		population := make([]int, communes)
		for i := range population {
			population[i] = r.IntN(2000)
		}
		var parts []Part
		var weight []float64
		for c := range communes {
			for range 1 + r.IntN(40) {
				parts = append(parts, Part{Commune: int32(c), AreaKm2: 0.01 + r.Float64()})
				w := 0.0
				if trial%7 != 0 && r.IntN(3) > 0 {
					w = r.ExpFloat64()
				}
				weight = append(weight, w)
			}
		}
		people := Apportion(parts, population, weight)
		sum, mass, area := make([]int, communes), make([]float64, communes), make([]float64, communes)
		for i, p := range parts {
			sum[p.Commune] += int(people[i])
			mass[p.Commune] += weight[i]
			area[p.Commune] += p.AreaKm2
		}
		if d := cmp.Diff(population, sum); d != "" {
			t.Fatalf("seed %d trial %d: communes do not add up: %s", seed, trial, d)
		}
		for i, p := range parts {
			share := parts[i].AreaKm2 / area[p.Commune]
			if mass[p.Commune] > 0 {
				share = weight[i] / mass[p.Commune]
			}
			if exact := share * float64(population[p.Commune]); math.Abs(exact-float64(people[i])) > 1+1e-9 {
				t.Fatalf("seed %d trial %d: part %d has %d people, its exact share is %.3f", seed, trial, i, people[i], exact)
			}
		}
	}
}

func TestPyramidHoldsEveryPartOncePerLevel(t *testing.T) {
	g := build(t, []orb.MultiPolygon{square(3.5, 49.5, 0.08), square(3.58, 49.5, 0.08)}, 9)
	p, err := NewPyramid(g)
	if err != nil {
		t.Fatal(err)
	}
	if len(p.Levels) != Levels || p.Levels[Levels-1].Resolution != 9 {
		t.Fatalf("levels %+v", p.Levels)
	}
	next := int32(0)
	for k, l := range p.Levels {
		if l.First != next {
			t.Errorf("level %d starts at row %d, want %d", k, l.First, next)
		}
		next += int32(len(l.Cells))
		for i, row := range p.Part[k] {
			level, cell, ok := p.Row(row)
			if !ok || level.Resolution != l.Resolution {
				t.Fatalf("level %d part %d: row %d is of another level", k, i, row)
			}
			want, _ := g.Cells[g.Parts[i].Cell].Parent(l.Resolution)
			if cell != want {
				t.Fatalf("level %d part %d: cell %s, want %s", k, i, cell, want)
			}
			if at, ok := p.Find(cell); !ok || at != row {
				t.Fatalf("Find(%s) = %d, want %d", cell, at, row)
			}
		}
	}
	if int(next) != p.Rows {
		t.Errorf("%d rows announced, %d counted", p.Rows, next)
	}
	for _, row := range []int32{-1, int32(p.Rows)} {
		if _, _, ok := p.Row(row); ok {
			t.Errorf("Row(%d) exists", row)
		}
	}
}

func TestAdjacencyIsSymmetric(t *testing.T) {
	g := build(t, []orb.MultiPolygon{square(3.5, 49.5, 0.05)}, 9)
	adj, err := g.Adjacency()
	if err != nil {
		t.Fatal(err)
	}
	full := 0
	for i := range g.Cells {
		n := 0
		for _, j := range adj[6*i : 6*i+6] {
			if j < 0 {
				continue
			}
			n++
			back := false
			for _, k := range adj[6*j : 6*j+6] {
				back = back || int(k) == i
			}
			if !back {
				t.Errorf("cell %d has neighbour %d, which does not have it", i, j)
			}
		}
		if n == 6 {
			full++
		}
	}
	if full == 0 {
		t.Error("no cell has six neighbours")
	}
}

func TestPartAtFindsTheCommuneOnASharedCell(t *testing.T) {
	outlines := []orb.MultiPolygon{square(3.5, 49.5, 0.05), square(3.55, 49.5, 0.05)}
	g := build(t, outlines, 8)
	const seed = 8
	r := rand.New(rand.NewPCG(seed, 0))
	shared := 0
	for range 3000 {
		p := geo.LonLat{Lon: 3.5 + 0.1*r.Float64(), Lat: 49.5 + 0.05*r.Float64()}
		i, ok := g.PartAt(p)
		if !ok {
			t.Fatalf("seed %d: PartAt(%v): nowhere", seed, p)
		}
		want := int32(0)
		if p.Lon > 3.55 {
			want = 1
		}
		if got := g.Parts[i].Commune; got != want {
			t.Fatalf("seed %d: PartAt(%v) is in commune %d, want %d", seed, p, got, want)
		}
		if c := g.Parts[i].Cell; g.First[c+1]-g.First[c] > 1 {
			shared++
		}
	}
	if shared == 0 {
		t.Error("no point fell in a shared cell")
	}
	if _, ok := g.PartAt(geo.LonLat{Lon: 5, Lat: 45}); ok {
		t.Error("PartAt(Lyon) is in the territory")
	}
}

func TestDissolveKeepsArea(t *testing.T) {
	g := build(t, []orb.MultiPolygon{square(3.5, 49.5, 0.05)}, 8)
	mp, err := Dissolve(g.Cells)
	if err != nil {
		t.Fatal(err)
	}
	if len(mp) != 1 {
		t.Fatalf("%d polygons, want one", len(mp))
	}
	want := 0.0
	for _, c := range g.Cells {
		ring, _ := c.Ring()
		var r orb.Ring
		for _, p := range ring {
			r = append(r, orb.Point{p.Lon, p.Lat})
		}
		want += math.Abs(planar.Area(append(r, r[0])))
	}
	if got := planar.Area(mp); math.Abs(got-want) > 1e-9 {
		t.Errorf("dissolved area %v deg², want %v", got, want)
	}
	if mp[0][0].Orientation() != orb.CCW || mp[0][0][0] != mp[0][0][len(mp[0][0])-1] {
		t.Error("the outer ring is not counter-clockwise and closed")
	}
}

func BenchmarkBuild(b *testing.B) {
	var outlines []orb.MultiPolygon
	for i := range 64 {
		outlines = append(outlines, square(3+0.04*float64(i%8), 49+0.04*float64(i/8), 0.04))
	}
	parts := 0
	for b.Loop() {
		g, err := Build(context.Background(), outlines, 9)
		if err != nil {
			b.Fatal(err)
		}
		parts = len(g.Parts)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(parts), "ns/part")
}

func ExampleParseCell() {
	_, err := ParseCell("nonsense")
	fmt.Println(err)
	// Output: cell "nonsense": not an H3 cell index
}
