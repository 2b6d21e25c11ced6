package api

import (
	"context"
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"

	"github.com/aisne-numerique/maillage/tiles"
)

// contract is openapi.json as an independent reader has it, made strict: an object has no
// key that its schema does not name, so that the document says all that is sent.
var contract = sync.OnceValues(func() (*openapi3.T, error) {
	doc, err := openapi3.NewLoader().LoadFromData(openapiDocument)
	if err != nil {
		return nil, err
	}
	if err := doc.Validate(context.Background()); err != nil {
		return nil, err
	}
	seen := map[*openapi3.Schema]bool{}
	for _, s := range doc.Components.Schemas {
		shut(s.Value, seen)
	}
	for _, r := range doc.Components.Responses {
		shutContent(r.Value.Content, seen)
	}
	for _, path := range doc.Paths.Map() {
		for _, op := range path.Operations() {
			for _, r := range op.Responses.Map() {
				shutContent(r.Value.Content, seen)
			}
		}
	}
	return doc, nil
})

func shutContent(content openapi3.Content, seen map[*openapi3.Schema]bool) {
	for _, of := range content {
		if of.Schema != nil {
			shut(of.Schema.Value, seen)
		}
	}
}

// shut closes the objects of a schema that do not say that they are open. What is made of
// all of several schemas is first made one: each would refuse the keys of the others.
func shut(s *openapi3.Schema, seen map[*openapi3.Schema]bool) {
	if seen[s] {
		return
	}
	seen[s] = true
	for _, part := range s.AllOf {
		shut(part.Value, seen)
		s.Type = part.Value.Type
		s.Required = append(slices.Clone(s.Required), part.Value.Required...)
		whole := openapi3.Schemas{}
		for name, p := range part.Value.Properties {
			whole[name] = p
		}
		for name, p := range s.Properties {
			whole[name] = p
		}
		s.Properties = whole
	}
	s.AllOf = nil
	if s.Properties != nil && s.AdditionalProperties.Has == nil && s.AdditionalProperties.Schema == nil {
		no := false
		s.AdditionalProperties.Has = &no
	}
	for _, p := range s.Properties {
		shut(p.Value, seen)
	}
	for _, one := range s.OneOf {
		shut(one.Value, seen)
	}
	for _, inside := range []*openapi3.SchemaRef{s.Items, s.AdditionalProperties.Schema} {
		if inside != nil {
			shut(inside.Value, seen)
		}
	}
}

// theContract is [contract], read.
func theContract(t *testing.T) *openapi3.T {
	t.Helper()
	doc, err := contract()
	if err != nil {
		t.Fatal(err)
	}
	return doc
}

// departures lists how a value of JSON departs from a schema.
func departures(s *openapi3.Schema, v any) []string {
	err := s.VisitJSON(v, openapi3.MultiErrors())
	if err == nil {
		return nil
	}
	return strings.Split(err.Error(), " | ")
}

// heldTo reports how a value of JSON departs from a schema of the document, by its name.
func heldTo(t *testing.T, name string, v any) {
	t.Helper()
	for _, w := range departures(theContract(t).Components.Schemas[name].Value, v) {
		t.Errorf("%s: %s", name, w)
	}
}

// heldReply is heldTo for the body of a reply.
func heldReply(t *testing.T, name string, rec *httptest.ResponseRecorder) {
	t.Helper()
	var v any
	if err := json.Unmarshal(rec.Body.Bytes(), &v); err != nil {
		t.Fatal(err)
	}
	heldTo(t, name, v)
}

// TestOperationsHaveIDs: what is generated from the document names its functions by them.
func TestOperationsHaveIDs(t *testing.T) {
	seen := map[string]string{}
	for path, item := range theContract(t).Paths.Map() {
		for method, op := range item.Operations() {
			at := method + " " + path
			if op.OperationID == "" {
				t.Errorf("%s has no operationId", at)
			}
			if other, ok := seen[op.OperationID]; ok {
				t.Errorf("%s and %s are both %s", at, other, op.OperationID)
			}
			seen[op.OperationID] = at
		}
	}
	if len(seen) < 50 {
		t.Errorf("%d operations", len(seen))
	}
}

// TestLayersAreThoseOfTiles: the values of the parameter are the layers that there are.
func TestLayersAreThoseOfTiles(t *testing.T) {
	var want []any
	for _, l := range tiles.Layers() {
		want = append(want, l.Name)
	}
	if got := theContract(t).Components.Parameters["layer"].Value.Schema.Value.Enum; !slices.Equal(got, want) {
		t.Errorf("layers %v, want %v", got, want)
	}
}

// TestContractIsStrict: what replies are held to refuses what it should.
func TestContractIsStrict(t *testing.T) {
	row := func() map[string]any { return map[string]any{"code": "02", "nom": "Aisne"} }
	heldTo(t, "Named", row())
	named := theContract(t).Components.Schemas["Named"].Value
	for name, spoil := range map[string]func(map[string]any){
		"a key that is not described": func(m map[string]any) { m["autre"] = "x" },
		"a key that is missing":       func(m map[string]any) { delete(m, "nom") },
		"a number for a text":         func(m map[string]any) { m["nom"] = 2.0 },
		"null for a text":             func(m map[string]any) { m["nom"] = nil },
	} {
		v := row()
		if spoil(v); departures(named, v) == nil {
			t.Errorf("%s passes", name)
		}
	}
	whole := theContract(t).Components.Schemas["Territoire"].Value
	if len(whole.AllOf) > 0 || whole.Properties["classes"] == nil || whole.Properties["rank_of"] == nil || *whole.AdditionalProperties.Has {
		t.Error("a schema made of several is not one strict schema")
	}
	for name, s := range theContract(t).Components.Schemas {
		if s.Value.Type == nil && s.Value.OneOf == nil {
			t.Errorf("schema %s has no type", name)
		}
	}
}
