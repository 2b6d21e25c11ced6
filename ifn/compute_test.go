package ifn

import (
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
)

// deri is a small index in the manner of the UK Digital Exclusion Risk Index:
// three weighted components of min-max scores, incomes and speeds inverted.
const deri = `{
  "name": "deri", "nom": "DERI", "source": "worked example",
  "sub_indices": [
    {"id": "demography", "nom": "Demography", "weight": 1, "variables": [
      {"id": "age65", "nom": "65+", "unit": "%", "direction": 1, "weight": 2, "source": "", "vintage": "", "inputs": [{"column": "age65", "source": "", "vintage": ""}]},
      {"id": "age75", "nom": "75+", "unit": "%", "direction": 1, "weight": 1, "source": "", "vintage": "", "inputs": [{"column": "age75", "source": "", "vintage": ""}]}]},
    {"id": "deprivation", "nom": "Deprivation", "weight": 2, "variables": [
      {"id": "income", "nom": "Income", "unit": "£", "direction": -1, "weight": 1, "source": "", "vintage": "", "inputs": [{"column": "income", "source": "", "vintage": ""}]},
      {"id": "unemployment", "nom": "Unemployment", "unit": "%", "direction": 1, "weight": 1, "source": "", "vintage": "", "inputs": [{"column": "unemployment", "source": "", "vintage": ""}]}]},
    {"id": "broadband", "nom": "Broadband", "weight": 1, "variables": [
      {"id": "speed", "nom": "Speed", "unit": "Mbit/s", "direction": -1, "weight": 1, "source": "", "vintage": "", "inputs": [{"column": "speed", "source": "", "vintage": ""}]}]}
  ]}`

// TestWorkedExample is computed by hand:
//
//	     age65        age75        demography        income        unemployment  deprivation  speed        index
//	A    10 → 0        4 → 0       0                 20 000 → 10   8 → 10        10            30 → 10     (0+2·10+10)/4 = 7.5
//	B    20 → 5        6 → 2       (2·5+2)/3 = 4     30 000 → 5    4 → 2         3.5           80 → 5      (4+7+5)/4 = 4
//	C    30 → 10      14 → 10      10                25 000 → 7.5  6 → 6         6.75          55 → 7.5    (10+13.5+7.5)/4 = 7.75
//	D    15 → 2.5      9 → 5       (2·2.5+5)/3 = 10/3  40 000 → 0  3 → 0         0            130 → 0      (10/3)/4 = 5/6
func TestWorkedExample(t *testing.T) {
	s, err := Parse([]byte(deri))
	if err != nil {
		t.Fatal(err)
	}
	table := mustTable(t, Place{Code: "A", Nom: "A"}, Place{Code: "B", Nom: "B"}, Place{Code: "C", Nom: "C"}, Place{Code: "D", Nom: "D"})
	mustSet(t, table, "age65", 10, 20, 30, 15)
	mustSet(t, table, "age75", 4, 6, 14, 9)
	mustSet(t, table, "income", 20000, 30000, 25000, 40000)
	mustSet(t, table, "unemployment", 8, 4, 6, 3)
	mustSet(t, table, "speed", 30, 80, 55, 130)
	o := Defaults()
	o.Method = MinMax
	want := []struct {
		score, demography, deprivation, broadband float64
		rank                                      int
	}{{7.5, 0, 10, 10, 2}, {4, 4, 3.5, 5, 3}, {7.75, 10, 6.75, 7.5, 1}, {5.0 / 6, 10.0 / 3, 0, 0, 4}}
	r := mustCompute(t, s, table, o)
	for i, w := range want {
		row := &r.Rows[i]
		if !same(row.Score, w.score) || !same(row.Sub("demography"), w.demography) || !same(row.Sub("deprivation"), w.deprivation) ||
			!same(row.Sub("broadband"), w.broadband) || row.Rank != w.rank || row.Completeness != 1 {
			t.Errorf("%s: %+v rank %d, want %+v", row.Code, row.Subs, row.Rank, w)
		}
	}
	// B is 4. Without income, deprivation is 2 and B (4+4+5)/4 = 3.25; without
	// unemployment it is 5 and B (4+10+5)/4 = 4.75; without 65+, demography is 2 and B
	// (2+7+5)/4 = 3.5. Weaker: without 75+, B is (5+7+5)/4 = 4.25; without speed,
	// broadband has nothing left, drops out, and B is (4+7)/3 = 3.67.
	wantInfluence := []Influence{{"income", 0.75, 3}, {"unemployment", -0.75, 3}, {"age65", 0.5, 3}}
	if diff := cmp.Diff(wantInfluence, r.Rows[1].Influence); diff != "" {
		t.Errorf("influence on B (-want +got):\n%s", diff)
	}
	// Twice the weight on broadband: A (0+20+20)/5 = 8 now leads C (10+13.5+15)/5 = 7.7.
	o.Weights.SubIndices = map[string]float64{"broadband": 2}
	r = mustCompute(t, s, table, o)
	if !same(r.Rows[0].Score, 8) || !same(r.Rows[2].Score, 7.7) || r.Rows[0].Rank != 1 || r.Rows[2].Rank != 2 {
		t.Errorf("broadband twice: A %+v rank %d, C %+v rank %d; want 8 first, 7.7 second",
			r.Rows[0].Score, r.Rows[0].Rank, r.Rows[2].Score, r.Rows[2].Rank)
	}
}

