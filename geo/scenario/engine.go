package scenario

import (
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/graph"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
)

// levels is the number of levels of territoires.
const levels = len(edition.Levels)

// Engine is what every question to one edition shares. It is safe for concurrent use;
// what a mode needs is prepared when it is first asked for.
type Engine struct {
	e           *edition.Edition
	ground      *coverage.Ground
	territoires [levels][]admin.Territoire
	inside      [levels][][]int32 // of every commune: the territoires that hold it
	times       [edition.AccessColumns]edition.Times
	index       edition.Index
	home        func() []int32 // commune of every cell
	homes       Homes
	modes       [geo.NumModes]func() *travel
}

// NewEngine prepares an edition for scenarios.
func NewEngine(e *edition.Edition) *Engine {
	g := &Engine{e: e, ground: e.Ground(), index: e.Indexer().Index(nil)}
	for k, level := range edition.Levels {
		g.territoires[k] = e.Division.Territoires(level)
		g.inside[k] = make([][]int32, len(e.Division.Communes))
		for i, t := range g.territoires[k] {
			for _, c := range t.Communes {
				g.inside[k][c] = append(g.inside[k][c], int32(i))
			}
		}
	}
	g.homes = newHomes(e)
	if e.HasMode(geo.Car) {
		for k := range g.times {
			g.times[k] = e.Times(edition.AccessService(k))
		}
	}
	g.home = sync.OnceValue(func() []int32 {
		finest := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
		return e.Home()[finest.First:][:len(finest.Cells)]
	})
	for _, m := range e.Params.Modes {
		g.modes[m] = sync.OnceValue(func() *travel { return newTravel(e, m) })
	}
	return g
}

// Homes are the inhabited parts, numbered in their order: what is only about people is
// kept by home.
type Homes struct {
	Part    []int32 // of every home
	People  []int32 // of every home
	Commune []int32 // of every home

	first []int32 // the homes of commune c: at[first[c]:first[c+1]], ascending
	at    []int32
}

func newHomes(e *edition.Edition) Homes {
	var h Homes
	number := make([]int32, len(e.People))
	for p, people := range e.People {
		if people > 0 {
			number[p] = int32(len(h.Part))
			h.Part, h.People, h.Commune = append(h.Part, int32(p)), append(h.People, people), append(h.Commune, e.Grid.Parts[p].Commune)
		}
	}
	h.first = append(h.first, 0)
	for _, parts := range e.ByCommune {
		for _, p := range parts {
			if e.People[p] > 0 {
				h.at = append(h.at, number[p])
			}
		}
		h.first = append(h.first, int32(len(h.at)))
	}
	return h
}

// of gives the homes of a commune.
func (h *Homes) of(commune int32) []int32 { return h.at[h.first[commune]:h.first[commune+1]] }

// Edition is the edition that g works on.
func (g *Engine) Edition() *edition.Edition { return g.e }

// Homes are the inhabited parts of the edition. They must not be changed.
func (g *Engine) Homes() *Homes { return &g.homes }

// Drives reports whether the edition was computed for cars, so that tournées can be driven.
func (g *Engine) Drives() bool { return g.modes[geo.Car] != nil }

// travel is what searches by one mode share.
type travel struct {
	e       *edition.Edition
	mode    geo.Mode
	starts  []road.Snap                            // of every part
	origins *road.Origins                          // the inhabited parts
	labels  [lieu.NumServices]func() []graph.Label // of every node: the nearest site

	searches sync.Pool // of *road.Search

	mutex    sync.Mutex
	ceilings map[uint32][]geo.Cost // by set of services
}

func newTravel(e *edition.Edition, m geo.Mode) *travel {
	t := &travel{e: e, mode: m, starts: make([]road.Snap, len(e.Origins)), ceilings: map[uint32][]geo.Cost{}}
	reach := make([]geo.Reach, len(e.Origins))
	const chunk = 4096
	var work sync.WaitGroup
	for first := 0; first < len(e.Origins); first += chunk {
		work.Go(func() {
			for i := first; i < min(first+chunk, len(e.Origins)); i++ {
				t.starts[i], reach[i] = e.Network.Snap(m, e.Origins[i])
			}
		})
	}
	work.Wait()
	for i, people := range e.People {
		if people == 0 { // searches need not come by
			reach[i] = geo.Unknown
		}
	}
	t.origins = e.Network.NewOrigins(t.starts, reach)
	t.searches.New = func() any { return e.Network.NewSearch(m) }
	for s := range t.labels {
		t.labels[s] = sync.OnceValue(func() []graph.Label { return t.field(lieu.Service(s)) })
	}
	return t
}

// search borrows a search; give it back with t.searches.Put.
func (t *travel) search() *road.Search { return t.searches.Get().(*road.Search) }

// field is the label of every node: cost and site. Owners are positions in the
// edition's sites.
func (t *travel) field(service lieu.Service) []graph.Label {
	var sources []road.Snap
	var which []int32
	for i := range t.e.Sites {
		if !t.e.Sites[i].Services.Offers(service) {
			continue
		}
		if snap, reach := t.e.Network.Snap(t.mode, t.e.Sites[i].At); reach == geo.Reached {
			sources, which = append(sources, snap), append(which, int32(i))
		}
	}
	if len(sources) == 0 {
		labels := make([]graph.Label, t.e.Network.Graph(t.mode).In.Nodes())
		for i := range labels {
			labels[i] = graph.Unreached
		}
		return labels
	}
	search := t.search()
	defer t.searches.Put(search)
	labels := search.Nearest(sources).AppendLabels(nil)
	for i, l := range labels {
		if l.Reached() {
			labels[i] = graph.NewLabel(l.Cost(), which[l.Owner()])
		}
	}
	return labels
}

// ceiling is, for every node, how far a new site can be and still be the nearest of one
// of the services: where none of them is reached, however far.
func (t *travel) ceiling(services []lieu.Service) []geo.Cost {
	var key uint32
	for _, s := range services {
		key |= 1 << s
	}
	t.mutex.Lock()
	c := t.ceilings[key]
	t.mutex.Unlock()
	if c == nil {
		c = t.raise(nil, services, nil)
		t.mutex.Lock()
		t.ceilings[key] = c
		t.mutex.Unlock()
	}
	return c
}

// raise computes a ceiling into dst, as if the sites for which gone answers true were
// not there: their nodes are open to whoever comes.
func (t *travel) raise(dst []geo.Cost, services []lieu.Service, gone func(site int32, s lieu.Service) bool) []geo.Cost {
	nodes := t.e.Network.Graph(t.mode).In.Nodes()
	if cap(dst) < nodes {
		dst = make([]geo.Cost, nodes)
	}
	dst = dst[:nodes]
	clear(dst)
	for _, s := range services {
		for v, l := range t.labels[s]() {
			cost := graph.MaxCost
			if l.Reached() && (gone == nil || !gone(l.Owner(), s)) {
				cost = l.Cost()
			}
			dst[v] = max(dst[v], cost)
		}
	}
	return dst
}
