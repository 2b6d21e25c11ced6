package edition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// QueryJSON is a question as every output prints it.
type QueryJSON struct {
	Service      lieu.Service `json:"service"`
	ServiceLabel string       `json:"service_label"`
	Mode         geo.Mode     `json:"mode"`
	CutoffMin    float64      `json:"cutoff_min"`
	MinHours     float64      `json:"min_hours_week"`
	Appointments bool         `json:"appointments,omitempty"` // hours by appointment count
	// Unnamed is true where no source speaks of the service: who offers it is unknown.
	Unnamed bool `json:"unnamed,omitempty"`
	// Transit is what timetables count, and on which dates; absent by other modes.
	Transit *TransitJSON `json:"transit,omitempty"`
}

// QueryJSON writes a question.
func (e *Edition) QueryJSON(q coverage.Query) QueryJSON {
	out := QueryJSON{q.Service, q.Service.Label(), q.Mode, q.Cutoff.Minutes(), q.MinHours, q.Appointments, !e.Named.Offers(q.Service), nil}
	if q.Mode == geo.Transit && e.Timetables != nil {
		out.Transit = e.TransitJSON()
	}
	return out
}

// GapReport is the gap analysis as commands and HTTP give it. Its figures, and those of all
// that it holds, are as they were computed: see [decimal].
type GapReport struct {
	Edition         string    `json:"edition"`
	Params          QueryJSON `json:"params"`
	Level           string    `json:"level"`
	PriorityFormula string    `json:"priority_formula"`
	Modelled        []string  `json:"modelled"`
	Offer           OfferJSON `json:"offer"`
	Territoires     []GapRow  `json:"territoires"`
}

// OfferJSON is how the offer is shared among the fragile inhabitants of the whole
// edition. See [coverage.Offer].
type OfferJSON struct {
	Formula       string            `json:"formula"`
	Gini          *decimal.Four     `json:"gini,omitempty"`      // absent: unknown, or nobody finds anything
	Lorenz        *[11]decimal.Four `json:"lorenz,omitempty"`    // share of the offer of the worst served 0 %, 10 %… 100 %
	UnknownHours  int               `json:"unknown_hours_sites"` // places left out: their hours are unknown
	UnknownPeople int               `json:"unknown_ifn_people"`  // people left out: the index of their commune is unknown
	// What quadrants compare with: the département. Absent: unknown.
	WholeScore     *decimal.Two `json:"departement_score,omitempty"`
	WholeAccessP50 *decimal.Two `json:"departement_access_p50,omitempty"` // minutes
}

// NeedOfferJSON crosses the need of a territoire and what it finds.
type NeedOfferJSON struct {
	Quadrant     string         `json:"quadrant,omitempty"` // absent: the index or the time is unknown
	HoursPer1000 *decimal.Three `json:"offer_hours_per_1000,omitempty"`
	// FragilePeople are those of the communes whose index is known. They are absent, and so is
	// what 1 000 of them find, where it is known of too few people: see [coverage.NeedFloor].
	FragilePeople *decimal.One `json:"fragile_people,omitempty"`
	UnknownPeople int          `json:"unknown_ifn_people"` // who are left out: the index of their commune is unknown
}

// GapRow is one territoire of a GapReport. A nil pointer is an unknown figure.
type GapRow struct {
	Type       admin.Type       `json:"type"`
	Code       string           `json:"code"`
	Nom        string           `json:"nom"`
	Population int              `json:"population"`
	Classes    ClassesJSON      `json:"classes"`
	ToCheck    ToCheckJSON      `json:"to_check"`
	NoHours    int              `json:"grise_without_hours"` // people: see [coverage.Gap]
	Access     *AccessJSON      `json:"access_min,omitempty"`
	Unreached  UnreachedJSON    `json:"unreached"`
	Hours      *HoursJSON       `json:"hours_week,omitempty"`
	Lieux      int              `json:"lieux"`
	IFN        *IFNJSON         `json:"ifn,omitempty"`
	NeedOffer  NeedOfferJSON    `json:"need_offer"`
	Publics    *publics.Figures `json:"publics,omitempty"` // absent: nothing is known of them
	Priority   decimal.One      `json:"priority"`
	Rank       int              `json:"rank"`
	BBox       [4]float64       `json:"bbox"`
	Center     [2]float64       `json:"center"`
	EPCI       string           `json:"epci,omitempty"`
	Partial    *PartialJSON     `json:"partial,omitempty"` // absent: all of the territoire is here
	Drawn      *DrawnJSON       `json:"contour,omitempty"` // absent: communes make the territoire
	Bus        *Bus             `json:"bus,omitempty"`     // of a question by transit, once told (see [GapReport.TellBus])
	// Reservation are its people without an hour by timetable whom transport on demand could
	// give some: absent by other modes, where nothing is on demand, and in scenarios.
	Reservation *ReservationJSON `json:"sur_reservation,omitempty"`
}

