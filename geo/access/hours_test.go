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
		if list[i].Horaires.Known = r.IntN(4) > 0; list[i].Horaires.Known {
			for range r.IntN(40) {
				list[i].Horaires.Slots.Add(r.IntN(lieu.SlotsPerCycle))
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

// naiveHours walks every slot of the cycle and asks every site.
func naiveHours(t *Table, sites []lieu.Site, service lieu.Service, cutoff geo.Cost, part int32) (Opening, int) {
	row, costs := t.Within.Row(part)
	opening, open := NoSite, 0
	for slot := range lieu.SlotsPerCycle {
		any := false
		for j, s := range row {
			if geo.Cost(costs[j]) > cutoff || !sites[s].Services.Offers(service) {
				continue
			}
			if opening == NoSite {
				opening = HoursUnknown
			}
			if sites[s].Horaires.Known {
				opening = HoursKnown
				any = any || sites[s].Horaires.Slots.Has(slot)
			}
		}
		if any {
			open++
		}
	}
	return opening, open
}

func TestHoursEqualsCountingSlots(t *testing.T) {
	for seed := range uint64(12) {
		r := rand.New(rand.NewPCG(seed, 1))
		table, sites := randomTable(r, 30, 12)
		for _, service := range []lieu.Service{lieu.Demarches, lieu.Outils, lieu.Any} {
			cutoff := geo.Cost(r.IntN(int(Horizon) + 1))
			got := table.Hours(sites, service, cutoff)
			for p := range int32(30) {
				opening, slots := naiveHours(table, sites, service, cutoff, p)
				if got.Opening[p] != opening || int(got.Slots[p]) != slots {
					t.Fatalf("seed %d: part %d, %s within %v: %v %d slots, counting gives %v %d",
						seed, p, service, cutoff, got.Opening[p], got.Slots[p], opening, slots)
				}
			}
		}
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
	s := table.Hours(sites, lieu.Demarches, 15*geo.Minute)
	if h, ok := s.WeeklyHours(0); !ok || h != 0.75 {
		t.Errorf("two sites open at the same 3 hours in four weeks: %v h a week, %v; want 0.75", h, ok)
	}
	if _, ok := s.WeeklyHours(1); ok || s.Opening[1] != HoursUnknown {
		t.Error("a site of unknown hours gives known hours")
	}
	if h, ok := s.WeeklyHours(2); !ok || h != 0 || s.Opening[2] != NoSite {
		t.Errorf("no site within reach: %v h, %v; want 0, known", h, ok)
	}
	if s := table.Hours(sites, lieu.Demarches, 15*geo.Minute-1); s.Opening[0] != NoSite {
		t.Error("a site at 15 min is within 14 min 59.9 s")
	}
	if s := table.Hours(sites, lieu.Outils, Horizon); s.Opening[0] != NoSite {
		t.Error("a site gives a service that it does not offer")
	}
}

func BenchmarkHours(b *testing.B) {
	r := rand.New(rand.NewPCG(1, 1))
	table, sites := randomTable(r, 20_000, 100)
	for b.Loop() {
		table.Hours(sites, lieu.Any, 15*geo.Minute)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/20_000, "ns/part")
}
