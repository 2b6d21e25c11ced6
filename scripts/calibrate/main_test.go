package main

import (
	"bytes"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// streets are a lattice of streets 200 m apart, near the equator, and what is drawn on
// them. An estate of its own lies beyond: a drive of 500 m, joined to nothing; and a
// track as long as the streets of a row.
func streets(t *testing.T, blocks int) (*road.Network, *extent) {
	t.Helper()
	const step = 200 / 111_195.0 // degrees
	var ways []road.Way
	add := func(tags map[string]string, at ...[2]int) {
		w := road.Way{ID: int64(len(ways) + 1), Tags: tags}
		for _, p := range at {
			w.Nodes = append(w.Nodes, int64(1000*p[0]+p[1]))
			w.At = append(w.At, geo.LonLat{Lon: float64(p[0]) * step, Lat: float64(p[1]) * step})
		}
		ways = append(ways, w)
	}
	for k := range blocks + 1 {
		var east, north [][2]int
		for i := range blocks + 1 {
			east, north = append(east, [2]int{i, k}), append(north, [2]int{k, i})
		}
		add(map[string]string{"highway": "residential"}, east...)
		add(map[string]string{"highway": "residential"}, north...)
	}
	add(map[string]string{"highway": "service", "access": "private"}, [2]int{blocks + 9, 0}, [2]int{blocks + 9, 5})
	add(map[string]string{"highway": "track", "surface": "asphalt"}, [2]int{0, 0}, [2]int{-blocks, 0})
	x := newExtent()
	n, err := road.Build(seen(func(yield func(road.Way, error) bool) {
		for _, w := range ways {
			if !yield(w, nil) {
				return
			}
		}
	}, x.add))
	if err != nil {
		t.Fatal(err)
	}
	return n, x
}

// The ends of a trip lie on roads, far enough from each other, on all that a car may use,
// islands included, and the same seed draws them again.
func TestDraw(t *testing.T) {
	_, x := streets(t, 20)
	draw := func() []pair { return draw(x, street.Car, 400, rand.New(rand.NewPCG(1, 2))) }
	pairs, again := draw(), draw()
	kinds := map[endKind]int{}
	for i, p := range pairs {
		if p != again[i] {
			t.Fatalf("pair %d: %v, then %v from the same seed", i, p, again[i])
		}
		if d := geo.Distance(p.from.at, p.to.at); d < nearest {
			t.Errorf("pair %d: %.0f m apart, want at least %d", i, d, nearest)
		}
		kinds[p.from.kind]++
		for _, end := range []end{p.from, p.to} {
			on := slices.ContainsFunc(x.lines[street.Car], func(l line) bool {
				return l.kind == end.kind && lies(end.at, l.at)
			})
			if !on {
				t.Errorf("pair %d: %v is not on a road of its kind", i, end)
			}
		}
	}
	if len(pairs) < 400 || len(again) != len(pairs) || kinds[publicEnd] == 0 || kinds[driveEnd] == 0 || kinds[trackEnd] == 0 {
		t.Errorf("%d pairs, then %d, from ends %v: want at least 400, as many, and ends of each kind", len(pairs), len(again), kinds)
	}
}

// lies reports whether a point is between two neighbours of a line.
func lies(p geo.LonLat, line []geo.LonLat) bool {
	const margin = 0.01 // metres
	for i := 1; i < len(line); i++ {
		a, b := line[i-1], line[i]
		if geo.Distance(a, p)+geo.Distance(p, b) < geo.Distance(a, b)+margin {
			return true
		}
	}
	return false
}

func TestUsable(t *testing.T) {
	for _, c := range []struct {
		tags string
		want string // modes
	}{
		{"highway=residential", "car bike walk"},
		{"highway=motorway", ""},
		{"highway=trunk", ""},
		{"highway=service service=driveway access=private", "car bike walk"},
		{"highway=track motor_vehicle=agricultural;forestry", "bike walk"},
		{"highway=track motor_vehicle=agricultural;private", "car bike walk"},
		{"highway=track access=no foot=yes", "walk"},
		{"highway=footway bicycle=yes", "bike walk"},
		{"highway=footway", "walk"},
		{"highway=path sac_scale=demanding_mountain_hiking", ""},
		{"highway=secondary tunnel=yes", ""},
		{"highway=residential bridge=no", "car bike walk"},
	} {
		tags := map[string]string{}
		for _, tag := range strings.Fields(c.tags) {
			k, v, _ := strings.Cut(tag, "=")
			tags[k] = v
		}
		var got []string
		for _, m := range street.Modes {
			if usable(m, tags) {
				got = append(got, m.String())
			}
		}
		if got := strings.Join(got, " "); got != c.want {
			t.Errorf("%s: by %q, want %q", c.tags, got, c.want)
		}
	}
}

// A trip that is followed takes the way whose time was found, from one end to the other.
func TestTrace(t *testing.T) {
	n, x := streets(t, 10)
	pairs := draw(x, street.Walk, 50, rand.New(rand.NewPCG(3, 4)))
	tracer, followed := newTracer(n, street.Walk), 0
	for i, a := range trips(n, street.Walk, pairs) {
		if a.Reach != geo.Reached {
			continue // to the estate
		}
		way := tracer.trace(pairs[i], a.Cost)
		if way == nil {
			continue // both ends on one street
		}
		followed++
		const margin = 5 // seconds, metres: costs are rounded to the decisecond
		if got := way.metres / 5 * 3.6; math.Abs(got-seconds(a.Cost)) > margin {
			t.Errorf("%v: %.0f m at 5 km/h, %.0f s; the trip takes %.0f s", pairs[i], way.metres, got, seconds(a.Cost))
		}
		if got := length(way.shape); math.Abs(got-way.metres) > margin {
			t.Errorf("%v: a line of %.0f m, of a way of %.0f m", pairs[i], got, way.metres)
		}
		for k, want := range map[int]geo.LonLat{0: pairs[i].from.at, len(way.shape) - 1: pairs[i].to.at} {
			if d := geo.Distance(way.shape[k], want); d > margin {
				t.Errorf("%v: point %d is %.0f m from the end of the trip", pairs[i], k, d)
			}
		}
		if turnsRound(way.shape) != 0 {
			t.Errorf("%v: turns round", pairs[i])
		}
	}
	if followed < 30 {
		t.Errorf("%d trips of %d were followed, want at least 30", followed, len(pairs))
	}
}

func TestTurnsRound(t *testing.T) {
	a, b, c := geo.LonLat{Lon: 1}, geo.LonLat{Lon: 2}, geo.LonLat{Lon: 3}
	for _, w := range []struct {
		line []geo.LonLat
		want int
	}{{nil, 0}, {[]geo.LonLat{a, b}, 0}, {[]geo.LonLat{a, b, c}, 0}, {[]geo.LonLat{a, b, a}, 1}, {[]geo.LonLat{a, b, c, b, c}, 2}} {
		if got := turnsRound(w.line); got != w.want {
			t.Errorf("%v turns round %d times, want %d", w.line, got, w.want)
		}
	}
}

func TestHeads(t *testing.T) {
	at := func(lon float64) geo.LonLat { return geo.LonLat{Lon: lon} }
	shape := []geo.LonLat{at(0), at(0.01), at(0.03)}
	for _, w := range []struct {
		a, b float64
		want bool
	}{{0, 0.03, true}, {0.03, 0, false}, {0.011, 0.013, true}, {0.013, 0.011, false}, {0.001, 0.002, true}, {0.002, 0.001, false}} {
		if got := heads(shape, at(w.a), at(w.b)); got != w.want {
			t.Errorf("from %v to %v: along %v, want %v", w.a, w.b, got, w.want)
		}
	}
}

func TestCompare(t *testing.T) {
	pairs := make([]pair, 7)
	pairs[2].to.kind, pairs[6].from.kind = trackEnd, trackEnd
	reached := func(s geo.Cost) geo.Access { return geo.Access{Reach: geo.Reached, Cost: s * geo.Second} }
	ours := []geo.Access{reached(100), reached(124), reached(130), reached(50), {Reach: geo.NoPath}, {Reach: geo.NoPath}, reached(9)}
	theirs := []rivalTrip{{Seconds: 100}, {Seconds: 100}, {Seconds: 100}, {None: "no path"}, {Seconds: 9}, {None: "no path"}, {Seconds: 30, Edges: []rivalEdge{{Metres: 19, KMH: 2}, {Metres: 500, KMH: 3}, {Metres: 2, KMH: 2}}}}
	all := compare("x", street.Car, pairs, ours, theirs)
	o := all.counted()
	if len(o.both) != 3 || len(o.weOnly) != 1 || len(o.theyOnly) != 1 || len(o.neither) != 1 || o.alone() != 0.4 {
		t.Errorf("compare: %d both, %d we, %d they, %d neither, %v alone, want 3, 1, 1, 1, 0.4", len(o.both), len(o.weOnly), len(o.theyOnly), len(o.neither), o.alone())
	}
	if m := o.quantile(0.5); m != 1.24 {
		t.Errorf("median %v, want 1.24", m)
	}
	if w := o.within(); math.Abs(w-2.0/3) > 1e-9 || o.passes() {
		t.Errorf("within 25 %%: %v, passes %v, want 2/3, false", w, o.passes())
	}
	if worst := o.worst(1); len(worst) != 1 || worst[0].ratio != 1.3 {
		t.Errorf("the worst is %v, want the one of 1.3", worst)
	}
	var sizes []int
	for _, some := range all.apart() {
		sizes = append(sizes, len(some.both))
	}
	if !slices.Equal(sizes, []int{2, 0, 1, 1}) {
		t.Errorf("by ends: %v, want 2, 0, 1, 1", sizes)
	}
	if (outcome{}).passes() {
		t.Error("nothing compared passes")
	}
	if c := (compared{mode: street.Walk, theirs: rivalTrip{Edges: []rivalEdge{{Metres: 500, KMH: 2}}}}); c.crawls() {
		t.Error("a walker crawls")
	}
	o = compare("x", street.Car, pairs[:1], ours[:1], theirs[:1])
	if !o.passes() {
		t.Error("equal times do not pass")
	}
	for range 50 {
		o.theyOnly = append(o.theyOnly, compared{})
	}
	if o.passes() {
		t.Error("what Valhalla alone reaches passes")
	}
}

// Whoever puts an end far from its place has not made the trip.
func TestElsewhere(t *testing.T) {
	n, _ := streets(t, 3)
	at := func(lon, lat float64) end { return end{at: geo.LonLat{Lon: lon, Lat: lat}} }
	line := encode(geo.LonLat{}, geo.LonLat{Lon: 0.001}) // of Valhalla's
	for _, w := range []struct {
		pair
		we, they bool
	}{
		{pair{at(0, 0), at(0.001, 0)}, true, true},
		{pair{at(0, -0.0002), at(0.001, 0)}, true, true},
		{pair{at(0, -0.002), at(0.001, 0)}, false, false},
		{pair{at(0, 0), at(0.003, 0)}, true, false},
	} {
		theirs := []rivalTrip{{Seconds: 1, Shape: line}}
		refuse([]pair{w.pair}, theirs)
		ours := trips(n, street.Car, []pair{w.pair})
		if we, they := ours[0].Reach == geo.Reached, theirs[0].None == ""; we != w.we || they != w.they {
			t.Errorf("%v: ours %v, theirs %v, want %v, %v", w.pair, we, they, w.we, w.they)
		}
	}
}

// encode is the inverse of points.
func encode(line ...geo.LonLat) string {
	var text []byte
	last := [2]int64{}
	for _, p := range line {
		for axis, degrees := range [2]float64{p.Lat, p.Lon} {
			v := int64(math.Round(degrees * 1e6))
			d := v - last[axis]
			last[axis] = v
			bits := uint64(d<<1 ^ d>>63)
			for ; bits >= 0x20; bits >>= 5 {
				text = append(text, byte(0x20|bits&0x1f)+63)
			}
			text = append(text, byte(bits)+63)
		}
	}
	return string(text)
}

// The example of the format's description, with 6 decimals in the place of 5.
func TestPoints(t *testing.T) {
	got := points("_p~iF~ps|U_ulLnnqC_mqNvxq`@")
	want := []geo.LonLat{{Lon: -12.02, Lat: 3.85}, {Lon: -12.095, Lat: 4.07}, {Lon: -12.6453, Lat: 4.3252}}
	if len(got) != len(want) {
		t.Fatalf("points: %v, want %v", got, want)
	}
	for i := range got {
		if math.Abs(got[i].Lon-want[i].Lon) > 1e-9 || math.Abs(got[i].Lat-want[i].Lat) > 1e-9 {
			t.Errorf("point %d: %v, want %v", i, got[i], want[i])
		}
	}
}

func TestRunTellsWrongUse(t *testing.T) {
	var out, said bytes.Buffer
	if code := run([]string{"--pairs", "0"}, &out, &said); code != 2 || !strings.Contains(said.String(), "expected --valhalla") {
		t.Errorf("run: exit %d, said %q, want 2 and what is expected", code, said.String())
	}
}
