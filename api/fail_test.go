package api

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/labstack/echo/v4"

	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
)

func TestRefusalsSayWhatIsWrongAndWhatIsExpected(t *testing.T) {
	s, e := serving(t, Options{})
	const (
		cutoff = "il faut un nombre de minutes de 1 à 60, par exemple 15 ou 15m."
		hours  = "il faut un nombre d'heures par semaine de 0 à 168, par exemple 17.5 ou 17,5."
		levels = "il faut commune, epci, secteur, departement ou celui de territoires importés, comme canton."
		types  = "Cette édition n'a pas de territoires de type « canton » ; elle a : commune, epci, secteur, departement."
		ref    = "il faut un territoire écrit type:code, par exemple epci:200072031, où le type est commune, epci, secteur, departement ou celui de territoires importés, comme canton."
	)
	last := strings.TrimSpace(string(mustJSON(t, e.Pyramid.Rows-1)))
	const modes = "car (voiture), bike (vélo), walk (marche) ou transit (transports en commun)."
	for _, row := range []struct {
		name, target string
		status       int
		detail       string
	}{
		{"not a number", "/api/v1/gaps?cutoff=NaN", 400, "Le paramètre « cutoff » vaut « NaN » ; " + cutoff},
		{"zero minutes", "/api/v1/gaps?cutoff=0", 400, "Le paramètre « cutoff » vaut « 0 » ; " + cutoff},
		{"one minute too many", "/api/v1/acces?cutoff=61", 400, "Le paramètre « cutoff » vaut « 61 » ; " + cutoff},
		{"just above, would round to 60", "/api/v1/acces?cutoff=60.0001", 400, "Le paramètre « cutoff » vaut « 60.0001 » ; " + cutoff},
		{"an exponent", "/api/v1/gaps?cutoff=1e1", 400, "Le paramètre « cutoff » vaut « 1e1 » ; " + cutoff},
		{"hours for minutes", "/api/v1/gaps?cutoff=1h", 400, "Le paramètre « cutoff » vaut « 1h » ; " + cutoff},
		{"nothing", "/api/v1/gaps?cutoff=", 400, "Le paramètre « cutoff » est vide ; " + cutoff},
		{"huge", "/api/v1/gaps?cutoff=99999999999999999999", 400, "Le paramètre « cutoff » vaut « 99999999999999999999 » ; " + cutoff},
		{"negative hours", "/api/v1/gaps?min_hours=-1", 400, "Le paramètre « min_hours » vaut « -1 » ; " + hours},
		{"more hours than a week has", "/api/v1/gaps?min_hours=168,5", 400, "Le paramètre « min_hours » vaut « 168,5 » ; " + hours},
		{"infinite hours", "/api/v1/gaps?min_hours=Inf", 400, "Le paramètre « min_hours » vaut « Inf » ; " + hours},
		{"checked where it changes nothing", "/tiles/cells/10/521/349.mvt?min_hours=x", 400, "Le paramètre « min_hours » vaut « x » ; " + hours},
		{"unknown mode", "/api/v1/acces?mode=plane", 400, "Le paramètre « mode » vaut « plane » ; il faut " + modes},
		{"a service's label", "/api/v1/gaps?service=Tous", 400, "Le paramètre « service » vaut « Tous » ; il faut un service parmi aide-demarches, maitrise-outils, insertion-professionnelle, utilisation-securisee, parentalite-education, loisirs-creations, comprehension-monde, acces-internet, acquisition-materiel, tous."},
		{"unknown level", "/api/v1/gaps?level=canton", 400, types},
		{"a level that is no word of an address", "/api/v1/gaps?level=Canton", 400, "Le paramètre « level » vaut « Canton » ; " + levels},
		{"unknown type", "/api/v1/territoires?type=canton", 400, types},
		{"unknown method of the index", "/api/v1/ifn?method=moyenne", 400, "Le paramètre « method » vaut « moyenne » ; il faut percentile, minmax, rank, ratio ou points."},
		{"weight of a variable that is not there", "/api/v1/ifn?weights=misere:1", 400, "Le paramètre « weights » vaut « misere:1 » ; il faut des poids écrits identifiant:poids et séparés par des virgules, comme publics:2,pauvrete:3,fibre:0, où les identifiants sont ceux des sous-indices et des variables de l'indice, et au moins une variable de chaque sous-indice garde un poids."},
		{"unknown format of the index", "/api/v1/ifn?format=ods", 400, "Le paramètre « format » vaut « ods » ; il faut json, csv, xlsx, geojson ou colonne, selon l'adresse."},
		{"format of another address", "/api/v1/ifn?format=colonne", 400, "Le paramètre « format » vaut « colonne » ; pour l'indice, il faut json, csv ou xlsx."},
		{"index of nowhere", "/api/v1/ifn?territoire=epci:000000000", 404, "Le territoire « epci:000000000 » n'existe pas dans cette édition."},
		{"unknown column", "/api/v1/acces?mesure=bonheur", 400, "Le paramètre « mesure » vaut « bonheur » ; il faut classe, minutes, heures, personnes, ifn, ouvert ou agir."},
		{"a code without its type", "/api/v1/gaps?territoire=200000001", 400, "Le paramètre « territoire » vaut « 200000001 » ; " + ref},
		{"a territoire from elsewhere", "/api/v1/gaps?territoire=epci:999999999", 404, "Le territoire « epci:999999999 » n'existe pas dans cette édition."},
		{"a territoire from elsewhere, of zones", "/api/v1/zones-blanches?territoire=commune:75056", 404, "Le territoire « commune:75056 » n'existe pas dans cette édition."},
		{"a territoire from elsewhere, in the path", "/api/v1/territoires/commune:75056", 404, "Le territoire « commune:75056 » n'existe pas dans cette édition."},
		{"a path without a type", "/api/v1/territoires/02001", 400, "L'adresse nomme « 02001 » ; " + ref},
		{"a misspelt name", "/api/v1/zones-blanches?cutof=5", 400, "Le paramètre « cutof » n'existe pas ici ; paramètres acceptés : service, mode, cutoff, min_hours, rendez_vous, territoire."},
		{"a name where none is accepted", "/api/v1/edition?x=1", 400, "Le paramètre « x » n'existe pas ici ; cette adresse n'en accepte aucun."},
		{"settings accept none either", "/api/v1/config?x=1", 400, "Le paramètre « x » n'existe pas ici ; cette adresse n'en accepte aucun."},
		{"given twice", "/api/v1/gaps?cutoff=5&cutoff=6", 400, "Le paramètre « cutoff » est donné 2 fois ; il faut une seule valeur."},
		{"a broken escape", "/api/v1/gaps?mode=%zz", 400, "Les paramètres de l'adresse sont mal écrits ; attendu nom=valeur, séparés par &."},
		{"control characters and length are not echoed", "/api/v1/gaps?mode=%00" + strings.Repeat("a", 80), 400,
			"Le paramètre « mode » vaut « \uFFFD" + strings.Repeat("a", 59) + "… » ; il faut " + modes},
		{"a row after the last", "/api/v1/acces/999999", 404, "La maille « 999999 » n'existe pas ; les mailles de cette édition vont de 0 à " + last + "."},
		{"a negative row", "/api/v1/acces/-1", 404, "La maille « -1 » n'existe pas ; les mailles de cette édition vont de 0 à " + last + "."},
		{"an H3 index for a row", "/api/v1/acces/891faa8a8c3ffff", 404, "La maille « 891faa8a8c3ffff » n'existe pas ; les mailles de cette édition vont de 0 à " + last + "."},
		{"unknown layer", "/tiles/nuages/10/521/349.mvt", 404, "Cette couche de tuiles n'existe pas ; les couches sont cells, zones, epci, communes, roads, lieux, lignes et arrets."},
		{"unknown layer's description", "/tiles/nuages.json", 404, "Cette couche de tuiles n'existe pas ; les couches sont cells, zones, epci, communes, roads, lieux, lignes et arrets."},
		{"absurd zoom", "/tiles/cells/99/0/0.mvt", 400, "La tuile 99/0/0 n'existe pas ; les zooms de la couche sont dans /tiles/cells.json, x et y vont de 0 à 2^z - 1."},
		{"tiles of a collection without", "/ogc/collections/secteurs/tiles/WebMercatorQuad/8/87/130", 404, "La collection « secteurs » n'a pas de tuiles."},
		{"a tile named by words", "/ogc/collections/cells/tiles/WebMercatorQuad/huit/87/130", 400, "La tuile se nomme par trois nombres, /z/x/y ; « huit » n'en est pas un."},
		{"x outside its zoom", "/tiles/cells/5/32/0.mvt", 400, "La tuile 5/32/0 n'existe pas ; les zooms de la couche sont dans /tiles/cells.json, x et y vont de 0 à 2^z - 1."},
		{"y is not a number", "/tiles/cells/5/1/y.mvt", 400, "La tuile se nomme par trois nombres, /z/x/y ; « y » n'en est pas un."},
		{"x overflows", "/tiles/cells/5/99999999999999/1.mvt", 400, "La tuile se nomme par trois nombres, /z/x/y ; « 99999999999999 » n'en est pas un."},
		{"another format of tile", "/tiles/cells/5/1/1.png", 404, problem.NotFoundSentence},
		{"a file of tiles", "/tiles/cells", 404, problem.NotFoundSentence},
		{"climbing out", "/../../etc/passwd", 404, problem.NotFoundSentence},
		{"climbing out, escaped", "/assets/%2e%2e/%2e%2e/etc/passwd", 404, problem.NotFoundSentence},
		{"the folder's marker is not a file of the map", "/.keep", 404, problem.NotFoundSentence},
		{"an unknown address of the API", "/api/v2/edition", 404, problem.NotFoundSentence},
	} {
		t.Run(row.name, func(t *testing.T) {
			checkProblem(t, s, http.MethodGet, row.target, row.status, row.detail)
		})
	}
	t.Run("ten kilobytes of parameters", func(t *testing.T) {
		checkProblem(t, s, http.MethodGet, "/api/v1/gaps?mode="+strings.Repeat("a", 10_000), 400, "L'adresse fait 10018 octets ; il en faut au plus 4096.")
	})
	t.Run("writing", func(t *testing.T) {
		checkProblem(t, s, http.MethodPost, "/api/v1/gaps", 405, "Cette adresse se lit seulement : utilisez GET ou HEAD.")
	})
}

