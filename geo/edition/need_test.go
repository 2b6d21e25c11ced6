package edition_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// TestNeedOfWhoseIndexIsKnown counts the need of every territoire again, person by person:
// who has no index is counted beside it, and never in it.
func TestNeedOfWhoseIndexIsKnown(t *testing.T) {
	told, partly, untold := 0, 0, 0
	for seed := range uint64(60) {
		r := rand.New(rand.NewPCG(seed, 61))
		e := editiontest.Build(t, editiontest.Unindexed(r), editiontest.SmallParams())
		a := e.Answer(editiontest.SomeQuery(r))
		need, index := a.Need(), e.IFN(admin.TypeCommune)
		for _, level := range e.Levels() {
			report, err := e.Gaps(a, edition.Scope{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			for i, territoire := range e.Division.Territoires(level) {
				row := report.Territoires[i].NeedOffer
				people, unknown, fragile, found := 0, 0, 0.0, 0.0
				for _, u := range territoire.Units {
					for part, n := range e.Residents.Of(u) {
						score := index[e.Division.Communes[e.Grid.Parts[part].Commune].Code].Score
						people += int(n)
						if score == nil {
							unknown += int(n)
							continue
						}
						each := float64(n) * float64(*score) / 10
						fragile += each
						found += each * need.PerThousand[part]
					}
				}
				if row.UnknownPeople != unknown {
					t.Fatalf("seed %d: %s: index unknown of %d people, want %d", seed, territoire.Ref, row.UnknownPeople, unknown)
				}
				if 2*unknown > people {
					untold++
					if row.FragilePeople != nil || row.HoursPer1000 != nil {
						t.Fatalf("seed %d: %s: index unknown of %d of %d people, and %+v", seed, territoire.Ref, unknown, people, row)
					}
					continue
				}
				if told++; unknown > 0 {
					partly++
				}
				if row.FragilePeople == nil || math.Abs(float64(*row.FragilePeople)-fragile) > 1e-3 {
					t.Fatalf("seed %d: %s: %+v, want %v fragile", seed, territoire.Ref, row, fragile)
				}
				if row.HoursPer1000 != nil && math.Abs(float64(*row.HoursPer1000)*fragile-found) > 1e-3*(1+found) {
					t.Fatalf("seed %d: %s: %v hours for 1 000, want %v", seed, territoire.Ref, *row.HoursPer1000, found/fragile)
				}
			}
			if whole := report.Offer; 2*whole.UnknownPeople > e.Total && (whole.Gini != nil || whole.Lorenz != nil) {
				t.Fatalf("seed %d: a curve of %d people, the index of %d unknown", seed, e.Total, whole.UnknownPeople)
			}
		}
	}
	t.Logf("%d territoires told, %d of them in part, %d untold", told, partly, untold)
	if told < 50 || partly < 10 || untold < 50 {
		t.Error("too dull to prove anything")
	}
}
