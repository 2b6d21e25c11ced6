package lieu

import "slices"

var dayNames = [...]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// word reads one of names, whole, and gives its position; -1 when none comes next.
func (p *horairesParser) word(names []string) int {
	return slices.IndexFunc(names, p.acceptWord)
}

// days reads a list of days: Mo-Fr,Su or We[1,3] or PH. Without one, every day is meant.
func (p *horairesParser) days() (s daySelector, err error) {
	for {
		comma := p.pos
		if s.named && !p.accept(",") {
			break
		}
		switch {
		case p.acceptWord("PH"):
			after, err := p.offset()
			if err != nil {
				return s, err
			}
			s.public, s.named = append(s.public, after), true
			continue
		case p.acceptWord("SH"):
			s.school, s.named = true, true
			continue
		}
		d := p.word(dayNames[:])
		if d < 0 { // the comma starts another rule
			p.pos = comma
			break
		}
		if err := p.dayItem(d, &s); err != nil {
			return s, err
		}
		s.named = true
	}
	if !s.holidaysOnly() {
		return s, nil
	}
	// "PH Mo-Fr" and "SH Sa" narrow the holidays to some days.
	for {
		comma := p.pos
		if s.narrow != 0 && !p.accept(",") {
			return s, nil
		}
		d := p.word(dayNames[:])
		if d < 0 {
			p.pos = comma
			return s, nil
		}
		at := p.pos
		var item daySelector
		if err := p.dayItem(d, &item); err != nil {
			return s, err
		}
		if len(item.nth) > 0 {
			return s, p.fail(at, "rang dans le mois parmi des jours fériés ou des vacances")
		}
		s.narrow |= item.weekdays
	}
}

// dayItem adds weekday d of a list to s, with what follows it: nothing, a range or a rank.
func (p *horairesParser) dayItem(d int, s *daySelector) error {
	if p.peek() == '[' {
		return p.nth(d, s)
	}
	s.weekdays |= 1 << d
	if !p.acceptDash() {
		return nil
	}
	p.space()
	at := p.pos
	to := p.word(dayNames[:])
	if to < 0 {
		return p.fail(at, "%s inattendu ; attendu un jour (Mo, Tu, We, Th, Fr, Sa, Su)", p.found())
	}
	s.weekdays |= daysBetween(d, to)
	if p.peek() == '[' {
		return p.fail(p.pos, "rang dans le mois après une suite de jours ; attendu un seul jour, comme Mo[1]")
	}
	return nil
}

// daysBetween is weekdays from..to, over Sunday where to comes before.
func daysBetween(from, to int) (w weekdays) {
	for ; from != to; from = (from + 1) % 7 {
		w |= 1 << from
	}
	return w | 1<<to
}

// nth reads the ranks of weekday d: [1,3], [1-2] or [-1], perhaps with days after.
func (p *horairesParser) nth(d int, s *daySelector) error {
	first := len(s.nth)
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
		if !ok || n == 0 || to < n || to > 5 {
			return p.fail(at, "rang dans le mois non compris ; attendu un nombre de 1 à 5 ou de -1 à -5")
		}
		for ; n <= to; n++ {
			if negative {
				n, to = -n, -n
			}
			s.nth = append(s.nth, nthDay{weekday: d, n: n})
		}
		if p.accept(",") {
			continue
		}
		if !p.accept("]") {
			return p.fail(p.pos, "%s inattendu ; attendu « ] »", p.found())
		}
		after, err := p.offset()
		for i := range s.nth[first:] {
			s.nth[first+i].after = after
		}
		return err
	}
}

// weeks reads "week 1-53/2" or "week 1,3". Without a selector every week is meant: nil.
func (p *horairesParser) weeks() (*weekSet, error) {
	if !p.acceptWord("week") {
		return nil, nil
	}
	var year weekSet
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
		if !ok || from < 1 || to < from || to >= len(year) || step < 1 {
			return nil, p.fail(at, "semaines non comprises ; attendu des numéros de 1 à 53, comme 1-53/2")
		}
		for w := from; w <= to; w += step {
			year[w] = true
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
	return &year, nil
}

// ofCycle makes the weeks of a year of those of the cycle, where no other is named: a place
// that is open in "week 1,3" is so in every cycle, not in January.
func (w *weekSet) ofCycle() {
	if !slices.Contains(w[WeeksPerCycle+1:], true) {
		for n := WeeksPerCycle + 1; n < len(w); n++ {
			w[n] = w[n-WeeksPerCycle]
		}
	}
}
