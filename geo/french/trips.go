package french

import (
	"strconv"
	"strings"
)

// at writes seconds of a day as an hour that no line breaks; a minute that has begun is left out.
func at(seconds int32) string { return strings.ReplaceAll(Clock(int(seconds)/60), " ", "\u00a0") }

// Ride is what one rides. Times are seconds of the day.
type Ride struct {
	Line             string // its short name; empty: it has none
	From, To         string // names of stops
	Depart, Arrive   int32
	Every            int32 // seconds between two vehicles, where times are not exact; 0: they are
	Modelled, School bool
}

// Way is a journey out or back.
type Way struct {
	Leave, Arrive int32
	Walks         []int32 // seconds: to the first ride, from each to the next, from the last
	Rides         []Ride
}

// Weekday is a day of the week, from 1, Monday.
func Weekday(day int) string { return weekdays[day-1] }

// InWeeks says in which weeks of the cycle of four: "toutes les semaines", "semaines 1 et 3".
func InWeeks(weeks []int) string {
	if len(weeks) == 4 {
		return "toutes les semaines"
	}
	parts := make([]string, len(weeks))
	for i, w := range weeks {
		parts[i] = strconv.Itoa(w)
	}
	return either(len(weeks), "semaine ", "semaines ") + Listed(parts) + " sur 4"
}

// onFoot is a walk, in minutes that have begun; empty: there is none.
func onFoot(seconds int32) string {
	if seconds == 0 {
		return ""
	}
	return Count(int(seconds+59)/60) + " min à pied"
}

// line is what a ride is called: "ligne 4".
func (r *Ride) line() string {
	text := "ligne " + r.Line
	if r.Line == "" {
		text = "un car"
	}
	if r.Modelled {
		text += " (modélisée)"
	}
	return text
}

// Told says a way: "4 min à pied, ligne 4, départ 13 h 22 (Église), arrivée 13 h 51 (Gare),
// 6 min à pied".
func (w *Way) Told() string {
	var parts []byte
	add := func(text string) {
		if text == "" {
			return
		}
		if len(parts) > 0 {
			parts = append(parts, ", "...)
		}
		parts = append(parts, text...)
	}
	for i := range w.Rides {
		r := &w.Rides[i]
		add(onFoot(w.Walks[i]))
		about := ""
		text := r.line()
		if i > 0 {
			text = "puis " + text
		}
		if r.Every > 0 {
			about = "vers "
			text += " toutes les " + Count(int(r.Every+30)/60) + " min environ"
		}
		add(text)
		add("départ " + about + at(r.Depart) + " (" + r.From + ")")
		add("arrivée " + about + at(r.Arrive) + " (" + r.To + ")")
	}
	add(onFoot(w.Walks[len(w.Rides)]))
	return string(parts)
}

// Trip says a day at a place: "Mercredi : …, aide comptée de 14 h à 16 h 30 ; retour : …, chez
// soi à 17 h 15."
func Trip(weekday int, weeks []int, out, back *Way, from, until int32) string {
	day := Weekday(weekday)
	if len(weeks) < 4 {
		day += " (" + InWeeks(weeks) + ")"
	}
	return Sentence(day + " : " + out.Told() + " ; aide comptée de " + at(from) + " à " + at(until) + " ; retour : " + back.Told() + ", chez soi à " + at(back.Arrive))
}

// TripsFrom says whose trips are told of a cell: those of its most inhabited part.
func TripsFrom(commune string, people, of int) string {
	if people == of {
		return Sentence("trajets depuis " + commune + ", " + People(people))
	}
	return Sentence("trajets depuis la partie la plus peuplée de la maille, à " + commune + " : " + People(people) + " sur " + Count(of))
}

// NoTrips is what is known where nobody gets to a place by bus when it is open, and back.
type NoTrips struct {
	Cutoff, Walk float64 // minutes: of a journey; of each walk to a stop
	Stop         string  // the nearest that one walks to; empty: none is near enough
	// Shut is a lieu that one would get to were it open at other times; empty: none. Never:
	// it has no hours but by appointment.
	Shut  string
	Never bool
}

// Told says why: what was computed, and no more.
func (n NoTrips) Told() string {
	within := Decimal(n.Cutoff) + " min"
	switch {
	case n.Never:
		return "« " + n.Shut + " » est assez près, mais n'ouvre que sur rendez-vous."
	case n.Shut != "":
		return "Aucun car ne permet d'être à « " + n.Shut + " » quand c'est ouvert et d'en revenir, en " + within + " au plus à chaque fois ; à d'autres heures d'ouverture, ce serait possible."
	case n.Stop == "":
		return "Aucun arrêt n'est à " + Decimal(n.Walk) + " min à pied ou moins."
	}
	return "Aucun car ne mène en " + within + " ou moins, marche comprise, à un lieu dont les heures sont connues, pour en revenir le jour même en aussi peu de temps."
}
