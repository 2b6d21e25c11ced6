package tiles

import (
	"context"
	"slices"
	"sync"
	"testing"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/store"
)

func compute(t testing.TB, in *editiontest.Inputs) *edition.Edition {
	t.Helper()
	e, _, err := edition.Build(context.Background(), in, edition.DefaultParams(), nil)
	if err != nil {
		t.Fatal(err)
	}
	return e
}

func newSet(t testing.TB, e *edition.Edition) *Set {
	t.Helper()
	s, err := New(e)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// The tiny world: three square communes side by side, west to east, 0.04° wide
// and high (2.9 × 4.4 km), the first two in one EPCI. The middle one has a hole
// that belongs to the first one. A road runs from west to east; the one lieu is at
// its western end.
//
//	50°N + ┌───────┬───────┬───────┐
//	  0.04 │ A     │ B ┌┐  │ C     │
//	       │·──────┼───└┘──┼──────·│
//	     0 └───────┴───────┴───────┘
//	      3.5    3.54    3.58    3.62°E
func tinyInputs() *editiontest.Inputs {
	square := func(west, south, width float64) orb.Ring {
		e, n := west+width, south+width
		return orb.Ring{{west, south}, {e, south}, {e, n}, {west, n}, {west, south}}
	}
	hole := square(3.556, 50.018, 0.008)
	turned := slices.Clone(hole)
	slices.Reverse(turned)
	in := &editiontest.Inputs{
		CommuneRows: []admin.Commune{
			{Code: "02001", Nom: "Aube", EPCI: "200000001", Population: 900, Point: geo.LonLat{Lon: 3.52, Lat: 50.02},
				Outline: orb.MultiPolygon{{square(3.5, 50, 0.04)}, {hole}}},
			{Code: "02002", Nom: "Midi", EPCI: "200000001", Population: 300, Point: geo.LonLat{Lon: 3.57, Lat: 50.03},
				Outline: orb.MultiPolygon{{square(3.54, 50, 0.04), turned}}},
			{Code: "02003", Nom: "Couchant", EPCI: "200000002", Population: 100, Point: geo.LonLat{Lon: 3.6, Lat: 50.02},
				Outline: orb.MultiPolygon{{square(3.58, 50, 0.04)}}},
		},
		EPCIRows: []admin.EPCI{
			{Code: "200000001", Nom: "Matin", Outline: orb.MultiPolygon{{orb.Ring{{3.5, 50}, {3.54, 50}, {3.58, 50}, {3.58, 50.04}, {3.54, 50.04}, {3.5, 50.04}, {3.5, 50}}}}},
			{Code: "200000002", Nom: "Soir", Outline: orb.MultiPolygon{{square(3.58, 50, 0.04)}}},
		},
		LieuRows: []lieu.Lieu{
			{ID: "l1", Nom: "Médiathèque", Commune: "02001", At: geo.LonLat{Lon: 3.505, Lat: 50.015}, Located: true,
				Services: lieu.Services(0).With(lieu.Demarches).With(lieu.Outils), Horaires: lieu.Horaires{Known: true, Slots: slots(80)}},
			{ID: "l2", Nom: "Bus", Located: true, At: geo.LonLat{Lon: 3.52, Lat: 50.02}, Itinerant: true, Services: 1},
			{ID: "l3", Nom: "Sans adresse"},
			{ID: "l4", Nom: "Mairie", CommuneNom: "Ailleurs", At: geo.LonLat{Lon: 3.51, Lat: 50.015}, Located: true},
		},
		TourneeRows: []lieu.Tournee{{ID: "t1", LieuID: "l2", Stops: []lieu.Stop{
			{Nom: "Place", Commune: "02002", At: geo.LonLat{Lon: 3.545, Lat: 50.015}, Horaires: lieu.Horaires{Known: true, Slots: slots(16)}}}}},
	}
	var way road.Way
	for i := range 13 { // 3.505 to 3.615°E, with a bend of 0.0003° at every other point
		way.Nodes = append(way.Nodes, int64(i+1))
		way.At = append(way.At, geo.LonLat{Lon: 3.505 + 0.11*float64(i)/12, Lat: 50.015 + 0.0003*float64(i%2)})
	}
	way.ID, way.Tags = 1, map[string]string{"highway": "primary"}
	side := road.Way{ID: 2, Nodes: []int64{7, 100}, At: []geo.LonLat{way.At[6], {Lon: way.At[6].Lon, Lat: 50.03}}, Tags: map[string]string{"highway": "residential"}}
	in.WayRows = []road.Way{way, side}
	for _, k := range []store.Kind{store.Communes.Kind, store.EPCI.Kind, store.Lieux.Kind, store.Roads.Kind, store.Tournees.Kind} {
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: k, Dataset: string(k), Source: "Essai & fils", Licence: "libre", Vintage: "2024"})
	}
	return in
}

func slots(n int) (s lieu.Slots) {
	for i := range n {
		s.Add(i)
	}
	return s
}

// tiny is the edition of the tiny world. It must not be changed.
var tiny = sync.OnceValue(func() *edition.Edition {
	e, _, err := edition.Build(context.Background(), tinyInputs(), edition.DefaultParams(), nil)
	if err != nil {
		panic(err)
	}
	return e
})
