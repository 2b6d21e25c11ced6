package main

import (
	"bytes"
	"context"
	"fmt"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

type computeCmd struct {
	Resolution   int      `default:"9" help:"Résolution H3 de la grille (5 à 10)."`
	Cutoff       minutes  `default:"15m" help:"Temps d'accès maximal par défaut, inclus (1 à 60 min)."`
	MinHours     hours    `default:"17.5h" help:"Heures d'ouverture par semaine par défaut, incluses."`
	Departement  string   `placeholder:"CODE" help:"Département à calculer, quand les communes importées sont de plusieurs ; les autres sont ses voisins. « tous » : comme un seul territoire."`
	NoMerge      bool     `help:"Ne réunit pas les lieux que plusieurs sources décrivent."`
	Priorities   string   `name:"priorites" type:"existingfile" placeholder:"FICHIER" help:"Dit quelle source prévaut, complète ou est ignorée, et où : CSV ou JSON de source, territoire (code de commune, d'EPCI, de département, ou *) et role (prevaut, complete, ignore)."`
	Profile      string   `type:"existingfile" placeholder:"FICHIER" help:"Profil de déplacement (JSON) à la place de celui du programme ; « maillage compute --print-profile » écrit celui-ci."`
	TransitFrom  string   `placeholder:"DATE" help:"Horaires de transport : lundi (AAAA-MM-JJ) où commencent les quatre semaines de référence ; par défaut celles, sans vacances, où le plus de courses circulent."`
	Stay         minutes  `default:"30m" help:"Horaires de transport : temps minimal sur place, entre l'aller et le retour."`
	Away         minutes  `default:"240m" help:"Horaires de transport : temps maximal entre le départ de chez soi et le retour."`
	Walk         minutes  `default:"18m" help:"Horaires de transport : durée maximale de chaque marche (1 à 60 min)."`
	OnRequest    bool     `help:"Horaires de transport : compte les arrêts où l'on monte ou descend sur demande."`
	School       bool     `help:"Horaires de transport : compte les lignes scolaires."`
	Wheelchair   bool     `help:"Horaires de transport : ne compte que les arrêts et les courses dits accessibles en fauteuil roulant."`
	PrintProfile bool     `help:"Écrit le profil de déplacement du programme, à copier et à modifier, et ne calcule rien."`
	Queue        bool     `help:"Confie le calcul aux « maillage worker » de la base, et rend la main."`
	Databases    []string `placeholder:"BASE,…" help:"Avec --queue : un calcul par base du même serveur (un département chacune)."`
	Keep         int      `placeholder:"N" help:"Ne garde ensuite que les N éditions les plus récentes ; par défaut, toutes. Leurs indicateurs restent."`
	JSON         bool     `name:"json" help:"Écrit le résumé en JSON, avec chaque réunion de lieux et sa raison."`
}

// minutes is a cut-off on the command line: "15", "15m", "15min".
type minutes geo.Cost

func (m *minutes) UnmarshalText(b []byte) error {
	v, err := number(string(b), "min", "m")
	if err != nil || v <= 0 || v > 1e6 {
		return fmt.Errorf("%q : attendu une durée en minutes, comme 15m", b)
	}
	*m = minutes(v*float64(geo.Minute) + 0.5)
	return nil
}

// hours is a number of hours a week on the command line: "17.5", "17,5", "17.5h".
type hours float64

func (h *hours) UnmarshalText(b []byte) error {
	v, err := number(string(b), "h")
	if err != nil || !(v >= 0 && v <= 168) {
		return fmt.Errorf("%q : attendu des heures par semaine entre 0 et 168, comme 17.5h", b)
	}
	*h = hours(v)
	return nil
}

func number(s string, units ...string) (float64, error) {
	s = strings.TrimSpace(s)
	for _, u := range units {
		if t, ok := strings.CutSuffix(s, u); ok {
			s = t
			break
		}
	}
	return strconv.ParseFloat(strings.Replace(s, ",", ".", 1), 64)
}

func (c *computeCmd) Run(s *session) (err error) {
	if c.PrintProfile {
		_, err := s.stdout.Write(street.ProfileText())
		return err
	}
	p := edition.DefaultParams()
	p.Resolution, p.Cutoff, p.MinHours = c.Resolution, geo.Cost(c.Cutoff), float64(c.MinHours)
	p.NoMerge, p.Departement = c.NoMerge, c.Departement
	if p.Transit, err = c.transit(); err != nil {
		return err
	}
	if c.Priorities != "" {
		text, err := os.ReadFile(c.Priorities)
		if err == nil {
			p.Priorities, err = edition.ParsePriorities(text)
		}
		if err != nil {
			return fmt.Errorf("--priorites : %s : %w", c.Priorities, err)
		}
	}
	if c.Profile != "" {
		text, err := os.ReadFile(c.Profile)
		if err == nil {
			_, err = street.ParseProfile(text)
		}
		if err != nil {
			return fmt.Errorf("--profile : %s : %w", c.Profile, err)
		}
		p.Profile = string(text)
	}
	if p.Check() != nil {
		return usagef("--resolution %d, --cutoff %s : attendu une résolution de %d à %d et 1 à %g minutes", p.Resolution,
			decimal(p.Cutoff.Minutes(), 1), grid.MinResolution, grid.MaxResolution, access.Horizon.Minutes())
	}
	if c.Keep < 0 {
		return usagef("--keep %d : attendu 1 ou plus", c.Keep)
	}
	if len(c.Databases) > 0 && !c.Queue {
		return usagef("--databases : attendu avec --queue")
	}
	if c.Queue {
		return s.queueCompute(p, c.Databases, c.JSON)
	}
	st, err := openStore(s.ctx, s.store(), false)
	if err != nil {
		return err
	}
	defer closing(st, &err)
	m := newMeter(s.stderr)
	sum, e, err := compute(s.ctx, st, p, m)
	m.done()
	if err != nil {
		return err
	}
	if err := keep(s.ctx, st, e, sum, c.Keep); err != nil {
		return err
	}
	if c.JSON {
		return writeJSON(s.stdout, sum)
	}
	sum.print(s)
	return nil
}

// transit is how journeys by timetable are counted.
func (c *computeCmd) transit() (*edition.TransitParams, error) {
	p := edition.TransitParams{Stay: int32(geo.Cost(c.Stay) / geo.Second), Away: int32(geo.Cost(c.Away) / geo.Second), Walk: geo.Cost(c.Walk),
		OnRequest: c.OnRequest, School: c.School, Wheelchair: c.Wheelchair}
	if p.Away <= p.Stay || p.Away > 24*3600 {
		return nil, usagef("--stay, --away : attendu un temps sur place plus court que le temps hors de chez soi, et celui-ci d'au plus 1440 minutes")
	}
	if p.Walk < geo.Minute || p.Walk > access.Horizon {
		return nil, usagef("--walk %s : attendu 1 à %g minutes", decimal(p.Walk.Minutes(), 1), access.Horizon.Minutes())
	}
	if c.TransitFrom != "" {
		date, err := time.Parse(time.DateOnly, c.TransitFrom)
		if err != nil || date.Year() < 1971 {
			return nil, usagef("--transit-from %q : attendu une date, comme 2026-09-07", c.TransitFrom)
		}
		p.From = transit.DayOf(date.Year(), date.Month(), date.Day())
		if err := transit.CheckFrom(p.From); err != nil {
			return nil, usagef("--transit-from : %v", err)
		}
	}
	return &p, nil
}

// summary is what compute prints.
type summary struct {
	Edition    string                    `json:"edition"`
	Program    string                    `json:"program"`
	Params     paramsJSON                `json:"params"`
	Inputs     []store.Manifest          `json:"inputs"`
	Counts     edition.Counts            `json:"counts"`
	Population int                       `json:"population"`
	Modelled   []string                  `json:"modelled"`
	Merges     []lieu.MergeRecord        `json:"merges"`      // records of several sources made one lieu
	OffNetwork map[string]int            `json:"off_network"` // sites that no road of the mode is near
	Links      map[string]*edition.Links `json:"links"`       // how homes and sites are joined to the roads of each mode
	Turns      turnsJSON                 `json:"turns"`
	Seconds    map[string]float64        `json:"seconds"`
	Warnings   []edition.Warning         `json:"warnings"`             // what of the inputs is not believed, or counts nowhere
	Precedence *edition.Precedence       `json:"priorities,omitempty"` // what --priorites changed
	Transit    *edition.TransitJSON      `json:"transit,omitempty"`    // what of timetables counts, and what does not
	Bytes      int                       `json:"bytes"`
	PeakMiB    int                       `json:"peak_mib,omitempty"` // of the process, as the system counts it
	Pruned     []string                  `json:"pruned,omitempty"`   // editions deleted (--keep)

	steps []edition.Step
}

// turnsJSON is what of the turns of the roads a reader may want to look at.
type turnsJSON struct {
	Round    int `json:"turning_round"` // places where a car turns round within a trip, having no other way
	Unplaced int `json:"unplaced"`      // restrictions whose roads are not there, or not told apart
}

type paramsJSON struct {
	Resolution int      `json:"resolution"`
	CutoffMin  float64  `json:"cutoff_min"`
	MinHours   float64  `json:"min_hours_week"`
	Modes      []string `json:"modes"`
	Services   []string `json:"services"`
}

// compute builds an edition of a store's inputs; it stores nothing.
func compute(ctx context.Context, in store.Inputs, p edition.Params, m *meter) (*summary, *edition.Edition, error) {
	e, steps, err := edition.Build(ctx, in, p, m.show)
	if err != nil {
		return nil, nil, err
	}
	sum := &summary{Edition: e.ID, Program: edition.Program, Inputs: e.Inputs, Counts: e.Counts(), Population: e.Total,
		Modelled: e.ModelledSentences(), Merges: append([]lieu.MergeRecord{}, e.Merges...), Warnings: append([]edition.Warning{}, e.Warnings...), Precedence: e.Precedence, OffNetwork: map[string]int{}, Links: map[string]*edition.Links{}, Seconds: map[string]float64{}, steps: steps,
		Params: paramsJSON{Resolution: p.Resolution, CutoffMin: p.Cutoff.Minutes(), MinHours: p.MinHours}}
	roads := e.Network.Counts()
	sum.Turns = turnsJSON{roads.Rounds, roads.Unplaced}
	if e.Timetables != nil {
		sum.Transit = e.TransitJSON()
	}
	for _, mode := range e.Params.Modes {
		sum.Params.Modes = append(sum.Params.Modes, mode.String())
		sum.OffNetwork[mode.String()], sum.Links[mode.String()] = 0, e.Links[mode]
		for _, r := range e.Access[mode].SiteLeg.Reach {
			if r != geo.Reached {
				sum.OffNetwork[mode.String()]++
			}
		}
	}
	for _, service := range p.Services {
		sum.Params.Services = append(sum.Params.Services, service.String())
	}
	return sum, e, nil
}

// keep encodes and stores an edition, with its layers and its record, deletes all but
// the newest keeping editions (0: none), and completes the summary.
func keep(ctx context.Context, st store.Store, e *edition.Edition, sum *summary, keeping int) error {
	start := time.Now()
	data, err := e.Encode()
	if err != nil {
		return err
	}
	sum.steps = append(sum.steps, edition.Step{Name: "encodage", Elapsed: time.Since(start)})
	start = time.Now()
	layers, err := e.Layers()
	if err != nil {
		return err
	}
	record, err := recordOf(e)
	if err != nil {
		return err
	}
	if err := st.PutEdition(ctx, e.ID, data, layers, record); err != nil {
		return err
	}
	if keeping > 0 {
		if sum.Pruned, err = st.Prune(ctx, keeping); err != nil {
			return err
		}
	}
	sum.steps = append(sum.steps, edition.Step{Name: "enregistrement", Elapsed: time.Since(start)})
	sum.Bytes = len(data)
	total := 0.0
	for _, step := range sum.steps {
		sum.Seconds[step.Name] = float64(step.Elapsed.Milliseconds()) / 1000
		total += step.Elapsed.Seconds()
	}
	sum.Seconds["total"] = float64(int(total*1000)) / 1000
	var usage syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &usage) == nil {
		sum.PeakMiB = int(usage.Maxrss >> 10) // kibibytes on Linux
	}
	return nil
}

