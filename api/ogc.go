package api

import (
	"cmp"
	"github.com/aisne-numerique/maillage/api/gate"

	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/tiles"
)

// ogcTiles are the collections that have tiles, and their layers.
var ogcTiles = map[string]string{"cells": "cells", "zones_blanches": "zones", "communes": "communes", "epci": "epci", "lieux": "lieux"}

// ogcIDs are the properties that hold the ids of the features; of sets of communes, code.
var ogcIDs = map[string]string{"cells": "h3", "zones_blanches": "rang", "communes": "code", "epci": "code", "secteurs": "code", "lieux": "id"}

// collections are the tables of the edition, as its exports write them.
func (s *snapshot) collections(ctx context.Context) ([]*ogc.Collection, error) {
	return s.layers.Get(ctx, gate.Light, "", func(context.Context) ([]*ogc.Collection, error) { return s.newCollections() })
}

func (s *snapshot) newCollections() ([]*ogc.Collection, error) {
	if q := s.Params.Query(); !s.HasMode(q.Mode) {
		return nil, problem.New(problem.NotFound, "Les collections répondent à la question de l'édition, en voiture ; celle-ci a été calculée sans ce mode.")
	}
	results, err := export.Of(s.Edition)
	if err != nil {
		return nil, err
	}
	var out []*ogc.Collection
	for _, l := range results.Layers {
		properties, id := make([]ogc.Property, len(l.Columns)), 0
		for i, c := range l.Columns {
			properties[i] = ogc.Property(c)
			if c.Name == cmp.Or(ogcIDs[l.Name], "code") {
				id = i
			}
		}
		title := l.Title[:strings.IndexAny(l.Title+".", ".:")]
		c := ogc.NewCollection(l.Name, strings.TrimSpace(title), l.Title, l.Geometry, properties)
		for row := range l.Rows {
			if err := c.Add(fmt.Sprint(row.Values[id]), row.Geometry, row.Values); err != nil {
				return nil, err
			}
		}
		out = append(out, c)
	}
	return out, nil
}

// ogcRequest is what a resource of /ogc may look at.
type ogcRequest struct {
	snap        *snapshot
	served      ogc.Served
	values      url.Values
	html        bool
	root        string // address of /ogc
	server      string // address of what serves
	collections []*ogc.Collection
	collection  *ogc.Collection // the one that the path names
	feature     string          // id that the path names
}

// ogcResource is one address of /ogc, as Echo and as /openapi.json write what is behind it.
type ogcResource struct {
	path, doc string
	document  func(r *ogcRequest) (*ogcDocument, error)
}

// ogcDocument is a document of a media type, and the same to be read.
type ogcDocument struct {
	contentType string
	value       any    // written as JSON; nil: body is it
	body        []byte //
	crs         string // of its geometries, empty when it has none
	page        ogcPage
}

// ogcPage is a document to be read.
type ogcPage struct {
	Page        page
	Title, Lead string
	Links       []link
	Head        []string
	Rows        [][]link // cells; without an address, only a text
	JSON        string   // address of the same as JSON
	Members     []member // all that is in the JSON
}

func ogcResources() []ogcResource {
	return []ogcResource{
		{"", "", ogcLanding},
		{"/conformance", "/conformance", ogcConformance},
		{"/collections", "/collections", ogcCollections},
		{"/collections/:collection", "/collections/{collection}", ogcCollection},
		{"/collections/:collection/queryables", "/collections/{collection}/queryables", ogcQueryables},
		{"/collections/:collection/items", "/collections/{collection}/items", ogcItems},
		{"/collections/:collection/items/:feature", "/collections/{collection}/items/{feature}", ogcItem},
		{"/collections/:collection/tiles", "/collections/{collection}/tiles", ogcTileSets},
		{"/collections/:collection/tiles/" + ogc.WebMercatorQuad, "/collections/{collection}/tiles/" + ogc.WebMercatorQuad, ogcTileSet},
		{"/tileMatrixSets", "/tileMatrixSets", ogcTileMatrixSets},
		{"/tileMatrixSets/" + ogc.WebMercatorQuad, "/tileMatrixSets/" + ogc.WebMercatorQuad, ogcTileMatrixSet},
	}
}

