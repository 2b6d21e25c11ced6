package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"time"

	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

type suggestCmd struct {
	K         int    `default:"3" help:"Nombre de lieux (1 à 50)."`
	Closures  bool   `help:"Propose au contraire les lieux fixes qui pourraient fermer avec le moins de dommage."`
	Objective string `placeholder:"OBJECTIF" help:"people : habitants couverts ; fragile : habitants fragiles couverts ; hours : heures par semaine × habitants. Par défaut people, et hours pour de nouveaux lieux en bus ou car."`
	Horaires  string `default:"Mo-Fr 09:00-17:00" help:"Horaires des nouveaux lieux, les mêmes pour tous (syntaxe opening_hours)."`
	placeFlags
	MinDistance float64 `placeholder:"MÈTRES" help:"Distance minimale entre deux lieux, nouveaux ou non."`
	questionFlags
	Edition string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
	JSON    bool   `name:"json" help:"Écrit le résultat en JSON, avec le scénario à simuler."`
}

// Help is printed under the options.
func (suggestCmd) Help() string {
	return `Les lieux proposés ont tous les mêmes horaires : leur apport ensemble est alors une couverture, et la borne
imprimée est prouvée. Aucun autre choix parmi les places essayées ne dépasse la borne.
En bus ou car, les heures qui comptent diffèrent d'un habitant à l'autre : les lieux sont choisis un à un pour
les heures par semaine × habitants, parmi les bâtiments connus, les arrêts et les chefs-lieux.

  maillage suggest --k 5 --service aide-demarches --territoire epci:200072031
  maillage suggest --k 2 --objective hours --horaires "Tu 09:00-12:00" --chefs-lieux
  maillage suggest --k 3 --mode transit --horaires "Tu,Th 09:00-12:00"
  maillage suggest --k 3 --closures`
}

func (c *suggestCmd) Run(s *session) (err error) {
	objective := siting.Objective(c.Objective)
	if c.Objective != "" && !slices.Contains(siting.Objectives, objective) {
		return usagef("--objective %q : attendu people, fragile ou hours", c.Objective)
	}
	if c.K < 1 || c.K > siting.MaxChosen {
		return usagef("--k %d : attendu 1 à %d", c.K, siting.MaxChosen)
	}
	hours, err := lieu.ParseHoraires(c.Horaires)
	if err != nil || !hours.Known {
		return usagef("--horaires %q : attendu des horaires, comme Mo-Fr 09:00-17:00", c.Horaires)
	}
	e, err := s.edition(c.Edition)
	if err != nil {
		return err
	}
	q, err := c.query(e, e.Params.Query())
	if err != nil {
		return err
	}
	if objective == "" {
		if objective = siting.UsualObjective(q.Mode); c.Closures {
			objective = siting.ByPeople
		}
	}
	offered, err := c.offers(q.Service)
	if err != nil {
		return err
	}
	engine := scenario.NewEngine(e)
	places, err := c.places(engine, q.Mode)
	if err != nil {
		return err
	}
	base, err := engine.Base(q)
	if err != nil {
		return err
	}
	start := time.Now()
	if c.Closures {
		if n := siting.Closable(base); c.K > n {
			return fmt.Errorf("--k %d : %s ce service", c.K, plural(n, "lieu fixe offre", "lieux fixes offrent"))
		}
		found, err := siting.Close(s.ctx, base, c.K, objective)
		if err != nil {
			return err
		}
		r := siting.NewClosuresReport(base, objective, found)
		r.MS = milliseconds(start)
		if c.JSON {
			return writeJSON(s.stdout, r)
		}
		return printClosures(s.stdout, r)
	}
	m := newMeter(s.stderr)
	w := siting.Wish{K: c.K, Objective: objective, Places: places, MinDistance: c.MinDistance, Offered: siting.Offered{Services: offered, Horaires: hours}}
	found, err := siting.Suggest(s.ctx, base, w, func(n, of int) { m.show("places", n, of) })
	m.done()
	if err != nil {
		return err
	}
	r := siting.NewReport(base, &w, found)
	r.MS = milliseconds(start)
	if c.JSON {
		return writeJSON(s.stdout, r)
	}
	return printSuggestion(s.stdout, r)
}

