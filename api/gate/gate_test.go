package gate

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// In these tests time is that of synctest: it passes when all sleep, and costs nothing.

var limits = Limits{Turns: 2, Heavy: 1, Waiting: 200, PerClient: 20, Patience: 5 * time.Second}

// work asks for a computation of a time, and tells how long it waited for its turn.
func work(ctx context.Context, g *Gate, name string, class Class, long time.Duration) (waited time.Duration, err error) {
	start := time.Now()
	err = g.Do(As(ctx, name), class, func(context.Context) error {
		waited = time.Since(start)
		time.Sleep(long)
		return nil
	})
	return waited, err
}

// crowd has clients that always want as many computations as each has connections, until
// the test is over.
func crowd(ctx context.Context, g *Gate, random *rand.Rand, clients, connections int, class Class, longest time.Duration) {
	for c := range clients {
		for range connections {
			seed := random.Uint64()
			go func() {
				own := rand.New(rand.NewPCG(seed, 0))
				for ctx.Err() == nil {
					_, err := work(ctx, g, fmt.Sprintf("attacker %d", c), class, time.Duration(1+own.Int64N(int64(longest))))
					if errors.Is(err, ErrBusy) {
						time.Sleep(100 * time.Millisecond)
					}
				}
			}()
		}
	}
}

// TestAClientThatComesWaitsForOneTurn: whatever others ask, and however many they are, who
// asks less than half of what they do waits until one light computation ends.
func TestAClientThatComesWaitsForOneTurn(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	const light, heavy = 100 * time.Millisecond, 8 * time.Second
	for _, c := range []struct{ clients, light, heavy int }{{1, 8, 0}, {1, 30, 30}, {8, 1, 0}, {8, 1, 1}, {30, 1, 0}, {30, 2, 2}, {1, 0, 30}} {
		t.Run(fmt.Sprintf("%d clients, %d and %d connections", c.clients, c.light, c.heavy), func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				random := rand.New(rand.NewPCG(seed, 1))
				g := New(limits)
				ctx, stop := context.WithCancel(t.Context())
				crowd(ctx, g, random, c.clients, c.light, Light, light)
				crowd(ctx, g, random, c.clients, c.heavy, Heavy, heavy)
				time.Sleep(20 * time.Second)
				for range 50 {
					time.Sleep(2*time.Duration(c.clients)*light + time.Duration(random.Int64N(int64(time.Second))))
					waited, err := work(ctx, g, "visitor", Light, time.Duration(1+random.Int64N(int64(light))))
					if err != nil || waited > light {
						t.Errorf("waited %v, %v; want at most %v", waited, err, light)
					}
				}
				stop()
				synctest.Wait()
				time.Sleep(heavy)
				if running, waiting := g.Busy(); running != 0 || waiting != 0 {
					t.Errorf("at the end %d run and %d wait", running, waiting)
				}
			})
		})
	}
}

// TestTurnsAreShared: clients that always want more get the same time, whatever their
// number of connections and the length of what they ask.
func TestTurnsAreShared(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		ctx, stop := context.WithCancel(t.Context())
		var mu sync.Mutex
		used := map[string]time.Duration{}
		for _, c := range []struct {
			name        string
			connections int
			longest     time.Duration
		}{{"few and long", 2, 400 * time.Millisecond}, {"many and short", 20, 10 * time.Millisecond}, {"many and long", 20, 400 * time.Millisecond}} {
			for i := range c.connections {
				go func() {
					own := rand.New(rand.NewPCG(seed, uint64(i)))
					for ctx.Err() == nil {
						long := time.Duration(1 + own.Int64N(int64(c.longest)))
						if _, err := work(ctx, g, c.name, Light, long); err == nil {
							mu.Lock()
							used[c.name] += long
							mu.Unlock()
						}
					}
				}()
			}
		}
		const whole = 10 * time.Minute
		time.Sleep(whole)
		stop()
		synctest.Wait()
		time.Sleep(time.Second)
		mu.Lock()
		defer mu.Unlock()
		for name, got := range used {
			if want := 2 * whole / 3; (got - want).Abs() > 2*time.Second {
				t.Errorf("%s: %v of two turns in %v, want %v", name, got, whole, want)
			}
		}
	})
}

