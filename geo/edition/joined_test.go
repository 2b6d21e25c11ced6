package edition

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// published is datasets of variables, as a store gives them.
type published struct {
	manifests []store.Manifest
	rows      []store.Variable
}

func (p *published) add(dataset, vintage string, rows ...store.Variable) {
	p.manifests = append(p.manifests, store.Manifest{Kind: store.Variables.Kind, Dataset: dataset, Source: "S" + dataset, Licence: "LO", Vintage: vintage, Rows: len(rows)})
	p.rows = append(p.rows, rows...)
}

// indicated is an edition of five communes of two EPCI, with variables alone.
func indicated(t *testing.T, p *published) *Edition {
	t.Helper()
	var communes []admin.Commune
	for i, c := range []struct {
		people int
		epci   string
	}{{1000, "200000001"}, {3000, "200000001"}, {500, "200000002"}, {500, "200000002"}, {2000, "200000002"}} {
		x := float64(i) / 10
		communes = append(communes, admin.Commune{Outline: orb.MultiPolygon{{{{x, 49}, {x + 0.1, 49}, {x + 0.1, 49.1}, {x, 49}}}}, Code: fmt.Sprintf("0200%d", i+1), Nom: fmt.Sprintf("Commune %d", i+1), EPCI: c.epci, Population: c.people})
	}
	d, err := admin.New(communes, []admin.EPCI{{Code: "200000001", Nom: "Nord", Outline: communes[0].Outline}, {Code: "200000002", Nom: "Sud", Outline: communes[2].Outline}}, nil)
	if err != nil {
		t.Fatal(err)
	}
	e := &Edition{Division: d, Inputs: p.manifests}
	if e.Variables, _, e.Feeds, err = newestOf(p.rows, p.manifests, d); err != nil {
		t.Fatal(err)
	}
	e.communes = sync.OnceValues(e.joinCommunes)
	return e
}

func variable(level store.Level, code, name string, value float64) store.Variable {
	return store.Variable{Level: level, Code: code, Name: name, Value: value}
}

// values are those of a column, as text, and how they were made.
func values(t *testing.T, e *Edition, level admin.Type, name string) []string {
	t.Helper()
	table, err := e.Indicators(level)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for i := range table.Len() {
		v := table.Value(name, i)
		if !v.Known {
			out = append(out, table.Place(i).Code+" inconnu")
			continue
		}
		from, _ := table.Origin(name, i)
		out = append(out, fmt.Sprintf("%s %.6g %s %s", table.Place(i).Code, v.V, from.Vintage, from.How))
	}
	return out
}

// TestPublishedValuesComeFirst: an EPCI has its own value where it was published, the mean of
// its communes elsewhere; the département too.
func TestPublishedValuesComeFirst(t *testing.T) {
	p := &published{}
	p.add("filosofi", "2021",
		variable(store.LevelCommune, "02001", "taux_pauvrete_pct", 10), variable(store.LevelCommune, "02002", "taux_pauvrete_pct", 20),
		variable(store.LevelCommune, "02003", "taux_pauvrete_pct", 30), variable(store.LevelCommune, "02005", "taux_pauvrete_pct", 12),
		variable(store.LevelEPCI, "200000002", "taux_pauvrete_pct", 16), variable(store.LevelEPCI, "200099999", "taux_pauvrete_pct", 99))
	e := indicated(t, p)
	if diff := cmp.Diff([]string{"200000001 17.5 2021 moyenne des communes", "200000002 16 2021 publié pour les EPCI"}, values(t, e, admin.TypeEPCI, "taux_pauvrete_pct")); diff != "" {
		t.Errorf("EPCI (-want +got):\n%s", diff)
	}
	// (10·1000 + 20·3000 + 30·500 + 12·2000)/6500
	if diff := cmp.Diff([]string{"02 16.7692 2021 moyenne des communes"}, values(t, e, admin.TypeDepartement, "taux_pauvrete_pct")); diff != "" {
		t.Errorf("département (-want +got):\n%s", diff)
	}
	p.add("filosofi-dep", "2021", variable(store.LevelDepartement, "02", "taux_pauvrete_pct", 18))
	if diff := cmp.Diff([]string{"02 18 2021 publié pour le département"}, values(t, indicated(t, p), admin.TypeDepartement, "taux_pauvrete_pct")); diff != "" {
		t.Errorf("its own (-want +got):\n%s", diff)
	}
}

