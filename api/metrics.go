package api

import (
	"net/http"
	"strconv"
	"time"

	"github.com/labstack/echo/v4"
	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"github.com/prometheus/client_golang/prometheus/promhttp"

	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// metrics are what the server counts, in a registry of its own: two servers in
// one process do not mix.
type metrics struct {
	requests *prometheus.HistogramVec
	tiles    *prometheus.CounterVec
	edition  *prometheus.GaugeVec
	handler  http.Handler
}

func newMetrics(version string) *metrics {
	r := prometheus.NewRegistry()
	m := &metrics{
		requests: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "maillage_http_request_duration_seconds",
			Help:    "Time to answer a request, by route as in /openapi.json.",
			Buckets: []float64{.0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5}}, []string{"route", "method", "code"}),
		tiles: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "maillage_tiles_total",
			Help: "Tiles answered, by layer and whether they hold anything."}, []string{"layer", "outcome"}),
		edition: prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "maillage_edition_info",
			Help: "1 for the edition being served."}, []string{"edition", "program"}),
		handler: promhttp.HandlerFor(r, promhttp.HandlerOpts{}),
	}
	build := prometheus.NewGaugeVec(prometheus.GaugeOpts{Name: "maillage_build_info", Help: "1 for the version of the program."}, []string{"version"})
	build.WithLabelValues(version).Set(1)
	r.MustRegister(m.requests, m.tiles, m.edition, build, collectors.NewGoCollector(),
		collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

func (m *metrics) publish(e *edition.Edition) {
	m.edition.Reset()
	m.edition.WithLabelValues(e.ID, edition.Program).Set(1)
}

func (m *metrics) observe(route, method string, status int, elapsed time.Duration) {
	switch method {
	case http.MethodGet, http.MethodHead, http.MethodOptions:
	default:
		method = "other" // a client must not choose how many series there are
	}
	m.requests.WithLabelValues(route, method, strconv.Itoa(status)).Observe(elapsed.Seconds())
}

// label is the route of a request for the metrics, "other" where there is none.
func (s *Server) label(c echo.Context) string {
	if doc, ok := s.labels[c.Path()]; ok {
		return doc
	}
	return "other"
}

// getMetrics answers in the format that Prometheus reads.
func (s *Server) getMetrics(c echo.Context) error {
	c.Response().Header().Set("Cache-Control", reply.CacheNever)
	s.metrics.handler.ServeHTTP(c.Response(), c.Request())
	return nil
}
