package road

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// drawing is a world drawn with letters: a letter is a node, a character is one
// kilometre, or as many metres as it says. Each road is "letters tag=value …", each journey "from→to mode time".
type drawing struct {
	name     string
	metres   float64 // of a character; 0: 1 000
	art      string
	roads    []string
	journeys []string
	marks    string   // "letter tag=value …; letter …", of nodes
	turns    []string // "from via to restriction=value", roads by number from 1
}

func (d drawing) nodes() map[rune]geo.LonLat {
	nodes := map[rune]geo.LonLat{}
	scale := d.metres
	if scale == 0 {
		scale = 1000
	}
	for y, line := range strings.Split(d.art, "\n") {
		for x, c := range []rune(line) {
			if c >= 'A' && c <= 'Z' {
				nodes[c] = at(float64(x)*scale, -float64(y)*scale)
			}
		}
	}
	return nodes
}

func (d drawing) ways() []Way {
	nodes := d.nodes()
	var ways []Way
	for i, road := range d.roads {
		fields := strings.Fields(road)
		w := Way{ID: int64(i + 1), Tags: map[string]string{}}
		for _, c := range fields[0] {
			w.Nodes, w.At = append(w.Nodes, int64(c)), append(w.At, nodes[c])
		}
		for _, f := range fields[1:] {
			k, v, _ := strings.Cut(f, "=")
			w.Tags[k] = v
		}
		for i, id := range w.Nodes {
			for _, mark := range strings.Split(d.marks, "; ") {
				if letter, tags, ok := strings.Cut(mark, " "); ok && letter == string(rune(id)) {
					m := Mark{i, map[string]string{}}
					for _, tag := range strings.Fields(tags) {
						k, v, _ := strings.Cut(tag, "=")
						m.Tags[k] = v
					}
					w.Marks = append(w.Marks, m)
				}
			}
		}
		for _, turn := range d.turns {
			fields := strings.Fields(turn)
			k, v, _ := strings.Cut(fields[3], "=")
			if fields[0] == fmt.Sprint(w.ID) {
				w.Turns = append(w.Turns, Turn{Via: int64(fields[1][0]), To: int64(fields[2][0] - '0'), Tags: map[string]string{k: v}})
			}
		}
		ways = append(ways, w)
	}
	return ways
}

// journey is the time from one letter to another, or the reach.
func (d drawing) journey(t *testing.T, n *Network, from, to rune, m street.Mode) string {
	nodes := d.nodes()
	origin, reach := n.Snap(m, nodes[from])
	if reach != geo.Reached {
		return reach.String()
	}
	source, reach := n.Snap(m, nodes[to])
	if reach != geo.Reached {
		return reach.String()
	}
	a, _ := n.NewSearch(m).Nearest([]Snap{source}).At(origin)
	if a.Reach != geo.Reached {
		return a.Reach.String()
	}
	return (time.Duration(a.Cost) * 100 * time.Millisecond).Round(time.Second).String()
}

