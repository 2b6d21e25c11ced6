package edition

import (
	"context"
	"fmt"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/parallel"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/store"
)

// How people live along roads, by the road's class and by whether cars drive
// there at a town's speed: weight per metre. People live on streets; a rural
// departmental road has a house now and then; nobody lives on a motorway, and
// paths and service roads say nothing of houses.
const (
	streetWeight    = 1.0
	townRoadWeight  = 0.6
	laneWeight      = 0.1
	ruralRoadWeight = 0.02
	townSpeed       = 50.0 // km/h
)

func dwellingWeight(e road.Edge) float64 {
	car := e.Travel[street.Car]
	if !car.Forward && !car.Backward {
		return 0
	}
	cost := car.CostForward
	if !car.Forward {
		cost = car.CostBackward
	}
	// dm per ds is m/s; a zero-length edge carries nobody anyway.
	town := cost > 0 && float64(e.Length)/float64(cost)*3.6 <= townSpeed
	switch {
	case e.Class == street.Local && town:
		return streetWeight
	case e.Class == street.Local:
		return laneWeight
	case e.Class >= street.Primary && e.Class <= street.Tertiary && town:
		return townRoadWeight
	case e.Class >= street.Primary && e.Class <= street.Tertiary:
		return ruralRoadWeight
	}
	return 0
}

// minSquared is the share of a commune's legal population that the squares over it
// must hold to say where its people are. Below, the grid does not cover it: what
// is there may be the edge of a neighbour's squares.
const minSquared = 0.5

// mass is a weight in a part, and where it is: the sum of weight × position.
type mass struct{ weight, lon, lat float64 }

// drop is a weight dropped on the map at one place.
type drop struct {
	part int32
	mass mass
}

// dropper drops weights; the parts that receive them are found as it goes.
type dropper struct {
	grid  *grid.Grid
	drops []drop
}

func (d *dropper) add(at geo.LonLat, weight float64) {
	if part, ok := d.grid.PartAt(at); ok {
		d.drops = append(d.drops, drop{part, mass{weight, weight * at.Lon, weight * at.Lat}})
	}
}

// gather drops n things and adds up the weights by part. Drops are added in the
// order of the things, so that sums do not depend on the number of processors.
func (b *builder) gather(ctx context.Context, n int, one func(d *dropper, i int) error) ([]mass, error) {
	const atOnce = 2048
	drops, err := parallel.Map(ctx, n, atOnce, func(from, to int) ([]drop, error) {
		d := &dropper{grid: b.e.Grid}
		for i := from; i < to; i++ {
			if err := one(d, i); err != nil {
				return nil, err
			}
		}
		return d.drops, nil
	})
	if err != nil {
		return nil, err
	}
	out := make([]mass, len(b.e.Grid.Parts))
	for _, list := range drops {
		for _, d := range list {
			m := &out[d.part]
			m.weight += d.mass.weight
			m.lon += d.mass.lon
			m.lat += d.mass.lat
		}
	}
	return out, nil
}

// alongRoads weighs every part by its streets.
func (b *builder) alongRoads(ctx context.Context) ([]mass, error) {
	const pace = 25.0 // metres between samples
	network := b.e.Network
	return b.gather(ctx, network.Counts().Edges, func(d *dropper, i int) error {
		w := dwellingWeight(network.Edge(int32(i)))
		if w == 0 {
			return nil
		}
		shape := network.AppendShape(nil, int32(i))
		for j := 1; j < len(shape); j++ {
			p, q := shape[j-1], shape[j]
			length := geo.Distance(p, q)
			n := int(math.Ceil(length / pace))
			for s := range n {
				d.add(between(p, q, (float64(s)+0.5)/float64(n)), w*length/float64(n))
			}
		}
		return nil
	})
}

