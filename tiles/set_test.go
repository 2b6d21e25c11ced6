package tiles

import (
	"bytes"
	"compress/gzip"
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/paulmach/orb"
	"github.com/paulmach/orb/geojson"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/lieu"
)

var rewrite = flag.Bool("rewrite", false, "rewrite the golden tiles")

// checkTile proves what the specification and the layer's own description say of
// a tile, and returns the pairs of edges that cross.
func checkTile(t testing.TB, l Layer, a address, tile *Tile) (crossings int) {
	t.Helper()
	sources := map[string]Source{}
	for _, s := range l.Sources {
		sources[s.Name] = s
	}
	layers := decode(t, a, tile.Data)
	for _, w := range readWire(t, tile.Data) {
		if w.version != 2 || w.extent != extent || w.features == 0 || w.empty > 0 {
			t.Errorf("%s: %s: version %d, extent %d, %d features, %d without geometry", a, w.name, w.version, w.extent, w.features, w.empty)
		}
		unique := map[string]bool{}
		for i, v := range w.values {
			if unique[string(v)] || !w.used[uint64(i)] {
				t.Errorf("%s: %s: value %q is there twice or for nothing", a, w.name, v)
			}
			unique[string(v)] = true
		}
		if keys := slices.Clone(w.keys); len(slices.Compact(slices.Sorted(slices.Values(keys)))) != len(w.keys) {
			t.Errorf("%s: %s: keys %v", a, w.name, w.keys)
		}
		s, ok := sources[w.name]
		if !ok || a.z < s.MinZoom {
			t.Fatalf("%s: source layer %s is not described at this zoom", a, w.name)
		}
		ids := map[int]bool{}
		for _, f := range layers[w.name].Features {
			what := fmt.Sprintf("%s: %s %d", a, w.name, id(f))
			if ids[id(f)] {
				t.Errorf("%s: the id is there twice", what)
			}
			ids[id(f)] = true
			checkFields(t, what, s.Fields, f.Properties)
			switch s.Geometry {
			case "polygon":
				crossings += checkPolygons(t, what, f.Geometry)
			case "line":
				checkLines(t, what, f.Geometry)
			case "point":
				if p, ok := f.Geometry.(orb.Point); !ok || min(p[0], p[1]) < 0 || max(p[0], p[1]) >= extent {
					t.Errorf("%s: %v is not a point of this tile", what, f.Geometry)
				}
			}
		}
	}
	return crossings
}

func checkFields(t testing.TB, what string, fields []Field, properties geojson.Properties) {
	t.Helper()
	known := 0
	for _, f := range fields {
		v, ok := properties[f.Name]
		if !ok {
			if !f.Optional {
				t.Errorf("%s: no %s", what, f.Name)
			}
			continue
		}
		known++
		right := false
		switch f.Type {
		case Integer:
			n, is := v.(float64)
			right = is && n == math.Trunc(n)
		case Real:
			_, right = v.(float64)
		case Text:
			text, is := v.(string)
			right = is && text != ""
		case Boolean:
			_, right = v.(bool)
		}
		if !right {
			t.Errorf("%s: %s is %v, want %s", what, f.Name, v, f.Type)
		}
	}
	if known != len(properties) {
		t.Errorf("%s: %v: some attribute is not described", what, properties)
	}
}

func checkLines(t testing.TB, what string, g orb.Geometry) {
	t.Helper()
	var lines orb.MultiLineString
	switch g := g.(type) {
	case orb.LineString:
		lines = orb.MultiLineString{g}
	case orb.MultiLineString:
		lines = g
	default:
		t.Fatalf("%s: geometry %T", what, g)
	}
	for _, line := range lines {
		if len(line) < 2 {
			t.Errorf("%s: a line of %d points", what, len(line))
		}
		for i, p := range line {
			if min(p[0], p[1]) < -buffer || max(p[0], p[1]) > extent+buffer || i > 0 && p == line[i-1] {
				t.Errorf("%s: %v is beyond the buffer or repeated", what, p)
			}
		}
	}
}

