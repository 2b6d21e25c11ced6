package edition

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Equipement is one that is the nearest of its category for somebody. Its At is where it was
// placed: of one placed at its commune, where most of the inhabitants live.
type Equipement struct {
	equipement.Equipement
	Source int // position in [Edition.EquipementSources]
}

// EquipementSource is what a dataset gives of a category, within reach of the territory.
type EquipementSource struct {
	Category  equipement.Category `json:"categorie"`
	Dataset   string              `json:"jeu"`
	Source    string              `json:"source,omitempty"`
	Vintage   string              `json:"millesime,omitempty"`
	Count     int                 `json:"nombre"`
	AtCommune int                 `json:"places_a_la_commune,omitempty"` // of them
}

// candidates are the equipements near the territory, by category, then in the order of their
// datasets; those of one commune have no position yet.
type candidates struct {
	all     []Equipement
	sources []EquipementSource
}

// equipements reads those that people of the territory may reach, one at a time: a national
// file has hundreds of thousands, of which few are kept.
func (d *door) equipements(ctx context.Context, in store.Inputs, from origins) (*candidates, error) {
	c, row := &candidates{}, 0
	box := surroundings(d.division)
	seen, source := map[string]bool{}, map[EquipementSource]int{}
	nowhere := map[string]int{} // by dataset: of communes that the store does not know
	for e, err := range store.Equipements.Each(ctx, in) {
		if err != nil {
			return nil, err
		}
		dataset := from.dataset(row)
		row++
		if e.Commune = admin.Town(e.Commune); e.Located() {
			if !box.Contains(e.At) {
				continue
			}
		} else if i, known := d.known.Commune(e.Commune); !known {
			nowhere[dataset]++
			continue
		} else if p := d.known.Communes[i].Point; !box.Contains(p) {
			continue
		}
		key := e.Key()
		if seen[key] {
			continue // of two datasets
		}
		seen[key] = true
		of := EquipementSource{Category: e.Category, Dataset: dataset}
		at, known := source[of]
		if !known {
			at = len(c.sources)
			source[of] = at
			for _, m := range from {
				if m.Dataset == dataset {
					of.Source, of.Vintage = m.Source, m.Vintage
				}
			}
			c.sources = append(c.sources, of)
		}
		c.sources[at].Count++
		if !e.Located() {
			c.sources[at].AtCommune++
		}
		c.all = append(c.all, Equipement{e, at})
	}
	slices.SortStableFunc(c.all, func(a, b Equipement) int { return cmp.Compare(a.Category, b.Category) })
	for _, m := range from {
		if n := nowhere[m.Dataset]; n > 0 {
			d.warnings = append(d.warnings, Warning{AboutCode, store.Equipements.Kind, m.Dataset, "", "commune", "",
				fmt.Sprintf("%s de communes absentes du magasin : leur place n'est pas connue. Les communes voisines, d'un point seul, suffiraient : maillage import communes FICHIER", french.Of(n, "équipement", "équipements"))})
		}
	}
	d.doubled(c.sources)
	return c, nil
}

// doubled says which categories several datasets give.
func (d *door) doubled(sources []EquipementSource) {
	for _, category := range equipement.Categories() {
		var of []string
		for _, s := range sources {
			if s.Category == category {
				of = append(of, "« "+s.Dataset+" »")
			}
		}
		if len(of) > 1 {
			d.warnings = append(d.warnings, Warning{AboutSource, store.Equipements.Kind, "", "", "categorie", category.Nom(),
				"plusieurs jeux en donnent : " + french.Listed(of) + " ; le plus proche compte, de quelque jeu qu'il soit"})
		}
	}
}

// byStreets are the modes by which times to equipements are found: when those are open is not
// known, and by timetable there is no time without.
func (p *Params) byStreets() []geo.Mode {
	return slices.DeleteFunc(slices.Clone(p.Modes), func(m geo.Mode) bool { return m == geo.Transit })
}

