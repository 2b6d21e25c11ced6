package edition

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// memory is a store of one dataset for each list of rows.
type memory []struct {
	store.Manifest
	rows []any
}

func (m memory) Manifests(context.Context) (held []store.Manifest, _ error) {
	for _, d := range m {
		d.Manifest.Rows = len(d.rows)
		held = append(held, d.Manifest)
	}
	return held, nil
}

func (m memory) Read(_ context.Context, kind store.Kind) iter.Seq2[any, error] {
	return func(yield func(any, error) bool) {
		for _, d := range m {
			for _, row := range d.rows {
				if d.Kind == kind && !yield(row, nil) {
					return
				}
			}
		}
	}
}

func hold[T any](m *memory, of store.Rows[T], dataset string, rows ...T) {
	d := struct {
		store.Manifest
		rows []any
	}{Manifest: store.Manifest{Kind: of.Kind, Dataset: dataset}}
	for _, r := range rows {
		d.rows = append(d.rows, r)
	}
	*m = append(*m, d)
}

func believed(t *testing.T, m memory) *rows {
	t.Helper()
	held, _ := m.Manifests(t.Context())
	r, err := readRows(t.Context(), m, held, "")
	if err != nil {
		t.Fatal(err)
	}
	return r
}

// strip is a commune whose southern border is so many metres north of a place, 1.1 km high.
func strip(code, nom string, metres float64) admin.Commune {
	south := place.Lat + metres/degree
	return admin.Commune{Code: code, Nom: nom, EPCI: "200000001", Population: 100, Point: geo.LonLat{Lon: 3.5, Lat: south + 0.005},
		Outline: orb.MultiPolygon{{{{3, south}, {4, south}, {4, south + 0.01}, {3, south + 0.01}, {3, south}}}}}
}

var (
	place  = geo.LonLat{Lon: 3.62, Lat: 49.56}
	degree = geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1})
)

// TestPositionsAgainstCommunes is told in the words of an import, whichever came first.
func TestPositionsAgainstCommunes(t *testing.T) {
	nobody := []admin.Commune{strip("02002", "B", 999), strip("02003", "C", 999.9), strip("02004", "D", 1001), strip("02005", "E", 250_000)}
	somebody := append(slices.Clone(nobody), strip("02001", "A", -100))
	const unknown = "laissée inconnue ; le lieu est gardé mais ne compte dans aucun calcul"
	for _, c := range []struct {
		special  string
		lieu     lieu.Lieu
		located  bool
		told     string
		communes []admin.Commune
	}{
		{"inside", lieu.Lieu{Commune: "02001"}, true, "", somebody},
		{"nearly inside", lieu.Lieu{Commune: "02002"}, true, "position à 999 m hors de la commune 02002 que nomme la ligne : gardée, car à moins d'un kilomètre", nobody},
		{"1 km is kept", lieu.Lieu{Commune: "02003"}, true, "position à 1000 m hors de la commune 02003 que nomme la ligne : gardée, car à moins d'un kilomètre", nobody},
		{"more is not", lieu.Lieu{Commune: "02004"}, false, "position à 1.0 km de la commune 02004 que nomme la ligne : " + unknown, nobody},
		{"another region", lieu.Lieu{Commune: "02005"}, false, "position à 250.0 km de la commune 02005 que nomme la ligne : " + unknown, nobody},
		{"nearly inside, in another", lieu.Lieu{Commune: "02002"}, true, "ce point est dans A (02001), pas dans B (02002) que nomme la ligne, à 999 m : position gardée, car à moins d'un kilomètre", somebody},
		{"in another, far", lieu.Lieu{Commune: "02004"}, false, "ce point est dans A (02001), pas dans D (02004) que nomme la ligne, à 1.0 km : position " + unknown, somebody},
		{"in two that overlap", lieu.Lieu{Commune: "02004"}, false, "ce point est dans A (02001) et F (02006), pas dans D (02004) que nomme la ligne, à 1.0 km : position " + unknown, append(slices.Clone(somebody), strip("02006", "F", -200))},
		{"a département of which nothing is known", lieu.Lieu{Commune: "59350"}, true, "", somebody},
		{"no commune", lieu.Lieu{}, true, "", somebody},
		{"named, without code", lieu.Lieu{CommuneNom: "d", CodePostal: "02000"}, false, "ce point est dans A (02001), pas dans D (02004) que nomme la ligne, à 1.0 km : position " + unknown, somebody},
		{"named, the postcode of elsewhere", lieu.Lieu{CommuneNom: "D", CodePostal: "51000"}, true, "", somebody},
		{"a name of two communes", lieu.Lieu{CommuneNom: "D"}, true, "", append(slices.Clone(somebody), strip("02007", "D", 5000))},
		{"a neighbour that is a point, near", lieu.Lieu{Commune: "51001"}, true, "", append(slices.Clone(somebody), admin.Commune{Code: "51001", Nom: "P", Point: geo.LonLat{Lon: 3.62, Lat: 49.4}})},
		{"a neighbour that is a point, far", lieu.Lieu{Commune: "51001"}, false, "ce point est dans A (02001), pas dans P (51001) que nomme la ligne, à 62.3 km : position " + unknown, append(slices.Clone(somebody), admin.Commune{Code: "51001", Nom: "P", Point: geo.LonLat{Lon: 3.62, Lat: 49}})},
	} {
		c.lieu.ID, c.lieu.At, c.lieu.Located = "x", place, true
		var m memory
		hold(&m, store.Communes, "communes", c.communes...)
		hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "EPCI"})
		hold(&m, store.Lieux, "lieux:a", c.lieu)
		r := believed(t, m)
		told := ""
		for _, w := range r.warnings {
			told += w.Reason
			if w.Dataset != "lieux:a" || w.ID != "x" {
				t.Errorf("%s: warned of %+v; want the lieu's address", c.special, w)
			}
		}
		if told != c.told || r.lieux[0].Located != c.located || r.lieux[0].Commune != c.lieu.Commune {
			t.Errorf("%s: located %v, told %q; want %v, %q", c.special, r.lieux[0].Located, told, c.located, c.told)
		}
	}
}

