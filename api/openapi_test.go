package api

import (
	"fmt"
	"math"
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

// check lists how v departs from a schema. It is strict: a key that the schema
// does not name is one, so that the document says all that is sent.
func (d *spec) check(at string, s *schema, v any) []string {
	if name, ok := strings.CutPrefix(s.Ref, "#/components/schemas/"); ok {
		s = d.Components.Schemas[name]
		if s == nil {
			return []string{at + ": no schema " + name}
		}
	}
	if s.AllOf != nil {
		s = d.merged(s)
	}
	wrong := func(format string, args ...any) []string { return []string{at + ": " + fmt.Sprintf(format, args...)} }
	if v == nil && s.Nullable {
		return nil
	}
	if s.OneOf != nil {
		var out []string
		fit := 0
		for _, one := range s.OneOf {
			if w := d.check(at, one, v); w != nil {
				out = append(out, w...)
			} else {
				fit++
			}
		}
		if fit == 1 {
			return nil
		}
		return append(out, wrong("%d of the %d schemas fit, want one", fit, len(s.OneOf))...)
	}
	switch s.Type {
	case "object":
		m, ok := v.(map[string]any)
		if !ok {
			return wrong("%T, want an object", v)
		}
		var out []string
		for _, name := range s.Required {
			if _, ok := m[name]; !ok {
				out = append(out, wrong("no key %q", name)...)
			}
		}
		for name, value := range m {
			switch {
			case s.Properties[name] != nil:
				out = append(out, d.check(at+"."+name, s.Properties[name], value)...)
			case s.AdditionalProperties.schema != nil:
				out = append(out, d.check(at+"."+name, s.AdditionalProperties.schema, value)...)
			case !s.AdditionalProperties.allowed && s.Properties != nil:
				out = append(out, wrong("key %q is not described", name)...)
			}
		}
		return out
	case "array":
		list, ok := v.([]any)
		if !ok {
			return wrong("%T, want an array", v)
		}
		if s.MinItems != nil && len(list) < *s.MinItems || s.MaxItems != nil && len(list) > *s.MaxItems {
			return wrong("%d items", len(list))
		}
		var out []string
		for i, item := range list {
			out = append(out, d.check(fmt.Sprintf("%s[%d]", at, i), s.Items, item)...)
		}
		return out
	case "string":
		text, ok := v.(string)
		if !ok {
			return wrong("%T, want a string", v)
		}
		if s.Enum != nil && !slices.Contains(s.Enum, text) {
			return wrong("%q is not one of %q", text, s.Enum)
		}
	case "number", "integer":
		n, ok := v.(float64)
		if !ok || s.Type == "integer" && n != math.Trunc(n) {
			return wrong("%v, want %s", v, s.Type)
		}
	case "boolean":
		if _, ok := v.(bool); !ok {
			return wrong("%T, want a boolean", v)
		}
	default:
		return wrong("schema without a type")
	}
	return nil
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
