package api

import (
	"encoding/json"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/tiles"
)

// The tests are named after the requirements of OGC 17-069r4 (Features 1), 18-058r1
// (Features 2), 19-079r2 (Features 3) and 20-057 (Tiles 1) that they show.

type ogcLinks []ogc.Link

func (links ogcLinks) href(t *testing.T, rel, contentType string) string {
	t.Helper()
	for _, l := range links {
		if l.Rel == rel && (contentType == "" || l.Type == contentType) {
			return strings.TrimPrefix(l.Href, "http://example.com")
		}
	}
	t.Errorf("no link %q of type %q in %+v", rel, contentType, links)
	return ""
}

type ogcPageOfItems struct {
	Type                          string
	NumberMatched, NumberReturned int
	Links                         ogcLinks
	Features                      []struct {
		Type, ID   string
		Geometry   struct{ Coordinates json.RawMessage }
		Properties map[string]any
	}
}

const ogcAt = "/ogc/collections/communes/items"

func TestReqCoreLandingAndConformance(t *testing.T) {
	s, _ := serving(t, Options{})
	landing := getJSON[struct{ Links ogcLinks }](t, s, "/ogc")
	for rel, contentType := range map[string]string{"self": ogc.TypeJSON, "alternate": ogc.TypeHTML, "service-desc": ogc.TypeOpenAPI, "service-doc": ogc.TypeHTML,
		"conformance": ogc.TypeJSON, "data": ogc.TypeJSON, "http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes": ogc.TypeJSON} {
		get(t, s, landing.Links.href(t, rel, contentType))
	}
	conformance := getJSON[struct{ ConformsTo []string }](t, s, "/ogc/conformance").ConformsTo
	for _, class := range []string{"features-1/1.0/conf/core", "features-1/1.0/conf/geojson", "features-1/1.0/conf/html", "features-1/1.0/conf/oas30", "features-2/1.0/conf/crs", "ogcapi-tiles-1/1.0/conf/core"} {
		if !strings.Contains(strings.Join(conformance, " "), class) {
			t.Errorf("%s is not declared", class)
		}
	}
}

func TestReqCoreCollections(t *testing.T) {
	s, e := serving(t, Options{})
	list := getJSON[struct {
		Links       ogcLinks
		Collections []struct {
			ID    string
			CRS   []string
			Links ogcLinks
		}
	}](t, s, "/ogc/collections")
	list.Links.href(t, "self", ogc.TypeJSON)
	want := map[string]int{"communes": len(e.Division.Communes), "epci": len(e.Division.EPCI), "cells": len(e.Grid.Cells), "lieux": -1, "zones_blanches": -1, "secteurs": len(e.Division.Secteurs)}
	for _, c := range list.Collections {
		count, known := want[c.ID]
		if !known || len(c.CRS) != len(ogc.Systems) {
			t.Errorf("collection %+v", c)
		}
		delete(want, c.ID)
		page := getJSON[ogcPageOfItems](t, s, c.Links.href(t, "items", ogc.TypeGeoJSON)+"?limit=10000")
		if count >= 0 && page.NumberMatched != count || page.NumberReturned != len(page.Features) || page.Type != "FeatureCollection" {
			t.Errorf("%s: %d matched, %d returned, %d features, want %d", c.ID, page.NumberMatched, page.NumberReturned, len(page.Features), count)
		}
		self := c.Links.href(t, "self", ogc.TypeJSON)
		wellFormed(t, get(t, s, self+"?f=html").Body.String())
		for _, f := range page.Features {
			rec := do(s, http.MethodGet, self+"/items/"+url.PathEscape(f.ID))
			if rec.Code != http.StatusOK || rec.Header().Get("Content-Type") != ogc.TypeGeoJSON {
				t.Errorf("%s %s: %d %s", c.ID, f.ID, rec.Code, rec.Header().Get("Content-Type"))
			}
		}
	}
	if len(want) > 0 {
		t.Errorf("no collection %v", want)
	}
}

