package edition

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Rows are those of datasets by the counts of their manifests, other kinds between.
func TestMarkModelledFollowsDatasets(t *testing.T) {
	inputs := []store.Manifest{
		{Kind: store.Lieux.Kind, Dataset: "l", Rows: 7, Modelled: "Des lieux."},
		{Kind: store.Tournees.Kind, Dataset: "a", Rows: 2},
		{Kind: store.Tournees.Kind, Dataset: "b", Rows: 1, Modelled: "Un modèle."},
		{Kind: store.Tournees.Kind, Dataset: "c", Rows: 2},
	}
	e := &Edition{Inputs: inputs, Tournees: make([]lieu.Tournee, 5)}
	if err := markModelled(e.Tournees, inputs); err != nil {
		t.Fatal(err)
	}
	for i := range e.Tournees {
		want := ""
		if i == 2 {
			want = "Un modèle."
		}
		if got := e.TourneeModel(int32(i)); got != want || e.Tournees[i].Modelled != (want != "") {
			t.Errorf("tournée %d: %q, modelled %t; want %q", i, got, e.Tournees[i].Modelled, want)
		}
	}
	for _, n := range []int{4, 6} {
		if err := markModelled(make([]lieu.Tournee, n), inputs); err == nil {
			t.Errorf("%d tournées of 5: no error", n)
		}
	}
}
