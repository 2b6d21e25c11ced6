package data

import (
	"context"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// BandsJSON is the people of a territoire by band of each figure that the map shows, counted
// where they live: a cell of the map has the mean of its people, and its colour is not that
// of all of them. See [figures.ByTime], [figures.ByHours] and [figures.ByFragility].
type BandsJSON struct {
	Edition    string            `json:"edition"`
	Params     edition.QueryJSON `json:"params"`
	Territoire string            `json:"territoire"`
	Population int               `json:"population"`
	Minutes    bandsOf           `json:"minutes"`
	Hours      bandsOf           `json:"heures"`
	Index      bandsOf           `json:"ifn"`
}

// bandsOf are people by band; with those of none, they add up to the population.
type bandsOf struct {
	Bounds  []float64 `json:"bounds"`
	People  []int     `json:"people"` // one more than bounds
	Unknown int       `json:"unknown"`
	Nothing int       `json:"nothing,omitempty"` // of hours: those of the zones blanches
}

// Bands answers /api/v1/repartition.
func Bands(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, a params.QuestionIn) (*reply.Reply, error) {
	a.Within = s.Ref(a.Within)
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("repartition", a), func(ctx context.Context) (*reply.Reply, error) {
		t, err := s.Territoire(a.Within)
		if err != nil {
			return nil, err
		}
		answer, err := s.AnswerTo(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		of := func(b figures.Bands, far int) bandsOf { return bandsOf{b.Bounds, b.People, b.Apart, far} }
		return reply.JSON(reply.TypeJSON, BandsJSON{s.ID, s.QueryJSON(a.Query), a.Within.String(), t.Population,
			of(figures.ByTime(s.Edition, answer, t), 0), of(figures.ByHours(s.Edition, answer, t)), of(figures.ByFragility(s.Edition, t), 0)})
	})
}
