package edition

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TransitParams are how journeys by timetable are counted: see [transit.Options].
type TransitParams struct {
	From      transit.Day `json:"from,omitempty"` // a Monday, in days since 1970-01-01; 0: the weeks with most trips (see [transit.ChooseWeeks])
	Stay      int32       `json:"stay_s"`         // the shortest time at a site
	Away      int32       `json:"away_s"`         // the longest from home
	Walk      geo.Cost    `json:"walk_ds"`        // the longest of each walk
	OnRequest bool        `json:"on_request,omitempty"`
	School    bool        `json:"school,omitempty"`
	// Wheelchair is for who has one: only stops and trips that are known to take them count.
	Wheelchair bool `json:"wheelchair,omitempty"`
}

// DefaultTransit are the parameters where nobody says otherwise.
func DefaultTransit() TransitParams {
	o := transit.Default(0, time.UTC)
	return TransitParams{Stay: o.Stay, Away: o.Away, Walk: o.Walk}
}

const day = 24 * 3600 // seconds

func (p *TransitParams) check() error {
	switch {
	case p == nil:
		return nil
	case p.Stay < 0 || p.Away <= p.Stay || p.Away > day:
		return fmt.Errorf("timetables: stay %d s, away %d s: expected stay below away, within a day", p.Stay, p.Away)
	case p.Walk < geo.Minute || p.Walk > access.Horizon:
		return fmt.Errorf("timetables: walk %g min: expected 1 to %g minutes", p.Walk.Minutes(), access.Horizon.Minutes())
	case p.From != 0:
		return transit.CheckFrom(p.From)
	}
	return nil
}

// Timetables are what runs near a territory, and the four weeks of dates on which it is looked
// at.
type Timetables struct {
	Feeds []transit.Feed // without the trips that are far away; numbers refer to these slices
	// Modelled is, for every feed, whether its dataset is modelled rather than published; nil:
	// none is.
	Modelled []bool `json:",omitempty"`
	Weeks    transit.Weeks
	Left     transit.Left // what of them no journey uses
	// OnDemand are zones that stand in no feed. Those of feeds are with them; no journey uses
	// either.
	OnDemand []transit.Zone `json:",omitempty"`
	// Far is how many trips were left out since they call nowhere near the territory; Beyond,
	// how many stops of the others are where no roads were kept. Those are not off the streets.
	Far, Beyond int
	// Idle of Lines lines that run in these weeks never run in holidays; Lines is 0 where that
	// is not known.
	Idle, Lines int
}

// readTimetables reads what runs within the surroundings of the territory, and chooses the
// reference weeks. Without any the edition has no mode transit, and its parameters none of
// timetables, said or not.
func (b *builder) readTimetables(ctx context.Context, r *rows) error {
	p := &b.e.Params
	asked := p.Transit
	p.Transit = nil
	if !slices.Contains(p.Modes, geo.Transit) {
		return nil
	}
	t := &Timetables{}
	box := surroundings(r.division)
	modelled := modelledRows(store.GTFS.Kind, b.e.Inputs)
	row := 0
	for feed, err := range store.GTFS.Each(ctx, b.in) {
		if err != nil {
			return err
		}
		t.Far += keepNear(&feed, box)
		if len(feed.Trips)+len(feed.Zones) > 0 {
			t.Feeds = append(t.Feeds, feed)
			t.Modelled = append(t.Modelled, row < len(modelled) && modelled[row])
		}
		row++
	}
	if !slices.Contains(modelled, true) {
		t.Modelled = nil
	} else if row != len(modelled) {
		return fmt.Errorf("%d timetables; the manifests say %d", row, len(modelled))
	}
	if !slices.ContainsFunc(t.Feeds, func(f transit.Feed) bool { return len(f.Trips) > 0 }) {
		p.Modes = slices.DeleteFunc(slices.Clone(p.Modes), func(m geo.Mode) bool { return m == geo.Transit })
		switch {
		case t.Far > 0:
			return r.withoutTimetables(asked, fmt.Sprintf("aucune de leurs %d courses ne passe à moins de %d km du territoire", t.Far, RoadMargin/1000))
		case slices.ContainsFunc(b.e.Inputs, func(m store.Manifest) bool { return m.Kind == store.GTFS.Kind }):
			return r.withoutTimetables(asked, "ils n'ont aucune course")
		case asked != nil && asked.From != 0:
			return wrongInput("semaines de référence à partir du %v : aucun horaire de transport n'est importé ; attendu maillage import gtfs FICHIER.zip auparavant", asked.From)
		}
		return nil
	}
	if asked == nil {
		usual := DefaultTransit()
		asked = &usual
	}
	p.Transit = asked
	holiday, err := holidaysOf(r.division)
	if err != nil {
		return err
	}
	if asked.From != 0 {
		t.Weeks, err = transit.WeeksFrom(t.Feeds, asked.From, holiday)
	} else {
		t.Weeks, err = transit.ChooseWeeks(t.Feeds, holiday)
	}
	if err != nil {
		return err
	}
	b.e.Timetables = t
	return t.readOnDemand(ctx, b.in, r.division)
}

