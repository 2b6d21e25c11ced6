package french

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
)

// NoHours says why people of the class grise find no hour at all; opens: a lieu within the
// cut-off is known to be open at some hour.
func NoHours(q coverage.Query, opens bool) string {
	switch {
	case opens && q.Mode == geo.Transit:
		return "ouvert quand aucun car ne le permet"
	case q.Appointments:
		return "un lieu qui n'ouvre jamais"
	}
	return "un lieu qui n'ouvre que sur rendez-vous, ou jamais"
}

// AnyNoHours is [NoHours] of many people, whose lieux may open or not.
func AnyNoHours(q coverage.Query) string {
	if q.Mode == geo.Transit && !q.Appointments {
		return NoHours(q, true) + ", ou seulement sur rendez-vous"
	}
	return NoHours(q, true)
}

// WithoutHours counts those of the class grise who find no hour at all; empty: there are none.
func WithoutHours(q coverage.Query, people int) string {
	if people == 0 {
		return ""
	}
	return "dont " + People(people) + " : " + AnyNoHours(q)
}

// Words of a figure are other ones by timetable.

// TimeWord is what a time to a lieu is called.
func TimeWord(m geo.Mode) string {
	if m == geo.Transit {
		return "temps de l'aller, attente comprise, à pied où aucun bus ne le permet"
	}
	return "temps d'accès"
}

// HourWord is what the hours a week within the cut-off are called.
func HourWord(m geo.Mode) string {
	if m == geo.Transit {
		return "heures d'ouverture où l'on peut y être et rentrer"
	}
	return "heures d'ouverture à portée"
}

// NoPlaceTimes says why there are no times to care and to public services by a mode; empty:
// there may be.
func NoPlaceTimes(m geo.Mode) string {
	if m == geo.Transit {
		return "Les temps jusqu'aux soins et aux services publics ne se calculent pas en bus ou car : demandez-les à pied, à vélo ou en voiture."
	}
	return ""
}
