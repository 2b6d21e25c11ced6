// Package coverage says who is covered: the class of every part, the zones
// blanches, and the gap analysis of every territoire. It reads access tables and
// computes nothing on the road network.
//
// The cut-off T is inclusive (t = T is within) and so is the hours' threshold
// (w = H is enough).
package coverage

import (
	"fmt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Query is one question: which service, by which mode, within how long, open how
// many hours a week.
type Query struct {
	Service  lieu.Service
	Mode     geo.Mode
	Cutoff   geo.Cost // T, inclusive, at most access.Horizon
	MinHours float64  // H, hours a week
	// Appointments counts hours by appointment as hours at which one walks in.
	Appointments bool
}

// Defaults: 15 minutes by car, and half of a 35-hour week.
const (
	DefaultCutoff   = 15 * geo.Minute
	DefaultMinHours = 17.5
)

// Defaults by timetable: 45 minutes, and a half-day.
const (
	DefaultTransitCutoff   = 45 * geo.Minute
	DefaultTransitMinHours = 3.5
)

// By is q asked of another mode. Thresholds are kept, but between streets and timetables,
// which have their own.
func (q Query) By(m geo.Mode) Query {
	switch {
	case m == q.Mode:
	case m == geo.Transit:
		q.Cutoff, q.MinHours = DefaultTransitCutoff, DefaultTransitMinHours
	case q.Mode == geo.Transit:
		q.Cutoff, q.MinHours = DefaultCutoff, DefaultMinHours
	}
	q.Mode = m
	return q
}

// DefaultQuery asks for any service by car with the default thresholds.
func DefaultQuery() Query {
	return Query{Service: lieu.Any, Mode: geo.Car, Cutoff: DefaultCutoff, MinHours: DefaultMinHours}
}

// Check reports a threshold that cannot be answered.
func (q Query) Check() error {
	if q.Cutoff < geo.Minute || q.Cutoff > access.Horizon {
		return fmt.Errorf("cut-off %g min: expected 1 to %g minutes", q.Cutoff.Minutes(), access.Horizon.Minutes())
	}
	if !(q.MinHours >= 0 && q.MinHours <= 168) {
		return fmt.Errorf("hours %g: expected 0 to 168 hours a week", q.MinHours)
	}
	return nil
}

// CheckStep reports a cut-off that the mode does not have: people are told of no other than
// those that timetables are searched for. What is computed of one in between is right all the
// same: buses count as by the step below it, and walks up to it.
func (q Query) CheckStep() error {
	if step := q.Mode.Step(); q.Cutoff%step != 0 {
		return fmt.Errorf("cut-off %g min by %s: expected a multiple of %g minutes", q.Cutoff.Minutes(), q.Mode, step.Minutes())
	}
	return nil
}

// Class is the class of a part, or of a cell.
type Class uint8

// The classes. Uninhabited is for cells only: a part always has a class.
const (
	Uninhabited Class = iota
	Couverte          // within T of lieux known to offer the service, for at least H known hours a week
	Grise             // within T of such lieux, but for fewer than H known hours
	Blanche           // nothing within T, known or unknown, could offer the service
	Inconnue          // within T only of lieux of which services, hours, stops or reception are unknown
	NumClasses  = iota
)

// Classes lists the four classes of inhabited places, in order.
var Classes = []Class{Couverte, Grise, Blanche, Inconnue}

var classNames = [NumClasses]string{"inhabite", "couverte", "grise", "blanche", "inconnue"}

func (c Class) String() string { return classNames[c] }

// severity orders classes from best to worst, for ties: a cell whose people are
// half covered and half not is shown as not.
var severity = [NumClasses]int{Uninhabited: 0, Couverte: 1, Inconnue: 2, Grise: 3, Blanche: 4}

// Classify gives the class of every part.
func Classify(s *access.Hours, minHours float64) []Class {
	out := make([]Class, len(s.Opening))
	for i, o := range s.Opening {
		out[i] = ClassOf(o, s.Slots[i], minHours)
	}
	return out
}

// merit orders classes: 0 is the best.
var merit = [NumClasses]int{Couverte: 0, Grise: 1, Inconnue: 1, Blanche: 2}

// Better reports whether c is better for people than o: couverte, then grise and inconnue
// alike, then blanche.
func (c Class) Better(o Class) bool { return merit[c] < merit[o] }

// ClassOf is the class of a part that finds so many open slots within the cut-off.
func ClassOf(o access.Opening, slots uint16, minHours float64) Class {
	switch {
	case o == access.NoSite:
		return Blanche
	case o == access.HoursUnknown:
		return Inconnue
	case !Enough(slots, minHours):
		return Grise
	}
	return Couverte
}

// Enough reports whether so many open slots of the cycle are the hours a week that are
// wanted. It compares in slots: hours a week are slots / (4 slots × 4 weeks), exactly.
func Enough(slots uint16, minHours float64) bool {
	return float64(slots) >= minHours*lieu.SlotsPerHour*lieu.WeeksPerCycle
}

// Liftable is what keeps a part from being couverte that may well be it: what is unknown of
// the sites within the cut-off, where these would be enough were all as good as it can be; 0
// for a part that is couverte, or that nothing unknown can make so.
func Liftable(f access.Found, minHours float64) lieu.Doubt {
	if f.Doubt == 0 || ClassOf(f.Opening, f.Slots, minHours) == Couverte || !Enough(f.Lift, minHours) {
		return 0
	}
	return f.Doubt
}

// ToCheck counts the people whom what is unknown could make couverts: all, each once, and
// by what is unknown, which may overlap.
type ToCheck struct {
	People  int
	ByDoubt [len(lieu.Doubts)]int
}

// Add counts n people of a doubt; of 0, none.
func (t *ToCheck) Add(d lieu.Doubt, n int) {
	if d == 0 {
		return
	}
	t.People += n
	for k, x := range lieu.Doubts {
		if d&x.Doubt != 0 {
			t.ByDoubt[k] += n
		}
	}
}

// plus adds the people of o.
func (t ToCheck) plus(o ToCheck) ToCheck {
	t.People += o.People
	for k, n := range o.ByDoubt {
		t.ByDoubt[k] += n
	}
	return t
}

// Tally counts people by class.
type Tally [NumClasses]int

// Add counts n people of class c.
func (t *Tally) Add(c Class, n int) { t[c] += n }

// Worst is the class of most people, ties to the worse class; Uninhabited when
// there is nobody.
func (t *Tally) Worst() Class {
	best := Uninhabited
	for _, c := range Classes {
		if t[c] > 0 && (t[c] > t[best] || best == Uninhabited || t[c] == t[best] && severity[c] > severity[best]) {
			best = c
		}
	}
	return best
}
