package lieu

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// HorairesError says why a text could not become weekly hours: either it is
// faulty, or it says something that has no place in a 4-week cycle (seasons,
// sunset, open ends). The hours are unknown in both cases.
type HorairesError struct {
	Text   string // what the source wrote
	At     int    // position of the fault, in characters from 1
	Reason string // French: what is wrong there, and what was expected
}

// Error is a French sentence: it is shown to whoever wrote the hours.
func (e *HorairesError) Error() string {
	return fmt.Sprintf("horaires « %s » : %s", shorten(e.Text, 80), e.AtReason())
}

// AtReason is the sentence without the text, for a table that shows the text.
func (e *HorairesError) AtReason() string { return fmt.Sprintf("caractère %d : %s", e.At, e.Reason) }

func shorten(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes]) + "…"
}

// maxHoraires bounds the length of a text, in bytes. OSM values stop at 255
// characters; the longest in the national data are under 600.
const maxHoraires = 4096

// ParseHoraires evaluates a text in the OSM opening_hours syntax on the 4-week
// cycle. An empty text gives unknown hours and no error. A text that is faulty,
// or that is not a weekly habit, gives unknown hours and a [*HorairesError];
// nothing is ever guessed.
//
// Understood: day ranges and lists (Mo-Fr, Sa-Tu, Mo,We), several time ranges,
// ranges past midnight (they belong to the day on which they start), 24/7, open,
// off, closed, comments after hours, and these, as the OSM specification says:
//
//	A; B     B replaces all that was said before of the days it names
//	A, B     B adds to what was said before
//	… off    without times closes the days, with times removes only these times
//	PH, SH   are ignored: the cycle holds no public and no school holiday
//
// Choices of ours, where the cycle meets the calendar:
//
//   - week n is week (n-1) modulo 4 + 1 of the cycle, when the selector repeats
//     with a period that divides 4: "week 1-53/2" is weeks 1 and 3. A selector
//     that only names weeks 1 to 4 names the weeks of the cycle. Any other, as
//     "week 10-20", is not a weekly habit: unknown.
//   - Mo[2] is week 2 of the cycle, Mo[-1] week 4 and Mo[-2] week 3. A month has
//     4.35 weeks, so monthly hours count for 8.7 % more than they are.
//     Mo[5], which most months lack, is unknown.
//   - Months, dates and years are unknown unless they span the whole year.
//   - Open ends (08:30+), sunrise and sunset, fallbacks (||), days or comments
//     without hours are unknown.
//
// A slot counts when the place is open during at least half of its 15 minutes,
// that is 8 of them: closing at 16:50 does not open slot 16:45, closing at 16:55
// does. Totals are thus nearly unbiased.
func ParseHoraires(text string) (Horaires, error) {
	h := Horaires{Text: text}
	if strings.TrimSpace(text) == "" {
		return h, nil
	}
	p := horairesParser{text: text}
	slots, err := p.parse()
	if err != nil {
		return h, err
	}
	h.Known, h.Slots = true, slots
	return h, nil
}

// daySet is a set of days of the cycle: bit 7·(week-1) + weekday, Monday first.
type daySet uint32

const (
	daysPerCycle          = 7 * WeeksPerCycle
	everyDay       daySet = 1<<daysPerCycle - 1
	minutesPerDay         = 24 * 60
	cycleMinutes          = daysPerCycle * minutesPerDay
	minutesToCount        = (SlotMinutes + 1) / 2 // at least half of a slot
)

// everyWeek is weekday d of every week.
func everyWeek(d int) daySet { return 1<<d | 1<<(d+7) | 1<<(d+14) | 1<<(d+21) }

// wholeWeek is every day of week w of the cycle, w from 0.
func wholeWeek(w int) daySet { return 0x7f << (7 * w) }

// span is a range of minutes from midnight of the day it starts on; to may pass
// 24:00, up to 48:00.
type span struct{ from, to int }

// rule is one rule of the text. A rule that only speaks of holidays names no day.
type rule struct {
	days     daySet
	holidays bool // days come from PH or SH only
	additive bool
	off      bool
	spans    []span // nil with off: the whole day
}

// evaluate applies the rules in order and counts the open minutes of each slot.
func evaluate(rules []rule) Slots {
	var plan [daysPerCycle][]span
	for _, r := range rules {
		for d := range plan {
			if r.days&(1<<d) == 0 {
				continue
			}
			switch {
			case r.off && r.spans == nil:
				plan[d] = nil
			case r.off:
				plan[d] = subtract(plan[d], r.spans)
			case r.additive:
				plan[d] = append(plan[d], r.spans...)
			default:
				plan[d] = append([]span(nil), r.spans...)
			}
		}
	}
	var open [cycleMinutes]bool
	for d, spans := range plan {
		for _, s := range spans {
			for m := s.from; m < s.to; m++ {
				open[(d*minutesPerDay+m)%cycleMinutes] = true
			}
		}
	}
	var slots Slots
	for i := range SlotsPerCycle {
		n := 0
		for _, o := range open[i*SlotMinutes : (i+1)*SlotMinutes] {
			if o {
				n++
			}
		}
		if n >= minutesToCount {
			slots.Add(i)
		}
	}
	return slots
}

// subtract removes every minute of cuts from spans.
func subtract(spans, cuts []span) []span {
	for _, c := range cuts {
		var left []span
		for _, s := range spans {
			if before := (span{s.from, min(s.to, c.from)}); before.from < before.to {
				left = append(left, before)
			}
			if after := (span{max(s.from, c.to), s.to}); after.from < after.to {
				left = append(left, after)
			}
		}
		spans = left
	}
	return spans
}
