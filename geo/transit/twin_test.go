package transit

import (
	"context"
	"flag"
	"math/rand/v2"
	"slices"
	"sync/atomic"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
)

// tried is how many territories are made up.
var tried = flag.Int("worlds", 250, "territories of the twin of timetable searches; 3000 take two minutes")

// TestSearchesAreWhatTryingEveryJourneyFinds: on made-up territories, at every date, the
// profile from a home to a site (for whoever leaves at any time the earliest arrival, for
// whoever must be there at any time the latest departure), the same back, and the slots that
// count at each step, against a search that tries every journey.
func TestSearchesAreWhatTryingEveryJourneyFinds(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	worlds, atOnce := *tried, (*tried+7)/8
	var pairs, some, rides atomic.Int64
	t.Run("worlds", func(t *testing.T) {
		for first := 0; first < worlds; first += atOnce {
			t.Run("", func(t *testing.T) {
				t.Parallel()
				for world := first; world < min(first+atOnce, worlds) && !t.Failed(); world++ {
					tryEvery(t, seed, uint64(world), &pairs, &some, &rides)
				}
			})
		}
	})
	t.Logf("%d useful journeys, %d pairs of home and site that a bus joins, %d steps with some slots", pairs.Load(), rides.Load(), some.Load())
	if pairs.Load() < int64(30*worlds) || some.Load() < int64(worlds/4) {
		t.Error("too dull to prove anything")
	}
}

func tryEvery(t *testing.T, seed, world uint64, pairs, some, rides *atomic.Int64) {
	w := makeUp(rand.New(rand.NewPCG(seed, world)))
	w.homes, w.sites = w.homes[:2], w.sites[:1]
	n := w.open(t)
	from, err := n.Starts(context.Background(), w.homes)
	if err != nil {
		t.Fatal(err)
	}
	to, err := n.Sites(context.Background(), w.sites)
	if err != nil {
		t.Fatal(err)
	}
	s := n.NewSearch().(*search)
	s.row(from.(*starts), to.(*sites), 0) // finds the walks
	walks := slices.Clone(s.walks)
	dates := make([][]tally, len(w.homes))
	type bothWays struct{ outs, backs []journey }
	known := map[string][]bothWays{} // of every home, on dates that are alike
	for day := w.options.From; day < w.options.From+ReferenceDays; day++ {
		o := newOracle(w, day)
		like := o.like()
		all := known[like]
		for home := 0; all == nil && home < len(w.homes); home++ {
			known[like] = append(known[like], bothWays{o.journeys(w.homes[home], w.sites[0].At), o.journeysBack(w.sites[0].At, w.homes[home])})
		}
		table := n.timetable.tables[n.timetable.days[day-w.options.From]]
		s.out.search(table, &n.into, walks)
		s.back.search(table.back, &n.outOf, walks)
		s.outOf.gather(s.out, n.timetable)
		s.backOf.gather(s.back, n.timetable)
		for home, both := range known[like] {
			found := func(of *ofStops) (got []journey) {
				for _, p := range s.reach(from.(*starts).byStart.of(int32(home)), of.at, longest) {
					got = append(got, journey{p.leave(), p.arrive()})
				}
				slices.Reverse(got)
				return got
			}
			got := found(&s.outOf)
			if all == nil {
				if want := useful(both.outs); !slices.Equal(got, want) {
					t.Fatalf("seed %d, world %d, %v: out from home %d: %v, want %v", seed, world, day, home, got, want)
				}
				pairs.Add(int64(len(got)))
				var mirrored []journey
				for _, j := range both.backs {
					mirrored = append(mirrored, journey{mirror - j.home, mirror - j.site})
				}
				if got, want := found(&s.backOf), useful(mirrored); !slices.Equal(got, want) {
					t.Fatalf("seed %d, world %d, %v: back to home %d, mirrored: %v, want %v", seed, world, day, home, got, want)
				}
			}
			dates[home] = append(dates[home], o.count(w.sites[0].Horaires, both.outs, both.backs))
		}
		s.outOf.clear()
		s.backOf.clear()
	}
	emitted := make([][]told, len(w.homes))
	s.Reach(to, 0, 60*geo.Minute, nil, from.Index(network.All(len(w.homes))), func(origin int32, cost, time geo.Cost, slots *network.Slots) {
		x := told{cost: cost, time: time, all: slots == nil}
		if slots != nil {
			if x.slots = *slots; x.slots != (network.Slots{}) {
				some.Add(1)
			}
		}
		emitted[origin] = append(emitted[origin], x)
	})
	for home := range w.homes {
		if want := w.steps(w.homes[home], &w.sites[0], dates[home]); !slices.Equal(emitted[home], want) {
			t.Fatalf("seed %d, world %d, home %d: %d steps, want %d:\n%v\n%v", seed, world, home, len(emitted[home]), len(want), emitted[home], want)
		}
		if len(emitted[home]) > 0 && !emitted[home][0].all {
			rides.Add(1)
		}
	}
}
