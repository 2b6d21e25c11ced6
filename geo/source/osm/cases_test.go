package osm_test

import (
	"context"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/source/osm"
)

// casesDir holds small OSM files of one situation each, when it is there.
const casesDir = "../../../../shared/cases/roads"

// aCase is a trip in such a file: from and to are letters, the codes of which are ids of
// nodes, or "lon,lat"; the time in seconds lies between low and high, or there is no path.
type aCase struct {
	file, from, to string
	mode           street.Mode
	low, high      float64
	reach          geo.Reach
}

// TestCases: situations that other tools are known to get wrong. Bounds are wide where
// the right time depends on calibrated speeds; what is tried is which way is taken.
func TestCases(t *testing.T) {
	if _, err := os.Stat(casesDir); err != nil {
		t.Skip("no folder of cases beside the project")
	}
	networks := map[string]*road.Network{}
	network := func(file string) *road.Network {
		n := networks[file]
		if n == nil {
			imp, err := osm.Roads(context.Background(), []source.Input{source.FromPath(filepath.Join(casesDir, file))}, source.Options{})
			if err != nil {
				t.Fatal(file, err)
			}
			if n, err = road.Build(imp.Rows); err != nil {
				t.Fatal(file, err)
			}
			networks[file] = n
		}
		return n
	}
	for _, c := range []aCase{
		{"00_plain.osm", "A", "B", street.Car, 100, 200, geo.Reached},
		{"07_untagged.osm", "A", "B", street.Car, 100, 200, geo.Reached},
		{"90_cemetery.osm", "M", "E", street.Car, 150, 250, geo.Reached}, // on foot across: its paths are no roads

		// Where a trip may start: not on the motorway 110 m away, nor in the tunnel below,
		// nor in the middle of the water.
		{"20_snap_motorway.osm", "3.5830848,49.49901", "V", street.Car, 145, 160, geo.Reached},
		{"20_snap_motorway.osm", "3.5830848,49.49901", "V", street.Walk, 145, 160, geo.Reached},
		{"22_snap_tunnel.osm", "3.5553899,49.4991007", "S", street.Walk, 115, 125, geo.Reached},
		{"22_snap_tunnel.osm", "3.5553899,49.4991007", "S", street.Car, 115, 125, geo.Reached},
		{"21_snap_ferry.osm", "3.5003,49.5035", "W", street.Car, 480, 560, geo.Reached},
		{"24_island_700m.osm", "Z", "G", street.Car, 160, 180, geo.Reached},
		{"24_island_700m.osm", "J", "N", street.Car, 0, 0, geo.NoPath},
		{"24_island_700m.osm", "J", "N", street.Walk, 0, 0, geo.NoPath},

		// Roads for those who start or end there: driven to, never through.
		{"81_private_drive.osm", "A", "H", street.Car, 450, 600, geo.Reached},
		{"81_private_drive.osm", "H", "B", street.Car, 450, 600, geo.Reached},
		{"80_farm_track.osm", "A", "H", street.Car, 300, 850, geo.Reached},
		{"06_destination_through.osm", "A", "B", street.Car, 410, 600, geo.Reached},
		{"06_destination_through.osm", "A", "3.5138,49.5", street.Car, 70, 150, geo.Reached},
		{"01_semicolon.osm", "A", "B", street.Car, 410, 460, geo.Reached},

		{"02_vehicle_backward.osm", "A", "B", street.Car, 100, 250, geo.Reached},
		{"02_vehicle_backward.osm", "B", "A", street.Car, 410, 460, geo.Reached},
		{"83_onewayyes_bicyclebackwardyes.osm", "Y", "X", street.Bike, 570, 650, geo.Reached},
		{"83_onewayyes_bicyclebackwardyes.osm", "X", "Y", street.Bike, 570, 650, geo.Reached},
		{"91_trunk_two_way.osm", "A", "B", street.Car, 540, 700, geo.Reached},     // 12 km: not above 80 km/h
		{"91b_primary_village.osm", "A", "B", street.Car, 700, 1300, geo.Reached}, // 12 km: below the 72 km/h of the fields
		{"09_pedestrian_bike.osm", "A", "B", street.Bike, 1000, 1269, geo.Reached},
		{"12_barrier_bollard_access_yes.osm", "A", "B", street.Car, 100, 250, geo.Reached},

		// Turns.
		{"44_uturn.osm", "W", "S", street.Car, 700, 820, geo.Reached},
		{"40j_only_straight.osm", "W", "S", street.Car, 700, 820, geo.Reached},
		{"40j_only_straight.osm", "W", "N", street.Car, 700, 880, geo.Reached},
		{"41_via_way.osm", "A", "G", street.Car, 620, 800, geo.Reached},
		{"42_no_u_turn_end.osm", "W", "N", street.Car, 50, 100, geo.Reached},

		// Boats.
		{"31_ferry_foot_only.osm", "X", "Y", street.Car, 1000, 1100, geo.Reached},
		{"31_ferry_foot_only.osm", "A", "B", street.Bike, 300, 300, geo.Reached},
		{"30_ferry_PT1H30M.osm", "A", "B", street.Walk, 5400, 5400, geo.Reached},
		{"30_ferry_1h30.osm", "A", "B", street.Walk, 5400, 5400, geo.Reached},
		{"30_ferry_10min.osm", "A", "B", street.Walk, 600, 600, geo.Reached},
		{"32_ferry_interval.osm", "A", "B", street.Walk, 3900, 3900, geo.Reached},

		{"50b_area_multipolygon.osm", "W", "E", street.Walk, 880, 960, geo.Reached},
		{"josm_delete.osm", "A", "B", street.Car, 410, 600, geo.Reached},
		{"history.osh", "A", "B", street.Car, 410, 600, geo.Reached}, // the newest copy is deleted
		{"visible_false.osm", "A", "B", street.Car, 410, 600, geo.Reached},
	} {
		n := network(c.file)
		got, seconds := trip(n, c.mode, caseAt(t, c.file, c.from), caseAt(t, c.file, c.to))
		if got != c.reach || got == geo.Reached && (seconds < c.low || seconds > c.high) {
			t.Errorf("%s: %s→%s by %s: %s, %.0f s; want %s, %.0f to %.0f s", c.file, c.from, c.to, c.mode, got, seconds, c.reach, c.low, c.high)
		}
	}
	// The same lane with no tag, and with one that says what the law says, takes the same time.
	_, untold := trip(network("82_unclassified_.osm"), street.Car, caseAt(t, "82_unclassified_.osm", "A"), caseAt(t, "82_unclassified_.osm", "B"))
	const rural = "82_unclassified_sourcemaxspeedFRrural.osm"
	if _, told := trip(network(rural), street.Car, caseAt(t, rural, "A"), caseAt(t, rural, "B")); told != untold {
		t.Errorf("a lane under the law of the country: %.1f s with the tag that says so, %.1f s without", told, untold)
	}
	// A stop for those who go forwards keeps nobody else waiting.
	const stop = "84_stop_direction.osm"
	_, there := trip(network(stop), street.Car, caseAt(t, stop, "A"), caseAt(t, stop, "B"))
	if _, back := trip(network(stop), street.Car, caseAt(t, stop, "B"), caseAt(t, stop, "A")); there <= back {
		t.Errorf("%s: %.1f s with the stop, %.1f s against it", stop, there, back)
	}
}

