package edition

import (
	"context"
	"fmt"
	"iter"
	"math"
	"runtime"
	"slices"
	"time"

	"github.com/paulmach/orb"
	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Step is one step of a computation and the time it took.
type Step struct {
	Name    string
	Elapsed time.Duration
}

// Progress is told what is being done: the step's name (French) and, within it,
// how much of how much. It is called from any goroutine.
type Progress func(step string, n, of int)

// Build computes an edition from everything that a store's inputs hold. It gives
// the time of each step beside it, since an edition itself knows no clock.
func Build(ctx context.Context, in store.Inputs, params Params, progress Progress) (*Edition, []Step, error) {
	if err := params.Check(); err != nil {
		return nil, nil, fmt.Errorf("compute: %w", err)
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	b := &builder{in: in, e: &Edition{Params: params}, progress: progress}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"lecture", b.read},
		{"grille", b.grid},
		{"réseau", b.network},
		{"population", b.spread},
		{"accès", b.access},
		{"synthèse", func(context.Context) error { return b.e.complete() }},
	} {
		if err := ctx.Err(); err != nil {
			return nil, nil, fmt.Errorf("compute: %w", err)
		}
		start := time.Now()
		progress(step.name, 0, 0)
		if err := step.run(ctx); err != nil {
			return nil, nil, fmt.Errorf("compute: %s: %w", step.name, err)
		}
		b.steps = append(b.steps, Step{step.name, time.Since(start)})
	}
	return b.e, b.steps, nil
}

type builder struct {
	in       store.Inputs
	e        *Edition
	progress Progress
	steps    []Step
}

// MissingError says which kind of input a computation lacks.
type MissingError struct{ Kind store.Kind }

func (e *MissingError) Error() string {
	return fmt.Sprintf("the store holds no %s; import them first", e.Kind)
}

func (b *builder) read(ctx context.Context) error {
	e := b.e
	var err error
	if e.Inputs, err = b.in.Manifests(ctx); err != nil {
		return err
	}
	have := map[store.Kind]bool{}
	for _, m := range e.Inputs {
		have[m.Kind] = true
	}
	for _, k := range []store.Kind{store.Communes, store.EPCI, store.Lieux, store.Roads} {
		if !have[k] {
			return &MissingError{k}
		}
	}
	if e.ID, err = ID(e.Params, e.Inputs); err != nil {
		return err
	}
	e.Modelled = modelled(e.Inputs)
	communes, err := b.in.Communes(ctx)
	if err != nil {
		return err
	}
	epci, err := b.in.EPCI(ctx)
	if err != nil {
		return err
	}
	secteurs, err := b.in.Secteurs(ctx)
	if err != nil {
		return err
	}
	if e.Division, err = admin.New(communes, epci, secteurs); err != nil {
		return err
	}
	if e.Lieux, err = b.in.Lieux(ctx); err != nil {
		return err
	}
	if e.Tournees, err = b.in.Tournees(ctx); err != nil {
		return err
	}
	if e.Variables, err = b.in.Variables(ctx); err != nil {
		return err
	}
	e.Sites = lieu.Sites(e.Lieux, e.Tournees)
	return nil
}

// PopulationModel is the sentence for people spread inside a commune by rule.
const PopulationModel = "Répartition de la population dans chaque commune modélisée : la population légale est répartie le long des rues, pas observée"

func modelled(inputs []store.Manifest) []Modelled {
	names := map[store.Kind]string{store.Communes: "contours des communes", store.EPCI: "contours des EPCI", store.Roads: "routes",
		store.Tournees: "tournées", store.Lieux: "lieux", store.Secteurs: "secteurs", store.Variables: "variables de l'IFN", store.Population: "population"}
	var out []Modelled
	grid := false
	for _, m := range inputs {
		if m.Modelled != "" {
			out = append(out, Modelled{names[m.Kind], m.Modelled})
		}
		grid = grid || m.Kind == store.Population
	}
	if !grid {
		out = append(out, Modelled{"répartition de la population", PopulationModel})
	}
	return out
}

func (b *builder) grid(ctx context.Context) error {
	outlines := make([]orb.MultiPolygon, len(b.e.Division.Communes))
	for i := range outlines {
		outlines[i] = b.e.Division.Communes[i].Outline
	}
	var err error
	b.e.Grid, err = grid.Build(ctx, outlines, b.e.Params.Resolution)
	return err
}

// RoadMargin is how far outside the territory roads are used, in metres: what a
// car covers within [access.Horizon] at the highest legal speed, 130 km/h. No trip
// within the horizon can leave it, so roads farther away change none; they could
// only shorten trips longer than the horizon.
const RoadMargin = 130_000

func (b *builder) network(ctx context.Context) error {
	box := geo.EmptyBounds()
	for _, t := range b.e.Division.Territoires(admin.TypeDepartement) {
		box = box.Union(t.Bounds)
	}
	var err error
	b.e.Network, err = road.Build(near(b.in.Roads(ctx), grow(box, RoadMargin)))
	return err
}

