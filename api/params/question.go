package params

import (
	"net/url"

	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// Question is the question that most endpoints answer; the edition's own by default.
type Question struct{ Query coverage.Query }

// Defaults is the edition's own question.
func (q *Question) Defaults(e *edition.Edition) { q.Query = e.DefaultQuery() }

// Bind accepts service, mode, cutoff, min_hours and rendez_vous.
func (q *Question) Bind() []Binding {
	return []Binding{Service.To(&q.Query.Service), ModeOf(&q.Query), CutoffOf(&q.Query), MinHours.To(&q.Query.MinHours), Appointments.To(&q.Query.Appointments)}
}

// ModeOf asks a question of another mode, before its thresholds are read: timetables have
// theirs.
func ModeOf(q *coverage.Query) Binding {
	b := Mode.To(&q.Mode)
	return Binding{b.row, func(value string) bool {
		own := *q
		if !b.read(value) {
			return false
		}
		*q = own.By(q.Mode)
		return true
	}, b.check}
}

// CutoffOf asks a question of another cut-off, which must be one that its mode has.
func CutoffOf(q *coverage.Query) Binding {
	b := Cutoff.To(&q.Cutoff)
	b.check = func(*edition.Edition) error {
		if q.CheckStep() == nil {
			return nil
		}
		step := q.Mode.Step()
		return problem.New(problem.Parameter, "Le paramètre « %s » vaut « %s » ; %s, il faut un multiple de %s minutes, de %[4]s à %s : les horaires sont cherchés de %[4]s en %[4]s minutes.",
			Cutoff.Name, PlainNumber(q.Cutoff.Minutes()), q.Mode.Phrase(), PlainNumber(step.Minutes()), PlainNumber(access.Horizon.Minutes()))
	}
	return b
}

// Values writes a question as parameters, without what is the edition's own.
func (q Question) Values(e *edition.Edition) url.Values {
	out, own, asked := url.Values{}, e.DefaultQuery(), q.Query
	thresholds := own.By(asked.Mode)
	if asked.Service != own.Service {
		out.Set(Service.Name, asked.Service.String())
	}
	if asked.Mode != own.Mode {
		out.Set(Mode.Name, asked.Mode.String())
	}
	if asked.Cutoff != thresholds.Cutoff {
		out.Set(Cutoff.Name, PlainNumber(asked.Cutoff.Minutes()))
	}
	if asked.MinHours != thresholds.MinHours {
		out.Set(MinHours.Name, PlainNumber(asked.MinHours))
	}
	if asked.Appointments {
		out.Set(Appointments.Name, "oui")
	}
	return out
}

// QuestionIn is a question about a territoire, or about everywhere.
type QuestionIn struct {
	Question
	Within admin.Ref // zero: everywhere
}

// Bind accepts the question and territoire.
func (q *QuestionIn) Bind() []Binding { return append(q.Question.Bind(), Within.To(&q.Within)) }
