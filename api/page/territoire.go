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
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// territoirePage is the page of a territoire.
type territoirePage struct {
	Page                 Page
	Kind, Nom, Lead      string
	When                 string // the dates of timetables; empty by streets
	NoHours, NoPlaces    string // who finds no hour; why there are no times to care; empty: nothing to say
	TimesCaption         string
	HoursCaption         string
	Portion              string // which part is counted of a territoire that crosses the border, or how the people of an outline are known
	Bus                  string // what buses add to walking, and whom they leave out; empty: not asked by transit
	Classes              []classRow
	Figures              []figureRow
	Map                  *drawing
	Publics              []french.PublicRow // by class, in the order of PublicClasses
	PublicClasses        []string
	Times, Hours         []barRow
	IndexSentence, Score string
	ChosenWeights        string // French; empty: those of the structure
	Scores               []scoreRow
	Shares               []shareRow
	Gains                []string
	ZonesCaption         listed
	Zones                []zoneRow
	VerifyCaption        listed
	Verify               []verifyRow
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

// scoreRow is the index or a sub-index, and how much of it is known.
type scoreRow struct{ Name, Value, Known string }

type zoneRow struct{ Nom, Outside, People, Time, Lieu string }

// verifyRow is a zone à vérifier, and whom to ask.
type verifyRow struct {
	Nom, Outside, People, Sentence string
	Asks                           []string // on paper, the first
	Rest, RestPrinted              string   // the others; empty: none
}

// listed says how many zones there are, and which of them a list shows. Paper has fewer
// than the screen, so that the page of an EPCI is two sheets.
type listed struct {
	All           string
	Screen, Paper string // what each says of the list; empty: it has all
	Printed       int
}

// How many zones are listed, and how many lieux to ask are named of each.
const (
	zonesShown, zonesPrinted = 10, 6
	asksShown, asksPrinted   = 3, 1
)

type lieuRow struct{ Nom, Where, Hours, Fresh string }

type similarRow struct{ Href, Nom, People, Blanche, Time, Lieux string }

type historyRow struct{ Day, Lieux, Covered, Blanche string }

// territoirePageKey is what makes a page: records are those of other editions, base is the
// address of the root.
type territoirePageKey struct {
	territoireParams
	ref     admin.Ref
	day     string
	records int
	base    string
}

// territoireParams is the question of a page, and the weights of its index.
type territoireParams struct {
	params.Question
	Weights string // see [params.Weights]
}

func (p *territoireParams) Bind() []params.Binding {
	return append(p.Question.Bind(), params.Weights.To(&p.Weights))
}

// Territoire answers /territoires/{type}:{code}.
func (s *Pages) Territoire(ctx context.Context, snap *snapshot.Snapshot, r *params.Request, asked territoireParams) (*reply.Reply, error) {
	ref, err := admin.ParseRef(r.Arg)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "L'adresse nomme « "+problem.Quotable(r.Arg)+" » ; il faut "+params.TerritoireExpected+".", err)
	}
	s.Desk.Count("territoire")
	// Ages of records are told to the month: the page is another one every day.
	today := time.Now().UTC()
	records := s.Desk.Seen().Records
	return snap.Cached(ctx, gate.Heavy, snapshot.KeyOf("page", territoirePageKey{asked, ref, today.Format(time.DateOnly), len(records), r.Root}), func(ctx context.Context) (*reply.Reply, error) {
		question := asked.Question
		p, err := s.territoirePage(ctx, snap, asked, ref, today, records)
		if err != nil {
			return nil, err
		}
		own := r.Root + "/territoires/" + ref.String()
		values := question.Values(snap.Edition)
		if asked.Weights != "" {
			values.Set("weights", asked.Weights)
		}
		if len(values) > 0 {
			own += "?" + values.Encode()
		}
		of := embedParams{QuestionIn: params.QuestionIn{Question: question, Within: ref}}
		p.Page.OEmbed = oembedAddress(r.Root, own)
		p.Links = append(p.Links, Link{s.Base + "/integrer?" + of.values(snap.Edition).Encode(), "Intégrer cette carte"})
		return Render("territoire.html", p)
	})
}

