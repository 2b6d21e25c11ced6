package main

import (
	"math/rand/v2"
	"path/filepath"
	"slices"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/transit"
	"github.com/aisne-numerique/maillage/scripts/rider"
)

// town is a made-up feed with frequencies, stations, requests and trips beyond midnight.
func town(r *rand.Rand) transit.Feed {
	f := transit.Feed{Agencies: []transit.Agency{{ID: "a", Name: "a", Zone: "Europe/Paris"}}, Services: []transit.Service{{ID: "c"}}, Lines: []transit.Line{{ID: "l", Type: 700}}}
	for i := range 20 {
		s := transit.Stop{ID: id("x", int32(i)), Parent: -1, At: geo.LonLat{Lon: 3 + r.Float64()/100, Lat: 49 + r.Float64()/100}}
		if i > 0 && r.IntN(4) == 0 {
			s.Parent = 0
		}
		f.Stops = append(f.Stops, s)
	}
	f.Stops[0].Kind = transit.Station
	for day := monday; day < monday+transit.ReferenceDays; day += 1 + transit.Day(r.IntN(3)) {
		f.Services[0].Days = append(f.Services[0].Days, day)
	}
	for i := range 12 {
		t := transit.Trip{ID: id("y", int32(i)), Direction: -1}
		at := int32(r.IntN(26 * hour))
		for range 2 + r.IntN(5) {
			c := transit.Call{Stop: int32(1 + r.IntN(19)), Arrive: at, Depart: at + rider.ChangeSeconds + r.Int32N(90), Pickup: transit.Boarding(r.IntN(6) / 3), Drop: transit.Boarding(r.IntN(8) / 3)}
			at = c.Depart + 30 + r.Int32N(600)
			t.Calls = append(t.Calls, c)
		}
		if r.IntN(3) == 0 {
			start := 600 + r.Int32N(20*hour)
			t.Frequencies = []transit.Frequency{{Start: start, End: start + 1 + r.Int32N(hour), Headway: 300 + r.Int32N(900)}}
		}
		f.Trips = append(f.Trips, t)
	}
	return f
}

const monday transit.Day = 20759 // 2026-11-02

// TestWhatIsWrittenIsWhatRuns: read again, the vehicles of every date are those of the feed,
// but that all arrive later by what a change takes.
func TestWhatIsWrittenIsWhatRuns(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	zone, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	some := 0
	for world := range uint64(10) {
		f := town(rand.New(rand.NewPCG(seed, world)))
		path := filepath.Join(t.TempDir(), "feed.zip")
		if _, err := write(path, &f, newFootpaths(&f, 120), monday); err != nil {
			t.Fatal(err)
		}
		again, err := rider.Read(t.Context(), path)
		if err != nil || len(again) != 1 {
			t.Fatal(len(again), err)
		}
		for day := monday; day < monday+transit.ReferenceDays; day++ {
			calls := func(f *transit.Feed, later int32) (out [][]rider.Call) {
				for _, v := range rider.Vehicles(f, day, zone) {
					for i := range v.Calls {
						v.Calls[i].Arrive += later
					}
					if v.Calls[len(v.Calls)-1].Arrive > rider.ChangeSeconds { // under way on the date, in both
						out = append(out, v.Calls)
					}
				}
				slices.SortFunc(out, func(a, b []rider.Call) int {
					return slices.CompareFunc(a, b, func(a, b rider.Call) int {
						return slices.Compare([]int32{a.Depart, a.Arrive, a.Stop}, []int32{b.Depart, b.Arrive, b.Stop})
					})
				})
				return out
			}
			got, want := calls(&again[0], 0), calls(&f, rider.ChangeSeconds)
			if len(got) != len(want) || !slices.EqualFunc(got, want, slices.Equal) {
				t.Fatalf("seed %d, world %d, %v: %v; want %v", seed, world, day, got, want)
			}
			some += len(got)
		}
	}
	if some < 1000 {
		t.Errorf("%d vehicles are too few to prove anything", some)
	}
}

// TestFootpathsAreClosed: whoever walks on was there by another footpath, which takes no longer;
// and all take as long back.
func TestFootpathsAreClosed(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	f := town(rand.New(rand.NewPCG(seed, 0)))
	p := newFootpaths(&f, 200)
	walk := func(a, b int32) int32 {
		for _, w := range p.around(a) {
			if w.Stop == b {
				return w.Seconds
			}
		}
		return rider.Never
	}
	if p.count == 0 {
		t.Fatal("no footpaths")
	}
	for a := range f.Stops {
		for _, w := range p.to[a] {
			if back := walk(w.Stop, int32(a)); back != w.Seconds {
				t.Errorf("seed %d: %d s from %d to %d, %d back", seed, w.Seconds, a, w.Stop, back)
			}
			for _, x := range p.to[w.Stop] {
				if direct := walk(int32(a), x.Stop); direct > w.Seconds+x.Seconds {
					t.Errorf("seed %d: %d to %d in %d s, by %d in %d", seed, a, x.Stop, direct, w.Stop, w.Seconds+x.Seconds)
				}
			}
		}
	}
}
