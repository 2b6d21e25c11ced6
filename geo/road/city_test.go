package road

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// city is a lattice of two-way streets 100 m apart, each line one way of OSM,
// driven at 36 km/h (1 ds per metre): the time between two places is their
// Manhattan distance.
func city(blocks int) []Way {
	tags := map[string]string{"highway": "tertiary", "maxspeed": "48"}
	var ways []Way
	line := func(node func(i int) (x, y int)) {
		w := Way{ID: int64(len(ways) + 1), Tags: tags}
		for i := range blocks + 1 {
			x, y := node(i)
			w.Nodes = append(w.Nodes, int64(y*1000+x))
			w.At = append(w.At, corner(x, y))
		}
		ways = append(ways, w)
	}
	for k := range blocks + 1 {
		line(func(i int) (int, int) { return i, k })
		line(func(i int) (int, int) { return k, i })
	}
	return ways
}

func corner(x, y int) geo.LonLat {
	return point{int32(x) * steps[0], int32(y) * steps[0]}.lonLat()
}

// TestCity compares with the closed form, from any corner and any address
// (tenths of a block along a street running east) to a source in mid-block.
func TestCity(t *testing.T) {
	const blocks = 20
	n := mustBuild(t, city(blocks))
	if got := n.Counts(); got.Nodes != 21*21 || got.Edges != 2*21*20 || got.Arcs[street.Car] != 4*21*20 || got.Worth[street.Car] != 21*21 {
		t.Errorf("Counts() = %+v, want 441 nodes, 840 edges, 1680 arcs, all in a component that is worth joining", got)
	}
	address := func(x, tenths, y int) geo.LonLat {
		p, q := corner(x, y), corner(x+1, y)
		p.Lon += (q.Lon - p.Lon) * float64(tenths) / 10
		return p
	}
	const sx, sTenths, sy = 7, 3, 11
	source := mustSnapAt(t, n, street.Car, address(sx, sTenths, sy))
	f := n.NewSearch(street.Car).Nearest([]Snap{source})
	for y := range blocks + 1 {
		for x := range blocks {
			for _, tenths := range []int{0, 1, 5, 9} {
				o := mustSnapAt(t, n, street.Car, address(x, tenths, y))
				// In mid-block a street must be left by one of its corners,
				// unless both addresses are on the same street.
				east, source := x*100+tenths*10, sx*100+sTenths*10
				want := abs(east-source) + 100*abs(y-sy)
				if y != sy && x == sx {
					want = 100*abs(y-sy) + min(tenths*10+sTenths*10, 200-tenths*10-sTenths*10)
				}
				if got, _ := f.At(o); got != (geo.Access{Reach: geo.Reached, Cost: geo.Cost(want)}) {
					t.Errorf("from (%d.%d, %d) = %+v, want %d ds", x, tenths, y, got, want)
				}
			}
		}
	}
}

func abs(v int) int { return max(v, -v) }

// TestWayOrder: shuffling the ways, turning some round and repeating others
// gives the same bytes.
func TestWayOrder(t *testing.T) {
	for seed := range uint64(200) {
		r := rand.New(rand.NewPCG(seed, 5))
		ways := randomLattice(r).ways
		want, _ := mustBuild(t, ways).MarshalBinary()
		mixed := slices.Clone(ways)
		mixed = append(mixed, ways[r.IntN(len(ways))])
		r.Shuffle(len(mixed), func(i, j int) { mixed[i], mixed[j] = mixed[j], mixed[i] })
		if got, _ := mustBuild(t, mixed).MarshalBinary(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: the network depends on the order of ways", seed)
		}
		drawn := slices.Clone(ways)
		for i, w := range drawn {
			if w.Tags["oneway"] == "" {
				w.Nodes, w.At = slices.Clone(w.Nodes), slices.Clone(w.At)
				slices.Reverse(w.Nodes)
				slices.Reverse(w.At)
				drawn[i] = w
			}
		}
		if got, _ := mustBuild(t, drawn).MarshalBinary(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: the network depends on the direction two-way streets are drawn in", seed)
		}
	}
}

