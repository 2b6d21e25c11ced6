package ifn

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"regexp"
	"slices"
	"strings"
)

//go:embed structures/*.json
var structures embed.FS

// The structures that come with the package.
const (
	// HDF2021 is the structure of the Hauts-de-France index of 2021, our default:
	// Enjeux d'aménagement (5 variables) and Publics exposés (9).
	HDF2021 = "hdf-2021"
	// V12019 is the first national index (2019): four axes published in points
	// against a reference of 100. access = (2·information + interfaces)/3, skills =
	// (administrative + 2·digital)/3, total = their mean. Its method is [Points].
	V12019 = "ifn-v1-2019"
	// Senior and Jeune are variants of ours of HDF2021: fewer of its variables, with other
	// weights. Their reasons are in DECISIONS.md.
	Senior = "senior"
	Jeune  = "jeune"
)

// Builtins lists the names of the structures that come with the package, the default first.
func Builtins() []string { return []string{HDF2021, V12019, Senior, Jeune} }

// Ids of the two sub-indices of [HDF2021].
const (
	Amenagement = "amenagement"
	Publics     = "publics"
)

// Direction says which way a variable points: +1, a higher value is more
// fragile; −1, a higher value is less fragile.
type Direction int8

// Structure says which variables make which sub-index. It is data: the built-in
// ones are JSON documents, and a caller may bring its own (see [Parse]).
// Invariants (see Check): ids are unique slugs; weights are above 0 and at most 1 000 000;
// every variable has either inputs or parts, parts are one level deep.
type Structure struct {
	Name   string `json:"name"`
	Nom    string `json:"nom"`
	Source string `json:"source"`
	// Base names a built-in structure: a variable that says neither inputs nor parts is the
	// one of that id there, under its own weight. [Parse] writes these out and empties Base.
	Base string `json:"base,omitempty"`
	// Methods are those that suit the structure, the default first; empty: nothing is said
	// of them, and the default is [Percentile].
	Methods []Method `json:"methods,omitempty"`
	// MissingPoints is what an unknown variable counts for under [Points], as the published
	// totals of the structure counted it; nil: unknown stays unknown.
	MissingPoints *float64   `json:"missing_points,omitempty"`
	SubIndices    []SubIndex `json:"sub_indices"`
}

// SubIndex is a weighted set of variables that has a score of its own.
type SubIndex struct {
	ID        string     `json:"id"`
	Nom       string     `json:"nom"` // French
	Weight    float64    `json:"weight"`
	Variables []Variable `json:"variables"`
}

// Variable is one thing measured. It is fed by the first usable of its Inputs, or
// made of Parts, themselves variables without parts.
type Variable struct {
	ID        string    `json:"id"`
	Nom       string    `json:"nom"` // French
	Unit      string    `json:"unit"`
	Direction Direction `json:"direction"`
	Weight    float64   `json:"weight"` // among the variables of its sub-index, or the parts of its variable
	Source    string    `json:"source"`
	Vintage   string    `json:"vintage,omitempty"` // empty: that of the data that feed it
	// Since is the year before which a value says little of today, whatever the age of the
	// other data; empty: none is.
	Since  string     `json:"since,omitempty"`
	Obtain []Obtain   `json:"obtain,omitempty"` // where the values are to be had
	Inputs []Input    `json:"inputs,omitempty"` // in order of preference
	Parts  []Variable `json:"parts,omitempty"`
}

// Obtain says where the values of a variable are to be had, in words for people.
type Obtain struct {
	File      string `json:"file"`      // French: its name as published
	Publisher string `json:"publisher"` // who publishes it
	Command   string `json:"command"`   // what to do with it then
}

// Input is a column that can feed a variable.
type Input struct {
	Column    string    `json:"column"`
	Unit      string    `json:"unit,omitempty"`      // empty: the variable's
	Direction Direction `json:"direction,omitempty"` // 0: the variable's
	// Part and Whole are the columns of the counts behind a percentage: 100·Part/Whole is its
	// value. Where both are known for all places of a set, the set's value is exact.
	Part    string `json:"part,omitempty"`
	Whole   string `json:"whole,omitempty"`
	Source  string `json:"source"`
	Vintage string `json:"vintage,omitempty"` // of a column that holds one alone; empty: that of the dataset
	Proxy   string `json:"proxy,omitempty"`   // French: what the column is instead of the variable; empty: it is the variable
}

