package edition_test

import (
	"context"
	"io/fs"
	"iter"
	"slices"
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

// memory is the inputs of a computation, held in memory: what a store would give.
type memory struct {
	manifests []store.Manifest
	communes  []admin.Commune
	epci      []admin.EPCI
	secteurs  []admin.Secteur
	lieux     []lieu.Lieu
	tournees  []lieu.Tournee
	variables []store.Variable
	roads     []road.Way
}

func (m *memory) Manifests(context.Context) ([]store.Manifest, error) { return m.manifests, nil }
func (m *memory) Communes(context.Context) ([]admin.Commune, error) {
	return slices.Clone(m.communes), nil
}
func (m *memory) EPCI(context.Context) ([]admin.EPCI, error) { return slices.Clone(m.epci), nil }
func (m *memory) Secteurs(context.Context) ([]admin.Secteur, error) {
	return slices.Clone(m.secteurs), nil
}
func (m *memory) Lieux(context.Context) ([]lieu.Lieu, error)          { return m.lieux, nil }
func (m *memory) Tournees(context.Context) ([]lieu.Tournee, error)    { return m.tournees, nil }
func (m *memory) Variables(context.Context) ([]store.Variable, error) { return m.variables, nil }
func (m *memory) Roads(context.Context) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		for _, w := range m.roads {
			if !yield(w, nil) {
				return
			}
		}
	}
}

func gather[T any](t testing.TB, m *memory, read func([]source.Input, source.Options) (*source.Import[T], error), fsys fs.FS, entry fixtures.Entry) []T {
	t.Helper()
	imp, err := read([]source.Input{source.FromFS(fsys, entry.File)}, source.Options{Dataset: entry.Dataset, Source: entry.Source,
		Licence: entry.Licence, Vintage: entry.Vintage, Modelled: entry.Modelled})
	if err != nil {
		t.Fatal(err)
	}
	var rows []T
	for row, err := range imp.Rows {
		if err != nil {
			t.Fatal(err)
		}
		rows = append(rows, row)
	}
	if len(imp.Report.Rejected) > 0 {
		t.Fatalf("%s: %s", entry.File, imp.Report.Rejected[0])
	}
	manifest := imp.Manifest
	manifest.Rows = len(rows)
	m.manifests = append(m.manifests, manifest)
	return rows
}

func readAisne(t testing.TB) *memory {
	t.Helper()
	fsys, manifest, err := fixtures.Aisne()
	if err != nil {
		t.Fatal(err)
	}
	m := &memory{}
	for _, entry := range manifest {
		switch store.Kind(entry.Kind) {
		case store.Communes:
			m.communes = gather(t, m, source.Communes, fsys, entry)
		case store.EPCI:
			m.epci = gather(t, m, source.EPCI, fsys, entry)
		case store.Secteurs:
			m.secteurs = gather(t, m, source.Secteurs, fsys, entry)
		case store.Lieux:
			m.lieux = gather(t, m, source.Lieux, fsys, entry)
		case store.Tournees:
			m.tournees = gather(t, m, source.Tournees, fsys, entry)
		case store.Variables:
			m.variables = gather(t, m, source.Variables, fsys, entry)
		case store.Roads:
			m.roads = gather(t, m, source.Roads, fsys, entry)
		default:
			t.Fatalf("fixture of unknown kind %q", entry.Kind)
		}
	}
	return m
}

var (
	once sync.Once
	demo *edition.Edition
)

// theAisne is the demonstration edition, computed once for all tests.
func theAisne(t testing.TB) *edition.Edition {
	t.Helper()
	once.Do(func() {
		e, _, err := edition.Build(context.Background(), readAisne(t), edition.DefaultParams(), nil)
		if err != nil {
			t.Fatal(err)
		}
		demo = e
	})
	if demo == nil {
		t.Fatal("the demonstration edition could not be computed")
	}
	return demo
}
