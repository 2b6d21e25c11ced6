package edition_test

import (
	"context"
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

// TestALieuAcrossTheBorderCounts has one commune, and its only lieu 3 km outside, at
// the end of a road that leaves the territory.
func TestALieuAcrossTheBorderCounts(t *testing.T) {
	square := orb.Polygon{{{3.5, 49.5}, {3.54, 49.5}, {3.54, 49.53}, {3.5, 49.53}, {3.5, 49.5}}}
	in := &editiontest.Inputs{
		CommuneRows: []admin.Commune{{Code: "02001", Nom: "Ici", EPCI: "200000001", Population: 100, Outline: orb.MultiPolygon{square}}},
		EPCIRows:    []admin.EPCI{{Code: "200000001", Nom: "Tout", Outline: orb.MultiPolygon{square}}},
		LieuRows: []lieu.Lieu{{ID: "voisin", Nom: "Voisin", Commune: "51001", Located: true, At: geo.LonLat{Lon: 3.58, Lat: 49.515},
			Services: lieu.Services(0).With(lieu.Demarches), Horaires: lieu.Horaires{Known: true}}},
		WayRows: []road.Way{
			{ID: 1, Nodes: []int64{1, 2, 3}, At: []geo.LonLat{{Lon: 3.505, Lat: 49.515}, {Lon: 3.53, Lat: 49.515}, {Lon: 3.58, Lat: 49.515}}, Tags: map[string]string{"highway": "residential"}},
			// Too far for any journey within the hour: left out of the network.
			{ID: 2, Nodes: []int64{8, 9}, At: []geo.LonLat{{Lon: 9, Lat: 49.515}, {Lon: 9.1, Lat: 49.515}}, Tags: map[string]string{"highway": "residential"}},
		},
	}
	for _, k := range []store.Kind{store.Communes.Kind, store.EPCI.Kind, store.Lieux.Kind, store.Roads.Kind} {
		in.ManifestRows = append(in.ManifestRows, store.Manifest{Kind: k, Dataset: string(k)})
	}
	e, _, err := edition.Build(context.Background(), in, edition.DefaultParams(), nil)
	if err != nil {
		t.Fatal(err)
	}
	if e.SiteCommune[0] != -1 || e.LieuCommune[0] != -1 {
		t.Errorf("the lieu of a neighbour is at home in commune %d", e.SiteCommune[0])
	}
	if n := e.Network.Counts().Nodes; n != 2 {
		t.Errorf("the network has %d nodes, want the two ends of the near road", n)
	}
	report, err := e.Gaps(e.Answer(e.Params.Query()), edition.Scope{Level: admin.TypeCommune})
	if err != nil {
		t.Fatal(err)
	}
	row := report.Territoires[0]
	if row.Classes.Grise != 100 || row.Lieux != 0 || row.Access == nil || row.Access.P50 <= 0 || row.Access.P50 > 15 {
		t.Errorf("the lieu is within 15 minutes and never open: %+v, access %+v, %d lieux in the commune", row.Classes, row.Access, row.Lieux)
	}
}
