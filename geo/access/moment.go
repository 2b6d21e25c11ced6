package access

import "github.com/aisne-numerique/maillage/geo/lieu"

// Moment is what a part finds within a cut-off at one slot of the week.
type Moment uint8

// The states of Moment, from the least to the most.
const (
	OutOfReach Moment = iota // no site within the cut-off
	Closed                   // sites, all known to be closed
	MaybeOpen                // none known to be open, and one at least may be: something of it is unknown
	SomeWeeks                // one or another is open in some weeks of the cycle, not in all
	EveryWeek                // in every week of the cycle one is open
	NumMoments = int(EveryWeek) + 1
)

// MomentOf is what a site within reach gives for a service at a slot of the week (0 is Monday
// 00:00), of the slots that count (nil: all): Closed, MaybeOpen where something of it is
// unknown, SomeWeeks or EveryWeek.
func MomentOf(site *lieu.Site, service lieu.Service, counted *lieu.Slots, slot int) Moment {
	s := Sets{Service: service}
	var u Union
	s.Add(&u, site, counted)
	return u.moment(slot)
}

// moment is what the union gives at a slot of the week.
func (u *Union) moment(slot int) Moment {
	return ofWeeks(openWeeks(&u.slots, slot), u.unknown || openWeeks(&u.maybe, slot) != 0)
}

// openWeeks is the weeks of the cycle, a bit each, in which a slot of the week is open.
func openWeeks(s *lieu.Slots, slot int) (weeks uint8) {
	for w := range lieu.WeeksPerCycle {
		if s.Has(w*lieu.SlotsPerWeek + slot) {
			weeks |= 1 << w
		}
	}
	return weeks
}

// ofWeeks is the state of sites that are open in weeks, when others may be open or not.
func ofWeeks(weeks uint8, unknown bool) Moment {
	switch {
	case weeks == 1<<lieu.WeeksPerCycle-1:
		return EveryWeek
	case weeks != 0:
		return SomeWeeks
	case unknown:
		return MaybeOpen
	default:
		return Closed
	}
}

// Moment is what a set finds at a slot of the week (0 is Monday 00:00).
func (s *Sets) Moment(set int32, sites []lieu.Site, slot int) Moment {
	u := s.Union(int(set), sites)
	return u.moment(slot)
}

// OpenWeeks is the weeks of the cycle, a bit each, in which every set finds a site that is known
// to be open at a slot of the week.
func (s *Sets) OpenWeeks(sites []lieu.Site, slot int) []uint8 {
	out := make([]uint8, len(s.Members))
	for set := range out {
		u := s.Union(set, sites)
		out[set] = openWeeks(&u.slots, slot)
	}
	return out
}

// Moments is what every set finds at a slot of the week.
func (s *Sets) Moments(sites []lieu.Site, slot int) []Moment {
	out := make([]Moment, len(s.Members))
	for set := range out {
		out[set] = s.Moment(int32(set), sites, slot)
	}
	return out
}

// Profile counts, for every slot of the week, the people who find each state. people are
// those of the parts.
func (s *Sets) Profile(sites []lieu.Site, people []int32) (profile [lieu.SlotsPerWeek][NumMoments]int) {
	inSet := make([]int, len(s.Members))
	nowhere := 0
	for part, n := range people {
		if k := s.Of[part]; k >= 0 {
			inSet[k] += int(n)
		} else {
			nowhere += int(n)
		}
	}
	for k, n := range inSet {
		if n == 0 {
			continue
		}
		u := s.Union(k, sites)
		for slot := range lieu.SlotsPerWeek {
			profile[slot][u.moment(slot)] += n
		}
	}
	for slot := range profile {
		profile[slot][OutOfReach] = nowhere
	}
	return profile
}
