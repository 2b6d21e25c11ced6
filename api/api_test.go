package api

import (
	"bytes"
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
)

// samples are requests that the world answers, by the path that describes them.
var samples = []struct{ name, doc, target string }{
	{"what the map starts with", "/api/v1/edition", "/api/v1/edition"},
	{"the history", "/api/v1/editions", "/api/v1/editions"},
	{"settings", "/api/v1/config", "/api/v1/config"},
	{"EPCI by default", "/api/v1/territoires", "/api/v1/territoires"},
	{"communes carry their EPCI", "/api/v1/territoires", "/api/v1/territoires?type=commune"},
	{"an EPCI", "/api/v1/territoires/{type}:{code}", "/api/v1/territoires/epci:200000001"},
	{"a commune, colon escaped, nobody reaches a lieu", "/api/v1/territoires/{type}:{code}", "/api/v1/territoires/commune%3A02003"},
	{"a secteur at other thresholds", "/api/v1/territoires/{type}:{code}", "/api/v1/territoires/secteur:levant?cutoff=5&min_hours=40"},
	{"the outline of a secteur", "/api/v1/territoires/{type}:{code}/contour", "/api/v1/territoires/secteur:levant/contour"},
	{"the outline of an EPCI", "/api/v1/territoires/{type}:{code}/contour", "/api/v1/territoires/epci:200000001/contour"},
	{"gaps of communes", "/api/v1/gaps", "/api/v1/gaps"},
	{"gaps inside an EPCI, on foot", "/api/v1/gaps", "/api/v1/gaps?level=commune&territoire=epci:200000001&mode=walk&cutoff=20"},
	{"gaps of secteurs for one service", "/api/v1/gaps", "/api/v1/gaps?level=secteur&service=acces-internet"},
	{"no territoire of the level inside", "/api/v1/gaps", "/api/v1/gaps?level=secteur&territoire=epci:200000001"},
	{"gaps by bus", "/api/v1/gaps", "/api/v1/gaps?mode=transit"},
	{"zones by bus", "/api/v1/zones-blanches", "/api/v1/zones-blanches?mode=transit&cutoff=30"},
	{"a cell by bus at a moment", "/api/v1/acces/{row}", "/api/v1/acces/40?mode=transit&moment=2T10:00"},
	{"a moment by bus", "/api/v1/moment", "/api/v1/moment?mode=transit"},
	{"zones by car", "/api/v1/zones-blanches", "/api/v1/zones-blanches"},
	{"zones on foot", "/api/v1/zones-blanches", "/api/v1/zones-blanches?mode=walk&cutoff=10"},
	{"zones of a commune", "/api/v1/zones-blanches", "/api/v1/zones-blanches?mode=walk&cutoff=10&territoire=commune:02002"},
	{"lieux", "/api/v1/lieux", "/api/v1/lieux"},
	{"lieux of a commune", "/api/v1/lieux", "/api/v1/lieux?territoire=commune:02002"},
	{"whom a lieu serves", "/api/v1/lieux/{id}", "/api/v1/lieux/mediatheque?mode=walk&cutoff=20"},
	{"hours of a lieu that suit the buses", "/api/v1/lieux/{id}/horaires", "/api/v1/lieux/mediatheque/horaires?min_hours=1&limit=2"},
	{"column of classes", "/api/v1/acces", "/api/v1/acces"},
	{"column of minutes", "/api/v1/acces", "/api/v1/acces?mesure=minutes&mode=walk"},
	{"column of hours", "/api/v1/acces", "/api/v1/acces?mesure=heures&cutoff=10m"},
	{"column of people", "/api/v1/acces", "/api/v1/acces?mesure=personnes"},
	{"column of the index", "/api/v1/acces", "/api/v1/acces?mesure=ifn"},
	{"the coarsest cell", "/api/v1/acces/{row}", "/api/v1/acces/0"},
	{"a cell at a moment", "/api/v1/acces/{row}", "/api/v1/acces/40?moment=2T10:00"},
	{"a fine cell on foot", "/api/v1/acces/{row}", "/api/v1/acces/40?mode=walk&cutoff=3"},
	{"how people of a cell travel by bus", "/api/v1/acces/{row}/trajets", "/api/v1/acces/0/trajets?cutoff=60"},
	{"who comes to a lieu by bus", "/api/v1/lieux/{id}", "/api/v1/lieux/mairie?mode=transit&cutoff=60"},
	{"what buses add", "/api/v1/gaps", "/api/v1/gaps?mode=transit&level=epci"},
	{"index of communes", "/api/v1/ifn", "/api/v1/ifn"},
	{"gains", "/api/v1/gains", "/api/v1/gains?limit=3&mode=walk&cutoff=5&services=aide-demarches"},
	{"indicators", "/api/v1/indicateurs", "/api/v1/indicateurs"},
	{"jobs", "/api/v1/travaux", "/api/v1/travaux"},
	{"index of EPCI", "/api/v1/ifn", "/api/v1/ifn?level=epci"},
	{"points of communes", "/api/v1/ifn/points", "/api/v1/ifn/points"},
	{"points of EPCI", "/api/v1/ifn/points", "/api/v1/ifn/points?level=epci"},
	{"what the index of EPCI lacks", "/api/v1/ifn/completude", "/api/v1/ifn/completude?level=epci&weights=fibre:0"},
	{"index of one commune, by other means", "/api/v1/ifn", "/api/v1/ifn?territoire=commune:02001&method=minmax&weights=publics:2,fibre:0"},
	{"a layer with a question", "/tiles/{layer}.json", "/tiles/zones.json?cutoff=20&mode=walk"},
	{"a tile of a collection", ogcTileDoc, "/ogc/collections/cells/tiles/WebMercatorQuad/10/349/521"},
	{"a tile", "/tiles/{layer}/{z}/{x}/{y}.mvt", "/tiles/cells/10/521/349.mvt"},
	{"a frame for a page", "/oembed", "/oembed?url=http%3A%2F%2Fexample.com%2Fterritoires%2Fepci%3A200000001%3Fmode%3Dwalk&maxwidth=400&format=json&dnt=1"},
	{"this document", "/openapi.json", "/openapi.json"},
	{"landing page", "/ogc", "/ogc"},
	{"classes of conformance", "/ogc/conformance", "/ogc/conformance"},
	{"collections", "/ogc/collections", "/ogc/collections"},
	{"a collection", "/ogc/collections/{collection}", "/ogc/collections/lieux"},
	{"what filters may name", "/ogc/collections/{collection}/queryables", "/ogc/collections/lieux/queryables"},
	{"features", "/ogc/collections/{collection}/items", "/ogc/collections/cells/items?limit=50"},
	{"a feature", "/ogc/collections/{collection}/items/{feature}", "/ogc/collections/communes/items/02001"},
	{"sets of tiles", "/ogc/collections/{collection}/tiles", "/ogc/collections/communes/tiles"},
	{"a set of tiles", "/ogc/collections/{collection}/tiles/WebMercatorQuad", "/ogc/collections/communes/tiles/WebMercatorQuad"},
	{"tilings", "/ogc/tileMatrixSets", "/ogc/tileMatrixSets"},
	{"a tiling", "/ogc/tileMatrixSets/WebMercatorQuad", "/ogc/tileMatrixSets/WebMercatorQuad"},
}