// TestCodesOfCommunes: arrondissements are their town, an old code is that of where it stands,
// what is not known is said; lieux of départements that the store has nothing of are let be.
func TestCodesOfCommunes(t *testing.T) {
	for code, want := range map[string]string{"75101": "75056", "75120": "75056", "75121": "75121", "75056": "75056", "75100": "75100", "69381": "69123", "69389": "69123",
		"69390": "69390", "13201": "13055", "13216": "13055", "13217": "13217", "02408": "02408", "": "", "7511": "7511", "2A004": "2A004"} {
		if got := admin.Town(code); got != want {
			t.Errorf("Town(%q) = %q, want %q", code, got, want)
		}
	}
	at := func(id, code string, located bool) lieu.Lieu {
		l := lieu.Lieu{ID: id, Commune: code, Located: located}
		if located {
			l.At = place
		}
		return l
	}
	var m memory
	hold(&m, store.Communes, "communes", strip("02001", "A", -100), admin.Commune{Code: "75056", Nom: "Paris", Point: geo.LonLat{Lon: 3.62, Lat: 49.5}})
	hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "EPCI"})
	hold(&m, store.Lieux, "lieux", at("old", "02999", true), at("lost", "02998", false), at("paris", "75112", true), at("réunion", "97411", true), at("beyond", "75999", true), at("none", "", true), at("here", "02001", true))
	r := believed(t, m)
	got := ""
	for _, l := range r.lieux {
		got += l.ID + "=" + l.Commune + " "
	}
	if want := "old=02001 lost=02998 paris=75056 réunion=97411 beyond=75999 none= here=02001 "; got != want {
		t.Errorf("codes are %s, want %s", got, want)
	}
	codes := ""
	for _, w := range r.warnings {
		if w.Subject == AboutCode {
			codes += w.ID + " " + w.Value + " " + strings.Split(w.Reason, ".")[0] + "; "
		}
	}
	if want := "old 02999 code absent des communes ; pris d'après la position : A (02001); lost 02998 code absent des communes ; gardé tel quel; "; codes != want {
		t.Errorf("told %q, want %q", codes, want)
	}
	if n := r.division.Neighbours; len(n) != 1 || n[0].Nom != "Paris" || n[0].Departement() != "75" {
		t.Errorf("neighbours %+v, want Paris", n)
	}
}

// TestDatasetsThatGiveOneKey are named, with the command that mends.
func TestDatasetsThatGiveOneKey(t *testing.T) {
	var m memory
	hold(&m, store.Communes, "communes", strip("02001", "A", -100))
	hold(&m, store.Communes, "communes:ign 2024", strip("02002", "B", 2000), strip("02001", "A", -100))
	hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "EPCI"})
	_, err := Examine(t.Context(), m, "")
	var wrong *InputError
	want := "communes : « 02001 » est dans deux jeux, « communes » et « communes:ign 2024 ». Retirez celui qui est de trop : maillage dataset remove communes:communes, ou maillage dataset remove 'communes:ign 2024'"
	if !errors.As(err, &wrong) || wrong.Sentence != want {
		t.Errorf("told %v, want %s", err, want)
	}
}

