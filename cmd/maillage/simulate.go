package main

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

type simulateCmd struct {
	File string `arg:"" name:"scenario" placeholder:"SCENARIO.json" help:"Fichier du scénario ; « - » lit l'entrée standard."`
	questionFlags
	Edition string `placeholder:"ID" help:"Édition à changer (début de l'identifiant) ; par défaut celle du scénario, sinon la plus récente."`
	All     bool   `help:"Dit aussi ce qui change pour chaque service et chaque mode."`
	JSON    bool   `name:"json" help:"Écrit la différence en JSON, avec chaque cellule qui change."`
}

// Help is printed under the options.
func (simulateCmd) Help() string {
	return `Un scénario est une liste d'actions :

  {"name": "Un lieu à Fère-en-Tardenois",
   "actions": [
     {"do": "add_lieu", "lon": 3.5175, "lat": 49.1936, "services": ["aide-demarches"], "horaires": "Mo-Fr 09:00-17:00"},
     {"do": "close_lieu", "id": "france-services-3"}]}

Les autres actions : move_lieu (id, lon, lat), set_hours (id, horaires), set_services (id, services),
add_tournee (services, stops ; un arrêt a nom, lon, lat, when), set_tournee (id, stops…), remove_tournee (id).
Une ligne de plus, une course plus tôt ou plus tard (en minutes), dont les effets se lisent avec --mode transit :

     {"do": "add_line", "nom": "Ligne du marché", "days": "Tu,Fr", "departures": ["08:10", "13:30"], "return": true,
      "stops": [{"nom": "Mairie", "lon": 3.5175, "lat": 49.1936}, {"nom": "Gare", "lon": 3.41, "lat": 49.05}]},
     {"do": "shift_trip", "trip": "course-12", "minutes": -15}

« params » (service, mode, cutoff_min, min_hours_week) et « edition » y sont facultatifs.`
}

// readScenario reads a scenario file.
func readScenario(path string) (*scenario.Scenario, error) {
	in := io.Reader(os.Stdin)
	if path != "-" {
		f, err := os.Open(path)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		in = f
	}
	data, err := io.ReadAll(io.LimitReader(in, scenario.MaxBytes+1))
	if err != nil {
		return nil, fmt.Errorf("lecture de %s : %w", path, err)
	}
	return scenario.Parse(data)
}

func (c *simulateCmd) Run(s *session) (err error) {
	plan, err := readScenario(c.File)
	if err != nil {
		return err
	}
	id := c.Edition
	if id == "" {
		id = plan.Edition
	}
	e, err := s.edition(id)
	if err != nil {
		return err
	}
	q, err := c.query(e, plan.Params.Query(e.Params.Query()))
	if err != nil {
		return err
	}
	engine := scenario.NewEngine(e)
	base, err := engine.Base(q)
	if err != nil {
		return err
	}
	d, err := base.Evaluate(s.ctx, plan)
	if err != nil {
		return err
	}
	var every []scenario.Outcome
	if c.All {
		m := newMeter(s.stderr)
		every, err = engine.Every(s.ctx, q, plan, func(n, of int) { m.show("services et modes", n, of) })
		m.done()
		if err != nil {
			return err
		}
	}
	if !strings.HasPrefix(e.ID, plan.Edition) {
		fmt.Fprintf(s.stderr, "attention : ce scénario a été écrit pour l'édition %s, et non %s\n", plan.Edition, e.ID)
	}
	if c.JSON {
		return writeJSON(s.stdout, struct {
			*scenario.Difference
			Every []scenario.Outcome `json:"every,omitempty"`
		}{d, every})
	}
	if err := printDifference(s.stdout, d); err != nil || !c.All {
		return err
	}
	t := newTable("service", "mode", "T min", "H h/semaine", "couverts avant", "après", "blanche avant", "après", "y gagnent", "y perdent")
	for _, x := range every {
		t.add(x.Service.String(), x.Mode.Phrase(), decimal(x.Cutoff, 0), decimal(x.Hours, 1), fmt.Sprint(x.Before.Couverte), fmt.Sprint(x.After.Couverte), fmt.Sprint(x.Before.Blanche), fmt.Sprint(x.After.Blanche),
			fmt.Sprint(x.Gained.People), fmt.Sprint(x.Lost.People))
	}
	fmt.Fprintln(s.stdout)
	return t.write(s.stdout)
}

