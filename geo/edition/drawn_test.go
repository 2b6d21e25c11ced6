package edition_test

import (
	"math/rand/v2"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// TestOutlinesShareEverybodyOut: two outlines that share a broken line add up to all, in
// every part; one around everything has everybody; what is told of it is what is told of
// the département.
func TestOutlinesShareEverybodyOut(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 15))
	cut := 0
	for range 6 {
		in := editiontest.Small(r)
		box := orb.Bound{Min: orb.Point{9, 99}, Max: orb.Point{-9, -99}}
		for i, c := range in.CommuneRows {
			if box = box.Union(c.Outline.Bound()); i == 0 {
				box = c.Outline.Bound()
			}
		}
		ring := box.ToRing()
		in.SetRows = append(in.SetRows, admin.Set{Type: "tout", Code: "1", Nom: "Tout", Outline: orb.MultiPolygon{{ring}}})
		for i, c := range in.CommuneRows { // each commune, drawn
			in.SetRows = append(in.SetRows, admin.Set{Type: "dessin", Code: c.Code, Nom: "Dessin", Outline: in.CommuneRows[i].Outline})
		}
		e := editiontest.Build(t, in, editiontest.SmallParams())
		halves, whole := make([]int32, len(e.People)), make([]int32, len(e.People))
		for _, tr := range e.Division.Territoires("moitie") {
			sum := 0
			for part, n := range e.Residents.In(&tr) {
				halves[part] += n
				sum += int(n)
			}
			if sum != tr.Population {
				t.Fatalf("%s: %d people in parts, %d announced", tr.Ref, sum, tr.Population)
			}
			cut += tr.Drawn.Estimated
		}
		tout, _ := e.Division.Find(admin.Ref{Type: "tout", Code: "1"})
		for part, n := range e.Residents.In(&tout) {
			whole[part] = n
		}
		if diff := cmp.Diff(e.People, halves); diff != "" {
			t.Fatalf("two halves (-all +halves):\n%s", diff)
		}
		if diff := cmp.Diff(e.People, whole); diff != "" || tout.Population != e.Total || tout.Drawn.Estimated != 0 || tout.Drawn.Beyond {
			t.Fatalf("everything: %d of %d people, %d estimated, beyond %v\n%s", tout.Population, e.Total, tout.Drawn.Estimated, tout.Drawn.Beyond, diff)
		}
		// A drawn commune is told as the commune is.
		a := e.Answer(e.DefaultQuery())
		communes, err := e.Gaps(a, edition.Scope{Level: admin.TypeCommune})
		if err != nil {
			t.Fatal(err)
		}
		drawn, err := e.Gaps(a, edition.Scope{Level: "dessin"})
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(communes.Territoires, drawn.Territoires, cmpopts.IgnoreFields(edition.GapRow{}, "Type", "Nom", "IFN", "NeedOffer", "Priority", "Rank", "Center", "EPCI", "Drawn", "Lieux")); diff != "" {
			t.Fatalf("communes as outlines (-commune +outline):\n%s", diff)
		}
		for i, c := range communes.Territoires {
			if !cmp.Equal(c.NeedOffer.FragilePeople, drawn.Territoires[i].NeedOffer.FragilePeople) {
				t.Fatalf("%s: %v fragile people; drawn %v", c.Code, c.NeedOffer.FragilePeople, drawn.Territoires[i].NeedOffer.FragilePeople)
			}
		}
		// Kept in the bytes of an edition.
		back := decoded(t, e)
		for _, level := range e.Levels() {
			for i, tr := range e.Division.Territoires(level) {
				if diff := cmp.Diff(tr, back.Division.Territoires(level)[i], cmpopts.IgnoreUnexported(admin.Area{}), cmpopts.EquateEmpty()); diff != "" {
					t.Fatalf("%s, decoded:\n%s", tr.Ref, diff)
				}
			}
		}
		checkZones(t, e, a)
	}
	if cut == 0 {
		t.Error("no part was cut by an outline: nothing was tried")
	}
}

// checkZones wants the zones blanches of two halves to add up.
func checkZones(t *testing.T, e *edition.Edition, a *edition.Answer) {
	t.Helper()
	for _, z := range e.Zones(a) {
		sum := 0
		for _, tr := range e.Division.Territoires("moitie") {
			_, n := e.Residents.Inside(&tr).ZonePeople(e.Ground(), &z, coverage.Blanche, a.Class)
			sum += n
		}
		if sum != z.People {
			t.Fatalf("a zone of %d people has %d in two halves", z.People, sum)
		}
	}
}
