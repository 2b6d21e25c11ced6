package coverage

import (
	"cmp"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/grid"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Gap is the gap analysis of one territoire. Figures are of inhabitants, never
// means over communes. The classes add up to the population exactly, and so do
// the communes of an EPCI.
type Gap struct {
	Territoire admin.Territoire
	Classes    Tally
	ToCheck    ToCheck
	// NoHours are the people of the class grise who find no hour at all: by timetable, what
	// is open when no bus lets them come and go home.
	NoHours int
	// Access summarises the time to the nearest lieu, in minutes, over the people
	// who reach one.
	Access Distribution
	// NoPath, NoRoad and Unknown count the people who reach none, by cause.
	NoPath, NoRoad, Unknown int
	// Hours summarises the open hours a week within the cut-off over the people
	// for whom they are known; people with no lieu within it have 0 for certain.
	Hours    Distribution
	Priority float64
	Rank     int // 1 = first to act; among the rows computed together
}

// Distribution holds population-weighted figures; Known is false when nobody
// carries a value, and then the figures mean nothing.
type Distribution struct {
	Known               bool
	P10, P50, P90, Mean float64
}

// PriorityFormula says in French how the priorities of so many rows are made, for people who
// read them, when those of some rows are without index.
func PriorityFormula(without, rows int) string {
	const people = "habitants en zone blanche + ½ habitants en zone grise + ¼ habitants de classe inconnue"
	switch without {
	case 0:
		return "(" + people + ") × indice de fragilité ÷ 5"
	case rows:
		return people + " ; l'indice de fragilité n'y entre pas : il est inconnu partout"
	}
	return fmt.Sprintf("(%s) × indice de fragilité ÷ 5 ; sans l'indice pour %d sur %d, dont il est inconnu", people, without, rows)
}

// Figures are what a Gap says of the people of a territoire, in a form that follows
// changes. They are immutable.
type Figures struct {
	classes                 Tally
	toCheck                 ToCheck
	noHours                 int
	noPath, noRoad, unknown int
	times, hours            Column
}

// The units of the columns: deciseconds in a minute, slots of the cycle in an hour a
// week.
const (
	perMinute     = float64(geo.Minute)
	perWeeklyHour = float64(lieu.SlotsPerHour * lieu.WeeksPerCycle)
)

// NewFigures sums up the people of a territoire.
func NewFigures(t *admin.Territoire, r *Residents, minHours float64, class []Class, near *access.Nearest, found *access.Hours) Figures {
	var f Figures
	var times, hours Sample
	for i, people := range r.In(t) {
		n := int(people)
		f.classes.Add(class[i], n)
		f.toCheck.Add(Liftable(found.At(i), minHours), n)
		if NoHours(class[i], found.Slots[i]) {
			f.noHours += n
		}
		switch near.Reach[i] {
		case geo.Reached:
			times.Add(uint32(near.Cost[i]), n)
		case geo.NoPath:
			f.noPath += n
		case geo.NoRoadNearby:
			f.noRoad += n
		default:
			f.unknown += n
		}
		if found.Opening[i] != access.HoursUnknown {
			hours.Add(uint32(found.Slots[i]), n)
		}
	}
	f.times, f.hours = times.Column(), hours.Column()
	return f
}

// State is what the people of one part have.
type State struct {
	Class   Class
	Nearest geo.Access
	access.Found
}

// NewShift is one that changes nothing, for the hours of a question.
func NewShift(minHours float64) *Shift { return &Shift{minHours: minHours} }

// Shift gathers the people of a territoire whose state changes; see [NewShift].
type Shift struct {
	minHours                float64
	classes                 Tally
	toCheck                 ToCheck
	noHours                 int
	noPath, noRoad, unknown int
	times, hours            []Change
}

// Move takes n people from one state to another, but for the values that they have:
// see AddTime and AddHours.
func (s *Shift) Move(n int, from, to State) {
	s.add(-n, from)
	s.add(n, to)
}

func (s *Shift) add(n int, to State) {
	s.classes.Add(to.Class, n)
	s.toCheck.Add(Liftable(to.Found, s.minHours), n)
	if NoHours(to.Class, to.Slots) {
		s.noHours += n
	}
	switch to.Nearest.Reach {
	case geo.Reached:
	case geo.NoPath:
		s.noPath += n
	case geo.NoRoadNearby:
		s.noRoad += n
	default:
		s.unknown += n
	}
}

// AddTime gives n people a time to the nearest lieu, in deciseconds. Adding is cheapest
// from the shortest to the longest.
func (s *Shift) AddTime(value uint32, n int) { s.times = append(s.times, Change{value, n}) }

// AddHours gives n people whose hours are known so many open slots.
func (s *Shift) AddHours(slots uint32, n int) { s.hours = append(s.hours, Change{slots, n}) }

// Gap is the row of a territoire after a shift (nil: as it is), without priority and
// rank. The shift is used up.
func (f *Figures) Gap(t admin.Territoire, s *Shift) Gap {
	if s == nil {
		s = &Shift{}
	}
	g := Gap{Territoire: t, Classes: f.classes, ToCheck: f.toCheck.plus(s.toCheck), NoHours: f.noHours + s.noHours, NoPath: f.noPath + s.noPath, NoRoad: f.noRoad + s.noRoad, Unknown: f.unknown + s.unknown,
		Access: f.times.Figures(s.times, perMinute), Hours: f.hours.Figures(s.hours, perWeeklyHour)}
	for c, n := range s.classes {
		g.Classes[c] += n
	}
	return g
}

// NoHours reports whether a part of a class, with so many slots, is one that has a lieu within
// the cut-off and no hour of it.
func NoHours(c Class, slots uint16) bool { return c == Grise && slots == 0 }

// SetPriority fills Priority. score is the fragility of the territoire (0–10), if
// known.
func (g *Gap) SetPriority(score float64, known bool) {
	need := 1.0
	if known {
		need = score / 5
	}
	g.Priority = (float64(g.Classes[Blanche]) + float64(g.Classes[Grise])/2 + float64(g.Classes[Inconnue])/4) * need
}

// RankGaps fills Rank: by priority, the highest first; ties keep their order.
func RankGaps(rows []Gap) {
	order := make([]int32, len(rows))
	for i := range order {
		order[i] = int32(i)
	}
	slices.SortFunc(order, func(a, b int32) int {
		return cmp.Or(cmp.Compare(rows[b].Priority, rows[a].Priority), cmp.Compare(a, b))
	})
	for rank, i := range order {
		rows[i].Rank = rank + 1
	}
}

// Gaps computes one row for every territoire, ranked by priority. ifn gives the
// fragility score (0–10) of a territoire, or false when it is unknown.
func Gaps(territoires []admin.Territoire, r *Residents, minHours float64, class []Class, near *access.Nearest, found *access.Hours, ifn func(admin.Ref) (float64, bool)) []Gap {
	rows := make([]Gap, len(territoires))
	for k := range territoires {
		t := &territoires[k]
		f := NewFigures(t, r, minHours, class, near, found)
		rows[k] = f.Gap(*t, nil)
		rows[k].SetPriority(ifn(t.Ref))
	}
	RankGaps(rows)
	return rows
}

// PartsByCommune lists the parts of every commune.
func PartsByCommune(g *grid.Grid, communes int) [][]int32 {
	out := make([][]int32, communes)
	for i, p := range g.Parts {
		out[p.Commune] = append(out[p.Commune], int32(i))
	}
	return out
}
