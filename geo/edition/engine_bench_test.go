package edition_test

import (
	"sync"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/ifn"
)

// BenchmarkAisneField is one search: from every node of the demonstration's roads to
// the nearest lieu of any service, by each mode. Target: 3 ms.
func BenchmarkAisneField(b *testing.B) {
	e := editiontest.Aisne(b)
	for _, m := range street.Modes {
		var sources []road.Snap
		for _, s := range e.Sites {
			if snap, reach := e.Network.Snap(m, s.At); reach == geo.Reached && s.Services.Offers(lieu.Any) {
				sources = append(sources, snap)
			}
		}
		b.Run(m.String(), func(b *testing.B) {
			search := e.Network.NewSearch(m)
			search.Nearest(sources)
			for b.Loop() {
				search.Nearest(sources)
			}
			b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/field")
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(e.Network.Counts().Nodes), "ns/node")
		})
	}
}

// BenchmarkAisneLoad reads the compiled network of the demonstration and makes it ready
// for searches. Target: 50 ms.
func BenchmarkAisneLoad(b *testing.B) {
	e := editiontest.Aisne(b)
	data, err := e.Network.MarshalBinary()
	if err != nil {
		b.Fatal(err)
	}
	for b.Loop() {
		n := new(road.Network)
		if err := n.UnmarshalBinary(data); err != nil {
			b.Fatal(err)
		}
		var ready sync.WaitGroup
		ready.Go(func() { n.Graph(street.Car) })
		ready.Go(func() { n.Snap(street.Car, n.Node(0)) })
		ready.Wait()
	}
	b.ReportMetric(float64(b.Elapsed().Milliseconds())/float64(b.N), "ms/load")
	b.ReportMetric(float64(len(data))/(1<<20), "MiB")
}

// BenchmarkAisneCompute is the whole edition once its inputs are read and its roads
// are a network: grid, people, access by three modes, classes and zones. Target: 2 s.
func BenchmarkAisneCompute(b *testing.B) {
	in, err := editiontest.ReadAisne()
	if err != nil {
		b.Fatal(err)
	}
	var after time.Duration
	each := map[string]time.Duration{}
	for b.Loop() {
		_, steps, err := edition.Build(b.Context(), in, edition.DefaultParams(), nil)
		if err != nil {
			b.Fatal(err)
		}
		for _, s := range steps {
			if each[s.Name] += s.Elapsed; s.Name != "lecture" && s.Name != "réseau" {
				after += s.Elapsed
			}
		}
	}
	b.ReportMetric(after.Seconds()/float64(b.N), "s/edition")
	for name, t := range each {
		b.ReportMetric(t.Seconds()/float64(b.N), "s/"+name)
	}
}

// BenchmarkAisneIndex is the index of a level, with the rank intervals, as the command
// and the API give it. Target: 50 ms.
func BenchmarkAisneIndex(b *testing.B) {
	e := editiontest.Aisne(b)
	structure, err := ifn.Builtin(ifn.HDF2021)
	if err != nil {
		b.Fatal(err)
	}
	for _, level := range []admin.Type{admin.TypeEPCI, admin.TypeCommune} {
		b.Run(string(level), func(b *testing.B) {
			for b.Loop() {
				r, err := e.IndexReport(edition.Scope{Level: level}, structure, edition.IFNOptions(level))
				if err != nil {
					b.Fatal(err)
				}
				if _, err := r.MarshalJSON(); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/index")
		})
	}
}

// BenchmarkAisneGaps is the gap analysis of a question that nobody asked before: its
// answer, and need and offer, included. Target: 50 ms.
func BenchmarkAisneGaps(b *testing.B) {
	e := editiontest.Aisne(b)
	for _, level := range []admin.Type{admin.TypeEPCI, admin.TypeCommune} {
		b.Run(string(level), func(b *testing.B) {
			for b.Loop() {
				if _, err := e.Gaps(e.Answer(e.Params.Query()), edition.Scope{Level: level}); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/1000/float64(b.N), "ms/report")
		})
	}
}
