// Package access computes, for every part of the grid, the time to the nearest
// lieu of each service and who reaches which site within the hour; from that, the
// weekly open hours for any cut-off. Times are exact integers (see [geo.Cost]):
// the same inputs give the same tables whatever the number of processors.
//
//	Table    all journeys of one mode
//	Nearest  per part, the nearest site of one service, however far
//	Within   per part, every site within Horizon, with its time
//	Hours    per part, the open slots within a cut-off: the union over sites
package access

import (
	"errors"
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// Horizon is the longest cut-off that can be asked: who reaches which site is
// kept up to it.
const Horizon = 60 * geo.Minute

// Table holds every journey of one mode, from parts to sites, immutable once
// computed. In one of before version 0.8 nobody looked for [lieu.FranceServices]: those
// journeys are empty. Memory: 5 bytes a part for the legs, 7 bytes a part and service for
// the nearest sites, 4 bytes for each pair (part, site) within Horizon.
type Table struct {
	Leg     network.Legs // of the parts
	SiteLeg network.Legs // of the sites; a site off the network is reached by nobody
	Nearest [lieu.NumTargets]Nearest
	Within  Within
}

// Nearest is the journey of every part to the nearest site that offers a service.
type Nearest struct {
	Reach []geo.Reach
	Cost  []geo.Cost
	Site  []uint16 // position of the site; Nowhere unless Reached
}

// Nowhere is no site.
const Nowhere = MaxSites

// SiteOf is the position of the site that a part goes to; -1 unless it is reached.
func (n *Nearest) SiteOf(part int32) int32 {
	if n.Site[part] == Nowhere {
		return -1
	}
	return int32(n.Site[part])
}

// At is the journey of one part.
func (n *Nearest) At(part int32) geo.Access {
	return geo.Access{Reach: n.Reach[part], Cost: n.Cost[part]}
}

// Within lists, for every part, the steps to the sites within Horizon (see [network]): by
// streets, one for each site. Invariants (see Check):
//   - len(First) == parts+1; the steps of part i are positions First[i]:First[i+1]
//   - the sites of a part ascend; of one site, costs ascend, and slots hold those before
//   - Cost ≤ Horizon, in deciseconds
type Within struct {
	First []uint32
	Site  []uint16
	Cost  []uint16

	// Counted is nil where every open slot of a site counts. Else it is, for every step, 0
	// for all of them, or the position in Slots plus one; and Time is the way out, at most Cost.
	Counted []uint32
	Time    []uint16
	Slots   []lieu.Slots
}

// Row gives the sites of the steps of a part, and their costs.
func (w *Within) Row(part int32) (sites []uint16, costs []uint16) {
	a, b := w.First[part], w.First[part+1]
	return w.Site[a:b], w.Cost[a:b]
}

// TimeOf gives the time of the way out of a step, by its position in the row of a part.
func (w *Within) TimeOf(part int32, step int) geo.Cost {
	if w.Time == nil {
		return geo.Cost(w.Cost[int(w.First[part])+step])
	}
	return geo.Cost(w.Time[int(w.First[part])+step])
}

// SlotsOf gives the slots of a step, by its position in the row of a part; nil: all.
func (w *Within) SlotsOf(part int32, step int) *lieu.Slots {
	if w.Counted == nil {
		return nil
	}
	if n := w.Counted[int(w.First[part])+step]; n > 0 {
		return &w.Slots[n-1]
	}
	return nil
}

// At is which sites are within a limit (inclusive): one step for each part and site, of
// the least cost and the most slots, and the shortest way out. Where every slot counts it is w itself, whose costs are
// left to be compared with the limit.
func (w *Within) At(limit geo.Cost) *Within { return w.at(limit, false) }

// Journeys is At without the steps that do not count: who gets to what when it is open.
func (w *Within) Journeys(limit geo.Cost) *Within { return w.at(limit, true) }

func (w *Within) at(limit geo.Cost, counting bool) *Within {
	if w.Counted == nil {
		return w
	}
	out := &Within{First: make([]uint32, len(w.First)), Counted: []uint32{}, Time: []uint16{}, Slots: w.Slots}
	for part := range len(w.First) - 1 {
		first := len(out.Site)
		for k := w.First[part]; k < w.First[part+1]; k++ {
			switch last := len(out.Site) - 1; {
			case geo.Cost(w.Cost[k]) > limit || counting && !w.counts(k):
			case last >= first && out.Site[last] == w.Site[k]:
				out.Counted[last], out.Time[last] = w.Counted[k], w.Time[k]
			default:
				out.Site, out.Cost, out.Counted, out.Time = append(out.Site, w.Site[k]), append(out.Cost, w.Cost[k]), append(out.Counted, w.Counted[k]), append(out.Time, w.Time[k])
			}
		}
		out.First[part+1] = uint32(len(out.Site))
	}
	return out
}

// counts reports whether a step counts.
func (w *Within) counts(step uint32) bool {
	return w.Counted == nil || w.Counted[step] == 0 || network.Counts(&w.Slots[w.Counted[step]-1])
}

// Soonest is the shortest way out of a part to one of the sites that may be looked at, of the
// journeys within a limit that count; false: there is none. Of ways that are as short it is that
// to the first. w is what [Within.Journeys] gave for the limit.
func (w *Within) Soonest(part int32, limit geo.Cost, may func(site uint16) bool) (time geo.Cost, site uint16, ok bool) {
	sites, costs := w.Row(part)
	for k, s := range sites {
		if geo.Cost(costs[k]) > limit || !may(s) {
			continue
		}
		if t := w.TimeOf(part, k); !ok || t < time {
			time, site, ok = t, s, true
		}
	}
	return time, site, ok
}

// Bytes is the memory that w takes: 4 bytes a step and 4 a part; where not every slot
// counts, 6 more a step, and the slots.
func (w *Within) Bytes() int {
	return 4*len(w.First) + 2*len(w.Site) + 2*len(w.Cost) + 4*len(w.Counted) + 2*len(w.Time) + 8*len(lieu.Slots{})*len(w.Slots)
}

// Check proves the invariants of a table that was read from a file.
func (t *Table) Check(parts, sites int) error {
	if len(t.Leg.Reach) != parts || len(t.Leg.Cost) != parts || len(t.SiteLeg.Reach) != sites || len(t.SiteLeg.Cost) != sites {
		return errors.New("access: the legs do not match the parts and sites")
	}
	for s := range t.Nearest {
		n := &t.Nearest[s]
		if lieu.Service(s) == lieu.FranceServices && n.Reach == nil {
			continue
		}
		if len(n.Reach) != parts || len(n.Cost) != parts || len(n.Site) != parts {
			return fmt.Errorf("access: target %d does not match the parts", s)
		}
		for i, r := range n.Reach {
			if r > geo.Reached || (r == geo.Reached) != (n.Site[i] != Nowhere) || n.Site[i] != Nowhere && int(n.Site[i]) >= sites {
				return fmt.Errorf("access: target %d: part %d is inconsistent", s, i)
			}
		}
	}
	w := &t.Within
	if len(w.First) != parts+1 || w.First[0] != 0 || int(w.First[parts]) != len(w.Site) || len(w.Site) != len(w.Cost) || len(w.Time) != len(w.Counted) || w.Counted != nil && len(w.Counted) != len(w.Site) {
		return errors.New("access: the reach lists do not match the parts")
	}
	for k, n := range w.Counted {
		if n > uint32(len(w.Slots)) {
			return fmt.Errorf("access: step %d has slots that are not there", k)
		}
		if w.Time[k] > w.Cost[k] {
			return fmt.Errorf("access: the way out of step %d is longer than the step", k)
		}
	}
	for i := range parts {
		if w.First[i+1] < w.First[i] {
			return fmt.Errorf("access: reach list of part %d is out of order", i)
		}
		row, costs := w.Row(int32(i))
		for j, s := range row {
			if int(s) >= sites || geo.Cost(costs[j]) > Horizon || j > 0 && (s < row[j-1] || s == row[j-1] && !w.grows(int32(i), j)) {
				return fmt.Errorf("access: reach list of part %d is inconsistent", i)
			}
		}
	}
	return nil
}

// grows reports whether a step gives more than the one before it, to the same site, for a
// longer cut-off.
func (w *Within) grows(part int32, step int) bool {
	if w.Counted == nil {
		return false
	}
	k := int(w.First[part]) + step
	was, is := w.Counted[k-1], w.Counted[k]
	if w.Cost[k] <= w.Cost[k-1] || was == 0 {
		return false
	}
	if is == 0 {
		return true
	}
	both := w.Slots[was-1]
	both.Union(&w.Slots[is-1])
	return both == w.Slots[is-1] && (was != is || w.Time[k] < w.Time[k-1])
}
