package api

import (
	"context"
	"fmt"
	"io/fs"
	"iter"
	"net/http"
	"sync"
	"testing"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// The benchmarks ask the demonstration edition (798 communes, 82 000 cells) one
// question after another that nobody asked before, so nothing but the edition
// itself is in memory.

func BenchmarkColdGapsOfCommunes(b *testing.B) { cold(b, "/api/v1/gaps?level=commune") }

func BenchmarkColdColumnOfClasses(b *testing.B) { cold(b, "/api/v1/acces?mesure=classe") }

func BenchmarkColdZones(b *testing.B) { cold(b, "/api/v1/zones-blanches?") }

// BenchmarkOtherHours moves the slider of hours: the trips are already known.
func BenchmarkOtherHours(b *testing.B) {
	s, n := demonstration(b), 0
	for b.Loop() {
		n++
		get(b, s, fmt.Sprintf("/api/v1/gaps?level=commune&min_hours=%d.%03d", n/1000%168, n%1000), "Accept-Encoding", "gzip")
	}
}

// BenchmarkWarmGaps asks what was just asked.
func BenchmarkWarmGaps(b *testing.B) {
	s := demonstration(b)
	for b.Loop() {
		get(b, s, "/api/v1/gaps?level=commune", "Accept-Encoding", "gzip")
	}
}

func BenchmarkPublish(b *testing.B) {
	s := demonstration(b)
	e := s.current.Load().Edition
	for b.Loop() {
		if err := s.Publish(e); err != nil {
			b.Fatal(err)
		}
	}
}

func cold(b *testing.B, target string) {
	s, n := demonstration(b), 0
	for b.Loop() {
		n++
		rec := do(s, http.MethodGet, fmt.Sprintf("%s&cutoff=%d.%03d", target, 10+n/1000%40, n%1000), "Accept-Encoding", "gzip")
		if rec.Code != http.StatusOK {
			b.Fatalf("%d %s", rec.Code, rec.Body)
		}
	}
}

var demo struct {
	sync.Once
	edition *edition.Edition
	err     error
}

// demonstration is a server of the demonstration edition, computed once.
func demonstration(b *testing.B) *Server {
	b.Helper()
	demo.Do(func() {
		var in *aisne
		if in, demo.err = readAisne(); demo.err == nil {
			demo.edition, _, demo.err = edition.Build(context.Background(), in, edition.DefaultParams(), nil)
		}
	})
	if demo.err != nil {
		b.Fatal(demo.err)
	}
	s := New(Options{})
	if err := s.Publish(demo.edition); err != nil {
		b.Fatal(err)
	}
	return s
}

// aisne is the demonstration territory as inputs.
type aisne struct {
	manifests []store.Manifest
	communes  []admin.Commune
	epci      []admin.EPCI
	secteurs  []admin.Secteur
	lieux     []lieu.Lieu
	tournees  []lieu.Tournee
	variables []store.Variable
	roads     []road.Way
}

func (in *aisne) Manifests(context.Context) ([]store.Manifest, error) { return in.manifests, nil }
func (in *aisne) Communes(context.Context) ([]admin.Commune, error)   { return in.communes, nil }
func (in *aisne) EPCI(context.Context) ([]admin.EPCI, error)          { return in.epci, nil }
func (in *aisne) Secteurs(context.Context) ([]admin.Secteur, error)   { return in.secteurs, nil }
func (in *aisne) Lieux(context.Context) ([]lieu.Lieu, error)          { return in.lieux, nil }
func (in *aisne) Tournees(context.Context) ([]lieu.Tournee, error)    { return in.tournees, nil }
func (in *aisne) Variables(context.Context) ([]store.Variable, error) { return in.variables, nil }
func (in *aisne) Roads(context.Context) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		for _, w := range in.roads {
			if !yield(w, nil) {
				return
			}
		}
	}
}

func readAisne() (*aisne, error) {
	files, entries, err := fixtures.Aisne()
	if err != nil {
		return nil, err
	}
	in := &aisne{}
	for _, entry := range entries {
		switch store.Kind(entry.Kind) {
		case store.Communes:
			in.communes, err = gather(in, source.Communes, files, entry)
		case store.EPCI:
			in.epci, err = gather(in, source.EPCI, files, entry)
		case store.Secteurs:
			in.secteurs, err = gather(in, source.Secteurs, files, entry)
		case store.Lieux:
			in.lieux, err = gather(in, source.Lieux, files, entry)
		case store.Tournees:
			in.tournees, err = gather(in, source.Tournees, files, entry)
		case store.Variables:
			in.variables, err = gather(in, source.Variables, files, entry)
		case store.Roads:
			in.roads, err = gather(in, source.Roads, files, entry)
		}
		if err != nil {
			return nil, err
		}
	}
	return in, nil
}

func gather[T any](in *aisne, read func([]source.Input, source.Options) (*source.Import[T], error), files fs.FS, entry fixtures.Entry) ([]T, error) {
	imported, err := read([]source.Input{source.FromFS(files, entry.File)}, source.Options{Dataset: entry.Dataset, Source: entry.Source,
		Licence: entry.Licence, Vintage: entry.Vintage, Modelled: entry.Modelled})
	if err != nil {
		return nil, err
	}
	var rows []T
	for row, err := range imported.Rows {
		if err != nil {
			return nil, err
		}
		rows = append(rows, row)
	}
	m := imported.Manifest
	m.Rows = len(rows)
	in.manifests = append(in.manifests, m)
	return rows, nil
}
