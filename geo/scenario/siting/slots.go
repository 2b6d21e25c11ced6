package siting

import (
	"context"
	"fmt"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/cover"
)

// suggestSlots is [Suggest] where which slots of a lieu count differs from home to home.
func suggestSlots(ctx context.Context, b *scenario.Base, w *Wish, done func(n, of int)) (*Suggestion, error) {
	if w.Objective != ByHours {
		return nil, fmt.Errorf("suggest: %w", &ThresholdError{b.Query().Mode})
	}
	g := newGains(b, w.Offered)
	before, _ := weights(b, ByHours, g)
	weight, covered := make([]int64, len(b.Homes().Part)), make([][]uint64, len(b.Homes().Part))
	for h, people := range b.Homes().People {
		u := found(b, int32(h))
		weight[h], covered[h] = int64(people), u.Known()[:]
	}
	sets := slotSets{number: map[lieu.Slots]int32{}}
	serves := make([][]cover.Served, len(w.Places))
	err := b.Serve(ctx, positions(w.Places), &w.Offered.Horaires, func(h int32) bool { return g.opened[h] > 0 }, func() (func(int32, *lieu.Slots), func(int)) {
		var homes []int32
		var slots []lieu.Slots
		return func(h int32, some *lieu.Slots) {
				if some == nil {
					some = w.Offered.Horaires.Count(b.Query().Appointments)
				}
				homes, slots = append(homes, h), append(slots, *some)
			}, func(place int) {
				if farEnough(b, w, place) {
					serves[place] = sets.served(homes, slots)
				}
				homes, slots = homes[:0], slots[:0]
			}
	}, done)
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	c := cover.NewSlots(weight, covered, sets.all, serves, w.K)
	if w.MinDistance > 0 {
		c.Apart = func(i, j int32) bool { return geo.Distance(w.Places[i].At, w.Places[j].At) >= w.MinDistance }
	}
	picked, bound, useful, err := c.Solve(ctx.Err)
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	s := &Suggestion{Places: w.Places, Candidates: useful}
	if s.Chosen, err = choices(ctx, b, w, picked); err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	total, scale := int64(0), ByHours.Scale()
	for i, x := range picked {
		s.Chosen[i].Gain = float64(x.Gain) / scale
		total += x.Gain
	}
	s.Before, s.After, s.UpperBound = float64(before)/scale, float64(before+total)/scale, float64(before+bound)/scale
	return s, nil
}

// slotSets are different sets of slots, shared by who works side by side. Their numbers tell
// nothing but which are the same.
type slotSets struct {
	mutex  sync.Mutex
	number map[lieu.Slots]int32
	all    [][]uint64
}

// served numbers the slots that count for some homes; those of whom none does are left out.
func (s *slotSets) served(homes []int32, slots []lieu.Slots) []cover.Served {
	s.mutex.Lock()
	defer s.mutex.Unlock()
	out := make([]cover.Served, 0, len(homes))
	for i, h := range homes {
		if slots[i] == (lieu.Slots{}) {
			continue
		}
		n, known := s.number[slots[i]]
		if !known {
			n = int32(len(s.all))
			own := slots[i]
			s.number[own], s.all = n, append(s.all, own[:])
		}
		out = append(out, cover.Served{Home: h, Set: n})
	}
	return out
}

// choices says of each picked place whom it covers beside those before.
func choices(ctx context.Context, b *scenario.Base, w *Wish, picked []cover.Picked) ([]Choice, error) {
	type served struct {
		home  int32
		slots *lieu.Slots
	}
	places := make([]geo.LonLat, len(picked))
	for i, x := range picked {
		places[i] = w.Places[x.Place].At
	}
	serves := make([][]served, len(picked))
	err := b.Serve(ctx, places, &w.Offered.Horaires, func(int32) bool { return true }, func() (func(int32, *lieu.Slots), func(int)) {
		var homes []served
		return func(h int32, slots *lieu.Slots) {
			if slots != nil {
				own := *slots
				slots = &own
			}
			homes = append(homes, served{h, slots})
		}, func(place int) { serves[place], homes = homes, nil }
	}, nil)
	if err != nil {
		return nil, err
	}
	out := make([]Choice, len(picked))
	now := map[int32]access.Union{}
	for i, x := range picked {
		who := publics.Sum{}
		out[i].Place = int(x.Place)
		for _, s := range serves[i] {
			u, met := now[s.home]
			if !met {
				u = found(b, s.home)
			}
			class := func() coverage.Class { return coverage.ClassOf(u.Opening, u.Slots(), b.Query().MinHours) }
			was := class()
			slots := s.slots
			if slots == nil {
				slots = w.Offered.Horaires.Count(b.Query().Appointments)
			}
			u.Add(0, true, slots)
			now[s.home] = u
			if was != coverage.Couverte && class() == coverage.Couverte {
				out[i].People += int(b.Homes().People[s.home])
				b.Edition().AddPublics(&who, b.Homes().Part[s.home], coverage.Couverte)
			}
		}
		out[i].Publics = figuresOf(b, &who)
	}
	return out, nil
}