// described checks a reply against what /openapi.json says of its status, and gives what its
// JSON holds: nil for another media type.
func (d *spec) described(t *testing.T, doc string, rec *httptest.ResponseRecorder) any {
	t.Helper()
	said := theContract(t).Paths.Value(doc).Get.Responses.Value(strconv.Itoa(rec.Code))
	if said == nil {
		t.Errorf("%s: status %d is not described", doc, rec.Code)
		return nil
	}
	content := said.Value.Content
	if len(content) == 0 && rec.Body.Len() == 0 {
		return nil
	}
	contentType := rec.Header().Get("Content-Type")
	bare, _, _ := strings.Cut(contentType, ";")
	of, ok := content[contentType]
	if !ok {
		of, ok = content[bare]
	}
	if !ok {
		t.Errorf("%s: Content-Type %q of %d is not described", doc, contentType, rec.Code)
		return nil
	}
	if !strings.HasSuffix(bare, "json") {
		return nil
	}
	var v any
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		t.Errorf("%s: %v", doc, err)
		return nil
	}
	for _, w := range departures(of.Schema.Value, v) {
		t.Errorf("%s: %s", doc, w)
	}
	return v
}

func TestRepliesAreAsDescribed(t *testing.T) {
	s, e := serving(t, Options{Basemap: "https://fond.example/{z}/{x}/{y}.png"})
	d := described(t)
	for _, sample := range samples {
		t.Run(sample.name, func(t *testing.T) {
			rec := get(t, s, sample.target)
			if got := rec.Header().Get("X-Maillage-Edition"); got != e.ID {
				t.Errorf("X-Maillage-Edition = %q, want %q", got, e.ID)
			}
			v := d.described(t, sample.doc, rec)
			if v == nil {
				return
			}
			if id, ok := v.(map[string]any)["edition"]; ok && id != e.ID {
				t.Errorf("edition = %v, want %s", id, e.ID)
			}
			if bytes.Contains(rec.Body.Bytes(), []byte(":null")) && sample.doc != "/openapi.json" && sample.doc != "/api/v1/edition" && !strings.HasPrefix(sample.doc, "/ogc") {
				t.Errorf("unknown is absent, not null: %s", rec.Body)
			}
		})
	}
}

