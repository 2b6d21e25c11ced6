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
		e := editiontest.Build(t, editiontest.Small(r), editiontest.SmallParams())
		d, err := Evaluate(context.Background(), e, editiontest.SomeQuery(r), parse(t, Scenario{Name: "rien", Actions: []Action{}}))
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
	moved := 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 33))
		in := editiontest.Small(r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		base, err := NewEngine(e).Base(editiontest.SomeQuery(r))
		if err != nil {
			t.Fatal(err)
		}
		for range 12 {
			a := randomAction(r, in)
			if a.Do != AddLieu && a.Do != AddTournee && a.Do != CloseLieu && a.Do != RemoveTournee {
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
			adding := a.Do == AddLieu || a.Do == AddTournee
			for _, p := range d.Parts {
				if adding && worse(p.Before, p.After) || !adding && worse(p.After, p.Before) {
					t.Fatalf("seed %d: %s: part %d from %+v to %+v", seed, a.Do, p.Part, p.Before, p.After)
				}
				moved++
			}
			if adding && d.Lost != (Balance{}) || !adding && d.Gained != (Balance{}) {
				t.Fatalf("seed %d: %s: gained %+v, lost %+v", seed, a.Do, d.Gained, d.Lost)
			}
		}
	}
	if moved < 1000 {
		t.Errorf("%d parts changed: too dull", moved)
	}
}

// TestEveryIsEachQuestion: all services and modes at once are what each alone gives.
func TestEveryIsEachQuestion(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 44))
	in := editiontest.Small(r)
	e := editiontest.Build(t, in, editiontest.SmallParams())
	engine, s, q := NewEngine(e), randomScenario(t, r, in, e), editiontest.SomeQuery(r)
	every, err := engine.Every(context.Background(), q, s, nil)
	if err != nil {
		t.Fatal(err)
	}
	if want := len(Modes(e)) * lieu.NumServices; len(every) != want {
		t.Fatalf("%d outcomes, want %d", len(every), want)
	}
	for _, x := range every {
		q.Service, q.Mode = x.Service, x.Mode
		d, err := Evaluate(context.Background(), e, q, s)
		if err != nil {
			t.Fatal(err)
		}
		if x.Before != d.Before.Classes || x.After != d.After.Classes || asJSON(t, x.Gained) != asJSON(t, d.Gained) || asJSON(t, x.Lost) != asJSON(t, d.Lost) {
			t.Fatalf("%s by %s: %+v, want %+v to %+v", x.Service, x.Mode, x, d.Before.Classes, d.After.Classes)
		}
	}
}