// IsModelled reports whether a feed is modelled.
func (t *Timetables) IsModelled(feed int32) bool { return t.Modelled != nil && t.Modelled[feed] }

// withoutTimetables warns of timetables that are of no use, and refuses a date of them.
func (r *rows) withoutTimetables(asked *TransitParams, why string) error {
	if asked != nil && asked.From != 0 {
		return wrongInput("horaires de transport : %s ; attendu des horaires du territoire, ou pas de date (--transit-from)", why)
	}
	r.warnings = append(r.warnings, Warning{AboutTransit, store.GTFS.Kind, "", "", "", "", "l'édition est calculée sans horaires : " + why})
	return nil
}

// surroundings is where roads, stops and equipements of a territory are kept.
func surroundings(d *admin.Division) geo.Bounds { return widened(boxOf(d), RoadMargin) }

// joinTimetables joins what runs to the streets.
func (e *Edition) joinTimetables(ctx context.Context) error {
	table, holiday, err := e.compileTimetables()
	if err != nil {
		return err
	}
	net, err := transit.New(ctx, table, e.walking())
	if err != nil {
		return err
	}
	e.Timetables.Left = net.Left()
	box := surroundings(e.Division)
	for s := range table.Stops() {
		if !net.Joined(int32(s)) && !box.Contains(table.At(int32(s))) {
			e.Timetables.Left.OffStreets--
			e.Timetables.Beyond++
		}
	}
	if idle, lines, ok := table.Idle(holiday); ok {
		e.Timetables.Idle, e.Timetables.Lines = idle, lines
	}
	e.transit = func() *transit.Network { return net }
	return nil
}

// RunningThese is the edition as it would be did these feeds run, in the same reference weeks: of its
// own figures only those of mode transit are others. The edition must have that mode. An error
// is one of a feed, in French, or that of ctx.
func (e *Edition) RunningThese(ctx context.Context, feeds []transit.Feed) (*Edition, error) {
	holiday, err := holidaysOf(e.Division)
	if err != nil {
		return nil, err
	}
	weeks, err := transit.WeeksFrom(feeds, e.Timetables.Weeks.From, holiday)
	if err != nil {
		return nil, err
	}
	out, runs := *e, *e.Timetables
	runs.Feeds, runs.Weeks, runs.Beyond, runs.Idle, runs.Lines = feeds, weeks, 0, 0, 0
	out.Timetables = &runs
	if err := out.joinTimetables(ctx); err != nil {
		return nil, err
	}
	table, err := access.Compute(ctx, out.transit(), out.Origins, out.Sites, out.Serves(out.Sites), nil)
	if err != nil {
		return nil, err
	}
	out.Access[geo.Transit] = table
	for k := range out.times {
		out.times[k][geo.Transit] = sync.OnceValue(func() Times { return out.sumTimes(k, geo.Transit) })
	}
	return &out, nil
}

// runTimetables readies those of an edition that was kept: they are joined to the streets when
// a journey is first asked for.
func (e *Edition) runTimetables() error {
	if n := len(e.Timetables.Modelled); n > 0 && n != len(e.Timetables.Feeds) {
		return fmt.Errorf("%d timetables, of which %d are said to be modelled or not", len(e.Timetables.Feeds), n)
	}
	for i := range e.Timetables.Feeds {
		if err := store.CheckFeed(e.Timetables.Feeds[i]); err != nil {
			return err
		}
	}
	for _, z := range e.Timetables.OnDemand {
		if err := store.CheckOnDemand(z); err != nil {
			return err
		}
	}
	table, _, err := e.compileTimetables()
	if err != nil {
		return err
	}
	e.transit = sync.OnceValue(func() *transit.Network {
		net, err := transit.New(context.Background(), table, e.walking())
		if err != nil {
			panic(err) // of a context that ends
		}
		return net
	})
	return nil
}

