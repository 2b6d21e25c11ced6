// Package access computes, for every part of the grid, the time to the nearest
// lieu of each service and who reaches which site within the hour; from that, the
// weekly open hours for any cut-off. Times are exact integers (see [geo.Cost]):
// the same inputs give the same tables whatever the number of processors.
//
//	Table    all trips of one mode
//	Nearest  per part, the nearest site of one service, however far
//	Within   per part, every site within Horizon, with its time
//	Supply   per part, the open slots within a cut-off: the union over sites
package access

import (
	"errors"
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Horizon is the longest cut-off that can be asked: who reaches which site is
// kept up to it.
const Horizon = 60 * geo.Minute

// Table holds every trip of one mode, from parts to sites, immutable once
// computed. Memory: 5 bytes a part for the legs, 7 bytes a part and service for
// the nearest sites, 4 bytes for each pair (part, site) within Horizon.
type Table struct {
	Leg     Legs // of the parts
	SiteLeg Legs // of the sites; a site off the network is reached by nobody
	Nearest [lieu.NumServices]Nearest
	Within  Within
}

// Legs are the access legs on foot between places and the road network. Their
// Reach is Reached or NoRoadNearby. They are included in every time.
type Legs struct {
	Reach []geo.Reach
	Cost  []geo.Cost
}

// Nearest is the trip of every part to the nearest site that offers a service.
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

// At is the trip of one part.
func (n *Nearest) At(part int32) geo.Access {
	return geo.Access{Reach: n.Reach[part], Cost: n.Cost[part]}
}

// Within lists, for every part, the sites within Horizon. Invariants (see Check):
//   - len(First) == parts+1; the sites of part i are positions First[i]:First[i+1]
//   - the sites of a part ascend; Cost ≤ Horizon, in deciseconds
type Within struct {
	First []uint32
	Site  []uint16
	Cost  []uint16
}

// Row gives the sites of a part and their times.
func (w *Within) Row(part int32) (sites []uint16, costs []uint16) {
	a, b := w.First[part], w.First[part+1]
	return w.Site[a:b], w.Cost[a:b]
}

// Bytes is the memory that w takes: 4 bytes a pair and 4 a part.
func (w *Within) Bytes() int { return 4*len(w.First) + 2*len(w.Site) + 2*len(w.Cost) }

// Check proves the invariants of a table that was read from a file.
func (t *Table) Check(parts, sites int) error {
	if len(t.Leg.Reach) != parts || len(t.Leg.Cost) != parts || len(t.SiteLeg.Reach) != sites || len(t.SiteLeg.Cost) != sites {
		return errors.New("access: the legs do not match the parts and sites")
	}
	for s := range t.Nearest {
		n := &t.Nearest[s]
		if len(n.Reach) != parts || len(n.Cost) != parts || len(n.Site) != parts {
			return fmt.Errorf("access: service %s does not match the parts", lieu.Service(s))
		}
		for i, r := range n.Reach {
			if r > geo.Reached || (r == geo.Reached) != (n.Site[i] != Nowhere) || n.Site[i] != Nowhere && int(n.Site[i]) >= sites {
				return fmt.Errorf("access: service %s: part %d is inconsistent", lieu.Service(s), i)
			}
		}
	}
	w := &t.Within
	if len(w.First) != parts+1 || w.First[0] != 0 || int(w.First[parts]) != len(w.Site) || len(w.Site) != len(w.Cost) {
		return errors.New("access: the reach lists do not match the parts")
	}
	for i := range parts {
		if w.First[i+1] < w.First[i] {
			return fmt.Errorf("access: reach list of part %d is out of order", i)
		}
		row, costs := w.Row(int32(i))
		for j, s := range row {
			if int(s) >= sites || geo.Cost(costs[j]) > Horizon || j > 0 && s <= row[j-1] {
				return fmt.Errorf("access: reach list of part %d is inconsistent", i)
			}
		}
	}
	return nil
}
