package scenario

import (
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// SuggestionReport is a suggestion as commands and HTTP give it. Figures are in the unit,
// but for gain_people; upper_bound is what no choice surpasses, as covered_after.
type SuggestionReport struct {
	Edition       string            `json:"edition"`
	Params        edition.QueryJSON `json:"params"`
	Modelled      []string          `json:"modelled"`
	Objective     Objective         `json:"objective"`
	Unit          string            `json:"unit"`
	Services      []lieu.Service    `json:"services"`
	Horaires      string            `json:"horaires"`
	Candidates    int               `json:"candidates"` // places looked at
	Useful        int               `json:"useful"`     // of them, those that would bring something
	Chosen        []ChoiceJSON      `json:"chosen"`
	CoveredBefore float64           `json:"covered_before"`
	CoveredAfter  float64           `json:"covered_after"`
	UpperBound    float64           `json:"upper_bound"`
	GapPct        float64           `json:"gap_pct"` // of what can be gained at most
	// Scenario adds the chosen lieux, to be simulated.
	Scenario *Scenario `json:"scenario"`
	MS       float64   `json:"ms"`
}

// ChoiceJSON is one chosen place. Gains are beside those of the ranks before.
type ChoiceJSON struct {
	Rank       int     `json:"rank"`
	Lon        float64 `json:"lon"`
	Lat        float64 `json:"lat"`
	Commune    string  `json:"commune"`
	Nom        string  `json:"nom"`
	Cell       string  `json:"cell,omitempty"` // absent: the chef-lieu
	GainPeople int     `json:"gain_people"`    // who become of the class couverte
	Gain       float64 `json:"gain"`
}

// digits of a figure in the unit of an objective.
func (o Objective) digits() int {
	if o == ByPeople {
		return 0
	}
	return 1
}

// Report writes a suggestion.
func (b *Base) Report(w *Wish, s *Suggestion) *SuggestionReport {
	digits := w.Objective.digits()
	r := &SuggestionReport{Edition: b.e.ID, Params: edition.NewQueryJSON(b.query), Modelled: b.e.ModelledSentences(), Objective: w.Objective, Unit: w.Objective.Unit(),
		Services: w.Offered.Services.List(), Horaires: w.Offered.Horaires.Text, Candidates: len(w.Places), Useful: s.Candidates, Chosen: []ChoiceJSON{},
		CoveredBefore: round(s.Before, digits), CoveredAfter: round(s.After, digits), UpperBound: round(s.UpperBound, digits), GapPct: round(s.GapPercent(), 2),
		Scenario: &Scenario{Version: Version, Name: "Lieux proposés", Edition: b.e.ID, Params: paramsOf(b), Actions: []Action{}}}
	var services []string
	for _, x := range r.Services {
		services = append(services, x.String())
	}
	for i, c := range s.Chosen {
		p := &w.Places[c.Place]
		home := &b.e.Division.Communes[p.Commune]
		x := ChoiceJSON{Rank: i + 1, Lon: round(p.At.Lon, positionDigits), Lat: round(p.At.Lat, positionDigits), Commune: home.Code, Nom: home.Nom,
			GainPeople: c.People, Gain: round(c.Gain, digits)}
		if p.Cell != 0 {
			x.Cell = p.Cell.String()
		}
		r.Chosen = append(r.Chosen, x)
		r.Scenario.Actions = append(r.Scenario.Actions, Action{Do: AddLieu, Nom: "Lieu proposé à " + home.Nom, Lon: &p.At.Lon, Lat: &p.At.Lat,
			Services: services, Horaires: &r.Horaires})
	}
	return r
}

// positionDigits are the decimals of a printed position: a decimetre.
const positionDigits = 6

// paramsOf are the params that ask the question of a base.
func paramsOf(b *Base) *Params {
	q := b.query
	minutes := q.Cutoff.Minutes()
	return &Params{Service: &q.Service, Mode: &q.Mode, CutoffMin: &minutes, MinHours: &q.MinHours}
}

// ClosuresReport is an answer to which lieux could close, as commands and HTTP give it.
type ClosuresReport struct {
	Edition       string            `json:"edition"`
	Params        edition.QueryJSON `json:"params"`
	Modelled      []string          `json:"modelled"`
	Objective     Objective         `json:"objective"`
	Unit          string            `json:"unit"`
	Chosen        []ClosingJSON     `json:"chosen"`
	CoveredBefore float64           `json:"covered_before"`
	CoveredAfter  float64           `json:"covered_after"`
	UpperBound    float64           `json:"upper_bound"` // no choice leaves more after
	Scenario      *Scenario         `json:"scenario"`
	MS            float64           `json:"ms"`
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
}

// ReportClosures writes an answer of Closures.
func (b *Base) ReportClosures(o Objective, c *Closures) *ClosuresReport {
	digits := o.digits()
	r := &ClosuresReport{Edition: b.e.ID, Params: edition.NewQueryJSON(b.query), Modelled: b.e.ModelledSentences(), Objective: o, Unit: o.Unit(), Chosen: []ClosingJSON{},
		CoveredBefore: round(c.Before, digits), CoveredAfter: round(c.After, digits), UpperBound: round(c.Before-c.LowerBound, digits),
		Scenario: &Scenario{Version: Version, Name: "Fermetures les moins lourdes", Edition: b.e.ID, Params: paramsOf(b), Actions: []Action{}}}
	for i, x := range c.Chosen {
		l := &b.e.Lieux[x.Lieu]
		j := ClosingJSON{Rank: i + 1, ID: l.ID, Nom: l.Nom, At: l.At, LossPeople: x.People, Loss: round(x.Loss, digits)}
		if home := b.e.LieuHome[x.Lieu]; home >= 0 {
			j.Commune = b.e.Division.Communes[home].Code
		}
		r.Chosen = append(r.Chosen, j)
		r.Scenario.Actions = append(r.Scenario.Actions, Action{Do: CloseLieu, ID: l.ID})
	}
	return r
}
