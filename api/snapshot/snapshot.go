// Package snapshot is one edition that is served, with what requests need of it and what
// was computed of it for some question: answers, reports, replies, within bounds. It is
// immutable but for its caches, which die with it.
//
//	s.Cached(ctx, gate.Light, snapshot.KeyOf("gaps", p), func(ctx) …)   a reply, made once
//	snapshot.Once(s, func(s) T …)                                       a value of the edition
package snapshot

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"sync"

	"github.com/maypok86/otter/v2"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/tiles"
)

// Snapshot is one edition and all that requests need and that does not depend on
// the question. It is immutable but for its caches, which die with it.
type Snapshot struct {
	*edition.Edition
	Tiles      *tiles.Set
	Homes      []int32   // of every row of the pyramid, the commune it is mostly in
	SecteursOf [][]int32 // of every commune, positions in Division.Secteurs
	EPCINames  map[string]string
	Header     []string // X-Maillage-Edition
	once       sync.Map // see once

	gate    *gate.Gate // of the server
	answers *gate.Memo[coverage.Query, *edition.Answer]
	reports *gate.Memo[reportKey, *edition.GapReport]
	replies *gate.Memo[Key, *reply.Reply]
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

// Key names a reply: which route, and what was asked.
type Key struct {
	route string
	asked any
}

// KeyOf makes the key of a reply from all that makes it, which is comparable.
func KeyOf[P comparable](route string, asked P) Key { return Key{route, asked} }

type reportKey struct {
	query coverage.Query
	level admin.Type
}

func New(e *edition.Edition, g *gate.Gate) (*Snapshot, error) {
	s := &Snapshot{Edition: e, Header: []string{e.ID}, Homes: e.CellCommunes(), EPCINames: map[string]string{},
		gate: g}
	if len(e.Params.Modes) == 0 {
		return nil, errors.New("it was computed for no mode")
	}
	var err error
	if s.Tiles, err = tiles.New(e); err != nil {
		return nil, err
	}
	if s.answers, err = gate.NewMemo(g, &otter.Options[coverage.Query, *edition.Answer]{MaximumSize: maxAnswers}); err != nil {
		return nil, err
	}
	if s.reports, err = gate.NewMemo(g, &otter.Options[reportKey, *edition.GapReport]{MaximumSize: maxReports}); err != nil {
		return nil, err
	}
	if s.replies, err = gate.NewMemo(g, &otter.Options[Key, *reply.Reply]{MaximumWeight: maxReplyBytes,
		Weigher: func(_ Key, r *reply.Reply) uint32 { return uint32(r.Weight()) }}); err != nil {
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
		s.EPCINames[c.Code] = c.Nom
	}
	s.SecteursOf = make([][]int32, len(e.Division.Communes))
	for i, secteur := range e.Division.Secteurs {
		for _, code := range secteur.Communes {
			if c, ok := e.Division.Commune(code); ok {
				s.SecteursOf[c] = append(s.SecteursOf[c], int32(i))
			}
		}
	}
	return s, nil
}

// Once gives the value of a type that is made of the edition when somebody first asks, and
// kept as long as it.
func Once[T any](s *Snapshot, build func(*Snapshot) T) T {
	known, _ := s.once.LoadOrStore(reflect.TypeFor[T](), sync.OnceValue(func() T { return build(s) }))
	return known.(func() T)()
}

// Recorded is the record of the edition.
func (s *Snapshot) Recorded() *edition.Record {
	return Once(s, func(s *Snapshot) *edition.Record { return s.Record() })
}

// Engine evaluates scenarios on the edition.
func (s *Snapshot) Engine() *scenario.Engine {
	return Once(s, func(s *Snapshot) *scenario.Engine { return scenario.NewEngine(s.Edition) })
}

// Do runs what is computed for a client alone, in a turn.
func (s *Snapshot) Do(ctx context.Context, class gate.Class, do func(context.Context) error) error {
	return s.gate.Do(ctx, class, do)
}

// Collections gives the tables of the edition for OGC API, made by load.
func (s *Snapshot) Collections(ctx context.Context, load func(*Snapshot) ([]*ogc.Collection, error)) ([]*ogc.Collection, error) {
	return s.layers.Get(ctx, gate.Light, "", func(context.Context) ([]*ogc.Collection, error) { return load(s) })
}

// Cached gives the reply of a key, made at most once at a time, in a turn.
func (s *Snapshot) Cached(ctx context.Context, class gate.Class, key Key, build func(context.Context) (*reply.Reply, error)) (*reply.Reply, error) {
	return s.replies.Get(ctx, class, key, build)
}

// AtOnce gives the reply of a key that takes less to make than a turn takes to come.
func (s *Snapshot) AtOnce(key Key, build func() (*reply.Reply, error)) (*reply.Reply, error) {
	return s.replies.Now(key, build)
}

// AnswerTo gives the answer to a question. Only the classes depend on the hours
// that are required, so answers are kept without them.
func (s *Snapshot) AnswerTo(ctx context.Context, q coverage.Query) (*edition.Answer, error) {
	base := q
	base.MinHours = 0
	a, err := s.answers.Get(ctx, gate.Light, base, func(context.Context) (*edition.Answer, error) { return s.Answer(base), nil })
	if err != nil {
		return nil, fmt.Errorf("answer: %w", err)
	}
	return a.WithMinHours(q.MinHours), nil
}

// ReportOf gives the gap analysis of a whole level.
func (s *Snapshot) ReportOf(ctx context.Context, q coverage.Query, level admin.Type) (*edition.GapReport, error) {
	return s.reports.Get(ctx, gate.Light, reportKey{q, level}, func(ctx context.Context) (*edition.GapReport, error) {
		a, err := s.AnswerTo(ctx, q)
		if err != nil {
			return nil, err
		}
		r, err := s.Gaps(a, edition.Scope{Level: level})
		if err != nil {
			return nil, err
		}
		r.TellBus(a)
		return r, nil
	})
}

// Within tells what is in a territoire; nil for everywhere.
func (s *Snapshot) Within(ref admin.Ref) (*coverage.Inside, error) {
	if ref == (admin.Ref{}) {
		return nil, nil
	}
	t, err := s.Territoire(ref)
	if err != nil {
		return nil, err
	}
	return s.Residents.Inside(&t), nil
}

// Week gives the week of a question, whatever the hours that are required.
func (s *Snapshot) Week(ctx context.Context, q coverage.Query) (*figures.Week, error) {
	q.MinHours = 0
	return s.weeks.Get(ctx, gate.Light, q, func(context.Context) (*figures.Week, error) { return figures.NewWeek(s.Edition, q), nil })
}

// maxBases bounds the questions prepared for scenarios: 30 MB each for a département.
const maxBases = 6

// Base is the answer to a question, prepared for changes.
func (s *Snapshot) Base(ctx context.Context, q coverage.Query) (*scenario.Base, error) {
	return s.bases.Get(ctx, gate.Heavy, q, func(context.Context) (*scenario.Base, error) { return s.Engine().Base(q) })
}

// Ref is a territoire that was asked for, or the whole département.
func (s *Snapshot) Ref(asked admin.Ref) admin.Ref {
	if asked != (admin.Ref{}) {
		return asked
	}
	for _, t := range s.Division.Territoires(admin.TypeDepartement) {
		return t.Ref
	}
	return asked
}

// Territoire finds a territoire of the edition.
func (s *Snapshot) Territoire(ref admin.Ref) (admin.Territoire, error) {
	t, ok := s.Division.Find(ref)
	if !ok {
		return t, &edition.UnknownTerritoireError{Ref: ref}
	}
	return t, nil
}

// RowOf finds a territoire, the report of its level, and its row there.
func (s *Snapshot) RowOf(ctx context.Context, q coverage.Query, ref admin.Ref) (t admin.Territoire, report *edition.GapReport, at int, err error) {
	if t, err = s.Territoire(ref); err != nil {
		return t, nil, 0, err
	}
	if report, err = s.ReportOf(ctx, q, ref.Type); err != nil {
		return t, nil, 0, err
	}
	at = slices.IndexFunc(report.Territoires, func(r edition.GapRow) bool { return r.Code == ref.Code })
	if at < 0 {
		err = &edition.UnknownTerritoireError{Ref: ref}
	}
	return t, report, at, err
}
