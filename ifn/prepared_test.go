package ifn

import (
	"math"
	"math/rand/v2"
	"testing"
)

// TestPreparedEqualsComputing: scores after columns change are those of a table made with
// these columns, bit for bit, with and without a reference.
func TestPreparedEqualsComputing(t *testing.T) {
	s, err := Builtin(HDF2021)
	if err != nil {
		t.Fatal(err)
	}
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 41))
		table, reference := randomTable(t, r, s, 1+r.IntN(20), 0.2), randomTable(t, r, s, 2+r.IntN(20), 0.2)
		o := Defaults()
		o.Draws, o.Method, o.MinCoverage = 0, Methods()[r.IntN(len(Methods()))], 0.5*r.Float64()
		if r.IntN(2) == 0 {
			o.Reference = reference
		}
		prepared, err := s.Prepare(table, o)
		if err != nil {
			t.Fatal(err)
		}
		change := func(rows int) map[string][]float64 {
			columns := map[string][]float64{}
			for _, name := range []string{"acces_competences_min", "acces_demarches_min", "revenu_median_uc_2021_eur"}[:r.IntN(4)] {
				values := make([]float64, rows)
				for i := range values {
					if values[i] = float64(r.IntN(9)); r.IntN(4) == 0 {
						values[i] = math.NaN()
					}
				}
				columns[name] = values
			}
			return columns
		}
		columns, others := change(table.Len()), change(reference.Len())
		got := prepared.Scores(columns, others)
		set := func(t *Table, columns map[string][]float64) *Table {
			out := t.with(nil)
			for name, values := range columns {
				if err := out.SetColumn(name, values); err != nil {
					panic(err)
				}
			}
			return out
		}
		if o.Reference != nil {
			o.Reference = set(reference, others)
		}
		want, err := s.Compute(set(table, columns), o)
		if err != nil {
			t.Fatal(err)
		}
		for i, row := range want.Rows {
			same := got[i].Score == row.Score && got[i].Completeness == row.Completeness
			for k := range row.Subs {
				same = same && got[i].Subs[k] == row.Subs[k].Score
			}
			if !same {
				t.Fatalf("seed %d, %s, row %d: %+v, want %+v %+v %v", seed, o.Method, i, got[i], row.Score, row.Subs, row.Completeness)
			}
		}
	}
}
