package main

import (
	"bytes"
	"iter"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// streets are a lattice of streets 200 m apart, near the equator.
func streets(t *testing.T, blocks int) *road.Network {
	t.Helper()
	const step = 200 / 111_195.0 // degrees
	var all iter.Seq2[road.Way, error] = func(yield func(road.Way, error) bool) {
		id := int64(0)
		for k := range blocks + 1 {
			for _, east := range []bool{true, false} {
				id++
				w := road.Way{ID: id, Tags: map[string]string{"highway": "residential"}}
				for i := range blocks + 1 {
					x, y := i, k
					if !east {
						x, y = k, i
					}
					w.Nodes = append(w.Nodes, int64(1000*x+y))
					w.At = append(w.At, geo.LonLat{Lon: float64(x) * step, Lat: float64(y) * step})
				}
				if !yield(w, nil) {
					return
				}
			}
		}
	}
	n, err := road.Build(all)
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// The ends of a trip lie on roads, far enough from each other, and the same seed draws
// them again.
func TestDraw(t *testing.T) {
	n := streets(t, 20)
	draw := func() []pair { return draw(n, street.Car, 100, rand.New(rand.NewPCG(1, 2))) }
	pairs, again := draw(), draw()
	if len(pairs) < 100 {
		t.Fatalf("drew %d pairs, want at least 100", len(pairs))
	}
	for i, p := range pairs {
		if p != again[i] {
			t.Fatalf("pair %d: %v, then %v from the same seed", i, p, again[i])
		}
		if d := geo.Distance(p.from, p.to); d < nearest {
			t.Errorf("pair %d: %.0f m apart, want at least %d", i, d, nearest)
		}
		for _, end := range []geo.LonLat{p.from, p.to} {
			s, reach := n.Snap(street.Car, end)
			if reach != geo.Reached || geo.Distance(s.At, end) > 1 {
				t.Errorf("pair %d: %v is not on a road", i, end)
			}
		}
	}
}

// A trip that is followed takes the way whose time was found.
func TestTrace(t *testing.T) {
	n := streets(t, 10)
	pairs := draw(n, street.Walk, 50, rand.New(rand.NewPCG(3, 4)))
	for i, a := range trips(n, street.Walk, pairs) {
		way := trace(n, street.Walk, pairs[i])
		if way == nil {
			continue // both ends on one street
		}
		const margin = 5 // seconds: edges are rounded to the decisecond
		if seconds := way.metres / 5 * 3.6; math.Abs(seconds-float64(a.Cost)/10) > margin {
			t.Errorf("%v: %.0f m at 5 km/h, %.0f s; the trip takes %.0f s", pairs[i], way.metres, seconds, float64(a.Cost)/10)
		}
	}
}

func TestCompare(t *testing.T) {
	pairs := make([]pair, 6)
	reached := func(s geo.Cost) geo.Access { return geo.Access{Reach: geo.Reached, Cost: s * geo.Second} }
	ours := []geo.Access{reached(100), reached(124), reached(130), reached(50), {Reach: geo.NoPath}, {Reach: geo.NoPath}}
	theirs := []rivalTrip{{Seconds: 100}, {Seconds: 100}, {Seconds: 100}, {None: "no path"}, {Seconds: 9}, {None: "no path"}}
	o := compare("x", street.Car, pairs, ours, theirs)
	if len(o.both) != 3 || o.weOnly != 1 || o.theyOnly != 1 || o.neither != 1 {
		t.Errorf("compare: %d both, %d we, %d they, %d neither, want 3, 1, 1, 1", len(o.both), o.weOnly, o.theyOnly, o.neither)
	}
	if m := o.quantile(0.5); m != 1.24 {
		t.Errorf("median %v, want 1.24", m)
	}
	if w := o.within(); math.Abs(w-2.0/3) > 1e-9 || o.passes() {
		t.Errorf("within 25 %%: %v, passes %v, want 2/3, false", w, o.passes())
	}
	if (outcome{}).passes() {
		t.Error("nothing compared passes")
	}
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
