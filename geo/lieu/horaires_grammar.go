package lieu

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// horairesParser is a recursive-descent reader of the opening_hours grammar. pos
// is a byte offset in text; every method leaves it after what it has read.
type horairesParser struct {
	text string
	pos  int
}

// fail says what is wrong at byte offset at.
func (p *horairesParser) fail(at int, format string, args ...any) error {
	return &HorairesError{Text: p.text, At: utf8.RuneCountInString(p.text[:at]) + 1, Reason: fmt.Sprintf(format, args...)}
}

// found names what stands at the current position, for error sentences.
func (p *horairesParser) found() string {
	if p.pos >= len(p.text) {
		return "fin du texte"
	}
	r, _ := utf8.DecodeRuneInString(p.text[p.pos:])
	return fmt.Sprintf("« %c »", r)
}

func (p *horairesParser) space() {
	for p.pos < len(p.text) {
		r, n := utf8.DecodeRuneInString(p.text[p.pos:])
		if r != ' ' && r != '\t' && r != '\n' && r != '\r' && r != '\u00a0' && r != '\u202f' {
			return
		}
		p.pos += n
	}
}

// peek returns the byte after blanks, 0 at the end.
func (p *horairesParser) peek() byte {
	p.space()
	if p.pos >= len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

// accept reads token, whatever its case, if it comes next after blanks.
func (p *horairesParser) accept(token string) bool {
	p.space()
	end := p.pos + len(token)
	if end > len(p.text) || !strings.EqualFold(p.text[p.pos:end], token) {
		return false
	}
	p.pos = end
	return true
}

// acceptWord is accept, for a token that must not run into another letter.
func (p *horairesParser) acceptWord(token string) bool {
	start := p.pos
	if p.accept(token) {
		if next, _ := utf8.DecodeRuneInString(p.text[p.pos:]); !unicode.IsLetter(next) {
			return true
		}
	}
	p.pos = start
	return false
}

// acceptDash reads the sign of a range, an en dash included: word processors
// write it.
func (p *horairesParser) acceptDash() bool { return p.accept("-") || p.accept("–") }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// number reads up to four digits; ok is false when none comes next.
func (p *horairesParser) number() (n int, ok bool) {
	p.space()
	start := p.pos
	for p.pos < len(p.text) && isDigit(p.text[p.pos]) && p.pos-start < 4 {
		n = 10*n + int(p.text[p.pos]-'0')
		p.pos++
	}
	return n, p.pos > start
}

// parse reads the whole text: rules separated by ";" or ",".
func (p *horairesParser) parse() (Slots, error) {
	if len(p.text) > maxHoraires {
		return Slots{}, p.fail(0, "texte de %d octets ; attendu au plus %d", len(p.text), maxHoraires)
	}
	if !utf8.ValidString(p.text) {
		return Slots{}, p.fail(0, "le texte n'est pas de l'UTF-8")
	}
	first, err := p.rule()
	if err != nil {
		return Slots{}, err
	}
	rules, additive := []rule{first}, false
	for {
		switch {
		case p.peek() == 0:
			if slices.ContainsFunc(rules, func(r rule) bool { return !r.holidays }) {
				return evaluate(rules), nil
			}
			return Slots{}, p.fail(0, "seuls des jours fériés ou des vacances ont des horaires ; attendu des jours de la semaine")
		case p.accept("||"):
			return Slots{}, p.fail(p.pos-2, "une règle de repli (« || ») ne dit pas d'horaires certains")
		case p.accept(","):
			additive = true
		case p.accept(";"):
			additive = false
			if p.peek() == 0 { // a last ";" is common and harmless
				continue
			}
		default:
			return Slots{}, p.fail(p.pos, "%s inattendu ; attendu « , », « ; » ou la fin", p.found())
		}
		r, err := p.rule()
		if err != nil {
			return Slots{}, err
		}
		r.additive = additive
		rules = append(rules, r)
	}
}

// rule reads one rule: selectors, then hours or a state, then a comment.
func (p *horairesParser) rule() (rule, error) {
	r := rule{days: everyDay}
	p.space()
	start := p.pos
	if p.acceptWord("24/7") {
		r.spans = []span{{0, minutesPerDay}}
		err := p.state(&r, start)
		return r, err
	}
	if err := p.season(); err != nil {
		return r, err
	}
	weeks, err := p.weeks()
	if err != nil {
		return r, err
	}
	days, holidays, named, err := p.days()
	if err != nil {
		return r, err
	}
	if named {
		p.accept(":") // "Mo-Fr: 09:00-12:00" is common and means the same
	}
	r.days, r.holidays = days&weeks, holidays
	if p.acceptWord("24/7") {
		r.spans = []span{{0, minutesPerDay}}
	} else if r.spans, err = p.times(); err != nil {
		return r, err
	}
	err = p.state(&r, start)
	return r, err
}

// state reads what ends a rule: open, off, closed, unknown or nothing, and a
// comment. A rule that started at start must say hours or a state.
func (p *horairesParser) state(r *rule, start int) error {
	p.space()
	at, stated := p.pos, false
	switch {
	case p.acceptWord("off"), p.acceptWord("closed"):
		r.off, stated = true, true
	case p.acceptWord("open"):
		stated = true
		if r.spans == nil {
			r.spans = []span{{0, minutesPerDay}}
		}
	case p.acceptWord("unknown"):
		if !r.holidays {
			return p.fail(at, "« unknown » : la source dit que ces horaires sont inconnus")
		}
		stated = true
	}
	comment := p.peek() == '"'
	if comment {
		end := strings.IndexByte(p.text[p.pos+1:], '"')
		if end < 0 {
			return p.fail(p.pos, "commentaire sans guillemet fermant ; attendu « \" »")
		}
		p.pos += end + 2
	}
	switch {
	case r.spans != nil || stated || r.holidays && (comment || p.pos > start):
		return nil
	case comment:
		return p.fail(start, "un commentaire sans heures ne dit pas quand le lieu est ouvert")
	case p.peek() == 0 || p.text[p.pos] == ';' || p.text[p.pos] == ',' || p.text[p.pos] == '|':
		if p.pos > start {
			return p.fail(p.pos, "jours sans heures ; attendu des heures comme 09:00-12:00, ou « off »")
		}
		return p.fail(p.pos, "règle vide ; attendu des jours ou des heures, comme Mo-Fr 09:00-12:00")
	}
	return p.fail(p.pos, "%s inattendu ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su) ou des heures (09:00-12:00)", p.found())
}

// times reads time ranges separated by ",". A comma that is not followed by a
// time is left in place: it starts an additive rule. nil: there is no time here.
func (p *horairesParser) times() ([]span, error) {
	var spans []span
	for {
		p.space()
		at := p.pos
		for _, word := range [...]string{"sunrise", "sunset", "dawn", "dusk", "("} {
			if p.accept(word) {
				return nil, p.fail(at, "une heure qui suit le soleil n'a pas sa place dans une semaine type ; attendu HH:MM")
			}
		}
		if len(spans) == 0 && !isDigit(p.peek()) {
			return nil, nil
		}
		s, err := p.timeRange()
		if err != nil {
			return nil, err
		}
		for _, o := range spans {
			// Ranges are compared on two days: 22:00-02:00 and 01:00-03:00 do not
			// overlap, the second one is of the morning before.
			if s.from < o.to && o.from < s.to {
				return nil, p.fail(at, "plage %s qui recouvre une autre plage des mêmes jours", strings.TrimSpace(p.text[at:p.pos]))
			}
		}
		spans = append(spans, s)
		comma := p.pos
		if !p.accept(",") {
			return spans, nil
		}
		if c := p.peek(); !isDigit(c) && c != '(' && !p.sunNext() {
			p.pos = comma
			return spans, nil
		}
		if p.yearNext() {
			p.pos = comma
			return spans, nil
		}
	}
}

// sunNext reports whether a time that follows the sun comes next.
func (p *horairesParser) sunNext() bool {
	start := p.pos
	defer func() { p.pos = start }()
	return p.accept("sunrise") || p.accept("sunset") || p.accept("dawn") || p.accept("dusk")
}

// yearNext reports whether four digits come next.
func (p *horairesParser) yearNext() bool {
	start := p.pos
	defer func() { p.pos = start }()
	p.number()
	return p.pos-start == 4
}

// timeRange reads HH:MM-HH:MM.
func (p *horairesParser) timeRange() (span, error) {
	start := p.pos
	from, err := p.clock(24 * 60)
	if err != nil {
		return span{}, err
	}
	if p.accept("+") {
		return span{}, p.fail(p.pos-1, "fin ouverte (« + ») : l'heure de fermeture est inconnue ; attendu « - » puis une heure")
	}
	if !p.acceptDash() {
		return span{}, p.fail(p.pos, "%s après une heure seule ; attendu « - » puis l'heure de fin", p.found())
	}
	if p.sunNext() || p.peek() == '(' {
		return span{}, p.fail(p.pos, "une heure qui suit le soleil n'a pas sa place dans une semaine type ; attendu HH:MM")
	}
	to, err := p.clock(48 * 60)
	if err != nil {
		return span{}, err
	}
	switch {
	case p.accept("+"):
		return span{}, p.fail(p.pos-1, "fin ouverte (« + ») : l'heure de fermeture est inconnue ; attendu « , », « ; » ou la fin")
	case p.accept("/"):
		return span{}, p.fail(p.pos-1, "horaires à intervalle (« / ») : ce sont des départs, pas une ouverture")
	case from == to:
		return span{}, p.fail(start, "le début et la fin sont la même heure")
	case from >= minutesPerDay:
		return span{}, p.fail(start, "début à 24:00 ou après ; attendu une heure de 00:00 à 23:59")
	case to < from:
		to += minutesPerDay // past midnight
	case to-from > minutesPerDay:
		return span{}, p.fail(start, "plage de plus de 24 heures")
	}
	return span{from, to}, nil
}

// clock reads H:MM or HH:MM up to limit minutes.
func (p *horairesParser) clock(limit int) (int, error) {
	p.space()
	start := p.pos
	h, ok := p.number()
	if !ok || p.pos-start > 2 || p.pos >= len(p.text) || p.text[p.pos] != ':' {
		return 0, p.fail(p.pos, "%s inattendu ; attendu une heure HH:MM, comme 09:00", p.found())
	}
	p.pos++
	mark := p.pos
	if p.pos >= len(p.text) || !isDigit(p.text[p.pos]) {
		return 0, p.fail(p.pos, "%s inattendu ; attendu deux chiffres de minutes", p.found())
	}
	m, _ := p.number()
	if p.pos-mark != 2 {
		return 0, p.fail(mark, "attendu deux chiffres de minutes")
	}
	if m > 59 || 60*h+m > limit {
		return 0, p.fail(start, "heure %s hors limites ; attendu 00:00 à %02d:00", p.text[start:p.pos], limit/60)
	}
	return 60*h + m, nil
}
