package ifn

import (
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
)

func TestTableRefuses(t *testing.T) {
	for _, tt := range []struct {
		what   string
		places []Place
		want   string
	}{
		{"a row without a code", []Place{{Nom: "Laon"}}, "table: row 1: no code"},
		{"a code twice", []Place{{Code: "02408"}, {Code: "02408"}}, "table: place 02408: named twice"},
		{"a negative population", []Place{{Code: "02408", Weight: -1}}, "table: place 02408: weight -1"},
		{"an unknown population", []Place{{Code: "02408", Weight: nan}}, "table: place 02408: weight NaN"},
	} {
		if _, err := NewTable(tt.places); err == nil || !strings.HasPrefix(err.Error(), tt.want) {
			t.Errorf("%s: error %v, want %s…", tt.what, err, tt.want)
		}
	}
	table := mustTable(t, Place{Code: "02408"}, Place{Code: "02691"})
	for _, tt := range []struct {
		what string
		err  error
		want string
	}{
		{"a column without a name", table.SetColumn("", []float64{1, 2}), "table: column without a name"},
		{"a column too short", table.SetColumn("x", []float64{1}), "table: column x: 1 values for 2 places"},
		{"an infinite value", table.SetColumn("x", []float64{1, math.Inf(1)}), "table: column x: place 02691: infinite value"},
		{"a place that is not there", table.Set("75056", "x", 1), `table: column x: place "75056": not in the table`},
		{"NaN set on purpose", table.Set("02408", "x", nan), "table: column x: place 02408: value NaN: not a finite number"},
		{"one value without a column", table.Set("02408", "", 1), "table: column without a name"},
	} {
		if tt.err == nil || tt.err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.what, tt.err, tt.want)
		}
	}
	if len(table.Columns()) != 0 {
		t.Errorf("refused columns are there: %v", table.Columns())
	}
}

// TestSet: values one by one; what was never set is unknown.
func TestSet(t *testing.T) {
	table := mustTable(t, Place{Code: "1", Nom: "Un"}, Place{Code: "2"})
	for _, v := range []float64{3, 4} { // the later value stands
		if err := table.Set("2", "x", v); err != nil {
			t.Fatal(err)
		}
	}
	i, ok := table.Row("2")
	if !ok || i != 1 || table.Place(0).Nom != "Un" || table.Len() != 2 {
		t.Fatalf("Row(2) = %d, %v", i, ok)
	}
	if got := table.Value("x", 1); got != (Value{4, true}) || table.columns["x"].known != 1 {
		t.Errorf("x of 2 = %+v", got)
	}
	if got := table.Value("x", 0); got.Known || table.Share("x", 0) != 0 || table.Share("x", 1) != 1 {
		t.Errorf("x of 1 = %+v, want unknown", got)
	}
	if got := table.Value("y", 0); got.Known || table.Share("y", 0) != 0 {
		t.Errorf("a column that is not there = %+v", got)
	}
}

