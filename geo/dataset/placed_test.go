package dataset

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
)

// TestFilesOfAnotherKind: whoever gives a published table to the wrong command is told the
// right one.
func TestFilesOfAnotherKind(t *testing.T) {
	const (
		employment = "CODGEO;P21_CHOM1564;P21_ACT1564\n02001;1;10\n"
		squares    = "idcar_200m,ind,men\nCRS3035RES200mN2029800E4252400,1,2\n"
		equipment  = "AN;DEPCOM;TYPEQU;LAMBERT_X;LAMBERT_Y\n2024;02408;A128;1;2\n"
	)
	for _, tt := range []struct{ kind, text, want string }{
		{"population", employment, "x.csv : c'est une table de statistiques (INSEE, recensement : emploi – population active) ; importez-le ainsi : maillage import ifn FICHIER"},
		{"lieux", employment, "maillage import ifn FICHIER"},
		{"communes", equipment, "maillage import equipements FICHIER"},
		{"ifn", equipment, "maillage import equipements FICHIER"},
		{"ifn", squares, "maillage import population FICHIER"},
		{"tournees", squares, "maillage import population FICHIER"},
		{"population", squares, ""},
		{"lieux", "a,b\n1,2\n", ""},
	} {
		k, err := Parse(tt.kind)
		if err != nil {
			t.Fatal(err)
		}
		_, err = k.Check(t.Context(), []source.Input{file("x.csv", tt.text)}, source.Options{}, nil)
		told := ""
		if err != nil {
			told = err.Error()
		}
		if tt.want == "" && strings.Contains(told, "importez-le ainsi") || !strings.Contains(told, tt.want) {
			t.Errorf("import %s: told %q, want %q", tt.kind, told, tt.want)
		}
	}
}
