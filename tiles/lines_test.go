package tiles

import (
	"maps"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
)

// TestNoWayIsDrawnTwice: cut ways go between the stops between which some line goes, and no
// others, each once in either direction.
func TestNoWayIsDrawnTwice(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	cut := 0
	for range 500 {
		ways := make([][]int32, 1+r.IntN(4))
		want := map[[2]int32]int{}
		for i := range ways {
			for k := range 1 + r.IntN(7) {
				ways[i] = append(ways[i], int32(r.IntN(6)))
				if a, b := ways[i][max(k-1, 0)], ways[i][k]; a != b {
					want[[2]int32{min(a, b), max(a, b)}] = 1
				}
			}
		}
		got := map[[2]int32]int{}
		for _, way := range untrodden(ways) {
			if len(way) < 2 {
				t.Fatalf("seed %d: %v is no way, of %v", seed, way, ways)
			}
			for k := 1; k < len(way); k++ {
				got[[2]int32{min(way[k-1], way[k]), max(way[k-1], way[k])}]++
			}
		}
		if !maps.Equal(got, want) {
			t.Fatalf("seed %d: %v is drawn as %v", seed, ways, got)
		}
		if len(untrodden(ways)) > len(ways) {
			cut++
		}
	}
	if cut == 0 {
		t.Error("no way was cut")
	}
}

// TestLinesAreThoseThatRun: every line and stop of the reference weeks is drawn once in the
// tiles of a zoom, with its passages a week, counted date by date.
func TestLinesAreThoseThatRun(t *testing.T) {
	seed := rand.Uint64()
	t.Logf("seed %d", seed)
	drawn := 0
	for world := range uint64(4) {
		r := rand.New(rand.NewPCG(seed, world))
		in := editiontest.Small(r)
		editiontest.AddBus(in, r)
		e := editiontest.Build(t, in, editiontest.SmallParams())
		if !e.HasMode(geo.Transit) {
			continue
		}
		s, err := New(e)
		if err != nil {
			t.Fatal(err)
		}
		passages := map[string]float64{}
		for f := range e.Timetables.Feeds {
			feed := &e.Timetables.Feeds[f]
			for _, trip := range feed.Trips {
				for _, d := range feed.Services[trip.Service].Days {
					if d >= e.Timetables.Weeks.From && d < e.Timetables.Weeks.From+28 {
						for _, c := range trip.Calls {
							passages[feed.Stops[c.Stop].Name] += 0.25
						}
					}
				}
			}
		}
		got := map[string]float64{}
		ids := map[float64]bool{}
		lines, _ := e.RunningLines()
		for layer, name := range map[int]string{linesLayer: "lignes", stopsLayer: "arrets"} {
			for _, at := range s.addresses(layer, MaxZoom) {
				tile := s.get(t, at)
				if tile.Empty() {
					continue
				}
				for _, f := range decode(t, at, tile.Data)[name].Features {
					if layer == linesLayer {
						ids[f.ID.(float64)] = true
						continue
					}
					got[f.Properties.MustString("nom")] += f.Properties.MustFloat64("n")
				}
			}
		}
		if !maps.Equal(got, passages) || len(ids) != len(lines) {
			t.Fatalf("seed %d, world %d: %v and %d lines, want %v and %d", seed, world, got, len(ids), passages, len(lines))
		}
		drawn += len(ids)
	}
	if drawn == 0 {
		t.Error("no line was drawn")
	}
}