// DrawnJSON is how the people of an outline are known.
type DrawnJSON struct {
	// Estimated are its people in cells that the outline cuts: how many of them live inside is
	// modelled.
	Estimated int `json:"estimated"`
	// Published is what its publisher says of it, as of Year; absent: nothing.
	Published int    `json:"published,omitempty"`
	Year      string `json:"published_year,omitempty"`
	// Beyond is true when the outline goes on outside the territory, where nobody is counted.
	Beyond bool `json:"beyond,omitempty"`
}

// Outlined says in French how the people of an outline are known; empty: communes make the
// territoire.
func (r *GapRow) Outlined() string {
	d := r.Drawn
	if d == nil {
		return ""
	}
	return french.Outlined(r.Population, d.Estimated, d.Published, d.Year, d.Beyond)
}

// PartialJSON is the part of an EPCI that is here: it crosses the border.
type PartialJSON struct {
	Population int `json:"population"` // people here, who are counted
	Whole      int `json:"whole"`      // people of the whole EPCI
}

// ClassesJSON is people by class; the four add up to the population.
type ClassesJSON struct {
	Couverte int `json:"couverte"`
	Grise    int `json:"grise"`
	Blanche  int `json:"blanche"`
	Inconnue int `json:"inconnue"`
}

func newClassesJSON(t coverage.Tally) ClassesJSON {
	return ClassesJSON{t[coverage.Couverte], t[coverage.Grise], t[coverage.Blanche], t[coverage.Inconnue]}
}

// ToCheckJSON is the people whom what is unknown could make couverts: all, each once, and by
// what is unknown, which may overlap. See [coverage.ToCheck].
type ToCheckJSON struct {
	People   int `json:"people"`
	Services int `json:"services"`
	Horaires int `json:"horaires"`
	Tournee  int `json:"tournee"`
	Accueil  int `json:"accueil"`
}

// NewToCheckJSON writes the people to check.
func NewToCheckJSON(t coverage.ToCheck) ToCheckJSON {
	return ToCheckJSON{t.People, t.ByDoubt[0], t.ByDoubt[1], t.ByDoubt[2], t.ByDoubt[3]}
}

// Plus adds the people of another territoire.
func (c ClassesJSON) Plus(o ClassesJSON) ClassesJSON {
	return ClassesJSON{c.Couverte + o.Couverte, c.Grise + o.Grise, c.Blanche + o.Blanche, c.Inconnue + o.Inconnue}
}

// Tally is c as it is counted.
func (c ClassesJSON) Tally() coverage.Tally {
	return coverage.Tally{coverage.Couverte: c.Couverte, coverage.Grise: c.Grise, coverage.Blanche: c.Blanche, coverage.Inconnue: c.Inconnue}
}

// Total is the people of all classes.
func (c ClassesJSON) Total() int { return c.Couverte + c.Grise + c.Blanche + c.Inconnue }

// AccessJSON is the time to the nearest lieu, in minutes, over the people who
// reach one.
type AccessJSON struct {
	P50  decimal.Two `json:"p50"`
	P90  decimal.Two `json:"p90"`
	Mean decimal.Two `json:"mean"`
}

// Written are the times as they are written.
func (a AccessJSON) Written() AccessJSON {
	return AccessJSON{a.P50.Written(), a.P90.Written(), a.Mean.Written()}
}

// UnreachedJSON is the people who reach no lieu at all, by cause.
type UnreachedJSON struct {
	NoPath  int `json:"no_path"`
	NoRoad  int `json:"no_road"`
	Unknown int `json:"unknown"`
}