func (s *Pages) territoirePage(ctx context.Context, snap *snapshot.Snapshot, asked territoireParams, ref admin.Ref, today time.Time, records []figures.Dated) (*territoirePage, error) {
	q := asked.Query
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
	p.Lead = french.People(row.Population) + ". " + french.Sentence(strings.TrimSuffix(french.Headline(q, row.Classes.Tally(), report.Params.Unnamed), "."))
	if row.Bus != nil {
		p.Bus = row.Bus.Sentence
	}
	p.Portion = french.Sentence(cmp.Or(data.Portion(snap.Edition, &row), row.Outlined()))
	if len(report.Territoires) > 1 {
		p.Lead += fmt.Sprintf(" Priorité %d sur %d (1 = à aider d'abord).", row.Rank, len(report.Territoires))
	}
	p.When, p.NoPlaces = p.Page.when(), french.NoPlaceTimes(q.Mode)
	if n := french.WithoutHours(q, row.NoHours); n != "" {
		p.NoHours = legend.LabelOf(coverage.Grise) + ", " + n + "."
	}
	p.TimesCaption, p.HoursCaption = captions(q)
	p.Classes = classRows(&row, &whole.Territoires[0], q)
	p.Figures = figureRows(&row, &whole.Territoires[0], q.Mode)
	p.Figures = append(p.Figures, placeRows(snap.Edition, q.Mode, t)...)
	var classes []coverage.Class
	for _, c := range legend.Classes {
		classes, p.PublicClasses = append(classes, c.Class), append(p.PublicClasses, c.Label)
	}
	p.Publics = french.PublicRows(row.Publics, classes)
	p.Times, p.Hours = timeRows(snap.Edition, answer, t), hoursRows(snap.Edition, answer, t)
	if p.Map, err = drawTerritoire(snap, answer, t); err != nil {
		return nil, err
	}
	if err := p.index(snap, ref, asked.Weights); err != nil {
		return nil, err
	}
	if err := p.gains(ctx, snap, q, t); err != nil {
		return nil, err
	}
	p.zones(snap, answer, t)
	p.lieux(snap, q.Service, t, today)
	p.similar(s, report, at)
	p.history(snap, t, records)
	arg := url.QueryEscape(ref.String())
	p.Links = []Link{{s.Base + "/api/v1/territoires/" + ref.String(), "Chiffres (JSON)"}, {s.Base + "/api/v1/lieux?territoire=" + arg, "Lieux (GeoJSON)"},
		{s.Base + "/api/v1/zones-blanches?territoire=" + arg, "Zones blanches et à vérifier (JSON)"}, {s.Base + "/api/v1/ifn?level=" + string(ref.Type) + "&territoire=" + arg + "&format=csv", "Indice (CSV)"}}
	return p, nil
}

func classRows(here, whole *edition.GapRow, q coverage.Query) []classRow {
	x := 0.0
	var rows []classRow
	for _, c := range legend.Classes {
		var n, of int
		switch c.Class {
		case coverage.Blanche:
			n, of = here.Classes.Blanche, whole.Classes.Blanche
		case coverage.Grise:
			n, of = here.Classes.Grise, whole.Classes.Grise
		case coverage.Inconnue:
			n, of = here.Classes.Inconnue, whole.Classes.Inconnue
		case coverage.Couverte:
			n, of = here.Classes.Couverte, whole.Classes.Couverte
		}
		width := 0.0
		if here.Population > 0 {
			width = 100 * float64(n) / float64(here.Population)
		}
		rows = append(rows, classRow{c.Class.String(), c.Label, french.Meaning(c.Class, q), french.Count(n), french.Share(n, here.Population), french.Share(of, whole.Population), x, width})
		x += width
	}
	return rows
}

