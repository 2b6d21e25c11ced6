package french

import (
	"strconv"
	"strings"
)

// ByReservation says how many people without an hour by timetable could have some by transport
// on demand, and of how many that is unknown.
func ByReservation(people, unknown int) string {
	var said []string
	if people > 0 {
		said = append(said, Of(people, "habitant sans aucune heure à portée en bus ou car en aurait", "habitants sans aucune heure à portée en bus ou car en auraient")+" sur réservation")
	}
	if unknown > 0 {
		said = append(said, Of(unknown, "autre en aurait peut-être", "autres en auraient peut-être")+" : les heures de leur zone ou d'un de ses lieux sont inconnues")
	}
	if said == nil {
		return "personne de plus n'aurait d'heures sur réservation"
	}
	return strings.Join(said, " ; ") + " ; à part : ils ne comptent dans aucune classe"
}

// Notice says how long before a ride it is asked for, in minutes; negative: unknown.
func Notice(minutes int32) string {
	const hour, day = 60, 24 * 60
	switch {
	case minutes < 0:
		return "préavis inconnu"
	case minutes == 0:
		return "sans préavis"
	case minutes%day == 0:
		return "à réserver " + Of(int(minutes/day), "jour", "jours") + " avant"
	case minutes%hour == 0:
		return "à réserver " + strconv.Itoa(int(minutes/hour)) + " h avant"
	}
	return "à réserver " + strconv.Itoa(int(minutes)) + " min avant"
}
