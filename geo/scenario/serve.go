package scenario

import (
	"context"
	"runtime"
	"sync/atomic"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// Serve searches from every place to the homes that are wanted and that a lieu of some hours
// there serves: those within the cut-off, be it at other hours. It works on every processor. newWorker is called
// once for each; of the functions that it gives, the first takes each home that a place
// serves, once, with the slots that count for it (nil: all), the second ends the place. done,
// when not nil, is told how many places are done, from any goroutine. The error is that of
// ctx.
func (b *Base) Serve(ctx context.Context, places []geo.LonLat, h *lieu.Horaires, wanted func(home int32) bool,
	newWorker func() (each func(home int32, slots *lieu.Slots), end func(place int)), done func(n, of int)) error {
	homes, parts := []int32{}, []int32{}
	for home, part := range b.homes.Part {
		if wanted(int32(home)) {
			homes, parts = append(homes, int32(home)), append(parts, part)
		}
	}
	origins := b.travel.starts.Index(parts)
	var next, finished atomic.Int64
	work, ctx := errgroup.WithContext(ctx)
	for range runtime.GOMAXPROCS(0) {
		work.Go(func() error {
			search := b.travel.search()
			defer b.travel.searches.Put(search)
			each, end := newWorker()
			emit := func(i int32, _, _ geo.Cost, slots *lieu.Slots) { each(homes[i], slots) }
			flush := func() {}
			if !b.EverySlot() { // of the steps of a home the last has the most slots
				last, most, all := int32(-1), lieu.Slots{}, false
				flush = func() {
					switch {
					case last < 0:
					case all:
						each(homes[last], nil)
					default:
						each(homes[last], &most)
					}
					last = -1
				}
				emit = func(i int32, _, _ geo.Cost, slots *lieu.Slots) {
					if i != last {
						flush()
					}
					if last, all = i, slots == nil; !all {
						most = *slots
					}
				}
			}
			for i := int(next.Add(1)) - 1; i < len(places); i = int(next.Add(1)) - 1 {
				sites, err := b.travel.net.Sites(ctx, []network.Site{{At: places[i], Horaires: h}})
				if err != nil {
					return err
				}
				search.Reach(sites, 0, b.query.Cutoff, nil, origins, emit)
				flush()
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
