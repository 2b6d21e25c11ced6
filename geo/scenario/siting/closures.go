package siting

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// Closing is a lieu that could close.
type Closing struct {
	Lieu   int32   // position in the edition
	Loss   float64 // in the unit of the objective, added to the losses before
	People int     // who are no longer of the class couverte
	// Publics are those of these people, by the class that they come to; nil: there are none,
	// or nothing is known of them.
	Publics *publics.Figures
}

// Closures is an answer to which lieux could close with least harm.
type Closures struct {
	Chosen     []Closing
	Before     float64 // in the unit of the objective
	After      float64
	LowerBound float64 // no choice loses less than this, in the unit of the objective
}

// Closable is the number of fixed lieux that offer the service: at most as many can be
// asked for.
func Closable(b *scenario.Base) int { return len(closable(b)) }

// closable lists the sites of fixed lieux that offer the service, ascending.
func closable(b *scenario.Base) (sites []int32) {
	for i := range b.Edition().Sites {
		if s := &b.Edition().Sites[i]; s.Tournee < 0 && b.Edition().SiteCommune[i] >= 0 && s.Services.Offers(b.Query().Service) {
			sites = append(sites, int32(i))
		}
	}
	return sites
}

// Close chooses the k fixed lieux whose closing together takes least from people:
// greedily, then by exchanges, and exactly where few enough choices are left to try. The
// bound adds up, for each lieu, what it alone takes away, shared with the others that
// would take it away as well; it holds for any hours.
func Close(ctx context.Context, b *scenario.Base, k int, o Objective) (*Closures, error) {
	if err := o.check(b); err != nil {
		return nil, fmt.Errorf("closures: %w", err)
	}
	c := newClosing(b, o)
	if k < 1 || k > min(MaxChosen, len(c.sites)) {
		return nil, fmt.Errorf("closures: %d lieux: expected 1 to %d", k, min(MaxChosen, len(c.sites)))
	}
	chosen, bound, err := c.solve(ctx, k)
	if err != nil {
		return nil, fmt.Errorf("closures: %w", err)
	}
	out := &Closures{Chosen: []Closing{}}
	scale := o.Scale()
	closed, lost, gone := make([]bool, len(b.Edition().Sites)), int64(0), map[int32]bool{}
	for _, site := range c.ordered(chosen) {
		closed[site] = true
		now, who := c.loss(closed), publics.Sum{}
		x := Closing{Lieu: b.Edition().Sites[site].Lieu, Loss: float64(now-lost) / scale}
		c.uncovered(closed, func(set int32, class coverage.Class) {
			if gone[set] { // by those before
				return
			}
			gone[set] = true
			x.People += int(c.population[set])
			for _, part := range b.SetParts(set) {
				b.Edition().AddPublics(&who, part, class)
			}
		})
		x.Publics = figuresOf(b, &who)
		out.Chosen = append(out.Chosen, x)
		lost = now
	}
	out.Before, out.After, out.LowerBound = float64(c.before)/scale, float64(c.before-lost)/scale, float64(bound)/scale
	return out, nil
}

// closing is the problem of Close: parts of one set of sites fare alike, so that it is
// about sets, each with the weight of its people.
type closing struct {
	base   *scenario.Base
	hours  bool
	sites  []int32 // those that can close, ascending
	before int64
	// Of every set: its people, its weight (people, or fragile people; of people for
	// hours), what it counts before, and how many it counts for each slot.
	population, weight, counts []int64
}

func newClosing(b *scenario.Base, o Objective) *closing {
	n := len(b.Sets().Members)
	c := &closing{base: b, hours: o == ByHours, sites: closable(b), population: make([]int64, n), weight: make([]int64, n), counts: make([]int64, n)}
	for set := range n {
		for _, part := range b.SetParts(int32(set)) {
			each := int64(b.Edition().People[part])
			c.population[set] += each
			if o == ByFragile {
				each = int64(b.Fragile(part))
			}
			c.weight[set] += each
		}
		c.counts[set] = c.count(int32(set), nil)
		c.before += c.counts[set]
	}
	return c
}

// union is what is left of a set.
func (c *closing) union(set int32, closed []bool) access.Union {
	if closed == nil {
		return c.base.Union(set)
	}
	sites := c.base.Edition().Sites
	return c.base.Sets().UnionOf(int(set), func(site uint16) *lieu.Site {
		if closed[site] {
			return nil
		}
		return &sites[site]
	})
}

// count is what a set counts when some sites are closed.
func (c *closing) count(set int32, closed []bool) int64 {
	u := c.union(set, closed)
	switch {
	case c.hours && u.Opening == access.HoursKnown:
		return c.weight[set] * int64(u.Slots())
	case !c.hours && coverage.ClassOf(u.Opening, u.Slots(), c.base.Query().MinHours) == coverage.Couverte:
		return c.weight[set]
	}
	return 0
}

// touched calls visit for each set that holds a closed site, once.
func (c *closing) touched(closed []bool, visit func(set int32)) {
	for site, is := range closed {
		if !is {
			continue
		}
		for _, set := range c.base.SetsOf(int32(site)) {
			first := slices.IndexFunc(c.base.Sets().Members[set], func(s uint16) bool { return closed[s] })
			if int(c.base.Sets().Members[set][first]) == site {
				visit(set)
			}
		}
	}
}

