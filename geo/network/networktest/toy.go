package networktest

import (
	"context"
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// Toy is a network whose slots differ from start to start and depend on hours, as those of
// buses do. It is slow and simple: where another network, by which every slot counts, needs
// a time c,
//
//	from c on     a third of the starts find the slots of mornings, a third those of Monday to
//	              Wednesday, a third none
//	from 3/2 c on everyone finds those of openings of at least two hours too
//	from 2 c on   everyone finds all
//
// The way out takes c, whichever way back that is.
type Toy struct{ Base network.Network }

var _ network.Network = Toy{}

type toyStarts struct {
	network.Starts
	at []geo.LonLat
}

type toySites struct {
	network.Sites
	hours []*lieu.Horaires
}

type toyOrigins struct {
	starts *toyStarts
	some   []int32
}

// EverySlot is false.
func (t Toy) EverySlot() bool { return false }

// Starts joins starts to the base.
func (t Toy) Starts(ctx context.Context, at []geo.LonLat) (network.Starts, error) {
	s, err := t.Base.Starts(ctx, at)
	return &toyStarts{s, at}, err
}

// Sites joins sites to the base.
func (t Toy) Sites(ctx context.Context, sites []network.Site) (network.Sites, error) {
	s, err := t.Base.Sites(ctx, sites)
	out := &toySites{Sites: s}
	for i := range sites {
		out.hours = append(out.hours, sites[i].Horaires)
	}
	return out, err
}

func (s *toyStarts) Index(some []int32) network.Origins {
	return &toyOrigins{s, some}
}

// ToyStep is a step of a toy: at a cost, some slots; nil: all.
type ToyStep struct {
	Cost  geo.Cost
	Slots *network.Slots
}

// Steps gives the steps from a place to a site of some hours that the base reaches at c.
func Steps(from geo.LonLat, h *lieu.Horaires, c geo.Cost) []ToyStep {
	var early, long network.Slots
	third := int(math.Abs(math.Round(1e4*from.Lon)+math.Round(1e4*from.Lat))) % 3
	run := 0 // first slot of the opening
	for slot := 0; h.Known && slot < lieu.SlotsPerCycle; slot++ {
		if !h.Slots.Has(slot) {
			run = slot + 1
			continue
		}
		morning, startOfWeek := slot%lieu.SlotsPerDay < 12*lieu.SlotsPerHour, slot%lieu.SlotsPerWeek < 3*lieu.SlotsPerDay
		if third == 0 && morning || third == 1 && startOfWeek {
			early.Add(slot)
		}
		if slot+1 == lieu.SlotsPerCycle || !h.Slots.Has(slot+1) {
			for k := run; slot-run+1 >= 2*lieu.SlotsPerHour && k <= slot; k++ {
				long.Add(k)
			}
		}
	}
	long.Union(&early)
	steps := []ToyStep{{c, &early}}
	if long != early {
		steps = append(steps, ToyStep{c + c/2 + 1, &long})
	}
	return append(steps, ToyStep{2*c + 2, nil})
}

// cost is that of the first step that counts.
func (t Toy) cost(from geo.LonLat, h *lieu.Horaires, c geo.Cost) geo.Cost {
	for _, s := range Steps(from, h, c) {
		if network.Counts(s.Slots) {
			return s.Cost
		}
	}
	panic("the last step counts")
}

type toySearch struct {
	toy  Toy
	base network.Search
}

// NewSearch searches by the base.
func (t Toy) NewSearch() network.Search { return &toySearch{t, t.Base.NewSearch()} }

type toyField struct {
	access []geo.Access // of every start
	site   []int32
}

func (f *toyField) At(start int32) (geo.Access, int32) { return f.access[start], f.site[start] }
func (f *toyField) Keep() network.KeptField            { return f }

// each gives the time by the base from every start to a site.
func (s *toySearch) each(from *toyStarts, to *toySites, site int32, visit func(start int32, a geo.Access)) {
	field := s.base.Nearest(from.Starts, to.Sites, []int32{site})
	for start := range from.at {
		a, _ := field.At(int32(start))
		visit(int32(start), a)
	}
}

func (s *toySearch) Nearest(starts network.Starts, sites network.Sites, some []int32) network.Field {
	from, to := starts.(*toyStarts), sites.(*toySites)
	f := &toyField{make([]geo.Access, len(from.at)), make([]int32, len(from.at))}
	for start, reach := range from.Legs().Reach {
		f.site[start] = -1
		if f.access[start].Reach = reach; reach == geo.Reached {
			f.access[start].Reach = geo.NoPath
		}
	}
	for _, site := range some {
		s.each(from, to, site, func(start int32, a geo.Access) {
			if a.Reach != geo.Reached {
				return
			}
			if a.Cost = s.toy.cost(from.at[start], to.hours[site], a.Cost); f.site[start] < 0 || a.Cost < f.access[start].Cost {
				f.access[start], f.site[start] = a, site
			}
		})
	}
	return f
}

// unlimited is above every cost.
const unlimited geo.Cost = math.MaxUint32

func (s *toySearch) Reach(sites network.Sites, site int32, limit geo.Cost, ceiling network.Ceiling, origins network.Origins, emit network.Emit) {
	to, from := sites.(*toySites), origins.(*toyOrigins)
	costs := make([]geo.Access, len(from.starts.at))
	s.each(from.starts, to, site, func(start int32, a geo.Access) { costs[start] = a })
	for origin, start := range from.some {
		a := costs[start]
		if a.Reach != geo.Reached {
			continue
		}
		counted := false
		for _, step := range Steps(from.starts.at[start], to.hours[site], a.Cost) {
			first := network.Counts(step.Slots) && !counted
			counted = counted || first
			if step.Cost <= limit || first && ceiling != nil && step.Cost <= ceiling.([]geo.Cost)[start] {
				emit(int32(origin), step.Cost, a.Cost, step.Slots)
			}
		}
	}
}

// Raise gives, for every start, the farthest of its nearest sites.
func (t Toy) Raise(_ network.Ceiling, fields []network.KeptField, gone func(field int, site int32) bool) network.Ceiling {
	ceiling := make([]geo.Cost, len(fields[0].(*toyField).site))
	for k, kept := range fields {
		field := kept.(*toyField)
		for start, site := range field.site {
			cost := unlimited
			if site >= 0 && (gone == nil || !gone(k, site)) {
				cost = field.access[start].Cost
			}
			ceiling[start] = max(ceiling[start], cost)
		}
	}
	return ceiling
}
