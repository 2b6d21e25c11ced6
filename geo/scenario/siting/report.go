package siting

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// Report is a suggestion as commands and HTTP give it. Figures are in the unit,
// but for gain_people; upper_bound is what no choice surpasses, as covered_after.
type Report struct {
	Edition       string            `json:"edition"`
	Params        edition.QueryJSON `json:"params"`
	Modelled      []string          `json:"modelled"`
	Objective     Objective         `json:"objective"`
	Unit          string            `json:"unit"`
	UnknownPeople int               `json:"unknown_ifn_people,omitempty"` // who are left out: see [Objective.Left]
	Services      []lieu.Service    `json:"services"`
	Horaires      string            `json:"horaires"`
	Knowing       []edition.AskJSON `json:"knowing"`    // what could be had before anything is built
	Candidates    int               `json:"candidates"` // places looked at
	Useful        int               `json:"useful"`     // of them, those that would bring something
	Chosen        []ChoiceJSON      `json:"chosen"`
	CoveredBefore float64           `json:"covered_before"`
	CoveredAfter  float64           `json:"covered_after"`
	UpperBound    float64           `json:"upper_bound"`
	GapPct        float64           `json:"gap_pct"` // of what can be gained at most
	// scenario.Scenario adds the chosen lieux, to be simulated.
	Scenario *scenario.Scenario `json:"scenario"`
	MS       float64            `json:"ms"`
}

// ChoiceJSON is one chosen place. Gains are beside those of the ranks before.
type ChoiceJSON struct {
	Rank       int     `json:"rank"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
	Commune    string  `json:"commune"`
	Nom        string  `json:"nom"`
	Cell       string  `json:"cell,omitempty"` // absent: the chef-lieu
	Stands     Stands  `json:"stands"`
	Building   string  `json:"stands_nom,omitempty"` // the name of the building or stop
	GainPeople int     `json:"gain_people"`          // who become of the class couverte
	Gain       float64 `json:"gain"`
	// Publics are those of gain_people; absent: there are none, or nothing is known of them.
	Publics *publics.Figures `json:"publics,omitempty"`
}

// Digits are the decimals of a figure in the unit of an objective.
func (o Objective) Digits() int {
	if o == ByPeople {
		return 0
	}
	return 1
}

// NewReport writes a suggestion.
func NewReport(b *scenario.Base, w *Wish, s *Suggestion) *Report {
	digits := w.Objective.Digits()
	r := &Report{Edition: b.Edition().ID, Params: b.Edition().QueryJSON(b.Query()), Modelled: b.Edition().ModelledSentences(), Objective: w.Objective, Unit: w.Objective.Unit(), UnknownPeople: w.Objective.Left(b),
		Services: w.Offered.Services.List(), Horaires: w.Offered.Horaires.Text, Knowing: b.Knowing(), Candidates: len(w.Places), Useful: s.Candidates, Chosen: []ChoiceJSON{},
		CoveredBefore: decimal.Round(s.Before, digits), CoveredAfter: decimal.Round(s.After, digits), UpperBound: decimal.Round(s.UpperBound, digits), GapPct: decimal.Round(s.GapPercent(), 2),
		Scenario: &scenario.Scenario{Version: scenario.Version, Name: "Lieux proposés", Edition: b.Edition().ID, Params: b.Params(), Actions: []scenario.Action{}}}
	var services []string
	for _, x := range r.Services {
		services = append(services, x.String())
	}
	for i, c := range s.Chosen {
		p := &w.Places[c.Place]
		home := &b.Edition().Division.Communes[p.Commune]
		x := ChoiceJSON{Rank: i + 1, Lon: decimal.Round(p.At.Lon, PositionDigits), Lat: decimal.Round(p.At.Lat, PositionDigits), Commune: home.Code, Nom: home.Nom,
			Stands: p.Stands, Building: p.Nom, GainPeople: c.People, Gain: decimal.Round(c.Gain, digits), Publics: c.Publics}
		if p.Cell != 0 {
			x.Cell = p.Cell.String()
		}
		r.Chosen = append(r.Chosen, x)
		r.Scenario.Actions = append(r.Scenario.Actions, scenario.Action{Do: scenario.AddLieu, Nom: "Lieu proposé à " + home.Nom, Lon: &p.At.Lon, Lat: &p.At.Lat,
			Services: services, Horaires: &r.Horaires})
	}
	return r
}

// PositionDigits are the decimals of a printed position: a decimetre.
const PositionDigits = 6

// ClosuresReport is an answer to which lieux could close, as commands and HTTP give it.
type ClosuresReport struct {
	Edition       string             `json:"edition"`
	Params        edition.QueryJSON  `json:"params"`
	Modelled      []string           `json:"modelled"`
	Objective     Objective          `json:"objective"`
	Unit          string             `json:"unit"`
	UnknownPeople int                `json:"unknown_ifn_people,omitempty"` // who are left out: see [Objective.Left]
	Chosen        []ClosingJSON      `json:"chosen"`
	CoveredBefore float64            `json:"covered_before"`
	CoveredAfter  float64            `json:"covered_after"`
	UpperBound    float64            `json:"upper_bound"` // no choice leaves more after
	Scenario      *scenario.Scenario `json:"scenario"`
	MS            float64            `json:"ms"`
}

// ClosingJSON is one lieu. Losses are beside those of the ranks before.
type ClosingJSON struct {
	Rank       int        `json:"rank"`
	ID         string     `json:"id"`
	Nom        string     `json:"nom"`
	Commune    string     `json:"commune,omitempty"`
	At         geo.LonLat `json:"at"`
	LossPeople int        `json:"loss_people"` // who are no longer of the class couverte
	Loss       float64    `json:"loss"`
	// Publics are those of loss_people, by the class that they come to; absent as in ChoiceJSON.
	Publics *publics.Figures `json:"publics,omitempty"`
}

// NewClosuresReport writes an answer of [Close].
func NewClosuresReport(b *scenario.Base, o Objective, c *Closures) *ClosuresReport {
	digits := o.Digits()
	r := &ClosuresReport{Edition: b.Edition().ID, Params: b.Edition().QueryJSON(b.Query()), Modelled: b.Edition().ModelledSentences(), Objective: o, Unit: o.Unit(), UnknownPeople: o.Left(b), Chosen: []ClosingJSON{},
		CoveredBefore: decimal.Round(c.Before, digits), CoveredAfter: decimal.Round(c.After, digits), UpperBound: decimal.Round(c.Before-c.LowerBound, digits),
		Scenario: &scenario.Scenario{Version: scenario.Version, Name: "Fermetures les moins lourdes", Edition: b.Edition().ID, Params: b.Params(), Actions: []scenario.Action{}}}
	for i, x := range c.Chosen {
		l := &b.Edition().Lieux[x.Lieu]
		j := ClosingJSON{Rank: i + 1, ID: l.ID, Nom: l.Nom, At: l.At, LossPeople: x.People, Loss: decimal.Round(x.Loss, digits), Publics: x.Publics}
		if home := b.Edition().LieuCommune[x.Lieu]; home >= 0 {
			j.Commune = b.Edition().Division.Communes[home].Code
		}
		r.Chosen = append(r.Chosen, j)
		r.Scenario.Actions = append(r.Scenario.Actions, scenario.Action{Do: scenario.CloseLieu, ID: l.ID})
	}
	return r
}
