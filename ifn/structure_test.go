package ifn

import (
	"encoding/json"
	"go/parser"
	"go/token"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// TestHDF2021 pins the structure that the reference describes: 5 and 9 variables.
func TestHDF2021(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	var got [][]string
	for _, sub := range s.SubIndices {
		ids := []string{sub.ID}
		for _, v := range sub.Variables {
			ids = append(ids, v.ID)
			if v.Unit == "" || v.Source == "" || v.Vintage != "" {
				t.Errorf("%s: unit %q, source %q, vintage %q; want no vintage, which is that of the data", v.ID, v.Unit, v.Source, v.Vintage)
			}
			for _, leaf := range append([]Variable{v}, v.Parts...) {
				if (len(leaf.Inputs) > 0) != (len(leaf.Obtain) > 0) {
					t.Errorf("%s: %d inputs, %d places to get them from", leaf.ID, len(leaf.Inputs), len(leaf.Obtain))
				}
			}
			for _, in := range v.Inputs {
				// A vintage is stated of a column that holds one alone, and says so in its name.
				if year := regexp.MustCompile("20[0-9]{2}").FindString(in.Column); in.Source == "" || !strings.HasPrefix(in.Vintage, year) || year == "" && in.Vintage != "" {
					t.Errorf("%s: column %s: source %q, vintage %q", v.ID, in.Column, in.Source, in.Vintage)
				}
				if in.Unit != "" && in.Proxy == "" {
					t.Errorf("%s: column %s: another unit than the variable's, but no word of what it is instead", v.ID, in.Column)
				}
			}
		}
		got = append(got, ids)
	}
	want := [][]string{
		{Amenagement, "fibre", "couverture_4g", "acces_services_publics", "acces_lieux", "acces_soins"},
		{Publics, "revenu_disponible", "pauvrete", "plus_75_isoles", "sans_voiture", "chomage", "prestations_sociales", "jeunes_neet", "plus_75", "sans_diplome"},
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	if s.VariableCount() != 14 {
		t.Errorf("%d variables, want 14", s.VariableCount())
	}
	columns := s.Columns()
	for _, name := range []string{"acces_competences_min", "acces_demarches_min", "part_locaux_1g_2019_pct", "distance_antenne_4g_2018_km",
		"revenu_median_uc_2021_eur", "taux_pauvrete_2021_pct", "part_prestations_sociales_2021_pct",
		"acces_services_publics_min", "acces_urgences_min", "acces_generaliste_min", "acces_specialiste_min",
		"demandeurs_emploi_abc_2019_pct", "part_65_ans_et_plus_2017_pct", "part_peu_ou_pas_diplomes_2017_pct"} {
		if !slices.Contains(columns, name) {
			t.Errorf("no variable takes column %s", name)
		}
	}
	if _, err := Builtin("hdf-2022"); err == nil || err.Error() != `structure "hdf-2022": expected hdf-2021, ifn-v1-2019, senior, jeune` {
		t.Errorf("Builtin(hdf-2022): %v", err)
	}
}

// TestParseRoundTrip: what is written is what is read, so that a caller can start
// from a built-in structure.
func TestParseRoundTrip(t *testing.T) {
	for _, name := range Builtins() {
		s := mustBuiltin(t, name)
		data, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		again, err := Parse(data)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(s, again); diff != "" {
			t.Errorf("%s (-first +again):\n%s", name, diff)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	const variable = `{"id": "x", "nom": "X", "unit": "%", "direction": 1, "weight": 1, "source": "s", "vintage": "v", "inputs": [{"column": "x_pct", "source": "s", "vintage": "v"}]}`
	const document = `{"name": "n", "nom": "N", "source": "s", "sub_indices": [{"id": "sub", "nom": "Sub", "weight": 1, "variables": [` + variable + `]}]}`
	if _, err := Parse([]byte(document)); err != nil {
		t.Fatalf("the document that the others spoil: %v", err)
	}
	const at = `structure n: sub-index "sub": `
	tests := []struct{ what, old, new, want string }{
		{"not JSON", `{"name"`, `{name`, "structure: invalid character"},
		{"a second document", `"}]}]}]}`, `"}]}]}]} {}`, "structure: text after the end of the JSON document"},
		{"a misspelt key", `"direction": 1`, `"direction": 1, "weigth": 2`, `structure: json: unknown field "weigth"`},
		{"no name", `"name": "n"`, `"name": ""`, "structure: no name"},
		{"no sub-index", `[{"id": "sub", "nom": "Sub", "weight": 1, "variables": [` + variable + `]}]`, `[]`, "structure n: no sub-index"},
		{"no variable", variable, ``, at[:len(at)-2] + ": no variable"},
		{"an id with a capital", `"id": "x"`, `"id": "X"`, at + `variable "X": id: expected lower-case`},
		{"a sub-index named like a key of the rows", `"id": "sub"`, `"id": "score"`, `structure n: sub-index "score": id taken`},
		{"the same variable twice", variable, variable + "," + variable, at + `variable "x": named twice`},
		{"a variable without a name", `"nom": "X"`, `"nom": " "`, at + `variable "x": no name (nom)`},
		{"no weight", `"weight": 1, "source"`, `"source"`, at + `variable "x": weight 0: expected a number above 0`},
		{"a negative weight", `"nom": "Sub", "weight": 1`, `"nom": "Sub", "weight": -1`, at[:len(at)-2] + ": weight -1"},
		{"no direction", `"direction": 1`, `"direction": 0`, at + `variable "x": direction 0: expected 1 or -1`},
		{"neither inputs nor parts", `[{"column": "x_pct", "source": "s", "vintage": "v"}]`, `[]`, at + `variable "x": neither inputs nor parts`},
		{"both", `"inputs"`, `"parts": [` + variable + `], "inputs"`, at + `variable "x": both inputs and parts`},
		{"a column without a name", `"x_pct"`, `""`, at + `variable "x": input without a column`},
		{"a count as a variable", `"x_pct"`, `"locaux_2019_nb"`, at + `variable "x": input locaux_2019_nb: a count`},
		{"a column that points nowhere", `"column"`, `"direction": 2, "column"`, at + `variable "x": input x_pct: direction 2`},
		{"a part of a part", `"inputs": [{"column": "x_pct", "source": "s", "vintage": "v"}]`,
			`"parts": [{"id": "p", "nom": "P", "direction": 1, "weight": 1, "parts": [` + variable + `]}]`, at + `variable "x": variable "p": a part cannot have parts`},
	}
	for _, tt := range tests {
		spoilt := strings.Replace(document, tt.old, tt.new, 1)
		if spoilt == document {
			t.Fatalf("%s: nothing was spoilt", tt.what)
		}
		if _, err := Parse([]byte(spoilt)); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s…", tt.what, err, tt.want)
		}
	}
}

func TestParseWeights(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	w, err := ParseWeights([]byte(`{"sub_indices": {"publics": 2}, "variables": {"pauvrete": 3, "fibre": 0}}`))
	if err != nil || w.Check(s) != nil {
		t.Fatalf("good weights: %v, %v", err, w.Check(s))
	}
	subs, vars, err := w.resolve(s)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff([]float64{1, 2}, subs); diff != "" {
		t.Errorf("sub-indices (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]float64{0, 1, 1, 1, 1, 1, 3, 1, 1, 1, 1, 1, 1, 1}, vars); diff != "" {
		t.Errorf("variables (-want +got):\n%s", diff)
	}
	for _, tt := range []struct{ what, json, want string }{
		{"a misspelt key", `{"variable": {}}`, `weights: json: unknown field "variable"`},
		{"a variable that is not there", `{"variables": {"zzz": 1, "aaa": 1}}`, `weights: variable "aaa": not in the structure`},
		{"a sub-index that is not there", `{"sub_indices": {"fibre": 1}}`, `weights: sub-index "fibre": not in the structure`},
		{"a negative weight", `{"variables": {"fibre": -1}}`, "weights: variable fibre: weight -1: expected a number from 0 to 1000000"},
		{"a weight too large to add", `{"variables": {"fibre": 1e300}}`, "weights: variable fibre: weight 1e+300"},
		{"nothing left at all", `{"sub_indices": {"amenagement": 0, "publics": 0}}`, "weights: every sub-index weighs 0"},
		{"nothing left in one", `{"variables": {"fibre": 0, "couverture_4g": 0, "acces_services_publics": 0, "acces_lieux": 0, "acces_soins": 0}}`,
			"weights: sub-index amenagement: every variable weighs 0; give the sub-index 0 to leave it out"},
	} {
		w, err := ParseWeights([]byte(tt.json))
		if err == nil {
			err = w.Check(s)
		}
		if err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s…", tt.what, err, tt.want)
		}
	}
}

func TestParseWeightList(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	w, err := ParseWeightList(" publics:2, pauvrete:3,fibre:0.5", s)
	if err != nil {
		t.Fatal(err)
	}
	want := Weights{SubIndices: map[string]float64{"publics": 2}, Variables: map[string]float64{"pauvrete": 3, "fibre": 0.5}}
	if diff := cmp.Diff(want, w); diff != "" {
		t.Errorf("weights (-want +got):\n%s", diff)
	}
	if again, err := ParseWeightList(w.String(), s); err != nil || !cmp.Equal(w, again) {
		t.Errorf("%s read again: %+v, %v", w, again, err)
	}
	for text, want := range map[string]string{
		"":                        `weights: "": expected id:weight`,
		"pauvrete":                `weights: "pauvrete": expected id:weight`,
		"pauvrete:beaucoup":       `weights: "pauvrete:beaucoup": expected id:weight`,
		"pauvrete:1,pauvrete:2":   "weights: pauvrete: given twice",
		"misere:1":                `weights: variable "misere": not in the structure`,
		"pauvrete:-1":             "weights: variable pauvrete: weight -1",
		"pauvrete:NaN":            "weights: variable pauvrete: weight NaN",
		"publics:0,amenagement:0": "weights: every sub-index weighs 0",
	} {
		if _, err := ParseWeightList(text, s); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%q: error %v, want %s…", text, err, want)
		}
	}
}

// TestImportsNothingOfTheHouse: the index is pure. It reads no file of its own
// accord, knows no position and no clock.
func TestImportsNothingOfTheHouse(t *testing.T) {
	files, err := os.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files {
		if !strings.HasSuffix(f.Name(), ".go") || strings.HasSuffix(f.Name(), "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), f.Name(), nil, parser.ImportsOnly)
		if err != nil {
			t.Fatal(err)
		}
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			if err != nil {
				t.Fatal(err)
			}
			if strings.Contains(path, ".") || path == "os" || path == "time" || strings.HasPrefix(path, "net") {
				t.Errorf("%s imports %s", f.Name(), path)
			}
		}
	}
}

// FuzzParse: any bytes give a structure that holds its invariants, or an error.
func FuzzParse(f *testing.F) {
	for _, name := range Builtins() {
		data, err := structures.ReadFile("structures/" + name + ".json")
		if err != nil {
			f.Fatal(err)
		}
		f.Add(data)
	}
	f.Add([]byte(deri))
	f.Fuzz(func(t *testing.T, data []byte) {
		s, err := Parse(data)
		if err != nil {
			return
		}
		if err := s.Check(); err != nil {
			t.Fatalf("parsed, yet: %v", err)
		}
		table := mustTable(t, Place{Code: "1", Weight: 1}, Place{Code: "2", Weight: 2})
		for i, name := range s.Columns() {
			mustSet(t, table, name, float64(i), 1)
		}
		r := mustCompute(t, s, table, Defaults())
		if data, err := json.Marshal(r); err != nil || !json.Valid(data) {
			t.Fatalf("result of a parsed structure: %v", err)
		}
	})
}
