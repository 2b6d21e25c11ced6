package data

import (
	"context"
	"slices"

	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
)

// Beside is what is told of more than the edition that is served.
type Beside struct {
	Desk    *desk.Desk
	History func() []desk.EditionInfo
}

// IndicateursJSON follows a territory over its editions.
type IndicateursJSON struct {
	Edition string `json:"edition"`
	// Reference is the edition whose zones blanches are followed; absent when no edition
	// is known.
	Reference string         `json:"reference,omitempty"`
	Editions  []indicateur   `json:"editions"` // newest first
	Years     []anneeJSON    `json:"years"`    // oldest first
	Visits    []desk.Visits  `json:"visits"`
	Notes     map[string]any `json:"notes"` // French: how each figure is made
}

// indicateur is the figures of one edition. Followed is absent where it cannot be
// compared with the reference.
type indicateur struct {
	desk.EditionInfo
	Population int                 `json:"population"`
	Params     edition.QueryJSON   `json:"params"`
	Lieux      int                 `json:"lieux"`
	Types      map[string]int      `json:"types"`
	Classes    edition.ClassesJSON `json:"classes"`
	Zones      zonesOfIndicateur   `json:"zones_blanches"`
	Followed   *followedJSON       `json:"reference_zones,omitempty"`
}

// followedJSON is what became of the zones blanches of the reference.
type followedJSON struct {
	ZonePeople    int                  `json:"zone_people"`
	CoveredPeople int                  `json:"covered_people"`
	Share         float64              `json:"share"`
	NewLieux      []edition.RecordLieu `json:"new_lieux"`
}

type zonesOfIndicateur struct {
	Zones  int `json:"zones"`
	People int `json:"people"`
}

// anneeJSON counts, for the editions stored in a year, the lieux that appeared in the
// zones blanches of the reference since the year before.
type anneeJSON struct {
	Year     string               `json:"year"`
	NewLieux []edition.RecordLieu `json:"new_lieux"`
}

var indicateurNotes = map[string]any{
	"zones_blanches":  "habitants sans lieu à moins de T, dans la question par défaut de chaque édition",
	"reference_zones": "habitants des zones blanches de l'édition de référence qui ne sont plus en zone blanche, compté maille par maille avec la population de la référence ; absent si la grille ou la question diffèrent",
	"years":           "lieux que l'édition de référence n'avait pas, situés dans ses zones blanches, à leur première édition",
	"visits":          "pages de la carte vues par jour (UTC), comptées sans cookie, sans adresse et sans identifiant ; « integration:hôte » compte les cartes intégrées, par site qui les montre",
}

type indicateursParams struct {
	Reference string // id of an edition; empty: the oldest
}

func (*indicateursParams) Defaults(*edition.Edition) {}

func (p *indicateursParams) Bind() []params.Binding {
	return []params.Binding{params.Reference.To(&p.Reference)}
}

// Indicateurs answers /api/v1/indicateurs.
func (b Beside) Indicateurs(_ context.Context, snap *snapshot.Snapshot, _ *params.Request, p indicateursParams) (*reply.Reply, error) {
	seen := b.Desk.Seen()
	records := seen.Records
	if !slices.ContainsFunc(records, func(r figures.Dated) bool { return r.Edition == snap.ID }) {
		records = slices.Insert(slices.Clone(records), 0, figures.Dated{Record: snap.Recorded()}) // the store has not caught up, or there is none
	}
	reference := records[len(records)-1]
	if id := p.Reference; id != "" {
		i := slices.IndexFunc(records, func(r figures.Dated) bool { return r.Edition == id })
		if i < 0 {
			return nil, problem.New(problem.Parameter, "Le paramètre « reference » vaut « %s » ; il faut l'identifiant d'une édition de cette liste, comme %s.", problem.Quotable(id), reference.Edition)
		}
		reference = records[i]
	}
	out := IndicateursJSON{Edition: snap.ID, Reference: reference.Edition, Editions: make([]indicateur, 0, len(records)),
		Years: []anneeJSON{}, Visits: seen.Visits, Notes: indicateurNotes}
	if out.Visits == nil {
		out.Visits = []desk.Visits{}
	}
	followed := make([]*figures.Followed, len(records))
	for i, r := range records {
		row := indicateur{EditionInfo: desk.EditionInfo{ID: r.Edition, Created: r.Created}, Population: r.Population, Params: r.Params,
			Lieux: len(r.Lieux), Types: r.Types, Classes: r.Classes, Zones: zonesOfIndicateur{r.Zones, r.Classes.Blanche}}
		if f, ok := figures.Follow(reference.Record, r.Record); ok {
			followed[i] = &f
			row.Followed = &followedJSON{f.ZonePeople, f.CoveredPeople, reply.Rounded(f.Share(), 4), f.NewLieux}
		}
		out.Editions = append(out.Editions, row)
	}
	for _, y := range figures.Years(records, followed) {
		out.Years = append(out.Years, anneeJSON(y))
	}
	return reply.JSON(reply.TypeJSON, out)
}

type TravauxJSON struct {
	Edition string     `json:"edition"`
	Jobs    []desk.Job `json:"jobs"`
}

// Travaux answers /api/v1/travaux.
func (b Beside) Travaux(_ context.Context, snap *snapshot.Snapshot, _ *params.Request, _ params.None) (*reply.Reply, error) {
	jobs := b.Desk.Seen().Jobs
	if jobs == nil {
		jobs = []desk.Job{}
	}
	r, err := reply.JSON(reply.TypeJSON, TravauxJSON{snap.ID, jobs})
	if err == nil {
		r.Cache = reply.CacheRevalid
	}
	return r, err
}
