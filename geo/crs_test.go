package geo

import (
	"math"
	"math/rand/v2"
	"testing"
)

// centimetre is the tolerance of known positions, in metres.
const centimetre = 0.01

func TestCRSOfKnownPoints(t *testing.T) {
	for _, tt := range []struct {
		special string // where the numbers come from
		c       CRS
		p       LonLat
		x, y    float64
	}{
		{"Lambert-93: its origin, by definition", Lambert93, LonLat{3, 46.5}, 700_000, 6_600_000},
		{"Lambert-93: Laon, PROJ 9", Lambert93, LonLat{3.6244, 49.5639}, 745191.964087, 6940694.346770},
		{"Lambert-93: Paris, PROJ 9", Lambert93, LonLat{2.3522, 48.8566}, 652469.022709, 6862035.259420},
		{"Lambert-93: Bastia, PROJ 9", Lambert93, LonLat{9.45, 42.70}, 1228546.045316, 6199420.643975},
		{"Lambert-93: Brest, PROJ 9", Lambert93, LonLat{-4.486, 48.390}, 146636.139515, 6836217.364661},
		{"LAEA: its centre, by definition, where the formula divides by zero", LAEA, LonLat{10, 52}, 4_321_000, 3_210_000},
		{"LAEA: the example of EPSG guidance note 7-2", LAEA, LonLat{5, 50}, 3962799.45, 2999718.85},
		{"LAEA: Laon, PROJ 9", LAEA, LonLat{3.6244, 49.5639}, 3860357.463889, 2959009.324816},
		{"LAEA: Paris, PROJ 9", LAEA, LonLat{2.3522, 48.8566}, 3760771.864838, 2889484.801901},
		{"LAEA: corner of CRS3035RES200mN2029800E4252400, PROJ 9", LAEA, LonLat{9.18343939020237, 41.365796041637}, 4_252_400, 2_029_800},
		{"LAEA: corner of CRS3035RES1000mN2985000E3840000, PROJ 9", LAEA, LonLat{3.31181720510873, 49.7802986792287}, 3_840_000, 2_985_000},
		{"Web Mercator: Laon, PROJ 9", WebMercator, LonLat{3.6244, 49.5639}, 403466.362431, 6371090.763538},
		{"Web Mercator: Bastia, PROJ 9", WebMercator, LonLat{9.45, 42.70}, 1051969.187996, 5266419.697085},
		{"degrees stay as they are", WGS84, LonLat{3.6244, 49.5639}, 3.6244, 49.5639},
	} {
		x, y, err := tt.c.FromLonLat(tt.p)
		if err != nil || math.Hypot(x-tt.x, y-tt.y) > centimetre {
			t.Errorf("%s: FromLonLat(%v) = %.3f, %.3f, %v; want %.3f, %.3f", tt.special, tt.p, x, y, err, tt.x, tt.y)
		}
		p, err := tt.c.ToLonLat(tt.x, tt.y)
		if err != nil || Distance(p, tt.p) > centimetre {
			t.Errorf("%s: ToLonLat(%v, %v) = %v, %v; want %v, off by %v m", tt.special, tt.x, tt.y, p, err, tt.p, Distance(p, tt.p))
		}
	}
}

func TestCRSComesBack(t *testing.T) {
	const (
		seed   = 17
		within = 0.002 // metres; the series for latitudes of LAEA ends at e⁶
	)
	r := rand.New(rand.NewPCG(seed, 0))
	for _, c := range []CRS{WGS84, Lambert93, WebMercator, LAEA} {
		a := c.Area()
		for range 3000 {
			p := LonLat{a.Min.Lon + r.Float64()*(a.Max.Lon-a.Min.Lon), a.Min.Lat + r.Float64()*(a.Max.Lat-a.Min.Lat)}
			x, y, err := c.FromLonLat(p)
			if err != nil {
				t.Fatalf("seed %d: %s: FromLonLat(%v): %v", seed, c, p, err)
			}
			q, err := c.ToLonLat(x, y)
			if d := Distance(p, q); err != nil || d > within {
				t.Fatalf("seed %d: %s: %v came back as %v, %v m off, %v", seed, c, p, q, d, err)
			}
		}
	}
}

func TestCRSRefusesWhatIsOutside(t *testing.T) {
	for _, tt := range []struct {
		special string
		c       CRS
		x, y    float64
		want    string
	}{
		{"degrees given as Lambert-93", Lambert93, 3.6, 49.5, "position 3.6, 49.5: outside the area of EPSG:2154"},
		{"degrees given as LAEA", LAEA, 3.6, 49.5, "position 3.6, 49.5: outside the area of EPSG:3035"},
		{"Lambert-93 given as degrees", WGS84, 745191, 6940694, "position 745191, 6.940694e+06: looks like projected metres; expected degrees (EPSG:4326)"},
		{"x and y swapped", Lambert93, 6940694, 745191, "position 6.940694e+06, 745191: outside the area of EPSG:2154"},
		{"not a number", Lambert93, math.NaN(), 6.6e6, "position NaN, 6.6e+06: outside the area of EPSG:2154"},
		{"infinite", WebMercator, 0, math.Inf(1), "position 0, +Inf: outside the area of EPSG:3857"},
		{"beyond the pole of the web", WebMercator, 0, 2.4e7, "position 0, 2.4e+07: outside the area of EPSG:3857"},
		{"no system", 0, 3, 49, "position 3, 49: no reference system"},
	} {
		if _, err := tt.c.ToLonLat(tt.x, tt.y); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, err, tt.want)
		}
	}
	for _, tt := range []struct {
		special string
		c       CRS
		p       LonLat
		want    string
	}{
		{"Réunion in Lambert-93", Lambert93, LonLat{55.5, -21.1}, "position 55.5, -21.1: outside the area of EPSG:2154"},
		{"no position", LAEA, LonLat{3, 148}, "latitude 148: outside -90…90"},
		{"no system", 0, LonLat{3, 49}, "position 3, 49: no reference system"},
	} {
		if _, _, err := tt.c.FromLonLat(tt.p); err == nil || err.Error() != tt.want {
			t.Errorf("%s: got %v, want %s", tt.special, err, tt.want)
		}
	}
}

func TestParseCRS(t *testing.T) {
	for s, want := range map[string]CRS{
		"2154": Lambert93, "EPSG:2154": Lambert93, "epsg:3035": LAEA, "urn:ogc:def:crs:EPSG::3857": WebMercator,
		"urn:ogc:def:crs:OGC:1.3:CRS84": WGS84, "http://www.opengis.net/def/crs/EPSG/0/4326": WGS84, "crs84": WGS84,
		"EPSG:4171": WGS84, "EPSG:9794": Lambert93, "ESRI:102110": Lambert93, "900913": WebMercator,
	} {
		if got, err := ParseCRS(s); err != nil || got != want {
			t.Errorf("ParseCRS(%q) = %v, %v; want %v", s, got, err, want)
		}
	}
	for _, s := range []string{"", "EPSG:", "EPSG:14326", "Lambert-93", "2154.0"} {
		if got, err := ParseCRS(s); err == nil || got != 0 {
			t.Errorf("ParseCRS(%q) = %v; want an error", s, got)
		}
	}
}
