package coverage

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// Zone is one zone blanche: a connected group of inhabited cells that hold
// people with no lieu within the cut-off.
type Zone struct {
	Cells    []int32 // positions in the grid, ascending
	People   int     // of the blanche parts only: Σ over zones = all people in blanche
	AreaKm2  float64 // sum of the cells' own H3 areas
	Communes []CommunePeople
	// Nearest is the site to which most of the people would go, -1 when nobody
	// reaches any.
	Nearest int32
	// Median is the median time of the people who reach a site.
	Median geo.Access
}

// CommunePeople is the people of one commune in a zone.
type CommunePeople struct {
	Commune int32
	People  int
}

// Ground is what zones are found on: it does not depend on the question.
type Ground struct {
	Grid      *grid.Grid
	Adjacency []int32 // from [grid.Grid.Adjacency]
	People    []int32 // of every part
}

// Zones groups the blanche cells. Zones come by people, most first; ties by first
// cell.
func (g *Ground) Zones(class []Class, near *access.Nearest) []Zone {
	s := g.NewZoneFinder()
	var zones []Zone
	blanche := make([]bool, len(g.Grid.Cells))
	for i, p := range g.Grid.Parts {
		if g.People[i] > 0 && class[i] == Blanche {
			blanche[p.Cell] = true
		}
	}
	for start, is := range blanche {
		if is {
			if z, ok := s.Zone(int32(start), class, near, nil); ok {
				zones = append(zones, z)
			}
		}
	}
	SortZones(zones)
	return zones
}

// SortZones puts zones in order: by people, most first; ties by first cell.
func SortZones(zones []Zone) {
	slices.SortFunc(zones, func(a, b Zone) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Cells[0], b.Cells[0]))
	})
}

// ZoneFinder is the scratch space to find zones, one after the other, each once.
type ZoneFinder struct {
	ground *Ground
	found  []bool // per cell
	stack  []int32
}

// NewZoneFinder returns a ZoneFinder that has found none.
func (g *Ground) NewZoneFinder() *ZoneFinder {
	return &ZoneFinder{ground: g, found: make([]bool, len(g.Grid.Cells))}
}

// Forget makes a zone be found again.
func (s *ZoneFinder) Forget(z *Zone) {
	for _, c := range z.Cells {
		s.found[c] = false
	}
}

// Blanche reports whether a cell holds people of the class blanche.
func (g *Ground) Blanche(cell int32, class []Class) bool {
	for i := g.Grid.First[cell]; i < g.Grid.First[cell+1]; i++ {
		if g.People[i] > 0 && class[i] == Blanche {
			return true
		}
	}
	return false
}

// Zone is the zone around a blanche cell, or false when it was found before. order
// tells, of two sites, which is first when as many people would go to both; nil: their
// numbers do.
func (s *ZoneFinder) Zone(start int32, class []Class, near *access.Nearest, order func(site int32) int32) (Zone, bool) {
	if s.found[start] {
		return Zone{}, false
	}
	g, z := s.ground, Zone{Nearest: -1}
	s.found[start] = true
	s.stack = append(s.stack[:0], start)
	for len(s.stack) > 0 {
		c := s.stack[len(s.stack)-1]
		s.stack = s.stack[:len(s.stack)-1]
		z.Cells = append(z.Cells, c)
		for _, n := range g.Adjacency[6*c : 6*c+6] {
			if n >= 0 && !s.found[n] && g.Blanche(n, class) {
				s.found[n] = true
				s.stack = append(s.stack, n)
			}
		}
	}
	slices.Sort(z.Cells)
	z.describe(g, class, near, order)
	return z, true
}

func (z *Zone) describe(g *Ground, class []Class, near *access.Nearest, order func(site int32) int32) {
	byCommune := map[int32]int{}
	bySite := map[int32]int{}
	var times Sample
	for _, c := range z.Cells {
		z.AreaKm2 += g.Grid.Areas[c]
		for i := g.Grid.First[c]; i < g.Grid.First[c+1]; i++ {
			n := int(g.People[i])
			if n == 0 || class[i] != Blanche {
				continue
			}
			z.People += n
			byCommune[g.Grid.Parts[i].Commune] += n
			if near.Reach[i] == geo.Reached {
				bySite[int32(near.Site[i])] += n
				times.Add(uint32(near.Cost[i]), n)
			}
		}
	}
	for c, n := range byCommune {
		z.Communes = append(z.Communes, CommunePeople{c, n})
	}
	slices.SortFunc(z.Communes, func(a, b CommunePeople) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Commune, b.Commune))
	})
	if order == nil {
		order = func(site int32) int32 { return site }
	}
	most := 0
	for s, n := range bySite {
		if n > most || n == most && order(s) < order(z.Nearest) {
			z.Nearest, most = s, n
		}
	}
	z.Median = geo.Access{Reach: geo.NoPath}
	column := times.Column()
	if m := column.Figures(nil, 1); m.Known {
		z.Median = geo.Access{Reach: geo.Reached, Cost: geo.Cost(m.P50)}
	}
}
