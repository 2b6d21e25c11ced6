package api

import (
	"encoding/json"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"path"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/api/collections"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// requirement is one of a standard: a test, or why it does not apply.
type requirement struct {
	id   string
	test func(t *testing.T, c *ogcClient)
	not  string
}

// requirements are those of every class that /ogc/conformance declares, in the order of the
// standards: OGC 19-072 (Common 1), 20-024 (Common 2), 17-069r4 (Features 1), 18-058r1
// (Features 2), 19-079r2 (Features 3), 21-065r2 (CQL2) and 20-057 (Tiles 1).
var requirements = map[string][]requirement{
	"ogcapi-common-1/1.0/conf/core": {
		{id: "req/core/http", test: reqHTTP},
		{id: "req/core/query-param-name-unknown", test: reqUnknownParameter},
		{id: "req/core/query-param-value-invalid", test: reqInvalidParameter},
		{id: "req/core/query-param-list-delimiter", test: refuses("bbox=3.4 49.5 3.6 49.6", "bbox=3.4;49.5;3.6;49.6", "bbox=3.4|49.5|3.6|49.6")},
		{id: "req/core/query-param-list-escape", not: "the only list is bbox, of numbers, which hold no space and no comma"},
		{id: "req/core/query-param-list-empty", test: refuses("bbox=,49.5,3.6,49.6", "bbox=3.4,,3.6,49.6", "bbox=3.4,49.5,3.6,")},
		{id: "req/core/query-param-value-boolean", test: reqNoBoolean},
		{id: "req/core/query-param-value-integer", test: reqNumbers("limit", []string{"2", "02", "+2"}, []string{"2.0", "2e0", "deux", "-2", ""})},
		{id: "req/core/query-param-value-decimal", test: reqNumbers("population_hab", []string{"517", "517.0", "+517.00"}, []string{"517,0", "5 17", "0.517.0"})},
		{id: "req/core/query-param-value-double", test: reqNumbers("population_hab", []string{"5.17e2", "517e0", "5170E-1"}, []string{"5.17e", "5.17e2.0", "e2"})},
	},
	"ogcapi-common-2/1.0/conf/collections": {
		{id: "req/collections/collections-list-op", test: reqCollectionsOp},
		{id: "req/collections/collections-list-success", test: reqCollectionsSuccess},
		{id: "req/collections/collections-list-links", test: reqCollectionsLinks},
		{id: "req/collections/collections-list-collections", test: reqEveryCollection},
		{id: "req/collections/description-op", test: reqCollectionOp},
		{id: "req/collections/description-success", test: reqCollectionSuccess},
		{id: "req/collections/description-links", test: reqCollectionLinks},
		{id: "req/collections/description-extent", test: reqExtent},
		{id: "req/collections/description-extent-multi", test: reqExtentMulti},
	},
	"ogcapi-features-1/1.0/conf/core": {
		{id: "req/core/root-op", test: reqRootOp},
		{id: "req/core/root-success", test: reqRootSuccess},
		{id: "req/core/api-definition-op", test: reqDefinitionOp},
		{id: "req/core/api-definition-success", test: reqDefinitionSuccess},
		{id: "req/core/conformance-op", test: reqConformanceOp},
		{id: "req/core/conformance-success", test: reqConformanceSuccess},
		{id: "req/core/http", test: reqHTTP},
		{id: "req/core/query-param-unknown", test: reqUnknownParameter},
		{id: "req/core/query-param-invalid", test: reqInvalidParameter},
		{id: "req/core/crs84", test: reqCRS84},
		{id: "req/core/fc-md-op", test: reqCollectionsOp},
		{id: "req/core/fc-md-success", test: reqCollectionsSuccess},
		{id: "req/core/fc-md-links", test: reqCollectionsLinks},
		{id: "req/core/fc-md-items", test: reqEveryCollection},
		{id: "req/core/fc-md-items-links", test: reqItemsLinks},
		{id: "req/core/fc-md-extent", test: reqExtent},
		{id: "req/core/sfc-md-op", test: reqCollectionOp},
		{id: "req/core/sfc-md-success", test: reqCollectionSuccess},
		{id: "req/core/fc-op", test: reqItemsOp},
		{id: "req/core/fc-limit-definition", test: reqParameter(itemsDoc, `{"name": "limit", "in": "query", "required": false, "schema": {"type": "integer", "minimum": 1, "maximum": 10000, "default": 10}, "style": "form", "explode": false}`)},
		{id: "req/core/fc-limit-response-1", test: reqLimitResponse},
		{id: "req/core/fc-bbox-definition", test: reqParameter(itemsDoc, `{"name": "bbox", "in": "query", "required": false, "schema": {"type": "array", "oneOf": [{"minItems": 4, "maxItems": 4}, {"minItems": 6, "maxItems": 6}], "items": {"type": "number"}}, "style": "form", "explode": false}`)},
		{id: "req/core/fc-bbox-response", test: reqBBoxResponse},
		{id: "req/core/fc-time-definition", test: reqParameter(itemsDoc, `{"name": "datetime", "in": "query", "required": false, "schema": {"type": "string"}, "style": "form", "explode": false}`)},
		{id: "req/core/fc-time-response", test: reqTimeResponse},
		{id: "req/core/fc-response", test: reqItemsResponse},
		{id: "req/core/fc-links", test: reqItemsPageLinks},
		{id: "req/core/fc-rel-type", test: reqRelType},
		{id: "req/core/fc-timeStamp", test: reqTimeStamp},
		{id: "req/core/fc-numberMatched", test: reqNumberMatched},
		{id: "req/core/fc-numberReturned", test: reqNumberReturned},
		{id: "req/core/f-op", test: reqItemOp},
		{id: "req/core/f-success", test: reqItemSuccess},
		{id: "req/core/f-links", test: reqItemLinks},
	},
	"ogcapi-features-1/1.0/conf/geojson": {
		{id: "req/geojson/definition", test: reqGeoJSONDefinition},
		{id: "req/geojson/content", test: reqGeoJSONContent},
	},
	"ogcapi-features-1/1.0/conf/html": {
		{id: "req/html/definition", test: reqHTMLDefinition},
		{id: "req/html/content", test: reqHTMLContent},
	},
	"ogcapi-features-1/1.0/conf/oas30": {
		{id: "req/oas30/oas-definition-1", test: reqDefinitionSuccess},
		{id: "req/oas30/oas-definition-2", test: reqDefinitionConforms},
		{id: "req/oas30/oas-impl", test: reqDefinitionServed},
		{id: "req/oas30/completeness", test: reqDefinitionComplete},
		{id: "req/oas30/exception-codes", test: reqExceptionCodes},
		{id: "req/oas30/security", test: reqSecurity},
	},
	"ogcapi-features-2/1.0/conf/crs": {
		{id: "req/crs/crs-uri", test: reqCRSURI},
		{id: "req/crs/fc-md-crs-list", test: reqCRSList},
		{id: "req/crs/fc-md-storageCrs", test: reqStorageCRS},
		{id: "req/crs/fc-md-storageCrs-valid-value", test: reqStorageCRS},
		{id: "req/crs/fc-md-crs-list-global", test: reqCRSListGlobal},
		{id: "req/crs/fc-bbox-crs-definition", test: reqParameter(itemsDoc, crsParameter("bbox-crs"))},
		{id: "req/crs/fc-bbox-crs-valid-value", test: refuses(unknownSystems("bbox=3.4,49.5,3.6,49.6&bbox-crs=")...)},
		{id: "req/crs/fc-bbox-crs-valid-defaultValue", test: reqBBoxCRS(ogc.Systems[:1], "")},
		{id: "req/crs/fc-bbox-crs-action", test: reqBBoxCRS(ogc.Systems, "&bbox-crs=")},
		{id: "req/crs/fc-crs-definition", test: reqCRSDefinition},
		{id: "req/crs/fc-crs-valid-value", test: refuses(unknownSystems("crs=")...)},
		{id: "req/crs/fc-crs-default-value", test: reqCRS84},
		{id: "req/crs/fc-crs-action", test: reqCRSAction},
		{id: "req/crs/geojson", test: reqCRSGeoJSON},
		{id: "req/crs/ogc-crs-header", test: reqCRSHeader},
		{id: "req/crs/ogc-crs-header-value", test: reqCRSHeader},
	},
	"ogcapi-features-3/1.0/conf/queryables": {
		{id: "req/queryables/queryables-link", test: reqQueryablesLink},
		{id: "req/queryables/get-queryables-op", test: reqQueryablesOp},
		{id: "req/queryables/get-queryables-response", test: reqQueryablesResponse},
	},
	"ogcapi-features-3/1.0/conf/queryables-query-parameters": {
		{id: "req/queryables-query-parameters/parameters", test: reqQueryablesParameters},
	},
	"ogcapi-features-3/1.0/conf/filter": {
		{id: "req/filter/filter-param", test: reqParameter(itemsDoc, filterParameter)},
		{id: "req/filter/filter-lang-param", test: reqFilterLang},
		{id: "req/filter/filter-crs-wgs84", not: "no class of spatial functions is declared: a filter holds no geometry"},
		{id: "req/filter/filter-crs-param", test: reqFilterCRS},
		{id: "req/filter/mixing-expressions", test: reqMixing},
		{id: "req/filter/get-functions-operation", not: "the class Functions is not declared"},
		{id: "req/filter/get-functions-response-json", not: "the class Functions is not declared"},
		{id: "req/filter/response", test: reqFilterResponse},
	},
	"ogcapi-features-3/1.0/conf/features-filter": {
		{id: "req/features-filter/get-queryables-op", test: reqQueryablesOp},
		{id: "req/features-filter/queryables-link", test: reqQueryablesLink},
		{id: "req/features-filter/filter-param", test: reqParameter(itemsDoc, filterParameter)},
		{id: "req/features-filter/filter-lang-param", test: reqFilterLang},
		{id: "req/features-filter/filter-crs-param", test: reqFilterCRS},
		{id: "req/features-filter/response", test: reqFilterResponse},
	},
	"cql2/1.0/conf/cql2-text": {
		{id: "req/cql2-text/basic-cql2", test: reqCQL2Text},
		{id: "req/cql2-text/escaping", test: reqEscaping},
		{id: "req/cql2-text/advanced-comparison-operators", test: reqCQL2TextAdvanced},
		{id: "req/cql2-text/case-insensitive-comparison", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/accent-insensitive-comparison", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/basic-spatial-functions", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/basic-spatial-functions-plus", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/spatial-functions", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/temporal-functions", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/array-functions", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/property-property", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/functions", not: "conditional: the class is not declared"},
		{id: "req/cql2-text/arithmetic", not: "conditional: the class is not declared"},
	},
	"cql2/1.0/conf/basic-cql2": {
		{id: "req/basic-cql2/cql2-filter", test: reqCQL2Filter},
		{id: "req/basic-cql2/property", test: reqCQL2Property},
		{id: "req/basic-cql2/binary-comparison-predicate", test: reqCQL2Comparison},
		{id: "req/basic-cql2/null-predicate", test: reqCQL2Null},
	},
	"cql2/1.0/conf/advanced-comparison-operators": {
		{id: "req/advanced-comparison-operators/like-predicate", test: reqCQL2Like},
		{id: "req/advanced-comparison-operators/between-predicate", test: reqCQL2Between},
		{id: "req/advanced-comparison-operators/in-predicate", test: reqCQL2In},
	},
	"ogcapi-tiles-1/1.0/conf/core": {
		{id: "req/core/conformance-success", test: reqConformanceSuccess},
		{id: "req/core/tc-op", test: reqTileOp},
		{id: "req/core/tc-tilematrix-definition", test: reqParameter(ogcTileDoc, `{"name": "tileMatrix", "in": "path", "required": true, "schema": {"type": "string"}}`)},
		{id: "req/core/tc-tilerow-definition", test: reqParameter(ogcTileDoc, `{"name": "tileRow", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 0}}`)},
		{id: "req/core/tc-tilecol-definition", test: reqParameter(ogcTileDoc, `{"name": "tileCol", "in": "path", "required": true, "schema": {"type": "integer", "minimum": 0}}`)},
		{id: "req/core/tc-success", test: reqTileSuccess},
		{id: "req/core/tc-error", test: reqTileError},
	},
	"ogcapi-tiles-1/1.0/conf/tileset": {
		{id: "req/tileset/description", test: reqTileSet},
	},
	"ogcapi-tiles-1/1.0/conf/tilesets-list": {
		{id: "req/tilesets-list/tileset-path", test: reqTileSetsPath},
		{id: "req/tilesets-list/tileset-links", test: reqTileSetsLinks},
	},
	"ogcapi-tiles-1/1.0/conf/mvt": {
		{id: "req/mvt/content", test: reqMVT},
	},
}

// TestRequirements runs the requirements of every class that is declared: a class without its
// requirements, or requirements of a class that is not declared, are failures.
func TestRequirements(t *testing.T) {
	c := newOGCClient(t)
	listed := maps.Clone(requirements)
	for _, uri := range ogc.Conformance {
		class := strings.TrimPrefix(uri, "http://www.opengis.net/spec/")
		list := listed[class]
		delete(listed, class)
		if len(list) == 0 {
			t.Errorf("%s is declared, and its requirements are not tested", uri)
		}
		prefix, seen := "req/"+path.Base(class)+"/", map[string]bool{}
		t.Run(class, func(t *testing.T) {
			for _, r := range list {
				if (r.test == nil) == (r.not == "") || !strings.HasPrefix(r.id, prefix) || seen[r.id] {
					t.Errorf("%s: want an own name of the class, and either a test or why it does not apply", r.id)
				}
				seen[r.id] = true
				t.Run(r.id, func(t *testing.T) {
					if r.not != "" {
						t.Skip("does not apply: " + r.not)
					}
					r.test(t, c)
				})
			}
		})
	}
	for class := range listed {
		t.Errorf("%s is tested, and not declared", class)
	}
}

const (
	itemsDoc = "/ogc/collections/{collection}/items"

	filterParameter = `{"name": "filter", "in": "query", "required": false, "schema": {"type": "string"}, "style": "form", "explode": false}`
)

func crsParameter(name string) string {
	return `{"name": "` + name + `", "in": "query", "required": false, "schema": {"type": "string", "format": "uri", "default": "` + ogc.Systems[0].URI + `"}, "style": "form", "explode": false}`
}

// anyVariable is one in a path.
var anyVariable = regexp.MustCompile(`\{\w+\}`)

// ogcClient asks a server whose edition a store dates, and holds every reply to what
// /openapi.json says of it.
type ogcClient struct {
	s     *Server
	e     *edition.Edition
	d     *spec
	since time.Time
}

func newOGCClient(t *testing.T) *ogcClient {
	t.Helper()
	d := &drawer{}
	s, e := serving(t, Options{Desk: d})
	since := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	d.editions = []desk.EditionInfo{{ID: e.ID, Created: since.Format(time.RFC3339)}}
	d.keep(t, e.Record(), since.Format(time.RFC3339))
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return &ogcClient{s, e, described(t), since}
}

// doc is the path that describes an address: of those that match, the one with fewest
// variables.
func (c *ogcClient) doc(target string) string {
	target, _, _ = strings.Cut(target, "?")
	best, fewest := "", math.MaxInt
	for doc := range c.d.Paths {
		pattern := anyVariable.ReplaceAllString(doc, "*")
		if ok, err := path.Match(pattern, target); err == nil && ok && strings.Count(pattern, "*") < fewest {
			best, fewest = doc, strings.Count(pattern, "*")
		}
	}
	return best
}

func (c *ogcClient) do(t *testing.T, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	rec := do(c.s, http.MethodGet, target, headers...)
	if doc := c.doc(target); doc != "" || rec.Code != http.StatusNotFound {
		c.d.described(t, doc, rec)
	}
	return rec
}

func (c *ogcClient) get(t *testing.T, target string, headers ...string) *httptest.ResponseRecorder {
	t.Helper()
	rec := c.do(t, target, headers...)
	if rec.Code != http.StatusOK {
		t.Fatalf("GET %s = %d %s; want 200", target, rec.Code, rec.Body)
	}
	return rec
}

func readJSON[T any](t *testing.T, c *ogcClient, target string) (out T) {
	t.Helper()
	if err := json.Unmarshal(c.get(t, target).Body.Bytes(), &out); err != nil {
		t.Fatalf("GET %s: %v", target, err)
	}
	return out
}

// refused wants a status, and a sentence that says why.
func (c *ogcClient) refused(t *testing.T, target string, status int) {
	t.Helper()
	rec := c.do(t, target)
	var p problem.Details
	if err := json.Unmarshal(rec.Body.Bytes(), &p); rec.Code != status || err != nil || !strings.HasSuffix(p.Detail, ".") {
		t.Errorf("%.80s: %d %v %q, want %d", target, rec.Code, err, p.Detail, status)
	}
}

type ogcCollectionJSON struct {
	ID, Title, ItemType, StorageCRS string
	CRS                             []string
	Extent                          struct {
		Spatial struct {
			BBox [][]float64
			CRS  string
		}
		Temporal *struct{ Interval [][]*time.Time }
	}
	Links ogcLinks
}

func (c *ogcClient) collections(t *testing.T) []ogcCollectionJSON {
	t.Helper()
	list := readJSON[struct{ Collections []ogcCollectionJSON }](t, c, "/ogc/collections").Collections
	if len(list) == 0 {
		t.Fatal("no collections")
	}
	return list
}

func itemsOf(collection string) string { return "/ogc/collections/" + collection + "/items" }

// page asks for all features of a collection that answer a query.
func (c *ogcClient) page(t *testing.T, collection, query string) ogcPageOfItems {
	t.Helper()
	return readJSON[ogcPageOfItems](t, c, itemsOf(collection)+"?limit=10000&"+query)
}

// selected are the ids of those that a filter selects.
func (c *ogcClient) selected(t *testing.T, collection, filter string) []string {
	t.Helper()
	return c.page(t, collection, "filter="+url.QueryEscape(filter)).ids()
}

func (p ogcPageOfItems) ids() []string {
	out := []string{}
	for _, f := range p.Features {
		out = append(out, f.ID)
	}
	return out
}

// shapes are the geometries of a collection in a system, by id; nil where there is none.
func (c *ogcClient) shapes(t *testing.T, collection, query string) map[string]orb.Geometry {
	t.Helper()
	fc, err := geojson.UnmarshalFeatureCollection(c.get(t, itemsOf(collection)+"?limit=10000&"+query).Body.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	out := map[string]orb.Geometry{}
	for _, f := range fc.Features {
		out[f.ID.(string)] = f.Geometry
	}
	return out
}

// resources are one address of every kind, and of every collection where a path names one.
func (c *ogcClient) resources(t *testing.T) []string {
	t.Helper()
	var out []string
	for _, resource := range collections.Resources() {
		at := "/ogc" + resource.Doc
		if !strings.Contains(at, "{collection}") {
			out = append(out, at)
			continue
		}
		for _, collection := range c.collections(t) {
			if strings.Contains(at, "/tiles") && collections.Layers[collection.ID] == "" {
				continue
			}
			features := c.page(t, collection.ID, "").Features
			if len(features) == 0 && strings.Contains(at, "{feature}") {
				continue // nothing to verify here
			}
			feature := ""
			if len(features) > 0 {
				feature = features[0].ID
			}
			out = append(out, strings.NewReplacer("{collection}", collection.ID, "{feature}", url.PathEscape(feature)).Replace(at))
		}
	}
	return out
}

type queryable struct{ Type, Format, Unit string }

func (c *ogcClient) queryables(t *testing.T, collection string) map[string]queryable {
	t.Helper()
	out := map[string]queryable{}
	for name, q := range readJSON[struct {
		Properties map[string]struct {
			Type, Format string
			Unit         string `json:"x-ogc-unit"`
		}
	}](t, c, "/ogc/collections/"+collection+"/queryables").Properties {
		out[name] = queryable{q.Type, q.Format, q.Unit}
	}
	return out
}

// bothFormats wants the links of a resource: itself, and the same as a page.
func bothFormats(t *testing.T, c *ogcClient, links ogcLinks, self, contentType string) {
	t.Helper()
	if got := links.href(t, "self", contentType); got != self {
		t.Errorf("%s says that it is %s", self, got)
	}
	if got := c.get(t, links.href(t, "alternate", ogc.TypeHTML)).Header().Get("Content-Type"); got != reply.TypeHTML {
		t.Errorf("%s: its alternate is %s", self, got)
	}
}
