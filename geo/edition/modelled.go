package edition

import (
	"fmt"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Modelled says in French that an input is modelled rather than observed.
type Modelled struct {
	Name     string `json:"name"` // short, as "routes"
	Sentence string `json:"sentence"`
}

func modelled(inputs []store.Manifest) []Modelled {
	var out []Modelled
	for _, m := range inputs {
		if m.Modelled != "" {
			out = append(out, Modelled{m.Kind.Of().CanBeModelled(), m.Modelled})
		}
	}
	return out
}

// ModelledSentences lists what is modelled, in French.
func (e *Edition) ModelledSentences() []string {
	out := []string{}
	for _, m := range e.Modelled {
		out = append(out, m.Sentence)
	}
	return out
}

// modelledRows tells of every row of a kind whether its dataset is modelled. Rows come as
// stores give them: by dataset, as many as its manifest says.
func modelledRows(kind store.Kind, inputs []store.Manifest) (out []bool) {
	for _, m := range inputs {
		if m.Kind == kind {
			out = append(out, slices.Repeat([]bool{m.Modelled != ""}, m.Rows)...)
		}
	}
	return out
}

// markModelled marks the tournées of datasets that are modelled.
func markModelled(tournees []lieu.Tournee, inputs []store.Manifest) error {
	rows := modelledRows(store.Tournees.Kind, inputs)
	if !slices.Contains(rows, true) {
		return nil
	}
	if len(rows) != len(tournees) {
		return fmt.Errorf("%d tournées; the manifests say %d", len(tournees), len(rows))
	}
	for i := range tournees {
		tournees[i].Modelled = rows[i]
	}
	return nil
}

// TourneeModel is the sentence that says how the stops of a tournée were modelled, empty
// where they were observed.
func (e *Edition) TourneeModel(i int32) string {
	if !e.Tournees[i].Modelled {
		return ""
	}
	var said []string
	for _, m := range e.Inputs {
		if m.Kind == store.Tournees.Kind && m.Modelled != "" {
			said = append(said, m.Modelled)
		}
	}
	return strings.Join(said, " ; ")
}
