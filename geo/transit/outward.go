package transit

import "github.com/aisne-numerique/maillage/geo/network"

// Outward is the ways out by bus to one site on one date, from everywhere. It is the scratch
// space of one goroutine.
type Outward struct {
	search *search
	from   *starts
}

// NewOutward is for the ways out from some starts.
func (n *Network) NewOutward(from network.Starts) *Outward {
	return &Outward{search: n.NewSearch().(*search), from: from.(*starts)}
}

// Toward finds the ways to a site on a date of the reference weeks, and forgets those found
// before.
func (o *Outward) Toward(to network.Sites, site int32, day Day) {
	s, t := o.search, o.search.net.timetable
	s.outOf.clear()
	s.out.search(t.tables[t.days[day-t.options.From]], &s.net.into, s.walksTo(to.(*sites), site))
	s.outOf.gather(s.out, t)
}

// Arrival is when who is at a start at a time may be at the site by bus at the soonest, both
// in seconds of the date, by the clock of the territory. Nobody leaves before 06:00, is there
// after 20:00 or is an hour on the way; false: there is no such way.
func (o *Outward) Arrival(start, leave int32) (arrive int32, ok bool) {
	p, ok := o.search.reach(o.from.byStart.of(start), o.search.outOf.at, longest).from(leave)
	return p.arrive(), ok
}
