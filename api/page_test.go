package api

import (
	"encoding/xml"
	"errors"
	"io"
	"net/http"
	"regexp"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/data"
	"github.com/aisne-numerique/maillage/api/desk"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/french"
)

// wellFormed reads a page as XML, which catches what is not closed or not escaped: the
// pages are written so that they can be.
func wellFormed(t *testing.T, body string) {
	t.Helper()
	d := xml.NewDecoder(strings.NewReader(body))
	d.Strict, d.AutoClose, d.Entity = false, xml.HTMLAutoClose, xml.HTMLEntity
	for {
		_, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Errorf("the page is not well formed: %v", err)
			return
		}
	}
}

// TestPagesOfTerritoires: every territoire has one, without script, style or what the
// content security policy refuses, that says what the API says.
func TestPagesOfTerritoires(t *testing.T) {
	s, e := serving(t, Options{})
	for _, level := range []admin.Type{admin.TypeCommune, admin.TypeEPCI, admin.TypeSecteur, admin.TypeDepartement} {
		for _, territoire := range e.Division.Territoires(level) {
			rec := get(t, s, "/territoires/"+territoire.Ref.String()+"?mode=walk&cutoff=5")
			body := rec.Body.String()
			wellFormed(t, body)
			for _, want := range []string{"<h1>", "Zones blanches", "Données modélisées", e.ID} {
				if !strings.Contains(body, want) {
					t.Errorf("%s: the page does not say %q", territoire.Ref, want)
				}
			}
			for _, never := range []string{"<script", "style=", "onclick", "NaN", "%!"} {
				if strings.Contains(body, never) {
					t.Errorf("%s: the page has %q", territoire.Ref, never)
				}
			}
			whole := getJSON[data.TerritoireJSON](t, s, "/api/v1/territoires/"+territoire.Ref.String()+"?mode=walk&cutoff=5")
			if want := "<td>" + french.Count(whole.Classes.Blanche) + "</td>"; !strings.Contains(body, want) {
				t.Errorf("%s: the page does not have %s people in zones blanches", territoire.Ref, french.Count(whole.Classes.Blanche))
			}
		}
	}
	if rec := do(s, http.MethodGet, "/territoires/epci:000000000"); rec.Code != http.StatusNotFound {
		t.Errorf("a territoire that is not there: %d", rec.Code)
	}
	if rec := do(s, http.MethodGet, "/territoires/nulle-part"); rec.Code != http.StatusBadRequest {
		t.Errorf("no territoire: %d", rec.Code)
	}
}

func TestPageOfAScenario(t *testing.T) {
	d := &drawer{}
	s, _ := serving(t, Options{Desk: d})
	const other = `{"name":"Un <b>bus</b> & un lieu","edition":"autre","actions":[{"do":"add_lieu","lon":3.52,"lat":49.515,"services":["tous"],"horaires":"Mo-Fr 09:00-17:00","nom":"Ici"}]}`
	for id, body := range map[string]string{"a": closeMairie, "b": other} {
		if err := d.PutDocument(t.Context(), desk.KindScenario, id, []byte(body)); err != nil {
			t.Fatal(err)
		}
	}
	body := get(t, s, "/scenarios/a?mode=walk&cutoff=10").Body.String()
	wellFormed(t, body)
	for _, want := range []string{"Sans la mairie", "Fermer « Mairie d&#39;Arcy »", `class="perd"`, "/api/v1/scenarios/a/difference?format=csv"} {
		if !strings.Contains(body, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	both := get(t, s, "/scenarios/a?avec=b&mode=walk&cutoff=10").Body.String()
	wellFormed(t, both)
	for _, want := range []string{"Un &lt;b&gt;bus&lt;/b&gt; &amp; un lieu", "a été fait sur l&#39;édition autre", `class="gagne"`} {
		if !strings.Contains(both, want) {
			t.Errorf("the page of two does not say %q", want)
		}
	}
	if rec := do(s, http.MethodGet, "/scenarios/jamais"); rec.Code != http.StatusNotFound {
		t.Errorf("a scenario that is not there: %d", rec.Code)
	}
}

func TestDocs(t *testing.T) {
	s, _ := serving(t, Options{BasePath: "/maillage"})
	body := get(t, s, "/maillage/docs").Body.String()
	wellFormed(t, body)
	d := described(t)
	for path, methods := range d.Paths {
		for method := range methods {
			if !strings.Contains(body, `<code>`+strings.ToUpper(method)+" "+path+`</code></h2>`) {
				t.Errorf("%s %s is not said", method, path)
			}
		}
	}
	for _, m := range regexp.MustCompile(`href="#([^"]+)"`).FindAllStringSubmatch(body, -1) {
		if !strings.Contains(body, `id="`+m[1]+`"`) {
			t.Errorf("nothing has the id %q", m[1])
		}
	}
	tries := regexp.MustCompile(`<a href="([^"#]+)">Essayer`).FindAllStringSubmatch(body, -1)
	for _, m := range tries {
		// The small territory of the test lacks what examples name; nothing else may be wrong with them.
		if rec := do(s, http.MethodGet, m[1]); rec.Code != http.StatusOK && rec.Code != http.StatusNotFound && rec.Code != http.StatusNoContent {
			t.Errorf("%s: %d %s", m[1], rec.Code, rec.Body)
		}
	}
	if len(tries) < 10 {
		t.Errorf("%d addresses to try", len(tries))
	}
}
