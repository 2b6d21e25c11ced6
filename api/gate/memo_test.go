package gate

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"

	"github.com/maypok86/otter/v2"
)

func memo(t *testing.T, g *Gate) *Memo[string, int] {
	t.Helper()
	m, err := NewMemo(g, &otter.Options[string, int]{MaximumSize: 1000})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// after loads a value in some time, and counts the loads; it ends when it is left.
func after(long time.Duration, value int, loads *atomic.Int32) func(context.Context) (int, error) {
	return func(ctx context.Context) (int, error) {
		loads.Add(1)
		select {
		case <-time.After(long):
			return value, nil
		case <-ctx.Done():
			return 0, ctx.Err()
		}
	}
}

// TestWhoWaitsForAnotherHasNoTurn: many clients of one slow key hold one turn together,
// and what is unrelated is answered at once.
func TestWhoWaitsForAnotherHasNoTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m := memo(t, g)
		var loads atomic.Int32
		var all sync.WaitGroup
		for i := range 30 {
			all.Go(func() {
				if v, err := m.Get(As(t.Context(), fmt.Sprint(i%2)), Light, "slow", after(4*time.Second, 7, &loads)); v != 7 || err != nil {
					t.Errorf("%d, %v", v, err)
				}
			})
		}
		synctest.Wait()
		start := time.Now()
		if v, err := m.Get(As(t.Context(), "visitor"), Light, "other", after(time.Millisecond, 1, &loads)); v != 1 || err != nil || time.Since(start) > time.Millisecond {
			t.Errorf("%d, %v after %v", v, err, time.Since(start))
		}
		all.Wait()
		if n := loads.Load(); n != 2 {
			t.Errorf("loaded %d times, want once for each key", n)
		}
		if v, err := m.Get(t.Context(), Light, "slow", nil); v != 7 || err != nil { // kept
			t.Errorf("%d, %v", v, err)
		}
	})
}

func TestWhatOthersWaitForIsMadeThoughTheFirstLeaves(t *testing.T) {
	for _, c := range []struct {
		name string
		busy bool // it waits for its turn when the first leaves
	}{{"while it is made", false}, {"before its turn", true}} {
		t.Run(c.name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				g := New(limits)
				m := memo(t, g)
				if c.busy {
					for range 2 {
						go work(t.Context(), g, "busy", Light, 3*time.Second)
					}
					synctest.Wait()
				}
				var loads atomic.Int32
				load := after(time.Second, 7, &loads)
				ctx, leave := context.WithCancel(t.Context())
				first := make(chan error, 1)
				go func() { _, err := m.Get(As(ctx, "a"), Light, "key", load); first <- err }()
				synctest.Wait()
				second := make(chan error, 1)
				go func() {
					v, err := m.Get(As(t.Context(), "b"), Light, "key", load)
					if v != 7 {
						err = errors.Join(err, fmt.Errorf("got %d", v))
					}
					second <- err
				}()
				synctest.Wait()
				leave()
				if err := <-first; !errors.Is(err, context.Canceled) {
					t.Errorf("who left got %v", err)
				}
				if err := <-second; err != nil || loads.Load() != 1 {
					t.Errorf("who stayed got %v; %d loads", err, loads.Load())
				}
			})
		})
	}
}

func TestWhatAllHaveLeftIsGivenUp(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m := memo(t, g)
		var loads atomic.Int32
		for i := range 3 { // it runs, and then waits for its turn
			ctx, leave := context.WithCancel(t.Context())
			for range 2 {
				go m.Get(As(ctx, "a"), Light, "key", after(time.Hour, 7, &loads))
			}
			synctest.Wait()
			leave()
			synctest.Wait()
			if running, waiting := g.Busy(); running > 2 || waiting != 0 || len(m.made) != 0 {
				t.Errorf("%d run, %d wait, %d are being made", running, waiting, len(m.made))
			}
			if i > 0 {
				continue
			}
			for range 2 {
				go work(t.Context(), g, "busy", Light, time.Second)
			}
			synctest.Wait()
		}
		time.Sleep(time.Minute)
		if v, err := m.Get(As(t.Context(), "a"), Light, "key", after(time.Second, 8, &loads)); v != 8 || err != nil {
			t.Errorf("asked again: %d, %v", v, err)
		}
		if n := loads.Load(); n != 2 {
			t.Errorf("%d loads, want 2: what waits for its turn is not loaded", n)
		}
		synctest.Wait() // a value is given before its turn is
		if running, waiting := g.Busy(); running != 0 || waiting != 0 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
	})
}