// corners snaps every corner of a lattice that is a node of a way.
func (w *latticeWorld) corners(n *Network) map[int64]Snap {
	snaps := map[int64]Snap{}
	for _, way := range w.ways {
		for _, id := range way.Nodes {
			if s, reach := n.Snap(street.Car, w.position(id)); reach == geo.Reached && s.Access == 0 {
				snaps[id%twins] = s
			}
		}
	}
	return snaps
}

// TestAddingARoad: one more road never lengthens a journey.
func TestAddingARoad(t *testing.T) {
	shorter := 0
	for seed := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, 6))
		ways := city(4)
		before := mustBuild(t, ways)
		more := randomLattice(r)
		for more.step != steps[0] {
			more = randomLattice(r)
		}
		for i, w := range more.ways[:1] {
			w.ID, w.Nodes, w.At = 900+int64(i), slices.Clone(w.Nodes), slices.Clone(w.At)
			w.Tags = map[string]string{"highway": "tertiary", "maxspeed": "50", "oneway": w.Tags["oneway"]}
			for k, id := range w.Nodes { // the lattice ids as city ids
				w.Nodes[k] = id%twins/latticeX*1000 + id%twins%latticeX
			}
			ways = append(ways, w)
		}
		after := mustBuild(t, ways)
		where := corner(r.IntN(5), r.IntN(5))
		was := before.NewSearch(street.Car).Nearest([]Snap{mustSnapAt(t, before, street.Car, where)})
		is := after.NewSearch(street.Car).Nearest([]Snap{mustSnapAt(t, after, street.Car, where)})
		for x := range 5 {
			for y := range 5 {
				a, _ := was.At(mustSnapAt(t, before, street.Car, corner(x, y)))
				b, _ := is.At(mustSnapAt(t, after, street.Car, corner(x, y)))
				if b.Reach != geo.Reached || b.Cost > a.Cost {
					t.Fatalf("seed %d: corner (%d, %d): %d ds, then %+v with one road more", seed, x, y, a.Cost, b)
				}
				if b.Cost < a.Cost {
					shorter++
				}
			}
		}
	}
	if shorter == 0 {
		t.Error("no road made any journey shorter: the test proves nothing")
	}
}

// TestReversal: with every one-way street turned round, journeys run the other way
// and take as long.
func TestReversal(t *testing.T) {
	compared := 0
	for seed := range uint64(400) {
		r := rand.New(rand.NewPCG(seed, 8))
		world := randomLattice(r)
		turned := latticeWorld{step: world.step}
		for _, w := range world.ways {
			w.Tags = map[string]string{"highway": "tertiary", "maxspeed": w.Tags["maxspeed"], "oneway": map[string]string{"yes": "-1", "-1": "yes", "": "no"}[w.Tags["oneway"]]}
			turned.ways = append(turned.ways, w)
		}
		n, rev := mustBuild(t, world.ways), mustBuild(t, turned.ways)
		there, back := world.corners(n), turned.corners(rev)
		s, sRev := n.NewSearch(street.Car), rev.NewSearch(street.Car)
		for a := range int64(latticeX * latticeY) {
			if there[a].At != back[a].At || len(n.nodes) != len(rev.nodes) {
				t.Fatalf("seed %d: corner %d: %v and %v: not the same world", seed, a, there[a], back[a])
			}
			for b := range int64(latticeX * latticeY) {
				o, okO := there[a]
				d, okD := there[b]
				if !okO || !okD || ambiguous(world, a) || ambiguous(world, b) {
					continue
				}
				want, _ := s.Nearest([]Snap{d}).At(o)
				got, _ := sRev.Nearest([]Snap{back[a]}).At(back[b])
				if got != want {
					t.Fatalf("seed %d: %d→%d %+v; reversed %+v", seed, a, b, want, got)
				}
				compared++
			}
		}
	}
	if compared < 1000 {
		t.Errorf("%d journeys compared: too few", compared)
	}
}

// ambiguous: two nodes are at this corner, and a snap may be at either.
func ambiguous(w *latticeWorld, corner int64) bool {
	for _, way := range w.ways {
		if slices.Contains(way.Nodes, corner+twins) {
			return true
		}
	}
	return false
}
