package lieu

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// horairesParser is a recursive-descent reader of the opening_hours grammar. pos
// is a byte offset in text; every method leaves it after what it has read.
type horairesParser struct {
	text  string
	pos   int
	notes []string // French: what was read with a doubt

	letters bool // a clock of this rule was written as people write it: 9h30
}

// note keeps what was read although it is badly said.
func (p *horairesParser) note(at int, format string, args ...any) {
	p.notes = append(p.notes, p.fail(at, format, args...).AtReason())
}

// fail says what is wrong at byte offset at.
func (p *horairesParser) fail(at int, format string, args ...any) *HorairesError {
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
func (p *horairesParser) parse() ([]rule, error) {
	var rules []rule
	additive, named := false, false // named: a rule named days of the week
	for {
		p.space()
		start := p.pos
		p.letters = false
		r, err := p.rule()
		if err != nil {
			return nil, err
		}
		if r.weeks != nil && r.state != off { // "week 1 off" is the new year's
			r.weeks.ofCycle()
		}
		if p.letters && !r.days.named {
			return nil, p.fail(start, "des heures sans jours ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)")
		}
		r.additive = additive && r.state != off
		whole := !r.days.named && (r.state != off || r.spans == nil && r.weeks == nil)
		switch {
		case !whole || !named:
		case r.dates == nil:
			return nil, p.fail(start, "règle sans jours après une règle qui en nomme : de quels jours elle parle n'est pas sûr ; attendu des jours (Mo, Tu, We, Th, Fr, Sa, Su)")
		default:
			r.ambiguous = r.state != off
		}
		named = named || r.days.named && !r.days.holidaysOnly()
		rules = append(rules, r)
		switch {
		case p.peek() == 0:
			return rules, nil
		case p.accept("||"):
			return nil, p.fail(p.pos-2, "une règle de repli (« || ») ne dit pas d'horaires certains")
		case p.accept(","):
			additive = true
		case p.accept(";"):
			additive = false
			if p.peek() == 0 { // a last ";" is common and harmless
				return rules, nil
			}
		default:
			return nil, p.fail(p.pos, "%s inattendu ; attendu « , », « ; » ou la fin", p.found())
		}
	}
}

// rule reads one rule: selectors, then hours or a state, then a comment.
func (p *horairesParser) rule() (r rule, err error) {
	p.space()
	r.at = p.pos
	if !p.acceptWord("24/7") {
		if r.dates, err = p.dates(); err != nil {
			return r, err
		}
		if r.weeks, err = p.weeks(); err != nil {
			return r, err
		}
		if r.days, err = p.days(); err != nil {
			return r, err
		}
		if r.days.named {
			p.accept(":") // "Mo-Fr: 09:00-12:00" is common and means the same
		}
		if !p.acceptWord("24/7") {
			if r.spans, err = p.times(); err != nil {
				return r, err
			}
			return r, p.state(&r)
		}
	}
	r.spans = []span{{0, minutesPerDay}}
	return r, p.state(&r)
}

// state reads what ends a rule: open, off, closed, unknown or nothing, and a
// comment. A rule must say hours or a state.
func (p *horairesParser) state(r *rule) error {
	p.space()
	at, start, stated := p.pos, r.at, false
	switch {
	case p.acceptWord("off"), p.acceptWord("closed"):
		r.state, stated = off, true
	case p.acceptWord("open"):
		stated = true
		if r.spans == nil {
			r.spans = []span{{0, minutesPerDay}}
		}
	case p.acceptWord("unknown"):
		r.state, stated = unsaid, true
	}
	p.space()
	quote := p.pos
	said, comment, err := p.comment()
	if err != nil {
		return err
	}
	holidays := r.days.holidaysOnly()
	switch {
	case r.spans != nil || stated:
		if r.state == unsaid && r.spans != nil && byAppointment.MatchString(fold(said)) {
			r.state = open // unknown "sur rendez-vous": the comment says why
		}
		if r.state == unsaid && !r.exception() {
			return p.fail(at, "« unknown » : la source dit que ces horaires sont inconnus")
		}
		if reason := r.comment(said); reason != "" {
			return p.fail(quote, "%s", reason)
		}
		return nil
	case holidays && (comment || p.pos > start): // "PH" alone, or with a remark: not said
		r.state = unsaid
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

// quotes are those of comments: word processors write their own.
var quotes = [...][2]string{{`"`, `"`}, {"“", "”"}, {"«", "»"}}

// comment reads a comment if one comes next.
func (p *horairesParser) comment() (said string, ok bool, err error) {
	for _, q := range quotes {
		at := p.pos
		if !p.accept(q[0]) {
			continue
		}
		end := strings.Index(p.text[p.pos:], q[1])
		if end < 0 {
			return "", true, p.fail(at, "commentaire sans guillemet fermant ; attendu « %s »", q[1])
		}
		said = p.text[p.pos : p.pos+end]
		p.pos += end + len(q[1])
		return said, true, nil
	}
	return "", false, nil
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
				p.note(at, "plage %s qui recouvre une autre plage des mêmes jours : leur réunion est retenue", strings.TrimSpace(p.text[at:p.pos]))
				break
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
	case from >= minutesPerDay:
		return span{}, p.fail(start, "début à 24:00 ou après ; attendu une heure de 00:00 à 23:59")
	}
	s, reason := spanBetween(from, to)
	if reason != "" {
		return span{}, p.fail(start, "%s", reason)
	}
	return s, nil
}

// The night, in minutes: a range past midnight is believed when both of its ends lie there.
// Places where one is helped close in the evening: 19:00-11:00 is a slip of the pen.
const nightFrom, nightTo = 20 * 60, 6 * 60

// spanBetween is the range from..to, whose end may be of the next day, as 26:00 or 02:00 is.
// reason says why it is not to be believed.
func spanBetween(from, to int) (s span, reason string) {
	written := to
	if to < from {
		to += minutesPerDay
	}
	switch {
	case from == written:
		return s, "le début et la fin sont la même heure"
	case to-from > minutesPerDay:
		return s, "plage de plus de 24 heures"
	case to > minutesPerDay && (from < nightFrom || to-minutesPerDay > nightTo), written == 0 && from < nightFrom:
		return s, "plage qui finit avant de commencer ; après minuit, les deux heures sont attendues dans la nuit (de 20:00 à 06:00)"
	}
	return span{from, to}, ""
}

// clock reads H:MM, HH:MM or HHhMM up to limit minutes, with blanks around the sign: people
// type them.
func (p *horairesParser) clock(limit int) (int, error) {
	p.space()
	start := p.pos
	h, ok := p.number()
	short := p.pos-start <= 2
	letter := p.peek() == 'h' || p.peek() == 'H'
	if !ok || !short || !letter && p.peek() != ':' {
		return 0, p.fail(p.pos, "%s inattendu ; attendu une heure HH:MM, comme 09:00", p.found())
	}
	p.pos++
	p.letters = p.letters || letter
	p.space()
	mark, m := p.pos, 0
	if isDigit(p.peek()) {
		m, _ = p.number()
	} else if !letter {
		return 0, p.fail(p.pos, "%s inattendu ; attendu deux chiffres de minutes", p.found())
	}
	if p.pos-mark != 2 && (!letter || p.pos > mark) {
		return 0, p.fail(mark, "attendu deux chiffres de minutes")
	}
	if m > 59 || 60*h+m > limit {
		return 0, p.fail(start, "heure %s hors limites ; attendu 00:00 à %02d:00", p.text[start:p.pos], limit/60)
	}
	return 60*h + m, nil
}
