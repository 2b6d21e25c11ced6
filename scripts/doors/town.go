package main

import (
	"context"
	"encoding/csv"
	"fmt"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

// town is what both sides search: maillage its network, the other the walks, which are those of
// whole searches of the streets, one for each stop and point.
type town struct {
	feeds  []transit.Feed
	stops  []stop // of all feeds, one after the other
	left   rider.Left
	from   transit.Day
	zone   *time.Location
	points []point

	net    *transit.Network
	starts network.Starts
	sites  network.Sites

	outOf, into [][]rider.Walk // of every point: walks to stops, from stops
	changes     [][]rider.Walk // of every stop
	walks       [][]geo.Cost   // to every point, from every point; tooFar: there is no way

	offStops, offPoints int
}

// stop is a stop of a feed; parent is its station there, -1: none.
type stop struct {
	at           geo.LonLat
	feed, parent int32
}

type point struct {
	id string
	at geo.LonLat
}

const tooFar geo.Cost = 1<<32 - 1

func readTown(ctx context.Context, feeds []string, roads, points string) (*town, error) {
	var all []transit.Feed
	for _, path := range feeds {
		some, err := rider.Read(ctx, path)
		if err != nil {
			return nil, err
		}
		all = append(all, some...)
	}
	t := &town{}
	t.feeds, t.left = rider.Plain(all...)
	for i := range t.feeds {
		for _, s := range t.feeds[i].Stops {
			t.stops = append(t.stops, stop{s.At, int32(i), s.Parent})
		}
	}
	var err error
	if t.zone, err = rider.Zone(t.feeds...); err != nil {
		return nil, err
	}
	weeks, err := rider.Weeks(t.feeds...)
	if err != nil {
		return nil, err
	}
	t.from = weeks.From
	if t.points, err = readPoints(points); err != nil {
		return nil, fmt.Errorf("%s: %w", points, err)
	}
	imp, err := osm.Roads(ctx, []source.Input{source.FromPath(roads)}, source.Options{})
	if err != nil {
		return nil, err
	}
	streets, err := road.Build(imp.Rows)
	if err != nil {
		return nil, err
	}
	return t, t.join(ctx, streets.By(street.Walk))
}

// readPoints reads a CSV of points: id, lon and lat, among other columns.
func readPoints(path string) (out []point, err error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	rows, err := csv.NewReader(file).ReadAll()
	if err != nil {
		return nil, err
	}
	if len(rows) < 3 {
		return nil, fmt.Errorf("%d rows; expected a header and two points or more", len(rows))
	}
	var at [3]int
	for i, name := range []string{"id", "lon", "lat"} {
		if at[i] = slices.Index(rows[0], name); at[i] < 0 {
			return nil, fmt.Errorf("no column %s among %s", name, strings.Join(rows[0], ", "))
		}
	}
	for i, row := range rows[1:] {
		p, bad := source.ParsePosition("lon", row[at[1]], "lat", row[at[2]])
		if bad != nil {
			return nil, fmt.Errorf("row %d, %s %q: %s", i+2, bad.Field, bad.Value, bad.Reason)
		}
		out = append(out, point{row[at[0]], p})
	}
	return out, nil
}

// join joins stops and points to the streets.
func (t *town) join(ctx context.Context, walk network.Network) error {
	options := transit.Default(t.from, t.zone)
	table, err := transit.Compile(t.feeds, options)
	if err != nil {
		return err
	}
	if t.net, err = transit.New(ctx, table, walk); err != nil {
		return err
	}
	var all []geo.LonLat // points, then stops
	for _, p := range t.points {
		all = append(all, p.at)
	}
	for _, s := range t.stops {
		all = append(all, s.at)
	}
	places := make([]network.Site, len(all))
	for i := range places {
		places[i] = network.Site{At: all[i], Horaires: &lieu.Horaires{}}
	}
	if t.starts, err = t.net.Starts(ctx, all[:len(t.points)]); err != nil {
		return err
	}
	if t.sites, err = t.net.Sites(ctx, places[:len(t.points)]); err != nil {
		return err
	}
	from, err := walk.Starts(ctx, all)
	if err != nil {
		return err
	}
	to, err := walk.Sites(ctx, places)
	if err != nil {
		return err
	}
	t.measure(walk.NewSearch(), from, to, len(all), options.Walk)
	return ctx.Err()
}

// measure finds all walks: those to each place from everywhere, however far.
func (t *town) measure(search network.Search, from network.Starts, to network.Sites, places int, most geo.Cost) {
	points, stops := int32(len(t.points)), int32(places-len(t.points))
	t.outOf, t.into, t.changes = make([][]rider.Walk, points), make([][]rider.Walk, points), make([][]rider.Walk, stops)
	joined := func(place int32) bool {
		return from.Legs().Reach[place] == geo.Reached && to.Legs().Reach[place] == geo.Reached
	}
	for place := range int32(places) {
		if !joined(place) {
			if place < points {
				t.offPoints++
			} else {
				t.offStops++
			}
		}
		field := search.Nearest(from, to, []int32{place})
		row := make([]geo.Cost, places)
		for other := range row {
			row[other] = tooFar
			if a, site := field.At(int32(other)); site == place {
				row[other] = a.Cost
			}
		}
		for other, cost := range row {
			s := int32(other) - points
			switch {
			case s < 0 && place >= points && cost <= most:
				t.outOf[other] = append(t.outOf[other], rider.Walk{Stop: place - points, Seconds: seconds(cost)})
			case s >= 0 && place < points && cost <= most:
				t.into[place] = append(t.into[place], rider.Walk{Stop: s, Seconds: seconds(cost)})
			case s >= 0 && place >= points && joined(int32(other)) && joined(place):
				t.change(s, place-points, cost, cost <= most)
			}
		}
		if place < points {
			t.walks = append(t.walks, row[:points])
		}
	}
}

// seconds is a walk, rounded up.
func seconds(c geo.Cost) int32 { return int32((int64(c) + 9) / 10) }

// change adds what it takes to change from a stop to another, which is walked to or not: within
// a station, no street is needed.
func (t *town) change(from, to int32, cost geo.Cost, walked bool) {
	a, b := t.stops[from], t.stops[to]
	switch {
	case from == to, !walked && a.parent >= 0 && a.parent == b.parent && a.feed == b.feed:
		cost = 0
	case !walked:
		return
	}
	t.changes[from] = append(t.changes[from], rider.Walk{Stop: to, Seconds: seconds(cost) + rider.ChangeSeconds})
}

// walk is the way from a point to another on foot, in seconds; [rider.Never]: there is none.
func (t *town) walk(from, to int32) int32 {
	cost := t.walks[to][from]
	if cost == tooFar {
		return rider.Never
	}
	return seconds(cost)
}

// vehicles lists those of all feeds on a date.
func (t *town) vehicles(day transit.Day) (out []rider.Vehicle) {
	before := int32(0)
	for i := range t.feeds {
		for _, v := range rider.Vehicles(&t.feeds[i], day, t.zone) {
			for k := range v.Calls {
				v.Calls[k].Stop += before
			}
			out = append(out, v)
		}
		before += int32(len(t.feeds[i].Stops))
	}
	return out
}
