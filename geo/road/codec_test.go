package road

import (
	"encoding/binary"
	"hash/crc32"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/aisne-numerique/maillage/geo/road/street"
)

func encoded(t testing.TB, n *Network) []byte {
	t.Helper()
	b, err := n.MarshalBinary()
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestCodecRoundTrip(t *testing.T) {
	networks := []*Network{mustBuild(t, nil), mustBuild(t, city(3)), mustBuild(t, countryWays(6, 1)), mustBuild(t, estate().ways())}
	for seed := range uint64(100) {
		r := rand.New(rand.NewPCG(seed, 2))
		ways := randomLattice(r).ways
		obstruct(r, ways)
		networks = append(networks, mustBuild(t, ways))
	}
	for i, n := range networks {
		b := encoded(t, n)
		var back Network
		if err := back.UnmarshalBinary(b); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		options := cmp.Options{cmp.AllowUnexported(Network{}, Graph{}, turning{}, memories{}, memory{}, child{}, pockets{}, state{}, ban{}, point{}, grid{}),
			cmpopts.IgnoreFields(Network{}, "graphs", "grid"), cmpopts.IgnoreFields(Graph{}, "core"), cmpopts.EquateEmpty()}
		d := cmp.Diff(n, &back, options) + cmp.Diff(n.graphs(), back.graphs(), options) + cmp.Diff(n.grid(), back.grid(), options)
		if d != "" {
			t.Fatalf("network %d: (-built +decoded)\n%s", i, d)
		}
		if err := back.Check(); err != nil {
			t.Fatalf("network %d: %v", i, err)
		}
		if !slices.Equal(encoded(t, &back), b) {
			t.Fatalf("network %d: encodes to other bytes once decoded", i)
		}
	}
	prefix := []byte("before")
	n := networks[1]
	if got, _ := n.AppendBinary(prefix); !slices.Equal(got[len(prefix):], encoded(t, n)) {
		t.Error("AppendBinary after other bytes differs from MarshalBinary")
	}
}

func TestCodecDamage(t *testing.T) {
	n := mustBuild(t, city(3))
	b := encoded(t, n)
	back := *n
	for size := range len(b) {
		if err := back.UnmarshalBinary(b[:size]); err == nil {
			t.Fatalf("cut to %d of %d bytes: no error", size, len(b))
		}
	}
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		bad := slices.Clone(b)
		bit := r.IntN(8 * len(bad))
		bad[bit/8] ^= 1 << (bit % 8)
		if err := back.UnmarshalBinary(bad); err == nil {
			t.Fatalf("bit %d flipped: no error", bit)
		}
	}
	if back.Counts() != n.Counts() {
		t.Error("a failed UnmarshalBinary changed the network")
	}
}

// TestCodecForged: behind a good checksum, damage must end in an error or in a
// network that keeps its invariants.
func TestCodecForged(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 2))
	refused := 0
	for range 5000 {
		b := encoded(t, mustBuild(t, randomLattice(r).ways))
		body := b[:len(b)-checksumSize]
		for range 1 + r.IntN(3) {
			body[len(codecMagic)+4+r.IntN(len(body)-len(codecMagic)-4)] = byte(r.Uint32())
		}
		if r.IntN(4) == 0 {
			body = body[:headerSize+r.IntN(len(body)-headerSize+1)]
		}
		forged := seal(body)
		var n Network
		if err := n.UnmarshalBinary(forged); err != nil {
			refused++
			continue
		}
		if err := n.Check(); err != nil {
			t.Fatalf("% x: decoded, but %v", forged, err)
		}
		for _, m := range street.Modes {
			s, _ := n.Snap(m, n.Bounds().Center())
			n.NewSearch(m).Nearest([]Snap{s})
		}
	}
	if refused < 1000 {
		t.Errorf("%d of 5000 refused: the damage is too mild to prove anything", refused)
	}
}

func seal(body []byte) []byte {
	return binary.LittleEndian.AppendUint32(slices.Clone(body), crc32.Checksum(body, castagnoli))
}

func TestCodecErrors(t *testing.T) {
	good := encoded(t, mustBuild(t, city(1)))
	change := func(f func(b []byte)) []byte {
		b := slices.Clone(good)
		f(b)
		return b
	}
	header := func(words ...uint32) []byte {
		b := []byte(codecMagic)
		for _, w := range words {
			b = binary.LittleEndian.AppendUint32(b, w)
		}
		return seal(b)
	}
	for _, row := range []struct {
		name string
		b    []byte
		want string
	}{
		{"nothing", nil, "decode road network: 0 bytes: ends too early"},
		{"another file", []byte(strings.Repeat("PK..", 10)), `starts with "PK..": not a road network`},
		{"a later version", change(func(b []byte) { b[4] = 9 }), "version 9: this program reads version 3"},
		{"one byte changed", change(func(b []byte) { b[30]++ }), "damaged or cut short"},
		{"a header that promises 4 billion nodes", header(codecVersion, 1<<32-1, 0, 0), "4294967295 nodes, 0 edges, 0 bends in 0 bytes: ends too early"},
		{"bytes left over", seal(append(good[:len(good)-checksumSize:len(good)-checksumSize], 0)), "1 bytes left over"},
	} {
		var n Network
		if err := n.UnmarshalBinary(row.b); err == nil || !strings.Contains(err.Error(), row.want) {
			t.Errorf("%s: %v, want %q", row.name, err, row.want)
		}
	}
}

// FuzzNetwork decodes what is no network, its checksum made right: an error, or a
// network that keeps its invariants and that can be searched.
func FuzzNetwork(f *testing.F) {
	for seed := range uint64(6) {
		r := rand.New(rand.NewPCG(seed, 3))
		ways := randomLattice(r).ways
		obstruct(r, ways)
		b := encoded(f, mustBuild(f, ways))
		f.Add(b[:len(b)-checksumSize])
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		var n Network
		if err := n.UnmarshalBinary(seal(slices.Clone(body))); err != nil {
			return
		}
		if err := n.Check(); err != nil {
			t.Fatalf("decoded without error, and yet: %v", err)
		}
		for _, m := range street.Modes {
			if n.Counts().Edges == 0 {
				continue
			}
			s, _ := n.Snap(m, n.AppendShape(nil, 0)[0])
			n.NewSearch(m).Nearest([]Snap{s}).At(s)
			if err := n.Graph(m).Core().Check(); err != nil {
				t.Fatal(err)
			}
		}
	})
}
