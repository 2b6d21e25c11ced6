package coverage

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

const (
	minute    = uint16(geo.Minute)
	tolerance = 1e-9 // relative, of sums of floating-point numbers
)

func near(a, b float64) bool { return math.Abs(a-b) <= tolerance*max(1, math.Abs(a), math.Abs(b)) }

// open is a site that gives help with démarches so many hours a week.
func open(hours int) lieu.Site {
	s := lieu.Site{Services: lieu.Services(0).With(lieu.Demarches)}
	s.Horaires.Known = true
	for week := range lieu.WeeksPerCycle {
		for slot := range hours * lieu.SlotsPerHour {
			s.Horaires.Slots.Add(week*lieu.SlotsPerCycle/lieu.WeeksPerCycle + slot)
		}
	}
	return s
}

// TestOfferByHand: two sites, three parts.
//
//	part 0: 100 fragile, site 0 at 5 min
//	part 1: 200 fragile, site 0 at 10 min, site 1 at 15 min
//	part 2: 300 fragile, site 1 at 16 min
//
// T = 15 min. Site 0, 20 h: shared by 100·1 + 200·0.3 = 160. Site 1, 10 h: by
// 200·0.1 = 20. Part 0: 20/160 = 0.125 h; part 1: 0.3·0.125 + 0.1·10/20 = 0.0875 h.
func TestOfferByHand(t *testing.T) {
	within := &access.Within{First: []uint32{0, 1, 3, 4}, Site: []uint16{0, 0, 1, 1}, Cost: []uint16{5 * minute, 10 * minute, 15 * minute, 16 * minute}}
	fragile := []Fragile{100 * FragileUnits, 200 * FragileUnits, 300 * FragileUnits}
	unknown := open(0)
	unknown.Horaires.Known = false
	o := NewOffer(within, []lieu.Site{open(20), open(10), unknown}, lieu.Demarches, 15*geo.Minute, fragile)
	for i, want := range []float64{125, 87.5, 0} {
		if !near(o.PerThousand[i], want) {
			t.Errorf("part %d: %v h for 1 000, want %v", i, o.PerThousand[i], want)
		}
	}
	if o.UnknownHours != 1 {
		t.Errorf("%d sites of unknown hours, want 1", o.UnknownHours)
	}
	// Nobody has what 300 of 600 have, who are the worst served half.
	shares, gini, _ := Lorenz(o.PerThousand, fragile)
	if shares[5] != 0 || shares[10] != 1 || !near(shares[9], (17.5+0.4*12.5)/30) {
		t.Errorf("Lorenz curve %v, want 0 at 50 %%, %v at 90 %%", shares, 22.5/30)
	}
	if want := 1 - (1.0/3*(17.5/30) + 1.0/6*(17.5/30+1)); !near(gini, want) {
		t.Errorf("Gini index %v, want %v", gini, want)
	}
}

