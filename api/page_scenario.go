package api

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// scenarioPage is a saved scenario to print, alone or beside another.
type scenarioPage struct {
	Page     page
	Name     string
	Lead     string
	Warning  string
	Actions  []string
	Compared bool
	Rows     []comparedRow
	Columns  []scenarioColumn
	Links    []link
}

type link struct{ Href, Text string }

type comparedRow struct {
	Name, Before string
	After        []comparedValue
}

type comparedValue struct{ Value, Change string }

type scenarioColumn struct {
	Head        string
	Map         *drawing
	Territoires []territoireRow
}

type territoireRow struct {
	Nom, People, CoveredBefore, CoveredAfter, BlancheBefore, BlancheAfter string
}

type scenarioPageParams struct {
	params.Question
	Beside string // id of a scenario; empty: the page is of one alone
}

func (p *scenarioPageParams) Bind() []params.Binding {
	return append([]params.Binding{params.Beside.To(&p.Beside)}, p.Question.Bind()...)
}

// getScenarioPage answers /scenarios/{id}: to print, and with avec=ID beside another.
func (s *Server) getScenarioPage(c echo.Context) error {
	snap := pinned(c)
	if snap == nil {
		return notReady()
	}
	ctx, cancel := context.WithTimeout(c.Request().Context(), desk.Timeout)
	defer cancel()
	var a scenarioPageParams
	one, err := s.askSaved(ctx, c, snap, &a.Question, &a)
	if err != nil {
		return err
	}
	plans := []desk.SavedScenario{one}
	if a.Beside != "" {
		other, err := s.desk.Saved(ctx, a.Beside)
		if err != nil {
			return err
		}
		plans = append(plans, other)
	}
	p := scenarioPage{Page: s.newPage(snap, a.Query, one.Name, "#scenario="+url.QueryEscape(one.ID)), Name: one.Name, Compared: len(plans) > 1}
	var differences []*scenario.Difference
	for _, plan := range plans {
		d, err := snap.simulate(c.Request().Context(), a.Query, plan.Scenario)
		if err != nil {
			return err
		}
		differences = append(differences, d.Difference)
		column := scenarioColumn{Head: "Après", Territoires: changedMost(d.Difference)}
		if p.Compared {
			column.Head = plan.Name
		}
		if column.Map, err = snap.drawChange(d.Difference, plan.Name); err != nil {
			return err
		}
		p.Columns = append(p.Columns, column)
		for _, action := range plan.Scenario.Actions {
			text := actionSentence(snap.Edition, &action)
			if p.Compared {
				text = plan.Name + " : " + text
			}
			p.Actions = append(p.Actions, text)
		}
		if plan.Edition != "" && !strings.HasPrefix(snap.ID, plan.Edition) {
			p.Warning = fmt.Sprintf("« %s » a été fait sur l'édition %s ; il est rejoué ici sur l'édition %s, dont les chiffres de départ diffèrent.", plan.Name, plan.Edition, snap.ID)
		}
	}
	if p.Compared {
		p.Name = plans[0].Name + " ou " + plans[1].Name
		p.Page.Title = p.Name
	}
	p.Lead = gainSentence(differences[0])
	p.Rows = comparedRows(differences)
	base := s.base + "/api/v1/scenarios/" + url.PathEscape(one.ID) + "/difference?format="
	p.Links = []link{{base + "csv", "Territoires (CSV)"}, {base + "geojson", "Mailles (GeoJSON)"}, {s.base + "/api/v1/scenarios/" + url.PathEscape(one.ID), "Scénario (JSON)"}}
	r, err := render("scenario.html", p)
	if err != nil {
		return err
	}
	r.cache = cacheRevalid
	return send(c, r)
}

