// Package siting says where the next lieux would help most, and which could close with least
// harm: it asks scenarios of a [scenario.Base], and proves how far its answers may be from
// the best.
//
//	Gains      what one more lieu would bring, at every place
//	Suggest    the next lieux, with a bound that no choice surpasses
//	Close      the lieux that could close with least harm
//	Place      somewhere that a lieu could be: a cell, a building, a stop, a chef-lieu
package siting

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// Place is somewhere that a lieu could be.
type Place struct {
	At      geo.LonLat
	Commune int32     // position in the division
	Cell    grid.Cell // 0: the chef-lieu of the commune, of those that are looked at for their communes
	Stands  Stands
	Nom     string // of the building or stop; empty: it has none, or nothing stands there
}

// Stands is what is known to be at a place, in French.
type Stands string

// What stands at places.
const (
	StandsHomes    Stands = "habitations" // where most people of a cell live
	StandsBuilding Stands = "bâtiment"
	StandsStop     Stands = "arrêt de bus ou car"
	StandsChefLieu Stands = "chef-lieu"
)

// Cells gives a place in every inhabited cell of a resolution, one of those of the
// edition's pyramid, in order: where the journeys of its most populated part start.
func Cells(g *scenario.Engine, resolution int) ([]Place, error) {
	e := g.Edition()
	for k, level := range e.Pyramid.Levels {
		if level.Resolution != resolution {
			continue
		}
		most := make([]int32, len(level.Cells)) // a part of every cell, plus one
		for _, p := range g.Homes().Part {
			m := &most[e.Pyramid.Part[k][p]-level.First]
			if *m == 0 || e.People[p] > e.People[*m-1] {
				*m = p + 1
			}
		}
		var out []Place
		for i, m := range most {
			if m > 0 {
				out = append(out, Place{e.Origins[m-1], e.Grid.Parts[m-1].Commune, level.Cells[i], StandsHomes, ""})
			}
		}
		return out, nil
	}
	levels := e.Pyramid.Levels
	return nil, fmt.Errorf("places: resolution %d: expected %d to %d", resolution, levels[0].Resolution, levels[len(levels)-1].Resolution)
}

// ChefsLieux gives the chef-lieu of every commune.
func ChefsLieux(e *edition.Edition) []Place {
	out := make([]Place, len(e.Division.Communes))
	for c := range out {
		out[c] = Place{At: e.Division.Communes[c].Point, Commune: int32(c), Stands: StandsChefLieu}
	}
	return out
}

// Candidates are the places that are looked at by a mode: by streets a place in every inhabited
// cell of a resolution, by timetable those that buses may serve (see [Served]).
func Candidates(g *scenario.Engine, m geo.Mode, resolution int) ([]Place, error) {
	if m == geo.Transit {
		return Served(g.Edition(), resolution)
	}
	return Cells(g, resolution)
}

// buildings are the categories of equipements that could house a lieu: where the public comes.
var buildings = []equipement.Category{equipement.Mairie, equipement.Bibliotheque, equipement.Poste, equipement.FranceServices, equipement.ServicesPublics}

// Served gives one place in every cell of a resolution in which a building stands that could
// house a lieu and whose place is known, a bus calls, or a chef-lieu is: that building, else the
// stop, else the chef-lieu; of several the first of the edition. In the order of the cells.
func Served(e *edition.Edition, resolution int) ([]Place, error) {
	var all []Place
	for i := range e.Equipements {
		if q := &e.Equipements[i]; q.Located() && slices.Contains(buildings, q.Category) {
			nom := q.Nom
			if nom == "" {
				nom = q.Category.Nom()
			}
			all = append(all, Place{At: q.At, Stands: StandsBuilding, Nom: nom})
		}
	}
	for _, s := range e.CalledStops() {
		all = append(all, Place{At: s.At, Stands: StandsStop, Nom: s.Nom})
	}
	all = append(all, ChefsLieux(e)...)
	taken := map[grid.Cell]bool{}
	out := all[:0]
	for _, p := range all {
		if p.Stands != StandsChefLieu {
			p.Commune = e.CommuneAt(p.At)
		}
		var err error
		if p.Cell, err = grid.Locate(p.At, resolution); err != nil {
			return nil, fmt.Errorf("places: %w", err)
		}
		if p.Commune >= 0 && !taken[p.Cell] {
			taken[p.Cell] = true
			out = append(out, p)
		}
	}
	slices.SortFunc(out, func(a, b Place) int { return cmp.Compare(a.Cell, b.Cell) })
	return out, nil
}

// positions are where places are.
func positions(places []Place) []geo.LonLat {
	out := make([]geo.LonLat, len(places))
	for i := range places {
		out[i] = places[i].At
	}
	return out
}

// Offered is what each new lieu would give.
type Offered struct {
	Services lieu.Services
	Horaires lieu.Horaires
}
