package road

import (
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

func TestBuildJunctions(t *testing.T) {
	way := func(nodes ...int64) Way {
		w := Way{ID: nodes[0]*100 + nodes[len(nodes)-1], Nodes: nodes, Tags: map[string]string{"highway": "residential"}}
		for _, id := range nodes {
			w.At = append(w.At, at(float64(id%10)*100, float64(id/10)*100))
		}
		return w
	}
	for _, row := range []struct {
		name         string
		ways         []Way
		nodes, edges int
		arcs         int
	}{
		{"a street has two ends, whatever its bends", []Way{way(0, 1, 2, 3)}, 2, 1, 2},
		{"a crossing cuts both streets", []Way{way(10, 11, 12), way(1, 11, 21)}, 5, 4, 8},
		{"a street that ends in the middle of another", []Way{way(10, 11, 12), way(11, 21)}, 4, 3, 6},
		{"a way that crosses itself", []Way{way(0, 1, 2, 12, 11, 1, 21)}, 3, 3, 4},
		{"a closed ring that meets nothing", []Way{way(0, 1, 11, 10, 0)}, 1, 1, 0},
		{"parallel streets: the graph keeps one arc", []Way{way(0, 1, 2), way(0, 11, 2)}, 2, 2, 2},
		{"repeated nodes", []Way{way(0, 0, 1, 1, 1, 2, 2)}, 2, 1, 2},
		{"one node, repeated", []Way{way(5, 5, 5)}, 0, 0, 0},
		{"out and back in one way", []Way{way(0, 1, 0)}, 1, 1, 0},
		{"no node", []Way{{ID: 1, Tags: map[string]string{"highway": "residential"}}}, 0, 0, 0},
		{"a way that is no road leaves no junction", []Way{way(0, 1, 2),
			{ID: 9, Nodes: []int64{1, 11}, At: []geo.LonLat{at(100, 0), at(100, 100)}, Tags: map[string]string{"highway": "proposed"}}}, 2, 1, 2},
		{"the same way twice", []Way{way(0, 1, 2), way(0, 1, 2)}, 2, 1, 2},
		{"two nodes at one place are not one", []Way{way(0, 1, 2), {ID: 9, Nodes: []int64{500, 501},
			At: []geo.LonLat{at(200, 0), at(300, 0)}, Tags: map[string]string{"highway": "residential"}}}, 4, 2, 4},
		{"two nodes at one place, joined by a way of no length", []Way{way(0, 1, 2), {ID: 9, Nodes: []int64{2, 500},
			At: []geo.LonLat{at(200, 0), at(200, 0)}, Tags: map[string]string{"highway": "residential"}}}, 3, 2, 4},
	} {
		n := mustBuild(t, row.ways)
		arcs := len(n.Graph(street.Car).In.Arcs)
		if c := n.Counts(); c.Nodes != row.nodes || c.Edges != row.edges || arcs != row.arcs {
			t.Errorf("%s: %d nodes, %d edges, %d arcs by car, want %d, %d, %d", row.name, c.Nodes, c.Edges, arcs, row.nodes, row.edges, row.arcs)
		}
	}
}

func TestBuildLengths(t *testing.T) {
	n := mustBuild(t, []Way{{ID: 1, Nodes: []int64{1, 2, 3}, At: []geo.LonLat{at(0, 0), at(300, 0), at(300, 400)},
		Tags: map[string]string{"highway": "service"}}})
	e := n.Edge(0)
	shape := n.AppendShape(nil, 0)
	if e.Length != 7000 || e.Class != street.Minor || len(shape) != 3 || geo.Distance(shape[1], at(300, 0)) > 0.01 {
		t.Errorf("edge %+v, shape %v, want 7000 dm by (300 m, 0)", e, shape)
	}
	// 700 m at 15, 16 and 4.5 km/h.
	for m, want := range [street.NumModes]geo.Cost{1680, 1575, 5600} {
		if tr := e.Travel[m]; !tr.Forward || !tr.Backward || tr.CostForward != want || tr.CostBackward != want || !tr.Stop {
			t.Errorf("%v: %+v, want %d ds both ways, and that one can stop", street.Mode(m), tr, want)
		}
	}
	if got := n.Counts().Metres; got != 700 {
		t.Errorf("Counts().Metres = %v, want 700", got)
	}
}

func TestBuildErrors(t *testing.T) {
	road := map[string]string{"highway": "primary"}
	for _, row := range []struct {
		name string
		way  Way
		err  error
		want string
	}{
		{"the reader's own", Way{}, errors.New("roads.pbf: cut short"), "build road network: roads.pbf: cut short"},
		{"positions missing", Way{ID: 7, Nodes: []int64{1, 2}, At: []geo.LonLat{{}}, Tags: road}, nil, "build road network: way 7: 1 positions for 2 nodes"},
		{"metres for degrees", Way{ID: 7, Nodes: []int64{1, 2}, At: []geo.LonLat{{}, {Lon: 700_000, Lat: 6_900_000}}, Tags: road}, nil, "way 7: node 2: position"},
		{"not a number", Way{ID: 7, Nodes: []int64{1, 2}, At: []geo.LonLat{{}, {Lon: math.NaN()}}, Tags: road}, nil, "not a finite number"},
		{"half round the Earth", Way{ID: 7, Nodes: []int64{1, 2}, At: []geo.LonLat{{}, {Lon: 179}}, Tags: road}, nil, "way 7: 19904 km between two junctions: want at most 10000"},
	} {
		_, err := Build(func(yield func(Way, error) bool) { yield(row.way, row.err) })
		if err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

// TestComponents compares Tarjan with the definition, by transitive closure.
func TestComponents(t *testing.T) {
	several := 0
	for seed := range uint64(500) {
		n := mustBuild(t, randomLattice(rand.New(rand.NewPCG(seed, 4))).ways)
		g := n.Graph(street.Car)
		out := g.Out()
		size := len(n.nodes)
		reach := make([][]bool, size)
		for u := range reach {
			reach[u] = make([]bool, size)
			reach[u][u] = true
			for _, a := range out.Of(int32(u)) {
				reach[u][a.Node] = true
			}
		}
		for k := range reach {
			for u := range reach {
				for v := range reach {
					reach[u][v] = reach[u][v] || reach[u][k] && reach[k][v]
				}
			}
		}
		want := make([]int32, size)
		for u := range want {
			for v := range size { // u itself at the latest
				if reach[u][v] && reach[v][u] {
					want[u] = int32(v)
					break
				}
			}
			if want[u] != want[0] {
				several++
			}
		}
		if got := out.Components(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: components %v, want %v", seed, got, want)
		}
	}
	if several == 0 {
		t.Error("every world was one component")
	}
}

// TestCheckSeesDamage breaks each invariant of Network and Graph in turn.
func TestCheckSeesDamage(t *testing.T) {
	for _, row := range []struct {
		name   string
		damage func(n *Network)
		want   string
	}{
		{"a column cut short", func(n *Network) { n.length = n.length[1:] }, "columns of"},
		{"shapes that overlap", func(n *Network) { n.shapeFirst[2] = 0 }, "shape index"},
		{"nodes out of order", func(n *Network) { slices.Reverse(n.nodes) }, "out of order"},
		{"an edge to nowhere", func(n *Network) { n.to[3] = 99 }, "edge 3: ends"},
		{"edges out of order", func(n *Network) { n.from[5], n.to[5] = 0, 0 }, "edge 5: ends 0 and 0: out of order"},
		{"no class", func(n *Network) { n.class[0] = 0 }, "class 0: unknown"},
		{"no mode", func(n *Network) { n.open[0] = 0 }, "open 0x0"},
		{"an unknown mode", func(n *Network) { n.open[0] = 0xff }, "open 0xff"},
		{"a shape that starts elsewhere", func(n *Network) { n.shape[0].lon++ }, "from end to end"},
		{"a free ride", func(n *Network) { n.cost[street.Car][forward][0] = 0 }, "car cost 0 over 1000 dm"},
		{"a price on a closed road", func(n *Network) { n.open[0] &^= openBit(street.Walk, backward) }, "closed in this direction"},
		{"a wait on a closed road", func(n *Network) {
			n.open[0] &^= openBit(street.Walk, backward)
			n.cost[street.Walk][backward][0] = 0
			n.wait[street.Walk][backward][0] = 1
		}, "walk wait 1: closed"},
		{"a ban of arcs that do not meet", func(n *Network) { n.bans[street.Car] = []ban{{newArc(0, forward), newArc(0, forward)}} }, "do not meet"},
		{"a ban of no arc", func(n *Network) { n.bans[street.Car] = []ban{{newArc(999, forward), 0}} }, "not there"},
		{"more in enclaves than for the ends of trips", func(n *Network) { n.enclosed[street.Bike] = 1 }, "1 arcs in enclaves of bike: want at most 0"},
		{"an endless edge", func(n *Network) { n.length[0] = maxLength + 1 }, "length 100000001 dm"},
		{"an arc to itself", func(n *Network) { n.Graph(street.Car).In.Arcs[0].Node = 0 }, "car graph: arcs: node 0: arc to itself"},
		{"an arc to nowhere", func(n *Network) { n.Graph(street.Bike).In.Arcs[0].Node = -1 }, "bike graph: arcs: node 0: arc to -1"},
		{"parallel arcs", func(n *Network) { a := n.Graph(street.Car).In.Arcs; a[1] = a[0] }, "row out of order"},
		{"offsets cut short", func(n *Network) { g := n.Graph(street.Car); g.In.First = g.In.First[1:] }, "offsets"},
	} {
		n := mustBuild(t, city(3))
		row.damage(n)
		if err := n.Check(); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: Check() = %v, want %q", row.name, err, row.want)
		}
	}
}

func TestHilbert(t *testing.T) {
	// Along the curve, cells of one size follow one another by an edge.
	const cells = 16
	type cell struct{ x, y int }
	var all []cell
	rank := map[cell]uint64{}
	for x := range cells {
		for y := range cells {
			c := cell{x, y}
			all = append(all, c)
			p := point{int32(math.MinInt32 + x<<28), int32(math.MinInt32 + y<<28)}
			rank[c] = p.hilbert() >> 56
		}
	}
	slices.SortFunc(all, func(a, b cell) int { return int(rank[a]) - int(rank[b]) })
	for i, c := range all {
		if rank[c] != uint64(i) {
			t.Fatalf("cell %v has rank %d, want %d", c, rank[c], i)
		}
		if i > 0 && abs(c.x-all[i-1].x)+abs(c.y-all[i-1].y) != 1 {
			t.Fatalf("cells %v and %v follow one another but do not touch", all[i-1], c)
		}
	}
}

func ExampleNetwork() {
	tags := map[string]string{"highway": "residential", "maxspeed": "30"}
	ways := []Way{{ID: 1, Nodes: []int64{1, 2}, At: []geo.LonLat{{Lon: 3.61, Lat: 49.56}, {Lon: 3.63, Lat: 49.56}}, Tags: tags}}
	network, err := Build(each(ways))
	if err != nil {
		panic(err)
	}
	home, _ := network.Snap(street.Walk, geo.LonLat{Lon: 3.615, Lat: 49.561})
	lieu, _ := network.Snap(street.Walk, geo.LonLat{Lon: 3.625, Lat: 49.56})
	journey, _ := network.NewSearch(street.Walk).Nearest([]Snap{lieu}).At(home)
	fmt.Printf("%v: %.1f min\n", journey.Reach, journey.Cost.Minutes())
	// Output: reached: 10.1 min
}
