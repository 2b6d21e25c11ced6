package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

func TestLonLatCheckNamesWhatIsWrong(t *testing.T) {
	for name, tc := range map[string]struct {
		p    LonLat
		want string // empty: valid
	}{
		"Laon":                                {LonLat{3.6244, 49.5639}, ""},
		"corner of the world":                 {LonLat{-180, 90}, ""},
		"Lambert-93 metres passed as degrees": {LonLat{746_000, 6_940_000}, "position 746000, 6.94e+06: looks like projected metres; expected degrees (EPSG:4326)"},
		"latitude 148, which H3 accepts":      {LonLat{3, 148}, "latitude 148: outside -90…90"},
		"longitude beyond the antimeridian":   {LonLat{181, 0}, "longitude 181: outside -180…180"},
		"not a number":                        {LonLat{math.NaN(), 49}, "position NaN, 49: not a finite number"},
		"infinite":                            {LonLat{3, math.Inf(1)}, "position 3, +Inf: not a finite number"},
	} {
		got := ""
		if err := tc.p.Check(); err != nil {
			got = err.Error()
		}
		if got != tc.want {
			t.Errorf("%s: Check(%v) = %q, want %q", name, tc.p, got, tc.want)
		}
	}
}

func TestDistanceOfKnownPairs(t *testing.T) {
	// One degree of meridian on the sphere of mean radius: π R / 180.
	const degree = math.Pi * EarthRadius / 180
	for _, tc := range []struct {
		p, q LonLat
		want float64
	}{
		{LonLat{3, 49}, LonLat{3, 49}, 0},
		{LonLat{3, 49}, LonLat{3, 50}, degree},
		{LonLat{0, 0}, LonLat{1, 0}, degree},
		{LonLat{0, 0}, LonLat{180, 0}, 180 * degree},
	} {
		if got := Distance(tc.p, tc.q); math.Abs(got-tc.want) > 1e-3 {
			t.Errorf("Distance(%v, %v) = %v m, want %v", tc.p, tc.q, got, tc.want)
		}
	}
}

func TestPlaneKeepsLengthsAndComesBack(t *testing.T) {
	const seed = 11
	r := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		o := LonLat{r.Float64()*12 - 5, 41 + r.Float64()*10}
		plane := NewPlane(o)
		p := LonLat{o.Lon + (r.Float64()-0.5)*0.4, o.Lat + (r.Float64()-0.5)*0.4}
		x, y := plane.XY(p)
		if d := Distance(o, p); math.Abs(math.Hypot(x, y)-d) > 0.004*d {
			t.Fatalf("seed %d: plane at %v: length to %v = %v m, want %v within 0.4 %%", seed, o, p, math.Hypot(x, y), d)
		}
		if q := plane.LonLat(x, y); math.Abs(q.Lon-p.Lon) > 1e-12 || math.Abs(q.Lat-p.Lat) > 1e-12 {
			t.Fatalf("seed %d: plane at %v: %v came back as %v", seed, o, p, q)
		}
	}
}

func TestBounds(t *testing.T) {
	b := EmptyBounds()
	if !b.Empty() || b.Contains(LonLat{}) {
		t.Errorf("EmptyBounds() holds something: %v", b)
	}
	b = b.Extend(LonLat{3, 49}).Extend(LonLat{4, 48})
	if want := (Bounds{LonLat{3, 48}, LonLat{4, 49}}); b != want {
		t.Errorf("Extend gave %v, want %v", b, want)
	}
	if !b.Contains(LonLat{3, 49}) || b.Contains(LonLat{2.999, 49}) {
		t.Errorf("%v: borders belong to it, what is outside does not", b)
	}
}

func TestCutoffIsInclusive(t *testing.T) {
	limit := 15 * Minute
	for _, tc := range []struct {
		a    Access
		want bool
	}{
		{Access{Reached, limit}, true},
		{Access{Reached, limit + 1}, false},
		{Access{Reached, 0}, true},
		{Access{NoPath, 0}, false},
		{Access{NoRoadNearby, 0}, false},
		{Access{}, false},
	} {
		if got := tc.a.Within(limit); got != tc.want {
			t.Errorf("%v %v Within(15 min) = %v, want %v", tc.a.Reach, tc.a.Cost, got, tc.want)
		}
	}
}

func TestParseMode(t *testing.T) {
	for _, m := range Modes {
		if got, err := ParseMode(m.String()); err != nil || got != m {
			t.Errorf("ParseMode(%q) = %v, %v", m, got, err)
		}
	}
	if _, err := ParseMode("plane"); err == nil || err.Error() != `mode "plane": expected car, bike, walk or transit` {
		t.Errorf("ParseMode(plane): %v", err)
	}
}
