package lieux

import (
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
)

// What is kept of contacts: the telephone of a place, never that of a person; the mail
// of a function, never that of a person. A mobile number (06, 07 and their codes
// overseas) is taken for a person's. A mail is a function's when its local part begins
// with a word of [functions] and holds nothing but such words, words of the name or the
// commune of the lieu, small words and figures: "mairie.laon@", "ccas02@",
// "mediatheque-jean-mace@" at the médiathèque Jean-Macé, but not "accueil.durand@". The
// others are counted. In free text all are struck out.

var functions = wordSet(`accueil administration agence antenne ape asso association bibliobus bibliotheque bib bij bureau
	campus ccas cdad centre centresocial cias cidff commune communaute communication contact coordination csc culture cyberbase
	cybercentre cyberespace epn espace espacenumerique evs fablab fabrique formation foyer foyerrural franceservice franceservices fs
	guichet hello bonjour inclusion info information informatique infos inscription jeunesse ludotheque mairie maison maisonfranceservices
	mediation mediatheque mfs missionlocale mjc msap multimedia numerique pad permanence pij pimms point pointnumerique
	pole public rdv reservation reseau secretariat service services social solidarite standard tierslieu tierslieux
	ville vie`)

var smallWords = wordSet(`a au aux d de des du en et l la le les lieu sur sous saint sainte st ste fr com cc cdc cte agglo net web`)

func wordSet(list string) map[string]bool {
	set := map[string]bool{}
	for _, w := range strings.Fields(list) {
		set[w] = true
	}
	return set
}

const maxLocal = 64 // characters before the at sign (RFC 5321)

// functional tells the mail of a function, of the lieu that has these names.
func functional(address string, names ...string) bool {
	local, _, ok := strings.Cut(address, "@")
	slug := source.Slug(local)
	if !ok || len(local) > maxLocal {
		return false
	}
	own := map[string]bool{}
	for _, n := range names {
		own[squeeze(n)] = true
		for _, w := range strings.Split(source.Slug(n), "-") {
			own[w] = true
		}
	}
	// "france-services@" is two words, and one.
	return ofFunction(strings.Split(slug, "-"), own) || ofFunction([]string{strings.ReplaceAll(slug, "-", "")}, own)
}

func ofFunction(words []string, own map[string]bool) bool {
	return beginsFunction(words[0]) && !slices.ContainsFunc(words, func(w string) bool { return !explained(w, own) })
}

func known(w string, own map[string]bool) bool {
	return functions[w] || smallWords[w] || own[w] || strings.Trim(w, "0123456789") == ""
}

func beginsFunction(w string) bool {
	for n := len(w); n >= 2; n-- {
		if functions[w[:n]] {
			return true
		}
	}
	return false
}

// explained reports whether w is a known word, or known words written as one:
// "mairielaon", "franceservices02". The first must be of four letters at least, or be
// followed by figures.
func explained(w string, own map[string]bool) bool {
	if known(w, own) {
		return true
	}
	for n := len(w) - 1; n >= 2; n-- {
		rest := w[n:]
		if figures := strings.Trim(rest, "0123456789") == ""; !figures && n < 4 {
			break
		}
		if (functions[w[:n]] || own[w[:n]]) && explained(rest, own) {
			return true
		}
	}
	return false
}

var (
	mail          = regexp.MustCompile(`[\pL\pN._%+-]+(@| ?[\[(] ?(?i:at|arobase|chez) ?[\])] ?)[\pL\pN-]+(\.[\pL\pN-]+)*\.\pL{2,}`)
	phone         = regexp.MustCompile(`((\+|\b00)\d{2,3}|\b0)[ .]?(\(0\)[ .]?)?[1-9]([ .\x{00a0}\x{202f}-]?\d{2}){4}\b`)
	titled        = regexp.MustCompile(`\b(M\.|Mme\.?|Mlle\.?|Mr\.?|Monsieur|Madame|Mademoiselle) (\p{Lu}[\pL'’.-]*[ ]?)+`)
	betweenPhones = regexp.MustCompile(`(?i)[|;,]| ou | et | / `)
)

