package api

import (
	"context"
	"net/http"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// servingSets serves the world with sets of communes imported.
func servingSets(t *testing.T, sets ...admin.Set) *Server {
	t.Helper()
	in := world{}.inputs()
	in.SetRows = sets
	params := edition.DefaultParams()
	params.Resolution = resolution
	e, _, err := edition.Build(context.Background(), in, params, nil)
	if err != nil {
		t.Fatal(err)
	}
	s := New(Options{})
	if err := s.Publish(e); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestTerritoiresOfAnyType: an imported type is a level and a filter wherever secteurs are.
func TestTerritoiresOfAnyType(t *testing.T) {
	s := servingSets(t, admin.Set{Type: "canton", Code: "0201", Nom: "Canton d'Arcy", Communes: []string{"02001"}},
		admin.Set{Type: "canton", Code: "0202", Nom: "Canton du Levant", Communes: []string{"02002", "02003"}})
	type row struct {
		Type, Code, Nom string
		Population      int
		Classes         struct{ Couverte, Grise, Blanche, Inconnue int }
	}
	type list struct{ Territoires []row }
	byCanton, bySecteur := getJSON[list](t, s, "/api/v1/gaps?level=canton").Territoires, getJSON[list](t, s, "/api/v1/gaps?level=secteur").Territoires
	if len(byCanton) != 2 || len(bySecteur) != 1 {
		t.Fatalf("gaps: %d cantons and %d secteurs; want 2 and 1", len(byCanton), len(bySecteur))
	}
	total := 0
	for _, r := range byCanton {
		if sum := r.Classes.Couverte + r.Classes.Grise + r.Classes.Blanche + r.Classes.Inconnue; sum != r.Population {
			t.Errorf("canton %s: classes of %d people; want %d", r.Code, sum, r.Population)
		}
		total += r.Population
		if r.Code == "0202" { // the same communes as the secteur
			if r.Population != bySecteur[0].Population || r.Classes != bySecteur[0].Classes {
				t.Errorf("canton %+v; want the figures of the secteur of the same communes, %+v", r, bySecteur[0])
			}
		}
	}
	if total != 1003+517+211 {
		t.Errorf("cantons hold %d people; want everybody, %d", total, 1003+517+211)
	}
	if got := getJSON[list](t, s, "/api/v1/territoires?type=canton").Territoires; len(got) != 2 || got[0].Type != "canton" {
		t.Errorf("territoires of type canton: %+v; want two", got)
	}
	for _, target := range []string{"/territoires/canton:0202", "/embed?territoire=canton:0202", "/api/v1/territoires/canton:0202",
		"/api/v1/zones-blanches?territoire=canton:0202", "/api/v1/lieux?territoire=canton:0202", "/carte.svg?territoire=canton:0202",
		"/api/v1/ifn?level=canton", "/ogc/collections/territoires_canton/items"} {
		body := get(t, s, target).Body.String()
		if strings.Contains(target, "0202") && strings.HasPrefix(target, "/territoires") && !strings.Contains(body, "Canton du Levant") {
			t.Errorf("GET %s does not name the canton", target)
		}
	}
	if rec := do(s, http.MethodGet, "/territoires/canton:9999"); rec.Code != http.StatusNotFound {
		t.Errorf("a canton that is not there: %d; want 404", rec.Code)
	}
}

func TestTheEditionNamesItsLevelsAndItsSiteHasTheListsOfAll(t *testing.T) {
	s := servingSets(t, admin.Set{Type: "zone-emploi", Code: "0051", Nom: "Arcy", Communes: []string{"02001", "02002"}},
		admin.Set{Type: "pays-d-en-haut", Code: "1", Nom: "Haut", Communes: []string{"02003"}})
	levels := getJSON[data.AboutJSON](t, s, "/api/v1/edition").Levels
	var got [][3]string
	for _, l := range levels {
		got = append(got, [3]string{string(l.Type), l.Label, l.Plural})
	}
	want := [][3]string{{"commune", "Commune", "Communes"}, {"epci", "Intercommunalité", "EPCI"}, {"secteur", "Secteur", "Secteurs"},
		{"pays-d-en-haut", "Pays d en haut", "Pays d en haut"}, {"zone-emploi", "Zone d'emploi", "Zones d'emploi"}, {"departement", "Département", "Départements"}}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatalf("levels (-want +got):\n%s", diff)
	}
	// The page offers every level but the département, which is one.
	addresses := siteAddresses(s.current.Load())
	for _, l := range levels[:len(levels)-1] {
		list := "api/v1/territoires?type=" + string(l.Type)
		if !slices.Contains(addresses, list) {
			t.Errorf("the site has no %s", list)
		}
		get(t, s, "/"+list)
	}
}

// TestDrawnAmongCollections: an outline that cuts communes is a feature of its own collection,
// with its people, how many of them are estimated, and its outline; filters find it by them.
func TestDrawnAmongCollections(t *testing.T) {
	outline := orb.MultiPolygon{{{{3.46, 49.505}, {3.5, 49.505}, {3.5, 49.53}, {3.46, 49.53}, {3.46, 49.505}}}}
	s := servingSets(t, admin.Set{Type: "qpv", Code: "QN00201", Nom: "Quartier", Outline: outline, Population: 700, Year: "2018"})
	e := s.current.Load().Edition
	tr, ok := e.Division.Find(admin.Ref{Type: "qpv", Code: "QN00201"})
	if !ok || tr.Population == 0 || tr.Drawn.Estimated == 0 {
		t.Fatalf("%+v, found %v: too dull", tr, ok)
	}
	type feature struct {
		ID       string
		Geometry struct {
			Type string
			BBox [4]float64
		}
		Properties map[string]any
	}
	check := func(where string, f feature) {
		for name, want := range map[string]any{"code": "QN00201", "population_hab": float64(tr.Population), "contour_estimes_hab": float64(tr.Drawn.Estimated),
			"contour_publies_hab": 700.0, "contour_publies_annee": "2018", "contour_deborde": 0.0} {
			if f.Properties[name] != want {
				t.Errorf("%s: %s is %v, want %v", where, name, f.Properties[name], want)
			}
		}
		if f.Geometry.Type != "MultiPolygon" && f.Geometry.Type != "Polygon" || f.ID != "QN00201" {
			t.Errorf("%s: feature %s of a %s", where, f.ID, f.Geometry.Type)
		}
	}
	check("item", getJSON[feature](t, s, "/ogc/collections/territoires_qpv/items/QN00201"))
	for _, question := range []string{"", "?bbox=3.47,49.51,3.48,49.52", "?contour_publies_annee=2018"} {
		items := getJSON[struct{ Features []feature }](t, s, "/ogc/collections/territoires_qpv/items"+question)
		if len(items.Features) != 1 {
			t.Fatalf("items%s: %d", question, len(items.Features))
		}
		check("items"+question, items.Features[0])
	}
	if items := getJSON[struct{ Features []feature }](t, s, "/ogc/collections/territoires_qpv/items?bbox=3.6,49.6,3.7,49.7"); len(items.Features) != 0 {
		t.Errorf("%d outlines elsewhere", len(items.Features))
	}
}
