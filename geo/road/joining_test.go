package road

import (
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// TestNobodyStopsThere: a house is 100 m from a road and 200 m from its street. Where the
// road is one that nobody stops on, or goes under, over or through what is beside it, the
// trip starts and ends on the street.
func TestNobodyStopsThere(t *testing.T) {
	const lane = "highway=tertiary maxspeed=48" // a decisecond a metre by car
	for _, row := range []struct {
		road  string
		modes string
		stops bool
	}{
		{"highway=motorway", "car bike walk", false},
		{"highway=motorway oneway=no", "car", false},
		{"highway=motorway_link", "car", false},
		{"highway=trunk_link", "car bike walk", false},
		{"highway=trunk motorroad=yes", "car bike walk", false},
		{"highway=trunk oneway=yes maxspeed=110", "car", false},
		{"highway=primary tunnel=yes layer=-1", "car bike walk", false},
		{"highway=tertiary tunnel=building_passage", "car bike walk", false},
		{"highway=residential covered=yes", "car bike walk", false},
		{"highway=primary bridge=yes layer=2", "car bike walk", false},
		{"highway=secondary bridge=viaduct", "car bike walk", false},
		{"highway=footway tunnel=yes", "walk", false},
		{"route=ferry duration=01:00", "car bike walk", false},
		{lane, "car", true},
		{lane + " tunnel=no bridge=no covered=no", "car", true},
		{"highway=primary maxspeed=48", "car", true},
	} {
		d := drawing{
			name: row.road, metres: 100,
			art: "A----------------------------------------B\n" +
				"          H\n" +
				"\n" +
				"S-------------------V--------------------T",
			roads: []string{"AB " + row.road, "SVT " + lane, "SA " + lane, "BT " + lane},
		}
		// By car: 200 m on foot and 1 km on the street; or 100 m on foot, and 3.3 km round.
		want := map[string]string{"car": "4m20s", "bike": "6m25s", "walk": "16m0s"}
		if row.stops {
			want["car"] = "6m50s"
		}
		for _, mode := range strings.Fields(row.modes) {
			d.journeys = append(d.journeys, "H→V "+mode+" "+want[mode], "V→H "+mode+" "+want[mode])
		}
		t.Run(d.name, func(t *testing.T) { d.check(t) })
	}
}

// TestIslands: what is joined across water, and what is not.
func TestIslands(t *testing.T) {
	const mainland, lane = "M-N highway=tertiary maxspeed=48", "highway=residential" // 1 and 1.2 ds a metre by car
	road := func(letters string) string { return strings.Replace(mainland, "M-N", letters, 1) }
	for _, d := range []drawing{
		{
			name: "an island with roads of its own, 700 m from the shore, without a boat",
			art: "M---------A-----------------------------N\n\n\n\n\n\n\n" +
				"K---------JZ--------L\n" +
				"          |\n" +
				"          |\n" +
				"          |\n" +
				"          |\n" +
				"          G",
			roads:    []string{road("MAN"), "KJZL " + lane, "JG " + lane},
			journeys: []string{"Z→G car 1m12s", "J→N car no_path", "N→J car no_path", "Z→G walk 8m0s", "J→N walk no_path", "J→N bike no_path", "A→N car 5m0s"},
		},
		{
			name: "with a boat whose duration is known",
			art: "M---------A-----------------------------N\n\n\n\n\n\n\n" +
				"K---------JZ--------L",
			roads:    []string{road("MAN"), "KJZL " + lane, "JA route=ferry duration=00:15"},
			journeys: []string{"J→N car 20m0s", "N→J walk 55m0s", "Z→J car 12s"},
		},
		{
			name: "with a boat for those on foot",
			art: "M---------A-----------------------------N\n\n\n\n\n\n\n" +
				"K---------JZ--------L",
			roads:    []string{road("MAN"), "KJZL " + lane, "JA route=ferry duration=00:15 motor_vehicle=no"},
			journeys: []string{"J→N car no_path", "J→N walk 55m0s", "Z→J car 12s"},
		},
		{
			name: "an islet whose roads are not worth joining: its own, or those across the water",
			art: "M---------A-----------------------------N\n\n\n\n\n\n\n" +
				"          K--L",
			roads:    []string{road("MAN"), "KL " + lane},
			journeys: []string{"K→L car 36s", "L→K car 36s", "K→N car 14m20s", "N→K car 14m20s", "K→K car 0s"},
		},
		{
			name: "an islet off the coast, and one beyond the cap",
			art: "M---------A-----------------------------N\n\n\n\n\n\n\n\n\n\n\n" +
				"          K--L",
			roads:    []string{road("MAN"), "KL " + lane},
			journeys: []string{"K→L car 36s", "K→N car no_path", "N→K car no_path"},
		},
		{
			name: "a yard that meets no road is no trap",
			art: "M---------A-----------------------------N\n" +
				"           H\n" +
				"          K--L",
			roads:    []string{road("MAN"), "KL highway=service"},
			journeys: []string{"H→N car 6m10s", "K→N car 7m40s", "K→L car 1m12s"},
		},
	} {
		d.metres = 100
		t.Run(d.name, func(t *testing.T) { d.check(t) })
	}
}

// TestBesideAFerry: a house beside a ferry line goes to the landing by road.
func TestBesideAFerry(t *testing.T) {
	d := drawing{
		metres: 100,
		art: "W---------A---------E\n" +
			"\n" +
			"\n" +
			"          .H\n" +
			"          .\n" +
			"          .\n" +
			"          .\n" +
			"          .\n" +
			"R---------B---------Q",
		roads:    []string{"WAE highway=tertiary maxspeed=48", "RBQ highway=tertiary maxspeed=48", "AB route=ferry duration=00:10"},
		journeys: []string{"H→R car 15m50s", "R→H car 15m50s"}, // 4 min on foot, 10 s, 10 min, 100 s
	}
	d.check(t)
}

// TestEquallyNear: of roads that are exactly as near, one that is open to all comes first.
func TestEquallyNear(t *testing.T) {
	for _, lanes := range [][2]string{{"motor_vehicle=destination", "x=y"}, {"x=y", "motor_vehicle=destination"}} {
		d := drawing{art: "C---A---B", roads: []string{"AB highway=tertiary " + lanes[0], "AC highway=tertiary " + lanes[1]}}
		n, a := mustBuild(t, d.ways()), d.nodes()['A']
		s := mustSnapAt(t, n, street.Car, a)
		if tr := n.Edge(s.Edge).Travel[street.Car]; tr.EndsForward || tr.EndsBackward || s.Tied {
			t.Errorf("%v: on an edge %+v, tied %v; want the one that is open to all, at one node", lanes, tr, s.Tied)
		}
		s = mustSnapAt(t, n, street.Walk, a)
		if s.Edge != 0 || s.Tied {
			t.Errorf("%v: on foot on edge %d, tied %v; want the lowest", lanes, s.Edge, s.Tied)
		}
	}
	// Between two roads: a choice, which is told. Coordinates are exact.
	line := func(id int64, lat int32) Way {
		return Way{ID: id, Nodes: []int64{2 * id, 2*id + 1}, At: []geo.LonLat{point{0, lat}.lonLat(), point{200_000, lat}.lonLat()}, Tags: map[string]string{"highway": "residential"}}
	}
	private := line(1, 0)
	private.Tags["access"] = "private"
	joint := Way{ID: 3, Nodes: []int64{2, 4}, At: []geo.LonLat{private.At[0], line(2, 20_000).At[0]}, Tags: map[string]string{"highway": "residential"}}
	n := mustBuild(t, []Way{private, line(2, 20_000), joint})
	middle := point{100_000, 10_000}.lonLat()
	s := mustSnapAt(t, n, street.Car, middle)
	if tr := n.Edge(s.Edge).Travel[street.Car]; !s.Tied || tr.EndsForward {
		t.Errorf("half-way between a private road and another: tied %v, on %+v; want tied, on the other", s.Tied, tr)
	}
	if s = mustSnapAt(t, n, street.Car, point{100_000, 10_001}.lonLat()); s.Tied {
		t.Error("a centimetre nearer to one of them: tied")
	}
}

// estate is a street whose two gates are private, and the road round it.
func estate() drawing {
	return drawing{
		metres: 100,
		art: "A-P-H-Q-B\n" +
			"|       |\n" +
			"|       |\n" +
			"|       |\n" +
			"C-------D",
		roads: []string{"ACDB highway=tertiary maxspeed=48", "AP highway=residential access=private", "PQ highway=residential", "QB highway=residential access=private"},
		// Reached and left by either gate, in 48 s; passed it would be 96 s.
		journeys: []string{"A→B car 2m40s", "B→A car 2m40s", "A→H car 48s", "H→B car 48s", "P→Q car 48s", "A→B walk 21m20s", "A→H walk 5m20s"},
	}
}

// TestEnclave: streets inside an estate whose gates are private are lived in, and reached.
func TestEnclave(t *testing.T) {
	d := estate()
	d.check(t)
	n := mustBuild(t, d.ways())
	for e := range int32(n.Counts().Edges) {
		tr := n.Edge(e).Travel[street.Car]
		if inside := n.Edge(e).Class == street.Local; tr.EndsForward != inside || tr.EndsBackward != inside {
			t.Errorf("edge %d, %d dm: %+v; want only the tertiary road to be passed", e, n.Edge(e).Length, tr)
		}
	}
	if got := n.Counts().Enclosed; got[street.Car] != 2 {
		t.Errorf("arcs of enclaves: %v, want 2 by car", got)
	}
}
