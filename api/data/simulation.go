package data

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"net/http"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

// SimulationJSON is a difference, and what the map recolours.
type SimulationJSON struct {
	*scenario.Difference
	Map mapChange `json:"map"`
	// GainedWho and LostWho are the publics of the people whose class gets better, or worse, in French,
	// as after "dont"; absent when there are none, or nothing is known of them.
	GainedWho string `json:"gained_publics_sentence,omitempty"`
	LostWho   string `json:"lost_publics_sentence,omitempty"`
}

// mapChange is the rows of the pyramid whose class changes, ascending, with the classes
// as the column "classe" numbers them.
type mapChange struct {
	Rows   []int32 `json:"rows"`
	Before []int32 `json:"before"` // not bytes: JSON would write base64
	After  []int32 `json:"after"`
}

type simulationParams struct {
	params.Question
	WithoutCells bool // cell by cell is not wanted
}

func (p *simulationParams) Bind() []params.Binding {
	return append(p.Question.Bind(), params.WithoutCells.To(&p.WithoutCells))
}

// Simulation says what the scenario in the body of a request would change. It changes
// nothing, and is open to all: it is a reading that needs a body.
func Simulation(ctx context.Context, s *snapshot.Snapshot, r *http.Request) ([]byte, error) {
	a, err := params.Read[simulationParams](r.URL.RawQuery, s.Edition)
	if err != nil {
		return nil, err
	}
	plan, err := desk.ReadScenario(r)
	if err != nil {
		return nil, err
	}
	d, err := Simulate(ctx, s, a.Query, plan)
	if err != nil {
		return nil, err
	}
	if a.WithoutCells {
		d.Cells = []scenario.CellChange{}
	}
	body, err := json.Marshal(d)
	return append(body, '\n'), err
}

// lightPlan is how many places a scenario that is light to evaluate has: what a hand
// draws, and drags.
const lightPlan = 20

func Simulate(ctx context.Context, s *snapshot.Snapshot, q coverage.Query, plan *scenario.Scenario) (out *SimulationJSON, err error) {
	base, err := s.Base(ctx, q)
	if err != nil {
		return nil, err
	}
	class, places := gate.Light, len(plan.Actions)
	for i := range plan.Actions {
		places += len(plan.Actions[i].Stops)
	}
	if places > lightPlan {
		class = gate.Heavy
	}
	err = s.Do(ctx, class, func(ctx context.Context) error {
		d, err := base.Evaluate(ctx, plan)
		if err != nil {
			return desk.ScenarioProblem(err)
		}
		answer, err := s.AnswerTo(ctx, q)
		if err != nil {
			return err
		}
		out = &SimulationJSON{d, newMapChange(figures.Recolour(s.Edition, answer, d.Parts)), french.Who(d.Gained.Publics), french.Who(d.Lost.Publics)}
		return nil
	})
	return out, err
}

func newMapChange(rows []figures.RowChange) mapChange {
	m := mapChange{Rows: make([]int32, len(rows)), Before: make([]int32, len(rows)), After: make([]int32, len(rows))}
	for i, r := range rows {
		m.Rows[i], m.Before[i], m.After[i] = r.Row, int32(ClassNumber[r.Before]), int32(ClassNumber[r.After])
	}
	return m
}

// GainsJSON is where one more lieu would help most.
type GainsJSON struct {
	Edition    string            `json:"edition"`
	Params     edition.QueryJSON `json:"params"`
	Services   []string          `json:"services"`
	Horaires   string            `json:"horaires"`
	Resolution int               `json:"resolution"`
	Counted    int               `json:"counted"` // places looked at
	Modelled   []string          `json:"modelled"`
	Knowing    []edition.AskJSON `json:"knowing"` // what could be had before anything is built
	Places     []gainJSON        `json:"places"`
}

type gainJSON struct {
	Rank        int     `json:"rank"`
	Lon         float64 `json:"lon"`
	Lat         float64 `json:"lat"`
	Commune     string  `json:"commune"`
	Nom         string  `json:"nom"`
	Cell        string  `json:"cell,omitempty"` // absent: the chef-lieu
	Stands      string  `json:"stands"`
	Building    string  `json:"stands_nom,omitempty"` // the name of the building or stop
	Covered     int     `json:"covered"`
	FromBlanche int     `json:"from_blanche"`
	HoursPeople float64 `json:"hours_people"`
	whoJSON             // those of covered
}

// gainResolution is the resolution of the places that are looked at: a lieu per some
// 0.7 km², which nobody plans more finely than.
const gainResolution = 8

type gainsParams struct {
	params.Question
	Offered offered
	Limit   int // rows wanted
	Format  params.Format
}

func (p *gainsParams) Defaults(e *edition.Edition) {
	p.Question.Defaults(e)
	p.Offered, p.Limit = fullOffer(), params.UsualLimit
}

func (p *gainsParams) Bind() []params.Binding {
	return append([]params.Binding{params.Offered.To(&p.Offered.Services), params.Horaires.To(&p.Offered.Horaires), params.Limit.To(&p.Limit), params.GainsFormat.To(&p.Format)},
		p.Question.Bind()...)
}

