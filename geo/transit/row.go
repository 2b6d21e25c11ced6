package transit

import (
	"sync"
	"sync/atomic"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// sites are where journeys end. What was found of them is kept.
type sites struct {
	network.Sites // on foot
	of            []network.Site
	mu            sync.Mutex
	rows          map[*starts][]*kept
}

// kept is a row that somebody computes, or has computed.
type kept struct {
	claimed atomic.Bool
	done    chan struct{}
	row     row
}

// row is the journeys from some starts to one site: steps, and the walk.
type row struct {
	starts []int32    // who reaches it within [longest], ascending
	walk   []geo.Cost // of each; onlyByBus: on foot it is farther
	first  []int32    // the steps of the k-th: steps[first[k]:first[k+1]], by bus alone, cheaper than the walk
	steps  []step
	slots  []network.Slots
}

// step is a step of journeys: from a cost on, slots count, and the least time out is that.
type step struct {
	cost, time geo.Cost
	slots      int32
}

const onlyByBus geo.Cost = 1<<32 - 1

// ofStarts are the rows of the journeys from some starts.
func (s *sites) ofStarts(from *starts) []*kept {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.rows[from] == nil {
		rows := make([]*kept, len(s.of))
		for i := range rows {
			rows[i] = &kept{done: make(chan struct{})}
		}
		s.rows[from] = rows
	}
	return s.rows[from]
}

// find computes the rows of some sites that nobody has, and waits for those that others
// compute.
func (s *search) find(from *starts, to *sites, some []int32) []*kept {
	rows := to.ofStarts(from)
	for _, site := range some {
		if k := rows[site]; k.claimed.CompareAndSwap(false, true) {
			k.row = s.row(from, to, site)
			close(k.done)
		}
	}
	for _, site := range some {
		<-rows[site].done
	}
	return rows
}

// counted is what is found of one start while a row is computed.
type counted struct {
	start int32
	walk  geo.Cost
	below int32 // steps that are cheaper than the walk
	// The least step, from 1, at which some slot would count were the site open all week, and
	// the time out then; NumSteps+1: none.
	week     int32
	weekTime int32
	times    [NumSteps]int32 // the least time out of what counts at each step and not before
}

// hours are the different days of a site in the reference weeks: what runs, when it is open.
type hours struct {
	byTable [][]openDay // the open ones of each table
	week    []bool      // of each table: it is that of a Monday to Saturday
	days    int
	of      [ReferenceDays]int32 // of each day of the cycle, the number of its open day; -1: closed
}

type openDay struct {
	number int32
	slots  uint64 // from [earliest] to [latest], one bit each
}

// The slots of a day at which anybody is away from home.
const (
	slotSeconds = 60 * lieu.SlotMinutes
	firstSlot   = earliest / slotSeconds
	endSlot     = latest / slotSeconds
)

func (t *Timetable) hours(h *lieu.Horaires) (out hours) {
	out.byTable, out.week = make([][]openDay, len(t.tables)), make([]bool, len(t.tables))
	for i, table := range t.days {
		day := t.options.From + Day(i)
		if day.weekday() < 6 {
			out.week[table] = true
		}
		at := day.cycleDay()
		out.of[at] = -1
		var slots uint64
		for k := firstSlot; h.Known && k < endSlot; k++ {
			if h.Slots.Has(at*lieu.SlotsPerDay + k) {
				slots |= 1 << (k - firstSlot)
			}
		}
		if slots == 0 {
			continue
		}
		for _, d := range out.byTable[table] {
			if d.slots == slots {
				out.of[at] = d.number
			}
		}
		if out.of[at] < 0 {
			out.of[at] = int32(out.days)
			out.byTable[table] = append(out.byTable[table], openDay{int32(out.days), slots})
			out.days++
		}
	}
	return out
}

// row computes the journeys to one site.
func (s *search) row(from *starts, to *sites, site int32) row {
	s.found = s.found[:0]
	for len(s.position) < from.count {
		s.position = append(s.position, -1)
	}
	s.walk.Reach(to.Sites, site, geo.Cost(longest)*geo.Second, nil, from.every, func(start int32, cost, _ geo.Cost, _ *network.Slots) {
		s.meet(start, cost)
	})
	t := s.net.timetable
	s.walksTo(to, site)
	h := t.hours(to.of[site].Horaires)
	s.masks = s.masks[:0]
	for range s.found {
		s.extendMasks(&h)
	}
	if len(s.walks) > 0 {
		for k, table := range t.tables {
			if h.week[k] || h.byTable[k] != nil {
				s.date(table, from, &h, k)
			}
		}
	}
	out := s.write(&h)
	for i := range s.found {
		s.position[s.found[i].start] = -1
	}
	return out
}

// walksTo finds the walks to a site, from nodes.
func (s *search) walksTo(to *sites, site int32) []link {
	s.walks = s.walks[:0]
	t := s.net.timetable
	s.walk.Reach(to.Sites, site, t.options.Walk, nil, s.net.everyStop, func(stop int32, cost, _ geo.Cost, _ *network.Slots) {
		for v := t.first[stop]; v < t.first[stop+1]; v++ {
			s.walks = append(s.walks, link{v, cost.WholeSeconds()})
		}
	})
	return s.walks
}

// meet starts to count for a start, whose walk costs so much.
func (s *search) meet(start int32, walk geo.Cost) {
	s.position[start] = int32(len(s.found))
	c := counted{start: start, walk: walk, below: NumSteps, week: NumSteps + 1}
	if walk != onlyByBus {
		c.below = max(0, (int32(walk)-1)/(stepSeconds*int32(geo.Second)))
	}
	for k := range c.times {
		c.times[k] = never
	}
	s.found = append(s.found, c)
}

// extendMasks makes room for the slots of one more start.
func (s *search) extendMasks(h *hours) {
	for range h.days {
		s.masks = append(s.masks, [NumSteps]uint64{})
	}
}

// date looks at the days on which a table runs.
func (s *search) date(table *table, from *starts, h *hours, number int) {
	s.out.search(table, &s.net.into, s.walks)
	s.back.search(table.back, &s.net.outOf, s.walks)
	s.outOf.gather(s.out, s.net.timetable)
	s.backOf.gather(s.back, s.net.timetable)
	s.near = s.near[:0]
	for _, stop := range s.outOf.stops {
		for _, w := range from.byStop.of(stop) {
			at := s.position[w.to]
			if at < 0 {
				at = int32(len(s.found))
				s.meet(w.to, onlyByBus)
				s.extendMasks(h)
			}
			if c := &s.found[at]; c.below > 0 && !s.isNear(at) {
				s.near = append(s.near, at)
			}
		}
	}
	for _, at := range s.near {
		s.nearby[at] = false
		s.start(from, h, number, at)
	}
	s.outOf.clear()
	s.backOf.clear()
}

// isNear reports whether a start was met on this date already, and notes it.
func (s *search) isNear(at int32) bool {
	for int(at) >= len(s.nearby) {
		s.nearby = append(s.nearby, false)
	}
	was := s.nearby[at]
	s.nearby[at] = true
	return was
}

// ofStops are the profiles of stops.
type ofStops struct {
	stops  []int32
	at     []profile // of every stop
	merged [][]pair  // of stops of several nodes, which own their memory
}

// gather takes the profiles of nodes.
func (o *ofStops) gather(p *profiles, t *Timetable) {
	for _, v := range p.touched {
		stop := t.nodes[v].stop
		switch {
		case t.first[stop+1]-t.first[stop] == 1:
			o.at[stop] = p.best[v]
		case o.at[stop] == nil:
			o.merged[stop] = append(o.merged[stop][:0], p.best[v]...)
			o.at[stop] = o.merged[stop]
		default:
			o.merged[stop] = prune(append(o.merged[stop], p.best[v]...))
			o.at[stop] = o.merged[stop]
			continue
		}
		o.stops = append(o.stops, stop)
	}
}

func (o *ofStops) clear() {
	for _, stop := range o.stops {
		o.at[stop] = nil
	}
	o.stops = o.stops[:0]
}
