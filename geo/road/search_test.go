package road

import (
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// town is a small country, quick enough to search many times.
var town = sync.OnceValue(func() *Network {
	n, err := Build(each(countryWays(40, 17)))
	if err != nil {
		panic(err)
	}
	return n
})

// TestNearestAgainstHeap: every label, cost and owner, is that of the naive twin.
func TestNearestAgainstHeap(t *testing.T) {
	n := town()
	for _, m := range street.Modes {
		s, h := n.NewSearch(m), newHeapSearch(n, m)
		for seed := range uint64(20) {
			sources, _ := snapAll(n, m, places(n, 1+int(seed), 100+seed))
			if seed == 3 {
				sources = append(sources, sources...) // all ties: the first must win
			}
			if seed == 4 { // walks and edges far longer than the ring of buckets
				for i := range sources {
					sources[i].Access += geo.Cost(i) * 50_000
				}
			}
			f := s.Nearest(sources)
			for v, want := range h.nearest(sources) {
				if got := f.labels.Label(int32(v)); got != want {
					t.Fatalf("%s, seed %d: node %d: %d ds from %d, want %d from %d", m, seed, v, got.Cost(), got.Owner(), want.Cost(), want.Owner())
				}
			}
		}
	}
}

// TestNearestIsTheMinimumOverSources: one search from many sources and many
// searches from one agree bit for bit, and with Reach at any limit.
func TestNearestIsTheMinimumOverSources(t *testing.T) {
	n := town()
	for _, m := range street.Modes {
		for seed := range uint64(6) {
			r := rand.New(rand.NewPCG(seed, 9))
			sources, _ := snapAll(n, m, places(n, 8, 200+seed))
			origins, reach := snapAll(n, m, places(n, 400, 300+seed))
			// Some origins beside sources, on the same edge or at the same place.
			for i := range sources {
				if sources[i].Edge >= 0 {
					shape := n.AppendShape(nil, sources[i].Edge)
					origins[i], reach[i] = n.Snap(m, shape[len(shape)/2])
					origins[10+i], reach[10+i] = sources[i], geo.Reached
				}
			}
			index := n.NewOrigins(origins, reach)
			s, single := n.NewSearch(m), n.NewSearch(m)
			f := s.Nearest(sources)

			best := make([]geo.Access, len(origins))
			owner := make([]int32, len(origins))
			for o := range origins {
				best[o], owner[o] = geo.Access{Reach: geo.NoPath}, -1
				if reach[o] != geo.Reached {
					best[o].Reach = geo.NoRoadNearby
				}
			}
			limit := geo.Cost(r.IntN(20 * int(geo.Minute)))
			for k := range sources {
				alone := single.Nearest(sources[k : k+1])
				want := map[int32]geo.Cost{}
				for o := range origins {
					a, _ := alone.At(origins[o])
					if a.Reach == geo.Reached && (best[o].Reach != geo.Reached || a.Cost < best[o].Cost) {
						best[o], owner[o] = a, int32(k)
					}
					if a.Within(limit) {
						want[int32(o)] = a.Cost
					}
				}
				got := map[int32]geo.Cost{}
				s.Reach(sources[k], limit, index, func(o int32, c geo.Cost) {
					if _, twice := got[o]; twice {
						t.Fatalf("%s, seed %d: Reach emitted origin %d twice", m, seed, o)
					}
					got[o] = c
				})
				diff(t, got, want)
				want = map[int32]geo.Cost{}
				for v := range int32(n.Counts().Nodes) {
					if a, _ := alone.Node(v); a.Within(limit) {
						want[v] = a.Cost
					}
				}
				got = map[int32]geo.Cost{}
				s.Within(sources[k], limit, func(v int32, c geo.Cost) { got[v] = c })
				diff(t, got, want)
			}
			for o := range origins {
				if a, k := f.At(origins[o]); a != best[o] || k != owner[o] {
					t.Fatalf("%s, seed %d: origin %d: %s, want %s", m, seed, o, describe(a, k), describe(best[o], owner[o]))
				}
			}
		}
	}
}

func diff(t *testing.T, got, want map[int32]geo.Cost) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d reached, want %d", len(got), len(want))
	}
	for k, c := range want {
		if g, ok := got[k]; !ok || g != c {
			t.Fatalf("%d: cost %d (%v), want %d", k, g, ok, c)
		}
	}
}

