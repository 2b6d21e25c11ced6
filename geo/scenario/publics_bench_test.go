package scenario

import (
	"context"
	"encoding/json"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

// withAndWithout runs what is measured on the demonstration as it is, and as if nothing were
// known of its publics.
func withAndWithout(b *testing.B, measured func(b *testing.B, e *edition.Edition)) {
	data, err := editiontest.Aisne(b).Encode()
	if err != nil {
		b.Fatal(err)
	}
	for _, forget := range []bool{false, true} {
		e, err := edition.Decode(data)
		if err != nil {
			b.Fatal(err)
		}
		if e.Publics == nil {
			b.Fatal("nothing is known of publics")
		}
		name := "with"
		if forget {
			name, e.Publics = "without", nil
		}
		b.Run(name, func(b *testing.B) { measured(b, e) })
	}
}

// BenchmarkPublicsInGaps answers a question that nobody asked before, for every commune, and
// writes it. Target: publics cost a fifth more at most, before they are written.
func BenchmarkPublicsInGaps(b *testing.B) {
	withAndWithout(b, func(b *testing.B, e *edition.Edition) {
		var asked, written []time.Duration // of all processors: others share them
		bytes, n := 0, 0
		if _, err := e.Gaps(e.Answer(e.Params.Query()), edition.Scope{Level: admin.TypeCommune}); err != nil { // what an edition computes once
			b.Fatal(err)
		}
		for b.Loop() {
			n++
			q := coverage.Query{Service: lieu.Demarches, Mode: geo.Car, Cutoff: geo.Cost(10+n%20) * geo.Minute, MinHours: float64(n % 30)}
			start := processor(b)
			report, err := e.Gaps(e.Answer(q), edition.Scope{Level: admin.TypeCommune})
			if err != nil {
				b.Fatal(err)
			}
			asked = append(asked, processor(b)-start)
			start = processor(b)
			body, err := json.Marshal(report)
			if err != nil {
				b.Fatal(err)
			}
			written, bytes = append(written, processor(b)-start), len(body)
		}
		percentiles(b, asked)
		b.ReportMetric(float64(median(written).Microseconds())/1000, "ms/written")
		b.ReportMetric(float64(bytes)/1e6, "MB")
	})
}

// BenchmarkPublicsInScenarios adds a lieu anywhere. Target: publics cost a fifth more at most.
func BenchmarkPublicsInScenarios(b *testing.B) {
	withAndWithout(b, func(b *testing.B, e *edition.Edition) {
		base, err := NewEngine(e).Base(e.Params.Query())
		if err != nil {
			b.Fatal(err)
		}
		var evaluated, written []time.Duration // of all processors: others share them
		r := rand.New(rand.NewPCG(1, 2))
		for b.Loop() {
			at, hours := somewhere(r, e), "Mo-Fr 09:00-17:00"
			s := &Scenario{Version: Version, Name: "essai", Actions: []Action{{Do: AddLieu, Lon: &at.Lon, Lat: &at.Lat, Services: editiontest.Names(lieu.NineServices), Horaires: &hours}}}
			start := processor(b)
			d, err := base.Evaluate(context.Background(), s)
			if err != nil {
				b.Fatal(err)
			}
			evaluated = append(evaluated, processor(b)-start)
			start = processor(b)
			if _, err := json.Marshal(d); err != nil {
				b.Fatal(err)
			}
			written = append(written, processor(b)-start)
		}
		percentiles(b, evaluated)
		b.ReportMetric(float64(median(written).Microseconds())/1000, "ms/written")
	})
}

func median(times []time.Duration) time.Duration {
	sorted := slices.Sorted(slices.Values(times))
	return sorted[len(sorted)/2]
}
