package road_test

import (
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
)

// extract reads the roads of a file that may stand beside the checkout.
func extract(t *testing.T, path ...string) (ways []road.Way) {
	t.Helper()
	name := filepath.Join(append([]string{"..", "..", "..", "shared"}, path...)...)
	if _, err := os.Stat(name); err != nil {
		t.Skipf("no real extract: %v", err)
	}
	roads, err := osm.Roads(t.Context(), []source.Input{source.FromPath(name)}, source.Options{})
	if err != nil {
		t.Fatal(err)
	}
	for w, err := range roads.Rows {
		if err != nil {
			t.Fatal(err)
		}
		ways = append(ways, w)
	}
	return ways
}

func built(t *testing.T, ways []road.Way) *road.Network {
	t.Helper()
	n, err := road.Build(func(yield func(road.Way, error) bool) {
		for _, w := range ways {
			if !yield(w, nil) {
				return
			}
		}
	})
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// passed reports whether the tags of a way say that nobody stops there.
func passed(tags map[string]string) bool {
	some := func(key string) bool { return tags[key] != "" && tags[key] != "no" }
	switch tags["highway"] {
	case "motorway", "motorway_link", "trunk_link":
		return true
	}
	return tags["route"] == "ferry" || tags["motorroad"] == "yes" || some("tunnel") || some("bridge") || tags["covered"] == "yes"
}

// TestNobodyStopsThereForReal: of places beside the roads of real extracts, of all kinds,
// none starts on one where nobody stops.
func TestNobodyStopsThereForReal(t *testing.T) {
	for _, name := range []string{"liechtenstein-2021", "monaco", "north-bayreuth-2014"} {
		t.Run(name, func(t *testing.T) {
			ways := extract(t, "data", "osm", name+".osm.pbf")
			n := built(t, ways)
			type segment [2]geo.LonLat
			known, through := map[segment]bool{}, map[segment]bool{}
			for _, w := range ways {
				for i := 1; i < len(w.At); i++ {
					for _, s := range []segment{{w.At[i-1], w.At[i]}, {w.At[i], w.At[i-1]}} {
						known[s] = true
						if passed(w.Tags) {
							through[s] = true
						}
					}
				}
			}
			r := rand.New(rand.NewPCG(1, 2))
			places, beside, joined := 0, 0, 0
			for _, w := range ways {
				if len(w.At) < 2 || !passed(w.Tags) && r.IntN(20) > 0 {
					continue
				}
				at := w.At[r.IntN(len(w.At))]
				at.Lon += (r.Float64() - 0.5) * 6e-4 // as far as 25 m
				at.Lat += (r.Float64() - 0.5) * 4e-4
				for _, m := range street.Modes {
					places++
					if passed(w.Tags) {
						beside++
					}
					s, reach := n.Snap(m, at)
					if reach != geo.Reached {
						continue
					}
					joined++
					for s := &s; s != nil; s = s.Second {
						shape := n.AppendShape(nil, s.Edge)
						first := segment{shape[0], shape[1]}
						if !known[first] {
							t.Fatalf("edge %d starts along %v, where no way does", s.Edge, first)
						}
						if through[first] || !n.Edge(s.Edge).Travel[m].Stop {
							t.Errorf("at %v by %s: on edge %d, %+v, where nobody stops", at, m, s.Edge, n.Edge(s.Edge))
						}
					}
				}
			}
			t.Logf("%d places, %d of them beside what is passed, %d joined", places, beside, joined)
			if joined < 100 || beside < 10 {
				t.Error("too dull to prove anything")
			}
		})
	}
}

// TestCasesOfLinking makes the trips of small files by the default profile, whose speeds are
// calibrated: to a tenth.
func TestCasesOfLinking(t *testing.T) {
	const noPath = -1
	for _, row := range []struct {
		file     string
		from, to any // the code of a node, or a place
		mode     street.Mode
		seconds  float64
	}{
		{"20_snap_motorway", geo.LonLat{Lon: 3.5830848, Lat: 49.4990107}, 'V', street.Car, 152},
		{"20_snap_motorway", 'V', geo.LonLat{Lon: 3.5830848, Lat: 49.4990107}, street.Car, 152},
		{"22_snap_tunnel", geo.LonLat{Lon: 3.5553899, Lat: 49.4991}, 'S', street.Walk, 120},
		{"22_snap_tunnel", geo.LonLat{Lon: 3.5553899, Lat: 49.4991}, 'S', street.Car, 120},
		{"24_island_700m", 'Z', 'G', street.Car, 170},
		{"24_island_700m", 'J', 'N', street.Car, noPath},
		{"24_island_700m", 'J', 'N', street.Walk, noPath},
	} {
		ways := extract(t, "cases", "roads", row.file+".osm")
		place := func(end any) geo.LonLat {
			if p, ok := end.(geo.LonLat); ok {
				return p
			}
			for _, w := range ways {
				for i, id := range w.Nodes {
					if id == int64(end.(rune)) {
						return w.At[i]
					}
				}
			}
			t.Fatalf("%s: no node %c", row.file, end)
			return geo.LonLat{}
		}
		n := built(t, ways)
		from, _ := n.Snap(row.mode, place(row.from))
		to, _ := n.Snap(row.mode, place(row.to))
		got, _ := n.NewSearch(row.mode).Nearest([]road.Snap{to}).At(from)
		seconds := float64(got.Cost) / 10
		if got.Reach == geo.NoPath {
			seconds = noPath
		}
		if math.Abs(seconds-row.seconds) > math.Abs(row.seconds)/10 {
			t.Errorf("%s: %v to %v by %s: %.0f s, %v; want %.0f", row.file, row.from, row.to, row.mode, seconds, got.Reach, row.seconds)
		}
	}
}