// twoByTwo is a structure of two sub-indices of two variables each.
func twoByTwo(t testing.TB) *Structure {
	t.Helper()
	v := func(id string) Variable {
		return Variable{ID: id, Nom: "Variable " + id, Direction: 1, Weight: 1, Inputs: []Input{{Column: id}}}
	}
	s := &Structure{Name: "two", SubIndices: []SubIndex{
		{ID: "left", Nom: "Gauche", Weight: 1, Variables: []Variable{v("a"), v("b")}},
		{ID: "right", Nom: "Droite", Weight: 1, Variables: []Variable{v("c"), v("d")}},
	}}
	if err := s.Check(); err != nil {
		t.Fatal(err)
	}
	return s
}

// TestMissingIsNotZero: the place that everybody knows least about must not come
// out as the least fragile one.
func TestMissingIsNotZero(t *testing.T) {
	s := twoByTwo(t)
	table := func(unknown float64) *Table {
		table := mustTable(t, Place{Code: "1", Nom: "Un"}, Place{Code: "2", Nom: "Deux"}, Place{Code: "3", Nom: "Trois"})
		mustSet(t, table, "a", 30, 20, 10)
		mustSet(t, table, "b", unknown, 20, 10)
		mustSet(t, table, "c", 30, 20, 10)
		mustSet(t, table, "d", unknown, 20, 10)
		return table
	}
	o := Defaults()
	o.Method = MinMax
	honest, zero := mustCompute(t, s, table(nan), o), mustCompute(t, s, table(0), o)
	if got := honest.Rows[0]; got.Rank != 1 || !same(got.Score, 10) || got.Completeness != 0.5 {
		t.Errorf("with unknowns: rank %d, %+v, completeness %v; want first, 10, 0.5", got.Rank, got.Score, got.Completeness)
	}
	if got := zero.Rows[0]; got.Rank != 2 || got.Completeness != 1 {
		t.Errorf("counted as 0: rank %d, completeness %v; want the wrong second rank, 1", got.Rank, got.Completeness)
	}
	want := []Missing{{"b", "Variable b"}, {"d", "Variable d"}}
	if diff := cmp.Diff(want, honest.Rows[0].Missing); diff != "" {
		t.Errorf("missing (-want +got):\n%s", diff)
	}
}

