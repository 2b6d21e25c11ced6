package api

import (
	"bytes"
	"encoding/json"
	"fmt"
	"html"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/reply"
)

// Core: landing page, definition, conformance, HTTP and parameters.

func reqRootOp(t *testing.T, c *ogcClient) { c.get(t, "/ogc") }

func reqRootSuccess(t *testing.T, c *ogcClient) {
	landing := readJSON[struct{ Links ogcLinks }](t, c, "/ogc")
	bothFormats(t, c, landing.Links, "/ogc", ogc.TypeJSON)
	for rel, contentType := range map[string]string{"service-desc": ogc.TypeOpenAPI, "service-doc": ogc.TypeHTML, "conformance": ogc.TypeJSON, "data": ogc.TypeJSON,
		"http://www.opengis.net/def/rel/ogc/1.0/tiling-schemes": ogc.TypeJSON} {
		c.get(t, landing.Links.href(t, rel, contentType))
	}
}

// definition is the link to a definition of the interface, and what is behind it.
func (c *ogcClient) definition(t *testing.T, rel, contentType string) *httptest.ResponseRecorder {
	t.Helper()
	return c.get(t, readJSON[struct{ Links ogcLinks }](t, c, "/ogc").Links.href(t, rel, contentType))
}

func reqDefinitionOp(t *testing.T, c *ogcClient) {
	c.definition(t, "service-desc", ogc.TypeOpenAPI)
	c.definition(t, "service-doc", ogc.TypeHTML)
}

func reqDefinitionSuccess(t *testing.T, c *ogcClient) {
	rec := c.definition(t, "service-desc", ogc.TypeOpenAPI)
	if got := rec.Header().Get("Content-Type"); got != ogc.TypeOpenAPI || !json.Valid(rec.Body.Bytes()) {
		t.Errorf("the definition is sent as %q", got)
	}
	rec = c.definition(t, "service-doc", ogc.TypeHTML)
	if got := rec.Header().Get("Content-Type"); got != reply.TypeHTML || !strings.Contains(rec.Body.String(), itemsDoc) {
		t.Errorf("the documentation is sent as %q", got)
	}
	wellFormed(t, rec.Body.String())
}

func reqConformanceOp(t *testing.T, c *ogcClient) { c.get(t, "/ogc/conformance") }

func reqConformanceSuccess(t *testing.T, c *ogcClient) {
	declared := readJSON[struct{ ConformsTo []string }](t, c, "/ogc/conformance").ConformsTo
	if diff := cmp.Diff(ogc.Conformance, declared); diff != "" {
		t.Errorf("classes (-want +got):\n%s", diff)
	}
	for _, class := range []string{"features-1/1.0/conf/core", "features-1/1.0/conf/geojson", "features-1/1.0/conf/html", "features-1/1.0/conf/oas30", "features-2/1.0/conf/crs", "ogcapi-tiles-1/1.0/conf/core"} {
		if !strings.Contains(strings.Join(declared, " "), class) {
			t.Errorf("%s is not declared", class)
		}
	}
}

func reqHTTP(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		plain, head := c.get(t, target), do(c.s, http.MethodHead, target)
		for name, want := range plain.Header() {
			if got := head.Header()[name]; !slices.Equal(got, want) {
				t.Errorf("HEAD %s: %s is %q, GET has %q", target, name, got, want)
			}
		}
		if head.Code != http.StatusOK || head.Body.Len() > 0 {
			t.Errorf("HEAD %s = %d with %d bytes", target, head.Code, head.Body.Len())
		}
		for _, method := range []string{http.MethodPost, http.MethodPut, http.MethodDelete} {
			rec := do(c.s, method, target)
			if allow := rec.Header().Get("Allow"); rec.Code != http.StatusMethodNotAllowed || !strings.Contains(allow, http.MethodGet) || !strings.Contains(allow, http.MethodHead) {
				t.Errorf("%s %s = %d, Allow %q", method, target, rec.Code, allow)
			}
		}
	}
	for _, target := range []string{ogcAt + "/nulle-part", "/ogc/collections/..%2f..%2fetc", "/ogc/collections/nulle/items", "/ogc/collections/secteurs/tiles", "/ogc/collections/communes/tiles/WorldCRS84Quad"} {
		c.refused(t, target, http.StatusNotFound)
	}
	c.refused(t, ogcAt+"?filter="+strings.Repeat("a", 10<<20), http.StatusBadRequest)
	secure := httptest.NewTLSServer(c.s.handler)
	defer secure.Close()
	answer, err := secure.Client().Get(secure.URL + "/ogc")
	if err != nil {
		t.Fatal(err)
	}
	if err := answer.Body.Close(); err != nil || answer.StatusCode != http.StatusOK || !answer.ProtoAtLeast(1, 1) {
		t.Errorf("over TLS: %s %s %v", answer.Proto, answer.Status, err)
	}
}

