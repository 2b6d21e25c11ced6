// Package tour proposes tournées: where a bus should stop, and when, so that its day can be
// driven. Whether a tournée that is there can be driven is [scenario.Engine.Check].
package tour

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/cover"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

// Wish says what tournée to propose: where a vehicle should stop over the 4-week
// cycle so that as many people as possible have, within the cut-off, at least MonthHours
// open hours a cycle. What is there counts: who has them already is not looked for, and
// who has some finds them together with those of the vehicle.
type Wish struct {
	Nom        string
	Depot      geo.LonLat
	Stops      int   // at most, of different places
	Start, End int   // of the vehicle's day at the depot, in minutes from midnight
	Stay       int   // at a stop, in minutes, a multiple of 15
	Weekdays   []int // 0 is Monday
	MonthHours float64
	Services   lieu.Services
	Objective  siting.Objective // siting.ByPeople or siting.ByFragile
	Places     []siting.Place
}

// SlotsDifferError refuses a mode by which who can come depends on when the vehicle stops: its
// stops are chosen before its times, so that what each brings would not be known.
type SlotsDifferError struct{ Mode geo.Mode }

func (e *SlotsDifferError) Error() string {
	return fmt.Sprintf("%s, qui peut venir dépend de l'heure à laquelle le véhicule s'arrête, et une tournée choisit ses arrêts avant ses heures : proposez-la par un autre mode (--mode walk, par exemple), puis simulez-la %[1]s (maillage simulate --mode %[2]s)", e.Mode.Phrase(), e.Mode)
}

// MaxStops is the most stops of a tournée that is proposed.
const MaxStops = 20

func (w *Wish) check(b *scenario.Base) error {
	switch {
	case w.Stops < 1 || w.Stops > MaxStops:
		return fmt.Errorf("tour: %d stops: expected 1 to %d", w.Stops, MaxStops)
	case w.Stay < lieu.SlotMinutes || w.Stay%lieu.SlotMinutes != 0 || w.Start < 0 || w.End > 24*60 || w.Start+w.Stay > w.End:
		return fmt.Errorf("tour: %d minutes at a stop from %s to %s: expected quarters of an hour that fit in the day", w.Stay, scenario.Clock(w.Start), scenario.Clock(w.End))
	case len(w.Weekdays) == 0 || slices.Min(w.Weekdays) < 0 || slices.Max(w.Weekdays) > 6:
		return fmt.Errorf("tour: days %v: expected 0 (Monday) to 6", w.Weekdays)
	case !(w.MonthHours > 0) || w.visits() > lieu.WeeksPerCycle*len(w.Weekdays):
		return fmt.Errorf("tour: %g hours a cycle: expected more than 0, and at most what %d visits give", w.MonthHours, lieu.WeeksPerCycle*len(w.Weekdays))
	case w.Objective != siting.ByPeople && w.Objective != siting.ByFragile:
		return fmt.Errorf("tour: objective %q: expected people or fragile", w.Objective)
	case !w.Services.Offers(b.Query().Service):
		return errors.New("tour: what is offered is not what is asked for")
	case !b.Drives():
		return fmt.Errorf("tour: %s: %w", geo.Car, scenario.ErrNoMode)
	}
	if err := w.Objective.Known(b); err != nil {
		return fmt.Errorf("tour: %w", err)
	}
	return w.Depot.Check()
}

// need is MonthHours in slots of the cycle.
func (w *Wish) need() float64 { return w.MonthHours * lieu.SlotsPerHour }

// visits is how often a stop is served in a cycle, so that it gives MonthHours by itself.
func (w *Wish) visits() int {
	slots := w.Stay / lieu.SlotMinutes
	n := 1
	for float64(n*slots) < w.need() {
		n++
	}
	return n
}

// rhythm is every how many weeks a route is driven, and on how many days of the week a
// stop is served.
func (w *Wish) rhythm() (period, days int) {
	switch n := w.visits(); {
	case n == 1:
		return 4, 1
	case n == 2:
		return 2, 1
	default:
		return 1, (n + lieu.WeeksPerCycle - 1) / lieu.WeeksPerCycle
	}
}

// Proposal is a tournée that is proposed. Totals are of people who have MonthHours, in the
// unit of the objective.
type Proposal struct {
	Scenario   *scenario.Scenario
	Stops      []Stop
	Before     float64
	After      float64
	UpperBound float64 // of all choices of stops that are served as often, drivable or not
	Routes     int     // different days of the vehicle
	Dropped    int     // stops that did not fit in its days
	Check      *scenario.Feasibility
}

// Stop is one stop, in the order of what each adds to those before.
type Stop struct {
	Place  int // position among the candidates
	When   string
	Gain   float64
	People int
}

