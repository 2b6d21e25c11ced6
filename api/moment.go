package api

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/maypok86/otter/v2"

	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// momentJSON says who can reach an open lieu at a moment of the week, and over the whole
// week. The four-week cycle of tours makes that some weeks differ.
type momentJSON struct {
	Edition     string            `json:"edition"`
	Params      edition.QueryJSON `json:"params"`
	Moment      string            `json:"moment"`
	People      momentPeople      `json:"people"`
	Territoires []momentRow       `json:"territoires"`
	Week        momentWeek        `json:"week"`
	Modelled    []string          `json:"modelled"`
}

// momentPeople add up to the population.
type momentPeople struct {
	Ouvert  int `json:"ouvert"`  // a lieu within reach is open, every week
	Parfois int `json:"parfois"` // in some weeks of the cycle
	Inconnu int `json:"inconnu"` // none known to be open; the hours of one at least are unknown
	Ferme   int `json:"ferme"`   // all within reach are known to be closed
	Aucun   int `json:"aucun"`   // no lieu within reach
}

type momentRow struct {
	Type   admin.Type   `json:"type"`
	Code   string       `json:"code"`
	Nom    string       `json:"nom"`
	People momentPeople `json:"people"`
}

// momentWeek is people by half-hour, from Monday 00:00.
type momentWeek struct {
	StepMin int   `json:"step_min"`
	Ouvert  []int `json:"ouvert"`
	Parfois []int `json:"parfois"`
}

func newMomentPeople(n figures.Moments) momentPeople {
	return momentPeople{n[access.EveryWeek], n[access.SomeWeeks], n[access.MaybeOpen], n[access.Closed], n[access.OutOfReach]}
}

// defaultMoment is Wednesday at half past five in the afternoon: after work and school.
const defaultMoment = 2*lieu.SlotsPerDay + 17*lieu.SlotsPerHour + halfHour

const halfHour = 30 / lieu.SlotMinutes // slots

// parseMoment reads a day of the week (1: Monday) and an hour, as 3T17:30; the quarter of
// an hour that holds it counts.
func parseMoment(text string) (slot int, ok bool) {
	day, hour, found := strings.Cut(text, "T")
	h, m, split := strings.Cut(hour, ":")
	d, err1 := strconv.Atoi(day)
	hh, err2 := strconv.Atoi(h)
	mm, err3 := strconv.Atoi(m)
	if !found || !split || err1 != nil || err2 != nil || err3 != nil || len(day) != 1 || len(h) != 2 || len(m) != 2 || d < 1 || d > 7 || hh < 0 || hh > 23 || mm < 0 || mm > 59 {
		return 0, false
	}
	return (d-1)*lieu.SlotsPerDay + (60*hh+mm)/lieu.SlotMinutes, true
}

func momentText(slot int) string {
	minutes := slot % lieu.SlotsPerDay * lieu.SlotMinutes
	return fmt.Sprintf("%dT%02d:%02d", slot/lieu.SlotsPerDay+1, minutes/60, minutes%60)
}

// week gives the week of a question, whatever the hours that are required.
func (s *snapshot) week(ctx context.Context, q coverage.Query) (*figures.Week, error) {
	q.MinHours = 0
	return s.weeks.Get(ctx, q, otter.LoaderFunc[coverage.Query, *figures.Week](
		func(_ context.Context, q coverage.Query) (*figures.Week, error) {
			return figures.NewWeek(s.Edition, q), nil
		}))
}

// getMoment answers /api/v1/moment.
func getMoment(ctx context.Context, s *snapshot, r *request) (*reply, error) {
	a := asked{Query: r.asked.Query, Level: r.asked.Level, Moment: r.asked.Moment}
	a.Query.MinHours = 0
	return s.cached(ctx, replyKey{route: "moment", asked: a}, func(ctx context.Context) (*reply, error) {
		w, err := s.week(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		out := momentJSON{Edition: s.ID, Params: edition.NewQueryJSON(a.Query), Moment: momentText(a.Moment), People: newMomentPeople(w.Whole(a.Moment)),
			Territoires: []momentRow{}, Week: momentWeek{StepMin: 30}, Modelled: s.ModelledSentences()}
		for slot := 0; slot < lieu.SlotsPerWeek; slot += halfHour {
			people := w.Whole(slot)
			out.Week.Ouvert = append(out.Week.Ouvert, people[access.EveryWeek])
			out.Week.Parfois = append(out.Week.Parfois, people[access.SomeWeeks])
		}
		territoires := s.Division.Territoires(a.Level)
		for i, people := range w.Of(territoires, a.Moment) {
			t := &territoires[i]
			out.Territoires = append(out.Territoires, momentRow{t.Type, t.Code, t.Nom, newMomentPeople(people)})
		}
		return jsonReply(typeJSON, out)
	})
}

// momentNames are the keys of momentPeople.
var momentNames = [access.NumMoments]string{access.EveryWeek: "ouvert", access.SomeWeeks: "parfois", access.MaybeOpen: "inconnu", access.Closed: "ferme", access.OutOfReach: "aucun"}

// momentNumber is how the column "ouvert" numbers the states; 0: nobody lives there.
var momentNumber = [access.NumMoments]uint8{access.EveryWeek: 1, access.SomeWeeks: 2, access.MaybeOpen: 3, access.Closed: 4, access.OutOfReach: 5}

// momentColumn is the state of most people of every row; of states that are as many, the
// one that helps least.
func (s *snapshot) momentColumn(ctx context.Context, q coverage.Query, slot int) ([]byte, error) {
	w, err := s.week(ctx, q)
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
