package french

import (
	"math"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Nobody is said of a place without inhabitants.
const Nobody = "Personne n'habite ici."

// within is the cut-off of a question: "à 15 min en voiture".
func within(q coverage.Query) string {
	return "à " + Decimal(q.Cutoff.Minutes()) + " min " + q.Mode.Phrase()
}

// Headline says what is known of the people of a territoire: those who have nothing within
// the cut-off (the class blanche), and those who have only what somebody must be asked about
// (the class inconnue). It claims no more than that. unnamed: no source says who offers the
// service.
func Headline(q coverage.Query, classes coverage.Tally, unnamed bool) string {
	blanche, inconnue := classes[coverage.Blanche], classes[coverage.Inconnue]
	all := blanche + inconnue + classes[coverage.Couverte] + classes[coverage.Grise]
	nothing := People(blanche) + " " + either(blanche, "n'a", "n'ont") + " rien " + within(q)
	switch {
	case all == 0:
		return Nobody
	case unnamed && blanche > 0:
		return "Inconnu : aucune source ne dit qui rend ce service ; " + nothing + ", quel que soit le service."
	case unnamed:
		return "Inconnu : aucune source ne dit qui rend ce service."
	case blanche > 0 && inconnue > 0:
		return nothing + " ; " + Count(inconnue) + " " + either(inconnue, "autre dépend", "autres dépendent") + " de " + Uncertain + "."
	case blanche > 0:
		return nothing + "."
	case inconnue > 0:
		return People(inconnue) + " " + either(inconnue, "dépend", "dépendent") + " de " + Uncertain + either(all-inconnue, "", " ; les autres ont un lieu connu "+within(q)) + "."
	}
	return "Tous ont un lieu connu " + within(q) + "."
}

// Opened cuts a headline after its first figure or word, which is shown larger.
func Opened(headline string) (first, rest string) {
	cut := strings.IndexByte(headline, ' ')
	if cut < 0 {
		return headline, ""
	}
	return headline[:cut], headline[cut+1:]
}

// Partial says which part of a territoire that crosses the border is counted; in is the
// name of the département.
func Partial(in string, here, whole int) string {
	where := "dans le territoire étudié (" + in + ")"
	if strings.ContainsRune("AEIOUYÉÈH", []rune(in + " ")[0]) {
		where = "dans l'" + in
	}
	return "partie " + where + " : " + People(here) + " sur " + Count(whole)
}

// Outlined says how many people live in a territoire that an outline draws, which is modelled:
// how many of them in cells that it cuts, what is published of it as of a year (0: nothing),
// and whether it goes on outside the territory.
func Outlined(people, cut, published int, year string, beyond bool) string {
	text := "population estimée : " + Count(people)
	if cut > 0 {
		text += ", dont " + Count(cut) + " dans des mailles coupées par le contour"
	}
	if published > 0 {
		text += " ; publiée : " + Count(published)
		if year != "" {
			text += " (" + year + ")"
		}
	}
	text += " ; c'est un modèle, pas un recensement"
	if beyond {
		text += " ; le contour sort du territoire étudié, et personne n'est compté au-delà"
	}
	return text
}

// Uncertain is what the people of the class inconnue depend on.
const Uncertain = "lieux dont on ne sait pas s'ils aident, ou quand"

// either chooses by number; French has one of 0.
func either(n int, one, many string) string {
	if n < 2 {
		return one
	}
	return many
}

// ToAsk says whom to ask, and whom it matters to: "une médiathèque à interroger : 1 729
// habitants". A nil lieu is a tournée without one.
func ToAsk(lieux []*lieu.Lieu, people int) string {
	if len(lieux) == 0 {
		return People(people)
	}
	return Kinds(lieux) + " à interroger : " + People(people)
}

// Meaning says what a class means, for a question: the words of [legend.Classes].
func Meaning(c coverage.Class, q coverage.Query) string {
	if text := legend.MeaningOf(c, q.Mode); text != "" {
		return strings.NewReplacer(legend.Cutoff, Decimal(q.Cutoff.Minutes())+" min", legend.MinHours, Decimal(q.MinHours)+" h").Replace(text)
	}
	return "personne n'habite là"
}

// ToCheck says how many people what is unknown could make couverts; empty: nobody.
func ToCheck(people int) string {
	if people == 0 {
		return ""
	}
	return "jusqu'à " + People(people) + " de plus seraient couverts si l'on savait"
}

// Place is what is told of a cell.
type Place struct {
	Class   coverage.Class // of most people
	People  int
	Hours   float64 // a week within the cut-off; NaN: unknown
	ToCheck int     // people whom what is unknown could make couverts
	Ask     []*lieu.Lieu
	Unnamed bool // no source says who offers the service
	Opens   bool // a lieu within the cut-off is known to be open at some hour, whoever gets there then
}

// Here says what is known of a place, and what to ask; nil among Ask is a tournée without
// a lieu.
func Here(q coverage.Query, p Place) string {
	if p.People == 0 {
		return Nobody
	}
	ask := ""
	if len(p.Ask) > 0 {
		ask = " ; à interroger : " + Kinds(p.Ask)
	}
	switch {
	case p.Class == coverage.Blanche:
		return "Rien " + within(q) + ", pour la plupart des habitants" + ask + "."
	case p.Unnamed:
		return "Inconnu : aucune source ne dit qui rend ce service."
	case p.Class == coverage.Inconnue:
		return legend.LabelOf(p.Class) + " : rien de connu " + within(q) + ask + "."
	case p.Class == coverage.Grise && p.Hours == 0:
		return strings.TrimSuffix(Sentence(NoHours(q, p.Opens)), ".") + " ; il faut " + Decimal(q.MinHours) + " h par semaine" + ask + "."
	case p.Class == coverage.Grise && !math.IsNaN(p.Hours):
		text := "Ouvert " + Decimal(p.Hours) + " h par semaine " + within(q) + " ; il en faut " + Decimal(q.MinHours)
		if q.Mode == geo.Transit {
			text = Decimal(p.Hours) + " h par semaine où l'on peut y être et rentrer, " + within(q) + " ; il en faut " + Decimal(q.MinHours)
		}
		if p.ToCheck > 0 {
			text += ", peut-être atteintes si l'on savait" + ask
		}
		return text + "."
	case p.ToCheck > 0:
		return "Couvert pour la plupart des habitants" + ask + "."
	}
	return Sentence(Meaning(p.Class, q))
}