// TestCompletenessFloor walks a row up to and over the floor.
func TestCompletenessFloor(t *testing.T) {
	s := twoByTwo(t)
	table := mustTable(t, Place{Code: "1"}, Place{Code: "2"}, Place{Code: "3"}, Place{Code: "4"})
	mustSet(t, table, "a", 1, 2, 3, nan)
	mustSet(t, table, "b", 1, 2, nan, nan)
	mustSet(t, table, "c", 1, 2, 3, nan)
	mustSet(t, table, "d", 1, nan, nan, nan)
	tests := []struct {
		what    string
		floor   float64
		weights map[string]float64
		scored  []bool
	}{
		{"no floor: one known variable in each will do, none will not", 0, nil, []bool{true, true, true, false}},
		{"exactly at the floor", 0.5, nil, []bool{true, true, true, false}},
		{"just above it", 0.51, nil, []bool{true, false, false, false}},
		{"the weight decides, not the number: d weighs 3 of 4", 0.3, map[string]float64{"d": 3}, []bool{true, false, false, false}},
		{"an unknown variable of weight 0 costs nothing", 1, map[string]float64{"b": 0, "d": 0}, []bool{true, true, true, false}},
	}
	for _, tt := range tests {
		o := Options{Method: Percentile, MinCompleteness: tt.floor, Weights: Weights{Variables: tt.weights}}
		r := mustCompute(t, s, table, o)
		n := 0
		for i, want := range tt.scored {
			row := &r.Rows[i]
			if row.Score.Known != want || (row.Rank > 0) != want {
				t.Errorf("%s: row %s: %+v, rank %d; want a score: %v", tt.what, row.Code, row.Score, row.Rank, want)
			}
			if want {
				n++
			}
		}
		if r.Ranked != n {
			t.Errorf("%s: %d ranked, want %d", tt.what, r.Ranked, n)
		}
	}
}

// TestSubIndexOfWeightZero is shown, but the index does not need it.
func TestSubIndexOfWeightZero(t *testing.T) {
	s := twoByTwo(t)
	table := mustTable(t, Place{Code: "1"}, Place{Code: "2"})
	mustSet(t, table, "a", 1, 2)
	mustSet(t, table, "b", 1, 2)
	mustSet(t, table, "c", nan, 5)
	o := Defaults()
	o.Weights.SubIndices = map[string]float64{"right": 0}
	r := mustCompute(t, s, table, o)
	if got := r.Rows[0]; !same(got.Score, 2.5) || got.Completeness != 1 || len(got.Missing) != 0 {
		t.Errorf("row 1: %+v, completeness %v, missing %v; want 2.5, 1, none", got.Score, got.Completeness, got.Missing)
	}
	if !r.Rows[1].Sub("right").Known || r.Rows[0].Sub("right").Known {
		t.Errorf("right: %+v, %+v; want unknown, known", r.Rows[0].Subs, r.Rows[1].Subs)
	}
}

// TestPartsOfAVariable: half of the access time known is half of its weight known.
func TestPartsOfAVariable(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	table := mustTable(t, Place{Code: "1", Nom: "Un"}, Place{Code: "2", Nom: "Deux"}, Place{Code: "3", Nom: "Trois"})
	mustSet(t, table, "acces_competences_min", 10, 30, 20)
	mustSet(t, table, "acces_demarches_min", 9, 5, nan)
	o := Options{Method: MinMax, Weights: Weights{SubIndices: map[string]float64{Publics: 0}}}
	r := mustCompute(t, s, table, o)
	var points []Value
	for i := range r.Rows {
		p, ok := r.Rows[i].Point("acces_lieux")
		if !ok || p.Value.Known {
			t.Fatalf("acces_lieux: %+v, %v; its value is in its parts", p, ok)
		}
		points = append(points, p.Points)
	}
	// Skills 0, 10, 5; help 10, 0, unknown: means 5, 5, and 5 of the half that is known.
	if diff := cmp.Diff([]Value{{5, true}, {5, true}, {5, true}}, points); diff != "" {
		t.Errorf("points (-want +got):\n%s", diff)
	}
	// One of 5 variables, then half of one.
	if a, b := r.Rows[0].Subs[0].Completeness, r.Rows[2].Subs[0].Completeness; !same(Value{a, true}, 0.2) || !same(Value{b, true}, 0.1) {
		t.Errorf("completeness %v and %v, want 0.2 and 0.1", a, b)
	}
	missing := func(row Row) (ids []string) {
		for _, m := range row.Missing {
			ids = append(ids, m.Variable)
		}
		return ids
	}
	if got := missing(r.Rows[2]); !slices.Contains(got, "acces_lieux.demarches") || slices.Contains(got, "acces_lieux") {
		t.Errorf("missing %v, want the part and not the variable", got)
	}
}