// HoursJSON is the open hours a week within the cut-off, over the people for whom
// they are known; absent where nobody has any help that is known and somebody has some that
// is not.
type HoursJSON struct {
	Mean decimal.Two `json:"mean"`
	P10  decimal.Two `json:"p10"`
	P50  decimal.Two `json:"p50"`
}

// Written are the hours as they are written.
func (h HoursJSON) Written() HoursJSON {
	return HoursJSON{h.Mean.Written(), h.P10.Written(), h.P50.Written()}
}

// IFNJSON is the fragility index of a territoire, scores 0–10, 10 = most fragile.
type IFNJSON struct {
	Score        *decimal.Two  `json:"score,omitempty"`
	Amenagement  *decimal.Two  `json:"amenagement,omitempty"`
	Publics      *decimal.Two  `json:"publics,omitempty"`
	Completeness decimal.Three `json:"completeness"`
}

// Scope chooses the rows of a report: the territoires of one level, those inside
// Within when it is given.
type Scope struct {
	Level  admin.Type
	Within *admin.Ref
}

// Select lists the territoires of a scope. A territoire is inside another when all its
// communes are or, where one of them is an outline, all its people.
func (e *Edition) Select(s Scope) ([]admin.Territoire, error) {
	if !slices.Contains(e.Levels(), s.Level) {
		return nil, &UnknownLevelError{s.Level, e.Levels()}
	}
	rows := e.Division.Territoires(s.Level)
	if s.Within == nil {
		return rows, nil
	}
	outer, ok := e.Division.Find(*s.Within)
	if !ok {
		return nil, &UnknownTerritoireError{*s.Within}
	}
	inside := e.Residents.Inside(&outer)
	var out []admin.Territoire
	for i := range rows {
		if inside.Holds(&rows[i]) {
			out = append(out, rows[i])
		}
	}
	return out, nil
}

// UnknownTerritoireError names a territoire that the edition does not hold.
type UnknownTerritoireError struct{ Ref admin.Ref }

func (e *UnknownTerritoireError) Error() string {
	return fmt.Sprintf("territoire %s: not in this edition", e.Ref)
}

// UnknownLevelError names a type of territoires that the edition does not have, and those
// that it has.
type UnknownLevelError struct {
	Level  admin.Type
	Levels []admin.Type
}

func (e *UnknownLevelError) Error() string {
	return fmt.Sprintf("level %s: not in this edition, which has %s", e.Level, e.Has())
}

// Has lists the types that the edition has, as addresses and flags name them.
func (e *UnknownLevelError) Has() string {
	texts := make([]string, len(e.Levels))
	for i, l := range e.Levels {
		texts[i] = string(l)
	}
	return strings.Join(texts, ", ")
}

// Gaps is the gap analysis of a scope.
func (e *Edition) Gaps(a *Answer, s Scope) (*GapReport, error) {
	territoires, err := e.Select(s)
	if err != nil {
		return nil, err
	}
	r := &GapReport{Edition: e.ID, Params: e.QueryJSON(a.Query), Level: string(s.Level),
		Modelled: e.ModelledSentences(), Territoires: []GapRow{}}
	index := e.IFN(s.Level)
	go a.need() // on another processor, while this one sums up; waited for below
	lieux := e.Visitable(e.Sites, e.SiteCommune, a.Query.Service)
	gaps := coverage.Gaps(territoires, e.Residents, a.Query.MinHours, a.Class, a.Nearest, a.Hours, func(ref admin.Ref) (float64, bool) {
		row, ok := index[ref.Code]
		if !ok || row.Score == nil {
			return 0, false
		}
		return float64(*row.Score), true
	})
	need, byUnit := a.need(), a.Publics()
	r.Offer = need.Offer
	for i := range gaps {
		t := &gaps[i].Territoire
		var ifn *IFNJSON
		if x, ok := index[t.Code]; ok {
			ifn = &x
		}
		seen := map[int32]bool{}
		for _, u := range t.Units {
			for _, l := range lieux[u] {
				seen[l] = true
			}
		}
		r.Territoires = append(r.Territoires, e.GapRow(&gaps[i], ifn, need.Units, &need.Offer, len(seen), e.PublicsOf(t, func(unit int32) *publics.Sum { return &byUnit[unit] })))
		r.Territoires[i].Reservation = a.ReservationsOf(e.Residents.In(t))
	}
	r.PriorityFormula = PriorityFormula(r.Territoires)
	return r, nil
}