// captions are those of the people by time, and by hours a week.
func captions(q coverage.Query) (times, hours string) {
	if q.Mode == geo.Transit {
		return "Habitants selon le temps de l'aller, attente comprise, au plus vite de ce qui compte : y être pendant l'ouverture et rentrer le jour même ; à pied où aucun bus ne le permet",
			"Habitants selon les heures d'ouverture par semaine, connues, où l'on peut y être et rentrer"
	}
	return "Habitants selon le temps jusqu'au lieu le plus proche dont on sait qu'il rend ce service", "Habitants selon l'ouverture par semaine, connue, à portée"
}

func figureRows(here, whole *edition.GapRow, m geo.Mode) []figureRow {
	hours := func(r *edition.GapRow) string {
		if r.Hours == nil {
			return french.Unknown
		}
		return short(r.Hours.Mean) + " h"
	}
	offer := func(r *edition.GapRow) string {
		if r.NeedOffer.HoursPer1000 == nil {
			return french.Unknown
		}
		return short(*r.NeedOffer.HoursPer1000) + " h"
	}
	score := func(r *edition.GapRow) string {
		if r.IFN == nil || r.IFN.Score == nil {
			return french.Unknown
		}
		return short(*r.IFN.Score)
	}
	p50, p90 := func(a *edition.AccessJSON) decimal.Two { return a.P50 }, func(a *edition.AccessJSON) decimal.Two { return a.P90 }
	median, opening := "Temps médian jusqu'à un lieu qui rend ce service", "Ouverture moyenne par semaine à portée"
	if m == geo.Transit {
		median, opening = "Temps de l'aller médian, attente comprise, à pied où aucun bus ne le permet", "Heures par semaine où l'on peut y être et rentrer, en moyenne"
	}
	rows := []figureRow{
		{median, frenchMinutes(here.Access, p50), frenchMinutes(whole.Access, p50)},
		{"Neuf habitants sur dix à moins de", frenchMinutes(here.Access, p90), frenchMinutes(whole.Access, p90)},
		{opening, hours(here), hours(whole)},
		{"Heures par semaine pour 1" + french.Thin + "000 habitants fragiles", offer(here), offer(whole)},
		{"Fragilité numérique, sur 10", score(here), score(whole)},
		{"Lieux dont on sait qu'ils rendent ce service", french.Count(here.Lieux), french.Count(whole.Lieux)},
		{legend.IfKnown + " : habitants de plus qui seraient couverts", french.Count(here.ToCheck.People), french.Count(whole.ToCheck.People)},
	}
	if h, w := here.Reservation, whole.Reservation; h != nil && w != nil {
		rows = append(rows, figureRow{"Habitants sans aucune heure à portée en bus ou car, qui en auraient sur réservation (à part)", french.Count(h.People), french.Count(w.People)})
		if w.Unknown > 0 {
			rows = append(rows, figureRow{"Habitants dont on ignore s'ils en auraient : heures d'une zone ou d'un lieu inconnues", french.Count(h.Unknown), french.Count(w.Unknown)})
		}
	}
	return rows
}

// placeRows are the times to care and to public services, where they are known.
func placeRows(e *edition.Edition, m geo.Mode, t admin.Territoire) (rows []figureRow) {
	whole := figures.PlaceTimes(e, m, e.Division.Territoires(admin.TypeDepartement)[0])
	told := func(p figures.PlaceTime) string {
		if !p.Known() {
			return french.Unknown
		}
		text := french.Decimal(p.Minutes) + " min"
		if p.Unreached > 0 {
			text += " (" + french.Of(p.Unreached, "habitant n'en atteint", "habitants n'en atteignent") + " aucun)"
		}
		return text
	}
	for i, p := range figures.PlaceTimes(e, m, t) {
		rows = append(rows, figureRow{p.Column.Title() + ", " + m.Phrase() + ", en moyenne. " + p.Sources, told(p), told(whole[i])})
	}
	return rows
}

