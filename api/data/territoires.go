package data

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/sheet"
	"github.com/aisne-numerique/maillage/ifn"
)

type territoiresJSON struct {
	Edition     string          `json:"edition"`
	Territoires []TerritoireRow `json:"territoires"`
}

// TerritoireRow is a territoire without a question: what a list or a search shows.
type TerritoireRow struct {
	Type       admin.Type `json:"type"`
	Code       string     `json:"code"`
	Nom        string     `json:"nom"`
	Population int        `json:"population"`
	BBox       [4]float64 `json:"bbox"`
	Center     [2]float64 `json:"center"`
	EPCI       string     `json:"epci,omitempty"`
	Lieux      int        `json:"lieux"`
}

type territoiresParams struct{ Type admin.Type }

func (p *territoiresParams) Defaults(*edition.Edition) { p.Type = admin.TypeEPCI }

func (p *territoiresParams) Bind() []params.Binding { return []params.Binding{params.Type.To(&p.Type)} }

// Territoires answers /api/v1/territoires.
func Territoires(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, p territoiresParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("territoires", p), func(ctx context.Context) (*reply.Reply, error) {
		report, err := s.ReportOf(ctx, s.DefaultQuery(), p.Type)
		if err != nil {
			return nil, err
		}
		out := territoiresJSON{s.ID, make([]TerritoireRow, 0, len(report.Territoires))}
		for _, g := range report.Territoires {
			out.Territoires = append(out.Territoires, TerritoireRow{g.Type, g.Code, g.Nom, g.Population, g.BBox, g.Center, g.EPCI, g.Lieux})
		}
		return reply.JSON(reply.TypeJSON, out)
	})
}

// TerritoireJSON is one territoire's row, ranked in its whole level, and the rows
// of its communes, ranked among themselves.
type TerritoireJSON struct {
	Edition         string            `json:"edition"`
	Params          edition.QueryJSON `json:"params"`
	PriorityFormula string            `json:"priority_formula"`
	Modelled        []string          `json:"modelled"`
	Offer           edition.OfferJSON `json:"offer"`
	GapRowJSON
	RankOf   int          `json:"rank_of"` // how many territoires of the type there are
	Communes []GapRowJSON `json:"communes"`
}

// GapRowJSON is a row of a report, and what its headline is: known need, and what depends
// on lieux to ask, in French.
type GapRowJSON struct {
	edition.GapRow
	Headline string  `json:"headline"`
	Offer    offerOf `json:"lieux_detail"`
	Portion  string  `json:"partial_sentence,omitempty"` // French: which part is counted
	Outlined string  `json:"contour_sentence,omitempty"` // French: how the people of an outline are known
	Who      string  `json:"publics_sentence,omitempty"` // French: its publics, as after "dont"
	// ByReservation is what transport on demand gives apart, in French; absent where its count is.
	ByReservation string `json:"sur_reservation_sentence,omitempty"`
}

// offerOf counts the lieux of a territoire: see [figures.LieuxCount].
type offerOf struct {
	Lieux   int `json:"lieux"`
	Public  int `json:"public"`
	Points  int `json:"points"`
	Certain int `json:"certains"`
	Maybe   int `json:"possibles"`
}

// GapsJSON is a report with the headline of every row.
type GapsJSON struct {
	*edition.GapReport
	Territoires []GapRowJSON `json:"territoires"`
}

// NewGaps writes a report.
func NewGaps(e *edition.Edition, report *edition.GapReport, q coverage.Query) GapsJSON {
	return GapsJSON{report, newGapRows(e, report.Territoires, q)}
}

// newGapRows writes the headlines of rows.
func newGapRows(e *edition.Edition, rows []edition.GapRow, q coverage.Query) []GapRowJSON {
	lieux, unnamed := figures.NewLieuxCounter(e, q.Service), !e.Named.Offers(q.Service)
	out := make([]GapRowJSON, len(rows))
	for i, row := range rows {
		out[i] = GapRowJSON{GapRow: row, Headline: french.Headline(q, row.Classes.Tally(), unnamed), Portion: Portion(e, &row), Outlined: row.Outlined(), Who: french.Who(row.Publics)}
		if by := row.Reservation; by != nil {
			out[i].ByReservation = french.ByReservation(by.People, by.Unknown)
		}
		if t, ok := e.Division.Find(admin.Ref{Type: row.Type, Code: row.Code}); ok {
			out[i].Offer = offerOf(lieux.Of(t))
		}
	}
	return out
}

// Portion says which part of a territoire is counted; empty: all of it.
func Portion(e *edition.Edition, row *edition.GapRow) string {
	if row.Partial == nil {
		return ""
	}
	in := ""
	for _, t := range e.Division.Territoires(admin.TypeDepartement) {
		in = t.Nom
	}
	return french.Partial(in, row.Partial.Population, row.Partial.Whole)
}

