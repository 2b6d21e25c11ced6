package transit

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
)

// TestVisitsAreWhatFeedsSay: on made-up territories, what is told of each date holds all slots
// that count within a limit and no others; each journey is made of rides that the feeds have,
// with time for each change and walk, and no journey of its times has fewer rides.
func TestVisitsAreWhatFeedsSay(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	visits, changes, abouts := 0, 0, 0
	for world := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, world))
		w := makeUp(r)
		if r.IntN(4) > 0 { // more can be told of those who have time
			w.options.Stay, w.options.Away, w.options.School, w.options.Wheelchair = 900, 6*3600, true, false
		}
		n := w.open(t)
		from, err := n.Starts(context.Background(), w.homes[:1])
		if err != nil {
			t.Fatal(err)
		}
		to, err := n.Sites(context.Background(), w.sites)
		if err != nil {
			t.Fatal(err)
		}
		home, site, step := w.homes[0], r.IntN(2), NumSteps-r.IntN(8)
		told := n.Visits(from, 0, to, int32(site), geo.Cost(step)*Step+geo.Cost(r.IntN(int(Step))))
		known := map[string][2]map[journey]int{} // on dates that are alike
		for day := w.options.From; day < w.options.From+ReferenceDays; day++ {
			o := newOracle(w, day)
			like := o.like()
			both, met := known[like]
			if !met {
				both = [2]map[journey]int{o.rides(home, w.sites[site].At), o.rides(w.sites[site].At, home)}
				known[like] = both
			}
			outs, backs := both[0], both[1]
			var there, again []journey
			for j := range outs {
				there = append(there, j)
			}
			for j := range backs {
				again = append(again, journey{home: j.site, site: j.home})
			}
			var got uint64
			for ; len(told) > 0 && told[0].Day == day; told = told[1:] {
				v := told[0]
				visits++
				got |= (1<<(v.End-v.First) - 1) << (v.First - firstSlot)
				for back, j := range []Journey{v.Out, v.Back} {
					a, b, fewest := home, w.sites[site].At, outs[journey{j.Leave, j.Arrive}]
					if back == 1 {
						a, b, fewest = b, a, backs[journey{j.Leave, j.Arrive}]
					}
					if fewest == 0 || len(j.Rides) != fewest || !o.canMake(n, j, a, b) {
						t.Fatalf("seed %d, world %d, %v: %+v, of which the fewest rides are %d", seed, world, day, j, fewest)
					}
					changes += len(j.Rides) - 1
					for _, ride := range j.Rides {
						if ride.Every > 0 {
							abouts++
						}
					}
				}
			}
			if want := o.count(w.sites[site].Horaires, there, again).steps[step-1]; got != want {
				t.Fatalf("seed %d, world %d, %v: slots %b, want %b", seed, world, day, got, want)
			}
		}
		if len(told) > 0 {
			t.Fatalf("seed %d, world %d: visits on %v", seed, world, told[0].Day)
		}
	}
	t.Logf("%d visits, %d changes, %d rides at no exact time", visits, changes, abouts)
	if visits < 80 || changes < 3 || abouts == 0 {
		t.Error("too dull to prove anything")
	}
}

// canMake reports whether the vehicles of the date make a journey.
func (o *oracle) canMake(n *Network, j Journey, from, to geo.LonLat) bool {
	if len(j.Walks) != len(j.Rides)+1 {
		return false
	}
	time := j.Leave
	var last *vehicle
	var at spot
	for i, ride := range j.Rides {
		a, b := n.timetable.stops[ride.From], n.timetable.stops[ride.To]
		board, leave := spot{int(a.Feed), int(a.Stop)}, spot{int(b.Feed), int(b.Stop)}
		walk, ok := int32(0), true
		if i == 0 {
			walk, ok = o.onFoot(from, o.at(board))
		} else if at != board {
			if walk, ok = o.onFoot(o.at(at), o.at(board)); !ok {
				walk, ok = 0, true // within a station
			}
		}
		if !ok || walk != j.Walks[i] || int(ride.Line) >= len(o.feeds[ride.Feed].Lines) || o.feeds[ride.Feed].Trips[ride.Trip].Line != ride.Line {
			return false
		}
		found := false
		for _, v := range o.vehicles {
			for k, c := range v.calls {
				if v.feed != int(ride.Feed) || v.trip != int(ride.Trip) || int(c.Stop) != board.stop || c.Depart != ride.Depart ||
					k+1 == len(v.calls) || !o.usable(v, k, c.Pickup) || found {
					continue
				}
				ready := time + walk
				if i > 0 {
					seconds, ok := o.change(last, at, v, board)
					if !ok {
						continue
					}
					ready = time + seconds
				}
				if c.Depart < ready {
					continue
				}
				o.ride(v, k, func(u *vehicle, s spot, arrive int32) {
					if s == leave && arrive == ride.Arrive && !found {
						last, found = u, true
					}
				})
			}
		}
		if !found {
			return false
		}
		time, at = ride.Arrive, leave
	}
	walk, ok := o.onFoot(o.at(at), to)
	return ok && walk == j.Walks[len(j.Rides)] && time+walk == j.Arrive
}
