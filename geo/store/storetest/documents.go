package storetest

import (
	"bytes"
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/store"
)

func (e *exam) documents(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	put := func(kind, id string, data []byte) {
		t.Helper()
		if err := s.PutDocument(ctx, kind, id, data); err != nil {
			t.Fatal(err)
		}
	}
	list := func(kind string, want ...string) {
		t.Helper()
		all, err := s.Documents(ctx, kind)
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, d := range all {
			got = append(got, d.ID+"="+string(d.Data))
			if at, err := time.Parse(time.RFC3339, d.Updated); err != nil || time.Since(at) > time.Hour || d.Kind != kind {
				t.Errorf("document %s %s was updated %q", d.Kind, d.ID, d.Updated)
			}
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("documents %s (-want +got):\n%s", kind, diff)
		}
	}
	list("scenario")
	put("scenario", "été", []byte("1"))
	put("scenario", "B", []byte("2"))
	put("scenario", "a", []byte{0, 0xff})
	put("token", "a", nil)
	put("scenario", "B", []byte("3"))
	list("scenario", "B=3", "a=\x00\xff", "été=1")
	list("token", "a=")
	if d, err := s.Document(ctx, "scenario", "a"); err != nil || !bytes.Equal(d.Data, []byte{0, 0xff}) || d.ID != "a" {
		t.Errorf("Document(a) = %+v, %v", d, err)
	}
	for _, id := range []string{"", "b", "A", "a "} {
		if _, err := s.Document(ctx, "scenario", id); !errors.Is(err, store.ErrNotFound) {
			t.Errorf("Document(%q): %v; want ErrNotFound", id, err)
		}
	}
	for range 2 { // the second time it is not there
		if err := s.DeleteDocument(ctx, "scenario", "B"); err != nil {
			t.Fatal(err)
		}
	}
	list("scenario", "a=\x00\xff", "été=1")
	for what, err := range map[string]error{
		"no id":        s.PutDocument(ctx, "scenario", "", nil),
		"an odd kind":  s.PutDocument(ctx, "Scénario", "x", nil),
		"a NUL":        s.PutDocument(ctx, "scenario", "a\x00", nil),
		"a long id":    s.PutDocument(ctx, "scenario", strings.Repeat("x", 501), nil),
		"5 MiB":        s.PutDocument(ctx, "scenario", "x", make([]byte, 5<<20)),
		"half a visit": s.AddVisits(ctx, []store.Visits{{Day: "2026-01-01", Page: "carte", Count: 1}, {Day: "hier", Page: "carte", Count: 1}}),
	} {
		if err == nil {
			t.Errorf("%s: accepted", what)
		}
	}
	if visits, err := s.Visits(ctx); err != nil || len(visits) != 0 {
		t.Errorf("Visits() after some were refused = %v, %v; want none", visits, err)
	}
}

// visits are counted by many at once, and none is lost.
func (e *exam) visits(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	const servers, rounds = 4, 10
	var all sync.WaitGroup
	for range servers {
		all.Go(func() {
			for range rounds {
				if err := s.AddVisits(ctx, []store.Visits{{Day: "2026-11-25", Page: "carte", Count: 2}, {Day: "2026-11-24", Page: "territoire", Count: 1}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	all.Wait()
	got, err := s.Visits(ctx)
	want := []store.Visits{{Day: "2026-11-24", Page: "territoire", Count: servers * rounds}, {Day: "2026-11-25", Page: "carte", Count: 2 * servers * rounds}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Errorf("visits: %v (-want +got):\n%s", err, diff)
	}
}
