package api

import (
	"encoding/json"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/api/page"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/geo/french"
)

// ancestors are the frame-ancestors of a policy.
func ancestors(t *testing.T, h http.Header) string {
	t.Helper()
	_, list, ok := strings.Cut(h.Get("Content-Security-Policy"), "frame-ancestors ")
	if !ok || strings.Contains(list, ";") || len(h.Values("Content-Security-Policy")) != 1 {
		t.Fatalf("policy %q", h.Values("Content-Security-Policy"))
	}
	return list
}

// TestWhoMayShowAnEmbed: those of the registration that it names and nobody else, at once
// on the server that was told, elsewhere once it refreshes; and without one, those of the
// configuration.
func TestWhoMayShowAnEmbed(t *testing.T) {
	d := &drawer{}
	s, _ := serving(t, Options{Desk: d, EmbedHosts: []string{"carte.exemple.fr"}})
	other, _ := serving(t, Options{Desk: d, EmbedHosts: []string{"x.fr", "*; script-src *"}})
	if err := d.PutDocument(t.Context(), desk.KindToken, desk.TokenID("mlg_vrai"), []byte(`{"name":"essai"}`)); err != nil {
		t.Fatal(err)
	}
	const address = "/api/v1/integrations"
	const body = `{"name":"Ville d'Exemple","hosts":["exemple.fr","www.exemple.fr:8443"]}`
	if rec := sendBody(s, http.MethodPost, address, body, "mlg_faux"); rec.Code != http.StatusUnauthorized {
		t.Fatalf("without a token: %d", rec.Code)
	}
	rec := sendBody(s, http.MethodPost, address, body, "mlg_vrai")
	var made desk.Integration
	if err := json.Unmarshal(rec.Body.Bytes(), &made); err != nil || rec.Code != http.StatusCreated || len(made.ID) < 20 {
		t.Fatalf("registered: %d %s", rec.Code, rec.Body)
	}
	check := func(schemaName string, data []byte) {
		t.Helper()
		var v any
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatal(err)
		}
		heldTo(t, schemaName, v)
	}
	check("Integration", rec.Body.Bytes())
	check("Integrations", sendBody(s, http.MethodGet, address, "", "mlg_vrai").Body.Bytes())

	shown := "/embed?integration=" + made.ID
	if got := ancestors(t, get(t, s, "/embed").Header()); got != "'self' carte.exemple.fr" {
		t.Errorf("without a registration: %s", got)
	}
	if got := ancestors(t, get(t, other, "/embed").Header()); got != "'self'" {
		t.Errorf("without a registration nor a configuration that holds: %s", got)
	}
	first := get(t, s, shown).Header()
	if got := ancestors(t, first); got != "'self' exemple.fr www.exemple.fr:8443" {
		t.Errorf("with a registration: %s", got)
	}
	if rec := do(other, http.MethodGet, shown); rec.Code != http.StatusNotFound || ancestors(t, rec.Header()) != "'self'" {
		t.Errorf("a registration that the server has not read yet: %d", rec.Code)
	}
	if err := other.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	get(t, other, shown)

	// Another list, another policy: what a browser holds under the first is not good any more.
	if rec := sendBody(s, http.MethodPut, address+"/"+made.ID, `{"name":"Ville","hosts":["exemple.fr"]}`, "mlg_vrai"); rec.Code != http.StatusOK {
		t.Fatalf("replaced: %d %s", rec.Code, rec.Body)
	}
	again := get(t, s, shown, "If-None-Match", first.Get("ETag"))
	if got := ancestors(t, again.Header()); got != "'self' exemple.fr" || again.Header().Get("Cache-Control") != reply.CacheRevalid {
		t.Errorf("with another list: %s, %s", got, again.Header().Get("Cache-Control"))
	}
	if rec := do(s, http.MethodGet, shown, "If-None-Match", again.Header().Get("ETag")); rec.Code != http.StatusNotModified || ancestors(t, rec.Header()) != "'self' exemple.fr" {
		t.Errorf("asked again: %d", rec.Code)
	}
	d.setShut(errors.New("no route to host")) // reads go on
	get(t, s, shown)
	if rec := sendBody(s, http.MethodDelete, address+"/"+made.ID, "", "mlg_vrai"); rec.Code != http.StatusServiceUnavailable {
		t.Errorf("deleted without the store: %d", rec.Code)
	}
	d.setShut(nil)
	if rec := sendBody(s, http.MethodDelete, address+"/"+made.ID, "", "mlg_vrai"); rec.Code != http.StatusNoContent {
		t.Errorf("deleted: %d", rec.Code)
	}
	for _, method := range []string{http.MethodDelete, http.MethodPut} {
		if rec := sendBody(s, method, address+"/"+made.ID, body, "mlg_vrai"); rec.Code != http.StatusNotFound {
			t.Errorf("%s of what is not there: %d", method, rec.Code)
		}
	}
	if rec := do(s, http.MethodGet, shown); rec.Code != http.StatusNotFound {
		t.Errorf("once it was deleted: %d", rec.Code)
	}
	for _, bad := range []string{"", "{", `{"name":"x"}`, `{"name":"","hosts":["a.fr"]}`, `{"name":"x","hosts":["*.a.fr"]}`, `{"name":"x","hosts":["a.fr"],"token":"y"}`,
		body + body, `{"name":"` + strings.Repeat("x", 201) + `","hosts":["a.fr"]}`} {
		if rec := sendBody(s, http.MethodPost, address, bad, "mlg_vrai"); rec.Code != http.StatusBadRequest || !strings.Contains(rec.Body.String(), "refusée") {
			t.Errorf("%q: %d %s", bad, rec.Code, rec.Body)
		}
	}
}