func mustJSON(t *testing.T, v any) []byte {
	t.Helper()
	b, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// checkProblem asks and checks a refusal, which it returns.
func checkProblem(t *testing.T, s *Server, method, target string, status int, detail string) problem.Details {
	t.Helper()
	rec := do(s, method, target)
	if rec.Code != status {
		t.Fatalf("%s %s = %d %s, want %d", method, target, rec.Code, rec.Body, status)
	}
	if got := rec.Header().Get("Content-Type"); got != "application/problem+json" {
		t.Errorf("Content-Type = %q", got)
	}
	if got := rec.Header().Get("Cache-Control"); got != "no-store" {
		t.Errorf("Cache-Control = %q: a refusal must not be kept", got)
	}
	var v any
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	heldTo(t, "Problem", v)
	var p problem.Details
	if err := json.Unmarshal(rec.Body.Bytes(), &p); err != nil {
		t.Fatal(err)
	}
	if p.Detail != detail {
		t.Errorf("%s %s\n got %s\nwant %s", method, target, p.Detail, detail)
	}
	path, _, _ := strings.Cut(target, "?")
	if p.Status != status || p.Instance != path || p.ID == "" || p.Title == "" {
		t.Errorf("problem %+v", p)
	}
	head := do(s, http.MethodHead, target)
	if method == http.MethodGet && (head.Code != status || head.Body.Len() != 0) {
		t.Errorf("HEAD %s = %d with %d bytes, want %d and none", target, head.Code, head.Body.Len(), status)
	}
	return p
}

func TestValuesAreReadAsPeopleWriteThem(t *testing.T) {
	s, _ := serving(t, Options{})
	type reply struct {
		Params edition.QueryJSON `json:"params"`
	}
	for _, row := range []struct {
		name, query   string
		cutoff, hours float64
	}{
		{"the edition's defaults", "", 15, 17.5},
		{"bare numbers", "cutoff=20&min_hours=10", 20, 10},
		{"short units", "cutoff=20m&min_hours=10h", 20, 10},
		{"long unit", "cutoff=20min", 20, 17.5},
		{"decimal comma", "min_hours=" + url.QueryEscape("12,25"), 15, 12.25},
		{"spaces", "cutoff=" + url.QueryEscape(" 7,5 min "), 7.5, 17.5},
		{"both ends of the hours", "min_hours=0", 15, 0},
		{"both ends of the minutes", "cutoff=60&min_hours=168", 60, 168},
	} {
		got := getJSON[reply](t, s, "/api/v1/zones-blanches?"+row.query).Params
		if got.CutoffMin != row.cutoff || got.MinHours != row.hours {
			t.Errorf("%s: %+v, want %g min, %g h", row.name, got, row.cutoff, row.hours)
		}
	}
}

func TestModesThatTheEditionLacks(t *testing.T) {
	e := *editionAt(t, resolution)
	e.Params.Modes = []geo.Mode{geo.Walk}
	e.Access[geo.Car], e.Access[geo.Bike] = nil, nil
	s := New(Options{})
	if err := s.Publish(&e); err != nil {
		t.Fatal(err)
	}
	checkProblem(t, s, http.MethodGet, "/api/v1/gaps?mode=car", 400, "Cette édition ne calcule pas le mode « car » ; modes calculés : walk.")
	for _, sample := range samples {
		if target, _, asks := strings.Cut(sample.target, "?"); !asks {
			want := http.StatusOK
			if strings.HasPrefix(target, "/ogc/collections") && sample.doc != ogcTileDoc { // they are by car
				want = http.StatusNotFound
			}
			if rec := do(s, http.MethodGet, target); rec.Code != want {
				t.Errorf("GET %s = %d %s, want %d", target, rec.Code, rec.Body, want)
			}
		}
	}
	for _, mesure := range params.Mesures() {
		get(t, s, "/api/v1/acces?mesure="+mesure)
	}
	e.Params.Modes, e.Access[geo.Walk] = nil, nil
	if err := s.Publish(&e); err == nil {
		t.Error("an edition without any mode was published")
	}
}

func TestBeforeTheFirstEdition(t *testing.T) {
	s := New(Options{})
	const detail = "Aucune édition n'est encore chargée ; réessayez dans quelques instants."
	for _, target := range []string{"/readyz", "/api/v1/edition", "/api/v1/gaps?cutoff=0", "/tiles/cells.json", "/tiles/cells/10/521/349.mvt"} {
		checkProblem(t, s, http.MethodGet, target, 503, detail)
		rec := do(s, http.MethodGet, target)
		if rec.Header().Get("Retry-After") == "" || rec.Header().Get("X-Maillage-Edition") != "" {
			t.Errorf("GET %s: headers %v", target, rec.Header())
		}
	}
	for _, target := range []string{"/healthz", "/", "/api/v1/config", "/openapi.json", "/metrics"} {
		get(t, s, target)
	}
	if err := s.Publish(nil); err == nil {
		t.Error("Publish(nil) gave no error")
	}
	if err := s.Publish(editionAt(t, resolution)); err != nil {
		t.Fatal(err)
	}
	get(t, s, "/readyz")
}

func TestWhatGoesWrongInsideStaysInside(t *testing.T) {
	var log bytes.Buffer
	s := New(Options{Logger: slog.New(slog.NewTextHandler(&log, nil))})
	s.handler.(*echo.Echo).Match([]string{http.MethodGet, http.MethodHead}, "/boum", func(echo.Context) error { panic("secret de fabrication") })
	p := checkProblem(t, s, http.MethodGet, "/boum", 500, problem.InternalSentence)
	if body := do(s, http.MethodGet, "/boum").Body.String(); strings.Contains(body, "secret") || strings.Contains(body, ".go") {
		t.Errorf("the reply tells what is inside: %s", body)
	}
	if !strings.Contains(log.String(), p.ID) || !strings.Contains(log.String(), "secret de fabrication") {
		t.Errorf("the log does not tell of %s:\n%s", p.ID, log.String())
	}
}

func FuzzAddressesNeverFailInside(f *testing.F) {
	for _, s := range samples {
		f.Add(s.target)
	}
	for _, seed := range []string{"/tiles/cells/5/1/1.mvt?cutoff=%ff", "/api/v1/acces/%2f", "//", "/%", "/api/v1/territoires/:", "/api/v1/territoires/epci:%00"} {
		f.Add(seed)
	}
	s, _ := serving(f, Options{})
	f.Fuzz(func(t *testing.T, target string) {
		u, err := url.ParseRequestURI(target)
		if err != nil || !strings.HasPrefix(target, "/") || strings.ContainsAny(target, " \r\n") || u.Host != "" {
			t.Skip("no such request line")
		}
		if rec := do(s, http.MethodGet, target); rec.Code >= 500 {
			t.Errorf("GET %q = %d %s", target, rec.Code, rec.Body)
		}
	})
}
