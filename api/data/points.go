package data

import (
	"context"
	"encoding/json"
	"fmt"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/ifn"
)

// pointsJSON is the index of a level before any weight: with it the map computes, for
// weights that a hand moves, what the program would (api/web/src/need/model.ts). Points
// are not rounded, so that ranks are the program's.
type pointsJSON struct {
	Edition         string          `json:"edition"`
	Level           admin.Type      `json:"level"`
	Structure       string          `json:"structure"`
	Method          ifn.Method      `json:"method"`
	Formula         string          `json:"formula"`
	Reference       string          `json:"reference,omitempty"`
	MinCompleteness float64         `json:"min_completeness"`
	SubIndices      []subIndexJSON  `json:"sub_indices"`
	Variables       json.RawMessage `json:"variables"` // as /api/v1/ifn has them
	Territoires     []pointsRow     `json:"territoires"`
}

type subIndexJSON struct {
	ID     string  `json:"id"`
	Nom    string  `json:"nom"`
	Weight float64 `json:"weight"`
}

// pointsRow is a territoire: its points and values by variable, its level in the scales
// that need is crossed with. What is unknown is absent.
type pointsRow struct {
	Code       string             `json:"code"`
	Nom        string             `json:"nom"`
	Population int                `json:"population"`
	Points     map[string]float64 `json:"points"`
	Known      map[string]float64 `json:"known,omitempty"`  // share of the variable's weight that is known, where its parts are not all
	Values     map[string]float64 `json:"values"`           // of a part under "variable.part"
	Shares     map[string]float64 `json:"shares,omitempty"` // of the people behind a value, where it is below 1
	Scales     map[string]int     `json:"scales,omitempty"` // by column of the scale
}

type pointsParams struct{ Level admin.Type }

func (p *pointsParams) Defaults(*edition.Edition) { p.Level = admin.TypeCommune }

func (p *pointsParams) Bind() []params.Binding { return []params.Binding{params.Level.To(&p.Level)} }

// Points answers /api/v1/ifn/points.
func Points(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, p pointsParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("points", p), func(context.Context) (*reply.Reply, error) {
		structure, err := edition.IndexStructure()
		if err != nil {
			return nil, err
		}
		o := edition.IFNOptions(p.Level)
		o.Draws = 0
		result, err := s.IndexReport(edition.Scope{Level: p.Level}, structure, o)
		if err != nil {
			return nil, err
		}
		out := pointsJSON{Edition: s.ID, Level: p.Level, Structure: structure.Name, Method: o.Method, Formula: o.Method.Formula(),
			Reference: result.Reference, MinCompleteness: result.MinCompleteness}
		for _, sub := range structure.SubIndices {
			out.SubIndices = append(out.SubIndices, subIndexJSON{sub.ID, sub.Nom, sub.Weight})
		}
		if out.Variables, err = result.VariablesJSON(); err != nil {
			return nil, fmt.Errorf("encode index: %w", err)
		}
		scales := map[string]map[string]int{}
		if p.Level == admin.TypeCommune {
			scales = scalesOf(s.Edition)
		}
		people := s.Division.Territoires(p.Level) // in the order of the rows
		for i := range result.Rows {
			row := newPointsRow(&result.Rows[i], result.Sources)
			row.Population, row.Scales = people[i].Population, scales[row.Code]
			out.Territoires = append(out.Territoires, row)
		}
		return reply.JSON(reply.TypeJSON, out)
	})
}

// completenessJSON is what a level lacks, and of which edition that is.
type completenessJSON struct {
	Edition string `json:"edition"`
	*ifn.Completeness
}

type completenessParams struct {
	Level   admin.Type
	Weights string
}

func (p *completenessParams) Defaults(*edition.Edition) { p.Level = admin.TypeCommune }

func (p *completenessParams) Bind() []params.Binding {
	return []params.Binding{params.Level.To(&p.Level), params.Weights.To(&p.Weights)}
}

// Completeness answers /api/v1/ifn/completude: the completeness_report of /api/v1/ifn alone,
// for which nothing is drawn.
func Completeness(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, p completenessParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("completude", p), func(context.Context) (*reply.Reply, error) {
		structure, err := edition.IndexStructure()
		if err != nil {
			return nil, err
		}
		o := edition.IFNOptions(p.Level)
		o.Draws = 0
		if p.Weights != "" {
			if o.Weights, err = ifn.ParseWeightList(p.Weights, structure); err != nil {
				return nil, err // they were checked when they were read
			}
		}
		result, err := s.IndexReport(edition.Scope{Level: p.Level}, structure, o)
		if err != nil {
			return nil, err
		}
		return reply.JSON(reply.TypeJSON, completenessJSON{s.ID, result.Completeness})
	})
}

func newPointsRow(r *ifn.Row, sources []ifn.Source) pointsRow {
	row := pointsRow{Code: r.Code, Nom: r.Nom, Points: map[string]float64{}, Known: map[string]float64{}, Values: map[string]float64{}, Shares: map[string]float64{}}
	value := func(id string, p *ifn.Point) {
		if !p.Value.Known {
			return
		}
		row.Values[id] = p.Value.V
		if p.Share < 1 {
			row.Shares[id] = p.Share
		}
	}
	for v := range r.Points {
		p := &r.Points[v]
		if p.Points.Known {
			row.Points[p.Variable] = p.Points.V
		}
		if len(p.Parts) == 0 {
			value(p.Variable, p)
			continue
		}
		known, all := 0.0, 0.0
		for k := range p.Parts {
			value(p.Variable+"."+p.Parts[k].Variable, &p.Parts[k])
			all += sources[v].Parts[k].Weight
			if p.Parts[k].Points.Known {
				known += sources[v].Parts[k].Weight
			}
		}
		if p.Points.Known && known < all {
			row.Known[p.Variable] = known / all
		}
	}
	return row
}

// scalesOf is the level of every commune in each scale that was imported, by code. A number
// that is of no level is unknown.
func scalesOf(e *edition.Edition) map[string]map[string]int {
	out := map[string]map[string]int{}
	for _, scale := range legend.Scales() {
		for code, value := range e.CommuneValues(scale.Column) {
			number := int(value)
			if float64(number) != value || !scale.Has(number) {
				continue
			}
			if out[code] == nil {
				out[code] = map[string]int{}
			}
			out[code][scale.Column] = number
		}
	}
	return out
}