// PriorityFormula says how the priorities of some rows are made.
func PriorityFormula(rows []GapRow) string {
	without := 0
	for i := range rows {
		if x := rows[i].IFN; x == nil || x.Score == nil {
			without++
		}
	}
	return coverage.PriorityFormula(without, len(rows))
}

// WithoutIndex counts the communes whose index is unknown, and all.
func (e *Edition) WithoutIndex() (without, communes int) {
	index := e.CommuneIndex()
	for c := range index {
		if index[c].Score == nil {
			without++
		}
	}
	return without, len(index)
}

// GapRow writes one row of a report: a gap with its rank, the index of its territoire
// (nil: unknown), the need of every unit, the offer, the number of lieux, and
// its publics.
func (e *Edition) GapRow(g *coverage.Gap, ifn *IFNJSON, units []UnitNeed, offer *OfferJSON, lieux int, who *publics.Figures) GapRow {
	t := &g.Territoire
	row := GapRow{Type: t.Type, Code: t.Code, Nom: t.Nom, Population: t.Population, Lieux: lieux, IFN: ifn, Publics: who,
		Classes:   newClassesJSON(g.Classes),
		ToCheck:   NewToCheckJSON(g.ToCheck),
		NoHours:   g.NoHours,
		Unreached: UnreachedJSON{g.NoPath, g.NoRoad, g.Unknown}, Priority: decimal.One(g.Priority), Rank: g.Rank,
		BBox:   [4]float64{t.Bounds.Min.Lon, t.Bounds.Min.Lat, t.Bounds.Max.Lon, t.Bounds.Max.Lat},
		Center: [2]float64{t.Bounds.Center().Lon, t.Bounds.Center().Lat}}
	if g.Access.Known {
		row.Access = &AccessJSON{decimal.Two(g.Access.P50), decimal.Two(g.Access.P90), decimal.Two(g.Access.Mean)}
	}
	// Where nobody has any help that is known, 0 h would be of those who have none at all.
	nothingKnown := row.Classes.Inconnue > 0 && row.Classes.Couverte+row.Classes.Grise == 0
	if g.Hours.Known && !nothingKnown {
		row.Hours = &HoursJSON{decimal.Two(g.Hours.Mean), decimal.Two(g.Hours.P10), decimal.Two(g.Hours.P50)}
	}
	row.NeedOffer = offer.Cross(t, units, ifn, row.Access)
	if nothingKnown {
		row.NeedOffer.HoursPer1000 = nil
	}
	if t.Whole > 0 {
		row.Partial = &PartialJSON{t.Population, t.Whole}
	}
	if d := t.Drawn; d != nil {
		row.Drawn = &DrawnJSON{d.Estimated, d.Population, d.Year, d.Beyond}
	}
	if t.Type == admin.TypeCommune {
		row.EPCI = e.Division.Communes[t.Communes[0]].EPCI
		p := e.Division.Communes[t.Communes[0]].Point
		row.Center = [2]float64{p.Lon, p.Lat}
	}
	return row
}

// Visitable lists, by unit, the lieux and tournées that can be visited there for a service
// (see [lieu.Site.Owner]), given the commune of every site.
func (e *Edition) Visitable(sites []lieu.Site, home []int32, service lieu.Service) map[int32][]int32 {
	out := map[int32][]int32{}
	for i := range sites {
		s := &sites[i]
		if !s.Services.Offers(service) {
			continue
		}
		for _, u := range e.UnitsAt(home[i], s.At) {
			out[u] = append(out[u], s.Owner())
		}
	}
	return out
}

// UnitsAt lists the units that a place in a commune counts in: the commune, and the outlines
// that hold it; none outside the territory (-1).
func (e *Edition) UnitsAt(commune int32, at geo.LonLat) []int32 {
	if commune < 0 {
		return nil
	}
	return append([]int32{commune}, e.Division.DrawnAt(at)...)
}
