package lieu

import (
	"slices"
	"time"
)

// Agenda is hours as they are on dates. Access figures use the 4-week cycle of
// [Horaires.Slots], in which every week is an ordinary one; a programme shows dates, where
// rules are evaluated as they are written: weeks are ISO weeks (53 and 1 are two odd weeks),
// Sa[1] is the first Saturday of its month, PH and SH are the holidays of a [Calendar], months,
// dates and years are theirs. It is immutable, and made once for many dates.
type Agenda struct {
	rules    []rule // nil: the hours are those of the cycle, or unknown
	horaires *Horaires
	holidays bool // rules speak of public holidays
}

// Agenda compiles the text of h. Where it is not what the slots were read from (the union of
// merged records, a source of columns), dates are those of the cycle. Hours that have no place
// in the cycle (seasons) are known on dates.
func (h *Horaires) Agenda() *Agenda {
	a := &Agenda{horaires: h}
	rules, _, err := parseRules(h.Text)
	if err != nil || len(rules) == 0 {
		return a
	}
	if read, err := evaluate(h.Text, rules); err != nil && !h.Known || read.same(h) {
		a.rules = rules
		a.holidays = slices.ContainsFunc(rules, func(r rule) bool { return r.days.public != nil })
	}
	return a
}

// Day is what an [Agenda] says of a date.
type Day struct {
	Known bool
	// Open and RendezVous are when one walks in, and when one is received by appointment
	// alone, in minutes from midnight of the day, in order and apart from each other. A range
	// belongs to the day on which it starts: its end may pass 24 × 60.
	Open, RendezVous [][2]int
	Typical          bool   // the hours of the cycle's week ("horaires types"), not of this date
	Holiday          string // the public holiday that the date is; empty: none
	HolidayUnsaid    bool   // … of which the hours say nothing: to be checked
	School           string // the school holidays that the date is in; empty: none, or not known
	Why              string // French: why the day is unknown, or the cycle's
}

// On says the hours of the date that day shows in its own location.
func (a *Agenda) On(day time.Time, c *Calendar) Day {
	day = dateOf(day.Date())
	out := Day{Holiday: c.PublicHoliday(day)}
	out.School, _ = c.SchoolHoliday(day)
	if a.rules == nil {
		a.typical(day, &out)
		return out
	}
	var p plan
	spoken := false // of this very holiday: a date, or PH
	for i := range a.rules {
		r := &a.rules[i]
		named, known := r.names(day, c, out.Holiday)
		switch {
		case !known:
			p.unknown = "les vacances scolaires de cette date ne sont pas connues"
			continue
		case !named:
			continue
		case r.ambiguous && p.walk == nil && p.rdv == nil:
			p = plan{unknown: "une règle de dates ne dit pas de quels jours elle parle", excepted: true}
			continue
		case p.excepted && !r.exception() && !r.additive && r.state != off:
			p = plan{unknown: "une exception est écrite avant la règle qu'elle devrait changer", excepted: true}
			continue
		}
		p.excepted = p.excepted || r.exception()
		spoken = spoken || r.exception() && !r.days.school
		p.apply(r)
		if r.term && p.unknown == "" {
			switch name, known := c.SchoolHoliday(day); {
			case !known:
				p.unknown = "les vacances scolaires de cette date ne sont pas connues"
			case name != "":
				p.unknown = "les horaires sont ceux de la période scolaire"
			}
		}
	}
	out.HolidayUnsaid = out.Holiday != "" && !spoken && !a.holidays
	if out.Why = p.unknown; out.Why != "" {
		return out
	}
	out.Known = true
	walk := united(slices.Clone(p.walk))
	out.Open = minutesOf(walk)
	out.RendezVous = minutesOf(united(subtract(p.rdv, walk)))
	return out
}

// typical is the day of the cycle.
func (a *Agenda) typical(day time.Time, out *Day) {
	if !a.horaires.Known {
		out.Why = "horaires inconnus"
		return
	}
	out.Known, out.Typical, out.HolidayUnsaid = true, true, out.Holiday != ""
	out.Why = "horaires types"
	at := 7*cycleWeek(day) + weekday(day)
	out.Open = a.horaires.Slots.spans(at)
	if a.horaires.RendezVous != nil {
		out.RendezVous = a.horaires.RendezVous.spans(at)
	}
}

func minutesOf(spans []span) (out [][2]int) {
	for _, s := range spans {
		out = append(out, [2]int{s.from, s.to})
	}
	return out
}

// names reports whether the rule speaks of a date, whose public holiday is given; known is
// false where that depends on school holidays that the calendar lacks.
func (r *rule) names(day time.Time, c *Calendar, holiday string) (named, known bool) {
	if r.dates != nil && !datesHave(r.dates, day) {
		return false, true
	}
	if r.weeks != nil {
		if _, week := day.ISOWeek(); !r.weeks[week] {
			return false, true
		}
	}
	s, d := &r.days, weekday(day)
	if !s.named || s.weekdays.has(d) || slices.ContainsFunc(s.nth, func(n nthDay) bool { return n.is(day) }) {
		return true, true
	}
	if s.narrow != 0 && !s.narrow.has(d) {
		return false, true
	}
	for _, after := range s.public {
		if after == 0 && holiday != "" || after != 0 && c.PublicHoliday(day.AddDate(0, 0, -after)) != "" {
			return true, true
		}
	}
	if s.school {
		name, known := c.SchoolHoliday(day)
		return name != "", known
	}
	return false, true
}

// is reports whether a date is the nth weekday of its month, or so many days after it.
func (n nthDay) is(day time.Time) bool {
	day = day.AddDate(0, 0, -n.after)
	if weekday(day) != n.weekday {
		return false
	}
	if n.n > 0 {
		return (day.Day()-1)/7+1 == n.n
	}
	last := dateOf(day.Year(), day.Month()+1, 0).Day()
	return (last-day.Day())/7+1 == -n.n
}
