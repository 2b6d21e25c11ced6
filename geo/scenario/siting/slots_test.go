package siting

import (
	"context"
	"errors"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestSuggestWhereSlotsDiffer: by a toy and by bus, lieux are those of choosing greedily by
// simulations alone; what they bring is simulated; no choice of as many passes the bound, and
// theirs is at least 1 − 1/e of it where any places may be chosen together.
func TestSuggestWhereSlotsDiffer(t *testing.T) {
	first := rand.Uint64() >> 1
	t.Logf("seeds from %d", first)
	instances, optimal, several := 0, 0, 0
	byMode := map[geo.Mode]int{}
	for seed := first; seed < first+24; seed++ {
		b, r := slotsDiffer(t, seed)
		q, e := b.Query(), b.Edition()
		places := cellsAndChefsLieux(t, b)
		r.Shuffle(len(places), func(i, j int) { places[i], places[j] = places[j], places[i] })
		w := Wish{K: 1 + r.IntN(3), Objective: ByHours, Places: places[:min(9, len(places))],
			Offered: Offered{lieu.Services(0).With(lieu.Service(r.IntN(3))), editiontest.Hours(t, []string{"Mo-Fr 09:00-17:00", "Tu 09:00-12:00", "Mo-Sa 08:00-20:00"}[r.IntN(3)])}}
		if q.Service != lieu.Any {
			w.Offered.Services = w.Offered.Services.With(q.Service)
		}
		if r.IntN(3) == 0 {
			w.MinDistance = 1500 * r.Float64()
		}
		for _, o := range []Objective{ByPeople, ByFragile} {
			threshold := w
			threshold.Objective = o
			_, err := Suggest(context.Background(), b, threshold, nil)
			var refused *ThresholdError
			var none *NoIndexError
			if !errors.As(err, &refused) && !errors.As(err, &none) {
				t.Fatalf("seed %d: %s: %v", seed, o, err)
			}
		}
		got, err := Suggest(context.Background(), b, w, nil)
		if err != nil {
			t.Fatal(err)
		}
		after := func(some []int) float64 {
			var at []Place
			for _, i := range some {
				at = append(at, w.Places[i])
			}
			return measure(t, b, adding(t, w.Offered, at...), ByHours)
		}
		may := func(some []int, i int) bool {
			return farEnough(b, &w, i) && !slices.ContainsFunc(some, func(j int) bool {
				return j == i || w.MinDistance > 0 && geo.Distance(w.Places[i].At, w.Places[j].At) < w.MinDistance
			})
		}
		// Greedily, by simulations alone.
		var greedy []int
		now := after(nil)
		if math.Abs(now-got.Before) > exact {
			t.Fatalf("seed %d: before %v, measured %v", seed, got.Before, now)
		}
		for len(greedy) < w.K {
			best, most := -1, now
			for i := range w.Places {
				if may(greedy, i) {
					if m := after(append(slices.Clone(greedy), i)); m > most+exact {
						best, most = i, m
					}
				}
			}
			if best < 0 {
				break
			}
			k := len(greedy)
			if k >= len(got.Chosen) || got.Chosen[k].Place != best || math.Abs(got.Chosen[k].Gain-(most-now)) > exact {
				t.Fatalf("seed %d: %+v: the choice of rank %d is %d, for %v more: %+v", seed, w, k+1, best, most-now, got.Chosen)
			}
			greedy, now = append(greedy, best), most
		}
		if len(got.Chosen) != len(greedy) || math.Abs(now-got.After) > exact {
			t.Fatalf("seed %d: %d chosen, %v after; greedily %d, %v", seed, len(got.Chosen), got.After, len(greedy), now)
		}
		d, err := b.Evaluate(context.Background(), parse(t, NewReport(b, &w, got).Scenario))
		if err != nil {
			t.Fatal(err)
		}
		people := 0
		for _, c := range got.Chosen {
			people += c.People
		}
		if want := gainOf(d, e.People).Covered; people != want {
			t.Fatalf("seed %d: %d people become couverts, evaluated %d", seed, people, want)
		}
		best := got.Before
		subsets(len(w.Places), min(w.K, len(w.Places)), func(picked []int) {
			for k, i := range picked {
				if !may(picked[:k], i) {
					return
				}
			}
			best = max(best, after(picked))
		})
		if best > got.UpperBound+exact {
			t.Fatalf("seed %d: %+v: %v is above the bound %v", seed, w, best, got.UpperBound)
		}
		if proven := 1 - got.GapPercent()/100; w.MinDistance == 0 && proven < 1-1/math.E {
			t.Fatalf("seed %d: %v of the bound", seed, proven)
		}
		instances++
		byMode[q.Mode]++
		if got.After > best-exact {
			optimal++
		}
		if len(got.Chosen) > 1 {
			several++
		}
	}
	t.Logf("%d instances, %v: %d of several lieux, %d optimal", instances, byMode, several, optimal)
	if several < 5 || byMode[geo.Transit] < 5 {
		t.Error("too dull to prove anything")
	}
}
