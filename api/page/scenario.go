package page

import (
	"cmp"
	"context"
	"fmt"
	"net/url"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// scenarioPage is a saved scenario to print, alone or beside another.
type scenarioPage struct {
	Page     Page
	Name     string
	Lead     string
	Warning  string
	Actions  []string
	Compared bool
	Rows     []comparedRow
	Columns  []scenarioColumn
	Links    []Link
}

type Link struct{ Href, Text string }

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

// Scenario answers /scenarios/{id}: to print, and with avec=ID beside another.
func (s *Pages) Scenario(asking context.Context, snap *snapshot.Snapshot, request *params.Request) (*reply.Reply, error) {
	ctx, cancel := context.WithTimeout(asking, desk.Timeout)
	defer cancel()
	var a scenarioPageParams
	one, err := data.AskSaved(ctx, s.Desk, snap, request, &a.Question, &a)
	if err != nil {
		return nil, err
	}
	plans := []desk.SavedScenario{one}
	if a.Beside != "" {
		other, err := s.Desk.Saved(ctx, a.Beside)
		if err != nil {
			return nil, err
		}
		plans = append(plans, other)
	}
	p := scenarioPage{Page: s.newPage(snap, a.Query, one.Name, "#scenario="+url.QueryEscape(one.ID)), Name: one.Name, Compared: len(plans) > 1}
	var differences []*scenario.Difference
	for _, plan := range plans {
		d, err := data.Simulate(asking, snap, a.Query, plan.Scenario)
		if err != nil {
			return nil, err
		}
		differences = append(differences, d.Difference)
		column := scenarioColumn{Head: "Après", Territoires: changedMost(d.Difference)}
		if p.Compared {
			column.Head = plan.Name
		}
		if column.Map, err = drawChange(snap, d.Difference, plan.Name); err != nil {
			return nil, err
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
	base := s.Base + "/api/v1/scenarios/" + url.PathEscape(one.ID) + "/difference?format="
	p.Links = []Link{{base + "csv", "Territoires (CSV)"}, {base + "geojson", "Mailles (GeoJSON)"}, {s.Base + "/api/v1/scenarios/" + url.PathEscape(one.ID), "Scénario (JSON)"}}
	r, err := Render("scenario.html", p)
	if err != nil {
		return nil, err
	}
	r.Cache = reply.CacheRevalid
	return r, nil
}

// gainSentence says in words what a scenario brings.
func gainSentence(d *scenario.Difference) string {
	within := func(r *edition.GapRow) int { return r.Population - r.Classes.Blanche }
	near, covered := within(&d.After)-within(&d.Before), d.After.Classes.Couverte-d.Before.Classes.Couverte
	if d.Gained == (scenario.Balance{}) && d.Lost == (scenario.Balance{}) {
		return "Personne n'y gagne ni n'y perd."
	}
	text := fmt.Sprintf("%s habitants à %s min au plus d'un lieu, %s habitants couverts.", french.Signed(near), french.Decimal(d.Params.CutoffMin), french.Signed(covered))
	if who := french.Who(d.Gained.Publics); who != "" {
		text += fmt.Sprintf(" Parmi les %s dont la classe s'améliore : %s.", french.People(d.Gained.People), who)
	}
	if d.Lost.People > 0 {
		text += fmt.Sprintf(" %s habitants y perdent", french.Count(d.Lost.People))
		if who := french.Who(d.Lost.Publics); who != "" {
			text += ", dont " + who
		}
		text += "."
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
		{legend.LabelOf(coverage.Inconnue), people(func(r *edition.GapRow) int { return r.Classes.Inconnue })},
		{"Zones blanches (nombre)", func(_ *edition.GapRow, d *scenario.Difference, after bool) int {
			if after {
				return d.Zones.After.Zones
			}
			return d.Zones.Before.Zones
		}},
		{"Lieux dont on sait qu'ils rendent ce service", people(func(r *edition.GapRow) int { return r.Lieux })},
	} {
		row := comparedRow{Name: figure.name, Before: french.Count(figure.of(&all[0].Before, all[0], false))}
		for _, d := range all {
			before, after := figure.of(&d.Before, d, false), figure.of(&d.After, d, true)
			row.After = append(row.After, comparedValue{french.Count(after), french.Signed(after - before)})
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
		rows = append(rows, territoireRow{t.Nom, french.Count(t.Before.Population), french.Count(t.Before.Classes.Couverte), french.Count(t.After.Classes.Couverte),
			french.Count(t.Before.Classes.Blanche), french.Count(t.After.Classes.Blanche)})
	}
	return rows
}
