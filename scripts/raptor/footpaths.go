package main

import (
	"context"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

// walkSpeed is that of who walks in a straight line, in metres per second.
const walkSpeed = 1.2

// degree is less than the metres of one of latitude, anywhere.
const degree = 110_000

// footpaths are the walks between the stops of a feed, the same for all programs. They are
// closed: who walks on after a walk was there by another footpath, which takes no longer. RAPTOR
// asks for that (Delling, Pajor and Werneck 2012), since it keeps one arrival for each stop,
// whether by a vehicle or on foot.
//
// It is also the walking network of maillage, as far as a timetable asks for one.
type footpaths struct {
	network.Network                      // what is not asked for is not there
	at              []geo.LonLat         // of every stop
	of              map[geo.LonLat]int32 // a stop at each position
	to              [][]rider.Walk       // of every stop, the stops that are walked to; the walk back is as long
	count           int
	longest         int32
}

// newFootpaths joins stops that are so many seconds apart, or of one station, and then all that
// are joined by way of others.
func newFootpaths(f *transit.Feed, most int32) *footpaths {
	p := &footpaths{of: map[geo.LonLat]int32{}, to: make([][]rider.Walk, len(f.Stops))}
	direct := make([][]rider.Walk, len(f.Stops))
	for a := range f.Stops {
		p.at = append(p.at, f.Stops[a].At)
		p.of[f.Stops[a].At] = int32(a)
		for b := range f.Stops {
			station := f.Stops[a].Parent >= 0 && f.Stops[a].Parent == f.Stops[b].Parent
			if a == b || !station && math.Abs(f.Stops[a].At.Lat-f.Stops[b].At.Lat)*degree > float64(most)*walkSpeed {
				continue // most are, and this tells it soon
			}
			seconds := int32(math.Ceil(geo.Distance(f.Stops[a].At, f.Stops[b].At) / walkSpeed))
			if seconds <= most || station {
				direct[a] = append(direct[a], rider.Walk{Stop: int32(b), Seconds: seconds})
			}
		}
	}
	for a := range direct {
		at := map[int32]int32{int32(a): 0}
		for changed := true; changed; {
			changed = false
			for from, so := range at {
				for _, w := range direct[from] {
					if was, ok := at[w.Stop]; !ok || so+w.Seconds < was {
						at[w.Stop], changed = so+w.Seconds, true
					}
				}
			}
		}
		for b := range direct {
			if seconds, ok := at[int32(b)]; ok && a != b {
				p.to[a] = append(p.to[a], rider.Walk{Stop: int32(b), Seconds: seconds})
				p.count++
				p.longest = max(p.longest, seconds)
			}
		}
	}
	return p
}

// changes are what changes take: the walk, and a while.
func (p *footpaths) changes() [][]rider.Walk {
	out := make([][]rider.Walk, len(p.to))
	for a, walks := range p.to {
		out[a] = append(out[a], rider.Walk{Stop: int32(a), Seconds: rider.ChangeSeconds})
		for _, w := range walks {
			out[a] = append(out[a], rider.Walk{Stop: w.Stop, Seconds: w.Seconds + rider.ChangeSeconds})
		}
	}
	return out
}

// around are the stops at hand from one: itself, and those that are walked to.
func (p *footpaths) around(stop int32) []rider.Walk {
	return append([]rider.Walk{{Stop: stop}}, p.to[stop]...)
}

// places are stops, by their positions.
type places struct {
	at   []geo.LonLat
	legs network.Legs
}

func (p *places) Legs() network.Legs                 { return p.legs }
func (p *places) Index(some []int32) network.Origins { return origins{p, some} }

type origins struct {
	of   *places
	some []int32
}

func newPlaces(ctx context.Context, at []geo.LonLat) (*places, error) {
	p := &places{at, network.Legs{Reach: make([]geo.Reach, len(at)), Cost: make([]geo.Cost, len(at))}}
	for i := range at {
		p.legs.Reach[i] = geo.Reached
	}
	return p, ctx.Err()
}

func (p *footpaths) Starts(ctx context.Context, at []geo.LonLat) (network.Starts, error) {
	return newPlaces(ctx, at)
}

func (p *footpaths) Sites(ctx context.Context, sites []network.Site) (network.Sites, error) {
	at := make([]geo.LonLat, len(sites))
	for i := range sites {
		at[i] = sites[i].At
	}
	return newPlaces(ctx, at)
}

func (p *footpaths) NewSearch() network.Search { return search{footpaths: p} }

type search struct {
	network.Search
	*footpaths
}

// Reach gives the footpaths to a place. Stops at one position are no walk apart.
func (s search) Reach(sites network.Sites, site int32, limit geo.Cost, _ network.Ceiling, from network.Origins, emit network.Emit) {
	here := sites.(*places).at[site]
	walk := map[geo.LonLat]geo.Cost{here: 0}
	for _, w := range s.to[s.of[here]] {
		walk[s.at[w.Stop]] = geo.Cost(w.Seconds) * geo.Second
	}
	o := from.(origins)
	for i, start := range o.some {
		if cost, ok := walk[o.of.at[start]]; ok && cost <= limit {
			emit(int32(i), cost, cost, nil)
		}
	}
}
