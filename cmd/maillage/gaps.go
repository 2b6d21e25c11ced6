package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/export"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/legend"
)

type gapsCmd struct {
	Territoire string `placeholder:"TYPE:CODE" help:"Territoire à analyser, comme epci:200072031, secteur:fere-en-tardenois ou canton:0201."`
	Level      string `help:"Niveau des lignes : commune, epci, secteur, departement, ou un type de territoires importés comme canton ; par défaut epci, ou le territoire lui-même."`
	questionFlags
	Format  string `default:"table" enum:"table,json,csv,geojson,html" help:"table, json, csv, geojson ou html."`
	Publics bool   `help:"Ajoute au tableau les personnes et les ménages par public, en zone blanche et en tout."`
	JSON    bool   `name:"json" help:"Comme --format json."`
	Edition string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
}

func (c *gapsCmd) Run(s *session) (err error) {
	scope, err := scopeOf(c.Territoire, c.Level)
	if err != nil {
		return usageError{err}
	}
	e, err := s.edition(c.Edition)
	if err != nil {
		return err
	}
	q, err := c.query(e, e.Params.Query())
	if err != nil {
		return err
	}
	answer := e.Answer(q)
	report, err := e.Gaps(answer, scope)
	if err != nil {
		return err
	}
	report.TellBus(answer)
	format := c.Format
	if c.JSON {
		format = "json"
	}
	switch format {
	case "json":
		return writeJSON(s.stdout, report)
	case "csv":
		return gapsCSV(s.stdout, report, e)
	case "geojson":
		return gapsGeoJSON(s.stdout, report, e)
	case "html":
		return gapsHTML(s.stdout, report, e, q)
	}
	if err := gapsTable(s.stdout, report, q); err != nil || !c.Publics {
		return err
	}
	return publicsTable(s.stdout, report)
}

const levels = "commune, epci, secteur, departement, ou un type importé comme canton"

// scopeOf reads --territoire and --level: without a level, the territoire itself is
// the one row.
func scopeOf(territoire, level string) (edition.Scope, error) {
	scope := edition.Scope{Level: admin.TypeEPCI}
	if territoire != "" {
		ref, err := admin.ParseRef(territoire)
		if err != nil {
			return scope, fmt.Errorf("--territoire %q : attendu type:code, comme epci:200072031 (types : %s)", territoire, levels)
		}
		scope.Within, scope.Level = &ref, ref.Type
	}
	if level != "" {
		rows, err := admin.ParseType(level)
		if err != nil {
			return scope, fmt.Errorf("--level %q : attendu %s", level, levels)
		}
		scope.Level = rows
	}
	return scope, nil
}

// classMeaning is a class, and what it means for a question.
type classMeaning struct{ Label, Meaning string }

func classMeanings(q coverage.Query) []classMeaning {
	out := make([]classMeaning, len(legend.Classes))
	for i, row := range legend.Classes {
		out[i] = classMeaning{row.Label, french.Meaning(row.Class, q)}
	}
	return out
}

// ifKnownMeaning is what [legend.IfKnown] counts.
const ifKnownMeaning = "habitants de plus qui seraient couverts, au plus"

// tally is the people of a row by class, in the order of the legend.
func tally(r edition.GapRow) []int {
	people := r.Classes.Tally()
	out := make([]int, len(legend.Classes))
	for i, row := range legend.Classes {
		out[i] = people[row.Class]
	}
	return out
}