func TestRepliesAreCacheable(t *testing.T) {
	s, _ := serving(t, Options{})
	for _, sample := range samples {
		t.Run(sample.name, func(t *testing.T) {
			plain := get(t, s, sample.target)
			body, tag := plain.Body.Bytes(), plain.Header().Get("ETag")
			if got := plain.Header().Get("Content-Encoding"); got != "" {
				t.Errorf("Content-Encoding = %q without being asked for", got)
			}
			if len(tag) < 10 || tag[0] != '"' {
				t.Fatalf("ETag = %q, want a strong tag", tag)
			}
			want := "public, max-age=60, stale-while-revalidate=600"
			if sample.doc == "/api/v1/travaux" {
				want = "no-cache" // they move by the second
			}
			if got := plain.Header().Get("Cache-Control"); got != want {
				t.Errorf("Cache-Control = %q, want %q", got, want)
			}
			wantVary := []string{"Accept-Encoding"}
			if strings.HasPrefix(sample.doc, "/ogc") && sample.doc != ogcTileDoc { // tiles have one form
				wantVary = []string{"Accept", "Accept-Encoding"}
			}
			if got := plain.Header()["Vary"]; !slices.Equal(got, wantVary) {
				t.Errorf("Vary = %q, want %q", got, wantVary)
			}
			if got, want := plain.Header().Get("Content-Length"), strconv.Itoa(len(body)); got != want {
				t.Errorf("Content-Length = %s, want %s", got, want)
			}

			again := get(t, s, sample.target)
			if !bytes.Equal(again.Body.Bytes(), body) || again.Header().Get("ETag") != tag {
				t.Error("the same request gave another reply")
			}

			zipped := get(t, s, sample.target, "Accept-Encoding", "gzip, br")
			if zipped.Header().Get("Content-Encoding") == "gzip" {
				if zipped.Header().Get("ETag") == tag {
					t.Error("other bytes under the same strong tag")
				}
				if !bytes.Equal(gunzip(t, zipped.Body), body) {
					t.Error("the compressed body holds something else")
				}
			} else if len(body) >= 4096 {
				t.Errorf("%d bytes were not compressed", len(body))
			}

			for name, condition := range map[string]string{"exact": tag, "weak, in a list": `"other", W/` + tag, "any": "*",
				"the compressed one": zipped.Header().Get("ETag")} {
				rec := do(s, http.MethodGet, sample.target, "If-None-Match", condition)
				if rec.Code != http.StatusNotModified || rec.Body.Len() != 0 {
					t.Errorf("If-None-Match %s (%s) = %d with %d bytes, want 304 and none", condition, name, rec.Code, rec.Body.Len())
				}
				if got := rec.Header().Get("ETag"); condition != "*" && !strings.Contains(condition, got) {
					t.Errorf("304 with ETag %s for %s", got, condition)
				}
				if got := rec.Header().Get("Cache-Control"); got == "" {
					t.Error("304 without Cache-Control")
				}
			}
			if rec := do(s, http.MethodGet, sample.target, "If-None-Match", `"other"`); rec.Code != http.StatusOK {
				t.Errorf("If-None-Match of another tag = %d, want 200", rec.Code)
			}

			head := do(s, http.MethodHead, sample.target)
			if head.Code != http.StatusOK || head.Body.Len() != 0 {
				t.Errorf("HEAD = %d with %d bytes, want 200 and none", head.Code, head.Body.Len())
			}
			for _, name := range []string{"ETag", "Content-Length", "Content-Type", "Cache-Control", "X-Maillage-Edition"} {
				if got, want := head.Header().Get(name), plain.Header().Get(name); got != want {
					t.Errorf("HEAD %s = %q, GET has %q", name, got, want)
				}
			}
		})
	}
}

