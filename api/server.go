package api

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"runtime"
	"runtime/debug"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/client"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/page"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/api/web"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

// Options configures a Server. The zero value serves at the root, without a
// background map, and logs nowhere.
type Options struct {
	Logger *slog.Logger
	// Basemap is the address of the background map, with {z}, {x} and {y}; empty:
	// none. Its origin is allowed by the content security policy.
	Basemap string
	// BasePath is the path that everything is served below, as "/carte".
	BasePath string
	// EmbedHosts are the hosts whose pages may show embeds that name no registration; see
	// [desk.ParseHosts]. None, or one that it refuses: the server's own pages only.
	EmbedHosts []string
	// Version is the program's, for the metrics.
	Version string
	// Desk keeps what is not of an edition; nil: nothing is kept, and the editions
	// that can be named are those published to this Server. See [desk.Desk.Refresh].
	Desk desk.Store
	// Archives are served below /pmtiles/, by name.
	Archives map[string]*pmtiles.Archive
	// Warm makes the tiles of an edition ahead, once it is served.
	Warm bool
	// Door says who asks; nil: each connection, and nobody else is believed.
	Door *client.Door
}

// Server serves the edition last published. It is safe for concurrent use.
type Server struct {
	log     *slog.Logger
	options Options
	base    string
	policy  []string // Content-Security-Policy
	basemap string   // origin of the background map, empty: none
	pages   *page.Pages
	current atomic.Pointer[snapshot.Snapshot]
	metrics *metrics
	gate    *gate.Gate
	sending *gate.Budget // bytes of large replies
	taking  *gate.Budget // bytes of bodies of requests
	door    *client.Door
	handler http.Handler
	labels  map[string]string // of Echo's paths, for the metrics

	static  map[string]*reply.Reply
	openapi *reply.Reply
	config  *reply.Reply
	style   *reply.Reply
	docs    *reply.Reply
	access  *reply.Reply // /accessibilite
	desk    *desk.Desk

	mu        sync.Mutex // guards what follows, and the order of publications
	published []desk.EditionInfo
	cool      context.CancelFunc // stops making tiles ahead; nil: none are made
}

// New prepares a server; it answers 503 until an edition is published.
func New(o Options) *Server {
	s := &Server{log: o.Logger, options: o, metrics: newMetrics(o.Version), gate: gate.New(turns()), sending: gate.NewBudget(maxSending, maxSendingEach), taking: gate.NewBudget(maxTaking, maxTakingEach)}
	if s.log == nil {
		s.log = slog.New(slog.DiscardHandler)
	}
	if path := strings.Trim(o.BasePath, "/"); path != "" {
		s.base = "/" + path
	}
	origin, err := basemapOrigin(o.Basemap)
	if err != nil {
		s.log.Warn("background map left out", "basemap", o.Basemap, "error", err)
		s.options.Basemap = ""
	}
	if s.options.EmbedHosts, err = desk.ParseHosts(o.EmbedHosts); err != nil {
		s.log.Warn("hosts of embeds left out", "error", err)
	}
	s.desk = desk.New(o.Desk, s.log, s.options.EmbedHosts)
	if s.door = o.Door; s.door == nil {
		s.door = &client.Door{}
	}
	s.basemap, s.policy = origin, []string{contentPolicy(origin, "'self'")}
	files, built := web.Files()
	if !built {
		s.log.Warn("the map was not built; run: make web")
	}
	s.static = mustReply(embedded())
	s.pages = &page.Pages{Base: s.base, Policy: func(ancestors string) string { return contentPolicy(origin, ancestors) }, Assets: mustReply(page.ReadAssets(files)), Desk: s.desk}
	s.openapi = mustReply(reply.New(ogc.TypeOpenAPI, openapiDocument))
	s.style = mustReply(page.Style())
	s.docs = mustReply(newDocsPage(s.base))
	s.access = mustReply(s.pages.Accessibility(cmp.Or(o.Version, "maillage")))
	s.config = mustReply(reply.JSON(reply.TypeJSON, configJSON{s.options.Basemap}))

	e := echo.New()
	e.HTTPErrorHandler = s.fail
	e.Logger.SetOutput(logWriter{s.log})
	e.Pre(s.front, s.limit, s.preflight)
	e.Use(s.recover)
	s.routes(e)
	s.handler = e
	return s
}

