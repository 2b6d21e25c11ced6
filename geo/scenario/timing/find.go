package timing

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/parallel"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Unmovable says, in French, why no opening of a site can be moved.
type Unmovable struct{ Nom, Why string }

func (u *Unmovable) Error() string { return fmt.Sprintf("« %s » : %s", u.Nom, u.Why) }

// Change is what a placement changes for the people of the territory.
type Change struct {
	Covered, Uncovered int // people who become of the class couverte, or are no longer
	Reached, Unreached int // people who find some open hour, and found none, or the reverse
	// Slots of the cycle times the people who find more of them open, or fewer: 16 to an hour
	// a week. As for Reached, those whose hours were, or become, unknown are left out.
	More, Less int64
}

func (c *Change) add(o Change) {
	c.Covered, c.Uncovered = c.Covered+o.Covered, c.Uncovered+o.Uncovered
	c.Reached, c.Unreached = c.Reached+o.Reached, c.Unreached+o.Unreached
	c.More, c.Less = c.More+o.More, c.Less+o.Less
}

// compare puts the change that brings more first: by people covered, then by those who find
// some hour, then by hours × people.
func (c *Change) compare(o *Change) int {
	return cmp.Or(cmp.Compare(o.Covered-o.Uncovered, c.Covered-c.Uncovered), cmp.Compare(o.Reached-o.Unreached, c.Reached-c.Unreached),
		cmp.Compare(o.More-o.Less, c.More-c.Less))
}

// Better reports whether the change brings more than no change.
func (c *Change) Better() bool { return c.compare(&Change{}) < 0 }

// Placement is an opening at another day or hour.
type Placement struct {
	Opening int // position in Found.Openings
	Weekday int // from 0, Monday
	From    int // slot of the day
	Change
}

// Found are the placements of all openings of a site.
type Found struct {
	Site       int32
	Openings   []Opening   // in the order of the week
	Placements []Placement // of most gain first; of equal ones the first opening, day and hour
	Covered    int         // people of the class couverte before
	Reached    int         // people who are known to find some open hour before
}

// Days gives, of each opening and day, the placement that brings most, in their order, of those
// that bring more than no change.
func (f *Found) Days() (out []Placement) {
	seen := map[[2]int]bool{}
	for _, p := range f.Placements {
		if key := [2]int{p.Opening, p.Weekday}; p.Better() && !seen[key] {
			seen[key] = true
			out = append(out, p)
		}
	}
	return out
}

// Find tries every placement of every opening of a site, for the question of an answer of the
// edition, which is by timetable. An error is [*Unmovable] or that of ctx.
func Find(ctx context.Context, g *scenario.Engine, a *edition.Answer, site int32) (*Found, error) {
	e, q := g.Edition(), a.Query
	s := &e.Sites[site]
	switch d := s.Of(q.Service); {
	case q.Mode != geo.Transit:
		return nil, fmt.Errorf("timing: mode %s: %w", q.Mode, scenario.ErrNoMode)
	case !s.Could(q.Service):
		return nil, &Unmovable{s.Nom, fmt.Sprintf("ce lieu n'offre pas le service demandé (%s)", q.Service.Label())}
	case d != 0:
		return nil, &Unmovable{s.Nom, fmt.Sprintf("il faut d'abord connaître %s", d.InWords())}
	case s.Horaires.Slots == (lieu.Slots{}):
		return nil, &Unmovable{s.Nom, "il n'ouvre jamais sans rendez-vous ; aucune ouverture à déplacer"}
	}
	out := &Found{Site: site, Openings: openingsOf(&s.Horaires.Slots)}
	for part, people := range e.People {
		if a.Class[part] == coverage.Couverte {
			out.Covered += int(people)
		}
		if a.Hours.Slots[part] > 0 {
			out.Reached += int(people)
		}
	}
	net := e.Travel(geo.Transit).(*transit.Network)
	to, err := net.Sites(ctx, []network.Site{{At: s.At, Horaires: &s.Horaires}})
	if err != nil {
		return nil, fmt.Errorf("timing: %w", err)
	}
	l := look{e: e, a: a, found: out, ways: net.NewWays(g.Starts(geo.Transit), to, 0, q.Cutoff), open: cycleOf(&s.Horaires.Slots)}
	out.Placements = placements(out.Openings, &l.open, taken(e, s))
	if s.Horaires.RendezVous != nil && q.Appointments {
		l.appointments = cycleOf(s.Horaires.RendezVous)
	}
	serves := e.Serves(e.Sites)(site)
	starts := l.ways.Starts()
	const atOnce = 256
	chunks, err := parallel.Map(ctx, len(starts), atOnce, func(from, to int) ([]Change, error) {
		l := l
		l.counter, l.changes = l.ways.NewCounter(), make([]Change, len(out.Placements))
		for _, part := range starts[from:to] {
			if e.People[part] > 0 && (serves == nil || serves(part)) {
				l.home(part)
			}
		}
		return l.changes, nil
	})
	if err != nil {
		return nil, fmt.Errorf("timing: %w", err)
	}
	for _, changes := range chunks {
		for k := range changes {
			out.Placements[k].add(changes[k])
		}
	}
	slices.SortStableFunc(out.Placements, func(a, b Placement) int { return a.compare(&b.Change) })
	return out, nil
}

// taken are the slots at which a site, or the bus that stops there, is elsewhere or receives by
// appointment.
func taken(e *edition.Edition, s *lieu.Site) (c cycle) {
	var all lieu.Slots
	if s.Horaires.RendezVous != nil {
		all.Union(s.Horaires.RendezVous)
	}
	for i := range e.Sites {
		if o := &e.Sites[i]; o != s && s.Tournee >= 0 && o.Tournee == s.Tournee {
			all.Union(o.Horaires.Count(true))
		}
	}
	return cycleOf(&all)
}