func reqUnknownParameter(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		for _, query := range []string{"inconnu=1", "toto", "F=json", "LIMIT=3"} {
			c.refused(t, target+"?"+query, http.StatusBadRequest)
		}
		if !strings.HasSuffix(target, "/items") {
			c.refused(t, target+"?limit=3", http.StatusBadRequest)
		}
	}
}

func reqInvalidParameter(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		for _, query := range []string{"f=xml", "f=", "%zz"} {
			c.refused(t, target+"?"+query, http.StatusBadRequest)
		}
	}
	refuses("limit=0", "limit=-1", "limit=", "limit=a", "bbox=1,2,3", "bbox=1,2,3,a", "bbox=", "datetime=hier", "datetime=", "crs=EPSG:2154", "bbox-crs=x", "filter-crs=x", "filter-lang=x", "filter=((", "limit=1&limit=2")(t, c)
}

// refuses is that items of every collection are not given for these queries.
func refuses(queries ...string) func(t *testing.T, c *ogcClient) {
	return func(t *testing.T, c *ogcClient) {
		for _, collection := range c.collections(t) {
			for _, query := range queries {
				c.refused(t, itemsOf(collection.ID)+"?"+strings.NewReplacer(" ", "%20", ";", "%3B", "|", "%7C").Replace(query), http.StatusBadRequest)
			}
		}
	}
}

func reqNoBoolean(t *testing.T, c *ogcClient) {
	for doc, methods := range c.d.Paths {
		for _, p := range methods["get"].Parameters {
			if p = c.d.parameter(p); strings.HasPrefix(doc, "/ogc") && p.In == "query" && p.Schema.Type == "boolean" {
				t.Errorf("%s: the values of %s are to be tested", doc, p.Name)
			}
		}
	}
}

// reqNumbers is that spellings of one number are read as it, and others refused.
func reqNumbers(name string, same, wrong []string) func(t *testing.T, c *ogcClient) {
	return func(t *testing.T, c *ogcClient) {
		want := readJSON[ogcPageOfItems](t, c, ogcAt+"?"+name+"="+same[0]).ids()
		if len(want) == 0 {
			t.Errorf("%s=%s selects nothing", name, same[0])
		}
		for _, value := range same {
			if got := readJSON[ogcPageOfItems](t, c, ogcAt+"?"+name+"="+url.QueryEscape(value)).ids(); !slices.Equal(got, want) {
				t.Errorf("%s=%s: %v, want %v", name, value, got, want)
			}
		}
		for _, value := range wrong {
			c.refused(t, ogcAt+"?"+name+"="+url.QueryEscape(value), http.StatusBadRequest)
		}
	}
}

// parameter is how the definition describes a parameter, without the sentences for people.
func (c *ogcClient) parameter(t *testing.T, doc, name string) map[string]any {
	t.Helper()
	all := readJSON[struct {
		Paths      map[string]map[string]struct{ Parameters []map[string]any }
		Components struct{ Parameters map[string]map[string]any }
	}](t, c, "/openapi.json")
	for _, p := range all.Paths[doc]["get"].Parameters {
		if ref, ok := p["$ref"].(string); ok {
			p = all.Components.Parameters[path.Base(ref)]
		}
		if p["name"] == name {
			delete(p, "description")
			delete(p, "example")
			if p["required"] == nil {
				p["required"] = false
			}
			return p
		}
	}
	t.Errorf("%s: no parameter %s", doc, name)
	return nil
}

