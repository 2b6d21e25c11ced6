package api

import (
	"html"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/api/client"
)

// TestAbsoluteLinks are those that people see, whoever stands between; and nobody else
// than a trusted proxy changes them.
func TestAbsoluteLinks(t *testing.T) {
	spoofed := []string{"X-Forwarded-Host", "mal.exemple", "X-Forwarded-Proto", "https", "X-Forwarded-For", "203.0.113.9", "X-Forwarded-Ssl", "on", "Forwarded", "for=203.0.113.9;host=mal.exemple;proto=https"}
	for _, c := range []struct {
		name, public string
		trusted      []string
		headers      []string
		want         string
	}{
		{"nobody is trusted", "", nil, spoofed, "http://dedans.exemple/carte"},
		{"another is trusted", "", []string{"10.0.0.0/8"}, spoofed, "http://dedans.exemple/carte"},
		{"the proxy is trusted", "", []string{"192.0.2.0/24"}, []string{"X-Forwarded-For", "203.0.113.9", "X-Forwarded-Host", "dehors.exemple", "X-Forwarded-Proto", "https"}, "https://dehors.exemple/carte"},
		{"the address is known", "https://public.exemple/carte", []string{"192.0.2.0/24"}, spoofed, "https://public.exemple/carte"},
	} {
		t.Run(c.name, func(t *testing.T) {
			door, err := client.NewDoor(c.public, c.trusted)
			if err != nil {
				t.Fatal(err)
			}
			s, e := serving(t, Options{BasePath: "/carte", Door: door})
			commune := "commune:" + e.Division.Communes[0].Code
			for path, link := range map[string]string{
				"/tiles/cells.json":               `"` + c.want + "/tiles/cells/{z}/{x}/{y}.mvt",
				"/ogc":                            `"` + c.want + "/ogc/conformance",
				"/ogc/collections/communes/items": `"` + c.want + "/ogc/collections/communes/items",
				"/oembed?url=" + c.want + "/territoires/" + commune: c.want + "/embed?",
				"/embed?territoire=" + commune:                      c.want + "/oembed?",
				"/integrer?territoire=" + commune:                   c.want + "/embed",
				"/territoires/" + commune:                           c.want + "/oembed?",
			} {
				req := httptest.NewRequest(http.MethodGet, "http://dedans.exemple/carte"+path, nil)
				for i := 0; i < len(c.headers); i += 2 {
					req.Header.Set(c.headers[i], c.headers[i+1])
				}
				rec := httptest.NewRecorder()
				s.Handler().ServeHTTP(rec, req)
				body := html.UnescapeString(rec.Body.String())
				if rec.Code != http.StatusOK || !strings.Contains(body, link) {
					t.Errorf("%s: %d without %s", path, rec.Code, link)
				}
				if strings.Contains(body, "mal.exemple") || c.want != "http://dedans.exemple/carte" && strings.Contains(body, "dedans.exemple") {
					t.Errorf("%s names the address inside, or that of a stranger", path)
				}
			}
		})
	}
}
