package road

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// The oracle knows nothing of junctions, edges or snapping: it takes the OSM
// nodes of the ways one by one, adds a vertex for every snapped place on the
// segment where it lies, and computes all pairs by Floyd–Warshall. Worlds are
// lattices on which every cost is exact, so that results must be equal.

const (
	oracleSeeds = 2500
	latticeX    = 4
	latticeY    = 3
	twins       = 1000 // node id + twins is another node at the same place
)

// step is the lattice spacing in units of 1e-7 degree: 100.00 m, or 3 000.00 m
// where islands must be beyond the snapping cap of each other.
var steps = [2]int32{8993, 269796}

// The directions of a way, as bits.
const forwardOnly, backwardOnly, bothWays = 1, 2, 3

type latticeWorld struct {
	step int32
	ways []Way
	// speed of each way in ds per tenth of a lattice step
	pace []geo.Cost
	dir  []int // which ways each is open
}

func (w *latticeWorld) position(id int64) geo.LonLat {
	id %= twins
	return point{int32(id%latticeX) * w.step, int32(id/latticeX) * w.step}.lonLat()
}

func randomLattice(r *rand.Rand) *latticeWorld {
	scale := r.IntN(2)
	w := &latticeWorld{step: steps[scale]}
	// One world in four is a ring, worth joining, round a street that need not meet it.
	ring := r.IntN(4) == 0
	count := 2 + r.IntN(5)
	if ring {
		count = 2 + r.IntN(2)
	}
	for i := range count {
		x, y := r.IntN(latticeX), r.IntN(latticeY)
		way := Way{ID: int64(i + 1)}
		add := func(id int64) {
			way.Nodes, way.At = append(way.Nodes, id), append(way.At, w.position(id))
		}
		if ring && i < 2 {
			for _, id := range [][]int64{{0, 1, 2, 3, 7, 11, 10, 9, 8, 4, 0}, {5, 6}}[i] {
				add(id)
			}
			way.Tags = map[string]string{"highway": "tertiary", "maxspeed": "48"}
			pace := geo.Cost(10)
			if scale == 1 {
				pace *= 30
			}
			w.ways, w.pace, w.dir = append(w.ways, way), append(w.pace, pace), append(w.dir, bothWays)
			continue
		}
		add(int64(y*latticeX + x))
		for range 1 + r.IntN(6) {
			switch r.IntN(12) {
			case 0: // to the other node at this place: a segment of length 0
				add((way.Nodes[len(way.Nodes)-1] + twins) % (2 * twins))
			case 1: // a repeated node
				add(way.Nodes[len(way.Nodes)-1])
			default:
				if r.IntN(2) == 0 {
					x = min(max(x+1-2*r.IntN(2), 0), latticeX-1)
				} else {
					y = min(max(y+1-2*r.IntN(2), 0), latticeY-1)
				}
				add(int64(y*latticeX + x))
			}
		}
		// A tertiary road is driven at 75 % of its limit: 36, 18 or 9 km/h, which
		// are 1, 2 or 4 ds per metre.
		k := r.IntN(3)
		way.Tags = map[string]string{"highway": "tertiary", "maxspeed": []string{"48", "24", "12"}[k]}
		pace := geo.Cost(10) << k
		if scale == 1 {
			pace *= 30
		}
		dir := bothWays
		switch r.IntN(5) {
		case 0:
			dir, way.Tags["oneway"] = forwardOnly, "yes"
		case 1:
			dir, way.Tags["oneway"] = backwardOnly, "-1"
		}
		w.ways, w.pace, w.dir = append(w.ways, way), append(w.pace, pace), append(w.dir, dir)
	}
	return w
}

// spot is a place of the oracle: an OSM node, or tenths of a segment.
type spot struct {
	node   int64 // -1: inside a segment
	way, i int   // segment i of way
	tenths int
}

