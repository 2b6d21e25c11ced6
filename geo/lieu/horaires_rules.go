package lieu

import (
	"slices"
	"time"
)

// A text of hours is a list of rules, whichever grammar it was read by. They are applied in
// order, to each day of the cycle (see cycle) or to a date (see [Agenda.On]).
type rule struct {
	at        int         // byte offset in the text, for sentences
	dates     []dateRange // nil: all year
	weeks     *weekSet    // nil: all weeks
	days      daySelector
	additive  bool // adds to what was said before, and does not replace it
	state     state
	spans     []span // nil with off or unsaid: the whole day
	term      bool   // only outside school holidays, of which nothing is said
	ambiguous bool   // names dates and no day, after rules of days: of which days is not said
}

// state is what a rule says of the hours that it names.
type state uint8

const (
	open        state = iota
	off               // closed
	appointment       // one is received by appointment
	unsaid            // the source says that it does not know, or not here
)

// span is a range of minutes from midnight of the day it starts on; to may pass
// 24:00, up to 48:00.
type span struct{ from, to int }

// weekSet holds ISO weeks by number, 1 to 53.
type weekSet [54]bool

// daySelector names days. Nothing named is every day.
type daySelector struct {
	named    bool
	weekdays weekdays // of every week
	nth      []nthDay
	public   []int    // days after a public holiday: 0 is the day itself
	school   bool     // school holidays
	narrow   weekdays // where only holidays are named: those that fall on these days; 0: all
}

// weekdays has bit d for weekday d, from 0, Monday.
type weekdays uint8

const allWeekdays weekdays = 1<<7 - 1

func (w weekdays) has(d int) bool { return w&(1<<d) != 0 }

// nthDay is a weekday by its rank in the month, from the end if negative; after so many days
// more (Sa[1] +1 day).
type nthDay struct{ weekday, n, after int }

// fifth reports whether it is the fifth of its month, which most months lack.
func (n nthDay) fifth() bool { return n.n > WeeksPerCycle || n.n < -WeeksPerCycle }

// holidaysOnly reports whether only public or school holidays are named.
func (s *daySelector) holidaysOnly() bool {
	return s.named && s.weekdays == 0 && len(s.nth) == 0
}

// exception reports whether the rule is of some dates only: the cycle knows none.
func (r *rule) exception() bool { return r.dates != nil || r.days.holidaysOnly() }

// daySet is a set of days of the cycle: bit 7·(week-1) + weekday, Monday first.
type daySet uint32

const (
	daysPerCycle          = 7 * WeeksPerCycle
	everyDay       daySet = 1<<daysPerCycle - 1
	minutesPerDay         = 24 * 60
	minutesToCount        = (SlotMinutes + 1) / 2 // at least half of a slot
)

// everyWeek is weekday d of every week.
func everyWeek(d int) daySet { return 1<<d | 1<<(d+7) | 1<<(d+14) | 1<<(d+21) }

// wholeWeek is every day of week w of the cycle, w from 0.
func wholeWeek(w int) daySet { return 0x7f << (7 * w) }

// inCycle is the days of the cycle that the rule names. aside: it is none of the cycle's
// business, which holds no holiday, no date and no fifth Monday. reason: it is, and has no
// place there.
func (r *rule) inCycle() (days daySet, aside bool, reason string) {
	if r.exception() {
		return 0, true, ""
	}
	days = everyDay
	if r.days.named {
		days = 0
		for d := range 7 {
			if r.days.weekdays.has(d) {
				days |= everyWeek(d)
			}
		}
		placed, fifth := days != 0, false
		for _, n := range r.days.nth {
			switch {
			case n.after != 0:
				return 0, false, "jours décalés d'un rang du mois : ce n'est pas une semaine type"
			case n.fifth():
			case n.n > 0:
				days |= everyWeek(n.weekday) & wholeWeek(n.n-1)
				placed = true
			default:
				days |= everyWeek(n.weekday) & wholeWeek(WeeksPerCycle+n.n)
				placed = true
			}
		}
		for _, n := range r.days.nth { // but Mo[1-5] is every Monday
			fifth = fifth || n.fifth() && days&everyWeek(n.weekday) != everyWeek(n.weekday)
		}
		if fifth && !placed {
			return 0, true, ""
		} else if fifth {
			return 0, false, "le cinquième jour du mois n'a pas sa place dans un cycle de quatre semaines"
		}
	}
	if r.weeks == nil {
		return days, false, ""
	}
	weeks, aside, reason := r.weeks.inCycle()
	return days & weeks, aside, reason
}

const weeksPerYear = 52 // week 53, which one year in six has, is left out of what repeats

// inCycle is the weeks of the cycle that w names, where it repeats with a period that
// divides 4; a season of weeks is aside.
func (w *weekSet) inCycle() (set daySet, aside bool, reason string) {
	for n := range WeeksPerCycle {
		if w[n+1] {
			set |= wholeWeek(n)
		}
	}
	runs, periodic := 0, set != 0
	for n := 1; n <= weeksPerYear; n++ {
		if n > WeeksPerCycle && w[n] != w[n-WeeksPerCycle] {
			periodic = false
		}
		if w[n] && !w[n-1] {
			runs++
		}
	}
	switch {
	case periodic:
		return set, false, ""
	case runs <= seasonsPerYear:
		return 0, true, ""
	}
	return 0, false, "semaines de l'année qui ne reviennent pas toutes les une, deux ou quatre semaines : ce n'est pas une semaine type"
}