// Gains answers /api/v1/gains.
func Gains(ctx context.Context, s *snapshot.Snapshot, _ *params.Request, a gainsParams) (*reply.Reply, error) {
	return s.Cached(ctx, gate.Heavy, snapshot.KeyOf("gains", a), func(ctx context.Context) (*reply.Reply, error) {
		base, err := s.Base(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		offered, err := a.Offered.read()
		if err != nil {
			return nil, err
		}
		resolution := min(gainResolution, s.Params.Resolution)
		places, err := gainPlaces(s, a, resolution)
		if err != nil {
			return nil, err
		}
		gains, err := siting.Gains(ctx, base, places, offered, nil)
		if err != nil {
			return nil, err
		}
		if a.Format == params.Column {
			column := figures.GainColumn(s.Edition, resolution, places, gains)
			body := make([]byte, 0, 4*len(column))
			for _, v := range column {
				body = binary.LittleEndian.AppendUint32(body, v)
			}
			return reply.New(reply.TypeColumn, body)
		}
		out := GainsJSON{Edition: s.ID, Params: s.QueryJSON(a.Query), Services: a.Offered.names(), Horaires: a.Offered.Horaires,
			Resolution: resolution, Counted: len(places), Modelled: s.ModelledSentences(), Knowing: base.Knowing(), Places: []gainJSON{}}
		best := figures.BestGains(gains)
		best = best[:min(a.Limit, len(best))]
		whom, err := siting.Who(ctx, base, figures.Pick(places, best), offered)
		if err != nil {
			return nil, err
		}
		for k, i := range best {
			p, g := places[i], gains[i]
			commune := s.Division.Communes[p.Commune]
			row := gainJSON{Rank: len(out.Places) + 1, Lon: p.At.Lon, Lat: p.At.Lat, Commune: commune.Code, Nom: commune.Nom, Stands: string(p.Stands), Building: p.Nom, Covered: g.Covered,
				FromBlanche: g.FromBlanche, HoursPeople: float64(g.SlotPeople) / lieu.SlotsPerHour / lieu.WeeksPerCycle}
			row.whoJSON = who(whom[k])
			if p.Cell != 0 {
				row.Cell = p.Cell.String()
			}
			out.Places = append(out.Places, row)
		}
		return reply.JSON(reply.TypeJSON, out)
	})
}

// gainPlaces are the places that are looked at: for a column one in each inhabited cell, for a
// list those where a lieu could be by the mode, chefs-lieux among them.
func gainPlaces(s *snapshot.Snapshot, a gainsParams, resolution int) ([]siting.Place, error) {
	if a.Format == params.Column {
		return siting.Cells(s.Engine(), resolution)
	}
	places, err := siting.Candidates(s.Engine(), a.Query.Mode, resolution)
	if err != nil || a.Query.Mode == geo.Transit {
		return places, err
	}
	return append(places, siting.ChefsLieux(s.Edition)...), nil
}

// GainAt is what one more lieu would bring at a place, and to whom.
type GainAt struct {
	siting.Place
	siting.Gain
	Who string // French, as after "dont": those of Covered; empty: nothing is known of them
}

// GainsWithin says what a lieu with every service, open all week, would bring at the n best
// places of a territoire, one in a commune.
func GainsWithin(ctx context.Context, s *snapshot.Snapshot, q coverage.Query, t admin.Territoire, n int) ([]GainAt, error) {
	base, err := s.Base(ctx, q)
	if err != nil {
		return nil, err
	}
	o, err := fullOffer().read()
	if err != nil {
		return nil, err
	}
	all, err := siting.Candidates(s.Engine(), q.Mode, min(gainResolution, s.Params.Resolution))
	if err != nil {
		return nil, err
	}
	places := figures.PlacesIn(all, t)
	gains, err := siting.Gains(ctx, base, places, o, nil)
	if err != nil {
		return nil, err
	}
	best := figures.BestCommunes(places, gains, n)
	whom, err := siting.Who(ctx, base, figures.Pick(places, best), o)
	if err != nil {
		return nil, err
	}
	out := make([]GainAt, len(best))
	for k, i := range best {
		out[k] = GainAt{places[i], gains[i], french.Who(whom[k])}
	}
	return out, nil
}

// offered is what each new lieu would give, as it was asked for: comparable.
type offered struct {
	Services lieu.Services
	Horaires string
}

// fullOffer is every service, all week.
func fullOffer() offered { return offered{params.EveryService(), params.FullTime} }

func (o offered) read() (siting.Offered, error) {
	h, err := lieu.ParseHoraires(o.Horaires)
	if err != nil {
		return siting.Offered{}, problem.New(problem.Parameter, "Le paramètre « horaires » vaut « %s » ; il faut %s.", problem.Quotable(o.Horaires), params.HorairesExpected)
	}
	return siting.Offered{Services: o.Services, Horaires: h}, nil
}

func (o offered) names() []string {
	out := []string{}
	for _, service := range lieu.AllServices() {
		if service != lieu.Any && o.Services.Offers(service) {
			out = append(out, service.String())
		}
	}
	return out
}
