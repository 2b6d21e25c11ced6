package access

import (
	"encoding/binary"
	"slices"

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
	HoursUnknown                // only sites of which something is unknown: services, hours, stops, reception
	HoursKnown                  // at least one site that offers the service at known hours; the others are left out
)

// Hours is what every part finds within a cut-off: the number of 15-minute
// slots of the 4-week cycle during which at least one site is open (a union, not
// a sum).
//
// Lift is the same were all that is unknown within the cut-off as good as it can be: with
// the slots of sites that may offer the service, and with those of unknown hours always open.
// Doubt is what of them is unknown; 0: nothing, and Lift is Slots.
type Hours struct {
	Opening []Opening
	Slots   []uint16
	Lift    []uint16
	Doubt   []lieu.Doubt
}

// Found is what one part finds: a row of [Hours].
type Found struct {
	Opening Opening
	Slots   uint16
	Lift    uint16
	Doubt   lieu.Doubt
}

// At is what a part finds.
func (s *Hours) At(part int32) Found {
	return Found{s.Opening[part], s.Slots[part], s.Lift[part], s.Doubt[part]}
}

// Set writes what a part finds.
func (s *Hours) Set(part int32, f Found) {
	s.Opening[part], s.Slots[part], s.Lift[part], s.Doubt[part] = f.Opening, f.Slots, f.Lift, f.Doubt
}

// Clone is a copy that can be changed.
func (s *Hours) Clone() *Hours {
	return &Hours{slices.Clone(s.Opening), slices.Clone(s.Slots), slices.Clone(s.Lift), slices.Clone(s.Doubt)}
}

func newHours(parts int) *Hours {
	return &Hours{make([]Opening, parts), make([]uint16, parts), make([]uint16, parts), make([]lieu.Doubt, parts)}
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
	Service      lieu.Service
	Appointments bool       // hours by appointment count
	Of           []int32    // per part, the position of its set; -1: no site
	Members      [][]uint16 // sites that offer the service, or may, ascending
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

// UnionOf is what a set finds; of gives a site by its number, nil for one that is left out.
func (s *Sets) UnionOf(set int, of func(site uint16) *lieu.Site) (u Union) {
	counted := s.counted(set)
	for k, number := range s.Members[set] {
		site := of(number)
		if site == nil {
			continue
		}
		if counted != nil {
			s.Add(&u, site, counted[k])
		} else {
			s.Add(&u, site, nil)
		}
	}
	return u
}

// Union is what a set finds.
func (s *Sets) Union(set int, sites []lieu.Site) Union {
	return s.UnionOf(set, func(site uint16) *lieu.Site { return &sites[site] })
}

// Add takes one more site into a union; counted are those of its slots that count, nil: all.
func (s *Sets) Add(u *Union, site *lieu.Site, counted *lieu.Slots) {
	slots := counted
	if slots == nil {
		slots = site.Horaires.Count(s.Appointments)
	}
	u.Add(site.Of(s.Service), site.Horaires.Known && site.Doubt&lieu.DoubtTournee == 0, slots)
}

// Sets gathers the sites of every part that offer a service, or may, within a cut-off (at
// most [Horizon], inclusive). Sets are numbered as parts meet them first.
func (t *Table) Sets(sites []lieu.Site, service lieu.Service, appointments bool, cutoff geo.Cost) *Sets {
	parts := len(t.Within.First) - 1
	out := &Sets{Service: service, Appointments: appointments, Of: make([]int32, parts)}
	limit := uint16(min(cutoff, Horizon))
	within := t.Within.At(cutoff)
	offers := make([]bool, len(sites))
	for i := range sites {
		offers[i] = sites[i].Could(service)
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
	Doubt   lieu.Doubt // what of the sites is unknown
	slots   lieu.Slots // of those of which nothing is
	maybe   lieu.Slots // of the others, where their hours are known
	unknown bool       // the hours of some are not
}

// Add takes in one more site: what is unknown of it, whether its hours are known, and then
// those of its open slots that count.
func (u *Union) Add(doubt lieu.Doubt, known bool, open *lieu.Slots) {
	if doubt == 0 {
		u.Opening = HoursKnown
		u.slots.Union(open)
		return
	}
	u.Doubt |= doubt
	if u.Opening == NoSite {
		u.Opening = HoursUnknown
	}
	if known {
		u.maybe.Union(open)
	} else {
		u.unknown = true
	}
}

// Known are the open slots of the cycle. They must not be changed.
func (u *Union) Known() *lieu.Slots { return &u.slots }

// Slots is the number of open slots of the cycle.
func (u *Union) Slots() uint16 { return uint16(u.slots.Len()) }

// Lift is the number of open slots of the cycle, were what is unknown as good as it can be.
func (u *Union) Lift() uint16 {
	if u.unknown {
		return lieu.SlotsPerCycle
	}
	if u.Doubt == 0 {
		return u.Slots()
	}
	all := u.slots
	all.Union(&u.maybe)
	return uint16(all.Len())
}

// Found is what the union gives to who reaches it.
func (u *Union) Found() Found { return Found{u.Opening, u.Slots(), u.Lift(), u.Doubt} }

// Doubtful tells of each lieu of a set of which something is unknown, in the order of its
// sites: the first of them, what is unknown, and the open slots that the set would have were
// this lieu alone as good as it can be.
func (s *Sets) Doubtful(set int, sites []lieu.Site, each func(site uint16, doubt lieu.Doubt, slots uint16)) {
	members, counted := s.Members[set], s.counted(set)
	add := func(u *Union, k int) {
		if counted != nil {
			s.Add(u, &sites[members[k]], counted[k])
		} else {
			s.Add(u, &sites[members[k]], nil)
		}
	}
	var known Union
	var unsure []int // members, by position
	for k, number := range members {
		if sites[number].Of(s.Service) == 0 {
			add(&known, k)
		} else {
			unsure = append(unsure, k)
		}
	}
	for i, k := range unsure {
		owner := func(k int) int32 { return sites[members[k]].Owner() }
		if slices.ContainsFunc(unsure[:i], func(j int) bool { return owner(j) == owner(k) }) {
			continue
		}
		u := known
		for _, j := range unsure[i:] {
			if owner(j) == owner(k) {
				add(&u, j)
			}
		}
		each(members[k], u.Doubt, u.Lift())
	}
}

// Hours takes the union of hours once for each set.
func (s *Sets) Hours(sites []lieu.Site) *Hours {
	found := make([]Found, len(s.Members))
	for k := range s.Members {
		u := s.Union(k, sites)
		found[k] = u.Found()
	}
	out := newHours(len(s.Of))
	for i, k := range s.Of {
		if k >= 0 {
			out.Set(int32(i), found[k])
		}
	}
	return out
}
