package edition

import (
	"context"
	"fmt"
	"iter"
	"math"
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
	return BuildOn(ctx, in, params, nil, progress)
}

// BuildOn is [Build] with journeys by other networks, as tests make them up.
func BuildOn(ctx context.Context, in store.Inputs, params Params, networks Networks, progress Progress) (*Edition, []Step, error) {
	if err := params.Check(); err != nil {
		return nil, nil, fmt.Errorf("compute: %w", err)
	}
	if progress == nil {
		progress = func(string, int, int) {}
	}
	b := &builder{in: in, e: &Edition{Params: params, networks: networks}, progress: progress}
	for _, step := range []struct {
		name string
		run  func(context.Context) error
	}{
		{"lecture", b.read},
		{"grille", b.grid},
		{"réseau", b.network},
		{"horaires", b.e.joinTimetables},
		{"population", b.settle},
		{"accès", b.access},
		{"équipements", b.equip},
		{"synthèse", b.complete},
		{"priorités", b.compare},
	} {
		if step.name == "horaires" && b.e.Timetables == nil || step.name == "priorités" && b.e.Precedence == nil || step.name == "équipements" && len(b.rows.equipements.all) == 0 {
			continue
		}
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
	rows     *rows          // as they are believed
	squares  []store.Square // of the population grid, near the territory
	houses   road.Houses    // what roads tell of where people live
}

// Needed are the kinds of dataset without which nothing is computed.
func Needed() []store.Kind {
	return []store.Kind{store.Communes.Kind, store.EPCI.Kind, store.Lieux.Kind, store.Roads.Kind}
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
	for _, k := range Needed() {
		if !have[k] {
			return &MissingError{k}
		}
	}
	r, err := readRows(ctx, b.in, e.Inputs, e.Params.Departement)
	if err != nil {
		return err
	}
	if r.only {
		e.Params.Departement = "" // said or not, the edition is the same
	}
	if err := b.readTimetables(ctx, r); err != nil {
		return err
	}
	if e.ID, err = ID(e.Params, e.Inputs); err != nil {
		return err
	}
	e.Modelled = modelled(e.Inputs)
	e.Division, e.Lieux, e.Tournees, e.Variables, e.Feeds, e.Warnings = r.division, r.lieux, r.tournees, r.variables, r.feeds, r.warnings
	if err := markModelled(e.Tournees, e.Inputs); err != nil {
		return err
	}
	var rank func(*lieu.Lieu) int
	if list := e.Params.Priorities; len(list) > 0 {
		p := newPrecedence(r.territory, list)
		rank, e.Precedence = p.rank, &Precedence{Changes: map[string]int{}}
		e.Warnings = append(e.Warnings, p.strangers(list, e.Lieux)...)
		e.Lieux, e.Precedence.Ignored = p.keep(e.Lieux)
	}
	b.rows = r
	if !e.Params.NoMerge {
		e.Lieux, e.Merges = lieu.MergeBy(e.Lieux, rank)
	}
	squares, _, err := readOnce(ctx, b.in, store.Population, e.Inputs)
	if err != nil {
		return err
	}
	if b.squares, err = onlyNear(squares, widened(boxOf(b.e.Division), 1000)); err != nil {
		return err
	}
	if e.Named = e.Params.Named; e.Named == 0 {
		e.Named = lieu.Named(e.Lieux, e.Tournees)
	}
	e.Sites = lieu.Sites(e.Lieux, e.Tournees, e.Named)
	return nil
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
// car covers within [access.Horizon] at the highest legal speed, 130 km/h. No journey
// within the horizon can leave it, so roads farther away change none; they could
// only shorten journeys longer than the horizon.
const RoadMargin = 130_000

// waysAhead is the number of ways read at a time, ahead of their use.
const waysAhead = 128

func (b *builder) network(ctx context.Context) error {
	profile, err := b.e.Params.profile()
	if err != nil {
		return err
	}
	ways := store.Ahead(near(store.Roads.Each(ctx, b.in), surroundings(b.e.Division)), waysAhead)
	b.e.Network, err = road.Build(ways, road.WithProfile(profile), road.WithHouses(&b.houses))
	return err
}

// Surroundings is the box that roads are used in.
func (e *Edition) Surroundings() geo.Bounds { return widened(e.Bounds, RoadMargin) }

// boxOf is the box around a territory.
func boxOf(d *admin.Division) geo.Bounds {
	box := geo.EmptyBounds()
	for _, t := range d.Territoires(admin.TypeDepartement) {
		box = box.Union(t.Bounds)
	}
	return box
}

// widened is the box that holds every point within margin metres of b.
func widened(b geo.Bounds, margin float64) geo.Bounds {
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

// complete derives what is not stored, and says which variables could not be joined.
func (b *builder) complete(context.Context) error {
	if err := b.e.complete(); err != nil {
		return err
	}
	communes, err := b.e.communes()
	if err == nil {
		b.e.Warnings = append(b.e.Warnings, communes.warnings...)
	}
	return err
}

// CommuneOf is the commune of a site: the one that its lieu or stop names, else the one
// that contains it; -1 outside the territory. lieux and tournees are those that the
// site counts in, which need not be the edition's.
func (e *Edition) CommuneOf(s *lieu.Site, lieux []lieu.Lieu, tournees []lieu.Tournee) int32 {
	code := ""
	switch {
	case s.Tournee >= 0:
		code = tournees[s.Tournee].Stops[s.Stop].Commune
	case s.Lieu >= 0:
		code = lieux[s.Lieu].Commune
	}
	return e.home(code, &s.At)
}

func (b *builder) access(ctx context.Context) error {
	// The modes run side by side: each has steps for one processor alone.
	work, ctx := errgroup.WithContext(ctx)
	for _, m := range b.e.Params.Modes {
		work.Go(func() (err error) {
			b.e.Access[m], err = access.Compute(ctx, b.e.Travel(m), b.e.Origins, b.e.Sites, b.e.Serves(b.e.Sites), func(n, of int) {
				b.progress("accès "+m.String(), n, of)
			})
			if err != nil {
				return fmt.Errorf("%s: %w", m, err)
			}
			t := b.e.Access[m]
			b.e.Links[m] = newLinks(t, b.e.People)
			t.Leg.Joints, t.SiteLeg.Joints = nil, nil
			return nil
		})
	}
	return work.Wait()
}
