package main

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/api"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/store"
)

// faulty is a store whose database goes away between two reads: as often as left says,
// it lists its editions and cannot read one.
type faulty struct {
	opened
	left atomic.Int32
}

func failing(st opened, times int32) *faulty {
	f := &faulty{opened: st}
	f.left.Store(times)
	return f
}

func (f *faulty) ReadEdition(ctx context.Context, id string, read func(io.Reader) error) error {
	if f.left.Add(-1) >= 0 {
		return errors.New("connection lost")
	}
	return f.opened.ReadEdition(ctx, id, read)
}

// hung is a store that does not answer once an edition is asked for.
type hung struct{ opened }

func (hung) ReadEdition(ctx context.Context, _ string, _ func(io.Reader) error) error {
	<-ctx.Done()
	return ctx.Err()
}

// deaf is a desk whose queue cannot be read: that of a database that lost its schema.
type deaf struct{ keeper }

func (deaf) Jobs(context.Context) ([]desk.Job, error) { return nil, errors.New("no such table") }

func TestFollow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "aisne.gpkg")
	maillage(t, exitOK, "demo", "--no-serve", "--resolution", "7", "--store", file)
	st, err := openStore(t.Context(), file, false)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	first, _, err := loadEdition(t.Context(), st, "")
	if err != nil {
		t.Fatal(err)
	}
	maillage(t, exitOK, "compute", "--resolution", "6", "--store", file)
	second, _, err := loadEdition(t.Context(), st, "")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		name string
		desk desk.Store
		st   store.Editions
		want ready
	}{
		{"an edition that cannot be read twice is read the third time", keeper{opened: st}, failing(st, 2), ready{second.ID, "ok"}},
		{"a queue that cannot be read holds no edition back", deaf{keeper{opened: st}}, st, ready{second.ID, "degraded"}},
		{"a store that hangs while an edition is read is told of", deaf{keeper{opened: st}}, hung{st}, ready{first.ID, "degraded"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := &session{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard, log: slog.New(slog.DiscardHandler)}
			server := api.New(api.Options{Desk: c.desk})
			if err := server.Publish(first); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			var following sync.WaitGroup
			following.Go(func() { follow(ctx, s, c.st, server, first.ID, 10*time.Millisecond) })
			defer following.Wait()
			defer stop()
			for deadline := time.Now().Add(20 * time.Second); readiness(t, server) != c.want; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("after 20 s: %+v, want %+v", readiness(t, server), c.want)
				}
			}
		})
	}
}

// ready is what /readyz tells.
type ready struct{ Edition, Status string }

func readiness(t *testing.T, server *api.Server) (r ready) {
	t.Helper()
	rec := httptest.NewRecorder()
	server.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	if err := json.Unmarshal(rec.Body.Bytes(), &r); err != nil {
		t.Fatalf("/readyz: %v: %s", err, rec.Body)
	}
	return r
}