// turns bounds what is computed at once: more than the processors would only make each
// of them later.
func turns() gate.Limits {
	n := max(2, runtime.GOMAXPROCS(0))
	return gate.Limits{Turns: n, Heavy: (n + 1) / 2, Waiting: 512, PerClient: 32, Patience: 5 * time.Second}
}

// Bounds of the bytes that are held while they come and go, for all and for one client.
const (
	maxSending, maxSendingEach = 256 << 20, 64 << 20
	maxTaking, maxTakingEach   = 64 << 20, 16 << 20
)

// mustReply is for what is embedded in the program: an error is a broken build.
func mustReply[T any](v T, err error) T {
	if err != nil {
		panic("api: " + err.Error())
	}
	return v
}

// Publish prepares all that requests need from an edition, and swaps it in whole.
// Requests under way finish with the edition they started with.
func (s *Server) Publish(e *edition.Edition) error {
	if e == nil {
		return errors.New("publish: no edition")
	}
	start := time.Now()
	snap, err := snapshot.New(e, s.gate)
	if err != nil {
		return fmt.Errorf("publish edition %s: %w", e.ID, err)
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.current.Store(snap)
	s.metrics.publish(e)
	list := []desk.EditionInfo{{ID: e.ID}}
	for _, info := range s.published {
		if info.ID != e.ID {
			list = append(list, info)
		}
	}
	s.published = list
	if s.options.Warm {
		if s.cool != nil {
			s.cool() // nobody asks the edition before this one
		}
		var ctx context.Context
		ctx, s.cool = context.WithCancel(context.Background())
		go s.warm(ctx, snap)
	}
	s.log.Info("edition published", "edition", e.ID, "cells", len(e.Grid.Cells), "elapsed", time.Since(start))
	return nil
}

// warm makes tiles ahead. Those that are asked for meanwhile are made at once.
func (s *Server) warm(ctx context.Context, snap *snapshot.Snapshot) {
	start := time.Now()
	made, err := snap.Tiles.Warm(ctx, snap.DefaultQuery())
	if err != nil && !errors.Is(err, context.Canceled) {
		s.log.Error("tiles not made ahead", "edition", snap.ID, "error", err)
		return
	}
	s.log.Info("tiles made ahead", "edition", snap.ID, "tiles", made, "elapsed", time.Since(start))
}

func (s *Server) history() []desk.EditionInfo {
	if list := s.desk.Seen().Editions; list != nil {
		return list
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.published
}

// Refresh reads what is kept beside editions; see [desk.Desk.Refresh].
func (s *Server) Refresh(ctx context.Context) error { return s.desk.Refresh(ctx) }

// Handler is everything that the server serves.
func (s *Server) Handler() http.Handler { return s.handler }

// How long a client may take. Replies are made in milliseconds; the rest is the
// slowest network that is still served.
const (
	headerTimeout   = 5 * time.Second
	readTimeout     = 15 * time.Second
	idleTimeout     = 2 * time.Minute
	shutdownTimeout = 10 * time.Second
	maxHeaderBytes  = 32 << 10
)

// Serve answers on ln until ctx ends; it then stops listening, lets requests
// under way finish for at most 10 seconds, and returns nil when they all did.
func (s *Server) Serve(ctx context.Context, ln net.Listener) error {
	srv := &http.Server{Handler: s.handler, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, WriteTimeout: reply.WriteTimeout,
		IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes, ErrorLog: slog.NewLogLogger(s.log.Handler(), slog.LevelDebug)}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(ln) }()
	select {
	case err := <-failed:
		return fmt.Errorf("serve: %w", err)
	case <-ctx.Done():
	}
	// ctx has ended, but requests under way still have their time.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), shutdownTimeout)
	defer cancel()
	if err := srv.Shutdown(grace); err != nil {
		return fmt.Errorf("serve: requests cut short: %w", err)
	}
	return nil
}

// recover turns a panic into an error; the stack goes to the log only.
func (s *Server) recover(next echo.HandlerFunc) echo.HandlerFunc {
	return func(c echo.Context) (err error) {
		defer func() {
			switch r := recover(); {
			case r == nil:
			case r == http.ErrAbortHandler:
				panic(r)
			default:
				err = fmt.Errorf("panic: %v\n%s", r, debug.Stack())
			}
		}()
		return next(c)
	}
}

// logWriter sends what Echo itself logs to the server's log.
type logWriter struct{ log *slog.Logger }

func (w logWriter) Write(p []byte) (int, error) {
	w.log.Warn("echo", "message", strings.TrimSpace(string(p)))
	return len(p), nil
}
