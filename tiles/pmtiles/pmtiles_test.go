package pmtiles

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"slices"
	"testing"
	"time"
)

// curve lists the tiles of a zoom in the order of the Hilbert curve, as its definition
// says: four curves of half the size, the first and the last turned.
func curve(z int) [][2]int {
	if z == 0 {
		return [][2]int{{0, 0}}
	}
	half := curve(z - 1)
	n := 1 << (z - 1)
	var all [][2]int
	for _, p := range half {
		all = append(all, [2]int{p[1], p[0]})
	}
	for _, p := range half {
		all = append(all, [2]int{p[0], p[1] + n})
	}
	for _, p := range half {
		all = append(all, [2]int{p[0] + n, p[1] + n})
	}
	for _, p := range half {
		all = append(all, [2]int{2*n - 1 - p[1], n - 1 - p[0]})
	}
	return all
}

func TestIDsFollowTheCurve(t *testing.T) {
	id := uint64(0)
	for z := range 8 {
		for _, p := range curve(z) {
			if got := ID(z, p[0], p[1]); got != id {
				t.Fatalf("ID(%d, %d, %d) = %d; want %d", z, p[0], p[1], got, id)
			}
			if gz, x, y, ok := Address(id); !ok || gz != z || x != p[0] || y != p[1] {
				t.Fatalf("Address(%d) = %d, %d, %d, %t; want %d, %d, %d", id, gz, x, y, ok, z, p[0], p[1])
			}
			id++
		}
	}
	// Figures of the specification, and the ends of the range.
	for _, c := range []struct {
		z, x, y int
		id      uint64
	}{{12, 3423, 1763, 19078479}, {MaxZoom, 0, 0, (1<<52 - 1) / 3}, {MaxZoom, 1<<MaxZoom - 1, 0, (1<<54-1)/3 - 1}} {
		if got := ID(c.z, c.x, c.y); got != c.id {
			t.Errorf("ID(%d, %d, %d) = %d; want %d", c.z, c.x, c.y, got, c.id)
		}
		if z, x, y, ok := Address(c.id); !ok || z != c.z || x != c.x || y != c.y {
			t.Errorf("Address(%d) = %d, %d, %d, %t", c.id, z, x, y, ok)
		}
	}
	if _, _, _, ok := Address((1<<54 - 1) / 3); ok {
		t.Error("an address beyond the highest zoom")
	}
}

