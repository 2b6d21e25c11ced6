package data

import (
	"cmp"
	"context"
	"math"
	"strconv"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
)

// CellJSON is one cell, of any resolution of the pyramid. Its figures are means
// over its people, or over its area where nobody lives.
type CellJSON struct {
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
	// Opens is whether a lieu within the cut-off is known to be open at some hour: by timetable
	// with hours_week 0, when no bus lets one be there and come home.
	Opens bool       `json:"opens"`
	Lieux []CellLieu `json:"lieux"`
	// ToCheck are its people whom what is unknown could make couverts; Ask, the lieux of which
	// something is unknown that these depend on, and those of the class inconnue.
	ToCheck  edition.ToCheckJSON `json:"to_check"`
	Ask      []edition.AskJSON   `json:"ask"`
	Sentence string              `json:"sentence"`         // French: what is known here, and what to ask
	Moment   *cellMoment         `json:"moment,omitempty"` // absent when none was asked for
	IFN      *edition.IFNJSON    `json:"ifn,omitempty"`
	// Equipements are the times to care and to public services, by the mode of the question;
	// absent where no dataset gives the places.
	Equipements []CellEquipement `json:"equipements,omitempty"`
	Act         *actJSON         `json:"agir,omitempty"` // absent of coarser cells, and where nobody lives
	// Reservation is transport on demand, apart; absent by other modes, and where no zone holds
	// homes of the cell.
	Reservation *cellReservation `json:"sur_reservation,omitempty"`
	whoJSON
}

// CellEquipement is the time from a cell to the nearest place that a column of the index is
// the time to, and the place that most of its people go to.
type CellEquipement struct {
	Colonne   string   `json:"colonne"`
	Nom       string   `json:"nom"` // French: "Temps jusqu'aux urgences les plus proches"
	Minutes   *float64 `json:"minutes,omitempty"`
	Proche    string   `json:"plus_proche,omitempty"` // its name
	Commune   string   `json:"commune,omitempty"`
	Source    string   `json:"source,omitempty"`
	Millesime string   `json:"millesime,omitempty"`
	Placement string   `json:"placement,omitempty"` // "placé à la commune", where so
	Sources   string   `json:"sources"`             // French: all that gives places
}

// cellReservation is what transport on demand gives to people without an hour by timetable.
type cellReservation struct {
	edition.ReservationJSON
	Sentence string           `json:"sentence"`
	Zones    []cellDemandZone `json:"zones"`
}

// cellDemandZone is a zone of transport on demand that holds homes of a cell.
type cellDemandZone struct {
	Nom       string `json:"nom"`
	Horaires  string `json:"horaires,omitempty"` // as its source writes them; absent: they are not told in words
	NoticeMin *int32 `json:"preavis_min,omitempty"`
	Notice    string `json:"preavis"` // French
	Telephone string `json:"telephone,omitempty"`
}

func newCellReservation(c *figures.Cell) *cellReservation {
	if c.Reservation == nil || len(c.Zones) == 0 {
		return nil
	}
	out := &cellReservation{*c.Reservation, french.ByReservation(c.Reservation.People, c.Reservation.Unknown), []cellDemandZone{}}
	for _, z := range c.Zones {
		zone := cellDemandZone{Nom: cmp.Or(z.Nom, z.ID), Horaires: z.When(), Notice: french.Notice(z.Notice), Telephone: z.Phone}
		if z.Notice >= 0 {
			zone.NoticeMin = &z.Notice
		}
		out.Zones = append(out.Zones, zone)
	}
	return out
}

// actJSON is the lack of help of a cell and its place among all: see [edition.Lacks].
type actJSON struct {
	Fragile  *decimal.One `json:"fragile_people,omitempty"` // who lack help; absent: unknown
	Rank     int32        `json:"rank,omitempty"`           // absent: unknown, or nobody is known to lack help
	Of       int          `json:"of"`                       // inhabited cells
	Unknown  int          `json:"unknown_cells"`            // of them, those where it is unknown
	Formula  string       `json:"formula"`
	Sentence string       `json:"sentence"`
}

