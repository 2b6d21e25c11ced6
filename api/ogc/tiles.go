package ogc

import (
	"math"
	"strconv"
)

// WebMercatorQuad is the only tiling of tiles.
const WebMercatorQuad = "WebMercatorQuad"

// relTilingScheme is the relation of a link to the tiling of tiles.
const relTilingScheme = "http://www.opengis.net/def/rel/ogc/1.0/tiling-scheme"

const (
	quadTitle = "Google Maps Compatible for the World"
	quadURI   = "http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad"
	quadCRS   = "http://www.opengis.net/def/crs/EPSG/0/3857"
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
	return map[string]any{"id": WebMercatorQuad, "title": quadTitle, "uri": quadURI, "crs": quadCRS,
		"orderedAxes": []string{"E", "N"}, "wellKnownScaleSet": "http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible", "tileMatrices": matrices}
}

// TileMatrixSets lists the tilings.
func TileMatrixSets(root string) map[string]any {
	at := root + "/tileMatrixSets"
	return map[string]any{"links": Both(at, "self", TypeJSON, "Découpages en tuiles"), "tileMatrixSets": []map[string]any{{"id": WebMercatorQuad, "title": quadTitle, "uri": quadURI,
		"links": Both(at+"/"+WebMercatorQuad, "self", TypeJSON, quadTitle)}}}
}

// tileSet is what the list of tile sets says of one, and what it says of itself.
func tileSet(root, collection, title string) (of map[string]any, links []Link) {
	at := root + "/collections/" + collection + "/tiles/" + WebMercatorQuad
	return map[string]any{"title": title, "dataType": "vector", "crs": quadCRS, "tileMatrixSetURI": quadURI},
		append(Both(at, "self", TypeJSON, title), Link{Href: root + "/tileMatrixSets/" + WebMercatorQuad, Rel: relTilingScheme, Type: TypeJSON, Title: quadTitle})
}

// TileSets lists the tile sets of a collection: one.
func TileSets(root, collection, title string) map[string]any {
	only, links := tileSet(root, collection, title)
	only["links"] = links
	return map[string]any{"links": Both(root+"/collections/"+collection+"/tiles", "self", TypeJSON, title), "tilesets": []map[string]any{only}}
}

// TileSet describes the tiles of a collection; layer is the address of their layer, without
// a slash at its end. There are tiles of the zooms from minZoom to maxZoom, everywhere.
func TileSet(root, collection, title, layer string, minZoom, maxZoom int) map[string]any {
	set, links := tileSet(root, collection, title)
	var limits []map[string]any
	for z := minZoom; z <= maxZoom; z++ {
		last := 1<<z - 1
		limits = append(limits, map[string]any{"tileMatrix": strconv.Itoa(z), "minTileRow": 0, "maxTileRow": last, "minTileCol": 0, "maxTileCol": last})
	}
	set["tileMatrixSetLimits"] = limits
	set["layers"] = []map[string]any{{"id": collection, "dataType": "vector"}}
	set["links"] = append(links,
		Link{Href: root + "/collections/" + collection + "/tiles/" + WebMercatorQuad + "/{tileMatrix}/{tileRow}/{tileCol}", Rel: "item", Type: TypeTile, Title: "Une tuile", Templated: true},
		Link{Href: layer + ".json", Rel: "describedby", Type: TypeJSON, Title: "TileJSON"})
	return set
}
