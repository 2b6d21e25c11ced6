package transit

import (
	"context"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
)

// CompareForward compares profiles of feeds that were published with a search that goes
// forwards, from one time and one place at a time: from each of some homes at some times the
// earliest arrival, and back. It gives the number of journeys that were equal, and of those
// that were not made within the hour by either.
func CompareForward(t *testing.T, feeds []Feed, from Day, r *rand.Rand, queries int) (equal, none int) {
	t.Helper()
	table, err := Compile(feeds, Default(from, zone))
	if err != nil {
		t.Fatal(err)
	}
	n, err := New(context.Background(), table, flat{river: -1000, everywhere: true})
	if err != nil {
		t.Fatal(err)
	}
	s := n.NewSearch().(*search)
	somewhere := func() geo.LonLat {
		p := table.At(int32(r.IntN(len(table.stops))))
		return geo.LonLat{Lon: p.Lon + metre*float64(r.IntN(1000)-500), Lat: p.Lat + metre*float64(r.IntN(1000)-500)}
	}
	nodesOf := func(walks []link) (out []link) {
		for _, w := range walks {
			for v := table.first[w.to]; v < table.first[w.to+1]; v++ {
				out = append(out, link{v, w.seconds})
			}
		}
		return out
	}
	for equal+none < queries {
		k := table.days[r.IntN(ReferenceDays)]
		to, err := n.Sites(context.Background(), []network.Site{{At: somewhere()}})
		if err != nil {
			t.Fatal(err)
		}
		var homes []geo.LonLat
		for range 10 {
			homes = append(homes, somewhere())
		}
		at, err := n.Starts(context.Background(), homes)
		if err != nil {
			t.Fatal(err)
		}
		site := s.walksTo(to.(*sites), 0)
		s.out.search(table.tables[k], &n.into, site)
		s.outOf.gather(s.out, table)
		teller := teller{n, s, table.tables[k], [2]map[[2]int32]Journey{}}
		for home := range homes {
			walks := at.(*starts).byStart.of(int32(home))
			profile := s.reach(walks, s.outOf.at, longest)
			for range 10 {
				leave := int32(earliest + r.IntN(latest-earliest))
				want := teller.earliest(nodesOf(walks), site, leave)
				got, ok := profile.from(leave)
				switch {
				case !ok || got.arrive()-leave > longest || want-leave > longest || want > latest:
					// A profile holds what takes an hour from when one leaves home at last.
					if want <= latest && want-leave <= longest {
						t.Fatalf("from %d at %d: at the site at %d, and the profile knows none: %v", home, leave, want, got)
					}
					none++
				case got.arrive() != want:
					t.Fatalf("from %d at %d: at the site at %d, want %d", home, leave, got.arrive(), want)
				default:
					equal++
				}
			}
		}
		s.outOf.clear()
	}
	return equal, none
}

// earliest is when one is at a place first who leaves at a time, by rides from the first to
// the last; never: not at all.
func (t *teller) earliest(from, to []link, leave int32) int32 {
	ready := make([]int32, len(t.net.timetable.nodes))
	clearTimes := func() {
		for v := range ready {
			ready[v] = never
		}
	}
	clearTimes()
	for _, w := range from {
		ready[w.to] = min(ready[w.to], leave+w.seconds)
	}
	best := int32(never)
	for range maxRides {
		came := t.ride(ready, Journey{Arrive: never})
		clearTimes()
		for _, w := range to {
			if came[w.to].time != never {
				best = min(best, came[w.to].time+w.seconds)
			}
		}
		for u := range came {
			if came[u].time == never {
				continue
			}
			for _, c := range t.net.outOf.of(int32(u)) {
				ready[c.to] = min(ready[c.to], came[u].time+c.seconds)
			}
		}
	}
	return best
}
