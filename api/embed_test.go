package api

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
)

// withDesk serves with a desk that knows one token.
func withDesk(t *testing.T) (*Server, *drawer) {
	t.Helper()
	d := &drawer{}
	if err := d.PutDocument(t.Context(), KindToken, TokenID("sésame"), []byte(`{}`)); err != nil {
		t.Fatal(err)
	}
	s, _ := serving(t, Options{Desk: d})
	if err := s.Refresh(t.Context()); err != nil {
		t.Fatal(err)
	}
	return s, d
}

func send1(s *Server, method, target, token, body string) *httptest.ResponseRecorder {
	request := httptest.NewRequest(method, target, strings.NewReader(body))
	request.Header.Set("Authorization", "Bearer "+token)
	if strings.HasPrefix(target, "/integrer") {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	rec := httptest.NewRecorder()
	s.handler.ServeHTTP(rec, request)
	return rec
}

func ancestors(t *testing.T, s *Server, key string) string {
	t.Helper()
	policy := get(t, s, "/embed?cle="+key).Header().Get("Content-Security-Policy")
	_, list, found := strings.Cut(policy, "frame-ancestors ")
	if !found || strings.Contains(list, ";") {
		t.Fatalf("policy %q", policy)
	}
	return list
}

// TestOnlySitesOfAKeyMayFrame: exact hosts, for as long as the key is there, also while the
// store is down; and nothing that adds to the policy.
func TestOnlySitesOfAKeyMayFrame(t *testing.T) {
	s, d := withDesk(t)
	if got := ancestors(t, s, ""); got != "'self'" {
		t.Errorf("without a key: %s", got)
	}
	if rec := send1(s, http.MethodPost, "/api/v1/integrations", "faux", `{"nom":"x","sites":["a.fr"]}`); rec.Code != http.StatusUnauthorized {
		t.Errorf("an unknown token: %d", rec.Code)
	}
	rec := send1(s, http.MethodPost, "/api/v1/integrations", "sésame", `{"nom":"Agglo","sites":["https://WWW.Agglo.fr/carte","agglo.fr","localhost:8000"]}`)
	var made integration
	if err := json.Unmarshal(rec.Body.Bytes(), &made); err != nil || rec.Code != http.StatusCreated {
		t.Fatalf("%d %s", rec.Code, rec.Body)
	}
	if got := ancestors(t, s, made.ID); got != "'self' www.agglo.fr agglo.fr localhost:8000" {
		t.Errorf("with the key: %s", got)
	}
	d.setShut(http.ErrServerClosed)
	if got := ancestors(t, s, made.ID); !strings.Contains(got, "www.agglo.fr") {
		t.Errorf("while the store is down: %s", got)
	}
	d.setShut(nil)
	if rec := send1(s, http.MethodPut, "/api/v1/integrations/"+made.ID, "sésame", `{"nom":"Agglo","sites":["autre.fr"]}`); rec.Code != http.StatusOK || ancestors(t, s, made.ID) != "'self' autre.fr" {
		t.Errorf("changed: %d, %s", rec.Code, ancestors(t, s, made.ID))
	}
	if rec := send1(s, http.MethodGet, "/api/v1/integrations", "sésame", ""); !strings.Contains(rec.Body.String(), `"autre.fr"`) {
		t.Errorf("list: %s", rec.Body)
	}
	if rec := send1(s, http.MethodDelete, "/api/v1/integrations/"+made.ID, "sésame", ""); rec.Code != http.StatusNoContent || ancestors(t, s, made.ID) != "'self'" {
		t.Errorf("deleted: %d, %s", rec.Code, ancestors(t, s, made.ID))
	}
	for _, site := range []string{"*.agglo.fr", "*", "agglo.fr;script-src *", "agglo.fr evil.fr", "agglo_fr", "https:", "'self'", "agglo.fr/chemin", "-a.fr", "é.fr", ""} {
		body, err := json.Marshal(integration{Nom: "x", Sites: []string{site}})
		if err != nil {
			t.Fatal(err)
		}
		if rec := send1(s, http.MethodPost, "/api/v1/integrations", "sésame", string(body)); rec.Code != http.StatusBadRequest {
			t.Errorf("site %q: %d", site, rec.Code)
		}
	}
}

// TestTheGeneratorGivesAKeyWithoutScript, says what is wrong, and writes what to paste.
func TestTheGeneratorGivesAKeyWithoutScript(t *testing.T) {
	s, _ := withDesk(t)
	wrong := send1(s, http.MethodPost, "/integrer", "", url.Values{"nom": {"x"}, "sites": {"a.fr"}, "jeton": {"faux"}, "couche": {"lieux"}}.Encode())
	if wrong.Code != http.StatusUnauthorized || !strings.Contains(wrong.Body.String(), "n&#39;est pas connu") {
		t.Errorf("wrong token: %d %.300s", wrong.Code, wrong.Body)
	}
	made := send1(s, http.MethodPost, "/integrer", "", url.Values{"nom": {"x"}, "sites": {"a.fr\nb.fr"}, "jeton": {"sésame"}, "couche": {"lieux"}, "territoire": {"epci:200000001"}}.Encode())
	location, _, _ := strings.Cut(made.Header().Get("Location"), "#")
	if made.Code != http.StatusSeeOther || !strings.Contains(location, "cle=") {
		t.Fatalf("%d to %q", made.Code, location)
	}
	page := get(t, s, location).Body.String()
	wellFormed(t, page)
	for _, want := range []string{"<strong>a.fr</strong>", "<strong>b.fr</strong>", "territoire=&#34;epci:200000001&#34;", "couche=&#34;lieux&#34;", "/embed.js"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// TestEmbeds show every couche of every territoire, and oEmbed describes them.
func TestEmbeds(t *testing.T) {
	s, e := serving(t, Options{})
	for _, couche := range couches {
		for _, ref := range []string{"", "epci:200000001", "commune:" + e.Division.Communes[0].Code} {
			values := url.Values{"couche": {couche.name}}
			if ref != "" {
				values.Set("territoire", ref)
			}
			body := get(t, s, "/embed?"+values.Encode()).Body.String()
			wellFormed(t, body)
			if !strings.Contains(body, "<svg") || !strings.Contains(body, "/territoires/") || strings.Contains(body, "style=") {
				t.Errorf("%v: %.500s", values, body)
			}
			got := getJSON[struct {
				Type, HTML    string
				Width, Height int
			}](t, s, "/oembed?maxwidth=400&url="+url.QueryEscape("http://example.com/embed?"+values.Encode()))
			if got.Type != "rich" || got.Width != 400 || !strings.Contains(got.HTML, "title=") || !strings.Contains(got.HTML, "/embed?") {
				t.Errorf("oEmbed of %v: %+v", values, got)
			}
		}
	}
	for target, want := range map[string]int{
		"/embed?couche=rien": 400, "/embed?territoire=epci:1": 404, "/embed?cle=%3B": 400, "/embed?x=1": 400,
		"/oembed": 404, "/oembed?url=http://evil-example.com/embed?": 404, "/oembed?url=http://example.com.evil.fr/territoires/epci:200000001": 404,
		"/oembed?url=http://example.com/territoires/epci:200000001&format=xml": 400, "/oembed?url=http://example.com/territoires/epci:200000001&maxwidth=x": 400, "/integrer?couche=x": 400,
	} {
		if rec := do(s, http.MethodGet, target); rec.Code != want {
			t.Errorf("%s: %d, want %d", target, rec.Code, want)
		}
	}
	if body := get(t, s, "/territoires/epci:200000001").Body.String(); !strings.Contains(body, "application/json+oembed") {
		t.Error("the page of a territoire does not lead to oEmbed")
	}
	wellFormed(t, get(t, s, "/accessibilite").Body.String())
}
