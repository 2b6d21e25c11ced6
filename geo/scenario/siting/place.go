// Package siting says where the next lieux would help most, and which could close with least
// harm: it asks scenarios of a [scenario.Base], and proves how far its answers may be from
// the best.
//
//	Gains      what one more lieu would bring, at every place
//	Suggest    the next lieux, with a bound that no choice surpasses
//	Close      the lieux that could close with least harm
//	Place      somewhere that a lieu could be: a cell, a chef-lieu
package siting

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// Place is somewhere that a lieu could be.
type Place struct {
	At      geo.LonLat
	Commune int32     // position in the division
	Cell    grid.Cell // 0: the chef-lieu of the commune
}

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
				out = append(out, Place{e.Origins[m-1], e.Grid.Parts[m-1].Commune, level.Cells[i]})
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
		out[c] = Place{At: e.Division.Communes[c].Point, Commune: int32(c)}
	}
	return out
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
