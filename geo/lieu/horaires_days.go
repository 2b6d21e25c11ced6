package lieu

import (
	"fmt"
	"slices"
)

var (
	dayNames   = [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}
	monthNames = [...]string{"Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"}
)

// word reads one of names, whole, and gives its position; -1 when none comes next.
func (p *horairesParser) word(names []string) int {
	return slices.IndexFunc(names, p.acceptWord)
}

// days reads a list of days: Mo-Fr,Su or We[1,3] or PH. Without one, every day
// is meant and named is false. holidays reports that only PH or SH are named.
func (p *horairesParser) days() (set daySet, holidays, named bool, err error) {
	for {
		comma := p.pos
		if named && !p.accept(",") {
			break
		}
		p.space()
		at := p.pos
		if p.acceptWord("PH") || p.acceptWord("SH") {
			if p.acceptOffset() {
				return 0, false, true, p.fail(at, "jours décalés d'un jour férié : ce n'est pas une semaine type")
			}
			named, holidays = true, true
			continue
		}
		d := p.word(dayNames[:])
		if d < 0 {
			if named { // the comma starts another rule
				p.pos = comma
				break
			}
			return everyDay, false, false, nil
		}
		item, err := p.dayItem(d)
		if err != nil {
			return 0, false, true, err
		}
		set |= item
		named = true
	}
	if holidays && set == 0 {
		// "PH Mo-Fr" and "SH Sa" narrow the holidays to some days.
		if d := p.word(dayNames[:]); d >= 0 {
			for {
				if _, err := p.dayItem(d); err != nil {
					return 0, false, true, err
				}
				comma := p.pos
				if !p.accept(",") {
					break
				}
				if d = p.word(dayNames[:]); d < 0 {
					p.pos = comma
					break
				}
			}
		}
		return 0, true, true, nil
	}
	return set, false, named, nil
}

// dayItem reads what follows weekday d in a list: nothing, a range or an nth.
func (p *horairesParser) dayItem(d int) (daySet, error) {
	if p.peek() == '[' {
		weeks, err := p.nth()
		return everyWeek(d) & weeks, err
	}
	set := everyWeek(d)
	if p.acceptDash() {
		p.space()
		at := p.pos
		to := p.word(dayNames[:])
		if to < 0 {
			return 0, p.fail(at, "%s inattendu ; attendu un jour (Mo, Tu, We, Th, Fr, Sa, Su)", p.found())
		}
		for ; d != to; d = (d + 1) % 7 {
			set |= everyWeek(d)
		}
		set |= everyWeek(to)
		if p.peek() == '[' {
			return 0, p.fail(p.pos, "rang dans le mois après une suite de jours ; attendu un seul jour, comme Mo[1]")
		}
	}
	return set, nil
}

// nth reads [1,3], [1-2] or [-1]: days of the month, put in the weeks of the
// cycle.
func (p *horairesParser) nth() (daySet, error) {
	var weeks daySet
	p.accept("[")
	for {
		p.space()
		at := p.pos
		negative := p.accept("-")
		n, ok := p.number()
		to := n
		if ok && !negative && p.acceptDash() {
			to, ok = p.number()
		}
		switch {
		case !ok || n == 0 || to < n || to > 5:
			return 0, p.fail(at, "rang dans le mois non compris ; attendu un nombre de 1 à 5 ou de -1 à -5")
		case to == 5:
			return 0, p.fail(at, "le cinquième jour du mois n'a pas sa place dans un cycle de quatre semaines")
		case negative:
			weeks |= wholeWeek(WeeksPerCycle - n)
		}
		for w := n; !negative && w <= to; w++ {
			weeks |= wholeWeek(w - 1)
		}
		if p.accept(",") {
			continue
		}
		if !p.accept("]") {
			return 0, p.fail(p.pos, "%s inattendu ; attendu « ] »", p.found())
		}
		if at := p.pos; p.acceptOffset() {
			return 0, p.fail(at, "jours décalés d'un rang du mois : ce n'est pas une semaine type")
		}
		return weeks, nil
	}
}

