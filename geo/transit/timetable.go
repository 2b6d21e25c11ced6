package transit

import (
	"cmp"
	"fmt"
	"slices"
	"time"

	_ "time/tzdata" // zones of feeds are known wherever the program runs

	"github.com/aisne-numerique/maillage/geo"
)

// Timetable is what runs on the reference weeks. It is immutable.
//
// Its stops are those of all feeds where a trip calls. Its nodes are what changes are told
// of: a stop, or what a stop is to the lines and trips that rules of transfers name there.
type Timetable struct {
	options Options
	feeds   []Feed
	stops   []CalledStop
	nodes   []node
	first   []int32 // the nodes of stop s: nodes[first[s]:first[s+1]]
	rules   []rules // of every feed
	days    [ReferenceDays]int32
	tables  []*table // of days on which the same runs
	left    Left
}

// CalledStop is a stop where trips call, by its number in a feed.
type CalledStop struct{ Feed, Stop int32 }

// node is a stop, as the trips of a line or one trip find it; -1: as all others do.
type node struct{ stop, line, trip int32 }

// Compile makes a timetable of feeds. An error is one of options or of the name of a zone,
// in French.
func Compile(feeds []Feed, o Options) (*Timetable, error) {
	if err := CheckFrom(o.From); err != nil {
		return nil, err
	}
	c := &compiler{Timetable: Timetable{options: o, feeds: feeds}, branches: map[[3]int32]bool{}}
	c.places()
	if err := c.offered(); err != nil {
		return nil, err
	}
	known := map[string]int32{}
	for i := range c.days {
		active, key := c.active(o.From + Day(i))
		number, ok := known[key]
		if !ok {
			number = int32(len(c.tables))
			known[key] = number
			if c.size(active) > maxCalls {
				return nil, fmt.Errorf("horaires du %v : plus de %d passages, fréquences développées ; attendu moins (un intervalle de frequencies.txt est-il trop court ?)", o.From+Day(i), maxCalls)
			}
			c.tables = append(c.tables, newTable(c.runs(active), len(c.nodes)))
		}
		c.days[i] = number
	}
	c.count()
	return &c.Timetable, nil
}

// Stops are the stops where trips call, in the order of feeds and of their stops.
func (t *Timetable) Stops() []CalledStop { return t.stops }

// At is where a stop is.
func (t *Timetable) At(stop int32) geo.LonLat { return t.stopOf(stop).At }

func (t *Timetable) stopOf(stop int32) *Stop {
	s := t.stops[stop]
	return &t.feeds[s.Feed].Stops[s.Stop]
}

// Left counts what no journey uses. Stops off the streets are counted by [Network.Left].
func (t *Timetable) Left() Left { return t.left }

// maxCalls bounds what runs on one date, which frequencies can make of a small file. A country
// has some millions.
const maxCalls = 8_000_000

// compiler is a Timetable in the making.
type compiler struct {
	Timetable
	numbers  [][]int32 // of every feed and stop: its number here; -1: nobody calls there
	known    map[node]int32
	plain    []int32 // of every stop, its node for lines and trips that no rule names
	offers   []offer
	branches map[[3]int32]bool // by feed and two trips
}

// offer is the trips of one service whose times are of one zone. from and to are the first and
// the last second of its service days at which one is aboard.
type offer struct {
	feed, service int32
	zone          *time.Location
	trips         []int32
	from, to      int32
}

// places numbers stops and nodes.
func (c *compiler) places() {
	c.numbers = make([][]int32, len(c.feeds))
	c.known = map[node]int32{}
	c.rules = make([]rules, len(c.feeds))
	for f := range c.feeds {
		feed := &c.feeds[f]
		called := make([]bool, len(feed.Stops))
		for i := range feed.Trips {
			for k := range feed.Trips[i].Calls {
				called[feed.Trips[i].Calls[k].Stop] = true
			}
		}
		c.numbers[f] = make([]int32, len(feed.Stops))
		for s := range feed.Stops {
			if c.numbers[f][s] = -1; called[s] {
				c.numbers[f][s] = int32(len(c.stops))
				c.stops = append(c.stops, CalledStop{int32(f), int32(s)})
			}
		}
		c.rules[f] = newRules(feed)
		c.left.Rules += c.rules[f].homeless
		plain := make([]bool, len(feed.Stops))
		for i := range feed.Trips {
			for k, call := range feed.Trips[i].Calls {
				if c.rules[f].named[call.Stop] == nil {
					plain[call.Stop] = true
				} else {
					c.known[c.named(int32(f), int32(i), k)] = 0
				}
			}
		}
		for s, number := range c.numbers[f] {
			if plain[s] {
				c.known[node{number, -1, -1}] = 0
			}
		}
	}
	for n := range c.known {
		c.nodes = append(c.nodes, n)
	}
	slices.SortFunc(c.nodes, func(a, b node) int {
		return cmp.Or(cmp.Compare(a.stop, b.stop), cmp.Compare(a.line, b.line), cmp.Compare(a.trip, b.trip))
	})
	c.first, c.plain = make([]int32, len(c.stops)+1), make([]int32, len(c.stops))
	for i, n := range c.nodes {
		if c.known[n] = int32(i); n.line < 0 && n.trip < 0 {
			c.plain[n.stop] = int32(i)
		}
		c.first[n.stop+1] = int32(i) + 1
	}
}

// nodeOf is the number of the node of a call of a trip.
func (c *compiler) nodeOf(feed, trip int32, call int) int32 {
	stop := c.feeds[feed].Trips[trip].Calls[call].Stop
	if c.rules[feed].named[stop] == nil {
		return c.plain[c.numbers[feed][stop]]
	}
	return c.known[c.named(feed, trip, call)]
}