func TestDrawnRoads(t *testing.T) {
	for _, d := range []drawing{
		{
			name:     "a residential street is driven at 30, ridden at 16, walked at 4.5 km/h",
			art:      "A---B",
			roads:    []string{"AB highway=residential"},
			journeys: []string{"A→B car 8m0s", "B→A car 8m0s", "A→B bike 15m0s", "A→B walk 53m20s"},
		},
		{
			name: "one way binds cars and bicycles, not walkers",
			art: "A---B\n" +
				"|   |\n" +
				"|   |\n" +
				"D---C",
			roads:    []string{"AB highway=residential oneway=yes", "BCDA highway=residential"},
			journeys: []string{"A→B car 8m0s", "B→A car 20m0s", "B→A bike 37m30s", "B→A walk 53m20s"},
		},
		{
			name: "one way drawn against travel",
			art: "A---B\n" +
				"|   |\n" +
				"|   |\n" +
				"D---C",
			roads:    []string{"AB highway=residential oneway=-1", "BCDA highway=residential"},
			journeys: []string{"A→B car 20m0s", "B→A car 8m0s"},
		},
		{
			name: "contraflow for bicycles, told either way",
			art: "A---B---E\n" +
				"|   |   |\n" +
				"|   |   |\n" +
				"D---C---F",
			roads: []string{
				"AB highway=residential oneway=yes oneway:bicycle=no",
				"BE highway=residential oneway=yes cycleway=opposite_lane",
				"BCDA highway=residential", "CFE highway=residential",
			},
			journeys: []string{"B→A car 20m0s", "B→A bike 15m0s", "E→B car 20m0s", "E→B bike 15m0s"},
		},
		{
			name: "a roundabout turns one way without saying so",
			art: "A---B\n" +
				"|   |\n" +
				"|   |\n" +
				"D---C",
			roads:    []string{"ADCBA highway=residential junction=roundabout"},
			journeys: []string{"A→D car 6m0s", "D→A car 22m0s", "D→A walk 40m0s"},
		},
		{
			name: "a motorway runs one way at 117 km/h and is for cars only",
			art: "A------------B\n" +
				"|            |\n" +
				"|            |\n" +
				"D------------C",
			roads:    []string{"AB highway=motorway", "BCDA highway=residential"},
			journeys: []string{"A→B car 6m40s", "B→A car 38m0s", "A→B bike 1h11m15s"},
		},
		{
			name: "a reversible lane is nobody's",
			art: "A---B\n" +
				"|   |\n" +
				"|   |\n" +
				"D---C",
			roads:    []string{"AB highway=residential oneway=reversible", "BCDA highway=residential"},
			journeys: []string{"A→B car 20m0s", "B→A car 20m0s", "A→B walk 53m20s"},
		},
		{
			name: "a road closed to all is no short cut, one closed to all but cars is theirs",
			art: "A---B---E\n" +
				"|   |   |\n" +
				"|   |   |\n" +
				"D---C---F",
			roads: []string{
				"AB highway=residential access=no",
				"BE highway=residential access=no motor_vehicle=yes",
				"BCDA highway=residential", "CFE highway=residential",
			},
			journeys: []string{"A→B car 20m0s", "A→B walk 2h13m20s", "B→E car 8m0s", "B→E walk 2h13m20s"},
		},
		{
			name:     "maxspeed 40 in town is driven at 30",
			art:      "A---B",
			roads:    []string{"AB highway=tertiary maxspeed=40"},
			journeys: []string{"A→B car 8m0s"},
		},
		{
			name:     "maxspeed of either direction",
			art:      "A---B",
			roads:    []string{"AB highway=tertiary maxspeed:forward=40 maxspeed:backward=20"},
			journeys: []string{"A→B car 8m0s", "B→A car 16m0s"},
		},
		{
			name:     "a ferry takes its whole duration over its whole length",
			art:      "A---B-----------C---D",
			roads:    []string{"AB highway=residential", "BC route=ferry duration=00:45", "CD highway=residential"},
			journeys: []string{"A→D car 1h1m0s", "B→C walk 45m0s", "C→B bike 45m0s"},
		},
		{
			name:     "a ferry that calls on the way shares its duration by length",
			art:      "A--B--------C---D",
			roads:    []string{"ABC route=ferry duration=40 motor_vehicle=no", "BA highway=service", "CD highway=footway"},
			journeys: []string{"A→B walk 10m0s", "B→C walk 30m0s", "B→C car no_road"},
		},
		{
			name: "a footbridge above a road does not meet it",
			art: "    E\n" +
				"    |\n" +
				"A---X---B\n" +
				"    |\n" +
				"    F",
			roads:    []string{"AXB highway=residential", "EF highway=residential"},
			journeys: []string{"A→B car 16m0s", "A→E car no_path", "E→A car no_path"},
		},
		{
			name:     "steps are for feet, at half the pace",
			art:      "A---B",
			roads:    []string{"AB highway=steps"},
			journeys: []string{"A→B walk 1h46m40s", "A→B bike no_road", "A→B car no_road"},
		},
		{
			name:     "a dead end one way: there is no way back",
			art:      "A---B---C",
			roads:    []string{"AB highway=residential", "BC highway=residential oneway=yes"},
			journeys: []string{"A→C car 16m0s", "C→A car no_path", "C→A walk 1h46m40s"},
		},
		{
			name:     "a turn that is forbidden to cars: they go on, turn round, and come back",
			art:      "A---B---E\n    |\n    D",
			roads:    []string{"AB highway=residential", "BE highway=residential", "BD highway=residential"},
			turns:    []string{"1 B 3 restriction=no_right_turn"},
			journeys: []string{"A→D car 28m0s", "E→D car 12m0s", "D→A car 12m0s", "B→D car 4m0s", "A→D bike 22m30s"},
		},
		{
			name:     "the only turn there is",
			art:      "A---B---E\n    |\n    D",
			roads:    []string{"AB highway=residential", "BE highway=residential", "BD highway=residential"},
			turns:    []string{"1 B 3 restriction=only_right_turn"},
			journeys: []string{"A→E car 24m0s", "A→D car 12m0s", "E→A car 16m0s"},
		},
		{
			name:     "a restriction from a road that goes on both ways says nothing",
			art:      "A---B---E\n    |\n    D",
			roads:    []string{"ABE highway=residential", "BD highway=residential"},
			turns:    []string{"1 B 2 restriction=no_right_turn"},
			journeys: []string{"A→D car 12m0s", "E→D car 12m0s"},
		},
		{
			name:     "a bollard in the middle of a road is the end of it for cars",
			art:      "A---B---E",
			roads:    []string{"ABE highway=residential"},
			marks:    "B barrier=bollard",
			journeys: []string{"A→E car no_path", "A→B car 8m0s", "B→A car 8m0s", "A→E walk 1h46m40s"},
		},
		{
			name:     "signals keep waiting those who pass them",
			art:      "A---B---E",
			roads:    []string{"ABE highway=residential"},
			marks:    "B highway=traffic_signals",
			journeys: []string{"A→E car 16m5s", "E→A car 16m5s", "A→B car 8m5s", "B→E car 8m0s"},
		},
	} {
		t.Run(d.name, func(t *testing.T) { d.check(t) })
	}
}

// check makes the journeys of a drawing.
func (d drawing) check(t *testing.T) {
	n := mustBuild(t, d.ways())
	for _, journey := range d.journeys {
		f := strings.Fields(journey)
		travel, err := geo.ParseMode(f[1])
		if err != nil {
			t.Fatal(err)
		}
		m, _ := street.ModeOf(travel)
		ends := []rune(f[0])
		if got := d.journey(t, n, ends[0], ends[2], m); got != f[2] {
			t.Errorf("%s by %s = %s, want %s", f[0], f[1], got, f[2])
		}
	}
}
