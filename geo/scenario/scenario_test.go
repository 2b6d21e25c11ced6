package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// parse writes a scenario out and reads it as a file.
func parse(t testing.TB, s any) *Scenario {
	t.Helper()
	data, err := json.Marshal(s)
	if err != nil {
		t.Fatal(err)
	}
	parsed, err := Parse(data)
	if err != nil {
		t.Fatalf("%s: %v", data, err)
	}
	return parsed
}

// randomAction is an action that the edition can take, or one that it may refuse.
func randomAction(r *rand.Rand, in *editiontest.Inputs) Action {
	if len(in.FeedRows) > 0 && r.IntN(3) == 0 {
		return randomRun(r, in)
	}
	at := in.Place(r)
	some := editiontest.SomeServices(r)
	if some == 0 {
		some = some.With(lieu.Demarches)
	}
	hours := editiontest.SomeHoursText(r)
	id := in.LieuRows[r.IntN(len(in.LieuRows))].ID
	tour := fmt.Sprintf("tour-%d", r.IntN(2))
	stops := make([]Stop, 1+r.IntN(3))
	for i := range stops {
		p := in.Place(r)
		stops[i] = Stop{Nom: "Arrêt", Lon: p.Lon, Lat: p.Lat, When: editiontest.SomeHoursText(r)}
		if r.IntN(3) == 0 && len(in.TourneeRows) > 0 { // where a stop was
			p := in.TourneeRows[0].Stops[0].At
			stops[i].Lon, stops[i].Lat = p.Lon, p.Lat
		}
	}
	switch r.IntN(9) {
	case 0:
		return Action{Do: CloseLieu, ID: id}
	case 1:
		return Action{Do: MoveLieu, ID: id, Lon: &at.Lon, Lat: &at.Lat}
	case 2:
		return Action{Do: SetHours, ID: id, Horaires: &hours}
	case 3:
		return Action{Do: SetServices, ID: id, Services: editiontest.Names(some)}
	case 4:
		return Action{Do: AddTournee, Services: editiontest.Names(some), Stops: stops, Depot: &at}
	case 5:
		return Action{Do: SetTournee, ID: tour, Stops: stops}
	case 6:
		return Action{Do: RemoveTournee, ID: tour}
	}
	return Action{Do: AddLieu, Lon: &at.Lon, Lat: &at.Lat, Services: editiontest.Names(some), Horaires: &hours}
}

// randomRun adds a line, or shifts a trip.
func randomRun(r *rand.Rand, in *editiontest.Inputs) Action {
	if r.IntN(2) == 0 {
		f := &in.FeedRows[r.IntN(len(in.FeedRows))]
		minutes := 1 + r.IntN(90)
		if r.IntN(2) == 0 {
			minutes = -minutes
		}
		return Action{Do: ShiftTrip, Trip: f.Trips[r.IntN(len(f.Trips))].ID, Minutes: &minutes}
	}
	a := Action{Do: AddLine, Days: []string{"Mo-Fr", "Mo-Sa", "week 1-53/2 Tu,Th", "We"}[r.IntN(4)], Return: r.IntN(2) == 0}
	for range 2 + r.IntN(3) {
		p := in.Place(r)
		a.Stops = append(a.Stops, Stop{Lon: p.Lon, Lat: p.Lat})
	}
	for hour := 6; hour < 19; hour += 1 + r.IntN(5) {
		a.Departures = append(a.Departures, fmt.Sprintf("%02d:%02d", hour, r.IntN(60)))
	}
	return a
}

// randomScenario tries actions until the edition takes some.
func randomScenario(t testing.TB, r *rand.Rand, in *editiontest.Inputs, e *edition.Edition) *Scenario {
	s := &Scenario{Name: "au hasard", Actions: []Action{}}
	for range 1 + r.IntN(4) {
		tried := *s
		tried.Actions = append(slices.Clone(s.Actions), randomAction(r, in))
		if _, _, err := parse(t, &tried).Apply(e); err == nil {
			s = &tried
		}
	}
	return parse(t, s)
}

// TestDifferenceEqualsComputingAnew is the exam of the package: on random territories, by
// every mode, whatever a scenario changes is what the edition computed anew has, and
// whatever it does not list is as before.
func TestDifferenceEqualsComputingAnew(t *testing.T) {
	worlds := 90
	if testing.Short() {
		worlds = 20
	}
	computeAnew(t, worlds, editiontest.Small, editiontest.Unindexed, editiontest.Build, editiontest.SomeQuery)
}

