package lieu

import (
	"fmt"
	"strings"
	"unicode/utf8"
)

// HorairesError says why a text could not become weekly hours: either it is
// faulty, or it says something that has no place in a 4-week cycle (seasons,
// sunset, open ends). The hours are unknown in both cases.
type HorairesError struct {
	Text   string // what the source wrote
	At     int    // position of the fault, in characters from 1
	Reason string // French: what is wrong there, and what was expected
}

// Error is a French sentence: it is shown to whoever wrote the hours.
func (e *HorairesError) Error() string {
	return fmt.Sprintf("horaires « %s » : %s", shorten(e.Text, 80), e.AtReason())
}

// AtReason is the sentence without the text, for a table that shows the text.
func (e *HorairesError) AtReason() string { return fmt.Sprintf("caractère %d : %s", e.At, e.Reason) }

func shorten(s string, runes int) string {
	if utf8.RuneCountInString(s) <= runes {
		return s
	}
	return string([]rune(s)[:runes]) + "…"
}

// maxHoraires bounds the length of a text, in bytes. OSM values stop at 255
// characters; the longest in the national data are under 600.
const maxHoraires = 4096

// ParseHoraires evaluates a text on the 4-week cycle: OSM opening_hours syntax, or the French
// prose of published lists (see [proseParser]). An empty text gives unknown hours and no
// error. A text that is faulty, or that is not a weekly habit, gives unknown hours and a
// [*HorairesError]; nothing is ever guessed.
//
// Understood: day ranges and lists (Mo-Fr, Sa-Tu, Mo,We), several time ranges (the union of
// those that overlap), 24/7, open, off, closed, comments after hours, and these, as the OSM
// specification says:
//
//	A; B     B replaces all that was said before of the days it names
//	A, B     B adds to what was said before
//	… off    without times closes the days, with times removes only these times
//	PH, SH   the cycle holds no public and no school holiday: such rules are for dates
//	Dec 25, Jul-Aug, 2026, week 27-35, easter    so are these, see [Agenda]
//
// Choices of ours, where the cycle meets the calendar:
//
//   - week n is week (n-1) modulo 4 + 1 of the cycle, when the selector repeats
//     with a period that divides 4: "week 1-53/2" is weeks 1 and 3. A selector
//     that only names weeks 1 to 4 names the weeks of the cycle, where it opens. Another, as
//     "week 10-20" or "week 1 off", is a season; one of another period ("week 1-53/3") is
//     unknown.
//   - Mo[2] is week 2 of the cycle, Mo[-1] week 4 and Mo[-2] week 3. A month has
//     4.35 weeks, so monthly hours count for 8.7 % more than they are.
//     Mo[5], which most months lack, is for dates.
//   - A text that has only rules for dates is no weekly habit: unknown. So is one that begins
//     with a season of more than half of the year.
//
// Choices of ours, against slips of the pen:
//
//   - A rule without days after one with days ("Mo-Fr 09:00-12:00; 14:00-17:00") is unknown:
//     by the grammar it speaks of every day, which is not what was meant.
//   - A range that ends before it begins is unknown, unless both ends lie in the night, from
//     20:00 to 06:00. It belongs to the day on which it starts.
//   - Open ends (08:30+), sunrise and sunset, fallbacks (||), days or comments
//     without hours are unknown; so are comments that narrow hours ("sauf le lundi").
//
// Hours with a comment such as "sur rendez-vous" are in [Horaires.RendezVous].
//
// A slot counts when the place is open during at least half of its 15 minutes,
// that is 8 of them: closing at 16:50 does not open slot 16:45, closing at 16:55
// does. Totals are thus nearly unbiased.
func ParseHoraires(text string) (Horaires, error) {
	h, _, err := ParseHorairesNoted(text)
	return h, err
}

// ParseHorairesNoted is [ParseHoraires], with French sentences on what was read although it is
// badly said: ranges that overlap.
func ParseHorairesNoted(text string) (h Horaires, notes []string, err error) {
	h.Text = text
	if strings.TrimSpace(text) == "" {
		return h, nil, nil
	}
	rules, notes, err := parseRules(text)
	if err != nil {
		return h, nil, err
	}
	h, err = evaluate(text, rules)
	return h, notes, err
}

// evaluate is what the rules of a text are on the cycle.
func evaluate(text string, rules []rule) (Horaires, error) {
	h := Horaires{Text: text}
	walk, rdv, at, reason := cycle(rules)
	if reason != "" {
		p := horairesParser{text: text}
		return h, p.fail(at, "%s", reason)
	}
	h.Known, h.Slots = true, walk
	if rdv != (Slots{}) {
		h.RendezVous = &rdv
	}
	return h, nil
}

// parseRules reads a text by the grammar that it fits.
func parseRules(text string) ([]rule, []string, error) {
	p := horairesParser{text: text}
	switch {
	case len(text) > maxHoraires:
		return nil, nil, p.fail(0, "texte de %d octets ; attendu au plus %d", len(text), maxHoraires)
	case !utf8.ValidString(text):
		return nil, nil, p.fail(0, "le texte n'est pas de l'UTF-8")
	}
	rules, err := p.parse()
	if err == nil {
		return rules, p.notes, nil
	}
	prose := proseParser{text: text, words: proseWords(text)}
	french, inFrench := prose.parse()
	switch {
	case inFrench == nil:
		return french, prose.notes, nil
	case looksFrench(prose.words):
		return nil, nil, inFrench
	}
	return nil, nil, err
}
