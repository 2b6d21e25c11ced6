package lieu

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"
)

// kind is what sort of institution a lieu is, told from its source, typology and
// name. Lieux of different kinds are never one: a library and a France Services
// in the same building are two lieux.
type kind uint8

const (
	otherKind kind = iota
	franceServices
	library
	townHall
)

func (k kind) String() string {
	return [...]string{"même type", "deux France Services", "deux bibliothèques", "deux mairies"}[k]
}

// kindOf tells the kind of l; words are those of its name.
func kindOf(l *Lieu, words []string) kind {
	typologies := strings.FieldsFunc(l.Typologie, func(r rune) bool { return r == '|' || r == ';' || r == ' ' })
	name := " " + strings.Join(words, " ") + " "
	has := func(list ...string) bool {
		return slices.ContainsFunc(list, func(w string) bool { return strings.Contains(name, " "+w+" ") })
	}
	switch {
	case l.Source == "france-services", slices.Contains(typologies, "RFS"),
		has("france services", "france service", "maison de services au public", "msap"):
		return franceServices
	case slices.Contains(typologies, "BIB"), has("bibliotheque", "mediatheque", "ludotheque", "bdp"):
		return library
	case slices.Contains(typologies, "MUNI"), has("mairie", "hotel de ville"),
		len(words) > 1 && (words[0] == "commune" || words[0] == "ville"):
		return townHall
	}
	return otherKind
}

// features are what two lieux are compared by, worked out once for each.
type features struct {
	kind    kind
	words   []string // of the name, generic ones included
	name    []string // the words that tell a lieu from the others of its commune, sorted, each once
	street  []string // the same of the address
	number  string   // of the house; "" unknown
	address bool     // false: the address says nothing
}

func featuresOf(l *Lieu) features {
	words := Words(l.Nom)
	commune := Words(l.CommuneNom)
	f := features{words: distinct(words, emptyWords), kind: kindOf(l, words)}
	f.name = distinct(words, emptyWords, genericWords, commune)
	street := Words(l.Adresse)
	for i, w := range street {
		if long, ok := streetWords[w]; ok {
			street[i] = long
		}
	}
	if len(street) > 0 && isNumber(street[0]) {
		if f.number = strings.TrimLeft(street[0], "0"); f.number != "" && len(street) > 1 && slices.Contains(repeats, street[1]) {
			f.number += street[1]
			street = street[1:]
		}
		street = street[1:]
	}
	f.street = distinct(street, emptyWords, wayWords, commune, []string{"nc", "cedex"})
	// A house number alone, or "NC NC NC", says nothing. A way without a name of its
	// own ("2 Grande Rue") does.
	f.address = len(f.street) > 0 || f.number != "" && slices.ContainsFunc(street, func(w string) bool { return slices.Contains(wayWords, w) })
	return f
}

func isNumber(w string) bool { return strings.Trim(w, "0123456789") == "" }

var (
	repeats = []string{"bis", "ter", "quater"}

	// emptyWords carry no meaning in a name or an address.
	emptyWords = strings.Fields("a au aux d de des du en et l la le les s sur sous un une")

	// genericWords are in the names of many lieux of one kind, or name their
	// operator, their commune or their status rather than the place.
	genericWords = strings.Fields(`france service services maison public publics msap espace espaces numerique numeriques
		mairie commune communes ville municipal municipale municipaux hotel communaute agglomeration region departement
		departemental departementale pays cc ca cu intercommunal intercommunale bibliotheque mediatheque ludotheque
		antenne antennes site sites multisite multisites fixe fixes itinerant itinerante bus conseiller conseillers lieu accueil centre`)

	// wayWords are the kinds of ways.
	wayWords = strings.Fields("rue avenue boulevard place chemin route impasse allee allees quai cours square passage grande grand sentier voie")

	// streetWords are the usual abbreviations of the address base, written out.
	streetWords = map[string]string{"r": "rue", "av": "avenue", "ave": "avenue", "bd": "boulevard", "bld": "boulevard", "bvd": "boulevard",
		"pl": "place", "che": "chemin", "ch": "chemin", "rte": "route", "imp": "impasse", "all": "allee", "crs": "cours", "sq": "square",
		"st": "saint", "ste": "sainte", "gal": "general", "dr": "docteur", "pdt": "president", "mal": "marechal", "fg": "faubourg"}
)