func reqParameter(doc, want string) func(t *testing.T, c *ogcClient) {
	return func(t *testing.T, c *ogcClient) {
		var as map[string]any
		if err := json.Unmarshal([]byte(want), &as); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(as, c.parameter(t, doc, as["name"].(string))); diff != "" {
			t.Errorf("%s (-want +got):\n%s", doc, diff)
		}
	}
}

// Collections.

func reqCollectionsOp(t *testing.T, c *ogcClient) { c.get(t, "/ogc/collections") }

func reqCollectionsSuccess(t *testing.T, c *ogcClient) {
	if got := c.get(t, "/ogc/collections").Header().Get("Content-Type"); got != ogc.TypeJSON { // its keys: see /openapi.json
		t.Errorf("Content-Type %q", got)
	}
}

func reqCollectionsLinks(t *testing.T, c *ogcClient) {
	bothFormats(t, c, readJSON[struct{ Links ogcLinks }](t, c, "/ogc/collections").Links, "/ogc/collections", ogc.TypeJSON)
}

func reqEveryCollection(t *testing.T, c *ogcClient) {
	division := c.e.Division
	want := map[string]int{"communes": len(division.Communes), "epci": len(division.EPCI), "cells": len(c.e.Grid.Cells), "lieux": -1, "zones_blanches": -1, "zones_a_verifier": -1, "secteurs": len(division.Secteurs)}
	for _, collection := range c.collections(t) {
		count, known := want[collection.ID]
		if matched := c.page(t, collection.ID, "").NumberMatched; !known || count >= 0 && matched != count || collection.ItemType != "feature" {
			t.Errorf("%s: %d matched, want %d", collection.ID, matched, count)
		}
		delete(want, collection.ID)
	}
	if len(want) > 0 {
		t.Errorf("no collection %v", want)
	}
}

func reqItemsLinks(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		for _, contentType := range []string{ogc.TypeGeoJSON, ogc.TypeHTML} {
			rec := c.get(t, collection.Links.href(t, "items", contentType))
			if got := rec.Header().Get("Content-Type"); !strings.HasPrefix(got, contentType) {
				t.Errorf("%s: %q behind a link of %s", collection.ID, got, contentType)
			}
		}
	}
}

func reqExtent(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		extent := collection.Extent
		if extent.Spatial.CRS != ogc.Systems[0].URI {
			t.Errorf("%s: extent in %s", collection.ID, extent.Spatial.CRS)
		}
		b := extent.Spatial.BBox[0]
		box := orb.Bound{Min: orb.Point{b[0], b[1]}, Max: orb.Point{b[2], b[3]}}.Pad(1e-7) // coordinates have seven decimals
		for id, g := range c.shapes(t, collection.ID, "") {
			if g != nil && (!box.Contains(g.Bound().Min) || !box.Contains(g.Bound().Max)) {
				t.Errorf("%s %s is outside %v", collection.ID, id, b)
			}
		}
		if extent.Temporal == nil || len(extent.Temporal.Interval) == 0 || extent.Temporal.Interval[0][0] == nil || !extent.Temporal.Interval[0][0].Equal(c.since) || extent.Temporal.Interval[0][1] != nil {
			t.Errorf("%s: temporal extent %+v, want since %s", collection.ID, extent.Temporal, c.since)
		}
	}
}

// reqExtentMulti: the first box and the first interval hold all (reqExtent), and there are
// no others.
func reqExtentMulti(t *testing.T, c *ogcClient) {
	reqExtent(t, c)
	for _, collection := range c.collections(t) {
		if extent := collection.Extent; len(extent.Spatial.BBox) != 1 || len(extent.Temporal.Interval) != 1 {
			t.Errorf("%s: extent %+v", collection.ID, extent)
		}
	}
}

