package params

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
)

// Row is a parameter as the contract says it.
type Row struct {
	Name        string
	InPath      bool // in the path, and required; else in the query
	Required    bool
	Description string // French
	Schema      Schema
	Example     any

	expected  string // French: what the value must be, after "il faut"
	component string // its name in openapi.json where it isn't Name: another parameter has it
}

// Schema is what openapi.json says of a value.
type Schema struct {
	Ref     string   `json:"$ref,omitempty"`
	Type    string   `json:"type,omitempty"`
	Minimum int      `json:"minimum,omitempty"`
	Maximum int      `json:"maximum,omitempty"`
	Enum    []string `json:"enum,omitempty"`
	Default any      `json:"default,omitempty"`
}

// MarshalJSON writes a row as openapi.json has it.
func (r *Row) MarshalJSON() ([]byte, error) {
	in := "query"
	if r.InPath {
		in = "path"
	}
	return json.Marshal(struct {
		Name        string `json:"name"`
		In          string `json:"in"`
		Required    bool   `json:"required,omitempty"`
		Description string `json:"description,omitempty"`
		Schema      Schema `json:"schema"`
		Example     any    `json:"example,omitempty"`
	}{r.Name, in, r.Required || r.InPath, r.Description, r.Schema, r.Example})
}

// What is around the rows in openapi.json.
const (
	before = "\n    \"parameters\": "
	after  = ",\n    \"responses\": "
)

// Document gives openapi.json with the rows of the table for its parameters.
func Document(openapi []byte) ([]byte, error) {
	head, rest, ok := bytes.Cut(openapi, []byte(before))
	_, tail, too := bytes.Cut(rest, []byte(after))
	if !ok || !too {
		return nil, errors.New("openapi.json: no components/parameters followed by responses")
	}
	var b bytes.Buffer
	b.WriteString("{")
	for i, r := range table() {
		name, comma := r.component, ","
		if name == "" {
			name = r.Name
		}
		if i == 0 {
			comma = ""
		}
		line, err := json.Marshal(r)
		if err != nil {
			return nil, fmt.Errorf("parameter %s: %w", r.Name, err)
		}
		fmt.Fprintf(&b, "%s\n      %q: %s", comma, name, line)
	}
	b.WriteString("\n    }")
	return bytes.Join([][]byte{head, []byte(before), b.Bytes(), []byte(after), tail}, nil), nil
}