// equip finds the nearest equipement of each category by each mode of streets, and keeps those
// that are the nearest of somebody.
func (b *builder) equip(ctx context.Context) error {
	e, all := b.e, b.rows.equipements.all
	e.EquipementSources = b.rows.equipements.sources
	b.place(all)
	at := make([]geo.LonLat, len(all))
	groups, categories := [][]int32{}, []equipement.Category{}
	for i := range all {
		at[i] = all[i].At
		if i == 0 || all[i].Category != all[i-1].Category {
			groups, categories = append(groups, nil), append(categories, all[i].Category)
		}
		groups[len(groups)-1] = append(groups[len(groups)-1], int32(i))
	}
	work, ctx := errgroup.WithContext(ctx)
	for _, m := range e.Params.byStreets() {
		work.Go(func() error {
			found, err := access.ClosestOf(ctx, e.Travel(m), e.Origins, at, groups)
			if err != nil {
				return fmt.Errorf("%s: %w", m, err)
			}
			for g, c := range found {
				e.Closest[m][categories[g]] = &c
			}
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	e.keepClosest(all)
	return nil
}

// place puts what is placed at its commune where most of its inhabitants live: at the origin
// of the journeys of the part that has most of them (the first of equals), or at the point of
// a commune that is not of the territory.
func (b *builder) place(all []Equipement) {
	e := b.e
	most := make([]int32, len(e.Division.Communes))
	for i := range most {
		most[i] = -1
	}
	for i, p := range e.Grid.Parts {
		if m := most[p.Commune]; m < 0 || e.People[i] > e.People[m] {
			most[p.Commune] = int32(i)
		}
	}
	for i := range all {
		x := &all[i]
		if x.Located() {
			continue
		}
		if c, in := e.Division.Commune(x.Commune); in && most[c] >= 0 {
			x.At = e.Origins[most[c]]
		} else if k, known := b.rows.known.Commune(x.Commune); known {
			x.At = b.rows.known.Communes[k].Point
		}
	}
}

// keepClosest keeps, of all equipements, those that journeys lead to, in their order.
func (e *Edition) keepClosest(all []Equipement) {
	to := make([]int32, len(all))
	each := func(use func(place *int32)) {
		for m := range e.Closest {
			for _, c := range e.Closest[m] {
				for i := 0; c != nil && i < len(c.Place); i++ {
					if c.Place[i] >= 0 {
						use(&c.Place[i])
					}
				}
			}
		}
	}
	each(func(place *int32) { to[*place] = 1 })
	e.Equipements = []Equipement{}
	for i, used := range to {
		if used > 0 {
			to[i] = int32(len(e.Equipements))
			e.Equipements = append(e.Equipements, all[i])
		}
	}
	each(func(place *int32) { *place = to[*place] })
}

// EquipementCategories are those that the edition knows places of, in order.
func (e *Edition) EquipementCategories() (list []equipement.Category) {
	for _, c := range equipement.Categories() {
		if slices.ContainsFunc(e.EquipementSources, func(s EquipementSource) bool { return s.Category == c }) {
			list = append(list, c)
		}
	}
	return list
}

// EquipementPlace is the commune of an equipement.
func (e *Edition) EquipementPlace(i int32) Place {
	x := &e.Equipements[i]
	return e.place(e.home(x.Commune, &x.At), x.Commune, "", true)
}

// checkEquipements proves the invariants of what was read from a file.
func (e *Edition) checkEquipements() error {
	for i, x := range e.Equipements {
		if x.Source < 0 || x.Source >= len(e.EquipementSources) || x.Category >= equipement.NumCategories || x.At.Check() != nil {
			return fmt.Errorf("edition %s: equipement %d is inconsistent", e.ID, i)
		}
	}
	categories := e.EquipementCategories()
	for _, m := range e.Params.byStreets() {
		for category, c := range e.Closest[m] {
			if known := slices.Contains(categories, equipement.Category(category)); known != (c != nil) {
				return fmt.Errorf("edition %s: mode %s: %s: journeys without equipements, or the reverse", e.ID, m, equipement.Category(category))
			}
			if c == nil {
				continue
			}
			err := c.Check(len(e.Grid.Parts), func(place int32) bool {
				return int(place) < len(e.Equipements) && e.Equipements[place].Category == equipement.Category(category)
			})
			if err != nil {
				return fmt.Errorf("edition %s: mode %s: %s: %w", e.ID, m, equipement.Category(category), err)
			}
		}
	}
	return nil
}