// locate finds the spot at p; false when several would do, or when it is not at
// a tenth of its segment.
func (w *latticeWorld) locate(t *testing.T, p geo.LonLat) (spot, bool) {
	x, y := p.Lon*perDegree/float64(w.step), p.Lat*perDegree/float64(w.step)
	const tolerance = 1e-3 // of a step
	found, count := spot{node: -1}, 0
	for k, way := range w.ways {
		for i := 1; i < len(way.Nodes); i++ {
			a, b := way.Nodes[i-1]%twins, way.Nodes[i]%twins
			ax, ay, bx, by := float64(a%latticeX), float64(a/latticeX), float64(b%latticeX), float64(b/latticeX)
			for _, end := range []struct {
				id   int64
				x, y float64
			}{{way.Nodes[i-1], ax, ay}, {way.Nodes[i], bx, by}} {
				if math.Abs(end.x-x) < tolerance && math.Abs(end.y-y) < tolerance {
					if found.node != end.id {
						count++
					}
					found.node = end.id
				}
			}
			along := (x-ax)*(bx-ax) + (y-ay)*(by-ay)
			across := (x-ax)*(by-ay) - (y-ay)*(bx-ax)
			if a == b || math.Abs(across) > tolerance || along < tolerance || along > 1-tolerance {
				continue
			}
			tenths := math.Round(along * 10)
			if math.Abs(along*10-tenths) > 10*tolerance {
				return spot{}, false // put there from beside another road
			}
			found = spot{-1, k, i, int(tenths)}
			count++
		}
	}
	if count == 0 {
		t.Fatalf("snapped at %v (%.3f, %.3f): on no way", p, x, y)
	}
	return found, count == 1
}

// allPairs returns the cost between any two spots; -1 when there is none.
func (w *latticeWorld) allPairs(spots []spot) func(a, b int) int64 {
	const far = math.MaxInt64 / 4
	index := map[int64]int{}
	vertex := func(id int64) int {
		if _, ok := index[id]; !ok {
			index[id] = len(index)
		}
		return index[id]
	}
	type arc struct {
		a, b int
		c    int64
	}
	var arcs []arc
	spotID := func(s spot) int64 { // same place, same vertex
		if s.node >= 0 {
			return s.node
		}
		return 1_000_000 + int64(s.way)*10_000 + int64(s.i)*100 + int64(s.tenths)
	}
	for k, way := range w.ways {
		for i := 1; i < len(way.Nodes); i++ {
			last, lastTenth := vertex(way.Nodes[i-1]), 0
			link := func(v, tenth int) {
				c := int64(tenth-lastTenth) * int64(w.pace[k])
				if way.Nodes[i-1]%twins == way.Nodes[i]%twins {
					c = 0
				}
				if w.dir[k]&forwardOnly != 0 {
					arcs = append(arcs, arc{last, v, c})
				}
				if w.dir[k]&backwardOnly != 0 {
					arcs = append(arcs, arc{v, last, c})
				}
				last, lastTenth = v, tenth
			}
			for tenth := 1; tenth < 10; tenth++ {
				for _, s := range spots {
					if s.node < 0 && s.way == k && s.i == i && s.tenths == tenth {
						link(vertex(spotID(s)), tenth)
						break
					}
				}
			}
			link(vertex(way.Nodes[i]), 10)
		}
	}
	size := len(index)
	d := make([][]int64, size)
	for a := range d {
		d[a] = make([]int64, size)
		for b := range d[a] {
			if a != b {
				d[a][b] = far
			}
		}
	}
	for _, a := range arcs {
		d[a.a][a.b] = min(d[a.a][a.b], a.c)
	}
	for k := range d {
		for a := range d {
			if d[a][k] == far {
				continue
			}
			for b := range d {
				d[a][b] = min(d[a][b], d[a][k]+d[k][b])
			}
		}
	}
	return func(a, b int) int64 {
		if c := d[index[spotID(spots[a])]][index[spotID(spots[b])]]; c < far {
			return c
		}
		return -1
	}
}

