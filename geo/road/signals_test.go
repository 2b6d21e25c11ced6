package road

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// signalTown is a lattice of short streets, some of whose corners have signals.
func signalTown(r *rand.Rand) []Way {
	const size = 5
	step := 8 + 20*r.Float64() // metres
	place := func(k int64) geo.LonLat {
		return at(float64(k%size)*step+float64(k*7%5), float64(k/size)*step+float64(k*3%4))
	}
	signals := map[int64]map[string]string{}
	for k := range int64(size * size) {
		switch r.IntN(5) {
		case 0:
			signals[k] = map[string]string{"highway": "traffic_signals"}
		case 1:
			signals[k] = map[string]string{"highway": "crossing", "crossing": "traffic_signals"}
		}
	}
	var ways []Way
	for k := range int64(size * size) {
		for _, next := range [...]int64{k + 1, k + size} {
			if next == k+1 && next%size == 0 || next >= size*size || r.IntN(4) == 0 {
				continue
			}
			w := Way{ID: int64(len(ways) + 1), Nodes: []int64{k, next}, At: []geo.LonLat{place(k), place(next)}, Tags: map[string]string{"highway": "residential"}}
			if r.IntN(6) == 0 {
				w.Tags["oneway"] = "yes"
			}
			for i, id := range w.Nodes {
				if tags := signals[id]; tags != nil {
					w.Marks = append(w.Marks, Mark{i, tags})
				}
			}
			ways = append(ways, w)
		}
	}
	return ways
}

// TestSignalJunctions compares junctions of signals with their definition, by all paths.
func TestSignalJunctions(t *testing.T) {
	const reach = 600 // decimetres along roads
	seed := rand.Uint64()
	joined, inside := 0, 0
	for i := range uint64(300) {
		r := rand.New(rand.NewPCG(seed, i))
		b := newBuilder(WithProfile(tellable()))
		for _, w := range signalTown(r) {
			if err := b.add(w); err != nil {
				t.Fatal(err)
			}
		}
		n, err := b.build()
		if err != nil {
			t.Fatal(err)
		}
		arcs, meaning := n.arcsAt(), b.meanings()
		got := n.newSignalJunctions(street.Car, 30, &arcs, meaning)

		size := len(n.nodes)
		signal := func(v int) bool { return meaning[v].Signal[street.Car] > 0 }
		// paths are the shortest lengths over intermediate nodes that through lets in.
		paths := func(through func(v int) bool) [][]int {
			d := make([][]int, size)
			for u := range d {
				d[u] = slices.Repeat([]int{1 << 40}, size)
				d[u][u] = 0
			}
			for e := range n.from {
				u, v, l := n.from[e], n.to[e], int(n.length[e])
				d[u][v], d[v][u] = min(d[u][v], l), min(d[v][u], l)
			}
			for k := range d {
				for u := range d {
					for v := range d {
						if through(k) {
							d[u][v] = min(d[u][v], d[u][k]+d[k][v])
						}
					}
				}
			}
			return d
		}
		all, plain := paths(func(int) bool { return true }), paths(func(v int) bool { return !signal(v) })
		first := make([]int, size) // of the signals of the junction of each
		for v := range first {
			first[v] = v
		}
		for range size {
			for u := range size {
				for v := range size {
					if signal(u) && signal(v) && all[u][v] <= reach && geo.Distance(n.nodes[u].lonLat(), n.nodes[v].lonLat()) <= 30 {
						first[u] = min(first[u], first[v])
					}
				}
			}
		}
		for y := range size {
			want, best := noJunction, 1<<40
			if signal(y) {
				want = first[y]
			}
			for s := range size {
				for u := range s {
					if !signal(y) && signal(s) && signal(u) && first[s] == first[u] {
						if sum := plain[s][y] + plain[u][y]; sum <= reach && (sum < best || sum == best && first[s] < want) {
							want, best = first[s], sum
						}
					}
				}
			}
			has := noJunction
			if j := got.of[y]; j != noJunction {
				has = slices.Index(got.of, j)
				for has < size && (!signal(has) || got.of[has] != j) {
					has++
				}
			}
			if has != want {
				t.Fatalf("seed %d, town %d: node %d is in the junction of signals %d, want %d", seed, i, y, has, want)
			}
			if want == noJunction {
				continue
			}
			longest, count := geo.Cost(0), 0
			for v := range size {
				if signal(v) && first[v] == want {
					longest = max(longest, meaning[v].Signal[street.Car])
					count++
				}
			}
			if j := got.of[y]; got.wait[j] != longest || got.several[j] != (count > 1) {
				t.Fatalf("seed %d, town %d: node %d waits %d, several %t, want %d of %d", seed, i, y, got.wait[j], got.several[j], longest, count)
			}
			if !signal(y) {
				inside++
			} else if count > 1 {
				joined++
			}
		}
	}
	if joined < 300 || inside < 50 {
		t.Errorf("%d signals joined, %d nodes between them: too few to tell", joined, inside)
	}
}

// TestSignalsOnce: an arc is waited for where it comes to a junction of signals, and
// inside of one nowhere.
func TestSignalsOnce(t *testing.T) {
	seed := rand.Uint64()
	for i := range uint64(200) {
		ways := signalTown(rand.New(rand.NewPCG(seed, i)))
		b := newBuilder(WithProfile(tellable()))
		for _, w := range ways {
			if err := b.add(w); err != nil {
				t.Fatal(err)
			}
		}
		n, err := b.build()
		if err != nil {
			t.Fatal(err)
		}
		arcs := n.arcsAt()
		s := n.newSignalJunctions(street.Car, 30, &arcs, b.meanings())
		for e := range int32(len(n.from)) {
			for d := range 2 {
				a := newArc(e, d)
				if !n.isOpen(street.Car, a) {
					continue
				}
				tail, head := n.ends(a)
				want := geo.Cost(0)
				if j := s.of[head]; j != noJunction && s.of[tail] != j {
					want = s.wait[j]
				}
				if got := geo.Cost(n.wait[street.Car][d][e]); got != want {
					t.Fatalf("seed %d, town %d: from %d to %d waits %d ds, want %d", seed, i, tail, head, got, want)
				}
			}
		}
	}
}
