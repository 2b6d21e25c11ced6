package api

import (
	"bytes"
	"fmt"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/mvt"
	"github.com/paulmach/orb/maptile"

	"github.com/aisne-numerique/maillage/api/collections"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/tiles"
)

// Tiles.

// tileSet is what describes the tiles of a collection.
type tileSetJSON struct {
	DataType, CRS    string
	TileMatrixSetURI string
	Limits           []struct {
		TileMatrix                                     string
		MinTileRow, MaxTileRow, MinTileCol, MaxTileCol int
	} `json:"tileMatrixSetLimits"`
	Links ogcLinks
}

func (c *ogcClient) eachTileSet(t *testing.T, do func(collection, layer string, set tileSetJSON)) {
	t.Helper()
	for collection, layer := range collections.Layers {
		sets := readJSON[struct{ Tilesets []tileSetJSON }](t, c, "/ogc/collections/"+collection+"/tiles").Tilesets
		set := readJSON[tileSetJSON](t, c, sets[0].Links.href(t, "self", ogc.TypeJSON))
		if len(set.Limits) == 0 {
			t.Errorf("%s: no zoom has tiles", collection)
		}
		do(collection, layer, set)
	}
}

// address fills the template of a set's tiles.
func (set tileSetJSON) address(t *testing.T, tile maptile.Tile) string {
	t.Helper()
	return strings.NewReplacer("{tileMatrix}", fmt.Sprint(tile.Z), "{tileCol}", fmt.Sprint(tile.X), "{tileRow}", fmt.Sprint(tile.Y)).Replace(set.Links.href(t, "item", ogc.TypeTile))
}

const relScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"

// eachTile gives, for every collection and every zoom of its limits, the tile at the centre
// of the département.
func (c *ogcClient) eachTile(t *testing.T, do func(layer string, at maptile.Tile, rec *httptest.ResponseRecorder)) {
	t.Helper()
	center := c.e.Bounds.Center()
	c.eachTileSet(t, func(_, layer string, set tileSetJSON) {
		for _, limits := range set.Limits {
			z, err := strconv.Atoi(limits.TileMatrix)
			if err != nil {
				t.Fatal(err)
			}
			at := maptile.At(orb.Point{center.Lon, center.Lat}, maptile.Zoom(z))
			do(layer, at, c.do(t, set.address(t, at)))
		}
	})
}

func reqTileOp(t *testing.T, c *ogcClient) {
	c.eachTileSet(t, func(collection, layer string, set tileSetJSON) {
		item := set.address(t, maptile.New(130, 87, 8))
		if item != "/ogc/collections/"+collection+"/tiles/WebMercatorQuad/8/87/130" {
			t.Errorf("tile of %s: %s", collection, item)
		}
		rec, same := c.do(t, item), c.do(t, "/tiles/"+layer+"/8/130/87.mvt")
		if rec.Code != http.StatusOK && rec.Code != http.StatusNoContent || rec.Code != same.Code || !bytes.Equal(rec.Body.Bytes(), same.Body.Bytes()) {
			t.Errorf("%s: %d, %d bytes; the tile of the layer: %d, %d bytes", item, rec.Code, rec.Body.Len(), same.Code, same.Body.Len())
		}
		matrices := readJSON[struct {
			TileMatrices []struct{ MatrixWidth, MatrixHeight int }
		}](t, c, set.Links.href(t, relScheme, ogc.TypeJSON)).TileMatrices
		if len(matrices) != tiles.MaxZoom+1 {
			t.Errorf("%d levels", len(matrices))
		}
		for z, matrix := range matrices {
			if matrix.MatrixWidth != 1<<z || matrix.MatrixHeight != 1<<z {
				t.Errorf("zoom %d: %+v", z, matrix)
			}
		}
		c.get(t, set.Links.href(t, "describedby", ogc.TypeJSON))
	})
}

// decoded reads a tile in degrees.
func decoded(t *testing.T, at maptile.Tile, body []byte) mvt.Layers {
	t.Helper()
	layers, err := mvt.Unmarshal(body)
	if err != nil {
		t.Fatalf("%v: %v", at, err)
	}
	layers.ProjectToWGS84(at)
	return layers
}

func reqTileSuccess(t *testing.T, c *ogcClient) {
	full := 0
	c.eachTile(t, func(layer string, at maptile.Tile, rec *httptest.ResponseRecorder) {
		if rec.Code != http.StatusOK {
			if rec.Code != http.StatusNoContent {
				t.Errorf("%s %v: %d %s", layer, at, rec.Code, rec.Body)
			}
			return
		}
		full++
		if got := rec.Header().Get("Content-Type"); got != ogc.TypeTile {
			t.Errorf("%s %v: %s", layer, at, got)
		}
		for _, l := range decoded(t, at, rec.Body.Bytes()) {
			for _, f := range l.Features {
				if !f.Geometry.Bound().Intersects(at.Bound(0.1)) { // tiles have a margin
					t.Errorf("%s %v: %v in layer %s is outside", layer, at, f.Properties, l.Name)
				}
			}
		}
	})
	if full == 0 {
		t.Error("no tile has anything")
	}
}

