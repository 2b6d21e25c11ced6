package transit_test

import (
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/gtfs"
	"github.com/aisne-numerique/maillage/geo/source/sourcetest"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TestPublishedFeedsForwardsAndBackwards: feeds as they are published, kept beside the
// repository on some machines: by the profile of a day, and by a search from one time on, one
// arrives at the same second.
func TestPublishedFeedsForwardsAndBackwards(t *testing.T) {
	seed := rand.Uint64()
	for _, file := range [][]string{{"gtfs", "fablio-chateau-thierry.zip"}, {"transit", "sao-paulo-gtfs.zip"}, {"transit", "sncf-tgv-2025-07.zip"}} {
		t.Run(file[1], func(t *testing.T) {
			t.Logf("seed %d", seed)
			in := sourcetest.RealFile(t, file...)
			imported, err := gtfs.GTFS(t.Context(), []source.Input{in}, source.Options{})
			if err != nil {
				t.Fatal(err)
			}
			var feeds []transit.Feed
			for f, err := range imported.Rows {
				if err != nil {
					t.Fatal(err)
				}
				feeds = append(feeds, f)
			}
			weeks, err := transit.ChooseWeeks(feeds, func(transit.Day) (bool, bool) { return false, false })
			if err != nil {
				t.Fatal(err)
			}
			equal, none := transit.CompareForward(t, feeds, weeks.From, rand.New(rand.NewPCG(seed, 1)), 1000)
			t.Logf("from %v on, %d trips: %d journeys are equal, %d take more than an hour or are none", weeks.From, weeks.Trips, equal, none)
			if equal == 0 && file[1] != "sncf-tgv-2025-07.zip" { // whose stops are an hour apart
				t.Error("too dull to prove anything")
			}
		})
	}
}
