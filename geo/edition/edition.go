package edition

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Program is the version that is part of every edition's identity. It changes
// when a result could.
const Program = "maillage/0.8.0"

// Params are the parameters of a computation. Cutoff and MinHours are the
// defaults that results are shown with; every other value is answered from the
// same edition.
type Params struct {
	Resolution int            `json:"resolution"`
	Cutoff     geo.Cost       `json:"cutoff_ds"`
	MinHours   float64        `json:"min_hours_week"`
	Modes      []geo.Mode     `json:"modes"`
	Services   []lieu.Service `json:"services"`
	// NoMerge keeps the lieux that several sources name once each (see lieu.Merge).
	NoMerge bool `json:"no_merge,omitempty"`
	// Named are the services that some source speaks of; 0: those that the lieux name (see
	// [lieu.Named]). Of the others nobody knows who offers them.
	Named lieu.Services `json:"named,omitempty"`
	// Priorities say which source prevails where (see [ParsePriorities]).
	Priorities []Priority `json:"priorites,omitempty"`
	// Departement is the code of the one to compute, of several that the store has the
	// outlines of; empty when there is one alone.
	Departement string `json:"departement,omitempty"`
	// Profile is the text of the travel profile (see [street.ParseProfile]); empty for
	// the one of the program. It is kept whole: an edition says how it was computed.
	Profile string `json:"profile,omitempty"`
	// Transit is how journeys by timetable are counted; nil for the defaults, and in an
	// edition that has no timetables.
	Transit *TransitParams `json:"transit,omitempty"`
}

// DefaultParams asks for resolution 9, every mode that the inputs allow and every service, 15
// minutes and 17.5 hours a week.
func DefaultParams() Params {
	return Params{Resolution: 9, Cutoff: coverage.DefaultCutoff, MinHours: coverage.DefaultMinHours,
		Modes: slices.Clone(geo.Modes[:]), Services: lieu.AllServices()}
}

// Check reports parameters that cannot be computed.
func (p Params) Check() error {
	if p.Resolution < grid.MinResolution || p.Resolution > grid.MaxResolution {
		return fmt.Errorf("resolution %d: expected %d to %d", p.Resolution, grid.MinResolution, grid.MaxResolution)
	}
	if _, err := p.profile(); err != nil {
		return err
	}
	if slices.Contains(p.Modes, geo.Transit) && !slices.Contains(p.Modes, geo.Walk) {
		return fmt.Errorf("mode %s: expected with mode %s, which it adds to", geo.Transit, geo.Walk)
	}
	if err := p.Transit.check(); err != nil {
		return err
	}
	return coverage.Query{Cutoff: p.Cutoff, MinHours: p.MinHours}.Check()
}

func (p Params) profile() (*street.Profile, error) {
	if p.Profile == "" {
		return street.DefaultProfile(), nil
	}
	return street.ParseProfile([]byte(p.Profile))
}

// Query is the question that the parameters stand for: any service by car.
func (p Params) Query() coverage.Query {
	return coverage.Query{Service: lieu.Any, Mode: geo.Car, Cutoff: p.Cutoff, MinHours: p.MinHours}
}

// identity is what an id is the hash of.
type identity struct {
	Program string           `json:"program"`
	Params  Params           `json:"params"`
	Inputs  []store.Manifest `json:"inputs"`
}

// ID is the first 20 hexadecimal digits of the SHA-256 of program, parameters
// and input manifests.
func ID(p Params, inputs []store.Manifest) (string, error) {
	b, err := json.Marshal(identity{Program, p, inputs})
	if err != nil {
		return "", fmt.Errorf("edition id: %w", err)
	}
	sum := sha256.Sum256(b)
	return hex.EncodeToString(sum[:10]), nil
}

