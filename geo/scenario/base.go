package scenario

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"sync"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// ErrNoMode is wrapped when a question is asked for a mode that the edition was not
// computed for.
var ErrNoMode = errors.New("mode not in the edition")

// Base is the answer to one question, prepared for changes. It is immutable and safe for
// concurrent use; it keeps some 30 MB for a département, and as much again for each
// evaluation that runs at once.
type Base struct {
	*Engine
	query  coverage.Query
	answer *edition.Answer
	travel *travel
	within *access.Within // the journeys within the cut-off that count
	// nearest are the journeys that lead to the nearest site, however far, by the mode of the
	// question or, where timetables are asked for, on foot: there, access times are those of
	// the answer.
	nearest   *access.Nearest
	nearestBy geo.Mode

	sets       *access.Sets
	unions     []access.Union // of every set
	setParts   rows           // inhabited parts of every set
	setsOfSite rows           // sets that hold every site

	figures   [][]coverage.Figures // by level
	state     *state
	need      *edition.Need
	fragility []coverage.Fragility // of every commune
	offer     *offer
	asks      func() []edition.Ask // of everywhere
	zones     []coverage.Zone
	zoneOf    []int32 // of every cell; -1: none

	scratch sync.Pool
}

// state is what the rows of a report are made of.
type state struct {
	engine *Engine
	index  edition.Index
	gaps   [][]coverage.Gap // by level
	units  []edition.UnitNeed
	offer  edition.OfferJSON
	lieux  map[int32][]int32 // that can be visited in a unit
	// The publics of every unit, but for those that a scenario changes.
	publics []publics.Sum
	moved   map[int32]*publics.Sum
}

// Base answers a question and prepares it for scenarios.
func (g *Engine) Base(q coverage.Query) (*Base, error) {
	if err := q.Check(); err != nil {
		return nil, fmt.Errorf("scenario: %w", err)
	}
	if g.modes[q.Mode] == nil {
		return nil, fmt.Errorf("scenario: %s: %w", q.Mode, ErrNoMode)
	}
	e := g.e
	b := &Base{Engine: g, query: q, answer: e.Answer(q), travel: g.modes[q.Mode]()}
	b.within = e.Access[q.Mode].Within.Journeys(q.Cutoff)
	if b.nearest, b.nearestBy = b.answer.Nearest, q.Mode; q.Mode == geo.Transit {
		b.nearest, b.nearestBy = &e.Access[geo.Walk].Nearest[q.Service], geo.Walk
	}
	b.sets = b.answer.Sets
	b.unions = make([]access.Union, len(b.sets.Members))
	b.setParts = gather(len(b.sets.Members), func(emit func(row, item int32)) {
		for part, set := range b.sets.Of {
			if set >= 0 && e.People[part] > 0 {
				emit(set, int32(part))
			}
		}
	})
	b.setsOfSite = gather(len(e.Sites), func(emit func(row, item int32)) {
		for set, members := range b.sets.Members {
			for _, site := range members {
				emit(int32(site), int32(set))
			}
		}
	})
	for set := range b.sets.Members {
		b.unions[set] = b.sets.Union(set, e.Sites)
	}
	b.need = b.answer.Need()
	b.fragility = edition.Fragility(b.index[0])
	b.offer = newOffer(b)
	b.state = &state{engine: g, index: b.index, units: b.need.Units, offer: b.need.Offer,
		lieux: e.Visitable(e.Sites, e.SiteCommune, q.Service), gaps: make([][]coverage.Gap, len(g.levels)), publics: b.answer.Publics()}
	b.figures = make([][]coverage.Figures, len(g.levels))
	for k := range g.levels {
		b.figures[k] = make([]coverage.Figures, len(b.territoires[k]))
		b.state.gaps[k] = make([]coverage.Gap, len(b.territoires[k]))
		for i := range b.territoires[k] {
			t := &b.territoires[k][i]
			b.figures[k][i] = coverage.NewFigures(t, e.Residents, q.MinHours, b.answer.Class, b.answer.Nearest, b.answer.Hours)
			b.state.gaps[k][i] = b.figures[k][i].Gap(*t, nil)
		}
		b.state.rank(k)
	}
	b.asks = sync.OnceValue(func() []edition.Ask { return e.Asks(b.answer, nil) })
	b.zones = b.ground.Zones(coverage.Blanche, b.answer.Class, b.answer.Nearest)
	b.zoneOf = make([]int32, len(e.Grid.Cells))
	for c := range b.zoneOf {
		b.zoneOf[c] = -1
	}
	for z := range b.zones {
		for _, c := range b.zones[z].Cells {
			b.zoneOf[c] = int32(z)
		}
	}
	b.scratch.New = func() any { return b.newScratch() }
	return b, nil
}