func TestReachLimitIsInclusive(t *testing.T) {
	n := mustBuild(t, city(3))
	source := mustSnapAt(t, n, street.Car, corner(0, 0))
	index := n.NewOrigins([]Snap{mustSnapAt(t, n, street.Car, corner(3, 0))}, allReached(1))
	s := n.NewSearch(street.Car)
	for limit, want := range map[geo.Cost]int{299: 0, 300: 1, 301: 1, 1<<32 - 1: 1, 0: 0} {
		got := 0
		s.Reach(source, limit, index, func(int32, geo.Cost) { got++ })
		if got != want {
			t.Errorf("a journey of 300 ds within %d: %d origins, want %d", limit, got, want)
		}
	}
}

// TestReachOrder: the same call emits in the same order, whatever came before.
func TestReachOrder(t *testing.T) {
	n := town()
	index := n.NewOrigins(snapAll(n, street.Car, places(n, 500, 1)))
	sources, _ := snapAll(n, street.Car, places(n, 5, 2))
	collect := func(s *Search, src Snap) (order []int32) {
		s.Reach(src, 10*geo.Minute, index, func(o int32, _ geo.Cost) { order = append(order, o) })
		return order
	}
	used := n.NewSearch(street.Car)
	for _, src := range sources {
		if got, want := collect(used, src), collect(n.NewSearch(street.Car), src); !slices.Equal(got, want) {
			t.Fatalf("a used Search emits %v, a new one %v", got, want)
		}
	}
}

func TestSearchAllocatesNothing(t *testing.T) {
	n := town()
	sources, _ := snapAll(n, street.Car, places(n, 30, 2))
	origins, reach := snapAll(n, street.Car, places(n, 500, 1))
	index := n.NewOrigins(origins, reach)
	s := n.NewSearch(street.Car)
	var sum geo.Cost
	emit := func(_ int32, c geo.Cost) { sum += c }
	for name, search := range map[string]func(){
		"Nearest": func() { s.Nearest(sources) },
		"Reach":   func() { s.Reach(sources[0], 15*geo.Minute, index, emit) },
		"Within":  func() { s.Within(sources[0], 15*geo.Minute, emit) },
		"At":      func() { s.field.At(origins[0]) },
		"Snap":    func() { n.Snap(street.Car, sources[0].At) },
	} {
		s.Nearest(sources)
		// Warm: buckets grow to their size.
		for range 3 {
			search()
		}
		if allocs := testing.AllocsPerRun(20, search); allocs != 0 {
			t.Errorf("%s: %g allocations, want 0", name, allocs)
		}
	}
}

// TestParallelSearches is for the race detector: one Network, one Origins, many
// Searches.
func TestParallelSearches(t *testing.T) {
	n := town()
	index := n.NewOrigins(snapAll(n, street.Bike, places(n, 100, 1)))
	sources, _ := snapAll(n, street.Bike, places(n, 4, 2))
	counts := make([]int, 4)
	var wg sync.WaitGroup
	for g := range counts {
		wg.Go(func() {
			s := n.NewSearch(street.Bike)
			s.Nearest(sources)
			s.Reach(sources[0], 10*geo.Minute, index, func(int32, geo.Cost) { counts[g]++ })
		})
	}
	wg.Wait()
	for _, c := range counts {
		if c != counts[0] || c == 0 {
			t.Fatalf("origins reached by each goroutine: %v, want all alike, none 0", counts)
		}
	}
}

func TestModesDoNotMix(t *testing.T) {
	n := mustBuild(t, city(2))
	car := mustSnapAt(t, n, street.Car, corner(0, 0))
	walk := n.NewSearch(street.Walk)
	field := walk.Nearest(nil)
	origins := n.NewOrigins([]Snap{car}, allReached(1))
	for name, call := range map[string]func(){
		"Nearest":           func() { walk.Nearest([]Snap{car}) },
		"At":                func() { field.At(car) },
		"Reach of a source": func() { walk.Reach(car, 10, &Origins{}, func(int32, geo.Cost) {}) },
		"Reach of origins":  func() { walk.Reach(Snap{Edge: -1, Mode: street.Walk}, 10, origins, func(int32, geo.Cost) {}) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Errorf("%s took a snap of another mode", name)
				}
			}()
			call()
		}()
	}
}
