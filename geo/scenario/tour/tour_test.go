package tour

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

const exact = 1e-4 // of sums of fragile people, which are in floating point when measured

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

func someTour(r *rand.Rand, in *editiontest.Inputs, places []siting.Place) Wish {
	days := [][]int{{0, 1, 2, 3, 4}, {1, 3}, {0}}[r.IntN(3)]
	return Wish{Nom: "Bus", Depot: in.Place(r), Stops: 1 + r.IntN(5), Start: 8*60 + 30, End: (12 + r.IntN(7)) * 60, Stay: 15 * (2 + r.IntN(10)), Weekdays: days,
		MonthHours: []float64{1, 3, 6, 12}[r.IntN(4)], Services: lieu.Services(0).With(lieu.Demarches), Objective: []siting.Objective{siting.ByPeople, siting.ByFragile}[r.IntN(2)], Places: places}
}

// TestTourKeepsItsPromise: a proposed tournée can be driven, within the vehicle's day,
// brings the hours to whom it says, evaluated, and no choice of its places passes its bound.
func TestTourKeepsItsPromise(t *testing.T) {
	tours, stops, joint := 0, 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 42))
		in := editiontest.Small(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		b, err := scenario.NewEngine(e).Base(coverage.Query{Service: lieu.Demarches, Mode: geo.Modes[r.IntN(3)], Cutoff: geo.Cost(2+r.IntN(12)) * geo.Minute, MinHours: 5})
		if err != nil {
			t.Fatal(err)
		}
		places := siting.ChefsLieux(e)
		if cells, err := siting.Cells(b.Engine, 8); err != nil {
			t.Fatal(err)
		} else {
			places = append(places, cells[:min(len(cells), 8)]...)
		}
		w := someTour(r, in, places)
		if w.check(b) != nil {
			continue
		}
		got, err := Propose(context.Background(), b, w, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		served := func(s *scenario.Scenario) (sum float64) {
			d, err := b.Evaluate(context.Background(), s)
			if err != nil {
				t.Fatal(err)
			}
			slots := map[int32]uint16{}
			for _, p := range d.Parts {
				slots[p.Part] = p.After.Slots
			}
			for part, people := range e.People {
				n, changed := slots[int32(part)]
				if !changed {
					n = b.Answer().Hours.Slots[part]
				}
				if float64(n) >= w.need() {
					x := float64(people)
					if w.Objective == siting.ByFragile {
						x = editiontest.Fragile(e, part)
					}
					sum += x
				}
			}
			return sum
		}
		if m := served(parse(t, got.Scenario)); math.Abs(m-got.After) > exact {
			t.Fatalf("seed %d: after %v, evaluated %v", seed, got.After, m)
		}
		if got.After > got.UpperBound+exact {
			t.Fatalf("seed %d: after %v, bound %v", seed, got.After, got.UpperBound)
		}
		if len(got.Stops) == 0 {
			continue
		}
		if !got.Check.Feasible {
			t.Fatalf("seed %d: %+v cannot be driven: %+v", seed, got.Scenario.Actions, got.Check.Late)
		}
		for _, day := range got.Check.Days {
			if day.Leaves < scenario.Clock(w.Start) || day.Back > scenario.Clock(w.End) || day.Back < day.Leaves {
				t.Fatalf("seed %d: a day from %s to %s, the vehicle's is from %s to %s", seed, day.Leaves, day.Back, scenario.Clock(w.Start), scenario.Clock(w.End))
			}
			if len(day.Visits) > 1 {
				joint++
			}
		}
		tours++
		stops += len(got.Stops)
	}
	t.Logf("%d tours of %d stops, %d days with several", tours, stops, joint)
	if tours < 25 || joint < 20 {
		t.Error("too dull")
	}
}

// BenchmarkTour proposes a tournée of eight stops in the demonstration. Target: 20 s.
func BenchmarkTour(b *testing.B) {
	e := editiontest.Aisne(b)
	base, err := scenario.NewEngine(e).Base(e.Params.Query())
	if err != nil {
		b.Fatal(err)
	}
	places, err := siting.Cells(base.Engine, 8)
	if err != nil {
		b.Fatal(err)
	}
	w := Wish{Nom: "Bus", Depot: geo.LonLat{Lon: 3.52, Lat: 49.19}, Stops: 8, Start: 8*60 + 30, End: 17*60 + 30, Stay: 180, Weekdays: []int{0, 1, 2, 3, 4},
		MonthHours: 6, Services: lieu.Services(0).With(lieu.Demarches), Objective: siting.ByFragile, Places: places}
	var spent time.Duration
	for b.Loop() {
		start := time.Now()
		t, err := Propose(context.Background(), base, w, nil)
		if err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
		b.ReportMetric(float64(len(t.Stops)), "stops")
	}
	b.ReportMetric(spent.Seconds()/float64(b.N), "s/tour")
}
