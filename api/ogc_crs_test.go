package api

import (
	"fmt"
	"math"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/geo"
)

// Reference systems.

func unknownSystems(parameter string) (queries []string) {
	for _, value := range []string{"", "EPSG:2154", "http://www.opengis.net/def/crs/EPSG/0/27572", ogc.Systems[0].URI + "/", "urn:ogc:def:crs:EPSG::4326"} {
		queries = append(queries, parameter+value)
	}
	return queries
}

func reqCRS84(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		shapes := c.shapes(t, collection.ID, "")
		if diff := cmp.Diff(c.shapes(t, collection.ID, "crs="+ogc.Systems[0].URI), shapes); diff != "" {
			t.Errorf("%s (-CRS84 +by default):\n%s", collection.ID, diff)
		}
		bounds := orb.Bound{Min: orb.Point{c.e.Bounds.Min.Lon, c.e.Bounds.Min.Lat}, Max: orb.Point{c.e.Bounds.Max.Lon, c.e.Bounds.Max.Lat}}.Pad(0.5)
		for id, g := range shapes {
			if g != nil && !bounds.Contains(g.Bound().Center()) {
				t.Errorf("%s %s is at %v: not longitude then latitude", collection.ID, id, g.Bound().Center())
			}
		}
	}
}

func reqCRSURI(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		for _, uri := range append(collection.CRS, collection.StorageCRS) {
			u, err := url.Parse(uri)
			if parts := strings.Split(strings.TrimPrefix(uri, "http://www.opengis.net/def/crs/"), "/"); err != nil || u.Scheme == "" || len(parts) != 3 {
				t.Errorf("%s: %q is not http://www.opengis.net/def/crs/{authority}/{version}/{code}", collection.ID, uri)
			}
		}
	}
}

func reqCRSList(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		if !slices.Contains(collection.CRS, "http://www.opengis.net/def/crs/OGC/1.3/CRS84") || len(collection.CRS) != len(ogc.Systems) {
			t.Errorf("%s: %v", collection.ID, collection.CRS)
		}
		for _, uri := range collection.CRS {
			c.get(t, itemsOf(collection.ID)+"?crs="+url.QueryEscape(uri))
		}
	}
}

func reqStorageCRS(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		if !slices.Contains(collection.CRS, collection.StorageCRS) {
			t.Errorf("%s: stored in %q, which is not of its list", collection.ID, collection.StorageCRS)
		}
	}
}

// reqCRSListGlobal: no collection points to the list of all, and that list holds for each.
func reqCRSListGlobal(t *testing.T, c *ogcClient) {
	global := readJSON[struct{ CRS []string }](t, c, "/ogc/collections").CRS
	for _, collection := range c.collections(t) {
		if slices.Contains(collection.CRS, "#/crs") || !slices.Equal(collection.CRS, global) {
			t.Errorf("%s: %v, all: %v", collection.ID, collection.CRS, global)
		}
	}
}

// written is a point of degrees as a system writes it.
func written(t *testing.T, system ogc.CRS, p orb.Point) orb.Point {
	t.Helper()
	x, y, err := system.System.FromLonLat(geo.LonLat{Lon: p[0], Lat: p[1]})
	if err != nil {
		t.Fatal(err)
	}
	if system.LatFirst {
		return orb.Point{y, x}
	}
	return orb.Point{x, y}
}

// reqBBoxCRS: a box around a feature selects it, whatever the system that it is written in.
func reqBBoxCRS(systems []ogc.CRS, parameter string) func(t *testing.T, c *ogcClient) {
	return func(t *testing.T, c *ogcClient) {
		for _, collection := range c.collections(t) {
			for id, g := range c.shapes(t, collection.ID, "") {
				if g == nil {
					continue
				}
				around := g.Bound().Pad(1e-3)
				for _, system := range systems {
					lo, hi := written(t, system, around.Min), written(t, system, around.Max)
					query := fmt.Sprintf("bbox=%f,%f,%f,%f", lo[0], lo[1], hi[0], hi[1])
					if parameter != "" {
						query += parameter + url.QueryEscape(system.URI)
					}
					if got := c.page(t, collection.ID, query); !slices.Contains(got.ids(), id) {
						t.Errorf("%s?%s has no %s", collection.ID, query, id)
					}
				}
				break
			}
		}
	}
}

func reqCRSDefinition(t *testing.T, c *ogcClient) {
	reqParameter(itemsDoc, crsParameter("crs"))(t, c)
	reqParameter(itemsDoc+"/{feature}", crsParameter("crs"))(t, c)
}

// reqCRSAction: every vertex of every feature in a system leads back to its place in degrees.
func reqCRSAction(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		degrees := c.shapes(t, collection.ID, "")
		for _, system := range ogc.Systems {
			for id, g := range c.shapes(t, collection.ID, "crs="+url.QueryEscape(system.URI)) {
				want := vertices(degrees[id])
				for i, p := range vertices(g) {
					if system.LatFirst {
						p[0], p[1] = p[1], p[0]
					}
					back, err := system.System.ToLonLat(p[0], p[1])
					if err != nil || max(math.Abs(back.Lon-want[i][0]), math.Abs(back.Lat-want[i][1])) > 2e-7 {
						t.Fatalf("%s %s in %s: %v is %v, want %v: %v", collection.ID, id, system.URI, p, back, want[i], err)
					}
				}
			}
		}
	}
}

// reqCRSGeoJSON: a feature in another system is GeoJSON still, whose geometry is in that
// system, and no member says so: the header does.
func reqCRSGeoJSON(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		for _, system := range ogc.Systems {
			query := "?limit=1&crs=" + url.QueryEscape(system.URI)
			if page := readJSON[map[string]any](t, c, itemsOf(collection.ID)+query); page["crs"] != nil || page["type"] != "FeatureCollection" {
				t.Errorf("%s%s: %v %v", collection.ID, query, page["type"], page["crs"])
			}
		}
	}
	for _, row := range []struct {
		system ogc.CRS
		inside orb.Bound
	}{
		{ogc.Systems[0], orb.Bound{Min: orb.Point{3, 49}, Max: orb.Point{4, 50}}},
		{ogc.Systems[1], orb.Bound{Min: orb.Point{49, 3}, Max: orb.Point{50, 4}}},
		{ogc.Systems[2], orb.Bound{Min: orb.Point{334000, 6.2e6}, Max: orb.Point{446000, 6.5e6}}},
		{ogc.Systems[3], orb.Bound{Min: orb.Point{7e5, 6.8e6}, Max: orb.Point{8e5, 7e6}}},
	} {
		for id, g := range c.shapes(t, "lieux", "crs="+url.QueryEscape(row.system.URI)) {
			if g != nil && !row.inside.Contains(g.(orb.Point)) {
				t.Errorf("%s in %s is at %v", id, row.system.URI, g)
			}
		}
	}
}

func reqCRSHeader(t *testing.T, c *ogcClient) {
	check := func(at, query string, system ogc.CRS) {
		if got := c.get(t, at+query).Header().Get("Content-Crs"); got != "<"+system.URI+">" {
			t.Errorf("%s%s: Content-Crs %q", at, query, got)
		}
	}
	for _, target := range c.resources(t) {
		if !strings.Contains(target, "/items") {
			continue
		}
		check(target, "", ogc.Systems[0])
		for _, system := range ogc.Systems {
			check(target, "?crs="+url.QueryEscape(system.URI), system)
			check(target, "?f=html&crs="+url.QueryEscape(system.URI), system)
		}
	}
}
