package outline_test

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// readSets imports a file, and gives what became of it.
func readSets(t *testing.T, file, text string, o source.Options) (dataset string, sets []admin.Set, report *source.Report, end error) {
	t.Helper()
	imp, err := outline.Territoires(t.Context(), []source.Input{sourcetest.Memory(file, []byte(text))}, o)
	if err != nil {
		return "", nil, nil, err
	}
	for s, err := range imp.Rows {
		if err != nil {
			return imp.Manifest.Dataset, sets, imp.Report, err
		}
		sets = append(sets, s)
	}
	return imp.Manifest.Dataset, sets, imp.Report, nil
}

func TestTerritoires(t *testing.T) {
	two := []admin.Set{{Type: "canton", Code: "0201", Nom: "Bohain", Communes: []string{"02001", "02002"}}, {Type: "canton", Code: "0202", Nom: "Chauny", Communes: []string{"02003"}}}
	bassin := []admin.Set{{Type: "bassin-de-vie", Code: "02173", Nom: "Chauny", Communes: []string{"02001", "02002"}}}
	for _, c := range []struct {
		name, text, typ, dataset string
		want                     []admin.Set
		skipped, rejected        int
	}{
		{"long, of one type", "type,code,nom,commune\ncanton,0201,Bohain,02002\ncanton,0202,Chauny,02003\ncanton,0201,Bohain,02001\n", "", "canton", two, 0, 0},
		{"wide", "code,nom,canton,canton_nom\n02002,b,0201,Bohain\n02003,c,0202,Chauny\n02001,a,0201,Bohain\n02009,z,,\n", "canton", "canton", two, 1, 0},
		{"wide, a column with its year", "code,bassin_vie_2022,bassin_vie_nom\n02001,02173,Chauny\n02002,02173,Chauny\n", "bassin-de-vie", "bassin-de-vie", bassin, 0, 0},
		{"a commune twice in a territoire", "type,code,nom,commune\ncanton,0201,Bohain,02001\ncanton,0201,Bohain,02002\ncanton,0202,Chauny,02003\ncanton,0202,Chauny,02003\n", "", "canton", two, 0, 1},
	} {
		dataset, sets, report, err := readSets(t, "t.csv", c.text, source.Options{Type: c.typ, MaxRejectShare: 0.5})
		if err != nil || dataset != c.dataset || report.Skipped != c.skipped || len(report.Rejected) != c.rejected {
			t.Errorf("%s: dataset %q, skipped %d, rejected %v, %v", c.name, dataset, report.Skipped, report.Rejected, err)
		}
		if diff := cmp.Diff(c.want, sets); diff != "" {
			t.Errorf("%s (-want +got):\n%s", c.name, diff)
		}
	}
	if dataset, sets, _, err := readSets(t, "t.csv", "type,code,nom,commune\nsecteur,a,A,02001\npays,b,B,02001\n", source.Options{}); dataset != "territoires" || len(sets) != 2 || err != nil {
		t.Errorf("two types that overlap: %q, %v, %v", dataset, sets, err)
	}
}

// TestTerritoiresThatDisagree end the import, with the address of both.
func TestTerritoiresThatDisagree(t *testing.T) {
	for _, c := range []struct{ name, text, typ, want string }{
		{"two names", "type,code,nom,commune\ncanton,0201,Bohain,02001\ncanton,0201,Chauny,02002\n", "", "t.csv:3: canton:0201 s'appelle « Chauny » ; il s'appelait « Bohain » à t.csv:2"},
		{"a commune in two cantons", "type,code,nom,commune\ncanton,0201,Bohain,02001\ncanton,0202,Chauny,02001\n", "", "t.csv:3: commune 02001 dans canton:0202"},
		{"no such column", "code,nom\n02001,a\n", "canton", "territoires de type canton (canton, et canton_nom)"},
		{"a type that is taken", "code,epci\n02001,a\n", "epci", "commune, epci et departement sont pris"},
	} {
		_, _, _, err := readSets(t, "t.csv", c.text, source.Options{Type: c.typ})
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: %v; want %q", c.name, err, c.want)
		}
	}
}
