package road

import (
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// found is what nearestNaive finds.
type found struct {
	segment int64 // -1: none
	metres  float64
	public  bool
}

// nearestNaive is the twin of Network.nearest: every segment, no index. Of segments equally
// near it takes any that is public, when one is.
func nearestNaive(n *Network, m street.Mode, p geo.LonLat, worth bool) found {
	plane := geo.NewPlane(p)
	best := found{-1, SnapCap, false}
	for e := range int32(len(n.from)) {
		tr := n.Edge(e).Travel[m]
		if !tr.Stop || tr.Worth != worth {
			continue
		}
		public := tr.Forward && !tr.EndsForward || tr.Backward && !tr.EndsBackward
		shape := n.AppendShape(nil, e)
		for i := 1; i < len(shape); i++ {
			ax, ay := plane.XY(shape[i-1])
			bx, by := plane.XY(shape[i])
			dx, dy := bx-ax, by-ay
			t := 0.0
			if l := dx*dx + dy*dy; l > 0 {
				t = min(max(-(ax*dx+ay*dy)/l, 0), 1)
			}
			if d := math.Hypot(ax+t*dx, ay+t*dy); d < best.metres || d == best.metres && (best.segment < 0 || public && !best.public) {
				best = found{int64(n.shapeFirst[e]) + int64(i-1), d, public}
			}
		}
	}
	return best
}

func TestSnapAgainstEverySegment(t *testing.T) {
	small, err := Build(each(countryWays(30, 11)))
	if err != nil {
		t.Fatal(err)
	}
	// Streets with others between them that meet none, some of which nobody stops on.
	apart := countryWays(30, 11)
	for i, w := range countryWays(30, 12) {
		for k := range w.Nodes {
			w.Nodes[k] = -w.Nodes[k] - int64(1000*i) // each way by itself
		}
		w.ID, w.Tags = -w.ID, map[string]string{"highway": "service"}
		if i%5 == 0 {
			w.Tags = map[string]string{"route": "ferry"}
		}
		apart = append(apart, w)
	}
	yards, err := Build(each(apart))
	if err != nil {
		t.Fatal(err)
	}
	// Long straight roads cross many cells, mostly empty ones.
	r := rand.New(rand.NewPCG(3, 3))
	var long []Way
	for i := range int64(12) {
		at := []geo.LonLat{{Lon: 3 + r.Float64(), Lat: 49 + r.Float64()}, {Lon: 3 + r.Float64(), Lat: 49 + r.Float64()}}
		long = append(long, Way{ID: i, Nodes: []int64{2 * i, 2*i + 1}, At: at, Tags: map[string]string{"highway": "primary"}})
	}
	for _, world := range []struct {
		name    string
		n       *Network
		seed    uint64
		seconds int // places on two edges, at least
	}{{"streets", small, 21, 0}, {"streets and yards", yards, 23, 50}, {"long straight roads", mustBuild(t, long), 22, 0}} {
		t.Run(world.name, func(t *testing.T) {
			none, seconds := 0, 0
			where := places(world.n, 700, world.seed)
			b := world.n.Bounds()
			for range 100 { // and around the border
				where = append(where, geo.LonLat{
					Lon: b.Min.Lon - 0.02 + r.Float64()*(b.Max.Lon-b.Min.Lon+0.04),
					Lat: b.Min.Lat - 0.02*r.Float64(),
				})
			}
			for i, p := range where {
				m := street.Modes[i%street.NumModes]
				worthy, island := nearestNaive(world.n, m, p, true), nearestNaive(world.n, m, p, false)
				s, reach := world.n.Snap(m, p)
				if reach != geo.Reached {
					none++
					if worthy.segment >= 0 || island.segment >= 0 {
						t.Fatalf("Snap(%s, %v) = %v, want a segment %.2f or %.2f m away", m, p, reach, worthy.metres, island.metres)
					}
					continue
				}
				check := func(s *Snap, want found) {
					t.Helper()
					got := geo.Distance(p, s.At)
					// Plane and sphere differ by less than 0.1 % over a kilometre.
					if want.segment < 0 || math.Abs(got-want.metres) > want.metres/1000+0.02 {
						t.Fatalf("Snap(%s, %v): %.3f m away, want %.3f", m, p, got, want.metres)
					}
					if walk := want.metres * 8; math.Abs(float64(s.Access)-walk) > 1 {
						t.Fatalf("Snap(%s, %v): access %d ds, want %.1f", m, p, s.Access, walk)
					}
					if !world.n.Edge(s.Edge).Travel[m].Stop {
						t.Fatalf("Snap(%s, %v): on edge %d, where nobody stops", m, p, s.Edge)
					}
					checkSplit(t, world.n, s)
				}
				switch {
				case worthy.segment < 0:
					check(&s, island)
				default:
					check(&s, worthy)
				}
				if nearer := worthy.segment >= 0 && island.segment >= 0 && island.metres < worthy.metres; nearer != (s.Second != nil) {
					t.Fatalf("Snap(%s, %v): second joint %v, want %v", m, p, s.Second != nil, nearer)
				}
				if s.Second != nil {
					seconds++
					check(s.Second, island)
				}
			}
			if none == 0 {
				t.Error("no place was beyond the cap: the test proves half of what it should")
			}
			if seconds < world.seconds {
				t.Errorf("%d places on two edges: too few", seconds)
			}
		})
	}
}

// checkSplit proves what Snap says of its costs.
func checkSplit(t *testing.T, n *Network, s *Snap) {
	t.Helper()
	e := n.Edge(s.Edge)
	tr := e.Travel[s.Mode]
	if s.Along > e.Length {
		t.Fatalf("snap %d dm along an edge of %d", s.Along, e.Length)
	}
	if tr.Forward && (s.FromStart+s.ToEnd != tr.CostForward+tr.WaitForward || s.Open&ArriveByStart == 0 || s.Open&LeaveByEnd == 0) {
		t.Fatalf("forward split %d + %d, want %d + %d, open", s.FromStart, s.ToEnd, tr.CostForward, tr.WaitForward)
	}
	if tr.Backward && (s.FromEnd+s.ToStart != tr.CostBackward+tr.WaitBackward || s.Open&ArriveByEnd == 0 || s.Open&LeaveByStart == 0) {
		t.Fatalf("backward split %d + %d, want %d + %d, open", s.FromEnd, s.ToStart, tr.CostBackward, tr.WaitBackward)
	}
	inside := s.Along > 0 && s.Along < e.Length
	if inside && (!tr.Backward && s.Open&(LeaveByStart|ArriveByEnd) != 0 || !tr.Forward && s.Open&(LeaveByEnd|ArriveByStart) != 0) {
		t.Fatalf("open %04b inside an edge open forward %v, backward %v", s.Open, tr.Forward, tr.Backward)
	}
	a, b := n.Node(e.From), n.Node(e.To)
	if s.Along == 0 && geo.Distance(a, s.At) > 0.2 || s.Along == e.Length && e.Length > 0 && geo.Distance(b, s.At) > 0.2 {
		t.Fatalf("snap at %v is said to be at an end of the edge %v–%v", s.At, a, b)
	}
}

func TestSnapChoices(t *testing.T) {
	d := drawing{
		art: "A--B    I--J        M\n" +
			"|  |\n" +
			"|  |\n" +
			"D--C                N\n",
		roads: []string{"ABCDA highway=residential", "IJ highway=residential", "MN highway=cycleway"},
	}
	n := mustBuild(t, d.ways())
	spot := d.nodes()
	for _, row := range []struct {
		name string
		mode street.Mode
		p    geo.LonLat
		want geo.LonLat // the zero value: no road
		walk geo.Cost
	}{
		{"100 m off: 80 s on foot", street.Car, at(1500, 100), at(1500, 0), 800},
		{"whatever the mode", street.Bike, at(1500, 100), at(1500, 0), 800},
		{"at the cap", street.Car, at(1500, 999.9), at(1500, 0), 7999},
		{"beyond the cap", street.Car, at(1500, 1000.1), geo.LonLat{}, 0},
		{"an island, for want of better", street.Car, at(9000, 50), at(9000, 0), 400},
		{"off the end of a road", street.Car, at(11300, 400), spot['J'], 4000},
		{"a road closed to the mode is no road", street.Car, at(20000, -1500), geo.LonLat{}, 0},
		{"but is to another", street.Walk, at(20100, -1500), at(20000, -1500), 800},
		{"far from all", street.Car, at(-500_000, 300_000), geo.LonLat{}, 0},
		{"not a number", street.Car, geo.LonLat{Lon: math.NaN(), Lat: 0}, geo.LonLat{}, 0},
		{"the pole", street.Car, geo.LonLat{Lon: 0, Lat: 90}, geo.LonLat{}, 0},
	} {
		s, reach := n.Snap(row.mode, row.p)
		if row.want == (geo.LonLat{}) {
			if reach != geo.NoRoadNearby || s.Edge != -1 {
				t.Errorf("%s: Snap = %+v, %v, want no road", row.name, s, reach)
			}
			continue
		}
		if reach != geo.Reached || geo.Distance(s.At, row.want) > 0.05 || abs(int(s.Access)-int(row.walk)) > 1 {
			t.Errorf("%s: Snap = %+v, %v, want %v, %d ds", row.name, s, reach, row.want, row.walk)
		}
	}

	island := func(metres float64) *Network {
		return mustBuild(t, append(d.ways(), Way{ID: 9, Nodes: []int64{901, 902}, At: []geo.LonLat{at(1000, 500), at(1000+metres, 500)},
			Tags: map[string]string{"highway": "residential"}}))
	}
	t.Run("a component worth joining, and a nearer yard", func(t *testing.T) {
		s := mustSnapAt(t, island(950), street.Car, at(1500, 500))
		if want := at(1500, 0); geo.Distance(s.At, want) > 0.05 || s.Second == nil || geo.Distance(s.Second.At, at(1500, 500)) > 0.05 || s.Second.Access != 0 || s.Leg() != 0 {
			t.Errorf("Snap = %v, second %+v, want %v and the yard", s.At, s.Second, want)
		}
		if s := mustSnapAt(t, island(950), street.Car, at(1500, 100)); s.Second != nil {
			t.Errorf("Snap = %+v: a yard that is farther away is joined", s)
		}
	})
	t.Run("an island that is worth joining itself", func(t *testing.T) {
		s := mustSnapAt(t, island(1001), street.Car, at(1500, 400))
		if want := at(1500, 500); geo.Distance(s.At, want) > 0.05 || s.Second != nil {
			t.Errorf("Snap = %v, second %+v, want %v alone", s.At, s.Second, want)
		}
	})
	t.Run("of segments equally near, the first", func(t *testing.T) {
		// A hairpin, and a place exactly between its branches.
		var way Way
		for i, p := range []point{{0, 0}, {200_000, 0}, {200_000, 10_000}, {0, 10_000}} {
			way.Nodes, way.At = append(way.Nodes, int64(i)), append(way.At, p.lonLat())
		}
		way.Tags = map[string]string{"highway": "residential"}
		n := mustBuild(t, []Way{way})
		s := mustSnapAt(t, n, street.Car, point{100_000, 5000}.lonLat())
		if from := n.Node(n.Edge(0).From); s.At.Lat != from.Lat || s.Along > n.Edge(0).Length/2 {
			t.Errorf("Snap = %+v, want the branch that starts at %v", s, from)
		}
	})
	t.Run("an empty network", func(t *testing.T) {
		n := mustBuild(t, nil)
		if s, reach := n.Snap(street.Car, at(0, 0)); reach != geo.NoRoadNearby || s.Edge != -1 {
			t.Errorf("Snap = %+v, %v, want no road", s, reach)
		}
		if !n.Bounds().Empty() {
			t.Errorf("Bounds() = %v, want empty", n.Bounds())
		}
		s := n.NewSearch(street.Car)
		if a, owner := s.Nearest(nil).At(Snap{Edge: -1}); a.Reach != geo.NoRoadNearby || owner != -1 {
			t.Errorf("At = %v", describe(a, owner))
		}
	})
}
