package api

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/tiles"
)

// route is one address of the contract that is read, with GET or HEAD.
type route struct {
	path    string // as Echo writes it; its last parameter is the request's arg
	doc     string // as /openapi.json writes it, and the metrics
	accepts []string
	answer  endpoint
}

// endpoint answers one request from one snapshot. Routes that do without an
// edition are handlers instead, see Server.routes.
type endpoint func(ctx context.Context, s *snapshot, r *request) (*reply, error)

// request is what an endpoint may look at.
type request struct {
	arg   string                   // the path's last parameter, unescaped
	param func(name string) string // any of its parameters
	raw   string                   // the query string
	base  string                   // the address of the root, without a slash at its end
	// referer is the address of the page that asks, as far as it tells.
	referer string
}

// answered makes a route of an endpoint that owns the type of what it is asked.
func answered[P comparable, A params.Asked[P]](path, doc string, answer func(context.Context, *snapshot, *request, P) (*reply, error)) route {
	return route{path, doc, params.Names[P, A](), func(ctx context.Context, s *snapshot, r *request) (*reply, error) {
		p, err := params.Read[P, A](r.raw, s.Edition)
		if err != nil {
			return nil, err
		}
		return answer(ctx, s, r, p)
	}}
}

// editionRoutes are the routes that are answered from an edition.
func (s *Server) editionRoutes() []route {
	return []route{
		answered("/api/v1/edition", "/api/v1/edition", getEdition),
		answered("/api/v1/editions", "/api/v1/editions", s.getEditions),
		answered("/api/v1/territoires", "/api/v1/territoires", getTerritoires),
		answered("/api/v1/territoires/:ref", "/api/v1/territoires/{type}:{code}", getTerritoire),
		answered("/api/v1/gaps", "/api/v1/gaps", getGaps),
		answered("/api/v1/zones-blanches", "/api/v1/zones-blanches", getZones),
		answered("/api/v1/lieux", "/api/v1/lieux", getLieux),
		answered("/api/v1/acces", "/api/v1/acces", getColumn),
		answered("/api/v1/acces/:row", "/api/v1/acces/{row}", getCell),
		answered("/api/v1/moment", "/api/v1/moment", getMoment),
		answered("/api/v1/ifn", "/api/v1/ifn", getIFN),
		answered("/api/v1/indicateurs", "/api/v1/indicateurs", s.getIndicateurs),
		answered("/api/v1/travaux", "/api/v1/travaux", s.getTravaux),
		answered("/api/v1/gains", "/api/v1/gains", getGains),
		answered("/territoires/:ref", "/territoires/{type}:{code}", s.getTerritoirePage),
		answered("/carte.svg", "/carte.svg", getPicture),
		answered("/embed", "/embed", s.getEmbed),
		answered("/oembed", "/oembed", s.getOEmbed),
		answered("/integrer", "/integrer", s.getGenerator),
		answered("/tiles/:file", "/tiles/{layer}.json", getTileJSON),
		answered("/tiles/:layer/:z/:x/:y", "/tiles/{layer}/{z}/{x}/{y}.mvt", s.getTile),
		answered("/ogc/collections/:collection/tiles/"+ogc.WebMercatorQuad+"/:tileMatrix/:tileRow/:tileCol", ogcTileDoc, s.getOGCTile),
	}
}

// getTileJSON answers /tiles/{layer}.json. A question in the address goes into
// the addresses of the tiles.
func getTileJSON(_ context.Context, s *snapshot, r *request, _ params.Question) (*reply, error) {
	layer, ok := strings.CutSuffix(r.arg, ".json")
	if !ok {
		return nil, problem.New(problem.NotFound, problem.NotFoundSentence)
	}
	base := r.base + "/tiles"
	if values, err := url.ParseQuery(r.raw); err == nil && len(values) > 0 {
		base += "?" + values.Encode()
	}
	return s.atOnce(keyOf("tilejson", [2]string{layer, base}), func() (*reply, error) {
		body, err := s.tiles.TileJSON(layer, base)
		if err != nil {
			return nil, err
		}
		return newReply(typeJSON, body)
	})
}

// getTile answers one tile.
func (s *Server) getTile(ctx context.Context, snap *snapshot, r *request, p params.Question) (*reply, error) {
	at, err := tileAddress(r.param)
	if err != nil {
		return nil, err
	}
	return s.tile(ctx, snap, r.param("layer"), at, p.Query)
}

// tile is one tile of a layer, as z, x and y.
func (s *Server) tile(ctx context.Context, snap *snapshot, layer string, at [3]int, q coverage.Query) (*reply, error) {
	tile, err := snap.tiles.Tile(ctx, layer, at[0], at[1], at[2], q)
	if err != nil {
		if errors.Is(err, tiles.ErrOutOfRange) {
			return nil, problem.Wrap(problem.Tile, fmt.Sprintf("La tuile %d/%d/%d n'existe pas ; les zooms de la couche sont dans /tiles/%s.json, x et y vont de 0 à 2^z - 1.", at[0], at[1], at[2], layer), err)
		}
		return nil, err
	}
	s.metrics.tiles.WithLabelValues(layer, outcome(tile)).Inc()
	return &reply{contentType: typeTile, cache: cacheEdition, body: tile.Data, gzip: tile.Gzip, tag: tile.ETag}, nil
}