func TestPagesOfAnyOriginMayReadData(t *testing.T) {
	s, _ := serving(t, Options{})
	for target, want := range map[string]string{"/api/v1/edition": "*", "/tiles/cells.json": "*", "/api/v1/gaps?cutoff=0": "*",
		"/openapi.json": "*", "/": "", "/readyz": "", "/metrics": ""} {
		if got := do(s, http.MethodGet, target, "Origin", "https://ailleurs.example").Header().Get("Access-Control-Allow-Origin"); got != want {
			t.Errorf("GET %s: Access-Control-Allow-Origin = %q, want %q", target, got, want)
		}
	}
	rec := do(s, http.MethodOptions, "/api/v1/gaps", "Origin", "https://ailleurs.example", "Access-Control-Request-Method", "GET")
	if got := rec.Header().Get("Access-Control-Allow-Methods"); rec.Code != http.StatusNoContent || got != "GET, HEAD, OPTIONS" {
		t.Errorf("preflight = %d, methods %q", rec.Code, got)
	}
}

func TestSecurityHeaders(t *testing.T) {
	const rest = "default-src 'self'; worker-src 'self' blob:; img-src 'self' data: blob:%; connect-src 'self'%; " +
		"style-src 'self'; script-src 'self'; object-src 'none'; base-uri 'self'; frame-ancestors 'self'"
	for _, row := range []struct{ name, basemap, origin string }{
		{"no background map", "", ""},
		{"a raster background map", "https://fond.example:8443/tuiles/{z}/{x}/{y}.png?cle=1", " https://fond.example:8443"},
		{"subdomains", "https://{s}.fond.example/{z}/{x}/{y}.png", " https://*.fond.example"},
		{"not an address", "fond.example", ""},
		{"an address that would add a directive", "https://a;script-src *", ""},
		{"a script", "javascript:alert(1)", ""},
	} {
		s := New(Options{Basemap: row.basemap})
		want := strings.ReplaceAll(rest, "%", row.origin)
		for _, target := range []string{"/", "/nulle-part", "/api/v1/edition"} {
			h := do(s, http.MethodGet, target).Header()
			if got := h.Get("Content-Security-Policy"); got != want {
				t.Errorf("%s: GET %s: policy %q, want %q", row.name, target, got, want)
			}
			if h.Get("X-Content-Type-Options") != "nosniff" || h.Get("Referrer-Policy") == "" {
				t.Errorf("%s: GET %s lacks a security header", row.name, target)
			}
		}
		config := getJSON[configJSON](t, s, "/api/v1/config")
		if (config.Basemap != "") != (row.origin != "") {
			t.Errorf("%s: config gives basemap %q", row.name, config.Basemap)
		}
	}
}

