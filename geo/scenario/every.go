package scenario

import (
	"context"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Outcome is what a scenario changes for one service by one mode, in the département.
type Outcome struct {
	Service lieu.Service        `json:"service"`
	Mode    geo.Mode            `json:"mode"`
	Cutoff  float64             `json:"cutoff_min"`
	Hours   float64             `json:"min_hours_week"`
	Before  edition.ClassesJSON `json:"before"` // people by class
	After   edition.ClassesJSON `json:"after"`
	Gained  Balance             `json:"gained"`
	Lost    Balance             `json:"lost"`
}

// Every says what a scenario changes for every service by every mode of the edition, at
// the thresholds of a question, or those of timetables where they have their own (see
// [coverage.Query.By]). It prepares a base for each, one after the other, and
// keeps none; done, when not nil, is told how many are evaluated.
func (g *Engine) Every(ctx context.Context, q coverage.Query, s *Scenario, done func(n, of int)) ([]Outcome, error) {
	var out []Outcome
	modes := g.e.Params.Modes
	for _, m := range modes {
		q := q.By(m)
		for _, q.Service = range lieu.AllServices() {
			b, err := g.Base(q)
			if err != nil {
				return nil, err
			}
			d, err := b.Evaluate(ctx, s)
			if err != nil {
				return nil, err
			}
			out = append(out, Outcome{q.Service, q.Mode, q.Cutoff.Minutes(), q.MinHours, d.Before.Classes, d.After.Classes, d.Gained, d.Lost})
			if done != nil {
				done(len(out), len(modes)*lieu.NumServices)
			}
		}
	}
	return out, nil
}