// bySquares weighs every part by the people of the squares that it covers, by
// area: each square is cut in small tiles of equal people.
func (b *builder) bySquares(ctx context.Context) ([]mass, error) {
	const tile = 40.0 // metres, at most
	return b.gather(ctx, len(b.squares), func(d *dropper, i int) error {
		q := b.squares[i]
		if q.People == 0 {
			return nil
		}
		corner := func(dx, dy float64) (geo.LonLat, error) {
			return geo.LAEA.ToLonLat(q.West+dx*q.Size, q.South+dy*q.Size)
		}
		var at [4]geo.LonLat
		for k, c := range [4][2]float64{{0, 0}, {1, 0}, {0, 1}, {1, 1}} {
			var err error
			if at[k], err = corner(c[0], c[1]); err != nil {
				return fmt.Errorf("square %s: %w", q.ID, err)
			}
		}
		n := int(math.Ceil(q.Size / tile))
		w := q.People / float64(n*n)
		for y := range n {
			// Within a square the projection is straight to the centimetre.
			fy := (float64(y) + 0.5) / float64(n)
			left, right := between(at[0], at[2], fy), between(at[1], at[3], fy)
			for x := range n {
				d.add(between(left, right, (float64(x)+0.5)/float64(n)), w)
			}
		}
		return nil
	})
}

func between(p, q geo.LonLat, f float64) geo.LonLat {
	return geo.LonLat{Lon: p.Lon + f*(q.Lon-p.Lon), Lat: p.Lat + f*(q.Lat-p.Lat)}
}

// settle shares every commune's people among its parts, by the squares of a
// population grid or, where they do not cover the commune, along the roads; and
// puts the origin of each part's journeys at the centre of mass of its people (the
// part's centroid where nobody lives).
func (b *builder) settle(ctx context.Context) error {
	e := b.e
	masses, err := b.alongRoads(ctx)
	if err != nil {
		return err
	}
	if len(b.squares) > 0 {
		observed, err := b.bySquares(ctx)
		if err != nil {
			return err
		}
		people := make([]float64, len(e.Division.Communes))
		for i, p := range e.Grid.Parts {
			people[p.Commune] += observed[i].weight
		}
		known := func(c int) bool {
			return people[c] > 0 && people[c] >= minSquared*float64(e.Division.Communes[c].Population)
		}
		for i, p := range e.Grid.Parts {
			if known(int(p.Commune)) {
				masses[i] = observed[i]
			}
		}
		for c := range people {
			if !known(c) && e.Division.Communes[c].Population > 0 {
				b.unsquared++
			}
		}
	}
	weight := make([]float64, len(masses))
	e.Origins = make([]geo.LonLat, len(masses))
	for i, m := range masses {
		weight[i] = m.weight
		e.Origins[i] = e.Grid.Parts[i].Center
		if m.weight > 0 {
			e.Origins[i] = geo.LonLat{Lon: m.lon / m.weight, Lat: m.lat / m.weight}
		}
	}
	population := make([]int, len(e.Division.Communes))
	for i, c := range e.Division.Communes {
		population[i] = c.Population
	}
	e.People = grid.Apportion(e.Grid.Parts, population, weight)
	e.Modelled = append(e.Modelled, b.populationModel()...)
	e.SiteCommune = make([]int32, len(e.Sites))
	for i := range e.Sites {
		e.SiteCommune[i] = e.CommuneOf(&e.Sites[i], e.Lieux, e.Tournees)
	}
	return nil
}

// PopulationModel is the sentence for people spread inside communes by rule.
const PopulationModel = "Répartition de la population dans chaque commune modélisée : la population légale est répartie le long des rues, pas observée"

// populationModel says what of the spread is modelled: all of it without a
// population grid, the communes that the grid leaves empty with one.
func (b *builder) populationModel() []Modelled {
	const name = "répartition de la population"
	switch {
	case len(b.squares) == 0:
		return []Modelled{{name, PopulationModel}}
	case b.unsquared > 0:
		return []Modelled{{name, fmt.Sprintf("Répartition de la population modélisée dans %d communes que les carreaux ne couvrent pas : le long des rues, pas observée", b.unsquared)}}
	}
	return nil
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
