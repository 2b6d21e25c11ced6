package access

import (
	"context"
	"errors"
	"fmt"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// Closest is the journey of every part to the nearest of some places that are no sites,
// however far. Of places that are equally far it is the first.
type Closest struct {
	Reach []geo.Reach
	Cost  []geo.Cost
	Place []int32 // its position in the list; -1 unless Reached
}

// At is the journey of one part.
func (c *Closest) At(part int32) geo.Access {
	return geo.Access{Reach: c.Reach[part], Cost: c.Cost[part]}
}

// open is always: what counts of a place is that one gets there.
var open = func() *lieu.Horaires {
	h := &lieu.Horaires{Known: true}
	for slot := range lieu.SlotsPerCycle {
		h.Slots.Add(slot)
	}
	return h
}()

// ClosestOf finds the nearest place of each group (positions, ascending) from every start,
// one search for each group. The error is that of ctx.
func ClosestOf(ctx context.Context, net network.Network, starts, places []geo.LonLat, groups [][]int32) ([]Closest, error) {
	from, err := net.Starts(ctx, starts)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	ends := make([]network.Site, len(places))
	for i, at := range places {
		ends[i] = network.Site{At: at, Horaires: open}
	}
	to, err := net.Sites(ctx, ends)
	if err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	out := make([]Closest, len(groups))
	work, ctx := errgroup.WithContext(ctx)
	work.SetLimit(2)
	for g, group := range groups {
		work.Go(func() error {
			if err := ctx.Err(); err != nil {
				return err
			}
			field := net.NewSearch().Nearest(from, to, group)
			c := Closest{make([]geo.Reach, len(starts)), make([]geo.Cost, len(starts)), make([]int32, len(starts))}
			for i := range starts {
				a, place := field.At(int32(i))
				c.Reach[i], c.Place[i] = a.Reach, -1
				if a.Reach == geo.Reached {
					c.Cost[i], c.Place[i] = a.Cost, place
				}
			}
			out[g] = c
			return nil
		})
	}
	if err := work.Wait(); err != nil {
		return nil, fmt.Errorf("access: %w", err)
	}
	return out, nil
}

// Check proves the invariants of what was read from a file: may says which places it can
// lead to.
func (c *Closest) Check(parts int, may func(place int32) bool) error {
	if len(c.Reach) != parts || len(c.Cost) != parts || len(c.Place) != parts {
		return errors.New("access: the journeys to the nearest place do not match the parts")
	}
	for i, r := range c.Reach {
		if r > geo.Reached || (r == geo.Reached) != (c.Place[i] >= 0) || c.Place[i] >= 0 && !may(c.Place[i]) {
			return fmt.Errorf("access: the journey of part %d to the nearest place is inconsistent", i)
		}
	}
	return nil
}
