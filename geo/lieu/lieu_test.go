package lieu

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
)

func TestSites(t *testing.T) {
	laon, marle := geo.LonLat{Lon: 3.62, Lat: 49.56}, geo.LonLat{Lon: 3.77, Lat: 49.74}
	help := Services(0).With(Demarches)
	tuesday, err := ParseHoraires("Tu 09:00-12:00")
	if err != nil {
		t.Fatal(err)
	}
	lieux := []Lieu{
		{ID: "a", Nom: "Mairie", At: laon, Located: true, Services: help, Horaires: tuesday},
		{ID: "bus", Nom: "Bus", At: laon, Located: true, Services: help, Itinerant: true},
		{ID: "lost", Nom: "Sans position", Services: help},
		{ID: "closed", Nom: "Bureau", At: laon, Located: true, Services: help, NoPublic: true},
		{ID: "mute", Nom: "Bibliothèque", At: laon, Located: true, Horaires: tuesday},
		{ID: "b", Nom: "Médiathèque", At: marle, Located: true, Services: help.With(Loisirs)},
		{ID: "away", Nom: "Bus sans arrêts", At: marle, Located: true, Services: help, Itinerant: true, Horaires: tuesday},
		{ID: "seat", Nom: "Siège", At: marle, Located: true, Services: help, AccueilInconnu: true, Horaires: tuesday},
	}
	stops := []Stop{{Nom: "Place", At: marle, Horaires: tuesday}, {Nom: "Gare", At: laon}}
	tours := []Tournee{
		{ID: "t1", LieuID: "bus", Stops: stops},
		{ID: "t2", Nom: "Camion", Services: help.With(Securite), Stops: stops[:1]},
		{ID: "t3", Nom: "Sans service", Stops: stops[:1]},
		{ID: "t4", Nom: "Nom propre", LieuID: "bus", Services: help.With(Outils), Stops: stops[1:]},
	}
	named := Named(lieux, tours)
	if want := help.With(Loisirs).With(Securite).With(Outils); named != want {
		t.Fatalf("Named = %v; want %v", named.List(), want.List())
	}
	unsaid := NineServices &^ named
	offer := func(services Services, s Site) Site {
		s.Services, s.May, s.Unsaid = services, unsaid, unsaid
		return s
	}
	want := []Site{
		offer(help, Site{Lieu: 0, Tournee: -1, Stop: -1, Nom: "Mairie", At: laon, Horaires: tuesday}),
		{Lieu: 4, Tournee: -1, Stop: -1, Nom: "Bibliothèque", At: laon, Horaires: tuesday, May: NineServices, Unsaid: NineServices},
		offer(help.With(Loisirs), Site{Lieu: 5, Tournee: -1, Stop: -1, Nom: "Médiathèque", At: marle}),
		{Lieu: 6, Tournee: -1, Stop: -1, Nom: "Bus sans arrêts", At: marle, May: help | unsaid, Unsaid: unsaid, Doubt: DoubtTournee},
		{Lieu: 7, Tournee: -1, Stop: -1, Nom: "Siège", At: marle, Horaires: tuesday, May: help | unsaid, Unsaid: unsaid, Doubt: DoubtAccueil},
		offer(help, Site{Lieu: 1, Tournee: 0, Stop: 0, Nom: "Bus — Place", At: marle, Horaires: tuesday}),
		offer(help, Site{Lieu: 1, Tournee: 0, Stop: 1, Nom: "Bus — Gare", At: laon}),
		offer(help.With(Securite), Site{Lieu: -1, Tournee: 1, Stop: 0, Nom: "Camion — Place", At: marle, Horaires: tuesday}),
		{Lieu: -1, Tournee: 2, Stop: 0, Nom: "Sans service — Place", At: marle, Horaires: tuesday, May: NineServices, Unsaid: NineServices},
		offer(help.With(Outils), Site{Lieu: 1, Tournee: 3, Stop: 0, Nom: "Nom propre — Gare", At: laon}),
	}
	got := Sites(lieux, tours, named)
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("Sites (-want +got):\n%s", diff)
	}
	for _, tt := range []struct {
		site    int
		service Service
		could   bool
		doubt   Doubt
	}{
		{0, Demarches, true, 0},
		{0, Any, true, 0},
		{0, Materiel, true, DoubtServices}, // nobody speaks of it
		{0, Outils, false, 0},              // somebody does, and not this one
		{1, Outils, true, DoubtServices},
		{1, Any, true, DoubtServices},
		{2, Demarches, true, DoubtHoraires},
		{3, Any, true, DoubtTournee},
		{3, Materiel, true, DoubtTournee | DoubtServices},
		{4, Any, true, DoubtAccueil},
		{4, Outils, false, 0},
		{6, Any, true, DoubtHoraires},
		{8, Any, true, DoubtServices},
	} {
		s := &got[tt.site]
		if s.Could(tt.service) != tt.could || tt.could && s.Of(tt.service) != tt.doubt {
			t.Errorf("%s, %s: could %v, doubt %v; want %v, %v", s.Nom, tt.service, s.Could(tt.service), s.Of(tt.service).Keys(), tt.could, tt.doubt.Keys())
		}
	}
}

func TestParseService(t *testing.T) {
	for _, s := range AllServices() {
		for _, text := range []string{s.String(), s.Label()} {
			if got, err := ParseService(text); err != nil || got != s {
				t.Errorf("ParseService(%q) = %v, %v; want %v", text, got, err, s)
			}
		}
		b, err := s.MarshalText()
		if err != nil {
			t.Fatal(err)
		}
		var back Service
		if err := back.UnmarshalText(b); err != nil || back != s {
			t.Errorf("UnmarshalText(%q) = %v, %v; want %v", b, back, err, s)
		}
	}
	for _, tt := range []struct{ special, text string }{
		{"empty", ""},
		{"another case", "Aide Aux Démarches Administratives"},
		{"as the schema's prose spells it, without the accent that its pattern demands", "Comprehension du monde numérique"},
		{"a service of the old vocabulary", "Réaliser des démarches administratives avec un accompagnement"},
	} {
		if got, err := ParseService(tt.text); err == nil || !strings.Contains(err.Error(), "aide-demarches") {
			t.Errorf("%s: ParseService(%q) = %v, %v; want an error that lists the services", tt.special, tt.text, got, err)
		}
	}
}

func TestServicesSet(t *testing.T) {
	none := Services(0)
	if none.Offers(Any) || none.Offers(Demarches) || none.Len() != 0 || len(none.List()) != 0 {
		t.Errorf("the empty set offers something: %v", none.List())
	}
	if none.With(Any) != none {
		t.Error("adding Any adds something")
	}
	set := none.With(Materiel).With(Demarches).With(Demarches)
	if diff := cmp.Diff([]Service{Demarches, Materiel}, set.List()); diff != "" {
		t.Errorf("List (-want +got):\n%s", diff)
	}
	if !set.Offers(Any) || !set.Offers(Materiel) || set.Offers(Outils) || set.Len() != 2 {
		t.Errorf("set of two services answers wrongly: %v", set.List())
	}
}

func TestSlotsUnion(t *testing.T) {
	var a, b Slots
	a.Add(0)
	a.Add(SlotsPerCycle - 1)
	b.Add(0)
	b.Add(63)
	b.Add(64)
	a.Union(&b)
	if a.Len() != 4 || !a.Has(63) || !a.Has(64) || !a.Has(SlotsPerCycle-1) || a.Has(1) || b.Len() != 3 {
		t.Errorf("union has %d slots, want 4; the other set has %d, want 3", a.Len(), b.Len())
	}
}
