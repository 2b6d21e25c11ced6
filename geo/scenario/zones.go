package scenario

import (
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/network"
)

// ZonesChange says what becomes of the zones blanches. Zones that keep their cells and
// people are not listed, even when their nearest lieu changes.
type ZonesChange struct {
	Before  ZonesCount   `json:"before"`
	After   ZonesCount   `json:"after"`
	Changes []ZoneChange `json:"changes"` // most people before first

	all []coverage.Zone // after
}

// ZonesCount counts zones and their people.
type ZonesCount struct {
	Zones  int `json:"zones"`
	People int `json:"people"`
}

// Fate is what becomes of a zone.
type Fate string

// The fates.
const (
	Vanished Fate = "disparue"
	Shrunk   Fate = "réduite"
	Split    Fate = "scindée"
	New      Fate = "nouvelle"
	Grown    Fate = "agrandie"
	Merged   Fate = "réunie"
	Redrawn  Fate = "redessinée" // several into several
)

// ZoneChange is one zone, or some that share cells, before and after.
type ZoneChange struct {
	Fate   Fate       `json:"fate"`
	Before []ZoneJSON `json:"before"`
	After  []ZoneJSON `json:"after"`
}

// ZoneJSON is one zone blanche. AccessMin is the median time to a lieu.
type ZoneJSON struct {
	Nom       string   `json:"nom"` // of the commune of most of its people
	Commune   string   `json:"commune"`
	People    int      `json:"people"`
	Cells     int      `json:"cells"`
	AreaKm2   float64  `json:"area_km2"`
	AccessMin *float64 `json:"access_min,omitempty"`
}

// zonesChange finds zones again around the cells that change, and compares them.
func (v *evaluation) zonesChange() ZonesChange {
	dirty := map[int32]bool{} // zones of before
	var seeds []int32         // blanche cells that may be in a new or changed zone
	touch := func(cell int32) {
		if z := v.was.zoneOf[cell]; z >= 0 && !dirty[z] {
			dirty[z] = true
			seeds = append(seeds, v.was.zones[z].Cells...)
		}
	}
	if v.was != v.Base { // what is around the cells that change is not what it was
		seeds = network.All(len(v.zoneOf))
		for z := range v.was.zones {
			dirty[int32(z)] = true
		}
	}
	last := int32(-1)
	for _, part := range v.moved {
		cell := v.e.Grid.Parts[part].Cell
		if cell == last || v.e.People[part] == 0 || v.was.before(part).Class != coverage.Blanche && v.now(part).Class != coverage.Blanche {
			continue
		}
		last = cell
		touch(cell)
		if v.was.zoneOf[cell] < 0 { // new in the class: it may join its neighbours
			seeds = append(seeds, cell)
			for _, n := range v.e.Adjacency[6*cell : 6*cell+6] {
				if n >= 0 {
					touch(n)
				}
			}
		}
	}
	order := func(label int32) int32 {
		if label < 0 {
			return label
		}
		return v.plan.order[label]
	}
	c := ZonesChange{Before: countZones(v.was.zones), Changes: []ZoneChange{}}
	for z := range v.was.zones {
		if !dirty[int32(z)] {
			c.all = append(c.all, v.was.zones[z])
		}
	}
	fresh := len(c.all)
	for _, cell := range seeds {
		if !v.ground.Holds(cell, coverage.Blanche, v.w.class) {
			continue
		}
		if z, ok := v.w.finder.Zone(cell, v.w.class, &v.w.journeys.now, order); ok {
			c.all = append(c.all, z)
		}
	}
	for i := range c.all[fresh:] {
		v.w.finder.Forget(&c.all[fresh+i])
	}
	v.fates(&c, dirty, c.all[fresh:])
	for i := range c.all {
		if z := &c.all[i]; z.Nearest >= 0 {
			z.Nearest = v.plan.order[z.Nearest]
		}
	}
	coverage.SortZones(c.all)
	c.After = countZones(c.all)
	return c
}

func countZones(zones []coverage.Zone) ZonesCount {
	n := ZonesCount{Zones: len(zones)}
	for i := range zones {
		n.People += zones[i].People
	}
	return n
}

// fates groups the zones of before and after that share cells.
func (v *evaluation) fates(c *ZonesChange, dirty map[int32]bool, fresh []coverage.Zone) {
	type group struct{ before, after []int32 }
	var groups []*group
	of := map[int32]*group{} // by zone of before
	for k := range fresh {
		g := &group{after: []int32{int32(k)}}
		for _, cell := range fresh[k].Cells {
			z := v.was.zoneOf[cell]
			if z < 0 || slices.Contains(g.before, z) {
				continue
			}
			if other := of[z]; other != nil { // it was split: both parts are one group
				g.before, g.after = append(g.before, other.before...), append(g.after, other.after...)
				other.before, other.after = nil, nil
			} else {
				g.before = append(g.before, z)
			}
			for _, z := range g.before {
				of[z] = g
			}
		}
		groups = append(groups, g)
	}
	for z := range v.was.zones {
		if dirty[int32(z)] && of[int32(z)] == nil {
			groups = append(groups, &group{before: []int32{int32(z)}})
		}
	}
	for _, g := range groups {
		if len(g.before)+len(g.after) == 0 {
			continue
		}
		if len(g.before) == 1 && len(g.after) == 1 {
			was, is := &v.was.zones[g.before[0]], &fresh[g.after[0]]
			if was.People == is.People && slices.Equal(was.Cells, is.Cells) {
				continue
			}
		}
		slices.Sort(g.before)
		slices.Sort(g.after)
		x := ZoneChange{Before: []ZoneJSON{}, After: []ZoneJSON{}}
		people := 0
		for _, z := range g.before {
			x.Before = append(x.Before, v.zoneJSON(&v.was.zones[z]))
			people -= v.was.zones[z].People
		}
		for _, z := range g.after {
			x.After = append(x.After, v.zoneJSON(&fresh[z]))
			people += fresh[z].People
		}
		slices.SortStableFunc(x.After, func(a, b ZoneJSON) int { return b.People - a.People })
		switch b, a := len(g.before), len(g.after); {
		case a == 0:
			x.Fate = Vanished
		case b == 0:
			x.Fate = New
		case b > 1 && a > 1:
			x.Fate = Redrawn
		case a > 1:
			x.Fate = Split
		case b > 1:
			x.Fate = Merged
		case people > 0:
			x.Fate = Grown
		default:
			x.Fate = Shrunk
		}
		c.Changes = append(c.Changes, x)
	}
	weight := func(c *ZoneChange) (n int) {
		for _, z := range c.Before {
			n += z.People
		}
		return n
	}
	slices.SortStableFunc(c.Changes, func(a, b ZoneChange) int { return weight(&b) - weight(&a) })
}

func (v *evaluation) zoneJSON(z *coverage.Zone) ZoneJSON {
	home := &v.e.Division.Communes[z.Communes[0].Commune]
	out := ZoneJSON{Nom: home.Nom, Commune: home.Code, People: z.People, Cells: len(z.Cells), AreaKm2: decimal.Round(z.AreaKm2, 3)}
	if z.Median.Reach == geo.Reached {
		m := decimal.Round(z.Median.Cost.Minutes(), 1)
		out.AccessMin = &m
	}
	return out
}
