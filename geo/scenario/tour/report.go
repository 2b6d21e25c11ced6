package tour

import (
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

// Report is a proposed tournée as commands and HTTP give it.
type Report struct {
	Edition   string            `json:"edition"`
	Params    edition.QueryJSON `json:"params"`
	Modelled  []string          `json:"modelled"`
	Objective siting.Objective  `json:"objective"`
	Unit      string            `json:"unit"`
	// UnknownPeople are left out: see [siting.Objective.Left].
	UnknownPeople int        `json:"unknown_ifn_people,omitempty"`
	MonthHours    float64    `json:"month_hours"` // in the 4-week cycle
	Candidates    int        `json:"candidates"`
	Stops         []StopJSON `json:"stops"`
	// People, or fragile people, who have the hours.
	Before     float64               `json:"served_before"`
	After      float64               `json:"served_after"`
	UpperBound float64               `json:"upper_bound"`
	GapPct     float64               `json:"gap_pct"`
	Routes     int                   `json:"routes"`
	Dropped    int                   `json:"dropped"`
	Check      *scenario.Feasibility `json:"feasibility,omitempty"`
	Scenario   *scenario.Scenario    `json:"scenario"`
	MS         float64               `json:"ms"`
}

// StopJSON is one stop.
type StopJSON struct {
	Rank       int     `json:"rank"`
	Nom        string  `json:"nom"`
	Commune    string  `json:"commune"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
	When       string  `json:"when"`
	GainPeople int     `json:"gain_people"`
	Gain       float64 `json:"gain"`
}

// NewReport writes a proposed tournée.
func NewReport(b *scenario.Base, w *Wish, t *Proposal) *Report {
	digits := w.Objective.Digits()
	r := &Report{Edition: b.Edition().ID, Params: b.Edition().QueryJSON(b.Query()), Modelled: b.Edition().ModelledSentences(), Objective: w.Objective, Unit: w.Objective.Unit(), UnknownPeople: w.Objective.Left(b),
		MonthHours: w.MonthHours, Candidates: len(w.Places), Stops: []StopJSON{}, Before: decimal.Round(t.Before, digits), After: decimal.Round(t.After, digits),
		UpperBound: decimal.Round(t.UpperBound, digits), Routes: t.Routes, Dropped: t.Dropped, Check: t.Check, Scenario: t.Scenario}
	if t.UpperBound > t.Before {
		r.GapPct = decimal.Round(100*(t.UpperBound-t.After)/(t.UpperBound-t.Before), 2)
	}
	for i, s := range t.Stops {
		p := &w.Places[s.Place]
		home := &b.Edition().Division.Communes[p.Commune]
		r.Stops = append(r.Stops, StopJSON{i + 1, home.Nom, home.Code, decimal.Round(p.At.Lon, siting.PositionDigits), decimal.Round(p.At.Lat, siting.PositionDigits), s.When, s.People, decimal.Round(s.Gain, digits)})
	}
	return r
}
