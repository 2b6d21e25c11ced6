package edition

import (
	"context"
	"fmt"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/spread"
	"github.com/aisne-numerique/maillage/geo/store"
)

// settle shares every commune's people among its parts, by the best that is known of where
// they live; and puts the origin of each part's journeys at the centre of mass of its
// people (the part's centroid where nobody lives, or where no place is better known).
func (b *builder) settle(ctx context.Context) error {
	e := b.e
	population := make([]int, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		population[i] = c.Population
	}
	sources := spread.Sources{Network: e.Network, Houses: &b.houses, Squares: b.squares}
	masses, methods, err := spread.Of(ctx, e.Grid, population, sources)
	if err != nil {
		return err
	}
	weight := make([]float64, len(masses))
	e.Origins = make([]geo.LonLat, len(masses))
	for i, m := range masses {
		weight[i] = m.Weight
		e.Origins[i] = e.Grid.Parts[i].Center
		if m.Weight > 0 {
			e.Origins[i] = geo.LonLat{Lon: m.Lon / m.Weight, Lat: m.Lat / m.Weight}
		}
	}
	e.People = grid.Apportion(e.Grid.Parts, population, weight)
	if err := b.publics(ctx, methods); err != nil {
		return err
	}
	if err := b.allot(ctx, methods, sources); err != nil {
		return err
	}
	b.houses = road.Houses{} // of no more use
	var inhabited [spread.NumMethods]int
	for c, m := range methods {
		if population[c] > 0 {
			inhabited[m]++
		}
	}
	e.Modelled = append(e.Modelled, populationModel(inhabited)...)
	e.Modelled = append(e.Modelled, outlineModel(e.Division.Drawn())...)
	e.SiteCommune = make([]int32, len(e.Sites))
	for i := range e.Sites {
		e.SiteCommune[i] = e.CommuneOf(&e.Sites[i], e.Lieux, e.Tournees)
	}
	return nil
}

// populationModel says what of the spread is modelled, and how, of so many inhabited
// communes by each method: nothing where squares cover them all.
func populationModel(inhabited [spread.NumMethods]int) []Modelled {
	var ways []string
	in := 0
	for _, w := range [...]struct {
		method spread.Method
		words  string
	}{
		{spread.Dwellings, "d'après les bâtiments et les adresses"},
		{spread.Streets, "le long des rues"},
		{spread.Uniform, "à proportion de la surface"},
	} {
		if n := inhabited[w.method]; n > 0 {
			in += n
			ways = append(ways, w.words+" dans "+french.Of(n, "commune", "communes"))
		}
	}
	if in == 0 {
		return nil
	}
	if len(ways) == 1 { // the number is said once
		ways[0], _, _ = strings.Cut(ways[0], " dans ")
	}
	how := french.Listed(ways) + ", pas observée"
	sentence := "Répartition de la population dans chaque commune modélisée : la population légale est répartie " + how
	if inhabited[spread.Squares] > 0 {
		sentence = "Répartition de la population modélisée dans " + french.Of(in, "commune que les carreaux ne couvrent pas", "communes que les carreaux ne couvrent pas") + " : " + how
	}
	return []Modelled{{"répartition de la population", sentence}}
}

// onlyNear leaves out the squares that lie wholly outside the box: a national grid
// has two million.
func onlyNear(squares []store.Square, box geo.Bounds) ([]store.Square, error) {
	out := squares[:0:0]
	for _, q := range squares {
		own := geo.EmptyBounds()
		for _, corner := range [4][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
			at, err := geo.LAEA.ToLonLat(q.West+corner[0]*q.Size, q.South+corner[1]*q.Size)
			if err != nil {
				return nil, fmt.Errorf("square %s: %w", q.ID, err)
			}
			own = own.Extend(at)
		}
		if box.Min.Lon <= own.Max.Lon && own.Min.Lon <= box.Max.Lon && box.Min.Lat <= own.Max.Lat && own.Min.Lat <= box.Max.Lat {
			out = append(out, q)
		}
	}
	return out, nil
}
