package road

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"slices"
	"testing"
)

// signTown is a lattice of streets with a node in the middle of each, where a sign may
// stand that faces one direction, both, or does not say.
func signTown(r *rand.Rand) []Way {
	const size = 4
	var ways []Way
	for k := range int64(size * size) {
		for _, next := range [...]int64{k + 1, k + size} {
			if next == k+1 && next%size == 0 || next >= size*size || r.IntN(5) == 0 {
				continue
			}
			x, y := float64(k%size)*100, float64(k/size)*100
			dx, dy := 100.0, 0.0
			if next == k+size {
				dx, dy = dy, dx
			}
			f := 0.1 + 0.8*r.Float64()
			id := int64(len(ways) + 1)
			w := Way{ID: id, Nodes: []int64{k, 1000 + id, next}, Tags: map[string]string{"highway": "residential"}}
			w.At = append(w.At, at(x, y), at(x+f*dx, y+f*dy), at(x+dx, y+dy))
			switch r.IntN(8) {
			case 0:
				w.Tags["oneway"] = "yes"
			case 1:
				w.Tags["oneway"] = "-1"
			case 2:
				w.Tags["motor_vehicle:backward"] = "destination"
			}
			if r.IntN(2) == 0 {
				sign := map[string]string{"highway": [...]string{"stop", "give_way", "traffic_signals"}[r.IntN(3)]}
				if direction := [...]string{"forward", "backward", "both", ""}[r.IntN(4)]; direction != "" {
					sign["direction"] = direction
				}
				w.Marks = []Mark{{1, sign}}
			}
			ways = append(ways, w)
		}
	}
	return ways
}

// drawnBackwards is the same way drawn from its other end.
func drawnBackwards(w Way) Way {
	flipped := map[string]string{"forward": "backward", "backward": "forward", "yes": "-1", "-1": "yes"}
	v := Way{ID: w.ID, Nodes: slices.Clone(w.Nodes), At: slices.Clone(w.At), Tags: map[string]string{}}
	slices.Reverse(v.Nodes)
	slices.Reverse(v.At)
	for key, value := range w.Tags {
		switch key {
		case "oneway":
			value = flipped[value]
		case "motor_vehicle:backward":
			key = "motor_vehicle:forward"
		}
		v.Tags[key] = value
	}
	for _, m := range w.Marks {
		tags := maps.Clone(m.Tags)
		if to, told := flipped[tags["direction"]]; told {
			tags["direction"] = to
		}
		v.Marks = append(v.Marks, Mark{len(v.Nodes) - 1 - m.Node, tags})
	}
	return v
}

// TestSignsWhateverWayTheyAreDrawn: neither the direction in which a way is drawn nor the
// order of the ways changes who goes where and who waits.
func TestSignsWhateverWayTheyAreDrawn(t *testing.T) {
	seed := rand.Uint64()
	waits := 0
	for i := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, i))
		ways := signTown(r)
		n := mustBuild(t, ways)
		want, err := n.MarshalBinary()
		if err != nil {
			t.Fatal(err)
		}
		for m := range n.wait {
			for d := range n.wait[m] {
				for _, w := range n.wait[m][d] {
					waits += int(min(w, 1))
				}
			}
		}
		for range 3 {
			again := slices.Clone(ways)
			for k := range again {
				if r.IntN(2) == 0 {
					again[k] = drawnBackwards(again[k])
				}
			}
			r.Shuffle(len(again), func(a, b int) { again[a], again[b] = again[b], again[a] })
			got, err := mustBuild(t, again).MarshalBinary()
			if err != nil {
				t.Fatal(err)
			}
			if !bytes.Equal(got, want) {
				t.Fatalf("seed %d, town %d: another network of the same roads", seed, i)
			}
		}
	}
	if waits < 1000 {
		t.Errorf("%d waits: too few to tell", waits)
	}
}
