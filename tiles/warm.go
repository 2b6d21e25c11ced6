package tiles

import (
	"context"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/tiles/pmtiles"
)

// Warm makes tiles before anybody asks, from the lowest zoom up, until they fill three
// quarters of what is kept or the context ends. It works on one processor, and answers how
// many it made.
func (s *Set) Warm(ctx context.Context, q coverage.Query) (made int, err error) {
	var size uint64
	for _, id := range s.occupied() {
		z, x, y, _ := pmtiles.Address(id)
		for i := range s.layers {
			l := &s.layers[i]
			if z < l.MinZoom || z > l.MaxZoom {
				continue
			}
			t, err := s.Tile(ctx, l.Name, z, x, y, q)
			if err != nil {
				return made, err
			}
			made++
			if size += uint64(t.size()); size > s.room/4*3 {
				return made, nil
			}
		}
		if err := ctx.Err(); err != nil {
			return made, err
		}
	}
	return made, nil
}
