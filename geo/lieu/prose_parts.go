package lieu

import "time"

// selector reads days into c.
func (p *proseParser) selector(c *proseClause) *HorairesError {
	items := 0
	for {
		mark := p.pos
		if items > 0 && !p.sign(",") && !p.accept(wordAnd) {
			break
		}
		p.accept(wordAnd) // "lundi, et mardi"
		ok, err := p.item(c, items > 0)
		if err != nil {
			return err
		}
		if !ok {
			p.pos = mark
			break
		}
		items++
		mark = p.pos
		open := p.sign("(")
		if w := p.peek(); w.kind != wordParity {
			p.pos = mark
		} else if c.weeks != nil || items > 1 {
			return p.fail(w.at, "« %s » après plusieurs jours : on ne sait pas desquels", p.text[w.at:w.end])
		} else {
			p.pos++
			c.weeks = parity(w.n)
			if open && !p.sign(")") {
				return p.unexpected("« ) »")
			}
		}
	}
	if items == 0 {
		return p.unexpected("des jours, comme « du lundi au vendredi », ou des heures, comme « 9h-12h »")
	}
	if c.weeks != nil && items > 1 {
		return p.fail(c.at, "des semaines paires ou impaires parmi plusieurs jours : on ne sait pas desquels")
	}
	c.days.named = true
	if p.peek().kind != wordExcept {
		return nil
	}
	return p.selectorExcept(c)
}

// selectorExcept reads "sauf le mercredi" between days and their hours.
func (p *proseParser) selectorExcept(c *proseClause) *HorairesError {
	mark := p.pos
	p.pos++
	var out proseClause
	for p.accept(wordFrom, wordTo) {
	}
	if p.accept(wordPublic) {
		out.days = daySelector{named: true, public: []int{0}}
	} else if err := p.selector(&out); err != nil {
		p.pos = mark // what it is said by exception
		return err
	}
	if w := p.peek(); w.kind == wordPart {
		return p.fail(w.at, "une exception d'une partie du jour")
	}
	if len(c.days.nth) > 0 || len(out.days.nth) > 0 || c.weeks != nil || out.weeks != nil {
		out.at, out.state, out.section, out.phrase = p.words[mark].at, off, c.section, c.phrase
		p.closings = append(p.closings, out)
		return nil
	}
	if out.days.public != nil {
		out.at, out.state = p.words[mark].at, off
		p.closings = append(p.closings, out)
		return nil
	}
	c.days.weekdays &^= out.days.weekdays
	c.all = false
	if c.days.weekdays == 0 {
		return p.fail(p.words[mark].at, "l'exception ne laisse aucun jour")
	}
	return nil
}

// item reads a day, a range of days, or ranks of a day; listed: a day came before. ok is false
// when none comes next.
func (p *proseParser) item(c *proseClause, listed bool) (ok bool, err *HorairesError) {
	start := p.pos
	for p.accept(wordFrom, wordArticle, wordEn) {
	}
	w := p.peek()
	switch w.kind {
	case wordEveryDay:
		p.pos++
		c.days.weekdays, c.all = allWeekdays, true
		return true, nil
	case wordWeekend:
		p.pos++
		c.days.weekdays |= 1<<5 | 1<<6
		return true, nil
	case wordOrdinal:
		return p.ranks(c, start)
	case wordDay:
	default:
		p.pos = start
		return false, nil
	}
	p.pos++
	days, dashed := []int{w.n}, false
	for {
		mark := p.pos
		if dash := p.sign("-"); dash || len(days) == 1 && p.accept(wordTo) {
			for p.accept(wordArticle) {
			}
			if to := p.peek(); to.kind == wordDay {
				p.pos++
				days, dashed = append(days, to.n), dash
				continue
			}
		}
		p.pos = mark
		break
	}
	switch len(days) {
	case 1:
		c.days.weekdays |= 1 << days[0]
	case 2:
		c.days.weekdays |= daysBetween(days[0], days[1])
		p.dashRange = p.dashRange || dashed && days[1] != days[0]+1
	default: // "lundi - mardi - jeudi" is a list
		if p.words[start+1].kind == wordTo || p.words[start+2].kind == wordTo {
			return false, p.fail(w.at, "une suite de jours dans une liste à tirets : on ne sait pas lesquels")
		}
		for _, d := range days {
			c.days.weekdays |= 1 << d
		}
		p.dashList = true
	}
	if p.dashList && p.dashRange {
		return false, p.fail(w.at, "des tirets entre des jours, pour une liste et pour une suite : on ne sait pas laquelle")
	}
	return true, nil
}

