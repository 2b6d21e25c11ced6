package transit

import (
	"math/bits"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
)

// Journey is one way out or back, as people are told of it. Times are seconds of a date, by
// the clock of the territory.
type Journey struct {
	Leave, Arrive int32
	Walks         []int32 // seconds: to the first ride, from each to the next, from the last
	Rides         []Ride
}

// Ride is what one rides, from a stop to another (see [Timetable.Stops]). Feed, Trip and Line
// are those of the vehicle where one boards it.
type Ride struct {
	Feed, Trip, Line int32
	From, To         int32
	Depart, Arrive   int32
	// Every is the seconds between two vehicles where the timetable tells no more: then times
	// are not exact. 0: they are.
	Every int32
}

// Visit is a day at a site: a way out and a way back between which slots count, those of an
// opening from First to before End (slots of the day).
type Visit struct {
	Day        Day
	Out, Back  Journey
	First, End int32
}

// Visits lists how to get from a start to a site and back by bus while it is open, on each
// date of the reference weeks, each way within a limit (in whole steps): for every useful way
// out of each opening the way back that leaves most slots. All slots that count within the
// limit are in one of them. Of equal ways each is that of the fewest rides.
func (n *Network) Visits(from network.Starts, start int32, to network.Sites, site int32, limit geo.Cost) (out []Visit) {
	s, t := n.NewSearch().(*search), n.timetable
	home, ends := from.(*starts), to.(*sites)
	var homeNodes []link
	for _, w := range home.byStart.of(start) {
		for v := t.first[w.to]; v < t.first[w.to+1]; v++ {
			homeNodes = append(homeNodes, link{v, w.seconds})
		}
	}
	siteNodes := s.walksTo(ends, site)
	h := t.hours(ends.of[site].Horaires)
	steps := min(int32(limit/Step), NumSteps)
	for k, table := range t.tables {
		if h.byTable[k] == nil || len(siteNodes) == 0 {
			continue
		}
		s.out.search(table, &n.into, siteNodes)
		s.back.search(table.back, &n.outOf, siteNodes)
		s.outOf.gather(s.out, t)
		s.backOf.gather(s.back, t)
		if s.ways(home, start, steps*stepSeconds) {
			teller := teller{n, s, table, [2]map[[2]int32]Journey{{}, {}}}
			for _, d := range h.byTable[k] {
				for _, v := range s.visits(d.slots, steps) {
					v.Out = teller.tell(0, homeNodes, siteNodes, v.Out)
					v.Back = teller.tell(1, siteNodes, homeNodes, v.Back)
					for i, number := range t.days {
						if day := t.options.From + Day(i); number == int32(k) && h.of[day.cycleDay()] == d.number {
							v.Day = day
							out = append(out, v)
						}
					}
				}
			}
		}
		s.outOf.clear()
		s.backOf.clear()
	}
	slices.SortStableFunc(out, func(a, b Visit) int { return int(a.Day - b.Day) })
	return out
}

// visits pairs the ways out and back at hand on a day that is open at some slots. Of their
// journeys only the times are set.
func (s *search) visits(slots uint64, steps int32) (out []Visit) {
	o := &s.net.timetable.options
	for slots != 0 {
		first := bits.TrailingZeros64(slots)
		count := bits.TrailingZeros64(^(slots >> first))
		slots &^= (1<<count - 1) << first
		open, shut := int32(earliest+first*slotSeconds), int32(earliest+(first+count)*slotSeconds)
		for i, there := range s.outs {
			from := max(there.site, open)
			if from >= shut || from-there.home > steps*stepSeconds || i+1 < len(s.outs) && s.outs[i+1].site <= open {
				continue
			}
			for j := len(s.backs) - 1; j >= 0; j-- {
				back := s.backs[j]
				until := min(back.site, shut)
				v := Visit{First: (from + slotSeconds - 1) / slotSeconds, End: until / slotSeconds,
					Out: Journey{Leave: there.home, Arrive: there.site}, Back: Journey{Leave: back.site, Arrive: back.home}}
				if until-from < o.Stay || v.End <= v.First || back.home-there.home > o.Away || back.home-until > steps*stepSeconds ||
					j > 0 && s.backs[j-1].site >= shut {
					continue
				}
				out = append(out, v)
				break
			}
		}
	}
	return out
}

// teller finds what journeys are made of, of which the times are known.
type teller struct {
	net    *Network
	search *search
	table  *table
	known  [2]map[[2]int32]Journey // by times: ways out, ways back
}

// alighted is how one came to be at a node soonest by so many rides: by which run, from which
// of its calls to which.
type alighted struct {
	time                        int32
	pattern, run, board, alight int32
}

