package siting

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/cover"
)

// Objective is what the next lieux are chosen for.
type Objective string

// The objectives.
const (
	ByPeople  Objective = "people"  // who become of the class couverte
	ByFragile Objective = "fragile" // the same, weighed by the fragility of their commune
	ByHours   Objective = "hours"   // hours a week within the cut-off that are known × people
)

// Objectives lists them.
var Objectives = []Objective{ByPeople, ByFragile, ByHours}

// Unit is the unit of an objective, in French.
func (o Objective) Unit() string {
	switch o {
	case ByFragile:
		return "habitants fragiles"
	case ByHours:
		return "heures par semaine × habitants"
	}
	return "habitants"
}

// Scale is how many of the whole numbers that are added up make one of the unit.
// Hours are counted in slots.
func (o Objective) Scale() float64 {
	switch o {
	case ByFragile:
		return coverage.FragileUnits
	case ByHours:
		return perWeek
	}
	return 1
}

// NoIndexError refuses an objective that rests on the index where the index of nobody is
// known: without it, nobody is fragile, nor is anybody not.
type NoIndexError struct{}

func (*NoIndexError) Error() string {
	return "l'indice n'est connu pour aucune commune : importez des variables, ou choisissez l'objectif habitants"
}

// Known reports whether what an objective rests on is known of anybody: a [*NoIndexError]
// when it is not.
func (o Objective) Known(b *scenario.Base) error {
	if people := b.Edition().Total; o == ByFragile && people > 0 && b.UnknownPeople() == people {
		return &NoIndexError{}
	}
	return nil
}

// Left is how many people an objective leaves out: those whose index is unknown.
func (o Objective) Left(b *scenario.Base) int {
	if o != ByFragile {
		return 0
	}
	return b.UnknownPeople()
}

func (o Objective) check(b *scenario.Base) error {
	if !slices.Contains(Objectives, o) {
		return fmt.Errorf("objective %q: expected people, fragile or hours", o)
	}
	return o.Known(b)
}

// perWeek is the number of slots of the cycle in an hour a week.
const perWeek = lieu.SlotsPerHour * lieu.WeeksPerCycle

// ThresholdError refuses an objective that counts people who have enough hours where the hours
// that count differ from home to home, as they do by bus. Two lieux may bring together the hours
// that neither brings alone: what they bring is not submodular, the greedy choice promises
// nothing, and no bound is proven. Hours themselves add up.
type ThresholdError struct{ Mode geo.Mode }

func (e *ThresholdError) Error() string {
	return fmt.Sprintf("%s, les heures qui comptent diffèrent d'un habitant à l'autre, et aucune borne ne se prouve sur un seuil : choisissez l'objectif hours (heures par semaine × habitants)", e.Mode.Phrase())
}

// UsualObjective is that of new lieux where nobody says otherwise.
func UsualObjective(m geo.Mode) Objective {
	if m == geo.Transit {
		return ByHours
	}
	return ByPeople
}

// MaxChosen is the most lieux that can be asked for.
const MaxChosen = 50

// Wish says what to suggest. All lieux give the same: with one timetable, a home that
// two of them serve finds the hours of one, so that what they bring together is a
// coverage, whose bounds hold however few hours they open. With a timetable for each it
// would not be: half-days in turn may bring together what neither brings alone.
type Wish struct {
	K         int
	Offered   Offered
	Objective Objective
	Places    []Place // where they may be
	// MinDistance is the least distance in metres between two of them, and between one
	// and a site of the edition that offers the service; 0: any.
	MinDistance float64
}

// Suggestion is an answer to a wish. Totals are in the unit of the objective; they count
// what is covered, or open, before and after.
type Suggestion struct {
	Places []Place // the candidates
	Chosen []Choice
	Before float64
	After  float64
	// UpperBound: no choice of K of the candidates, at their distance, has more after.
	UpperBound float64
	Candidates int // that bring something
}

// Choice is one place of a suggestion, in the order of what each adds to those before.
type Choice struct {
	Place  int     // position among the candidates
	Gain   float64 // in the unit of the objective
	People int     // who become of the class couverte
	// Publics are those of these people; nil: there are none, or nothing is known of them.
	Publics *publics.Figures
}

// GapPercent is how far what is gained may be from the most that can be, in percent of
// the latter.
func (s *Suggestion) GapPercent() float64 {
	if s.UpperBound <= s.Before {
		return 0
	}
	return 100 * (s.UpperBound - s.After) / (s.UpperBound - s.Before)
}

