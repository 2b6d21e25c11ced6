package api

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"net"
	"net/http"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/snapshot"
)

// TestSwapUnderLoad publishes two editions in turn under many readers. They have
// different resolutions, so a reply that mixed them could not pass.
func TestSwapUnderLoad(t *testing.T) {
	s, fine := serving(t, Options{})
	coarse := editionAt(t, resolution-1)
	rows := map[string]int{fine.ID: fine.Pyramid.Rows, coarse.ID: coarse.Pyramid.Rows}
	resolutionOf := map[string]int{fine.ID: resolution, coarse.ID: resolution - 1}
	done := make(chan struct{})
	var readers sync.WaitGroup
	for range 4 {
		readers.Go(func() {
			for i := 0; ; i++ {
				select {
				case <-done:
					return
				default:
				}
				target := []string{"/api/v1/gaps?cutoff=", "/api/v1/acces/0?cutoff=", "/api/v1/zones-blanches?cutoff=", "/api/v1/acces?cutoff=", "/api/v1/edition?"}[i%5]
				if !strings.HasSuffix(target, "?") {
					target += []string{"3", "4", "5"}[i%3]
				}
				rec := do(s, http.MethodGet, target)
				id := rec.Header().Get("X-Maillage-Edition")
				if rec.Code != http.StatusOK || rows[id] == 0 {
					t.Errorf("GET %s = %d of edition %q", target, rec.Code, id)
					return
				}
				if strings.HasPrefix(target, "/api/v1/acces?") {
					if rec.Body.Len() != rows[id] {
						t.Errorf("GET %s: %d values under edition %s, which has %d rows", target, rec.Body.Len(), id, rows[id])
					}
					continue
				}
				var body struct {
					Edition string
					Params  struct{ Resolution int }
				}
				if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil || body.Edition != id {
					t.Errorf("GET %s: body of edition %q under header %q: %v", target, body.Edition, id, err)
				}
				if r := body.Params.Resolution; r != 0 && r != resolutionOf[id] {
					t.Errorf("GET %s: resolution %d under edition %s", target, r, id)
				}
			}
		})
	}
	for range 10 {
		for _, e := range []string{coarse.ID, fine.ID} {
			next := fine
			if e == coarse.ID {
				next = coarse
			}
			if err := s.Publish(next); err != nil {
				t.Error(err)
			}
			time.Sleep(5 * time.Millisecond)
		}
	}
	close(done)
	readers.Wait()
}

func TestServeStopsGracefully(t *testing.T) {
	s, e := serving(t, Options{})
	entered, release := make(chan struct{}), make(chan struct{})
	s.handler.(*echo.Echo).GET("/lent", func(c echo.Context) error {
		close(entered)
		<-release
		return c.String(http.StatusOK, "fini")
	})
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, stop := context.WithCancel(context.Background())
	served := make(chan error, 1)
	go func() { served <- s.Serve(ctx, ln) }()
	base := "http://" + ln.Addr().String()

	rsp, err := http.Get(base + "/api/v1/edition")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = io.Copy(io.Discard, rsp.Body)
	rsp.Body.Close()
	if got := rsp.Header.Get("X-Maillage-Edition"); got != e.ID {
		t.Errorf("X-Maillage-Edition = %q, want %q", got, e.ID)
	}

	slow := make(chan string, 1)
	go func() {
		rsp, err := http.Get(base + "/lent")
		if err != nil {
			slow <- err.Error()
			return
		}
		defer rsp.Body.Close()
		body, _ := io.ReadAll(rsp.Body)
		slow <- string(body)
	}()
	<-entered
	stop()
	select {
	case err := <-served:
		t.Fatalf("Serve returned (%v) with a request under way", err)
	case <-time.After(50 * time.Millisecond):
	}
	close(release)
	if got := <-slow; got != "fini" {
		t.Errorf("the request under way got %q", got)
	}
	if err := <-served; err != nil {
		t.Errorf("Serve = %v, want nil", err)
	}
	if _, err := http.Get(base + "/healthz"); err == nil {
		t.Error("still listening after Serve returned")
	}
}

func TestServeReportsAListenerThatFails(t *testing.T) {
	ln, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ln.Close()
	if err := New(Options{}).Serve(context.Background(), ln); err == nil || !strings.HasPrefix(err.Error(), "serve: ") || !errors.Is(err, net.ErrClosed) {
		t.Errorf("Serve on a closed listener = %v", err)
	}
}

func TestAClientThatLeavesStopsWaiting(t *testing.T) {
	s, _ := serving(t, Options{})
	snap := s.current.Load()
	release := make(chan struct{})
	var busy sync.WaitGroup
	defer busy.Wait()
	defer close(release)
	for range turns().Turns { // every processor is busy
		started := make(chan struct{})
		busy.Go(func() {
			_ = s.gate.Do(t.Context(), gate.Light, func(context.Context) error { close(started); <-release; return nil })
		})
		<-started
	}
	ctx, leave := context.WithCancel(context.Background())
	leave()
	if _, err := snap.Cached(ctx, gate.Light, snapshot.KeyOf("essai", 0), nil); !errors.Is(err, context.Canceled) {
		t.Errorf("waiting for a turn after leaving = %v, want %v", err, context.Canceled)
	}
	if f := problemOf(context.Canceled); f.Kind.Status() != http.StatusServiceUnavailable {
		t.Errorf("status %d for a request that was left", f.Kind.Status())
	}
}

// TestWhatIsTooMuchIsRefused with a sentence, and the time to come back; what is small,
// or known, is answered all the same.
func TestWhatIsTooMuchIsRefused(t *testing.T) {
	s, e := serving(t, Options{})
	known := "/api/v1/acces?mesure=minutes"
	get(t, s, known)
	release := make(chan struct{})
	var busy sync.WaitGroup
	defer busy.Wait()
	defer close(release)
	for range turns().Turns + turns().PerClient {
		busy.Go(func() {
			_ = s.gate.Do(gate.As(t.Context(), "192.0.2.1"), gate.Light, func(context.Context) error { <-release; return nil })
		})
	}
	for _, waiting := s.gate.Busy(); waiting < turns().PerClient; _, waiting = s.gate.Busy() {
		runtime.Gosched()
	}
	rec := do(s, http.MethodGet, "/api/v1/acces?mesure=classe&cutoff=7") // of httptest's client, 192.0.2.1
	if rec.Code != http.StatusServiceUnavailable || rec.Header().Get("Retry-After") != "5" || rec.Header().Get("Content-Type") != problem.ContentType ||
		!strings.Contains(rec.Body.String(), "réessayez dans quelques secondes") {
		t.Errorf("%d %v %s", rec.Code, rec.Header(), rec.Body)
	}
	for _, path := range []string{known, "/healthz", "/api/v1/edition", "/tiles/cells.json", "/tiles/cells/8/0/0.mvt", "/ogc", "/api/v1/lieux"} {
		if rec := do(s, http.MethodGet, path); rec.Code >= 300 {
			t.Errorf("%s: %d while the turns are taken in edition %s", path, rec.Code, e.ID)
		}
	}
}
