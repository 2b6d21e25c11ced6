package lieu

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"
)

// TestDays: what is written is read back as the same slots, and weeks that are alike are
// written once.
func TestDays(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for n := range 500 {
		var s Slots
		alike := n%2 == 0
		for range random.IntN(12) {
			day, from := random.IntN(7), random.IntN(SlotsPerDay)
			week, to := random.IntN(WeeksPerCycle), min(SlotsPerDay, from+1+random.IntN(20))
			for w := range WeeksPerCycle {
				for slot := from; slot < to && (alike || w == week); slot++ {
					s.Add(w*SlotsPerWeek + day*SlotsPerDay + slot)
				}
			}
		}
		days := s.Days()
		if periodic := samePerWeek(&s); periodic != (len(days) == 7) {
			t.Fatalf("%d days, weeks alike: %v", len(days), periodic)
		}
		var back Slots
		for d := range 7 * WeeksPerCycle {
			for _, span := range strings.Fields(days[d%len(days)]) {
				var h0, m0, h1, m1 int
				if _, err := fmt.Sscanf(span, "%02d:%02d-%02d:%02d", &h0, &m0, &h1, &m1); err != nil {
					t.Fatalf("%q: %v", span, err)
				}
				for minute := 60*h0 + m0; minute < 60*h1+m1; minute += SlotMinutes {
					back.Add(d*SlotsPerDay + minute/SlotMinutes)
				}
			}
		}
		if back != s {
			t.Fatalf("%q is not what was written", days)
		}
	}
	h, err := ParseHoraires("Mo-We 09:00-12:00,13:30-17:00; Sa[1] 10:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	if days := h.Slots.Days(); len(days) != 28 || days[1] != "09:00-12:00 13:30-17:00" || days[3] != "" {
		t.Errorf("%q", days)
	}
}

func samePerWeek(s *Slots) bool {
	for slot := range SlotsPerCycle {
		if s.Has(slot) != s.Has(slot%SlotsPerWeek) {
			return false
		}
	}
	return true
}
