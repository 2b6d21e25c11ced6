package french

import (
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
)

// kind is what a lieu is called: its gender is that of its article.
type kind struct{ one, many string }

// The words of the typologies of the national schema that lieux of mediation have, in the
// order in which they are said of a lieu of several: what people know it as comes first.
// Those that are not here are "un lieu".
var typologies = []struct {
	code string
	kind
}{
	{"BIB", kind{"une médiathèque", "médiathèques"}},
	{"RFS", kind{"une maison France Services", "maisons France Services"}},
	{"MUNI", kind{"une mairie", "mairies"}},
	{"CCAS", kind{"un CCAS", "CCAS"}},
	{"CIAS", kind{"un CIAS", "CIAS"}},
	{"CS", kind{"un centre social", "centres sociaux"}},
	{"TIERS_LIEUX", kind{"un tiers-lieu", "tiers-lieux"}},
	{"CDC", kind{"une communauté de communes", "communautés de communes"}},
	{"EPCI", kind{"une intercommunalité", "intercommunalités"}},
	{"CD", kind{"un conseil départemental", "conseils départementaux"}},
	{"DEPT", kind{"un service du département", "services du département"}},
	{"ML", kind{"une mission locale", "missions locales"}},
	{"PE", kind{"une agence France Travail", "agences France Travail"}},
	{"CAF", kind{"une caisse d'allocations familiales", "caisses d'allocations familiales"}},
	{"MSA", kind{"une agence de la MSA", "agences de la MSA"}},
	{"PREF", kind{"une préfecture", "préfectures"}},
	{"OF", kind{"un organisme de formation", "organismes de formation"}},
	{"ASSO", kind{"une association", "associations"}},
}

var (
	bus   = kind{"un service itinérant", "services itinérants"}
	tour  = kind{"une tournée", "tournées"}
	other = kind{"un lieu", "lieux"}
)

// kindOf tells what a lieu is called: by its typology, else by its name, else a lieu.
func kindOf(l *lieu.Lieu) kind {
	if l.Itinerant {
		return bus
	}
	codes := strings.Split(l.Typologie, "|")
	for _, row := range typologies {
		if slices.Contains(codes, row.code) {
			return row.kind
		}
	}
	name := strings.ToLower(l.Nom)
	for _, row := range []struct{ word, code string }{{"médiathèque", "BIB"}, {"mediathèque", "BIB"}, {"bibliothèque", "BIB"}, {"bibliotheque", "BIB"},
		{"france services", "RFS"}, {"mairie", "MUNI"}, {"ccas", "CCAS"}, {"centre social", "CS"}} {
		if strings.HasPrefix(name, row.word) {
			for _, t := range typologies {
				if t.code == row.code {
					return t.kind
				}
			}
		}
	}
	return other
}

// Typology is what lieux of the typology of l are called, without article: "médiathèque".
// Empty: the source does not say what it is.
func Typology(l *lieu.Lieu) string {
	k := kindOf(l)
	if k == other {
		return ""
	}
	_, word, _ := strings.Cut(k.one, " ")
	return word
}

// numbers up to ten are written in letters, but for one, which has a gender.
var numbers = [...]string{"", "", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix"}

// Kinds says lieux by what they are, those of most first: "deux médiathèques et une
// mairie". A nil lieu is a tournée without one.
func Kinds(lieux []*lieu.Lieu) string {
	var order []kind
	count := map[kind]int{}
	for _, l := range lieux {
		k := tour
		if l != nil {
			k = kindOf(l)
		}
		if count[k] == 0 {
			order = append(order, k)
		}
		count[k]++
	}
	slices.SortStableFunc(order, func(a, b kind) int { return count[b] - count[a] })
	parts := make([]string, len(order))
	for i, k := range order {
		switch n := count[k]; {
		case n == 1:
			parts[i] = k.one
		case n < len(numbers):
			parts[i] = numbers[n] + " " + k.many
		default:
			parts[i] = Count(n) + " " + k.many
		}
	}
	return Listed(parts)
}

// Offer counts the lieux of a territoire (see figures.LieuxCount), with the words that say
// what is counted.
func Offer(public, points, certain, maybe int) string {
	text := Of(public, "lieu", "lieux") + " où aller ou peut-être (" + Of(points, "point d'accueil", "points d'accueil") + ", chaque arrêt d'une tournée compris) ; " +
		Count(certain) + either(certain, " rend", " rendent") + " ce service, c'est su"
	if maybe > 0 {
		text += " ; " + Count(maybe) + either(maybe, " autre le rend", " autres le rendent") + " peut-être"
	}
	return text + "."
}