func (sum *summary) print(s *session) {
	var b bytes.Buffer
	c := sum.Counts
	fmt.Fprintf(&b, "édition %s\n", sum.Edition)
	fmt.Fprintf(&b, "  %d habitants, %d communes, %d EPCI, %d lieux (%d points d'accueil)\n", sum.Population, c.Communes, c.EPCI, c.Lieux, c.Sites)
	if c.LieuxOutside > 0 {
		fmt.Fprintf(&b, "  %d lieux hors du territoire, qui comptent pour ses habitants\n", c.LieuxOutside)
	}
	fmt.Fprintf(&b, "  %d cellules H3 (résolution %d), %d parts, %d nœuds et %d arcs routiers\n", c.Cells, sum.Params.Resolution, c.Parts, c.Nodes, c.Arcs)
	if n := len(sum.Merges); n > 0 {
		fmt.Fprintf(&b, "  %d fiches en double réunies (--json donne lesquelles et pourquoi, --no-merge les garde)\n", n)
	}
	if p := sum.Precedence; p != nil {
		fmt.Fprintf(&b, "  priorités des sources : %d habitants changent de classe\n", p.People)
		for _, change := range slices.Sorted(maps.Keys(p.Changes)) {
			fmt.Fprintf(&b, "    %-22s %d\n", change, p.Changes[change])
		}
		for _, source := range slices.Sorted(maps.Keys(p.Ignored)) {
			fmt.Fprintf(&b, "    %d fiches ignorées de %s\n", p.Ignored[source], source)
		}
	}
	writeWarnings(&b, sum.Warnings)
	for _, mode := range sum.Params.Modes {
		if mode == geo.Transit.String() {
			continue // whoever rides walks first
		}
		how := mode
		if m, err := geo.ParseMode(mode); err == nil {
			how = m.Phrase()
		}
		writeLinks(&b, how, sum.Links[mode])
		if n := sum.OffNetwork[mode]; n > 0 {
			fmt.Fprintf(&b, "  attention : %d points d'accueil hors réseau (%s)\n", n, how)
		}
	}
	if t := sum.Transit; t != nil {
		for _, sentence := range t.Sentences {
			fmt.Fprintf(&b, "  horaires : %s\n", sentence)
		}
	}
	if n := sum.Turns.Unplaced; n > 0 {
		fmt.Fprintf(&b, "  %s d'effet : leurs routes manquent, ou ne se distinguent pas\n",
			plural(n, "interdiction de tourner n'a pas", "interdictions de tourner n'ont pas"))
	}
	if n := sum.Turns.Round; n > 0 {
		fmt.Fprintf(&b, "  %s, faute d'autre issue\n", plural(n, "demi-tour est admis", "demi-tours sont admis"))
	}
	for _, step := range sum.steps {
		fmt.Fprintf(&b, "  %-15s %6.2f s\n", step.Name, step.Elapsed.Seconds())
	}
	fmt.Fprintf(&b, "  %-15s %6.2f s, mémoire maximale %d Mio\n", "total", sum.Seconds["total"], sum.PeakMiB)
	for _, m := range sum.Modelled {
		fmt.Fprintf(&b, "  modélisé : %s\n", m)
	}
	_, _ = s.stdout.Write(b.Bytes())
}