// getOGC makes a handler of a resource.
func (s *Server) getOGC(resource ogcResource) echo.HandlerFunc {
	return func(c echo.Context) error {
		snap := pinned(c)
		if snap == nil {
			return notReady()
		}
		values, err := url.ParseQuery(c.Request().URL.RawQuery)
		if err != nil {
			return problem.Wrap(problem.Parameter, "Les paramètres de l'adresse sont mal écrits ; ils s'écrivent nom=valeur, séparés par &.", err)
		}
		c.Response().Header().Add("Vary", "Accept")
		r := &ogcRequest{snap: snap, values: values, server: root(c), feature: unescaped(c, "feature"), served: ogc.Served{Edition: snap.ID, Since: s.since(snap)}}
		r.root = r.server + "/ogc"
		r.html = values.Get("f") == "html" || !values.Has("f") && prefersHTML(c.Request().Header.Get("Accept"))
		name, format := unescaped(c, "collection"), "json"
		if r.html {
			format = "html"
		}
		key := keyOf("ogc "+resource.doc, strings.Join([]string{name, r.feature, values.Encode(), r.root, format, r.served.Since.String()}, "\x00"))
		build := func(ctx context.Context) (*reply, error) {
			if strings.HasPrefix(resource.path, "/collections") {
				var err error
				if r.collections, err = snap.collections(ctx); err != nil {
					return nil, err
				}
			}
			if strings.Contains(resource.doc, "{collection}") {
				if err := r.find(name); err != nil {
					return nil, err
				}
			}
			d, err := resource.document(r)
			if err != nil {
				return nil, err
			}
			return s.ogcReply(r, d)
		}
		var answer *reply
		if strings.HasPrefix(resource.path, "/collections") {
			answer, err = snap.cached(c.Request().Context(), gate.Light, key, build)
		} else {
			answer, err = snap.atOnce(key, func() (*reply, error) { return build(c.Request().Context()) })
		}
		if err != nil {
			return err
		}
		return send(c, answer)
	}
}

// since is when the edition was stored; zero where no store says so.
func (s *Server) since(snap *snapshot) time.Time {
	for _, r := range s.desk.Seen().Records {
		if r.Edition == snap.ID {
			at, _ := time.Parse(time.RFC3339, r.Created)
			return at
		}
	}
	return time.Time{}
}

// prefersHTML is whether a page is asked for before any JSON, as browsers do.
func prefersHTML(accept string) bool {
	html, json := strings.Index(accept, "text/html"), strings.Index(accept, "json")
	return html >= 0 && (json < 0 || html < json)
}

func (r *ogcRequest) find(name string) error {
	names := make([]string, len(r.collections))
	for i, c := range r.collections {
		if c.Name == name {
			r.collection = c
			return nil
		}
		names[i] = c.Name
	}
	return problem.New(problem.NotFound, "La collection « %s » n'existe pas ; les collections sont %s.", problem.Quotable(name), strings.Join(names, ", "))
}

func (s *Server) ogcReply(r *ogcRequest, d *ogcDocument) (*reply, error) {
	body := d.body
	if body == nil {
		var err error
		if body, err = jsonBody(d.value); err != nil {
			return nil, err
		}
	}
	var out *reply
	var err error
	if r.html {
		p := d.page
		p.Page = page{Title: p.Title, Base: s.base, MapLabel: "Voir la carte", Edition: r.snap.ID, Modelled: r.snap.ModelledSentences(), Sources: attribution(r.snap.Edition)}
		p.JSON = "?" + ogc.With(r.values, "f", "json").Encode()
		if p.Members, err = members("", body); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Title, err)
		}
		out, err = render("ogc.html", p)
	} else {
		out, err = newReply(d.contentType, body)
	}
	if err == nil {
		out.crs = d.crs
	}
	return out, err
}

