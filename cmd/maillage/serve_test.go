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
)

// faulty is a store whose database goes away between two reads: as often as left says,
// it lists its editions and cannot read one.
type faulty struct {
	opened
	left atomic.Int32
}

func (f *faulty) Edition(ctx context.Context, id string) ([]byte, error) {
	if f.left.Add(-1) >= 0 {
		return nil, errors.New("connection lost")
	}
	return f.opened.Edition(ctx, id)
}

// deaf is a desk whose queue cannot be read: that of a database that lost its schema.
type deaf struct{ desk }

func (deaf) Jobs(context.Context) ([]api.Job, error) { return nil, errors.New("no such table") }

func TestFollow(t *testing.T) {
	file := filepath.Join(t.TempDir(), "aisne.gpkg")
	maillage(t, exitOK, "demo", "--no-serve", "--store", file)
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
		desk api.Desk
		left int32
	}{
		{"an edition that cannot be read twice is read the third time", desk{opened: st}, 2},
		{"a queue that cannot be read holds no edition back", deaf{desk{opened: st}}, 0},
	} {
		t.Run(c.name, func(t *testing.T) {
			reads := &faulty{opened: st}
			reads.left.Store(c.left)
			s := &session{ctx: t.Context(), stdout: io.Discard, stderr: io.Discard, log: slog.New(slog.DiscardHandler)}
			server := api.New(api.Options{Desk: c.desk})
			if err := server.Publish(first); err != nil {
				t.Fatal(err)
			}
			ctx, stop := context.WithCancel(t.Context())
			var following sync.WaitGroup
			following.Go(func() { follow(ctx, s, reads, server, first.ID, 10*time.Millisecond) })
			defer following.Wait()
			defer stop()
			for deadline := time.Now().Add(20 * time.Second); served(t, server) != second.ID; time.Sleep(10 * time.Millisecond) {
				if time.Now().After(deadline) {
					t.Fatalf("serves %s after 20 s, want %s", served(t, server), second.ID)
				}
			}
		})
	}
}

// served is the edition that a server answers from.
func served(t *testing.T, server *api.Server) string {
	t.Helper()
	rec := httptest.NewRecorder()
	server.Handler().ServeHTTP(rec, httptest.NewRequestWithContext(t.Context(), http.MethodGet, "/readyz", nil))
	var body struct{ Edition string }
	if err := json.Unmarshal(rec.Body.Bytes(), &body); err != nil {
		t.Fatalf("/readyz: %v: %s", err, rec.Body)
	}
	return body.Edition
}
