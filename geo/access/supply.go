package access

import (
	"encoding/binary"
	"runtime"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Opening says what is known of the hours within a cut-off. The zero value is
// NoSite.
type Opening uint8

// The states of Opening.
const (
	NoSite       Opening = iota // no site within the cut-off: no open hour, for certain
	HoursUnknown                // only sites whose hours are unknown
	HoursKnown                  // at least one site with known hours; those of unknown hours are left out
)

// Supply is what every part finds within a cut-off: the number of 15-minute
// slots of the 4-week cycle during which at least one site is open (a union, not
// a sum).
type Supply struct {
	Opening []Opening
	Slots   []uint16
}

// WeeklyHours is the mean open hours a week for a part; false when unknown.
func (s *Supply) WeeklyHours(part int32) (float64, bool) {
	return SlotsToHours(s.Slots[part]), s.Opening[part] != HoursUnknown
}

// SlotsToHours turns slots of the cycle into hours a week.
func SlotsToHours(slots uint16) float64 {
	return float64(slots) / lieu.SlotsPerHour / lieu.WeeksPerCycle
}

// Supply computes the open slots of every part for a service and a cut-off (at
// most [Horizon], inclusive). Neighbouring parts mostly reach the same sites, so
// the union is taken once for each distinct set of sites.
func (t *Table) Supply(sites []lieu.Site, service lieu.Service, cutoff geo.Cost) *Supply {
	parts := len(t.Within.First) - 1
	out := &Supply{Opening: make([]Opening, parts), Slots: make([]uint16, parts)}
	offers := make([]bool, len(sites))
	for i := range sites {
		offers[i] = sites[i].Services.Offers(service)
	}
	blocks := runtime.GOMAXPROCS(0)
	var all sync.WaitGroup
	for b := range blocks {
		all.Go(func() { t.supply(out, sites, offers, cutoff, b*parts/blocks, (b+1)*parts/blocks) })
	}
	all.Wait()
	return out
}

// supply fills out for the parts from…to.
func (t *Table) supply(out *Supply, sites []lieu.Site, offers []bool, cutoff geo.Cost, from, to int) {
	type outcome struct {
		opening Opening
		slots   uint16
	}
	limit := uint16(min(cutoff, Horizon))
	seen := map[string]outcome{}
	var key []byte
	for i := from; i < to; i++ {
		row, costs := t.Within.Row(int32(i))
		key = key[:0]
		for j, s := range row {
			if costs[j] <= limit && offers[s] {
				key = binary.LittleEndian.AppendUint16(key, s)
			}
		}
		if len(key) == 0 {
			continue
		}
		o, ok := seen[string(key)]
		if !ok {
			o.opening = HoursUnknown
			var union lieu.Slots
			for k := 0; k < len(key); k += 2 {
				h := &sites[binary.LittleEndian.Uint16(key[k:])].Horaires
				if h.Known {
					o.opening = HoursKnown
					union.Union(&h.Slots)
				}
			}
			o.slots = uint16(union.Len())
			seen[string(key)] = o
		}
		out.Opening[i], out.Slots[i] = o.opening, o.slots
	}
}