// TestEmbedsAreCountedBySite, when the site is one that may show them; the server's own
// pages are none.
func TestEmbedsAreCountedBySite(t *testing.T) {
	d := &drawer{}
	s, _ := serving(t, Options{Desk: d, EmbedHosts: []string{"exemple.fr"}})
	for _, from := range []string{"https://exemple.fr/", "https://Exemple.fr/page?q=1", "https://mauvais-exemple.fr/", "", "http://example.com/integrer", "%"} {
		get(t, s, "/embed", "Referer", from)
	}
	if err := s.Refresh(t.Context()); err != nil { // writes them down
		t.Fatal(err)
	}
	got := map[string]int64{}
	for v, n := range d.visits {
		got[v.Page] += n
	}
	if diff := cmp.Diff(map[string]int64{"integration:exemple.fr": 2, "integration": 3}, got); diff != "" {
		t.Errorf("-want +got:\n%s", diff)
	}
}

// TestEmbedsSayTheirFigures before any script, and give the way to the table.
func TestEmbedsSayTheirFigures(t *testing.T) {
	s, _ := serving(t, Options{BasePath: "/carte"})
	whole := getJSON[data.TerritoireJSON](t, s, "/carte/api/v1/territoires/commune:02001?mode=walk&cutoff=5")
	for couche, want := range map[string]string{"zones-blanches": "<td>" + french.Count(whole.Classes.Blanche) + "</td>", "temps": "5 à 10 min", "heures": "aucun lieu à 5 min", "fragilite": "Habitants selon l&#39;indice de leur commune"} {
		body := get(t, s, "/carte/embed?territoire=commune:02001&mode=walk&cutoff=5&couche="+couche).Body.String()
		wellFormed(t, body)
		for _, want := range []string{want, "<h1>Arcy</h1>", `href="/carte/territoires/commune:02001?cutoff=5&amp;mode=walk"`, "Données modélisées",
			`type="application/json+oembed" href="http://example.com/carte/oembed?url=`} {
			if !strings.Contains(body, want) {
				t.Errorf("%s: the page does not say %q", couche, want)
			}
		}
		for _, never := range []string{"style=", "<script>", "NaN", "%!", "Set-Cookie"} {
			if strings.Contains(body, never) {
				t.Errorf("%s: the page has %q", couche, never)
			}
		}
	}
	for target, want := range map[string]int{"/carte/embed?territoire=epci:0": http.StatusNotFound, "/carte/embed?couche=rien": http.StatusBadRequest,
		"/carte/embed?integration=jamais": http.StatusNotFound, "/carte/embed?autre=1": http.StatusBadRequest} {
		if rec := do(s, http.MethodGet, target); rec.Code != want {
			t.Errorf("GET %s = %d, want %d", target, rec.Code, want)
		}
	}
}

