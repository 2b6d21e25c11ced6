package edition_test

import (
	"bytes"
	"context"
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// TestManyCallsAreKept keeps a feed of a million calls, that of a region, in an edition: few
// bytes a call, and the same again.
func TestManyCallsAreKept(t *testing.T) {
	const trips, calls, most = 20_000, 50, 8 << 20 // bytes, of a million calls
	in := editiontest.SmallByBus(rand.New(rand.NewPCG(1, 2)))
	p := edition.DefaultParams()
	p.Resolution = 8
	e, _, err := edition.Build(context.Background(), in, p, nil)
	if err != nil {
		t.Fatal(err)
	}
	plain := len(encode(t, e))
	r := rand.New(rand.NewPCG(3, 4))
	f := transit.Feed{Name: "grand.zip", Agencies: []transit.Agency{{ID: "a", Zone: "Europe/Paris"}}, Lines: []transit.Line{{ID: "l", Type: 3}},
		Services: []transit.Service{{ID: "s", Days: []transit.Day{e.Timetables.Weeks.From + 1}}}}
	for k := range 3000 {
		f.Stops = append(f.Stops, transit.Stop{ID: fmt.Sprint("s", k), At: geo.LonLat{Lon: 4 + r.Float64(), Lat: 49 + r.Float64()}, Parent: -1})
	}
	for k := range trips {
		trip := transit.Trip{ID: fmt.Sprint("t", k), Direction: -1}
		at, stop := int32(5*3600+r.IntN(15*3600)), int32(r.IntN(len(f.Stops)))
		for range calls {
			trip.Calls = append(trip.Calls, transit.Call{Stop: stop, Arrive: at, Depart: at + 20})
			at, stop = at+60+60*int32(r.IntN(4)), (stop+1)%int32(len(f.Stops))
		}
		f.Trips = append(f.Trips, trip)
	}
	e.Timetables.Feeds = append(e.Timetables.Feeds, f)
	start := time.Now()
	first := encode(t, e)
	written := time.Since(start)
	start = time.Now()
	back, err := edition.Decode(first)
	if err != nil {
		t.Fatal(err)
	}
	read := time.Since(start)
	if !bytes.Equal(first, encode(t, back)) {
		t.Error("what was read is not written as it was")
	}
	t.Logf("%d calls take %d bytes, written in %v and read in %v", trips*calls, len(first)-plain, written, read)
	if len(first)-plain > most {
		t.Errorf("%d bytes, want at most %d", len(first)-plain, most)
	}
}
