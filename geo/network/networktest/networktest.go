// Package networktest is the exam of networks, and a toy one whose slots differ from start to
// start. Only tests import it.
package networktest

import (
	"context"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// World is a network, with places for the exam: more than one start and site, of which most
// reach each other within limit.
type World struct {
	Network network.Network
	Starts  []geo.LonLat
	Sites   []network.Site
	Limit   geo.Cost
}

// Run examines the networks that open makes up; r is seeded.
func Run(t *testing.T, open func(t testing.TB, r *rand.Rand) World) {
	var reached, empty, some, lifted int
	const worlds = 25
	for seed := range uint64(worlds) {
		r := rand.New(rand.NewPCG(seed, 91))
		x := newExam(t, seed, open(t, r), r)
		x.legs()
		x.steps()
		x.nearest()
		x.index()
		x.ceilings()
		x.sideBySide()
		reached, empty, some, lifted = reached+x.reached, empty+x.empty, some+x.some, lifted+x.lifted
	}
	t.Logf("%d worlds: %d steps, of which %d do not count and %d count for some slots; %d sites under a ceiling beyond the limit", worlds, reached, empty, some, lifted)
	if reached < 20*worlds || lifted < worlds {
		t.Error("too dull to prove anything")
	}
}

// step is what is emitted.
type step struct {
	cost  geo.Cost
	time  geo.Cost
	all   bool
	slots network.Slots
}

func (s step) counts() bool { return s.all || s.slots != (network.Slots{}) }

type exam struct {
	testing.TB
	World
	r      *rand.Rand
	seed   uint64
	starts network.Starts
	sites  network.Sites
	search network.Search
	rows   []map[int32][]step // of every site, by origin: within the limit

	reached, empty, some, lifted int
}

func newExam(t testing.TB, seed uint64, w World, r *rand.Rand) *exam {
	x := &exam{TB: t, World: w, r: r, seed: seed}
	var err error
	if x.starts, err = w.Network.Starts(context.Background(), w.Starts); err != nil {
		t.Fatal(err)
	}
	if x.sites, err = w.Network.Sites(context.Background(), w.Sites); err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := w.Network.Starts(ctx, w.Starts); err == nil {
		t.Errorf("Starts after its context ended: no error")
	}
	x.search = w.Network.NewSearch()
	return x
}

// reach gathers what is emitted, and checks the order of emission.
func (x *exam) reach(search network.Search, site int32, limit geo.Cost, ceiling network.Ceiling, origins network.Origins) map[int32][]step {
	x.Helper()
	out, last := map[int32][]step{}, int32(-1)
	search.Reach(x.sites, site, limit, ceiling, origins, func(origin int32, cost, time geo.Cost, slots *network.Slots) {
		if origin != last && out[origin] != nil {
			x.Fatalf("seed %d: steps of origin %d to site %d do not follow each other", x.seed, origin, site)
		}
		last = origin
		s := step{cost: cost, time: time, all: slots == nil}
		if slots != nil {
			s.slots = *slots
		}
		out[origin] = append(out[origin], s)
	})
	return out
}

// legs: who is off the network reaches nothing, and is told so.
func (x *exam) legs() {
	for _, legs := range []network.Legs{x.starts.Legs(), x.sites.Legs()} {
		for i, reach := range legs.Reach {
			if reach != geo.Reached && reach != geo.NoRoadNearby || reach != geo.Reached && legs.Cost[i] != 0 {
				x.Fatalf("seed %d: leg %d: %v at %d", x.seed, i, reach, legs.Cost[i])
			}
		}
	}
	for _, legs := range []network.Legs{x.starts.Legs(), x.sites.Legs()} {
		if legs.Joints != nil && len(legs.Joints) != len(legs.Reach) {
			x.Fatalf("seed %d: %d joints of %d places", x.seed, len(legs.Joints), len(legs.Reach))
		}
		for i, j := range legs.Joints {
			if j != 0 && legs.Reach[i] != geo.Reached || j > network.Twice|network.Tied {
				x.Fatalf("seed %d: leg %d: joint %b of a place that is %v", x.seed, i, j, legs.Reach[i])
			}
		}
	}
	if len(x.starts.Legs().Reach) != len(x.Starts) || len(x.sites.Legs().Cost) != len(x.Sites) {
		x.Fatalf("seed %d: legs of other places", x.seed)
	}
}

// steps: within the limit, dearer and with more slots each, slots that are open; a lower
// limit gives those below it.
func (x *exam) steps() {
	all := x.starts.Index(network.All(len(x.Starts)))
	for site := range x.Sites {
		row := x.reach(x.search, int32(site), x.Limit, nil, all)
		lower := x.Limit / geo.Cost(1+x.r.IntN(4))
		below := x.reach(x.search, int32(site), lower, nil, all)
		for origin, steps := range row {
			kept := 0
			for k, s := range steps {
				x.reached++
				switch h := x.Sites[site].Horaires; {
				case s.cost > x.Limit || s.cost < x.starts.Legs().Cost[origin]+x.sites.Legs().Cost[site]:
					x.Fatalf("seed %d: origin %d to site %d: cost %d, limit %d, legs more", x.seed, origin, site, s.cost, x.Limit)
				case !s.all && x.Network.EverySlot():
					x.Fatalf("seed %d: a step has slots where every slot counts", x.seed)
				case s.time > s.cost || s.time != s.cost && x.Network.EverySlot() || s.time < x.starts.Legs().Cost[origin]+x.sites.Legs().Cost[site]:
					x.Fatalf("seed %d: origin %d to site %d: a way out of %d for %d", x.seed, origin, site, s.time, s.cost)
				case k > 0 && steps[k-1].counts() && s.time > steps[k-1].time:
					x.Fatalf("seed %d: origin %d to site %d: the way out of step %d is longer than before: %v", x.seed, origin, site, k, steps)
				case k > 0 && (s.cost <= steps[k-1].cost || steps[k-1].all || !s.all && (!within(&steps[k-1].slots, &s.slots) || steps[k-1].slots == s.slots && s.time >= steps[k-1].time)):
					x.Fatalf("seed %d: origin %d to site %d: step %d gives no more than the one before: %v", x.seed, origin, site, k, steps)
				case !s.all && !within(&s.slots, &h.Slots), !s.all && !h.Known && s.counts():
					x.Fatalf("seed %d: origin %d to site %d: slots that are not open count", x.seed, origin, site)
				case !s.counts():
					x.empty++
				case !s.all:
					x.some++
				}
				if s.cost <= lower {
					kept++
				}
			}
			if got := below[origin]; len(got) != kept || kept > 0 && got[kept-1] != steps[kept-1] {
				x.Fatalf("seed %d: origin %d to site %d: %v, within %d only %v", x.seed, origin, site, steps, lower, got)
			}
			if x.starts.Legs().Reach[origin] != geo.Reached || x.sites.Legs().Reach[site] != geo.Reached {
				x.Fatalf("seed %d: origin %d reaches site %d, and one is off the network", x.seed, origin, site)
			}
		}
		x.rows = append(x.rows, row)
	}
}

func within(a, b *network.Slots) bool {
	both := *b
	both.Union(a)
	return both == *b
}

// cost is the first step that counts.
func cost(steps []step) (geo.Cost, bool) {
	for _, s := range steps {
		if s.counts() {
			return s.cost, true
		}
	}
	return 0, false
}

// subset draws some sites, ascending.
func (x *exam) subset() []int32 {
	some := []int32{}
	for site := range x.Sites {
		if x.r.IntN(3) > 0 {
			some = append(some, int32(site))
		}
	}
	return some
}

// nearest: the cheapest of the searches from one site each, the first among equals; and what
// Reach says, within the limit.
func (x *exam) nearest() {
	alone := make([][]geo.Access, len(x.Sites))
	for site := range x.Sites {
		field := x.search.Nearest(x.starts, x.sites, []int32{int32(site)})
		for start := range x.Starts {
			a, owner := field.At(int32(start))
			alone[site] = append(alone[site], a)
			if (owner >= 0) != (a.Reach == geo.Reached) || owner >= 0 && int(owner) != site {
				x.Fatalf("seed %d: start %d goes to site %d, asked for %d: %v", x.seed, start, owner, site, a)
			}
			c, counts := cost(x.rows[site][int32(start)])
			if a.Within(x.Limit) != counts || counts && c != a.Cost {
				x.Fatalf("seed %d: start %d to site %d: %v, and Reach says %d %v", x.seed, start, site, a, c, counts)
			}
		}
	}
	for range 4 {
		some := x.subset()
		field := x.search.Nearest(x.starts, x.sites, some)
		x.reach(x.search, 0, x.Limit, nil, x.starts.Index(network.All(len(x.Starts)))) // leaves the field alone
		for start := range x.Starts {
			want, owner := geo.Access{Reach: geo.NoPath}, int32(-1)
			if reach := x.starts.Legs().Reach[start]; reach != geo.Reached {
				want.Reach = reach
			}
			for _, site := range some {
				if a := alone[site][start]; a.Reach == geo.Reached && (owner < 0 || a.Cost < want.Cost) {
					want, owner = a, site
				}
			}
			if got, at := field.At(int32(start)); got != want || at != owner {
				x.Fatalf("seed %d: start %d to the nearest of %v: %v at %d, want %v at %d", x.seed, start, some, got, at, want, owner)
			}
		}
	}
}

// index: some starts are reached as they are among all.
func (x *exam) index() {
	some := []int32{}
	for start := range x.Starts {
		if x.r.IntN(2) == 0 {
			some = append(some, int32(start))
		}
	}
	origins := x.starts.Index(some)
	for site := range x.Sites {
		got := x.reach(x.search, int32(site), x.Limit, nil, origins)
		for i, start := range some {
			want := x.rows[site][start]
			if len(want) != len(got[int32(i)]) {
				x.Fatalf("seed %d: origin %d (start %d) to site %d: %v, want %v", x.seed, i, start, site, got[int32(i)], want)
			}
			for k := range want {
				if got[int32(i)][k] != want[k] {
					x.Fatalf("seed %d: origin %d (start %d) to site %d: %v, want %v", x.seed, i, start, site, got[int32(i)], want)
				}
			}
		}
	}
}

// ceilings: whoever a site is as near to as the nearest of a field comes with the true cost;
// others come above the limit and above what they have.
func (x *exam) ceilings() {
	var ceiling network.Ceiling
	all := x.starts.Index(network.All(len(x.Starts)))
	for range 4 {
		fields := 1 + x.r.IntN(2)
		kept, has := make([]network.KeptField, fields), make([][]geo.Access, fields)
		closed := int32(-1)
		if x.r.IntN(2) == 0 {
			closed = int32(x.r.IntN(len(x.Sites)))
		}
		for k := range fields {
			some := x.subset()
			kept[k] = x.search.Nearest(x.starts, x.sites, some).Keep()
			left := x.search.Nearest(x.starts, x.sites, slices.DeleteFunc(some, func(site int32) bool { return site == closed }))
			for start := range x.Starts {
				a, _ := left.At(int32(start))
				has[k] = append(has[k], a)
			}
		}
		var gone func(int, int32) bool
		if closed >= 0 {
			gone = func(_ int, site int32) bool { return site == closed }
		}
		ceiling = x.Network.Raise(ceiling, kept, gone)
		site, limit := int32(x.r.IntN(len(x.Sites))), x.Limit/geo.Cost(1+x.r.IntN(8))
		came := x.reach(x.search, site, limit, ceiling, all)
		alone := x.search.Nearest(x.starts, x.sites, []int32{site})
		for start := range x.Starts {
			a, _ := alone.At(int32(start))
			under := false
			for k := range fields {
				under = under || a.Reach == geo.Reached && (has[k][start].Reach != geo.Reached || a.Cost <= has[k][start].Cost)
			}
			got, counts := cost(came[int32(start)])
			switch {
			case (a.Within(limit) || under) && (!counts || got != a.Cost):
				x.Fatalf("seed %d: start %d to site %d, within %d or under the ceiling: %v, came %d %v", x.seed, start, site, limit, a, got, counts)
			case counts && got != a.Cost && got <= limit:
				x.Fatalf("seed %d: start %d to site %d within %d at %d, is at %v", x.seed, start, site, limit, got, a)
			case counts && !a.Within(limit):
				x.lifted++
			}
			if counts && got != a.Cost {
				for k := range fields {
					if has[k][start].Reach != geo.Reached || got <= has[k][start].Cost {
						x.Fatalf("seed %d: start %d to site %d at %d, below the ceiling; is at %v", x.seed, start, site, got, a)
					}
				}
			}
		}
	}
}

// sideBySide: searches of two goroutines give the same.
func (x *exam) sideBySide() {
	var work sync.WaitGroup
	all := x.starts.Index(network.All(len(x.Starts)))
	rows := make([][]map[int32][]step, 2)
	for g := range rows {
		work.Go(func() {
			search := x.Network.NewSearch()
			for site := range x.Sites {
				rows[g] = append(rows[g], x.reach(search, int32(site), x.Limit, nil, all))
			}
		})
	}
	work.Wait()
	for g := range rows {
		for site := range rows[g] {
			for origin, steps := range x.rows[site] {
				if got := rows[g][site][origin]; len(got) != len(steps) || got[0] != steps[0] {
					x.Fatalf("seed %d: side by side, origin %d to site %d: %v, want %v", x.seed, origin, site, got, steps)
				}
			}
		}
	}
}

// SomeHours are hours of some mornings and afternoons; now and then unknown, or never open.
func SomeHours(r *rand.Rand) *lieu.Horaires {
	h := &lieu.Horaires{Known: r.IntN(5) > 0}
	for day := range 7 * lieu.WeeksPerCycle {
		if !h.Known || r.IntN(3) > 0 {
			continue
		}
		from := day*lieu.SlotsPerDay + 4*(8+r.IntN(8))
		for slot := from; slot < from+1+r.IntN(14); slot++ {
			h.Slots.Add(slot)
		}
	}
	return h
}