// printDifference says a difference in words, then lists the territoires that change.
func printDifference(w io.Writer, d *scenario.Difference) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "Scénario « %s » : %s sur l'édition %s\n%s\n\n", d.Scenario.Name, plural(len(d.Scenario.Actions), "action", "actions"), d.Edition, conditions(d.Params))
	printKnowing(&b, d.Knowing)
	was, is := d.Before, d.After
	within := func(r edition.GapRow) int { return r.Population - r.Classes.Blanche }
	lines := [][3]string{
		{fmt.Sprintf("habitants à moins de %s min d'un lieu", decimal(d.Params.CutoffMin, 0)), thousands(within(was)), signed(within(is) - within(was))},
		{fmt.Sprintf("habitants couverts (%s h par semaine au moins)", decimal(d.Params.MinHours, 1)), thousands(was.Classes.Couverte), signed(is.Classes.Couverte - was.Classes.Couverte)},
	}
	for _, l := range lines {
		fmt.Fprintf(&b, "%s %s (ils étaient %s)\n", l[2], l[0], l[1])
	}
	if d.Gained == (scenario.Balance{}) && d.Lost == (scenario.Balance{}) {
		b.WriteString("personne n'y gagne ni n'y perd\n")
	}
	say := func(head string, x scenario.Balance, nearer, more string) {
		if x == (scenario.Balance{}) {
			return
		}
		fmt.Fprintf(&b, "%s : %s de classe ; %s d'un lieu", head, plural(x.People, "habitant change", "habitants changent"), plural(x.TimePeople, "habitant", "habitants")+" "+nearer)
		if x.TimePeople > 0 && x.MinutesPeople > 0 {
			fmt.Fprintf(&b, " (%s min en moyenne)", decimal(x.MinutesPeople/float64(x.TimePeople), 1))
		}
		fmt.Fprintf(&b, " ; %s heures par semaine × habitants %s\n", thousands(int(x.HoursPeople+0.5)), more)
		if who := french.Who(x.Publics); who != "" {
			fmt.Fprintf(&b, "  parmi ceux qui changent de classe : %s\n", who)
		}
	}
	say("y gagnent", d.Gained, "plus près", "de plus")
	say("y perdent", d.Lost, "plus loin", "de moins")
	for _, t := range d.Transitions {
		fmt.Fprintf(&b, "  de %s à %s : %s\n", t.From, t.To, plural(t.People, "habitant", "habitants"))
	}
	fmt.Fprintf(&b, "zones blanches : %s avant, %s après", plural(d.Zones.Before.Zones, "zone", "zones"), thousands(d.Zones.After.Zones))
	for i, c := range d.Zones.Changes {
		if i == listed {
			fmt.Fprintf(&b, " ; et %d autres", len(d.Zones.Changes)-listed)
			break
		}
		fmt.Fprintf(&b, " ; %s", zoneSentence(c))
	}
	b.WriteString("\n")
	for _, f := range d.Tours {
		printFeasibility(&b, f)
	}
	for _, note := range d.Notes {
		fmt.Fprintln(&b, note)
	}
	b.WriteString("\n")
	t := newTable("territoire", "nom", "couverts avant", "après", "blanche avant", "après", "médiane min avant", "après", "h/semaine avant", "après")
	// They come by level, communes first: those, being many, are told last.
	towns := 0
	for towns < len(d.Territoires) && d.Territoires[towns].Type == admin.TypeCommune {
		towns++
	}
	for _, x := range slices.Concat(d.Territoires[towns:], d.Territoires[:towns]) {
		t.add(string(x.Type), x.Nom, fmt.Sprint(x.Before.Classes.Couverte), fmt.Sprint(x.After.Classes.Couverte), fmt.Sprint(x.Before.Classes.Blanche), fmt.Sprint(x.After.Classes.Blanche),
			median(x.Before), median(x.After), meanHours(x.Before), meanHours(x.After))
	}
	if len(t.rows) > 0 {
		if err := t.write(&b); err != nil {
			return err
		}
	}
	if n := len(d.Shifted); n > 0 {
		fmt.Fprintf(&b, "\n%s : rien n'y change, mais l'indice de fragilité, qui compare les territoires, ou la priorité (--json les donne)\n", plural(n, "autre territoire", "autres territoires"))
	}
	printTransit(&b, d.Params)
	fmt.Fprintf(&b, "\ncalculé en %s ms\n", decimal(d.MS, 1))
	for _, m := range d.Modelled {
		fmt.Fprintln(&b, "modélisé :", m)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// printKnowing says what could be had before anything is built.
func printKnowing(b *bytes.Buffer, asks []edition.AskJSON) {
	for i, x := range asks {
		if i == 0 {
			b.WriteString("avant de construire, savoir :\n")
		}
		fmt.Fprintf(b, "  %s : jusqu'à %s", x.Action, plural(x.People, "habitant", "habitants"))
		if x.Here != nil && *x.Here != x.People {
			fmt.Fprintf(b, ", dont %s que ce scénario concerne", thousands(*x.Here))
		}
		b.WriteString("\n")
	}
	if len(asks) > 0 {
		b.WriteString("\n")
	}
}

func zoneSentence(c scenario.ZoneChange) string {
	name, before, after := "", 0, 0
	for _, z := range c.After {
		name, after = z.Nom, after+z.People
	}
	for _, z := range c.Before {
		name, before = z.Nom, before+z.People
	}
	return fmt.Sprintf("%s : %s (%s habitants, puis %s)", name, c.Fate, thousands(before), thousands(after))
}

func median(r edition.GapRow) string {
	if r.Access == nil {
		return unknownText
	}
	return decimal(float64(r.Access.P50), 1)
}

func meanHours(r edition.GapRow) string {
	if r.Hours == nil {
		return unknownText
	}
	return decimal(float64(r.Hours.Mean), 1)
}