// TestColumnChoice: one column feeds a variable for all rows; which one, and what
// it is instead of the variable, is told.
func TestColumnChoice(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	build := func(exact ...float64) *Table {
		table := mustTable(t, Place{Code: "1"}, Place{Code: "2"}, Place{Code: "3"}, Place{Code: "4"})
		mustSet(t, table, "distance_antenne_4g_2018_km", 1, 2, 3, 4)
		if exact != nil {
			mustSet(t, table, "part_population_couverte_4g_pct", exact...)
		}
		return table
	}
	tests := []struct {
		what      string
		table     *Table
		coverage  float64
		column    string
		direction Direction
		proxy     bool
	}{
		{"only the proxy is there, and points the other way", build(), 0, "distance_antenne_4g_2018_km", 1, true},
		{"the exact column is there", build(90, 95, 99, 80), 0, "part_population_couverte_4g_pct", -1, false},
		{"the exact column is there and empty", build(nan, nan, nan, nan), 0, "distance_antenne_4g_2018_km", 1, true},
		{"the exact column is known for one row", build(90, nan, nan, nan), 0, "part_population_couverte_4g_pct", -1, false},
		{"which is too few", build(90, nan, nan, nan), 0.5, "distance_antenne_4g_2018_km", 1, true},
		{"half is enough for a half", build(90, 80, nan, nan), 0.5, "part_population_couverte_4g_pct", -1, false},
	}
	for _, tt := range tests {
		r := mustCompute(t, s, tt.table, Options{Method: Percentile, MinCoverage: tt.coverage})
		src := r.Sources[1]
		if src.Variable != "couverture_4g" || src.Column != tt.column || src.Direction != tt.direction || (src.Proxy != "") != tt.proxy || !src.Fed {
			t.Errorf("%s: %+v", tt.what, src)
		}
		if r.Sources[0].Fed {
			t.Errorf("%s: fibre is fed by %q; there is no such column", tt.what, r.Sources[0].Column)
		}
		if got := slices.Contains(r.Rows[0].Proxies, "Couverture mobile 4G"); got != (tt.proxy && r.Rows[0].Points[1].Points.Known) {
			t.Errorf("%s: row 1 names its proxies as %v", tt.what, r.Rows[0].Proxies)
		}
	}
}

// TestEdges: tables without anything to compare.
func TestEdges(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	for _, m := range Methods() {
		o := Defaults()
		o.Method = m
		if r := mustCompute(t, s, mustTable(t), o); len(r.Rows) != 0 || r.Ranked != 0 {
			t.Errorf("%s: no row: %+v", m, r)
		}
		empty := mustCompute(t, s, mustTable(t, Place{Code: "1"}, Place{Code: "2"}), o)
		for i := range empty.Rows {
			row := &empty.Rows[i]
			if row.Score.Known || row.Rank != 0 || row.RankLow != 0 || row.Completeness != 0 || len(row.Missing) != s.VariableCount() || len(row.Influence) != 0 {
				t.Errorf("%s: nothing known: %+v", m, row)
			}
		}
		single := mustTable(t, Place{Code: "1", Weight: 10})
		constant := mustTable(t, Place{Code: "1", Weight: 10}, Place{Code: "2", Weight: 5}, Place{Code: "3", Weight: 1})
		for _, name := range s.Columns() {
			mustSet(t, single, name, 12)
			mustSet(t, constant, name, 12, 12, 12)
		}
		if m == Points {
			continue // values are points: equal ones have the score of their values
		}
		middle := map[Method]float64{Percentile: 5, MinMax: 5, Rank: 0, Ratio: 100}[m]
		for _, table := range []*Table{single, constant} {
			for i, row := range mustCompute(t, s, table, o).Rows {
				if !same(row.Score, middle) || row.Rank != 1 || row.RankLow != 1 || row.RankHigh != 1 || row.Completeness != 1 || len(row.Influence) != 0 {
					t.Errorf("%s: row %d of %d equal ones: %+v rank %d (%d–%d), influence %v; want %v, first, no influence",
						m, i+1, table.Len(), row.Score, row.Rank, row.RankLow, row.RankHigh, row.Influence, middle)
				}
			}
		}
	}
}