// Propose proposes a tournée. Each stop is served often enough to give MonthHours by itself,
// so that what stops bring is a coverage: they are chosen as by [siting.Suggest], and their
// bound is proven. Then they are put together in days of the vehicle, so as to drive
// little (Clarke & Wright 1964). Where the days are too few for these stops, others are
// chosen one by one, and exchanged, that fit in them together. Times at stops begin on
// quarters of an hour.
func Propose(ctx context.Context, b *scenario.Base, w Wish, done func(n, of int)) (*Proposal, error) {
	if err := w.check(b); err != nil {
		return nil, err
	}
	if !b.EverySlot() {
		return nil, fmt.Errorf("tour: %w", &SlotsDifferError{b.Query().Mode})
	}
	before, weight := monthly(b, &w)
	r := newRouting(b, &w)
	candidates := r.inReach()
	places := make([]geo.LonLat, len(candidates))
	for i, c := range candidates {
		places[i] = w.Places[c].At
	}
	serves := make([][]int32, len(w.Places))
	err := b.Serve(ctx, places, &lieu.Horaires{}, func(h int32) bool { return weight[h] > 0 }, func() (func(int32, *lieu.Slots), func(int)) {
		var homes []int32
		return func(h int32, _ *lieu.Slots) { homes = append(homes, h) }, func(place int) {
			slices.Sort(homes)
			serves[candidates[place]], homes = slices.Clone(homes), homes[:0]
		}
	}, done)
	if err != nil {
		return nil, fmt.Errorf("tour: %w", err)
	}
	c := cover.New(weight, serves, w.Stops)
	chosen, bound, err := c.Solve(ctx)
	if err != nil {
		return nil, fmt.Errorf("tour: %w", err)
	}
	t := &Proposal{}
	routes, fit := r.join(chosen)
	if !fit {
		wanted := len(chosen)
		if chosen, err = r.pack(ctx, c); err != nil {
			return nil, fmt.Errorf("tour: %w", err)
		}
		routes, _ = r.join(chosen)
		t.Dropped = wanted - len(chosen)
	}
	chosen = c.Ordered(chosen)
	t.Routes, t.Stops = len(routes), r.stops(chosen, routes)
	counted, total, scale := make([]bool, len(weight)), int64(0), w.Objective.Scale()
	for i := range t.Stops {
		more := int64(0)
		for _, h := range serves[chosen[i]] {
			if !counted[h] {
				counted[h] = true
				more += weight[h]
				t.Stops[i].People += int(b.Homes().People[h])
			}
		}
		t.Stops[i].Gain = float64(more) / scale
		total += more
	}
	t.Before, t.After, t.UpperBound = float64(before)/scale, float64(before+total)/scale, float64(before+bound)/scale
	t.Scenario = addition(b, &w, t.Stops)
	if len(t.Stops) > 0 {
		_, tournees, err := t.Scenario.Apply(b.Edition())
		if err != nil {
			return nil, fmt.Errorf("tour: %w", err)
		}
		if t.Check, err = b.Check(ctx, &tournees[len(tournees)-1]); err != nil {
			return nil, fmt.Errorf("tour: %w", err)
		}
	}
	return t, nil
}

// monthly counts the people who have MonthHours, and gives the weight of those who have
// not. Unknown hours give none.
func monthly(b *scenario.Base, w *Wish) (before int64, weight []int64) {
	weight = make([]int64, len(b.Homes().Part))
	for h, part := range b.Homes().Part {
		each := int64(b.Edition().People[part])
		if w.Objective == siting.ByFragile {
			each = int64(b.Fragile(part))
		}
		if float64(b.Answer().Hours.Slots[part]) >= w.need() {
			before += each
		} else {
			weight[h] = each
		}
	}
	return before, weight
}

// routing puts stops together in days of the vehicle. Stops are positions among the
// candidates.
type routing struct {
	w      *Wish
	drives *scenario.Drives // between candidates; the last place is the depot
	depot  int
}

// route is a day of the vehicle: stops in order.
type route []int32

func newRouting(b *scenario.Base, w *Wish) *routing {
	var at []geo.LonLat
	for _, p := range w.Places {
		at = append(at, p.At)
	}
	return &routing{w, b.NewDrives(append(at, w.Depot)), len(w.Places)}
}

// days is the number of different days of the vehicle.
func (r *routing) days() int {
	period, _ := r.w.rhythm()
	return period * len(r.w.Weekdays)
}

// inReach lists the candidates from which the vehicle is back in time, were the way there
// as long as the way back.
func (r *routing) inReach() (out []int32) {
	for i := range r.w.Places {
		if back := r.drives.Minutes(i, r.depot); back >= 0 && r.w.Start+2*back+r.w.Stay <= r.w.End {
			out = append(out, int32(i))
		}
	}
	return out
}

// timetable gives the time at which each stop opens, and whether the day is long enough.
func (r *routing) timetable(x route) (opens []int, ok bool) {
	at, now := r.depot, r.w.Start
	for _, i := range x {
		drive := r.drives.Minutes(at, int(i))
		if drive < 0 {
			return nil, false
		}
		open := (now + drive + lieu.SlotMinutes - 1) / lieu.SlotMinutes * lieu.SlotMinutes
		if open+r.w.Stay > r.w.End {
			return nil, false
		}
		opens = append(opens, open)
		at, now = int(i), open+r.w.Stay
	}
	back := r.drives.Minutes(at, r.depot)
	return opens, back >= 0 && now+back <= r.w.End
}