// distinct is the set of words that are in none of the stop lists, sorted.
func distinct(words []string, stop ...[]string) []string {
	var set []string
	for _, w := range words {
		if !slices.ContainsFunc(stop, func(list []string) bool { return slices.Contains(list, w) }) {
			set = append(set, w)
		}
	}
	slices.Sort(set)
	return slices.Compact(set)
}

var folds = strings.NewReplacer("œ", "oe", "æ", "ae", "ß", "ss")

// SameWords reports whether two texts are the same words, whatever their accents, capitals
// and punctuation.
func SameWords(a, b string) bool { return slices.Equal(Words(a), Words(b)) }

// Words cuts a text into words of letters and digits, without accents and
// capitals.
func Words(s string) []string {
	var b strings.Builder
	ascii := true
	for i := range len(s) {
		ascii = ascii && s[i] < 0x80
	}
	if s = strings.ToLower(s); !ascii {
		s = norm.NFD.String(folds.Replace(s))
	}
	for _, r := range s {
		switch {
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case !unicode.Is(unicode.Mn, r):
			b.WriteByte(' ')
		}
	}
	return strings.Fields(b.String())
}

// nameSimilarity compares names, 0 to 1. Where only generic words are left, they
// name the one institution of its kind in the commune: two of a kind then agree,
// and lieux of no kind are compared by all their words. When one name says more
// than the other, nothing is certain: ½.
func nameSimilarity(a, b *features) float64 {
	switch {
	case len(a.name) > 0 && len(b.name) > 0:
		return wordsSimilarity(a.name, b.name)
	case a.kind == otherKind:
		return wordsSimilarity(a.words, b.words)
	case len(a.name) == 0 && len(b.name) == 0:
		return 1
	}
	return 0.5
}

// addressSimilarity compares addresses, 0 to 1; ½ when one says nothing. Two
// different house numbers halve it.
func addressSimilarity(a, b *features) float64 {
	if !a.address || !b.address {
		return 0.5
	}
	s := 1.0
	if len(a.street)+len(b.street) > 0 {
		s = wordsSimilarity(a.street, b.street)
	}
	if a.number != "" && b.number != "" && a.number != b.number {
		s /= 2
	}
	return s
}

// sameWord is the Jaro-Winkler similarity from which two words are one with a
// slip of the pen.
const sameWord = 0.9

// wordsSimilarity is the Dice coefficient of two sets of words, in which words
// count by their likeness (Jaro-Winkler, from sameWord on). Two empty sets are
// not alike.
func wordsSimilarity(a, b []string) float64 {
	if len(a)+len(b) == 0 {
		return 0
	}
	if slices.Equal(a, b) {
		return 1
	}
	// Each side is summed on its own, so that the order of a and b changes nothing.
	return (covered(a, b) + covered(b, a)) / float64(len(a)+len(b))
}

// covered is how much of a is in b, in words.
func covered(a, b []string) float64 {
	sum := 0.0
	for _, w := range a {
		best := 0.0
		for _, v := range b {
			best = max(best, jaroWinkler(w, v))
		}
		if best >= sameWord {
			sum += best
		}
	}
	return sum
}

// jaroWinkler is the Jaro-Winkler similarity of two words, 0 to 1, with the usual
// prefix of at most four letters weighted 0.1 (W. E. Winkler, "String Comparator
// Metrics", 1990). Numbers and words of up to three letters are alike only when equal:
// one letter is there a different word. Letters are ASCII after folding; others
// count by byte.
func jaroWinkler(a, b string) float64 {
	if a == b {
		return 1
	}
	if len(a) <= 3 || len(b) <= 3 || isNumber(a) || isNumber(b) {
		return 0
	}
	const most = 64 // letters compared; names have no longer words
	a, b = a[:min(len(a), most)], b[:min(len(b), most)]
	window := max(len(a), len(b))/2 - 1
	var inA, inB [most]bool
	matches := 0
	for i := range len(a) {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if !inB[j] && a[i] == b[j] {
				inA[i], inB[j] = true, true
				matches++
				break
			}
		}
	}
	if matches == 0 {
		return 0
	}
	swaps, j := 0, 0
	for i := range len(a) {
		if !inA[i] {
			continue
		}
		for !inB[j] {
			j++
		}
		if a[i] != b[j] {
			swaps++
		}
		j++
	}
	m := float64(matches)
	jaro := (m/float64(len(a)) + m/float64(len(b)) + (m-float64(swaps/2))/m) / 3
	prefix := 0
	for prefix < min(4, len(a), len(b)) && a[prefix] == b[prefix] {
		prefix++
	}
	return jaro + 0.1*float64(prefix)*(1-jaro)
}
