package api

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/maypok86/otter/v2"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/tiles"
)

// snapshot is one edition and all that requests need and that does not depend on
// the question. It is immutable but for its caches, which die with it.
type snapshot struct {
	*edition.Edition
	tiles    *tiles.Set
	home     []int32   // of every row of the pyramid, the commune it is mostly in
	secteurs [][]int32 // of every commune, positions in Division.Secteurs
	epci     map[string]string
	lieux    []feature // in order: lieux with a position, then stops
	about    *reply    // /api/v1/edition
	header   []string  // X-Maillage-Edition
	record   func() *edition.Record
	engine   func() *scenario.Engine

	gate    *gate.Gate // of the server
	answers *gate.Memo[coverage.Query, *edition.Answer]
	reports *gate.Memo[reportKey, *edition.GapReport]
	replies *gate.Memo[replyKey, *reply]
	bases   *gate.Memo[coverage.Query, *scenario.Base]
	weeks   *gate.Memo[coverage.Query, *figures.Week]
	layers  *gate.Memo[string, []*ogc.Collection] // by nothing: there is one
}

// Bounds of the caches of one snapshot. An answer of a département is half a
// megabyte, a report of its communes as much.
const (
	maxAnswers    = 64
	maxReports    = 32
	maxReplyBytes = 64 << 20
	maxWeeks      = 8
)

// replyKey names a reply: which route, and what was asked.
type replyKey struct {
	route string
	asked any
}

// keyOf makes the key of a reply from all that makes it, which is comparable.
func keyOf[P comparable](route string, asked P) replyKey { return replyKey{route, asked} }

type reportKey struct {
	query coverage.Query
	level admin.Type
}

func newSnapshot(e *edition.Edition, g *gate.Gate) (*snapshot, error) {
	s := &snapshot{Edition: e, header: []string{e.ID}, home: e.CellCommunes(), epci: map[string]string{},
		record: sync.OnceValue(e.Record), engine: sync.OnceValue(func() *scenario.Engine { return scenario.NewEngine(e) }), gate: g}
	if len(e.Params.Modes) == 0 {
		return nil, errors.New("it was computed for no mode")
	}
	var err error
	if s.tiles, err = tiles.New(e); err != nil {
		return nil, err
	}
	if s.answers, err = gate.NewMemo(g, &otter.Options[coverage.Query, *edition.Answer]{MaximumSize: maxAnswers}); err != nil {
		return nil, err
	}
	if s.reports, err = gate.NewMemo(g, &otter.Options[reportKey, *edition.GapReport]{MaximumSize: maxReports}); err != nil {
		return nil, err
	}
	if s.replies, err = gate.NewMemo(g, &otter.Options[replyKey, *reply]{MaximumWeight: maxReplyBytes,
		Weigher: func(_ replyKey, r *reply) uint32 { return uint32(r.weight()) }}); err != nil {
		return nil, err
	}
	if s.bases, err = gate.NewMemo(g, &otter.Options[coverage.Query, *scenario.Base]{MaximumSize: maxBases}); err != nil {
		return nil, err
	}
	if s.weeks, err = gate.NewMemo(g, &otter.Options[coverage.Query, *figures.Week]{MaximumSize: maxWeeks}); err != nil {
		return nil, err
	}
	if s.layers, err = gate.NewMemo(g, &otter.Options[string, []*ogc.Collection]{MaximumSize: 1}); err != nil {
		return nil, err
	}
	for _, c := range e.Division.EPCI {
		s.epci[c.Code] = c.Nom
	}
	s.secteurs = make([][]int32, len(e.Division.Communes))
	for i, secteur := range e.Division.Secteurs {
		for _, code := range secteur.Communes {
			if c, ok := e.Division.Commune(code); ok {
				s.secteurs[c] = append(s.secteurs[c], int32(i))
			}
		}
	}
	s.lieux = features(e)
	if s.about, err = jsonReply(typeJSON, describe(e)); err != nil {
		return nil, err
	}
	return s, nil
}

// cached gives the reply of a key, made at most once at a time, in a turn.
func (s *snapshot) cached(ctx context.Context, class gate.Class, key replyKey, build func(context.Context) (*reply, error)) (*reply, error) {
	return s.replies.Get(ctx, class, key, build)
}

// atOnce gives the reply of a key that takes less to make than a turn takes to come.
func (s *snapshot) atOnce(key replyKey, build func() (*reply, error)) (*reply, error) {
	return s.replies.Now(key, build)
}

// answer gives the answer to a question. Only the classes depend on the hours
// that are required, so answers are kept without them.
func (s *snapshot) answer(ctx context.Context, q coverage.Query) (*edition.Answer, error) {
	base := q
	base.MinHours = 0
	a, err := s.answers.Get(ctx, gate.Light, base, func(context.Context) (*edition.Answer, error) { return s.Answer(base), nil })
	if err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return a.WithMinHours(q.MinHours), nil
}

// report gives the gap analysis of a whole level.
func (s *snapshot) report(ctx context.Context, q coverage.Query, level admin.Type) (*edition.GapReport, error) {
	return s.reports.Get(ctx, gate.Light, reportKey{q, level}, func(ctx context.Context) (*edition.GapReport, error) {
		a, err := s.answer(ctx, q)
		if err != nil {
			return nil, err
		}
		return s.Gaps(a, edition.Scope{Level: level})
	})
}

// within is the set of communes of a territoire, by position; nil for everywhere.
func (s *snapshot) within(ref admin.Ref) ([]bool, error) {
	if ref == (admin.Ref{}) {
		return nil, nil
	}
	t, err := s.territoire(ref)
	if err != nil {
		return nil, err
	}
	return s.member(t), nil
}

// member is the set of communes of a territoire, by position.
func (s *snapshot) member(t admin.Territoire) []bool {
	member := make([]bool, len(s.Division.Communes))
	for _, c := range t.Communes {
		member[c] = true
	}
	return member
}
