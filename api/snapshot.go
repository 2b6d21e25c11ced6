package api

import (
	"context"
	"errors"
	"fmt"
	"runtime"
	"sync"

	"github.com/maypok86/otter/v2"

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
	ogc      func() ([]*ogc.Collection, error)

	answers *otter.Cache[coverage.Query, *edition.Answer]
	reports *otter.Cache[reportKey, *edition.GapReport]
	replies *otter.Cache[replyKey, *reply]
	bases   *otter.Cache[coverage.Query, *scenario.Base]
	weeks   *otter.Cache[coverage.Query, *figures.Week]
	// turns bounds the replies computed at once: more than the processors would
	// only make each of them later.
	turns chan struct{}
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

func newSnapshot(e *edition.Edition) (*snapshot, error) {
	s := &snapshot{Edition: e, header: []string{e.ID}, home: e.Home(), epci: map[string]string{},
		record: sync.OnceValue(e.Record), engine: sync.OnceValue(func() *scenario.Engine { return scenario.NewEngine(e) }), turns: make(chan struct{}, runtime.GOMAXPROCS(0))}
	s.ogc = sync.OnceValues(s.collections)
	if len(e.Params.Modes) == 0 {
		return nil, errors.New("it was computed for no mode")
	}
	var err error
	if s.tiles, err = tiles.New(e); err != nil {
		return nil, err
	}
	if s.answers, err = otter.New(&otter.Options[coverage.Query, *edition.Answer]{MaximumSize: maxAnswers}); err != nil {
		return nil, err
	}
	if s.reports, err = otter.New(&otter.Options[reportKey, *edition.GapReport]{MaximumSize: maxReports}); err != nil {
		return nil, err
	}
	if s.replies, err = otter.New(&otter.Options[replyKey, *reply]{MaximumWeight: maxReplyBytes,
		Weigher: func(_ replyKey, r *reply) uint32 { return uint32(r.weight()) }}); err != nil {
		return nil, err
	}
	if s.bases, err = otter.New(&otter.Options[coverage.Query, *scenario.Base]{MaximumSize: maxBases}); err != nil {
		return nil, err
	}
	if s.weeks, err = otter.New(&otter.Options[coverage.Query, *figures.Week]{MaximumSize: maxWeeks}); err != nil {
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

// cached gives the reply of a key, made at most once at a time.
func (s *snapshot) cached(ctx context.Context, key replyKey, build func(context.Context) (*reply, error)) (*reply, error) {
	if r, ok := s.replies.GetIfPresent(key); ok {
		return r, nil
	}
	end, err := s.turn(ctx)
	if err != nil {
		return nil, err
	}
	defer end()
	// Others may be waiting for this reply, so it is finished even if this client leaves.
	return s.replies.Get(context.WithoutCancel(ctx), key, otter.LoaderFunc[replyKey, *reply](
		func(ctx context.Context, _ replyKey) (*reply, error) { return build(ctx) }))
}

// answer gives the answer to a question. Only the classes depend on the hours
// that are required, so answers are kept without them.
func (s *snapshot) answer(ctx context.Context, q coverage.Query) (*edition.Answer, error) {
	base := q
	base.MinHours = 0
	a, err := s.answers.Get(ctx, base, otter.LoaderFunc[coverage.Query, *edition.Answer](
		func(_ context.Context, q coverage.Query) (*edition.Answer, error) { return s.Answer(q), nil }))
	if err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return a.WithMinHours(q.MinHours), nil
}

// report gives the gap analysis of a whole level.
func (s *snapshot) report(ctx context.Context, q coverage.Query, level admin.Type) (*edition.GapReport, error) {
	return s.reports.Get(ctx, reportKey{q, level}, otter.LoaderFunc[reportKey, *edition.GapReport](
		func(ctx context.Context, key reportKey) (*edition.GapReport, error) {
			a, err := s.answer(ctx, key.query)
			if err != nil {
				return nil, err
			}
			return s.Gaps(a, edition.Scope{Level: key.level})
		}))
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