func TestHeavyComputationsNeverHaveEveryTurn(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	synctest.Test(t, func(t *testing.T) {
		random := rand.New(rand.NewPCG(seed, 0))
		g := New(Limits{Turns: 4, Heavy: 3, Waiting: 100, PerClient: 100, Patience: time.Minute})
		var mu sync.Mutex
		var running, heavy, mostRunning, mostHeavy int
		count := func(class Class, by int) {
			mu.Lock()
			defer mu.Unlock()
			running += by
			if class == Heavy {
				heavy += by
			}
			mostRunning, mostHeavy = max(mostRunning, running), max(mostHeavy, heavy)
		}
		var all sync.WaitGroup
		for range 100 {
			class, long, name := Class(random.IntN(2)), time.Duration(1+random.IntN(1000)), fmt.Sprint(random.IntN(5))
			all.Go(func() {
				if err := g.Do(As(t.Context(), name), class, func(context.Context) error {
					count(class, 1)
					time.Sleep(long)
					count(class, -1)
					return nil
				}); err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		if mostRunning != 4 || mostHeavy != 3 {
			t.Errorf("%d ran at once and %d heavy ones, want 4 and 3", mostRunning, mostHeavy)
		}
	})
}

func TestWhatWouldComeTooLateIsRefused(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		ctx, stop := context.WithCancel(t.Context())
		defer stop()
		for range 2 {
			go work(ctx, g, "a", Light, time.Hour)
		}
		synctest.Wait()
		start := time.Now()
		if _, err := work(ctx, g, "b", Light, 0); !errors.Is(err, ErrBusy) || time.Since(start) != limits.Patience {
			t.Errorf("after %v: %v, want %v after %v", time.Since(start), err, ErrBusy, limits.Patience)
		}
		if _, waiting := g.Busy(); waiting != 0 {
			t.Errorf("%d wait after it", waiting)
		}
		for range limits.PerClient {
			go work(ctx, g, "b", Light, 0)
		}
		synctest.Wait()
		start = time.Now()
		if _, err := work(ctx, g, "b", Light, 0); !errors.Is(err, ErrBusy) || time.Since(start) != 0 {
			t.Errorf("more than its places: %v after %v", err, time.Since(start))
		}
		for i := range limits.Waiting - limits.PerClient {
			go work(ctx, g, fmt.Sprint(i), Light, 0)
		}
		synctest.Wait()
		if _, err := work(ctx, g, "c", Light, 0); !errors.Is(err, ErrBusy) {
			t.Errorf("more than all places: %v", err)
		}
		time.Sleep(2 * time.Hour)
		if _, err := work(ctx, g, "c", Light, 0); err != nil {
			t.Errorf("once it is quiet: %v", err)
		}
	})
}

func TestAClientThatLeavesFreesItsPlace(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		for range 2 {
			go work(t.Context(), g, "a", Light, time.Second)
		}
		synctest.Wait()
		ctx, leave := context.WithCancel(t.Context())
		for range limits.PerClient {
			go work(ctx, g, "b", Light, time.Hour)
		}
		synctest.Wait()
		leave()
		synctest.Wait()
		if _, waiting := g.Busy(); waiting != 0 {
			t.Errorf("%d wait after they left", waiting)
		}
		if waited, err := work(t.Context(), g, "b", Light, 0); err != nil || waited != time.Second {
			t.Errorf("waited %v, %v", waited, err)
		}
	})
}

// TestClientsAreForgotten: who does not come back leaves nothing.
func TestClientsAreForgotten(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		g := New(limits)
		for i := range 3 * most {
			if _, err := work(t.Context(), g, fmt.Sprint(i), Light, time.Millisecond); err != nil {
				t.Fatal(err)
			}
		}
		if n := len(g.lines[Light].clients); n > most {
			t.Errorf("%d clients are remembered", n)
		}
	})
}
