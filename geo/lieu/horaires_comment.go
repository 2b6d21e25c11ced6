package lieu

import (
	"regexp"
	"strings"

	"golang.org/x/text/unicode/norm"
)

// What comments say, once they are folded (small letters, no accents). The order is that in
// which they are tried.
var (
	// One walks in, whatever else is possible.
	walkIn = regexp.MustCompile(`\b(sans|without)( prendre| prise de)? (rendez[- ]?vous|r\.?d\.?v\b|reservation|appointment)|` +
		`\b(ou|et|or|and) (sur|avec|on|by|with) (rendez[- ]?vous|r\.?d\.?v\b|appointment|reservation)|` +
		`(rendez[- ]?vous|r\.?d\.?v\b\.?|reservation|appointment).{0,12}\b(possible|conseillee?|recommandee?|souhaitee?|souhaitable|preferable|facultatif|optional|recommended|preferred)\b|` +
		`\bde preference\b|\bpreferably\b`)
	// The negations that are understood, and that there is one: "ne pas venir sans rendez-vous".
	noAppointment = regexp.MustCompile(`^(pas de|pas besoin de|no) (rendez[- ]?vous|r\.?d\.?v\.?|reservation|appointment)( (necessaire|needed|necessary|required))?[.! ]*$|^(rendez[- ]?vous|r\.?d\.?v\.?|appointment) (non|pas|not) (obligatoire|necessaire|needed|necessary|required)[.! ]*$`)
	negation      = regexp.MustCompile(`\b(ne|n'|pas|non|ni|aucune?|jamais|no|not|never|impossible|interdit|refuse)\b`)
	byAppointment = regexp.MustCompile(`\brendez[- ]?vous\b|\br\.?d\.?v\b|\bappointments?\b|\b(sur|by|on|upon) reservation\b|\breservation (obligatoire|required|only)\b|\bprise de rv\b|\bsur rv\b`)
	termOnly      = regexp.MustCompile(`\b(hors|sauf|except|excepte|en dehors des?|pas pendant les?|outside)\b.{0,8}\b(vacances|conges|school holidays)\b|\bperiodes? scolaires?\b|\btemps scolaire\b`)
	// What narrows hours in a way that only a person understands.
	restricts = regexp.MustCompile(`\b(sauf|except|excepte|hors|uniquement|seulement|exclusivement|only|ferme|fermee|fermeture|closed|semaines?|weeks?|pairs?|paires?|impaires?|mois|months?|vacances|holidays?|` +
		`lundis?|mardis?|mercredis?|jeudis?|vendredis?|samedis?|dimanches?|matins?|matinees?|apres[- ]midis?|soirs?|mondays?|tuesdays?|wednesdays?|thursdays?|fridays?|saturdays?|sundays?|` +
		`janvier|fevrier|mars|avril|juin|juillet|aout|septembre|octobre|novembre|decembre|ete|hiver|variables?|selon|inscription|telephoniques?|(par|au|by) (telephone|phone)|visio|a domicile|a distance|alternance|1 sur 2|sur deux|pas|aucune?|jamais|no|not)\b`)
)

// comment takes into r what a comment says of its hours. A comment that narrows them in a way
// that is not understood leaves them unknown: the reason says so.
func (r *rule) comment(text string) (reason string) {
	folded := fold(text)
	narrowed := restricts.MatchString(folded)
	if r.state == off || r.state == unsaid {
		return ""
	}
	if termOnly.MatchString(folded) {
		r.term = true
		folded = termOnly.ReplaceAllString(folded, "")
		narrowed = restricts.MatchString(strings.ReplaceAll(folded, "scolaires", ""))
	}
	switch {
	case noAppointment.MatchString(folded):
		return ""
	case byAppointment.MatchString(folded) && negation.MatchString(folded):
		narrowed = true
	case walkIn.MatchString(folded):
	case byAppointment.MatchString(folded):
		r.state = appointment
		folded = onlyWords.ReplaceAllString(folded, "")
		narrowed = restricts.MatchString(folded)
	}
	if narrowed {
		return "un commentaire qui restreint les heures (« " + shorten(text, 60) + " ») : on ne sait pas lesquelles"
	}
	return ""
}

// onlyWords narrow nothing beside an appointment: "uniquement sur rendez-vous".
var onlyWords = regexp.MustCompile(`\b(uniquement|seulement|exclusivement|only|telephoniques?|(par|au|by) (telephone|phone))\b`)

// fold is text in small letters without accents, as it is looked up.
func fold(text string) string {
	var b strings.Builder
	for _, r := range norm.NFKD.String(text) {
		switch {
		case r >= 0x300 && r <= 0x36f: // an accent
		case r == '’' || r == 'ʼ':
			b.WriteByte('\'')
		case r >= 0x2010 && r <= 0x2015 || r == 0x2212: // dashes
			b.WriteByte('-')
		case r == 'œ' || r == 'Œ':
			b.WriteString("oe")
		default:
			b.WriteRune(r)
		}
	}
	return strings.ToLower(b.String())
}
