package edition_test

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

func TestPlaceIsToldWithItsDepartement(t *testing.T) {
	for want, p := range map[string]edition.Place{
		"Laon":                     {Code: "02408", Nom: "Laon"},
		"Fourmies (59, Nord)":      {Code: "59249", Nom: "Fourmies", Departement: "59"},
		"Marne (51)":               {Code: "51454", Departement: "51"},
		"":                         {},
		"Bastia (2B, Haute-Corse)": {Code: "2B033", Nom: "Bastia", Departement: "2B"},
	} {
		if got := p.String(); got != want {
			t.Errorf("%+v is told as %q, want %q", p, got, want)
		}
	}
}

// The lieux of the neighbours count for people, and are none of the territory's.
func TestLieuxOutsideAreNoneOfTheTerritory(t *testing.T) {
	e := editiontest.Aisne(t)
	outside, reached := 0, false
	for i := range e.Lieux {
		if !e.Outside(i) {
			continue
		}
		outside++
		if p := e.LieuPlace(i); p.Departement == "" || p.Departement == "02" || p.Code[:2] != p.Departement {
			t.Errorf("lieu %s, outside, is in %+v", e.Lieux[i].ID, p)
		}
	}
	for i, s := range e.Sites {
		if s.Lieu >= 0 && s.Tournee < 0 && e.Outside(int(s.Lieu)) != (e.SiteCommune[i] < 0) {
			t.Errorf("site %d of lieu %s: commune %d", i, e.Lieux[s.Lieu].ID, e.SiteCommune[i])
		}
	}
	answer := e.Answer(e.Params.Query())
	for part, people := range e.People {
		if site := answer.Nearest.SiteOf(int32(part)); people > 0 && site >= 0 && e.SiteCommune[site] < 0 {
			reached = true
		}
	}
	c := e.Counts()
	if outside < 200 || c.LieuxOutside != outside || c.Lieux+c.LieuxOutside != len(e.Lieux) || !reached {
		t.Errorf("%d lieux outside, counts %+v of %d; somebody's nearest: %t", outside, c, len(e.Lieux), reached)
	}
	report, err := e.Gaps(answer, edition.Scope{Level: "departement"})
	if err != nil || report.Territoires[0].Lieux > c.Lieux {
		t.Errorf("the département has %d lieux of %d (%v)", report.Territoires[0].Lieux, c.Lieux, err)
	}
}

// Every stop of the demonstration is a model, and says so where it is told.
func TestStopsOfAModelAreMarked(t *testing.T) {
	e := editiontest.Aisne(t)
	if len(e.Tournees) == 0 {
		t.Fatal("no tournée")
	}
	for i := range e.Tournees {
		if !e.Tournees[i].Modelled || e.TourneeModel(int32(i)) == "" {
			t.Errorf("tournée %s: modelled %t, %q", e.Tournees[i].ID, e.Tournees[i].Modelled, e.TourneeModel(int32(i)))
		}
	}
	for _, s := range e.Sites {
		if s.Tournee >= 0 && s.Nom != e.Tournees[s.Tournee].StopNom(e.Tournees[s.Tournee].Nom, int(s.Stop)) {
			t.Errorf("the stop %q is not marked", s.Nom)
		}
	}
}
