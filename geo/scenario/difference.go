package scenario

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/decimal"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// Difference is what a scenario changes, as commands and HTTP give it. Figures are of
// people; an absent figure is unknown.
type Difference struct {
	Edition  string            `json:"edition"`
	Scenario *Scenario         `json:"scenario"`
	Params   edition.QueryJSON `json:"params"`
	Modelled []string          `json:"modelled"`

	// The département, and the offer all over it.
	Before      edition.GapRow    `json:"before"`
	After       edition.GapRow    `json:"after"`
	OfferBefore edition.OfferJSON `json:"offer_before"`
	OfferAfter  edition.OfferJSON `json:"offer_after"`

	// Knowing is what could be had before anything is built, for those whom the scenario
	// changes: the lieux to ask.
	Knowing     []edition.AskJSON `json:"knowing"`
	Gained      Balance           `json:"gained"`
	Lost        Balance           `json:"lost"`
	Transitions []Transition      `json:"transitions"`

	// Territoires where people, or the lieux there, change; and those where nothing
	// changes but the index, the priority or the quadrant that it is compared into.
	Territoires []TerritoireChange `json:"territoires"`
	Shifted     []IndexChange      `json:"shifted"`
	Cells       []CellChange       `json:"cells"`
	Zones       ZonesChange        `json:"zones"`
	// Notes say, in French, what lines and trips bring, or that they change nothing; absent where
	// none changes.
	Notes []string `json:"notes,omitempty"`
	// Tours says whether the tournées that are added or changed can be driven.
	Tours []*Feasibility `json:"tours"`
	MS    float64        `json:"ms"`

	// Parts are the inhabited parts that change, ascending; Sites, the sites after the scenario.
	Parts []PartChange `json:"-"`
	Sites []lieu.Site  `json:"-"`
	// Order is, for every site of the edition, its position in Sites; -1: closed, or
	// moved.
	Order []int32 `json:"-"`

	base  *Base
	after *state
}

// Balance counts the people for whom things get better, or worse. A class is better than
// another in this order: couverte, then grise and inconnue alike, then blanche.
type Balance struct {
	People int `json:"people"` // whose class does
	// People who find more open hours a week, or fewer, and the sum of these hours. Those
	// whose hours were, or become, unknown are left out.
	HoursChanged int     `json:"hours_changed"`
	HoursPeople  float64 `json:"hours_people"`
	// People who are nearer to their nearest lieu, or farther, and the sum of minutes.
	// Those who reach one at last, or none any more, are counted without minutes.
	TimePeople    int     `json:"time_people"`
	MinutesPeople float64 `json:"minutes_people"`
	// Publics are those of the people whose class changes, by the class that they come to;
	// absent when there are none, or nothing is known of them.
	Publics *publics.Figures `json:"publics,omitempty"`
}

// Transition is the people who pass from one class to another.
type Transition struct {
	From   string `json:"from"`
	To     string `json:"to"`
	People int    `json:"people"`
}

// TerritoireChange is a row of the gap analysis, before and after.
type TerritoireChange struct {
	Type   admin.Type     `json:"type"`
	Code   string         `json:"code"`
	Nom    string         `json:"nom"`
	Before edition.GapRow `json:"before"`
	After  edition.GapRow `json:"after"`
}

// IndexChange is a territoire that nothing reaches but the comparison with others.
type IndexChange struct {
	Type   admin.Type `json:"type"`
	Code   string     `json:"code"`
	Before IndexRow   `json:"before"`
	After  IndexRow   `json:"after"`
}

// IndexRow is what depends on the comparison with others.
type IndexRow struct {
	Score    *decimal.Two `json:"score,omitempty"`
	Priority decimal.One  `json:"priority"`
	Quadrant string       `json:"quadrant,omitempty"`
}

// CellChange is an inhabited cell that changes. Class is that of most of its people;
// times and hours are means over people.
type CellChange struct {
	Cell         string   `json:"cell"`
	Commune      string   `json:"commune"`
	People       int      `json:"people"`
	ClassBefore  string   `json:"class_before"`
	ClassAfter   string   `json:"class_after"`
	AccessBefore *float64 `json:"access_min_before,omitempty"`
	AccessAfter  *float64 `json:"access_min_after,omitempty"`
	HoursBefore  *float64 `json:"hours_week_before,omitempty"`
	HoursAfter   *float64 `json:"hours_week_after,omitempty"`
}