func reqTileError(t *testing.T, c *ogcClient) {
	c.eachTileSet(t, func(_, layer string, set tileSetJSON) {
		outside := []maptile.Tile{maptile.New(0, 0, tiles.MaxZoom+1)}
		for i, limits := range set.Limits {
			z, err := strconv.Atoi(limits.TileMatrix)
			if err != nil {
				t.Fatal(err)
			}
			if i == 0 {
				outside = append(outside, maptile.New(0, 0, maptile.Zoom(z-1)))
			}
			outside = append(outside, maptile.New(uint32(limits.MaxTileCol+1), 0, maptile.Zoom(z)), maptile.New(0, uint32(limits.MaxTileRow+1), maptile.Zoom(z)))
			for _, corner := range []maptile.Tile{maptile.New(uint32(limits.MinTileCol), uint32(limits.MinTileRow), maptile.Zoom(z)), maptile.New(uint32(limits.MaxTileCol), uint32(limits.MaxTileRow), maptile.Zoom(z))} {
				if rec := c.do(t, set.address(t, corner)); rec.Code != http.StatusNoContent || rec.Body.Len() > 0 {
					t.Errorf("%s %v, within the limits: %d", layer, corner, rec.Code)
				}
			}
		}
		for _, at := range outside {
			c.refused(t, set.address(t, at), http.StatusBadRequest)
		}
		if rec := c.do(t, set.address(t, maptile.New(200, 200, 8))); rec.Code != http.StatusNoContent || rec.Body.Len() > 0 {
			t.Errorf("%s in the Indian Ocean: %d", layer, rec.Code)
		}
	})
}

func reqTileSet(t *testing.T, c *ogcClient) {
	c.eachTileSet(t, func(collection, _ string, set tileSetJSON) {
		at := "/ogc/collections/" + collection + "/tiles/" + ogc.WebMercatorQuad
		bothFormats(t, c, set.Links, at, ogc.TypeJSON)
		checkTileSet(t, c, set)
		item := set.Links[slices.IndexFunc(set.Links, func(l ogc.Link) bool { return l.Rel == "item" })]
		for _, variable := range []string{"{tileMatrix}", "{tileRow}", "{tileCol}"} {
			if !strings.Contains(item.Href, variable) {
				t.Errorf("%s: no %s in %s", at, variable, item.Href)
			}
		}
		if !item.Templated || item.Type != ogc.TypeTile {
			t.Errorf("%s: link to tiles %+v", at, item)
		}
	})
}

// checkTileSet wants what a set of tiles says of itself, and in a list.
func checkTileSet(t *testing.T, c *ogcClient, set tileSetJSON) {
	t.Helper()
	scheme := readJSON[struct{ ID, URI, CRS string }](t, c, set.Links.href(t, relScheme, ogc.TypeJSON))
	if set.DataType != "vector" || set.CRS != scheme.CRS || set.TileMatrixSetURI != scheme.URI || scheme.URI != "http://www.opengis.net/def/tilematrixset/OGC/1.0/"+scheme.ID {
		t.Errorf("set of tiles %+v, tiling %+v", set, scheme)
	}
}

func reqTileSetsPath(t *testing.T, c *ogcClient) {
	for _, collection := range c.collections(t) {
		if collections.Layers[collection.ID] != "" {
			c.get(t, collection.Links.href(t, "http://www.opengis.net/def/rel/ogc/1.0/tilesets-vector", ogc.TypeJSON))
			c.get(t, "/ogc/collections/"+collection.ID+"/tiles")
		}
	}
}

func reqTileSetsLinks(t *testing.T, c *ogcClient) {
	for collection := range collections.Layers {
		at := "/ogc/collections/" + collection + "/tiles"
		list := readJSON[struct {
			Links    ogcLinks
			Tilesets []tileSetJSON
		}](t, c, at)
		bothFormats(t, c, list.Links, at, ogc.TypeJSON)
		if len(list.Tilesets) == 0 {
			t.Errorf("%s: no set", at)
		}
		for _, set := range list.Tilesets {
			checkTileSet(t, c, set)
			whole := readJSON[tileSetJSON](t, c, set.Links.href(t, "self", ogc.TypeJSON))
			if whole.DataType != set.DataType || whole.CRS != set.CRS || whole.TileMatrixSetURI != set.TileMatrixSetURI {
				t.Errorf("%s: %+v in the list, %+v alone", at, set, whole)
			}
		}
	}
}

// reqMVT: every tile is one Mapbox Vector Tile, whose features have a geometry of a known type;
// and its grid is the tile's: features are where the collection has them.
func reqMVT(t *testing.T, c *ogcClient) {
	c.eachTile(t, func(layer string, at maptile.Tile, rec *httptest.ResponseRecorder) {
		if rec.Code != http.StatusOK {
			return
		}
		for _, l := range decoded(t, at, rec.Body.Bytes()) {
			if l.Name == "" || l.Extent == 0 || l.Version != 2 {
				t.Errorf("%s %v: layer %q, version %d", layer, at, l.Name, l.Version)
			}
			for _, f := range l.Features {
				if f.Geometry == nil {
					t.Errorf("%s %v: %v has no geometry", layer, at, f.Properties)
				}
			}
		}
	})
	places := c.shapes(t, "lieux", "")
	found := 0
	at := maptile.At(places["mairie"].(orb.Point), 12)
	for _, l := range decoded(t, at, c.get(t, fmt.Sprintf("/tiles/lieux/%d/%d/%d.mvt", at.Z, at.X, at.Y)).Body.Bytes()) {
		for _, f := range l.Features {
			id, _ := f.Properties["ref"].(string)
			if p, ok := f.Geometry.(orb.Point); ok && places[id] != nil {
				found++
				if want := places[id].(orb.Point); math.Abs(p[0]-want[0]) > 1e-4 || math.Abs(p[1]-want[1]) > 1e-4 {
					t.Errorf("%s is at %v in its tile, want %v", id, p, want)
				}
			}
		}
	}
	if found == 0 {
		t.Errorf("no lieu in %v", at)
	}
}
