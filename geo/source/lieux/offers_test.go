package lieux

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// Structures of data·inclusion v0 carry themes as services do: what they are tells them
// apart, in one file or two, in both orders, as JSON and as tables.
func TestStructuresWithThemes(t *testing.T) {
	structures := `{"id":"s1","siret":null,"rna":null,"nom":"Centre social","commune":"Laon","code_insee":"02408","code_postal":"02000","adresse":"1 rue","longitude":3.63,"latitude":49.56,"typologie":"CS","source":"dora","antenne":false,"horaires_ouverture":"Mo-Fr 09:00-12:00","labels_nationaux":["france-service"],"thematiques":["numerique","mobilite"]}`
	services := `{"id":"v1","structure_id":"s1","source":"dora","nom":"Atelier","types":["atelier"],"thematiques":["numerique--prendre-en-main-un-ordinateur"],"frais":["gratuit"],"profils":["seniors-65"],"commune":"Laon","code_insee":"02408","code_postal":"02000","adresse":"1 rue","longitude":3.63,"latitude":49.56,"modes_accueil":["en-presentiel"],"zone_diffusion_type":"departement","zone_diffusion_code":"02"}`
	table := func(columns string, values string) []byte { return []byte(columns + "\n" + values + "\n") }
	sCSV := table("id;siret;nom;commune;code_insee;code_postal;adresse;longitude;latitude;typologie;source;antenne;horaires_ouverture;labels_nationaux;thematiques", `s1;;Centre social;Laon;02408;02000;1 rue;3.63;49.56;CS;dora;false;Mo-Fr 09:00-12:00;"[""france-service""]";"[""numerique"", ""mobilite""]"`)
	vCSV := table("id;structure_id;source;nom;types;thematiques;frais;profils;commune;code_insee;code_postal;adresse;longitude;latitude;modes_accueil", `v1;s1;dora;Atelier;{atelier};{numerique--prendre-en-main-un-ordinateur};{gratuit};"[""seniors-65""]";Laon;02408;02000;1 rue;3.63;49.56;{en-presentiel}`)
	in := func(files ...[]byte) (all []source.Input) {
		for i, f := range files {
			all = append(all, sourcetest.Memory(fmt.Sprint(i), f))
		}
		return all
	}
	want := lieu.Lieu{ID: "s1", Nom: "Centre social", Services: lieu.Services(0).With(lieu.Outils), Dispositif: "France Services", Frais: "Gratuit", Typologie: "CS",
		Details: lieu.Details{Publics: "Seniors", Accompagnement: "Dans un atelier collectif"}}
	for _, tt := range []struct {
		special string
		in      []source.Input
	}{
		{"two files", in([]byte("["+structures+"]"), []byte("["+services+"]"))},
		{"the other order", in([]byte("["+services+"]"), []byte("["+structures+"]"))},
		{"one list", in([]byte("[" + services + "," + structures + "]"))},
		{"one object", in([]byte(`{"services":[` + services + `],"structures":[` + structures + `]}`))},
		{"lines", in([]byte(structures + "\n" + services + "\n"))},
		{"tables", in(vCSV, sCSV)},
	} {
		imp, err := Lieux(t.Context(), tt.in, source.Options{})
		got := sourcetest.Rows(t, imp, err)
		if len(got) != 1 {
			t.Errorf("%s: %+v %v", tt.special, got, imp.Report.Warnings)
			continue
		}
		l := got[0]
		if diff := cmp.Diff(want, lieu.Lieu{ID: l.ID, Nom: l.Nom, Services: l.Services, Dispositif: l.Dispositif, Frais: l.Frais, Typologie: l.Typologie, Reserve: l.Reserve, Details: l.Details, NoPublic: l.NoPublic, AccueilInconnu: l.AccueilInconnu}); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.special, diff)
		}
	}
	// Alone, its own themes say what a structure does.
	got, _, err := readAll(t, "s.json", []byte("["+strings.Replace(structures, `"numerique"`, `"numerique--acceder-a-du-materiel"`, 1)+"]"), source.Options{})
	if err != nil || len(got) != 1 || got[0].Services != lieu.Services(0).With(lieu.AccesInternet) {
		t.Errorf("structures alone: %+v, %v", got, err)
	}
}