// member is a value of a JSON document, and its path of keys.
type member struct {
	Path  string
	Value link // without an address, only a text
}

// members lists what a JSON document holds, in its order: a page to be read must say as
// much. Lists of values, such as coordinates, are one.
func members(path string, value json.RawMessage) ([]member, error) {
	switch {
	case value[0] == '{' || value[0] == '[' && bytes.ContainsRune(value, '{'):
	case value[0] == '"':
		var text string
		err := json.Unmarshal(value, &text)
		return []member{{path, link{"", text}}}, err
	default:
		return []member{{path, link{"", string(value)}}}, nil
	}
	var l ogc.Link
	// Only what is a link has these keys, and only without variables is it an address.
	leads := value[0] == '{' && json.Unmarshal(value, &l) == nil && l.Href != "" && !l.Templated
	var out []member
	d := json.NewDecoder(bytes.NewReader(value))
	if _, err := d.Token(); err != nil {
		return nil, err
	}
	for i := 0; d.More(); i++ {
		at := fmt.Sprintf("%s[%d]", path, i)
		if value[0] == '{' {
			key, err := d.Token()
			if err != nil {
				return nil, err
			}
			at = strings.TrimPrefix(fmt.Sprintf("%s.%s", path, key), ".")
		}
		var inner json.RawMessage
		if err := d.Decode(&inner); err != nil {
			return nil, err
		}
		more, err := members(at, inner)
		if err != nil {
			return nil, err
		}
		if leads && more[0].Value.Text == l.Href {
			more[0].Value.Href = l.Href
		}
		out = append(out, more...)
	}
	return out, nil
}

// problemOfOGC gives the sentence of a refused parameter.
func problemOfOGC(err error) *problem.Error {
	var wrong *ogc.ParamError
	var unknown *ogc.UnknownParamError
	if errors.As(err, &wrong) || errors.As(err, &unknown) {
		return problem.Wrap(problem.Parameter, err.Error(), err)
	}
	return nil
}

func ogcLanding(r *ogcRequest) (*ogcDocument, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	about := fmt.Sprintf("Accès aux lieux de médiation numérique, édition %s. Une valeur absente est inconnue, jamais zéro.", r.snap.ID)
	l := ogc.NewLanding(r.root, r.server, "Maillage : données de l'édition", about, attribution(r.snap.Edition))
	return &ogcDocument{contentType: ogc.TypeJSON, value: l, page: ogcPage{Title: l.Title, Lead: about, Links: []link{
		{r.root + "/collections?f=html", "Collections"}, {r.root + "/conformance?f=html", "Classes de conformité"}, {r.server + "/docs", "Documentation de l'interface"}, {r.server + "/openapi.json", "Définition (OpenAPI 3.0)"}}}}, nil
}

func ogcConformance(r *ogcRequest) (*ogcDocument, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	p := ogcPage{Title: "Classes de conformité", Lead: "Ce qui est respecté des standards OGC API – Features et Tiles.", Head: []string{"Classe"}}
	for _, class := range ogc.Conformance {
		p.Rows = append(p.Rows, []link{{class, class}})
	}
	return &ogcDocument{contentType: ogc.TypeJSON, value: map[string]any{"conformsTo": ogc.Conformance}, page: p}, nil
}

func (r *ogcRequest) describe(c *ogc.Collection) ogc.CollectionJSON {
	return c.Describe(r.root, attribution(r.snap.Edition), r.served, ogcTiles[c.Name] != "")
}

func ogcCollections(r *ogcRequest) (*ogcDocument, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	at := r.root + "/collections"
	out := ogc.CollectionsJSON{Links: ogc.Both(at, "self", ogc.TypeJSON, "Collections")}
	for _, system := range ogc.Systems {
		out.CRS = append(out.CRS, system.URI)
	}
	p := ogcPage{Title: "Collections", Lead: "Les tables de l'édition, pour la question par défaut.", Head: []string{"Collection", "Objets", "Contenu"}}
	for _, c := range r.collections {
		out.Collections = append(out.Collections, r.describe(c))
		p.Rows = append(p.Rows, []link{{r.root + "/collections/" + c.Name + "?f=html", c.Title}, {"", frenchCount(c.Len())}, {"", c.Description}})
	}
	return &ogcDocument{contentType: ogc.TypeJSON, value: out, page: p}, nil
}

