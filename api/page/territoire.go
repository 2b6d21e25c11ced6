package page

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/api/data"
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
	"github.com/aisne-numerique/maillage/geo/legend"
)

// territoirePage is the page of a territoire.
type territoirePage struct {
	Page                 Page
	Kind, Nom, Lead      string
	Classes              []classRow
	Figures              []figureRow
	Map                  *drawing
	Times, Hours         []barRow
	IndexSentence, Score string
	Shares               []shareRow
	Gains                []string
	ZonesCaption         string
	Zones                []zoneRow
	LieuxSummary         string
	Lieux                []lieuRow
	Similar              []similarRow
	History              []historyRow
	Links                []Link
}

type classRow struct {
	Class, Name, Meaning, People, Share, Whole string
	X, Width                                   float64
}

type figureRow struct{ Name, Here, Whole string }

// barRow is the people of a band, whose class is that of its colour on the map.
type barRow struct {
	Class, Name, People, Share string
	Width                      float64
}

type shareRow struct {
	Name, Source, Value, Text string
	Width                     float64
}

type zoneRow struct{ Nom, People, Time, Lieu string }

type lieuRow struct{ Nom, Where, Hours, Fresh string }

type similarRow struct{ Href, Nom, People, Blanche, Time, Lieux string }

type historyRow struct{ Day, Lieux, Covered, Blanche string }

// territoirePageKey is what makes a page: records are those of other editions, base is the
// address of the root.
type territoirePageKey struct {
	params.Question
	ref     admin.Ref
	day     string
	records int
	base    string
}

// Territoire answers /territoires/{type}:{code}.
func (s *Pages) Territoire(ctx context.Context, snap *snapshot.Snapshot, r *params.Request, question params.Question) (*reply.Reply, error) {
	ref, err := admin.ParseRef(r.Arg)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "L'adresse nomme « "+problem.Quotable(r.Arg)+" » ; il faut "+params.TerritoireExpected+".", err)
	}
	s.Desk.Count("territoire")
	// Ages of records are told to the month: the page is another one every day.
	today := time.Now().UTC()
	records := s.Desk.Seen().Records
	return snap.Cached(ctx, gate.Heavy, snapshot.KeyOf("page", territoirePageKey{question, ref, today.Format(time.DateOnly), len(records), r.Root}), func(ctx context.Context) (*reply.Reply, error) {
		p, err := s.territoirePage(ctx, snap, question.Query, ref, today, records)
		if err != nil {
			return nil, err
		}
		own := r.Root + "/territoires/" + ref.String()
		if values := question.Values(snap.Edition); len(values) > 0 {
			own += "?" + values.Encode()
		}
		of := embedParams{QuestionIn: params.QuestionIn{Question: question, Within: ref}}
		p.Page.OEmbed = oembedAddress(r.Root, own)
		p.Links = append(p.Links, Link{s.Base + "/integrer?" + of.values(snap.Edition).Encode(), "Intégrer cette carte"})
		return Render("territoire.html", p)
	})
}