// Help without a visit is kept with its scope, covers nobody, and does not take the place
// of what is given on the spot.
func TestHelpWithoutVisit(t *testing.T) {
	const structure = `{"id":"s","nom":"Centre social","siret":"1","latitude":49.56,"longitude":3.63,"commune":"Laon","code_postal":"02000","adresse":"1 rue"}`
	offer := func(id, more string) string {
		return `{"id":"` + id + `","structure_id":"s","source":"dora","thematiques":["numerique--acceder-a-des-services-en-ligne"]` + more + `}`
	}
	for _, tt := range []struct {
		special, offers string
		want            []string // id, and what holds of it
	}{
		{"on the spot", offer("v", `,"modes_accueil":["en-presentiel"]`), []string{"s"}},
		{"at a distance", offer("v", `,"modes_accueil":["a-distance"],"zone_eligibilite":["02","200071785","2408"]`), []string{"v nobody distance 02 02408 200071785"}},
		{"at home", offer("v", `,"modes_accueil":["en-presentiel"],"nom":"Accompagnement numérique à domicile","zone_eligibilite":["02408"]`), []string{"v nobody home 02408"}},
		{"both on the spot and at a distance", offer("v", `,"modes_accueil":["en-presentiel","a-distance"]`), []string{"s distance"}},
		{"one of each", offer("v", "") + "\n" + offer("w", `,"modes_accueil":["a-distance"],"zone_eligibilite":["france"]`), []string{"s", "w nobody distance"}},
		{"two at a distance, of one scope", offer("v", `,"modes_accueil":["a-distance"]`) + "\n" + offer("w", `,"modes_accueil":["a-distance"]`), []string{"v nobody distance"}},
		{"reserved", offer("v", `,"zone_eligibilite":["200071785"]`), []string{"s for 200071785"}},
		{"reserved, v0", offer("v", `,"zone_diffusion_type":"commune","zone_diffusion_code":"02408"`), []string{"s for 02408"}},
		{"reserved, another is not", offer("v", `,"zone_eligibilite":["02408"]`) + "\n" + offer("w", ""), []string{"s for 02408", "w"}},
		{"fillers", offer("v", `,"zone_eligibilite":["france"]`) + "\n" + offer("w", `,"zone_eligibilite":["02","60"]`) + "\n" + offer("x", `,"zone_diffusion_type":"region","zone_diffusion_code":"32"`) + "\n" +
			offer("y", `,"zone_diffusion_type":"departement"`) + "\n" + offer("z", `,"zone_diffusion_type":"commune","zone_diffusion_code":null`) + "\n" + offer("u", `,"zone_eligibilite":["99100"],"publics":["tous-publics"]`), []string{"s"}},
	} {
		got, told, err := readAll(t, "d.ndjson", []byte(structure+"\n"+tt.offers+"\n"), source.Options{})
		var all []string
		for _, l := range got {
			text := l.ID
			for _, f := range []struct {
				is   bool
				word string
			}{{l.NoPublic, "nobody"}, {l.Distance, "distance"}, {l.Domicile, "home"}, {l.Reserve != nil, "for " + strings.Join(l.Reserve, " ")}, {l.Zone != nil, strings.Join(l.Zone, " ")}} {
				if f.is {
					text += " " + f.word
				}
			}
			all = append(all, text)
			if l.Publics != "" {
				t.Errorf("%s: publics %q", tt.special, l.Publics)
			}
		}
		if err != nil || !slices.Equal(all, tt.want) {
			t.Errorf("%s: %q, told %s, %v; want %q", tt.special, all, told, err, tt.want)
		}
	}
}

// A producer that writes the commune of each of its services restricts nobody; one that
// does so for some does.
func TestProducersThatFillIn(t *testing.T) {
	for _, tt := range []struct {
		special  string
		n, other int
		reserved bool
	}{{"all of them", ownZones, 0, false}, {"too few to tell", ownZones - 1, 0, true}, {"not all of them", ownZones, 1, true}} {
		var b strings.Builder
		for i := range tt.n + tt.other {
			zone := fmt.Sprintf(`,"zone_eligibilite":["02%03d"]`, i+1)
			if i >= tt.n {
				zone = ""
			}
			fmt.Fprintf(&b, "{\"id\":\"s%d\",\"nom\":\"Centre\",\"siret\":\"1\",\"latitude\":49.5,\"longitude\":%f}\n", i, 3+float64(i)/100)
			fmt.Fprintf(&b, "{\"id\":\"v%d\",\"structure_id\":\"s%d\",\"source\":\"p\",\"code_insee\":\"02%03d\",\"thematiques\":[\"numerique\"]%s}\n", i, i, i+1, zone)
		}
		got, told, err := readAll(t, "d.ndjson", []byte(b.String()), source.Options{})
		if err != nil || len(got) != tt.n+tt.other || (got[0].Reserve != nil) != tt.reserved || strings.Contains(told, "remplissage") == tt.reserved {
			t.Errorf("%s: %d lieux, reserved to %v, told %s, %v", tt.special, len(got), got[0].Reserve, told, err)
		}
	}
}