func act(s *snapshot.Snapshot, row int32, a *edition.Answer) *actJSON {
	first := s.Pyramid.Levels[len(s.Pyramid.Levels)-1].First
	if row < first {
		return nil
	}
	lacks := a.Lacks()
	out := &actJSON{Rank: lacks.Rank[row-first], Of: lacks.Inhabited, Unknown: lacks.Unknown, Formula: coverage.LackFormula}
	if lack := lacks.Rows[row]; math.IsNaN(lack) {
		out.Sentence = french.ActUnknown
	} else {
		fragile := decimal.One(lack)
		out.Fragile, out.Sentence = &fragile, french.Act(int(out.Rank), out.Of)
	}
	return out
}

// cellMoment says what its people find within reach at a moment of the week.
type cellMoment struct {
	Quand  string       `json:"quand"`
	People MomentPeople `json:"people"`
}

type cellCommune struct {
	Code    string `json:"code"`
	Nom     string `json:"nom"`
	EPCI    string `json:"epci,omitempty"`
	EPCINom string `json:"epci_nom,omitempty"`
	People  int    `json:"people"`
}

type CellLieu struct {
	ID        string   `json:"id"`
	Nom       string   `json:"nom"`
	Commune   string   `json:"commune,omitempty"`
	Minutes   float64  `json:"minutes"`
	HoursWeek *float64 `json:"hours_week,omitempty"`
	// Counted are those of its hours that count here, by timetable; absent by streets, where all do.
	Counted     *float64 `json:"hours_counted,omitempty"`
	Horaires    string   `json:"horaires,omitempty"`
	Missing     []string `json:"missing,omitempty"` // what is unknown of it for the service, as lieu.Doubts has it
	Outside     bool     `json:"dehors,omitempty"`
	Modelled    bool     `json:"modelise,omitempty"`
	Departement string   `json:"departement,omitempty"` // of one that stands outside
	Moment      string   `json:"moment,omitempty"`      // as the keys of momentPeople; absent when none was asked for
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

// Cell answers /api/v1/acces/{row}.
func Cell(ctx context.Context, s *snapshot.Snapshot, r *params.Request, a cellParams) (*reply.Reply, error) {
	row, err := rowOf(s, r)
	if err != nil {
		return nil, err
	}
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("maille", cellKey{a, row}), func(ctx context.Context) (*reply.Reply, error) {
		answer, err := s.AnswerTo(ctx, a.Query)
		if err != nil {
			return nil, err
		}
		var at *figures.CellMoment
		if a.Moment != params.NoMoment {
			w, err := s.Week(ctx, a.Query)
			if err != nil {
				return nil, err
			}
			at = &figures.CellMoment{Week: w, Slot: a.Moment}
		}
		cell, err := cell(s, int32(row), answer, at)
		if err != nil {
			return nil, err
		}
		return reply.JSON(reply.TypeJSON, cell)
	})
}

// rowOf is the row that a request asks for.
func rowOf(s *snapshot.Snapshot, r *params.Request) (int, error) {
	row, err := params.Position("row", r.Arg)
	if err != nil || row >= s.Pyramid.Rows {
		return 0, problem.Wrap(problem.NotFound, "La maille « "+problem.Quotable(r.Arg)+" » n'existe pas ; les mailles de cette édition vont de 0 à "+
			strconv.Itoa(s.Pyramid.Rows-1)+".", err)
	}
	return row, nil
}