// Query is the question that b answers.
func (b *Base) Query() coverage.Query { return b.query }

// EverySlot reports whether all open slots of a site count for whoever reaches it (see
// [network.Network]): then all new lieux of the same hours give the same.
func (b *Base) EverySlot() bool { return b.travel.net.EverySlot() }

// Answer is what the edition answers. It must not be changed; nor must what the methods
// below give.
func (b *Base) Answer() *edition.Answer { return b.answer }

// Fragile is how many of the people of a part are known to be fragile.
func (b *Base) Fragile(part int32) coverage.Fragile { return b.need.Fragile[part] }

// UnknownPeople are those whose index is unknown: they are never counted as fragile.
func (b *Base) UnknownPeople() int { return b.need.Offer.UnknownPeople }

// Sets says which sites every part finds within the cut-off.
func (b *Base) Sets() *access.Sets { return b.sets }

// Union is the hours of a set.
func (b *Base) Union(set int32) access.Union { return b.unions[set] }

// SetParts lists the inhabited parts of a set.
func (b *Base) SetParts(set int32) []int32 { return b.setParts.of(set) }

// SetsOf lists the sets that hold a site.
func (b *Base) SetsOf(site int32) []int32 { return b.setsOfSite.of(site) }

// Params are those that ask the question of b.
func (b *Base) Params() *Params {
	q := b.query
	minutes := q.Cutoff.Minutes()
	p := &Params{Service: &q.Service, Mode: &q.Mode, CutoffMin: &minutes, MinHours: &q.MinHours}
	if q.Appointments {
		p.Appointments = &q.Appointments
	}
	return p
}

// rank fills the priorities and ranks of a level.
func (s *state) rank(level int) {
	for i := range s.gaps[level] {
		score := s.index[level][i].Score
		if score != nil {
			s.gaps[level][i].SetPriority(float64(*score), true)
		} else {
			s.gaps[level][i].SetPriority(0, false)
		}
	}
	coverage.RankGaps(s.gaps[level])
}

// row is a row of the gap analysis.
func (s *state) row(level, i int) edition.GapRow {
	t := &s.engine.territoires[level][i]
	return s.engine.e.GapRow(&s.gaps[level][i], &s.index[level][i], s.units, &s.offer, s.count(t), s.engine.e.PublicsOf(t, s.publicsOf))
}

func (s *state) publicsOf(unit int32) *publics.Sum {
	if sum := s.moved[unit]; sum != nil {
		return sum
	}
	return &s.publics[unit]
}

// count is the number of lieux of a territoire.
func (s *state) count(t *admin.Territoire) int {
	if len(t.Units) == 1 {
		list := slices.Clone(s.lieux[t.Units[0]])
		slices.Sort(list)
		return len(slices.Compact(list))
	}
	seen := map[int32]struct{}{}
	for _, u := range t.Units {
		for _, id := range s.lieux[u] {
			seen[id] = struct{}{}
		}
	}
	return len(seen)
}

// report is the whole gap analysis of a level.
func (s *state) report(q coverage.Query, level int) *edition.GapReport {
	e := s.engine.e
	r := &edition.GapReport{Edition: e.ID, Params: e.QueryJSON(q), Level: string(s.engine.levels[level]),
		Modelled: e.ModelledSentences(), Offer: s.offer, Territoires: []edition.GapRow{}}
	for i := range s.gaps[level] {
		r.Territoires = append(r.Territoires, s.row(level, i))
	}
	r.PriorityFormula = edition.PriorityFormula(r.Territoires)
	return r
}