func reqCollectionOp(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		self := collection.Links.href(t, "self", ogc.TypeJSON)
		c.get(t, self)
		wellFormed(t, c.get(t, self+"?f=html").Body.String())
	}
}

func reqCollectionSuccess(t *testing.T, c *ogcClient) {
	list := readJSON[struct{ Collections []any }](t, c, "/ogc/collections").Collections
	for i, collection := range c.collections(t) {
		if diff := cmp.Diff(list[i], readJSON[any](t, c, "/ogc/collections/"+collection.ID)); diff != "" {
			t.Errorf("%s (-in the list +alone):\n%s", collection.ID, diff)
		}
	}
}

func reqCollectionLinks(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		bothFormats(t, c, collection.Links, "/ogc/collections/"+collection.ID, ogc.TypeJSON)
	}
}

// Features.

func reqItemsOp(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		c.get(t, itemsOf(collection.ID))
	}
}

func reqLimitResponse(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		for query, most := range map[string]int{"": ogc.DefaultLimit, "?limit=1": 1, "?limit=3": 3, "?limit=10000": ogc.MaxLimit, "?limit=10001": ogc.MaxLimit} {
			if page := readJSON[ogcPageOfItems](t, c, itemsOf(collection.ID)+query); len(page.Features) != min(most, page.NumberMatched) {
				t.Errorf("%s%s: %d features of %d", collection.ID, query, len(page.Features), page.NumberMatched)
			}
		}
	}
}

// pages follows the links next of a collection, by pages of two.
func (c *ogcClient) pages(t *testing.T, collection string) (out []ogcPageOfItems) {
	t.Helper()
	for next := itemsOf(collection) + "?limit=2"; next != ""; {
		page := readJSON[ogcPageOfItems](t, c, next)
		out = append(out, page)
		if next = ""; len(page.Features) == 2 && 2*len(out) < page.NumberMatched {
			next = page.Links.href(t, "next", ogc.TypeGeoJSON)
		}
	}
	return out
}

func reqBBoxResponse(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		shapes := c.shapes(t, collection.ID, "")
		located := 0
		for _, g := range shapes {
			if g != nil {
				located++
			}
		}
		for query, want := range map[string]int{"bbox=-180,-90,180,90": located, "bbox=-180,-90,-1000,180,90,9000": located, "bbox=100,10,101,11": 0, "bbox=3,49,-170,50": located, "bbox=100,10,-170,11": 0} {
			page := c.page(t, collection.ID, query)
			if page.NumberMatched != want || page.Features == nil {
				t.Errorf("%s?%s: %d features, want %d", collection.ID, query, page.NumberMatched, want)
			}
		}
		// A box in the middle: what is given has bounds that meet it, what has a vertex in it
		// is given.
		b := collection.Extent.Spatial.BBox[0]
		at := func(a, b float64) float64 { return a + (b-a)*0.4 }
		box := orb.Bound{Min: orb.Point{at(b[0], b[2]), at(b[1], b[3])}, Max: orb.Point{at(b[2], b[0]), at(b[3], b[1])}}
		given := c.shapes(t, collection.ID, fmt.Sprintf("bbox=%g,%g,%g,%g", box.Min[0], box.Min[1], box.Max[0], box.Max[1]))
		for id, g := range shapes {
			_, isGiven := given[id]
			if isGiven && (g == nil || !g.Bound().Intersects(box.Pad(1e-7))) {
				t.Errorf("%s %s is given, and not in %v", collection.ID, id, box)
			}
			if !isGiven && g != nil && slices.ContainsFunc(vertices(g), box.Pad(-1e-7).Contains) {
				t.Errorf("%s %s is not given, and in %v", collection.ID, id, box)
			}
		}
	}
}

func vertices(g orb.Geometry) (out []orb.Point) {
	switch g := g.(type) {
	case orb.Point:
		return []orb.Point{g}
	case orb.Ring:
		return g
	case orb.Polygon:
		for _, ring := range g {
			out = append(out, ring...)
		}
	case orb.MultiPolygon:
		for _, polygon := range g {
			out = append(out, vertices(polygon)...)
		}
	}
	return out
}