// cell writes what is known of a row; at is nil when no moment was asked for.
func cell(s *snapshot.Snapshot, row int32, a *edition.Answer, at *figures.CellMoment) (*CellJSON, error) {
	c, err := figures.CellOf(s.Edition, row, a, at, maxCellLieux)
	if err != nil {
		return nil, err
	}
	out := &CellJSON{Edition: s.ID, Params: s.QueryJSON(a.Query), Row: row, Cell: c.Cell.String(), Resolution: c.Resolution,
		AreaKm2: reply.Rounded(c.AreaKm2, 4), People: c.People, Classe: c.Class.String(), Communes: make([]cellCommune, 0, len(c.Communes)),
		AccessMin: reply.OrNone(c.Minutes, 1), Reach: c.Reach.String(), HoursWeek: reply.OrNone(c.Hours, 2), Opens: c.Opens, Lieux: make([]CellLieu, 0, len(c.Sites))}
	for _, part := range c.Communes {
		commune := &s.Division.Communes[part.Commune]
		out.Communes = append(out.Communes, cellCommune{commune.Code, commune.Nom, commune.EPCI, s.EPCINames[commune.EPCI], part.People})
	}
	for _, near := range c.Sites {
		site := &s.Sites[near.Site]
		h := &site.Horaires
		l := CellLieu{ID: s.Edition.SiteID(near.Site), Nom: s.Sites[near.Site].Nom, Commune: siteCommune(s, near.Site),
			Minutes: reply.Rounded(near.Minutes, 1), Horaires: h.Text}
		if d := site.Of(a.Query.Service); d != 0 {
			l.Missing = d.Keys()
		}
		if site.Tournee >= 0 {
			l.Modelled = s.Tournees[site.Tournee].Modelled
		} else if s.Edition.Outside(int(site.Lieu)) {
			l.Outside, l.Departement = true, departementOf(&s.Lieux[site.Lieu])
		}
		if h.Known {
			l.HoursWeek = reply.Ptr(reply.Rounded(h.WeeklyHours(), 2))
		}
		l.Counted = reply.OrNone(near.Counted, 2)
		if at != nil {
			l.Moment = momentNames[near.Moment]
		}
		out.Lieux = append(out.Lieux, l)
	}
	out.ToCheck, out.Ask = edition.NewToCheckJSON(c.ToCheck), Asks(s.Edition, c.Asks)
	out.Sentence = french.Here(a.Query, french.Place{Class: c.Class, People: c.People, Hours: c.Hours, ToCheck: c.ToCheck.People, Ask: lieuxOf(s.Edition, c.Asks), Unnamed: out.Params.Unnamed, Opens: c.Opens})
	out.whoJSON, out.Reservation = who(c.Publics), newCellReservation(c)
	if at != nil {
		out.Moment = &cellMoment{params.MomentText(at.Slot), newMomentPeople(c.Moments)}
	}
	if c.People > 0 {
		out.Act = act(s, row, a)
	}
	if i, ok := s.IFN(admin.TypeCommune)[s.Division.Communes[s.Homes[row]].Code]; ok {
		out.IFN = &i
	}
	for _, n := range figures.NearestPlaces(s.Edition, row, a.Query.Mode) {
		x := CellEquipement{Colonne: n.Column.Name, Nom: n.Column.Title(), Minutes: reply.OrNone(n.Minutes, 1), Sources: s.PlaceSources(n.Column)}
		switch {
		case n.Equipement >= 0:
			place := &s.Equipements[n.Equipement]
			of := &s.EquipementSources[place.Source]
			x.Proche, x.Commune, x.Placement = place.Nom, s.EquipementPlace(n.Equipement).String(), figures.PlacedAt(s.Edition, n.Equipement)
			x.Source, x.Millesime = of.Source, of.Vintage
		case n.Site >= 0:
			x.Proche, x.Commune = s.Sites[n.Site].Nom, siteCommune(s, n.Site)
		}
		out.Equipements = append(out.Equipements, x)
	}
	return out, nil
}

// siteCommune is the name of the commune of a site, "" when it is unknown.
func siteCommune(s *snapshot.Snapshot, site int32) string {
	if c := s.SiteCommune[site]; c >= 0 {
		return s.Division.Communes[c].Nom
	}
	if i := s.Sites[site].Lieu; i >= 0 && s.Sites[site].Tournee < 0 {
		return s.Lieux[i].CommuneNom
	}
	return ""
}