// TestIRISAreJoinedByPeople: never the first one. A commune of one IRIS that is the commune
// needs no people; one whose IRIS lack people stays unknown, unless counts are known of all;
// so does one of which too little is known.
func TestIRISAreJoinedByPeople(t *testing.T) {
	iris := func(code, name string, value float64) store.Variable {
		return variable(store.LevelIRIS, code, name, value)
	}
	p := &published{}
	p.add("dec", "2020",
		iris("020020101", "revenu_declare_median_uc_eur", 9000), iris("020020102", "revenu_declare_median_uc_eur", 21000), // Commune 2
		iris("020010000", "revenu_declare_median_uc_eur", 20000),                                                           // Commune 1, whole
		iris("020050101", "revenu_declare_median_uc_eur", 15000), iris("020050102", "revenu_declare_median_uc_eur", 25000), // Commune 5, no people
		iris("020030101", "revenu_declare_median_uc_eur", 30000), // Commune 3, of which 200 of 500 are known
	)
	p.add("rp", "2021",
		iris("020020101", "population_nb", 500), iris("020020102", "population_nb", 2500), iris("020030101", "population_nb", 200),
		iris("020050101", "menages_sans_voiture_nb", 10), iris("020050102", "menages_sans_voiture_nb", 30),
		iris("020050101", "menages_nb", 100), iris("020050102", "menages_nb", 700),
		iris("020050101", "part_menages_sans_voiture_pct", 10), iris("020050102", "part_menages_sans_voiture_pct", 4.3))
	e := indicated(t, p)
	want := []string{"02001 20000 2020 réunion d'IRIS, moyenne par habitant", "02002 19000 2020 réunion d'IRIS, moyenne par habitant", "02003 inconnu", "02004 inconnu", "02005 inconnu"}
	if diff := cmp.Diff(want, values(t, e, admin.TypeCommune, "revenu_declare_median_uc_eur")); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	if got := values(t, e, admin.TypeCommune, "part_menages_sans_voiture_pct")[4]; got != "02005 5 2021 réunion d'IRIS, effectifs sommés" {
		t.Errorf("households without car: %s; want 40 of 800", got)
	}
	communes, err := e.communes()
	if err != nil {
		t.Fatal(err)
	}
	var said []string
	for _, w := range communes.warnings {
		said = append(said, w.String())
	}
	for _, want := range []string{
		"ifn « dec » : revenu_declare_median_uc_eur : inconnu pour 1 communes (Commune 5…), 2000 habitants : la population de leurs IRIS n'est pas connue",
		"ifn « dec » : revenu_declare_median_uc_eur : inconnu pour 1 communes (Commune 3…), 500 habitants : leurs IRIS connus réunissent moins de la moitié"} {
		if !slices.ContainsFunc(said, func(s string) bool { return strings.Contains(s, want) }) {
			t.Errorf("nobody says %q:\n%s", want, strings.Join(said, "\n"))
		}
	}
}

// TestTheNewestVintageFeedsAColumn, level by level; the order of imports does not matter, and
// a key that two datasets of one vintage give is an error that names both.
func TestTheNewestVintageFeedsAColumn(t *testing.T) {
	old := []store.Variable{variable(store.LevelCommune, "02001", "part_locaux_ftth_pct", 5), variable(store.LevelCommune, "02002", "part_locaux_ftth_pct", 6), variable(store.LevelEPCI, "200000001", "part_locaux_ftth_pct", 7)}
	recent := []store.Variable{variable(store.LevelCommune, "02001", "part_locaux_ftth_pct", 80)}
	beside := []store.Variable{variable(store.LevelCommune, "02003", "part_locaux_ftth_pct", 90), variable(store.LevelCommune, "60001", "part_locaux_ftth_pct", 1)}
	for _, order := range [][]int{{0, 1, 2}, {2, 1, 0}, {1, 0, 2}} {
		p := &published{}
		for _, k := range order {
			switch k {
			case 0:
				p.add("ancien", "T3 2018", old...)
			case 1:
				p.add("recent", "2025-06", recent...)
			case 2:
				p.add("voisin", "2025-06", beside...)
			}
		}
		e := indicated(t, p)
		want := []string{"02001 80 2025-06 publié pour les communes", "02002 inconnu", "02003 90 2025-06 publié pour les communes", "02004 inconnu", "02005 inconnu"}
		if diff := cmp.Diff(want, values(t, e, admin.TypeCommune, "part_locaux_ftth_pct")); diff != "" {
			t.Errorf("order %v (-want +got):\n%s", order, diff)
		}
		if got := values(t, e, admin.TypeEPCI, "part_locaux_ftth_pct")[0]; got != "200000001 7 T3 2018 publié pour les EPCI" {
			t.Errorf("order %v: EPCI: %s; want what the older dataset alone says of EPCI", order, got)
		}
	}
	p := &published{}
	p.add("un", "2025", recent...)
	p.add("deux", "2025", recent...)
	_, _, _, err := newestOf(p.rows, p.manifests, indicated(t, &published{}).Division)
	if err == nil || !strings.Contains(err.Error(), "« commune 02001 part_locaux_ftth_pct » est dans deux jeux, « un » et « deux »") {
		t.Errorf("the same key twice in one vintage: %v", err)
	}
}

func TestPeriods(t *testing.T) {
	order := []string{"selon le fichier", "2017", "2018-01", "T3 2018", "2018-11-30", "2019-09-30", "2021"}
	for i, a := range order[1:] {
		if b := order[i]; periodOf(a) <= periodOf(b) {
			t.Errorf("%q is not after %q", a, b)
		}
	}
	if year := ifn.Year("2018-01"); year != 2018 {
		t.Errorf("Year(2018-01) = %d", year)
	}
}