func trip(n *road.Network, m street.Mode, a, b geo.LonLat) (geo.Reach, float64) {
	from, _ := n.Snap(m, a)
	to, _ := n.Snap(m, b)
	got, _ := n.NewSearch(m).Nearest([]road.Snap{to}).At(from)
	return got.Reach, float64(got.Cost) / float64(geo.Second)
}

var nodeOf = regexp.MustCompile(`<node id="(\d+)"[^>]*lat="([-0-9.]+)" lon="([-0-9.]+)"`)

// caseAt is the position that a case means.
func caseAt(t *testing.T, file, place string) geo.LonLat {
	number := func(s string) float64 {
		v, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("%s: %s: %v", file, place, err)
		}
		return v
	}
	if lon, lat, ok := strings.Cut(place, ","); ok {
		return geo.LonLat{Lon: number(lon), Lat: number(lat)}
	}
	text, err := os.ReadFile(filepath.Join(casesDir, file))
	if err != nil {
		t.Fatal(err)
	}
	for _, m := range nodeOf.FindAllStringSubmatch(string(text), -1) {
		if m[1] == strconv.Itoa(int(place[0])) {
			return geo.LonLat{Lon: number(m[3]), Lat: number(m[2])}
		}
	}
	t.Fatalf("%s: no node %s", file, place)
	return geo.LonLat{}
}
