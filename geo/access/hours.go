package access

import (
	"encoding/binary"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/parallel"
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

// Hours is what every part finds within a cut-off: the number of 15-minute
// slots of the 4-week cycle during which at least one site is open (a union, not
// a sum).
type Hours struct {
	Opening []Opening
	Slots   []uint16
}

// WeeklyHours is the mean open hours a week for a part; false when unknown.
func (s *Hours) WeeklyHours(part int32) (float64, bool) {
	return SlotsToHours(s.Slots[part]), s.Opening[part] != HoursUnknown
}

// SlotsToHours turns slots of the cycle into hours a week.
func SlotsToHours(slots uint16) float64 {
	return float64(slots) / lieu.SlotsPerHour / lieu.WeeksPerCycle
}

// Sets says which sites every part finds within a cut-off. Neighbouring parts mostly
// reach the same ones, and share a set.
type Sets struct {
	Of      []int32    // per part, the position of its set; -1: no site
	Members [][]uint16 // sites, ascending
	// Counted is nil where every open slot of a site counts. Else it is, for every member of
	// every set, the slots that do; nil: all of them.
	Counted [][]*lieu.Slots
}

// counted gives the slots that count of each member of a set; nil: all of all.
func (s *Sets) counted(set int) []*lieu.Slots {
	if s.Counted == nil {
		return nil
	}
	return s.Counted[set]
}

// open gives the slots at which a member of a set is open and counts, by its position among
// the members; its hours h are known.
func open(counted []*lieu.Slots, member int, h *lieu.Horaires) *lieu.Slots {
	if counted != nil && counted[member] != nil {
		return counted[member]
	}
	return &h.Slots
}

// UnionOf is what a set finds; hours gives those of a site, nil for one that is left out.
func (s *Sets) UnionOf(set int, hours func(site uint16) *lieu.Horaires) (u Union) {
	counted := s.counted(set)
	for k, site := range s.Members[set] {
		if h := hours(site); h != nil {
			u.Add(h, open(counted, k, h))
		}
	}
	return u
}

// Union is what a set finds.
func (s *Sets) Union(set int, sites []lieu.Site) (u Union) {
	counted := s.counted(set)
	for k, site := range s.Members[set] {
		h := &sites[site].Horaires
		u.Add(h, open(counted, k, h))
	}
	return u
}

// Sets gathers the sites of every part that offer a service within a cut-off (at most
// [Horizon], inclusive). Sets are numbered as parts meet them first.
func (t *Table) Sets(sites []lieu.Site, service lieu.Service, cutoff geo.Cost) *Sets {
	parts := len(t.Within.First) - 1
	out := &Sets{Of: make([]int32, parts)}
	limit := uint16(min(cutoff, Horizon))
	within := t.Within.At(cutoff)
	offers := make([]bool, len(sites))
	for i := range sites {
		offers[i] = sites[i].Services.Offers(service)
	}
	// Each chunk numbers the sets that it meets; then these numbers become those of all.
	const atOnce = 4096
	met := parallel.Of(parts, atOnce, func(from, to int) []string {
		var keys []string
		seen := map[string]int32{}
		var key []byte
		for i := from; i < to; i++ {
			row, costs := within.Row(int32(i))
			key = key[:0]
			for j, s := range row {
				if costs[j] <= limit && offers[s] {
					key = binary.LittleEndian.AppendUint16(key, s)
				}
			}
			if within.Counted != nil { // and, in the same order, which slots count
				for j, s := range row {
					if costs[j] <= limit && offers[s] {
						key = binary.LittleEndian.AppendUint32(key, within.Counted[int(within.First[i])+j])
					}
				}
			}
			if len(key) == 0 {
				out.Of[i] = -1
				continue
			}
			set, ok := seen[string(key)]
			if !ok {
				set = int32(len(keys))
				keys = append(keys, string(key))
				seen[keys[set]] = set
			}
			out.Of[i] = set
		}
		return keys
	})
	seen := map[string]int32{}
	var numbers []int32 // of the sets of the chunk
	for k, keys := range met {
		numbers = numbers[:0]
		for _, key := range keys {
			set, ok := seen[key]
			if !ok {
				set = int32(len(out.Members))
				seen[key] = set
				out.add(key, within)
			}
			numbers = append(numbers, set)
		}
		for i, set := range out.Of[k*atOnce : min((k+1)*atOnce, parts)] {
			if set >= 0 {
				out.Of[k*atOnce+i] = numbers[set]
			}
		}
	}
	return out
}

// add adds the set of a key: the numbers of its sites and then, where not every slot counts,
// those of their slots.
func (s *Sets) add(key string, w *Within) {
	count := len(key) / 2
	if w.Counted != nil {
		count = len(key) / 6
	}
	members := make([]uint16, count)
	for k := range members {
		members[k] = uint16(key[2*k]) | uint16(key[2*k+1])<<8
	}
	s.Members = append(s.Members, members)
	if w.Counted == nil {
		return
	}
	counted := make([]*lieu.Slots, count)
	for k := range counted {
		if n := binary.LittleEndian.Uint32([]byte(key[2*count+4*k:])); n > 0 {
			counted[k] = &w.Slots[n-1]
		}
	}
	s.Counted = append(s.Counted, counted)
}

// Union gathers the hours of several sites. The zero value is that of no site.
type Union struct {
	Opening Opening
	slots   lieu.Slots
	unknown bool // the hours of some site are
}

// Add takes in one more site; open are those of its open slots that count.
func (u *Union) Add(h *lieu.Horaires, open *lieu.Slots) {
	if h.Known {
		u.Opening = HoursKnown
		u.slots.Union(open)
		return
	}
	u.unknown = true
	if u.Opening == NoSite {
		u.Opening = HoursUnknown
	}
}

// Slots is the number of open slots of the cycle.
func (u *Union) Slots() uint16 { return uint16(u.slots.Len()) }

// Hours computes the open slots of every part for a service and a cut-off (at
// most [Horizon], inclusive).
func (t *Table) Hours(sites []lieu.Site, service lieu.Service, cutoff geo.Cost) *Hours {
	return t.Sets(sites, service, cutoff).Hours(sites)
}

// Hours takes the union of hours once for each set.
func (s *Sets) Hours(sites []lieu.Site) *Hours {
	opening, slots := make([]Opening, len(s.Members)), make([]uint16, len(s.Members))
	for k := range s.Members {
		u := s.Union(k, sites)
		opening[k], slots[k] = u.Opening, u.Slots()
	}
	out := &Hours{Opening: make([]Opening, len(s.Of)), Slots: make([]uint16, len(s.Of))}
	for i, k := range s.Of {
		if k >= 0 {
			out.Opening[i], out.Slots[i] = opening[k], slots[k]
		}
	}
	return out
}
