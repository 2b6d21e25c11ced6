package lieu

import (
	"fmt"
	"math/bits"
	"slices"
)

// proseParser reads the French of published lists, as rules. What does not fit is an error,
// so that its hours are unknown; no word is skipped but those that say nothing ("ouvert au
// public"). Capitals, accents, hyphens and the kind of dashes and apostrophes do not matter.
//
//	texte      = phrase { fin phrase }                      fin: « ; » « . » « | » ou une ligne
//	phrase     = [ section ":" ] proposition { "," | "/" | "et" proposition } { remarque }
//	proposition = jours [":"] heures
//	            | jours "fermé" | "fermé" jours | "fermé" dates | "fermé de" heures
//	            | heures jours                               seule de tout le texte
//	            | "sauf" jours                               ferme ces jours
//	jours      = jour { "," | "et" jour } [ "sauf" jours ]
//	jour       = lundi | lun. | lu | "du" lundi "au" vendredi | lundi-vendredi
//	            | 1er "et" 3e samedi [ "du mois" ] | dernier lundi
//	            | lundi "semaines paires" | tous les jours | 7j/7 | week-end
//	heures     = plage { "," | "et" | "/" | "-" plage } | 24h/24
//	plage      = [ "de" | "matin" | "après-midi" ] heure ( "à" | "-" | "/" ) heure
//	heure      = 9h | 9 h 30 | 9h30 | 09:00 | 9 heures | midi | minuit | 9 (si l'autre bout dit h)
//	dates      = "en" août | juillet "et" août | "du" 1er [ juillet ] "au" 15 août | "le" 25 décembre
//	            | jours fériés | vacances scolaires
//	section    = dates | semaines paires | période scolaire | sur rendez-vous
//	remarque   = sur rendez-vous | sans rendez-vous | hors vacances scolaires | (dates)
//	            | semaines paires
//
// Where a person would hesitate, so does the grammar, and the hours are unknown: a day named
// twice with other hours, a remark after several propositions of its phrase ("lundi 9h-12h,
// mardi 14h-17h sur rendez-vous"), hours without days, an exception with hours after other
// hours, a closing that a later proposition opens again, what follows the phrase of a section
// (or its lines, where the section has one of its own). "Hors vacances scolaires" leaves these
// holidays unknown, "sauf vacances scolaires" closes them. Days of the month are weeks of the
// cycle, as for ranks of the OSM grammar.
type proseParser struct {
	text  string
	words []proseWord
	pos   int
	notes []string

	phrase   int // number of the phrase that is read
	section  *proseSection
	clauses  []proseClause
	closings []proseClause
	booking  []proseBooking
	term     bool // hours are those of the school term
	ended    bool // the last separators ended a phrase by more than a line

	// Days with dashes between them: three are a list, two a range; both in one text are a
	// doubt.
	dashList, dashRange bool
}

// proseSection is what the propositions after "…:" are of.
type proseSection struct {
	rule rule // its dates, weeks, or school holidays
	own  bool // hours of its dates only: they replace the others
	at   int

	words  int  // … ends before this one
	phrase int  // in which it holds
	lines  bool // it has a line of its own, and holds for those that follow
}

// proseClause is one proposition.
type proseClause struct {
	rule
	section *proseSection
	phrase  int
	all     bool // every day was named, by no name
	first   bool // hours came before days
}

// proseBooking is a remark on appointments.
type proseBooking struct {
	free      bool
	phrase    int
	at        int
	clause    int  // propositions that were read before
	leads     bool // it begins its phrase
	colon     bool // … and a colon follows
	separated bool // a sign stands before
}

// looksFrench reports whether a text is prose, so that what is wrong is told by its grammar.
func looksFrench(words []proseWord) bool {
	french := false
	for _, w := range words {
		switch w.kind {
		case wordDay:
			french = french || len(w.text) > 2
		case wordNothing, wordClosed, wordBooked, wordFree, wordEveryDay, wordExcept:
			french = true
		case wordOther:
			switch w.text {
			case `"`, "mo", "tu", "we", "th", "fr", "su": // OSM days, comments
				return false
			}
		}
	}
	return french
}

func (p *proseParser) fail(at int, format string, args ...any) *HorairesError {
	in := horairesParser{text: p.text}
	return in.fail(at, format, args...)
}

func (p *proseParser) peek() proseWord { return p.words[p.pos] }

func (p *proseParser) unexpected(expected string) *HorairesError {
	w := p.peek()
	if w.kind == wordEnd {
		return p.fail(w.at, "fin du texte inattendue ; attendu %s", expected)
	}
	return p.fail(w.at, "« %s » inattendu ; attendu %s", p.text[w.at:w.end], expected)
}

// accept reads a word of one of the kinds, if it comes next.
func (p *proseParser) accept(kinds ...proseKind) bool {
	if slices.Contains(kinds, p.peek().kind) {
		p.pos++
		return true
	}
	return false
}

// sign reads one of some signs, if it comes next.
func (p *proseParser) sign(signs string) bool {
	if w := p.peek(); w.kind == wordSign && len(w.text) == 1 && slices.Contains([]byte(signs), w.text[0]) {
		p.pos++
		return true
	}
	return false
}