// gainSentence says in words what a scenario brings.
func gainSentence(d *scenario.Difference) string {
	within := func(r *edition.GapRow) int { return r.Population - r.Classes.Blanche }
	near, covered := within(&d.After)-within(&d.Before), d.After.Classes.Couverte-d.Before.Classes.Couverte
	if d.Gained == (scenario.Balance{}) && d.Lost == (scenario.Balance{}) {
		return "Personne n'y gagne ni n'y perd."
	}
	text := fmt.Sprintf("%s habitants à %s min au plus d'un lieu, %s habitants couverts.", frenchSigned(near), frenchDecimal(d.Params.CutoffMin), frenchSigned(covered))
	if d.Lost.People > 0 {
		text += fmt.Sprintf(" %s habitants y perdent.", frenchCount(d.Lost.People))
	}
	return text
}

func comparedRows(all []*scenario.Difference) []comparedRow {
	people := func(of func(r *edition.GapRow) int) func(r *edition.GapRow, d *scenario.Difference, after bool) int {
		return func(r *edition.GapRow, _ *scenario.Difference, _ bool) int { return of(r) }
	}
	var rows []comparedRow
	for _, figure := range []struct {
		name string
		of   func(r *edition.GapRow, d *scenario.Difference, after bool) int
	}{
		{"Couverts", people(func(r *edition.GapRow) int { return r.Classes.Couverte })},
		{"Zone grise", people(func(r *edition.GapRow) int { return r.Classes.Grise })},
		{"Zone blanche", people(func(r *edition.GapRow) int { return r.Classes.Blanche })},
		{"Horaires inconnus", people(func(r *edition.GapRow) int { return r.Classes.Inconnue })},
		{"Zones blanches (nombre)", func(_ *edition.GapRow, d *scenario.Difference, after bool) int {
			if after {
				return d.Zones.After.Zones
			}
			return d.Zones.Before.Zones
		}},
		{"Lieux", people(func(r *edition.GapRow) int { return r.Lieux })},
	} {
		row := comparedRow{Name: figure.name, Before: frenchCount(figure.of(&all[0].Before, all[0], false))}
		for _, d := range all {
			before, after := figure.of(&d.Before, d, false), figure.of(&d.After, d, true)
			row.After = append(row.After, comparedValue{frenchCount(after), frenchSigned(after - before)})
		}
		rows = append(rows, row)
	}
	return rows
}

// changedMost lists the EPCI that change, most people first.
func changedMost(d *scenario.Difference) []territoireRow {
	var changed []*scenario.TerritoireChange
	for i := range d.Territoires {
		if d.Territoires[i].Type == admin.TypeEPCI {
			changed = append(changed, &d.Territoires[i])
		}
	}
	moved := func(t *scenario.TerritoireChange) int {
		a, b := t.After.Classes, t.Before.Classes
		return max(a.Couverte-b.Couverte, b.Couverte-a.Couverte) + max(a.Blanche-b.Blanche, b.Blanche-a.Blanche)
	}
	slices.SortStableFunc(changed, func(a, b *scenario.TerritoireChange) int { return cmp.Compare(moved(b), moved(a)) })
	var rows []territoireRow
	for _, t := range changed {
		rows = append(rows, territoireRow{t.Nom, frenchCount(t.Before.Population), frenchCount(t.Before.Classes.Couverte), frenchCount(t.After.Classes.Couverte),
			frenchCount(t.Before.Classes.Blanche), frenchCount(t.After.Classes.Blanche)})
	}
	return rows
}