// TestSeveralDepartements asks which, and makes of the others neighbours.
func TestSeveralDepartements(t *testing.T) {
	var m memory
	point := admin.Commune{Code: "60001", Nom: "Point", EPCI: "200000002", Population: 900, Point: geo.LonLat{Lon: 3.5, Lat: 49.4}}
	hold(&m, store.Communes, "communes", strip("02001", "A", -100), strip("51001", "M", 3000), point)
	hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "EPCI"}, admin.EPCI{Code: "200000002", Nom: "Autre", Population: 5000})
	hold(&m, store.Secteurs, "secteurs", admin.Secteur{Code: "s", Nom: "S", Communes: []string{"02001", "51001"}}, admin.Secteur{Code: "ailleurs", Nom: "Ailleurs", Communes: []string{"51001"}})
	held, _ := m.Manifests(t.Context())
	for asked, want := range map[string]string{
		"":   "de plusieurs départements : 02 Aisne (1 commune), 51 Marne (1 commune). Dites lequel calculer ; les autres seront ses voisins : maillage compute --departement 02",
		"60": "--departement 60 : les communes importées sont celles d'autres départements : 02 Aisne (1 commune), 51 Marne (1 commune)",
	} {
		if _, err := readTerritory(t.Context(), m, held, asked); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("--departement %q: %v; want %q", asked, err, want)
		}
	}
	got, err := readTerritory(t.Context(), m, held, "02")
	if err != nil {
		t.Fatal(err)
	}
	d := got.division
	if len(d.Communes) != 1 || len(d.Neighbours) != 2 || got.only || len(d.Secteurs) != 1 || len(d.Secteurs[0].Communes) != 1 {
		t.Errorf("%d communes, %d neighbours, secteurs %v; want 1, 2 and the part of one secteur", len(d.Communes), len(d.Neighbours), d.Secteurs)
	}
	if e := d.Territoires(admin.TypeEPCI); len(e) != 1 || e[0].Population != 100 || e[0].Whole != 200 {
		t.Errorf("EPCI %+v; want 100 people of 200", e)
	}
	// Together they are one territory, and what has no outline is around it.
	if got, err = readTerritory(t.Context(), m, held, Together); err != nil {
		t.Fatal(err)
	}
	if d = got.division; len(d.Communes) != 2 || len(d.Neighbours) != 1 || got.only || len(d.Secteurs) != 2 || len(d.Secteurs[1].Communes) != 2 {
		t.Errorf("%d communes, %d neighbours, secteurs %v; want 2, 1 and both secteurs", len(d.Communes), len(d.Neighbours), d.Secteurs)
	}
	// With the outlines of one département alone there is nothing to choose.
	var one memory
	hold(&one, store.Communes, "communes", strip("02001", "A", -100), point)
	held, _ = one.Manifests(t.Context())
	for _, asked := range []string{"", "02", Together} {
		if got, err := readTerritory(t.Context(), one, held, asked); err != nil || !got.only {
			t.Errorf("--departement %q of one: %+v, %v", asked, got, err)
		}
	}
	if _, err := readTerritory(t.Context(), one, held, "51"); err == nil || !strings.Contains(err.Error(), "sont celles du département 02 Aisne") {
		t.Errorf("--departement 51 of the Aisne: %v", err)
	}
}

// TestWhatIsMissingIsSaid: lieux nowhere, buses without stops, communes without EPCI,
// libraries across the border.
func TestWhatIsMissingIsSaid(t *testing.T) {
	var m memory
	lone, free := strip("02002", "B", 2000), strip("02003", "C", 4000)
	lone.EPCI, free.EPCI = "200000009", ""
	hold(&m, store.Communes, "communes", strip("02001", "A", -100), lone, free)
	hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "EPCI"})
	away := geo.LonLat{Lon: 5, Lat: 50}
	hold(&m, store.Lieux, "lieux", lieu.Lieu{ID: "nowhere", Nom: "N"}, lieu.Lieu{ID: "bus", Nom: "Bus", Itinerant: true, Located: true, At: place},
		lieu.Lieu{ID: "tour", Itinerant: true, Located: true, At: place}, lieu.Lieu{ID: "bib", Typologie: "MUNI|BIB", Located: true, At: place}, lieu.Lieu{ID: "away", Located: true, At: away})
	hold(&m, store.Tournees, "tournees", lieu.Tournee{ID: "t", LieuID: "tour", Stops: []lieu.Stop{{Nom: "Arrêt", At: place}}})
	hold(&m, store.Variables, "ifn", store.Variable{Level: store.LevelCommune, Code: "02077", Name: "x"}, store.Variable{Level: store.LevelCommune, Code: "02001", Name: "x"}, store.Variable{Level: store.LevelCommune, Code: "59350", Name: "x"})
	var got []string
	for _, w := range believed(t, m).warnings {
		got = append(got, w.Subject+" "+w.ID)
	}
	want := []string{"epci 02002", "epci 02003", "sans-position nowhere", "sans-arret bus", "voisins ", "code "}
	if !slices.Equal(got, want) {
		t.Errorf("warned of %q, want %q", got, want)
	}
}
