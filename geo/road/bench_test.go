package road

import (
	"fmt"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

func perOp(b *testing.B, count float64, unit string) {
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/count, unit)
}

func BenchmarkNearest(b *testing.B) {
	n := country()
	for _, m := range street.Modes {
		for _, count := range []int{1, 200} {
			sources, _ := snapAll(n, m, places(n, count, 3))
			b.Run(fmt.Sprintf("%s/%d", m, count), func(b *testing.B) {
				s := n.NewSearch(m)
				s.Nearest(sources)
				b.ReportAllocs()
				for b.Loop() {
					s.Nearest(sources)
				}
				perOp(b, float64(n.Counts().Nodes), "ns/node")
				perOp(b, float64(n.Counts().Arcs[m]), "ns/arc")
			})
		}
	}
}

// BenchmarkNearestHeap is the naive twin, for comparison.
func BenchmarkNearestHeap(b *testing.B) {
	n := country()
	sources, _ := snapAll(n, street.Car, places(n, 200, 3))
	h := newHeapSearch(n, street.Car)
	for b.Loop() {
		h.nearest(sources)
	}
	perOp(b, float64(n.Counts().Nodes), "ns/node")
	perOp(b, float64(n.Counts().Arcs[street.Car]), "ns/arc")
}

func BenchmarkAt(b *testing.B) {
	n := country()
	s := n.NewSearch(street.Car)
	sources, _ := snapAll(n, street.Car, places(n, 200, 3))
	f := s.Nearest(sources)
	origins, _ := snapAll(n, street.Car, places(n, 10_000, 4))
	for b.Loop() {
		for _, o := range origins {
			f.At(o)
		}
	}
	perOp(b, float64(len(origins)), "ns/origin")
}

func BenchmarkReach(b *testing.B) {
	n := country()
	sources, _ := snapAll(n, street.Car, places(n, 20, 3))
	origins := n.NewOrigins(snapAll(n, street.Car, places(n, 50_000, 4)))
	s := n.NewSearch(street.Car)
	reached := 0
	b.ReportAllocs()
	for b.Loop() {
		reached = 0
		for _, src := range sources {
			s.Reach(src, 15*geo.Minute, origins, func(int32, geo.Cost) { reached++ })
		}
	}
	perOp(b, float64(reached), "ns/origin")
}

func BenchmarkSnap(b *testing.B) {
	n := country()
	for _, m := range street.Modes {
		b.Run(m.String(), func(b *testing.B) {
			where := places(n, 1<<14, 4)
			i := 0
			b.ReportAllocs()
			for b.Loop() {
				n.Snap(m, where[i&(1<<14-1)])
				i++
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "snaps/s")
		})
	}
}

func BenchmarkBuild(b *testing.B) {
	ways := countryWays(330, 7)
	b.ResetTimer()
	for b.Loop() {
		if _, err := Build(each(ways)); err != nil {
			b.Fatal(err)
		}
	}
	perOp(b, float64(country().Counts().Points), "ns/point")
}

func BenchmarkCodec(b *testing.B) {
	n := country()
	encoded, err := n.MarshalBinary()
	if err != nil {
		b.Fatal(err)
	}
	b.Run("encode", func(b *testing.B) {
		buf := encoded
		for b.Loop() {
			buf, _ = n.AppendBinary(buf[:0])
		}
		b.ReportMetric(float64(len(buf))/float64(n.Counts().Edges), "bytes/edge")
	})
	b.Run("decode", func(b *testing.B) {
		for b.Loop() {
			if err := new(Network).UnmarshalBinary(encoded); err != nil {
				b.Fatal(err)
			}
		}
		perOp(b, float64(n.Counts().Edges), "ns/edge")
	})
}
