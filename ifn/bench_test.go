package ifn

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"testing"
)

// BenchmarkCompute measures a département (800 communes) and the nation (35 000),
// with and without rank intervals.
func BenchmarkCompute(b *testing.B) {
	s := mustBuiltin(b, HDF2021)
	for _, bench := range []struct{ rows, draws int }{{800, 0}, {800, 200}, {35_000, 0}, {35_000, 200}} {
		table := randomTable(b, rand.New(rand.NewPCG(1, 1)), s, bench.rows, 0.05)
		b.Run(fmt.Sprintf("rows=%d/draws=%d", bench.rows, bench.draws), func(b *testing.B) {
			o := Defaults()
			o.Draws = bench.draws
			ranked := 0
			for b.Loop() {
				ranked = mustCompute(b, s, table, o).Ranked
			}
			if ranked == 0 {
				b.Fatal("nothing was ranked")
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/computation")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(bench.rows), "ns/row")
		})
	}
}

// BenchmarkJSON writes the result of a département.
func BenchmarkJSON(b *testing.B) {
	s := mustBuiltin(b, HDF2021)
	r := mustCompute(b, s, randomTable(b, rand.New(rand.NewPCG(1, 1)), s, 800, 0.05), Defaults())
	size := 0
	for b.Loop() {
		data, err := json.Marshal(r)
		if err != nil {
			b.Fatal(err)
		}
		size = len(data)
	}
	b.ReportMetric(float64(size)/1024, "KiB")
}
