package outline

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

func TestSecteurs(t *testing.T) {
	imp, err := Secteurs(t.Context(), []source.Input{sourcetest.Memory("s.csv", []byte("secteur,code,nom\nVal de l'Aisne,02758,Vailly\nMarle,02468,Marle\nVal de l’Aisne,02003,Acy\n"))}, source.Options{})
	want := []admin.Secteur{
		{Code: "val-de-l-aisne", Nom: "Val de l'Aisne", Communes: []string{"02003", "02758"}},
		{Code: "marle", Nom: "Marle", Communes: []string{"02468"}},
	}
	if diff := cmp.Diff(want, sourcetest.Rows(t, imp, err)); diff != "" {
		t.Errorf("secteurs (-want +got):\n%s", diff)
	}
}
