package edition

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// TestNewerCodesReachOlderCommunes: a share holds for each of those that became one commune, a
// count for none, unless it was only renamed; a value of their own stays.
func TestNewerCodesReachOlderCommunes(t *testing.T) {
	of := func(code, name string, value float64) store.Variable {
		return store.Variable{Level: store.LevelCommune, Code: code, Name: name, Value: value}
	}
	var m memory
	hold(&m, store.Communes, "communes", strip("02001", "A", 0), strip("02002", "B", 2000), strip("02003", "C", 4000), strip("02004", "D", 6000))
	hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "EPCI"})
	hold(&m, store.Variables, "ifn:a", of("02001", "x_pct", 1))
	hold(&m, store.Variables, "ifn:b", of("02003", "part_pct", 5),
		of("02002", "part_pct", 20), of("02002", "menages_nb", 300), of("02002", "x_pct", 7), // now of 02001 too
		of("02900", "part_pct", 30), of("02900", "menages_nb", 40)) // 02004, renamed
	m[3].Options = map[string]string{store.LaterMoves: "02001>02002 02004>02900 02777>02003"}
	hold(&m, store.Variables, "ifn:c", of("02004", "other_pct", 9))
	r := believed(t, m)
	want := []store.Variable{of("02001", "x_pct", 1), of("02003", "part_pct", 5),
		of("02001", "part_pct", 20), of("02002", "part_pct", 20), of("02002", "x_pct", 7),
		of("02004", "part_pct", 30), of("02004", "menages_nb", 40), of("02004", "other_pct", 9)}
	if diff := cmp.Diff(want, r.variables); diff != "" {
		t.Errorf("values (-want +got):\n%s", diff)
	}
	var told []string
	for _, w := range r.warnings {
		if w.Kind == store.Variables.Kind {
			told = append(told, w.String())
		}
	}
	if diff := cmp.Diff([]string{"ifn « ifn:b » : code « 02002 » : valeurs publiées pour 2 communes formées depuis celles du magasin : les parts sont dites de chacune des communes réunies (5 valeurs), les effectifs, qui ne se partagent pas, sont inconnus (1)"}, told); diff != "" {
		t.Errorf("told (-want +got):\n%s", diff)
	}
	// Without moves its code is a stranger's, and nothing is given to anybody.
	m[3].Options = nil
	r = believed(t, m)
	if n := len(r.variables); n != 8 || !strings.Contains(r.warnings[len(r.warnings)-1].String(), "« 02900 » : 2 lignes de communes absentes du magasin") {
		t.Errorf("%d values, %v", n, r.warnings)
	}
}

// TestCeasedEPCI: an EPCI without a value among those of others is told, none when all have one.
func TestCeasedEPCI(t *testing.T) {
	for _, tt := range []struct {
		given []string
		want  string
	}{
		{nil, ""},
		{[]string{"200000001", "200000002", "246000848"}, ""},
		{[]string{"200000001", "246000848", "240200501"}, "ifn « ifn » : epci « 200000002 » : EPCI du magasin sans valeur dans ce jeu : 1 sur 2 ; il en donne à 2 SIREN que le magasin n'a pas, dont peut-être les leurs d'une autre année. Attendu un fichier de la géographie des EPCI importés"},
	} {
		var m memory
		hold(&m, store.Communes, "communes", strip("02001", "A", 0))
		hold(&m, store.EPCI, "epci", admin.EPCI{Code: "200000001", Nom: "E"}, admin.EPCI{Code: "200000002", Nom: "F"})
		rows := []store.Variable{{Level: store.LevelCommune, Code: "02001", Name: "x", Value: 1}}
		for _, code := range tt.given {
			rows = append(rows, store.Variable{Level: store.LevelEPCI, Code: code, Name: "x", Value: 1})
		}
		hold(&m, store.Variables, "ifn", rows...)
		told := ""
		for _, w := range believed(t, m).warnings {
			if w.Field == "epci" && w.Kind == store.Variables.Kind {
				told += w.String()
			}
		}
		if told != tt.want {
			t.Errorf("%v: told %q, want %q", tt.given, told, tt.want)
		}
	}
}
