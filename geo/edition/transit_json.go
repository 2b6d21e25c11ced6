package edition

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TransitJSON says what timetables an edition counts with, and what it leaves out.
type TransitJSON struct {
	From          string   `json:"from"` // the reference weeks, first and last day
	To            string   `json:"to"`
	HolidaysKnown bool     `json:"holidays_known"` // whether the calendar of the schools tells of these dates
	Trips         int      `json:"trips"`          // that run on these days
	StayMin       float64  `json:"stay_min"`
	AwayMin       float64  `json:"away_min"`
	WalkMin       float64  `json:"walk_min"`
	OnRequest     bool     `json:"on_request"` // whether these count
	School        bool     `json:"school"`
	Wheelchair    bool     `json:"wheelchair"` // whether only what is known to take wheelchairs does
	Left          LeftJSON `json:"left"`
	// Of the lines that run on these days, how many never run in holidays; absent: not known.
	Idle  *int `json:"lines_idle_in_holidays,omitempty"`
	Lines *int `json:"lines,omitempty"`
	// Zones of transport on demand: a state apart, whatever OnRequest says.
	Zones int `json:"zones_on_demand"`
	// The same as French sentences.
	Sentences []string `json:"sentences"`
}

// LeftJSON counts what no journey uses.
type LeftJSON struct {
	Far        int `json:"trips_far"`        // trips that call nowhere near the territory
	School     int `json:"trips_school"`     // trips of school lines
	OnRequest  int `json:"calls_on_request"` // calls at which one boards or alights on request alone
	OffStreets int `json:"stops_off_streets"`
	Beyond     int `json:"stops_beyond"`         // stops of what calls near the territory that are far away
	Branches   int `json:"trips_branching"`      // trips that continue as another, which follows one already
	Rules      int `json:"transfers_of_no_stop"` // rules of transfers that name no stop
	// Where only what takes wheelchairs counts: the trips and stops that do not, or do not say.
	Wheelchair int `json:"trips_without_wheelchairs"`
	Steps      int `json:"stops_without_wheelchairs"`
}

// TransitJSON tells of the timetables of an edition that has some.
func (e *Edition) TransitJSON() *TransitJSON {
	t, p := e.Timetables, e.Params.Transit
	minutes := func(seconds int32) float64 { return float64(seconds) / 60 }
	from, to := t.Weeks.From, t.Weeks.From+transit.ReferenceDays-1
	j := &TransitJSON{From: from.String(), To: to.String(), HolidaysKnown: t.Weeks.HolidaysKnown, Trips: t.Weeks.Trips,
		StayMin: minutes(p.Stay), AwayMin: minutes(p.Away), WalkMin: p.Walk.Minutes(), OnRequest: p.OnRequest, School: p.School, Wheelchair: p.Wheelchair,
		Left: LeftJSON{t.Far, t.Left.School, t.Left.OnRequest, t.Left.OffStreets, t.Beyond, t.Left.Branches, t.Left.Rules, t.Left.Wheelchair, t.Left.Steps}}
	tell := func(format string, args ...any) { j.Sentences = append(j.Sentences, fmt.Sprintf(format, args...)) }
	tell("horaires de transport %s (semaines de référence), %s", french.Dates(from.Date(), to.Date()), french.Of(t.Weeks.Trips, "course", "courses")+" en quatre semaines")
	if !t.Weeks.HolidaysKnown {
		tell("le calendrier des vacances scolaires de ces dates n'est pas connu : elles en sont peut-être")
	}
	if t.Lines > 0 {
		idle, lines := t.Idle, t.Lines
		j.Idle, j.Lines = &idle, &lines
		switch {
		case idle == 1:
			tell("pendant les vacances, 1 ligne sur %d ne circule pas", lines)
		case idle > 0:
			tell("pendant les vacances, %d lignes sur %d ne circulent pas", idle, lines)
		case lines == 1:
			tell("la seule ligne circule aussi pendant des vacances")
		default:
			tell("les %d lignes circulent aussi pendant des vacances", lines)
		}
	}
	tell("marches d'au plus %g min, %g min sur place au moins, %g h hors de chez soi au plus", j.WalkMin, j.StayMin, j.AwayMin/60)
	if p.Wheelchair {
		tell("ne comptent que les arrêts et les courses dits accessibles en fauteuil roulant ; les rues ne sont pas examinées")
	}
	for _, left := range []struct {
		count     int
		one, many string
		why       string
	}{
		{j.Left.Far, "course", "courses", fmt.Sprintf("sans arrêt à moins de %d km du territoire", RoadMargin/1000)},
		{j.Left.School, "course", "courses", "de lignes scolaires (comptées avec --school)"},
		{j.Left.OnRequest, "passage", "passages", "sur demande (comptés avec --on-request)"},
		{j.Left.OffStreets, "arrêt", "arrêts", "loin de toute rue où l'on marche"},
		{j.Left.Beyond, "arrêt", "arrêts", fmt.Sprintf("à plus de %d km du territoire, où les rues ne sont pas gardées", RoadMargin/1000)},
		{j.Left.Branches, "course", "courses", "à la suite d'une autre dans le même véhicule, qu'une seule peut suivre"},
		{j.Left.Rules, "règle", "règles", "de correspondance sans arrêt nommé"},
		{j.Left.Wheelchair, "course", "courses", "sans accès connu en fauteuil roulant"},
		{j.Left.Steps, "arrêt", "arrêts", "sans accès connu en fauteuil roulant"},
	} {
		if left.count > 0 {
			tell("sans effet : %s %s", french.Of(left.count, left.one, left.many), left.why)
		}
	}
	if j.Zones = t.countZones(); j.Zones > 0 {
		tell("à part, sans effet sur les classes (même avec --on-request) : %s de transport à la demande, sur réservation", french.Of(j.Zones, "zone", "zones"))
	}
	return j
}
