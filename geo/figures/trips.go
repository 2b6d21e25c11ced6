package figures

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Trips is how some people get to sites that offer a service by bus, and back, within a
// cut-off.
type Trips struct {
	Part   int32 // whose they are; -1: nobody lives in the cell
	People int   // who live in the part
	Sites  []SiteTrips
	Left   int // sites beyond those listed
	// Stop is the one that is walked to soonest, and StopSeconds the walk; -1: none is near.
	Stop, StopSeconds int32
	// Where no site is listed, Shut is the nearest that one would get to, and back from, were
	// it open at other times; -1: none is within the cut-off.
	Shut int32
}

// SiteTrips is how to get to a site and back. Minutes is the shortest way out of all that
// counts, on foot or by bus; Hours, those a week that count.
type SiteTrips struct {
	Site    int32
	Minutes float64
	OnFoot  bool // it is within the cut-off on foot
	Hours   float64
	Visits  []WeekVisit
	Left    int // visits beyond those listed
}

// WeekVisit is a visit of some weeks of the cycle that is the same in each: that of the first
// date, and the others.
type WeekVisit struct {
	transit.Visit
	Weekday int   // from 1, Monday
	Weeks   []int // of the cycle, ascending from 1
	Dates   []transit.Day
}

// What is listed for a cell.
const (
	maxTripSites = 3
	maxVisits    = 60
)

// TripsFrom is how the people of the most inhabited part of a row get to sites within a
// cut-off: to the nearest that count, the nearest first.
func TripsFrom(e *edition.Edition, row int32, service lieu.Service, cutoff geo.Cost) *Trips {
	out := &Trips{Part: -1, Stop: -1, Shut: -1}
	for _, p := range PartsOf(e, row) {
		if n := int(e.People[p]); n > out.People {
			out.Part, out.People = p, n
		}
	}
	if out.Part < 0 {
		return out
	}
	if stop, seconds, ok := e.NearestStop(out.Part); ok {
		out.Stop, out.StopSeconds = stop, seconds
	}
	type near struct {
		site  int32
		time  geo.Cost
		slots *lieu.Slots
	}
	var counting []near
	shut := geo.Cost(0)
	steps, costs := e.Access[geo.Transit].Within.Row(out.Part)
	for k, site := range steps {
		s := &e.Sites[site]
		if s.Of(service) != 0 || !s.Horaires.Known || geo.Cost(costs[k]) > cutoff {
			continue
		}
		slots := e.Access[geo.Transit].Within.SlotsOf(out.Part, k)
		if slots == nil {
			slots = s.Horaires.Count(false)
		}
		time := e.Access[geo.Transit].Within.TimeOf(out.Part, k)
		if slots.Len() == 0 {
			if out.Shut < 0 || geo.Cost(costs[k]) < shut {
				out.Shut, shut = int32(site), geo.Cost(costs[k])
			}
			continue
		}
		if last := len(counting) - 1; last >= 0 && counting[last].site == int32(site) {
			counting[last] = near{int32(site), time, slots} // a later step gives more
		} else {
			counting = append(counting, near{int32(site), time, slots})
		}
	}
	slices.SortFunc(counting, func(a, b near) int { return cmp.Or(cmp.Compare(a.time, b.time), cmp.Compare(a.site, b.site)) })
	if len(counting) > 0 {
		out.Shut = -1
	}
	out.Left = max(0, len(counting)-maxTripSites)
	for _, n := range counting[:len(counting)-out.Left] {
		s := SiteTrips{Site: n.site, Minutes: n.time.Minutes(), Hours: access.SlotsToHours(uint16(n.slots.Len())),
			OnFoot: onFoot(e, out.Part, n.site, cutoff), Visits: byWeek(e.Visits(out.Part, n.site, cutoff))}
		s.Left = max(0, len(s.Visits)-maxVisits)
		s.Visits = s.Visits[:len(s.Visits)-s.Left]
		out.Sites = append(out.Sites, s)
	}
	return out
}

// onFoot reports whether a part walks to a site within a cut-off.
func onFoot(e *edition.Edition, part, site int32, cutoff geo.Cost) bool {
	sites, costs := e.Access[geo.Walk].Within.Row(part)
	k, found := slices.BinarySearch(sites, uint16(site))
	return found && geo.Cost(costs[k]) <= cutoff
}

// byWeek gathers visits of one weekday that are the same to who makes them, by weekday and
// then by when one leaves.
func byWeek(visits []transit.Visit) (out []WeekVisit) {
	for _, v := range visits {
		week, weekday := v.Day.Cycle()
		k := slices.IndexFunc(out, func(w WeekVisit) bool { return w.Weekday == weekday && same(&w.Visit, &v) })
		if k < 0 {
			k = len(out)
			out = append(out, WeekVisit{Visit: v, Weekday: weekday})
		}
		out[k].Weeks, out[k].Dates = append(out[k].Weeks, week), append(out[k].Dates, v.Day)
	}
	for k := range out {
		slices.Sort(out[k].Weeks)
	}
	slices.SortStableFunc(out, func(a, b WeekVisit) int {
		return cmp.Or(cmp.Compare(a.Weekday, b.Weekday), cmp.Compare(a.Out.Leave, b.Out.Leave), cmp.Compare(a.Dates[0], b.Dates[0]))
	})
	return out
}

// same reports whether two visits are told alike: by which trip of a line is all one.
func same(a, b *transit.Visit) bool {
	alike := func(a, b *transit.Journey) bool {
		return a.Leave == b.Leave && a.Arrive == b.Arrive && slices.Equal(a.Walks, b.Walks) && slices.EqualFunc(a.Rides, b.Rides, func(x, y transit.Ride) bool {
			x.Trip, y.Trip = 0, 0
			return x == y
		})
	}
	return a.First == b.First && a.End == b.End && alike(&a.Out, &b.Out) && alike(&a.Back, &b.Back)
}
