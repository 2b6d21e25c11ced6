package timing_test

import (
	"slices"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/timing"
)

// BenchmarkDemonstration: all placements of one lieu after the other.
func BenchmarkDemonstration(b *testing.B) {
	e := editiontest.Aisne(b)
	g := scenario.NewEngine(e)
	g.Starts(geo.Transit)
	a := e.Answer(e.Params.Query().By(geo.Transit))
	var took []time.Duration
	tried, better := 0, 0
	for b.Loop() {
		for site := 0; site < len(e.Sites); site += 5 {
			begin := time.Now()
			found, err := timing.Find(b.Context(), g, a, int32(site))
			if err != nil {
				continue // its hours are not known
			}
			took = append(took, time.Since(begin))
			tried += len(found.Placements)
			if len(found.Days()) > 0 {
				better++
			}
		}
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "ms/lieu-p50")
	b.ReportMetric(float64(took[len(took)-1].Microseconds())/1000, "ms/lieu-max")
	b.ReportMetric(float64(tried)/float64(len(took)), "placements/lieu")
	b.ReportMetric(float64(better)/float64(len(took)), "lieux-with-better")
}
