package data

import (
	"context"
	"time"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// momentJSON says who can reach an open lieu at a moment of the week, and over the whole
// week. The four-week cycle of tours makes that some weeks differ.
type momentJSON struct {
	Edition     string            `json:"edition"`
	Params      edition.QueryJSON `json:"params"`
	Moment      string            `json:"moment"`
	People      MomentPeople      `json:"people"`
	Dates       []momentDate      `json:"dates,omitempty"` // of the reference weeks of timetables; absent by streets
	Territoires []MomentRow       `json:"territoires"`
	Week        MomentWeek        `json:"week"`
	Modelled    []string          `json:"modelled"`
}

// momentDate is a date that a moment falls on, and who finds an open lieu then.
type momentDate struct {
	Date   string `json:"date"`
	Ouvert int    `json:"ouvert"`
}

func momentDates(w *figures.Week, slot int) (dates []momentDate) {
	for _, d := range w.Dates(slot) {
		dates = append(dates, momentDate{d.Date.Format(time.DateOnly), d.People})
	}
	return dates
}

// MomentPeople add up to the population.
type MomentPeople struct {
	Ouvert  int `json:"ouvert"`  // a lieu within reach is open, every week
	Parfois int `json:"parfois"` // in some weeks of the cycle
	Inconnu int `json:"inconnu"` // none known to be open; the hours of one at least are unknown
	Ferme   int `json:"ferme"`   // all within reach are known to be closed
	Aucun   int `json:"aucun"`   // no lieu within reach
}

type MomentRow struct {
	Type   admin.Type   `json:"type"`
	Code   string       `json:"code"`
	Nom    string       `json:"nom"`
	People MomentPeople `json:"people"`
}

// MomentWeek is people by half-hour, from Monday 00:00.
type MomentWeek struct {
	StepMin int   `json:"step_min"`
	Ouvert  []int `json:"ouvert"`
	Parfois []int `json:"parfois"`
}

func newMomentPeople(n figures.Moments) MomentPeople {
	return MomentPeople{n[access.EveryWeek], n[access.SomeWeeks], n[access.MaybeOpen], n[access.Closed], n[access.OutOfReach]}
}

const halfHour = 30 / lieu.SlotMinutes // slots

// momentParams ask no hours a week: a moment is not a week.
type momentParams struct {
	Query  coverage.Query
	Level  admin.Type
	Moment int
}

func (p *momentParams) Defaults(e *edition.Edition) {
	*p = momentParams{e.DefaultQuery(), admin.TypeCommune, params.UsualMoment}
	p.Query.MinHours = 0
}

func (p *momentParams) Bind() []params.Binding {
	return []params.Binding{params.Moment.To(&p.Moment), params.Level.To(&p.Level), params.Service.To(&p.Query.Service), params.ModeOf(&p.Query), params.CutoffOf(&p.Query), params.Appointments.To(&p.Query.Appointments)}
}

// Moment answers /api/v1/moment.
func Moment(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, a momentParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("moment", a), func(ctx context.Context) (*reply.Reply, error) {
		w, err := s.Week(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		out := momentJSON{Edition: s.ID, Params: s.QueryJSON(a.Query), Moment: params.MomentText(a.Moment), People: newMomentPeople(w.Whole(a.Moment)), Dates: momentDates(w, a.Moment),
			Territoires: []MomentRow{}, Week: MomentWeek{StepMin: 30}, Modelled: s.ModelledSentences()}
		for slot := 0; slot < lieu.SlotsPerWeek; slot += halfHour {
			people := w.Whole(slot)
			out.Week.Ouvert = append(out.Week.Ouvert, people[access.EveryWeek])
			out.Week.Parfois = append(out.Week.Parfois, people[access.SomeWeeks])
		}
		territoires := s.Division.Territoires(a.Level)
		for i, people := range w.Of(territoires, a.Moment) {
			t := &territoires[i]
			out.Territoires = append(out.Territoires, MomentRow{t.Type, t.Code, t.Nom, newMomentPeople(people)})
		}
		return reply.JSON(reply.TypeJSON, out)
	})
}

// momentNames are the keys of momentPeople; momentNumber is how the column "ouvert" numbers
// the states, 0: nobody lives there.
var momentNames, momentNumber = func() (names [access.NumMoments]string, numbers [access.NumMoments]uint8) {
	for i, row := range legend.Moments {
		names[row.Moment], numbers[row.Moment] = row.Name, uint8(i+1)
	}
	return names, numbers
}()

// momentColumn is the state of most people of every row; of states that are as many, the
// one that helps least.
func momentColumn(ctx context.Context, s *snapshot.Snapshot, q coverage.Query, slot int) ([]byte, error) {
	w, err := s.Week(ctx, q)
	if err != nil {
		return nil, err
	}
	states, known := w.Column(slot)
	out := make([]byte, len(states))
	for row, state := range states {
		if known[row] {
			out[row] = momentNumber[state]
		}
	}
	return out, nil
}
