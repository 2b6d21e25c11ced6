package edition

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/spread"
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

// The sentence says each method that was used, and in how many inhabited communes.
func TestPopulationModelSaysHow(t *testing.T) {
	for _, row := range []struct {
		squares, homes, streets, uniform int
		want                             string
	}{
		{3, 0, 0, 0, ""},
		{0, 0, 3, 0, "Répartition de la population dans chaque commune modélisée : la population légale est répartie le long des rues, pas observée"},
		{0, 3, 0, 0, "Répartition de la population dans chaque commune modélisée : la population légale est répartie d'après les bâtiments et les adresses, pas observée"},
		{0, 5, 2, 0, "Répartition de la population dans chaque commune modélisée : la population légale est répartie d'après les bâtiments et les adresses dans 5 communes et le long des rues dans 2 communes, pas observée"},
		{0, 5, 2, 1, "Répartition de la population dans chaque commune modélisée : la population légale est répartie d'après les bâtiments et les adresses dans 5 communes, le long des rues dans 2 communes et à proportion de la surface dans 1 commune, pas observée"},
		{9, 0, 2, 0, "Répartition de la population modélisée dans 2 communes que les carreaux ne couvrent pas : le long des rues, pas observée"},
		{9, 1, 0, 0, "Répartition de la population modélisée dans 1 commune que les carreaux ne couvrent pas : d'après les bâtiments et les adresses, pas observée"},
		{9, 1, 2, 0, "Répartition de la population modélisée dans 3 communes que les carreaux ne couvrent pas : d'après les bâtiments et les adresses dans 1 commune et le long des rues dans 2 communes, pas observée"},
	} {
		got := ""
		for _, m := range populationModel([spread.NumMethods]int{spread.Squares: row.squares, spread.Dwellings: row.homes, spread.Streets: row.streets, spread.Uniform: row.uniform}) {
			got += strings.ReplaceAll(m.Sentence, "\u202f", " ")
		}
		if got != row.want {
			t.Errorf("%+v:\n%s\nwant\n%s", row, got, row.want)
		}
	}
}