func gapsTable(w io.Writer, r *edition.GapReport, q coverage.Query) error {
	head := []string{"rang", "code", "nom", "habitants"}
	for _, row := range legend.Classes {
		head = append(head, strings.ToLower(row.Label))
	}
	byTimetable := r.Params.Transit != nil
	if byTimetable {
		head = append(head, "sans heure")
	}
	t := newTable(append(head, strings.ToLower(legend.IfKnown), "médiane min", "h/semaine", "lieux", "IFN")...)
	crosses := false
	for _, row := range export.ByRank(r) {
		access, hours, score := unknownText, unknownText, unknownText
		if row.Access != nil {
			access = tenths(row.Access.P50)
		}
		if row.Hours != nil {
			hours = tenths(row.Hours.Mean)
		}
		if row.IFN != nil && row.IFN.Score != nil {
			score = tenths(*row.IFN.Score)
		}
		people := strconv.Itoa(row.Population)
		if row.Partial != nil {
			crosses, people = true, people+" sur "+strconv.Itoa(row.Partial.Whole)
		}
		cells := []string{strconv.Itoa(row.Rank), row.Code, row.Nom, people}
		for _, n := range tally(row) {
			cells = append(cells, strconv.Itoa(n))
		}
		if byTimetable {
			cells = append(cells, strconv.Itoa(row.NoHours))
		}
		t.add(append(cells, strconv.Itoa(row.ToCheck.People), access, hours, strconv.Itoa(row.Lieux), score)...)
	}
	if err := t.write(w); err != nil {
		return err
	}
	var means []string
	for _, c := range classMeanings(q) {
		means = append(means, strings.ToLower(c.Label)+" : "+c.Meaning)
	}
	_, err := fmt.Fprintf(w, "\n%s, %s, T = %s min, H = %s h/semaine ; édition %s\nhabitants par classe (%s) ; %s : %s ; lieux : ceux dont on sait qu'ils rendent ce service ; « %s » = inconnu\nrang : priorité = %s\n",
		r.Params.ServiceLabel, r.Params.Mode.Phrase(), decimal(r.Params.CutoffMin, 1), decimal(r.Params.MinHours, 1), r.Edition,
		strings.Join(means, " ; "), strings.ToLower(legend.IfKnown), ifKnownMeaning, unknownText, r.PriorityFormula)
	if byTimetable && err == nil {
		_, err = fmt.Fprintf(w, "sans heure : de la classe grise, %s ; médiane : %s ; h/semaine : %s\nhoraires : %s\n",
			french.AnyNoHours(q), french.TimeWord(q.Mode), french.HourWord(q.Mode), strings.Join(r.Params.Transit.Sentences, " ; "))
	}
	if err == nil && crosses {
		_, err = fmt.Fprintln(w, "habitants « 1 sur 2 » : seule une partie d'un territoire qui passe la limite est comptée")
	}
	for _, row := range export.ByRank(r) {
		if text := row.Outlined(); err == nil && text != "" {
			_, err = fmt.Fprintf(w, "%s (%s) : %s\n", row.Nom, row.Code, text)
		}
	}
	if err == nil {
		gini := unknownText
		if r.Offer.Gini != nil {
			gini = decimal(float64(*r.Offer.Gini), 2)
		}
		_, err = fmt.Fprintf(w, "offre dans tout le département : indice de Gini %s (0 : tous autant ; 1 : tout à quelques-uns), %s aux horaires inconnus et %s sans indice laissés de côté ; %s\n",
			gini, plural(r.Offer.UnknownHours, "point d'accueil", "points d'accueil"), plural(r.Offer.UnknownPeople, "habitant", "habitants"), r.Offer.Formula)
	}
	for _, row := range export.ByRank(r) {
		if by := row.Reservation; err == nil && by != nil && by.People+by.Unknown > 0 {
			_, err = fmt.Fprintf(w, "%s (%s), transport à la demande : %s\n", row.Nom, row.Code, french.ByReservation(by.People, by.Unknown))
		}
	}
	for _, m := range r.Modelled {
		if err == nil {
			_, err = fmt.Fprintln(w, "modélisé :", m)
		}
	}
	return err
}

// gapsCSV writes RFC 4180: comma, decimal point, an empty field for unknown.
func gapsCSV(w io.Writer, r *edition.GapReport, e *edition.Edition) error {
	last := [][2]string{{"edition", r.Edition}, {"modelise", strings.Join(r.Modelled, " ; ")}}
	if t := r.Params.Transit; t != nil {
		last = append(last, [2]string{"horaires", strings.Join(t.Sentences, " ; ")})
	}
	return export.CSV(w, export.Gaps(r, e), export.Style{Last: last})
}

func gapsGeoJSON(w io.Writer, r *edition.GapReport, e *edition.Edition) error {
	fc := geojson.NewFeatureCollection()
	fc.ExtraMembers = geojson.Properties{"edition": r.Edition, "params": r.Params, "modelled": r.Modelled, "priority_formula": r.PriorityFormula}
	for _, row := range export.ByRank(r) {
		outline, err := e.Outline(admin.Ref{Type: row.Type, Code: row.Code})
		if err != nil {
			return err
		}
		f := geojson.NewFeature(orb.Geometry(outline))
		f.Properties = geojson.Properties{"type": row.Type, "code": row.Code, "nom": row.Nom, "population": row.Population,
			"couverte": row.Classes.Couverte, "grise": row.Classes.Grise, "blanche": row.Classes.Blanche, "inconnue": row.Classes.Inconnue, "to_check": row.ToCheck, "grise_without_hours": row.NoHours,
			"lieux": row.Lieux, "priority": row.Priority, "rank": row.Rank, "unreached": row.Unreached}
		if row.Partial != nil {
			f.Properties["partial"] = row.Partial
		}
		if row.Drawn != nil {
			f.Properties["contour"] = row.Drawn
		}
		if row.Access != nil {
			f.Properties["access_min"] = row.Access
		}
		if row.Hours != nil {
			f.Properties["hours_week"] = row.Hours
		}
		if row.IFN != nil {
			f.Properties["ifn"] = row.IFN
		}
		if row.Publics != nil {
			f.Properties["publics"] = row.Publics
		}
		fc.Append(f)
	}
	return writeJSON(w, fc)
}
