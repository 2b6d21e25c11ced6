package road

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/network"
	"github.com/aisne-numerique/maillage/geo/network/networktest"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// streets makes up a town, with turns that are banned and private streets, and places in
// it; some of them are off its streets.
func streets(t testing.TB, r *rand.Rand) networktest.World {
	w := networktest.World{Limit: geo.Cost(2+r.IntN(8)) * geo.Minute}
	town := countryWays(5+r.IntN(4), r.Uint64())
	if r.IntN(2) == 0 {
		obstruct(r, town)
	}
	somewhere := func() geo.LonLat {
		if r.IntN(15) == 0 {
			return geo.LonLat{Lon: 20, Lat: 20}
		}
		way := town[r.IntN(len(town))]
		p := way.At[r.IntN(len(way.At))]
		return geo.LonLat{Lon: p.Lon + 1e-4*r.Float64(), Lat: p.Lat + 1e-4*r.Float64()}
	}
	for range 40 {
		w.Starts = append(w.Starts, somewhere())
	}
	for range 6 {
		w.Sites = append(w.Sites, network.Site{At: somewhere(), Horaires: networktest.SomeHours(r)})
	}
	w.Network = privately(t, r, town).By(street.Modes[r.IntN(street.NumModes)])
	return w
}

// TestStreetsKeepTheContract is the exam of networks.
func TestStreetsKeepTheContract(t *testing.T) { networktest.Run(t, streets) }

// TestToyKeepsTheContract: a network by which not every slot counts passes, too.
func TestToyKeepsTheContract(t *testing.T) {
	networktest.Run(t, func(t testing.TB, r *rand.Rand) networktest.World {
		w := streets(t, r)
		w.Network = networktest.Toy{Base: w.Network}
		return w
	})
}