func TestServedBelowAPath(t *testing.T) {
	s, _ := serving(t, Options{BasePath: "carte/aisne/"})
	for _, target := range []string{"/carte/aisne/", "/carte/aisne/api/v1/edition", "/carte/aisne/healthz"} {
		get(t, s, target)
	}
	for _, target := range []string{"/", "/api/v1/edition", "/carte/aisneapi/v1/edition"} {
		if rec := do(s, http.MethodGet, target); rec.Code != http.StatusNotFound {
			t.Errorf("GET %s = %d, want 404", target, rec.Code)
		}
	}
	if rec := do(s, http.MethodGet, "/carte/aisne"); rec.Code != http.StatusMovedPermanently || rec.Header().Get("Location") != "/carte/aisne/" {
		t.Errorf("GET /carte/aisne = %d to %q", rec.Code, rec.Header().Get("Location"))
	}
	doc := getJSON[struct{ Tiles []string }](t, s, "http://maillage.example/carte/aisne/tiles/zones.json?mode=walk&cutoff=20m")
	const want = "http://maillage.example/carte/aisne/tiles/zones/{z}/{x}/{y}.mvt?cutoff=20m&mode=walk"
	if len(doc.Tiles) != 1 || doc.Tiles[0] != want {
		t.Errorf("tiles = %q, want %q", doc.Tiles, want)
	}
}

func TestEditionsListsWhatIsKnown(t *testing.T) {
	type reply struct{ Editions []data.EditionOfList }
	s, e := serving(t, Options{})
	other := editionAt(t, resolution-1)
	if err := s.Publish(other); err != nil {
		t.Fatal(err)
	}
	got := getJSON[reply](t, s, "/api/v1/editions").Editions
	if len(got) != 2 || got[0].ID != other.ID || !got[0].Current || got[1].ID != e.ID || got[1].Current {
		t.Errorf("editions = %+v, want %s (current), %s", got, other.ID, e.ID)
	}

	s = New(Options{Desk: &drawer{editions: []desk.EditionInfo{{ID: "ancienne", Created: "2024-01-01T00:00:00Z"}}}})
	if err := s.Publish(e); err != nil {
		t.Fatal(err)
	}
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	got = getJSON[reply](t, s, "/api/v1/editions").Editions
	if len(got) != 2 || got[0].ID != e.ID || !got[0].Current || got[1].ID != "ancienne" || got[1].Created == "" || got[1].Current {
		t.Errorf("editions with a history = %+v", got)
	}
}

func TestMetrics(t *testing.T) {
	s, e := serving(t, Options{Version: "1.2.3"})
	get(t, s, "/api/v1/gaps?cutoff=7")
	get(t, s, "/tiles/cells/10/521/349.mvt")
	do(s, "BREW", "/api/v1/gaps")
	do(s, http.MethodGet, "/nulle-part")
	body := get(t, s, "/metrics").Body.String()
	for _, want := range []string{
		`maillage_http_request_duration_seconds_count{code="200",method="GET",route="/api/v1/gaps"} 1`,
		`maillage_http_request_duration_seconds_count{code="405",method="other",route=`,
		`maillage_http_request_duration_seconds_count{code="404",method="GET",route="/"} 1`,
		`maillage_tiles_total{layer="cells",outcome="full"} 1`,
		`maillage_edition_info{edition="` + e.ID + `",program="maillage/`,
		`maillage_build_info{version="1.2.3"} 1`,
	} {
		if !strings.Contains(body, want) {
			t.Errorf("/metrics lacks %s", want)
		}
	}
}
