package scenario

import (
	"context"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
)

func someOffer(r *rand.Rand) Offered {
	return Offered{editiontest.SomeServices(r).With(lieu.Demarches), editiontest.SomeHours(r)}
}

// adding is the scenario of a lieu at each place.
func adding(t testing.TB, o Offered, places ...Place) *Scenario {
	s := Scenario{Name: "ajouts", Actions: []Action{}}
	for _, p := range places {
		s.Actions = append(s.Actions, Action{Do: AddLieu, Lon: &p.At.Lon, Lat: &p.At.Lat, Services: services(o.Services), Horaires: &o.Horaires.Text})
	}
	return parse(t, s)
}

// gainOf reads a difference as a gain.
func gainOf(d *Difference, people []int32) (g Gain) {
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

// naiveGain counts slot by slot, home by home, with a search from the place alone.
func naiveGain(b *Base, place Place, o Offered) (g Gain) {
	if !o.Services.Offers(b.query.Service) {
		return g
	}
	snap, reach := b.e.Network.Snap(b.query.Mode, place.At)
	if reach != geo.Reached {
		return g
	}
	field := b.e.Network.NewSearch(b.query.Mode).Nearest([]road.Snap{snap})
	for part, people := range b.e.People {
		start, _ := b.e.Network.Snap(b.query.Mode, b.e.Origins[part])
		if trip, _ := field.At(start); people == 0 || !trip.Within(b.query.Cutoff) {
			continue
		}
		var hours []*lieu.Horaires
		row, costs := b.e.Access[b.query.Mode].Within.Row(int32(part))
		for j, site := range row {
			if s := &b.e.Sites[site]; geo.Cost(costs[j]) <= b.query.Cutoff && s.Services.Offers(b.query.Service) {
				hours = append(hours, &s.Horaires)
			}
		}
		count := func(hours []*lieu.Horaires) (access.Opening, uint16) {
			opening, slots := access.NoSite, uint16(0)
			for _, h := range hours {
				if h.Known {
					opening = access.HoursKnown
				} else if opening == access.NoSite {
					opening = access.HoursUnknown
				}
			}
			for slot := range lieu.SlotsPerCycle {
				for _, h := range hours {
					if h.Known && h.Slots.Has(slot) {
						slots++
						break
					}
				}
			}
			return opening, slots
		}
		wasOpening, was := count(hours)
		isOpening, is := count(append(hours, &o.Horaires))
		before, after := coverage.ClassOf(wasOpening, was, b.query.MinHours), coverage.ClassOf(isOpening, is, b.query.MinHours)
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
		e := build(t, editiontest.Small(r), editiontest.SmallParams())
		b, err := NewEngine(e).Base(randomQuery(r))
		if err != nil {
			t.Fatal(err)
		}
		places, err := b.Cells(8)
		if err != nil {
			t.Fatal(err)
		}
		places = append(places, b.ChefsLieux()...)
		o := someOffer(r)
		gains, err := b.Gains(context.Background(), places, o, nil)
		if err != nil {
			t.Fatal(err)
		}
		for i, p := range places {
			d, err := b.Evaluate(context.Background(), adding(t, o, p))
			if err != nil {
				t.Fatal(err)
			}
			if want := gainOf(d, e.People); gains[i] != want {
				t.Fatalf("seed %d: place %d: %+v, evaluated %+v", seed, i, gains[i], want)
			}
			if want := naiveGain(b, p, o); gains[i] != want {
				t.Fatalf("seed %d: place %d: %+v, counted %+v", seed, i, gains[i], want)
			}
			if gains[i].SlotPeople > 0 {
				compared++
			}
		}
	}
	if compared < 100 {
		t.Errorf("%d places bring something: too dull", compared)
	}
}

// TestGainInTheAisne: a sample of the demonstration's places, evaluated.
func TestGainInTheAisne(t *testing.T) {
	e := editiontest.Aisne(t)
	b, err := NewEngine(e).Base(e.Params.Query())
	if err != nil {
		t.Fatal(err)
	}
	places, err := b.Cells(7)
	if err != nil {
		t.Fatal(err)
	}
	r := rand.New(rand.NewPCG(3, 37))
	r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
	places = places[:40]
	o := Offered{lieu.Services(0).With(lieu.Demarches), hoursOf(t, "Mo-Fr 09:00-17:00")}
	gains, err := b.Gains(context.Background(), places, o, nil)
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

func hoursOf(t testing.TB, text string) lieu.Horaires {
	h, err := lieu.ParseHoraires(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

// BenchmarkGains looks at every inhabited cell of resolution 8. Target: 10 s.
func BenchmarkGains(b *testing.B) {
	e := editiontest.Aisne(b)
	base, err := NewEngine(e).Base(e.Params.Query())
	if err != nil {
		b.Fatal(err)
	}
	places, err := base.Cells(8)
	if err != nil {
		b.Fatal(err)
	}
	o := Offered{lieu.Services(0).With(lieu.Demarches), hoursOf(b, "Mo-Fr 09:00-17:00")}
	var spent time.Duration
	for b.Loop() {
		start := time.Now()
		if _, err := base.Gains(context.Background(), places, o, nil); err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
	}
	b.ReportMetric(spent.Seconds()/float64(b.N), "s/all")
	b.ReportMetric(float64(len(places)), "places")
	b.ReportMetric(float64(spent.Microseconds())/float64(b.N)/float64(len(places)), "µs/place")
}