func TestReqCoreFcLimitAndLinksNext(t *testing.T) {
	s, e := serving(t, Options{})
	seen := map[string]bool{}
	for next, pages := ogcAt+"?limit=2", 0; next != "" && pages < 99; pages++ {
		page := getJSON[ogcPageOfItems](t, s, next)
		if len(page.Features) > 2 {
			t.Errorf("%s: %d features", next, len(page.Features))
		}
		for _, f := range page.Features {
			if seen[f.ID] {
				t.Errorf("%s twice", f.ID)
			}
			seen[f.ID] = true
		}
		next = ""
		if len(seen) < page.NumberMatched {
			next = page.Links.href(t, "next", ogc.TypeGeoJSON)
		}
	}
	if len(seen) != len(e.Division.Communes) {
		t.Errorf("%d communes by pages of 2, want %d", len(seen), len(e.Division.Communes))
	}
}

func TestReqCoreFcBboxAndTime(t *testing.T) {
	s, e := serving(t, Options{})
	all := getJSON[ogcPageOfItems](t, s, ogcAt+"?bbox=-180,-90,180,90&datetime=2000-01-01/..")
	none := getJSON[ogcPageOfItems](t, s, ogcAt+"?bbox=100,10,101,11")
	if all.NumberMatched != len(e.Division.Communes) || none.NumberMatched != 0 || none.Features == nil {
		t.Errorf("%d in the world, %d in Asia", all.NumberMatched, none.NumberMatched)
	}
}

func TestReqFeatures3FilterAndQueryables(t *testing.T) {
	s, e := serving(t, Options{})
	code := e.Division.Communes[1].Code
	for _, query := range []string{"code=" + code, "filter=" + url.QueryEscape("code = '"+code+"'")} {
		page := getJSON[ogcPageOfItems](t, s, ogcAt+"?"+query)
		if page.NumberMatched != 1 || page.Features[0].Properties["code"] != code || page.Features[0].Properties["population_hab"] != float64(e.Division.Communes[1].Population) {
			t.Errorf("%s: %+v", query, page)
		}
	}
	queryables := getJSON[struct {
		Properties map[string]struct {
			Type string `json:"type"`
			Unit string `json:"x-ogc-unit"`
		}
	}](t, s, "/ogc/collections/communes/queryables")
	if p := queryables.Properties["population_hab"]; p.Type != "integer" || p.Unit != "habitants" {
		t.Errorf("population_hab: %+v", p)
	}
}

func TestReqFeatures2CRS(t *testing.T) {
	s, _ := serving(t, Options{})
	at := func(crs string) (lon, lat float64) {
		rec := get(t, s, "/ogc/collections/lieux/items?limit=1&crs="+url.QueryEscape(crs))
		if got := rec.Header().Get("Content-Crs"); got != "<"+crs+">" {
			t.Errorf("Content-Crs %q, want %q", got, crs)
		}
		var page ogcPageOfItems
		var p [2]float64
		if err := json.Unmarshal(rec.Body.Bytes(), &page); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal(page.Features[0].Geometry.Coordinates, &p); err != nil {
			t.Fatal(err)
		}
		return p[0], p[1]
	}
	lon, lat := at(ogc.Systems[0].URI)
	if y, x := at(ogc.Systems[1].URI); x != lon || y != lat {
		t.Errorf("EPSG:4326 gives %g %g, want latitude %g and longitude %g", y, x, lat, lon)
	}
	for _, system := range ogc.Systems[2:] {
		x, y := at(system.URI)
		if back, err := system.System.ToLonLat(x, y); err != nil || max(back.Lon-lon, lon-back.Lon, back.Lat-lat, lat-back.Lat) > 1e-7 {
			t.Errorf("%s: %g %g is %v, want %g %g: %v", system.URI, x, y, back, lon, lat, err)
		}
	}
}