// walking is the network of streets that timetables are joined to.
func (e *Edition) walking() network.Network { return e.Network.By(street.Walk) }

func (e *Edition) compileTimetables() (*transit.Timetable, func(transit.Day) (is, known bool), error) {
	o, err := e.transitOptions()
	if err != nil {
		return nil, nil, err
	}
	holiday, err := holidaysOf(e.Division)
	if err != nil {
		return nil, nil, err
	}
	table, err := transit.Compile(e.Timetables.Feeds, o)
	return table, holiday, err
}

// transitOptions are the parameters of timetables on the reference weeks.
func (e *Edition) transitOptions() (transit.Options, error) {
	p := e.Params.Transit
	if p == nil {
		return transit.Options{}, errors.New("timetables without parameters")
	}
	zone, err := time.LoadLocation(lieu.TimeZoneOf(departementOf(e.Division)))
	if err != nil {
		return transit.Options{}, fmt.Errorf("timetables: %w", err)
	}
	return transit.Options{From: e.Timetables.Weeks.From, Zone: zone, Stay: p.Stay, Away: p.Away, Walk: p.Walk,
		OnRequest: p.OnRequest, School: p.School, Wheelchair: p.Wheelchair}, nil
}

// departementOf is the code of the département of a territory: of several, the first.
func departementOf(d *admin.Division) string {
	for _, t := range d.Territoires(admin.TypeDepartement) {
		return t.Code
	}
	return ""
}

// holidaysOf tells of dates whether they are public holidays, or those of the schools of a
// territory.
func holidaysOf(d *admin.Division) (func(transit.Day) (is, known bool), error) {
	vacances, err := lieu.PublishedVacances()
	if err != nil {
		return nil, fmt.Errorf("timetables: %w", err)
	}
	return transit.Holidays(lieu.NewCalendar(lieu.ZoneOf(departementOf(d)), vacances)), nil
}

// keepNear leaves out the trips of a feed that call nowhere in a box, and tells how many. A
// trip that is kept keeps all its calls.
func keepNear(f *transit.Feed, box geo.Bounds) (far int) {
	f.Zones = slices.DeleteFunc(slices.Clone(f.Zones), func(z transit.Zone) bool {
		return !meets(around(z.Area), box) && !slices.ContainsFunc(z.Stops, func(s int32) bool { return box.Contains(f.Stops[s].At) })
	})
	number := make([]int32, len(f.Trips)) // -1: left out
	var kept []transit.Trip
	for i, trip := range f.Trips {
		number[i] = -1
		if slices.ContainsFunc(trip.Calls, func(c transit.Call) bool { return box.Contains(f.Stops[c.Stop].At) }) {
			number[i] = int32(len(kept))
			kept = append(kept, trip)
		}
	}
	if far = len(f.Trips) - len(kept); far == 0 {
		return 0
	}
	f.Trips = kept
	rules := f.Transfers
	f.Transfers = nil
	for _, rule := range rules {
		gone := false
		for _, trip := range []*int32{&rule.FromTrip, &rule.ToTrip} {
			if *trip >= 0 {
				*trip = number[*trip]
				gone = gone || *trip < 0
			}
		}
		if !gone {
			f.Transfers = append(f.Transfers, rule)
		}
	}
	return far
}

// accessTime is the access time of every part. By streets it is the journey to the nearest
// site. By timetable it is the shortest way out of all that counts within the cut-off, on foot
// or not; where nothing does, the walk to the nearest site, however long.
func (e *Edition) accessTime(q coverage.Query) *access.Nearest {
	t := e.Access[q.Mode]
	if q.Mode != geo.Transit {
		return &t.Nearest[q.Service]
	}
	walk := &e.Access[geo.Walk].Nearest[q.Service]
	out := &access.Nearest{Reach: slices.Clone(walk.Reach), Cost: slices.Clone(walk.Cost), Site: slices.Clone(walk.Site)}
	within := t.Within.Journeys(q.Cutoff)
	offers := func(site uint16) bool { return e.Sites[site].Offers(q.Service) }
	for part := range out.Reach {
		if time, site, ok := within.Soonest(int32(part), q.Cutoff, offers); ok {
			out.Reach[part], out.Cost[part], out.Site[part] = geo.Reached, time, site
		}
	}
	return out
}
