package tiles

import (
	"context"
	"testing"
	"time"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/geojson"
	"github.com/paulmach/orb/maptile"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/edition/editiontest"
	"github.com/aisne-numerique/maillage/geo/grid"
)

// atLaon is the tile of the demonstration territory's middle, the fullest one.
func atLaon(z int) key {
	p := project(geo.LonLat{Lon: 3.62, Lat: 49.56})
	return key{layer: cellsLayer, z: uint8(z), x: uint32(p.x) >> (worldBits - z), y: uint32(p.y) >> (worldBits - z)}
}

func aisneSet(b *testing.B) *Set {
	b.Helper()
	e := editiontest.Aisne(b)
	return newSet(b, e)
}

// BenchmarkEncodeCells encodes the zoom 8 tile of the demonstration territory, and
// then has orb's package encode the same cells, projected, cut and all.
func BenchmarkEncodeCells(b *testing.B) {
	s := aisneSet(b)
	k := atLaon(8)
	e := encoders.New().(*encoder)
	for b.Loop() {
		if err := s.encode(context.Background(), e, k); err != nil {
			b.Fatal(err)
		}
	}
	own := float64(b.Elapsed()) / float64(b.N)
	data := e.bytes()
	features := decode(b, address{"cells", 8, 0, 0}, data)["cells"].Features
	cells := make([]grid.Cell, len(features))
	for i, f := range features {
		_, cells[i], _ = s.edition.Pyramid.Row(int32(id(f)))
	}
	orbs, rounds := time.Duration(0), 5
	for range rounds {
		fc := geojson.NewFeatureCollection()
		for i, c := range cells {
			outline, err := c.Ring()
			if err != nil {
				b.Fatal(err)
			}
			ring := make(orb.Ring, 0, len(outline)+1)
			for _, p := range outline {
				ring = append(ring, orb.Point{p.Lon, p.Lat})
			}
			f := geojson.NewFeature(orb.Polygon{append(ring, ring[0])})
			f.ID, f.Properties["r"] = id(features[i]), 8
			fc.Append(f)
		}
		start := time.Now() // what precedes is not orb's
		layer := mvt.NewLayer("cells", fc)
		layer.Version = 2
		layer.ProjectToTile(maptile.Tile{X: k.x, Y: k.y, Z: maptile.Zoom(k.z)})
		layer.Clip(mvt.MapboxGLDefaultExtentBound)
		layer.RemoveEmpty(0, 0)
		if _, err := mvt.Marshal(mvt.Layers{layer}); err != nil {
			b.Fatal(err)
		}
		orbs += time.Since(start)
	}
	b.ReportMetric(float64(len(cells)), "cells")
	b.ReportMetric(own/float64(len(cells)), "ns/cell")
	b.ReportMetric(float64(orbs)/float64(rounds)/own, "×orb")
}

// BenchmarkColdTiles makes distinct tiles of cells, compressed, in no particular
// order, at the zooms of a screen.
func BenchmarkColdTiles(b *testing.B) {
	s := aisneSet(b)
	var keys []key
	for z := 6; z <= MaxZoom; z++ {
		for _, a := range s.addresses(cellsLayer, z) {
			if !s.get(b, a).Empty() {
				keys = append(keys, key{layer: cellsLayer, z: uint8(a.z), x: uint32(a.x), y: uint32(a.y)})
			}
		}
	}
	i, bytes := 0, 0
	b.ReportAllocs()
	for b.Loop() {
		t, err := s.load(context.Background(), keys[i*7919%len(keys)])
		if err != nil {
			b.Fatal(err)
		}
		i++
		bytes += len(t.Gzip)
	}
	b.ReportMetric(float64(bytes)/float64(b.N), "gzip-B/tile")
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "tiles/s")
}

// BenchmarkWarmTile takes one tile out of the cache.
func BenchmarkWarmTile(b *testing.B) {
	s := aisneSet(b)
	k := atLaon(8)
	a := address{"cells", 8, int(k.x), int(k.y)}
	s.get(b, a)
	b.ReportAllocs()
	b.ResetTimer() // RunParallel counts what precedes it
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			s.get(b, a)
		}
	})
}

func BenchmarkNew(b *testing.B) {
	e := editiontest.Aisne(b)
	for b.Loop() {
		if _, err := New(e); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed())/float64(b.N)/float64(e.Pyramid.Rows), "ns/cell")
}
