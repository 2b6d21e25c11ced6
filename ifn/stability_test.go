package ifn

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"testing"
)

// TestIntervalOfADominantPlace: worst on every variable, it is first whatever the
// weights; the place that is worst on one variable only depends on them.
func TestIntervalOfADominantPlace(t *testing.T) {
	s := twoByTwo(t)
	table := mustTable(t, Place{Code: "first"}, Place{Code: "mixed"}, Place{Code: "other"}, Place{Code: "last"})
	mustSet(t, table, "a", 9, 8, 1, 0)
	mustSet(t, table, "b", 9, 1, 8, 0)
	mustSet(t, table, "c", 9, 8, 1, 0)
	mustSet(t, table, "d", 9, 1, 8, 0)
	want := map[string][3]int{"first": {1, 1, 1}, "mixed": {2, 2, 3}, "other": {2, 2, 3}, "last": {4, 4, 4}}
	for _, m := range []Method{Percentile, MinMax, Rank} {
		o := Defaults()
		o.Method = m
		for _, row := range mustCompute(t, s, table, o).Rows {
			if got := [3]int{row.Rank, row.RankLow, row.RankHigh}; got != want[row.Code] {
				t.Errorf("%s: %s: rank, low, high %v, want %v", m, row.Code, got, want[row.Code])
			}
		}
	}
}

// TestIntervals hold the rank, repeat with the seed, and widen as draws differ.
func TestIntervals(t *testing.T) {
	s := mustBuiltin(t, HDF2021)
	for seed := uint64(1); seed <= 3; seed++ {
		table := randomTable(t, rand.New(rand.NewPCG(seed, 8)), s, 50, 0.1)
		o := Defaults()
		first, again := mustCompute(t, s, table, o), mustCompute(t, s, table, o)
		if !reflect.DeepEqual(first, again) {
			t.Fatalf("seed %d: the same computation gives another result", seed)
		}
		o.Draws = 0
		plain := mustCompute(t, s, table, o)
		wide := 0
		for i := range first.Rows {
			a, b := &first.Rows[i], &plain.Rows[i]
			if a.Rank != b.Rank || a.Score != b.Score || b.RankLow != 0 || b.RankHigh != 0 {
				t.Fatalf("seed %d: %s: without draws rank %d (%d–%d), with them %d", seed, a.Code, b.Rank, b.RankLow, b.RankHigh, a.Rank)
			}
			if a.Rank == 0 {
				if a.RankLow != 0 || a.RankHigh != 0 || len(a.Influence) != 0 {
					t.Fatalf("seed %d: %s: no rank, but %+v", seed, a.Code, a)
				}
				continue
			}
			if a.RankLow < 1 || a.RankLow > a.Rank || a.RankHigh < a.Rank || a.RankHigh > first.Ranked {
				t.Fatalf("seed %d: %s: rank %d outside %d–%d of %d", seed, a.Code, a.Rank, a.RankLow, a.RankHigh, first.Ranked)
			}
			if a.RankHigh > a.RankLow {
				wide++
			}
			if len(a.Influence) > 3 {
				t.Fatalf("seed %d: %s: %d influences", seed, a.Code, len(a.Influence))
			}
		}
		if wide == 0 {
			t.Errorf("seed %d: no interval is wider than a rank: the draws draw nothing", seed)
		}
		o.Draws, o.Seed = 200, 2
		if reflect.DeepEqual(first.Rows, mustCompute(t, s, table, o).Rows) {
			t.Errorf("seed %d: another seed of the generator gives the same 50 intervals", seed)
		}
	}
}

func TestBounds(t *testing.T) {
	for _, tt := range []struct{ n, from, to int }{{1, 0, 0}, {2, 0, 1}, {21, 1, 19}, {101, 5, 95}, {200, 9, 190}} {
		if from, to := bounds(tt.n); from != tt.from || to != tt.to {
			t.Errorf("bounds(%d) = %d, %d; want %d, %d", tt.n, from, to, tt.from, tt.to)
		}
	}
}

// TestTiesShareTheSmallestRank, also when equal scores come from sums that
// rounding tells apart.
func TestTiesShareTheSmallestRank(t *testing.T) {
	v := func(id string) Variable {
		return Variable{ID: id, Nom: id, Direction: 1, Weight: 1, Inputs: []Input{{Column: id}}}
	}
	s := &Structure{Name: "three", SubIndices: []SubIndex{{ID: "only", Nom: "Seul", Weight: 1, Variables: []Variable{v("a"), v("b"), v("c")}}}}
	ref := mustTable(t, Place{Code: "ref", Weight: 1})
	table := mustTable(t, Place{Code: "1"}, Place{Code: "2"}, Place{Code: "3"}, Place{Code: "4"})
	// 0.1 + 0.2 + 0.3 ≠ 0.3 + 0.2 + 0.1 in binary.
	mustSet(t, table, "a", 0.1, 0.3, 0.9, 0)
	mustSet(t, table, "b", 0.2, 0.2, 0, 0)
	mustSet(t, table, "c", 0.3, 0.1, 0, 0)
	for _, name := range []string{"a", "b", "c"} {
		mustSet(t, ref, name, 100)
	}
	var ranks []int
	for _, row := range mustCompute(t, s, table, Options{Method: Ratio, Reference: ref}).Rows {
		ranks = append(ranks, row.Rank)
	}
	if want := []int{2, 2, 1, 4}; !slices.Equal(ranks, want) {
		t.Errorf("ranks %v, want %v", ranks, want)
	}
}