// rows are lists of numbers laid end to end.
type rows struct {
	first []int32
	items []int32
}

func (r *rows) of(i int32) []int32 { return r.items[r.first[i]:r.first[i+1]] }

// gather lays rows out; each emits the same pairs each time that it is called.
func gather(n int, each func(emit func(row, item int32))) rows {
	r := rows{first: make([]int32, n+1)}
	each(func(row, _ int32) { r.first[row+1]++ })
	for i := range n {
		r.first[i+1] += r.first[i]
	}
	r.items = make([]int32, r.first[n])
	next := slices.Clone(r.first)
	each(func(row, item int32) {
		r.items[next[row]] = item
		next[row]++
	})
	return r
}

// scratch is the memory of one evaluation. Between evaluations it holds what the base
// holds.
type scratch struct {
	journeys *journeys                        // access times
	nearest  *journeys                        // see Base; by streets they are one
	columns  [edition.AccessColumns]*journeys // to the services of the index, by car
	hoursOf  *access.Hours
	class    []coverage.Class
	supplied marks // parts whose supply was looked at
	dirty    marks // sets of which a site left, or changed its hours
	ceiling  network.Ceiling
	curve    coverage.Curve
	times    []valued
	hours    []valued
	joined   []joined
	came     []arrival
	finder   *coverage.ZoneFinder
}

func (b *Base) newScratch() *scratch {
	parts := len(b.e.People)
	w := &scratch{journeys: newJourneys(b.answer.Nearest), hoursOf: b.answer.Hours.Clone(),
		class: slices.Clone(b.answer.Class), supplied: newMarks(parts), dirty: newMarks(len(b.sets.Members)),
		finder: b.ground.NewZoneFinder(coverage.Blanche)}
	if w.nearest = w.journeys; b.nearest != b.answer.Nearest {
		w.nearest = newJourneys(b.nearest)
	}
	if b.e.HasMode(geo.Car) {
		for k := range w.columns {
			s := edition.AccessColumnAt(k).Service
			if s == edition.NoService || b.e.Access[geo.Car].Nearest[s].Reach == nil {
				continue // no scenario changes it, or it is of an edition of before 0.8
			}
			if w.columns[k] = w.journeys; b.query.Mode != geo.Car || b.query.Service != s {
				w.columns[k] = newJourneys(&b.e.Access[geo.Car].Nearest[s])
			}
		}
	}
	return w
}

// restore undoes what an evaluation wrote.
func (b *Base) restore(w *scratch) {
	w.journeys.restore()
	w.nearest.restore()
	for _, t := range w.columns {
		if t != nil {
			t.restore()
		}
	}
	for _, p := range w.supplied.list {
		w.hoursOf.Set(p, b.answer.Hours.At(p))
		w.class[p] = b.answer.Class[p]
	}
	w.supplied.clear()
	w.dirty.clear()
}

// marks is a set of small numbers that is cleared at the price of what it holds.
type marks struct {
	in   []bool
	list []int32
}

func newMarks(n int) marks { return marks{in: make([]bool, n)} }

// add reports whether i was not there yet.
func (m *marks) add(i int32) bool {
	if m.in[i] {
		return false
	}
	m.in[i] = true
	m.list = append(m.list, i)
	return true
}

func (m *marks) clear() {
	for _, i := range m.list {
		m.in[i] = false
	}
	m.list = m.list[:0]
}

// Evaluate says what a scenario would change in the answer to one question. To ask
// several times, keep an [Engine] and its [Base].
func Evaluate(ctx context.Context, e *edition.Edition, q coverage.Query, s *Scenario) (*Difference, error) {
	b, err := NewEngine(e).Base(q)
	if err != nil {
		return nil, err
	}
	return b.Evaluate(ctx, s)
}
