package ifn

import (
	"math"
	"math/rand/v2"
	"slices"
	"testing"
)

var nan = math.NaN()

// TestPointsByHand: tables small enough to check with a pencil.
func TestPointsByHand(t *testing.T) {
	tests := []struct {
		what   string
		method Method
		dir    Direction
		values []float64
		want   []float64
	}{
		{"percentile: four distinct values sit at 1/8, 3/8, 5/8, 7/8", Percentile, 1, []float64{30, 10, 20, 40}, []float64{6.25, 1.25, 3.75, 8.75}},
		{"percentile: a tie shares the mean rank", Percentile, 1, []float64{1, 5, 5, 9}, []float64{1.25, 5, 5, 8.75}},
		{"percentile: reversed", Percentile, -1, []float64{1, 5, 5, 9}, []float64{8.75, 5, 5, 1.25}},
		{"percentile: an unknown is no rank and takes none", Percentile, 1, []float64{1, nan, 2}, []float64{2.5, nan, 7.5}},
		{"percentile: a constant column is the middle", Percentile, 1, []float64{3, 3, 3}, []float64{5, 5, 5}},
		{"percentile: a single row is the middle", Percentile, -1, []float64{42}, []float64{5}},
		{"percentile: all unknown", Percentile, 1, []float64{nan, nan}, []float64{nan, nan}},
		{"minmax: ends and inside", MinMax, 1, []float64{20, 50, 30}, []float64{0, 10, 10.0 / 3}},
		{"minmax: inverted, as DERI does for income", MinMax, -1, []float64{20, 50, 30}, []float64{10, 0, 20.0 / 3}},
		{"minmax: a constant column is the middle", MinMax, 1, []float64{3, nan, 3}, []float64{5, nan, 5}},
		{"minmax: negative values", MinMax, 1, []float64{-10, 0, 10}, []float64{0, 5, 10}},
		{"rank: seven values take the seven scores", Rank, 1, []float64{7, 6, 5, 4, 3, 2, 1}, []float64{3, 2, 1, 0, -1, -2, -3}},
		{"rank: reversed", Rank, -1, []float64{7, 6, 5, 4, 3, 2, 1}, []float64{-3, -2, -1, 0, 1, 2, 3}},
		{"rank: two values, p = 1/4 and 3/4, 7p − 3.5 = ∓1.75", Rank, 1, []float64{1, 2}, []float64{-2, 2}},
		{"rank: a constant column says nothing", Rank, 1, []float64{1, 1, 1}, []float64{0, 0, 0}},
		{"rank: halves go toward 0: 3 of 7 tied low, p = 3/14, 7p − 3.5 = −2", Rank, 1, []float64{0, 0, 0, 1, 2, 3, 4}, []float64{-2, -2, -2, 0, 1, 2, 3}},
		{"rank: an exact half: 4 of 7 tied low, p = 2/7, 7p − 3.5 = −1.5", Rank, 1, []float64{0, 0, 0, 0, 1, 2, 3}, []float64{-1, -1, -1, -1, 1, 2, 3}},
		{"ratio: equal weights, mean 20", Ratio, 1, []float64{10, 20, 30}, []float64{50, 100, 150}},
		{"ratio: inverse", Ratio, -1, []float64{10, 20, 30}, []float64{200, 100, 200.0 / 3}},
		{"ratio: zero divides nothing", Ratio, -1, []float64{0, 20, 40}, []float64{nan, 100, 50}},
		{"ratio: zero is a value where it does not divide", Ratio, 1, []float64{0, 20, 40}, []float64{0, 100, 200}},
		{"ratio: a negative value has no ratio", Ratio, 1, []float64{-1, 2, 2}, []float64{nan, 200, 200}},
		{"ratio: a reference of zero", Ratio, 1, []float64{0, 0}, []float64{nan, nan}},
	}
	for _, tt := range tests {
		places := make([]Place, len(tt.values))
		for i := range places {
			places[i] = Place{Code: string(rune('a' + i)), Weight: 1}
		}
		table := mustTable(t, places...)
		mustSet(t, table, "x", tt.values...)
		s := &Structure{Name: "one", SubIndices: []SubIndex{{ID: "only", Nom: "Seul", Weight: 1,
			Variables: []Variable{{ID: "x", Nom: "X", Direction: tt.dir, Weight: 1, Inputs: []Input{{Column: "x"}}}}}}}
		o := Options{Method: tt.method}
		for i, row := range mustCompute(t, s, table, o).Rows {
			if !same(row.Points[0].Points, tt.want[i]) {
				t.Errorf("%s: points of %v = %+v, want %v", tt.what, tt.values[i], row.Points[0].Points, tt.want[i])
			}
		}
	}
}