// parse reads the whole text.
func (p *proseParser) parse() ([]rule, error) {
	for {
		before := p.pos
		leads := p.separators()
		w := p.peek()
		if w.kind == wordEnd {
			return p.rules()
		}
		var err *HorairesError
		s := p.section
		switch sectionNext := leads && p.startsSection(); {
		case w.kind == wordBooked || w.kind == wordFree:
			if p.pos > 0 && p.words[p.pos-1].kind == wordAnd && w.kind == wordBooked {
				return nil, p.fail(w.at, "sur rendez-vous, à d'autres heures qui ne sont pas dites")
			}
			p.pos++
			p.booking = append(p.booking, proseBooking{free: w.kind == wordFree, phrase: p.phrase, at: w.at, clause: len(p.clauses),
				leads: leads, separated: p.pos-1 > before, colon: leads && p.sign(":")})
		case w.kind == wordTerm || w.kind == wordNoSchool:
			err = p.schoolRemark(leads)
		case sectionNext:
			err = p.readSection()
		case s != nil && s.phrase != p.phrase && (p.ended || !s.lines):
			err = p.fail(w.at, "après « %s », on ne sait pas si ce qui suit en est encore", p.text[s.at:p.words[s.words-1].end])
		case w.kind == wordParity || p.startsDates():
			err = p.remark()
		case w.kind == wordClosed:
			err = p.closing()
		case w.kind == wordExcept:
			err = p.exception()
		default:
			err = p.clause()
		}
		if err != nil {
			return nil, err
		}
	}
}

// separators reads what stands between propositions, and reports whether a phrase begins.
func (p *proseParser) separators() (leads bool) {
	leads, p.ended = p.pos == 0, false
	for {
		switch {
		case p.sign("\n"):
			p.phrase++
			leads = true
		case p.sign(";.|"):
			p.phrase++
			leads, p.ended = true, true
		case p.sign(",:/()-"): // a dash before each line of a list, or between propositions
		case p.accept(wordAnd, wordNothing):
		default:
			return leads
		}
	}
}

// clause reads days with their hours, or hours with their days.
func (p *proseParser) clause() *HorairesError {
	c := proseClause{section: p.section, phrase: p.phrase}
	c.at = p.peek().at
	if p.startsHours() {
		spans, err := p.hours()
		if err != nil {
			return err
		}
		p.sign(",")
		c.spans, c.first = spans, true
		if err := p.selector(&c); err != nil {
			return err
		}
		p.clauses = append(p.clauses, c)
		return nil
	}
	if err := p.selector(&c); err != nil {
		return err
	}
	colon := p.sign(":")
	for p.accept(wordNothing) { // "le lundi, ouvert de 9h à 12h" has its comma read by nobody
	}
	if p.accept(wordClosed) {
		c.state = off
		p.closings = append(p.closings, c)
		return nil
	}
	if !colon {
		p.sign(",") // "tous les jours sauf le mercredi, de 8h30 à 12h"
	}
	mark := p.pos
	for p.sign("\n") {
	}
	if !p.startsHours() { // days and hours may be on lines of their own
		p.pos = mark
	}
	spans, err := p.hours()
	if err != nil {
		return err
	}
	c.spans = spans
	p.clauses = append(p.clauses, c)
	return nil
}

// closing reads what follows "fermé": days, dates, or hours.
func (p *proseParser) closing() *HorairesError {
	c := proseClause{section: p.section, phrase: p.phrase}
	c.at, c.state = p.peek().at, off
	p.pos++
	p.sign(":")
	switch w := p.peek(); {
	case p.startsHours():
		spans, err := p.hours()
		if err != nil {
			return err
		}
		c.spans = spans
	case w.kind == wordEnd || w.kind == wordSign && w.text != ":":
		if p.section == nil || !p.section.own { // "Vacances scolaires : fermé"
			return p.fail(c.at, "« %s » sans jours ; attendu des jours après ou avant", p.text[c.at:p.words[p.pos-1].end])
		}
	default:
		return p.closedList(c)
	}
	p.closings = append(p.closings, c)
	return nil
}

// exception reads "sauf" after hours.
func (p *proseParser) exception() *HorairesError {
	c := proseClause{section: p.section, phrase: p.phrase}
	c.at, c.state = p.peek().at, off
	p.pos++
	if len(p.clauses) == 0 {
		return p.fail(c.at, "une exception sans règle ; attendu des jours et des heures")
	}
	return p.closedList(c)
}

// closedList reads closings such as c: "les jours fériés, le lundi et en août".
func (p *proseParser) closedList(c proseClause) *HorairesError {
	for {
		one := c
		if err := p.closed(&one); err != nil {
			return err
		}
		p.closings = append(p.closings, one)
		mark := p.pos
		for p.sign(",") || p.accept(wordAnd) {
		}
		listed := p.pos > mark
		for p.accept(wordFrom, wordArticle) {
		}
		if k := p.peek().kind; !listed || k != wordPublic && k != wordSchool && !p.startsDates() {
			p.pos = mark
			return nil
		}
	}
}

// closed reads the days or dates that are closed. Hours must not follow: they would be those of
// the exception, or not.
func (p *proseParser) closed(c *proseClause) *HorairesError {
	mark := p.pos
	for p.accept(wordFrom, wordArticle, wordTo) {
	}
	switch {
	case p.accept(wordPublic):
		c.days = daySelector{named: true, public: []int{0}}
	case p.accept(wordSchool):
		c.days = daySelector{named: true, school: true}
	default:
		p.pos = mark
		if p.startsDates() {
			dates, err := p.dates()
			if err != nil {
				return err
			}
			c.dates = dates
			break
		}
		if err := p.selector(c); err != nil {
			return err
		}
	}
	mark = p.pos
	p.sign(":,")
	defer func() { p.pos = mark }()
	if p.startsHours() || p.peek().kind == wordPart || p.peek().kind == wordNumber {
		return p.fail(p.peek().at, "des heures après des jours fermés : sont-elles fermées ou ouvertes ?")
	}
	return nil
}

// describe names a day for sentences.
func describe(w weekdays) string {
	names := [...]string{"lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"}
	return fmt.Sprintf("« %s »", names[bits.TrailingZeros8(uint8(w))])
}