func reqTimeResponse(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		all := c.page(t, collection.ID, "").NumberMatched
		for value, want := range map[string]int{
			"2026-03-01T12:00:00Z": all, "2027-01-01T00:00:00Z": all, "2026-02-28T23:59:59Z": 0, "2026-03-01T13:00:00+02:00": 0, "2000-01-01/..": all, "2000-01-01T00:00:00Z/": all,
			"../2026-02-28": 0, "/2026-02-28T00:00:00Z": 0, "2025-01-01/2026-12-31": all, "2025-01-01/2025-12-31": 0, "../2026-03-02T00:00:00Z": all,
		} {
			if got := c.page(t, collection.ID, "datetime="+url.QueryEscape(value)).NumberMatched; got != want {
				t.Errorf("%s?datetime=%s: %d, want %d", collection.ID, value, got, want)
			}
		}
		const world = "bbox=-180,-90,180,90"
		if got, want := c.page(t, collection.ID, world+"&datetime=2000-01-01/..").NumberMatched, c.page(t, collection.ID, world).NumberMatched; got != want {
			t.Errorf("%s: %d in the world since 2000, want %d", collection.ID, got, want)
		}
	}
}

// reqItemsResponse: the features are those that every parameter selects, as many as the page
// may have.
func reqItemsResponse(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		var ids []string
		for _, page := range c.pages(t, collection.ID) {
			if page.Type != "FeatureCollection" {
				t.Errorf("%s: type %q", collection.ID, page.Type)
			}
			ids = append(ids, page.ids()...)
		}
		if want := c.page(t, collection.ID, "").ids(); !slices.Equal(ids, want) {
			t.Errorf("%s: by pages of two %v, want %v", collection.ID, ids, want)
		}
		if slices.Sort(ids); len(slices.Compact(ids)) != len(ids) {
			t.Errorf("%s: an id twice in %v", collection.ID, ids)
		}
	}
	code := c.e.Division.Communes[1].Code
	for _, query := range []string{"code=" + code, "filter=" + url.QueryEscape("code = '"+code+"'")} {
		page := c.page(t, "communes", query)
		if page.NumberMatched != 1 || page.Features[0].Properties["code"] != code || page.Features[0].Properties["population_hab"] != float64(c.e.Division.Communes[1].Population) {
			t.Errorf("%s: %+v", query, page)
		}
		if outside := c.page(t, "communes", query+"&bbox=100,10,101,11"); outside.NumberMatched != 0 {
			t.Errorf("%s in Asia: %d", query, outside.NumberMatched)
		}
	}
}

func reqItemsPageLinks(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		pages := c.pages(t, collection.ID)
		for i, page := range pages {
			self := page.Links.href(t, "self", ogc.TypeGeoJSON)
			bothFormats(t, c, page.Links, self, ogc.TypeGeoJSON)
			if got := readJSON[ogcPageOfItems](t, c, self).ids(); !slices.Equal(got, page.ids()) {
				t.Errorf("%s is %v, want %v", self, got, page.ids())
			}
			hasNext := slices.ContainsFunc(page.Links, func(l ogc.Link) bool { return l.Rel == "next" })
			if hasNext != (i < len(pages)-1) {
				t.Errorf("%s: page %d of %d, next: %t", collection.ID, i+1, len(pages), hasNext)
			}
		}
	}
}

func reqRelType(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		for _, page := range c.pages(t, collection.ID) {
			for _, l := range page.Links {
				if l.Rel == "" || l.Type == "" {
					t.Errorf("%s: link %+v", collection.ID, l)
				}
			}
		}
	}
}

// reqTimeStamp: a reply is the same until another edition is served, so none has a time of
// its own; what has none cannot have a wrong one.
func reqTimeStamp(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		if page := readJSON[map[string]any](t, c, itemsOf(collection.ID)); page["timeStamp"] != nil {
			t.Errorf("%s: %v is to be held to the clock", collection.ID, page["timeStamp"])
		}
	}
}

