package figures

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// HalfDays is the half-days of a week: Monday morning, before noon, is the first.
const HalfDays = 14

// noon is the first slot of an afternoon.
const noon = 12 * lieu.SlotsPerHour

// BusTo is who gets to a site by bus while it is open, and back, within a cut-off.
type BusTo struct {
	OnFoot   int // inhabitants who are within the cut-off on foot: they are in no other figure
	People   int // who get there by bus
	HalfDays [HalfDays]HalfDay
	Communes []BusFrom // those of most people first
}

// BusFrom is those of a commune.
type BusFrom struct {
	Commune  int32
	People   int
	HalfDays [HalfDays]HalfDay
}

// HalfDay is who gets there on a half-day: in some week of the cycle, and in every week.
type HalfDay struct{ People, EveryWeek int }

// ByBusTo is who gets to a site by bus; nil where its hours are unknown, or the edition has no
// timetables.
func ByBusTo(e *edition.Edition, site int32, cutoff geo.Cost) *BusTo {
	table := e.Access[geo.Transit]
	if table == nil || !e.Sites[site].Horaires.Known {
		return nil
	}
	out := &BusTo{}
	from := map[int32]*BusFrom{}
	for part, people := range e.People {
		if people == 0 {
			continue
		}
		if onFoot(e, int32(part), site, cutoff) {
			out.OnFoot += int(people)
			continue
		}
		sites, costs := table.Within.Row(int32(part))
		first, _ := slices.BinarySearch(sites, uint16(site))
		var slots *lieu.Slots
		for k := first; k < len(sites) && int32(sites[k]) == site && geo.Cost(costs[k]) <= cutoff; k++ {
			if slots = table.Within.SlotsOf(int32(part), k); slots == nil { // all
				slots = e.Sites[site].Horaires.Count(false)
			}
		}
		if slots == nil || slots.Len() == 0 {
			continue
		}
		c := e.Grid.Parts[part].Commune
		if from[c] == nil {
			from[c] = &BusFrom{Commune: c}
		}
		of := from[c]
		of.People += int(people)
		out.People += int(people)
		for half, weeks := range weeksByHalfDay(slots) {
			for _, h := range []*HalfDay{&of.HalfDays[half], &out.HalfDays[half]} {
				if weeks > 0 {
					h.People += int(people)
				}
				if weeks == lieu.WeeksPerCycle {
					h.EveryWeek += int(people)
				}
			}
		}
	}
	for _, c := range from {
		out.Communes = append(out.Communes, *c)
	}
	slices.SortFunc(out.Communes, func(a, b BusFrom) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(e.Division.Communes[a.Commune].Code, e.Division.Communes[b.Commune].Code))
	})
	return out
}

// weeksByHalfDay counts, for every half-day, the weeks of the cycle in which some slot is.
func weeksByHalfDay(slots *lieu.Slots) (out [HalfDays]int) {
	for day := range 7 * lieu.WeeksPerCycle {
		for half, span := range [2][2]int{{0, noon}, {noon, lieu.SlotsPerDay}} {
			for slot := span[0]; slot < span[1]; slot++ {
				if slots.Has(day*lieu.SlotsPerDay + slot) {
					out[2*(day%7)+half]++
					break
				}
			}
		}
	}
	return out
}