// seasonsPerYear is how many runs of weeks are seasons rather than a habit of another
// period: there are five school holidays in a year.
const seasonsPerYear = 6

// plan is what rules say of one day.
type plan struct {
	walk, rdv []span
	unknown   string // French: why nothing is known
	excepted  bool   // a rule of dates or holidays spoke of the day
}

// apply adds what a rule that names the day says of it.
func (p *plan) apply(r *rule) {
	switch {
	case r.state == unsaid:
		*p = plan{unknown: "la source dit ces horaires inconnus", excepted: p.excepted}
	case r.state == off && r.spans == nil:
		*p = plan{excepted: p.excepted}
	case r.state == off:
		p.walk, p.rdv = subtract(p.walk, r.spans), subtract(p.rdv, r.spans)
	default:
		if !r.additive {
			*p = plan{excepted: p.excepted}
		}
		hours := &p.walk
		if r.state == appointment {
			hours = &p.rdv
		}
		if *hours == nil {
			*hours = slices.Clip(r.spans) // shared: what is added makes a copy
		} else {
			*hours = append(*hours, r.spans...)
		}
	}
}

// cycle evaluates the rules on the 4-week cycle, and counts the minutes of each slot. at is
// where a rule begins that has no place there, for a reason.
func cycle(rules []rule) (walk, rdv Slots, at int, reason string) {
	var plans [daysPerCycle]plan
	standing := false
	for i := range rules {
		r := &rules[i]
		days, aside, reason := r.inCycle()
		switch {
		case reason != "":
			return Slots{}, Slots{}, r.at, reason
		case aside && r.state != off && !standing && !r.days.holidaysOnly() && len(rules) > 1 && r.longSeason():
			return Slots{}, Slots{}, r.at, "les horaires changent dans l'année, plus de la moitié de laquelle suit cette règle : ce n'est pas une semaine type"
		case aside:
			continue
		case r.state == unsaid:
			return Slots{}, Slots{}, r.at, "« unknown » : la source dit que ces horaires sont inconnus"
		}
		standing = true
		for d := range plans {
			if days&(1<<d) != 0 {
				plans[d].apply(r)
			}
		}
	}
	if !standing {
		return Slots{}, Slots{}, rules[0].at, "seuls des dates, des mois, des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine"
	}
	var own, next [2][]span // by state, what a day holds, and what runs into the next one
	fill := func(d int) {
		for k, out := range [2]*Slots{&walk, &rdv} {
			fillSlots(out, d%daysPerCycle, own[k])
			own[k], next[k] = append(own[k][:0], next[k]...), next[k][:0]
		}
	}
	for d := range daysPerCycle + 1 { // the first day again: the cycle turns
		p := &plans[d%daysPerCycle]
		for k, spans := range [2][]span{p.walk, p.rdv} {
			for _, s := range spans {
				own[k] = append(own[k], span{s.from, min(s.to, minutesPerDay)})
				if s.to > minutesPerDay {
					next[k] = append(next[k], span{0, s.to - minutesPerDay})
				}
			}
		}
		fill(d)
	}
	for i := range rdv {
		rdv[i] &^= walk[i]
	}
	return walk, rdv, 0, ""
}

// fillSlots adds the slots of day d of which at least half is within the spans.
func fillSlots(out *Slots, d int, spans []span) {
	spans = united(spans)
	minutes, slot := 0, -1 // of the slot where the last span ended
	for _, s := range spans {
		for i := s.from / SlotMinutes; i*SlotMinutes < s.to; i++ {
			if i != slot {
				minutes, slot = 0, i
			}
			minutes += min(s.to, (i+1)*SlotMinutes) - max(s.from, i*SlotMinutes)
			if minutes >= minutesToCount {
				out.Add(d*SlotsPerDay + i)
			}
		}
	}
}

// united sorts spans, and makes one of those that touch. It works in place.
func united(spans []span) []span {
	if len(spans) < 2 {
		return spans
	}
	slices.SortFunc(spans, func(a, b span) int { return a.from - b.from })
	last := 0
	for _, s := range spans[1:] {
		if s.from <= spans[last].to {
			spans[last].to = max(spans[last].to, s.to)
		} else {
			last++
			spans[last] = s
		}
	}
	return spans[:last+1]
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

// longSeason reports whether the rule holds for more than half of a year.
func (r *rule) longSeason() bool {
	n := 0
	for d := dateOf(commonYear, time.January, 1); d.Year() == commonYear; d = d.AddDate(0, 0, 1) {
		_, week := d.ISOWeek()
		if (r.dates == nil || datesHave(r.dates, d)) && (r.weeks == nil || r.weeks[week]) {
			n++
		}
	}
	return n > 365/2
}

// Years that stand for any: of 365 days, and of 366.
const commonYear, leapYear = 2023, 2024

func dateOf(year int, month time.Month, day int) time.Time {
	return time.Date(year, month, day, 0, 0, 0, 0, time.UTC)
}
