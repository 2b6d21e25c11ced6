package access

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// TestMomentsAreWhatWalkingTheCycleFinds: of random sets of sites, at every slot, against a
// walk over the weeks; the profile is the moments of every slot, counted in people.
func TestMomentsAreWhatWalkingTheCycleFinds(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	seen := [NumMoments]int{}
	for world := range uint64(8) {
		walkTheCycle(t, rand.New(rand.NewPCG(seed, world)), &seen)
	}
	for m := Closed; m <= EveryWeek; m++ {
		if seen[m] == 0 {
			t.Errorf("state %d was never met", m)
		}
	}
}

func walkTheCycle(t *testing.T, r *rand.Rand, seen *[NumMoments]int) {
	t.Helper()
	sites := make([]lieu.Site, 12)
	for i := range sites {
		h := &sites[i].Horaires
		if sites[i].Services = lieu.NineServices; r.IntN(3) == 0 {
			randomDoubt(r, &sites[i])
		}
		if h.Known = r.IntN(4) > 0; !h.Known {
			continue
		}
		for range 40 {
			from, weeks := r.IntN(lieu.SlotsPerWeek-8), 1+r.IntN(15)
			for slot := from; slot < from+8; slot++ {
				for w := range lieu.WeeksPerCycle {
					if weeks>>w&1 == 1 {
						h.Slots.Add(w*lieu.SlotsPerWeek + slot)
					}
				}
			}
		}
	}
	s := &Sets{Service: lieu.Any}
	for range 30 {
		var members []uint16
		for i := range sites {
			if r.IntN(4) == 0 {
				members = append(members, uint16(i))
			}
		}
		if members != nil {
			s.Members = append(s.Members, members)
		}
	}
	people := make([]int32, 300)
	total := 0
	for i := range people {
		people[i] = int32(r.IntN(50))
		total += int(people[i])
		s.Of = append(s.Of, int32(r.IntN(len(s.Members)+1))-1)
	}
	profile := s.Profile(sites, people)
	for slot := range lieu.SlotsPerWeek {
		moments := s.Moments(sites, slot)
		for k, members := range s.Members {
			want, weeks := Closed, 0
			for w := range lieu.WeeksPerCycle {
				for _, site := range members {
					s := &sites[site]
					open := s.Horaires.Known && s.Horaires.Slots.Has(w*lieu.SlotsPerWeek+slot)
					if open && s.Services.Offers(lieu.Any) {
						weeks++
						break
					}
				}
				for _, site := range members {
					s := &sites[site]
					if !s.Horaires.Known || s.Doubt == lieu.DoubtTournee || !s.Services.Offers(lieu.Any) && s.Horaires.Slots.Has(w*lieu.SlotsPerWeek+slot) {
						want = MaybeOpen
					}
				}
			}
			if weeks == lieu.WeeksPerCycle {
				want = EveryWeek
			} else if weeks > 0 {
				want = SomeWeeks
			}
			if moments[k] != want {
				t.Fatalf("slot %d, set %v: %d, want %d", slot, members, moments[k], want)
			}
			seen[want]++
		}
		var counted [NumMoments]int
		sum := 0
		for part, n := range people {
			m := OutOfReach
			if k := s.Of[part]; k >= 0 {
				m = moments[k]
			}
			counted[m] += int(n)
			sum += int(n)
		}
		if counted != profile[slot] || sum != total {
			t.Fatalf("slot %d: %v, want %v", slot, profile[slot], counted)
		}
	}
}

func BenchmarkMoments(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 2))
	const sets, parts = 3000, 100_000 // of a département
	sites := make([]lieu.Site, 240)
	for i := range sites {
		sites[i].Horaires.Known, sites[i].Services = true, lieu.NineServices
		for range 160 {
			sites[i].Horaires.Slots.Add(r.IntN(lieu.SlotsPerCycle))
		}
	}
	s := &Sets{Service: lieu.Any, Of: make([]int32, parts), Members: make([][]uint16, sets)}
	for k := range s.Members {
		for range 8 {
			s.Members[k] = append(s.Members[k], uint16(r.IntN(len(sites))))
		}
	}
	people := make([]int32, parts)
	for i := range people {
		s.Of[i], people[i] = int32(r.IntN(sets)), 5
	}
	b.Run("slot", func(b *testing.B) {
		for b.Loop() {
			s.Moments(sites, 100)
		}
		b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(b.N), "µs/slot")
	})
	b.Run("week", func(b *testing.B) {
		for b.Loop() {
			s.Profile(sites, people)
		}
		b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/week")
	})
}
