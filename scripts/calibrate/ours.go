package main

import (
	"context"
	"iter"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
)

// network reads an extract and builds its network.
func network(extract string, profile *street.Profile) (*road.Network, *extent, error) {
	imp, err := osm.Roads(context.Background(), []source.Input{source.FromPath(extract)}, source.Options{})
	if err != nil {
		return nil, nil, err
	}
	x := newExtent()
	n, err := road.Build(seen(imp.Rows, x.add), road.WithProfile(profile))
	return n, x, err
}

// seen shows each way to see as it passes.
func seen(ways iter.Seq2[road.Way, error], see func(road.Way)) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		for w, err := range ways {
			if err == nil {
				see(w)
			}
			if !yield(w, err) {
				return
			}
		}
	}
}

// sides are the roads that an end is put on, none farther than [elsewhere].
func sides(n *road.Network, m street.Mode, e end) (all []road.Snap) {
	s, _ := n.Snap(m, e.at)
	for side := &s; side != nil && side.Edge >= 0; side = side.Second {
		if geo.Distance(side.At, e.at) <= elsewhere {
			alone := *side
			alone.Second = nil
			all = append(all, alone)
		}
	}
	return all
}

// trips computes the trip of each pair.
func trips(n *road.Network, m street.Mode, pairs []pair) []geo.Access {
	search := n.NewSearch(m)
	all := make([]geo.Access, len(pairs))
	var field *road.Field
	for i, p := range pairs {
		if field == nil || pairs[i-1].to != p.to {
			field = search.Nearest(sides(n, m, p.to))
		}
		all[i] = geo.Access{Reach: geo.NoRoadNearby}
		for _, from := range sides(n, m, p.from) {
			if a, _ := field.At(from); all[i].Reach != geo.Reached || a.Reach == geo.Reached && a.Cost < all[i].Cost {
				all[i] = a
			}
		}
	}
	return all
}
