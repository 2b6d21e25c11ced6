package edition_test

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// TestLinksAgainstSnaps: what an edition tells of its links is what joining every place
// again gives.
func TestLinksAgainstSnaps(t *testing.T) {
	off, twice := 0, 0
	for seed := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, 51))
		e := editiontest.Build(t, editiontest.Small(r), editiontest.SmallParams())
		for _, m := range e.Params.Modes {
			mode, _ := street.ModeOf(m)
			check := func(kind string, got edition.LinkJSON, places []geo.LonLat) {
				var want edition.LinkJSON
				var legs []float64
				sum := 0.0
				for _, p := range places {
					s, reach := e.Network.Snap(mode, p)
					if reach != geo.Reached {
						want.Off++
						continue
					}
					want.Joined++
					leg := float64(s.Access) / 8 // 4.5 km/h is 1.25 m/s
					if s.Second != nil {
						want.Twice++
						leg = float64(s.Second.Access) / 8
					}
					if s.Tied {
						want.Tied++
					}
					legs, sum = append(legs, leg), sum+leg
				}
				leg := got.Leg
				got.Leg = nil
				if got != want || (leg != nil) != (len(legs) > 0) {
					t.Fatalf("seed %d: %s by %s: %+v, want %+v", seed, kind, m, got, want)
				}
				off, twice = off+want.Off, twice+want.Twice
				if leg == nil {
					return
				}
				within, below, most := 0, 0, 0.0
				for _, l := range legs {
					most = math.Max(most, l)
					if l <= float64(leg.P90)+1e-6 {
						within++
					}
					if l < float64(leg.P90)-1e-6 {
						below++
					}
				}
				if math.Abs(float64(leg.Max)-most) > 1e-6 || math.Abs(float64(leg.Mean)-sum/float64(len(legs))) > 1e-6 ||
					10*within < 9*len(legs) || 10*below >= 9*len(legs) {
					t.Fatalf("seed %d: %s by %s: %+v; the farthest is %.3f m, the mean %.3f, %d of %d within p90", seed, kind, m, leg, most, sum/float64(len(legs)), within, len(legs))
				}
			}
			var homes, sites []geo.LonLat
			for part, people := range e.People {
				if people > 0 {
					homes = append(homes, e.Origins[part])
				}
			}
			for i := range e.Sites {
				sites = append(sites, e.Sites[i].At)
			}
			check("homes", e.Links[m].Homes, homes)
			check("sites", e.Links[m].Sites, sites)
		}
	}
	t.Logf("%d places off the network, %d on two edges", off, twice)
}