// timeRows are the people of a territoire by time to the nearest lieu.
func timeRows(e *edition.Edition, a *edition.Answer, t admin.Territoire) (rows []barRow) {
	b := figures.ByTime(e, a, t)
	for k, n := range b.People {
		name := ""
		switch {
		case k == 0:
			name = french.Decimal(b.Bounds[0]) + " min ou moins"
		case k < len(b.Bounds):
			name = french.Decimal(b.Bounds[k-1]) + " à " + french.Decimal(b.Bounds[k]) + " min"
		default:
			name = "plus de " + french.Decimal(b.Bounds[k-1]) + " min"
		}
		rows = append(rows, newBar("temps-"+strconv.Itoa(k), name, n, t))
	}
	if b.Apart > 0 {
		rows = append(rows, newBar("inconnue", "aucun lieu connu joignable", b.Apart, t))
	}
	return rows
}

// hoursRows are the people of a territoire by open hours a week within reach.
func hoursRows(e *edition.Edition, a *edition.Answer, t admin.Territoire) []barRow {
	b, far := figures.ByHours(e, a, t)
	rows := []barRow{newBar("heures-aucun", "aucun lieu à "+french.Decimal(a.Query.Cutoff.Minutes())+" min", far, t)}
	for k, n := range b.People {
		name := ""
		switch {
		case k == 0:
			name = "moins de " + french.Decimal(b.Bounds[0]) + " h"
		case k < len(b.Bounds):
			name = french.Decimal(b.Bounds[k-1]) + " à " + french.Decimal(b.Bounds[k]) + " h"
		default:
			name = french.Decimal(b.Bounds[k-1]) + " h ou plus"
		}
		rows = append(rows, newBar("heures-"+strconv.Itoa(k), name, n, t))
	}
	if b.Apart > 0 {
		rows = append(rows, newBar("inconnue", strings.ToLower(legend.LabelOf(coverage.Inconnue))+" : services, horaires ou arrêts inconnus", b.Apart, t))
	}
	return rows
}

func newBar(class, name string, n int, t admin.Territoire) barRow {
	width := 0.0
	if t.Population > 0 {
		width = reply.Rounded(100*float64(n)/float64(t.Population), 2)
	}
	return barRow{class, name, french.Count(n), french.Share(n, t.Population), width}
}

// gains names the three places of the territoire where one more lieu would cover most
// people.
func (p *territoirePage) gains(ctx context.Context, snap *snapshot.Snapshot, q coverage.Query, t admin.Territoire) error {
	const shown = 3
	gains, err := data.GainsWithin(ctx, snap, q, t, shown)
	if err != nil {
		return err
	}
	for _, g := range gains {
		text := fmt.Sprintf("autour de %s : +%s habitants couverts, dont %s qui sont en zone blanche", snap.Division.Communes[g.Commune].Nom,
			french.Count(g.Covered), french.Count(g.FromBlanche))
		if g.Who != "" {
			text += " ; parmi les habitants couverts en plus : " + g.Who
		}
		p.Gains = append(p.Gains, text)
	}
	return nil
}

func (p *territoirePage) zones(snap *snapshot.Snapshot, a *edition.Answer, t admin.Territoire) {
	all := snap.Zones(a)
	in := snap.Residents.Inside(&t)
	parts, people := figures.ZonesIn(snap.Edition, a, all, in)
	slices.SortStableFunc(parts, func(a, b figures.ZonePart) int { return cmp.Compare(b.People, a.People) })
	count := len(parts)
	for _, one := range parts[:min(zonesShown, count)] {
		zone := data.Zone(snap, one.Zone+1, &all[one.Zone], one.Communes)
		row := zoneRow{Nom: zone.Nom, People: french.Count(one.People), Time: "aucun lieu joignable"}
		if zone.AccessMin != nil {
			row.Time = french.Decimal(*zone.AccessMin) + " min"
			if a.Query.Mode == geo.Transit { // nothing counts there
				row.Time += " à pied"
			}
		}
		row.Outside = outside(zone.Outside)
		if zone.Lieu != nil {
			row.Lieu = zone.Lieu.Nom
			if zone.Lieu.Commune != "" {
				row.Lieu += ", " + zone.Lieu.Commune
			}
		}
		p.Zones = append(p.Zones, row)
	}
	p.ZonesCaption = newListed(count, people)
	verify := figures.ToVerifyIn(snap.Edition, a, in)
	slices.SortStableFunc(verify, func(a, b figures.ZoneToVerify) int { return cmp.Compare(b.People, a.People) })
	people = 0
	for i, z := range verify {
		if people += z.People; i >= zonesShown {
			continue
		}
		zone := data.Zone(snap, z.Rank, &z.Zone, z.Here)
		row := verifyRow{Nom: zone.Nom, Outside: outside(zone.Outside), People: french.Count(z.People), Sentence: data.Whom(snap.Edition, z.Asks)}
		for _, ask := range data.Asks(snap.Edition, z.Asks[:min(asksShown, len(z.Asks))]) {
			text := ask.Nom
			if ask.CommuneNom != "" {
				text += ", " + ask.CommuneNom
			}
			row.Asks = append(row.Asks, text+" : "+french.People(ask.People))
		}
		row.Rest, row.RestPrinted = others(len(z.Asks)-asksShown), others(len(z.Asks)-asksPrinted)
		p.Verify = append(p.Verify, row)
	}
	p.VerifyCaption = newListed(len(verify), people)
}