// tell finds the journey of fewest rides that leaves and arrives at given times. No journey
// that leaves so late arrives sooner.
func (t *teller) tell(out int, from, to []link, times Journey) Journey {
	key := [2]int32{times.Leave, times.Arrive}
	known := t.known[out]
	if j, ok := known[key]; ok {
		return j
	}
	nodes := len(t.net.timetable.nodes)
	ready := make([]int32, nodes)
	for v := range ready {
		ready[v] = never
	}
	for _, w := range from {
		ready[w.to] = min(ready[w.to], times.Leave+w.seconds)
	}
	var came [maxRides][]alighted
	var changed [maxRides][]int32 // of each node, that from which one changed there
	for ride := range maxRides {
		came[ride] = t.ride(ready, times)
		for _, w := range to {
			if last := came[ride][w.to]; last.time != never && last.time+w.seconds == times.Arrive {
				j := t.unwind(from, came[:ride+1], changed[:], w, times)
				known[key] = j
				return j
			}
		}
		if ride+1 == maxRides {
			break
		}
		changed[ride+1] = make([]int32, nodes)
		for v := range ready {
			ready[v] = never
		}
		for u := range came[ride] {
			if came[ride][u].time == never {
				continue
			}
			for _, c := range t.net.outOf.of(int32(u)) {
				if at := came[ride][u].time + c.seconds; at < ready[c.to] {
					ready[c.to], changed[ride+1][c.to] = at, int32(u)
				}
			}
		}
	}
	panic("transit: a profile holds a journey that nobody can make")
}

// ride is when one is at each node first after one ride, who is ready to board at some times,
// by vehicles that are of use between two others.
func (t *teller) ride(ready []int32, between Journey) []alighted {
	out := make([]alighted, len(ready))
	for v := range out {
		out[v].time = never
	}
	for k := range t.table.patterns {
		p := &t.table.patterns[k]
		if !slices.ContainsFunc(t.table.nodes[p.call:p.call+p.calls], func(v int32) bool { return ready[v] != never }) {
			continue
		}
		for run := range p.runs {
			times := t.table.times[p.time+2*p.calls*run:][:2*p.calls]
			if times[1] > between.Arrive || times[2*p.calls-2] < between.Leave {
				continue
			}
			aboard := int32(-1)
			for i := range p.calls {
				v, may := t.table.nodes[p.call+i], t.table.may[p.call+i]
				if aboard >= 0 && may&alight != 0 && times[2*i] < out[v].time {
					out[v] = alighted{times[2*i], int32(k), run, aboard, i}
				}
				if aboard < 0 && may&board != 0 && ready[v] <= times[2*i+1] {
					aboard = i
				}
			}
		}
	}
	return out
}

// unwind tells the rides of a journey that ends by a walk, from the last to the first.
func (t *teller) unwind(from []link, came [][]alighted, changed [][]int32, last link, times Journey) Journey {
	j := times
	j.Walks = append(j.Walks, last.seconds)
	at := last.to
	for ride := len(came) - 1; ride >= 0; ride-- {
		a := came[ride][at]
		p := &t.table.patterns[a.pattern]
		boarded := t.table.nodes[p.call+a.board]
		j.Rides = append(j.Rides, t.rideOf(p, a, boarded, at))
		if ride > 0 {
			at = changed[ride][boarded]
			stops := t.net.timetable.nodes
			j.Walks = append(j.Walks, t.net.walkBetween(t.search, stops[at].stop, stops[boarded].stop))
			continue
		}
		for _, w := range from {
			if w.to == boarded {
				j.Walks = append(j.Walks, w.seconds)
			}
		}
	}
	slices.Reverse(j.Walks)
	slices.Reverse(j.Rides)
	return j
}

// rideOf tells a ride from one node to another.
func (t *teller) rideOf(p *pattern, a alighted, from, to int32) Ride {
	tt := t.net.timetable
	parts, times := t.table.parts[p.run+a.run], t.table.times[p.time+2*p.calls*a.run:]
	part := parts[0]
	for _, next := range parts {
		if next.call <= a.board {
			part = next
		}
	}
	return Ride{Feed: part.feed, Trip: part.trip, Line: tt.feeds[part.feed].Trips[part.trip].Line, From: tt.nodes[from].stop, To: tt.nodes[to].stop,
		Depart: times[2*a.board+1], Arrive: times[2*a.alight], Every: part.every}
}

// walkBetween is the walk from a stop to another; 0 where they are one, or of one station
// without a street between them.
func (n *Network) walkBetween(s *search, from, to int32) (seconds int32) {
	if from == to {
		return 0
	}
	s.walk.Reach(n.stops, to, n.timetable.options.Walk, nil, n.everyStop, func(stop int32, cost, _ geo.Cost, _ *network.Slots) {
		if stop == from {
			seconds = cost.WholeSeconds()
		}
	})
	return seconds
}

// NearestStop is the stop (see [Timetable.Stops]) with the shortest walk from a start, in
// seconds; the first of equals. ok is false when none is near enough to be walked to.
func (n *Network) NearestStop(from network.Starts, start int32) (stop, seconds int32, ok bool) {
	for _, w := range from.(*starts).byStart.of(start) {
		if !ok || w.seconds < seconds {
			stop, seconds, ok = w.to, w.seconds, true
		}
	}
	return stop, seconds, ok
}