func reqNumberMatched(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		pages := c.pages(t, collection.ID)
		count := 0
		for _, page := range pages {
			count += len(page.Features)
		}
		for _, page := range pages {
			if page.NumberMatched != count {
				t.Errorf("%s: %d matched, %d by pages", collection.ID, page.NumberMatched, count)
			}
		}
	}
}

func reqNumberReturned(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		for _, page := range append(c.pages(t, collection.ID), c.page(t, collection.ID, ""), c.page(t, collection.ID, "bbox=100,10,101,11")) {
			if page.NumberReturned != len(page.Features) {
				t.Errorf("%s: %d returned, %d features", collection.ID, page.NumberReturned, len(page.Features))
			}
		}
	}
}

// eachFeature gives every feature of every collection: its address, and as its page has it.
func (c *ogcClient) eachFeature(t *testing.T, do func(at, collection string, listed map[string]any)) {
	t.Helper()
	for _, collection := range c.collections(t) {
		for _, f := range readJSON[struct{ Features []map[string]any }](t, c, itemsOf(collection.ID)+"?limit=10000").Features {
			do(itemsOf(collection.ID)+"/"+url.PathEscape(f["id"].(string)), "/ogc/collections/"+collection.ID, f)
		}
	}
}

func reqItemOp(t *testing.T, c *ogcClient) {
	c.eachFeature(t, func(at, _ string, _ map[string]any) { c.get(t, at) })
}

func reqItemSuccess(t *testing.T, c *ogcClient) {
	c.eachFeature(t, func(at, _ string, listed map[string]any) {
		if got := c.get(t, at).Header().Get("Content-Type"); got != ogc.TypeGeoJSON {
			t.Errorf("%s: %s", at, got)
		}
		alone := readJSON[map[string]any](t, c, at)
		delete(alone, "links")
		if diff := cmp.Diff(listed, alone); diff != "" {
			t.Errorf("%s (-in its page +alone):\n%s", at, diff)
		}
	})
}

func reqItemLinks(t *testing.T, c *ogcClient) {
	c.eachFeature(t, func(at, collection string, _ map[string]any) {
		links := readJSON[ogcPageOfItems](t, c, at).Links
		bothFormats(t, c, links, at, ogc.TypeGeoJSON)
		if got := links.href(t, "collection", ogc.TypeJSON); got != collection {
			t.Errorf("%s is of %s", at, got)
		}
	})
}

// GeoJSON and HTML.

func reqGeoJSONDefinition(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		want := ogc.TypeJSON
		switch {
		case strings.Contains(target, "/items"):
			want = ogc.TypeGeoJSON
		case strings.HasSuffix(target, "/queryables"):
			want = ogc.TypeSchema
		}
		for _, accept := range []string{want, "application/json", ""} {
			if got := c.get(t, target, "Accept", accept).Header().Get("Content-Type"); got != want {
				t.Errorf("%s, Accept %q: %s, want %s", target, accept, got, want)
			}
		}
	}
}

// reqGeoJSONContent: what GeoJSON says (RFC 7946), of which rings that turn the right way: the
// outer counterclockwise, holes clockwise; and links in a member of that name.
func reqGeoJSONContent(t *testing.T, c *ogcClient) {
	polygons := 0
	for _, collection := range c.collections(t) {
		at := itemsOf(collection.ID)
		for id, g := range c.shapes(t, collection.ID, "") {
			var all orb.MultiPolygon
			switch g := g.(type) {
			case orb.Polygon:
				all = orb.MultiPolygon{g}
			case orb.MultiPolygon:
				all = g
			}
			for _, polygon := range all {
				polygons++
				for i, ring := range polygon {
					if want := map[bool]orb.Orientation{true: orb.CCW, false: orb.CW}[i == 0]; ring.Orientation() != want || !ring.Closed() {
						t.Errorf("%s %s: ring %d turns the other way, or is open", collection.ID, id, i)
					}
				}
			}
			f, err := geojson.UnmarshalFeature(c.get(t, at+"/"+url.PathEscape(id)).Body.Bytes())
			if err != nil || f.ID != id || !orb.Equal(f.Geometry, g) {
				t.Errorf("%s %s alone: %v", collection.ID, id, err)
			}
		}
		if page := readJSON[ogcPageOfItems](t, c, at); page.Type != "FeatureCollection" || len(page.Links) == 0 {
			t.Errorf("%s: type %q, %d links", at, page.Type, len(page.Links))
		}
	}
	if polygons == 0 {
		t.Error("no polygon at all")
	}
}

