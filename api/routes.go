package api

import (
	"context"
	"net/http"
	"net/url"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/collections"
	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/page"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
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
type endpoint func(ctx context.Context, s *snapshot.Snapshot, r *params.Request) (*reply.Reply, error)

// answered makes a route of an endpoint that owns the type of what it is asked.
func answered[P comparable, A params.Asked[P]](path, doc string, answer func(context.Context, *snapshot.Snapshot, *params.Request, P) (*reply.Reply, error)) route {
	return route{path, doc, params.Names[P, A](), func(ctx context.Context, s *snapshot.Snapshot, r *params.Request) (*reply.Reply, error) {
		p, err := params.Read[P, A](r.Raw, s.Edition)
		if err != nil {
			return nil, err
		}
		return answer(ctx, s, r, p)
	}}
}

// editionRoutes are the routes that are answered from an edition.
func (s *Server) editionRoutes() []route {
	b := s.beside()
	return []route{
		answered("/api/v1/edition", "/api/v1/edition", data.Edition),
		answered("/api/v1/editions", "/api/v1/editions", b.Editions),
		answered("/api/v1/territoires", "/api/v1/territoires", data.Territoires),
		answered("/api/v1/territoires/:ref", "/api/v1/territoires/{type}:{code}", data.Territoire),
		answered("/api/v1/territoires/:ref/contour", "/api/v1/territoires/{type}:{code}/contour", data.Outline),
		answered("/api/v1/gaps", "/api/v1/gaps", data.Gaps),
		answered("/api/v1/zones-blanches", "/api/v1/zones-blanches", data.Zones),
		answered("/api/v1/lieux", "/api/v1/lieux", data.Lieux),
		answered("/api/v1/lieux/:id", "/api/v1/lieux/{id}", data.LieuServes),
		answered("/api/v1/lieux/:id/horaires", "/api/v1/lieux/{id}/horaires", data.LieuHours),
		answered("/api/v1/acces", "/api/v1/acces", data.Column),
		answered("/api/v1/acces/:row", "/api/v1/acces/{row}", data.Cell),
		answered("/api/v1/acces/:row/trajets", "/api/v1/acces/{row}/trajets", data.Trips),
		answered("/api/v1/moment", "/api/v1/moment", data.Moment),
		answered("/api/v1/repartition", "/api/v1/repartition", data.Bands),
		answered("/api/v1/ifn", "/api/v1/ifn", data.Index),
		answered("/api/v1/ifn/points", "/api/v1/ifn/points", data.Points),
		answered("/api/v1/ifn/completude", "/api/v1/ifn/completude", data.Completeness),
		answered("/api/v1/indicateurs", "/api/v1/indicateurs", b.Indicateurs),
		answered("/api/v1/travaux", "/api/v1/travaux", b.Travaux),
		answered("/api/v1/gains", "/api/v1/gains", data.Gains),
		answered("/territoires/:ref", "/territoires/{type}:{code}", s.pages.Territoire),
		answered("/carte.svg", "/carte.svg", page.Picture),
		answered("/embed", "/embed", s.pages.Embed),
		answered("/oembed", "/oembed", s.pages.OEmbed),
		answered("/integrer", "/integrer", s.pages.Generator),
		answered("/tiles/:file", "/tiles/{layer}.json", getTileJSON),
		answered("/tiles/:layer/:z/:x/:y", "/tiles/{layer}/{z}/{x}/{y}.mvt", s.getTile),
		answered("/ogc/collections/:collection/tiles/"+ogc.WebMercatorQuad+"/:tileMatrix/:tileRow/:tileCol", ogcTileDoc, s.getOGCTile),
	}
}

// always makes a handler of a reply that no edition changes.
func (s *Server) always(r *reply.Reply) echo.HandlerFunc {
	return func(c echo.Context) error { return reply.Send(c, r) }
}

func (s *Server) beside() data.Beside { return data.Beside{Desk: s.desk, History: s.history} }

// serve makes a handler of a route.
func (s *Server) serve(r route) echo.HandlerFunc {
	return func(c echo.Context) error {
		snap := pinned(c)
		if snap == nil {
			return notReady()
		}
		req := &params.Request{Raw: c.Request().URL.RawQuery, Root: root(c), Referer: c.Request().Referer(), Accept: c.Request().Header.Get("Accept"), Path: func(name string) string { return unescaped(c, name) }}
		if names := c.ParamNames(); len(names) > 0 {
			req.Arg = req.Path(names[len(names)-1])
		}
		answer, err := r.answer(c.Request().Context(), snap, req)
		if err != nil {
			return err
		}
		return reply.Send(c, answer)
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
	b := s.beside()
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
	get("/openapi.json", "/openapi.json", s.always(s.openapi))
	get("/docs", "/docs", s.always(s.docs))
	get("/pmtiles/:file", "/pmtiles/{archive}.json", s.getArchive)
	get("/pmtiles/:archive/:z/:x/:y", "/pmtiles/{archive}/{z}/{x}/{y}.mvt", s.getArchivedTile)
	get("/api/v1/scenarios", "/api/v1/scenarios", s.desk.ListScenarios)
	get("/api/v1/scenarios/:id", "/api/v1/scenarios/{id}", func(c echo.Context) error {
		r, err := b.Scenario(c.Request().Context(), c.Param("id"))
		if err != nil {
			return err
		}
		return reply.Send(c, r)
	})
	get("/api/v1/scenarios/:id/difference", "/api/v1/scenarios/{id}/difference", s.serve(route{answer: b.Difference}))
	get("/scenarios/:id", "/scenarios/{id}", s.serve(route{answer: s.pages.Scenario}))
	get("/accessibilite", "/accessibilite", s.always(s.access))
	get("/api/v1/integrations", "/api/v1/integrations", s.desk.ListIntegrations)
	get("/pages.css", "/pages.css", s.always(s.style))
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

// postSimulation answers a scenario that is sent.
func (s *Server) postSimulation(c echo.Context) error {
	snap := pinned(c)
	if snap == nil {
		return notReady()
	}
	body, err := data.Simulation(c.Request().Context(), snap, c.Request())
	if err != nil {
		return err
	}
	return reply.SendOnce(c, echo.MIMEApplicationJSON, body)
}

// ogcRoutes registers the resources of /ogc.
func (s *Server) ogcRoutes(get func(path, doc string, h echo.HandlerFunc)) {
	documents := collections.API{Pages: s.pages, Desk: s.desk}
	for _, resource := range collections.Resources() {
		get("/ogc"+resource.Path, "/ogc"+resource.Doc, s.serve(route{answer: func(ctx context.Context, snap *snapshot.Snapshot, r *params.Request) (*reply.Reply, error) {
			return documents.Answer(ctx, snap, r, resource)
		}}))
	}
	get("/ogc/", "/ogc", func(c echo.Context) error { return c.Redirect(http.StatusMovedPermanently, s.base+"/ogc") })
}
