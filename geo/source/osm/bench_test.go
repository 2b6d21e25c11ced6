package osm

import (
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
)

// BenchmarkRoads reads published extracts, kept beside the repository on some machines.
func BenchmarkRoads(b *testing.B) {
	for _, name := range []string{"liechtenstein-2021.osm.pbf", "monaco.osm.pbf", "north-bayreuth-2014.osm.pbf", "north-bayreuth-2014.osm.gz"} {
		b.Run(name, func(b *testing.B) {
			in := sourcetest.RealFile(b, "osm", name)
			b.ReportAllocs()
			for b.Loop() {
				imp, err := Roads(b.Context(), []source.Input{in}, source.Options{})
				if err != nil {
					b.Fatal(err)
				}
				for _, err := range imp.Rows {
					if err != nil {
						b.Fatal(err)
					}
				}
			}
		})
	}
}