// TestOfferHandsOutAllHours: what people find, times people, is the hours of the sites
// that somebody reaches; and the naive twin, which asks every pair, agrees.
func TestOfferHandsOutAllHours(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 8))
		const parts, count = 60, 9
		sites := make([]lieu.Site, count)
		for j := range sites {
			sites[j] = open(r.IntN(40))
		}
		var cost [parts][count]geo.Cost
		within := &access.Within{First: []uint32{0}}
		fragile := make([]Fragile, parts)
		for i := range parts {
			fragile[i] = Fragile(r.IntN(50_000))
			for j := range count {
				if cost[i][j] = geo.Cost(r.IntN(30 * int(geo.Minute))); r.IntN(3) > 0 {
					within.Site, within.Cost = append(within.Site, uint16(j)), append(within.Cost, uint16(cost[i][j]))
				} else {
					cost[i][j] = access.Horizon + 1
				}
			}
			within.First = append(within.First, uint32(len(within.Site)))
		}
		cutoff := geo.Cost(5+r.IntN(25)) * geo.Minute
		o := NewOffer(within, sites, lieu.Demarches, cutoff, fragile)
		var found, given float64
		for i := range parts {
			found += o.PerThousand[i] / 1000 * fragile[i].People()
			var want float64
			for j := range count {
				shared := 0.0
				for k := range parts {
					shared += fragile[k].People() * float64(Decay(cost[k][j], cutoff)) / 10
				}
				if shared > 0 {
					want += 100 * float64(Decay(cost[i][j], cutoff)) * access.SlotsToHours(uint16(sites[j].Horaires.Slots.Len())) / shared
				}
			}
			if !near(o.PerThousand[i], want) {
				t.Fatalf("seed %d: part %d: %v, want %v", seed, i, o.PerThousand[i], want)
			}
		}
		for j := range count {
			for i := range parts {
				if fragile[i] > 0 && Decay(cost[i][j], cutoff) > 0 {
					given += access.SlotsToHours(uint16(sites[j].Horaires.Slots.Len()))
					break
				}
			}
		}
		if !near(found, given) {
			t.Fatalf("seed %d: people find %v h a week, sites give %v", seed, found, given)
		}
	}
}

func TestLorenzOfEquals(t *testing.T) {
	shares, gini, _ := Lorenz([]float64{3, 3, 3}, []Fragile{1, 5, 0})
	for k, s := range shares {
		if !near(s, float64(k)/10) {
			t.Errorf("worst served %d0 %%: %v of all", k, s)
		}
	}
	if math.Abs(gini) > tolerance {
		t.Errorf("Gini index %v, want 0", gini)
	}
	if shares, gini, ok := Lorenz([]float64{0, 0}, []Fragile{1, 2}); ok || gini != 0 || shares[10] != 0 {
		t.Error("nobody has anything, and yet a curve")
	}
}

// TestLorenzAgainstSorting is the naive twin, on values that often tie; the order of people
// changes no bit.
func TestLorenzAgainstSorting(t *testing.T) {
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 9))
		n := 1 + r.IntN(200)
		has, people := make([]float64, n), make([]Fragile, n)
		for i := range has {
			if has[i] = math.Exp(12*r.Float64() - 6); r.IntN(3) == 0 {
				has[i] = float64(r.IntN(4))
			}
			people[i] = Fragile(r.IntN(3000))
		}
		shares, gini, _ := Lorenz(has, people)
		// One by one: the mean difference between two people, over twice the mean.
		var sum, all, total float64
		for i := range has {
			all += float64(people[i])
			total += float64(people[i]) * has[i]
			for j := range has {
				sum += float64(people[i]) * float64(people[j]) * math.Abs(has[i]-has[j])
			}
		}
		if total == 0 {
			continue
		}
		if want := sum / (2 * all * total); math.Abs(gini-want) > 1e-7 {
			t.Fatalf("seed %d: Gini index %v, want %v", seed, gini, want)
		}
		for i := range shares[1:] {
			if shares[i+1] < shares[i] || shares[i] > float64(i)/10+tolerance {
				t.Fatalf("seed %d: Lorenz curve %v", seed, shares)
			}
		}
		r.Shuffle(n, func(i, j int) { has[i], has[j], people[i], people[j] = has[j], has[i], people[j], people[i] })
		if again, other, _ := Lorenz(has, people); again != shares || other != gini {
			t.Fatalf("seed %d: in another order: %v and %v, want %v and %v", seed, again, other, shares, gini)
		}
	}
}

func TestDecayIsInclusive(t *testing.T) {
	const cutoff = 20 * geo.Minute
	for at, want := range map[geo.Cost]int64{0: 10, 10 * geo.Minute: 10, 10*geo.Minute + 1: 3, 15 * geo.Minute: 3, 15*geo.Minute + 1: 1, cutoff: 1, cutoff + 1: 0} {
		if got := Decay(at, cutoff); got != want {
			t.Errorf("Decay(%d ds) = %v, want %v", at, got, want)
		}
	}
}
