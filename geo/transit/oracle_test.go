package transit

import (
	"cmp"
	"encoding/binary"
	"maps"
	"slices"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// oracle tries every journey of a date: each vehicle at each stop, each change, by the words of
// the design alone. It looks at feeds, and at no table.
type oracle struct {
	*made
	day      Day
	vehicles []*vehicle
}

// vehicle is a trip of a service day, by the clock of the date.
type vehicle struct {
	feed, trip int
	on         Day
	calls      []Call
	next       *vehicle // as which it continues with who stays aboard
	taken      bool     // it continues another
}

// like tells all that journeys of the date depend on.
func (o *oracle) like() string {
	var text []byte
	for _, v := range o.vehicles {
		for _, n := range []int32{int32(v.feed), int32(v.trip), int32(v.on - o.day), v.calls[0].Depart} {
			text = binary.LittleEndian.AppendUint32(text, uint32(n))
		}
	}
	return string(text)
}

// spot is a stop of a feed.
type spot struct{ feed, stop int }

// clock is the wall clock of the territory, in seconds of a date.
func (o *oracle) clock(at time.Time) int32 {
	at = at.In(o.options.Zone)
	days := DayOf(at.Date()) - o.day
	return int32(days)*86400 + int32(at.Hour()*3600+at.Minute()*60+at.Second())
}

func newOracle(w *made, day Day) *oracle {
	o := &oracle{made: w, day: day}
	for f := range w.feeds {
		feed := &w.feeds[f]
		for on := day - 3; on <= day+2; on++ {
			for i := range feed.Trips {
				t := &feed.Trips[i]
				line := &feed.Lines[t.Line]
				if !slices.Contains(feed.Services[t.Service].Days, on) || line.Type == 712 && !w.options.School || w.options.Wheelchair && t.Wheelchair != Yes {
					continue
				}
				zone := zones[feed.Agencies[line.Agency].Zone]
				y, m, d := on.Date().Date()
				noon := time.Date(y, m, d, 12, 0, 0, 0, zone)
				run := func(later int32) *vehicle {
					v := &vehicle{feed: f, trip: i, on: on}
					for _, c := range t.Calls {
						c.Arrive = o.clock(noon.Add(time.Duration(c.Arrive+later)*time.Second - 12*time.Hour))
						c.Depart = o.clock(noon.Add(time.Duration(c.Depart+later)*time.Second - 12*time.Hour))
						v.calls = append(v.calls, c)
					}
					return v
				}
				if t.Frequencies == nil {
					o.vehicles = append(o.vehicles, run(0))
				}
				for _, q := range t.Frequencies {
					for at := q.Start; at < q.End; at += q.Headway {
						o.vehicles = append(o.vehicles, run(at-t.Calls[0].Depart))
					}
				}
			}
		}
	}
	o.stayAboard()
	return o
}

func (v *vehicle) of(o *oracle) *Trip { return &o.feeds[v.feed].Trips[v.trip] }

// stayAboard tells which vehicles go on as which.
func (o *oracle) stayAboard() {
	follow := func(a, b *vehicle) {
		leaves := b.calls[0].Depart
		late := leaves < a.calls[len(a.calls)-1].Arrive || leaves == a.calls[0].Depart && b.trip <= a.trip
		if a.next == nil && !b.taken && !late {
			a.next, b.taken = b, true
		}
	}
	ordinary := func(v *vehicle) bool { return v.of(o).Frequencies == nil }
	for _, a := range o.vehicles {
		for _, x := range o.feeds[a.feed].Transfers {
			for _, b := range o.vehicles {
				if x.Type == 4 && int(x.FromTrip) == a.trip && int(x.ToTrip) == b.trip && a.feed == b.feed && a.on == b.on && ordinary(a) && ordinary(b) {
					follow(a, b)
				}
			}
		}
	}
	byTime := slices.Clone(o.vehicles)
	slices.SortStableFunc(byTime, func(a, b *vehicle) int {
		return cmp.Or(cmp.Compare(a.calls[0].Depart, b.calls[0].Depart), cmp.Compare(a.trip, b.trip))
	})
	for i, a := range byTime {
		block := a.of(o).Block
		if block == "" || !ordinary(a) || a.next != nil {
			continue
		}
		for _, b := range byTime[i+1:] {
			if b.feed != a.feed || b.on != a.on || b.of(o).Block != block || !ordinary(b) {
				continue
			}
			off := slices.ContainsFunc(o.feeds[a.feed].Transfers, func(x Transfer) bool {
				return x.Type == 5 && int(x.FromTrip) == a.trip && int(x.ToTrip) == b.trip
			})
			if !off && a.calls[len(a.calls)-1].Stop == b.calls[0].Stop && !b.taken {
				follow(a, b)
			}
			break
		}
	}
}

func (o *oracle) at(s spot) geo.LonLat { return o.feeds[s.feed].Stops[s.stop].At }

// onFoot is a walk in seconds; false when it is too long.
func (o *oracle) onFoot(a, b geo.LonLat) (int32, bool) {
	c, ok := o.walk.cost(a, b)
	return int32((c + 9) / 10), ok && c <= o.options.Walk
}

func (o *oracle) usable(v *vehicle, call int, b Boarding) bool {
	s := &o.feeds[v.feed].Stops[v.calls[call].Stop]
	return (b == Regular || b != Forbidden && o.options.OnRequest) && (!o.options.Wheelchair || s.Wheelchair == Yes) && o.walk.joined(s.At)
}

// change is what one takes from a vehicle at a stop to another at another.
func (o *oracle) change(from *vehicle, a spot, to *vehicle, b spot) (int32, bool) {
	seconds := int32(120)
	if a != b {
		walk, ok := o.onFoot(o.at(a), o.at(b))
		station := a.feed == b.feed && o.feeds[a.feed].Stops[a.stop].Parent >= 0 && o.feeds[a.feed].Stops[a.stop].Parent == o.feeds[b.feed].Stops[b.stop].Parent
		if !ok && !station {
			return 0, false
		}
		if ok {
			seconds += walk
		}
	}
	if a.feed != b.feed {
		return seconds, true
	}
	var rule *Transfer
	best := -1
	feed := &o.feeds[a.feed]
	for i := range feed.Transfers {
		x := &feed.Transfers[i]
		if x.Type == 4 && x.FromTrip >= 0 && x.ToTrip >= 0 || x.Type == 5 && x.FromTrip >= 0 && x.ToTrip >= 0 {
			continue
		}
		side := func(stop, line, trip int32, v *vehicle, s spot) (particular int, own bool, ok bool) {
			own = int(stop) == s.stop
			if !own && feed.Stops[s.stop].Parent != stop || trip >= 0 && int(trip) != v.trip || line >= 0 && line != v.of(o).Line {
				return 0, false, false
			}
			if trip >= 0 {
				return 2, own, true
			}
			if line >= 0 {
				return 1, own, true
			}
			return 0, own, true
		}
		p, ownFrom, ok1 := side(x.From, x.FromLine, x.FromTrip, from, a)
		q, ownTo, ok2 := side(x.To, x.ToLine, x.ToTrip, to, b)
		if !ok1 || !ok2 {
			continue
		}
		rank := map[[2]int]int{{2, 2}: 5, {2, 1}: 4, {1, 2}: 4, {2, 0}: 3, {0, 2}: 3, {1, 1}: 2, {1, 0}: 1, {0, 1}: 1}[[2]int{p, q}] * 10
		if ownFrom {
			rank++
		}
		if ownTo {
			rank++
		}
		if rank > best {
			best, rule = rank, x
		}
	}
	switch {
	case rule == nil:
	case rule.Type == 3:
		return 0, false
	case rule.Type == 2:
		seconds = max(seconds, rule.MinSeconds)
	}
	return seconds, true
}

// ride visits the calls at which who boards v at a call may alight.
func (o *oracle) ride(v *vehicle, call int, visit func(v *vehicle, at spot, time int32)) {
	for {
		for call++; call < len(v.calls); call++ {
			if c := v.calls[call]; o.usable(v, call, c.Drop) {
				visit(v, spot{v.feed, int(c.Stop)}, c.Arrive)
			}
		}
		if v.next == nil {
			return
		}
		v, call = v.next, 0
	}
}

// journeys lists all journeys by bus between two places that take an hour or less.
func (o *oracle) journeys(from, to geo.LonLat) []journey {
	return slices.Collect(maps.Keys(o.rides(from, to)))
}

// rides is the fewest rides of each.
func (o *oracle) rides(from, to geo.LonLat) map[journey]int {
	all := map[journey]int{}
	var boardAt func(leave int32, v *vehicle, call, rides int)
	boardAt = func(leave int32, v *vehicle, call, rides int) {
		o.ride(v, call, func(v *vehicle, at spot, time int32) {
			if time-leave > 3600 {
				return
			}
			if walk, ok := o.onFoot(o.at(at), to); ok && time+walk <= 20*3600 && time+walk-leave <= 3600 {
				if j := (journey{leave, time + walk}); all[j] == 0 || rides < all[j] {
					all[j] = rides
				}
			}
			if rides == 3 {
				return
			}
			for _, w := range o.vehicles {
				if w.calls[len(w.calls)-1].Depart < time || w.calls[0].Arrive > leave+3600 {
					continue
				}
				for k, c := range w.calls {
					if k+1 < len(w.calls) && c.Depart >= time && c.Depart-leave <= 3600 && o.usable(w, k, c.Pickup) {
						if seconds, ok := o.change(v, at, w, spot{w.feed, int(c.Stop)}); ok && c.Depart >= time+seconds {
							boardAt(leave, w, k, rides+1)
						}
					}
				}
			}
		})
	}
	for _, v := range o.vehicles {
		for k, c := range v.calls {
			walk, ok := o.onFoot(from, o.feeds[v.feed].Stops[c.Stop].At)
			if ok && k+1 < len(v.calls) && c.Depart-walk >= 6*3600 && o.usable(v, k, c.Pickup) {
				boardAt(c.Depart-walk, v, k, 1)
			}
		}
	}
	return all
}

// useful are the journeys that no other makes useless: in the order in which they leave.
func useful(all []journey) (kept []journey) {
	for _, j := range all {
		worse := false
		for _, k := range all {
			worse = worse || k != j && k.home >= j.home && k.site <= j.site
		}
		if !worse {
			kept = append(kept, j)
		}
	}
	slices.SortFunc(kept, func(a, b journey) int { return cmp.Compare(a.home, b.home) })
	return kept
}

// tally is what the design says counts of one date.
type tally struct {
	steps [NumSteps]uint64 // slots from 06:00
	times [NumSteps]int32  // the least out of what counts
	week  [NumSteps]int32  // the least out were the site open all day; never: nothing counts
}

// count tries every slot with every journey out and every journey back. Journeys that go to
// the site have times of home and site, as those that come from it.
func (o *oracle) count(h *lieu.Horaires, outs, backs []journey) (t tally) {
	for k := range NumSteps {
		t.times[k], t.week[k] = never, never
	}
	at := o.day.cycleDay() * lieu.SlotsPerDay
	open := func(slot int) bool { return h.Known && h.Slots.Has(at+slot) }
	type twoWays struct{ out, back journey }
	var days []twoWays
	for _, out := range outs {
		for _, back := range backs {
			if out.home >= 6*3600 && back.home <= 20*3600 && back.site > out.site && back.home-out.home <= o.options.Away {
				days = append(days, twoWays{out, back})
			}
		}
	}
	try := func(slot int, o1, o2 int32, counts func(step int, out int32)) {
		for _, d := range days {
			from, until := max(d.out.site, o1), min(d.back.site, o2)
			if d.out.site > int32(slot)*900 || d.back.site < int32(slot+1)*900 || until-from < o.options.Stay {
				continue
			}
			for k := range NumSteps {
				if limit := int32(k+1) * 300; from-d.out.home <= limit && d.back.home-until <= limit {
					counts(k, from-d.out.home)
				}
			}
		}
	}
	for slot := range lieu.SlotsPerDay {
		if slot >= 24 && slot < 80 {
			if o.day.weekday() < 6 {
				try(slot, 6*3600, 20*3600, func(k int, out int32) { t.week[k] = min(t.week[k], out) })
			}
			if open(slot) {
				first, end := slot, slot+1
				for first > 0 && open(first-1) {
					first--
				}
				for end < lieu.SlotsPerDay && open(end) {
					end++
				}
				try(slot, int32(first)*900, int32(end)*900, func(k int, out int32) {
					t.steps[k] |= 1 << (slot - 24)
					t.times[k] = min(t.times[k], out)
				})
			}
		}
	}
	return t
}

// told is a step as it is emitted.
type told struct {
	cost  geo.Cost
	time  geo.Cost
	all   bool
	slots network.Slots
}

// steps is what the design says of the journeys from a home to a site, given what counts of
// every date.
func (w *made) steps(home geo.LonLat, site *network.Site, dates []tally) (out []told) {
	walk, ok := w.walk.cost(home, site.At)
	var was network.Slots
	near, time, week, before := false, int32(never), int32(never), int32(never)
	for k := range NumSteps {
		cost := geo.Cost(k+1) * 5 * geo.Minute
		if ok && cost >= walk {
			break
		}
		var slots network.Slots
		for i, d := range dates {
			near, week, time = near || d.week[k] != never, min(week, d.week[k]), min(time, d.times[k])
			for slot := range 56 {
				if d.steps[k]>>slot&1 == 1 {
					slots.Add((w.options.From+Day(i)).cycleDay()*lieu.SlotsPerDay + 24 + slot)
				}
			}
		}
		switch {
		case time != never && (was != slots || time < before):
			out, was, before = append(out, told{cost: cost, time: geo.Cost(time) * 10, slots: slots}), slots, time
		case time == never && near && out == nil:
			out = append(out, told{cost: cost, time: geo.Cost(week) * 10})
		}
	}
	if ok && walk <= 60*geo.Minute {
		out = append(out, told{cost: walk, time: walk, all: true})
		if time != never {
			out[len(out)-1].time = min(walk, geo.Cost(time)*10)
		}
	}
	return out
}

// journeysBack lists all journeys home: when one leaves the site, and when one is at home.
func (o *oracle) journeysBack(site, home geo.LonLat) (out []journey) {
	for _, j := range o.journeys(site, home) {
		out = append(out, journey{home: j.site, site: j.home})
	}
	return out
}
