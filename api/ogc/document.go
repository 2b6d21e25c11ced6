package ogc

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/url"
	"strconv"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/project"

	"github.com/aisne-numerique/maillage/geo"
)

// Media types.
const (
	TypeJSON    = "application/json"
	TypeGeoJSON = "application/geo+json"
	TypeHTML    = "text/html"
	TypeOpenAPI = "application/vnd.oai.openapi+json;version=3.0"
	TypeSchema  = "application/schema+json"
	TypeTile    = "application/vnd.mapbox-vector-tile"
)

// Conformance are the classes of requirements that are met.
var Conformance = []string{
	"http://www.opengis.net/spec/ogcapi-common-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-common-2/1.0/conf/collections",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/geojson",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/html",
	"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/oas30",
	"http://www.opengis.net/spec/ogcapi-features-2/1.0/conf/crs",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/queryables-query-parameters",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/filter",
	"http://www.opengis.net/spec/ogcapi-features-3/1.0/conf/features-filter",
	"http://www.opengis.net/spec/cql2/1.0/conf/cql2-text",
	"http://www.opengis.net/spec/cql2/1.0/conf/basic-cql2",
	"http://www.opengis.net/spec/cql2/1.0/conf/advanced-comparison-operators",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/core",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tileset",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/tilesets-list",
	"http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/mvt",
}

// Link is a link of a document.
type Link struct {
	Href      string `json:"href"`
	Rel       string `json:"rel"`
	Type      string `json:"type,omitempty"`
	Title     string `json:"title,omitempty"`
	Templated bool   `json:"templated,omitempty"`
}

// Both is a resource in its two formats: as it is asked for, and as the other.
func Both(address, rel, typ, title string) []Link {
	return []Link{{Href: address, Rel: rel, Type: typ, Title: title}, {Href: address + "?f=html", Rel: alternateOf(rel), Type: TypeHTML, Title: title}}
}

func alternateOf(rel string) string {
	if rel == "self" {
		return "alternate"
	}
	return rel
}

// Landing is the first page. root is the address of the resource, server that of what
// serves it, both without a slash at their end.
type Landing struct {
	Title       string `json:"title"`
	Description string `json:"description"`
	Attribution string `json:"attribution"`
	Links       []Link `json:"links"`
}

// NewLanding makes the first page.
func NewLanding(root, server, title, description, attribution string) Landing {
	links := Both(root, "self", TypeJSON, "Cette page")
	links = append(links, Both(root+"/conformance", "conformance", TypeJSON, "Classes de conformité")...)
	links = append(links, Both(root+"/collections", "data", TypeJSON, "Collections")...)
	links = append(links,
		Link{Href: server + "/openapi.json", Rel: "service-desc", Type: TypeOpenAPI, Title: "Définition de l'interface"},
		Link{Href: server + "/docs", Rel: "service-doc", Type: TypeHTML, Title: "Documentation de l'interface"},
		Link{Href: root + "/tileMatrixSets", Rel: relTilingScheme + "s", Type: TypeJSON, Title: "Découpages en tuiles"})
	return Landing{title, description, attribution, links}
}

// CollectionJSON describes a collection.
type CollectionJSON struct {
	ID          string   `json:"id"`
	Title       string   `json:"title"`
	Description string   `json:"description"`
	Attribution string   `json:"attribution"`
	ItemType    string   `json:"itemType"`
	Extent      Extent   `json:"extent"`
	CRS         []string `json:"crs"`
	StorageCRS  string   `json:"storageCrs"`
	Links       []Link   `json:"links"`
}

// Extent is where and when the features of a collection are.
type Extent struct {
	Spatial struct {
		BBox [][4]float64 `json:"bbox"`
		CRS  string       `json:"crs"`
	} `json:"spatial"`
	Temporal *Temporal `json:"temporal,omitempty"`
}

// Temporal is since when.
type Temporal struct {
	Interval [][2]any `json:"interval"`
	TRS      string   `json:"trs"`
}

// CollectionsJSON lists the collections.
type CollectionsJSON struct {
	Links       []Link           `json:"links"`
	CRS         []string         `json:"crs"`
	Collections []CollectionJSON `json:"collections"`
}

// Describe makes the description of a collection. tiles says whether it has tiles too.
func (c *Collection) Describe(root, attribution string, served Served, tiles bool) CollectionJSON {
	at := root + "/collections/" + c.Name
	out := CollectionJSON{ID: c.Name, Title: c.Title, Description: c.Description, Attribution: attribution, ItemType: "feature", StorageCRS: Systems[0].URI, Links: Both(at, "self", TypeJSON, c.Title)}
	for _, s := range Systems {
		out.CRS = append(out.CRS, s.URI)
	}
	if !served.Since.IsZero() {
		out.Extent.Temporal = &Temporal{[][2]any{{served.Since.UTC().Format("2006-01-02T15:04:05Z"), nil}}, "http://www.opengis.net/def/uom/ISO-8601/0/Gregorian"}
	}
	b := c.Bounds
	if c.Len() == 0 || b.Min[0] > b.Max[0] {
		b = orb.Bound{Min: orb.Point{-180, -90}, Max: orb.Point{180, 90}}
	}
	out.Extent.Spatial.BBox, out.Extent.Spatial.CRS = [][4]float64{{b.Min[0], b.Min[1], b.Max[0], b.Max[1]}}, Systems[0].URI
	out.Links = append(out.Links, Both(at+"/items", "items", TypeGeoJSON, "Objets de "+c.Title)...)
	out.Links = append(out.Links, Link{Href: at + "/queryables", Rel: "http://www.opengis.net/def/rel/ogc/1.0/queryables", Type: TypeSchema, Title: "Attributs"})
	if tiles {
		out.Links = append(out.Links, Link{Href: at + "/tiles", Rel: "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", Type: TypeJSON, Title: "Tuiles"})
	}
	return out
}