func reqHTMLDefinition(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		for _, rec := range []*httptest.ResponseRecorder{c.get(t, target, "Accept", "text/html"), c.get(t, target+"?f=html")} {
			if got := rec.Header().Get("Content-Type"); got != reply.TypeHTML {
				t.Errorf("%s as a page: %s", target, got)
			}
		}
	}
}

// reqHTMLContent: a page says every value of the same in JSON, and has its links.
func reqHTMLContent(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		page := c.get(t, target+"?f=html").Body.String()
		if !strings.HasPrefix(strings.ToLower(page), "<!doctype html>") {
			t.Errorf("%s: %.40s", target, page)
		}
		wellFormed(t, page)
		_, body, _ := strings.Cut(page, "<body")
		body = html.UnescapeString(body)
		var walk func(v any)
		walk = func(v any) {
			switch v := v.(type) {
			case map[string]any:
				if href, ok := v["href"].(string); ok && v["templated"] == nil && !strings.Contains(body, `<a href="`+href+`"`) {
					t.Errorf("%s: no link to %s in the page", target, href)
				}
				for _, inner := range v {
					walk(inner)
				}
			case []any:
				for _, inner := range v {
					walk(inner)
				}
			case nil:
			default:
				if !strings.Contains(body, fmt.Sprint(v)) {
					t.Errorf("%s: %v is not in the page", target, v)
				}
			}
		}
		var v any
		d := json.NewDecoder(bytes.NewReader(c.get(t, target).Body.Bytes()))
		d.UseNumber()
		if err := d.Decode(&v); err != nil {
			t.Fatal(err)
		}
		walk(v)
	}
}

// OpenAPI 3.0.

// reqDefinitionConforms holds the definition to the rules of OpenAPI 3.0 that its own readers
// do not: the version, references that lead somewhere, responses that are described, and
// parameters of paths that are those of the path, required.
func reqDefinitionConforms(t *testing.T, c *ogcClient) {
	document := readJSON[map[string]any](t, c, "/openapi.json")
	info, _ := document["info"].(map[string]any)
	if version, _ := document["openapi"].(string); !strings.HasPrefix(version, "3.0.") || info["title"] == nil || info["version"] == nil {
		t.Errorf("version %v, info %v", document["openapi"], info)
	}
	var walk func(at string, v any)
	walk = func(at string, v any) {
		switch v := v.(type) {
		case map[string]any:
			if ref, ok := v["$ref"].(string); ok {
				to := any(document)
				for _, key := range strings.Split(strings.TrimPrefix(ref, "#/"), "/") {
					to = to.(map[string]any)[key]
				}
				if to == nil {
					t.Errorf("%s: %s", at, ref)
				}
			}
			if v["nullable"] != nil && v["type"] == nil || v["type"] == "array" && v["items"] == nil {
				t.Errorf("%s: nullable without a type, or a list without items", at)
			}
			for key, inner := range v {
				walk(at+"/"+key, inner)
			}
		case []any:
			for i, inner := range v {
				walk(fmt.Sprint(at, "/", i), inner)
			}
		}
	}
	walk("", document)
	for doc, methods := range c.d.Paths {
		for method, o := range methods {
			var inPath []string
			for _, p := range o.Parameters {
				if p = c.d.parameter(p); p.In == "path" {
					inPath = append(inPath, "{"+p.Name+"}")
					if !p.Required {
						t.Errorf("%s %s: %s is in the path, and not required", method, doc, p.Name)
					}
				}
				if p.Name == "" || p.Schema == nil {
					t.Errorf("%s %s: parameter %+v", method, doc, p)
				}
			}
			named := anyVariable.FindAllString(doc, -1)
			slices.Sort(named)
			slices.Sort(inPath)
			if !slices.Equal(named, inPath) {
				t.Errorf("%s %s: parameters %v in the path, %v described", method, doc, named, inPath)
			}
			for code, r := range o.Responses {
				if c.d.response(r).Description == "" {
					t.Errorf("%s %s: %s without a description", method, doc, code)
				}
			}
			if len(o.Responses) == 0 {
				t.Errorf("%s %s: no response", method, doc)
			}
		}
	}
}

