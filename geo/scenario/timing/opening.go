package timing

import (
	"math/bits"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Opening is a maximal run of slots of a weekday at which one walks in, with the weeks of the
// cycle that have it: it moves in all of them at once.
type Opening struct {
	Weekday  int   // from 0, Monday
	From, To int   // slots of the day
	Weeks    uint8 // of the cycle, a bit each
}

// WeeksOf lists the weeks of the cycle, from 1.
func (o *Opening) WeeksOf() (weeks []int) {
	for w := range lieu.WeeksPerCycle {
		if o.Weeks>>w&1 == 1 {
			weeks = append(weeks, w+1)
		}
	}
	return weeks
}

// daySlots are all slots of a day: those at which anybody may be away from home, then the
// others, those of the morning first.
type daySlots struct {
	in   transit.DaySlots
	rest uint64
}

const (
	slotsIn = transit.EndSlot - transit.FirstSlot
	evening = lieu.SlotsPerDay - transit.EndSlot
)

// run is the slots of a day from one to before another.
func run(from, to int) (d daySlots) {
	for slot := from; slot < to; slot++ {
		switch {
		case slot < transit.FirstSlot:
			d.rest |= 1 << slot
		case slot < transit.EndSlot:
			d.in |= 1 << (slot - transit.FirstSlot)
		default:
			d.rest |= 1 << (slot - slotsIn)
		}
	}
	return d
}

func (d daySlots) union(o daySlots) daySlots   { return daySlots{d.in | o.in, d.rest | o.rest} }
func (d daySlots) without(o daySlots) daySlots { return daySlots{d.in &^ o.in, d.rest &^ o.rest} }
func (d daySlots) len() int                    { return bits.OnesCount64(uint64(d.in)) + bits.OnesCount64(d.rest) }

// cycle is the days of the cycle.
type cycle [transit.ReferenceDays]daySlots

func cycleOf(s *lieu.Slots) (c cycle) {
	for day := range c {
		at := day * lieu.SlotsPerDay
		for slot := range lieu.SlotsPerDay {
			if s.Has(at + slot) {
				c[day] = c[day].union(run(slot, slot+1))
			}
		}
	}
	return c
}

// openingsOf lists the openings of some hours, in the order of the week.
func openingsOf(s *lieu.Slots) (out []Opening) {
	for weekday := range 7 {
		first := len(out)
		for week := range lieu.WeeksPerCycle {
			has := func(slot int) bool {
				return slot < lieu.SlotsPerDay && s.Has((7*week+weekday)*lieu.SlotsPerDay+slot)
			}
		runs:
			for from := 0; from < lieu.SlotsPerDay; from++ {
				to := from
				for has(to) {
					to++
				}
				if to == from {
					continue
				}
				o := Opening{weekday, from, to, 1 << week}
				from = to
				for k := first; k < len(out); k++ {
					if out[k].From == o.From && out[k].To == o.To {
						out[k].Weeks |= o.Weeks
						continue runs
					}
				}
				out = append(out, o)
			}
		}
	}
	return out
}
