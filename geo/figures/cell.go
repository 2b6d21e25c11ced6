package figures

import (
	"cmp"
	"fmt"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Cell is what is known of one row of the pyramid. Its means are over its people, or over
// its area where nobody lives.
type Cell struct {
	Cell       grid.Cell
	Resolution int
	AreaKm2    float64
	People     int
	Opens      bool           // a lieu within the cut-off is known to be open at some hour
	Class      coverage.Class // of most people
	Communes   []coverage.CommunePeople
	Minutes    float64   // to the nearest lieu, of those who reach one; NaN: none
	Reach      geo.Reach // Reached when anybody reaches a lieu, else the most frequent cause
	Hours      float64   // a week within the cut-off, of those for whom they are known; NaN: none
	Moments    Moments   // when a moment was asked for
	Sites      []NearSite
	ToCheck    coverage.ToCheck
	Asks       []edition.Ask    // of those of its people who are not couverts
	Publics    *publics.Figures // nil: nothing is known of them
	// Of its people without an hour by timetable, those whom transport on demand could give
	// some (nil: see [edition.Answer.Reservations]), and the zones that hold homes of the cell.
	Reservation *edition.ReservationJSON
	Zones       []transit.DemandZone
}

// NearSite is a site that people of a cell reach.
type NearSite struct {
	Site    int32
	Minutes float64       // mean of the parts that reach it
	Moment  access.Moment // when a moment was asked for: for the part that finds most
	Counted float64       // hours a week that count, mean of these parts; NaN: unknown, or by streets, where all do
}

// CellMoment is a moment that a cell is asked for.
type CellMoment struct {
	Week *Week
	Slot int // of the week
}

// CellOf is what is known of a row. at is nil when no moment is asked for; most is how
// many sites are listed.
func CellOf(e *edition.Edition, row int32, a *edition.Answer, at *CellMoment, most int) (*Cell, error) {
	level, cell, _ := e.Pyramid.Row(row)
	area, err := cell.AreaKm2()
	if err != nil {
		return nil, fmt.Errorf("cell %s: %w", cell, err)
	}
	parts := PartsOf(e, row)
	out := &Cell{Cell: cell, Resolution: level.Resolution, AreaKm2: area, Communes: communesOf(e, parts)}
	var tally coverage.Tally
	for _, p := range parts {
		tally.Add(a.Class[p], int(e.People[p]))
		out.ToCheck.Add(coverage.Liftable(a.Hours.At(p), a.Query.MinHours), int(e.People[p]))
		out.People += int(e.People[p])
	}
	out.Class = tally.Worst()
	out.Publics = e.PublicsIn(a, parts, nil)
	out.Reservation = a.ReservationsOf(func(yield func(part, people int32) bool) {
		for _, p := range parts {
			if !yield(p, e.People[p]) {
				return
			}
		}
	})
	if out.Reservation != nil {
		out.Zones = e.ZonesOf(parts)
	}
	if out.Asks = []edition.Ask{}; len(parts) > 0 {
		out.Asks = e.Asks(a, parts)
	}
	weight := func(p int32) float64 { return float64(e.People[p]) }
	if out.People == 0 {
		weight = func(p int32) float64 { return e.Grid.Parts[p].AreaKm2 }
	}
	out.Opens = slices.ContainsFunc(parts, func(p int32) bool {
		set := a.Sets.Of[p]
		return set >= 0 && slices.ContainsFunc(a.Sets.Members[set], func(site uint16) bool {
			s := &e.Sites[site]
			return s.Offers(a.Query.Service) && s.Horaires.Known && s.Horaires.Count(a.Query.Appointments).Len() > 0
		})
	})
	var times, hours mean
	var reach [geo.Reached + 1]float64
	for _, p := range parts {
		w := weight(p)
		reach[a.Nearest.Reach[p]] += w
		if near := a.Nearest.At(p); near.Reach == geo.Reached {
			times.add(near.Cost.Minutes(), w)
		}
		if h, ok := a.Hours.WeeklyHours(p); ok {
			hours.add(h, w)
		}
		if at != nil {
			out.Moments[at.Week.part(p, at.Slot)] += int(e.People[p])
		}
	}
	out.Minutes, out.Hours, out.Reach = times.of(), hours.of(), mostly(reach)
	out.Sites = nearSites(e, parts, a, weight, at, most)
	return out, nil
}

// PartsOf lists the parts of a row. H3 numbers the children of a cell in one run, so the
// parts of a row follow each other, in the order of the rows.
func PartsOf(e *edition.Edition, row int32) []int32 {
	level, _, _ := e.Pyramid.Row(row)
	var out []int32
	for i, l := range e.Pyramid.Levels {
		if l.Resolution != level.Resolution {
			continue
		}
		rows := e.Pyramid.Part[i]
		first, _ := slices.BinarySearch(rows, row)
		for p := first; p < len(rows) && rows[p] == row; p++ {
			out = append(out, int32(p))
		}
	}
	return out
}

// mostly is Reached when anybody reaches a lieu, else the most frequent cause.
func mostly(weight [geo.Reached + 1]float64) geo.Reach {
	if weight[geo.Reached] > 0 {
		return geo.Reached
	}
	best := geo.Unknown
	for _, r := range []geo.Reach{geo.NoRoadNearby, geo.NoPath} {
		if weight[r] > weight[best] {
			best = r
		}
	}
	return best
}

// communesOf lists the communes of parts, those of most people first.
func communesOf(e *edition.Edition, parts []int32) []coverage.CommunePeople {
	people := map[int32]int{}
	for _, p := range parts {
		people[e.Grid.Parts[p].Commune] += int(e.People[p])
	}
	out := make([]coverage.CommunePeople, 0, len(people))
	for c, n := range people {
		out = append(out, coverage.CommunePeople{Commune: c, People: n})
	}
	slices.SortFunc(out, func(a, b coverage.CommunePeople) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(e.Division.Communes[a.Commune].Code, e.Division.Communes[b.Commune].Code))
	})
	return out
}