func TestReqTilesCoreTilesetAndTilesetsList(t *testing.T) {
	s, _ := serving(t, Options{})
	for collection, layer := range ogcTiles {
		sets := getJSON[struct{ Tilesets []struct{ Links ogcLinks } }](t, s, "/ogc/collections/"+collection+"/tiles")
		set := getJSON[struct {
			DataType string
			Links    ogcLinks
		}](t, s, sets.Tilesets[0].Links.href(t, "self", ogc.TypeJSON))
		item := strings.NewReplacer("{tileMatrix}", "8", "{tileCol}", "130", "{tileRow}", "87").Replace(set.Links.href(t, "item", ogc.TypeTile))
		if rec := do(s, http.MethodGet, item); rec.Code != http.StatusOK && rec.Code != http.StatusNoContent || item != "/tiles/"+layer+"/8/130/87.mvt" {
			t.Errorf("%s: %d", item, rec.Code)
		}
		matrices := getJSON[struct{ TileMatrices []struct{ MatrixWidth int } }](t, s, set.Links.href(t, "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", ogc.TypeJSON))
		if matrices.TileMatrices[8].MatrixWidth != 256 {
			t.Errorf("width of zoom 8: %+v", matrices.TileMatrices[8])
		}
		get(t, s, set.Links.href(t, "describedby", ogc.TypeJSON))
	}
}

// TestReqCoreQueryParamInvalidAndUnknown: what cannot be answered is refused with a sentence.
func TestReqCoreQueryParamInvalidAndUnknown(t *testing.T) {
	s, _ := serving(t, Options{})
	for target, want := range map[string]int{
		ogcAt + "?limit=0": 400, ogcAt + "?bbox=1,2,3": 400, ogcAt + "?crs=EPSG:2154": 400, ogcAt + "?inconnu=1": 400, ogcAt + "?filter=((": 400, ogcAt + "?%zz": 400, ogcAt + "?f=xml": 400,
		ogcAt + "/nulle-part": 404, "/ogc/collections/..%2f..%2fetc": 404, "/ogc/collections/nulle/items": 404, "/ogc/collections/secteurs/tiles": 404, "/ogc/collections/communes/tiles/WorldCRS84Quad": 404,
		"/ogc?limit=3": 400, "/ogc/collections?toto": 400, ogcAt + "?filter=" + strings.Repeat("a", 10<<20): 400,
	} {
		rec := do(s, http.MethodGet, target)
		var p problem
		if err := json.Unmarshal(rec.Body.Bytes(), &p); rec.Code != want || err != nil || !strings.HasSuffix(p.Detail, ".") {
			t.Errorf("%.60s: %d %v %q, want %d", target, rec.Code, err, p.Detail, want)
		}
	}
}

// TestOGCIsReadable: browsers get pages, programs JSON, and caches know that it depends.
func TestOGCIsReadable(t *testing.T) {
	s, _ := serving(t, Options{BasePath: "/maillage"})
	for accept, want := range map[string]string{"text/html,application/xhtml+xml,*/*": typeHTML, "application/json": typeJSON, "application/geo+json, text/html": ogc.TypeGeoJSON, "": ogc.TypeGeoJSON} {
		rec := get(t, s, "/maillage"+ogcAt, "Accept", accept)
		got := rec.Header().Get("Content-Type")
		if got != want && !(want == typeJSON && got == ogc.TypeGeoJSON) || !strings.Contains(fmt.Sprint(rec.Header()["Vary"]), "Accept ") && !strings.Contains(fmt.Sprint(rec.Header()["Vary"]), "[Accept") {
			t.Errorf("Accept %q: %s, Vary %v", accept, got, rec.Header()["Vary"])
		}
	}
	body := get(t, s, "/maillage"+ogcAt+"?limit=1&f=html").Body.String()
	wellFormed(t, body)
	if !strings.Contains(body, "/maillage/ogc/collections/communes/items?after=") {
		t.Error("no link to the next page")
	}
}

