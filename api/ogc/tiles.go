package ogc

import (
	"math"
	"strconv"
)

// WebMercatorQuad is the only tiling of tiles.
const WebMercatorQuad = "WebMercatorQuad"

const (
	quadURI = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	quadCRS = "http://www.opengis.net/def/crs/EPSG/0/3857"
)

// TileMatrixSet is the definition of [WebMercatorQuad] (OGC 17-083r4), down to a zoom.
func TileMatrixSet(maxZoom int) map[string]any {
	const half, size = 20037508.342789244, 256
	var matrices []map[string]any
	for z := range maxZoom + 1 {
		n := int(math.Exp2(float64(z)))
		cell := 2 * half / size / float64(n)
		const pixel = 0.00028 // metres: the standard's rendering pixel
		matrices = append(matrices, map[string]any{"id": strconv.Itoa(z), "scaleDenominator": cell / pixel, "cellSize": cell,
			"pointOfOrigin": [2]float64{-half, half}, "tileWidth": size, "tileHeight": size, "matrixWidth": n, "matrixHeight": n})
	}
	return map[string]any{"id": WebMercatorQuad, "title": "Google Maps Compatible for the World", "uri": quadURI, "crs": quadCRS,
		"orderedAxes": []string{"E", "N"}, "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", "tileMatrices": matrices}
}

// TileMatrixSets lists the tilings.
func TileMatrixSets(root string) map[string]any {
	return map[string]any{"tileMatrixSets": []map[string]any{{"id": WebMercatorQuad, "title": "Google Maps Compatible for the World", "uri": quadURI,
		"links": []Link{{Href: root + "/tileMatrixSets/" + WebMercatorQuad, Rel: "self", Type: TypeJSON}}}}}
}

// TileSets lists the tile sets of a collection: one.
func TileSets(root, collection, title string) map[string]any {
	at := root + "/collections/" + collection + "/tiles"
	return map[string]any{"links": []Link{{Href: at, Rel: "self", Type: TypeJSON}}, "tilesets": []map[string]any{{"title": title, "dataType": "vector", "crs": quadCRS,
		"tileMatrixSetURI": quadURI, "links": []Link{{Href: at + "/" + WebMercatorQuad, Rel: "self", Type: TypeJSON}}}}}
}

// TileSet describes the tiles of a collection; layer is the address of their layer, without
// a slash at its end.
func TileSet(root, collection, title, layer string) map[string]any {
	at := root + "/collections/" + collection + "/tiles/" + WebMercatorQuad
	return map[string]any{"title": title, "dataType": "vector", "crs": quadCRS, "tileMatrixSetURI": quadURI, "layers": []map[string]any{{"id": collection, "dataType": "vector"}},
		"links": []Link{
			{Href: at, Rel: "self", Type: TypeJSON},
			{Href: root + "/tileMatrixSets/" + WebMercatorQuad, Rel: "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme", Type: TypeJSON},
			{Href: layer + "/{tileMatrix}/{tileCol}/{tileRow}.mvt", Rel: "item", Type: TypeTile, Templated: true},
			{Href: layer + ".json", Rel: "describedby", Type: TypeJSON, Title: "TileJSON"},
		}}
}
