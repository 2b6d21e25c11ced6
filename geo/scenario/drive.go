package scenario

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/french"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Feasibility says whether a vehicle can keep the timetable of a tournée: whether it
// drives from each stop to the next of the day before that one opens.
type Feasibility struct {
	ID       string    `json:"id"`
	Nom      string    `json:"nom"`
	Feasible bool      `json:"feasible"`
	Late     []Late    `json:"late"`
	Unknown  []string  `json:"unknown_hours"` // stops whose hours are unknown, left out
	Days     []TourDay `json:"days"`          // in order
}

// Late is a stop that opens before the vehicle can be there.
type Late struct {
	Week    int      `json:"week"` // of the cycle, from 1
	Day     string   `json:"day"`
	Stop    string   `json:"stop"`
	From    string   `json:"from"` // the stop before
	Opens   string   `json:"opens"`
	Arrives string   `json:"arrives,omitempty"`  // absent: no road leads there
	LateMin *float64 `json:"late_min,omitempty"` // absent: the same
}

// TourDay is one day of a vehicle. Leaves and Back are the times at the depot, absent
// when it is unknown or off the road.
type TourDay struct {
	Week     int     `json:"week"`
	Day      string  `json:"day"`
	Leaves   string  `json:"leaves,omitempty"`
	Back     string  `json:"back,omitempty"`
	DriveMin float64 `json:"drive_min"`
	Visits   []Visit `json:"visits"`
}

// Visit is one opening of a stop.
type Visit struct {
	Stop     string   `json:"stop"`
	Opens    string   `json:"opens"`
	Closes   string   `json:"closes"`
	DriveMin *float64 `json:"drive_min,omitempty"` // from the stop before, or the depot; absent: no road, or no depot
}

// Clock writes a time of the day, in minutes from midnight, which may be of another day.
func Clock(minutes int) string {
	minutes = (minutes%(24*60) + 24*60) % (24 * 60)
	return fmt.Sprintf("%02d:%02d", minutes/60, minutes%60)
}

// Drives are the times by car between some places, in whole minutes, rounded up; −1: no
// road leads there. They are searched for when they are first asked: one goroutine at a time.
type Drives struct {
	search *road.Search
	snaps  []road.Snap
	to     map[int][]geo.Access // by destination: from every place
}

// NewDrives prepares the times between some places. The edition must have been computed for
// cars (see [Engine.Drives]).
func (g *Engine) NewDrives(places []geo.LonLat) *Drives { return newDrives(g.e, places) }

func newDrives(e *edition.Edition, places []geo.LonLat) *Drives {
	d := &Drives{search: e.Network.NewSearch(street.Car), to: map[int][]geo.Access{}}
	for _, p := range places {
		snap, _ := e.Network.Snap(street.Car, p)
		d.snaps = append(d.snaps, snap)
	}
	return d
}

// Minutes is the time from one place to another.
func (d *Drives) Minutes(from, to int) int {
	if cost, ok := d.cost(from, to); ok {
		return int((cost + geo.Minute - 1) / geo.Minute)
	}
	return -1
}

// cost is the exact time; false: no road leads there.
func (d *Drives) cost(from, to int) (geo.Cost, bool) {
	if from == to {
		return 0, true
	}
	row := d.to[to]
	if row == nil {
		field := d.search.Nearest(d.snaps[to : to+1])
		row = make([]geo.Access, len(d.snaps))
		for i := range row {
			row[i], _ = field.At(d.snaps[i])
		}
		d.to[to] = row
	}
	return row[from].Cost, row[from].Reach == geo.Reached
}

// opening is a run of open slots of a stop.
type opening struct {
	stop     int
	from, to int // slots of the cycle
}

// openings lists the runs of open slots, in order of time. A run that goes on past the
// end of the cycle is two.
func openings(stops []lieu.Stop) (out []opening) {
	for i := range stops {
		h := &stops[i].Horaires
		for from := 0; h.Known && from < lieu.SlotsPerCycle; from++ {
			if !h.Slots.Has(from) {
				continue
			}
			to := from
			for to < lieu.SlotsPerCycle && h.Slots.Has(to) {
				to++
			}
			out = append(out, opening{i, from, to})
			from = to
		}
	}
	slices.SortFunc(out, func(a, b opening) int {
		return cmp.Or(cmp.Compare(a.from, b.from), cmp.Compare(a.to, b.to), cmp.Compare(a.stop, b.stop))
	})
	return out
}

