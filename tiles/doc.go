// Package tiles turns an edition into vector tiles: the layers as data, their
// TileJSON, their encoding as Mapbox Vector Tiles 2.1, and a cache. It reads an
// edition in memory, never a store, and knows nothing of HTTP.
//
//	Layer  what a layer holds: zooms, attributes with type, unit and meaning
//	Set    every tile of one edition, encoded on demand and kept
//	Tile   the bytes of one tile, plain and gzipped, and its entity tags
//
// # Positions
//
// Every shape is projected once to Web Mercator (EPSG:3857) as integers: the
// world is 2^31 units wide, x east, y south (1.9 cm at the equator, 1.2 cm in
// Aisne). A tile of zoom z has 4096 units a side; a position is rounded to them
// from those integers, so that what is one point in the edition is one point in
// every tile, and neighbours share their borders exactly.
//
// # What a tile promises
//
//   - Version 2 of the specification. Polygon rings are closed once, hold no
//     repeated point, have an area, and are wound as the specification says
//     (outer rings clockwise on screen), each outer ring followed by its holes.
//   - Feature ids are unique in their source layer, and are positions in the
//     edition, which JavaScript can hold; an H3 index it cannot.
//   - Polygons and lines are cut at 64 units outside the tile. A point is in
//     exactly one tile of each zoom.
//   - No polygon vanishes by being small: one that rounds to nothing is drawn as
//     one unit. No border is simplified beyond the rounding, so none opens a gap.
//   - The same edition and question give the same bytes, whatever the number of
//     goroutines.
package tiles
