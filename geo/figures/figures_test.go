package figures_test

import (
	"cmp"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

// worlds calls check with small territories at random and a question for each.
func worlds(t *testing.T, n int, check func(r *rand.Rand, e *edition.Edition, a *edition.Answer)) {
	t.Helper()
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	for i := range n {
		r := rand.New(rand.NewPCG(seed, uint64(i)))
		e := editiontest.Build(t, editiontest.Small(r), editiontest.SmallParams())
		check(r, e, e.Answer(editiontest.SomeQuery(r)))
	}
}

func territoires(e *edition.Edition) (all []admin.Territoire) {
	for _, level := range e.Levels() {
		all = append(all, e.Division.Territoires(level)...)
	}
	return all
}

// residents are the people of a territoire in every part, by looking at every part of the
// edition, or at what an outline was given of each.
func residents(e *edition.Edition, t admin.Territoire) []int {
	people := make([]int, len(e.Grid.Parts))
	if t.Drawn != nil {
		for _, s := range t.Drawn.Shares {
			people[s.Part] += int(s.People)
		}
		return people
	}
	for i, p := range e.Grid.Parts {
		if slices.Contains(t.Communes, p.Commune) {
			people[i] = int(e.People[i])
		}
	}
	return people
}

const tolerance = 1e-9 // of sums of floating-point numbers in another order

func near(a, b float64) bool {
	return math.IsNaN(a) && math.IsNaN(b) || math.Abs(a-b) <= tolerance*math.Max(1, math.Abs(b))
}

// TestBands: each band has the people whose figure is between its bounds, one band after
// the other; nobody is in two, and with those apart they add up to the population.
func TestBands(t *testing.T) {
	seen := map[string]int{}
	worlds(t, 25, func(_ *rand.Rand, e *edition.Edition, a *edition.Answer) {
		scores := map[int32]float64{}
		for c, commune := range e.Division.Communes {
			if i, ok := e.IFN(admin.TypeCommune)[commune.Code]; ok && i.Score != nil {
				scores[int32(c)] = math.Round(10*float64(*i.Score)) / 10
			}
		}
		for _, place := range territoires(e) {
			count := func(what string, b figures.Bands, more int, in func(part int32, from, to float64) bool) {
				t.Helper()
				total := b.Apart + more
				for k, got := range b.People {
					from, to := math.Inf(-1), math.Inf(1)
					if k > 0 {
						from = b.Bounds[k-1]
					}
					if k < len(b.Bounds) {
						to = b.Bounds[k]
					}
					want := 0
					for p, n := range residents(e, place) {
						if n > 0 && in(int32(p), from, to) {
							want += n
						}
					}
					if got != want {
						t.Fatalf("%s of %s: %d people from %v to %v, want %d", what, place.Nom, got, from, to, want)
					}
					if got > 0 {
						seen[what]++
					}
					total += got
				}
				if total != place.Population {
					t.Fatalf("%s of %s: %d people of %d", what, place.Nom, total, place.Population)
				}
			}
			times := figures.ByTime(e, a, place)
			if !slices.Equal(times.Bounds, legend.Times.Bounds) {
				t.Fatalf("bounds %v, the legend has %v", times.Bounds, legend.Times.Bounds)
			}
			count("times", times, 0, func(p int32, from, to float64) bool {
				at := a.Nearest.At(p)
				return at.Reach == geo.Reached && at.Cost.Minutes() > from && at.Cost.Minutes() <= to
			})
			hours, far := figures.ByHours(e, a, place)
			count("hours", hours, far, func(p int32, from, to float64) bool {
				return a.Class[p] != coverage.Blanche && a.Hours.Opening[p] != access.HoursUnknown &&
					access.SlotsToHours(a.Hours.Slots[p]) >= from && access.SlotsToHours(a.Hours.Slots[p]) < to
			})
			count("fragility", figures.ByFragility(e, place), 0, func(p int32, from, to float64) bool {
				score, ok := scores[e.Grid.Parts[p].Commune]
				return ok && score >= from && score < to
			})
		}
	})
	if seen["times"] == 0 || seen["hours"] == 0 || seen["fragility"] == 0 {
		t.Errorf("bands with people: %v", seen)
	}
}

// TestCellOf: a row is what its parts are, found by asking every part for its row, and every
// site by every part.
func TestCellOf(t *testing.T) {
	listed := 0
	worlds(t, 12, func(r *rand.Rand, e *edition.Edition, a *edition.Answer) {
		at := &figures.CellMoment{Week: figures.NewWeek(e, a.Query), Slot: r.IntN(lieu.SlotsPerWeek)}
		const most = 3
		for row := range int32(e.Pyramid.Rows) {
			level := slices.IndexFunc(e.Pyramid.Levels, func(l grid.Level) bool { return row >= l.First && row < l.First+int32(len(l.Cells)) })
			var parts []int32
			people := 0
			for p := range e.Grid.Parts {
				if e.Pyramid.Part[level][p] == row {
					parts = append(parts, int32(p))
					people += int(e.People[p])
				}
			}
			if got := figures.PartsOf(e, row); !slices.Equal(got, parts) {
				t.Fatalf("row %d: parts %v, want %v", row, got, parts)
			}
			c, err := figures.CellOf(e, row, a, at, most)
			if err != nil {
				t.Fatal(err)
			}
			weight := func(p int32) float64 {
				if people == 0 {
					return e.Grid.Parts[p].AreaKm2
				}
				return float64(e.People[p])
			}
			// mean over who has a value.
			mean := func(value func(p int32) (float64, bool)) float64 {
				sum, all := 0.0, 0.0
				for _, p := range parts {
					if v, ok := value(p); ok {
						sum, all = sum+v*weight(p), all+weight(p)
					}
				}
				return sum / all
			}
			minutes := mean(func(p int32) (float64, bool) { return a.Nearest.Cost[p].Minutes(), a.Nearest.Reach[p] == geo.Reached })
			hours := mean(func(p int32) (float64, bool) {
				return access.SlotsToHours(a.Hours.Slots[p]), a.Hours.Opening[p] != access.HoursUnknown
			})
			if c.People != people || !near(c.Minutes, minutes) || !near(c.Hours, hours) {
				t.Fatalf("row %d: %d people, %v min, %v h; want %d, %v, %v", row, c.People, c.Minutes, c.Hours, people, minutes, hours)
			}
			sum, moments := 0, figures.Moments{}
			for _, one := range c.Communes {
				sum += one.People
			}
			for _, p := range parts {
				moments[momentOf(e, a, p, at.Slot)] += int(e.People[p])
			}
			if sum != people || c.Moments != moments {
				t.Fatalf("row %d: communes have %d people of %d, moments %v, want %v", row, sum, people, c.Moments, moments)
			}
			want := map[int32]float64{}
			for site := range e.Sites {
				if m := mean(func(p int32) (float64, bool) {
					cost, ok := costTo(e, a, p, int32(site))
					return cost.Minutes(), ok && weight(p) > 0
				}); !math.IsNaN(m) {
					want[int32(site)] = m
				}
			}
			if len(want) > 0 && len(c.Sites) != min(most, len(want)) {
				t.Fatalf("row %d: %d sites, want %d of %d", row, len(c.Sites), most, len(want))
			}
			for i, s := range c.Sites {
				listed++
				if m, ok := want[s.Site]; len(want) > 0 && (!ok || !near(s.Minutes, m)) || s.Moment != access.MomentOf(&e.Sites[s.Site], a.Query.Service, nil, at.Slot) {
					t.Fatalf("row %d: site %d at %v min, want %v", row, s.Site, s.Minutes, m)
				}
				if i > 0 && (s.Moment > c.Sites[i-1].Moment || s.Moment == c.Sites[i-1].Moment && s.Minutes < c.Sites[i-1].Minutes) {
					t.Fatalf("row %d: sites %+v out of order", row, c.Sites)
				}
			}
		}
	})
	if listed == 0 {
		t.Error("no site is near any cell")
	}
}

// costTo is the cost from a part to a site that serves the question within the cut-off.
func costTo(e *edition.Edition, a *edition.Answer, part, site int32) (geo.Cost, bool) {
	row, costs := e.Access[a.Query.Mode].Within.Row(part)
	for j, s := range row {
		if int32(s) == site && geo.Cost(costs[j]) <= a.Query.Cutoff && e.Sites[site].Could(a.Query.Service) {
			return geo.Cost(costs[j]), true
		}
	}
	return 0, false
}

// momentOf asks every site whether a part reaches it and is open, week by week.
func momentOf(e *edition.Edition, a *edition.Answer, part int32, slot int) access.Moment {
	reached, unknown, weeks := false, false, map[int]bool{}
	for site := range e.Sites {
		if _, ok := costTo(e, a, part, int32(site)); !ok {
			continue
		}
		reached = true
		h, sure := &e.Sites[site].Horaires, e.Sites[site].Services.Offers(a.Query.Service)
		unknown = unknown || !h.Known
		for w := range lieu.WeeksPerCycle {
			if !h.Known || !h.Count(a.Query.Appointments).Has(w*lieu.SlotsPerWeek+slot) {
				continue
			}
			if sure {
				weeks[w] = true
			} else {
				unknown = true
			}
		}
	}
	switch {
	case !reached:
		return access.OutOfReach
	case len(weeks) == lieu.WeeksPerCycle:
		return access.EveryWeek
	case len(weeks) > 0:
		return access.SomeWeeks
	case unknown:
		return access.MaybeOpen
	}
	return access.Closed
}

// TestWeek: the whole, territoires and the column at a moment, against asking every part.
func TestWeek(t *testing.T) {
	worlds(t, 12, func(r *rand.Rand, e *edition.Edition, a *edition.Answer) {
		w, slot := figures.NewWeek(e, a.Query), r.IntN(lieu.SlotsPerWeek)
		var whole figures.Moments
		rows := make([]figures.Moments, e.Pyramid.Rows)
		for p, n := range e.People {
			m := momentOf(e, a, int32(p), slot)
			whole[m] += int(n)
			for level := range e.Pyramid.Part {
				rows[e.Pyramid.Part[level][p]][m] += int(n)
			}
		}
		if got := w.Whole(slot); got != whole {
			t.Fatalf("slot %d: %v, want %v", slot, got, whole)
		}
		all := territoires(e)
		for i, got := range w.Of(all, slot) {
			var want figures.Moments
			for p, n := range residents(e, all[i]) {
				if n > 0 {
					want[momentOf(e, a, int32(p), slot)] += n
				}
			}
			if got != want {
				t.Fatalf("slot %d: %s: %v, want %v", slot, all[i].Nom, got, want)
			}
		}
		state, known := w.Column(slot)
		for row, n := range rows {
			if most := slices.Max(n[:]); known[row] != (most > 0) || known[row] && int(state[row]) != slices.Index(n[:], most) {
				t.Fatalf("slot %d: row %d: %v, known %v; people %v", slot, row, state[row], known[row], n)
			}
		}
	})
}

// TestZones: the parts of zones in territoires that share out the département are the zones;
// the index of a zone is the mean of its people, written down one by one.
func TestZones(t *testing.T) {
	indexed := 0
	worlds(t, 25, func(_ *rand.Rand, e *edition.Edition, a *edition.Answer) {
		zones := e.Zones(a)
		here, everywhere := make([]int, len(zones)), 0
		for _, c := range e.Division.Territoires(admin.TypeCommune) {
			parts, people := figures.ZonesIn(e, a, zones, e.Residents.Inside(&c))
			for _, p := range parts {
				here[p.Zone] += p.People
			}
			everywhere += people
		}
		all, people := figures.ZonesIn(e, a, zones, nil)
		if len(all) != len(zones) || people != everywhere {
			t.Fatalf("%d zones of %d, %d people of %d", len(all), len(zones), people, everywhere)
		}
		for i := range zones {
			if all[i].Zone != i || all[i].People != here[i] || here[i] != zones[i].People {
				t.Fatalf("zone %d: %+v, %d people of %d", i, all[i], here[i], zones[i].People)
			}
			sum, n, found := 0.0, 0, false
			for _, c := range zones[i].Communes {
				index, ok := e.IFN(admin.TypeCommune)[e.Division.Communes[c.Commune].Code]
				found = found || ok
				for range c.People {
					if index.Score != nil {
						sum, n = sum+float64(*index.Score), n+1
					}
				}
			}
			if 2*n < zones[i].People { // too few to speak for the others
				n = 0
			}
			got, ok := figures.ZoneIndex(e, &zones[i])
			if ok != found || (got.Score == nil) != (n == 0) || n > 0 && !near(float64(*got.Score), sum/float64(n)) {
				t.Fatalf("zone %d: index %v, %v; want %v of %d people", i, got.Score, ok, sum/float64(n), n)
			}
			indexed += n
		}
	})
	if indexed == 0 {
		t.Error("no zone has an index")
	}
}

// TestCellsByClass: each inhabited cell of the level once, with the class of most people,
// and no finer level would do.
func TestCellsByClass(t *testing.T) {
	worlds(t, 12, func(r *rand.Rand, e *edition.Edition, a *edition.Answer) {
		most := 1 + r.IntN(60)
		for _, place := range territoires(e) {
			got := figures.CellsByClass(e, a, place, most)
			var want map[coverage.Class][]grid.Cell
			all := residents(e, place)
			for level := len(e.Pyramid.Levels) - 1; level >= 0; level-- {
				want = map[coverage.Class][]grid.Cell{}
				total := 0
				l := e.Pyramid.Levels[level]
				for i, c := range l.Cells {
					var tally coverage.Tally
					people := 0
					for p, n := range all {
						if n > 0 && e.Pyramid.Part[level][p] == l.First+int32(i) {
							tally.Add(a.Class[p], n)
							people += n
						}
					}
					if people > 0 {
						want[tally.Worst()] = append(want[tally.Worst()], c)
						total++
					}
				}
				if total <= most {
					break
				}
			}
			for _, class := range coverage.Classes {
				slices.Sort(want[class])
				if !slices.Equal(got[class], want[class]) {
					t.Fatalf("%s: %d cells %s, want %d", place.Nom, len(got[class]), class, len(want[class]))
				}
			}
		}
	})
}

// TestGainsAndRecolouring: the column has the best of what is in each row; the best places
// are in order, one in a commune; rows that a scenario changes are those whose class differs
// when all parts are counted again.
func TestGainsAndRecolouring(t *testing.T) {
	changed, gained := 0, 0
	worlds(t, 20, func(r *rand.Rand, e *edition.Edition, a *edition.Answer) {
		engine := scenario.NewEngine(e)
		base, err := engine.Base(a.Query)
		if err != nil {
			t.Fatal(err)
		}
		level := r.IntN(len(e.Pyramid.Levels))
		resolution := e.Pyramid.Levels[level].Resolution
		places, err := siting.Cells(engine, resolution)
		if err != nil {
			t.Fatal(err)
		}
		gains, err := siting.Gains(t.Context(), base, places, siting.Offered{Services: lieu.Services(0).With(lieu.Demarches).With(lieu.Outils).With(lieu.AccesInternet).With(lieu.Materiel),
			Horaires: editiontest.Hours(t, "Mo-Fr 09:00-17:00")}, nil)
		if err != nil {
			t.Fatal(err)
		}
		best := figures.BestGains(gains)
		for i := 1; i < len(best); i++ {
			x, y := gains[best[i-1]], gains[best[i]]
			if cmp.Or(cmp.Compare(x.Covered, y.Covered), cmp.Compare(x.FromBlanche, y.FromBlanche), cmp.Compare(x.SlotPeople, y.SlotPeople)) < 0 {
				t.Fatalf("%+v comes before %+v", x, y)
			}
		}
		seen := map[int32]bool{}
		for _, i := range figures.BestCommunes(places, gains, 3) {
			if seen[places[i].Commune] || gains[i].Covered == 0 {
				t.Fatalf("place %+v: %+v", places[i], gains[i])
			}
			seen[places[i].Commune] = true
		}
		own := map[int32]uint32{} // of rows of the level
		for i, p := range places {
			if row, ok := e.Pyramid.Find(p.Cell); ok {
				own[row] = uint32(gains[i].Covered)
			}
		}
		want := make([]uint32, e.Pyramid.Rows)
		for row := range want {
			want[row] = figures.NoGain
		}
		for p, people := range e.People {
			if people == 0 {
				continue
			}
			v, ok := own[e.Pyramid.Part[level][p]]
			for k := range e.Pyramid.Part {
				if row := e.Pyramid.Part[k][p]; ok && (want[row] == figures.NoGain || want[row] < v) {
					want[row] = v
				}
			}
			gained += int(v)
		}
		if got := figures.GainColumn(e, resolution, places, gains); !slices.Equal(got, want) {
			t.Fatalf("column of gains at resolution %d differs", resolution)
		}
		i := slices.IndexFunc(e.Sites, func(s lieu.Site) bool { return s.Lieu >= 0 && s.Tournee < 0 && s.Services != 0 })
		if i < 0 {
			return
		}
		d, err := base.Evaluate(t.Context(), &scenario.Scenario{Version: scenario.Version, Name: "x", Actions: []scenario.Action{{Do: scenario.CloseLieu, ID: e.Lieux[e.Sites[i].Lieu].ID}}})
		if err != nil {
			t.Fatal(err)
		}
		class := slices.Clone(a.Class)
		for _, p := range d.Parts {
			class[p.Part] = p.After.Class
		}
		before, after := make([]coverage.Tally, e.Pyramid.Rows), make([]coverage.Tally, e.Pyramid.Rows)
		for k := range e.Pyramid.Part {
			for p, row := range e.Pyramid.Part[k] {
				before[row].Add(a.Class[p], int(e.People[p]))
				after[row].Add(class[p], int(e.People[p]))
			}
		}
		var rows []figures.RowChange
		for row := range before {
			if was, is := before[row].Worst(), after[row].Worst(); was != is {
				rows = append(rows, figures.RowChange{Row: int32(row), Before: was, After: is})
			}
		}
		if got := figures.Recolour(e, a, d.Parts); !slices.Equal(got, rows) {
			t.Fatalf("recoloured %v, want %v", got, rows)
		}
		changed += len(rows)
	})
	if gained == 0 || changed == 0 {
		t.Errorf("%d people gained, %d rows recoloured", gained, changed)
	}
}

// TestSimilar: no other territoire is nearer than those that are listed.
func TestSimilar(t *testing.T) {
	listed := 0
	worlds(t, 25, func(_ *rand.Rand, e *edition.Edition, a *edition.Answer) {
		report, err := e.Gaps(a, edition.Scope{Level: admin.TypeCommune})
		if err != nil {
			t.Fatal(err)
		}
		rows := report.Territoires
		distance := func(i, j int) float64 {
			x, y := &rows[i], &rows[j]
			if x.IFN == nil || y.IFN == nil || x.IFN.Publics == nil || y.IFN.Publics == nil || x.Population*y.Population == 0 {
				return math.Inf(1)
			}
			size, need := 2*(math.Log(float64(x.Population))-math.Log(float64(y.Population))), float64(*x.IFN.Publics)-float64(*y.IFN.Publics)
			return math.Sqrt(size*size + need*need)
		}
		for at := range rows {
			got, comparable := figures.Similar(rows, at, 2), 0
			for other := range rows {
				if other == at || math.IsInf(distance(at, other), 1) {
					if slices.Contains(got, other) {
						t.Fatalf("%s is like %s", rows[at].Nom, rows[other].Nom)
					}
					continue
				}
				comparable++
				for _, i := range got {
					if !slices.Contains(got, other) && distance(at, other) < distance(at, i)-tolerance {
						t.Fatalf("%s is nearer to %s than %s is", rows[other].Nom, rows[at].Nom, rows[i].Nom)
					}
				}
			}
			if len(got) != min(2, comparable) {
				t.Fatalf("%s: %d alike of %d", rows[at].Nom, len(got), comparable)
			}
			listed += len(got)
		}
	})
	if listed == 0 {
		t.Error("nothing is like anything")
	}
}
