package scenario

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Version is the version of the file that this package reads and writes.
const Version = 1

// Bounds of a file: what a person plans, far below what would exhaust a machine.
const (
	MaxBytes   = 1 << 20
	MaxValues  = 20_000 // numbers, texts, lists and objects in all
	MaxActions = 200
	MaxStops   = 200 // of one tournée
	MaxPoints  = 500 // lieux and stops more than the edition has: each is searched for
	maxText    = 200 // characters of a name
)

// Scenario is a list of actions on an edition. Start from [Parse], which checks it.
type Scenario struct {
	Version int      `json:"version,omitempty"`
	Name    string   `json:"name"`
	Edition string   `json:"edition,omitempty"` // the edition it was made on (beginning of the id); empty: any
	Params  *Params  `json:"params,omitempty"`
	Actions []Action `json:"actions"`
}

// Params is the question that a scenario is seen with; nil: as the edition asks.
type Params struct {
	Service   *lieu.Service `json:"service,omitempty"`
	Mode      *geo.Mode     `json:"mode,omitempty"`
	CutoffMin *float64      `json:"cutoff_min,omitempty"`
	MinHours  *float64      `json:"min_hours_week,omitempty"`
	// Appointments is that hours by appointment count.
	Appointments *bool `json:"appointments,omitempty"`
}

// Query is a question with the params in it.
func (p *Params) Query(q coverage.Query) coverage.Query {
	if p == nil {
		return q
	}
	if p.Service != nil {
		q.Service = *p.Service
	}
	if p.Mode != nil {
		q = q.By(*p.Mode)
	}
	if p.CutoffMin != nil {
		q.Cutoff = geo.Cost(*p.CutoffMin*float64(geo.Minute) + 0.5)
	}
	if p.MinHours != nil {
		q.MinHours = *p.MinHours
	}
	if p.Appointments != nil {
		q.Appointments = *p.Appointments
	}
	return q
}

// Verb is what an action does.
type Verb string

// The verbs.
const (
	AddLieu       Verb = "add_lieu"
	CloseLieu     Verb = "close_lieu"
	MoveLieu      Verb = "move_lieu"
	SetHours      Verb = "set_hours"
	SetServices   Verb = "set_services"
	AddTournee    Verb = "add_tournee"
	SetTournee    Verb = "set_tournee"
	RemoveTournee Verb = "remove_tournee"
	AddLine       Verb = "add_line"
	ShiftTrip     Verb = "shift_trip"
)

// Action is one action. Which fields it has depends on its verb (see [Parse]).
type Action struct {
	Do       Verb        `json:"do"`
	ID       string      `json:"id,omitempty"` // of the lieu or tournée; for an addition: the one to give it
	Lon      *float64    `json:"lon,omitempty"`
	Lat      *float64    `json:"lat,omitempty"`
	Nom      string      `json:"nom,omitempty"`
	Services []string    `json:"services,omitempty"` // slugs or names of the schema; "tous": the nine
	Horaires *string     `json:"horaires,omitempty"` // opening_hours; nil or empty: unknown
	Depot    *geo.LonLat `json:"depot,omitempty"`
	Stops    []Stop      `json:"stops,omitempty"`

	// Of lines: the days on which one runs (opening_hours without hours), when it leaves its
	// first stop ("08:10"), whether it comes back; a trip and how much later it runs.
	Days       string   `json:"days,omitempty"`
	Departures []string `json:"departures,omitempty"`
	Return     bool     `json:"return,omitempty"`
	Trip       string   `json:"trip,omitempty"`
	Minutes    *int     `json:"minutes,omitempty"`

	services lieu.Services
	horaires lieu.Horaires
	hours    []lieu.Horaires // of each stop

	days       [transit.ReferenceDays]bool // of the cycle
	departures []int32                     // seconds of the day
}

// NewTournee is the action that adds a tournée. Hours of stops that cannot be read are an
// error.
func NewTournee(nom string, depot geo.LonLat, services lieu.Services, stops []Stop) (Action, error) {
	a := Action{Do: AddTournee, Nom: nom, Depot: &depot, Stops: stops, services: services}
	for _, s := range services.List() {
		a.Services = append(a.Services, s.String())
	}
	for i := range stops {
		h, err := lieu.ParseHoraires(stops[i].When)
		if err != nil {
			return a, fmt.Errorf("scenario: stop %d: %w", i+1, err)
		}
		a.hours = append(a.hours, h)
	}
	return a, nil
}

// At is the position of an action that has one.
func (a *Action) At() geo.LonLat { return geo.LonLat{Lon: *a.Lon, Lat: *a.Lat} }

// Stop is one stop of a tournée, or of a line.
type Stop struct {
	Nom     string  `json:"nom"`
	Lon     float64 `json:"lon"`
	Lat     float64 `json:"lat"`
	When    string  `json:"when,omitempty"`    // opening_hours; empty: unknown
	Commune string  `json:"commune,omitempty"` // COG code; empty: where it is
}