// Builtin returns a structure that comes with the package, by its name (see [Builtins]).
func Builtin(name string) (*Structure, error) {
	if !slices.Contains(Builtins(), name) {
		return nil, fmt.Errorf("structure %q: expected %s", name, strings.Join(Builtins(), ", "))
	}
	data, err := structures.ReadFile("structures/" + name + ".json")
	if err != nil {
		return nil, fmt.Errorf("structure %s: %w", name, err)
	}
	return Parse(data)
}

// Parse reads a structure from JSON, in the format of the built-in ones, and
// checks it. A field it does not know is an error: a misspelt "weigth" must not
// silently weigh nothing.
func Parse(data []byte) (*Structure, error) {
	s := &Structure{}
	if err := decodeStrict(data, s); err != nil {
		return nil, fmt.Errorf("structure: %w", err)
	}
	if err := s.inherit(); err != nil {
		return nil, err
	}
	if err := s.Check(); err != nil {
		return nil, err
	}
	return s, nil
}

// inherit writes out what is taken from the base.
func (s *Structure) inherit() error {
	if s.Base == "" {
		return nil
	}
	if s.Base == s.Name {
		return fmt.Errorf("structure %s: its base is itself", s.Name)
	}
	base, err := Builtin(s.Base)
	if err != nil {
		return fmt.Errorf("structure %s: base: %w", s.Name, err)
	}
	if s.Methods == nil {
		s.Methods = base.Methods
	}
	for k := range s.SubIndices {
		for i := range s.SubIndices[k].Variables {
			v := &s.SubIndices[k].Variables[i]
			if len(v.Inputs)+len(v.Parts) > 0 {
				continue
			}
			of := base.variable(v.ID)
			if of == nil {
				return fmt.Errorf("structure %s: variable %q: neither inputs nor parts, and %s has none of that id", s.Name, v.ID, s.Base)
			}
			weight := v.Weight
			*v = *of
			v.Weight = weight
		}
	}
	s.Base = ""
	return nil
}

// variable is the variable of an id, nil when there is none.
func (s *Structure) variable(id string) *Variable {
	for k := range s.SubIndices {
		for i := range s.SubIndices[k].Variables {
			if v := &s.SubIndices[k].Variables[i]; v.ID == id {
				return v
			}
		}
	}
	return nil
}

// Method is the method that the structure is computed with unless another is asked for.
func (s *Structure) Method() Method {
	if len(s.Methods) == 0 {
		return Percentile
	}
	return s.Methods[0]
}

// decodeStrict reads one JSON value: no unknown field, nothing after it.
func decodeStrict(data []byte, into any) error {
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return err
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return errors.New("text after the end of the JSON document")
	}
	return nil
}

var slug = regexp.MustCompile(`^[a-z0-9]+(_[a-z0-9]+)*$`)

// rowKeys are the keys of a row in JSON that no sub-index may take.
var rowKeys = map[string]bool{
	"code": true, "nom": true, "score": true, "rank": true, "rank_low": true, "rank_high": true, "completeness": true,
	"points": true, "parts": true, "values": true, "shares": true, "missing": true, "influence": true, "sentence": true,
	"rank_min": true, "rank_max": true,
}

// Check proves the invariants of the structure.
func (s *Structure) Check() error {
	if s.Name == "" {
		return errors.New("structure: no name")
	}
	if len(s.SubIndices) == 0 {
		return fmt.Errorf("structure %s: no sub-index", s.Name)
	}
	for _, m := range s.Methods {
		if _, err := ParseMethod(string(m)); err != nil {
			return fmt.Errorf("structure %s: %w", s.Name, err)
		}
	}
	if p := s.MissingPoints; p != nil && !(math.Abs(*p) <= maxWeight) {
		return fmt.Errorf("structure %s: missing_points %v: expected a number", s.Name, *p)
	}
	subs, vars := map[string]bool{}, map[string]bool{}
	for _, sub := range s.SubIndices {
		at := fmt.Sprintf("structure %s: sub-index %q", s.Name, sub.ID)
		if err := checkNamed(at, sub.ID, sub.Nom, sub.Weight, subs); err != nil {
			return err
		}
		if rowKeys[sub.ID] {
			return fmt.Errorf("%s: id taken by another key of the results", at)
		}
		if len(sub.Variables) == 0 {
			return fmt.Errorf("%s: no variable", at)
		}
		for i := range sub.Variables {
			if err := checkVariable(at, &sub.Variables[i], vars, true); err != nil {
				return err
			}
		}
	}
	return nil
}