// placements lists where each opening may be moved, in order: not where it is, nor over another.
func placements(openings []Opening, open *cycle, taken cycle) (out []Placement) {
	for k := range openings {
		o := &openings[k]
		free := func(weekday, from, to int) bool {
			moved := run(from, to)
			for w := range lieu.WeeksPerCycle {
				day := 7*w + weekday
				others := open[day]
				if weekday == o.Weekday {
					others = others.without(run(o.From, o.To))
				}
				if o.Weeks>>w&1 == 1 && moved.in&(others.in|taken[day].in) != 0 {
					return false
				}
			}
			return true
		}
		for weekday := range 6 {
			for from := transit.FirstSlot; from+o.To-o.From <= transit.EndSlot; from++ {
				if (weekday != o.Weekday || from != o.From) && free(weekday, from, from+o.To-o.From) {
					out = append(out, Placement{Opening: k, Weekday: weekday, From: from})
				}
			}
		}
	}
	return out
}

// look looks at one home after the other; it is of one goroutine.
type look struct {
	e       *edition.Edition
	a       *edition.Answer
	found   *Found
	ways    *transit.Ways
	counter *transit.WaysCounter
	changes []Change // of every placement
	open    cycle    // when the site is open
	// appointments are the slots that count beside for those who walk.
	appointments cycle

	// Of the home at hand.
	others cycle // what counts of the other sites
	mine   cycle // and of the site
	all    int   // slots of both
	own    int   // slots of the site
}

// counted is what counts of some slots of a day.
func (l *look) counted(day int, open daySlots) daySlots {
	if l.counter.OnFoot() {
		return open
	}
	return daySlots{in: l.counter.Count(l.ways.Kind(day), open.in)}
}

// home adds what all placements change for the people of a part.
func (l *look) home(part int32) {
	if !l.counter.Turn(part) {
		return
	}
	people := int(l.e.People[part])
	before := l.a.Hours.At(part)
	rest := l.turn(part)
	at := 0
	for k := range l.found.Openings {
		o := &l.found.Openings[k]
		own := run(o.From, o.To)
		var removed [lieu.WeeksPerCycle]daySlots // what is left of the days of the opening
		var all, mine int                        // slots without it
		for w := range removed {
			if o.Weeks>>w&1 == 1 {
				day := 7*w + o.Weekday
				removed[w] = l.open[day].without(own)
				more, mineMore := l.with(day, removed[w])
				all, mine = all+more, mine+mineMore
			}
		}
		for ; at < len(l.found.Placements) && l.found.Placements[at].Opening == k; at++ {
			p := &l.found.Placements[at]
			moved := run(p.From, p.From+o.To-o.From)
			more, mineMore := 0, 0
			if p.Weekday != o.Weekday {
				more, mineMore = all, mine
			}
			for w := range removed {
				if o.Weeks>>w&1 == 0 {
					continue
				}
				day := 7*w + p.Weekday
				open := l.open[day]
				if p.Weekday == o.Weekday {
					open = removed[w]
				}
				a, m := l.with(day, open.union(moved))
				more, mineMore = more+a, mineMore+m
			}
			after := access.Found{Opening: rest, Slots: uint16(l.all + more)}
			if l.counter.Within() || l.own+mineMore > 0 {
				after.Opening = access.HoursKnown
			}
			l.tell(&l.changes[at], people, before, after)
		}
	}
}

// turn readies what counts for a part, and tells what its other sites are known to be.
func (l *look) turn(part int32) access.Opening {
	var u access.Union
	if set := l.a.Sets.Of[part]; set >= 0 {
		u = l.a.Sets.UnionOf(int(set), func(site uint16) *lieu.Site {
			if int32(site) == l.found.Site {
				return nil
			}
			return &l.e.Sites[site]
		})
	}
	l.others, l.all, l.own = cycleOf(u.Known()), 0, 0
	for day := range l.mine {
		if l.counter.OnFoot() {
			l.others[day] = l.others[day].union(l.appointments[day])
		}
		l.mine[day] = l.counted(day, l.open[day])
		l.all += l.others[day].union(l.mine[day]).len()
		l.own += l.mine[day].len()
	}
	return u.Opening
}

// with tells how many more slots count were a day open at some, of all sites and of this one.
func (l *look) with(day int, open daySlots) (all, own int) {
	mine := l.counted(day, open)
	return l.others[day].union(mine).len() - l.others[day].union(l.mine[day]).len(), mine.len() - l.mine[day].len()
}

// tell adds what changes for people who find one thing instead of another.
func (l *look) tell(c *Change, people int, before, after access.Found) {
	if before.Opening == after.Opening && before.Slots == after.Slots {
		return
	}
	h := l.a.Query.MinHours
	was, is := coverage.ClassOf(before.Opening, before.Slots, h), coverage.ClassOf(after.Opening, after.Slots, h)
	switch {
	case was == is:
	case is == coverage.Couverte:
		c.Covered += people
	case was == coverage.Couverte:
		c.Uncovered += people
	}
	if before.Opening == access.HoursUnknown || after.Opening == access.HoursUnknown {
		return
	}
	switch {
	case before.Slots == 0 && after.Slots > 0:
		c.Reached += people
	case before.Slots > 0 && after.Slots == 0:
		c.Unreached += people
	}
	if more := int64(after.Slots) - int64(before.Slots); more > 0 {
		c.More += more * int64(people)
	} else {
		c.Less -= more * int64(people)
	}
}
