package siting

import (
	"context"
	"errors"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/scenario"
)

// TestFragileObjectiveWithoutIndex: where the index of nobody is known, what rests on it is
// refused; where that of some is not, they bring nothing and are counted.
func TestFragileObjectiveWithoutIndex(t *testing.T) {
	refused, partly := 0, 0
	for seed := range uint64(40) {
		r := rand.New(rand.NewPCG(seed, 62))
		e := editiontest.Build(t, editiontest.Unindexed(r), editiontest.SmallParams())
		q := coverage.DefaultQuery()
		q.Service = lieu.Demarches
		b, err := scenario.NewEngine(e).Base(q)
		if err != nil {
			t.Fatal(err)
		}
		w := Wish{K: 2, Objective: ByFragile, Places: ChefsLieux(e), Offered: Offered{lieu.Services(0).With(lieu.Demarches), editiontest.Hours(t, "Mo-Fr 09:00-17:00")}}
		s, err := Suggest(context.Background(), b, w, nil)
		var none *NoIndexError
		if e.Total > 0 && b.UnknownPeople() == e.Total {
			refused++
			if !errors.As(err, &none) {
				t.Fatalf("seed %d: no index is known, and %v", seed, err)
			}
			if _, err := Close(context.Background(), b, 1, ByFragile); !errors.As(err, &none) {
				t.Fatalf("seed %d: closures: no index is known, and %v", seed, err)
			}
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		unknown := b.UnknownPeople()
		if report := NewReport(b, &w, s); report.UnknownPeople != unknown {
			t.Fatalf("seed %d: %d people left out, want %d", seed, report.UnknownPeople, unknown)
		}
		if unknown > 0 {
			partly++
		}
		known := 0.0
		for part := range e.People {
			known += editiontest.Fragile(e, part)
		}
		if s.After > known+exact {
			t.Fatalf("seed %d: %v fragile people covered of %v", seed, s.After, known)
		}
		w.Objective = ByPeople
		if s, err = Suggest(context.Background(), b, w, nil); err != nil || NewReport(b, &w, s).UnknownPeople != 0 {
			t.Fatalf("seed %d: the index counts for people: %v", seed, err)
		}
	}
	if refused < 5 || partly < 5 {
		t.Errorf("%d refused, %d of some people: too dull", refused, partly)
	}
}
