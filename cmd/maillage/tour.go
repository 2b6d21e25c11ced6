package main

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
	"github.com/aisne-numerique/maillage/geo/scenario/tour"
)

type tourCmd struct {
	Depot      string  `required:"" placeholder:"LON,LAT" help:"D'où part le véhicule, et où il revient."`
	Stops      int     `default:"8" help:"Nombre d'arrêts, au plus (1 à 20)."`
	Day        string  `default:"08:30-17:30" help:"Journée du véhicule, du départ au retour."`
	Stay       minutes `default:"180m" help:"Durée d'un arrêt, en minutes, par quarts d'heure."`
	Weekdays   string  `default:"Mo,Tu,We,Th,Fr" help:"Jours de la semaine, en anglais comme dans les horaires."`
	MonthHours float64 `default:"6" help:"Heures, sur le cycle de 4 semaines, que chacun doit trouver à portée."`
	Objective  string  `default:"fragile" help:"people : habitants ; fragile : habitants fragiles."`
	Nom        string  `default:"Tournée proposée" help:"Nom de la tournée."`
	placeFlags
	questionFlags
	Edition string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
	JSON    bool   `name:"json" help:"Écrit le résultat en JSON, avec le scénario à simuler."`
}

// Help is printed under the options.
func (tourCmd) Help() string {
	return `Les services déjà là comptent. Chaque arrêt est desservi assez souvent pour donner à lui seul les heures voulues.

  maillage tour --depot 3.5175,49.1936 --stops 8 --month-hours 6 --service aide-demarches
  maillage tour --depot 3.5175,49.1936 --stay 120m --weekdays Tu,Th --territoire secteur:fere-en-tardenois`
}

// osmDays are the days of the week as opening hours write them.
var osmDays = []string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// wish reads the flags that need no edition.
func (c *tourCmd) wish() (w tour.Wish, err error) {
	w = tour.Wish{Nom: c.Nom, Stops: c.Stops, MonthHours: c.MonthHours, Objective: siting.Objective(c.Objective), Stay: int(geo.Cost(c.Stay).Minutes())}
	lon, lat, ok := strings.Cut(c.Depot, ",")
	w.Depot.Lon, err = strconv.ParseFloat(strings.TrimSpace(lon), 64)
	if err == nil {
		w.Depot.Lat, err = strconv.ParseFloat(strings.TrimSpace(lat), 64)
	}
	if !ok || err != nil || w.Depot.Check() != nil {
		return w, usagef("--depot %q : attendu une longitude et une latitude en degrés, comme 3.5175,49.1936", c.Depot)
	}
	var fromHour, fromMinute, toHour, toMinute int
	if _, err := fmt.Sscanf(c.Day, "%d:%d-%d:%d", &fromHour, &fromMinute, &toHour, &toMinute); err != nil {
		return w, usagef("--day %q : attendu une journée, comme 08:30-17:30", c.Day)
	}
	w.Start, w.End = 60*fromHour+fromMinute, 60*toHour+toMinute
	for _, name := range strings.Split(c.Weekdays, ",") {
		day := slices.Index(osmDays, strings.TrimSpace(name))
		if day < 0 || slices.Contains(w.Weekdays, day) {
			return w, usagef("--weekdays %q : attendu des jours différents parmi %s", c.Weekdays, strings.Join(osmDays, ", "))
		}
		w.Weekdays = append(w.Weekdays, day)
	}
	switch most := float64(lieu.WeeksPerCycle*len(w.Weekdays)*w.Stay) / 60; {
	case w.Stops < 1 || w.Stops > tour.MaxStops:
		return w, usagef("--stops %d : attendu 1 à %d", w.Stops, tour.MaxStops)
	case w.Stay < lieu.SlotMinutes || w.Stay%lieu.SlotMinutes != 0:
		return w, usagef("--stay %d : attendu des quarts d'heure, comme 180m", w.Stay)
	case w.Start < 0 || w.End > 24*60 || w.Start+w.Stay > w.End:
		return w, usagef("--day %q : attendu une journée où tient un arrêt de %d min", c.Day, w.Stay)
	case !(w.MonthHours > 0 && w.MonthHours <= most):
		return w, usagef("--month-hours %s : attendu plus de 0, et au plus les %s h que donne un arrêt chacun de ces jours", decimal(w.MonthHours, 1), decimal(most, 1))
	case w.Objective != siting.ByPeople && w.Objective != siting.ByFragile:
		return w, usagef("--objective %q : attendu people ou fragile", c.Objective)
	}
	return w, nil
}

