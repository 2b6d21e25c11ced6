package edition_test

import (
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/publics"
	"github.com/aisne-numerique/maillage/geo/store"
)

// TestWhatBusesAdd: who is reached, who would be on foot, and who is left without, with the
// households without car among them, are what counting the parts of every territoire gives;
// nobody loses by riding.
func TestWhatBusesAdd(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	more, carless, unknown := 0, 0, 0
	for world := uint64(0); world < 10 || (more == 0 || carless == 0 || unknown == 0) && world < 60; world++ {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		editiontest.AddBus(in, r)
		for _, c := range in.CommuneRows {
			if r.IntN(4) > 0 {
				in.VariableRows = append(in.VariableRows, store.Variable{Level: store.LevelCommune, Code: c.Code, Name: "menages_nb", Value: float64(50 + r.IntN(200))},
					store.Variable{Level: store.LevelCommune, Code: c.Code, Name: "part_menages_sans_voiture_pct", Value: float64(r.IntN(40))})
			}
		}
		e := editiontest.Build(t, in, editiontest.SmallParams())
		if !e.HasMode(geo.Transit) {
			continue
		}
		q := editiontest.SomeQueryByBus(r)
		a := e.Answer(q)
		walk := q
		walk.Mode = geo.Walk
		onFoot := e.Answer(walk)
		for _, level := range e.Levels() {
			report, err := e.Gaps(a, edition.Scope{Level: level})
			if err != nil {
				t.Fatal(err)
			}
			report.TellBus(a)
			for i, tr := range e.Division.Territoires(level) {
				got := report.Territoires[i].Bus
				if got == nil {
					t.Fatalf("seed %d, world %d: %s: nothing told", seed, world, tr.Ref)
				}
				var want edition.Bus
				households, known := 0.0, false
				inside := e.Residents.Inside(&tr)
				for part := range e.People {
					n := int(inside.People(int32(part)))
					if n == 0 {
						continue
					}
					want.People += n
					if a.Class[part] == coverage.Couverte {
						want.Reached += n
					}
					if onFoot.Class[part] == coverage.Couverte {
						want.OnFoot += n
						if a.Class[part] != coverage.Couverte {
							t.Fatalf("seed %d, world %d: part %d is covered on foot, not by bus", seed, world, part)
						}
					}
					if a.Class[part] == coverage.Inconnue {
						want.Unknown += n
					}
					if a.Class[part] != coverage.Grise && a.Class[part] != coverage.Blanche {
						continue
					}
					want.Without += n
					commune := e.Grid.Parts[part].Commune
					if e.Publics == nil || !e.Publics.KnownIn(commune, publics.Carless) {
						want.CarlessUnknown += n
						continue
					}
					known = true
					amount := int64(e.Publics.Amount[part*publics.NumKinds+int(publics.Carless)])
					if n != int(e.People[part]) {
						amount = amount * int64(n) / int64(e.People[part])
					}
					households += float64(amount) / 1000
				}
				row := &report.Territoires[i]
				if got.People != want.People || got.Reached != want.Reached || got.OnFoot != want.OnFoot || got.Without != want.Without || got.Unknown != want.Unknown ||
					got.CarlessUnknown != want.CarlessUnknown || got.Reached+got.Without+got.Unknown != got.People || got.Reached != row.Classes.Couverte {
					t.Fatalf("seed %d, world %d: %s: %+v, want %+v", seed, world, tr.Ref, got, want)
				}
				switch {
				case known && (got.Carless == nil || math.Abs(float64(*got.Carless)-households) > 1e-6):
					t.Fatalf("seed %d, world %d: %s: %v households, want %g", seed, world, tr.Ref, got.Carless, households)
				case !known && got.Without > 0 && (got.Carless != nil || !strings.Contains(got.Sentence, "inconnu")):
					t.Fatalf("seed %d, world %d: %s: households are unknown: %+v", seed, world, tr.Ref, got)
				}
				if got.Reached > got.OnFoot {
					more++
				}
				if households > 0 {
					carless++
				}
				if got.CarlessUnknown > 0 && known {
					unknown++
				}
			}
		}
	}
	if more == 0 || carless == 0 || unknown == 0 {
		t.Errorf("seed %d: %d gains, %d with households, %d with some unknown: too dull to prove anything", seed, more, carless, unknown)
	}
}