// nearSites lists the sites within the cut-off, nearest first: the mean time of the parts
// that reach each. Where there is none, it lists the nearest one alone, however far; nothing
// when no part reaches any. At a moment, those that are open come before those of unknown
// hours, and these before those that are closed.
func nearSites(e *edition.Edition, parts []int32, a *edition.Answer, weight func(int32) float64, at *CellMoment, most int) []NearSite {
	times, hours, moments := map[int32]*mean{}, map[int32]*mean{}, map[int32]access.Moment{}
	within := e.Access[a.Query.Mode].Within.At(a.Query.Cutoff)
	add := func(site int32, cost geo.Cost, w float64) {
		if times[site] == nil {
			times[site] = &mean{}
		}
		times[site].add(cost.Minutes(), w)
	}
	// A part without people among inhabited ones weighs nothing: its lieux are not
	// those of the cell's people.
	for _, p := range parts {
		if weight(p) == 0 {
			continue
		}
		row, costs := within.Row(p)
		for j, site := range row {
			if geo.Cost(costs[j]) > a.Query.Cutoff || !e.Sites[site].Could(a.Query.Service) {
				continue
			}
			add(int32(site), within.TimeOf(p, j), weight(p))
			counted := within.SlotsOf(p, j)
			if h := &e.Sites[site].Horaires; within.Counted != nil && h.Known {
				slots := counted
				if slots == nil {
					slots = h.Count(a.Query.Appointments)
				}
				if hours[int32(site)] == nil {
					hours[int32(site)] = &mean{}
				}
				hours[int32(site)].add(access.SlotsToHours(uint16(slots.Len())), weight(p))
			}
			if at != nil {
				moments[int32(site)] = max(moments[int32(site)], access.MomentOf(&e.Sites[site], a.Query.Service, counted, at.Slot))
			}
		}
	}
	if len(times) == 0 {
		most = 1
		for _, p := range parts {
			if a.Nearest.Reach[p] == geo.Reached && weight(p) > 0 {
				add(a.Nearest.SiteOf(p), a.Nearest.Cost[p], weight(p))
			}
		}
	}
	out := make([]NearSite, 0, len(times))
	for site, m := range times {
		near := NearSite{Site: site, Minutes: m.of(), Counted: math.NaN()}
		if h := hours[site]; h != nil {
			near.Counted = h.of()
		}
		if moment, within := moments[site]; within {
			near.Moment = moment
		} else if at != nil {
			near.Moment = access.MomentOf(&e.Sites[site], a.Query.Service, nil, at.Slot)
		}
		out = append(out, near)
	}
	slices.SortFunc(out, func(x, y NearSite) int {
		return cmp.Or(cmp.Compare(y.Moment, x.Moment), cmp.Compare(x.Minutes, y.Minutes), cmp.Compare(x.Site, y.Site))
	})
	return out[:min(most, len(out))]
}
