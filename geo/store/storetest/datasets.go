package storetest

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/store"
)

// datasets are listed with the time of their import, and one is removed with its rows alone.
func (e *exam) datasets(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		ctx := context.Background()
		a, b := on.rows(e.seed, 7), on.rows(e.seed+1, 5)
		want := []store.Manifest{mustPut(t, s, on, "a", a), mustPut(t, s, on, "b", b)}
		list := func(when string, want ...store.Manifest) {
			t.Helper()
			held, err := s.Held(ctx)
			var got []store.Manifest
			for _, h := range held {
				got = append(got, h.Manifest)
				if at, err := time.Parse(time.RFC3339, h.Imported); err != nil || at.Location() != time.UTC || time.Since(at) > time.Hour {
					t.Errorf("dataset %s was imported %q; want a recent RFC 3339 time in UTC", h.Dataset, h.Imported)
				}
			}
			if diff := cmp.Diff(want, got, exactly); diff != "" || err != nil {
				t.Errorf("Held() %s: %v (-want +got):\n%s", when, err, diff)
			}
		}
		list("after two imports", want...)
		other := store.Communes.Kind
		if on.kind() == other {
			other = store.EPCI.Kind
		}
		for _, c := range []struct {
			kind    store.Kind
			dataset string
		}{{on.kind(), "A"}, {on.kind(), ""}, {on.kind(), "%"}, {other, "a"}} {
			if err := s.Remove(ctx, c.kind, c.dataset); !errors.Is(err, store.ErrNotFound) {
				t.Errorf("Remove(%s, %q): %v; want ErrNotFound", c.kind, c.dataset, err)
			}
		}
		if err := s.Remove(ctx, "nuages", "a"); err == nil {
			t.Error("a kind that there is not: removed")
		}
		cancelled, cancel := context.WithCancel(ctx)
		cancel()
		if err := s.Remove(cancelled, on.kind(), "a"); !errors.Is(err, context.Canceled) {
			t.Errorf("Remove cancelled: %v; want context.Canceled", err)
		}
		expect(t, s, on, "after removals that were refused", on.join(a, b))
		if err := s.Remove(ctx, on.kind(), "a"); err != nil {
			t.Fatal(err)
		}
		list("after a removal", want[1])
		expect(t, s, on, "after a removal", b)
		mustPut(t, s, on, "a", a)
		expect(t, s, on, "imported again", on.join(a, b))
	})
}
