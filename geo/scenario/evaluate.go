package scenario

import (
	"cmp"
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// evaluation is one scenario on one base.
type evaluation struct {
	*Base
	was  *Base // before the scenario: Base, but where timetables change too
	w    *scratch
	plan *plan

	changes changes             // labels, for the query's service
	joined  []joined            // by part, then order of the label
	changed []int32             // parts whose state or nearest site changed, ascending
	moved   []int32             // the same, against what was: changed, but where timetables change
	shifts  [][]*coverage.Shift // by level, of every territoire; nil: none
	index   edition.Index
	after   *state
}

// joined is a part that a site newly serves within the cut-off.
type joined struct {
	part  int32
	label int32
	cost  geo.Cost    // of the journey; that of the first step when none counts
	time  geo.Cost    // of the shortest way out of all that counts
	slots *lieu.Slots // that count there; nil: all
}

// Evaluate says what a scenario would change. Errors are [*Error] for what the scenario
// asks and the edition cannot do, and those of ctx.
func (b *Base) Evaluate(ctx context.Context, s *Scenario) (*Difference, error) {
	start := time.Now()
	p, err := s.plan(b.e, b.travel.net.EverySlot())
	if err != nil {
		return nil, err
	}
	was := b
	if p.running != nil && b.query.Mode == geo.Transit {
		if b, err = b.running(ctx, p.running.feeds); err != nil {
			return nil, fmt.Errorf("scenario: %w", err)
		}
	}
	w := b.scratch.Get().(*scratch)
	defer func() {
		b.restore(w)
		b.scratch.Put(w)
	}()
	v := &evaluation{Base: b, was: was, w: w, plan: p, index: b.index, joined: w.joined[:0]}
	v.changes = p.changes(b.query.Service)
	if err := v.travels(ctx); err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	v.reopen()
	v.compare()
	// What people find, on one processor; what they need and share, on another.
	var cells []CellChange
	var work sync.WaitGroup
	work.Go(func() {
		v.shift()
		cells = v.cells()
	})
	v.reindex()
	v.renew()
	work.Wait()
	v.regap()
	d := v.difference(s, cells)
	if d.Tours, err = v.checkTours(ctx, s); err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	w.joined = v.joined
	d.MS = float64(time.Since(start).Microseconds()) / 1000
	return d, nil
}

// wanted are journeys that a plan may change.
type wanted struct {
	*journeys
	service lieu.Service
	changes
}

// travels brings all journeys up to date, and lists who newly reaches which site.
func (v *evaluation) travels(ctx context.Context) error {
	var by [geo.NumModes][]wanted
	by[v.nearestBy] = append(by[v.nearestBy], wanted{v.w.nearest, v.query.Service, v.changes})
	for k, t := range v.w.columns {
		if t != nil && t != v.w.nearest {
			s := edition.AccessColumnAt(k).Service
			by[geo.Car] = append(by[geo.Car], wanted{t, s, v.plan.changes(s)})
		}
	}
	for m, list := range by {
		if geo.Mode(m) == v.query.Mode && v.changes.any() || slices.ContainsFunc(list, func(x wanted) bool { return x.any() }) {
			if err := v.travelBy(ctx, geo.Mode(m), list); err != nil {
				return err
			}
		}
	}
	slices.SortFunc(v.joined, func(a, b joined) int {
		return cmp.Or(cmp.Compare(a.part, b.part), cmp.Compare(v.plan.order[a.label], v.plan.order[b.label]))
	})
	if v.w.journeys != v.w.nearest {
		v.retime()
	}
	return nil
}

func (v *evaluation) travelBy(ctx context.Context, m geo.Mode, list []wanted) error {
	by := v.modes[m]()
	var services []lieu.Service // that some site newly offers
	lose := false
	for _, x := range list {
		x.lose(&v.e.Access[m].Within, v.e.People, v.plan, x.service, x.lost)
		if len(x.gained) > 0 {
			services = append(services, x.service)
			lose = lose || len(x.lost) > 0
		}
	}
	var ceiling network.Ceiling
	switch {
	case lose:
		v.w.ceiling = by.raise(v.w.ceiling, services, func(site int32, s lieu.Service) bool { return !v.plan.has(site, s) })
		ceiling = v.w.ceiling
	case len(services) > 0:
		ceiling = by.ceiling(services)
	}
	search := by.search()
	defer by.searches.Put(search)
	came := v.w.came
	defer func() { v.w.came = came }()
	for label := range int32(len(v.plan.order)) {
		served := m == v.query.Mode && v.plan.joins(label, v.query.Service)
		if !served && !slices.ContainsFunc(list, func(x wanted) bool { return v.plan.gains(label, x.service) }) {
			continue
		}
		if err := ctx.Err(); err != nil {
			return err
		}
		sites, err := by.net.Sites(ctx, []network.Site{{At: v.plan.position(label), Horaires: &v.plan.site(label).Horaires}})
		if err != nil {
			return err
		}
		limit := geo.Cost(0)
		if served {
			limit = v.query.Cutoff
		}
		came = came[:0]
		serves := v.plan.serves(v.plan.order[label])
		search.Reach(sites, 0, limit, ceiling, by.homes, func(home int32, cost, time geo.Cost, slots *lieu.Slots) {
			part := v.homes.Part[home]
			if serves != nil && !serves(part) {
				return
			}
			if network.Counts(slots) {
				came = append(came, arrival{part, cost})
			}
			if served && cost <= limit {
				v.join(part, label, cost, time, slots)
			}
		})
		for _, x := range list {
			if v.plan.gains(label, x.service) {
				x.gain(v.plan, label, came)
			}
		}
	}
	for _, x := range list {
		x.settle(by, v.plan, x.service)
	}
	return nil
}

// join lets a part reach a new site, or reach more of its slots.
func (v *evaluation) join(part, label int32, cost, time geo.Cost, slots *lieu.Slots) {
	if slots != nil {
		kept := *slots
		slots = &kept
	}
	if last := len(v.joined) - 1; last >= 0 && v.joined[last].part == part && v.joined[last].label == label {
		if j := &v.joined[last]; network.Counts(j.slots) {
			j.time, j.slots = time, slots
			return
		}
		v.joined = v.joined[:last] // until here no step counted
	}
	v.joined = append(v.joined, joined{part, label, cost, time, slots})
}

// reopen computes the open hours again of the parts whose sites, or their hours, change.
func (v *evaluation) reopen() {
	type outcome struct {
		found access.Found
		class coverage.Class
	}
	w, p := v.w, v.plan
	for _, list := range [...][]int32{v.changes.left, v.changes.rescheduled} {
		for _, label := range list {
			for _, set := range v.setsOfSite.of(label) {
				w.dirty.add(set)
			}
		}
	}
	seen := map[string]outcome{} // by set and new sites
	var key []byte
	look := func(part int32, more []joined) {
		set := v.sets.Of[part]
		key = append(key[:0], byte(set), byte(set>>8), byte(set>>16), byte(set>>24))
		for _, j := range more {
			key = append(key, byte(j.label), byte(j.label>>8), byte(j.label>>16))
			if j.slots == nil {
				continue
			}
			for _, word := range j.slots {
				key = binary.LittleEndian.AppendUint64(key, word)
			}
		}
		o, ok := seen[string(key)]
		if !ok {
			var u access.Union
			switch {
			case set < 0:
			case w.dirty.in[set]:
				u = v.sets.UnionOf(int(set), func(site uint16) *lieu.Site {
					if label := int32(site); p.can(label, v.query.Service) {
						return p.site(label)
					}
					return nil
				})
			default:
				u = v.unions[set]
			}
			for _, j := range more {
				v.sets.Add(&u, p.site(j.label), j.slots)
			}
			o.found = u.Found()
			o.class = coverage.ClassOf(o.found.Opening, o.found.Slots, v.query.MinHours)
			seen[string(key)] = o
		}
		w.supplied.add(part)
		w.hoursOf.Set(part, o.found)
		w.class[part] = o.class
	}
	for first := 0; first < len(v.joined); {
		last := first
		for ; last < len(v.joined) && v.joined[last].part == v.joined[first].part; last++ {
		}
		look(v.joined[first].part, v.joined[first:last])
		first = last
	}
	for _, set := range w.dirty.list {
		for _, part := range v.setParts.of(set) {
			if !w.supplied.in[part] {
				look(part, nil)
			}
		}
	}
}

// PartState is what a part has, and the site that it goes to: a position in the list of
// sites of before or after; -1: none.
type PartState struct {
	coverage.State
	Site int32
}

func (b *Base) before(part int32) PartState {
	a := b.answer
	return PartState{coverage.State{Class: a.Class[part], Nearest: a.Nearest.At(part), Found: a.Hours.At(part)},
		a.Nearest.SiteOf(part)}
}

// now is the state of a part after, with the label of its site.
func (v *evaluation) now(part int32) PartState {
	w := v.w
	return PartState{coverage.State{Class: w.class[part], Nearest: w.journeys.now.At(part), Found: w.hoursOf.At(part)},
		w.journeys.now.SiteOf(part)}
}

// compare lists the parts that changed, and shifts the people of their territoires.
func (v *evaluation) compare() {
	consider := func(part int32) {
		if v.now(part) != v.before(part) {
			v.changed = append(v.changed, part)
		}
	}
	for _, part := range v.w.journeys.touched {
		consider(part)
	}
	for _, part := range v.w.supplied.list {
		if !v.w.journeys.marked[part] {
			consider(part)
		}
	}
	slices.Sort(v.changed)
	if v.moved = v.changed; v.was == v.Base {
		return
	}
	v.moved = nil
	for part := range int32(len(v.e.People)) {
		if v.e.People[part] > 0 && v.now(part) != v.was.before(part) {
			v.moved = append(v.moved, part)
		}
	}
}

// shift moves the people of the changed parts in every territoire that holds them. The
// values that they lose and find are put in order once, for all territoires.
func (v *evaluation) shift() {
	v.shifts = make([][]*coverage.Shift, len(v.levels))
	for k := range v.shifts {
		v.shifts[k] = make([]*coverage.Shift, len(v.territoires[k]))
	}
	w := v.w
	w.times, w.hours = w.times[:0], w.hours[:0]
	for _, part := range v.changed {
		from, to := v.before(part).State, v.now(part).State
		if from == to {
			continue
		}
		for unit, people := range v.e.Residents.Holding(part) {
			for k := range v.shifts {
				for _, i := range v.inside[k][unit] {
					if v.shifts[k][i] == nil {
						v.shifts[k][i] = coverage.NewShift(v.query.MinHours)
					}
					v.shifts[k][i].Move(int(people), from, to)
				}
			}
			if from.Nearest != to.Nearest {
				if from.Nearest.Reach == geo.Reached {
					w.times = append(w.times, valued{uint32(from.Nearest.Cost), -people, unit})
				}
				if to.Nearest.Reach == geo.Reached {
					w.times = append(w.times, valued{uint32(to.Nearest.Cost), people, unit})
				}
			}
			if from.Opening != to.Opening || from.Slots != to.Slots {
				if from.Opening != access.HoursUnknown {
					w.hours = append(w.hours, valued{uint32(from.Slots), -people, unit})
				}
				if to.Opening != access.HoursUnknown {
					w.hours = append(w.hours, valued{uint32(to.Slots), people, unit})
				}
			}
		}
	}
	byValue := func(a, b valued) int { return cmp.Compare(a.value, b.value) }
	slices.SortFunc(w.times, byValue)
	slices.SortFunc(w.hours, byValue)
	for k := range v.shifts {
		for _, x := range w.times {
			for _, i := range v.inside[k][x.unit] {
				v.shifts[k][i].AddTime(x.value, int(x.people))
			}
		}
		for _, x := range w.hours {
			for _, i := range v.inside[k][x.unit] {
				v.shifts[k][i].AddHours(x.value, int(x.people))
			}
		}
	}
}

// valued is people of a unit who have a value more, or less.
type valued struct {
	value  uint32
	people int32
	unit   int32
}

// reindex computes the index again when its own access times change.
func (v *evaluation) reindex() {
	times, moved := v.times, false
	for k, t := range v.w.columns {
		if t == nil {
			continue
		}
		fresh := false
		for _, part := range t.touched {
			from, to := t.base.At(part), t.now.At(part)
			if floor, _ := v.e.Floor(k, geo.Car, part); floor.Reach == geo.Reached { // an equipement may be nearer
				if edition.Nearer(floor, from) {
					from = floor
				}
				if edition.Nearer(floor, to) {
					to = floor
				}
			}
			if v.e.People[part] == 0 || from == to {
				continue
			}
			if !fresh {
				fresh, moved = true, true
				times[k] = edition.Times{People: slices.Clone(times[k].People), Sum: slices.Clone(times[k].Sum)}
			}
			for unit, n := range v.e.Residents.Holding(part) {
				people := int64(n)
				if from.Reach == geo.Reached {
					times[k].People[unit] -= people
					times[k].Sum[unit] -= people * int64(from.Cost)
				}
				if to.Reach == geo.Reached {
					times[k].People[unit] += people
					times[k].Sum[unit] += people * int64(to.Cost)
				}
			}
		}
	}
	if moved {
		v.index = v.e.Indexer().Index(&times)
	}
}

// renew computes need and offer again.
func (v *evaluation) renew() {
	v.after = &state{engine: v.Engine, index: v.index, units: v.need.Units, offer: v.need.Offer,
		lieux: v.e.Visitable(v.plan.sites, v.plan.home, v.query.Service), gaps: make([][]coverage.Gap, len(v.levels)), publics: v.state.publics}
	o := &v.after.offer
	for _, row := range v.index[len(v.levels)-1] { // the département
		o.WholeScore = row.Score
	}
	fragility := edition.Fragility(v.index[0])
	if !slices.Equal(fragility, v.fragility) || v.changes.any() || len(v.changes.rescheduled) > 0 {
		o.UnknownPeople = v.e.Unindexed(fragility)
		v.reoffer(fragility)
	}
	o.UnknownHours = v.plan.unknownHours(v.query.Service)
}

// regap makes the rows of every level.
func (v *evaluation) regap() {
	for k := range v.levels {
		v.after.gaps[k] = slices.Clone(v.state.gaps[k])
		for i, shift := range v.shifts[k] {
			if shift != nil {
				v.after.gaps[k][i] = v.figures[k][i].Gap(v.territoires[k][i], shift)
			}
		}
		v.after.rank(k)
	}
	v.movePublics()
	v.after.offer.SetWholeAccess(v.after.gaps[len(v.levels)-1][0].Access)
}
