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
		{ID: "mute", Nom: "Bibliothèque", At: laon, Located: true},
		{ID: "b", Nom: "Médiathèque", At: marle, Located: true, Services: help.With(Loisirs)},
	}
	stops := []Stop{{Nom: "Place", At: marle, Horaires: tuesday}, {Nom: "Gare", At: laon}}
	tours := []Tournee{
		{ID: "t1", LieuID: "bus", Stops: stops},
		{ID: "t2", Nom: "Camion", Services: help.With(Securite), Stops: stops[:1]},
		{ID: "t3", Nom: "Sans service", Stops: stops},
		{ID: "t4", Nom: "Nom propre", LieuID: "bus", Services: help.With(Outils), Stops: stops[1:]},
		{ID: "t5", Nom: "Lieu absent", LieuID: "nowhere", Stops: stops},
	}
	want := []Site{
		{Lieu: 0, Tournee: -1, Stop: -1, Nom: "Mairie", At: laon, Services: help, Horaires: tuesday},
		{Lieu: 5, Tournee: -1, Stop: -1, Nom: "Médiathèque", At: marle, Services: help.With(Loisirs)},
		{Lieu: 1, Tournee: 0, Stop: 0, Nom: "Bus — Place", At: marle, Services: help, Horaires: tuesday},
		{Lieu: 1, Tournee: 0, Stop: 1, Nom: "Bus — Gare", At: laon, Services: help},
		{Lieu: -1, Tournee: 1, Stop: 0, Nom: "Camion — Place", At: marle, Services: help.With(Securite), Horaires: tuesday},
		{Lieu: 1, Tournee: 3, Stop: 0, Nom: "Nom propre — Gare", At: laon, Services: help.With(Outils)},
	}
	if diff := cmp.Diff(want, Sites(lieux, tours)); diff != "" {
		t.Errorf("Sites (-want +got):\n%s", diff)
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