// ranks reads "1er et 3e samedi du mois"; without a day, it is a date: not ok.
func (p *proseParser) ranks(c *proseClause, start int) (ok bool, err *HorairesError) {
	var ranks []int
	for {
		w := p.peek()
		if w.kind != wordOrdinal {
			p.pos = start
			return false, nil
		}
		p.pos++
		ranks = append(ranks, w.n)
		if p.peek().kind == wordDay {
			break
		}
		if !p.sign(",/") && !p.accept(wordAnd) {
			p.pos = start
			return false, nil
		}
		p.accept(wordAnd)
		for p.accept(wordArticle) {
		}
	}
	day := p.peek().n
	p.pos++
	for _, n := range ranks {
		c.days.nth = append(c.days.nth, nthDay{weekday: day, n: n})
	}
	p.accept(wordOfMonth)
	return true, nil
}

// startsHours reports whether hours come next.
func (p *proseParser) startsHours() bool {
	at := p.pos
	for p.words[at].kind == wordFrom || p.words[at].kind == wordArticle || p.words[at].kind == wordPart {
		at++
	}
	if p.words[at].text == ":" && at > p.pos {
		at++
	}
	if p.words[at].kind == wordFrom {
		at++
	}
	switch p.words[at].kind {
	case wordClock, wordAlways:
		return true
	case wordNumber: // "9-12h": with the sign of a range, and a clock
		sign := p.words[at+1]
		return (sign.text == "-" || sign.kind == wordTo) && p.words[at+2].kind == wordClock
	}
	return false
}

// hours reads ranges of hours.
func (p *proseParser) hours() ([]span, *HorairesError) {
	if p.accept(wordAlways) {
		return []span{{0, minutesPerDay}}, nil
	}
	var spans []span
	labelled, start := 0, p.peek().at
	for {
		mark := p.pos
		if len(spans) > 0 {
			for p.sign(",/-") || p.accept(wordAnd) {
			}
			if !p.startsHours() {
				p.pos = mark
				break
			}
		}
		at := p.peek().at
		s, part, err := p.hoursRange()
		if err != nil {
			return nil, err
		}
		if part {
			labelled++
		}
		for _, o := range spans {
			if s.from < o.to && o.from < s.to {
				p.notes = append(p.notes, p.fail(at, "plage qui recouvre une autre plage des mêmes jours : leur réunion est retenue").AtReason())
				break
			}
		}
		spans = append(spans, s)
	}
	if labelled > 0 && labelled < len(spans) { // "du lundi au vendredi et le samedi matin 9h-12h et 14h-17h"
		return nil, p.fail(start, "des heures dont certaines sont dites du matin ou de l'après-midi : on ne sait pas de quels jours sont les autres")
	}
	for p.accept(wordNothing) { // "en continu"
	}
	return spans, nil
}

// hoursRange reads one range, with the part of the day that it may be said to be.
func (p *proseParser) hoursRange() (s span, labelled bool, err *HorairesError) {
	part := -1
	readPart := func() {
		mark := p.pos
		for p.accept(wordArticle) {
		}
		if w := p.peek(); w.kind == wordPart {
			part = w.n
			p.pos++
		} else {
			p.pos = mark
		}
	}
	readPart()
	p.sign(":")
	between := p.accept(wordFrom)
	start := p.peek()
	from, bare, err := p.clock()
	if err != nil {
		return span{}, false, err
	}
	if !p.sign("-/") && !p.accept(wordTo) && !(between && p.accept(wordAnd)) {
		return span{}, false, p.unexpected("« - » ou « à » puis l'heure de fin")
	}
	for p.accept(wordTo) { // "jusqu'à"
	}
	to, bareTo, err := p.clock()
	if err != nil {
		return span{}, false, err
	}
	if bare && bareTo {
		return span{}, false, p.fail(start.at, "deux nombres sans « h » : ce ne sont peut-être pas des heures")
	}
	if from == minutesPerDay {
		from = 0 // minuit
	}
	s, reason := spanBetween(from, to)
	if reason != "" {
		return span{}, false, p.fail(start.at, "%s", reason)
	}
	if part < 0 {
		readPart()
	}
	if part == 0 && s.to > 14*60 || part == 1 && s.from < 12*60 {
		return span{}, false, p.fail(start.at, "des heures qui ne sont pas de cette partie du jour")
	}
	return s, part >= 0, nil
}

