package api

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/sheet"
	"github.com/aisne-numerique/maillage/ifn"
)

type territoiresJSON struct {
	Edition     string           `json:"edition"`
	Territoires []territoireJSON `json:"territoires"`
}

// territoireJSON is a territoire without a question: what a list or a search shows.
type territoireJSON struct {
	Type       admin.Type `json:"type"`
	Code       string     `json:"code"`
	Nom        string     `json:"nom"`
	Population int        `json:"population"`
	BBox       [4]float64 `json:"bbox"`
	Center     [2]float64 `json:"center"`
	EPCI       string     `json:"epci,omitempty"`
	Lieux      int        `json:"lieux"`
}

// getTerritoires answers /api/v1/territoires.
func getTerritoires(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	level := r.asked.Type
	return s.cached(ctx, replyKey{route: "territoires", asked: asked{Type: level}}, func(ctx context.Context) (*reply, error) {
		report, err := s.report(ctx, defaultQuery(s.Edition), level)
		if err != nil {
			return nil, err
		}
		out := territoiresJSON{s.ID, make([]territoireJSON, 0, len(report.Territoires))}
		for _, g := range report.Territoires {
			out.Territoires = append(out.Territoires, territoireJSON{g.Type, g.Code, g.Nom, g.Population, g.BBox, g.Center, g.EPCI, g.Lieux})
		}
		return jsonReply(typeJSON, out)
	})
}

// territoirePage is one territoire's row, ranked in its whole level, and the rows
// of its communes, ranked among themselves.
type territoirePage struct {
	Edition         string            `json:"edition"`
	Params          edition.QueryJSON `json:"params"`
	PriorityFormula string            `json:"priority_formula"`
	Modelled        []string          `json:"modelled"`
	Offer           edition.OfferJSON `json:"offer"`
	edition.GapRow
	RankOf   int              `json:"rank_of"` // how many territoires of the type there are
	Communes []edition.GapRow `json:"communes"`
}

// getTerritoire answers /api/v1/territoires/{type}:{code}.
func getTerritoire(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	ref, err := admin.ParseRef(r.arg)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "L'adresse nomme « "+problem.Quotable(r.arg)+" » ; il faut "+refExpected+".", err)
	}
	a := asked{Query: r.asked.Query, Within: ref}
	return s.cached(ctx, replyKey{route: "territoire", asked: a}, func(ctx context.Context) (*reply, error) {
		report, err := s.report(ctx, a.Query, ref.Type)
		if err != nil {
			return nil, err
		}
		for _, row := range report.Territoires {
			if row.Code != ref.Code {
				continue
			}
			answer, err := s.answer(ctx, a.Query)
			if err != nil {
				return nil, err
			}
			communes, err := s.Gaps(answer, edition.Scope{Level: admin.TypeCommune, Within: &ref})
			if err != nil {
				return nil, err
			}
			return jsonReply(typeJSON, territoirePage{Edition: s.ID, Params: report.Params, PriorityFormula: report.PriorityFormula,
				Modelled: report.Modelled, Offer: report.Offer, GapRow: row, RankOf: len(report.Territoires), Communes: communes.Territoires})
		}
		return nil, &edition.UnknownTerritoireError{Ref: ref}
	})
}

// getGaps answers /api/v1/gaps.
func getGaps(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	a := asked{Query: r.asked.Query, Level: r.asked.Level, Within: r.asked.Within}
	return s.cached(ctx, replyKey{route: "gaps", asked: a}, func(ctx context.Context) (*reply, error) {
		if a.Within == (admin.Ref{}) {
			report, err := s.report(ctx, a.Query, a.Level)
			if err != nil {
				return nil, err
			}
			return jsonReply(typeJSON, report)
		}
		answer, err := s.answer(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		report, err := s.Gaps(answer, edition.Scope{Level: a.Level, Within: &a.Within})
		if err != nil {
			return nil, err
		}
		return jsonReply(typeJSON, report)
	})
}

// getIFN answers /api/v1/ifn.
func getIFN(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	a := asked{Level: r.asked.Level, Within: r.asked.Within, Method: r.asked.Method, Weights: r.asked.Weights, Format: r.asked.Format}
	return s.cached(ctx, replyKey{route: "ifn", asked: a}, func(context.Context) (*reply, error) {
		structure, err := indexStructure()
		if err != nil {
			return nil, err
		}
		o := edition.IFNOptions(a.Level)
		o.Method = a.Method
		if a.Weights != "" {
			if o.Weights, err = ifn.ParseWeightList(a.Weights, structure); err != nil {
				return nil, err
			}
		}
		scope := edition.Scope{Level: a.Level}
		if a.Within != (admin.Ref{}) {
			scope.Within = &a.Within
		}
		result, err := s.IndexReport(scope, structure, o)
		if err != nil {
			return nil, err
		}
		about := sheet.About{Edition: s.ID, Modelled: s.ModelledSentences()}
		switch a.Format {
		case formatCSV:
			return fileReply(typeCSV, "ifn-"+s.ID+".csv", func(w io.Writer) error { return sheet.CSV(w, result, about) })
		case formatXLSX:
			return fileReply(typeXLSX, "ifn-"+s.ID+".xlsx", func(w io.Writer) error { return sheet.XLSX(w, result, about) })
		}
		if a.Format != formatJSON {
			return nil, problem.New(problem.Parameter, "Le paramètre « format » vaut « %s » ; pour l'indice, il faut json, csv ou xlsx.", formats[a.Format])
		}
		return indexReply(s.ID, result)
	})
}

// indexStructure is the structure of the index that is served.
var indexStructure = sync.OnceValues(func() (*ifn.Structure, error) { return ifn.Builtin(ifn.HDF2021) })

// indexReply is the index as every output writes it, with the edition in front.
func indexReply(id string, result *ifn.Result) (*reply, error) {
	body, err := result.MarshalJSON()
	if err != nil {
		return nil, fmt.Errorf("encode index: %w", err)
	}
	front, err := json.Marshal(id)
	if err != nil {
		return nil, fmt.Errorf("encode index: %w", err)
	}
	// The result writes its own keys in their order: open the object and put one before them.
	return newReply(typeJSON, slices.Concat([]byte(`{"edition":`), front, []byte(","), body[1:], []byte("\n")))
}
