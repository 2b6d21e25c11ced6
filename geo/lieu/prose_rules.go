package lieu

import "slices"

// rules makes of propositions the rules that both grammars share, in the order in which they
// are applied: hours, what replaces them on dates, closings, what is not known.
func (p *proseParser) rules() ([]rule, error) {
	if err := p.book(); err != nil {
		return nil, err
	}
	if err := p.check(); err != nil {
		return nil, err
	}
	var out []rule
	for _, c := range p.clauses {
		if c.dates == nil && (c.section == nil || !c.section.own) {
			r := c.rule
			r.additive = len(out) > 0
			if c.section != nil {
				r.weeks = c.section.rule.weeks
			}
			out = append(out, r)
		}
	}
	school := false
	var last *proseSection
	for _, c := range append(append([]proseClause(nil), p.clauses...), p.closings...) {
		s := c.section
		if s == nil || !s.own {
			if c.dates != nil && c.state != off {
				r := c.rule
				r.additive = true
				out = append(out, r)
			}
			continue
		}
		if s != last { // what it says replaces all else on its dates
			replace := s.rule
			replace.at, replace.state = s.at, off
			out = append(out, replace)
			last, school = s, school || s.rule.days.school
		}
		r := c.rule
		r.additive = c.state != off
		switch {
		case s.rule.dates != nil:
			r.dates = s.rule.dates
		case len(r.days.nth) > 0 || r.weeks != nil:
			return nil, p.fail(r.at, "un rang du mois ou des semaines parmi des vacances ou des jours fériés")
		default:
			narrow := r.days.weekdays
			r.days = s.rule.days
			r.days.narrow = narrow
		}
		out = append(out, r)
	}
	for _, c := range p.closings {
		if c.section == nil || !c.section.own {
			r := c.rule
			if c.section != nil {
				r.weeks = c.section.rule.weeks
			}
			out = append(out, r)
			school = school || r.days.school
		}
	}
	if p.term && !school {
		out = append(out, rule{state: unsaid, days: daySelector{named: true, school: true}})
	}
	if len(out) == 0 || len(p.clauses) == 0 && !p.closesAll() {
		return nil, p.fail(0, "aucune heure dans le texte ; attendu des jours et des heures, comme « du lundi au vendredi 9h-12h »")
	}
	return out, nil
}

// closesAll: a place that is only said to be closed on some days is open on others, at hours
// that are not said.
func (p *proseParser) closesAll() bool {
	for _, c := range p.closings {
		if c.days.weekdays == allWeekdays && c.weeks == nil && c.dates == nil && c.section == nil && c.spans == nil {
			return true
		}
	}
	return false
}

// check refuses what a person would ask about.
func (p *proseParser) check() error {
	for i := range p.clauses {
		c := &p.clauses[i]
		if c.first && len(p.clauses) > 1 {
			return p.fail(c.at, "des heures avant leurs jours, et d'autres propositions : on ne sait pas lesquelles vont ensemble")
		}
		for j := range p.clauses[:i] {
			o := &p.clauses[j]
			common, same := meet(o, c)
			if common == 0 {
				continue
			}
			again := slices.Equal(o.spans, c.spans) && o.state == c.state
			if !same || overlap(o.spans, c.spans) && !again {
				return p.fail(c.at, "%s nommé deux fois : on ne sait pas si les heures s'ajoutent ou se remplacent", describe(common))
			}
		}
		for _, o := range p.closings {
			if common, _ := meet(&o, c); common != 0 && o.at < c.at && !c.all && o.spans == nil && len(o.days.nth) == 0 && o.weeks == nil {
				return p.fail(c.at, "%s fermé, puis ouvert", describe(common))
			}
		}
	}
	return nil
}

// meet is the weekdays that two propositions may share, on some date; same: they name the same
// days throughout.
func meet(a, b *proseClause) (common weekdays, same bool) {
	if (a.section != nil && a.section.own || a.dates != nil || b.section != nil && b.section.own || b.dates != nil) && (a.section != b.section || a.dates != nil || b.dates != nil) {
		if a.dates != nil || b.dates != nil {
			return a.days.any() & b.days.any(), false // "(de juillet à août)" and hours of the same day
		}
		return 0, false // of other dates: replaced, not added
	}
	if a.days.public != nil || a.days.school || b.days.public != nil || b.days.school {
		return 0, false
	}
	wa, wb := a.weeks, b.weeks
	if a.section != nil && a.section.rule.weeks != nil {
		wa = a.section.rule.weeks
	}
	if b.section != nil && b.section.rule.weeks != nil {
		wb = b.section.rule.weeks
	}
	if wa != nil && wb != nil && *wa != *wb { // even and odd
		return 0, false
	}
	if a.days.weekdays&b.days.weekdays == 0 {
		for _, n := range a.days.nth {
			common |= ranksMeet(n, &b.days)
		}
		for _, n := range b.days.nth {
			common |= ranksMeet(n, &a.days)
		}
	} else {
		common = a.days.weekdays & b.days.weekdays
	}
	same = a.days.weekdays == b.days.weekdays && len(a.days.nth) == 0 && len(b.days.nth) == 0 && (wa == nil) == (wb == nil)
	return common, same
}

// any is every weekday that is named, of every week or of some.
func (s *daySelector) any() weekdays {
	w := s.weekdays
	for _, n := range s.nth {
		w |= 1 << n.weekday
	}
	return w
}

// ranksMeet is the weekday of n where s names it on a date that may be the same.
func ranksMeet(n nthDay, s *daySelector) weekdays {
	if s.weekdays.has(n.weekday) {
		return 1 << n.weekday
	}
	for _, o := range s.nth {
		if o.weekday == n.weekday && (o.n == n.n || o.n < 0 != (n.n < 0) && max(o.n, n.n) >= WeeksPerCycle) {
			return 1 << n.weekday
		}
	}
	return 0
}

func overlap(a, b []span) bool {
	for _, s := range a {
		for _, o := range b {
			if s.from < o.to && o.from < s.to {
				return true
			}
		}
	}
	return false
}

// book puts the remarks on appointments on the propositions that they are of.
func (p *proseParser) book() error {
	booked := 0
	for _, b := range p.booking {
		if !b.free {
			booked++
		}
	}
	if booked == 0 {
		return nil
	}
	unsure := func(b proseBooking) error {
		return p.fail(b.at, "un rendez-vous dont on ne sait pas à quelles heures il est demandé")
	}
	for _, b := range p.booking {
		var mine []*proseClause
		later := false // propositions of other phrases after it
		for i := range p.clauses {
			if c := &p.clauses[i]; c.phrase == b.phrase {
				mine = append(mine, c)
			} else if c.phrase > b.phrase {
				later = true
			}
		}
		switch {
		case len(mine) == 0: // a phrase of its own: of all
			if len(p.booking) > 1 || b.colon && !later {
				return unsure(b)
			}
			for i := range p.clauses {
				if b.colon && p.clauses[i].phrase < b.phrase {
					return unsure(b)
				}
				mine = append(mine, &p.clauses[i])
			}
			if len(mine) == 0 {
				return p.fail(b.at, "sur rendez-vous, à des heures qui ne sont pas dites")
			}
		case b.leads:
			if !b.colon && len(mine) > 1 || later && len(p.booking) == 1 {
				return unsure(b)
			}
		case len(mine) > 1 || b.clause == 0 || len(mine[0].spans) > 1 && !b.separated:
			return unsure(b)
		}
		if b.free {
			continue
		}
		for _, c := range mine {
			c.state = appointment
		}
	}
	return nil
}