// clock reads an hour; bare: it is a number alone.
func (p *proseParser) clock() (minutes int, bare bool, err *HorairesError) {
	w := p.peek()
	switch {
	case w.kind == wordClock:
	case w.kind == wordNumber && w.n <= 24:
		w.n, bare = 60*w.n, true
	default:
		return 0, false, p.unexpected("une heure, comme 9h30")
	}
	p.pos++
	return w.n, bare, nil
}

// startsDates reports whether months or dates come next.
func (p *proseParser) startsDates() bool {
	at := p.pos
	for p.words[at].kind == wordFrom || p.words[at].kind == wordArticle || p.words[at].kind == wordEn {
		at++
	}
	w := p.words[at]
	if w.kind == wordMonth {
		return true
	}
	if w.kind != wordNumber && w.kind != wordOrdinal {
		return false
	}
	next := p.words[at+1]
	if next.kind == wordMonth {
		return true
	}
	// "du 1er au 15 août"
	return next.kind == wordTo && (p.words[at+2].kind == wordNumber || p.words[at+2].kind == wordOrdinal) && p.words[at+3].kind == wordMonth
}

// dates reads "en juillet et août", "de septembre à juin", "du 1er au 15 août", "le 25 décembre
// et le 1er janvier".
func (p *proseParser) dates() ([]dateRange, *HorairesError) {
	var out []dateRange
	for {
		mark := p.pos
		if out != nil {
			if !p.sign(",") && !p.accept(wordAnd) || !p.startsDates() {
				p.pos = mark
				return out, nil
			}
		}
		for p.accept(wordFrom, wordArticle, wordEn) {
		}
		day, month, err := p.date()
		if err != nil {
			return nil, err
		}
		lastDay, lastMonth := day, month
		mark = p.pos
		if p.accept(wordTo) || p.sign("-") {
			for p.accept(wordArticle, wordFrom) {
			}
			if lastDay, lastMonth, err = p.date(); err != nil {
				return nil, err
			}
		}
		if month == 0 {
			month = lastMonth
		}
		switch {
		case month == 0 || lastMonth == 0 || (day == 0) != (lastDay == 0):
			return nil, p.fail(p.words[mark].at, "des dates dont le mois manque, ou le jour")
		case day == 0:
			day, lastDay = 1, 31
		}
		for _, d := range [2][2]int{{month, day}, {lastMonth, lastDay}} {
			if last := dateOf(leapYear, time.Month(d[0]+1), 0).Day(); d[1] > last && d[1] != 31 || d[1] == 0 {
				return nil, p.fail(p.words[mark].at, "date qui n'existe pas")
			}
		}
		out = append(out, dateRange{from: 100*month + day, to: 100*lastMonth + lastDay})
	}
}

// date reads "15 août", "août" or "1er" alone: what is missing is 0.
func (p *proseParser) date() (day, month int, err *HorairesError) {
	if w := p.peek(); (w.kind == wordNumber && w.n >= 1 && w.n <= 31) || w.kind == wordOrdinal && w.n == 1 {
		day = w.n
		p.pos++
	}
	if w := p.peek(); w.kind == wordMonth {
		month = w.n
		p.pos++
	} else if day == 0 {
		return 0, 0, p.unexpected("une date, comme 15 août")
	}
	if w := p.peek(); w.kind == wordNumber && w.n > 31 {
		return 0, 0, p.fail(w.at, "une date d'une année : on ne sait pas ce qu'il en est des autres")
	}
	return day, month, nil
}
