package scenario

import (
	"context"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

func someTour(r *rand.Rand, in *editiontest.Inputs, places []Place) TourWish {
	days := [][]int{{0, 1, 2, 3, 4}, {1, 3}, {0}}[r.IntN(3)]
	return TourWish{Nom: "Bus", Depot: in.Place(r), Stops: 1 + r.IntN(5), Start: 8*60 + 30, End: (12 + r.IntN(7)) * 60, Stay: 15 * (2 + r.IntN(10)), Weekdays: days,
		MonthHours: []float64{1, 3, 6, 12}[r.IntN(4)], Services: lieu.Services(0).With(lieu.Demarches), Objective: []Objective{ByPeople, ByFragile}[r.IntN(2)], Places: places}
}

// TestTourKeepsItsPromise: a proposed tournée can be driven, within the vehicle's day,
// brings the hours to whom it says, evaluated, and no choice of its places passes its bound.
func TestTourKeepsItsPromise(t *testing.T) {
	tours, stops, joint := 0, 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 42))
		in := editiontest.Small(r)
		e := build(t, in, editiontest.SmallParams())
		b, err := NewEngine(e).Base(coverage.Query{Service: lieu.Demarches, Mode: geo.Modes[r.IntN(3)], Cutoff: geo.Cost(2+r.IntN(12)) * geo.Minute, MinHours: 5})
		if err != nil {
			t.Fatal(err)
		}
		places := b.ChefsLieux()
		if cells, err := b.Cells(8); err != nil {
			t.Fatal(err)
		} else {
			places = append(places, cells[:min(len(cells), 8)]...)
		}
		w := someTour(r, in, places)
		if w.check(b) != nil {
			continue
		}
		got, err := b.Tour(context.Background(), w, nil)
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		served := func(s *Scenario) (sum float64) {
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
					n = b.answer.Supply.Slots[part]
				}
				if float64(n) >= w.need() {
					x := float64(people)
					if w.Objective == ByFragile {
						x *= b.scores[e.Grid.Parts[part].Commune] / 10
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
			if day.Leaves < clock(w.Start) || day.Back > clock(w.End) || day.Back < day.Leaves {
				t.Fatalf("seed %d: a day from %s to %s, the vehicle's is from %s to %s", seed, day.Leaves, day.Back, clock(w.Start), clock(w.End))
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

// TestLateStopIsNamed: a timetable by hand, on one straight road of a kilometre.
func TestLateStopIsNamed(t *testing.T) {
	r := rand.New(rand.NewPCG(7, 43))
	in := editiontest.Small(r)
	e := build(t, in, editiontest.SmallParams())
	g := NewEngine(e)
	// The last way joins the first two crossroads, for all modes and both ways.
	way := in.WayRows[len(in.WayRows)-1]
	a, z := way.At[0], way.At[len(way.At)-1]
	d := newDrives(g.modes[geo.Car](), []geo.LonLat{a, z})
	drive := d.minutes(0, 1)
	if drive < 1 || drive > 5 {
		t.Fatalf("%d minutes from one end of the street to the other", drive)
	}
	stop := func(nom string, at geo.LonLat, when string) lieu.Stop {
		return lieu.Stop{Nom: nom, At: at, Horaires: hoursOf(t, when)}
	}
	tour := lieu.Tournee{ID: "t", Nom: "T", Depot: a, HasDepot: true, Stops: []lieu.Stop{
		stop("A", a, "week 1-53/4 Tu 09:00-10:00"), stop("Z", z, "week 1-53/4 Tu 10:00-11:00,12:00-13:00"), stop("?", z, ""),
		stop("B", a, "week 1-53/4 Tu 11:30-12:00"), stop("Seul", z, "week 3-53/4 We 09:00-09:30")}}
	got, err := g.Check(context.Background(), &tour)
	if err != nil {
		t.Fatal(err)
	}
	late := float64(drive)
	back := float64(d.minutes(1, 0))
	want := []Late{{Week: 1, Day: "mardi", Stop: "Z", From: "A", Opens: "10:00", Arrives: clock(600 + drive), LateMin: &late},
		{Week: 1, Day: "mardi", Stop: "Z", From: "B", Opens: "12:00", Arrives: clock(720 + drive), LateMin: &late}}
	if diff := cmp.Diff(want, got.Late); diff != "" || got.Feasible {
		t.Errorf("late: %s", diff)
	}
	if len(got.Days) != 2 || got.Days[0].Leaves != "09:00" || got.Days[0].Back != clock(780+int(back)) || len(got.Days[0].Visits) != 4 || got.Days[0].DriveMin != 2*late+2*back ||
		got.Days[1].Week != 3 || got.Days[1].Day != "mercredi" || got.Days[1].Leaves != clock(540-drive) {
		t.Errorf("days: %+v", got.Days)
	}
	if diff := cmp.Diff([]string{"?"}, got.Unknown); diff != "" {
		t.Errorf("unknown hours: %s", diff)
	}
}

// BenchmarkTour proposes a tournée of eight stops in the demonstration. Target: 20 s.
func BenchmarkTour(b *testing.B) {
	e := editiontest.Aisne(b)
	base, err := NewEngine(e).Base(e.Params.Query())
	if err != nil {
		b.Fatal(err)
	}
	places, err := base.Cells(8)
	if err != nil {
		b.Fatal(err)
	}
	w := TourWish{Nom: "Bus", Depot: geo.LonLat{Lon: 3.52, Lat: 49.19}, Stops: 8, Start: 8*60 + 30, End: 17*60 + 30, Stay: 180, Weekdays: []int{0, 1, 2, 3, 4},
		MonthHours: 6, Services: lieu.Services(0).With(lieu.Demarches), Objective: ByFragile, Places: places}
	var spent time.Duration
	for b.Loop() {
		start := time.Now()
		t, err := base.Tour(context.Background(), w, nil)
		if err != nil {
			b.Fatal(err)
		}
		spent += time.Since(start)
		b.ReportMetric(float64(len(t.Stops)), "stops")
	}
	b.ReportMetric(spent.Seconds()/float64(b.N), "s/tour")
}
