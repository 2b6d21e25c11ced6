package storetest

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/store"
)

func (e *exam) failing(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		old, next := on.rows(e.seed, 20), on.rows(e.seed+1, 30)
		mustPut(t, s, on, "essai", old)
		before, err := s.Manifests(context.Background())
		if err != nil {
			t.Fatal(err)
		}
		stop := errors.New("the file ends in the middle of a row")
		for _, at := range []int{0, 1, 15, 30} {
			_, err := on.put(context.Background(), s, manifest("essai"), next, func(i int) error {
				if i == at {
					return stop
				}
				return nil
			})
			if !errors.Is(err, stop) {
				t.Errorf("a sequence that fails at row %d: %v; want the error of the sequence, wrapped", at, err)
			}
			expect(t, s, on, fmt.Sprintf("after a sequence that failed at row %d", at), old)
		}
		for _, at := range []int{-1, 0, 15, 30} { // -1: before the call
			ctx, cancel := context.WithCancel(context.Background())
			if at < 0 {
				cancel()
			}
			_, err := on.put(ctx, s, manifest("essai"), next, func(i int) error {
				if i == at {
					cancel()
				}
				return nil
			})
			cancel()
			if !errors.Is(err, context.Canceled) {
				t.Errorf("cancelled at row %d: %v; want context.Canceled, wrapped", at, err)
			}
			expect(t, s, on, fmt.Sprintf("after an import cancelled at row %d", at), old)
		}
		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic of a sequence did not come through")
				}
			}()
			_, _ = on.put(context.Background(), s, manifest("essai"), next, func(i int) error {
				if i == 15 {
					panic("a reader with a bug")
				}
				return nil
			})
		}()
		expect(t, s, on, "after a sequence that panicked", old)
		after, err := s.Manifests(context.Background())
		if diff := cmp.Diff(before, after); diff != "" || err != nil {
			t.Errorf("manifests after imports that failed: %v (-want +got):\n%s", err, diff)
		}
		mustPut(t, s, on, "essai", next)
		expect(t, s, on, "after an import that succeeds again", next)
	})
}

func (e *exam) oldRowsMeanwhile(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		old, next := on.rows(e.seed, 20), on.rows(e.seed+1, 30)
		mustPut(t, s, on, "essai", old)
		_, err := on.put(context.Background(), s, manifest("essai"), next, func(i int) error {
			if i%10 == 0 {
				expect(t, s, on, fmt.Sprintf("while the import is at row %d", i), old)
				if m, err := s.Manifests(context.Background()); err != nil || len(m) != 1 || m[0].Rows != 20 {
					t.Errorf("Manifests() while the import is at row %d = %v, %v; want the old one", i, m, err)
				}
			}
			return nil
		})
		if err != nil {
			t.Fatal(err)
		}
		expect(t, s, on, "once the import has ended", next)
	})
}

// neverMixed imports two versions in turn while others read.
func (e *exam) neverMixed(t *testing.T) {
	e.each(t, func(t *testing.T, s store.Store, on subject) {
		const turns, readers = 6, 3
		versions := [2]any{on.rows(e.seed, 25), on.rows(e.seed+1, 35)}
		var seen [2]any // the same, as the store gives them: quick to compare
		for i, v := range versions {
			mustPut(t, s, on, "essai", v)
			var err error
			if seen[i], err = on.get(context.Background(), s); err != nil {
				t.Fatal(err)
			}
		}
		done := make(chan struct{})
		var reads atomic.Int64
		var all sync.WaitGroup
		for range readers {
			all.Go(func() {
				for {
					select {
					case <-done:
						return
					default:
					}
					got, err := on.get(context.Background(), s)
					if err != nil {
						t.Errorf("a read during an import: %v", err)
						return
					}
					if !reflect.DeepEqual(got, seen[0]) && !reflect.DeepEqual(got, seen[1]) {
						t.Error("a read gave rows of neither import")
						return
					}
					reads.Add(1)
				}
			})
		}
		for i := range turns {
			mustPut(t, s, on, "essai", versions[i%2])
		}
		close(done)
		all.Wait()
		if !t.Failed() && reads.Load() == 0 {
			t.Error("no read ended while the imports ran")
		}
	})
}

