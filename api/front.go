package api

import (
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/client"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// snapshotKey is where a request's context keeps the snapshot it reads.
const snapshotKey = "maillage.snapshot"

// clientKey is where it keeps who asks.
const clientKey = "maillage.client"

// root is the address of the root as the client sees it, without a slash at its end.
func root(c echo.Context) string {
	who, _ := c.Get(clientKey).(client.Client)
	return who.Root()
}

// pinned is the snapshot that a request reads, nil before the first edition.
func pinned(c echo.Context) *snapshot.Snapshot {
	s, _ := c.Get(snapshotKey).(*snapshot.Snapshot)
	return s
}

// Headers of every reply, made once: a tile is sent in a few microseconds.
var (
	headerNosniff   = []string{"nosniff"}
	headerReferrer  = []string{"strict-origin-when-cross-origin"}
	headerAnyOrigin = []string{"*"}
	headerExposed   = []string{"ETag, X-Maillage-Edition, Content-Crs"}
)

// front is the first to see a request: it pins the snapshot, sets the headers of
// every reply, answers errors and measures.
func (s *Server) front(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		start := time.Now()
		h := c.Response().Header()
		h["X-Content-Type-Options"] = headerNosniff
		h["Referrer-Policy"] = headerReferrer
		if rest, ok := strings.CutPrefix(c.Request().URL.Path, s.base); !ok || !strings.HasPrefix(rest, "/tiles/") { // nothing in a tile is run
			h["Content-Security-Policy"] = s.policy
		}
		if s.shared(c.Request().URL.Path) {
			h["Access-Control-Allow-Origin"] = headerAnyOrigin
			h["Access-Control-Expose-Headers"] = headerExposed
		}
		if snap := s.current.Load(); snap != nil {
			c.Set(snapshotKey, snap)
			h["X-Maillage-Edition"] = snap.Header
		}
		who := s.door.Who(c.Request(), s.base)
		c.Set(clientKey, who)
		reply.Bound(c, s.sending)
		c.SetRequest(c.Request().WithContext(gate.As(c.Request().Context(), who.Key())))
		if err := next(c); err != nil {
			c.Error(err)
		}
		elapsed := time.Since(start)
		s.metrics.observe(s.label(c), c.Request().Method, c.Response().Status, elapsed)
		if !s.log.Enabled(c.Request().Context(), slog.LevelDebug) {
			return nil
		}
		s.log.Debug("request", "client", who.Key(), "method", c.Request().Method, "path", c.Request().URL.Path, "status", c.Response().Status,
			"bytes", c.Response().Size, "elapsed", elapsed)
		return nil
	}
}

// shared reports whether pages of any origin may read a path.
func (s *Server) shared(path string) bool {
	rest, ok := strings.CutPrefix(path, s.base)
	return ok && (strings.HasPrefix(rest, "/api/") || strings.HasPrefix(rest, "/tiles/") || strings.HasPrefix(rest, "/pmtiles/") || rest == "/ogc" || strings.HasPrefix(rest, "/ogc/") || rest == "/openapi.json")
}

// maxAddress is the longest address that is read, in bytes: ten times the longest
// that the contract can make.
const maxAddress = 4096

// limit refuses addresses that no honest client sends, and bodies while too many are held.
func (s *Server) limit(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if n := len(c.Request().RequestURI); n > maxAddress {
			return problem.New(problem.Length, "L'adresse fait %d octets ; il en faut au plus %d.", n, maxAddress)
		}
		r := c.Request()
		if r.ContentLength == 0 {
			return next(c)
		}
		bytes := scenario.MaxBytes // of the largest body that is read
		if r.ContentLength > 0 {
			bytes = int(min(r.ContentLength, scenario.MaxBytes))
		}
		release, err := s.taking.Hold(gate.Client(r.Context()), r, bytes)
		if err != nil {
			return err
		}
		defer release()
		return next(c)
	}
}

// preflight answers what browsers ask before a request from another origin.
func (s *Server) preflight(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) error {
		if c.Request().Method != http.MethodOptions || !s.shared(c.Request().URL.Path) {
			return next(c)
		}
		h := c.Response().Header()
		h.Set("Access-Control-Allow-Methods", "GET, HEAD, OPTIONS")
		h.Set("Access-Control-Allow-Headers", "If-None-Match, Range")
		h.Set("Access-Control-Max-Age", "86400")
		h.Set("Allow", "GET, HEAD, OPTIONS")
		return c.NoContent(http.StatusNoContent)
	}
}

// contentPolicy lets a page load from its own origin, and pictures and tiles from the
// background map's; and pages of ancestors show it in a frame.
func contentPolicy(basemap, ancestors string) string {
	if basemap != "" {
		basemap = " " + basemap
	}
	return "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:" + basemap + "; connect-src 'self'" + basemap +
		"; style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors " + ancestors
}

// basemapOrigin is the origin of a background map's address, as a content
// security policy writes it: a {s} in the host stands for any subdomain.
func basemapOrigin(address string) (string, error) {
	if address == "" {
		return "", nil
	}
	u, err := url.Parse(strings.Replace(address, "//{s}.", "//*.", 1))
	if err != nil {
		return "", fmt.Errorf("basemap: %w", err)
	}
	if u.Scheme != "https" && u.Scheme != "http" || u.Host == "" {
		return "", errors.New("basemap: expected an address that starts with https:// or http://")
	}
	if strings.ContainsAny(u.Host, " ;,'\"{}") || strings.Contains(strings.TrimPrefix(u.Host, "*."), "*") {
		return "", fmt.Errorf("basemap: host %q: not a host name", u.Host)
	}
	return u.Scheme + "://" + u.Host, nil
}
