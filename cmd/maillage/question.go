package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// questionFlags change the question that a scenario, or the edition, asks.
type questionFlags struct {
	Service      string   `placeholder:"SERVICE" help:"Service cherché, comme aide-demarches ; tous = au moins un."`
	Mode         string   `placeholder:"MODE" help:"Mode de déplacement : ${modes}."`
	Cutoff       *minutes `help:"Temps d'accès maximal, inclus ; par défaut celui de l'édition."`
	MinHours     *hours   `help:"Heures d'ouverture par semaine, incluses ; par défaut celles de l'édition."`
	Appointments bool     `help:"Compte les heures sur rendez-vous comme celles où l'on entre."`
}

// byStreets are the modes of the times of the index.
func byStreets() (modes []geo.Mode) {
	for _, m := range street.Modes {
		modes = append(modes, m.Travel())
	}
	return modes
}

// query puts the flags that were given into q.
func (f *questionFlags) query(e *edition.Edition, q coverage.Query) (coverage.Query, error) {
	var err error
	if f.Service != "" {
		if q.Service, err = lieu.ParseService(f.Service); err != nil {
			return q, usagef("--service %q : attendu %s", f.Service, choices(lieu.AllServices()))
		}
	}
	if f.Mode != "" {
		m, err := geo.ParseMode(f.Mode)
		if err != nil {
			return q, usagef("--mode %q : attendu %s", f.Mode, choices(geo.Modes[:]))
		}
		q = q.By(m)
	}
	if f.Cutoff != nil {
		q.Cutoff = geo.Cost(*f.Cutoff)
	}
	if f.MinHours != nil {
		q.MinHours = float64(*f.MinHours)
	}
	q.Appointments = q.Appointments || f.Appointments
	if q.Check() != nil {
		return q, usagef("--cutoff %s : attendu 1 à %g minutes", decimal(q.Cutoff.Minutes(), 1), access.Horizon.Minutes())
	}
	if q.CheckStep() != nil {
		return q, usagef("--cutoff %g : %s, attendu un multiple de %g minutes, de %[3]g à %g", q.Cutoff.Minutes(), q.Mode.Phrase(), q.Mode.Step().Minutes(), access.Horizon.Minutes())
	}
	return q, e.Asked(q.Mode)
}

// thousands writes a whole number the French way: 1 240.
func thousands(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		sign, s = "−", s[1:]
	}
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return sign + s
}

// signed is thousands with its sign, whatever it is.
func signed(n int) string {
	if n > 0 {
		return "+" + thousands(n)
	}
	return thousands(n)
}

// plural is a number with a noun, in the plural from 2.
func plural(n int, one, many string) string {
	if n < 2 && n > -2 {
		return thousands(n) + " " + one
	}
	return thousands(n) + " " + many
}

// printTransit says which timetables were counted with, where they were.
func printTransit(w io.Writer, q edition.QueryJSON) {
	if q.Transit != nil {
		fmt.Fprintln(w, "en bus ou car :", strings.Join(q.Transit.Sentences, " ; "))
	}
}

// conditions says what a question asks.
func conditions(q edition.QueryJSON) string {
	return strings.Join([]string{q.ServiceLabel, q.Mode.Phrase(), "T = " + decimal(q.CutoffMin, 1) + " min", "H = " + decimal(q.MinHours, 1) + " h/semaine"}, ", ")
}