func (s *Pages) territoirePage(ctx context.Context, snap *snapshot.Snapshot, q coverage.Query, ref admin.Ref, today time.Time, records []figures.Dated) (*territoirePage, error) {
	t, report, at, err := snap.RowOf(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	row := report.Territoires[at]
	whole, err := snap.ReportOf(ctx, q, admin.TypeDepartement)
	if err != nil {
		return nil, err
	}
	answer, err := snap.AnswerTo(ctx, q)
	if err != nil {
		return nil, err
	}
	p := &territoirePage{Page: s.newPage(snap, q, t.Nom, "#territoire="+url.QueryEscape(ref.String())), Kind: ref.Type.Label(), Nom: t.Nom}
	far := row.Classes.Blanche
	p.Lead = fmt.Sprintf("%s habitants, dont %s (%s) à plus de %s min d'un lieu.", FrenchCount(row.Population), FrenchCount(far), frenchShare(far, row.Population), frenchDecimal(q.Cutoff.Minutes()))
	if len(report.Territoires) > 1 {
		p.Lead += fmt.Sprintf(" Priorité %d sur %d (1 = à aider d'abord).", row.Rank, len(report.Territoires))
	}
	p.Classes = classRows(&row, &whole.Territoires[0], q)
	p.Figures = figureRows(&row, &whole.Territoires[0])
	p.Times, p.Hours = timeRows(snap.Edition, answer, t), hoursRows(snap.Edition, answer, t)
	if p.Map, err = drawTerritoire(snap, answer, t); err != nil {
		return nil, err
	}
	if err := p.index(snap, ref); err != nil {
		return nil, err
	}
	if err := p.gains(ctx, snap, q, t); err != nil {
		return nil, err
	}
	p.zones(snap, answer, t)
	p.lieux(snap, t, today)
	p.similar(s, report, at)
	p.history(snap, t, records)
	arg := url.QueryEscape(ref.String())
	p.Links = []Link{{s.Base + "/api/v1/territoires/" + ref.String(), "Chiffres (JSON)"}, {s.Base + "/api/v1/lieux?territoire=" + arg, "Lieux (GeoJSON)"},
		{s.Base + "/api/v1/zones-blanches?territoire=" + arg, "Zones blanches (JSON)"}, {s.Base + "/api/v1/ifn?level=" + string(ref.Type) + "&territoire=" + arg + "&format=csv", "Indice (CSV)"}}
	return p, nil
}

func classRows(here, whole *edition.GapRow, q coverage.Query) []classRow {
	cutoff, hours := frenchDecimal(q.Cutoff.Minutes()), frenchDecimal(q.MinHours)
	x := 0.0
	var rows []classRow
	for _, c := range legend.Classes {
		var meaning string
		var n, of int
		switch c.Class {
		case coverage.Blanche:
			meaning, n, of = "aucun lieu à "+cutoff+" min", here.Classes.Blanche, whole.Classes.Blanche
		case coverage.Grise:
			meaning, n, of = "un lieu à "+cutoff+" min, moins de "+hours+" h par semaine", here.Classes.Grise, whole.Classes.Grise
		case coverage.Inconnue:
			meaning, n, of = "un lieu à "+cutoff+" min, horaires inconnus", here.Classes.Inconnue, whole.Classes.Inconnue
		case coverage.Couverte:
			meaning, n, of = "un lieu à "+cutoff+" min, "+hours+" h par semaine ou plus", here.Classes.Couverte, whole.Classes.Couverte
		}
		width := 0.0
		if here.Population > 0 {
			width = 100 * float64(n) / float64(here.Population)
		}
		rows = append(rows, classRow{c.Class.String(), c.Label, meaning, FrenchCount(n), frenchShare(n, here.Population), frenchShare(of, whole.Population), x, width})
		x += width
	}
	return rows
}

func figureRows(here, whole *edition.GapRow) []figureRow {
	hours := func(r *edition.GapRow) string {
		if r.Hours == nil {
			return UnknownWord
		}
		return frenchDecimal(float64(r.Hours.Mean)) + " h"
	}
	offer := func(r *edition.GapRow) string {
		if r.NeedOffer.HoursPer1000 == nil {
			return UnknownWord
		}
		return frenchDecimal(float64(*r.NeedOffer.HoursPer1000)) + " h"
	}
	score := func(r *edition.GapRow) string {
		if r.IFN == nil || r.IFN.Score == nil {
			return UnknownWord
		}
		return frenchDecimal(float64(*r.IFN.Score))
	}
	p50, p90 := func(a *edition.AccessJSON) decimal.Two { return a.P50 }, func(a *edition.AccessJSON) decimal.Two { return a.P90 }
	return []figureRow{
		{"Temps d'accès médian", frenchMinutes(here.Access, p50), frenchMinutes(whole.Access, p50)},
		{"Neuf habitants sur dix à moins de", frenchMinutes(here.Access, p90), frenchMinutes(whole.Access, p90)},
		{"Ouverture moyenne par semaine à portée", hours(here), hours(whole)},
		{"Heures par semaine pour 1" + thin + "000 habitants fragiles", offer(here), offer(whole)},
		{"Fragilité numérique, sur 10", score(here), score(whole)},
		{"Lieux qui rendent ce service", FrenchCount(here.Lieux), FrenchCount(whole.Lieux)},
	}
}

// timeRows are the people of a territoire by time to the nearest lieu.
func timeRows(e *edition.Edition, a *edition.Answer, t admin.Territoire) (rows []barRow) {
	b := figures.ByTime(e, a, t)
	for k, n := range b.People {
		name := ""
		switch {
		case k == 0:
			name = frenchDecimal(b.Bounds[0]) + " min ou moins"
		case k < len(b.Bounds):
			name = frenchDecimal(b.Bounds[k-1]) + " à " + frenchDecimal(b.Bounds[k]) + " min"
		default:
			name = "plus de " + frenchDecimal(b.Bounds[k-1]) + " min"
		}
		rows = append(rows, newBar("temps-"+strconv.Itoa(k), name, n, t))
	}
	if b.Apart > 0 {
		rows = append(rows, newBar("inconnue", "aucun lieu joignable", b.Apart, t))
	}
	return rows
}

// hoursRows are the people of a territoire by open hours a week within reach.
func hoursRows(e *edition.Edition, a *edition.Answer, t admin.Territoire) []barRow {
	b, far := figures.ByHours(e, a, t)
	rows := []barRow{newBar("heures-aucun", "aucun lieu à "+frenchDecimal(a.Query.Cutoff.Minutes())+" min", far, t)}
	for k, n := range b.People {
		name := ""
		switch {
		case k == 0:
			name = "moins de " + frenchDecimal(b.Bounds[0]) + " h"
		case k < len(b.Bounds):
			name = frenchDecimal(b.Bounds[k-1]) + " à " + frenchDecimal(b.Bounds[k]) + " h"
		default:
			name = frenchDecimal(b.Bounds[k-1]) + " h ou plus"
		}
		rows = append(rows, newBar("heures-"+strconv.Itoa(k), name, n, t))
	}
	if b.Apart > 0 {
		rows = append(rows, newBar("inconnue", "horaires inconnus", b.Apart, t))
	}
	return rows
}

func newBar(class, name string, n int, t admin.Territoire) barRow {
	width := 0.0
	if t.Population > 0 {
		width = reply.Rounded(100*float64(n)/float64(t.Population), 2)
	}
	return barRow{class, name, FrenchCount(n), frenchShare(n, t.Population), width}
}

// gains names the three places of the territoire where one more lieu would cover most
// people.
func (p *territoirePage) gains(ctx context.Context, snap *snapshot.Snapshot, q coverage.Query, t admin.Territoire) error {
	const shown = 3
	places, gains, err := data.GainsWithin(ctx, snap, q, t)
	if err != nil {
		return err
	}
	for _, i := range figures.BestCommunes(places, gains, shown) {
		p.Gains = append(p.Gains, fmt.Sprintf("autour de %s : +%s habitants couverts, dont %s qui sont en zone blanche", snap.Division.Communes[places[i].Commune].Nom,
			FrenchCount(gains[i].Covered), FrenchCount(gains[i].FromBlanche)))
	}
	return nil
}

func (p *territoirePage) zones(snap *snapshot.Snapshot, a *edition.Answer, t admin.Territoire) {
	const shown = 10
	all := snap.Zones(a)
	member := snap.Member(t)
	parts, people := figures.ZonesIn(all, member)
	slices.SortStableFunc(parts, func(a, b figures.ZonePart) int { return cmp.Compare(b.People, a.People) })
	count := len(parts)
	for _, one := range parts[:min(shown, count)] {
		zone := data.Zone(snap, one.Zone+1, &all[one.Zone], member)
		row := zoneRow{Nom: zone.Nom, People: FrenchCount(one.People), Time: "aucun lieu joignable"}
		if zone.AccessMin != nil {
			row.Time = frenchDecimal(*zone.AccessMin) + " min"
		}
		if zone.Lieu != nil {
			row.Lieu = zone.Lieu.Nom
			if zone.Lieu.Commune != "" {
				row.Lieu += ", " + zone.Lieu.Commune
			}
		}
		p.Zones = append(p.Zones, row)
	}
	p.ZonesCaption = fmt.Sprintf("%d zones, %s habitants d'ici", count, FrenchCount(people))
	if count > shown {
		p.ZonesCaption += fmt.Sprintf(" ; les %d plus peuplées", shown)
	}
}

func (p *territoirePage) lieux(snap *snapshot.Snapshot, t admin.Territoire, today time.Time) {
	inside := map[int32]bool{}
	for _, c := range t.Communes {
		inside[c] = true
	}
	unknown, old := 0, 0
	for _, f := range data.Features(snap) {
		if f.Home < 0 || !inside[f.Home] || !f.Properties.Public {
			continue
		}
		l := &f.Properties
		row := lieuRow{Nom: l.Nom, Where: strings.Trim(l.Adresse+", "+l.Commune, ", "), Hours: "horaires inconnus", Fresh: "date inconnue"}
		if l.HoursWeek != nil {
			row.Hours = frenchDecimal(*l.HoursWeek) + " h"
		} else {
			unknown++
		}
		if day, err := time.Parse(time.DateOnly, l.Maj); err == nil {
			row.Fresh = freshness(day, today)
			if months(day, today) > 18 {
				old++
			}
		}
		p.Lieux = append(p.Lieux, row)
	}
	p.LieuxSummary = fmt.Sprintf("%d lieux et arrêts ; horaires inconnus : %d ; fiches de plus de 18 mois : %d.", len(p.Lieux), unknown, old)
}

// similar lists the territoires of the same level that are nearest by population and
// fragility of the public.
func (p *territoirePage) similar(s *Pages, report *edition.GapReport, at int) {
	const shown = 3
	alike := figures.Similar(report.Territoires, at, shown)
	if len(alike) == 0 {
		return
	}
	for _, i := range append([]int{at}, alike...) {
		r := &report.Territoires[i]
		p.Similar = append(p.Similar, similarRow{s.Base + "/territoires/" + string(r.Type) + ":" + r.Code, r.Nom, FrenchCount(r.Population),
			frenchShare(r.Classes.Blanche, r.Population), frenchMinutes(r.Access, func(a *edition.AccessJSON) decimal.Two { return a.P50 }), FrenchCount(r.Lieux)})
	}
}

// history tells the figures of earlier editions that answered the same question, newest
// first. Those that lack a commune of today are left out: their figures are of another
// territoire.
func (p *territoirePage) history(snap *snapshot.Snapshot, t admin.Territoire, records []figures.Dated) {
	const most = 8
	for _, past := range figures.History(records, snap.Recorded().Params, snap.Division, t, most) {
		if day, ok := frenchDay(past.Created); ok {
			p.History = append(p.History, historyRow{day, FrenchCount(past.Lieux), FrenchCount(past.Classes.Couverte), FrenchCount(past.Classes.Blanche)})
		}
	}
}
