package scenario

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// wrongFiles are one file per way to be wrong, and the sentence expected.
var wrongFiles = map[string]struct{ file, want string }{
	"not JSON":              {`{"name": }`, `scénario : « faute de syntaxe, ligne 1, colonne 10 » ; attendu un objet JSON, comme {"name":"…","actions":[…]}`},
	"empty":                 {``, `scénario : « le texte s'arrête trop tôt » ; attendu un objet JSON, comme {"name":"…","actions":[…]}`},
	"a list":                {`[]`, `scénario : « autre chose qu'un objet » ; attendu un objet JSON, comme {"name":"…","actions":[…]}`},
	"no actions":            {`{"name":"x"}`, `scénario : champ « actions » : absent ; attendu une liste d'actions, entre crochets`},
	"a field of no meaning": {`{"name":"x","action":[]}`, `scénario : champ « action » : « [] » ; attendu aucun champ de ce nom ; les champs sont name, actions, edition, params, version`},
	"a version to come":     {`{"version":2,"actions":[]}`, `scénario : champ « version » : « 2 » ; attendu la version 1, que ce programme sait lire`},
	"an unknown mode":       {`{"params":{"mode":"avion"},"actions":[]}`, `scénario : champ « params.mode » : « "avion" » ; attendu car, bike, walk ou transit`},
	"too far":               {`{"params":{"cutoff_min":90},"actions":[]}`, `scénario : champ « params.cutoff_min » : « 90 » ; attendu 1 à 60 minutes`},
	"no verb":               {`{"actions":[{}]}`, `scénario : action 1 : champ « do » : absent ; attendu add_lieu, close_lieu, move_lieu, set_hours, set_services, add_tournee, set_tournee, remove_tournee, add_line, shift_trip`},
	"an unknown verb":       {`{"actions":[{"do":"open"}]}`, `scénario : action 1 : champ « do » : « open » ; attendu add_lieu, close_lieu, move_lieu, set_hours, set_services, add_tournee, set_tournee, remove_tournee, add_line, shift_trip`},
	"a field of another verb": {`{"actions":[{"do":"close_lieu","id":"a","lon":3}]}`,
		`scénario : action 1 (close_lieu) : champ « lon » : « 3 » ; attendu aucun champ de ce nom ; les champs sont do, id`},
	"no id":     {`{"actions":[{"do":"close_lieu"}]}`, `scénario : action 1 (close_lieu) : champ « id » : absent ; attendu l'identifiant du lieu ou de la tournée`},
	"no lon":    {`{"actions":[{"do":"move_lieu","id":"a","lat":49}]}`, `scénario : action 1 (move_lieu) : champ « lon » : absent ; attendu une longitude en degrés, comme 3.52`},
	"lon: text": {`{"actions":[{"do":"move_lieu","id":"a","lon":"3,5","lat":49}]}`, `scénario : action 1 (move_lieu) : champ « lon » : « "3,5" » ; attendu une longitude en degrés, comme 3.52`},
	"Lambert-93 metres passed as degrees": {`{"actions":[{"do":"move_lieu","id":"a","lon":741000,"lat":6900000}]}`,
		`scénario : action 1 (move_lieu) : champ « lon, lat » : « 741000, 6.9e+06 » ; attendu des degrés : une longitude de −180 à 180 et une latitude de −90 à 90`},
	"no service": {`{"actions":[{"do":"add_lieu","lon":3,"lat":49,"services":[]}]}`, `scénario : action 1 (add_lieu) : champ « services » : « [] » ; attendu au moins un service`},
	"an unknown service": {`{"actions":[{"do":"add_lieu","lon":3,"lat":49,"services":["coiffure"]}]}`,
		`scénario : action 1 (add_lieu) : champ « services » : « coiffure » ; attendu aide-demarches, maitrise-outils, insertion-professionnelle, utilisation-securisee, parentalite-education, loisirs-creations, comprehension-monde, acces-internet, acquisition-materiel, tous`},
	"hours that are none": {`{"actions":[{"do":"set_hours","id":"a","horaires":"lundi 9h"}]}`,
		`scénario : action 1 (set_hours) : champ « horaires » : « lundi 9h » ; attendu des horaires comme « Mo-Fr 09:00-17:00 » ; caractère 9 : `},
	"a second action": {`{"actions":[{"do":"remove_tournee","id":"a"},{"do":"set_hours","id":"b"}]}`,
		`scénario : action 2 (set_hours) : champ « horaires » : absent ; attendu des horaires, comme « Mo-Fr 09:00-17:00 », ou un texte vide : inconnus`},
	"a tour without stops": {`{"actions":[{"do":"add_tournee","services":["aide-demarches"],"stops":[]}]}`,
		`scénario : action 1 (add_tournee) : champ « stops » : « [] » ; attendu au moins un arrêt ; remove_tournee retire une tournée`},
	"hours of a stop": {`{"actions":[{"do":"set_tournee","id":"t","stops":[{"nom":"A","lon":3,"lat":49},{"nom":"B","lon":3,"lat":49,"when":"Tu"}]}]}`,
		`scénario : action 1 (set_tournee) : champ « stops[2].when » : « Tu » ; attendu des horaires comme « Mo-Fr 09:00-17:00 » ; caractère 3 : `},
	"a depot without latitude": {`{"actions":[{"do":"add_tournee","services":["tous"],"depot":{"lon":3},"stops":[{"lon":3,"lat":49}]}]}`,
		`scénario : action 1 (add_tournee) : champ « depot.lat » : absent ; attendu une latitude en degrés, comme 49.2`},
	"nothing to change": {`{"actions":[{"do":"set_tournee","id":"t"}]}`,
		`scénario : action 1 (set_tournee) : « rien à changer » ; attendu au moins un des champs nom, services, depot, stops`},
}

