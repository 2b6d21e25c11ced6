package scenario

import (
	"context"
	"fmt"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/road"
)

// Gain is what one lieu at a place would bring, for the question of a base: exactly what
// [Base.Evaluate] says of adding it.
type Gain struct {
	Covered     int // people who would be of the class couverte, and are not
	FromBlanche int // people who would no longer be of the class blanche
	// Slots of the cycle times the people who would find them open, and do not: 16 to an
	// hour a week. Those of unknown hours are left out.
	SlotPeople int64
}

// gains is, for every home, what it gains when a lieu opens within the cut-off. It does
// not depend on where: all new lieux give the same, and a home that is served by two finds
// the hours of one.
type gains struct {
	covered     []bool
	fromBlanche []bool
	slots       []uint16 // more than before; 0 where the hours before are unknown
	opened      []uint16 // the same, counting those of unknown hours from none
}

// gains looks at each set of sites with one more.
func (b *Base) gains(o Offered) *gains {
	homes := len(b.homes.part)
	g := &gains{make([]bool, homes), make([]bool, homes), make([]uint16, homes), make([]uint16, homes)}
	if !o.Services.Offers(b.query.Service) {
		return g
	}
	type outcome struct {
		class         coverage.Class
		slots, opened uint16
	}
	look := func(u access.Union) outcome {
		was, known := u.Slots(), u.Opening != access.HoursUnknown
		u.Add(&o.Horaires)
		x := outcome{class: coverage.ClassOf(u.Opening, u.Slots(), b.query.MinHours)}
		if x.opened = u.Slots() - was; known && u.Opening != access.HoursUnknown {
			x.slots = x.opened
		}
		return x
	}
	none, sets := look(access.Union{}), make([]outcome, len(b.unions))
	for k := range sets {
		sets[k] = look(b.unions[k])
	}
	for h, part := range b.homes.part {
		x := none
		if set := b.sets.Of[part]; set >= 0 {
			x = sets[set]
		}
		was := b.answer.Class[part]
		g.covered[h] = was != coverage.Couverte && x.class == coverage.Couverte
		g.fromBlanche[h] = was == coverage.Blanche && x.class != coverage.Blanche
		g.slots[h], g.opened[h] = x.slots, x.opened
	}
	return g
}

// origins indexes the homes that a test lets through, by their number.
func (b *Base) origins(wanted func(home int32) bool) *road.Origins {
	starts, reach := make([]road.Snap, len(b.homes.part)), make([]geo.Reach, len(b.homes.part))
	for h, part := range b.homes.part {
		starts[h] = b.travel.starts[part]
		if starts[h].Edge >= 0 && wanted(int32(h)) {
			reach[h] = geo.Reached
		}
	}
	return b.e.Network.NewOrigins(starts, reach)
}

// Gains says what one lieu would bring at each place, all giving the same. Every one is
// searched for, on every processor; done, when not nil, is told how many are.
func (b *Base) Gains(ctx context.Context, places []Place, o Offered, done func(n, of int)) ([]Gain, error) {
	g := b.gains(o)
	origins := b.origins(func(h int32) bool { return g.covered[h] || g.fromBlanche[h] || g.slots[h] > 0 })
	out := make([]Gain, len(places))
	err := b.reach(ctx, places, origins, func() (func(home int32), func(place int)) {
		var sum Gain
		return func(h int32) {
				n := int(b.e.People[b.homes.part[h]])
				if g.covered[h] {
					sum.Covered += n
				}
				if g.fromBlanche[h] {
					sum.FromBlanche += n
				}
				sum.SlotPeople += int64(g.slots[h]) * int64(n)
			}, func(place int) {
				out[place] = sum
				sum = Gain{}
			}
	}, done)
	if err != nil {
		return nil, fmt.Errorf("gains: %w", err)
	}
	return out, nil
}

// reach searches from every place to the homes of an index within the cut-off, on every
// processor. newWorker is called once for each; of the functions that it gives, the first
// takes each home that a place serves, the second ends the place.
func (b *Base) reach(ctx context.Context, places []Place, origins *road.Origins, newWorker func() (each func(home int32), end func(place int)), done func(n, of int)) error {
	var next, finished atomic.Int64
	work, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() error {
			search := b.travel.search()
			defer b.travel.searches.Put(search)
			each, end := newWorker()
			emit := func(home int32, _ geo.Cost) { each(home) }
			for i := int(next.Add(1)) - 1; i < len(places); i = int(next.Add(1)) - 1 {
				if err := ctx.Err(); err != nil {
					return err
				}
				if snap, reach := b.e.Network.Snap(b.query.Mode, places[i].At); reach == geo.Reached {
					search.Reach(snap, b.query.Cutoff, origins, emit)
				}
				end(i)
				if done != nil {
					done(int(finished.Add(1)), len(places))
				}
			}
			return nil
		})
	}
	return work.Wait()
}
