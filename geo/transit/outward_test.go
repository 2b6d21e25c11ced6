package transit

import (
	"context"
	"math/rand/v2"
	"testing"
)

// TestOutwardIsTheSoonestOfAllJourneys: on made-up territories, whenever one leaves.
func TestOutwardIsTheSoonestOfAllJourneys(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	some := 0
	for world := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, world))
		w := makeUp(r)
		n := w.open(t)
		from, err := n.Starts(context.Background(), w.homes)
		if err != nil {
			t.Fatal(err)
		}
		to, err := n.Sites(context.Background(), w.sites)
		if err != nil {
			t.Fatal(err)
		}
		outward := n.NewOutward(from)
		for range 3 {
			day := w.options.From + Day(r.IntN(ReferenceDays))
			site := r.IntN(len(w.sites))
			o := newOracle(w, day)
			outward.Toward(to, int32(site), day)
			for home := range w.homes[:min(2, len(w.homes))] {
				all := o.journeys(w.homes[home], w.sites[site].At)
				for range 10 {
					leave, want := int32(earliest+r.IntN(latest-earliest)), int32(never)
					for _, j := range all {
						if j.home >= leave {
							want = min(want, j.site)
						}
					}
					got, ok := outward.Arrival(int32(home), leave)
					if !ok {
						got = never
					} else {
						some++
					}
					if got != want {
						t.Fatalf("seed %d, world %d, %v, from home %d to site %d at %d: %d; want %d", seed, world, day, home, site, leave, got, want)
					}
				}
			}
		}
	}
	if some < 100 {
		t.Errorf("%d arrivals are too few to prove anything", some)
	}
}