// Edition is one computation and its results, immutable. Positions (of communes,
// parts, sites…) are indices into its slices.
type Edition struct {
	ID       string
	Params   Params
	Inputs   []store.Manifest
	Modelled []Modelled
	// Warnings, what priorities changed, and links are of a build: they are not kept.
	Warnings   []Warning
	Precedence *Precedence // nil without priorities
	Links      [geo.NumModes]*Links

	Division    *admin.Division
	Lieux       []lieu.Lieu
	Merges      []lieu.MergeRecord // what made one lieu of several records
	Tournees    []lieu.Tournee
	Named       lieu.Services // the services that some source speaks of
	Sites       []lieu.Site
	SiteCommune []int32 // commune of every site, -1 outside the territory
	Variables   []store.Variable
	Feeds       []Feed // where they come from; nil in editions before format 4

	Grid    *grid.Grid
	People  []int32        // per part
	Origins []geo.LonLat   // per part: where its journeys start
	Publics *publics.Table // of every part; nil when nothing is known of them
	Network *road.Network  // of streets
	// What runs near the territory; nil: there are no timetables, and no mode transit.
	Timetables *Timetables
	Access     [geo.NumModes]*access.Table

	// The nearest equipement of each category; nil where the store had none.
	Equipements       []Equipement
	EquipementSources []EquipementSource
	Closest           [geo.NumModes][equipement.NumCategories]*access.Closest

	// Derived by complete, from what is above.
	Pyramid     *grid.Pyramid
	Adjacency   []int32   // see grid.Grid.Adjacency
	ByCommune   [][]int32 // parts of every commune
	Residents   *coverage.Residents
	Total       int // inhabitants
	Bounds      geo.Bounds
	LieuCommune []int32 // commune of every lieu, -1 unknown or outside
	index       map[admin.Type]map[string]IFNJSON
	indexer     *Indexer
	communes    func() (*joined, error) // the variables of communes, joined once
	times       [AccessColumns][geo.NumModes]func() Times
	networks    Networks                // nil but in tests
	transit     func() *transit.Network // joined to the streets when first asked for
	homes       func() *joinedHomes     // the same
	demand      func() *demand          // transport on demand; nil: none, or nobody knows the rides
}

// Networks says by which network the people of an edition travel by a mode.
type Networks func(e *Edition, m geo.Mode) network.Network

// Travel is the network by which people travel by a mode. A mode that needs more than
// streets gets its network here.
func (e *Edition) Travel(m geo.Mode) network.Network {
	if e.networks != nil && m != geo.Transit {
		return e.networks(e, m)
	}
	if m == geo.Transit && e.transit != nil {
		return e.transit()
	}
	s, ok := street.ModeOf(m)
	if !ok {
		panic("edition: mode " + m.String() + " has no network")
	}
	return e.Network.By(s)
}

// Counts are the sizes that every output states.
type Counts struct {
	Communes     int `json:"communes"`
	EPCI         int `json:"epci"`
	Lieux        int `json:"lieux"` // records kept, but those outside the territory
	Sites        int `json:"sites"` // points d'accueil, but those outside
	LieuxOutside int `json:"lieux_dehors,omitempty"`
	Cells        int `json:"cells"`
	Parts        int `json:"parts"`
	Nodes        int `json:"nodes"`
	Arcs         int `json:"arcs"`
}

// complete derives what is not stored, and checks what was.
func (e *Edition) complete() error {
	if err := e.Grid.Check(len(e.Division.Communes)); err != nil {
		return err
	}
	if len(e.People) != len(e.Grid.Parts) || len(e.Origins) != len(e.Grid.Parts) || len(e.SiteCommune) != len(e.Sites) {
		return fmt.Errorf("edition %s: people, origins or sites do not match the grid", e.ID)
	}
	if err := e.Publics.Check(len(e.Grid.Parts), len(e.Division.Communes)); err != nil {
		return fmt.Errorf("edition %s: %w", e.ID, err)
	}
	for _, m := range e.Params.Modes {
		if e.Access[m] == nil {
			return fmt.Errorf("edition %s: no access table for mode %s", e.ID, m)
		}
		if err := e.Access[m].Check(len(e.Grid.Parts), len(e.Sites)); err != nil {
			return fmt.Errorf("edition %s: mode %s: %w", e.ID, m, err)
		}
	}
	if err := e.checkEquipements(); err != nil {
		return err
	}
	if slices.Contains(e.Params.Modes, geo.Transit) != (e.Timetables != nil) {
		return fmt.Errorf("edition %s: mode %s without timetables, or the reverse", e.ID, geo.Transit)
	}
	if e.Timetables != nil && e.transit == nil {
		if err := e.runTimetables(); err != nil {
			return fmt.Errorf("edition %s: %w", e.ID, err)
		}
	}
	e.homes = sync.OnceValue(e.joinHomes)
	if err := e.onDemand(); err != nil {
		return fmt.Errorf("edition %s: %w", e.ID, err)
	}
	var work errgroup.Group
	work.Go(func() (err error) {
		e.Pyramid, err = grid.NewPyramid(e.Grid)
		return err
	})
	work.Go(func() (err error) {
		e.Adjacency, err = e.Grid.Adjacency()
		return err
	})
	if err := work.Wait(); err != nil {
		return err
	}
	e.Residents = coverage.NewResidents(e.Grid, e.People, len(e.Division.Communes), e.Division.Drawn())
	e.ByCommune = e.Residents.ByCommune
	e.Bounds = geo.EmptyBounds()
	for _, t := range e.Division.Territoires(admin.TypeDepartement) {
		e.Total, e.Bounds = t.Population, t.Bounds
	}
	e.LieuCommune = make([]int32, len(e.Lieux))
	for i, l := range e.Lieux {
		at := &l.At
		if !l.Located {
			at = nil
		}
		e.LieuCommune[i] = e.home(l.Commune, at)
	}
	e.communes = sync.OnceValues(e.joinCommunes)
	for k := range e.times {
		for m := range e.times[k] {
			e.times[k][m] = sync.OnceValue(func() Times { return e.sumTimes(k, geo.Mode(m)) })
		}
	}
	return e.computeIndex()
}