// TestDifferenceEqualsComputingAnewByBus is the same exam by timetable: one line of buses, or
// two with changes between them. By any other mode, timetables change nothing.
func TestDifferenceEqualsComputingAnewByBus(t *testing.T) {
	worlds := 60
	if testing.Short() {
		worlds = 16
	}
	rides := computeAnew(t, worlds, editiontest.SmallByBus, editiontest.UnindexedByBus, editiontest.Build, someQueryWithBus)
	if rides < 2*worlds {
		t.Errorf("%d parts change that go there by bus: too dull", rides)
	}
}

// someQueryWithBus asks by bus, and by another mode now and then.
func someQueryWithBus(r *rand.Rand) coverage.Query {
	if r.IntN(8) == 0 {
		return editiontest.SomeQuery(r)
	}
	return editiontest.SomeQueryByBus(r)
}

// TestDifferenceEqualsComputingAnewByToy is the same exam by a network whose slots differ
// from home to home and depend on hours.
func TestDifferenceEqualsComputingAnewByToy(t *testing.T) {
	worlds := 40
	if testing.Short() {
		worlds = 14
	}
	computeAnew(t, worlds, editiontest.Small, editiontest.Unindexed, editiontest.BuildToy, func(r *rand.Rand) coverage.Query {
		q := editiontest.SomeQuery(r)
		q.Mode, q.Appointments = geo.Walk, false
		return q
	})
}

func computeAnew(t *testing.T, worlds int, small, unindexed func(*rand.Rand) *editiontest.Inputs, build func(testing.TB, *editiontest.Inputs, edition.Params) *edition.Edition, someQuery func(*rand.Rand) coverage.Query) (rides int) {
	const each = 6
	scenarios, changed, zones, shifted := 0, 0, 0, 0
	var unknown, curves, refused int // people without index; offers with a curve, and without
	runs := 0                        // scenarios of lines and trips
	told, cut := 0, 0                // balances with publics; changed outlines that cut cells, with publics
	first := rand.Uint64() >> 1
	t.Logf("seeds from %d", first)
	for k := range uint64(worlds) {
		seed := first + k
		r := rand.New(rand.NewPCG(seed, 31))
		in := small(r)
		if k%3 == 2 {
			in = unindexed(r)
		}
		e := build(t, in, editiontest.SmallParams())
		if e.Named == 0 { // cannot be said to the computation anew
			continue
		}
		engine := NewEngine(e)
		for range each {
			s := randomScenario(t, r, in, e)
			q := someQuery(r)
			base, err := engine.Base(q)
			if err != nil {
				t.Fatal(err)
			}
			got, err := base.Evaluate(context.Background(), s)
			if err != nil {
				t.Fatalf("seed %d: %v", seed, err)
			}
			lieux, tournees, err := s.Apply(e)
			if err != nil {
				t.Fatal(err)
			}
			anew := *in
			anew.LieuRows, anew.TourneeRows = lieux, tournees
			if feeds, err := s.Running(e); err != nil {
				t.Fatal(err)
			} else if feeds != nil {
				anew.FeedRows = feeds
				runs++
			}
			params := e.Params
			params.Named = e.Named // what a scenario adds is no source
			want := build(t, &anew, params)
			where := fmt.Sprintf("seed %d, scenario %d, %+v", seed, scenarios, q)
			compareParts(t, where, e, want, got, q)
			compareReports(t, where, e, want, got, q)
			if d := cmp.Diff(want.Zones(want.Answer(q)), got.Zones.all); d != "" {
				t.Fatalf("%s: zones: %s", where, d)
			}
			compareCells(t, where, e, want, got, q)
			told += compareBalance(t, where, e, want, got, q)
			for _, x := range got.Territoires {
				if d := x.After.Drawn; d != nil && d.Estimated > 0 && x.After.Publics != nil && x.After.Publics.Sum != x.Before.Publics.Sum {
					cut++
				}
			}
			// The same base again, for another scenario and back: nothing is left over.
			if _, err := base.Evaluate(context.Background(), randomScenario(t, r, in, e)); err != nil {
				t.Fatal(err)
			}
			again, err := base.Evaluate(context.Background(), s)
			if err != nil {
				t.Fatal(err)
			}
			again.MS = got.MS
			if a, b := asJSON(t, got), asJSON(t, again); a != b {
				t.Fatalf("%s: evaluated twice: %s", where, cmp.Diff(a, b))
			}
			for _, x := range got.Parts { // who goes there sooner than on foot, before or after
				for _, is := range []struct {
					of    *edition.Edition
					state PartState
				}{{e, x.Before}, {want, x.After}} {
					if q.Mode == geo.Transit && is.state.Nearest.Reach == geo.Reached && is.state.Nearest != is.of.Access[geo.Walk].Nearest[q.Service].At(x.Part) {
						rides++
					}
				}
			}
			scenarios++
			changed += len(got.Parts)
			zones += len(got.Zones.Changes)
			shifted += len(got.Shifted)
			unknown += got.OfferAfter.UnknownPeople
			if got.OfferAfter.Gini != nil {
				curves++
			} else if got.OfferAfter.UnknownPeople > 0 {
				refused++
			}
		}
	}
	t.Logf("%d scenarios on %d territories: %d parts, %d zones, %d indices changed; %d people without index, %d offers with a curve, %d without for that; %d balances with publics, and %d outlines whose publics change; %d change what runs", scenarios, worlds, changed, zones, shifted, unknown, curves, refused, told, cut, runs)
	if changed < 10*scenarios || zones < scenarios/4 || shifted < scenarios/8 || unknown < 100*scenarios || curves < scenarios/4 || refused < scenarios/10 || told < scenarios/3 || cut < scenarios/3 {
		t.Error("too dull to prove anything")
	}
	return rides
}

