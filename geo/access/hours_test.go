package access

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// randomTable makes reach lists and sites without any road.
func randomTable(r *rand.Rand, parts, sites int) (*Table, []lieu.Site) {
	list := make([]lieu.Site, sites)
	for i := range list {
		for s := range lieu.Any {
			if r.IntN(3) == 0 {
				list[i].Services = list[i].Services.With(s)
			}
		}
		randomDoubt(r, &list[i])
		if list[i].Horaires.Known = r.IntN(4) > 0; list[i].Horaires.Known {
			for range r.IntN(40) {
				list[i].Horaires.Slots.Add(r.IntN(lieu.SlotsPerCycle))
			}
			if r.IntN(3) == 0 {
				list[i].Horaires.RendezVous = &lieu.Slots{}
				list[i].Horaires.RendezVous.Add(r.IntN(lieu.SlotsPerCycle))
			}
		}
	}
	lists := make([]arrivals, sites)
	for s := range lists {
		for p := range parts {
			if r.IntN(3) == 0 {
				lists[s].parts = append(lists[s].parts, int32(p))
				lists[s].costs = append(lists[s].costs, uint16(r.IntN(int(Horizon)+1)))
			}
		}
	}
	return &Table{Within: transpose(lists, parts)}, list
}

// randomDoubt makes something unknown of a site, or leaves it as it is.
func randomDoubt(r *rand.Rand, s *lieu.Site) {
	switch r.IntN(6) {
	case 0:
		s.Services, s.May, s.Unsaid = 0, lieu.NineServices, lieu.NineServices
	case 1:
		s.Services, s.May, s.Doubt = 0, s.Services, lieu.DoubtAccueil
	case 2:
		s.Services, s.May, s.Doubt = 0, s.Services, lieu.DoubtTournee
	case 3:
		s.Unsaid = lieu.Services(0).With(lieu.Outils) &^ s.Services
		s.May = s.Unsaid
	}
}

// naiveFound walks every slot of the cycle and asks every site: what is known, and what
// would be, were all that is unknown as good as it can be.
func naiveFound(t *Table, sites []lieu.Site, service lieu.Service, appointments bool, cutoff geo.Cost, part int32) (f Found) {
	row, costs := t.Within.Row(part)
	for slot := range lieu.SlotsPerCycle {
		known, lifted := false, false
		for j, number := range row {
			s := &sites[number]
			sure, may := s.Services.Offers(service), s.May.Offers(service)
			if geo.Cost(costs[j]) > cutoff || !sure && !may {
				continue
			}
			f.Opening = max(f.Opening, HoursUnknown)
			houred := s.Horaires.Known && s.Doubt&lieu.DoubtTournee == 0
			open := houred && (s.Horaires.Slots.Has(slot) || appointments && s.Horaires.RendezVous != nil && s.Horaires.RendezVous.Has(slot))
			lifted = lifted || open || !houred
			if sure && houred {
				f.Opening = HoursKnown
				known = known || open
				continue
			}
			switch {
			case s.Doubt != 0:
				f.Doubt |= s.Doubt
				if s.Unsaid == lieu.NineServices || service != lieu.Any && s.Unsaid.Offers(service) {
					f.Doubt |= lieu.DoubtServices
				}
			case !sure:
				f.Doubt |= lieu.DoubtServices
			}
			if !s.Horaires.Known && s.Doubt != lieu.DoubtTournee {
				f.Doubt |= lieu.DoubtHoraires
			}
		}
		if known {
			f.Slots++
		}
		if lifted {
			f.Lift++
		}
	}
	return f
}

func TestHoursEqualsCountingSlots(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	met := map[Found]bool{}
	for world := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, world))
		table, sites := randomTable(r, 30, 12)
		for _, service := range []lieu.Service{lieu.Demarches, lieu.Outils, lieu.Any} {
			cutoff, appointments := geo.Cost(r.IntN(int(Horizon)+1)), r.IntN(2) == 0
			got := table.Sets(sites, service, appointments, cutoff).Hours(sites)
			for p := range int32(30) {
				if want := naiveFound(table, sites, service, appointments, cutoff, p); got.At(p) != want {
					t.Fatalf("world %d: part %d, %s within %v: %+v, counting gives %+v", world, p, service, cutoff, got.At(p), want)
				}
				met[Found{Opening: got.Opening[p], Doubt: got.Doubt[p]}] = true
			}
		}
	}
	if len(met) < 10 {
		t.Errorf("only %v: too dull to prove anything", met)
	}
}

func TestHoursCutoffIsInclusiveAndUnionIsNotASum(t *testing.T) {
	morning := lieu.Horaires{Known: true}
	for slot := 36; slot < 48; slot++ { // Monday 9:00–12:00, once in four weeks
		morning.Slots.Add(slot)
	}
	demarches := lieu.Services(0).With(lieu.Demarches)
	sites := []lieu.Site{{Services: demarches, Horaires: morning}, {Services: demarches, Horaires: morning}, {Services: demarches}}
	at := uint16(15 * geo.Minute)
	table := &Table{Within: Within{First: []uint32{0, 3, 4, 4}, Site: []uint16{0, 1, 2, 2}, Cost: []uint16{at, at, at, at}}}
	s := table.Sets(sites, lieu.Demarches, false, 15*geo.Minute).Hours(sites)
	if h, ok := s.WeeklyHours(0); !ok || h != 0.75 {
		t.Errorf("two sites open at the same 3 hours in four weeks: %v h a week, %v; want 0.75", h, ok)
	}
	if _, ok := s.WeeklyHours(1); ok || s.Opening[1] != HoursUnknown {
		t.Error("a site of unknown hours gives known hours")
	}
	if h, ok := s.WeeklyHours(2); !ok || h != 0 || s.Opening[2] != NoSite {
		t.Errorf("no site within reach: %v h, %v; want 0, known", h, ok)
	}
	if s := table.Sets(sites, lieu.Demarches, false, 15*geo.Minute-1).Hours(sites); s.Opening[0] != NoSite {
		t.Error("a site at 15 min is within 14 min 59.9 s")
	}
	if s := table.Sets(sites, lieu.Outils, false, Horizon).Hours(sites); s.Opening[0] != NoSite {
		t.Error("a site gives a service that it does not offer")
	}
}

func BenchmarkHours(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	table, sites := randomTable(r, 20_000, 100)
	for b.Loop() {
		table.Sets(sites, lieu.Any, false, 15*geo.Minute).Hours(sites)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/20_000, "ns/part")
}