func checkVariable(at string, v *Variable, seen map[string]bool, mayHaveParts bool) error {
	at = fmt.Sprintf("%s: variable %q", at, v.ID)
	if err := checkNamed(at, v.ID, v.Nom, v.Weight, seen); err != nil {
		return err
	}
	if v.Direction != 1 && v.Direction != -1 {
		return fmt.Errorf("%s: direction %d: expected 1 or -1", at, v.Direction)
	}
	switch {
	case len(v.Inputs) > 0 && len(v.Parts) > 0:
		return fmt.Errorf("%s: both inputs and parts", at)
	case len(v.Parts) > 0 && !mayHaveParts:
		return fmt.Errorf("%s: a part cannot have parts", at)
	case len(v.Inputs) == 0 && len(v.Parts) == 0:
		return fmt.Errorf("%s: neither inputs nor parts", at)
	}
	for _, in := range v.Inputs {
		if in.Column == "" {
			return fmt.Errorf("%s: input without a column", at)
		}
		if IsCount(in.Column) {
			return fmt.Errorf("%s: input %s: a count grows with the population; expected a rate", at, in.Column)
		}
		if (in.Part == "") != (in.Whole == "") {
			return fmt.Errorf("%s: input %s: one count of two; expected part and whole", at, in.Column)
		}
		if in.Direction < -1 || in.Direction > 1 {
			return fmt.Errorf("%s: input %s: direction %d: expected 1, -1 or none", at, in.Column, in.Direction)
		}
	}
	parts := map[string]bool{}
	for i := range v.Parts {
		if err := checkVariable(at, &v.Parts[i], parts, false); err != nil {
			return err
		}
	}
	return nil
}

// checkNamed checks what sub-indices, variables and parts have in common.
func checkNamed(at, id, nom string, weight float64, seen map[string]bool) error {
	switch {
	case !slug.MatchString(id):
		return fmt.Errorf("%s: id: expected lower-case letters, digits and single underscores", at)
	case seen[id]:
		return fmt.Errorf("%s: named twice", at)
	case strings.TrimSpace(nom) == "":
		return fmt.Errorf("%s: no name (nom)", at)
	case !(weight > 0 && weight <= maxWeight):
		return fmt.Errorf("%s: weight %v: expected a number above 0, at most %.0f", at, weight, maxWeight)
	}
	seen[id] = true
	return nil
}

// CountsBehind gives the counts behind the columns of the built-in structures.
func CountsBehind() (map[string]Counts, error) {
	all := map[string]Counts{}
	for _, name := range Builtins() {
		s, err := Builtin(name)
		if err != nil {
			return nil, err
		}
		s.eachLeaf(func(v *Variable) {
			for _, in := range v.Inputs {
				if in.Part != "" {
					all[in.Column] = Counts{in.Part, in.Whole}
				}
			}
		})
	}
	return all, nil
}

// eachLeaf visits the variables without parts, and the parts.
func (s *Structure) eachLeaf(visit func(*Variable)) {
	for k := range s.SubIndices {
		for i := range s.SubIndices[k].Variables {
			v := &s.SubIndices[k].Variables[i]
			if len(v.Parts) == 0 {
				visit(v)
			}
			for p := range v.Parts {
				visit(&v.Parts[p])
			}
		}
	}
}

// Columns lists every column that can feed the structure, in order of variable
// and preference, without repetition.
func (s *Structure) Columns() []string {
	var names []string
	seen := map[string]bool{}
	s.eachLeaf(func(v *Variable) {
		for _, in := range v.Inputs {
			if !seen[in.Column] {
				seen[in.Column] = true
				names = append(names, in.Column)
			}
		}
	})
	return names
}

// VariableCount is the number of variables, parts not counted.
func (s *Structure) VariableCount() int {
	n := 0
	for _, sub := range s.SubIndices {
		n += len(sub.Variables)
	}
	return n
}
