package spread

import (
	"context"

	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Method is how the people of a commune are spread.
type Method uint8

// The methods, the best last: that is how they rank where several can be had.
const (
	Uniform    Method = iota // by area, where nothing else is known
	Streets                  // by what roads say of houses
	Dwellings                // by dwellings, of buildings and addresses
	Squares                  // by the squares of a population grid
	NumMethods = iota
)

// Sources is what is known of where people live.
type Sources struct {
	Network *road.Network
	Houses  *road.Houses // of the network
	Squares []store.Square
}

// minSquared is the share of a commune's legal population that the squares over it
// must hold to say where its people are. Below, the grid does not cover it: what
// is there may be the edge of a neighbour's squares.
const minSquared = 0.5

// Dwellings for an inhabitant that are believed. France has 0.55 (INSEE, RP 2020), resorts
// several times that; below, most houses of the commune are not in the file, and beyond, what
// was counted is not dwellings.
const minDwellings, maxDwellings = 0.15, 3.0

// Of weighs every part by the best of what is known in its commune, and tells which that
// was. Weights compare within a commune alone.
func Of(ctx context.Context, g *grid.Grid, population []int, s Sources) ([]Mass, []Method, error) {
	masses := make([]Mass, len(g.Parts))
	methods := make([]Method, len(population))
	// take takes the masses of the communes where the sum of them for an inhabitant is good.
	take := func(method Method, of []Mass, err error, good func(each float64) bool) error {
		if err != nil {
			return err
		}
		sums := make([]float64, len(population))
		for i, p := range g.Parts {
			sums[p.Commune] += of[i].Weight
		}
		for c, sum := range sums {
			if sum > 0 && population[c] > 0 && good(sum/float64(population[c])) {
				methods[c] = method
			}
		}
		for i, p := range g.Parts {
			if methods[p.Commune] == method {
				masses[i] = of[i]
			}
		}
		return nil
	}
	byStreets, err := ByStreets(ctx, g, s.Network, s.Houses, Calibrated)
	if err := take(Streets, byStreets, err, func(float64) bool { return true }); err != nil {
		return nil, nil, err
	}
	byDwellings, err := ByDwellings(ctx, g, s.Houses)
	if err := take(Dwellings, byDwellings, err, func(each float64) bool { return minDwellings <= each && each <= maxDwellings }); err != nil {
		return nil, nil, err
	}
	squares, err := BySquares(ctx, g, s.Squares)
	if err := take(Squares, squares, err, func(each float64) bool { return each >= minSquared }); err != nil {
		return nil, nil, err
	}
	return masses, methods, nil
}
