package scenario

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/access"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

func TestEmptyScenarioChangesNothing(t *testing.T) {
	for seed := range uint64(20) {
		r := rand.New(rand.NewPCG(seed, 32))
		small, someQuery := editiontest.Small, editiontest.SomeQuery
		if seed%2 == 1 {
			small, someQuery = editiontest.SmallByBus, someQueryWithBus
		}
		e := editiontest.Build(t, small(r), editiontest.SmallParams())
		d, err := Evaluate(context.Background(), e, someQuery(r), parse(t, Scenario{Name: "rien", Actions: []Action{}}))
		if err != nil {
			t.Fatal(err)
		}
		if len(d.Parts)+len(d.Territoires)+len(d.Shifted)+len(d.Cells)+len(d.Zones.Changes)+len(d.Transitions) > 0 ||
			d.Gained != (Balance{}) || d.Lost != (Balance{}) || asJSON(t, d.Before) != asJSON(t, d.After) || d.Zones.Before != d.Zones.After {
			t.Fatalf("seed %d: an empty scenario gives %s", seed, asJSON(t, d))
		}
	}
}

// worse reports whether somebody in b has less than in a: farther, fewer hours, or a worse
// class. Hours that become known are not worse than unknown ones.
func worse(a, b PartState) bool {
	farther := a.Nearest.Reach == geo.Reached && (b.Nearest.Reach != geo.Reached || b.Nearest.Cost > a.Nearest.Cost)
	fewer := a.Opening == access.HoursKnown && (b.Opening != access.HoursKnown || b.Slots < a.Slots)
	return farther || fewer || better[b.Class] > better[a.Class]
}

// TestAddingNeverWorsensAndClosingNeverImproves: for anybody, by minutes, hours and class.
func TestAddingNeverWorsensAndClosingNeverImproves(t *testing.T) {
	moved, byBus := 0, 0
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 33))
		small, someQuery := editiontest.Small, editiontest.SomeQuery
		if seed >= 60 {
			small, someQuery = editiontest.SmallByBus, editiontest.SomeQueryByBus
		}
		in := small(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		base, err := NewEngine(e).Base(someQuery(r))
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			a := randomAction(r, in)
			if a.Do != AddLieu && a.Do != AddTournee && a.Do != CloseLieu && a.Do != RemoveTournee && a.Do != AddLine {
				continue
			}
			d, err := base.Evaluate(context.Background(), parse(t, Scenario{Name: "un", Actions: []Action{a}}))
			var refused *Error
			if errors.As(err, &refused) {
				continue
			}
			if err != nil {
				t.Fatal(err)
			}
			adding := a.Do == AddLieu || a.Do == AddTournee || a.Do == AddLine
			for _, p := range d.Parts {
				if adding && worse(p.Before, p.After) || !adding && worse(p.After, p.Before) {
					t.Fatalf("seed %d: %s: part %d from %+v to %+v", seed, a.Do, p.Part, p.Before, p.After)
				}
				if moved++; seed >= 60 {
					byBus++
				}
			}
			if adding && d.Lost != (Balance{}) || !adding && d.Gained != (Balance{}) {
				t.Fatalf("seed %d: %s: gained %+v, lost %+v", seed, a.Do, d.Gained, d.Lost)
			}
		}
	}
	if moved < 1000 || byBus < 500 {
		t.Errorf("%d parts changed, %d by bus: too dull", moved, byBus)
	}
}

// TestOrderAndUndoByBus: changes of different lieux give the same in any order, and what is
// undone leaves nothing.
func TestOrderAndUndoByBus(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	changed, undone := 0, 0
	for world := range uint64(30) {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.SmallByBus(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		base, err := NewEngine(e).Base(editiontest.SomeQueryByBus(r))
		if err != nil {
			t.Fatal(err)
		}
		evaluate := func(actions ...Action) *Difference {
			d, err := base.Evaluate(context.Background(), parse(t, Scenario{Name: "ordre", Actions: actions}))
			if err != nil {
				t.Fatal(err)
			}
			return d
		}
		actions := []Action{} // one of each lieu
		seen := map[string]bool{}
		for range 20 {
			a := randomAction(r, in)
			if a.Do != CloseLieu && a.Do != MoveLieu && a.Do != SetHours && a.Do != SetServices || seen[a.ID] {
				continue
			}
			s := parse(t, Scenario{Name: "un", Actions: []Action{a}})
			if _, _, err := s.Apply(e); err == nil {
				seen[a.ID] = true
				actions = append(actions, a)
			}
		}
		one := evaluate(actions...)
		r.Shuffle(len(actions), func(i, j int) { actions[i], actions[j] = actions[j], actions[i] })
		other := evaluate(actions...)
		if a, b := asJSON(t, one.Parts), asJSON(t, other.Parts); a != b || asJSON(t, one.After) != asJSON(t, other.After) {
			t.Fatalf("world %d: in another order %s, then %s", world, a, b)
		}
		changed += len(one.Parts)
		at, hours := in.Place(r), "Mo-Sa 08:00-19:00"
		add := Action{Do: AddLieu, ID: "essai", Lon: &at.Lon, Lat: &at.Lat, Services: []string{"tous"}, Horaires: &hours}
		undone += len(evaluate(add).Parts)
		if d := evaluate(add, Action{Do: CloseLieu, ID: "essai"}); len(d.Parts) > 0 || asJSON(t, d.Before) != asJSON(t, d.After) {
			t.Fatalf("world %d: added and closed: %d parts change", world, len(d.Parts))
		}
	}
	if changed < 100 || undone < 100 {
		t.Errorf("%d parts change in any order, %d are undone: too dull", changed, undone)
	}
}

// TestEveryIsEachQuestion: all services and modes at once are what each alone gives.
func TestEveryIsEachQuestion(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 44))
	in := editiontest.SmallByBus(r)
	e := editiontest.Build(t, in, editiontest.SmallParams())
	engine, s, q := NewEngine(e), randomScenario(t, r, in, e), editiontest.SomeQuery(r)
	every, err := engine.Every(context.Background(), q, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(e.Params.Modes) * lieu.NumServices; len(every) != want {
		t.Fatalf("%d outcomes, want %d", len(every), want)
	}
	for _, x := range every {
		q := q.By(x.Mode)
		q.Service = x.Service
		d, err := Evaluate(context.Background(), e, q, s)
		if err != nil {
			t.Fatal(err)
		}
		if x.Before != d.Before.Classes || x.After != d.After.Classes || asJSON(t, x.Gained) != asJSON(t, d.Gained) || asJSON(t, x.Lost) != asJSON(t, d.Lost) {
			t.Fatalf("%s by %s: %+v, want %+v to %+v", x.Service, x.Mode, x, d.Before.Classes, d.After.Classes)
		}
	}
}
