package data

import (
	"context"
	"errors"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/scenario/timing"
)

// lieuHoursParams is the question of a lieu's hours, which is by timetable whatever the mode of
// the edition's own.
type lieuHoursParams struct {
	params.Question
	Limit int
}

func (p *lieuHoursParams) Defaults(e *edition.Edition) {
	p.Query, p.Limit = e.DefaultQuery().By(geo.Transit), params.UsualLimit
}

func (p *lieuHoursParams) Bind() []params.Binding {
	q := &p.Query
	return []params.Binding{params.Service.To(&q.Service), params.TransitMode.To(&q.Mode), params.CutoffOf(q), params.MinHours.To(&q.MinHours),
		params.Appointments.To(&q.Appointments), params.Limit.To(&p.Limit)}
}

// LieuHours answers /api/v1/lieux/{id}/horaires: which hours would suit the buses.
func LieuHours(ctx context.Context, s *snapshot.Snapshot, r *params.Request, a lieuHoursParams) (*reply.Reply, error) {
	nom, site, ok := siteNamed(s, r.Arg)
	switch {
	case !ok:
		return nil, unknownLieu(r.Arg)
	case site < 0:
		return nil, problem.New(problem.NotFound, "« %s » n'accueille personne, ou on ne sait pas où : aucune ouverture à déplacer.", problem.Quotable(nom))
	case !s.HasMode(geo.Transit):
		return nil, problem.New(problem.Parameter, "L'édition %s ne calcule pas le mode %s. %s", s.ID, geo.Transit, edition.NoTimetables)
	}
	type key struct {
		lieuHoursParams
		id string
	}
	return s.Cached(ctx, gate.Heavy, snapshot.KeyOf("lieu-horaires", key{a, r.Arg}), func(ctx context.Context) (*reply.Reply, error) {
		answer, err := s.AnswerTo(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		found, err := timing.Find(ctx, s.Engine(), answer, site)
		var unmovable *timing.Unmovable
		if errors.As(err, &unmovable) {
			return reply.JSON(reply.TypeJSON, timing.NewUnmovable(s.Edition, answer, site, unmovable))
		}
		if err != nil {
			return nil, err
		}
		return reply.JSON(reply.TypeJSON, timing.NewReport(s.Edition, answer, found, a.Limit))
	})
}
