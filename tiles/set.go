package tiles

import (
	"context"
	"errors"
	"fmt"
	"sync"

	"github.com/maypok86/otter/v2"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
)

// Errors that a request can be answered with. They come wrapped with the details.
var (
	ErrUnknownLayer = errors.New("unknown layer")
	ErrOutOfRange   = errors.New("tile out of range")
	ErrBadQuery     = errors.New("bad query")
)

// DefaultCacheBytes bounds the tiles that a Set keeps, unless [CacheBytes] says
// otherwise. All the tiles of a département at the zooms of a screen fit.
const DefaultCacheBytes = 128 << 20

// Set serves every tile of one edition. It is safe for concurrent use. A new
// edition has a Set of its own; nothing is to be closed.
//
// Memory, beside the edition: 46 bytes a cell of the pyramid, 8 a point of the
// outlines, 9 a point of the roads, and the cache.
type Set struct {
	edition *edition.Edition
	layers  []Layer
	drawers [numLayers][]drawer // the source layers of each layer, but of zones
	bounds  [numLayers]box
	zones   *zones
	cache   *otter.Cache[key, *Tile]
	loader  otter.LoaderFunc[key, *Tile]
	room    uint64 // bytes that the cache may hold
}

// drawer is one source layer.
type drawer interface {
	encode(*encoder, *frame)
}

// key is what a tile depends on. The question is zero for layers that ask none.
type key struct {
	question question
	x, y     uint32
	layer, z uint8
}

// Option changes how a Set works, not what it answers.
type Option func(*options)

type options struct{ cacheBytes uint64 }

// CacheBytes bounds the memory of the tiles that are kept.
func CacheBytes(n uint64) Option { return func(o *options) { o.cacheBytes = n } }

// New prepares the tiles of an edition.
func New(e *edition.Edition, opts ...Option) (*Set, error) {
	o := options{cacheBytes: DefaultCacheBytes}
	for _, set := range opts {
		set(&o)
	}
	s := &Set{edition: e, layers: Layers(), room: o.cacheBytes}
	var (
		c     *cells
		roads *roads
		lines *lines
		stops *marks
		err   error
	)
	var work sync.WaitGroup // what takes long, side by side
	work.Go(func() {
		if c, err = newCells(e.Pyramid); err == nil {
			s.zones, err = newZones(e, c.finest())
		}
	})
	if e.Network != nil {
		work.Go(func() { roads = newRoads(e.Network) })
	}
	work.Go(func() { lines, stops = newLines(e) })
	epci, epciLabels := newEPCI(e)
	communes, communeLabels := newCommunes(e)
	lieux := newLieux(e)
	work.Wait()
	if err != nil {
		return nil, fmt.Errorf("tiles of edition %s: %w", e.ID, err)
	}
	s.draws(cellsLayer, c.bounds(), c)
	s.draws(zonesLayer, c.finest().index.bounds())
	s.draws(epciLayer, epci.index.bounds().union(epciLabels.index.bounds()), epci, epciLabels)
	s.draws(communesLayer, communes.index.bounds().union(communeLabels.index.bounds()), communes, communeLabels)
	s.draws(lieuxLayer, lieux.index.bounds(), lieux)
	s.draws(linesLayer, lines.bounds(), lines)
	s.draws(stopsLayer, stops.index.bounds(), stops)
	s.draws(roadsLayer, emptyBox)
	if roads != nil {
		s.draws(roadsLayer, roads.bounds(), roads)
	}
	s.cache, err = otter.New(&otter.Options[key, *Tile]{
		MaximumWeight: o.cacheBytes,
		Weigher:       func(_ key, t *Tile) uint32 { return t.size() },
	})
	if err != nil {
		return nil, fmt.Errorf("tiles of edition %s: cache: %w", e.ID, err)
	}
	s.loader = s.load
	return s, nil
}

// CellBounds is the box around a cell of the grid, to two centimetres.
func (s *Set) CellBounds(cell int32) geo.Bounds {
	b := s.zones.mesh.bounds(int(cell))
	low, high := unproject(xy{int32(b.minX), int32(b.maxY)}), unproject(xy{int32(b.maxX), int32(b.minY)})
	return geo.Bounds{Min: low, Max: high}
}

func (s *Set) draws(layer int, bounds box, drawers ...drawer) {
	s.bounds[layer], s.drawers[layer] = bounds, drawers
}

// Tile returns one tile; a tile without features is an empty one, not an error.
// The question matters only to the layers that ask one (see [Layer]). Errors:
// [ErrUnknownLayer]; [ErrOutOfRange] for a zoom that the layer does not have, or a
// column or row that the zoom does not have; [ErrBadQuery] for a question that
// the edition cannot answer; and the context's, when it ends before the tile is
// made. A tile is made once, however many ask for it at the same time.
func (s *Set) Tile(ctx context.Context, layer string, z, x, y int, q coverage.Query) (*Tile, error) {
	i, err := s.layer(layer)
	if err != nil {
		return nil, err
	}
	l := &s.layers[i]
	if z < l.MinZoom || z > l.MaxZoom || x < 0 || y < 0 || x>>z != 0 || y>>z != 0 {
		return nil, fmt.Errorf("tile %s/%d/%d/%d: %w: zooms %d to %d", layer, z, x, y, ErrOutOfRange, l.MinZoom, l.MaxZoom)
	}
	k := key{layer: uint8(i), z: uint8(z), x: uint32(x), y: uint32(y)}
	if l.Asks {
		if k.question, err = s.zones.ask(q); err != nil {
			return nil, fmt.Errorf("tile %s/%d/%d/%d: %w", layer, z, x, y, err)
		}
	}
	// Tiles outside the territory are without number: they are not kept.
	if f := newFrame(z, x, y); !s.bounds[i].meets(f.reach) {
		return empty, nil
	}
	if t, ok := s.cache.GetIfPresent(k); ok {
		return t, nil
	}
	t, err := s.cache.Get(ctx, k, s.loader)
	if err != nil {
		return nil, fmt.Errorf("tile %s/%d/%d/%d: %w", layer, z, x, y, err)
	}
	return t, nil
}

// load makes a tile. Others may be waiting for it, so it is finished even if the
// first who asked has left.
func (s *Set) load(ctx context.Context, k key) (*Tile, error) {
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.reset()
	if err := s.encode(context.WithoutCancel(ctx), e, k); err != nil {
		return nil, err
	}
	return newTile(e.bytes(), live)
}

// encode adds the source layers of a layer to a tile.
func (s *Set) encode(ctx context.Context, e *encoder, k key) error {
	f := newFrame(int(k.z), int(k.x), int(k.y))
	if int(k.layer) == zonesLayer {
		z, err := s.zones.at(ctx, k.question)
		if err != nil {
			return err
		}
		z.encode(e, &f)
		return nil
	}
	for i, d := range s.drawers[k.layer] {
		if int(k.z) >= s.layers[k.layer].Sources[i].MinZoom {
			d.encode(e, &f)
		}
	}
	return nil
}

// layer finds a layer by name.
func (s *Set) layer(name string) (int, error) {
	for i := range s.layers {
		if s.layers[i].Name == name {
			return i, nil
		}
	}
	return 0, fmt.Errorf("layer %q: %w", name, ErrUnknownLayer)
}