// Counts gives the edition's sizes.
func (e *Edition) Counts() Counts {
	c := Counts{Communes: len(e.Division.Communes), EPCI: len(e.Division.EPCI), Cells: len(e.Grid.Cells), Parts: len(e.Grid.Parts)}
	for i := range e.Lieux {
		if e.Outside(i) {
			c.LieuxOutside++
		} else {
			c.Lieux++
		}
	}
	for _, home := range e.SiteCommune {
		if home >= 0 {
			c.Sites++
		}
	}
	n := e.Network.Counts()
	c.Nodes, c.Arcs = n.Nodes, n.Arcs[street.Car]
	return c
}

// Zones are the zones blanches of an answer: known need only. Zones à vérifier are in
// [Edition.ToVerify].
func (e *Edition) Zones(a *Answer) []coverage.Zone {
	return e.Ground().Zones(coverage.Blanche, a.Class, a.Nearest)
}

// Ground is what zones blanches are found on.
func (e *Edition) Ground() *coverage.Ground {
	return &coverage.Ground{Grid: e.Grid, Adjacency: e.Adjacency, People: e.People}
}

// Answer is what one question gives for every part.
type Answer struct {
	Query   coverage.Query
	Nearest *access.Nearest // access times: by timetable they depend on the cut-off
	Sets    *access.Sets
	Hours   *access.Hours
	Class   []coverage.Class

	of      *Edition
	need    func() *Need // computed when first asked for
	publics func() []publics.Sum
	lacks   func() *Lacks
	walk    func() []coverage.Class // on foot, at the same thresholds

	reserved func() []ByReservation
}

// Answer computes the answer to a question. The question must have passed Check
// and its mode must be among the edition's.
func (e *Edition) Answer(q coverage.Query) *Answer {
	t := e.Access[q.Mode]
	sets := t.Sets(e.Sites, q.Service, q.Appointments, q.Cutoff)
	s := sets.Hours(e.Sites)
	a := &Answer{of: e, Sets: sets, Query: q, Nearest: e.accessTime(q), Hours: s, Class: coverage.Classify(s, q.MinHours)}
	a.need = sync.OnceValue(func() *Need { return e.need(a) })
	a.once()
	return a
}

// once has what rests on classes summed up when it is first asked for: the publics of every
// unit, and where to act first.
func (a *Answer) once() {
	e := a.of
	a.publics = sync.OnceValue(func() []publics.Sum {
		if e.Publics == nil {
			return nil
		}
		return e.Publics.ByUnit(e.Residents, e.Grid.Parts, a.Class)
	})
	a.lacks = sync.OnceValue(func() *Lacks { return e.lacks(a) })
	a.walk = sync.OnceValue(func() []coverage.Class { return e.onFoot(a) })
	a.reserved = sync.OnceValue(func() []ByReservation { return e.reservations(a) })
}

// WithMinHours is the answer to the same question but for the hours: journeys, open hours
// and offer do not depend on them.
func (a *Answer) WithMinHours(h float64) *Answer {
	b := *a
	b.Query.MinHours, b.Class = h, coverage.Classify(a.Hours, h)
	b.once()
	b.reserved = a.reserved
	return &b
}

// NoTimetables says what an edition lacks that has no mode transit.
const NoTimetables = "Elle n'a pas d'horaires de transport : importez-les (maillage import gtfs FICHIER.zip), puis relancez maillage compute."

// Asked reports, in French, why a mode cannot be asked of the edition.
func (e *Edition) Asked(m geo.Mode) error {
	switch {
	case e.HasMode(m):
		return nil
	case m == geo.Transit:
		return fmt.Errorf("édition %s : calculée sans le mode %s. %s", e.ID, m, NoTimetables)
	}
	return fmt.Errorf("édition %s : calculée sans le mode %s", e.ID, m)
}

// HasMode reports whether the edition was computed for a mode.
func (e *Edition) HasMode(m geo.Mode) bool { return e.Access[m] != nil }

// DefaultQuery is the edition's own question: by car, or by its first mode where cars
// were not computed.
func (e *Edition) DefaultQuery() coverage.Query {
	q := e.Params.Query()
	if !e.HasMode(q.Mode) {
		q.Mode = e.Params.Modes[0]
	}
	return q
}