// withoutContacts strikes mails and phones out of a text. "Médi@line" is a name.
func withoutContacts(s string) string {
	const shortest = len("0323000000")
	if len(s) < shortest || !strings.ContainsAny(s, "@+0[(") {
		return s
	}
	return phone.ReplaceAllString(mail.ReplaceAllString(s, "[courriel retiré]"), "[téléphone retiré]")
}

// withoutPersons is free text without contacts, and without the names that follow a
// civility.
func withoutPersons(s string) string {
	return strings.TrimSpace(titled.ReplaceAllString(withoutContacts(s), "[nom retiré] "))
}

// callingCodes are those of France, and what a number begins with inside it.
var callingCodes = []string{"33", "262", "508", "590", "594", "596", "681", "687", "689"}

// phoneNumber reads one number: its digits as they are dialled in France, in pairs
// ("03 23 00 00 00"), those of four digits as they are. mobile: it is one of a person.
func phoneNumber(text string) (number string, mobile, ok bool) {
	text = strings.ReplaceAll(text, "(0)", "")
	international := strings.HasPrefix(strings.TrimSpace(text), "+")
	digits := strings.Map(func(r rune) rune {
		switch {
		case r >= '0' && r <= '9':
			return r
		case strings.ContainsRune(" .-/()+\u00a0\u202f\u2011", r):
			return -1
		}
		return '?'
	}, text)
	if strings.Contains(digits, "?") {
		return "", false, false
	}
	if rest, ok := strings.CutPrefix(digits, "00"); ok {
		digits, international = rest, true
	}
	if international || len(digits) == 11 {
		for _, code := range callingCodes {
			if rest, ok := strings.CutPrefix(digits, code); ok {
				digits = rest
				if rest = strings.TrimPrefix(rest, "0"); len(rest) == 9 {
					digits = "0" + rest
				}
				break
			}
		}
	}
	switch {
	case len(digits) == 9 && digits[0] != '0': // a spreadsheet took its zero away
		digits = "0" + digits
	case len(digits) == 4 && (digits[0] == '3' || digits[0] == '1'), len(digits) == 6 && digits[0] != '0': // 3646; New Caledonia
		return digits, false, true
	}
	if len(digits) != 10 || digits[0] != '0' || digits[1] == '0' {
		return "", false, false
	}
	pairs := make([]string, 5)
	for i := range pairs {
		pairs[i] = digits[2*i : 2*i+2]
	}
	return strings.Join(pairs, " "), digits[1] == '6' || digits[1] == '7', true
}

// readPhones keeps the telephones of the place.
func (r *lieuxReader) readPhones(c lieuRecord, text string) string {
	const field = "telephone"
	var kept []string
	for _, t := range betweenPhones.Split(text, -1) {
		if t = strings.TrimSpace(t); t == "" {
			continue
		}
		numbers := []string{t}
		if parts := strings.Split(t, "/"); len(parts) == 2 && len(parts[0]) >= 10 { // 0323000000/0612000000
			numbers = parts
		}
		for _, n := range numbers {
			switch number, mobile, ok := phoneNumber(n); {
			case mobile:
				r.note(c.file, field, "numéros de mobile (06, 07) laissés de côté, comme ceux d'une personne")
			case !ok:
				r.note(c.file, field, "numéros de téléphone non compris, laissés de côté")
			default:
				kept = append(kept, number)
			}
		}
	}
	return r.bound(c, field, joined(kept...), maxList)
}

// readMails keeps the mails of a function.
func (r *lieuxReader) readMails(c lieuRecord, text, nom, commune string) string {
	const field = "courriels"
	var kept []string
	for _, m := range strings.FieldsFunc(text, func(r rune) bool { return strings.ContainsRune("|;, []{}\"'<>", r) }) {
		m = strings.TrimPrefix(m, "mailto:")
		switch {
		case !strings.Contains(m, "@"):
			continue
		case mail.FindString(m) == m && functional(m, nom, commune):
			kept = append(kept, strings.ToLower(m))
		default:
			r.note(c.file, field, "adresses de courriel qui ne sont pas celles d'un service (accueil@, contact@, mairie@…) laissées de côté")
		}
	}
	return r.bound(c, field, joined(kept...), maxList)
}