// driving is how long the vehicle drives.
func (r *routing) driving(x route) (sum int) {
	at := r.depot
	for _, i := range x {
		sum += r.drives.Minutes(at, int(i))
		at = int(i)
	}
	return sum + r.drives.Minutes(at, r.depot)
}

// join makes days of some stops, first one for each visit of a stop, then joined two by
// two, those first that save most driving. It fails when a stop is too far, or the days
// are too many.
func (r *routing) join(stops []int32) (all []route, fit bool) {
	_, days := r.w.rhythm()
	for range days { // a stop that is served on several days is on that many routes
		for _, i := range stops {
			if _, ok := r.timetable(route{i}); !ok {
				return nil, false
			}
			all = append(all, route{i})
		}
	}
	for {
		bestI, bestJ, most := -1, -1, -1
		var joint route
		for i := range all {
			for j := range all {
				if i == j || slices.ContainsFunc(all[i], func(s int32) bool { return slices.Contains(all[j], s) }) {
					continue
				}
				x := slices.Concat(all[i], all[j])
				if _, ok := r.timetable(x); !ok {
					continue
				}
				if saved := r.driving(all[i]) + r.driving(all[j]) - r.driving(x); saved > most {
					bestI, bestJ, most, joint = i, j, saved, x
				}
			}
		}
		if bestI < 0 {
			return all, len(all) <= r.days()
		}
		all[bestI] = joint
		all = slices.Delete(all, bestJ, bestJ+1)
	}
}

// packTrials bounds the stops that are tried while packing: each costs a search.
const packTrials = 300

// pack chooses stops that fit in the days together: again and again the one that adds
// most among those that still fit, then one for another while that adds more.
func (r *routing) pack(ctx context.Context, c *cover.Problem) (chosen []int32, err error) {
	trials := packTrials
	best := func(chosen []int32) (int32, bool) {
		order := slices.Clone(c.Candidates)
		gains := map[int32]int64{}
		for _, place := range order {
			gains[place] = c.Gain(place)
		}
		slices.SortFunc(order, func(a, b int32) int { return cmp.Or(cmp.Compare(gains[b], gains[a]), cmp.Compare(a, b)) })
		for _, place := range order {
			if gains[place] == 0 || trials == 0 {
				break
			}
			if slices.Contains(chosen, place) {
				continue
			}
			trials--
			if _, fit := r.join(append(slices.Clone(chosen), place)); fit {
				return place, true
			}
		}
		return 0, false
	}
	for len(chosen) < c.K {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		place, ok := best(chosen)
		if !ok {
			break
		}
		chosen = append(chosen, place)
		c.Add(place, 1)
	}
	trials = packTrials
	for i := 0; i < len(chosen); i++ {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		out := chosen[i]
		c.Add(out, -1)
		others := slices.Concat(chosen[:i], chosen[i+1:])
		if in, ok := best(others); ok && c.Gain(in) > c.Gain(out) {
			chosen[i] = in
		}
		c.Add(chosen[i], 1)
	}
	for _, place := range chosen {
		c.Add(place, -1)
	}
	return chosen, nil
}

var osmDays = [7]string{"Mo", "Tu", "We", "Th", "Fr", "Sa", "Su"}

// stops writes when each stop opens: routes go to the days of the week in turn, then to
// the next week of their rhythm.
func (r *routing) stops(chosen []int32, routes []route) []Stop {
	period, _ := r.w.rhythm()
	when := map[int32][]string{}
	for k, x := range routes {
		day, week := osmDays[r.w.Weekdays[k%len(r.w.Weekdays)]], ""
		if period > 1 {
			week = fmt.Sprintf("week %d-53/%d ", k/len(r.w.Weekdays)+1, period)
		}
		opens, _ := r.timetable(x)
		for j, i := range x {
			when[i] = append(when[i], fmt.Sprintf("%s%s %s-%s", week, day, scenario.Clock(opens[j]), scenario.Clock(opens[j]+r.w.Stay)))
		}
	}
	out := make([]Stop, len(chosen))
	for i, place := range chosen {
		out[i] = Stop{Place: int(place), When: strings.Join(when[place], ", ")}
	}
	return out
}

// addition is the scenario that adds the tournée.
func addition(b *scenario.Base, w *Wish, stops []Stop) *scenario.Scenario {
	s := &scenario.Scenario{Version: scenario.Version, Name: w.Nom, Edition: b.Edition().ID, Params: b.Params(), Actions: []scenario.Action{}}
	if len(stops) == 0 {
		return s
	}
	list := make([]scenario.Stop, len(stops))
	for i := range stops {
		p := &w.Places[stops[i].Place]
		list[i] = scenario.Stop{Nom: b.Edition().Division.Communes[p.Commune].Nom, Lon: p.At.Lon, Lat: p.At.Lat, When: stops[i].When}
	}
	a, err := scenario.NewTournee(w.Nom, w.Depot, w.Services, list)
	if err != nil {
		panic(err) // hours are written above, by the grammar
	}
	s.Actions = append(s.Actions, a)
	return s
}
