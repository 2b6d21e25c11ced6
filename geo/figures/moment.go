package figures

import (
	"sync"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// Moments counts people by what they find within reach at one slot of the week.
type Moments [access.NumMoments]int

// Week is what no moment changes of a question: the sites that every part reaches. It is
// immutable and safe for concurrent use.
type Week struct {
	edition *edition.Edition
	mode    geo.Mode
	sets    *access.Sets
	profile func() [lieu.SlotsPerWeek][access.NumMoments]int
}

// NewWeek is the week of a question, whatever the hours that are required.
func NewWeek(e *edition.Edition, q coverage.Query) *Week {
	sets := e.Access[q.Mode].Sets(e.Sites, q.Service, q.Appointments, q.Cutoff)
	return &Week{e, q.Mode, sets, sync.OnceValue(func() [lieu.SlotsPerWeek][access.NumMoments]int { return sets.Profile(e.Sites, e.People) })}
}

// Whole counts everybody at a slot of the week (0 is Monday 00:00).
func (w *Week) Whole(slot int) Moments { return w.profile()[slot] }

// Of counts the people of territoires at a slot.
func (w *Week) Of(territoires []admin.Territoire, slot int) []Moments {
	at := w.at(slot)
	out := make([]Moments, len(territoires))
	for i, t := range territoires {
		for part, n := range inhabited(w.edition, t) {
			out[i][at(part)] += n
		}
	}
	return out
}

// OfDate counts people on one date.
type OfDate struct {
	Date   time.Time
	People int // who find a lieu that is known to be open
}

// Dates are those of the reference weeks that a slot of the week falls on, where timetables make
// them matter; else none.
func (w *Week) Dates(slot int) (dates []OfDate) {
	if w.mode != geo.Transit {
		return nil
	}
	open := w.sets.OpenWeeks(w.edition.Sites, slot)
	for day := range w.edition.Timetables.Weeks.Weekday(slot / lieu.SlotsPerDay) {
		d := OfDate{Date: day.Date()}
		week, _ := day.Cycle()
		for part, n := range w.edition.People {
			if set := w.sets.Of[part]; set >= 0 && open[set]>>(week-1)&1 == 1 {
				d.People += int(n)
			}
		}
		dates = append(dates, d)
	}
	return dates
}

// Column is the state of most people of every row of the pyramid at a slot; of states that
// are as many, the one that helps least. Known is false where nobody lives.
func (w *Week) Column(slot int) (state []access.Moment, known []bool) {
	at, e := w.at(slot), w.edition
	tallies := make([][access.NumMoments]int32, e.Pyramid.Rows)
	for part, n := range e.People {
		if n == 0 {
			continue
		}
		m := at(int32(part))
		for _, rows := range e.Pyramid.Part {
			tallies[rows[part]][m] += n
		}
	}
	state, known = make([]access.Moment, len(tallies)), make([]bool, len(tallies))
	for row, tally := range tallies {
		var most int32
		for m, n := range tally {
			if n > most {
				most, state[row], known[row] = n, access.Moment(m), true
			}
		}
	}
	return state, known
}

// at looks all sets up at a slot, for who asks for many parts.
func (w *Week) at(slot int) func(part int32) access.Moment {
	moments := w.sets.Moments(w.edition.Sites, slot)
	return func(part int32) access.Moment {
		if set := w.sets.Of[part]; set >= 0 {
			return moments[set]
		}
		return access.OutOfReach
	}
}

// part is what one part finds at a slot.
func (w *Week) part(part int32, slot int) access.Moment {
	if set := w.sets.Of[part]; set >= 0 {
		return w.sets.Moment(set, w.edition.Sites, slot)
	}
	return access.OutOfReach
}