// shuffled is the same table with its rows in another order.
func shuffled(t *testing.T, r *rand.Rand, from *Table) *Table {
	t.Helper()
	order := r.Perm(from.Len())
	places := make([]Place, from.Len())
	for to, i := range order {
		places[to] = from.places[i]
	}
	table := mustTable(t, places...)
	for _, name := range from.Columns() {
		values := make([]float64, from.Len())
		for to, i := range order {
			values[to] = from.columns[name].values[i]
		}
		mustSet(t, table, name, values...)
	}
	return table
}

// TestPermutingRowsChangesNothing, to the last bit, intervals included.
func TestPermutingRowsChangesNothing(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	for seed := uint64(1); seed <= 4; seed++ {
		r := rand.New(rand.NewPCG(seed, 5))
		table := randomTable(t, r, s, 60, 0.15)
		other := shuffled(t, r, table)
		for _, m := range Methods() {
			o := Defaults()
			o.Method, o.Draws = m, 30
			a, b := mustCompute(t, s, table, o), mustCompute(t, s, other, o)
			for i := range a.Rows {
				row, ok := b.Find(a.Rows[i].Code)
				if !ok {
					t.Fatalf("seed %d: %s: lost", seed, a.Rows[i].Code)
				}
				if diff := cmp.Diff(a.Rows[i], *row); diff != "" {
					t.Fatalf("seed %d, %s: %s changes with the order of rows:\n%s", seed, m, row.Code, diff)
				}
			}
		}
	}
}

// TestScalingAUnitChangesNothing: minutes or seconds, euros or thousands of them.
// Ratio is left out only because its reference scales too: it is tested as well.
func TestScalingAUnitChangesNothing(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	for seed := uint64(1); seed <= 8; seed++ {
		r := rand.New(rand.NewPCG(seed, 6))
		table := randomTable(t, r, s, 50, 0.1)
		scaled := mustTable(t, table.places...)
		for _, name := range table.Columns() {
			factor := []float64{60, 0.001, 1.609344, 1}[r.IntN(4)]
			values := slices.Clone(table.columns[name].values)
			for i := range values {
				values[i] *= factor
			}
			mustSet(t, scaled, name, values...)
		}
		for _, m := range Methods() {
			if m == Points {
				continue // another unit gives other points
			}
			o := Defaults()
			o.Method, o.Draws = m, 30
			a, b := mustCompute(t, s, table, o), mustCompute(t, s, scaled, o)
			for i := range a.Rows {
				x, y := &a.Rows[i], &b.Rows[i]
				if x.Score.Known != y.Score.Known || x.Score.Known && !same(y.Score, x.Score.V) || x.Rank != y.Rank || x.RankLow != y.RankLow || x.RankHigh != y.RankHigh {
					t.Fatalf("seed %d, %s: %s: %+v rank %d (%d–%d) becomes %+v rank %d (%d–%d) in other units",
						seed, m, x.Code, x.Score, x.Rank, x.RankLow, x.RankHigh, y.Score, y.Rank, y.RankLow, y.RankHigh)
				}
				if (m == Percentile || m == Rank) && x.Score != y.Score {
					t.Fatalf("seed %d, %s: %s: %v becomes %v: order alone should count", seed, m, x.Code, x.Score.V, y.Score.V)
				}
			}
		}
	}
}

