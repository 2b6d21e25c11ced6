package tiles

import (
	"context"
	"fmt"
	"slices"

	"github.com/maypok86/otter/v2"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// question is the part of a query that zones blanches depend on: a part is
// blanche whatever the hours asked for.
type question struct {
	service lieu.Service
	mode    geo.Mode
	cutoff  geo.Cost
}

// zonesCacheBytes bounds the outlines kept of past questions. Those of one
// question of a département are 0.1 to 0.5 MB.
const zonesCacheBytes = 64 << 20

// zones draws the zones blanches of any question. The outlines are computed the
// first time a question is asked, by one goroutine while the others wait.
type zones struct {
	edition *edition.Edition
	mesh    *mesh // of the grid's own cells
	cache   *otter.Cache[question, *areas]
	load    otter.LoaderFunc[question, *areas]
}

func newZones(e *edition.Edition, m *mesh) (*zones, error) {
	z := &zones{edition: e, mesh: m}
	var err error
	z.cache, err = otter.New(&otter.Options[question, *areas]{
		MaximumWeight: zonesCacheBytes,
		Weigher:       func(_ question, a *areas) uint32 { return uint32(a.size()) },
	})
	if err != nil {
		return nil, fmt.Errorf("zones: %w", err)
	}
	z.load = func(_ context.Context, q question) (*areas, error) { return z.outline(q), nil }
	return z, nil
}

// ask checks a query.
func (z *zones) ask(q coverage.Query) (question, error) {
	if err := q.Check(); err != nil {
		return question{}, fmt.Errorf("%w: %w", ErrBadQuery, err)
	}
	if q.Service >= lieu.NumServices || q.Mode >= geo.NumModes || !z.edition.HasMode(q.Mode) {
		return question{}, fmt.Errorf("%w: the edition was not computed for it", ErrBadQuery)
	}
	return question{q.Service, q.Mode, q.Cutoff}, nil
}

// at is the outlines that answer a question.
func (z *zones) at(ctx context.Context, q question) (*areas, error) {
	return z.cache.Get(ctx, q, z.load)
}

func (z *zones) outline(q question) *areas {
	found := z.edition.Zones(z.edition.Answer(coverage.Query{Service: q.service, Mode: q.mode, Cutoff: q.cutoff}))
	in := make([]bool, len(z.mesh.level.Cells))
	for _, zone := range found {
		for _, c := range zone.Cells {
			in[c] = true
		}
	}
	list := make([]area, len(found))
	for i, zone := range found {
		nom := ""
		if len(zone.Communes) > 0 {
			nom = z.edition.Division.Communes[zone.Communes[0].Commune].Nom
		}
		list[i] = area{
			id: uint64(i + 1),
			attributes: []attribute{{"rank", uintValue(uint64(i + 1))}, {"people", uintValue(uint64(zone.People))},
				{"nom", textValue(nom)}},
			polygons: []polygon{{rings: z.mesh.dissolve(zone.Cells, z.edition.Adjacency, in)}},
		}
	}
	return newAreas("zones", list)
}

// dissolve is the outline of cells that are all in a set, none of which is next to
// another cell of the set. At every vertex of the grid three cells meet (two at a
// bend), so at most one edge of the outline leaves it: rings never touch.
func (m *mesh) dissolve(cells []int32, adjacency []int32, in []bool) rings {
	next := map[int32]int32{}
	var starts []int32
	for _, c := range cells {
		ring := m.ring(int(c))
		for k, a := range ring {
			b := ring[(k+1)%len(ring)]
			if !m.shared(a, b, adjacency[6*c:6*c+6], in) {
				next[a] = b
				starts = append(starts, a)
			}
		}
	}
	var out rings
	for _, start := range starts {
		if next[start] < 0 {
			continue
		}
		for v := start; next[v] >= 0; {
			out.pts = append(out.pts, m.vertices[v])
			v, next[v] = next[v], -1
		}
		out.end()
	}
	return out
}

// shared reports whether a neighbour in the set has the edge from b to a.
func (m *mesh) shared(a, b int32, neighbours []int32, in []bool) bool {
	return slices.ContainsFunc(neighbours, func(n int32) bool {
		if n < 0 || !in[n] {
			return false
		}
		ring := m.ring(int(n))
		k := slices.Index(ring, b)
		return k >= 0 && ring[(k+1)%len(ring)] == a
	})
}
