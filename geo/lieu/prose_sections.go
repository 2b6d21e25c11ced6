package lieu

// schoolRemark reads "hors vacances scolaires" and its like.
func (p *proseParser) schoolRemark(leads bool) *HorairesError {
	w := p.peek()
	p.pos++
	if w.kind == wordNoSchool {
		p.closings = append(p.closings, proseClause{rule: rule{at: w.at, state: off, days: daySelector{named: true, school: true}}})
		return nil
	}
	p.term = true
	if leads && p.sign(":") {
		p.section = nil // the ordinary hours
	}
	return nil
}

// readSection reads what propositions are of, with its colon.
func (p *proseParser) readSection() *HorairesError {
	s := &proseSection{at: p.peek().at}
	switch w := p.peek(); w.kind {
	case wordSchool:
		p.pos++
		s.rule.days, s.own = daySelector{named: true, school: true}, true
	case wordPublic:
		p.pos++
		s.rule.days, s.own = daySelector{named: true, public: []int{0}}, true
	case wordParity:
		p.pos++
		s.rule.weeks = parity(w.n)
	default:
		dates, err := p.dates()
		if err != nil {
			return err
		}
		s.rule.dates, s.own = dates, true
	}
	s.words = p.pos
	if !p.sign(":") {
		return p.unexpected("« : » puis les jours et les heures de ces dates")
	}
	s.phrase, s.lines = p.phrase, p.peek().text == "\n"
	p.section = s
	return nil
}

// startsSection reports whether dates or weeks with a colon come next.
func (p *proseParser) startsSection() bool {
	switch p.peek().kind {
	case wordSchool, wordPublic, wordParity:
		return p.words[p.pos+1].text == ":"
	}
	if !p.startsDates() {
		return false
	}
	mark := p.pos
	defer func() { p.pos = mark }()
	_, err := p.dates()
	return err == nil && p.peek().text == ":"
}

// remark reads weeks or dates after the hours of a proposition: they are those of it, when
// its phrase has no other.
func (p *proseParser) remark() *HorairesError {
	w := p.peek()
	n := len(p.clauses)
	if n == 0 || p.clauses[n-1].phrase != p.phrase || n > 1 && p.clauses[n-2].phrase == p.phrase {
		return p.fail(w.at, "« %s » : on ne sait pas de quelles heures", p.text[w.at:w.end])
	}
	c := &p.clauses[n-1]
	if c.weeks != nil || c.dates != nil || c.section != nil {
		return p.fail(w.at, "« %s » après d'autres dates", p.text[w.at:w.end])
	}
	if w.kind == wordParity {
		p.pos++
		c.weeks = parity(w.n)
		return nil
	}
	dates, err := p.dates()
	if err != nil {
		return err
	}
	c.dates = dates
	return nil
}

// parity is even weeks, or odd ones with 1.
func parity(odd int) *weekSet {
	var w weekSet
	for n := 2 - odd; n < len(w); n += 2 {
		w[n] = true
	}
	return &w
}
