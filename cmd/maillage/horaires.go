package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/timing"
)

type horairesCmd struct {
	Lieu string `arg:"" placeholder:"LIEU" help:"Identifiant ou nom d'un lieu ; d'un arrêt de tournée, son identifiant, comme bus-1#3."`
	questionFlags
	Limit   int    `default:"20" help:"Nombre d'essais à donner en JSON, les meilleurs d'abord (1 à 500)."`
	Edition string `placeholder:"ID" help:"Édition à lire (début de l'identifiant) ; par défaut la plus récente."`
	JSON    bool   `name:"json" help:"Écrit le résultat en JSON, avec les horaires à simuler."`
}

// Help is printed under the options.
func (horairesCmd) Help() string {
	return `Chaque ouverture du lieu est essayée, seule et de même durée, tous les jours du lundi au samedi et à chaque
quart d'heure de 6 h à 20 h, sans recouvrir les autres ; le reste ne change pas. Est dit exactement ce que
chaque essai changerait pour les habitants, par les cars et bus de l'édition (--mode transit, par défaut).

  maillage horaires france-services-3
  maillage horaires "Fère-en-Tardenois" --cutoff 45m --min-hours 3.5h --json`
}

// mostPlacements bounds --limit.
const mostPlacements = 500

func (c *horairesCmd) Run(s *session) error {
	if c.Limit < 1 || c.Limit > mostPlacements {
		return usagef("--limit %d : attendu 1 à %d", c.Limit, mostPlacements)
	}
	switch c.Mode {
	case "":
		c.Mode = geo.Transit.String()
	case geo.Transit.String():
	default:
		return usagef("--mode %q : attendu %s ; les autres modes ne dépendent pas de l'heure", c.Mode, geo.Transit)
	}
	e, err := s.edition(c.Edition)
	if err != nil {
		return err
	}
	q, err := c.query(e, e.Params.Query())
	if err != nil {
		return err
	}
	site, err := siteCalled(e, c.Lieu)
	if err != nil {
		return err
	}
	start := time.Now()
	a := e.Answer(q)
	found, err := timing.Find(s.ctx, scenario.NewEngine(e), a, site)
	var unmovable *timing.Unmovable
	if errors.As(err, &unmovable) && c.JSON {
		return writeJSON(s.stdout, timing.NewUnmovable(e, a, site, unmovable))
	}
	if err != nil {
		return err
	}
	r := timing.NewReport(e, a, found, c.Limit)
	r.MS = milliseconds(start)
	if c.JSON {
		return writeJSON(s.stdout, r)
	}
	return printPlacements(s.stdout, r)
}

// siteCalled finds a site by its identifier or, when it is alone to bear it, by its name.
func siteCalled(e *edition.Edition, called string) (int32, error) {
	if site, ok := e.FindSite(called); ok {
		return site, nil
	}
	var named []int32
	var ids []string
	for i := range e.Sites {
		if lieu.SameWords(e.Sites[i].Nom, called) {
			named, ids = append(named, int32(i)), append(ids, e.SiteID(int32(i)))
		}
	}
	switch len(named) {
	case 0:
		return 0, fmt.Errorf("« %s » : aucun lieu ni arrêt de l'édition %s n'a cet identifiant ou ce nom, ou il n'accueille personne ; attendu comme dans maillage export csv", called, e.ID)
	case 1:
		return named[0], nil
	}
	return 0, fmt.Errorf("« %s » : %d lieux de l'édition %s ont ce nom ; attendu l'identifiant de l'un d'eux : %s", called, len(named), e.ID, strings.Join(ids[:min(len(ids), listed)], ", "))
}

func printPlacements(w io.Writer, r *timing.Report) error {
	var b bytes.Buffer
	fmt.Fprintf(&b, "« %s », ouvert %s\n%s\n%s essayés ; %s couverts avant, %s trouvent une aide ouverte\n\n", r.Nom, r.Horaires, conditions(r.Params),
		plural(r.Tried, "autre placement", "autres placements"), plural(r.CoveredBefore, "habitant", "habitants"), thousands(r.ReachedBefore))
	t := newTable("rang", "ouvrir", "plutôt que", "couverts", "après", "trouvent une aide", "heures × habitants", "y perdent")
	for i, x := range r.Days {
		if i == listed {
			break
		}
		t.add(fmt.Sprint(x.Rank), strings.TrimPrefix(x.At.String(), "le "), strings.TrimPrefix(x.Was.String(), "le "), signed(x.Gained.People-x.Lost.People), fmt.Sprint(x.CoveredAfter), signed(x.Gained.Reached-x.Lost.Reached),
			decimal(x.Gained.HoursPeople-x.Lost.HoursPeople, 1), fmt.Sprint(x.Lost.People))
	}
	if len(t.rows) == 0 {
		b.WriteString("aucun autre jour et aucune autre heure ne conviendraient mieux aux cars et bus\n")
	} else if err := t.write(&b); err != nil {
		return err
	} else {
		fmt.Fprintf(&b, "\n%s\nDe chaque ouverture et de chaque jour est donnée la meilleure heure ; --json donne aussi les autres.\n", r.Days[0].Sentence)
	}
	fmt.Fprintf(&b, "\nédition %s, calculé en %s ms\n", r.Edition, decimal(r.MS, 0))
	for _, m := range r.Modelled {
		fmt.Fprintln(&b, "modélisé :", m)
	}
	_, err := w.Write(b.Bytes())
	return err
}
