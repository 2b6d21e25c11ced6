package lieu

import (
	"fmt"
	"math/bits"
	"slices"
	"strings"
)

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

// Days writes when the slots are, a day each from Monday, as "09:00-12:00 14:00-17:00"; ""
// for a day without any. There are 7 when the weeks of the cycle are alike, else all 28.
func (s *Slots) Days() []string {
	days := make([]string, 7*WeeksPerCycle)
	for d := range days {
		days[d] = s.day(d)
	}
	for d := 7; d < len(days); d += 7 {
		if !slices.Equal(days[:7], days[d:d+7]) {
			return days
		}
	}
	return days[:7]
}

// day writes the slots of day d of the cycle, as [Slots.Days] does.
func (s *Slots) day(d int) string {
	var b strings.Builder
	for slot := 0; slot < SlotsPerDay; slot++ {
		from := slot
		for slot < SlotsPerDay && s.Has(d*SlotsPerDay+slot) {
			slot++
		}
		if slot == from {
			continue
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		start, end := from*SlotMinutes, slot*SlotMinutes
		fmt.Fprintf(&b, "%02d:%02d-%02d:%02d", start/60, start%60, end/60, end%60)
	}
	return b.String()
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
