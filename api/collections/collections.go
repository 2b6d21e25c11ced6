// Package collections is an edition as OGC API says it: the tables of its exports as
// collections, as documents and as pages. The protocol is package ogc, which knows no
// edition.
package collections

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/url"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/page"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/tiles"
)

// Layers are the collections that have tiles, and their layers.
var Layers = map[string]string{"cells": "cells", "zones_blanches": "zones", "communes": "communes", "epci": "epci", "lieux": "lieux"}

// ogcIDs are the properties that hold the ids of the features; of sets of communes, code.
var ogcIDs = map[string]string{"cells": "h3", "zones_blanches": "rang", "zones_a_verifier": "rang", "communes": "code", "epci": "code", "secteurs": "code", "lieux": "id"}

// Load are the tables of the edition, as its exports write them.
func Load(s *snapshot.Snapshot) ([]*ogc.Collection, error) {
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

// request is what a resource of /ogc may look at.
type request struct {
	snap        *snapshot.Snapshot
	served      ogc.Served
	values      url.Values
	html        bool
	root        string // address of /ogc
	server      string // address of what serves
	collections []*ogc.Collection
	collection  *ogc.Collection // the one that the path names
	feature     string          // id that the path names
}

// Resource is one address of /ogc, as Echo and as /openapi.json write what is behind it.
type Resource struct {
	Path, Doc string
	document  func(r *request) (*document, error)
}

// document is a document of a media type, and the same to be read.
type document struct {
	contentType string
	value       any    // written as JSON; nil: body is it
	body        []byte //
	crs         string // of its geometries, empty when it has none
	page        htmlPage
}

// htmlPage is a document to be read.
type htmlPage struct {
	Page        page.Page
	Title, Lead string
	Links       []page.Link
	Head        []string
	Rows        [][]page.Link // cells; without an address, only a text
	JSON        string        // address of the same as JSON
	Members     []member      // all that is in the JSON
}

func Resources() []Resource {
	return []Resource{
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

// API answers /ogc.
type API struct {
	Pages *page.Pages
	Desk  *desk.Desk
}

// Answer answers a resource.
func (o API) Answer(ctx context.Context, snap *snapshot.Snapshot, req *params.Request, resource Resource) (*reply.Reply, error) {
	values, err := url.ParseQuery(req.Raw)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "Les paramètres de l'adresse sont mal écrits ; ils s'écrivent nom=valeur, séparés par &.", err)
	}
	r := &request{snap: snap, values: values, server: req.Root, feature: req.Path("feature"), served: ogc.Served{Edition: snap.ID, Since: o.since(snap)}}
	r.root = r.server + "/ogc"
	r.html = values.Get("f") == "html" || !values.Has("f") && prefersHTML(req.Accept)
	name, format := req.Path("collection"), "json"
	if r.html {
		format = "html"
	}
	key := snapshot.KeyOf("ogc "+resource.Doc, strings.Join([]string{name, r.feature, values.Encode(), r.root, format, r.served.Since.String()}, "\x00"))
	build := func(ctx context.Context) (*reply.Reply, error) {
		if strings.HasPrefix(resource.Path, "/collections") {
			var err error
			if r.collections, err = snap.Collections(ctx, Load); err != nil {
				return nil, err
			}
		}
		if strings.Contains(resource.Doc, "{collection}") {
			if err := r.find(name); err != nil {
				return nil, err
			}
		}
		d, err := resource.document(r)
		if err != nil {
			return nil, err
		}
		return o.reply(r, d)
	}
	if strings.HasPrefix(resource.Path, "/collections") {
		return snap.Cached(ctx, gate.Light, key, build)
	}
	return snap.AtOnce(key, func() (*reply.Reply, error) { return build(ctx) })
}

// since is when the edition was stored; zero where no store says so.
func (o API) since(snap *snapshot.Snapshot) time.Time {
	for _, r := range o.Desk.Seen().Records {
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

func (r *request) find(name string) error {
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

func (o API) reply(r *request, d *document) (*reply.Reply, error) {
	body := d.body
	if body == nil {
		var err error
		if body, err = reply.JSONBody(d.value); err != nil {
			return nil, err
		}
	}
	var out *reply.Reply
	var err error
	if r.html {
		p := d.page
		p.Page = page.Page{Title: p.Title, Base: o.Pages.Base, MapLabel: "Voir la carte", Edition: r.snap.ID, Modelled: r.snap.ModelledSentences(), Sources: data.Attribution(r.snap.Edition)}
		p.JSON = "?" + ogc.With(r.values, "f", "json").Encode()
		if p.Members, err = members("", body); err != nil {
			return nil, fmt.Errorf("%s: %w", p.Title, err)
		}
		out, err = page.Render("ogc.html", p)
	} else {
		out, err = reply.New(d.contentType, body)
	}
	if err == nil {
		out.CRS, out.Vary = d.crs, "Accept"
	}
	return out, err
}

// member is a value of a JSON document, and its path of keys.
type member struct {
	Path  string
	Value page.Link // without an address, only a text
}

// members lists what a JSON document holds, in its order: a page to be read must say as
// much. Lists of values, such as coordinates, are one.
func members(path string, value json.RawMessage) ([]member, error) {
	switch {
	case value[0] == '{' || value[0] == '[' && bytes.ContainsRune(value, '{'):
	case value[0] == '"':
		var text string
		err := json.Unmarshal(value, &text)
		return []member{{path, page.Link{Href: "", Text: text}}}, err
	default:
		return []member{{path, page.Link{Href: "", Text: string(value)}}}, nil
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

// ProblemOf gives the sentence of a refused parameter.
func ProblemOf(err error) *problem.Error {
	var wrong *ogc.ParamError
	var unknown *ogc.UnknownParamError
	if errors.As(err, &wrong) || errors.As(err, &unknown) {
		return problem.Wrap(problem.Parameter, err.Error(), err)
	}
	return nil
}

func ogcLanding(r *request) (*document, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	about := fmt.Sprintf("Accès aux lieux de médiation numérique, édition %s. Une valeur absente est inconnue, jamais zéro.", r.snap.ID)
	l := ogc.NewLanding(r.root, r.server, "Maillage : données de l'édition", about, data.Attribution(r.snap.Edition))
	return &document{contentType: ogc.TypeJSON, value: l, page: htmlPage{Title: l.Title, Lead: about, Links: []page.Link{
		{Href: r.root + "/collections?f=html", Text: "Collections"}, {Href: r.root + "/conformance?f=html", Text: "Classes de conformité"}, {Href: r.server + "/docs", Text: "Documentation de l'interface"}, {Href: r.server + "/openapi.json", Text: "Définition (OpenAPI 3.0)"}}}}, nil
}

func ogcConformance(r *request) (*document, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	p := htmlPage{Title: "Classes de conformité", Lead: "Ce qui est respecté des standards OGC API – Features et Tiles.", Head: []string{"Classe"}}
	for _, class := range ogc.Conformance {
		p.Rows = append(p.Rows, []page.Link{{Href: class, Text: class}})
	}
	return &document{contentType: ogc.TypeJSON, value: map[string]any{"conformsTo": ogc.Conformance}, page: p}, nil
}

func (r *request) describe(c *ogc.Collection) ogc.CollectionJSON {
	return c.Describe(r.root, data.Attribution(r.snap.Edition), r.served, Layers[c.Name] != "")
}

func ogcCollections(r *request) (*document, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	at := r.root + "/collections"
	out := ogc.CollectionsJSON{Links: ogc.Both(at, "self", ogc.TypeJSON, "Collections")}
	for _, system := range ogc.Systems {
		out.CRS = append(out.CRS, system.URI)
	}
	p := htmlPage{Title: "Collections", Lead: "Les tables de l'édition, pour la question par défaut.", Head: []string{"Collection", "Objets", "Contenu"}}
	for _, c := range r.collections {
		out.Collections = append(out.Collections, r.describe(c))
		p.Rows = append(p.Rows, []page.Link{{Href: r.root + "/collections/" + c.Name + "?f=html", Text: c.Title}, {Href: "", Text: french.Count(c.Len())}, {Href: "", Text: c.Description}})
	}
	return &document{contentType: ogc.TypeJSON, value: out, page: p}, nil
}

func ogcCollection(r *request) (*document, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return nil, err
	}
	c := r.collection
	p := htmlPage{Title: c.Title, Lead: c.Description, Head: []string{"Attribut", "Sens", "Unité"},
		Links: []page.Link{{Href: r.root + "/collections/" + c.Name + "/items?f=html", Text: "Objets (" + french.Count(c.Len()) + ")"}, {Href: r.root + "/collections?f=html", Text: "Toutes les collections"}}}
	for _, property := range c.Properties {
		p.Rows = append(p.Rows, []page.Link{{Href: "", Text: property.Name}, {Href: "", Text: property.Title}, {Href: "", Text: property.Unit}})
	}
	return &document{contentType: ogc.TypeJSON, value: r.describe(c), page: p}, nil
}

func ogcQueryables(r *request) (*document, error) {
	d, err := ogcCollection(r) // the same page to be read
	if err != nil {
		return nil, err
	}
	return &document{contentType: ogc.TypeSchema, value: r.collection.Queryables(r.root), page: d.page}, nil
}

func ogcItems(r *request) (*document, error) {
	c := r.collection
	q, err := ogc.ParseQuery(r.values, c, r.served)
	if err != nil {
		return nil, err
	}
	at := r.root + "/collections/" + c.Name + "/items"
	body, err := c.Items(q, at, r.asked(), r.served)
	if err != nil || !r.html {
		return &document{contentType: ogc.TypeGeoJSON, body: body, crs: q.CRS.URI}, err
	}
	rows, next, matched := q.Select(c)
	p := htmlPage{Title: c.Title, Lead: fmt.Sprintf("%s objets répondent, %s sont sur cette page.", french.Count(matched), french.Count(len(rows))), Head: []string{"Objet"}}
	for _, property := range c.Properties {
		p.Head = append(p.Head, property.Name)
	}
	for _, row := range rows {
		p.Rows = append(p.Rows, r.row(c, row, at))
	}
	if next >= 0 {
		after := ogc.With(ogc.With(r.values, "f", "html"), "after", ogc.Cursor(r.served.Edition, next))
		p.Links = append(p.Links, page.Link{Href: at + "?" + after.Encode(), Text: "Page suivante"})
	}
	p.Links = append(p.Links, page.Link{Href: r.root + "/collections/" + c.Name + "?f=html", Text: "Attributs de la collection"})
	return &document{body: body, crs: q.CRS.URI, page: p}, nil
}

// asked are the parameters of the document that a page shows: all but that it is a page.
func (r *request) asked() url.Values {
	out := maps.Clone(r.values)
	if r.html {
		out.Del("f")
	}
	return out
}

func (r *request) row(c *ogc.Collection, row int, items string) []page.Link {
	out := []page.Link{{Href: items + "/" + url.PathEscape(c.ID(row)) + "?f=html", Text: c.ID(row)}}
	for i := range c.Properties {
		out = append(out, page.Link{Href: "", Text: c.Text(row, i)})
	}
	return out
}

func ogcItem(r *request) (*document, error) {
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
	p := htmlPage{Title: c.Title + " : " + c.ID(row), Lead: c.Description, Head: []string{"Attribut", "Valeur", "Sens"}, Links: []page.Link{{Href: at + "/items?f=html", Text: "Tous les objets"}}}
	for i, property := range c.Properties {
		text := c.Text(row, i)
		if c.Value(row, i) == nil {
			text = french.Unknown
		}
		p.Rows = append(p.Rows, []page.Link{{Href: "", Text: property.Name}, {Href: "", Text: text}, {Href: "", Text: property.Title}})
	}
	return &document{contentType: ogc.TypeGeoJSON, body: body, crs: crs.URI, page: p}, err
}

// layer is the layer of tiles of the collection that the path names.
func (r *request) layer() (tiles.Layer, error) {
	if _, err := ogc.CheckParams(r.values, false); err != nil {
		return tiles.Layer{}, err
	}
	for _, layer := range tiles.Layers() {
		if layer.Name == Layers[r.collection.Name] {
			return layer, nil
		}
	}
	return tiles.Layer{}, WithoutTiles(r.collection.Name)
}

func ogcTileSets(r *request) (*document, error) {
	if _, err := r.layer(); err != nil {
		return nil, err
	}
	p := htmlPage{Title: "Tuiles : " + r.collection.Title, Lead: "Les découpages en tuiles de la collection."}
	return &document{contentType: ogc.TypeJSON, value: ogc.TileSets(r.root, r.collection.Name, r.collection.Title), page: p}, nil
}

func ogcTileSet(r *request) (*document, error) {
	layer, err := r.layer()
	if err != nil {
		return nil, err
	}
	p := htmlPage{Title: "Tuiles : " + r.collection.Title, Lead: "Les tuiles vectorielles de la collection, découpées selon " + ogc.WebMercatorQuad + "."}
	return &document{contentType: ogc.TypeJSON, value: ogc.TileSet(r.root, r.collection.Name, r.collection.Title, r.server+"/tiles/"+layer.Name, layer.MinZoom, layer.MaxZoom), page: p}, nil
}

func ogcTileMatrixSets(r *request) (*document, error) {
	_, err := ogc.CheckParams(r.values, false)
	p := htmlPage{Title: "Découpages en tuiles", Lead: "Un seul : celui de la plupart des cartes en ligne."}
	return &document{contentType: ogc.TypeJSON, value: ogc.TileMatrixSets(r.root), page: p}, err
}

func ogcTileMatrixSet(r *request) (*document, error) {
	_, err := ogc.CheckParams(r.values, false)
	p := htmlPage{Title: ogc.WebMercatorQuad, Lead: "Le découpage des tuiles, un niveau par zoom."}
	return &document{contentType: ogc.TypeJSON, value: ogc.TileMatrixSet(tiles.MaxZoom), page: p}, err
}

func WithoutTiles(collection string) error {
	return problem.New(problem.NotFound, "La collection « %s » n'a pas de tuiles.", problem.Quotable(collection))
}