// PartChange is a part that changes.
type PartChange struct {
	Part          int32
	Before, After PartState
}

// Report is the gap analysis of a level after the scenario: that of the edition computed
// anew, but for the id.
func (d *Difference) Report(level admin.Type) *edition.GapReport {
	if k := slices.Index(d.base.levels, level); k >= 0 {
		return d.after.report(d.base.query, k)
	}
	return nil
}

// difference reads an evaluation.
func (v *evaluation) difference(s *Scenario, cells []CellChange) *Difference {
	e, last := v.e, len(v.levels)-1
	d := &Difference{Edition: e.ID, Scenario: s, Params: v.was.e.QueryJSON(v.query), Modelled: e.ModelledSentences(),
		Before: v.was.state.row(last, 0), After: v.after.row(last, 0), OfferBefore: v.was.state.offer, OfferAfter: v.after.offer,
		Knowing: v.knowing(), Transitions: []Transition{}, Territoires: []TerritoireChange{}, Shifted: []IndexChange{}, Cells: cells,
		Sites: v.plan.sites, Order: v.plan.order[:len(e.Sites)], base: v.Base, after: v.after}
	v.balance(d)
	v.listTerritoires(d)
	v.note(d)
	d.Zones = v.zonesChange()
	return d
}

// balance counts people, and lists parts.
func (v *evaluation) balance(d *Difference) {
	var passed [coverage.NumClasses][coverage.NumClasses]int
	var gained, lost publics.Sum
	d.Parts = make([]PartChange, len(v.moved))
	for k, part := range v.moved {
		from, to := v.was.before(part), v.now(part)
		d.Parts[k] = PartChange{part, from, to}
		if to.Site >= 0 {
			d.Parts[k].After.Site = v.plan.order[to.Site]
		}
		n := int(v.e.People[part])
		if n == 0 {
			continue
		}
		passed[from.Class][to.Class] += n
		switch {
		case to.Class.Better(from.Class):
			d.Gained.People += n
			v.e.AddPublics(&gained, part, to.Class)
		case from.Class.Better(to.Class):
			d.Lost.People += n
			v.e.AddPublics(&lost, part, to.Class)
		}
		if from.Opening != access.HoursUnknown && to.Opening != access.HoursUnknown {
			// Slots are sixteenths of an hour a week: sums of them are exact.
			switch more := (access.SlotsToHours(to.Slots) - access.SlotsToHours(from.Slots)) * float64(n); {
			case more > 0:
				d.Gained.HoursChanged += n
				d.Gained.HoursPeople += more
			case more < 0:
				d.Lost.HoursChanged += n
				d.Lost.HoursPeople -= more
			}
		}
		was, is := from.Nearest, to.Nearest
		switch reached := was.Reach == geo.Reached && is.Reach == geo.Reached; {
		case reached && is.Cost < was.Cost:
			d.Gained.TimePeople += n
			d.Gained.MinutesPeople += float64(was.Cost-is.Cost) * float64(n)
		case reached && is.Cost > was.Cost:
			d.Lost.TimePeople += n
			d.Lost.MinutesPeople += float64(is.Cost-was.Cost) * float64(n)
		case was.Reach != geo.Reached && is.Reach == geo.Reached:
			d.Gained.TimePeople += n
		case was.Reach == geo.Reached && is.Reach != geo.Reached:
			d.Lost.TimePeople += n
		}
	}
	if table := v.e.Publics; table != nil {
		if d.Gained.People > 0 {
			d.Gained.Publics = table.Of(gained)
		}
		if d.Lost.People > 0 {
			d.Lost.Publics = table.Of(lost)
		}
	}
	for _, b := range [...]*Balance{&d.Gained, &d.Lost} { // until here in deciseconds: exact
		b.HoursPeople, b.MinutesPeople = decimal.Round(b.HoursPeople, 1), decimal.Round(b.MinutesPeople/float64(geo.Minute), 1)
	}
	for _, from := range coverage.Classes {
		for _, to := range coverage.Classes {
			if n := passed[from][to]; n > 0 && from != to {
				d.Transitions = append(d.Transitions, Transition{from.String(), to.String(), n})
			}
		}
	}
}

