package road

import (
	"encoding/json"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Worlds of these tests lie on the equator, where a degree of longitude is as
// long as one of latitude, so that times can be told by hand.

// unit is the step of coordinates (see point) in metres.
const unit = metresPerUnit

// at is the position x metres east and y metres north of (0, 0).
func at(x, y float64) geo.LonLat {
	return geo.LonLat{Lon: x / unit / perDegree, Lat: y / unit / perDegree}
}

func each(ways []Way) iter.Seq2[Way, error] {
	return func(yield func(Way, error) bool) {
		for _, w := range ways {
			if !yield(w, nil) {
				return
			}
		}
	}
}

// tellable is the default profile, with speeds by which times can be told by hand.
var tellable = sync.OnceValue(func() *street.Profile {
	p, err := street.ParseProfile(changed(map[string]string{
		"car.signed_pct":                  "75", // 48 km/h on a sign is 36, a decisecond a metre
		"car.roundabout_kmh":              "50",
		"highways.motorway.driven_pct":    "90", // 117 km/h
		"highways.residential.driven_pct": "60", // 30 km/h
		"highways.service.limit_kmh":      "15",
		"tracktypes.grade1.car":           "100", // 24 km/h
		"tracktypes.untold.car":           "25",  // 6 km/h
		"bike.kmh":                        "16",
		"walk.kmh":                        "4.5",
		"walk.steps_kmh":                  "2.25",
		"junctions.car.yield_s":           "0",
		"junctions.car.cross_s":           "0",
		"junctions.bike.yield_s":          "0",
	}))
	if err != nil {
		panic(err)
	}
	return p
})

// changed is the default profile with other values at some addresses.
func changed(values map[string]string) []byte {
	var root map[string]any
	if err := json.Unmarshal(street.ProfileText(), &root); err != nil {
		panic(err)
	}
	for address, value := range values {
		at, keys := root, strings.Split(address, ".")
		for _, k := range keys[:len(keys)-1] {
			at = at[k].(map[string]any)
		}
		if last := keys[len(keys)-1]; value == "" {
			delete(at, last)
		} else {
			at[last] = json.RawMessage(value)
		}
	}
	data, err := json.Marshal(root)
	if err != nil {
		panic(err)
	}
	return data
}

func mustBuild(t testing.TB, ways []Way) *Network {
	t.Helper()
	n, err := Build(each(ways), WithProfile(tellable()))
	if err != nil {
		t.Fatal(err)
	}
	if err := n.Check(); err != nil {
		t.Fatal(err)
	}
	return n
}

// mustSnapAt snaps a place that is known to be near a road.
func mustSnapAt(t testing.TB, n *Network, m street.Mode, p geo.LonLat) Snap {
	t.Helper()
	s, reach := n.Snap(m, p)
	if reach != geo.Reached {
		t.Fatalf("Snap(%s, %v) = %v, want reached", m, p, reach)
	}
	return s
}

// country is a seeded network of about 100 000 nodes in the manner of a
// département: a jittered lattice 300 m wide with a quarter of its streets
// missing, bends, main roads that are faster, one-way streets. It lies near
// 49.5° N.
var country = sync.OnceValue(func() *Network {
	n, err := Build(each(countryWays(330, 7)))
	if err != nil {
		panic(err)
	}
	return n
})

func countryWays(size int, seed uint64) []Way {
	r := rand.New(rand.NewPCG(seed, 0))
	const stepLon, stepLat = 0.0041, 0.0027 // about 300 m
	place := make([]geo.LonLat, size*size)
	for i := range place {
		place[i] = geo.LonLat{
			Lon: 3 + (float64(i%size)+0.6*r.Float64())*stepLon,
			Lat: 49 + (float64(i/size)+0.6*r.Float64())*stepLat,
		}
	}
	var ways []Way
	bend := int64(size * size)
	draw := func(line int, node func(i int) int) {
		tags := map[string]string{"highway": "residential"}
		keep := 0.72
		switch {
		case line%40 == 0:
			tags, keep = map[string]string{"highway": "primary"}, 1
		case line%10 == 0:
			tags, keep = map[string]string{"highway": "secondary"}, 0.97
		case line%4 == 0:
			tags, keep = map[string]string{"highway": "tertiary"}, 0.9
		case line%7 == 0:
			tags = map[string]string{"highway": "unclassified", "maxspeed": "50"}
		case line%13 == 0:
			tags = map[string]string{"highway": "residential", "oneway": "yes"}
		}
		var w Way
		flush := func() {
			if len(w.Nodes) > 1 {
				w.ID, w.Tags = int64(len(ways)+1), tags
				ways = append(ways, w)
			}
			w = Way{}
		}
		for i := range size {
			k := node(i)
			w.Nodes, w.At = append(w.Nodes, int64(k)), append(w.At, place[k])
			if i == size-1 || r.Float64() > keep || len(w.Nodes) > 60 {
				flush()
				if i < size-1 && r.Float64() < keep { // the street goes on as another way
					w.Nodes, w.At = append(w.Nodes, int64(k)), append(w.At, place[k])
				}
			}
			if i < size-1 && len(w.Nodes) > 0 {
				p, q := place[k], place[node(i+1)]
				for _, f := range [...]float64{0.25, 0.5, 0.75} {
					bend++
					w.Nodes = append(w.Nodes, bend)
					w.At = append(w.At, geo.LonLat{
						Lon: p.Lon + f*(q.Lon-p.Lon) + (r.Float64()-0.5)*0.0004,
						Lat: p.Lat + f*(q.Lat-p.Lat) + (r.Float64()-0.5)*0.0003,
					})
				}
			}
		}
	}
	for y := range size {
		draw(y, func(i int) int { return y*size + i })
	}
	for x := range size {
		draw(x, func(i int) int { return i*size + x })
	}
	return ways
}

// places are seeded positions inside the bounds of n.
func places(n *Network, count int, seed uint64) []geo.LonLat {
	r := rand.New(rand.NewPCG(seed, 1))
	b := n.Bounds()
	return slices.Collect(func(yield func(geo.LonLat) bool) {
		for range count {
			if !yield(geo.LonLat{
				Lon: b.Min.Lon + r.Float64()*(b.Max.Lon-b.Min.Lon),
				Lat: b.Min.Lat + r.Float64()*(b.Max.Lat-b.Min.Lat),
			}) {
				return
			}
		}
	})
}

// snapAll snaps every place.
func snapAll(n *Network, m street.Mode, places []geo.LonLat) ([]Snap, []geo.Reach) {
	snaps, reach := make([]Snap, len(places)), make([]geo.Reach, len(places))
	for i, p := range places {
		snaps[i], reach[i] = n.Snap(m, p)
	}
	return snaps, reach
}

func describe(a geo.Access, owner int32) string {
	if a.Reach != geo.Reached {
		return fmt.Sprintf("%v from %d", a.Reach, owner)
	}
	return fmt.Sprintf("%d ds from %d", a.Cost, owner)
}