func TestAgainstFloydWarshall(t *testing.T) {
	var journeys, paths, sameEdge, islands, seconds int
	for seed := range uint64(oracleSeeds) {
		r := rand.New(rand.NewPCG(seed, 42))
		world := randomLattice(r)
		n := mustBuild(t, world.ways)
		var snaps []Snap
		var spots []spot
		var first []int // of each snap, in spots; that of its Second follows
		for range 9 {
			way := world.ways[r.IntN(len(world.ways))]
			if len(way.Nodes) < 2 {
				continue
			}
			i := 1 + r.IntN(len(way.Nodes)-1)
			f := float64(r.IntN(11)) / 10
			if r.IntN(2) == 0 && len(snaps) > 0 { // near the place before, often on the same edge
				f = float64(r.IntN(11)) / 10
				way, i = world.ways[0], 1
			}
			a, b := world.position(way.Nodes[i-1]), world.position(way.Nodes[i])
			p := geo.LonLat{Lon: a.Lon + f*(b.Lon-a.Lon), Lat: a.Lat + f*(b.Lat-a.Lat)}
			if f > 0 && f < 1 && r.IntN(2) == 0 { // 4.4 m beside the road
				if a.Lat == b.Lat {
					p.Lat += 4e-5
				} else {
					p.Lon += 4e-5
				}
			}
			s, reach := n.Snap(street.Car, p)
			if reach != geo.Reached {
				continue // every way of this world may be a single place
			}
			sp, ok := world.locate(t, s.At)
			var second spot
			if ok && s.Second != nil {
				second, ok = world.locate(t, s.Second.At)
			}
			if !ok {
				continue
			}
			snaps, spots, first = append(snaps, s), append(spots, sp), append(first, len(spots))
			if s.Second != nil {
				spots = append(spots, second)
				seconds++
			}
			if !n.Edge(s.Edge).Travel[street.Car].Worth {
				islands++
			}
		}
		if len(snaps) < 2 {
			continue
		}
		between := world.allPairs(spots)
		cost := func(o, k int) int64 { // walks included
			return byJoints(&snaps[o], &snaps[k], func(from, to *Snap) int64 {
				a, b := first[o], first[k]
				if from == snaps[o].Second {
					a++
				}
				if to == snaps[k].Second {
					b++
				}
				return between(a, b)
			})
		}
		count := 1 + r.IntN(min(4, len(snaps)-1))
		sources, origins := snaps[:count], snaps
		s := n.NewSearch(street.Car)
		field := s.Nearest(sources)
		index := n.NewOrigins(origins, allReached(len(origins)))
		limit := geo.Cost(r.IntN(30 * int(world.pace[0])))
		for k, src := range sources {
			want := map[int32]geo.Cost{}
			for o := range origins {
				if c := cost(o, k); c >= 0 {
					if total := geo.Cost(c); total <= limit {
						want[int32(o)] = total
					}
				}
			}
			got := map[int32]geo.Cost{}
			s.Reach(src, limit, index, func(o int32, c geo.Cost) { got[o] = c })
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Fatalf("seed %d: Reach(source %d, %d ds) = %v, want %v", seed, k, limit, got, want)
			}
		}
		for o := range origins {
			want, owner := geo.Access{Reach: geo.NoPath}, int32(-1)
			for k := range sources {
				c := cost(o, k)
				if c < 0 {
					continue
				}
				if total := geo.Cost(c); want.Reach != geo.Reached || total < want.Cost {
					want, owner = geo.Access{Reach: geo.Reached, Cost: total}, int32(k)
				}
				if origins[o].Edge == sources[k].Edge {
					sameEdge++
				}
			}
			got, gotOwner := field.At(origins[o])
			if got != want || gotOwner != owner {
				t.Fatalf("seed %d: At(origin %d: %+v) = %s, want %s", seed, o, origins[o], describe(got, gotOwner), describe(want, owner))
			}
			journeys++
			if want.Reach == geo.Reached {
				paths++
			}
		}
	}
	t.Logf("%d worlds, %d journeys: %d reached, %d on one edge, %d places on islands, %d on two edges", oracleSeeds, journeys, paths, sameEdge, islands, seconds)
	if journeys < oracleSeeds || paths == journeys || sameEdge < oracleSeeds/10 || islands < oracleSeeds/10 || seconds < oracleSeeds/10 {
		t.Errorf("the worlds are too dull to prove anything: see the counts above")
	}
}

func allReached(count int) []geo.Reach {
	reach := make([]geo.Reach, count)
	for i := range reach {
		reach[i] = geo.Reached
	}
	return reach
}
