package api

import (
	"context"
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/aisne-numerique/maillage/api/collections"
	"github.com/aisne-numerique/maillage/api/ogc"
	"github.com/aisne-numerique/maillage/api/params"
	"github.com/aisne-numerique/maillage/api/problem"
	"github.com/aisne-numerique/maillage/api/reply"
	"github.com/aisne-numerique/maillage/api/snapshot"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/tiles"
)

// getOGCTile answers a tile of a collection: that of its layer.
func (s *Server) getOGCTile(ctx context.Context, snap *snapshot.Snapshot, r *params.Request, p params.Question) (*reply.Reply, error) {
	name := r.Path("collection")
	layer := collections.Layers[name]
	if layer == "" {
		return nil, collections.WithoutTiles(name)
	}
	at, err := tilePosition(r.Path("tileMatrix"), r.Path("tileCol"), r.Path("tileRow"))
	if err != nil {
		return nil, err
	}
	return s.tile(ctx, snap, layer, at, p.Query)
}

// getTileJSON answers /tiles/{layer}.json. A question in the address goes into
// the addresses of the tiles.
func getTileJSON(_ context.Context, s *snapshot.Snapshot, r *params.Request, p params.Question) (*reply.Reply, error) {
	layer, ok := strings.CutSuffix(r.Arg, ".json")
	if !ok {
		return nil, problem.New(problem.NotFound, problem.NotFoundSentence)
	}
	base := r.Root + "/tiles"
	if values, err := url.ParseQuery(r.Raw); err == nil && len(values) > 0 {
		base += "?" + values.Encode()
	}
	return s.AtOnce(snapshot.KeyOf("tilejson", [2]string{layer, base}), func() (*reply.Reply, error) {
		body, err := s.Tiles.TileJSON(layer, base, p.Query)
		if err != nil {
			return nil, err
		}
		return reply.New(reply.TypeJSON, body)
	})
}

// getTile answers one tile.
func (s *Server) getTile(ctx context.Context, snap *snapshot.Snapshot, r *params.Request, p params.Question) (*reply.Reply, error) {
	at, err := tileAddress(r.Path)
	if err != nil {
		return nil, err
	}
	return s.tile(ctx, snap, r.Path("layer"), at, p.Query)
}

// tile is one tile of a layer, as z, x and y.
func (s *Server) tile(ctx context.Context, snap *snapshot.Snapshot, layer string, at [3]int, q coverage.Query) (*reply.Reply, error) {
	tile, err := snap.Tiles.Tile(ctx, layer, at[0], at[1], at[2], q)
	if err != nil {
		if errors.Is(err, tiles.ErrOutOfRange) {
			return nil, problem.Wrap(problem.Tile, fmt.Sprintf("La tuile %d/%d/%d n'existe pas ; les zooms de la couche sont dans /tiles/%s.json, x et y vont de 0 à 2^z - 1.", at[0], at[1], at[2], layer), err)
		}
		return nil, err
	}
	s.metrics.tiles.WithLabelValues(layer, outcome(tile)).Inc()
	return &reply.Reply{ContentType: reply.TypeTile, Cache: reply.CacheEdition, Body: tile.Data, Gzip: tile.Gzip, Tag: tile.ETag}, nil
}

func outcome(t *tiles.Tile) string {
	if t.Empty() {
		return "empty"
	}
	return "full"
}

// tileAddress reads z, x and y.mvt.
func tileAddress(param func(name string) string) (at [3]int, err error) {
	y, ok := strings.CutSuffix(param("y"), ".mvt")
	if !ok {
		return at, problem.New(problem.NotFound, problem.NotFoundSentence)
	}
	return tilePosition(param("z"), param("x"), y)
}

// tilePosition reads the three numbers of a tile.
func tilePosition(z, x, y string) (at [3]int, err error) {
	for i, text := range []string{z, x, y} {
		n, err := params.Position("zxy"[i:i+1], text)
		if err != nil {
			return at, problem.Wrap(problem.Tile, "La tuile se nomme par trois nombres, /z/x/y ; « "+problem.Quotable(text)+" » n'en est pas un.", err)
		}
		at[i] = n
	}
	return at, nil
}

// ogcTileDoc is where the standard wants tiles, as /openapi.json writes it.
const ogcTileDoc = "/ogc/collections/{collection}/tiles/" + ogc.WebMercatorQuad + "/{tileMatrix}/{tileRow}/{tileCol}"