// acceptOffset reads "+1 day" or "-2 days".
func (p *horairesParser) acceptOffset() bool {
	start := p.pos
	if p.accept("+") || p.accept("-") {
		if _, ok := p.number(); ok && (p.acceptWord("day") || p.acceptWord("days")) {
			return true
		}
	}
	p.pos = start
	return false
}

const weeksPerYear = 52 // week 53, which one year in six has, is left out

// weeks reads "week 1-53/2" or "week 1,3". Without a selector every week is meant.
func (p *horairesParser) weeks() (daySet, error) {
	p.space()
	start := p.pos
	if !p.acceptWord("week") {
		return everyDay, nil
	}
	var year [weeksPerYear + 2]bool // by ISO week number, 1 to 53
	last := 0
	for {
		p.space()
		at := p.pos
		from, ok := p.number()
		to, step := from, 1
		if ok && p.acceptDash() {
			if to, ok = p.number(); ok && p.accept("/") {
				step, ok = p.number()
			}
		}
		if !ok || from < 1 || to < from || to > weeksPerYear+1 || step < 1 {
			return 0, p.fail(at, "semaines non comprises ; attendu des numéros de 1 à 53, comme 1-53/2")
		}
		for w := from; w <= to; w += step {
			year[w] = true
			last = max(last, w)
		}
		comma := p.pos
		if !p.accept(",") {
			break
		}
		if !isDigit(p.peek()) {
			p.pos = comma
			break
		}
	}
	p.accept(":")
	var set daySet
	for w := range WeeksPerCycle {
		if year[w+1] {
			set |= wholeWeek(w)
		}
	}
	if last <= WeeksPerCycle {
		return set, nil
	}
	for w := WeeksPerCycle + 1; w <= weeksPerYear; w++ {
		if set == 0 || year[w] != year[w-WeeksPerCycle] {
			return 0, p.fail(start, "semaines de l'année qui ne reviennent pas toutes les une, deux ou quatre semaines : ce n'est pas une semaine type")
		}
	}
	return set, nil
}

// season reads months, dates and years. They have no place in the cycle, unless
// they span the whole year, which says nothing.
func (p *horairesParser) season() error {
	p.space()
	start := p.pos
	reason := func(what string) error {
		return p.fail(start, "%s : les horaires changent dans l'année, ce n'est pas une semaine type", what)
	}
	if p.acceptWord("easter") {
		return reason("date mobile (« easter »)")
	}
	if p.yearNext() && isDigit(p.peek()) {
		n, _ := p.number()
		return reason(fmt.Sprintf("année %d", n))
	}
	m := p.word(monthNames[:])
	if m < 0 {
		return nil
	}
	var year [12]bool
	for {
		first, dated := p.dayOfMonth()
		to, whole := m, !dated
		if p.acceptDash() {
			if to = p.word(monthNames[:]); to < 0 {
				return reason("date")
			}
			last, lastDated := p.dayOfMonth()
			whole = dated == lastDated && (!dated || first == 1 && last == 31)
		}
		if !whole {
			return reason("date")
		}
		for ; m != to; m = (m + 1) % 12 {
			year[m] = true
		}
		year[to] = true
		comma := p.pos
		if !p.accept(",") {
			break
		}
		if m = p.word(monthNames[:]); m < 0 {
			p.pos = comma
			break
		}
	}
	if slices.Contains(year[:], false) {
		return reason("mois")
	}
	p.accept(":")
	return nil
}

// dayOfMonth reads the day of a month if one comes next. An hour (09:00) is none.
func (p *horairesParser) dayOfMonth() (day int, ok bool) {
	start := p.pos
	day, ok = p.number()
	if ok && !(p.pos < len(p.text) && p.text[p.pos] == ':') {
		return day, true
	}
	p.pos = start
	return 0, false
}