func (v *evaluation) listTerritoires(d *Difference) {
	for k := range len(v.levels) - 1 { // the département is before and after
		for i := range v.territoires[k] {
			t := &v.territoires[k][i]
			state := v.was.state
			was, is := &state.gaps[k][i], &v.after.gaps[k][i]
			moved := v.shifts[k][i] != nil || state.count(t) != v.after.count(t) || v.was != v.Base
			ifnWas, ifnIs := &state.index[k][i], &v.after.index[k][i]
			if !moved && equal(ifnWas.Score, ifnIs.Score) && was.Priority == is.Priority && equal(state.offer.WholeScore, v.after.offer.WholeScore) &&
				equal(state.offer.WholeAccessP50, v.after.offer.WholeAccessP50) {
				continue // neither can its quadrant have changed
			}
			if moved {
				before, after := state.row(k, i), v.after.row(k, i)
				if !sameFigures(&before, &after) {
					d.Territoires = append(d.Territoires, TerritoireChange{t.Type, t.Code, t.Nom, before, after})
					continue
				}
			}
			if before, after := state.indexRow(k, i), v.after.indexRow(k, i); !same(before.Score, after.Score) || before.Priority.Written() != after.Priority.Written() || before.Quadrant != after.Quadrant {
				d.Shifted = append(d.Shifted, IndexChange{t.Type, t.Code, before, after})
			}
		}
	}
}

func (s *state) indexRow(level, i int) IndexRow {
	g := &s.gaps[level][i]
	row := IndexRow{Score: s.index[level][i].Score, Priority: decimal.One(g.Priority)}
	if whole := &s.offer; row.Score != nil && whole.WholeScore != nil && whole.WholeAccessP50 != nil && g.Access.Known {
		row.Quadrant = coverage.Cross(float64(*row.Score), float64(*whole.WholeScore), g.Access.P50, float64(*whole.WholeAccessP50)).String()
	}
	return row
}

// sameFigures compares what the people of a territoire have, as written: a difference that
// nobody can read is none.
func sameFigures(a, b *edition.GapRow) bool {
	return a.Classes == b.Classes && a.ToCheck == b.ToCheck && same(a.Access, b.Access) && a.Unreached == b.Unreached && same(a.Hours, b.Hours) && a.Lieux == b.Lieux &&
		(a.Publics == nil || a.Publics.Sum == b.Publics.Sum)
}

// same compares figures as they are written.
func same[T interface {
	comparable
	Written() T
}](a, b *T) bool {
	return a == b || a != nil && b != nil && (*a).Written() == (*b).Written()
}

func equal[T comparable](a, b *T) bool { return a == b || a != nil && b != nil && *a == *b }

// cells lists the inhabited cells of which something printed changes.
func (v *evaluation) cells() []CellChange {
	out := make([]CellChange, 0, len(v.moved))
	last := int32(-1)
	home := v.home()
	for _, part := range v.moved {
		cell := v.e.Grid.Parts[part].Cell
		if cell == last || v.e.People[part] == 0 {
			continue
		}
		last = cell
		var tally [2]coverage.Tally
		var minutes, hours [2]coverage.Mean
		people := 0
		for p := v.e.Grid.First[cell]; p < v.e.Grid.First[cell+1]; p++ {
			n := v.e.People[p]
			if n == 0 {
				continue
			}
			people += int(n)
			for k, s := range [2]PartState{v.was.before(p), v.now(p)} {
				tally[k].Add(s.Class, int(n))
				if s.Nearest.Reach == geo.Reached {
					minutes[k].Add(uint32(s.Nearest.Cost), n)
				}
				if s.Opening != access.HoursUnknown {
					hours[k].Add(uint32(s.Slots), n)
				}
			}
		}
		c := CellChange{People: people, ClassBefore: tally[0].Worst().String(), ClassAfter: tally[1].Worst().String(),
			AccessBefore: printed(minutes[0].Minutes()), AccessAfter: printed(minutes[1].Minutes()),
			HoursBefore: printed(hours[0].WeeklyHours()), HoursAfter: printed(hours[1].WeeklyHours())}
		if c.ClassBefore == c.ClassAfter && equal(c.AccessBefore, c.AccessAfter) && equal(c.HoursBefore, c.HoursAfter) {
			continue
		}
		c.Cell, c.Commune = v.e.Grid.Cells[cell].String(), v.e.Division.Communes[home[cell]].Code
		out = append(out, c)
	}
	return out
}

// printed is a figure with two decimals, nil for NaN.
func printed(v float64) *float64 {
	if math.IsNaN(v) {
		return nil
	}
	v = decimal.Round(v, 2)
	return &v
}