// TestPointsOutsideTheReference: rows compared with others than themselves.
func TestPointsOutsideTheReference(t *testing.T) {
	reference := []float64{10, 20, 20, 30}
	tests := []struct {
		what   string
		method Method
		dir    Direction
		x      float64
		want   float64
	}{
		{"percentile below all", Percentile, 1, 5, 0},
		{"percentile above all", Percentile, 1, 35, 10},
		{"percentile between", Percentile, 1, 25, 7.5},
		{"percentile reversed above all", Percentile, -1, 35, 0},
		{"minmax clamps below", MinMax, 1, 5, 0},
		{"minmax clamps above, reversed", MinMax, -1, 35, 0},
		{"rank below all", Rank, 1, 5, -3},
		{"rank above all", Rank, 1, 35, 3},
	}
	for _, tt := range tests {
		out := make([]float64, 1)
		tt.method.points(out, []float64{tt.x}, reference, nil, tt.dir)
		if out[0] != tt.want {
			t.Errorf("%s: points(%v) = %v, want %v", tt.what, tt.x, out[0], tt.want)
		}
	}
	if got := minMaxPoints(4, 3, 3, 1); got != 10 {
		t.Errorf("minmax above a range of one value = %v, want 10", got)
	}
	if got := minMaxPoints(2, 3, 3, -1); got != 10 {
		t.Errorf("minmax below a range of one value, reversed = %v, want 10", got)
	}
}

// TestPointsAgreeWithNaiveTwin: every method, random values with ties and zeros,
// and values from outside the reference.
func TestPointsAgreeWithNaiveTwin(t *testing.T) {
	for seed := uint64(1); seed <= 300; seed++ {
		r := rand.New(rand.NewPCG(seed, 3))
		n := 1 + r.IntN(50)
		reference, weights, values := make([]float64, n), make([]float64, n), make([]float64, n)
		spread := 1 + r.IntN(60)
		for i := range n {
			reference[i], weights[i], values[i] = float64(r.IntN(spread)), float64(r.IntN(9)), float64(r.IntN(spread+4)-2)
			if r.IntN(5) == 0 {
				reference[i] = nan
			}
			if r.IntN(5) == 0 {
				values[i] = nan
			}
		}
		sorted := slices.DeleteFunc(slices.Clone(reference), func(v float64) bool { return math.IsNaN(v) })
		slices.Sort(sorted)
		sum, total := 0.0, 0.0
		for i, v := range reference {
			if !math.IsNaN(v) {
				sum, total = sum+weights[i]*v, total+weights[i]
			}
		}
		for _, m := range Methods() {
			for _, dir := range []Direction{1, -1} {
				out := make([]float64, n)
				m.points(out, values, sorted, func(int) float64 { return sum / total }, dir)
				for i, x := range values {
					want := naivePoints(m, x, reference, weights, dir)
					if m == Ratio && len(sorted) == 0 {
						want = nan
					}
					if m == Points && !math.IsNaN(x) { // whatever the reference
						want = naivePoints(m, x, []float64{0}, []float64{1}, dir)
					}
					if !same(value(out[i]), want) {
						t.Fatalf("seed %d: %s: direction %d: points(%v) = %v, naive %v (reference %v)", seed, m, dir, x, out[i], want, reference)
					}
				}
			}
		}
	}
}

func TestParseMethod(t *testing.T) {
	for _, m := range Methods() {
		if got, err := ParseMethod(string(m)); err != nil || got != m {
			t.Errorf("ParseMethod(%q) = %q, %v", m, got, err)
		}
	}
	var m Method
	want := `method "Percentile": expected percentile, minmax, rank, ratio or points`
	if err := m.UnmarshalText([]byte("Percentile")); err == nil || err.Error() != want {
		t.Errorf("UnmarshalText(Percentile): %v, want %s", err, want)
	}
	if Methods()[0] != Defaults().Method {
		t.Error("the first method listed is not the default")
	}
}