func gz(t testing.TB, text string) []byte {
	t.Helper()
	b, err := compress([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// written makes an archive of tiles by id, and gives its bytes.
func written(t testing.TB, tiles map[uint64][]byte, about About) ([]byte, Counts) {
	t.Helper()
	dir := t.TempDir()
	w, err := NewWriter(dir)
	if err != nil {
		t.Fatal(err)
	}
	var ids []uint64
	for id := range tiles {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		z, x, y, _ := Address(id)
		if err := w.Add(z, x, y, tiles[id]); err != nil {
			t.Fatal(err)
		}
	}
	var out bytes.Buffer
	counts, err := w.Finish(&out, about)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	if left, err := os.ReadDir(dir); err != nil || len(left) > 0 {
		t.Errorf("after Close: %v, %v", left, err)
	}
	return out.Bytes(), counts
}

// TestReadBack writes random archives and asks for every tile, and for some that are
// not there.
func TestReadBack(t *testing.T) {
	seed := uint64(time.Now().UnixNano())
	t.Logf("seed %d", seed)
	r := rand.New(rand.NewPCG(seed, 0))
	var made [20][]byte
	for i := range made {
		made[i] = gz(t, fmt.Sprint("tile ", i))
	}
	for round := range 60 {
		lowest := r.IntN(6)
		highest := lowest + r.IntN(5)
		first, end := firstOf(lowest), firstOf(highest+1)
		tiles := map[uint64][]byte{}
		for range r.IntN(400) {
			id := first + r.Uint64N(end-first)
			same := made[r.IntN(len(made))] // some are the same, next to each other or not
			for k := range 1 + r.Uint64N(3) {
				if id+k < end {
					tiles[id+k] = same
				}
			}
		}
		about := About{Metadata: []byte(`{"name":"essai"}`), MinZoom: lowest, MaxZoom: highest, West: 2.95, South: 48.8, East: 4.3, North: 50.1, Lon: 3.6, Lat: 49.5, Zoom: lowest}
		data, counts := written(t, tiles, about)
		if again, _ := written(t, tiles, about); !bytes.Equal(data, again) {
			t.Fatalf("round %d: the same tiles give other bytes", round)
		}
		different := map[string]bool{}
		for _, tile := range tiles {
			different[string(tile)] = true
		}
		if counts.Tiles != len(tiles) || counts.Different != len(different) || counts.Bytes != int64(len(data)) {
			t.Fatalf("round %d: counts %+v; want %d tiles, %d different, %d bytes", round, counts, len(tiles), len(different), len(data))
		}
		a, err := Open(bytes.NewReader(data), int64(len(data)))
		if err == nil {
			err = a.Check()
		}
		if err != nil {
			t.Fatalf("round %d: %v", round, err)
		}
		if metadata, err := a.Metadata(); err != nil || string(metadata) != `{"name":"essai"}` {
			t.Fatalf("round %d: metadata %s, %v", round, metadata, err)
		}
		if a.h.west != 2.95 || a.h.north != 50.1 || a.h.lon != 3.6 || int(a.h.centerZoom) != lowest {
			t.Fatalf("round %d: header %+v", round, a.h)
		}
		for id := first; id < end && id < first+5000; id++ {
			z, x, y, _ := Address(id)
			got, err := a.Tile(z, x, y)
			if err != nil || !bytes.Equal(got, tiles[id]) {
				t.Fatalf("round %d: tile %d/%d/%d: %d bytes, %v; want %d", round, z, x, y, len(got), err, len(tiles[id]))
			}
		}
		if got, err := a.Tile(highest+1, 0, 0); got != nil || err != nil {
			t.Fatalf("round %d: a tile beyond the zooms: %d bytes, %v", round, len(got), err)
		}
	}
}

// many is an archive of so many different tiles that its root leads to leaves.
func many(t testing.TB) ([]byte, Counts, []entry) {
	t.Helper()
	tiles := map[uint64][]byte{}
	r := rand.New(rand.NewPCG(1, 2))
	const zoom, count = 9, 20000
	var entries []entry
	for len(tiles) < count {
		id := firstOf(zoom) + r.Uint64N(1<<(2*zoom))
		if tiles[id] == nil {
			tiles[id] = []byte(fmt.Sprintf("%0*d", 1+r.IntN(40), len(tiles)))
			entries = append(entries, entry{id: id})
		}
	}
	data, counts := written(t, tiles, About{Metadata: []byte("{}"), MinZoom: zoom, MaxZoom: zoom})
	a, err := Open(bytes.NewReader(data), int64(len(data)))
	if err == nil {
		err = a.Check()
	}
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries[:count/10] {
		want := tiles[e.id]
		z, x, y, _ := Address(e.id)
		if got, err := a.Tile(z, x, y); err != nil || !bytes.Equal(got, want) {
			t.Fatalf("tile %d/%d/%d: %q, %v; want %q", z, x, y, got, err, want)
		}
	}
	return data, counts, entries
}

func TestLeaves(t *testing.T) {
	data, counts, _ := many(t)
	if counts.Leaves < 2 {
		t.Errorf("%d leaves; want some", counts.Leaves)
	}
	a, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil || a.h.rootLength > rootBytes || a.h.rootOffset != headerBytes {
		t.Errorf("a root of %d bytes at %d, %v; want %d at most, after the header", a.h.rootLength, a.h.rootOffset, err, rootBytes)
	}
	// A root so short that leaves must grow.
	var entries []entry
	for i := range 40_000 {
		entries = append(entries, entry{id: uint64(3 * i), offset: uint64(7 * i), length: uint32(1 + i*i%1000), run: 1})
	}
	root, _, count, err := directories(entries, 40)
	if err != nil || len(root) > 40 || count >= len(entries)/4096 {
		t.Errorf("a root of %d bytes for %d leaves, %v; want 40 at most", len(root), count, err)
	}
}

func TestOrderAndAddresses(t *testing.T) {
	w, err := NewWriter(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer w.Close()
	if err := w.Add(1, 0, 1, []byte("x")); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		why     string
		z, x, y int
		tile    string
	}{{"the same again", 1, 0, 1, "x"}, {"a lower id", 1, 0, 0, "x"}, {"beyond the zoom", 1, 2, 0, "x"}, {"a negative row", 2, 0, -1, "x"},
		{"a zoom too high", MaxZoom + 1, 0, 0, "x"}, {"no bytes", 2, 0, 0, ""}} {
		if err := w.Add(c.z, c.x, c.y, []byte(c.tile)); err == nil {
			t.Errorf("%s is added", c.why)
		}
	}
}

// TestWrongArchives has one archive for each way to be wrong, and the sentence.
func TestWrongArchives(t *testing.T) {
	whole, _ := written(t, map[uint64][]byte{0: []byte("a"), 1: []byte("b"), 3: []byte("c")}, About{Metadata: []byte("{}"), MaxZoom: 1})
	with := func(at int, values ...byte) []byte {
		b := bytes.Clone(whole)
		copy(b[at:], values)
		return b
	}
	for _, c := range []struct {
		why  string
		data []byte
		want string
	}{
		{"nothing", nil, "0 bytes; a header has 127"},
		{"half a header", whole[:60], "60 bytes; a header has 127"},
		{"another file", with(0, 'S', 'Q', 'L'), `it does not begin with "PMTiles"`},
		{"an older version", with(7, 2), "version 2; expected 3"},
		{"brotli inside", with(97, 3), "compressions 3 and 2; expected gzip (2)"},
		{"tiles as pictures", with(99, 2), "tiles of type 2; expected vector tiles (1)"},
		{"zooms upside down", with(100, 9), "zooms 9 to 1"},
		{"the tiles cut", whole[:len(whole)-1], fmt.Sprintf("its tiles would end after its %d bytes: it is cut", len(whole)-1)},
		{"the root cut", whole[:140], "its root directory would end after its 140 bytes: it is cut"},
		{"an offset near the end of numbers", with(56, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff), "its tiles would end after"},
		{"a root that is no gzip", with(127, 0), "is not gzipped"},
		{"a damaged root", with(140, 0xff, 0xff, 0xff), "is damaged"},
		{"another count", with(72, 9), "3 tiles in 3 entries; its header says 9 in 3"},
		{"a tile beyond its zooms", with(101, 0), "the tile of id 1 is not of its zooms"},
		{"tiles in too few bytes", with(64, 2), "the tile of id 3 is not in it"},
	} {
		a, err := Open(bytes.NewReader(c.data), int64(len(c.data)))
		if err == nil {
			err = a.Check()
		}
		if !errors.Is(err, ErrArchive) || !bytes.Contains([]byte(err.Error()), []byte(c.want)) {
			t.Errorf("%s: %v; want %q", c.why, err, c.want)
		}
	}
}

func TestWrongDirectories(t *testing.T) {
	for _, c := range []struct {
		why  string
		data []byte
	}{
		{"nothing", nil},
		{"more entries than bytes", []byte{200, 1, 1}},
		{"an id twice", []byte{2, 5, 0, 1, 1, 9, 9, 1, 0}},
		{"runs that overlap", []byte{2, 5, 1, 3, 1, 9, 9, 1, 0}},
		{"no length", []byte{1, 5, 1, 0, 1}},
		{"an offset after nothing", []byte{1, 5, 1, 9, 0}},
		{"one byte too many", []byte{1, 5, 1, 9, 1, 0}},
		{"a number of ten bytes", append([]byte{1}, bytes.Repeat([]byte{0xff}, 12)...)},
	} {
		if _, err := parseDirectory(c.data); !errors.Is(err, ErrArchive) {
			t.Errorf("%s: %v", c.why, err)
		}
	}
	if got, err := parseDirectory([]byte{1, 5, 1, 9, 1}); err != nil || !slices.Equal(got, []entry{{id: 5, length: 9, run: 1}}) {
		t.Errorf("a whole one: %v, %v", got, err)
	}
}

// FuzzOpen: any bytes give an archive or a sentence, in bounded memory.
func FuzzOpen(f *testing.F) {
	few, _ := written(f, map[uint64][]byte{0: []byte("a"), 1: []byte("b"), 3: []byte("c")}, About{Metadata: []byte("{}"), MaxZoom: 1})
	f.Add(few)
	f.Add(few[:len(few)/2])
	f.Add([]byte("PMTiles\x03"))
	f.Fuzz(func(t *testing.T, data []byte) {
		a, err := Open(bytes.NewReader(data), int64(len(data)))
		if err != nil {
			return
		}
		_ = a.Check()
		lowest, highest := a.Zooms()
		for z := lowest; z <= highest; z++ {
			for _, at := range []int{0, 1<<z - 1, 1 << z / 2} {
				if _, err := a.Tile(z, at, at); err != nil && !errors.Is(err, ErrArchive) && !errors.Is(err, io.ErrUnexpectedEOF) {
					t.Fatalf("tile %d/%d/%d: %v", z, at, at, err)
				}
			}
		}
	})
}

// FuzzDirectory: what can be read is written as the same entries.
func FuzzDirectory(f *testing.F) {
	f.Add([]byte{1, 5, 1, 9, 1})
	f.Add(appendDirectory(nil, []entry{{1, 0, 7, 1}, {2, 7, 3, 4}, {9, 0, 7, 1}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		entries, err := parseDirectory(data)
		if err != nil {
			return
		}
		again, err := parseDirectory(appendDirectory(nil, entries))
		if err != nil || !slices.Equal(entries, again) {
			t.Fatalf("%v, %v; want %v", again, err, entries)
		}
	})
}

func BenchmarkTile(b *testing.B) {
	data, _, entries := many(b)
	a, err := Open(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		b.Fatal(err)
	}
	i := 0
	for b.Loop() {
		z, x, y, _ := Address(entries[i%len(entries)].id)
		if _, err := a.Tile(z, x, y); err != nil {
			b.Fatal(err)
		}
		i++
	}
}