// writeLinks says how far homes are from their road, and how many have none.
func writeLinks(b *bytes.Buffer, how string, l *edition.Links) {
	h := &l.Homes
	fmt.Fprintf(b, "  accès aux routes, %s : %d parts habitées rattachées", how, h.Joined)
	if h.Leg != nil {
		fmt.Fprintf(b, ", à %s m en moyenne, 9 sur 10 à %s m au plus, la plus loin à %s m",
			decimal(float64(h.Leg.Mean), 0), decimal(float64(h.Leg.P90), 0), decimal(float64(h.Leg.Max), 0))
	}
	fmt.Fprintf(b, " ; %d à plus de %d m de toute route", h.Off, road.SnapCap)
	if h.Twice > 0 {
		fmt.Fprintf(b, " ; %d près d'un tronçon isolé, rattachées aussi à la route suivante", h.Twice)
	}
	if h.Tied > 0 {
		fmt.Fprintf(b, " ; %d à égale distance de deux routes", h.Tied)
	}
	fmt.Fprintln(b)
}

// shownWarnings are those of one subject that a terminal shows.
const shownWarnings = 5

// writeWarnings writes warnings by subject, the first of each, and how many there are.
func writeWarnings(b *bytes.Buffer, all []edition.Warning) {
	count := map[string]int{}
	for _, w := range all {
		count[w.Subject]++
	}
	written := map[string]int{}
	for _, w := range all {
		switch written[w.Subject]++; {
		case written[w.Subject] <= shownWarnings:
			fmt.Fprintf(b, "  attention : %s\n", w)
		case written[w.Subject] == count[w.Subject]:
			fmt.Fprintf(b, "  … et %d autres de même (%s ; --json les donne toutes)\n", count[w.Subject]-shownWarnings, w.Subject)
		}
	}
}
