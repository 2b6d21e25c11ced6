package tiles

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

// archiveJSON is the metadata of an archive: a TileJSON without addresses, as PMTiles
// asks for, and where the figures come from.
type archiveJSON struct {
	Name         string        `json:"name"`
	Description  string        `json:"description"`
	Version      string        `json:"version"`
	Type         string        `json:"type"`
	Attribution  string        `json:"attribution,omitempty"`
	VectorLayers []vectorLayer `json:"vector_layers"`
	Maillage     any           `json:"maillage"`
}

// Archive writes every tile of the edition to out as one PMTiles archive: in each tile
// all the layers, zones as the question gives them. About is what the metadata say of
// the edition, as JSON. Tiles wait in a temporary file of the folder dir. The same
// edition, question and about give the same bytes. Progress is told how many tiles of
// how many are done.
func (s *Set) Archive(ctx context.Context, out io.Writer, dir string, q coverage.Query, about any, progress func(n, of int)) (c pmtiles.Counts, err error) {
	metadata, err := s.archiveMetadata(about)
	if err != nil {
		return c, err
	}
	w, err := pmtiles.NewWriter(dir)
	if err != nil {
		return c, err
	}
	defer func() {
		if cerr := w.Close(); err == nil {
			err = cerr
		}
	}()
	ids := s.occupied()
	// Tiles of a batch are made at once, and added in order.
	batch := make([]*Tile, 16*runtime.GOMAXPROCS(0))
	for from := 0; from < len(ids); from += len(batch) {
		progress(from, len(ids))
		some := ids[from:min(from+len(batch), len(ids))]
		group, ctx := errgroup.WithContext(ctx)
		group.SetLimit(runtime.GOMAXPROCS(0))
		for i, id := range some {
			group.Go(func() (err error) {
				z, x, y, _ := pmtiles.Address(id)
				batch[i], err = s.Merged(ctx, z, x, y, q)
				return err
			})
		}
		if err := group.Wait(); err != nil {
			return c, err
		}
		for i, id := range some {
			if batch[i].Empty() {
				continue
			}
			z, x, y, _ := pmtiles.Address(id)
			if err := w.Add(z, x, y, batch[i].Gzip); err != nil {
				return c, err
			}
		}
	}
	b := s.geographic()
	center := b.Center()
	return w.Finish(out, pmtiles.About{Metadata: metadata, MinZoom: MinZoom, MaxZoom: MaxZoom,
		West: b.Min.Lon, South: b.Min.Lat, East: b.Max.Lon, North: b.Max.Lat, Lon: center.Lon, Lat: center.Lat, Zoom: homeZoom})
}

// Merged is a tile of all the layers that the zoom has, in the order of [Layers]: the
// bytes of each one's tile, one after the other, which is what merging means in a
// protocol buffer. Source layers have different names. It is compressed as well as can be,
// and not kept.
func (s *Set) Merged(ctx context.Context, z, x, y int, q coverage.Query) (*Tile, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if z < MinZoom || z > MaxZoom || x < 0 || y < 0 || x>>z != 0 || y>>z != 0 {
		return nil, fmt.Errorf("tile %d/%d/%d: %w: zooms %d to %d", z, x, y, ErrOutOfRange, MinZoom, MaxZoom)
	}
	asked, err := s.zones.ask(q)
	if err != nil {
		return nil, fmt.Errorf("tile %d/%d/%d: %w", z, x, y, err)
	}
	e := encoders.Get().(*encoder)
	defer encoders.Put(e)
	e.reset()
	f := newFrame(z, x, y)
	for i := range s.layers {
		if z < s.layers[i].MinZoom || z > s.layers[i].MaxZoom || !s.bounds[i].meets(f.reach) {
			continue
		}
		k := key{layer: uint8(i), z: uint8(z), x: uint32(x), y: uint32(y)}
		if s.layers[i].Asks {
			k.question = asked
		}
		if err := s.encode(ctx, e, k); err != nil {
			return nil, fmt.Errorf("tile %d/%d/%d: %w", z, x, y, err)
		}
	}
	return newTile(e.bytes(), kept)
}

// occupied lists the ids of the tiles that some layer may reach, in order.
func (s *Set) occupied() []uint64 {
	all := emptyBox
	for _, b := range s.bounds {
		all = all.union(b)
	}
	if all.minX > all.maxX {
		return nil
	}
	var ids []uint64
	for z := MinZoom; z <= MaxZoom; z++ {
		shift := worldBits - z
		reach := int64(buffer) << (shift - extentBits) // of the tiles next to the box
		last := int64(1)<<z - 1
		for x := max(0, (all.minX-reach)>>shift); x <= min(last, (all.maxX+reach)>>shift); x++ {
			for y := max(0, (all.minY-reach)>>shift); y <= min(last, (all.maxY+reach)>>shift); y++ {
				ids = append(ids, pmtiles.ID(z, int(x), int(y)))
			}
		}
	}
	slices.Sort(ids)
	return ids
}

func (s *Set) archiveMetadata(about any) ([]byte, error) {
	doc := archiveJSON{Name: "maillage, édition " + s.edition.ID, Version: "1.0.0", Type: "overlay",
		Description: "Couverture des lieux de médiation numérique. Édition " + s.edition.ID + ".", Attribution: attribution(s.edition), Maillage: about}
	for i := range s.layers {
		doc.VectorLayers = append(doc.VectorLayers, s.layers[i].vectorLayers()...)
	}
	out, err := json.Marshal(doc)
	if err != nil {
		return nil, fmt.Errorf("metadata of an archive: %w", err)
	}
	return out, nil
}
