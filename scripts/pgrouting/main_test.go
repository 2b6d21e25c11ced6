package main

import (
	"bytes"
	"context"
	"errors"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aisne-numerique/maillage/geo/road/street"
	"github.com/aisne-numerique/maillage/scripts/cluster"
)

// square is an extract of four streets around a block, one of them one-way for all
// but walkers, with a second, longer way along another, and an island.
func square(t *testing.T) string {
	t.Helper()
	const osm = `<osm version="0.6">
<node id="1" lat="49.500" lon="3.500"/><node id="2" lat="49.500" lon="3.510"/>
<node id="3" lat="49.510" lon="3.510"/><node id="4" lat="49.510" lon="3.500"/>
<node id="5" lat="49.505" lon="3.520"/>
<node id="8" lat="49.600" lon="3.500"/><node id="9" lat="49.600" lon="3.510"/>
<way id="10"><nd ref="1"/><nd ref="2"/><tag k="highway" v="residential"/></way>
<way id="11"><nd ref="2"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="12"><nd ref="2"/><nd ref="5"/><nd ref="3"/><tag k="highway" v="residential"/></way>
<way id="13"><nd ref="3"/><nd ref="4"/><tag k="highway" v="residential"/></way>
<way id="14"><nd ref="4"/><nd ref="1"/><tag k="highway" v="residential"/><tag k="oneway" v="yes"/></way>
<way id="15"><nd ref="8"/><nd ref="9"/><tag k="highway" v="residential"/></way>
</osm>`
	path := filepath.Join(t.TempDir(), "square.osm")
	if err := os.WriteFile(path, []byte(osm), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

func TestGraphKeepsTheCheapestAndTheIslands(t *testing.T) {
	net, err := network(square(t))
	if err != nil {
		t.Fatal(err)
	}
	g := newRoads(net, street.Car)
	if len(g.inMain) != 4 || len(g.islands) != 2 {
		t.Errorf("%d nodes in the main component and %d in islands; want 4 and 2", len(g.inMain), len(g.islands))
	}
	// 3 two-way streets and a one-way of the block, and the island.
	if n := len(slices.Collect(g.arcs())); n != 3*2+1+2 {
		t.Errorf("%d arcs; want 9", n)
	}
}

// Where a path is an arc, its cost is known: a search toward a node starts at that
// node, whichever edge it is put on.
func TestTowardStartsAtTheNode(t *testing.T) {
	net, err := network(square(t))
	if err != nil {
		t.Fatal(err)
	}
	for _, mode := range street.Modes {
		g := newRoads(net, mode)
		s := g.searcher()
		for a := range g.arcs() { // each is the shortest path between its ends
			if got := s.toward(a.target)(a.source); got != int64(a.cost) {
				t.Errorf("%s: from %d to %d: %d ds; want %d", mode, a.source, a.target, got, a.cost)
			}
			if got := s.toward(a.target)(a.target); got != 0 {
				t.Errorf("%s: from %d to itself: %d ds; want 0", mode, a.target, got)
			}
		}
		if got := s.toward(g.inMain[0])(g.islands[0]); got != noPath {
			t.Errorf("%s: from an island: %d ds; want no path", mode, got)
		}
	}
}

func TestBothSidesAgreeOnTheSquare(t *testing.T) {
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	var out bytes.Buffer
	c := comparison{pairs: 10, seed: 1, out: &out}
	err := c.all(ctx, square(t))
	if errors.Is(err, cluster.ErrMissing) {
		t.Skipf("not tried: %v", err)
	}
	if err != nil {
		t.Fatal(err)
	}
	if c.wrong != 0 || c.compared != 3*10 || strings.Contains(out.String(), "DIFFERS") {
		t.Errorf("%d of %d pairs differ; want none of 30:\n%s", c.wrong, c.compared, &out)
	}
}

func TestCompare(t *testing.T) {
	pairs := []pair{{1, 2}, {1, 3}, {1, 4}, {1, 5}, {1, 6}}
	ours := map[pair]int64{{1, 2}: 10, {1, 3}: 10, {1, 4}: 10}
	theirs := map[pair]int64{{1, 2}: 10, {1, 3}: 11, {1, 5}: 10}
	o := compare(pairs, ours, theirs)
	if o.equal != 1 || o.noPath != 1 || len(o.wrong) != 3 {
		t.Fatalf("compare: %+v; want 1 equal, 1 without path, 3 wrong", o)
	}
	for i, want := range []string{
		"from node 1 to 3: maillage 10 ds, pgRouting 11 ds",
		"from node 1 to 4: maillage 10 ds, pgRouting no path",
		"from node 1 to 5: maillage no path, pgRouting 10 ds",
	} {
		if got := o.wrong[i].String(); got != want {
			t.Errorf("difference %d: %q; want %q", i, got, want)
		}
	}
}

func TestDraw(t *testing.T) {
	inMain, islands := []int32{0, 1, 2, 3, 4, 5, 6, 7, 8, 9}, []int32{10, 11}
	from := func(seed uint64) *rand.Rand { return rand.New(rand.NewPCG(seed, 0)) }
	pairs := draw(from(1), inMain, islands, 50)
	if len(pairs) != 50 || !slices.Equal(pairs, draw(from(1), inMain, islands, 50)) {
		t.Errorf("draw: %v; want 50 pairs, the same for the same seed", pairs)
	}
	seen, toIslands := map[pair]bool{}, 0
	for _, p := range pairs {
		if seen[p] || p.from == p.to {
			t.Errorf("draw: %v twice, or to itself", p)
		}
		seen[p] = true
		if p.from >= 10 || p.to >= 10 {
			toIslands++
		}
	}
	if toIslands < 3 {
		t.Errorf("draw: %d pairs with an island; want some", toIslands)
	}
	if got := draw(from(1), inMain[:2], nil, 50); len(got) > 2 {
		t.Errorf("draw among two nodes: %v; want at most both ways", got)
	}
	if got := pick(from(1), inMain, 50); len(got) != 10 || len(slices.Compact(slices.Sorted(slices.Values(got)))) != 10 {
		t.Errorf("pick 50 of 10: %v; want all 10", got)
	}
}

func TestWrongUse(t *testing.T) {
	for name, args := range map[string][]string{
		"too few pairs":   {"--pairs", "3"},
		"two extracts":    {"a.osm", "b.osm"},
		"an unknown flag": {"--fast"},
	} {
		var errs bytes.Buffer
		if code := run(t.Context(), args, io.Discard, &errs); code != 2 || errs.Len() == 0 {
			t.Errorf("%s: exit %d, %q; want 2 and a sentence", name, code, &errs)
		}
	}
}