func ogcCollection(r *ogcRequest) (*ogcDocument, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	c := r.collection
	p := ogcPage{Title: c.Title, Lead: c.Description, Head: []string{"Attribut", "Sens", "Unité"},
		Links: []link{{r.root + "/collections/" + c.Name + "/items?f=html", "Objets (" + frenchCount(c.Len()) + ")"}, {r.root + "/collections?f=html", "Toutes les collections"}}}
	for _, property := range c.Properties {
		p.Rows = append(p.Rows, []link{{"", property.Name}, {"", property.Title}, {"", property.Unit}})
	}
	return &ogcDocument{contentType: ogc.TypeJSON, value: r.describe(c), page: p}, nil
}

func ogcQueryables(r *ogcRequest) (*ogcDocument, error) {
	d, err := ogcCollection(r) // the same page to be read
	if err != nil {
		return nil, err
	}
	return &ogcDocument{contentType: ogc.TypeSchema, value: r.collection.Queryables(r.root), page: d.page}, nil
}

func ogcItems(r *ogcRequest) (*ogcDocument, error) {
	c := r.collection
	q, err := ogc.ParseQuery(r.values, c, r.served)
	if err != nil {
		return nil, err
	}
	at := r.root + "/collections/" + c.Name + "/items"
	body, err := c.Items(q, at, r.asked(), r.served)
	if err != nil || !r.html {
		return &ogcDocument{contentType: ogc.TypeGeoJSON, body: body, crs: q.CRS.URI}, err
	}
	rows, next, matched := q.Select(c)
	p := ogcPage{Title: c.Title, Lead: fmt.Sprintf("%s objets répondent, %s sont sur cette page.", frenchCount(matched), frenchCount(len(rows))), Head: []string{"Objet"}}
	for _, property := range c.Properties {
		p.Head = append(p.Head, property.Name)
	}
	for _, row := range rows {
		p.Rows = append(p.Rows, r.row(c, row, at))
	}
	if next >= 0 {
		after := ogc.With(ogc.With(r.values, "f", "html"), "after", ogc.Cursor(r.served.Edition, next))
		p.Links = append(p.Links, link{at + "?" + after.Encode(), "Page suivante"})
	}
	p.Links = append(p.Links, link{r.root + "/collections/" + c.Name + "?f=html", "Attributs de la collection"})
	return &ogcDocument{body: body, crs: q.CRS.URI, page: p}, nil
}

// asked are the parameters of the document that a page shows: all but that it is a page.
func (r *ogcRequest) asked() url.Values {
	out := maps.Clone(r.values)
	if r.html {
		out.Del("f")
	}
	return out
}

func (r *ogcRequest) row(c *ogc.Collection, row int, items string) []link {
	out := []link{{items + "/" + url.PathEscape(c.ID(row)) + "?f=html", c.ID(row)}}
	for i := range c.Properties {
		out = append(out, link{"", c.Text(row, i)})
	}
	return out
}

func ogcItem(r *ogcRequest) (*ogcDocument, error) {
	crs, err := ogc.CheckParams(r.values, true)
	if err != nil {
		return nil, err
	}
	c := r.collection
	row, ok := c.Row(r.feature)
	if !ok {
		return nil, problem.New(problem.NotFound, "La collection « %s » n'a pas d'objet « %s ».", c.Name, problem.Quotable(r.feature))
	}
	at := r.root + "/collections/" + c.Name
	body, err := c.Item(row, crs, at)
	p := ogcPage{Title: c.Title + " : " + c.ID(row), Lead: c.Description, Head: []string{"Attribut", "Valeur", "Sens"}, Links: []link{{at + "/items?f=html", "Tous les objets"}}}
	for i, property := range c.Properties {
		text := c.Text(row, i)
		if c.Value(row, i) == nil {
			text = unknownWord
		}
		p.Rows = append(p.Rows, []link{{"", property.Name}, {"", text}, {"", property.Title}})
	}
	return &ogcDocument{contentType: ogc.TypeGeoJSON, body: body, crs: crs.URI, page: p}, err
}