// weights are what each home counts in an objective: what it has, and what it gains from
// a new lieu. Whole numbers: see [Objective.Scale].
func weights(b *scenario.Base, o Objective, g *gains) (before int64, weight []int64) {
	weight = make([]int64, len(b.Homes().Part))
	for h, part := range b.Homes().Part {
		each := int64(b.Edition().People[part])
		switch o {
		case ByFragile:
			each = int64(b.Fragile(part))
		case ByHours:
			if b.Answer().Hours.Opening[part] != access.HoursUnknown {
				before += each * int64(b.Answer().Hours.Slots[part])
			}
			weight[h] = each * int64(g.opened[h])
			continue
		}
		if b.Answer().Class[part] == coverage.Couverte {
			before += each
		}
		if g.covered[h] {
			weight[h] = each
		}
	}
	return before, weight
}

// Suggest chooses lieux: greedily, by exchanging one for another while that brings more,
// then by branch and bound for a while (see [cover.Problem]), and proves how far it may be from
// the best. Where not every slot of a lieu counts for whoever reaches it, as by bus, it is
// greedily alone, for hours alone (see [cover.Slots]; a [*ThresholdError] for another
// objective). The same wish gives the same answer. done, when not nil, is told how many
// candidates were looked at.
func Suggest(ctx context.Context, b *scenario.Base, w Wish, done func(n, of int)) (*Suggestion, error) {
	if w.K < 1 || w.K > MaxChosen {
		return nil, fmt.Errorf("suggest: %d lieux: expected 1 to %d", w.K, MaxChosen)
	}
	if err := w.Objective.check(b); err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	if !w.Offered.Services.Offers(b.Query().Service) {
		return nil, errors.New("suggest: what is offered is not what is asked for")
	}
	if !w.Offered.Horaires.Known {
		return nil, errors.New("suggest: hours unknown: nobody can be covered")
	}
	if !b.EverySlot() {
		return suggestSlots(ctx, b, &w, done)
	}
	g := newGains(b, w.Offered)
	before, weight := weights(b, w.Objective, g)
	serves := make([][]int32, len(w.Places))
	err := b.Serve(ctx, positions(w.Places), &w.Offered.Horaires, func(h int32) bool { return weight[h] > 0 }, func() (func(int32, *lieu.Slots), func(int)) {
		var homes []int32
		return func(h int32, _ *lieu.Slots) { homes = append(homes, h) }, func(place int) {
			if farEnough(b, &w, place) {
				slices.Sort(homes)
				serves[place] = slices.Clone(homes)
			}
			homes = homes[:0]
		}
	}, done)
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	c := cover.New(weight, serves, w.K)
	if w.MinDistance > 0 {
		c.Apart = func(i, j int32) bool { return geo.Distance(w.Places[i].At, w.Places[j].At) >= w.MinDistance }
	}
	chosen, bound, err := c.Solve(ctx)
	if err != nil {
		return nil, fmt.Errorf("suggest: %w", err)
	}
	s := &Suggestion{Places: w.Places, Chosen: []Choice{}, Candidates: len(c.Candidates)}
	scale := w.Objective.Scale()
	total, counted := int64(0), make([]bool, len(weight))
	for _, place := range c.Ordered(chosen) {
		x, more, who := Choice{Place: int(place)}, int64(0), publics.Sum{}
		for _, h := range serves[place] {
			if counted[h] {
				continue
			}
			counted[h] = true
			more += weight[h]
			if g.covered[h] {
				x.People += int(b.Homes().People[h])
				b.Edition().AddPublics(&who, b.Homes().Part[h], coverage.Couverte)
			}
		}
		x.Publics = figuresOf(b, &who)
		total += more
		x.Gain = float64(more) / scale
		s.Chosen = append(s.Chosen, x)
	}
	s.Before, s.After, s.UpperBound = float64(before)/scale, float64(before+total)/scale, float64(before+bound)/scale
	return s, nil
}

// farEnough tells whether a candidate keeps its distance from the sites that are there.
func farEnough(b *scenario.Base, w *Wish, place int) bool {
	if w.MinDistance <= 0 {
		return true
	}
	for i := range b.Edition().Sites {
		if s := &b.Edition().Sites[i]; s.Services.Offers(b.Query().Service) && geo.Distance(s.At, w.Places[place].At) < w.MinDistance {
			return false
		}
	}
	return true
}
