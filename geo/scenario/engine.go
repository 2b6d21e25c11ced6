package scenario

import (
	"context"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
)

// Engine is what every question to one edition shares. It is safe for concurrent use;
// what a mode needs is prepared when it is first asked for.
type Engine struct {
	e           *edition.Edition
	ground      *coverage.Ground
	levels      []admin.Type
	territoires [][]admin.Territoire // by level
	inside      [][][]int32          // by level, of every unit: the territoires that hold it
	times       [edition.AccessColumns]edition.Times
	index       edition.Index
	home        func() []int32 // commune of every cell
	homes       Homes
	modes       [geo.NumModes]func() *travel
	last        *lastRunning
}

// NewEngine prepares an edition for scenarios.
func NewEngine(e *edition.Edition) *Engine {
	g := &Engine{e: e, ground: e.Ground(), index: e.Indexer().Index(nil), levels: e.Levels(), last: &lastRunning{}}
	g.territoires, g.inside = make([][]admin.Territoire, len(g.levels)), make([][][]int32, len(g.levels))
	for k, level := range g.levels {
		g.territoires[k] = e.Division.Territoires(level)
		g.inside[k] = make([][]int32, e.Residents.Units())
		for i, t := range g.territoires[k] {
			for _, u := range t.Units {
				g.inside[k][u] = append(g.inside[k][u], int32(i))
			}
		}
	}
	g.homes = newHomes(e)
	if e.HasMode(geo.Car) {
		for k := range g.times {
			g.times[k] = e.Times(k, geo.Car)
		}
	}
	g.home = sync.OnceValue(func() []int32 {
		finest := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
		return e.CellCommunes()[finest.First:][:len(finest.Cells)]
	})
	for _, m := range e.Params.Modes {
		g.modes[m] = sync.OnceValue(func() *travel { return newTravel(g, m) })
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

// Starts are where people live, joined to the network of a mode of the edition.
func (g *Engine) Starts(m geo.Mode) network.Starts { return g.modes[m]().starts }

// Drives reports whether the edition was computed for cars, so that tournées can be driven.
func (g *Engine) Drives() bool { return g.modes[geo.Car] != nil }

// travel is what searches by one mode share.
type travel struct {
	net    network.Network
	starts network.Starts                            // of every part
	homes  network.Origins                           // see Homes
	kept   [lieu.NumTargets]func() network.KeptField // the nearest site of the edition, from everywhere

	searches sync.Pool // of network.Search

	mutex    sync.Mutex
	ceilings map[uint32]network.Ceiling // by set of services
}

func newTravel(g *Engine, m geo.Mode) *travel {
	t := &travel{net: g.e.Travel(m), ceilings: map[uint32]network.Ceiling{}}
	t.starts = must(t.net.Starts(context.Background(), g.e.Origins))
	t.homes = t.starts.Index(g.homes.Part)
	t.searches.New = func() any { return t.net.NewSearch() }
	for s := range t.kept {
		t.kept[s] = sync.OnceValue(func() network.KeptField { return t.keep(g.e.Sites, lieu.Service(s)) })
	}
	return t
}

// must is for what fails when a context ends, and is given one that does not.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// search borrows a search; give it back with t.searches.Put.
func (t *travel) search() network.Search { return t.searches.Get().(network.Search) }

// keep finds the nearest sites that offer a service to all. What is reserved only makes
// others nearer, so that a ceiling of these holds for everybody.
func (t *travel) keep(sites []lieu.Site, service lieu.Service) network.KeptField {
	search := t.search()
	defer t.searches.Put(search)
	return search.Nearest(t.starts, must(t.net.Sites(context.Background(), network.SitesOf(sites))), offering(sites, service)).Keep()
}

// offering lists the sites that offer a service to all.
func offering(sites []lieu.Site, service lieu.Service) []int32 {
	some := []int32{}
	for i := range sites {
		if sites[i].Offers(service) && sites[i].Reserve == nil {
			some = append(some, int32(i))
		}
	}
	return some
}

// ceiling is how far a new site can be and still be the nearest of one of the services.
func (t *travel) ceiling(services []lieu.Service) network.Ceiling {
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
// not there: what they served is open to whoever comes.
func (t *travel) raise(dst network.Ceiling, services []lieu.Service, gone func(site int32, s lieu.Service) bool) network.Ceiling {
	fields := make([]network.KeptField, len(services))
	for k, s := range services {
		fields[k] = t.kept[s]()
	}
	if gone == nil {
		return t.net.Raise(dst, fields, nil)
	}
	return t.net.Raise(dst, fields, func(k int, site int32) bool { return gone(site, services[k]) })
}