// Territoire answers /api/v1/territoires/{type}:{code}.
func Territoire(ctx context.Context, s *snapshot.Snapshot, r *params.Request, p params.Question) (*reply.Reply, error) {
	ref, err := admin.ParseRef(r.Arg)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "L'adresse nomme « "+problem.Quotable(r.Arg)+" » ; il faut "+params.TerritoireExpected+".", err)
	}
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("territoire", params.QuestionIn{Question: p, Within: ref}), func(ctx context.Context) (*reply.Reply, error) {
		report, err := s.ReportOf(ctx, p.Query, ref.Type)
		if err != nil {
			return nil, err
		}
		for _, row := range report.Territoires {
			if row.Code != ref.Code {
				continue
			}
			answer, err := s.AnswerTo(ctx, p.Query)
			if err != nil {
				return nil, err
			}
			communes, err := s.Gaps(answer, edition.Scope{Level: admin.TypeCommune, Within: &ref})
			if err != nil {
				return nil, err
			}
			communes.TellBus(answer)
			return reply.JSON(reply.TypeJSON, TerritoireJSON{Edition: s.ID, Params: report.Params, PriorityFormula: report.PriorityFormula,
				Modelled: report.Modelled, Offer: report.Offer, GapRowJSON: newGapRows(s.Edition, []edition.GapRow{row}, p.Query)[0], RankOf: len(report.Territoires),
				Communes: newGapRows(s.Edition, communes.Territoires, p.Query)})
		}
		return nil, &edition.UnknownTerritoireError{Ref: ref}
	})
}

type gapsParams struct {
	params.QuestionIn
	Level admin.Type
}

func (p *gapsParams) Defaults(e *edition.Edition) {
	p.QuestionIn.Defaults(e)
	p.Level = admin.TypeCommune
}

func (p *gapsParams) Bind() []params.Binding {
	return append([]params.Binding{params.Level.To(&p.Level)}, p.QuestionIn.Bind()...)
}

// Gaps answers /api/v1/gaps.
func Gaps(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, p gapsParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("gaps", p), func(ctx context.Context) (*reply.Reply, error) {
		if p.Within == (admin.Ref{}) {
			report, err := s.ReportOf(ctx, p.Query, p.Level)
			if err != nil {
				return nil, err
			}
			return reply.JSON(reply.TypeJSON, NewGaps(s.Edition, report, p.Query))
		}
		answer, err := s.AnswerTo(ctx, p.Query)
		if err != nil {
			return nil, err
		}
		report, err := s.Gaps(answer, edition.Scope{Level: p.Level, Within: &p.Within})
		if err != nil {
			return nil, err
		}
		report.TellBus(answer)
		return reply.JSON(reply.TypeJSON, NewGaps(s.Edition, report, p.Query))
	})
}

type indexParams struct {
	Level   admin.Type
	Within  admin.Ref  // zero: everywhere
	Method  ifn.Method // empty: that of the structure
	Weights string
	Format  params.Format
	// Structure is the name of a structure that comes with the program.
	Structure string
}

func (p *indexParams) Defaults(*edition.Edition) {
	p.Level, p.Structure = admin.TypeCommune, ifn.HDF2021
}

func (p *indexParams) Bind() []params.Binding {
	return []params.Binding{params.Level.To(&p.Level), params.Within.To(&p.Within), params.Method.To(&p.Method), params.Structure.To(&p.Structure), params.Weights.To(&p.Weights), params.IndexFormat.To(&p.Format)}
}

// Index answers /api/v1/ifn.
func Index(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, p indexParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("ifn", p), func(context.Context) (*reply.Reply, error) {
		structure, err := ifn.Builtin(p.Structure)
		if err != nil {
			return nil, err
		}
		o := edition.IFNOptions(p.Level)
		o.Method = cmp.Or(p.Method, structure.Method())
		if p.Weights != "" {
			if o.Weights, err = ifn.ParseWeightList(p.Weights, structure); err != nil { // they were checked against the usual structure
				return nil, problem.New(problem.Parameter, "Le paramètre « weights » vaut « %s », qui nomme une variable que la structure « %s » n'a pas, ou n'en laisse aucune à un sous-indice.", problem.Quotable(p.Weights), p.Structure)
			}
		}
		scope := edition.Scope{Level: p.Level}
		if p.Within != (admin.Ref{}) {
			scope.Within = &p.Within
		}
		result, err := s.IndexReport(scope, structure, o)
		if err != nil {
			return nil, err
		}
		about := sheet.About{Edition: s.ID, Modelled: s.ModelledSentences()}
		switch p.Format {
		case params.CSV:
			return reply.File(reply.TypeCSV, "ifn-"+s.ID+".csv", func(w io.Writer) error { return sheet.CSV(w, result, about) })
		case params.XLSX:
			return reply.File(reply.TypeXLSX, "ifn-"+s.ID+".xlsx", func(w io.Writer) error { return sheet.XLSX(w, result, about) })
		}
		if p.Format != params.JSON {
			return nil, p.Format.Refused("pour l'indice, il faut json, csv ou xlsx")
		}
		return indexReply(s.ID, result)
	})
}

// indexReply is the index as every output writes it, with the edition in front.
func indexReply(id string, result *ifn.Result) (*reply.Reply, error) {
	body, err := result.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode index: %w", err)
	}
	front, err := json.Marshal(id)
	if err != nil {
		return nil, fmt.Errorf("encode index: %w", err)
	}
	// The result writes its own keys in their order: open the object and put one before them.
	return reply.New(reply.TypeJSON, slices.Concat([]byte(`{"edition":`), front, []byte(","), body[1:], []byte("\n")))
}
