package transit

import (
	"context"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
)

// flat is a walking network without streets: who walks goes east or west and then north or
// south, a metre in 8 deciseconds, unless there is a river between. Places far east are off
// it.
type flat struct {
	river      float64
	everywhere bool // nowhere is off it
}

// metre is about so many degrees.
const metre = 1e-5

func place(x, y float64) geo.LonLat { return geo.LonLat{Lon: x * metre, Lat: y * metre} }

func (f flat) joined(p geo.LonLat) bool { return f.everywhere || p.Lon < 1 }

func (f flat) cost(a, b geo.LonLat) (geo.Cost, bool) {
	east, north := math.Abs(a.Lon-b.Lon)/metre, math.Abs(a.Lat-b.Lat)/metre
	return geo.Cost(math.Round(8 * (east + north))), f.joined(a) && f.joined(b) && (a.Lat < f.river) == (b.Lat < f.river)
}

type flatPlaces struct {
	at   []geo.LonLat
	legs network.Legs
}

func (f flat) places(ctx context.Context, at []geo.LonLat) (*flatPlaces, error) {
	p := &flatPlaces{at, network.Legs{Reach: make([]geo.Reach, len(at)), Cost: make([]geo.Cost, len(at))}}
	for i := range at {
		if p.legs.Reach[i] = geo.NoRoadNearby; f.joined(at[i]) {
			p.legs.Reach[i] = geo.Reached
		}
	}
	return p, ctx.Err()
}

func (p *flatPlaces) Legs() network.Legs { return p.legs }

type flatOrigins struct {
	of   *flatPlaces
	some []int32
}

func (p *flatPlaces) Index(some []int32) network.Origins { return &flatOrigins{p, some} }

func (f flat) EverySlot() bool { return true }

func (f flat) Starts(ctx context.Context, at []geo.LonLat) (network.Starts, error) {
	return f.places(ctx, at)
}

func (f flat) Sites(ctx context.Context, sites []network.Site) (network.Sites, error) {
	at := make([]geo.LonLat, len(sites))
	for i := range sites {
		at[i] = sites[i].At
	}
	return f.places(ctx, at)
}

type flatField struct {
	access []geo.Access
	site   []int32
}

func (f *flatField) At(start int32) (geo.Access, int32) { return f.access[start], f.site[start] }
func (f *flatField) Keep() network.KeptField            { return f }

func (f flat) NewSearch() network.Search { return f }

func (f flat) Nearest(starts network.Starts, sites network.Sites, some []int32) network.Field {
	from, to := starts.(*flatPlaces), sites.(*flatPlaces)
	out := &flatField{}
	for i, a := range from.at {
		best, owner := geo.Access{Reach: geo.NoPath}, int32(-1)
		if from.legs.Reach[i] != geo.Reached {
			best.Reach = from.legs.Reach[i]
		}
		for _, site := range some {
			if c, ok := f.cost(a, to.at[site]); ok && (owner < 0 || c < best.Cost) {
				best, owner = geo.Access{Reach: geo.Reached, Cost: c}, site
			}
		}
		out.access, out.site = append(out.access, best), append(out.site, owner)
	}
	return out
}

func (f flat) Reach(sites network.Sites, site int32, limit geo.Cost, ceiling network.Ceiling, origins network.Origins, emit network.Emit) {
	to, from := sites.(*flatPlaces), origins.(*flatOrigins)
	for i, start := range from.some {
		c, ok := f.cost(from.of.at[start], to.at[site])
		if ok && (c <= limit || ceiling != nil && c <= ceiling.([]geo.Cost)[start]) {
			emit(int32(i), c, c, nil)
		}
	}
}

func (f flat) Raise(_ network.Ceiling, fields []network.KeptField, gone func(field int, site int32) bool) network.Ceiling {
	ceiling := make([]geo.Cost, len(fields[0].(*flatField).site))
	for k, kept := range fields {
		for start, site := range kept.(*flatField).site {
			cost := geo.Cost(math.MaxUint32)
			if site >= 0 && (gone == nil || !gone(k, site)) {
				cost = kept.(*flatField).access[start].Cost
			}
			ceiling[start] = max(ceiling[start], cost)
		}
	}
	return ceiling
}
