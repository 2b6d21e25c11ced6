// Package editiontest gives tests inputs held in memory, and the demonstration
// edition, computed once for each test binary. Only tests import it.
package editiontest

import (
	"context"
	"fmt"
	"iter"
	"sync"
	"testing"

	"github.com/aisne-numerique/maillage/fixtures"
	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/dataset"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/network/networktest"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// Inputs is what a computation reads, held in memory: a [store.Inputs].
type Inputs struct {
	ManifestRows []store.Manifest
	CommuneRows  []admin.Commune
	EPCIRows     []admin.EPCI
	SecteurRows  []admin.Secteur
	SetRows      []admin.Set
	LieuRows     []lieu.Lieu
	TourneeRows  []lieu.Tournee
	VariableRows []store.Variable
	SquareRows   []store.Square
	PlaceRows    []equipement.Equipement
	FeedRows     []transit.Feed
	OnDemandRows []transit.Zone
	WayRows      []road.Way
}

var (
	_ store.Inputs   = (*Inputs)(nil)
	_ store.Importer = (*Inputs)(nil)
)

// held is a field of [Inputs].
type held interface {
	each(yield func(any, error) bool)
	add(row any)
}

type rows[T any] struct{ of *[]T }

func (r rows[T]) each(yield func(any, error) bool) {
	for _, row := range *r.of {
		if !yield(row, nil) {
			return
		}
	}
}

func (r rows[T]) add(row any) { *r.of = append(*r.of, row.(T)) }

func (in *Inputs) held(kind store.Kind) held {
	return map[store.Kind]held{
		store.Communes.Kind:    rows[admin.Commune]{&in.CommuneRows},
		store.EPCI.Kind:        rows[admin.EPCI]{&in.EPCIRows},
		store.Secteurs.Kind:    rows[admin.Secteur]{&in.SecteurRows},
		store.Territoires.Kind: rows[admin.Set]{&in.SetRows},
		store.Lieux.Kind:       rows[lieu.Lieu]{&in.LieuRows},
		store.Tournees.Kind:    rows[lieu.Tournee]{&in.TourneeRows},
		store.Variables.Kind:   rows[store.Variable]{&in.VariableRows},
		store.Population.Kind:  rows[store.Square]{&in.SquareRows},
		store.Equipements.Kind: rows[equipement.Equipement]{&in.PlaceRows},
		store.GTFS.Kind:        rows[transit.Feed]{&in.FeedRows},
		store.OnDemand.Kind:    rows[transit.Zone]{&in.OnDemandRows},
		store.Roads.Kind:       rows[road.Way]{&in.WayRows},
	}[kind]
}

// Manifests gives the manifests.
func (in *Inputs) Manifests(context.Context) ([]store.Manifest, error) { return in.ManifestRows, nil }

// Read gives the rows of a field.
func (in *Inputs) Read(_ context.Context, kind store.Kind) iter.Seq2[any, error] {
	return in.held(kind).each
}

// Replace adds a dataset: there is one of each name here.
func (in *Inputs) Replace(_ context.Context, m store.Manifest, rows iter.Seq2[any, error]) (store.Manifest, error) {
	to := in.held(m.Kind)
	m.Rows = 0
	for row, err := range rows {
		if err != nil {
			return m, err
		}
		to.add(row)
		m.Rows++
	}
	in.ManifestRows = append(in.ManifestRows, m)
	return m, nil
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
		kind, err := dataset.Parse(entry.Kind)
		if err != nil {
			return nil, err
		}
		report, err := kind.Load(context.Background(), in, []source.Input{source.FromFS(files, entry.File)}, source.Options{Dataset: entry.Dataset,
			Source: entry.Source, Licence: entry.Licence, Vintage: entry.Vintage, Modelled: entry.Modelled, Note: entry.Note}, nil)
		if err != nil {
			return nil, err
		}
		if len(report.Rejected) > 0 {
			return nil, fmt.Errorf("fixture %s", report.Rejected[0])
		}
	}
	return in, nil
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

// BuildToy computes an edition whose people walk by the toy network (see [networktest.Toy]).
func BuildToy(t testing.TB, in *Inputs, p edition.Params) *edition.Edition {
	t.Helper()
	e, _, err := edition.BuildOn(context.Background(), in, p, func(e *edition.Edition, m geo.Mode) network.Network {
		s, _ := street.ModeOf(m)
		if m == geo.Walk {
			return networktest.Toy{Base: e.Network.By(s)}
		}
		return e.Network.By(s)
	}, nil)
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
