package edition

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
)

func TestGrowHoldsEveryPointWithinTheMargin(t *testing.T) {
	const seed = 6
	r := rand.New(rand.NewPCG(seed, 0))
	for range 5000 {
		b := geo.EmptyBounds().Extend(geo.LonLat{Lon: r.Float64()*10 - 5, Lat: 41 + 10*r.Float64()}).
			Extend(geo.LonLat{Lon: r.Float64()*10 - 5, Lat: 41 + 10*r.Float64()})
		// A point at most the margin away from a point of the box.
		p := geo.LonLat{Lon: b.Min.Lon + r.Float64()*(b.Max.Lon-b.Min.Lon), Lat: b.Min.Lat + r.Float64()*(b.Max.Lat-b.Min.Lat)}
		d, a := RoadMargin*r.Float64(), 2*math.Pi*r.Float64()
		q := geo.NewPlane(p).LonLat(d*math.Cos(a), d*math.Sin(a))
		if geo.Distance(p, q) <= RoadMargin && !widened(b, RoadMargin).Contains(q) {
			t.Fatalf("seed %d: %v is %.0f m from %v, and outside the grown box", seed, q, geo.Distance(p, q), p)
		}
	}
}

func TestNearKeepsWaysWithANodeInTheBox(t *testing.T) {
	box := geo.Bounds{Min: geo.LonLat{Lon: 3, Lat: 49}, Max: geo.LonLat{Lon: 4, Lat: 50}}
	in, out := geo.LonLat{Lon: 3.5, Lat: 49.5}, geo.LonLat{Lon: 8, Lat: 45}
	ways := []road.Way{{ID: 1, At: []geo.LonLat{in, in}}, {ID: 2, At: []geo.LonLat{out, out}}, {ID: 3, At: []geo.LonLat{out, in}}}
	var kept []int64
	for w, err := range near(func(yield func(road.Way, error) bool) {
		for _, w := range ways {
			if !yield(w, nil) {
				return
			}
		}
	}, box) {
		if err != nil {
			t.Fatal(err)
		}
		kept = append(kept, w.ID)
	}
	if len(kept) != 2 || kept[0] != 1 || kept[1] != 3 {
		t.Errorf("kept ways %v, want 1 and 3", kept)
	}
}
