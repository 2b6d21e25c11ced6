package data

import (
	"context"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TripsJSON is how the people of a cell get to lieux by bus while these are open, and back.
type TripsJSON struct {
	Edition   string       `json:"edition"`
	Row       int          `json:"row"`
	Service   lieu.Service `json:"service"`
	CutoffMin float64      `json:"cutoff_min"`
	From      string       `json:"from"` // the reference weeks, first and last day
	To        string       `json:"to"`
	// Home is the most inhabited part of the cell, whose trips these are; absent: nobody lives
	// there.
	Home *tripHome `json:"depart,omitempty"`
	// Stop is the one that is walked to soonest; absent: none is near enough.
	Stop     *tripStop  `json:"arret,omitempty"`
	Lieux    []tripLieu `json:"lieux"`
	Left     int        `json:"autres_lieux"` // that count, beyond those listed
	Sentence string     `json:"sentence"`
	Modelled []string   `json:"modelled"` // what is modelled in the edition, in French
}

type tripHome struct {
	Commune  string `json:"commune"`
	Nom      string `json:"nom"`
	People   int    `json:"people"`
	OfPeople int    `json:"of_people"` // of the cell
}

type tripStop struct {
	Nom     string `json:"nom"`
	WalkMin int32  `json:"walk_min"`
}

// tripLieu is a lieu, and the visits to it.
type tripLieu struct {
	ID        string      `json:"id"`
	Nom       string      `json:"nom"`
	Commune   string      `json:"commune,omitempty"`
	Minutes   float64     `json:"minutes"` // the shortest way out of all that counts
	HoursWeek float64     `json:"hours_week"`
	OnFoot    bool        `json:"a_pied"` // it is within the cut-off on foot: every opening counts
	Visits    []visitJSON `json:"visites"`
	Left      int         `json:"autres_visites"`
}

// visitJSON is a visit of one weekday, the same in some weeks of the cycle. Times are HH:MM, of the
// clock of the territory; seconds that have begun a minute are left out.
type visitJSON struct {
	Day      int      `json:"jour"` // from 1, Monday
	Weeks    []int    `json:"semaines"`
	InWeeks  string   `json:"semaines_texte"`
	Dates    []string `json:"dates"` // of the reference weeks
	From     string   `json:"sur_place_de"`
	Until    string   `json:"sur_place_a"`
	Out      wayJSON  `json:"aller"`
	Back     wayJSON  `json:"retour"`
	Sentence string   `json:"sentence"`
}

type wayJSON struct {
	Leave    string     `json:"depart"`
	Arrive   string     `json:"arrivee"`
	WalksMin []int32    `json:"marches_min"` // to the first ride, from each to the next, from the last; begun minutes
	Rides    []rideJSON `json:"trajets"`
	Sentence string     `json:"sentence"`
}

type rideJSON struct {
	Line     string `json:"ligne,omitempty"` // its short name
	Name     string `json:"nom,omitempty"`   // its long one
	Towards  string `json:"direction,omitempty"`
	From     string `json:"de"`
	To       string `json:"a"`
	Depart   string `json:"depart"`
	Arrive   string `json:"arrivee"`
	EveryMin int32  `json:"toutes_les_min,omitempty"` // where times are not exact
	School   bool   `json:"scolaire,omitempty"`
	Modelled bool   `json:"modelise,omitempty"`
}

// tripParams is what trips are asked for: no hours of a week, which change none.
type tripParams struct{ Query coverage.Query }

func (p *tripParams) Defaults(e *edition.Edition) { p.Query = e.DefaultQuery().By(geo.Transit) }

func (p *tripParams) Bind() []params.Binding {
	return []params.Binding{params.Service.To(&p.Query.Service), params.Cutoff.To(&p.Query.Cutoff)}
}

// Trips answers /api/v1/acces/{row}/trajets.
func Trips(ctx context.Context, s *snapshot.Snapshot, r *params.Request, a tripParams) (*reply.Reply, error) {
	row, err := rowOf(s, r)
	if err != nil {
		return nil, err
	}
	if !s.HasMode(geo.Transit) {
		return nil, problem.New(problem.NotFound, "Cette édition ne connaît pas de trajets en bus ou en car. %s", edition.NoTimetables)
	}
	return s.Cached(ctx, gate.Light, snapshot.KeyOf("trajets", cellTripsKey{a, row}), func(context.Context) (*reply.Reply, error) {
		return reply.JSON(reply.TypeJSON, tripsJSON(s, row, a.Query))
	})
}

// cellTripsKey is what makes the reply.
type cellTripsKey struct {
	tripParams
	row int
}

func tripsJSON(s *snapshot.Snapshot, row int, q coverage.Query) *TripsJSON {
	e := s.Edition
	t := figures.TripsFrom(e, int32(row), q.Service, q.Cutoff)
	from := e.Timetables.Weeks.From
	out := &TripsJSON{Edition: s.ID, Row: row, Service: q.Service, CutoffMin: q.Cutoff.Minutes(), From: from.String(), To: (from + transit.ReferenceDays - 1).String(),
		Lieux: []tripLieu{}, Left: t.Left, Modelled: s.ModelledSentences()}
	if t.Part < 0 {
		out.Sentence = french.Nobody
		return out
	}
	commune := &s.Division.Communes[e.Grid.Parts[t.Part].Commune]
	home := &tripHome{Commune: commune.Code, Nom: commune.Nom, People: t.People}
	for _, p := range figures.PartsOf(e, int32(row)) {
		home.OfPeople += int(e.People[p])
	}
	out.Home = home
	none := french.NoTrips{Cutoff: q.Cutoff.Minutes(), Walk: e.Params.Transit.Walk.Minutes()}
	if t.Stop >= 0 {
		none.Stop = e.StopName(t.Stop)
		out.Stop = &tripStop{none.Stop, minutesBegun(t.StopSeconds)}
	}
	if t.Shut >= 0 {
		none.Shut, none.Never = s.Sites[t.Shut].Nom, s.Sites[t.Shut].Horaires.Count(false).Len() == 0
	}
	for i := range t.Sites {
		of := &t.Sites[i]
		l := tripLieu{ID: e.SiteID(of.Site), Nom: s.Sites[of.Site].Nom, Commune: siteCommune(s, of.Site), Minutes: reply.Rounded(of.Minutes, 1),
			HoursWeek: reply.Rounded(of.Hours, 2), OnFoot: of.OnFoot, Visits: []visitJSON{}, Left: of.Left}
		for k := range of.Visits {
			l.Visits = append(l.Visits, newVisitJSON(e, &of.Visits[k]))
		}
		out.Lieux = append(out.Lieux, l)
	}
	if len(out.Lieux) == 0 {
		out.Sentence = none.Told()
	} else {
		out.Sentence = french.TripsFrom(home.Nom, home.People, home.OfPeople)
	}
	return out
}

func newVisitJSON(e *edition.Edition, v *figures.WeekVisit) visitJSON {
	from, until := v.First*60*lieu.SlotMinutes, v.End*60*lieu.SlotMinutes
	out, toldOut := newWayJSON(e, &v.Out)
	back, toldBack := newWayJSON(e, &v.Back)
	j := visitJSON{Day: v.Weekday, Weeks: v.Weeks, InWeeks: french.InWeeks(v.Weeks), From: clock(from), Until: clock(until), Out: out, Back: back,
		Sentence: french.Trip(v.Weekday, v.Weeks, &toldOut, &toldBack, from, until)}
	for _, d := range v.Dates {
		j.Dates = append(j.Dates, d.String())
	}
	return j
}

func newWayJSON(e *edition.Edition, j *transit.Journey) (wayJSON, french.Way) {
	told := french.Way{Leave: j.Leave, Arrive: j.Arrive, Walks: j.Walks}
	out := wayJSON{Leave: clock(j.Leave), Arrive: clock(j.Arrive), WalksMin: make([]int32, len(j.Walks)), Rides: make([]rideJSON, len(j.Rides))}
	for i, seconds := range j.Walks {
		out.WalksMin[i] = minutesBegun(seconds)
	}
	for i, r := range j.Rides {
		feed := &e.Timetables.Feeds[r.Feed]
		line := &feed.Lines[r.Line]
		out.Rides[i] = rideJSON{Line: line.Short, Name: line.Long, Towards: feed.Trips[r.Trip].Headsign, From: e.StopName(r.From), To: e.StopName(r.To),
			Depart: clock(r.Depart), Arrive: clock(r.Arrive), EveryMin: (r.Every + 30) / 60, School: line.Type == transit.School, Modelled: e.Timetables.IsModelled(r.Feed)}
		told.Rides = append(told.Rides, french.Ride{Line: line.Short, From: out.Rides[i].From, To: out.Rides[i].To, Depart: r.Depart, Arrive: r.Arrive,
			Every: r.Every, Modelled: out.Rides[i].Modelled})
	}
	out.Sentence = told.Told()
	return out, told
}

// minutesBegun is a walk in minutes, rounded up.
func minutesBegun(seconds int32) int32 { return (seconds + 59) / 60 }

// clock is a time of the day as HH:MM.
func clock(seconds int32) string { return scenario.Clock(int(seconds / 60)) }
