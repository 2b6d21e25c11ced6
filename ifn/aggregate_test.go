package ifn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPercentagesOfSumsAreExact: where the counts behind a percentage are known for all
// members, that of the group is the percentage of their sums, whatever the people; where one
// is unknown, or where they are not the counts behind it, it is the mean by people.
func TestPercentagesOfSumsAreExact(t *testing.T) {
	table := func() *Table {
		t := mustTable(t, Place{Code: "1", Weight: 100}, Place{Code: "2", Weight: 900}, Place{Code: "3", Weight: 0})
		t.SetCounts(map[string]Counts{"x_pct": {"part_nb", "whole_nb"}}, Joined{Sum: "somme", Mean: "moyenne"})
		return t
	}
	group := []Group{{Code: "g", Rows: []int{0, 1, 2}}}
	for _, tt := range []struct {
		what               string
		share, part, whole [3]float64
		want               float64
		counted            bool
	}{
		{"counts of all: (10 + 1)/(20 + 100), an empty place adds nothing", [3]float64{50, 1, nan}, [3]float64{10, 1, 0}, [3]float64{20, 100, 0}, 100 * 11.0 / 120, true},
		{"a share that is secret is still in its counts", [3]float64{50, nan, nan}, [3]float64{10, 1, 0}, [3]float64{20, 100, 0}, 100 * 11.0 / 120, true},
		{"rounded shares are those of their counts", [3]float64{33.3, 66.7, nan}, [3]float64{1, 2, 0}, [3]float64{3, 3, 0}, 50, true},
		{"an unknown count: (50·100 + 1·900)/1000", [3]float64{50, 1, nan}, [3]float64{10, nan, 0}, [3]float64{20, 100, 0}, 5.9, false},
		{"counts of another year", [3]float64{50, 2, nan}, [3]float64{10, 1, 0}, [3]float64{20, 100, 0}, 6.8, false},
	} {
		table := table()
		mustSet(t, table, "x_pct", tt.share[:]...)
		mustSet(t, table, "part_nb", tt.part[:]...)
		mustSet(t, table, "whole_nb", tt.whole[:]...)
		for _, c := range table.Columns() {
			table.SetOrigin(c, Origin{Dataset: "rp", Vintage: "2021", How: "publié pour les communes"})
		}
		got, err := table.Aggregate(group, MinShare)
		if err != nil {
			t.Fatal(err)
		}
		how := map[bool]string{true: "somme", false: "moyenne"}[tt.counted]
		if o, ok := got.Origin("x_pct", 0); !same(got.Value("x_pct", 0), tt.want) || got.Counted("x_pct", 0) != tt.counted || !ok || o != (Origin{Dataset: "rp", Vintage: "2021", How: how}) {
			t.Errorf("%s: %+v from %+v; want %v, %s", tt.what, got.Value("x_pct", 0), o, tt.want, how)
		}
	}
}

// TestGroupsOfGroups: sums of counts do not depend on what is joined first.
func TestGroupsOfGroups(t *testing.T) {
	for seed := range uint64(50) {
		r := rand.New(rand.NewPCG(seed, 3))
		places := make([]Place, 12)
		for i := range places {
			places[i] = Place{Code: string(rune('a' + i)), Weight: float64(r.IntN(1000))}
		}
		table := mustTable(t, places...)
		var share, part, whole [12]float64
		for i := range places {
			whole[i] = float64(1 + r.IntN(300))
			part[i] = float64(r.IntN(int(whole[i]) + 1))
			share[i] = math.Round(1000*part[i]/whole[i]) / 10
		}
		mustSet(t, table, "x_pct", share[:]...)
		mustSet(t, table, "part_nb", part[:]...)
		mustSet(t, table, "whole_nb", whole[:]...)
		table.SetCounts(map[string]Counts{"x_pct": {"part_nb", "whole_nb"}}, Joined{})
		join := func(t2 *Table, groups ...Group) *Table {
			out, err := t2.Aggregate(groups, MinShare)
			if err != nil {
				t.Fatal(err)
			}
			return out
		}
		all := join(table, Group{Code: "all", Rows: []int{0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11}})
		thirds := join(join(table, Group{Code: "1", Rows: []int{0, 1, 2, 3}}, Group{Code: "2", Rows: []int{4, 5, 6, 7}}, Group{Code: "3", Rows: []int{8, 9, 10, 11}}), Group{Code: "all", Rows: []int{0, 1, 2}})
		if a, b := all.Value("x_pct", 0), thirds.Value("x_pct", 0); a != b {
			t.Errorf("seed %d: %v at once, %v by thirds", seed, a, b)
		}
	}
}

func TestYear(t *testing.T) {
	for text, want := range map[string]int{"2021": 2021, "2018-01": 2018, "T3 2021": 2021, "31/12/2019": 2019, "2017 et 2020": 2020, "selon le fichier importé": 0, "": 0} {
		if got := Year(text); got != want {
			t.Errorf("Year(%q) = %d, want %d", text, got, want)
		}
	}
}