func TestWrongFiles(t *testing.T) {
	for name, tc := range wrongFiles {
		_, err := Parse([]byte(tc.file))
		if err == nil {
			t.Errorf("%s: accepted", name)
			continue
		}
		// The reason inside hours is that of another package.
		if got := err.Error(); got != tc.want && !(strings.HasSuffix(tc.want, " : ") && strings.HasPrefix(got, tc.want)) {
			t.Errorf("%s:\n got %s\nwant %s", name, got, tc.want)
		}
	}
}

func TestWhatTheEditionRefuses(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 34))
	in := editiontest.Small(r)
	in.LieuRows, in.TourneeRows = in.LieuRows[:1], nil
	l := &in.LieuRows[0]
	l.ID, l.Itinerant, l.NoPublic, l.Located, l.Merged = "fixe", false, false, true, []string{"autre"}
	l.Services = editiontest.SomeServices(r).With(0)
	bus := *l
	bus.ID, bus.Itinerant, bus.Merged = "bus", true, nil
	in.LieuRows = append(in.LieuRows, bus)
	e := editiontest.Build(t, in, editiontest.SmallParams())
	for name, tc := range map[string]struct{ actions, want string }{
		"an unknown id":           {`{"do":"close_lieu","id":"x"}`, `action 1 (close_lieu) : champ « id » : « x » ; attendu l'identifiant d'un lieu de l'édition, ou donné par une action qui précède`},
		"a bus is not one place":  {`{"do":"move_lieu","id":"bus","lon":3.5,"lat":49.5}`, `action 1 (move_lieu) : champ « id » : « bus » ; attendu un lieu fixe ; celui-ci est itinérant : set_tournee ou remove_tournee changent sa tournée`},
		"closed twice":            {`{"do":"close_lieu","id":"fixe"},{"do":"close_lieu","id":"autre"}`, `action 2 (close_lieu) : champ « id » : « autre » ; attendu un lieu qui reçoit du public`},
		"an id that is taken":     {`{"do":"add_lieu","id":"fixe","lon":3.5,"lat":49.5,"services":["tous"]}`, `action 1 (add_lieu) : champ « id » : « fixe » ; attendu un identifiant qui n'est pas déjà pris`},
		"the other side of Earth": {`{"do":"add_lieu","lon":120,"lat":-30,"services":["tous"]}`, `action 1 (add_lieu) : champ « lon, lat » : « 120, -30 » ; attendu une position à moins de 130 km du territoire`},
		"latitude first":          {`{"do":"add_lieu","lon":49.5,"lat":3.5,"services":["tous"]}`, `action 1 (add_lieu) : champ « lon, lat » : « 49.5, 3.5 » ; attendu une position à moins de 130 km du territoire (longitude et latitude semblent inversées)`},
		"a stop far away":         {`{"do":"add_tournee","services":["tous"],"stops":[{"lon":3.5,"lat":49.5},{"lon":9,"lat":49.5}]}`, `action 1 (add_tournee) : champ « stops[2].lon, lat » : « 9, 49.5 » ; attendu une position à moins de 130 km du territoire`},
		"an unknown tour":         {`{"do":"remove_tournee","id":"x"}`, `action 1 (remove_tournee) : champ « id » : « x » ; attendu l'identifiant d'une tournée de l'édition, ou donné par une action qui précède`},
	} {
		s, err := Parse([]byte(`{"name":"x","actions":[` + tc.actions + `]}`))
		if err == nil {
			_, _, err = s.Apply(e)
		}
		if err == nil || err.Error() != "scénario : "+tc.want {
			t.Errorf("%s:\n got %v\nwant scénario : %s", name, err, tc.want)
		}
	}
	// More places than anybody plans, each of which would be searched for.
	var many Scenario
	for range 4 {
		a := Action{Do: AddTournee, Services: []string{"tous"}}
		for range 130 {
			a.Stops = append(a.Stops, Stop{Lon: 3.5, Lat: 49.5})
		}
		many.Actions = append(many.Actions, a)
	}
	_, err := Evaluate(context.Background(), e, e.Params.Query(), parse(t, many))
	if want := fmt.Sprintf("scénario : champ « actions » : « %d points d'accueil » ; attendu au plus %d : 500 de plus que l'édition", len(e.Sites)+520, len(e.Sites)+500); err == nil || err.Error() != want {
		t.Errorf("%v, want %s", err, want)
	}
	// An action may name what an earlier one made.
	s, err := Parse([]byte(`{"name":"x","actions":[{"do":"add_lieu","id":"mien","lon":3.5,"lat":49.5,"services":["tous"]},
		{"do":"move_lieu","id":"mien","lon":3.51,"lat":49.51},{"do":"close_lieu","id":"autre"},{"do":"add_lieu","lon":3.5,"lat":49.5,"services":["tous"]},{"do":"close_lieu","id":"nouveau-4"}]}`))
	if err != nil {
		t.Fatal(err)
	}
	lieux, _, err := s.Apply(e)
	if err != nil || len(lieux) != 4 || lieux[2].At != (geo.LonLat{Lon: 3.51, Lat: 49.51}) || !lieux[0].NoPublic || !lieux[3].NoPublic || lieux[2].Services.Len() != 9 {
		t.Errorf("%v: lieux %+v", err, lieux)
	}
}

