package coverage

import (
	"cmp"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// Zone is a connected group of inhabited cells that hold people of one class: blanche, a
// zone blanche; inconnue, a zone à vérifier.
type Zone struct {
	Cells    []int32 // positions in the grid, ascending
	People   int     // of the parts of the class only: Σ over zones = all people of the class
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

// Zones groups the cells of a class. Zones come by people, most first; ties by first
// cell.
func (g *Ground) Zones(of Class, class []Class, near *access.Nearest) []Zone {
	s := g.NewZoneFinder(of)
	var zones []Zone
	holds := make([]bool, len(g.Grid.Cells))
	for i, p := range g.Grid.Parts {
		if g.People[i] > 0 && class[i] == of {
			holds[p.Cell] = true
		}
	}
	for start, is := range holds {
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

// ZoneFinder is the scratch space to find zones of a class, one after the other, each once.
type ZoneFinder struct {
	ground *Ground
	of     Class
	found  []bool // per cell
	stack  []int32
}

// NewZoneFinder returns a ZoneFinder that has found none.
func (g *Ground) NewZoneFinder(of Class) *ZoneFinder {
	return &ZoneFinder{ground: g, of: of, found: make([]bool, len(g.Grid.Cells))}
}

// Forget makes a zone be found again.
func (s *ZoneFinder) Forget(z *Zone) {
	for _, c := range z.Cells {
		s.found[c] = false
	}
}

// Holds reports whether a cell holds people of a class.
func (g *Ground) Holds(cell int32, of Class, class []Class) bool {
	for i := g.Grid.First[cell]; i < g.Grid.First[cell+1]; i++ {
		if g.People[i] > 0 && class[i] == of {
			return true
		}
	}
	return false
}

// Zone is the zone around a cell that holds people of the class, or false when it was found before. order
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
			if n >= 0 && !s.found[n] && g.Holds(n, s.of, class) {
				s.found[n] = true
				s.stack = append(s.stack, n)
			}
		}
	}
	slices.Sort(z.Cells)
	z.describe(g, s.of, class, near, order)
	return z, true
}

func (z *Zone) describe(g *Ground, of Class, class []Class, near *access.Nearest, order func(site int32) int32) {
	byCommune := map[int32]int{}
	bySite := map[int32]int{}
	var times Sample
	for _, c := range z.Cells {
		z.AreaKm2 += g.Grid.Areas[c]
		for i := g.Grid.First[c]; i < g.Grid.First[c+1]; i++ {
			n := int(g.People[i])
			if n == 0 || class[i] != of {
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
