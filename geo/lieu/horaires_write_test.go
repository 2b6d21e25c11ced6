package lieu

import (
	"math/rand/v2"
	"testing"
)

func TestSlotsAsOpeningHours(t *testing.T) {
	for _, text := range []string{"Mo-Fr 09:00-17:00", "Mo-We,Fr 09:00-12:00,13:30-17:00; Th 13:30-17:00", "week 1-53/2 Tu 09:00-12:30", "week 2-53/2 Mo 08:00-10:00; We 09:00-12:00",
		"week 3-53/4 Sa 10:00-24:00", "Mo,Tu 00:00-24:00",
		`Mo-Fr 09:00-12:00, We 14:00-17:00 "sur rendez-vous"`} {
		h, err := ParseHoraires(text)
		if err != nil {
			t.Fatal(err)
		}
		if got := WriteHoraires(&h.Slots, h.RendezVous); got != text {
			t.Errorf("%q is written %q", text, got)
		}
	}
	if got := WriteHoraires(&Slots{}, nil); got != "" {
		t.Errorf("no slot is written %q", got)
	}
}

// TestSlotsWrittenAreSlotsRead: of random slots, alike in some weeks or not.
func TestSlotsWrittenAreSlotsRead(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	for range 2000 {
		var s, rdv Slots
		for k := range 1 + r.IntN(6) {
			of := &s
			if k%3 == 2 {
				of = &rdv
			}
			day, from, weeks := r.IntN(7), r.IntN(SlotsPerDay), 1+r.IntN(15)
			if r.IntN(2) == 0 {
				weeks = 15
			}
			for slot := from; slot < min(from+1+r.IntN(20), SlotsPerDay); slot++ {
				for w := range WeeksPerCycle {
					if weeks>>w&1 == 1 {
						of.Add(w*SlotsPerWeek + day*SlotsPerDay + slot)
					}
				}
			}
		}
		for i := range rdv {
			rdv[i] &^= s[i]
		}
		text := WriteHoraires(&s, &rdv)
		h, err := ParseHoraires(text)
		if want := (Horaires{Known: true, Slots: s, RendezVous: &rdv}); err != nil || h.Slots != s || h.RendezVous == nil != (rdv == Slots{}) || h.RendezVous != nil && !h.Same(&want) {
			t.Fatalf("%q: %v, read as %q", text, err, WriteHoraires(&h.Slots, h.RendezVous))
		}
	}
}
