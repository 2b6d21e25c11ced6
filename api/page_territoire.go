package api

import (
	"github.com/aisne-numerique/maillage/api/gate"

	"cmp"
	"context"
	"fmt"
	"math"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/ifn"
)

// territoirePrint is the page of a territoire.
type territoirePrint struct {
	Page                 page
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
	Links                []link
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

// getTerritoirePage answers /territoires/{type}:{code}.
func (s *Server) getTerritoirePage(ctx context.Context, snap *snapshot, r *request, question params.Question) (*reply, error) {
	ref, err := admin.ParseRef(r.arg)
	if err != nil {
		return nil, problem.Wrap(problem.Parameter, "L'adresse nomme « "+problem.Quotable(r.arg)+" » ; il faut "+params.TerritoireExpected+".", err)
	}
	s.desk.Count("territoire")
	// Ages of records are told to the month: the page is another one every day.
	today := time.Now().UTC()
	records := s.desk.Seen().Records
	return snap.cached(ctx, gate.Heavy, keyOf("page", territoirePageKey{question, ref, today.Format(time.DateOnly), len(records), r.base}), func(ctx context.Context) (*reply, error) {
		p, err := s.territoirePrint(ctx, snap, question.Query, ref, today, records)
		if err != nil {
			return nil, err
		}
		own := r.base + "/territoires/" + ref.String()
		if values := question.Values(snap.Edition); len(values) > 0 {
			own += "?" + values.Encode()
		}
		of := embedParams{QuestionIn: params.QuestionIn{Question: question, Within: ref}}
		p.Page.OEmbed = oembedAddress(r.base, own)
		p.Links = append(p.Links, link{s.base + "/integrer?" + of.values(snap.Edition).Encode(), "Intégrer cette carte"})
		return render("territoire.html", p)
	})
}

// territoire finds a territoire of the edition.
func (s *snapshot) territoire(ref admin.Ref) (admin.Territoire, error) {
	t, ok := s.Division.Find(ref)
	if !ok {
		return t, &edition.UnknownTerritoireError{Ref: ref}
	}
	return t, nil
}

// rowOf finds a territoire, the report of its level, and its row there.
func (s *snapshot) rowOf(ctx context.Context, q coverage.Query, ref admin.Ref) (t admin.Territoire, report *edition.GapReport, at int, err error) {
	if t, err = s.territoire(ref); err != nil {
		return t, nil, 0, err
	}
	if report, err = s.report(ctx, q, ref.Type); err != nil {
		return t, nil, 0, err
	}
	at = slices.IndexFunc(report.Territoires, func(r edition.GapRow) bool { return r.Code == ref.Code })
	if at < 0 {
		err = &edition.UnknownTerritoireError{Ref: ref}
	}
	return t, report, at, err
}

func (s *Server) territoirePrint(ctx context.Context, snap *snapshot, q coverage.Query, ref admin.Ref, today time.Time, records []figures.Dated) (*territoirePrint, error) {
	t, report, at, err := snap.rowOf(ctx, q, ref)
	if err != nil {
		return nil, err
	}
	row := report.Territoires[at]
	whole, err := snap.report(ctx, q, admin.TypeDepartement)
	if err != nil {
		return nil, err
	}
	answer, err := snap.answer(ctx, q)
	if err != nil {
		return nil, err
	}
	p := &territoirePrint{Page: s.newPage(snap, q, t.Nom, "#territoire="+url.QueryEscape(ref.String())), Kind: ref.Type.Label(), Nom: t.Nom}
	far := row.Classes.Blanche
	p.Lead = fmt.Sprintf("%s habitants, dont %s (%s) à plus de %s min d'un lieu.", frenchCount(row.Population), frenchCount(far), frenchShare(far, row.Population), frenchDecimal(q.Cutoff.Minutes()))
	if len(report.Territoires) > 1 {
		p.Lead += fmt.Sprintf(" Priorité %d sur %d (1 = à aider d'abord).", row.Rank, len(report.Territoires))
	}
	p.Classes = classRows(&row, &whole.Territoires[0], q)
	p.Figures = figureRows(&row, &whole.Territoires[0])
	p.Times, p.Hours = timeRows(snap.Edition, answer, t), hoursRows(snap.Edition, answer, t)
	if p.Map, err = snap.drawTerritoire(answer, t); err != nil {
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
	p.Links = []link{{s.base + "/api/v1/territoires/" + ref.String(), "Chiffres (JSON)"}, {s.base + "/api/v1/lieux?territoire=" + arg, "Lieux (GeoJSON)"},
		{s.base + "/api/v1/zones-blanches?territoire=" + arg, "Zones blanches (JSON)"}, {s.base + "/api/v1/ifn?level=" + string(ref.Type) + "&territoire=" + arg + "&format=csv", "Indice (CSV)"}}
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
		rows = append(rows, classRow{c.Class.String(), c.Label, meaning, frenchCount(n), frenchShare(n, here.Population), frenchShare(of, whole.Population), x, width})
		x += width
	}
	return rows
}

func figureRows(here, whole *edition.GapRow) []figureRow {
	hours := func(r *edition.GapRow) string {
		if r.Hours == nil {
			return unknownWord
		}
		return frenchDecimal(float64(r.Hours.Mean)) + " h"
	}
	offer := func(r *edition.GapRow) string {
		if r.NeedOffer.HoursPer1000 == nil {
			return unknownWord
		}
		return frenchDecimal(float64(*r.NeedOffer.HoursPer1000)) + " h"
	}
	score := func(r *edition.GapRow) string {
		if r.IFN == nil || r.IFN.Score == nil {
			return unknownWord
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
		{"Lieux qui rendent ce service", frenchCount(here.Lieux), frenchCount(whole.Lieux)},
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
		width = rounded(100*float64(n)/float64(t.Population), 2)
	}
	return barRow{class, name, frenchCount(n), frenchShare(n, t.Population), width}
}

// drawTerritoire draws the classes of a territoire, at the resolution that a page can
// show.
func (s *snapshot) drawTerritoire(a *edition.Answer, t admin.Territoire) (*drawing, error) {
	const most = 2500 // cells
	c := newCanvas(t.Bounds, 640)
	out := &drawing{Width: c.width, Height: c.height, Label: "Carte des classes d'accès : " + t.Nom,
		Caption: "Classe de la plupart des habitants de chaque maille ; points pleins : lieux, points creux : horaires inconnus."}
	inside := map[int32]bool{}
	for _, commune := range t.Communes {
		inside[commune] = true
	}
	var err error
	if out.Cells, err = s.classShapes(a, t, c, most); err != nil {
		return nil, err
	}
	if t.Type == admin.TypeDepartement {
		for _, epci := range s.Division.EPCI { // its own outline is the sum of its communes'
			out.Outlines = append(out.Outlines, c.outline(epci.Outline))
		}
	} else {
		outline, err := s.Outline(t.Ref)
		if err != nil {
			return nil, err
		}
		out.Outlines = []string{c.outline(outline)}
	}
	for i := range s.Sites {
		site := &s.Sites[i]
		if home := s.SiteCommune[i]; home < 0 || !inside[home] {
			continue
		}
		class := "lieu"
		if !site.Horaires.Known {
			class += " lieu--inconnu"
		}
		x, y := c.at(site.At.Lon, site.At.Lat)
		out.Marks = append(out.Marks, dot{class, x, y, 4.5, site.Nom})
	}
	return out, nil
}

// classShapes are the inhabited cells of a territoire, one shape for each class of most of
// the people of a cell, at the finest resolution that gives `most` cells at most.
func (s *snapshot) classShapes(a *edition.Answer, t admin.Territoire, c canvas, most int) ([]shape, error) {
	byClass := figures.CellsByClass(s.Edition, a, t, most)
	var out []shape
	for _, class := range coverage.Classes {
		if byClass[class] == nil {
			continue
		}
		area, err := grid.Dissolve(byClass[class])
		if err != nil {
			return nil, err
		}
		out = append(out, shape{class.String(), c.outline(area)})
	}
	return out, nil
}

// index tells what makes the index of the territoire.
func (p *territoirePrint) index(snap *snapshot, ref admin.Ref) error {
	structure, err := edition.IndexStructure()
	if err != nil {
		return err
	}
	result, err := snap.IndexReport(edition.Scope{Level: ref.Type, Within: &ref}, structure, edition.IFNOptions(ref.Type))
	if err != nil {
		return err
	}
	row, ok := result.Find(ref.Code)
	if !ok {
		return nil
	}
	p.IndexSentence = row.Sentence() + "."
	if !row.Score.Known {
		return nil
	}
	p.Score = frenchDecimal(row.Score.V)
	most := 0.0
	for _, point := range row.Points {
		most = math.Max(most, point.Contribution.V)
	}
	for _, v := range figures.Contributions(result, row) {
		point, src := &row.Points[v], &result.Sources[v]
		share := shareRow{Name: src.Nom, Value: valueText(point, src), Text: strings.Replace(strconv.FormatFloat(point.Contribution.V, 'f', 2, 64), ".", ",", 1),
			Source: strings.TrimSpace(src.Source + " " + src.Vintage)}
		if src.Proxy != "" {
			share.Source += " ; approché : " + src.Proxy
		}
		if most > 0 {
			share.Width = rounded(100*point.Contribution.V/most, 1)
		}
		p.Shares = append(p.Shares, share)
	}
	return nil
}

// valueText is the value of a variable, or those of its parts.
func valueText(point *ifn.Point, src *ifn.Source) string {
	if point.Value.Known {
		return frenchDecimal(point.Value.V) + " " + src.Unit
	}
	var parts []string
	for k, part := range point.Parts {
		if part.Value.Known {
			parts = append(parts, frenchDecimal(part.Value.V)+" "+src.Parts[k].Unit)
		}
	}
	return listed(parts)
}

// gains names the three places of the territoire where one more lieu would cover most
// people.
func (p *territoirePrint) gains(ctx context.Context, snap *snapshot, q coverage.Query, t admin.Territoire) error {
	const shown = 3
	places, gains, err := snap.gainsWithin(ctx, q, t)
	if err != nil {
		return err
	}
	for _, i := range figures.BestCommunes(places, gains, shown) {
		p.Gains = append(p.Gains, fmt.Sprintf("autour de %s : +%s habitants couverts, dont %s qui sont en zone blanche", snap.Division.Communes[places[i].Commune].Nom,
			frenchCount(gains[i].Covered), frenchCount(gains[i].FromBlanche)))
	}
	return nil
}

func (p *territoirePrint) zones(snap *snapshot, a *edition.Answer, t admin.Territoire) {
	const shown = 10
	all := snap.Zones(a)
	parts, people := figures.ZonesIn(all, snap.member(t))
	slices.SortStableFunc(parts, func(a, b figures.ZonePart) int { return cmp.Compare(b.People, a.People) })
	count := len(parts)
	for _, one := range parts[:min(shown, count)] {
		zone := snap.zone(one.Zone+1, &all[one.Zone])
		row := zoneRow{Nom: zone.Nom, People: frenchCount(one.People), Time: "aucun lieu joignable"}
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
	p.ZonesCaption = fmt.Sprintf("%d zones, %s habitants d'ici", count, frenchCount(people))
	if count > shown {
		p.ZonesCaption += fmt.Sprintf(" ; les %d plus peuplées", shown)
	}
}

func (p *territoirePrint) lieux(snap *snapshot, t admin.Territoire, today time.Time) {
	inside := map[int32]bool{}
	for _, c := range t.Communes {
		inside[c] = true
	}
	unknown, old := 0, 0
	for _, f := range snap.lieux {
		if f.home < 0 || !inside[f.home] || !f.Properties.Public {
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

// months between two days, whole ones.
func months(from, to time.Time) int {
	n := 12*(to.Year()-from.Year()) + int(to.Month()) - int(from.Month())
	if to.Day() < from.Day() {
		n--
	}
	return n
}

// freshness puts the age of a record in its band.
func freshness(day, today time.Time) string {
	date := day.Format("02/01/2006")
	switch n := months(day, today); {
	case n < 6:
		return date + " (moins de 6 mois)"
	case n < 12:
		return date + " (6 à 12 mois)"
	case n <= 18:
		return date + " (12 à 18 mois)"
	}
	return date + " (plus de 18 mois)"
}

// similar lists the territoires of the same level that are nearest by population and
// fragility of the public.
func (p *territoirePrint) similar(s *Server, report *edition.GapReport, at int) {
	const shown = 3
	alike := figures.Similar(report.Territoires, at, shown)
	if len(alike) == 0 {
		return
	}
	for _, i := range append([]int{at}, alike...) {
		r := &report.Territoires[i]
		p.Similar = append(p.Similar, similarRow{s.base + "/territoires/" + string(r.Type) + ":" + r.Code, r.Nom, frenchCount(r.Population),
			frenchShare(r.Classes.Blanche, r.Population), frenchMinutes(r.Access, func(a *edition.AccessJSON) decimal.Two { return a.P50 }), frenchCount(r.Lieux)})
	}
}

// history tells the figures of earlier editions that answered the same question, newest
// first. Those that lack a commune of today are left out: their figures are of another
// territoire.
func (p *territoirePrint) history(snap *snapshot, t admin.Territoire, records []figures.Dated) {
	const most = 8
	for _, past := range figures.History(records, snap.record().Params, snap.Division, t, most) {
		if day, ok := frenchDay(past.Created); ok {
			p.History = append(p.History, historyRow{day, frenchCount(past.Lieux), frenchCount(past.Classes.Couverte), frenchCount(past.Classes.Blanche)})
		}
	}
}

// frenchDay writes an RFC 3339 time as 31/12/2026.
func frenchDay(created string) (string, bool) {
	at, err := time.Parse(time.RFC3339, created)
	return at.UTC().Format("02/01/2006"), err == nil
}