// layer is the layer of tiles of the collection that the path names.
func (r *ogcRequest) layer() (tiles.Layer, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return tiles.Layer{}, err
	}
	for _, layer := range tiles.Layers() {
		if layer.Name == ogcTiles[r.collection.Name] {
			return layer, nil
		}
	}
	return tiles.Layer{}, withoutTiles(r.collection.Name)
}

func ogcTileSets(r *ogcRequest) (*ogcDocument, error) {
	if _, err := r.layer(); err != nil {
		return nil, err
	}
	p := ogcPage{Title: "Tuiles : " + r.collection.Title, Lead: "Les découpages en tuiles de la collection."}
	return &ogcDocument{contentType: ogc.TypeJSON, value: ogc.TileSets(r.root, r.collection.Name, r.collection.Title), page: p}, nil
}

func ogcTileSet(r *ogcRequest) (*ogcDocument, error) {
	layer, err := r.layer()
	if err != nil {
		return nil, err
	}
	p := ogcPage{Title: "Tuiles : " + r.collection.Title, Lead: "Les tuiles vectorielles de la collection, découpées selon " + ogc.WebMercatorQuad + "."}
	return &ogcDocument{contentType: ogc.TypeJSON, value: ogc.TileSet(r.root, r.collection.Name, r.collection.Title, r.server+"/tiles/"+layer.Name, layer.MinZoom, layer.MaxZoom), page: p}, nil
}

func ogcTileMatrixSets(r *ogcRequest) (*ogcDocument, error) {
	_, err := ogc.CheckParams(r.values, false)
	p := ogcPage{Title: "Découpages en tuiles", Lead: "Un seul : celui de la plupart des cartes en ligne."}
	return &ogcDocument{contentType: ogc.TypeJSON, value: ogc.TileMatrixSets(r.root), page: p}, err
}

func ogcTileMatrixSet(r *ogcRequest) (*ogcDocument, error) {
	_, err := ogc.CheckParams(r.values, false)
	p := ogcPage{Title: ogc.WebMercatorQuad, Lead: "Le découpage des tuiles, un niveau par zoom."}
	return &ogcDocument{contentType: ogc.TypeJSON, value: ogc.TileMatrixSet(tiles.MaxZoom), page: p}, err
}

// ogcTileDoc is where the standard wants tiles, as /openapi.json writes it.
const ogcTileDoc = "/ogc/collections/{collection}/tiles/" + ogc.WebMercatorQuad + "/{tileMatrix}/{tileRow}/{tileCol}"

// getOGCTile answers a tile of a collection: that of its layer.
func (s *Server) getOGCTile(ctx context.Context, snap *snapshot, r *request, p params.Question) (*reply, error) {
	name := r.param("collection")
	layer := ogcTiles[name]
	if layer == "" {
		return nil, withoutTiles(name)
	}
	at, err := tilePosition(r.param("tileMatrix"), r.param("tileCol"), r.param("tileRow"))
	if err != nil {
		return nil, err
	}
	return s.tile(ctx, snap, layer, at, p.Query)
}

func withoutTiles(collection string) error {
	return problem.New(problem.NotFound, "La collection « %s » n'a pas de tuiles.", problem.Quotable(collection))
}

// ogcRoutes registers the resources.
func (s *Server) ogcRoutes(get func(path, doc string, h echo.HandlerFunc)) {
	for _, resource := range ogcResources() {
		get("/ogc"+resource.path, "/ogc"+resource.doc, s.getOGC(resource))
	}
	get("/ogc/", "/ogc", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, s.base+"/ogc") })
}
