package api

import (
	"github.com/aisne-numerique/maillage/api/gate"

	"context"
	"math"
	"strconv"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// cellJSON is one cell, of any resolution of the pyramid. Its figures are means
// over its people, or over its area where nobody lives.
type cellJSON struct {
	Edition    string            `json:"edition"`
	Params     edition.QueryJSON `json:"params"`
	Row        int32             `json:"row"`
	Cell       string            `json:"cell"`
	Resolution int               `json:"resolution"`
	AreaKm2    float64           `json:"area_km2"`
	People     int               `json:"people"`
	Classe     string            `json:"classe"`
	Communes   []cellCommune     `json:"communes"`
	AccessMin  *float64          `json:"access_min,omitempty"`
	Reach      string            `json:"reach"`
	HoursWeek  *float64          `json:"hours_week,omitempty"`
	Lieux      []cellLieu        `json:"lieux"`
	Moment     *cellMoment       `json:"moment,omitempty"` // absent when none was asked for
	IFN        *edition.IFNJSON  `json:"ifn,omitempty"`
}

// cellMoment says what its people find within reach at a moment of the week.
type cellMoment struct {
	Quand  string       `json:"quand"`
	People momentPeople `json:"people"`
}

type cellCommune struct {
	Code    string `json:"code"`
	Nom     string `json:"nom"`
	EPCI    string `json:"epci,omitempty"`
	EPCINom string `json:"epci_nom,omitempty"`
	People  int    `json:"people"`
}

type cellLieu struct {
	ID        string   `json:"id"`
	Nom       string   `json:"nom"`
	Commune   string   `json:"commune,omitempty"`
	Minutes   float64  `json:"minutes"`
	HoursWeek *float64 `json:"hours_week,omitempty"`
	Horaires  string   `json:"horaires,omitempty"`
	Moment    string   `json:"moment,omitempty"` // as the keys of momentPeople; absent when none was asked for
}

// maxCellLieux is how many lieux a cell lists.
const maxCellLieux = 6

type cellParams struct {
	params.Question
	Moment int // params.NoMoment: none
}

func (p *cellParams) Defaults(e *edition.Edition) {
	p.Question.Defaults(e)
	p.Moment = params.NoMoment
}

func (p *cellParams) Bind() []params.Binding {
	return append([]params.Binding{params.MomentIfAny.To(&p.Moment)}, p.Question.Bind()...)
}

// cellKey is what makes the reply.
type cellKey struct {
	cellParams
	row int
}

// getCell answers /api/v1/acces/{row}.
func getCell(ctx context.Context, s *snapshot, r *request, a cellParams) (*reply, error) {
	row, err := params.Position("row", r.arg)
	if err != nil || row >= s.Pyramid.Rows {
		return nil, problem.Wrap(problem.NotFound, "La maille « "+problem.Quotable(r.arg)+" » n'existe pas ; les mailles de cette édition vont de 0 à "+
			strconv.Itoa(s.Pyramid.Rows-1)+".", err)
	}
	return s.cached(ctx, gate.Light, keyOf("maille", cellKey{a, row}), func(ctx context.Context) (*reply, error) {
		answer, err := s.answer(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		var at *figures.CellMoment
		if a.Moment != params.NoMoment {
			w, err := s.week(ctx, a.Query)
			if err != nil {
				return nil, err
			}
			at = &figures.CellMoment{Week: w, Slot: a.Moment}
		}
		cell, err := s.cell(int32(row), answer, at)
		if err != nil {
			return nil, err
		}
		return jsonReply(typeJSON, cell)
	})
}

// cell writes what is known of a row; at is nil when no moment was asked for.
func (s *snapshot) cell(row int32, a *edition.Answer, at *figures.CellMoment) (*cellJSON, error) {
	c, err := figures.CellOf(s.Edition, row, a, at, maxCellLieux)
	if err != nil {
		return nil, err
	}
	out := &cellJSON{Edition: s.ID, Params: edition.NewQueryJSON(a.Query), Row: row, Cell: c.Cell.String(), Resolution: c.Resolution,
		AreaKm2: rounded(c.AreaKm2, 4), People: c.People, Classe: c.Class.String(), Communes: make([]cellCommune, 0, len(c.Communes)),
		AccessMin: orNone(c.Minutes, 1), Reach: c.Reach.String(), HoursWeek: orNone(c.Hours, 2), Lieux: make([]cellLieu, 0, len(c.Sites))}
	for _, part := range c.Communes {
		commune := &s.Division.Communes[part.Commune]
		out.Communes = append(out.Communes, cellCommune{commune.Code, commune.Nom, commune.EPCI, s.epci[commune.EPCI], part.People})
	}
	for _, near := range c.Sites {
		h := &s.Sites[near.Site].Horaires
		l := cellLieu{ID: siteID(s.Edition, near.Site), Nom: s.Sites[near.Site].Nom, Commune: s.siteCommune(near.Site),
			Minutes: rounded(near.Minutes, 1), Horaires: h.Text}
		if h.Known {
			l.HoursWeek = ptr(rounded(h.WeeklyHours(), 2))
		}
		if at != nil {
			l.Moment = momentNames[near.Moment]
		}
		out.Lieux = append(out.Lieux, l)
	}
	if at != nil {
		out.Moment = &cellMoment{params.MomentText(at.Slot), newMomentPeople(c.Moments)}
	}
	if i, ok := s.IFN(admin.TypeCommune)[s.Division.Communes[s.home[row]].Code]; ok {
		out.IFN = &i
	}
	return out, nil
}

// siteCommune is the name of the commune of a site, "" when it is unknown.
func (s *snapshot) siteCommune(site int32) string {
	if c := s.SiteCommune[site]; c >= 0 {
		return s.Division.Communes[c].Nom
	}
	if i := s.Sites[site].Lieu; i >= 0 && s.Sites[site].Tournee < 0 {
		return s.Lieux[i].CommuneNom
	}
	return ""
}

func ptr[T any](v T) *T { return &v }

// rounded rounds for printing, half away from zero.
func rounded(v float64, decimals int) float64 {
	k := math.Pow10(decimals)
	return math.Round(v*k) / k
}

// orNone rounds for printing; nil when there is no value.
func orNone(v float64, decimals int) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	return ptr(rounded(v, decimals))
}
