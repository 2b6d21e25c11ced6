package scenario

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
)

// Serve searches from every place to the homes that are wanted and that it serves: those
// within the cut-off. It works on every processor. newWorker is called once for each; of
// the functions that it gives, the first takes each home that a place serves, the second
// ends the place. done, when not nil, is told how many places are done, from any
// goroutine. The error is that of ctx.
func (b *Base) Serve(ctx context.Context, places []geo.LonLat, wanted func(home int32) bool, newWorker func() (each func(home int32), end func(place int)), done func(n, of int)) error {
	origins := b.homesIndex(wanted)
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
				if snap, reach := b.e.Network.Snap(b.query.Mode, places[i]); reach == geo.Reached {
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

// homesIndex indexes the homes that a test lets through, by their number.
func (b *Base) homesIndex(wanted func(home int32) bool) *road.Origins {
	starts, reach := make([]road.Snap, len(b.homes.Part)), make([]geo.Reach, len(b.homes.Part))
	for h, part := range b.homes.Part {
		starts[h] = b.travel.starts[part]
		if starts[h].Edge >= 0 && wanted(int32(h)) {
			reach[h] = geo.Reached
		}
	}
	return b.e.Network.NewOrigins(starts, reach)
}