// geometryName is the queryable that stands for the shapes.
const geometryName = "geometry"

// Queryables is the JSON Schema of the properties that filters may name.
func (c *Collection) Queryables(root string) map[string]any {
	format := "geometry-any"
	if c.Geometry == "POINT" {
		format = "geometry-point"
	}
	properties := map[string]any{geometryName: map[string]any{"title": "géométrie", "format": format, "x-ogc-role": "primary-geometry"}}
	for _, p := range c.Properties {
		of := map[string]any{"title": p.Title, "type": map[string]string{"TEXT": "string", "INTEGER": "integer", "REAL": "number"}[p.Type]}
		if p.Unit != "" {
			of["x-ogc-unit"] = p.Unit
		}
		properties[p.Name] = of
	}
	return map[string]any{"$schema": "https://json-schema.org/draft/2020-12/schema", "$id": root + "/collections/" + c.Name + "/queryables",
		"type": "object", "title": c.Title, "properties": properties, "additionalProperties": false}
}

// Items writes a page of features as GeoJSON. address is that of the request without its
// query, query what it asked.
func (c *Collection) Items(q *Query, address string, query url.Values, served Served) ([]byte, error) {
	rows, next, matched := q.Select(c)
	links := c.itemsLinks(address, query, served, next)
	var b bytes.Buffer
	head, err := json.Marshal(struct {
		Type     string `json:"type"`
		Matched  int    `json:"numberMatched"`
		Returned int    `json:"numberReturned"`
		Links    []Link `json:"links"`
		Features []int  `json:"features"`
	}{"FeatureCollection", matched, len(rows), links, []int{}})
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", c.Name, err)
	}
	b.Write(head[:len(head)-2])
	for i, row := range rows {
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteByte('\n')
		f, err := c.feature(row, q.CRS)
		if err != nil {
			return nil, err
		}
		data, err := json.Marshal(f)
		if err != nil {
			return nil, fmt.Errorf("collection %s: %w", c.Name, err)
		}
		b.Write(data)
	}
	b.WriteString("]}\n")
	return b.Bytes(), nil
}

func (c *Collection) itemsLinks(address string, query url.Values, served Served, next int) []Link {
	with := func(name, value string) string { return address + "?" + With(query, name, value).Encode() }
	self := address
	if len(query) > 0 {
		self += "?" + query.Encode()
	}
	links := []Link{{Href: self, Rel: "self", Type: TypeGeoJSON, Title: "Cette page"}, {Href: with("f", "html"), Rel: "alternate", Type: TypeHTML, Title: "Cette page"}}
	if next >= 0 {
		links = append(links, Link{Href: with("after", Cursor(served.Edition, next)), Rel: "next", Type: TypeGeoJSON, Title: "Page suivante"})
	}
	return links
}

// With is a query with another value of one parameter.
func With(query url.Values, name, value string) url.Values {
	out := maps.Clone(query)
	if out == nil {
		out = url.Values{}
	}
	out.Set(name, value)
	return out
}

// Item writes one feature. collection is the address of its collection.
func (c *Collection) Item(row int, crs CRS, collection string) ([]byte, error) {
	f, err := c.feature(row, crs)
	if err != nil {
		return nil, err
	}
	at := collection + "/items/" + url.PathEscape(c.ids[row])
	links := append(Both(at, "self", TypeGeoJSON, "Cet objet"), Link{Href: collection, Rel: "collection", Type: TypeJSON, Title: c.Title})
	more, err := json.Marshal(map[string][]Link{"links": links})
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", c.Name, err)
	}
	body, err := json.Marshal(f)
	if err != nil {
		return nil, fmt.Errorf("collection %s: %w", c.Name, err)
	}
	return append(append(body[:len(body)-1], ','), more[1:]...), nil
}

// feature is one feature in a reference system: degrees to seven decimals and metres to
// three. A property that is unknown is absent.
func (c *Collection) feature(row int, crs CRS) (*geojson.Feature, error) {
	f := &geojson.Feature{Type: "Feature", ID: c.ids[row], Properties: geojson.Properties{}}
	if g := orb.Clone(c.shapes[row]); g != nil { // what follows works in place
		factor := 1e7
		if crs.System != geo.WGS84 {
			factor = 1e3
		}
		var outside error
		f.Geometry = orb.Round(project.Geometry(g, func(p orb.Point) orb.Point {
			if crs.System != geo.WGS84 {
				x, y, err := crs.System.FromLonLat(geo.LonLat{Lon: p[0], Lat: p[1]})
				if err != nil {
					outside = err
				}
				p = orb.Point{x, y}
			}
			if crs.LatFirst {
				p[0], p[1] = p[1], p[0]
			}
			return p
		}), int(factor))
		if outside != nil {
			return nil, fmt.Errorf("collection %s, feature %s: %w", c.Name, c.ids[row], outside)
		}
	}
	for i, p := range c.Properties {
		switch v := c.Value(row, i).(type) {
		case string:
			f.Properties[p.Name] = v
		case float64:
			if p.Type == "INTEGER" {
				f.Properties[p.Name] = int64(v)
			} else {
				f.Properties[p.Name] = v
			}
		}
	}
	return f, nil
}

// Text is a value to be read, empty where it is unknown.
func (c *Collection) Text(row, property int) string {
	switch v := c.Value(row, property).(type) {
	case string:
		return v
	case float64:
		return strconv.FormatFloat(math.Round(v*1000)/1000, 'f', -1, 64)
	}
	return ""
}