func (e *exam) oneWriter(t *testing.T) {
	s := e.fresh(t)
	var inside, most atomic.Int64
	var all sync.WaitGroup
	for _, on := range subjects {
		all.Go(func() {
			_, err := on.put(context.Background(), s, manifest("essai"), on.rows(e.seed, 20), func(i int) error {
				if i == 0 {
					most.Store(max(most.Load(), inside.Add(1)))
				}
				if i == 20 {
					inside.Add(-1)
				}
				return nil
			})
			if err != nil {
				t.Errorf("%s: %v", on.kind(), err)
			}
		})
	}
	all.Wait()
	if most.Load() != 1 {
		t.Errorf("%d imports ran at a time; want 1", most.Load())
	}
	for _, on := range subjects {
		expect(t, s, on, "after imports at the same time", on.rows(e.seed, 20))
	}
	// One that waits for another can be cancelled.
	ctx, cancel := context.WithCancel(context.Background())
	_, err := subjects[0].put(context.Background(), s, manifest("essai"), subjects[0].rows(e.seed, 1), func(i int) error {
		if i > 0 {
			return nil
		}
		waiting := make(chan error)
		go func() {
			_, err := subjects[1].put(ctx, s, manifest("essai"), subjects[1].rows(e.seed, 1), nil)
			waiting <- err
		}()
		cancel()
		if err := <-waiting; !errors.Is(err, context.Canceled) {
			t.Errorf("an import cancelled while it waited: %v; want context.Canceled", err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

func (e *exam) earlyEnd(t *testing.T) {
	s, ctx := e.fresh(t), context.Background()
	on := subjects[len(subjects)-1]
	mustPut(t, s, on, "essai", on.rows(e.seed, 50))
	for range 100 { // a connection or cursor lost each time would show
		for _, err := range store.Roads.Each(ctx, s) {
			if err != nil {
				t.Fatal(err)
			}
			break
		}
	}
	n := 0
	for _, err := range store.Roads.Each(ctx, s) { // a loop inside a loop, and the old rows to the end
		if err != nil {
			t.Fatal(err)
		}
		if n == 10 {
			mustPut(t, s, on, "essai", on.rows(e.seed+1, 5))
			expect(t, s, on, "inside a loop", on.rows(e.seed+1, 5))
		}
		n++
	}
	if n != 50 {
		t.Errorf("a loop during which the roads were replaced gave %d ways; want the 50 it began with", n)
	}
	ctx, cancel := context.WithCancel(ctx)
	cancel()
	for _, err := range store.Roads.Each(ctx, s) {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("a loop with a cancelled context: %v; want context.Canceled", err)
		}
	}
}

func (e *exam) reopening(t *testing.T) {
	if e.reopen == nil {
		t.Skip("this store does not say how to reopen it")
	}
	s, ctx := e.open(t), context.Background()
	for i, on := range subjects {
		mustPut(t, s, on, "essai", on.rows(e.seed+uint64(i), 30))
	}
	if err := s.PutEdition(ctx, "e1", []byte("one"), nil); err != nil {
		t.Fatal(err)
	}
	manifests, err := s.Manifests(ctx)
	if err != nil {
		t.Fatal(err)
	}
	for range 2 {
		s = e.reopen(t, s)
		for i, on := range subjects {
			expect(t, s, on, "after reopening", on.rows(e.seed+uint64(i), 30))
		}
		again, err := s.Manifests(ctx)
		if diff := cmp.Diff(manifests, again); diff != "" || err != nil {
			t.Errorf("manifests after reopening: %v (-want +got):\n%s", err, diff)
		}
		if data, err := s.Edition(ctx, "e1"); string(data) != "one" || err != nil {
			t.Errorf("Edition(e1) after reopening = %q, %v", data, err)
		}
	}
	if err := s.Close(); err != nil {
		t.Error(err)
	}
}

func (e *exam) closed(t *testing.T) {
	s, ctx := e.open(t), context.Background()
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	if err := s.Close(); err != nil {
		t.Errorf("a second Close: %v; want nil", err)
	}
	for _, on := range subjects {
		if _, err := on.get(ctx, s); err == nil {
			t.Errorf("%s of a closed store: no error", on.kind())
		}
		if _, err := on.put(ctx, s, store.Manifest{Dataset: "essai"}, on.rows(0, 1), nil); err == nil {
			t.Errorf("an import of %s to a closed store: no error", on.kind())
		}
	}
	if err := s.PutEdition(ctx, "e", nil, nil); err == nil {
		t.Error("PutEdition to a closed store: no error")
	}
	if err := s.Remove(ctx, subjects[0].kind(), "essai"); err == nil {
		t.Error("Remove from a closed store: no error")
	}
}
