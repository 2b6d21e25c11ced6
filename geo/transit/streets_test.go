package transit

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/network/networktest"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// streets are those of a town of so many blocks, some of which are missing.
func streets(t testing.TB, r *rand.Rand, wide, high int) network.Network {
	var ways []road.Way
	at := func(x, y int) (int64, geo.LonLat) {
		return int64(1 + y*1000 + x), place(float64(400*x), float64(400*y))
	}
	way := func(x, y, dx, dy int) {
		a, p := at(x, y)
		b, q := at(x+dx, y+dy)
		if r.IntN(6) > 0 {
			ways = append(ways, road.Way{ID: int64(len(ways) + 1), Nodes: []int64{a, b}, At: []geo.LonLat{p, q}, Tags: map[string]string{"highway": "residential"}})
		}
	}
	for x := range wide {
		for y := range high {
			way(x, y, 1, 0)
			way(x, y, 0, 1)
		}
	}
	n, err := road.Build(func(yield func(road.Way, error) bool) {
		for _, w := range ways {
			if !yield(w, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return n.By(street.Walk)
}

// onStreets is a territory whose stops, homes and sites are along real streets.
func onStreets(t testing.TB, r *rand.Rand) (*made, *Network) {
	w := makeUp(r)
	for len(w.homes) < 40 {
		more := makeUp(r)
		w.homes = append(w.homes, more.homes...)
		if len(w.sites) < 6 {
			w.sites = append(w.sites, more.sites...)
		}
	}
	table, err := Compile(w.feeds, w.options)
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(context.Background(), table, streets(t, r, 30, 4))
	if err != nil {
		t.Fatal(err)
	}
	return w, n
}

// TestTimetablesOnStreetsKeepTheContract is the exam of networks, on the walking network of
// streets, with its own ceilings, islands and legs.
func TestTimetablesOnStreetsKeepTheContract(t *testing.T) {
	networktest.Run(t, func(t testing.TB, r *rand.Rand) networktest.World {
		w, n := onStreets(t, r)
		return networktest.World{Network: n, Starts: w.homes, Sites: w.sites, Limit: geo.Cost(20+r.IntN(40)) * geo.Minute}
	})
}

// TestTablesHoldWhatIsSearched: the table of access of a timetable network keeps its
// invariants, holds the steps that a search emits, and gives within each cut-off the time of
// the shortest way out of what counts there; who walks is never worse off than by mode walk.
func TestTablesHoldWhatIsSearched(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	steps, longer := 0, 0
	for world := range uint64(20) {
		w, n := onStreets(t, rand.New(rand.NewPCG(seed, world)))
		sites := make([]lieu.Site, len(w.sites))
		for i := range sites {
			sites[i] = lieu.Site{At: w.sites[i].At, Horaires: *w.sites[i].Horaires, Services: lieu.NineServices}
		}
		table, err := access.Compute(context.Background(), n, w.homes, sites, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if err := table.Check(len(w.homes), len(sites)); err != nil {
			t.Fatal(err)
		}
		onFoot, err := access.Compute(context.Background(), n.walk, w.homes, sites, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		from, err := n.Starts(context.Background(), w.homes)
		if err != nil {
			t.Fatal(err)
		}
		to, err := n.Sites(context.Background(), w.sites)
		if err != nil {
			t.Fatal(err)
		}
		type of struct{ home, site int32 }
		emitted := map[of][]string{}
		search := n.NewSearch()
		for site := range int32(len(sites)) {
			search.Reach(to, site, access.Horizon, nil, from.Index(network.All(len(w.homes))), func(home int32, cost, time geo.Cost, slots *network.Slots) {
				emitted[of{home, site}] = append(emitted[of{home, site}], fmt.Sprint(cost, time, slots))
				if time < cost {
					longer++
				}
			})
		}
		kept := map[of][]string{}
		for home := range int32(len(w.homes)) {
			row, costs := table.Within.Row(home)
			for k, site := range row {
				steps++
				kept[of{home, int32(site)}] = append(kept[of{home, int32(site)}], fmt.Sprint(geo.Cost(costs[k]), table.Within.TimeOf(home, k), table.Within.SlotsOf(home, k)))
			}
			walked, walks := onFoot.Within.Row(home)
			for k, site := range walked {
				at := table.Within.At(geo.Cost(walks[k]))
				best, _ := at.Row(home)
				if j := slices.Index(best, site); j < 0 || at.SlotsOf(home, j) != nil || at.TimeOf(home, j) > geo.Cost(walks[k]) {
					t.Fatalf("seed %d, world %d: home %d is worse off by bus than on foot", seed, world, home)
				}
			}
		}
		if fmt.Sprint(kept) != fmt.Sprint(emitted) {
			t.Fatalf("seed %d, world %d: kept %v, emitted %v", seed, world, kept, emitted)
		}
	}
	t.Logf("%d steps; the way back needs more than the way out in %d", steps, longer)
	if steps < 100 || longer == 0 {
		t.Error("too dull to prove anything")
	}
}