// printLeft says how many people an objective leaves out.
func printLeft(w io.Writer, people int) {
	if people > 0 {
		fmt.Fprintf(w, "%s sans indice, laissés de côté : ni fragiles, ni moins fragiles\n", plural(people, "habitant", "habitants"))
	}
}

// printWho says who the people of a rank are.
func printWho(w io.Writer, rank, people int, how string, f *publics.Figures) {
	if who := french.Who(f); who != "" {
		fmt.Fprintf(w, "rang %d : %s %s, dont %s\n", rank, plural(people, "habitant", "habitants"), how, who)
	}
}

func milliseconds(since time.Time) float64 { return float64(time.Since(since).Microseconds()) / 1000 }

func printSuggestion(w io.Writer, r *siting.Report) error {
	var b bytes.Buffer
	digits := 0
	if r.Objective != siting.ByPeople {
		digits = 1
	}
	fmt.Fprintf(&b, "%s, horaires %s ; %s essayées, dont %s utiles\n%s\n\n", plural(len(r.Chosen), "lieu proposé", "lieux proposés"), r.Horaires,
		plural(r.Candidates, "place", "places"), thousands(r.Useful), conditions(r.Params))
	printKnowing(&b, r.Knowing)
	t := newTable("rang", "commune", "nom", "là se trouvent", "lon", "lat", "habitants couverts en plus", r.Unit+" en plus")
	for _, x := range r.Chosen {
		stands := string(x.Stands)
		if x.Building != "" {
			stands += " " + x.Building
		}
		t.add(fmt.Sprint(x.Rank), x.Commune, x.Nom, stands, fmt.Sprintf("%.5f", x.Lon), fmt.Sprintf("%.5f", x.Lat), fmt.Sprint(x.GainPeople), decimal(x.Gain, digits))
	}
	if err := t.write(&b); err != nil {
		return err
	}
	for _, x := range r.Chosen {
		printWho(&b, x.Rank, x.GainPeople, "couverts en plus", x.Publics)
	}
	fmt.Fprintf(&b, "\n%s : %s avant, %s après ; aucun choix ne dépasse %s (écart possible : %s %% de ce qui peut se gagner)\n", r.Unit,
		decimal(r.CoveredBefore, digits), decimal(r.CoveredAfter, digits), decimal(r.UpperBound, digits), decimal(r.GapPct, 2))
	printLeft(&b, r.UnknownPeople)
	printTransit(&b, r.Params)
	fmt.Fprintf(&b, "édition %s, calculé en %s ms ; --json donne le scénario, à simuler avec maillage simulate\n", r.Edition, decimal(r.MS, 0))
	for _, m := range r.Modelled {
		fmt.Fprintln(&b, "modélisé :", m)
	}
	_, err := w.Write(b.Bytes())
	return err
}

func printClosures(w io.Writer, r *siting.ClosuresReport) error {
	var b bytes.Buffer
	digits := 0
	if r.Objective != siting.ByPeople {
		digits = 1
	}
	fmt.Fprintf(&b, "%s avec le moins de dommage\n%s\n\n", plural(len(r.Chosen), "lieu qui pourrait fermer", "lieux qui pourraient fermer"), conditions(r.Params))
	t := newTable("rang", "id", "nom", "commune", "habitants couverts en moins", r.Unit+" en moins")
	for _, x := range r.Chosen {
		t.add(fmt.Sprint(x.Rank), x.ID, x.Nom, x.Commune, fmt.Sprint(x.LossPeople), decimal(x.Loss, digits))
	}
	if err := t.write(&b); err != nil {
		return err
	}
	for _, x := range r.Chosen {
		printWho(&b, x.Rank, x.LossPeople, "couverts en moins", x.Publics)
	}
	fmt.Fprintf(&b, "\n%s : %s avant, %s après ; aucun choix n'en laisse plus de %s\n", r.Unit, decimal(r.CoveredBefore, digits), decimal(r.CoveredAfter, digits), decimal(r.UpperBound, digits))
	printLeft(&b, r.UnknownPeople)
	printTransit(&b, r.Params)
	fmt.Fprintf(&b, "édition %s, calculé en %s ms ; --json donne le scénario, à simuler avec maillage simulate\n", r.Edition, decimal(r.MS, 0))
	for _, m := range r.Modelled {
		fmt.Fprintln(&b, "modélisé :", m)
	}
	_, err := w.Write(b.Bytes())
	return err
}
