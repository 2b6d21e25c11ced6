package main

import (
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

// reason is why a program answers otherwise than the rules of a journey say. It explains an
// answer that lies between what one finds who may do more, and what one finds without some
// vehicles.
type reason struct {
	of      []string // programs
	what    string
	rides   int                                  // more than the rules let; 0: no more
	without func(*date, *rider.Vehicle) bool     // vehicles that the program may miss
	altered func(v *rider.Vehicle) rider.Vehicle // vehicles as the program may take them to be; nil: as they are
	mended  int                                  // asked when it is mended in so many ways, it answers otherwise
}

// unlimited is more rides than any journey within an hour has.
const unlimited = 30

var reasons = []reason{
	{of: rivals, what: "it knows no trips of the day before", without: func(d *date, v *rider.Vehicle) bool { return v.On != d.day }},
	{of: rivals[:1], what: "of a stop where a trip calls twice it knows the last call alone, and boards at the first whoever is in time for the last",
		without: func(d *date, v *rider.Vehicle) bool { return loop(d.feed.Trips[v.Trip].Calls) }, altered: asAtLast},
	{of: rivals[:1], what: "it takes trips of one line and the same stops not to overtake each other", without: func(d *date, v *rider.Vehicle) bool {
		return d.overtaken(true)[d.pattern(v, true)]
	}},
	{of: rivals[1:], what: "it takes trips of the same stops not to overtake each other", without: func(d *date, v *rider.Vehicle) bool {
		return d.overtaken(false)[d.pattern(v, false)]
	}},
	{of: rivals[1:], what: "it rides as often as one likes", rides: unlimited},
	{of: rivals[1:], what: "it looks for a trip from where it last found one, even for a later time", mended: 1},
	{of: rivals[1:], what: "it leaves a trip for a later one where it comes before it could have changed there", mended: 2},
}

// asAtLast is a vehicle that waits at each stop until it leaves it for the last time, for those
// who board.
func asAtLast(v *rider.Vehicle) rider.Vehicle {
	leaves := map[int32]int32{}
	for _, c := range v.Calls {
		leaves[c.Stop] = c.Depart
	}
	out := *v
	out.Calls = slices.Clone(v.Calls)
	for i := range out.Calls {
		out.Calls[i].Depart = leaves[out.Calls[i].Stop]
	}
	return out
}

// date is what runs on a date.
type date struct {
	feed     *transit.Feed
	day      transit.Day
	vehicles []rider.Vehicle
	walks    *footpaths
	changes  [][]rider.Walk
	known    map[bool]map[string]bool // of overtaken
}

func newDate(f *transit.Feed, day transit.Day, vehicles []rider.Vehicle, walks *footpaths) *date {
	return &date{f, day, vehicles, walks, walks.changes(), map[bool]map[string]bool{}}
}

// arrival is when one is there who tries every vehicle, by so many rides, until a time.
func (d *date) arrival(q question, vehicles []rider.Vehicle, rides int, until int32) int32 {
	return rider.Arrival(vehicles, d.changes, rider.Question{Leave: q.leave, Until: until, From: d.walks.around(q.from), To: d.walks.around(q.to), Rides: rides})
}

// explain tells why a program gives an answer to a question, where the rules give another; "":
// for no reason that is known. One reason is preferred to several.
func (d *date) explain(program string, q question, rules, said int32, again []int32) string {
	var all reason
	var missed []func(*date, *rider.Vehicle) bool
	for _, r := range reasons {
		if !slices.Contains(r.of, program) {
			continue
		}
		if d.explains(r, q, rules, said, again) {
			return r.what
		}
		if r.altered != nil {
			all.altered = r.altered
		}
		all.rides, all.mended = max(all.rides, r.rides), max(all.mended, r.mended)
		if r.without != nil {
			missed = append(missed, r.without)
		}
	}
	all.without = func(d *date, v *rider.Vehicle) bool {
		return slices.ContainsFunc(missed, func(without func(*date, *rider.Vehicle) bool) bool { return without(d, v) })
	}
	if d.explains(all, q, rules, said, again) {
		return "several of these together"
	}
	return ""
}

// explains reports whether an answer is between what one finds who may do more, and what one
// finds without what the program may miss.
func (d *date) explains(r reason, q question, rules, said int32, again []int32) bool {
	if r.mended > 0 {
		said = again[r.mended-1]
	}
	best, worst := rules, rules
	if r.rides > 0 || r.altered != nil {
		vehicles := d.vehicles
		if r.altered != nil {
			vehicles = nil
			for i := range d.vehicles {
				vehicles = append(vehicles, r.altered(&d.vehicles[i]))
			}
		}
		// Who boards a vehicle that has left is back in time: they may come from later.
		best = d.arrival(q, vehicles, max(r.rides, maxRides), rider.Never)
	}
	if r.without != nil {
		without := slices.DeleteFunc(slices.Clone(d.vehicles), func(v rider.Vehicle) bool { return r.without(d, &v) })
		worst = d.arrival(q, without, maxRides, q.leave+hour)
	}
	return best <= said && said <= worst
}

// pattern is what a program takes to be one sequence of trips: those of the same stops, or of
// the same line as well.
func (d *date) pattern(v *rider.Vehicle, byLine bool) string {
	var key []byte
	if byLine {
		key = fmt.Append(key, d.feed.Trips[v.Trip].Line, ":")
	}
	for _, c := range v.Calls {
		key = fmt.Append(key, c.Stop, " ")
	}
	return string(key)
}

// overtaken are the patterns of which a trip of the date is somewhere before one that started
// no later, or started with one that is not the same.
func (d *date) overtaken(byLine bool) map[string]bool {
	if d.known[byLine] != nil {
		return d.known[byLine]
	}
	out, groups := map[string]bool{}, map[string][]*rider.Vehicle{}
	for i := range d.vehicles {
		v := &d.vehicles[i]
		key := d.pattern(v, byLine)
		groups[key] = append(groups[key], v)
	}
	for key, group := range groups {
		for _, a := range group {
			for _, b := range group {
				if a.Calls[0].Depart > b.Calls[0].Depart {
					continue
				}
				for k := range a.Calls {
					x, y := a.Calls[k], b.Calls[k]
					if x.Arrive > y.Arrive || x.Depart > y.Depart {
						out[key] = true
					}
				}
			}
		}
	}
	d.known[byLine] = out
	return out
}