func TestOEmbedShowsThisServerOnly(t *testing.T) {
	s, _ := serving(t, Options{BasePath: "/carte"})
	ask := func(of, more string) string { return "/carte/oembed?url=" + url.QueryEscape(of) + more }
	got := getJSON[page.OembedJSON](t, s, ask("https://example.com/carte/embed?territoire=commune:02001&couche=temps", "&maxheight=300&maxwidth=9999"))
	if got.Width != page.FrameWidth || got.Height != 300 || !strings.Contains(got.HTML, `title="Aide au numérique : Arcy"`) ||
		!strings.Contains(got.HTML, `src="http://example.com/carte/embed?couche=temps&amp;territoire=commune%3A02001"`) {
		t.Errorf("%+v", got)
	}
	for target, want := range map[string]int{
		ask("https://ailleurs.example/carte/territoires/commune:02001", ""): http.StatusNotFound,
		ask("https://example.com.ailleurs.example/carte/embed", ""):         http.StatusNotFound,
		ask("https://example.com/embed", ""):                                http.StatusNotFound,
		ask("javascript://example.com/carte/embed", ""):                     http.StatusNotFound,
		ask("https://example.com/carte/territoires/commune:99999", ""):      http.StatusNotFound,
		ask("https://example.com/carte/embed?integration=jamais", ""):       http.StatusNotFound,
		ask("https://example.com/carte/embed?couche=rien", ""):              http.StatusBadRequest,
		ask("https://example.com/carte/embed", "&format=xml"):               http.StatusBadRequest,
		ask("https://example.com/carte/embed", "&format=csv"):               http.StatusBadRequest,
		"/carte/oembed": http.StatusNotFound,
	} {
		if rec := do(s, http.MethodGet, target); rec.Code != want {
			t.Errorf("GET %s = %d, want %d", target, rec.Code, want)
		}
	}
}

// TestTheGeneratorWritesWhatToPaste, escaped, and says who may show it.
func TestTheGeneratorWritesWhatToPaste(t *testing.T) {
	s, _ := serving(t, Options{EmbedHosts: []string{"exemple.fr"}})
	body := get(t, s, "/integrer?territoire=epci:200000001&couche=heures&service=tous&mode=walk&cutoff=12,5&min_hours=10&integration=").Body.String()
	wellFormed(t, body)
	for _, want := range []string{"&lt;maillage-carte territoire=&#34;epci:200000001&#34; couche=&#34;heures&#34; mode=&#34;walk&#34; cutoff=&#34;12.5&#34; min_hours=&#34;10&#34;",
		"title=&#34;Aide au numérique : CC d&amp;#39;Arcy et Brécy&#34;", "&lt;script src=&#34;http://example.com/embed.js&#34; async&gt;", `<option value="walk" selected>`,
		"<strong>exemple.fr</strong>", `src="/embed?couche=heures&amp;cutoff=12.5`} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if body := get(t, s, "/integrer?integration=jamais").Body.String(); !strings.Contains(body, "ne connaît pas l'intégration « jamais »") || strings.Contains(body, `src="/embed?couche=zones-blanches&amp;integration`) {
		t.Error("a registration that is not there is not told of")
	}
	access := get(t, s, "/accessibilite")
	wellFormed(t, access.Body.String())
	for _, want := range []string{"non conforme", "aucun audit", "lecteur d'écran"} {
		if !strings.Contains(access.Body.String(), want) {
			t.Errorf("the declaration does not say %q", want)
		}
	}
}

func TestReadAssets(t *testing.T) {
	file := func(text string) fstest.MapFS { return fstest.MapFS{page.EmbedManifest: {Data: []byte(text)}} }
	got, err := page.ReadAssets(file(`{"src/embed/frame.ts":{"file":"assets/embed-1.js","imports":["_a.js"]},"_a.js":{"file":"assets/a-2.js"}}`))
	if err != nil || got.Script != "assets/embed-1.js" || !slices.Equal(got.Preload, []string{"assets/a-2.js"}) {
		t.Errorf("%+v, %v", got, err)
	}
	for _, bad := range []fstest.MapFS{{}, file("{"), file(`{"src/main.ts":{"file":"x"}}`)} {
		if _, err := page.ReadAssets(bad); err == nil {
			t.Errorf("%v: no error", bad)
		}
	}
	if got, err := page.ReadAssets(nil); err != nil || got.Script != "" {
		t.Errorf("not built: %+v, %v", got, err)
	}
}
