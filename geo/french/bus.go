package french

import (
	"strings"

	"github.com/aisne-numerique/maillage/geo/coverage"
)

// Bus is what buses add to walking for some people, and whom they leave out.
type Bus struct {
	People, Reached, OnFoot, Without, Unknown int
	Carless                                   *int64 // thousandths of households among those without; nil: unknown
	CarlessUnknown                            int    // inhabitants without, of communes where it is unknown
	Estimate                                  bool   // the households are estimated from shares of communes
}

// ofHelp is enough hours: "au moins une demi-journée d'aide par semaine", or so many hours.
func ofHelp(hours float64) string {
	if hours == coverage.DefaultTransitMinHours {
		return "au moins une demi-journée d'aide par semaine"
	}
	if hours == 0 {
		return "un lieu d'aide"
	}
	return "au moins " + Decimal(hours) + " h d'aide par semaine"
}

// ByBus says what buses add to walking for the people of a territoire, and whom they leave out,
// for a question by transit; empty where nobody lives.
func ByBus(q coverage.Query, b *Bus) string {
	if b.People == 0 {
		return ""
	}
	text := People(b.Reached) + " (" + Share(b.Reached, b.People) + ") " + either(b.Reached, "peut", "peuvent") + " rejoindre en bus, en car ou à pied, et en revenir, " +
		ofHelp(q.MinHours) + ", à " + Decimal(q.Cutoff.Minutes()) + " min au plus par trajet"
	if more := b.Reached - b.OnFoot; more > 0 {
		text += " ; c'est " + Count(more) + " de plus qu'à pied seulement"
	} else {
		text += " ; le bus n'en ajoute aucun à la marche"
	}
	text += ". "
	if b.Without > 0 {
		text += People(b.Without) + " ne le " + either(b.Without, "peut", "peuvent") + " pas"
		var notes []string
		if b.Estimate {
			notes = append(notes, "estimation")
		}
		if b.CarlessUnknown > 0 {
			notes = append(notes, "inconnu pour "+People(b.CarlessUnknown))
		}
		switch {
		case b.Carless == nil:
			text += " ; combien de ménages y sont sans voiture est inconnu"
		case len(notes) == 0:
			text += ", dont " + households(*b.Carless)
		default:
			text += ", dont " + households(*b.Carless) + " (" + strings.Join(notes, " ; ") + ")"
		}
		text += ". "
	}
	if b.Unknown > 0 {
		text += "Pour " + People(b.Unknown) + ", cela dépend de " + Uncertain + ". "
	}
	return text[:len(text)-1]
}

// households counts those without car: "environ 1 200 ménages sans voiture".
func households(thousandths int64) string {
	return About(thousandths) + " ménages sans voiture"
}

// Often is how often something is.
type Often uint8

// The answers.
const (
	Never     Often = iota
	Sometimes       // in some weeks of the cycle, or for some
	Always          // in each week, for all
)

// HalfDays lists half-days of a week, Monday morning the first: "lundi matin, mardi (certaines
// semaines)". A day of which both are alike is named once.
func HalfDays(of [14]Often) string {
	var parts []string
	for day := range 7 {
		morning, afternoon := of[2*day], of[2*day+1]
		name := Weekday(day + 1)
		note := func(o Often) string {
			if o == Sometimes {
				return " (certaines semaines)"
			}
			return ""
		}
		switch {
		case morning == afternoon && morning != Never:
			parts = append(parts, name+note(morning))
		default:
			if morning != Never {
				parts = append(parts, name+" matin"+note(morning))
			}
			if afternoon != Never {
				parts = append(parts, name+" après-midi"+note(afternoon))
			}
		}
	}
	return strings.Join(parts, ", ")
}

// BusTo says how many get to a lieu by bus, and from how many communes; those on foot are
// apart.
func BusTo(people, communes, onFoot int) string {
	text := "Personne n'y vient en bus ou car quand c'est ouvert pour en revenir"
	if people > 0 {
		text = People(people) + " de " + Of(communes, "commune", "communes") + " " + either(people, "peut", "peuvent") + " y venir en bus ou car quand c'est ouvert, et en revenir"
	}
	if onFoot > 0 {
		text += " ; " + Count(onFoot) + either(onFoot, " autre y vient", " autres y viennent") + " à pied"
	}
	return text + "."
}
