package params

import (
	"slices"
	"strings"
	"testing"
)

// TestEveryParameterIsToldOnce: the table tells each parameter under one name of its own,
// with what refusals say, and its default is a value that it reads.
func TestEveryParameterIsToldOnce(t *testing.T) {
	var seen []string
	for _, r := range table() {
		name := r.component
		if name == "" {
			name = r.Name
		}
		if slices.Contains(seen, name) {
			t.Errorf("%s is told twice", name)
		}
		seen = append(seen, name)
		if r.expected == "" && r != &f && !r.InPath {
			t.Errorf("%s: refusals could not say what it must be", name)
		}
	}
	for _, b := range bindings() {
		if !slices.Contains(table(), b.row) {
			t.Errorf("%s %s is not in the table", b.row.Name, b.row.component)
		}
		values := slices.Clone(b.row.Schema.Enum)
		for _, v := range []any{b.row.Schema.Default, b.row.Example} {
			if text, ok := v.(string); ok {
				values = append(values, text)
			}
		}
		for _, v := range values {
			if !b.read(v) {
				t.Errorf("%s=%s is described, and refused", b.row.Name, v)
			}
		}
		if b.read("\x00") && b.row.expected != Reference.expected && !slices.Contains([]string{"avec", "url", "integration"}, b.row.Name) {
			t.Errorf("%s reads anything", b.row.Name)
		}
	}
}

// bindings reads every parameter of the table.
func bindings() []Binding {
	return []Binding{to(Service), to(Mode), to(TransitMode), to(Cutoff), to(MinHours), to(Level), to(Type), to(Within), to(Figure), to(Moment), to(MomentIfAny), to(Method), to(Structure), to(Weights),
		to(Appointments), to(Reference), to(Limit), to(IndexFormat), to(GainsFormat), to(DifferenceFormat), to(OEmbedFormat), to(Offered), to(Horaires), to(WithoutCells), to(Beside),
		to(Shown), to(Integration), to(URL), to(MaxWidth), to(MaxHeight), to(DoNotTrack)}
}

func to[T any](p Parameter[T]) Binding {
	var v T
	b := p.To(&v)
	for _, r := range table() { // p is a copy
		if r.Name == p.Name && r.component == p.component {
			b.row = r
		}
	}
	return b
}

func TestTheDocumentKeepsWhatIsAround(t *testing.T) {
	const around = "{\n  \"components\": {\n    \"parameters\": {},\n    \"responses\": {}\n  }\n}\n"
	got, err := Document([]byte(around))
	if err != nil {
		t.Fatal(err)
	}
	if again, err := Document(got); err != nil || string(again) != string(got) {
		t.Errorf("made twice: %v\n%s", err, again)
	}
	if !strings.HasPrefix(string(got), "{\n  \"components\": {\n    \"parameters\": {\n") || !strings.HasSuffix(string(got), "\n    },\n    \"responses\": {}\n  }\n}\n") {
		t.Errorf("around:\n%s", got)
	}
	if _, err := Document([]byte("{}")); err == nil {
		t.Error("a document without components was taken")
	}
}
