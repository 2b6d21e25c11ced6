// Package editiontest gives tests inputs held in memory, and the demonstration
// edition, computed once for each test binary. Only tests import it.
package editiontest

import (
	"context"
	"fmt"
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
	"github.com/aisne-numerique/maillage/geo/source/lieux"
	"github.com/aisne-numerique/maillage/geo/source/osm"
	"github.com/aisne-numerique/maillage/geo/source/outline"
	"github.com/aisne-numerique/maillage/geo/source/stat"
	"github.com/aisne-numerique/maillage/geo/store"
)

// Inputs is what a computation reads, held in memory: a [store.Inputs].
type Inputs struct {
	ManifestRows []store.Manifest
	CommuneRows  []admin.Commune
	EPCIRows     []admin.EPCI
	SecteurRows  []admin.Secteur
	LieuRows     []lieu.Lieu
	TourneeRows  []lieu.Tournee
	VariableRows []store.Variable
	SquareRows   []store.Square
	WayRows      []road.Way
}

var _ store.Inputs = (*Inputs)(nil)

// Manifests, and the methods below, give the fields: copies of those that a
// computation sorts.
func (in *Inputs) Manifests(context.Context) ([]store.Manifest, error) { return in.ManifestRows, nil }
func (in *Inputs) Communes(context.Context) ([]admin.Commune, error) {
	return slices.Clone(in.CommuneRows), nil
}
func (in *Inputs) EPCI(context.Context) ([]admin.EPCI, error) { return slices.Clone(in.EPCIRows), nil }
func (in *Inputs) Secteurs(context.Context) ([]admin.Secteur, error) {
	return slices.Clone(in.SecteurRows), nil
}
func (in *Inputs) Lieux(context.Context) ([]lieu.Lieu, error)          { return in.LieuRows, nil }
func (in *Inputs) Tournees(context.Context) ([]lieu.Tournee, error)    { return in.TourneeRows, nil }
func (in *Inputs) Variables(context.Context) ([]store.Variable, error) { return in.VariableRows, nil }

func (in *Inputs) Population(context.Context) ([]store.Square, error) { return in.SquareRows, nil }

// Roads gives the ways.
func (in *Inputs) Roads(context.Context) iter.Seq2[road.Way, error] {
	return func(yield func(road.Way, error) bool) {
		for _, w := range in.WayRows {
			if !yield(w, nil) {
				return
			}
		}
	}
}

// ReadAisne reads the demonstration territory through the readers of published
// files.
func ReadAisne() (*Inputs, error) {
	files, entries, err := fixtures.Aisne()
	if err != nil {
		return nil, err
	}
	in := &Inputs{}
	for _, entry := range entries {
		switch store.Kind(entry.Kind) {
		case store.Communes:
			in.CommuneRows, err = gather(in, outline.Communes, files, entry)
		case store.EPCI:
			in.EPCIRows, err = gather(in, outline.EPCI, files, entry)
		case store.Secteurs:
			in.SecteurRows, err = gather(in, outline.Secteurs, files, entry)
		case store.Lieux:
			in.LieuRows, err = gather(in, lieux.Lieux, files, entry)
		case store.Tournees:
			in.TourneeRows, err = gather(in, lieux.Tournees, files, entry)
		case store.Variables:
			in.VariableRows, err = gather(in, stat.Variables, files, entry)
		case store.Roads:
			in.WayRows, err = gather(in, osm.Roads, files, entry)
		default:
			err = fmt.Errorf("fixture %s: kind %q", entry.File, entry.Kind)
		}
		if err != nil {
			return nil, err
		}
	}
	return in, nil
}

func gather[T any](in *Inputs, read func(context.Context, []source.Input, source.Options) (*source.Import[T], error), files fs.FS, entry fixtures.Entry) ([]T, error) {
	imported, err := read(context.Background(), []source.Input{source.FromFS(files, entry.File)}, source.Options{Dataset: entry.Dataset, Source: entry.Source,
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
	if len(imported.Report.Rejected) > 0 {
		return nil, fmt.Errorf("fixture %s", imported.Report.Rejected[0])
	}
	m := imported.Manifest
	m.Rows = len(rows)
	in.ManifestRows = append(in.ManifestRows, m)
	return rows, nil
}

// Build computes an edition.
func Build(t testing.TB, in *Inputs, p edition.Params) *edition.Edition {
	t.Helper()
	e, _, err := edition.Build(context.Background(), in, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

// Hours reads hours.
func Hours(t testing.TB, text string) lieu.Horaires {
	t.Helper()
	h, err := lieu.ParseHoraires(text)
	if err != nil {
		t.Fatal(err)
	}
	return h
}

var aisne = sync.OnceValues(func() (*edition.Edition, error) {
	in, err := ReadAisne()
	if err != nil {
		return nil, err
	}
	e, _, err := edition.Build(context.Background(), in, edition.DefaultParams(), nil)
	return e, err
})

// Aisne is the demonstration edition. It must not be changed.
func Aisne(t testing.TB) *edition.Edition {
	t.Helper()
	e, err := aisne()
	if err != nil {
		t.Fatal(err)
	}
	return e
}
