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

// Zones groups the blanche cells. adjacency comes from [grid.Grid.Adjacency];
// cellArea is the area of every cell, in km². Zones come by people, most first;
// ties by first cell.
func Zones(g *grid.Grid, adjacency []int32, cellArea []float64, people []int32, class []Class, near *access.Nearest) []Zone {
	blanche := make([]bool, len(g.Cells))
	for i, p := range g.Parts {
		if people[i] > 0 && class[i] == Blanche {
			blanche[p.Cell] = true
		}
	}
	var zones []Zone
	done := make([]bool, len(g.Cells))
	var stack []int32
	for start := range g.Cells {
		if !blanche[start] || done[start] {
			continue
		}
		z := Zone{Nearest: -1}
		done[start] = true
		stack = append(stack[:0], int32(start))
		for len(stack) > 0 {
			c := stack[len(stack)-1]
			stack = stack[:len(stack)-1]
			z.Cells = append(z.Cells, c)
			for _, n := range adjacency[6*c : 6*c+6] {
				if n >= 0 && blanche[n] && !done[n] {
					done[n] = true
					stack = append(stack, n)
				}
			}
		}
		slices.Sort(z.Cells)
		z.describe(g, cellArea, people, class, near)
		zones = append(zones, z)
	}
	slices.SortStableFunc(zones, func(a, b Zone) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Cells[0], b.Cells[0]))
	})
	return zones
}

func (z *Zone) describe(g *grid.Grid, cellArea []float64, people []int32, class []Class, near *access.Nearest) {
	byCommune := map[int32]int{}
	bySite := map[int32]int{}
	var times Sample
	for _, c := range z.Cells {
		z.AreaKm2 += cellArea[c]
		for i := g.First[c]; i < g.First[c+1]; i++ {
			n := int(people[i])
			if n == 0 || class[i] != Blanche {
				continue
			}
			z.People += n
			byCommune[g.Parts[i].Commune] += n
			if near.Reach[i] == geo.Reached {
				bySite[near.Site[i]] += n
				times.Add(float64(near.Cost[i]), n)
			}
		}
	}
	for c, n := range byCommune {
		z.Communes = append(z.Communes, CommunePeople{c, n})
	}
	slices.SortFunc(z.Communes, func(a, b CommunePeople) int {
		return cmp.Or(cmp.Compare(b.People, a.People), cmp.Compare(a.Commune, b.Commune))
	})
	most := 0
	for s, n := range bySite {
		if n > most || n == most && s < z.Nearest {
			z.Nearest, most = s, n
		}
	}
	if m, ok := times.Percentile(0.5); ok {
		z.Median = geo.Access{Reach: geo.Reached, Cost: geo.Cost(m)}
	} else {
		z.Median = geo.Access{Reach: geo.NoPath}
	}
}
