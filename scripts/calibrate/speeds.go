package main

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// speeds writes what both wait at nodes and, for each kind of road, how far Valhalla's trips of o go on it, and the
// speeds of both there.
func (x *explainer) speeds(w io.Writer, o outcome) error {
	var pairs []pair
	for _, c := range o.both {
		pairs = append(pairs, c.pair)
	}
	trips, err := x.rival.trips(o.mode, pairs, true)
	if err != nil {
		return err
	}
	if len(o.both) == 0 {
		return nil
	}
	var waits, turns, followed float64
	for i, c := range o.both {
		if way := x.tracer.trace(c.pair, c.ours.Cost); way != nil {
			waits, followed = waits+way.waits, followed+1
			turns += trips[i].turns()
		}
	}
	type both struct{ ours, theirs spent }
	kinds := map[string]both{}
	for _, t := range trips {
		line := points(t.Shape)
		for _, e := range t.Edges {
			kind := kindOfRoad(x.file.ways[e.Way])
			of := kinds[kind]
			if cost, ok := x.cost(line[e.First : e.Last+1]); ok && e.Metres > 0 {
				of.ours, of.theirs = of.ours.and(e.Metres, cost*e.Metres), of.theirs.and(e.Metres, e.Metres/e.KMH*3.6)
				kinds[kind] = of
			}
		}
	}
	fmt.Fprintf(w, "\n%s by %s: we wait %.1f s a trip, its turns take %.1f\n", o.extract, o.mode, waits/max(followed, 1), turns/max(followed, 1))
	fmt.Fprintf(w, "on the roads of Valhalla's trips:\n%-44s %9s  %11s  %11s\n", "road", "km", "ours, km/h", "theirs, km/h")
	order := slices.SortedFunc(maps.Keys(kinds), func(a, b string) int {
		return cmp.Compare(kinds[b].theirs.seconds, kinds[a].theirs.seconds)
	})
	for _, k := range order {
		if least := 1000.0; kinds[k].theirs.metres >= least {
			fmt.Fprintf(w, "%-44s %9.1f  %11.1f  %11.1f\n", k, kinds[k].theirs.metres/1000, kinds[k].ours.kmh(), kinds[k].theirs.kmh())
		}
	}
	return nil
}

// kindOfRoad names what matters to speeds.
func kindOfRoad(tags map[string]string) string {
	kind := cmp.Or(tags["highway"], tags["route"])
	if s := tags["service"]; s != "" {
		kind += " " + s
	}
	if tags["junction"] != "" {
		kind += " " + tags["junction"]
	}
	if tags["highway"] == "track" {
		kind += " " + cmp.Or(tags["tracktype"], "-")
	}
	if s := tags["surface"]; s != "" && s != "asphalt" && s != "paved" {
		kind += " " + s
	}
	if s := tags["maxspeed"]; s != "" {
		kind += ", " + s
	}
	return kind
}

// cost is what a metre takes us, in seconds, where a line runs.
func (x *explainer) cost(line []geo.LonLat) (float64, bool) {
	k := (len(line) - 1) / 2
	a, b := line[k], line[k+1]
	middle := geo.LonLat{Lon: (a.Lon + b.Lon) / 2, Lat: (a.Lat + b.Lat) / 2}
	s, reach := x.net.Snap(x.mode, middle)
	if reach != geo.Reached || geo.Distance(s.At, middle) > onRoad {
		return 0, false
	}
	e := x.net.Edge(s.Edge)
	shape := x.net.AppendShape(nil, s.Edge)
	// Along the edge or against it: where the nearest pieces of its shape point to.
	forward := heads(shape, a, b)
	u := e.Travel[x.mode]
	cost := u.CostForward
	if !forward && u.Backward || !u.Forward {
		cost = u.CostBackward
	}
	const decimetres = 10
	return seconds(cost) / (float64(e.Length) / decimetres), e.Length > 0 && cost > 0
}

// heads reports whether going from a to b goes along a shape, not against it.
func heads(shape []geo.LonLat, a, b geo.LonLat) bool {
	nearest := func(p geo.LonLat) int {
		best, at := geo.Distance(shape[0], p), 0
		for i, q := range shape {
			if d := geo.Distance(q, p); d < best {
				best, at = d, i
			}
		}
		return at
	}
	i, j := nearest(a), nearest(b)
	if i != j {
		return i < j
	}
	last := shape[len(shape)-1]
	return geo.Distance(a, last) > geo.Distance(b, last)
}
