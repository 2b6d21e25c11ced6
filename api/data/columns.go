package data

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// A column is one value per row of the cell pyramid, little-endian, so that the
// map colours every zoom from one small array:
//
//	classe     uint8   see the constants below
//	minutes    uint16  tenths of a minute; people-weighted mean of those who reach a lieu
//	heures     uint16  tenths of an hour a week; people-weighted mean of those whose hours are known
//	personnes  uint32  people
//	ouvert     uint8   who reaches an open lieu at a moment: see momentNumber
//	ifn        uint16  tenths of a point (0 to 100), of the commune that the cell is mostly in
//	agir       uint16  tenths of a fragile inhabitant who lacks help, where to act first; of a
//	                   coarser cell, the mean of the inhabited cells in it; see edition.Lacks
//
// noValue is "no value" in the 16-bit columns: the figure is unknown, or, for the
// means over people, nobody lives there.
const NoValue = math.MaxUint16

// Classes as the column numbers them. They are part of the contract, so they do
// not follow coverage.Class by accident.
var ClassNumber = [coverage.NumClasses]uint8{
	coverage.Uninhabited: 0, coverage.Couverte: 1, coverage.Grise: 2, coverage.Blanche: 3, coverage.Inconnue: 4,
}

// columnParams are also the key of a column: what does not change it is set to one value.
type columnParams struct {
	params.Question
	Mesure params.Mesure
	Moment int
}

func (p *columnParams) Defaults(e *edition.Edition) {
	p.Question.Defaults(e)
	p.Moment = params.UsualMoment
}

func (p *columnParams) Bind() []params.Binding {
	return append([]params.Binding{params.Figure.To(&p.Mesure), params.Moment.To(&p.Moment)}, p.Question.Bind()...)
}

// Column answers /api/v1/acces.
func Column(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, a columnParams) (*reply.Reply, error) {
	// Keep one column for all the questions that give the same one.
	if a.Mesure != params.Ouvert {
		a.Moment = params.NoMoment
	}
	switch a.Mesure {
	case params.Classe, params.Agir:
	case params.Ouvert, params.Heures:
		a.Query.MinHours = 0
	case params.Minutes:
		if a.Query.MinHours = 0; a.Query.Mode != geo.Transit { // there the cut-off says what counts
			a.Query.Cutoff = coverage.DefaultCutoff
		}
	default:
		a.Query = s.DefaultQuery()
	}
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("acces", a), func(ctx context.Context) (*reply.Reply, error) {
		body, err := column(ctx, s, a)
		if err != nil {
			return nil, err
		}
		return reply.New(reply.TypeColumn, body)
	})
}

func column(ctx context.Context, s *snapshot.Snapshot, a columnParams) ([]byte, error) {
	switch a.Mesure {
	case params.IFN:
		return fragility(s), nil
	case params.Ouvert:
		return momentColumn(ctx, s, a.Query, a.Moment)
	}
	answer, err := s.AnswerTo(ctx, a.Query)
	if err != nil {
		return nil, err
	}
	if a.Mesure == params.Agir {
		return tenths(answer.Lacks().Rows), nil
	}
	rows := s.Rows(answer)
	switch a.Mesure {
	case params.Minutes:
		return tenths(rows.Minutes), nil
	case params.Heures:
		return tenths(rows.Hours), nil
	case params.Personnes:
		out := make([]byte, 0, 4*len(rows.People))
		for _, n := range rows.People {
			out = binary.LittleEndian.AppendUint32(out, uint32(n))
		}
		return out, nil
	}
	out := make([]byte, len(rows.Class))
	for i, c := range rows.Class {
		out[i] = ClassNumber[c]
	}
	return out, nil
}

// tenths writes values in tenths, rounded half up, as uint16; NaN is noValue.
func tenths(values []float64) []byte {
	out := make([]byte, 0, 2*len(values))
	for _, v := range values {
		n := uint16(NoValue)
		if !math.IsNaN(v) {
			n = uint16(min(NoValue-1, math.Round(10*v)))
		}
		out = binary.LittleEndian.AppendUint16(out, n)
	}
	return out
}

// fragility is the index of the commune that each cell is mostly in.
func fragility(s *snapshot.Snapshot) []byte {
	scores := figures.CommuneScores(s.Edition)
	values := make([]float64, len(s.Homes))
	for row, commune := range s.Homes {
		values[row] = scores[commune]
	}
	return tenths(values)
}
