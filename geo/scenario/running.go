package scenario

import (
	"context"
	"fmt"
	"reflect"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// lastRunning is what was made of the timetables that were asked for last: whoever moves a lieu
// beside a new line, or looks at another question, asks for the same ones again.
type lastRunning struct {
	mutex  sync.Mutex
	feeds  []transit.Feed
	engine *Engine
	base   *Base
}

// running is the base of the same question where other timetables run: everything that rests on
// them is computed again, and nothing else.
func (b *Base) running(ctx context.Context, feeds []transit.Feed) (*Base, error) {
	last := b.last
	last.mutex.Lock()
	defer last.mutex.Unlock()
	if last.engine == nil || !sameFeeds(last.feeds, feeds) {
		e, err := b.e.RunningThese(ctx, feeds)
		if err != nil {
			return nil, err
		}
		g := *b.Engine
		g.e = e
		g.modes[geo.Transit] = sync.OnceValue(func() *travel { return newTravel(&g, geo.Transit) })
		last.feeds, last.engine, last.base = feeds, &g, nil
	}
	if last.base == nil || last.base.query != b.query {
		base, err := last.engine.Base(b.query)
		if err != nil {
			return nil, err
		}
		last.base = base
	}
	return last.base, nil
}

// sameFeeds compares what scenarios of one edition may change of its feeds.
func sameFeeds(a, b []transit.Feed) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		kept := len(a[i].Trips) == len(b[i].Trips) && (len(a[i].Trips) == 0 || &a[i].Trips[0] == &b[i].Trips[0])
		if !kept && !reflect.DeepEqual(a[i], b[i]) {
			return false
		}
	}
	return true
}

// note tells what lines and trips that change are to the question.
func (v *evaluation) note(d *Difference) {
	if v.plan.running == nil {
		return
	}
	if v.query.Mode != geo.Transit {
		d.Notes = append(d.Notes, fmt.Sprintf("%s, une ligne ou une course de plus ne change rien : les effets des lignes se lisent %s.", v.query.Mode.Label(), geo.Transit.Phrase()))
		return
	}
	d.Modelled = append(d.Modelled, v.plan.running.modelled...)
	if n := d.After.Classes.Couverte - d.Before.Classes.Couverte; n != 0 {
		d.Notes = append(d.Notes, french.Supplied(n, v.query.MinHours)+" "+geo.Transit.Phrase()+".")
	}
}