// TestReferenceRows: each commune against its own EPCI.
func TestReferenceRows(t *testing.T) {
	s := twoByTwo(t)
	communes := mustTable(t, Place{Code: "1", Weight: 100}, Place{Code: "2", Weight: 300}, Place{Code: "3", Weight: 50})
	for _, name := range []string{"a", "b", "c", "d"} {
		mustSet(t, communes, name, 10, 20, 30)
	}
	epci, err := communes.Aggregate([]Group{{Code: "X", Nom: "X", Rows: []int{0, 1}}, {Code: "Y", Nom: "Y", Rows: []int{2}}}, MinShare)
	if err != nil {
		t.Fatal(err)
	}
	// X is (100·10 + 300·20)/400 = 17.5, Y is 30; together (400·17.5 + 50·30)/450 = 170/9.
	tests := []struct {
		what string
		rows []int
		want []float64
	}{
		{"own EPCI", []int{0, 0, 1}, []float64{100 * 10 / 17.5, 100 * 20 / 17.5, 100}},
		{"all of them, by population", nil, []float64{900.0 / 17, 1800.0 / 17, 2700.0 / 17}},
	}
	for _, tt := range tests {
		r := mustCompute(t, s, communes, Options{Method: Ratio, Reference: epci, ReferenceRow: tt.rows})
		for i, want := range tt.want {
			if !same(r.Rows[i].Score, want) {
				t.Errorf("%s: row %d: %+v, want %v", tt.what, i+1, r.Rows[i].Score, want)
			}
		}
	}
}

func TestComputeRefuses(t *testing.T) {
	s := twoByTwo(t)
	table := mustTable(t, Place{Code: "1"})
	with := func(change func(*Options)) Options {
		o := Defaults()
		change(&o)
		return o
	}
	tests := []struct {
		what string
		o    Options
		want string
	}{
		{"no method", with(func(o *Options) { o.Method = "" }), `ifn: method "": expected percentile`},
		{"a floor in per cent", with(func(o *Options) { o.MinCompleteness = 40 }), "ifn: minimum completeness 40: expected 0 to 1"},
		{"a coverage that is no number", with(func(o *Options) { o.MinCoverage = nan }), "ifn: minimum coverage NaN: expected 0 to 1"},
		{"too many draws", with(func(o *Options) { o.Draws = 1e6 }), "ifn: draws 1000000: expected 0 to 10000"},
		{"reference rows for percentile", with(func(o *Options) { o.ReferenceRow = []int{0} }), "ifn: reference rows: only method ratio"},
		{"reference rows too short", with(func(o *Options) { o.Method, o.Reference, o.ReferenceRow = Ratio, table, []int{} }), "ifn: reference rows: 0 for 1 rows"},
		{"a reference row that does not exist", with(func(o *Options) { o.Method, o.Reference, o.ReferenceRow = Ratio, table, []int{1} }), "ifn: reference rows: row 0: 1 is outside 0…0"},
		{"a weight of no variable", with(func(o *Options) { o.Weights.Variables = map[string]float64{"z": 1} }), `ifn: weights: variable "z": not in the structure`},
	}
	for _, tt := range tests {
		if _, err := s.Compute(table, tt.o); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s…", tt.what, err, tt.want)
		}
	}
}

// TestConcurrentComputes share a table and a structure; run with -race.
func TestConcurrentComputes(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	table := randomTable(t, rand.New(rand.NewPCG(9, 9)), s, 40, 0.1)
	want := mustCompute(t, s, table, Defaults())
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			got, err := s.Compute(table, Defaults())
			if err != nil {
				t.Error(err)
			} else if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("differs from a computation alone:\n%s", diff)
			}
		})
	}
	wg.Wait()
}
