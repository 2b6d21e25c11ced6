package api

import (
	"cmp"
	_ "embed"
	"encoding/json"
	"fmt"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/api/page"
	"github.com/aisne-numerique/maillage/api/reply"
)

// openapiDocument describes every address, in OpenAPI 3.0. A test walks the
// routes and checks replies against it, so it says what is.
//
//go:embed openapi.json
var openapiDocument []byte

// spec is what is read of the OpenAPI document: by the page that shows it, and by the
// tests that hold it to what is served.
type spec struct {
	Info       struct{ Description string }
	Paths      map[string]map[string]operation
	Components struct {
		Parameters map[string]parameterSpec
		Responses  map[string]responseSpec
		Schemas    map[string]*schema
	}
}

type operation struct {
	Summary, Description string
	Parameters           []parameterSpec
	RequestBody          struct{ Content map[string]media }
	Responses            map[string]responseSpec
	Security             []map[string][]string
}

type parameterSpec struct {
	Ref         string `json:"$ref"`
	Name, In    string
	Description string
	Required    bool
	Schema      *schema
	Example     any
}

type responseSpec struct {
	Ref         string `json:"$ref"`
	Description string
	Content     map[string]media
}

type media struct{ Schema *schema }

type schema struct {
	Ref                  string `json:"$ref"`
	Type, Description    string
	Enum                 []string
	Default              any
	Nullable             bool
	Required             []string
	Properties           map[string]*schema
	AdditionalProperties openKeys
	AllOf, OneOf         []*schema
	Items                *schema
	MinItems, MaxItems   *int
}

// openKeys says of an object whether it may have keys beside its properties, and what
// their values are: of a schema, or anything.
type openKeys struct {
	allowed bool
	schema  *schema
}

func (k *openKeys) UnmarshalJSON(data []byte) error {
	if json.Unmarshal(data, &k.allowed) == nil {
		return nil
	}
	k.allowed = true
	return json.Unmarshal(data, &k.schema)
}

func readSpec() (*spec, error) {
	var d spec
	if err := json.Unmarshal(openapiDocument, &d); err != nil {
		return nil, fmt.Errorf("openapi.json: %w", err)
	}
	return &d, nil
}

func (d *spec) response(r responseSpec) responseSpec {
	if name, ok := strings.CutPrefix(r.Ref, "#/components/responses/"); ok {
		return d.Components.Responses[name]
	}
	return r
}

func (d *spec) parameter(p parameterSpec) parameterSpec {
	if name, ok := strings.CutPrefix(p.Ref, "#/components/parameters/"); ok {
		return d.Components.Parameters[name]
	}
	return p
}

// merged is a schema with the keys of all that it is made of.
func (d *spec) merged(s *schema) *schema {
	out := *s
	out.AllOf = nil
	for _, part := range s.AllOf {
		if name, ok := strings.CutPrefix(part.Ref, schemaRef); ok {
			part = d.Components.Schemas[name]
		}
		part = d.merged(part)
		out.Type = part.Type
		out.Required = append(slices.Clone(out.Required), part.Required...)
		properties := map[string]*schema{}
		for _, from := range []map[string]*schema{out.Properties, part.Properties} {
			for name, p := range from {
				properties[name] = p
			}
		}
		out.Properties = properties
	}
	return &out
}

// notWord is what an anchor leaves out.
var notWord = regexp.MustCompile(`\W+`)

const schemaRef = "#/components/schemas/"

// Named is the name of the schema that s stands for, empty when it says itself what it is.
func (s *schema) Named() string { return strings.TrimPrefix(s.Ref, schemaRef) }

// Kind is the type in French.
func (s *schema) Kind() string {
	return map[string]string{"object": "objet", "array": "liste", "string": "texte", "number": "nombre", "integer": "entier", "boolean": "vrai ou faux"}[s.Type]
}

// Needs reports whether a key is always there.
func (s *schema) Needs(key string) bool { return slices.Contains(s.Required, key) }

// docsPage is /docs: the OpenAPI document to be read, without script.
type docsPage struct {
	Page        page.Page
	Description string
	Operations  []docsOperation
	Schemas     map[string]*schema
}

type docsOperation struct {
	Method, Path, ID string
	operation
	Responses map[string]responseSpec
	Try       string // an address to open, empty where there is none
}

func newDocsPage(base string) (*reply.Reply, error) {
	d, err := readSpec()
	if err != nil {
		return nil, err
	}
	p := docsPage{Page: page.Page{Title: "Interface de programmation", Base: base, MapLabel: "Voir la carte"}, Description: d.Info.Description, Schemas: map[string]*schema{}}
	for name, s := range d.Components.Schemas {
		p.Schemas[name] = d.merged(s)
	}
	for path, methods := range d.Paths {
		for method, o := range methods {
			out := docsOperation{Method: strings.ToUpper(method), Path: path, ID: notWord.ReplaceAllString(method+path, "-"), operation: o, Responses: map[string]responseSpec{}}
			out.Parameters = nil
			for _, param := range o.Parameters {
				out.Parameters = append(out.Parameters, d.parameter(param))
			}
			for code, r := range o.Responses {
				out.Responses[code] = d.response(r)
			}
			out.Try = out.example(base)
			p.Operations = append(p.Operations, out)
		}
	}
	slices.SortFunc(p.Operations, func(a, b docsOperation) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
	})
	return page.Render("docs.html", p)
}

// example is an address that answers the operation: of those that read, where every
// parameter of the path has an example, or only one value.
func (o *docsOperation) example(base string) string {
	if o.Method != "GET" || o.Security != nil {
		return ""
	}
	path := o.Path
	for _, p := range o.Parameters {
		value := p.Example
		if value == nil && p.Schema.Enum != nil {
			value = p.Schema.Enum[0]
		}
		if p.In != "path" || value == nil {
			continue
		}
		path = strings.ReplaceAll(path, "{"+p.Name+"}", url.PathEscape(fmt.Sprint(value)))
	}
	if strings.Contains(path, "{") {
		return ""
	}
	return base + path
}
