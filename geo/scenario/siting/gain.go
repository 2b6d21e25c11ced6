package siting

import (
	"cmp"
	"context"
	"fmt"

	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// Gain is what one lieu at a place would bring, for the question of a base: exactly what
// [scenario.Base.Evaluate] says of adding it.
type Gain struct {
	Covered     int // people who would be of the class couverte, and are not
	FromBlanche int // people who would no longer be of the class blanche
	// Slots of the cycle times the people who would find them open, and do not: 16 to an
	// hour a week. Those of unknown hours are left out.
	SlotPeople int64
}

// gains is, for every home, what it gains when a lieu opens within the cut-off. It does
// not depend on where: all new lieux give the same, and a home that is served by two finds
// the hours of one.
type gains struct {
	covered     []bool
	fromBlanche []bool
	slots       []uint16 // more than before; 0 where the hours before are unknown
	opened      []uint16 // the same, counting those of unknown hours from none
}

// outcome is what one more lieu makes of what a home finds.
type outcome struct {
	class         coverage.Class
	slots, opened uint16
}

// with is the outcome of a lieu, of whose slots some count (nil: all).
func with(q coverage.Query, u access.Union, h *lieu.Horaires, slots *lieu.Slots) outcome {
	was, known := u.Slots(), u.Opening != access.HoursUnknown
	u.Add(doubtOf(h), h.Known, cmp.Or(slots, h.Count(q.Appointments)))
	x := outcome{class: coverage.ClassOf(u.Opening, u.Slots(), q.MinHours)}
	if x.opened = u.Slots() - was; known && u.Opening != access.HoursUnknown {
		x.slots = x.opened
	}
	return x
}

// doubtOf is what is unknown of a lieu that is known to offer the service.
func doubtOf(h *lieu.Horaires) lieu.Doubt {
	if h.Known {
		return 0
	}
	return lieu.DoubtHoraires
}

// found is the hours that a home finds before.
func found(b *scenario.Base, home int32) access.Union {
	if set := b.Sets().Of[b.Homes().Part[home]]; set >= 0 {
		return b.Union(set)
	}
	return access.Union{}
}

// newGains looks at each set of sites with one more.
func newGains(b *scenario.Base, o Offered) *gains {
	homes := b.Homes()
	n := len(homes.Part)
	g := &gains{make([]bool, n), make([]bool, n), make([]uint16, n), make([]uint16, n)}
	if !o.Services.Offers(b.Query().Service) {
		return g
	}
	look := func(u access.Union) outcome { return with(b.Query(), u, &o.Horaires, nil) }
	none, sets := look(access.Union{}), make([]outcome, len(b.Sets().Members))
	for k := range sets {
		sets[k] = look(b.Union(int32(k)))
	}
	for h, part := range b.Homes().Part {
		x := none
		if set := b.Sets().Of[part]; set >= 0 {
			x = sets[set]
		}
		was := b.Answer().Class[part]
		g.covered[h] = was != coverage.Couverte && x.class == coverage.Couverte
		g.fromBlanche[h] = was == coverage.Blanche && x.class != coverage.Blanche
		g.slots[h], g.opened[h] = x.slots, x.opened
	}
	return g
}

// Gains says what one lieu would bring at each place, all giving the same. Every one is
// searched for, on every processor; done, when not nil, is told how many are.
func Gains(ctx context.Context, b *scenario.Base, places []Place, o Offered, done func(n, of int)) ([]Gain, error) {
	return gainsAt(ctx, b, places, o, nil, done)
}

// Who says who the people are that one lieu would cover at each place, those of
// [Gain.Covered]: nil where it covers nobody, or nothing is known of them. It searches as
// Gains does: it is for the few places that are shown.
func Who(ctx context.Context, b *scenario.Base, places []Place, o Offered) ([]*publics.Figures, error) {
	out := make([]*publics.Figures, len(places))
	if b.Edition().Publics == nil {
		return out, nil
	}
	sums := make([]publics.Sum, len(places))
	if _, err := gainsAt(ctx, b, places, o, sums, nil); err != nil {
		return nil, err
	}
	for i := range sums {
		out[i] = figuresOf(b, &sums[i])
	}
	return out, nil
}

// figuresOf is what is told of a sum: nil where it is of nobody, or nothing is known.
func figuresOf(b *scenario.Base, s *publics.Sum) *publics.Figures {
	if s.People == 0 || b.Edition().Publics == nil {
		return nil
	}
	return b.Edition().Publics.Of(*s)
}

// gainsAt looks at every place, and adds up whom a lieu there covers in who (nil: not
// wanted).
func gainsAt(ctx context.Context, b *scenario.Base, places []Place, o Offered, who []publics.Sum, done func(n, of int)) ([]Gain, error) {
	g := newGains(b, o)
	wanted := func(h int32) bool { return g.covered[h] || g.fromBlanche[h] || g.slots[h] > 0 }
	out := make([]Gain, len(places))
	err := b.Serve(ctx, positions(places), &o.Horaires, wanted, func() (func(home int32, slots *lieu.Slots), func(place int)) {
		var sum Gain
		var people publics.Sum
		cover := func(h int32) {
			sum.Covered += int(b.Homes().People[h])
			if who != nil {
				b.Edition().AddPublics(&people, b.Homes().Part[h], coverage.Couverte)
			}
		}
		return func(h int32, slots *lieu.Slots) {
				n := int(b.Homes().People[h])
				if slots != nil { // not all count: what a lieu gives depends on where it is
					x, was := with(b.Query(), found(b, h), &o.Horaires, slots), b.Answer().Class[b.Homes().Part[h]]
					if was != coverage.Couverte && x.class == coverage.Couverte {
						cover(h)
					}
					if was == coverage.Blanche && x.class != coverage.Blanche {
						sum.FromBlanche += n
					}
					sum.SlotPeople += int64(x.slots) * int64(n)
					return
				}
				if g.covered[h] {
					cover(h)
				}
				if g.fromBlanche[h] {
					sum.FromBlanche += n
				}
				sum.SlotPeople += int64(g.slots[h]) * int64(n)
			}, func(place int) {
				out[place] = sum
				sum = Gain{}
				if who != nil {
					who[place], people = people, publics.Sum{}
				}
			}
	}, done)
	if err != nil {
		return nil, fmt.Errorf("gains: %w", err)
	}
	return out, nil
}