func (c *tourCmd) Run(s *session) (err error) {
	w, err := c.wish()
	if err != nil {
		return err
	}
	e, err := s.edition(c.Edition)
	if err != nil {
		return err
	}
	q, err := c.query(e, e.Params.Query())
	if err != nil {
		return err
	}
	if w.Services, err = c.offers(q.Service); err != nil {
		return err
	}
	engine := scenario.NewEngine(e)
	if w.Places, err = c.places(engine, q.Mode); err != nil {
		return err
	}
	if !e.Surroundings().Contains(w.Depot) {
		return usagef("--depot %q : attendu une position près du territoire", c.Depot)
	}
	base, err := engine.Base(q)
	if err != nil {
		return err
	}
	start := time.Now()
	m := newMeter(s.stderr)
	t, err := tour.Propose(s.ctx, base, w, func(n, of int) { m.show("places", n, of) })
	m.done()
	if err != nil {
		return err
	}
	r := tour.NewReport(base, &w, t)
	r.MS = milliseconds(start)
	if c.JSON {
		return writeJSON(s.stdout, r)
	}
	return printTour(s.stdout, r)
}

func printTour(w io.Writer, r *tour.Report) error {
	var b bytes.Buffer
	digits := 0
	if r.Objective != siting.ByPeople {
		digits = 1
	}
	fmt.Fprintf(&b, "%s en %s ; %s h sur 4 semaines à chaque arrêt au moins\n%s\n\n", plural(len(r.Stops), "arrêt", "arrêts"),
		plural(r.Routes, "journée différente", "journées différentes"), decimal(r.MonthHours, 1), conditions(r.Params))
	if len(r.Stops) == 0 {
		b.WriteString("aucun arrêt n'apporterait les heures voulues à quelqu'un, ou n'est assez près du dépôt\n")
	} else {
		t := newTable("rang", "arrêt", "lon", "lat", "quand", "habitants en plus", r.Unit+" en plus")
		for _, x := range r.Stops {
			t.add(fmt.Sprint(x.Rank), x.Nom, fmt.Sprintf("%.5f", x.Lon), fmt.Sprintf("%.5f", x.Lat), x.When, fmt.Sprint(x.GainPeople), decimal(x.Gain, digits))
		}
		if err := t.write(&b); err != nil {
			return err
		}
	}
	if r.Dropped > 0 {
		fmt.Fprintf(&b, "%s de côté : les journées du véhicule n'y suffisent pas\n", plural(r.Dropped, "arrêt laissé", "arrêts laissés"))
	}
	fmt.Fprintf(&b, "\n%s qui trouvent ces heures : %s avant, %s après ; aucun choix d'arrêts desservis autant ne dépasse %s (écart possible : %s %%)\n", r.Unit,
		decimal(r.Before, digits), decimal(r.After, digits), decimal(r.UpperBound, digits), decimal(r.GapPct, 2))
	printLeft(&b, r.UnknownPeople)
	if r.Check != nil {
		printFeasibility(&b, r.Check)
	}
	fmt.Fprintf(&b, "édition %s, calculé en %s ms ; --json donne le scénario, à simuler avec maillage simulate\n", r.Edition, decimal(r.MS, 0))
	for _, m := range r.Modelled {
		fmt.Fprintln(&b, "modélisé :", m)
	}
	_, err := w.Write(b.Bytes())
	return err
}

// printFeasibility says whether a tournée can be driven, and which stops are late.
func printFeasibility(w io.Writer, f *scenario.Feasibility) {
	minutes := 0.0
	for _, d := range f.Days {
		minutes += d.DriveMin
	}
	if f.Feasible {
		fmt.Fprintf(w, "tournée « %s » : elle peut se conduire, %s sur 4 semaines, %s h de route\n", f.Nom, plural(len(f.Days), "journée", "journées"), decimal(minutes/60, 1))
	} else {
		fmt.Fprintf(w, "tournée « %s » : elle ne peut pas se conduire\n", f.Nom)
	}
	for i, l := range f.Late {
		if i == listed {
			fmt.Fprintf(w, "  et %d autres retards\n", len(f.Late)-listed)
			break
		}
		if l.LateMin == nil {
			fmt.Fprintf(w, "  semaine %d, %s : aucune route de « %s » à « %s »\n", l.Week, l.Day, l.From, l.Stop)
			continue
		}
		fmt.Fprintf(w, "  semaine %d, %s : « %s » ouvre à %s, le véhicule y arrive à %s en venant de « %s » (%s min de retard)\n",
			l.Week, l.Day, l.Stop, l.Opens, l.Arrives, l.From, decimal(*l.LateMin, 0))
	}
	for _, stop := range f.Unknown {
		fmt.Fprintf(w, "  horaires inconnus : « %s »\n", stop)
	}
}
