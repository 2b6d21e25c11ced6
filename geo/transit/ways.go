package transit

import (
	"math/bits"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
)

// DaySlots are slots of a day at which anybody may be away from home: from 06:00 to 20:00, a
// bit each, the first the lowest.
type DaySlots uint64

// The slots of a day that [DaySlots] has.
const (
	FirstSlot = firstSlot
	EndSlot   = endSlot
	numSlots  = endSlot - firstSlot
)

// Ways are the journeys by bus between everybody and one site on the dates of the reference
// weeks, whatever its hours: what counts of any hours is told of them without searching again.
// It is immutable.
type Ways struct {
	net       *Network
	from      *starts
	steps     int32 // of the limit
	starts    []int32
	onFoot    []bool // of every start: within the limit
	out, back [][]profile
	week      []bool               // of every kind of day: it is that of a Monday to Saturday
	kinds     [ReferenceDays]int32 // of every day of the cycle
}

// NewWays searches the journeys to a site and back, each within a limit (in whole steps).
func (n *Network) NewWays(from network.Starts, to network.Sites, site int32, limit geo.Cost) *Ways {
	s, t := n.NewSearch().(*search), n.timetable
	w := &Ways{net: n, from: from.(*starts), steps: min(int32(limit/Step), NumSteps), week: make([]bool, len(t.tables))}
	w.onFoot = make([]bool, w.from.count)
	met := make([]bool, w.from.count)
	ends := to.(*sites)
	s.walk.Reach(ends.Sites, site, limit, nil, w.from.every, func(start int32, cost, _ geo.Cost, _ *network.Slots) {
		if cost <= limit {
			w.onFoot[start], met[start] = true, true
		}
	})
	for i, table := range t.days {
		day := t.options.From + Day(i)
		w.kinds[day.cycleDay()] = table
		w.week[table] = w.week[table] || day.weekday() < 6
	}
	s.walksTo(ends, site)
	for _, table := range t.tables {
		s.out.search(table, &n.into, s.walks)
		s.back.search(table.back, &n.outOf, s.walks)
		s.outOf.gather(s.out, t)
		s.backOf.gather(s.back, t)
		for _, stop := range s.outOf.stops {
			for _, home := range w.from.byStop.of(stop) {
				met[home.to] = true
			}
		}
		w.out, w.back = append(w.out, s.outOf.kept()), append(w.back, s.backOf.kept())
		s.outOf.clear()
		s.backOf.clear()
	}
	for start, ok := range met {
		if ok {
			w.starts = append(w.starts, int32(start))
		}
	}
	return w
}

// kept is a copy of the profiles of all stops.
func (o *ofStops) kept() []profile {
	out := make([]profile, len(o.at))
	for _, stop := range o.stops {
		out[stop] = slices.Clone(o.at[stop])
	}
	return out
}

// Starts are those from which anybody may come, ascending: on foot within the limit, or from
// near a stop from where a bus leads there on some date. The others find nothing, whatever the
// hours.
func (w *Ways) Starts() []int32 { return w.starts }

// Kind tells days of the cycle apart by what runs.
func (w *Ways) Kind(cycleDay int) int32 { return w.kinds[cycleDay] }

// WaysCounter counts what hours give to one start after the other. It is the scratch space of
// one goroutine.
type WaysCounter struct {
	ways   *Ways
	search *search // whose journeys are its own
	reader *search // whose journeys are those below
	walks  bool
	within bool
	outs   [][]journey // of every kind of day
	backs  [][]journey
	counts []DaySlots // of every kind of day and opening, where known is of this start
	known  []uint32
	number uint32
}

// NewCounter makes a counter.
func (w *Ways) NewCounter() *WaysCounter {
	kinds := len(w.out)
	return &WaysCounter{ways: w, search: &search{net: w.net}, reader: &search{net: w.net},
		outs: make([][]journey, kinds), backs: make([][]journey, kinds),
		counts: make([]DaySlots, kinds*numSlots*numSlots), known: make([]uint32, kinds*numSlots*numSlots)}
}

// Turn has the counter look at a start, and reports whether any hours would give it anything. It
// must be called first.
func (c *WaysCounter) Turn(start int32) (any bool) {
	w, s := c.ways, c.search
	c.number++
	if c.walks = w.onFoot[start]; c.walks {
		c.within = true
		return true
	}
	found := counted{below: w.steps, week: NumSteps + 1, weekTime: never}
	for kind := range w.out {
		c.outs[kind], c.backs[kind] = c.outs[kind][:0], c.backs[kind][:0]
		s.outOf.at, s.backOf.at = w.out[kind], w.back[kind]
		if !s.ways(w.from, start, w.steps*stepSeconds) {
			continue
		}
		any = true
		c.outs[kind], c.backs[kind] = append(c.outs[kind], s.outs...), append(c.backs[kind], s.backs...)
		if w.week[kind] {
			s.opening(&found, earliest, latest, nil)
		}
	}
	c.within = found.week <= w.steps
	return any
}

// OnFoot reports whether one walks from the start to the site within the limit: then every
// slot of any hours counts, at any time of the day.
func (c *WaysCounter) OnFoot() bool { return c.walks }

// Within reports whether some slot would count were the site open from Monday to Saturday from
// 06:00 to 20:00, or whether one walks.
func (c *WaysCounter) Within() bool { return c.within }

// Count gives the slots that count of those at which the site is open on a kind of day.
func (c *WaysCounter) Count(kind int32, open DaySlots) (out DaySlots) {
	if c.walks {
		return open
	}
	if len(c.outs[kind]) == 0 {
		return 0
	}
	for open != 0 {
		first := bits.TrailingZeros64(uint64(open))
		count := bits.TrailingZeros64(^(uint64(open) >> first))
		open &^= (1<<count - 1) << first
		out |= c.opening(kind, first, count)
	}
	return out
}

// opening gives what counts of one opening, of so many slots from the first on.
func (c *WaysCounter) opening(kind int32, first, count int) DaySlots {
	at := (int(kind)*numSlots+first)*numSlots + count - 1
	if c.known[at] == c.number {
		return c.counts[at]
	}
	var masks [NumSteps]uint64
	found := counted{below: c.ways.steps}
	s := c.reader
	s.outs, s.backs = c.outs[kind], c.backs[kind]
	s.opening(&found, int32(earliest+first*slotSeconds), int32(earliest+(first+count)*slotSeconds), &masks)
	all := DaySlots(0)
	for _, m := range masks[:c.ways.steps] {
		all |= DaySlots(m)
	}
	c.counts[at], c.known[at] = all, c.number
	return all
}