func asJSON(t testing.TB, v any) string {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

func stateOf(e *edition.Edition, a *edition.Answer, p int32) PartState {
	return PartState{coverage.State{Class: a.Class[p], Nearest: a.Nearest.At(p), Found: a.Hours.At(p)}, a.Nearest.SiteOf(int32(p))}
}

func compareParts(t *testing.T, where string, e, want *edition.Edition, got *Difference, q coverage.Query) {
	t.Helper()
	if d := cmp.Diff(want.Sites, got.Sites); d != "" {
		t.Fatalf("%s: sites: %s", where, d)
	}
	was, is := e.Answer(q), want.Answer(q)
	next := 0
	for p, people := range e.People {
		p := int32(p)
		if people == 0 {
			continue
		}
		before, after := stateOf(e, was, p), stateOf(want, is, p)
		if next < len(got.Parts) && got.Parts[next].Part == p {
			if got.Parts[next].Before != before || got.Parts[next].After != after {
				t.Fatalf("%s: part %d: %+v, want %+v to %+v", where, p, got.Parts[next], before, after)
			}
			next++
			continue
		}
		if before.Site >= 0 {
			before.Site = got.Order[before.Site]
		}
		if before != after {
			t.Fatalf("%s: part %d is not listed: %+v to %+v", where, p, before, after)
		}
	}
	if next != len(got.Parts) {
		t.Fatalf("%s: %d parts listed out of order", where, len(got.Parts)-next)
	}
}

func compareReports(t *testing.T, where string, e, want *edition.Edition, got *Difference, q coverage.Query) {
	t.Helper()
	was, is := e.Answer(q), want.Answer(q)
	for _, level := range e.Levels() {
		before, err := e.Gaps(was, edition.Scope{Level: level})
		if err != nil {
			t.Fatal(err)
		}
		after, err := want.Gaps(is, edition.Scope{Level: level})
		if err != nil {
			t.Fatal(err)
		}
		report := got.Report(level)
		report.Edition = after.Edition
		if d := cmp.Diff(after, report); d != "" {
			t.Fatalf("%s: gaps by %s: %s", where, level, d)
		}
		if a, b := asJSON(t, after), asJSON(t, report); a != b {
			t.Fatalf("%s: gaps by %s, as JSON: %s", where, level, cmp.Diff(a, b))
		}
		for i := range before.Territoires {
			b, a := &before.Territoires[i], &after.Territoires[i]
			if level == admin.TypeDepartement {
				if d := cmp.Diff(*b, got.Before) + cmp.Diff(*a, got.After); d != "" {
					t.Fatalf("%s: the département: %s", where, d)
				}
				continue
			}
			k := slices.IndexFunc(got.Territoires, func(c TerritoireChange) bool { return c.Type == level && c.Code == a.Code })
			if listed := !sameFigures(b, a); listed != (k >= 0) {
				t.Fatalf("%s: %s %s: listed = %v, changed = %v", where, level, a.Code, k >= 0, listed)
			}
			if k >= 0 {
				if d := cmp.Diff(*b, got.Territoires[k].Before) + cmp.Diff(*a, got.Territoires[k].After); d != "" {
					t.Fatalf("%s: %s %s: %s", where, level, a.Code, d)
				}
				continue
			}
			moved := !same(b.IFN.Score, a.IFN.Score) || b.Priority.Written() != a.Priority.Written() || b.NeedOffer.Quadrant != a.NeedOffer.Quadrant
			j := slices.IndexFunc(got.Shifted, func(c IndexChange) bool { return c.Type == level && c.Code == a.Code })
			if moved != (j >= 0) {
				t.Fatalf("%s: %s %s: shifted = %v, want %v", where, level, a.Code, j >= 0, moved)
			}
			if j < 0 {
				continue
			}
			if x := got.Shifted[j]; !equal(x.After.Score, a.IFN.Score) || x.After.Priority != a.Priority || x.After.Quadrant != a.NeedOffer.Quadrant || x.Before.Priority != b.Priority {
				t.Fatalf("%s: %s %s: shifted %+v, want %+v to %+v", where, level, a.Code, x, b, a)
			}
		}
	}
}

// better orders classes as what is told of them does: 0 is the best.
var better = [coverage.NumClasses]int{coverage.Couverte: 0, coverage.Grise: 1, coverage.Inconnue: 1, coverage.Blanche: 2}

// compareBalance recounts who gains and who loses, part by part from whole answers, and
// reports how many of the two have publics.
func compareBalance(t *testing.T, where string, e, want *edition.Edition, got *Difference, q coverage.Query) (told int) {
	t.Helper()
	was, is := e.Answer(q), want.Answer(q)
	for _, x := range [...]struct {
		name string
		of   Balance
		sign int
	}{{"gained", got.Gained, 1}, {"lost", got.Lost, -1}} {
		people := 0
		sum := publics.Sum{}
		for p, n := range e.People {
			if from, to := was.Class[p], is.Class[p]; n > 0 && x.sign*(better[from]-better[to]) > 0 {
				people += int(n)
				if want.Publics != nil {
					want.Publics.Add(&sum, publics.Live{Part: int32(p), Commune: e.Grid.Parts[p].Commune, N: n, Of: n}, to)
				}
			}
		}
		if people != x.of.People {
			t.Fatalf("%s: %s: %d people, want %d", where, x.name, x.of.People, people)
		}
		if known := want.Publics != nil && people > 0; known != (x.of.Publics != nil) {
			t.Fatalf("%s: %s: publics %v, known %v", where, x.name, x.of.Publics, known)
		} else if !known {
			continue
		}
		if d := cmp.Diff(want.Publics.Of(sum), x.of.Publics); d != "" {
			t.Fatalf("%s: %s: publics: %s", where, x.name, d)
		}
		told++
	}
	return told
}

// compareCells recounts cells from whole columns.
func compareCells(t *testing.T, where string, e, want *edition.Edition, got *Difference, q coverage.Query) {
	t.Helper()
	was, is := e.Rows(e.Answer(q)), want.Rows(want.Answer(q))
	finest := e.Pyramid.Levels[len(e.Pyramid.Levels)-1]
	var cells []CellChange
	home := e.CellCommunes()
	for i, c := range finest.Cells {
		row := finest.First + int32(i)
		if was.People[row] == 0 {
			continue
		}
		x := CellChange{Cell: c.String(), Commune: e.Division.Communes[home[row]].Code, People: int(was.People[row]),
			ClassBefore: was.Class[row].String(), ClassAfter: is.Class[row].String(),
			AccessBefore: printed(was.Minutes[row]), AccessAfter: printed(is.Minutes[row]), HoursBefore: printed(was.Hours[row]), HoursAfter: printed(is.Hours[row])}
		if x.ClassBefore != x.ClassAfter || !equal(x.AccessBefore, x.AccessAfter) || !equal(x.HoursBefore, x.HoursAfter) {
			cells = append(cells, x)
		}
	}
	if d := cmp.Diff(append([]CellChange{}, cells...), got.Cells); d != "" {
		t.Fatalf("%s: cells: %s", where, d)
	}
}