func TestTilesOfTheTinyWorldAreValid(t *testing.T) {
	e := tiny()
	s := newSet(t, e)
	for i, l := range s.layers {
		for z := l.MinZoom; z <= l.MaxZoom; z++ {
			seen := map[string]map[int]bool{}
			for _, a := range s.addresses(i, z) {
				tile := s.get(t, a)
				if n := checkTile(t, l, a, tile); n > 0 {
					t.Errorf("%s: %d pairs of edges cross", a, n)
				}
				for name, layer := range decode(t, a, tile.Data) {
					if seen[name] == nil {
						seen[name] = map[int]bool{}
					}
					for _, f := range layer.Features {
						if strings.HasSuffix(name, "_labels") || name == "lieux" {
							if seen[name][id(f)] {
								t.Errorf("%s: %s %d is in two tiles", a, name, id(f))
							}
						}
						seen[name][id(f)] = true
					}
				}
			}
			// Every feature of the edition is found again, at every zoom.
			want := map[string]int{"communes": 3, "communes_labels": 3, "epci": 2, "epci_labels": 2, "lieux": 3,
				"zones": len(e.Zones(e.Answer(asked))), "cells": len(s.drawers[cellsLayer][0].(*cells).at(z).level.Cells), "roads": 1}
			if z >= roadMinZoom[5] {
				want["roads"] = 2
			}
			for _, source := range l.Sources {
				if z < source.MinZoom {
					want[source.Name] = 0
				}
				if got := len(seen[source.Name]); got != want[source.Name] {
					t.Errorf("zoom %d: %d %s, want %d", z, got, source.Name, want[source.Name])
				}
			}
		}
	}
}

// maxTileBytes is the largest tile that the demonstration may have, gzipped.
const maxTileBytes = 150_000

func TestTilesOfTheDemonstrationAreValidAndSmall(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("computes the whole demonstration territory, which the race detector makes slow")
	}
	e := editiontest.Aisne(t)
	s := newSet(t, e)
	for i, l := range s.layers {
		largest, features := 0, map[string]map[int]bool{}
		for z := l.MinZoom; z <= l.MaxZoom; z++ {
			for _, a := range s.addresses(i, z) {
				tile := s.getFor(t, a, coverage.DefaultQuery())
				if largest = max(largest, len(tile.Gzip)); len(tile.Gzip) > maxTileBytes {
					t.Errorf("%s: %d bytes gzipped, want at most %d", a, len(tile.Gzip), maxTileBytes)
				}
				// Cells are many and all alike: every seventh tile of the large zooms.
				if i == cellsLayer && z > 9 && (a.x+a.y)%7 != 0 {
					continue
				}
				if n := checkTile(t, l, a, tile); n > 0 {
					t.Errorf("%s: %d pairs of edges cross", a, n)
				}
				for _, w := range readWire(t, tile.Data) {
					if features[w.name] == nil {
						features[w.name] = map[int]bool{}
					}
				}
			}
		}
		t.Logf("%-8s largest tile %6d bytes gzipped", l.Name, largest)
		for _, source := range l.Sources {
			if features[source.Name] == nil {
				t.Errorf("no tile has %s", source.Name)
			}
		}
	}
}