// TestReqGeoJSONRings: outer rings turn counterclockwise, holes clockwise (RFC 7946, 3.1.6).
func TestReqGeoJSONRings(t *testing.T) {
	s, _ := serving(t, Options{})
	polygons := 0
	for name := range ogcIDs {
		fc, err := geojson.UnmarshalFeatureCollection(get(t, s, "/ogc/collections/"+name+"/items?limit=10000").Body.Bytes())
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range fc.Features {
			var all orb.MultiPolygon
			switch g := f.Geometry.(type) {
			case orb.Polygon:
				all = orb.MultiPolygon{g}
			case orb.MultiPolygon:
				all = g
			}
			for _, polygon := range all {
				polygons++
				for i, ring := range polygon {
					if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; ring.Orientation() != want {
						t.Errorf("%s %v: ring %d turns the other way", name, f.ID, i)
					}
				}
			}
		}
	}
	if polygons == 0 {
		t.Error("no polygon at all")
	}
}

// TestGDALReadsEveryCollection with its driver of OGC API, and counts what is there.
func TestGDALReadsEveryCollection(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed (Debian: gdal-bin); the collections are not tried with GDAL")
	}
	s, _ := serving(t, Options{})
	server := httptest.NewServer(s.handler)
	defer server.Close()
	collections, err := s.current.Load().ogc()
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range collections {
		// -al reads every feature, by pages of two.
		out, err := exec.Command(ogrinfo, "-ro", "-al", "-oo", "PAGE_SIZE=2", "OAPIF:"+server.URL+"/ogc", c.Name).CombinedOutput()
		if err != nil || strings.Contains(string(out), "ERROR") || strings.Contains(string(out), "Warning") {
			t.Errorf("%s: %v\n%.2000s", c.Name, err, out)
		}
		if read := strings.Count(string(out), "\nOGRFeature("); read != c.Len() || !strings.Contains(string(out), fmt.Sprintf("Feature Count: %d\n", c.Len())) {
			t.Errorf("%s: %d features read, want %d:\n%.800s", c.Name, read, c.Len(), out)
		}
	}
}

// TestGDALReadsTiles: its driver of vector tiles finds in each layer the features that are
// in the tile.
func TestGDALReadsTiles(t *testing.T) {
	ogrinfo, err := exec.LookPath("ogrinfo")
	if err != nil {
		t.Skip("ogrinfo is not installed (Debian: gdal-bin); tiles are not tried with GDAL")
	}
	s, e := serving(t, Options{})
	center, n := e.Bounds.Center(), math.Exp2(tiles.MaxZoom)
	at := fmt.Sprintf("%d/%d/%d.mvt", tiles.MaxZoom, int(n*(center.Lon+180)/360), int(n*(1-math.Asinh(math.Tan(center.Lat*math.Pi/180))/math.Pi)/2))
	features := 0
	for _, l := range tiles.Layers() {
		body := do(s, http.MethodGet, "/tiles/"+l.Name+"/"+at).Body.Bytes()
		if len(body) == 0 {
			continue
		}
		layers, err := mvt.Unmarshal(body)
		if err != nil {
			t.Fatal(err)
		}
		file := filepath.Join(t.TempDir(), l.Name+".mvt")
		if err := os.WriteFile(file, body, 0o600); err != nil {
			t.Fatal(err)
		}
		out, err := exec.Command(ogrinfo, "-ro", "-so", "-al", "MVT:"+file).CombinedOutput()
		if err != nil {
			t.Errorf("%s: %v\n%s", l.Name, err, out)
		}
		for _, layer := range layers {
			features += len(layer.Features)
			if _, part, found := strings.Cut(string(out), "Layer name: "+layer.Name+"\n"); !found || !strings.Contains(part, fmt.Sprintf("Feature Count: %d\n", len(layer.Features))) {
				t.Errorf("%s: GDAL does not find %d features of %s:\n%s", l.Name, len(layer.Features), layer.Name, out)
			}
		}
	}
	if features == 0 {
		t.Error("nothing in the tile at the centre")
	}
}