// TestAggregate by hand: 100 people at 10, 300 at 20, 100 unknown.
func TestAggregate(t *testing.T) {
	table := mustTable(t, Place{Code: "1", Weight: 100}, Place{Code: "2", Weight: 300}, Place{Code: "3", Weight: 100}, Place{Code: "4", Weight: 0})
	mustSet(t, table, "x", 10, 20, nan, 90)
	mustSet(t, table, "locaux_2019_nb", 1, 2, 3, 4)
	groups := []Group{
		{Code: "all", Nom: "Tous", Rows: []int{0, 1, 2, 3}},
		{Code: "half", Nom: "Moitié", Rows: []int{0, 2}},
		{Code: "none", Nom: "Aucun connu", Rows: []int{2}},
		{Code: "desert", Nom: "Personne", Rows: []int{3}},
		{Code: "empty", Nom: "Sans commune", Rows: nil},
	}
	for _, tt := range []struct {
		what     string
		minShare float64
		want     []float64
	}{
		{"known for 0.8, exactly 0.5, 0 of the people", 0.5, []float64{17.5, 10, nan, nan, nan}},
		{"just above a half", 0.51, []float64{17.5, nan, nan, nan, nan}},
		{"any share, but nobody known stays unknown", 0, []float64{17.5, 10, nan, nan, nan}},
		{"everybody", 1, []float64{nan, nan, nan, nan, nan}},
	} {
		got, err := table.Aggregate(groups, tt.minShare)
		if err != nil {
			t.Fatal(err)
		}
		for g, want := range tt.want {
			if !same(got.Value("x", g), want) {
				t.Errorf("%s: %s = %+v, want %v", tt.what, groups[g].Code, got.Value("x", g), want)
			}
		}
		if s := got.Share("x", 0); s != 0.8 {
			t.Errorf("%s: share known %v, want 0.8", tt.what, s)
		}
		if got.Place(0).Weight != 500 || !slices.Equal(got.Columns(), []string{"locaux_2019_nb", "x"}) {
			t.Errorf("%s: weight %v, columns %v; want 500, x and the count", tt.what, got.Place(0).Weight, got.Columns())
		}
	}
	for _, tt := range []struct {
		what  string
		group Group
		share float64
		want  string
	}{
		{"a share in per cent", Group{}, 50, "aggregate: minimum share 50: expected 0 to 1"},
		{"a row that is not there", Group{Code: "x", Nom: "x", Rows: []int{4}}, 0.5, "aggregate: group x: row 4: outside 0…3"},
		{"a place counted twice", Group{Code: "x", Nom: "x", Rows: []int{1, 1}}, 0.5, "aggregate: group x: a place is named twice"},
		{"a group without a code", Group{Code: "", Nom: "x", Rows: []int{1}}, 0.5, "aggregate: table: row 1: no code"},
	} {
		if _, err := table.Aggregate([]Group{tt.group}, tt.share); err == nil || err.Error() != tt.want {
			t.Errorf("%s: error %v, want %s", tt.what, err, tt.want)
		}
	}
}

// TestAggregateTwice: communes → EPCI → département keeps the share of people known.
func TestAggregateTwice(t *testing.T) {
	table := mustTable(t, Place{Code: "1", Weight: 60}, Place{Code: "2", Weight: 40}, Place{Code: "3", Weight: 100})
	mustSet(t, table, "x", 10, nan, 20)
	epci, err := table.Aggregate([]Group{{Code: "A", Nom: "A", Rows: []int{0, 1}}, {Code: "B", Nom: "B", Rows: []int{2}}}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	dep, err := epci.Aggregate([]Group{{Code: "02", Nom: "Aisne", Rows: []int{0, 1}}}, 0.5)
	if err != nil {
		t.Fatal(err)
	}
	if got := dep.Share("x", 0); got != 0.8 {
		t.Errorf("share known %v, want 160 of 200 people", got)
	}
	if got := dep.Value("x", 0); !same(got, 15) {
		t.Errorf("x = %+v, want the mean of A (10) and B (20), 100 people each", got)
	}
}

// TestAggregateOrder: the order of rows and members changes no bit of a sum.
func TestAggregateOrder(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 4))
	s := mustBuiltin(t, HDF2021)
	table := randomTable(t, r, s, 200, 0.2)
	other := shuffled(t, r, table)
	group := func(t *Table, odd int) Group {
		g := Group{Code: "g", Nom: "g"}
		for i := range t.places {
			if int(t.places[i].Code[4])%2 == odd {
				g.Rows = append(g.Rows, i)
			}
		}
		return g
	}
	for odd := range 2 {
		a, err := table.Aggregate([]Group{group(table, odd)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		b, err := other.Aggregate([]Group{group(other, odd)}, 0)
		if err != nil {
			t.Fatal(err)
		}
		for _, name := range a.Columns() {
			if a.Value(name, 0) != b.Value(name, 0) || a.Share(name, 0) != b.Share(name, 0) {
				t.Errorf("%s: %v becomes %v in another order", name, a.Value(name, 0), b.Value(name, 0))
			}
		}
	}
}