// newListed says how many zones there are, and how many of them are listed.
func newListed(count, people int) listed {
	some := func(shown int) string {
		if count <= shown {
			return ""
		}
		return " ; les " + french.Count(shown) + " plus peuplées"
	}
	return listed{french.Of(count, "zone", "zones") + ", " + french.People(people) + " d'ici", some(zonesShown), some(zonesPrinted), zonesPrinted}
}

// others counts what is left out of a list; empty: nothing.
func others(n int) string {
	if n <= 0 {
		return ""
	}
	return "et " + french.Of(n, "autre", "autres")
}

// outside says that a zone goes on outside the territoire; empty: it does not.
func outside(people int) string {
	if people == 0 {
		return ""
	}
	return "se prolonge au-dehors : " + french.People(people) + " de plus"
}

func (p *territoirePage) lieux(snap *snapshot.Snapshot, service lieu.Service, t admin.Territoire, today time.Time) {
	in := snap.Residents.Inside(&t)
	old := 0
	for _, f := range data.Features(snap) {
		if !in.Place(f.Home, f.At(), true) || !f.Properties.Public {
			continue
		}
		l := &f.Properties
		row := lieuRow{Nom: l.Nom, Where: strings.Trim(l.Adresse+", "+l.Commune, ", "), Hours: "inconnues", Fresh: "date inconnue"}
		if l.HoursWeek != nil {
			row.Hours = french.Decimal(*l.HoursWeek) + " h"
		}
		if l.Modelled {
			row.Nom += " (modélisé)"
		}
		if l.Modelled {
			row.Fresh = "modélisé"
		} else if day, err := time.Parse(time.DateOnly, l.Maj); err == nil {
			row.Fresh = freshness(day, today)
			if months(day, today) > 18 {
				old++
			}
		}
		p.Lieux = append(p.Lieux, row)
	}
	n := figures.NewLieuxCounter(snap.Edition, service).Of(t)
	p.LieuxSummary = french.Offer(n.Public, n.Points, n.Certain, n.Maybe)
	if old > 0 {
		p.LieuxSummary += " Fiches de plus de 18 mois : " + french.Count(old) + "."
	}
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
		p.Similar = append(p.Similar, similarRow{s.Base + "/territoires/" + string(r.Type) + ":" + r.Code, r.Nom, french.Count(r.Population),
			french.Share(r.Classes.Blanche, r.Population), frenchMinutes(r.Access, func(a *edition.AccessJSON) decimal.Two { return a.P50 }), french.Count(r.Lieux)})
	}
}

// history tells the figures of earlier editions that answered the same question, newest
// first. Those that lack a commune of today are left out: their figures are of another
// territoire.
func (p *territoirePage) history(snap *snapshot.Snapshot, t admin.Territoire, records []figures.Dated) {
	const most = 8
	for _, past := range figures.History(records, snap.Recorded().Params, snap.Division, t, most) {
		if day, ok := frenchDay(past.Created); ok {
			p.History = append(p.History, historyRow{day, french.Count(past.Lieux), french.Count(past.Classes.Couverte), french.Count(past.Classes.Blanche)})
		}
	}
}
