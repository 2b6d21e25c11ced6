package access

import "github.com/aisne-numerique/maillage/geo/lieu"

// Moment is what a part finds within a cut-off at one slot of the week.
type Moment uint8

// The states of Moment, from the least to the most.
const (
	OutOfReach Moment = iota // no site within the cut-off
	Closed                   // sites, all known to be closed
	MaybeOpen                // none known to be open, and the hours of one at least are unknown
	SomeWeeks                // one or another is open in some weeks of the cycle, not in all
	EveryWeek                // in every week of the cycle one is open
	NumMoments = int(EveryWeek) + 1
)

// union is when one of a set of sites is open, and whether the hours of another are unknown.
func (s *Sets) union(set int, sites []lieu.Site) (open lieu.Slots, unknown bool) {
	for _, site := range s.Members[set] {
		h := &sites[site].Horaires
		if h.Known {
			open.Union(&h.Slots)
		} else {
			unknown = true
		}
	}
	return open, unknown
}

// Moments is what every set finds at a slot of the week (0 is Monday 00:00).
func (s *Sets) Moments(sites []lieu.Site, slot int) []Moment {
	out := make([]Moment, len(s.Members))
	for k, members := range s.Members {
		var weeks uint8 // of the cycle, those in which one is open
		unknown := false
		for _, site := range members {
			h := &sites[site].Horaires
			if !h.Known {
				unknown = true
				continue
			}
			for w := range lieu.WeeksPerCycle {
				if h.Slots.Has(w*lieu.SlotsPerWeek + slot) {
					weeks |= 1 << w
				}
			}
		}
		switch {
		case weeks == 1<<lieu.WeeksPerCycle-1:
			out[k] = EveryWeek
		case weeks != 0:
			out[k] = SomeWeeks
		case unknown:
			out[k] = MaybeOpen
		default:
			out[k] = Closed
		}
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
		open, unknown := s.union(k, sites)
		otherwise := Closed
		if unknown {
			otherwise = MaybeOpen
		}
		for slot := range lieu.SlotsPerWeek {
			weeks := 0
			for w := range lieu.WeeksPerCycle {
				if open.Has(w*lieu.SlotsPerWeek + slot) {
					weeks++
				}
			}
			switch weeks {
			case 0:
				profile[slot][otherwise] += n
			case lieu.WeeksPerCycle:
				profile[slot][EveryWeek] += n
			default:
				profile[slot][SomeWeeks] += n
			}
		}
	}
	for slot := range profile {
		profile[slot][OutOfReach] = nowhere
	}
	return profile
}