// drawChange draws where the classes change: nil when they do nowhere.
func (s *snapshot) drawChange(d *scenario.Difference, name string) (*drawing, error) {
	const better = "couverte" // nothing is better
	order := map[string]int{"blanche": 0, "grise": 1, "inconnue": 1, better: 2}
	b := geo.EmptyBounds()
	var shapes []scenario.CellChange
	for _, c := range d.Cells {
		if c.ClassBefore != c.ClassAfter {
			shapes = append(shapes, c)
		}
	}
	rings := make([][]geo.LonLat, len(shapes))
	for i, c := range shapes {
		cell, err := grid.ParseCell(c.Cell)
		if err != nil {
			return nil, err
		}
		if rings[i], err = cell.Ring(); err != nil {
			return nil, err
		}
		for _, p := range rings[i] {
			b = b.Extend(p)
		}
	}
	if len(shapes) == 0 {
		return nil, nil
	}
	for i := range d.Scenario.Actions {
		if a := &d.Scenario.Actions[i]; a.Lon != nil {
			b = b.Extend(a.At())
		}
	}
	c := newCanvas(b, 800)
	out := &drawing{Width: c.width, Height: c.height, Label: "Carte des mailles dont la classe change : " + name,
		Caption: "Mailles dont la classe change : bleu, pour le mieux ; orange hachuré, pour le moins bien. Les limites sont celles des EPCI."}
	for i, change := range shapes {
		class := "gagne"
		if order[change.ClassAfter] < order[change.ClassBefore] {
			class = "perd"
		}
		out.Cells = append(out.Cells, shape{class, c.path(rings[i])})
	}
	for _, t := range s.Division.EPCI {
		out.Outlines = append(out.Outlines, c.outline(t.Outline))
	}
	for i := range d.Scenario.Actions {
		if a := &d.Scenario.Actions[i]; a.Lon != nil {
			x, y := c.at(*a.Lon, *a.Lat)
			out.Marks = append(out.Marks, dot{"lieu--nouveau", x, y, 7, a.Nom})
		}
		for _, stop := range d.Scenario.Actions[i].Stops {
			x, y := c.at(stop.Lon, stop.Lat)
			out.Marks = append(out.Marks, dot{"lieu--nouveau", x, y, 5, stop.Nom})
		}
	}
	return out, nil
}

// servicesText names services by the words of the national schema.
func servicesText(slugs []string) string {
	names := make([]string, len(slugs))
	for i, slug := range slugs {
		names[i] = slug
		if service, err := lieu.ParseService(slug); err == nil {
			names[i] = service.Label()
		}
	}
	return strings.Join(names, ", ")
}

// actionSentence says an action in French.
func actionSentence(e *edition.Edition, a *scenario.Action) string {
	name := a.Nom
	for i := range e.Lieux {
		if e.Lieux[i].ID == a.ID && name == "" {
			name = e.Lieux[i].Nom
		}
	}
	for i := range e.Tournees {
		if e.Tournees[i].ID == a.ID && name == "" {
			name = e.Tournees[i].Nom
		}
	}
	if name == "" {
		name = a.ID
	}
	where := ""
	if a.Lon != nil {
		if part, ok := e.Grid.PartAt(a.At()); ok {
			where = " à " + e.Division.Communes[e.Grid.Parts[part].Commune].Nom
		}
	}
	quoted := ""
	if name != "" {
		quoted = " « " + name + " »"
	}
	hours := ""
	if a.Horaires != nil && *a.Horaires != "" {
		h, err := lieu.ParseHoraires(*a.Horaires)
		if err != nil { // it was saved, so it was understood; if not, better the words than nothing
			hours = ", " + *a.Horaires
		} else {
			hours = ", " + openingsText(&h)
		}
	}
	switch a.Do {
	case scenario.AddLieu:
		return "Ouvrir un lieu" + quoted + where + hours
	case scenario.CloseLieu:
		return "Fermer" + quoted
	case scenario.MoveLieu:
		return "Déplacer" + quoted + where
	case scenario.SetHours:
		return "Changer les horaires de" + quoted + hours
	case scenario.SetServices:
		return "Changer les services de" + quoted + " : " + servicesText(a.Services)
	case scenario.AddTournee:
		return fmt.Sprintf("Ajouter une tournée%s de %d arrêts", quoted, len(a.Stops))
	case scenario.SetTournee:
		return "Changer la tournée" + quoted
	}
	return "Supprimer la tournée" + quoted
}