// loss is what closing some sites takes away.
func (c *closing) loss(closed []bool) (sum int64) {
	c.touched(closed, func(set int32) { sum += c.counts[set] - c.count(set, closed) })
	return sum
}

// uncovered calls visit for each set whose people are no longer couverts when some sites
// close, with the class that they come to.
func (c *closing) uncovered(closed []bool, visit func(set int32, class coverage.Class)) {
	of := func(u access.Union) coverage.Class {
		return coverage.ClassOf(u.Opening, u.Slots(), c.base.Query().MinHours)
	}
	c.touched(closed, func(set int32) {
		if now := of(c.union(set, closed)); now != coverage.Couverte && of(c.base.Union(set)) == coverage.Couverte {
			visit(set, now)
		}
	})
}

// shares are, for each site, a part of what it takes away alone such that no set of sites
// takes less than the sum of its shares: where several take the same away alone, each
// has its part of it.
func (c *closing) shares() []int64 {
	b, n := c.base, len(c.base.Edition().Sites)
	shares, closed := make([]int64, n), make([]bool, n)
	can := make([]bool, n)
	for _, site := range c.sites {
		can[site] = true
	}
	type alone struct {
		site int32
		lost int64
	}
	var each []alone
	for set, members := range b.Sets().Members {
		each = each[:0]
		for _, site := range members {
			if !can[site] {
				continue
			}
			closed[site] = true
			if lost := c.counts[set] - c.count(int32(set), closed); lost > 0 {
				each = append(each, alone{int32(site), lost})
			}
			closed[site] = false
		}
		for _, x := range each { // together they take at least what each takes alone
			shares[x.site] += x.lost / int64(len(each))
		}
	}
	return shares
}

// ordered sorts chosen sites by what each adds to the loss of those before, least first.
func (c *closing) ordered(chosen []int32) []int32 {
	left, out := slices.Clone(chosen), []int32{}
	closed := make([]bool, len(c.base.Edition().Sites))
	for len(left) > 0 {
		best, least := 0, int64(-1)
		for i, site := range left {
			closed[site] = true
			if l := c.loss(closed); least < 0 || l < least {
				best, least = i, l
			}
			closed[site] = false
		}
		closed[left[best]] = true
		out = append(out, left[best])
		left = slices.Delete(left, best, best+1)
	}
	return out
}

// closingTrials bounds the choices that are tried one by one.
const closingTrials = 20_000

// solve chooses k sites, and bounds what any k take away from below.
func (c *closing) solve(ctx context.Context, k int) (chosen []int32, bound int64, err error) {
	shares := c.shares()
	closed := make([]bool, len(c.base.Edition().Sites))
	var best int64
	cheapest := func() (site int32, loss int64) {
		site = -1
		for _, s := range c.sites {
			if closed[s] {
				continue
			}
			closed[s] = true
			if l := c.loss(closed); site < 0 || l < loss {
				site, loss = s, l
			}
			closed[s] = false
		}
		return site, loss
	}
	for range k {
		if err := ctx.Err(); err != nil {
			return nil, 0, err
		}
		site, loss := cheapest()
		closed[site], best = true, loss
		chosen = append(chosen, site)
	}
	for better := true; better; {
		better = false
		for i, out := range chosen {
			if err := ctx.Err(); err != nil {
				return nil, 0, err
			}
			closed[out] = false
			in, loss := cheapest()
			if loss < best {
				best, better, chosen[i] = loss, true, in
			} else {
				in = out
			}
			closed[in] = true
		}
	}
	// Sites by their share: the k least bound all choices, and a choice is worth a trial
	// only while its shares stay below the best.
	order := slices.Clone(c.sites)
	slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(shares[a], shares[b]), cmp.Compare(a, b)) })
	for _, site := range order[:k] {
		bound += shares[site]
	}
	t := trial{c: c, shares: shares, order: order, closed: make([]bool, len(closed)), best: best, chosen: chosen, left: closingTrials}
	t.descend(0, k, 0)
	if t.left > 0 {
		bound = t.best
	}
	return t.chosen, min(bound, t.best), nil
}

// trial goes through the choices that may be better than the best.
type trial struct {
	c      *closing
	shares []int64
	order  []int32
	closed []bool
	picked []int32
	best   int64
	chosen []int32
	left   int
}

func (t *trial) descend(from, k int, shares int64) {
	if t.left <= 0 {
		return
	}
	if k == 0 {
		t.left--
		if loss := t.c.loss(t.closed); loss < t.best {
			t.best, t.chosen = loss, slices.Clone(t.picked)
		}
		return
	}
	for i := from; i+k <= len(t.order); i++ {
		site := t.order[i]
		least := shares + t.shares[site]
		for _, next := range t.order[i+1 : i+k] {
			least += t.shares[next]
		}
		if least >= t.best {
			return // and so are all that follow
		}
		t.closed[site] = true
		t.picked = append(t.picked, site)
		t.descend(i+1, k-1, shares+t.shares[site])
		t.picked = t.picked[:len(t.picked)-1]
		t.closed[site] = false
	}
}
