package api

import (
	"testing"

	"github.com/aisne-numerique/maillage/api/gate"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// BenchmarkLoad is what a server does between the bytes of an edition and its first
// answer.
func BenchmarkLoad(b *testing.B) {
	data, err := editiontest.Aisne(b).Encode()
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		e, err := edition.Decode(data)
		if err != nil {
			b.Fatal(err)
		}
		if _, err := snapshot.New(e, gate.New(turns())); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/edition")
}
