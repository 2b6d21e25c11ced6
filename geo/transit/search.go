package transit

import (
	"cmp"
	"encoding/binary"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// search is the scratch space of one goroutine.
type search struct {
	net  *Network
	walk network.Search

	// Of one row.
	out, back     *profiles
	outOf, backOf ofStops
	walks         []link // from nodes to the site
	found         []counted
	position      []int32            // of every start, in found; -1: it is not
	masks         [][NumSteps]uint64 // of every start found and each day of hours: what counts at a step and not before
	near          []int32            // starts of a date, by position
	nearby        []bool             // of every position
	pairs, spare  []pair
	outs, backs   []journey
	sum           []uint64
	key           []byte

	// Of Reach.
	came    []geo.Cost // of every origin, the walk; onlyByBus between calls
	origins []int32    // that came

	field field
}

// NewSearch is the scratch space of one goroutine.
func (n *Network) NewSearch() network.Search {
	nodes, stops := len(n.timetable.nodes), len(n.timetable.stops)
	return &search{net: n, walk: n.walk.NewSearch(), out: newProfiles(nodes), back: newProfiles(nodes),
		outOf:  ofStops{at: make([]profile, stops), merged: make([][]pair, stops)},
		backOf: ofStops{at: make([]profile, stops), merged: make([][]pair, stops)}}
}

// write turns what was counted into a row.
func (s *search) write(h *hours) (out row) {
	known := map[string]int32{}
	slots := func() int32 { // of the sum
		s.key = s.key[:0]
		for _, m := range s.sum {
			s.key = binary.LittleEndian.AppendUint64(s.key, m)
		}
		number, ok := known[string(s.key)]
		if !ok {
			number = int32(len(out.slots))
			known[string(s.key)] = number
			out.slots = append(out.slots, h.slots(s.sum))
		}
		return number
	}
	order := s.near[:0]
	steps := 0
	for at := range s.found {
		if c := &s.found[at]; c.walk != onlyByBus || c.reached() {
			order = append(order, int32(at))
			steps += 3
		}
	}
	slices.SortFunc(order, func(a, b int32) int { return cmp.Compare(s.found[a].start, s.found[b].start) })
	s.near = order
	out.starts, out.walk = make([]int32, 0, len(order)), make([]geo.Cost, 0, len(order))
	out.first, out.steps = append(make([]int32, 0, len(order)+1), 0), make([]step, 0, steps)
	for _, at := range order {
		c := &s.found[at]
		s.sum = append(s.sum[:0], make([]uint64, h.days)...)
		time := int32(never)
		for k := range c.below {
			more := c.times[k] < time
			for d := range s.sum {
				m := s.masks[int(at)*h.days+d][k]
				more = more || m&^s.sum[d] != 0
				s.sum[d] |= m
			}
			time = min(time, c.times[k])
			cost := geo.Cost(k+1) * Step
			switch {
			case more:
				out.steps = append(out.steps, step{cost, geo.Cost(time) * geo.Second, slots()})
			case time == never && c.week == k+1:
				out.steps = append(out.steps, step{cost, geo.Cost(c.weekTime) * geo.Second, slots()})
			}
		}
		out.starts, out.walk = append(out.starts, c.start), append(out.walk, c.walk)
		out.first = append(out.first, int32(len(out.steps)))
	}
	return out
}

// reached reports whether a step was found.
func (c *counted) reached() bool {
	return c.week <= c.below || slices.ContainsFunc(c.times[:], func(time int32) bool { return time != never })
}

// slots lays the slots of each open day on the cycle.
func (h *hours) slots(of []uint64) (out network.Slots) {
	for day, number := range h.of {
		if number < 0 {
			continue
		}
		at := day*lieu.SlotsPerDay + firstSlot
		out[at>>6] |= of[number] << (at & 63)
		if at&63 > 0 {
			out[at>>6+1] |= of[number] >> (64 - at&63)
		}
	}
	return out
}

// Reach emits the steps of each origin to a site. With a ceiling, who walks under it comes
// too; by bus everybody comes.
func (s *search) Reach(to network.Sites, site int32, limit geo.Cost, ceiling network.Ceiling, from network.Origins, emit network.Emit) {
	o, ends := from.(*origins), to.(*sites)
	row := &s.find(o.starts, ends, []int32{site})[site].row
	beyond := ceiling != nil || limit > geo.Cost(longest)*geo.Second
	for len(s.came) < o.count {
		s.came = append(s.came, onlyByBus)
	}
	if beyond {
		s.walk.Reach(ends.Sites, site, limit, ceiling, o.walk, func(origin int32, cost, _ geo.Cost, _ *network.Slots) {
			s.came[origin] = cost
			s.origins = append(s.origins, origin)
		})
	}
	for k, start := range row.starts {
		origin := o.of[start]
		if origin < 0 {
			continue
		}
		walk := row.walk[k]
		if walk == onlyByBus {
			walk = s.came[origin]
		}
		s.came[origin] = onlyByBus
		counts, time := false, walk
		for _, step := range row.steps[row.first[k]:row.first[k+1]] {
			slots := &row.slots[step.slots]
			first := !counts && network.Counts(slots)
			if counts = counts || first; counts {
				time = min(time, step.time)
			}
			if step.cost <= limit || first && ceiling != nil {
				emit(origin, step.cost, step.time, slots)
			}
		}
		if walk <= limit || walk != onlyByBus && ceiling != nil && !counts {
			emit(origin, walk, time, nil)
		}
	}
	for _, origin := range s.origins {
		if walk := s.came[origin]; walk != onlyByBus {
			s.came[origin] = onlyByBus
			emit(origin, walk, walk, nil)
		}
	}
	s.origins = s.origins[:0]
}

// field is the journey from everywhere to the nearest site.
type field struct {
	walk network.Field
	cost []geo.Cost // of every start, by bus; onlyByBus: not within the longest
	site []int32
}

// Nearest finds the nearest of some sites from every start: by bus or, however far, on foot.
func (s *search) Nearest(from network.Starts, to network.Sites, some []int32) network.Field {
	start, ends := from.(*starts), to.(*sites)
	f := &s.field
	f.cost, f.site = f.cost[:0], f.site[:0]
	for range start.count {
		f.cost, f.site = append(f.cost, onlyByBus), append(f.site, -1)
	}
	rows := s.find(start, ends, some)
	for _, site := range some {
		row := &rows[site].row
		for k, at := range row.starts {
			for _, step := range row.steps[row.first[k]:row.first[k+1]] {
				if network.Counts(&row.slots[step.slots]) {
					if step.cost < f.cost[at] {
						f.cost[at], f.site[at] = step.cost, site
					}
					break
				}
			}
		}
	}
	f.walk = s.walk.Nearest(start.Starts, ends.Sites, some)
	return f
}

// At is the journey of a start, and the site.
func (f *field) At(start int32) (geo.Access, int32) {
	a, site := f.walk.At(start)
	bus := f.cost[start]
	if bus != onlyByBus && (a.Reach != geo.Reached || bus < a.Cost || bus == a.Cost && f.site[start] < site) {
		return geo.Access{Reach: geo.Reached, Cost: bus}, f.site[start]
	}
	return a, site
}

// Keep gives what one walks: nobody who is under a ceiling of all journeys is above that of
// those on foot, and by bus everybody comes.
func (f *field) Keep() network.KeptField { return f.walk.Keep() }

// Raise gives how far a new site may be on foot.
func (n *Network) Raise(dst network.Ceiling, fields []network.KeptField, gone func(field int, site int32) bool) network.Ceiling {
	return n.walk.Raise(dst, fields, gone)
}