// TestWhatAnotherWantsTooComesForward: a value that a client with much to do asked for
// first comes when the turn of the one that asks little does.
func TestWhatAnotherWantsTooComesForward(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m := memo(t, g)
		var loads atomic.Int32
		ctx, stop := context.WithCancel(t.Context())
		for i := range 19 {
			go m.Get(As(ctx, "much"), Light, fmt.Sprint(i), after(time.Second, i, &loads))
		}
		go m.Get(As(ctx, "much"), Light, "wanted", after(time.Second, 7, &loads))
		synctest.Wait()
		start := time.Now()
		if v, err := m.Get(As(ctx, "little"), Light, "wanted", after(time.Second, 7, &loads)); v != 7 || err != nil || time.Since(start) > 2*time.Second {
			t.Errorf("%d, %v after %v", v, err, time.Since(start))
		}
		stop()
	})
}

// TestWhatIsNeededIsMadeInTheSameTurn, and a computation that waits for what another
// makes gives its turn back meanwhile.
func TestWhatIsNeededIsMadeInTheSameTurn(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m, inner := memo(t, g), memo(t, g)
		var loads atomic.Int32
		outer := func(ctx context.Context) (int, error) {
			v, err := inner.Get(ctx, Light, "base", after(4*time.Second, 7, &loads))
			if err == nil {
				time.Sleep(time.Second)
			}
			return v + 1, err
		}
		var all sync.WaitGroup
		for i := range 10 {
			all.Go(func() {
				if v, err := m.Get(As(t.Context(), fmt.Sprint(i)), Light, fmt.Sprint(i), outer); v != 8 || err != nil {
					t.Errorf("%d, %v", v, err)
				}
			})
		}
		synctest.Wait()
		if running, _ := g.Busy(); running != 1 {
			t.Errorf("%d run, want the one that makes what all need", running)
		}
		start := time.Now()
		if v, err := m.Get(As(t.Context(), "visitor"), Light, "other", after(time.Millisecond, 1, &loads)); v != 1 || err != nil || time.Since(start) > time.Millisecond {
			t.Errorf("%d, %v after %v", v, err, time.Since(start))
		}
		all.Wait()
		if n := loads.Load(); n != 2 {
			t.Errorf("%d loads", n)
		}
		if running, waiting := g.Busy(); running != 0 || waiting != 0 {
			t.Errorf("%d run and %d wait", running, waiting)
		}
	})
}

// TestWhatIsNeededIsMadeAgainWhenItsMakerLeaves, by one who stays.
func TestWhatIsNeededIsMadeAgainWhenItsMakerLeaves(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m, inner := memo(t, g), memo(t, g)
		var loads atomic.Int32
		outer := func(ctx context.Context) (int, error) {
			return inner.Get(ctx, Light, "base", after(4*time.Second, 7, &loads))
		}
		ctx, leave := context.WithCancel(t.Context())
		go m.Get(As(ctx, "a"), Light, "a", outer)
		synctest.Wait()
		var all sync.WaitGroup
		for i := range 3 {
			all.Go(func() {
				if v, err := m.Get(As(t.Context(), "b"), Light, fmt.Sprint(i), outer); v != 7 || err != nil {
					t.Errorf("%d, %v", v, err)
				}
			})
		}
		synctest.Wait()
		leave()
		all.Wait()
		if n := loads.Load(); n != 2 {
			t.Errorf("%d loads, want 2", n)
		}
	})
}

func TestErrorsAndPanicsAreGivenToAllAndNotKept(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m := memo(t, g)
		for _, load := range []func(context.Context) (int, error){
			func(context.Context) (int, error) { time.Sleep(time.Second); return 0, errors.New("it broke") },
			func(context.Context) (int, error) { time.Sleep(time.Second); panic("it broke") },
		} {
			var all sync.WaitGroup
			for range 3 {
				all.Go(func() {
					if _, err := m.Get(t.Context(), Light, "key", load); err == nil || !strings.Contains(err.Error(), "it broke") {
						t.Errorf("got %v", err)
					}
				})
			}
			all.Wait()
		}
		var loads atomic.Int32
		if v, err := m.Get(t.Context(), Light, "key", after(0, 7, &loads)); v != 7 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	})
}

func TestAValueThatComesTooLateIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		m := memo(t, g)
		for range 2 {
			go work(t.Context(), g, "busy", Light, time.Minute)
		}
		synctest.Wait()
		var loads atomic.Int32
		var all sync.WaitGroup
		for i := range 4 {
			all.Go(func() {
				time.Sleep(time.Duration(i) * time.Second)
				start := time.Now()
				if _, err := m.Get(As(t.Context(), fmt.Sprint(i%2)), Light, "key", after(0, 7, &loads)); !errors.Is(err, ErrBusy) || time.Since(start) != limits.Patience {
					t.Errorf("%v after %v", err, time.Since(start))
				}
			})
		}
		all.Wait()
		if _, waiting := g.Busy(); waiting != 0 || loads.Load() != 0 {
			t.Errorf("%d wait, %d loads", waiting, loads.Load())
		}
		// What has begun is waited for.
		time.Sleep(time.Minute)
		if v, err := m.Get(t.Context(), Light, "key", after(time.Minute, 7, &loads)); v != 7 || err != nil {
			t.Errorf("%d, %v", v, err)
		}
	})
}