// named is the node of a call of a trip, where rules name lines or trips.
func (c *compiler) named(feed, trip int32, call int) node {
	t := &c.feeds[feed].Trips[trip]
	stop := t.Calls[call].Stop
	n := node{c.numbers[feed][stop], -1, -1}
	if m := c.rules[feed].named[stop]; m.trips[trip] {
		n.line, n.trip = t.Line, trip
	} else if m.lines[t.Line] {
		n.line = t.Line
	}
	return n
}

// offered gathers the trips that count by service and zone.
func (c *compiler) offered() error {
	type of struct {
		feed, service int32
		zone          string
	}
	known, zones := map[of]int{}, map[string]*time.Location{"": c.options.Zone}
	for f := range c.feeds {
		feed := &c.feeds[f]
		for i := range feed.Trips {
			t := &feed.Trips[i]
			if !c.counts(feed, t) || len(t.Calls) < 2 {
				continue
			}
			name := ""
			if a := feed.Lines[t.Line].Agency; a >= 0 && int(a) < len(feed.Agencies) {
				name = feed.Agencies[a].Zone
			}
			if zones[name] == nil {
				zone, err := time.LoadLocation(name)
				if err != nil {
					return fmt.Errorf("fuseau horaire « %s » de l'exploitant « %s » : inconnu ; attendu un nom de la base IANA, comme Europe/Paris", name, feed.Agencies[feed.Lines[t.Line].Agency].Name)
				}
				zones[name] = zone
			}
			key := of{int32(f), t.Service, name}
			k, ok := known[key]
			first, last := t.span()
			if !ok {
				k = len(c.offers)
				known[key] = k
				c.offers = append(c.offers, offer{int32(f), t.Service, zones[name], nil, first, last})
			}
			o := &c.offers[k]
			o.trips, o.from, o.to = append(o.trips, int32(i)), min(o.from, first), max(o.to, last)
		}
	}
	return nil
}

// counts reports whether a trip is not left out.
func (t *Timetable) counts(feed *Feed, trip *Trip) bool {
	return (t.options.School || feed.Lines[trip.Line].Type != School) && (!t.options.Wheelchair || trip.Wheelchair == Yes)
}

// span is the first and the last second of a service day at which one may be aboard.
func (t *Trip) span() (first, last int32) {
	first, last = t.Calls[0].Depart, t.Calls[len(t.Calls)-1].Arrive
	length := last - first
	for i, f := range t.Frequencies {
		if i == 0 || f.Start < first {
			first = f.Start
		}
		if i == 0 || f.End+length > last {
			last = f.End + length
		}
	}
	return first, last
}

// zero is the second of all time at which the clock of a service day shows 0: noon less 12
// hours, which is midnight but where clocks change in the morning.
func zero(d Day, zone *time.Location) int64 {
	at := d.Date()
	return time.Date(at.Year(), at.Month(), at.Day(), 12, 0, 0, 0, zone).Unix() - 12*3600
}

// activeOffer is an offer that runs on a date: one adds shift to its times to have the clock
// of that date.
type activeOffer struct {
	offer int32
	on    Day // of service, counted from that date
	shift int32
}

// active lists what runs while people may travel on a date: that of this service day, of the
// days before, and, for zones to the east, of the next. The key tells it from other dates.
func (c *compiler) active(d Day) (active []activeOffer, key string) {
	base := zero(d, c.options.Zone)
	for i := range c.offers {
		o := &c.offers[i]
		days := c.feeds[o.feed].Services[o.service].Days
		back := Day(max(o.to, 0)/86400) + 2
		for on := d - back; on <= d+2; on++ {
			if _, runs := slices.BinarySearch(days, on); !runs {
				continue
			}
			shift := int32(zero(on, o.zone) - base)
			if o.from+shift < latest && o.to+shift > earliest {
				active = append(active, activeOffer{int32(i), on - d, shift})
				key += fmt.Sprintf("%d %d %d,", i, on-d, shift)
			}
		}
	}
	return active, key
}

// size is how many calls the offers of a date have at most, once frequencies are repeated.
func (c *compiler) size(active []activeOffer) (calls int) {
	for _, a := range active {
		o := &c.offers[a.offer]
		for _, i := range o.trips {
			t := &c.feeds[o.feed].Trips[i]
			calls += len(t.Calls) * t.Departures()
		}
	}
	return calls
}

// count tells what of the reference weeks is left out.
func (c *compiler) count() {
	c.left.Branches = len(c.branches)
	if c.options.Wheelchair {
		for s := range c.stops {
			if c.stopOf(int32(s)).Wheelchair != Yes {
				c.left.Steps++
			}
		}
	}
	for f := range c.feeds {
		feed := &c.feeds[f]
		for i := range feed.Trips {
			t := &feed.Trips[i]
			if !c.runsInWeeks(&feed.Services[t.Service]) {
				continue
			}
			switch {
			case feed.Lines[t.Line].Type == School && !c.options.School:
				c.left.School++
			case c.options.Wheelchair && t.Wheelchair != Yes:
				c.left.Wheelchair++
			case !c.options.OnRequest:
				for k := range t.Calls {
					if t.Calls[k].Pickup >= ByPhone || t.Calls[k].Drop >= ByPhone {
						c.left.OnRequest++
					}
				}
			}
		}
	}
}

func (c *compiler) runsInWeeks(s *Service) bool {
	at, _ := slices.BinarySearch(s.Days, c.options.From)
	return at < len(s.Days) && s.Days[at] < c.options.From+ReferenceDays
}
