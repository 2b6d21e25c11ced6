package lieu

import (
	"math/rand/v2"
	"reflect"
	"testing"
)

// TestOpenings: what is grouped is the same slots; no day of a week is told twice; and
// days are together whenever they can be.
func TestOpenings(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	random := rand.New(rand.NewPCG(seed, 0))
	for n := range 500 {
		var s Slots
		for range random.IntN(12) {
			day, from := random.IntN(7), 4*random.IntN(SlotsPerDay/4)
			week, to := random.IntN(WeeksPerCycle), min(SlotsPerDay, from+4*(1+random.IntN(5)))
			for w := range WeeksPerCycle {
				for slot := from; slot < to && (n%2 == 0 || w == week); slot++ {
					s.Add(w*SlotsPerWeek + day*SlotsPerDay + slot)
				}
			}
		}
		var back Slots
		told := map[[2]int]bool{}
		groups := s.Openings()
		for i, o := range groups {
			for _, day := range o.Days {
				for _, week := range o.Weeks {
					if at := [2]int{day, week}; told[at] {
						t.Fatalf("day %d of week %d twice: %+v", day, week, groups)
					} else {
						told[at] = true
					}
					for _, span := range o.Spans {
						for minute := span[0]; minute < span[1]; minute += SlotMinutes {
							back.Add((week-1)*SlotsPerWeek + day*SlotsPerDay + minute/SlotMinutes)
						}
					}
				}
			}
			for _, p := range groups[:i] {
				if reflect.DeepEqual(p.Weeks, o.Weeks) && reflect.DeepEqual(p.Spans, o.Spans) {
					t.Fatalf("%+v and %+v are apart", p, o)
				}
			}
			if n%2 == 0 && !o.EveryWeek() {
				t.Fatalf("all weeks are alike, and %+v", o)
			}
		}
		if back != s {
			t.Fatalf("%+v is not what was grouped", groups)
		}
	}
	h, err := ParseHoraires("Mo-We,Fr 09:00-12:00,13:30-17:00; Sa[1] 10:00-24:00")
	if err != nil {
		t.Fatal(err)
	}
	want := []Opening{
		{Days: []int{0, 1, 2, 4}, Weeks: []int{1, 2, 3, 4}, Spans: [][2]int{{540, 720}, {810, 1020}}},
		{Days: []int{5}, Weeks: []int{1}, Spans: [][2]int{{600, 1440}}},
	}
	if got := h.Slots.Openings(); !reflect.DeepEqual(got, want) {
		t.Errorf("%+v", got)
	}
}

// TestUnionKeepsAppointments: what one of two records says by appointment stays so, but where
// the other says that one walks in.
func TestUnionKeepsAppointments(t *testing.T) {
	read := func(text string) Horaires {
		h, err := ParseHoraires(text)
		if err != nil {
			t.Fatal(err)
		}
		return h
	}
	for _, tt := range []struct{ a, b, want, text string }{
		{"Mo 09:00-12:00", `Tu 09:00-12:00 "rdv"`, `Mo 09:00-12:00; Tu 09:00-12:00 "rdv"`, `Mo 09:00-12:00, Tu 09:00-12:00 "rdv"`},
		{`Mo 09:00-12:00 "rdv"`, "Mo 10:00-11:00", `Mo 09:00-10:00,11:00-12:00 "rdv", Mo 10:00-11:00`, `Mo 09:00-12:00 "rdv", Mo 10:00-11:00`},
		{`Mo 09:00-12:00 "rdv"`, "Mo 09:00-12:00", "Mo 09:00-12:00", "Mo 09:00-12:00"},
		{"Mo 09:00-12:00; We off", "lundi 14h-17h", "Mo 09:00-12:00,14:00-17:00", "Mo 09:00-12:00; We off + lundi 14h-17h"},
	} {
		got, want := unite(read(tt.a), read(tt.b)), read(tt.want)
		if !got.same(&want) || got.Text != tt.text {
			t.Errorf("%q and %q: %v, by appointment %v, %q; want those of %q, and %q", tt.a, tt.b, got.Slots.Openings(), got.RendezVous, got.Text, tt.want, tt.text)
		}
	}
}
