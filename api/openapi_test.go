package api

import (
	"net/http"
	"net/url"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/labstack/echo/v4"
)

func described(t *testing.T) *spec {
	t.Helper()
	d, err := readSpec()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

func TestEveryRouteIsDescribedAndNothingElse(t *testing.T) {
	s, d := New(Options{}), described(t)
	served := map[string]bool{}
	for _, r := range s.handler.(*echo.Echo).Routes() {
		switch r.Method {
		case echo.RouteNotFound, http.MethodHead: // HEAD is served, and said once for all
		default:
			served[strings.ToLower(r.Method)+" "+s.labels[r.Path]] = true
		}
	}
	said := map[string]bool{}
	for path, methods := range d.Paths {
		for method := range methods {
			said[method+" "+path] = true
		}
	}
	if diff := cmp.Diff(said, served); diff != "" {
		t.Errorf("-described +served:\n%s", diff)
	}
}

func TestDescribedParametersAreThoseAccepted(t *testing.T) {
	d := described(t)
	for _, r := range New(Options{}).editionRoutes() {
		var said []string
		for _, p := range d.Paths[r.doc]["get"].Parameters {
			if p = d.parameter(p); p.In == "query" {
				said = append(said, p.Name)
			} else if !strings.Contains(r.doc, "{"+p.Name+"}") {
				t.Errorf("%s: parameter %q is not in the path", r.doc, p.Name)
			}
		}
		accepted := slices.Sorted(slices.Values(r.accepts))
		slices.Sort(said)
		if !slices.Equal(said, accepted) {
			t.Errorf("%s: describes %q, accepts %q", r.doc, said, accepted)
		}
	}
}

func TestDescribedValuesAreAccepted(t *testing.T) {
	s, _ := serving(t, Options{})
	d := described(t)
	for _, r := range s.editionRoutes() {
		if strings.Contains(r.doc, "{") {
			continue
		}
		for _, p := range d.Paths[r.doc]["get"].Parameters {
			p = d.parameter(p)
			values := p.Schema.Enum
			if name, ok := strings.CutPrefix(p.Schema.Ref, "#/components/schemas/"); ok {
				values = d.Components.Schemas[name].Enum
			}
			if text, ok := p.Schema.Default.(string); ok {
				values = append(slices.Clone(values), text)
			}
			for _, v := range values {
				get(t, s, r.doc+"?"+p.Name+"="+url.QueryEscape(v))
			}
		}
	}
}