// Check drives a tournée through its cycle. The edition must have been computed for cars.
func (g *Engine) Check(ctx context.Context, t *lieu.Tournee) (*Feasibility, error) {
	if !g.Drives() {
		return nil, fmt.Errorf("scenario: tournée %s: %s: %w", t.ID, geo.Car, ErrNoMode)
	}
	f := &Feasibility{ID: t.ID, Nom: t.Nom, Late: []Late{}, Unknown: []string{}, Days: []TourDay{}}
	var places []geo.LonLat
	for i := range t.Stops {
		places = append(places, t.Stops[i].At)
		if !t.Stops[i].Horaires.Known {
			f.Unknown = append(f.Unknown, t.Stops[i].Nom)
		}
	}
	depot := -1
	if t.HasDepot {
		depot = len(places)
		places = append(places, t.Depot)
	}
	d := g.NewDrives(places)
	all := openings(t.Stops)
	for first := 0; first < len(all); {
		day := all[first].from / lieu.SlotsPerDay
		last := first
		for last < len(all) && all[last].from/lieu.SlotsPerDay == day {
			last++
		}
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		f.day(t, d, depot, day, all[first:last])
		first = last
	}
	f.Feasible = len(f.Late) == 0
	return f, nil
}

// day drives through the openings of one day of the cycle.
func (f *Feasibility) day(t *lieu.Tournee, d *Drives, depot, day int, list []opening) {
	x := TourDay{Week: day/7 + 1, Day: french.Weekday(day%7 + 1), Visits: []Visit{}}
	at, free := depot, 0 // where the vehicle is, and since when, in minutes of the cycle
	for k, o := range list {
		opens, closes := o.from*lieu.SlotMinutes, o.to*lieu.SlotMinutes
		v := Visit{Stop: t.Stops[o.stop].Nom, Opens: Clock(opens), Closes: Clock(closes)}
		drive := -1
		if at >= 0 {
			drive = d.Minutes(at, o.stop)
		}
		if drive >= 0 {
			minutes := float64(drive)
			v.DriveMin = &minutes
			x.DriveMin += minutes
		}
		switch {
		case k == 0 && drive >= 0:
			x.Leaves = Clock(opens - drive)
		case k > 0 && drive < 0:
			f.Late = append(f.Late, Late{Week: x.Week, Day: x.Day, Stop: v.Stop, From: t.Stops[at].Nom, Opens: v.Opens})
		case k > 0 && free+drive > opens:
			late := float64(free + drive - opens)
			f.Late = append(f.Late, Late{Week: x.Week, Day: x.Day, Stop: v.Stop, From: t.Stops[at].Nom, Opens: v.Opens, Arrives: Clock(free + drive), LateMin: &late})
		}
		at, free = o.stop, max(free, closes)
		x.Visits = append(x.Visits, v)
	}
	if depot >= 0 && at >= 0 {
		if home := d.Minutes(at, depot); home >= 0 {
			x.Back = Clock(free + home)
			x.DriveMin += float64(home)
		}
	}
	f.Days = append(f.Days, x)
}

// checkTours checks the tournées that a scenario adds or changes.
func (v *evaluation) checkTours(ctx context.Context, s *Scenario) ([]*Feasibility, error) {
	out := []*Feasibility{}
	if !v.Drives() {
		return out, nil
	}
	for i := range v.plan.tournees {
		t := &v.plan.tournees[i]
		changed := i >= len(v.e.Tournees) || slices.ContainsFunc(s.Actions, func(a Action) bool { return a.Do == SetTournee && a.ID == t.ID })
		if len(t.Stops) == 0 || !changed {
			continue
		}
		f, err := v.Check(ctx, t)
		if err != nil {
			return nil, err
		}
		out = append(out, f)
	}
	return out, nil
}
