package siting

import (
	"context"
	"encoding/json"
	"errors"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

func someOffer(r *rand.Rand) Offered {
	hours, err := lieu.ParseHoraires(editiontest.SomeHoursText(r))
	if err != nil {
		panic(err)
	}
	return Offered{editiontest.SomeServices(r).With(lieu.Demarches), hours}
}

// adding is the scenario of a lieu at each place.
func adding(t testing.TB, o Offered, places ...Place) *scenario.Scenario {
	s := scenario.Scenario{Name: "ajouts", Actions: []scenario.Action{}}
	for _, p := range places {
		s.Actions = append(s.Actions, scenario.Action{Do: scenario.AddLieu, Lon: &p.At.Lon, Lat: &p.At.Lat, Services: editiontest.Names(o.Services), Horaires: &o.Horaires.Text})
	}
	return parse(t, &s)
}

// parse writes a scenario out and reads it as a file.
func parse(t testing.TB, s *scenario.Scenario) *scenario.Scenario {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := scenario.Parse(data)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return parsed
}

// gainOf reads a difference as a gain.
func gainOf(d *scenario.Difference, people []int32) (g Gain) {
	for _, t := range d.Transitions {
		if t.To == coverage.Couverte.String() {
			g.Covered += t.People
		}
		if t.From == coverage.Blanche.String() {
			g.FromBlanche += t.People
		}
	}
	for _, p := range d.Parts {
		if p.Before.Opening != access.HoursUnknown && p.After.Opening != access.HoursUnknown {
			g.SlotPeople += int64(p.After.Slots-p.Before.Slots) * int64(people[p.Part])
		}
	}
	return g
}

// coveredBy is who the people are that a scenario makes couverts, part by part.
func coveredBy(b *scenario.Base, d *scenario.Difference) *publics.Figures {
	table, sum := b.Edition().Publics, publics.Sum{}
	for _, p := range d.Parts {
		if n := b.Edition().People[p.Part]; table != nil && n > 0 && p.Before.Class != coverage.Couverte && p.After.Class == coverage.Couverte {
			table.Add(&sum, publics.Live{Part: p.Part, Commune: b.Edition().Grid.Parts[p.Part].Commune, N: n, Of: n}, coverage.Couverte)
		}
	}
	if sum.People == 0 {
		return nil
	}
	return table.Of(sum)
}

// naiveGain counts slot by slot, home by home, with a search from the place alone.
func naiveGain(b *scenario.Base, place Place, o Offered) (g Gain) {
	if !o.Services.Offers(b.Query().Service) {
		return g
	}
	mode, _ := street.ModeOf(b.Query().Mode)
	snap, reach := b.Edition().Network.Snap(mode, place.At)
	if reach != geo.Reached {
		return g
	}
	field := b.Edition().Network.NewSearch(mode).Nearest([]road.Snap{snap})
	for part, people := range b.Edition().People {
		start, _ := b.Edition().Network.Snap(mode, b.Edition().Origins[part])
		if journey, _ := field.At(start); people == 0 || !journey.Within(b.Query().Cutoff) {
			continue
		}
		var hours []*lieu.Site
		row, costs := b.Edition().Access[b.Query().Mode].Within.Row(int32(part))
		for j, site := range row {
			if s := &b.Edition().Sites[site]; geo.Cost(costs[j]) <= b.Query().Cutoff && s.Could(b.Query().Service) {
				hours = append(hours, s)
			}
		}
		count := func(sites []*lieu.Site) (access.Opening, uint16) {
			opening, slots := access.NoSite, uint16(0)
			for _, s := range sites {
				if s.Of(b.Query().Service) == 0 {
					opening = access.HoursKnown
				} else if opening == access.NoSite {
					opening = access.HoursUnknown
				}
			}
			for slot := range lieu.SlotsPerCycle {
				for _, s := range sites {
					if s.Of(b.Query().Service) == 0 && s.Horaires.Count(b.Query().Appointments).Has(slot) {
						slots++
						break
					}
				}
			}
			return opening, slots
		}
		wasOpening, was := count(hours)
		isOpening, is := count(append(hours, &lieu.Site{Services: o.Services, Horaires: o.Horaires}))
		before, after := coverage.ClassOf(wasOpening, was, b.Query().MinHours), coverage.ClassOf(isOpening, is, b.Query().MinHours)
		if before != coverage.Couverte && after == coverage.Couverte {
			g.Covered += int(people)
		}
		if before == coverage.Blanche {
			g.FromBlanche += int(people)
		}
		if wasOpening != access.HoursUnknown && isOpening != access.HoursUnknown {
			g.SlotPeople += int64(is-was) * int64(people)
		}
	}
	return g
}

// TestGainEqualsEvaluatingAndCounting: at every place of random territories.
func TestGainEqualsEvaluatingAndCounting(t *testing.T) {
	compared := 0
	for seed := range uint64(25) {
		r := rand.New(rand.NewPCG(seed, 36))
		e := editiontest.Build(t, editiontest.Small(r), editiontest.SmallParams())
		b, err := scenario.NewEngine(e).Base(editiontest.SomeQuery(r))
		if err != nil {
			t.Fatal(err)
		}
		places, o := cellsAndChefsLieux(t, b), someOffer(r)
		gains, some := evaluatedGains(t, b, places, o, seed)
		for i, p := range places {
			if want := naiveGain(b, p, o); gains[i] != want {
				t.Fatalf("seed %d: place %d: %+v, counted %+v", seed, i, gains[i], want)
			}
		}
		compared += some
	}
	if compared < 100 {
		t.Errorf("%d places bring something: too dull", compared)
	}
}

// cellsAndChefsLieux are places to try.
func cellsAndChefsLieux(t *testing.T, b *scenario.Base) []Place {
	t.Helper()
	places, err := Cells(b.Engine, 8)
	if err != nil {
		t.Fatal(err)
	}
	return append(places, ChefsLieux(b.Edition())...)
}

// evaluatedGains are the gains of places, each held to what a simulation says, and how many
// bring something.
func evaluatedGains(t *testing.T, b *scenario.Base, places []Place, o Offered, seed uint64) (gains []Gain, some int) {
	t.Helper()
	gains, err := Gains(context.Background(), b, places, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	who, err := Who(context.Background(), b, places, o)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range places {
		d, err := b.Evaluate(context.Background(), adding(t, o, p))
		if err != nil {
			t.Fatal(err)
		}
		if want := gainOf(d, b.Edition().People); gains[i] != want {
			t.Fatalf("seed %d: place %d: %+v, evaluated %+v", seed, i, gains[i], want)
		}
		if diff := cmp.Diff(coveredBy(b, d), who[i]); diff != "" {
			t.Fatalf("seed %d: place %d: publics: %s", seed, i, diff)
		}
		if gains[i].SlotPeople > 0 {
			some++
		}
	}
	return gains, some
}

// TestGainEqualsEvaluatingWhereSlotsDiffer: where not every slot of a lieu counts for whoever
// reaches it, by a toy and by bus, a gain is what a simulation says.
func TestGainEqualsEvaluatingWhereSlotsDiffer(t *testing.T) {
	compared := map[geo.Mode]int{}
	first := rand.Uint64() >> 1
	for seed := first; seed < first+20; seed++ {
		b, r := slotsDiffer(t, seed)
		places, o := cellsAndChefsLieux(t, b), someOffer(r)
		_, some := evaluatedGains(t, b, places, o, seed)
		compared[b.Query().Mode] += some
	}
	if compared[geo.Walk] < 20 || compared[geo.Transit] < 20 {
		t.Errorf("places that bring something: %v: too dull", compared)
	}
}

// slotsDiffer is a small territory by a mode by which slots differ from home to home: the toy
// one time in four, else buses.
func slotsDiffer(t *testing.T, seed uint64) (*scenario.Base, *rand.Rand) {
	t.Helper()
	r := rand.New(rand.NewPCG(seed, 46))
	var e *edition.Edition
	var q coverage.Query
	if r.IntN(4) == 0 {
		e, q = editiontest.BuildToy(t, editiontest.Small(r), editiontest.SmallParams()), editiontest.SomeQuery(r)
		q.Mode = geo.Walk
	} else {
		e, q = editiontest.Build(t, editiontest.SmallByBus(r), editiontest.SmallParams()), editiontest.SomeQueryByBus(r)
	}
	b, err := scenario.NewEngine(e).Base(q)
	if err != nil {
		t.Fatal(err)
	}
	return b, r
}

// TestGainInTheAisne: a sample of the demonstration's places, evaluated.
func TestGainInTheAisne(t *testing.T) {
	e := editiontest.Aisne(t)
	b, err := scenario.NewEngine(e).Base(e.Params.Query())
	if err != nil {
		t.Fatal(err)
	}
	places, err := Cells(b.Engine, 7)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 37))
	r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	places = places[:40]
	o := Offered{lieu.Services(0).With(lieu.Demarches), editiontest.Hours(t, "Mo-Fr 09:00-17:00")}
	gains, err := Gains(context.Background(), b, places, o, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i, p := range places {
		d, err := b.Evaluate(context.Background(), adding(t, o, p))
		if err != nil {
			t.Fatal(err)
		}
		if want := gainOf(d, e.People); gains[i] != want {
			t.Fatalf("place %d: %+v, evaluated %+v", i, gains[i], want)
		}
	}
}

func TestStopsWhenAsked(t *testing.T) {
	in := editiontest.Small(rand.New(rand.NewPCG(6, 45)))
	in.LieuRows[0].NoPublic, in.LieuRows[0].Itinerant, in.LieuRows[0].AccueilInconnu, in.LieuRows[0].Located = false, false, false, true
	in.LieuRows[0].Services = lieu.NineServices
	e := editiontest.Build(t, in, editiontest.SmallParams())
	b, err := scenario.NewEngine(e).Base(e.Params.Query())
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	o := Offered{lieu.Services(0).With(lieu.Demarches), editiontest.Hours(t, "Mo-Fr 09:00-17:00")}
	places := ChefsLieux(e)
	_, evaluated := b.Evaluate(ctx, adding(t, o, places[0]))
	_, gained := Gains(ctx, b, places, o, nil)
	_, suggested := Suggest(ctx, b, Wish{K: 1, Objective: ByPeople, Offered: o, Places: places}, nil)
	_, closed := Close(ctx, b, 1, ByPeople)
	for name, err := range map[string]error{"Evaluate": evaluated, "Gains": gained, "Suggest": suggested, "Close": closed} {
		if !errors.Is(err, context.Canceled) {
			t.Errorf("%s after its context ended: %v", name, err)
		}
	}
	// What was begun is undone: the base answers as before.
	if d, err := b.Evaluate(context.Background(), parse(t, &scenario.Scenario{Name: "rien", Actions: []scenario.Action{}})); err != nil || len(d.Parts) > 0 {
		t.Errorf("after a cancelled scenario, an empty one changes %d parts (%v)", len(d.Parts), err)
	}
}

// BenchmarkGains looks at every inhabited cell of resolution 8. Target: 10 s.
func BenchmarkGains(b *testing.B) {
	benchmarkGains(b, geo.Car)
}

// BenchmarkGainsByBus looks at every place that a bus may serve, one in a cell of resolution 8.
// Target: 60 ms a place.
func BenchmarkGainsByBus(b *testing.B) {
	benchmarkGains(b, geo.Transit)
}

// demonstration is the usual question by a mode, with the places that are looked at.
func demonstration(b *testing.B, m geo.Mode) (*scenario.Base, []Place) {
	e := editiontest.Aisne(b)
	if !e.HasMode(m) {
		b.Skip("the demonstration has no mode ", m)
	}
	base, err := scenario.NewEngine(e).Base(e.Params.Query().By(m))
	if err != nil {
		b.Fatal(err)
	}
	places, err := Candidates(base.Engine, m, 8)
	if err != nil {
		b.Fatal(err)
	}
	return base, places
}

func benchmarkGains(b *testing.B, m geo.Mode) {
	base, places := demonstration(b, m)
	o := Offered{lieu.Services(0).With(lieu.Demarches), editiontest.Hours(b, "Mo-Fr 09:00-17:00")}
	var spent time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := Gains(context.Background(), base, places, o, nil); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
	}
	b.ReportMetric(spent.Seconds()/float64(b.N), "s/all")
	b.ReportMetric(float64(len(places)), "places")
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N)/float64(len(places)), "µs/place")
}
