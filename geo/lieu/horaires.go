package lieu

import (
	"math/bits"
	"slices"
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

// Remove takes slot i out of the set.
func (s *Slots) Remove(i int) { s[i>>6] &^= 1 << (i & 63) }

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

// Opening is days of the week that share their hours, in the same weeks of the cycle.
type Opening struct {
	Days  []int    // from 0, Monday
	Weeks []int    // of the cycle, from 1
	Spans [][2]int // from and to, minutes of the day; at most 24 × 60
}

// EveryWeek reports whether the hours are those of all weeks of the cycle.
func (o *Opening) EveryWeek() bool { return len(o.Weeks) == WeeksPerCycle }

// Openings groups the slots as people read them, in the order of the week; days without
// any are left out.
func (s *Slots) Openings() []Opening {
	var out []Opening
	for day := range 7 {
		var ofDay []Opening // one for each way the weeks spend it
		for week := range WeeksPerCycle {
			spans := s.spans(7*week + day)
			same := func(o Opening) bool { return slices.Equal(o.Spans, spans) }
			if i := slices.IndexFunc(ofDay, same); i >= 0 {
				ofDay[i].Weeks = append(ofDay[i].Weeks, week+1)
			} else if len(spans) > 0 {
				ofDay = append(ofDay, Opening{[]int{day}, []int{week + 1}, spans})
			}
		}
		for _, o := range ofDay {
			same := func(p Opening) bool { return slices.Equal(p.Weeks, o.Weeks) && slices.Equal(p.Spans, o.Spans) }
			if i := slices.IndexFunc(out, same); i >= 0 {
				out[i].Days = append(out[i].Days, day)
			} else {
				out = append(out, o)
			}
		}
	}
	return out
}

// spans are the runs of slots of a day of the cycle, in minutes of the day.
func (s *Slots) spans(day int) (out [][2]int) {
	for slot := 0; slot < SlotsPerDay; slot++ {
		from := slot
		for slot < SlotsPerDay && s.Has(day*SlotsPerDay+slot) {
			slot++
		}
		if slot > from {
			out = append(out, [2]int{from * SlotMinutes, slot * SlotMinutes})
		}
	}
	return out
}

// Horaires says when a place is open. Known is false when the source gives
// nothing or nothing that can be understood: unknown hours are not "never open".
// Text is what the source wrote.
//
// RendezVous are the slots at which one is received by appointment alone; none of them is
// in Slots. Hours that are all by appointment are known, with no slot to walk in at.
type Horaires struct {
	Known      bool
	Slots      Slots
	RendezVous *Slots `json:",omitempty"` // nil: none
	Text       string
}

// Count are the slots that count: those at which one walks in and, where appointments count
// too, those by appointment. They must not be changed.
func (h *Horaires) Count(appointments bool) *Slots {
	if !appointments || h.RendezVous == nil {
		return &h.Slots
	}
	all := h.Slots
	all.Union(h.RendezVous)
	return &all
}

// Same reports whether two hours say the same, whatever their texts.
func (h *Horaires) Same(o *Horaires) bool {
	if h.Known != o.Known || h.Known && h.Slots != o.Slots {
		return false
	}
	return !h.Known || h.RendezVous == o.RendezVous || h.RendezVous != nil && o.RendezVous != nil && *h.RendezVous == *o.RendezVous
}

// SlotsPerHour is the number of slots in one hour.
const SlotsPerHour = 60 / SlotMinutes

// WeeklyHours is the mean number of open hours a week over the cycle. It means
// nothing when h is unknown.
func (h *Horaires) WeeklyHours() float64 {
	return float64(h.Slots.Len()) / SlotsPerHour / WeeksPerCycle
}

// unite is the union of known hours. Its text says the same where the syntax can;
// otherwise it is both texts, for people to read.
func unite(a, b Horaires) Horaires {
	u := Horaires{Known: true, Slots: a.Slots}
	u.Slots.Union(&b.Slots)
	var rdv Slots
	for _, h := range [2]*Horaires{&a, &b} {
		if h.RendezVous != nil {
			rdv.Union(h.RendezVous)
		}
	}
	for i := range rdv {
		rdv[i] &^= u.Slots[i]
	}
	if rdv != (Slots{}) {
		u.RendezVous = &rdv
	}
	for _, text := range []string{a.Text, b.Text, a.Text + ", " + b.Text, b.Text + ", " + a.Text} {
		if h, err := ParseHoraires(text); err == nil && h.same(&u) {
			u.Text = text
			return u
		}
	}
	u.Text = a.Text + " + " + b.Text
	return u
}

// same reports whether h and o are known to be the same hours, whatever their texts.
func (h *Horaires) same(o *Horaires) bool {
	if !h.Known || !o.Known || h.Slots != o.Slots || (h.RendezVous == nil) != (o.RendezVous == nil) {
		return false
	}
	return h.RendezVous == nil || *h.RendezVous == *o.RendezVous
}
