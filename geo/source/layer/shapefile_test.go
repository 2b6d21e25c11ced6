package layer

import (
	"math/rand/v2"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func TestSystemOfWKT(t *testing.T) {
	for wkt, want := range map[string]string{
		sourcetest.L93WKT:                                                "EPSG:2154",
		`PROJCS["RGF93 v1 / Lambert-93"]`:                                "EPSG:2154",
		`PROJCS["x",AUTHORITY["EPSG","3035"]]`:                           "EPSG:3035",
		`PROJCRS["RGF93 v2b / Lambert-93",ID["EPSG",9794]]`:              "EPSG:2154",
		`PROJCS["WGS_1984_Web_Mercator_Auxiliary_Sphere",GEOGCS["x"]]`:   "EPSG:3857",
		`PROJCS["ETRS_1989_LAEA",GEOGCS["GCS_ETRS_1989"]]`:               "EPSG:3035",
		`GEOGCS["GCS_WGS_1984",DATUM["D_WGS_1984"]]`:                     "EPSG:4326",
		`GEOGCS["RGF93",AUTHORITY["EPSG","4171"]]`:                       "EPSG:4326",
		`PROJCS["WGS_1984_UTM_Zone_31N",GEOGCS["GCS_WGS_1984"]]`:         "WGS_1984_UTM_Zone_31N",
		`PROJCS["x",GEOGCS["GCS_WGS_1984",AUTHORITY["EPSG","4326"]],U1]`: "x",
		"": "",
	} {
		if got := systemOfWKT(wkt); got != want {
			t.Errorf("systemOfWKT(%s) = %s, want %s", wkt, got, want)
		}
	}
}

// TestNest puts holes where they were drawn, whatever the order of the rings.
func TestNest(t *testing.T) {
	const seed = 3
	rnd := rand.New(rand.NewPCG(seed, 0))
	for range 200 {
		// A row of outlines, each with 0 to 3 holes, the first hole with an island.
		var rings []orb.Ring
		holes := map[orb.Point]int{}
		n := 1 + rnd.IntN(5)
		for i := range n {
			outer := sourcetest.Box(float64(200*i), 0, 100)
			rings = append(rings, outer)
			holes[outer[0]] = rnd.IntN(4)
			for h := range holes[outer[0]] {
				rings = append(rings, sourcetest.Reversed(sourcetest.Box(float64(200*i+5+30*h), 5, 20)))
			}
			if holes[outer[0]] > 0 {
				island := sourcetest.Box(float64(200*i+10), 10, 5)
				rings = append(rings, island)
				holes[island[0]] = 0
			}
		}
		rnd.Shuffle(len(rings), func(i, j int) { rings[i], rings[j] = rings[j], rings[i] })
		mp := nest(t.Context(), rings)
		if len(mp) != len(holes) {
			t.Fatalf("seed %d: %d polygons, want %d", seed, len(mp), len(holes))
		}
		for _, p := range mp {
			if want, ok := holes[p[0][0]]; !ok || len(p)-1 != want {
				t.Fatalf("seed %d: polygon at %v has %d holes, want %d", seed, p[0][0], len(p)-1, want)
			}
		}
	}
}