// grow is the box that holds every point within margin metres of b.
func grow(b geo.Bounds, margin float64) geo.Bounds {
	degree := geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1})
	dLat := margin / degree
	// Degrees of longitude are shortest at the side nearest to a pole.
	widest := min(89, max(math.Abs(b.Min.Lat-dLat), math.Abs(b.Max.Lat+dLat)))
	dLon := margin / (degree * math.Cos(widest*math.Pi/180))
	return geo.Bounds{Min: geo.LonLat{Lon: b.Min.Lon - dLon, Lat: b.Min.Lat - dLat}, Max: geo.LonLat{Lon: b.Max.Lon + dLon, Lat: b.Max.Lat + dLat}}
}

// near leaves out the ways that have no node in the box.
func near(ways iter.Seq2[road.Way, error], box geo.Bounds) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		for w, err := range ways {
			if err == nil && !slices.ContainsFunc(w.At, box.Contains) {
				continue
			}
			if !yield(w, err) {
				return
			}
		}
	}
}

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
	car := e.Travel[geo.Car]
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
	case e.Class == road.Local && town:
		return streetWeight
	case e.Class == road.Local:
		return laneWeight
	case e.Class >= road.Primary && e.Class <= road.Tertiary && town:
		return townRoadWeight
	case e.Class >= road.Primary && e.Class <= road.Tertiary:
		return ruralRoadWeight
	}
	return 0
}

// spread shares every commune's people among its parts along the roads, and puts
// the origin of each part's trips at the centre of mass of its people (the
// part's centroid where nobody lives).
func (b *builder) spread(ctx context.Context) error {
	e := b.e
	const pace = 25.0 // metres between samples
	type mass struct{ weight, lon, lat float64 }
	edges := e.Network.Counts().Edges
	workers := runtime.GOMAXPROCS(0)
	// Contributions are gathered per fixed chunk and added in chunk order, so that
	// the sums do not depend on the number of processors.
	const chunk = 2048
	type contribution struct {
		part int32
		mass mass
	}
	chunks := make([][]contribution, (edges+chunk-1)/chunk)
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(workers)
	for k := range chunks {
		work.Go(func() error {
			var shape []geo.LonLat
			var out []contribution
			for i := k * chunk; i < min((k+1)*chunk, edges); i++ {
				w := dwellingWeight(e.Network.Edge(int32(i)))
				if w == 0 {
					continue
				}
				shape = e.Network.AppendShape(shape[:0], int32(i))
				for j := 1; j < len(shape); j++ {
					p, q := shape[j-1], shape[j]
					length := geo.Distance(p, q)
					n := int(math.Ceil(length / pace))
					for s := range n {
						f := (float64(s) + 0.5) / float64(n)
						at := geo.LonLat{Lon: p.Lon + f*(q.Lon-p.Lon), Lat: p.Lat + f*(q.Lat-p.Lat)}
						if part, ok := e.Grid.PartAt(at); ok {
							m := w * length / float64(n)
							out = append(out, contribution{part, mass{m, m * at.Lon, m * at.Lat}})
						}
					}
				}
			}
			chunks[k] = out
			return ctx.Err()
		})
	}
	if err := work.Wait(); err != nil {
		return err
	}
	masses := make([]mass, len(e.Grid.Parts))
	for _, out := range chunks {
		for _, c := range out {
			m := &masses[c.part]
			m.weight += c.mass.weight
			m.lon += c.mass.lon
			m.lat += c.mass.lat
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
	e.People = grid.Spread(e.Grid.Parts, population, weight)
	e.SiteHome = make([]int32, len(e.Sites))
	for i, s := range e.Sites {
		e.SiteHome[i] = b.home(s)
	}
	return nil
}

// home is the commune of a site: the one its lieu or stop names, else the one
// that contains it.
func (b *builder) home(s lieu.Site) int32 {
	code := ""
	switch {
	case s.Tournee >= 0:
		code = b.e.Tournees[s.Tournee].Stops[s.Stop].Commune
	case s.Lieu >= 0:
		code = b.e.Lieux[s.Lieu].Commune
	}
	if c, ok := b.e.Division.Commune(code); ok {
		return c
	}
	if p, ok := b.e.Grid.PartAt(s.At); ok {
		return b.e.Grid.Parts[p].Commune
	}
	return -1
}

func (b *builder) access(ctx context.Context) error {
	for _, m := range b.e.Params.Modes {
		t, err := access.Compute(ctx, b.e.Network, m, b.e.Origins, b.e.Sites, func(n, of int) {
			b.progress("accès "+m.String(), n, of)
		})
		if err != nil {
			return err
		}
		b.e.Access[m] = t
	}
	return nil
}
