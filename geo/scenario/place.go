package scenario

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Place is somewhere that a lieu could be.
type Place struct {
	At      geo.LonLat
	Commune int32     // position in the division
	Cell    grid.Cell // 0: the chef-lieu of the commune
}

// Cells gives a place in every inhabited cell of a resolution, one of those of the
// edition's pyramid, in order: where the trips of its most populated part start.
func (g *Engine) Cells(resolution int) ([]Place, error) {
	for k, level := range g.e.Pyramid.Levels {
		if level.Resolution != resolution {
			continue
		}
		most := make([]int32, len(level.Cells)) // a part of every cell, plus one
		for _, p := range g.homes.part {
			m := &most[g.e.Pyramid.Part[k][p]-level.First]
			if *m == 0 || g.e.People[p] > g.e.People[*m-1] {
				*m = p + 1
			}
		}
		var out []Place
		for i, m := range most {
			if m > 0 {
				out = append(out, Place{g.e.Origins[m-1], g.e.Grid.Parts[m-1].Commune, level.Cells[i]})
			}
		}
		return out, nil
	}
	levels := g.e.Pyramid.Levels
	return nil, fmt.Errorf("places: resolution %d: expected %d to %d", resolution, levels[0].Resolution, levels[len(levels)-1].Resolution)
}

// ChefsLieux gives the chef-lieu of every commune.
func (g *Engine) ChefsLieux() []Place {
	out := make([]Place, len(g.e.Division.Communes))
	for c := range out {
		out[c] = Place{At: g.e.Division.Communes[c].Point, Commune: int32(c)}
	}
	return out
}

// Offered is what each new lieu would give.
type Offered struct {
	Services lieu.Services
	Horaires lieu.Horaires
}