// TestGoldenTiles compares decoded tiles of the tiny world, in their own units,
// with testdata. Look at what changes before running it with -rewrite.
func TestGoldenTiles(t *testing.T) {
	s := newSet(t, tiny())
	for _, row := range []struct {
		layer string
		zoom  int
	}{{"cells", 7}, {"zones", 9}, {"epci", 8}, {"communes", 9}, {"roads", 11}, {"lieux", 8}} {
		t.Run(row.layer, func(t *testing.T) {
			i, err := s.layer(row.layer)
			if err != nil {
				t.Fatal(err)
			}
			golden := map[string]map[string]*geojson.FeatureCollection{}
			for _, a := range s.addresses(i, row.zoom) {
				for name, layer := range decode(t, a, s.get(t, a).Data) {
					if golden[a.String()] == nil {
						golden[a.String()] = map[string]*geojson.FeatureCollection{}
					}
					golden[a.String()][name] = &geojson.FeatureCollection{Type: "FeatureCollection", Features: layer.Features}
				}
			}
			got, err := json.MarshalIndent(golden, "", " ")
			if err != nil {
				t.Fatal(err)
			}
			file := filepath.Join("testdata", row.layer+".json")
			if *rewrite {
				if err := os.WriteFile(file, append(got, '\n'), 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			if d := cmp.Diff(strings.TrimSpace(string(want)), string(got)); d != "" {
				t.Errorf("decoded tiles of %s at zoom %d differ from %s:\n%s", row.layer, row.zoom, file, d)
			}
		})
	}
}

func TestSameBytesWhateverTheOrderAndTheGoroutines(t *testing.T) {
	const seed = 17
	r := rand.New(rand.NewPCG(seed, 0))
	first := newSet(t, tiny())
	var all []address
	want := map[address]*Tile{}
	for i, l := range first.layers {
		for z := l.MinZoom; z <= l.MaxZoom; z++ {
			for _, a := range first.addresses(i, z) {
				all = append(all, a)
				want[a] = first.get(t, a)
			}
		}
	}
	// A cache too small for anything: every tile is made again and again.
	second, err := New(tiny(), CacheBytes(1000))
	if err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for range 8 {
		order := r.Perm(len(all))
		wg.Go(func() {
			for _, i := range order {
				a := all[i]
				tile, err := second.Tile(context.Background(), a.layer, a.z, a.x, a.y, asked)
				if err != nil {
					t.Error(err)
					return
				}
				if w := want[a]; !bytes.Equal(tile.Data, w.Data) || !bytes.Equal(tile.Gzip, w.Gzip) || tile.ETag != w.ETag {
					t.Errorf("seed %d: %s differs when made again", seed, a)
				}
			}
		})
	}
	wg.Wait()
}

func TestATileIsMadeOnceAndKept(t *testing.T) {
	s := newSet(t, tiny())
	p := project(geo.LonLat{Lon: 3.56, Lat: 50.02})
	a := address{"cells", 10, int(p.x) >> (worldBits - 10), int(p.y) >> (worldBits - 10)}
	made := make([]*Tile, 32)
	var wg sync.WaitGroup
	for i := range made {
		wg.Go(func() { made[i] = s.get(t, a) })
	}
	wg.Wait()
	for i, tile := range made {
		if tile.Empty() || tile != made[0] {
			t.Fatalf("request %d of %s got another tile (empty: %v)", i, a, tile.Empty())
		}
	}
}

func TestGzipAndTag(t *testing.T) {
	s := newSet(t, tiny())
	tags := map[string]address{}
	for _, a := range append(s.addresses(communesLayer, 10), s.addresses(cellsLayer, 10)...) {
		tile := s.get(t, a)
		if tile.Empty() {
			if len(tile.Gzip) > 0 || tile.ETag != "" {
				t.Errorf("%s: an empty tile has bytes or a tag", a)
			}
			continue
		}
		zr, err := gzip.NewReader(bytes.NewReader(tile.Gzip))
		if err != nil {
			t.Fatal(err)
		}
		if plain, err := io.ReadAll(zr); err != nil || !bytes.Equal(plain, tile.Data) {
			t.Errorf("%s: what was gzipped is not the tile (%v)", a, err)
		}
		if !strings.HasPrefix(tile.ETag, `"`) || !strings.HasSuffix(tile.ETag, `"`) || len(tile.ETag) != 26 {
			t.Errorf("%s: tag %s is not a strong entity tag", a, tile.ETag)
		}
		if b, seen := tags[tile.ETag]; seen {
			t.Errorf("%s and %s have the same tag", a, b)
		}
		tags[tile.ETag] = a
	}
	if len(tags) == 0 {
		t.Error("every tile is empty")
	}
}

func TestANewEditionChangesTheTagsThatChanged(t *testing.T) {
	in := tinyInputs()
	in.LieuRows[0].Nom = "Médiathèque Camille"
	in.ManifestRows[0].Vintage = "2025"
	before, after := newSet(t, tiny()), newSet(t, compute(t, in))
	if before.edition.ID == after.edition.ID {
		t.Fatal("the editions have the same id")
	}
	changed, same := 0, 0
	for i, l := range before.layers {
		for z := l.MinZoom; z <= l.MaxZoom; z++ {
			for _, a := range before.addresses(i, z) {
				b, c := before.get(t, a), after.get(t, a)
				differ := !bytes.Equal(b.Data, c.Data)
				if differ != (b.ETag != c.ETag) {
					t.Errorf("%s: bytes differ: %v, tags %s and %s", a, differ, b.ETag, c.ETag)
				}
				if differ && i != lieuxLayer {
					t.Errorf("%s changed, though only the name of a lieu did", a)
				}
				if differ {
					changed++
				} else {
					same++
				}
			}
		}
	}
	if changed != MaxZoom-5+1 || same == 0 { // the tile of the lieu, at each zoom
		t.Errorf("%d tiles changed and %d did not", changed, same)
	}
}

func TestTileRefusals(t *testing.T) {
	s := newSet(t, tiny())
	q := coverage.DefaultQuery()
	late := q
	late.Cutoff = 61 * geo.Minute
	strange := q
	strange.Service = lieu.NumServices
	done, cancel := context.WithCancel(context.Background())
	cancel()
	for _, row := range []struct {
		name    string
		ctx     context.Context
		layer   string
		z, x, y int
		q       coverage.Query
		want    error
	}{
		{"a layer that does not exist", context.Background(), "cellules", 8, 130, 87, q, ErrUnknownLayer},
		{"a zoom below the layer's", context.Background(), "communes", 5, 16, 10, q, ErrOutOfRange},
		{"a zoom above the layer's", context.Background(), "cells", 13, 0, 0, q, ErrOutOfRange},
		{"a zoom beyond any shift", context.Background(), "cells", 4000, 0, 0, q, ErrOutOfRange},
		{"a negative column", context.Background(), "cells", 8, -1, 0, q, ErrOutOfRange},
		{"a row that the zoom does not have", context.Background(), "cells", 8, 0, 256, q, ErrOutOfRange},
		{"a cut-off beyond an hour", context.Background(), "zones", 8, 130, 86, late, ErrBadQuery},
		{"a service that does not exist", context.Background(), "zones", 8, 130, 86, strange, ErrBadQuery},
		{"somebody who has left", done, "cells", 8, 130, 86, q, context.Canceled},
	} {
		t.Run(row.name, func(t *testing.T) {
			tile, err := s.Tile(row.ctx, row.layer, row.z, row.x, row.y, row.q)
			if !errors.Is(err, row.want) || tile != nil {
				t.Errorf("Tile(%s, %d, %d, %d) = %v, %v; want %v", row.layer, row.z, row.x, row.y, tile, err, row.want)
			}
		})
	}
	if tile, err := s.Tile(context.Background(), "cells", 8, 0, 0, late); err != nil || !tile.Empty() {
		t.Errorf("a tile of the Pacific = %v, %v; want an empty one, whatever the question", tile, err)
	}
}

// TestZoneTilesDependOnTheirQuestionOnly: on the cut-off, not on the hours.
func TestZoneTilesDependOnTheirQuestionOnly(t *testing.T) {
	s := newSet(t, tiny())
	a := address{"zones", 8, 130, 86}
	tile := func(cutoff geo.Cost, hours float64) *Tile {
		got, err := s.Tile(context.Background(), a.layer, a.z, a.x, a.y, coverage.Query{Service: lieu.Any, Cutoff: cutoff, MinHours: hours})
		if err != nil {
			t.Fatal(err)
		}
		return got
	}
	near, far := tile(2*geo.Minute, 10), tile(60*geo.Minute, 10)
	if bytes.Equal(near.Data, far.Data) || near.Empty() {
		t.Errorf("2 minutes and 60 give the same zones (%d and %d bytes)", len(near.Data), len(far.Data))
	}
	if tile(2*geo.Minute, 30) != near {
		t.Error("other hours make another tile of the same zones")
	}
}

func TestCellTileAllocations(t *testing.T) {
	if raceEnabled {
		t.Skip("the race detector allocates")
	}
	s := newSet(t, tiny())
	p := project(geo.LonLat{Lon: 3.56, Lat: 50.02})
	k := key{layer: cellsLayer, z: 10, x: uint32(p.x) >> (worldBits - 10), y: uint32(p.y) >> (worldBits - 10)}
	const most = 10
	got := testing.AllocsPerRun(50, func() {
		tile, err := s.load(context.Background(), k)
		if err != nil || tile.Empty() {
			t.Fatalf("%v: %v, %v", k, tile, err)
		}
	})
	if got > most {
		t.Errorf("a cell tile takes %v allocations, want at most %d", got, most)
	}
	t.Logf("%v allocations a tile, compression included", got)
}

func TestEditionWithoutNetworkHasNoRoads(t *testing.T) {
	e := *tiny()
	e.Network = nil
	s := newSet(t, &e)
	if tile := s.get(t, address{"roads", 8, 130, 86}); !tile.Empty() {
		t.Errorf("%d bytes of roads without a network", len(tile.Data))
	}
}

func TestBoundsOfACellAreThoseOfItsOutline(t *testing.T) {
	if testing.Short() || raceEnabled {
		t.Skip("computes the whole demonstration territory, which the race detector makes slow")
	}
	e := editiontest.Aisne(t)
	s := newSet(t, e)
	const slack = 2e-7 // two centimetres, in degrees
	for i := 0; i < len(e.Grid.Cells); i += 97 {
		ring, err := e.Grid.Cells[i].Ring()
		if err != nil {
			t.Fatal(err)
		}
		want := geo.EmptyBounds()
		for _, p := range ring {
			want = want.Extend(p)
		}
		got := s.CellBounds(int32(i))
		for _, pair := range [][2]float64{{got.Min.Lon, want.Min.Lon}, {got.Min.Lat, want.Min.Lat}, {got.Max.Lon, want.Max.Lon}, {got.Max.Lat, want.Max.Lat}} {
			if math.Abs(pair[0]-pair[1]) > slack {
				t.Fatalf("cell %v: bounds %v, outline within %v", e.Grid.Cells[i], got, want)
			}
		}
	}
}