// TestScenarioIsWrittenAsItIsRead: what a difference carries can be played again.
func TestScenarioIsWrittenAsItIsRead(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 35))
		in := editiontest.Small(r)
		s := &Scenario{Name: "é", Edition: "abc", Actions: []Action{randomAction(r, in), randomAction(r, in)}}
		first := parse(t, s)
		if d := cmp.Diff(asJSON(t, first), asJSON(t, parse(t, first))); d != "" {
			t.Fatalf("seed %d: %s", seed, d)
		}
	}
}

func FuzzParse(f *testing.F) {
	for _, tc := range wrongFiles {
		f.Add([]byte(tc.file))
	}
	f.Add([]byte(`{"name":"x","actions":[{"do":"add_tournee","nom":"Bus","services":["tous"],"depot":{"lon":3,"lat":49},"stops":[{"nom":"A","lon":3,"lat":49,"when":"week 1-53/2 Tu 09:00-12:00"}]}]}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			if _, ok := err.(*Error); !ok {
				t.Fatalf("%T: %v", err, err)
			}
			return
		}
		parse(t, s)
	})
}

// TestParseCountsBeforeItReads: what would take many times its bytes is refused by a count,
// and the count is never less than what is there.
func TestParseCountsBeforeItReads(t *testing.T) {
	stops := strings.Repeat(`{"lon":3.5,"lat":49.5},`, 200)
	tour := `{"do":"add_tournee","services":["tous"],"stops":[` + stops[:len(stops)-1] + `]},`
	many := `{"name":"n","actions":[` + strings.Repeat(tour, 200)
	services := `{"name":"n","actions":[{"do":"add_lieu","lon":3.5,"lat":49.5,"services":[` + strings.Repeat(`"x",`, 200_000) + `"x"]}]}`
	for name, text := range map[string]string{"stops": many[:len(many)-1] + "]}", "services": services, "numbers": `{"actions":[` + strings.Repeat("1,", 400_000) + "1]}", "lists": strings.Repeat("[", 500_000)} {
		t.Run(name, func(t *testing.T) {
			if len(text) > MaxBytes {
				t.Fatalf("%d bytes: refused for that alone", len(text))
			}
			data := []byte(text)
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			_, err := Parse(data)
			runtime.ReadMemStats(&after)
			if err == nil || !strings.Contains(err.Error(), "au plus 20000 valeurs") {
				t.Fatal(err)
			}
			if allocated := after.TotalAlloc - before.TotalAlloc; allocated > 64<<10 {
				t.Errorf("%d bytes are allocated to refuse %d", allocated, len(data))
			}
		})
	}
	for _, text := range []string{`{}`, `[]`, `1`, `{"a":"[,{\\\"[,{","b":[1,2,{"c":[]}]}`, `"\\"`, `[[],[],{}]`} {
		var v any
		if err := json.Unmarshal([]byte(text), &v); err != nil {
			t.Fatal(text, err)
		}
		if got, want := values([]byte(text)), counted(v); got < want || got > 2*want {
			t.Errorf("%s: %d values are counted, %d are there", text, got, want)
		}
	}
}

// counted is how many values are in one.
func counted(v any) int {
	n := 1
	switch v := v.(type) {
	case []any:
		for _, inner := range v {
			n += counted(inner)
		}
	case map[string]any:
		for _, inner := range v {
			n += counted(inner)
		}
	}
	return n
}