func outcome(t *tiles.Tile) string {
	if t.Empty() {
		return "empty"
	}
	return "full"
}

// serve makes a handler of a route.
func (s *Server) serve(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		snap := pinned(c)
		if snap == nil {
			return notReady()
		}
		req := &request{raw: c.Request().URL.RawQuery, base: root(c), referer: c.Request().Referer(), param: func(name string) string { return unescaped(c, name) }}
		if names := c.ParamNames(); len(names) > 0 {
			req.arg = req.param(names[len(names)-1])
		}
		reply, err := r.answer(c.Request().Context(), snap, req)
		if err != nil {
			return err
		}
		return send(c, reply)
	}
}

func notReady() error {
	return problem.New(problem.NotReady, problem.NotReadySentence)
}

// onEdition makes a handler of one that wants the id of the edition that is served, empty
// before the first.
func (s *Server) onEdition(h func(c echo.Context, edition string) error) echo.HandlerFunc {
	return func(c echo.Context) error {
		if snap := pinned(c); snap != nil {
			return h(c, snap.ID)
		}
		return h(c, "")
	}
}

// unescaped is a parameter of the path. Echo matches the escaped path where there
// is one, and leaves its parameters so.
func unescaped(c echo.Context, name string) string {
	value := c.Param(name)
	if c.Request().URL.RawPath == "" {
		return value
	}
	if plain, err := url.PathUnescape(value); err == nil {
		return plain
	}
	return value
}

// routes registers everything. Order does not matter to Echo: a fixed path wins
// over a parameter, a parameter over "*".
func (s *Server) routes(e *echo.Echo) {
	s.labels = map[string]string{}
	get := func(path, doc string, h echo.HandlerFunc) {
		s.labels[s.base+path] = doc
		e.Match([]string{http.MethodGet, http.MethodHead}, s.base+path, h)
	}
	for _, r := range s.editionRoutes() {
		get(r.path, r.doc, s.serve(r))
	}
	get("/api/v1/config", "/api/v1/config", s.getConfig)
	get("/healthz", "/healthz", s.getHealth)
	get("/readyz", "/readyz", s.getReady)
	get("/metrics", "/metrics", s.getMetrics)
	get("/openapi.json", "/openapi.json", func(c echo.Context) error { return send(c, s.openapi) })
	get("/docs", "/docs", s.getDocs)
	get("/pmtiles/:file", "/pmtiles/{archive}.json", s.getArchive)
	get("/pmtiles/:archive/:z/:x/:y", "/pmtiles/{archive}/{z}/{x}/{y}.mvt", s.getArchivedTile)
	get("/api/v1/scenarios", "/api/v1/scenarios", s.desk.ListScenarios)
	get("/api/v1/scenarios/:id", "/api/v1/scenarios/{id}", s.getScenario)
	get("/api/v1/scenarios/:id/difference", "/api/v1/scenarios/{id}/difference", s.getDifference)
	get("/scenarios/:id", "/scenarios/{id}", s.getScenarioPage)
	get("/accessibilite", "/accessibilite", func(c echo.Context) error { return send(c, s.access) })
	get("/api/v1/integrations", "/api/v1/integrations", s.desk.ListIntegrations)
	get("/pages.css", "/pages.css", s.getPageStyle)
	s.ogcRoutes(get)
	write := func(method, path, doc string, h echo.HandlerFunc) {
		s.labels[s.base+path] = doc
		e.Add(method, s.base+path, h)
	}
	write(http.MethodPost, "/api/v1/travaux", "/api/v1/travaux", s.desk.PostTravaux)
	write(http.MethodDelete, "/api/v1/travaux/:id", "/api/v1/travaux/{id}", s.desk.DeleteTravail)
	write(http.MethodPost, "/api/v1/simulation", "/api/v1/simulation", s.postSimulation)
	write(http.MethodPost, "/api/v1/scenarios", "/api/v1/scenarios", s.onEdition(s.desk.PostScenario))
	write(http.MethodPut, "/api/v1/scenarios/:id", "/api/v1/scenarios/{id}", s.onEdition(s.desk.PutScenario))
	write(http.MethodDelete, "/api/v1/scenarios/:id", "/api/v1/scenarios/{id}", s.desk.DeleteScenario)
	write(http.MethodPost, "/api/v1/integrations", "/api/v1/integrations", s.desk.PostIntegration)
	write(http.MethodPut, "/api/v1/integrations/:id", "/api/v1/integrations/{id}", s.desk.PutIntegration)
	write(http.MethodDelete, "/api/v1/integrations/:id", "/api/v1/integrations/{id}", s.desk.DeleteIntegration)
	get("/*", "/", s.getStatic)
	if s.base != "" {
		get("", "/", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, s.base+"/") })
	}
}
