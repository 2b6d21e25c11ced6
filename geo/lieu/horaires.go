package lieu

import "math/bits"

// The 4-week cycle: slot 0 is Monday 00:00 of week 1, slot SlotsPerCycle-1 is
// Sunday 23:45 of week 4.
const (
	SlotMinutes   = 15
	SlotsPerDay   = 24 * 60 / SlotMinutes
	SlotsPerWeek  = 7 * SlotsPerDay
	WeeksPerCycle = 4
	SlotsPerCycle = WeeksPerCycle * SlotsPerWeek
	cycleWords    = SlotsPerCycle / 64
)

// Slots is a set of 15-minute slots over the 4-week cycle, one bit each.
type Slots [cycleWords]uint64

// Add puts slot i in the set.
func (s *Slots) Add(i int) { s[i>>6] |= 1 << (i & 63) }

// Has reports whether slot i is in the set.
func (s *Slots) Has(i int) bool { return s[i>>6]&(1<<(i&63)) != 0 }

// Union adds every slot of o.
func (s *Slots) Union(o *Slots) {
	for i := range s {
		s[i] |= o[i]
	}
}

// Len is the number of slots in the set.
func (s *Slots) Len() int {
	n := 0
	for _, w := range s {
		n += bits.OnesCount64(w)
	}
	return n
}

// Horaires says when a place is open. Known is false when the source gives
// nothing or nothing that can be understood: unknown hours are not "never open".
// Text is what the source wrote.
type Horaires struct {
	Known bool
	Slots Slots
	Text  string
}

// SlotsPerHour is the number of slots in one hour.
const SlotsPerHour = 60 / SlotMinutes

// WeeklyHours is the mean number of open hours a week over the cycle. It means
// nothing when h is unknown.
func (h *Horaires) WeeklyHours() float64 {
	return float64(h.Slots.Len()) / SlotsPerHour / WeeksPerCycle
}