// reqDefinitionServed: what is defined under /ogc is served, and the reverse.
func reqDefinitionServed(t *testing.T, c *ogcClient) {
	served := map[string]bool{}
	for _, target := range c.resources(t) {
		c.get(t, target)
		served[c.doc(target)] = true
	}
	c.eachTileSet(t, func(_, _ string, set tileSetJSON) {
		target := set.address(t, maptile.New(130, 87, 8))
		c.do(t, target)
		served[c.doc(target)] = true
	})
	for doc := range c.d.Paths {
		if strings.HasPrefix(doc, "/ogc") && !served[doc] {
			t.Errorf("%s is not served", doc)
		}
	}
}

// reqDefinitionComplete: statuses and bodies are described, for whatever the client asks (see
// ogcClient), and for a reply that is already known.
func reqDefinitionComplete(t *testing.T, c *ogcClient) {
	for _, target := range c.resources(t) {
		rec := c.get(t, target)
		if known := do(c.s, http.MethodGet, target, "If-None-Match", rec.Header().Get("ETag")); known.Code != http.StatusNotModified {
			t.Errorf("%s again: %d", target, known.Code)
		}
		if c.d.Paths[c.doc(target)]["get"].Responses["304"].Ref == "" {
			t.Errorf("%s: 304 is not described", c.doc(target))
		}
	}
}

func reqExceptionCodes(t *testing.T, c *ogcClient) {
	empty := *c
	empty.s = New(Options{})
	for _, target := range c.resources(t) {
		c.refused(t, target+"?inconnu=1", http.StatusBadRequest)
		c.refused(t, target+"?f="+strings.Repeat("a", maxAddress), http.StatusBadRequest)
		empty.refused(t, target, http.StatusServiceUnavailable)
		responses := c.d.Paths[c.doc(target)]["get"].Responses
		if _, ok := responses["500"]; !ok {
			t.Errorf("%s: 500 is not described", target)
		}
		if strings.HasPrefix(target, "/ogc/collections/") {
			c.refused(t, strings.Replace(target, "/ogc/collections/", "/ogc/collections/nulle-", 1), http.StatusNotFound)
		}
	}
}

// reqSecurity: an operation that wants a token says by which scheme, and refuses who has none;
// those of /ogc are open.
func reqSecurity(t *testing.T, c *ogcClient) {
	schemes := readJSON[struct {
		Components struct {
			SecuritySchemes map[string]struct{ Type, Scheme string }
		}
	}](t, c, "/openapi.json").Components.SecuritySchemes
	for doc, methods := range c.d.Paths {
		for method, o := range methods {
			for _, by := range o.Security {
				for name := range by {
					if s := schemes[name]; s.Type != "http" || s.Scheme != "bearer" || strings.HasPrefix(doc, "/ogc") {
						t.Errorf("%s %s is secured by %q: %+v", method, doc, name, s)
					}
				}
			}
			_, told := o.Responses["401"]
			status := do(c.s, strings.ToUpper(method), anyVariable.ReplaceAllString(doc, "1")).Code
			if secured := o.Security != nil; told != secured || secured && status < 400 || !secured && status == http.StatusUnauthorized {
				t.Errorf("%s %s: %d without a token; secured: %t, 401 described: %t", method, doc, status, secured, told)
			}
		}
	}
}
