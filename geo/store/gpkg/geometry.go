package gpkg

import (
	"encoding/binary"
	"errors"
	"math"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkb"

	"github.com/aisne-numerique/maillage/geo"
)

// srsID is EPSG:4326 in gpkg_spatial_ref_sys.
const srsID = 4326

// geometry is a GeoPackage geometry blob and the box around it in degrees. The
// zero value is NULL.
type geometry struct {
	blob []byte
	box  geo.Bounds // empty when the geometry holds no position
}

// The GeoPackage blob (§2.1.3 of the standard) is a header, then ISO WKB:
//
//	0  'G' 'P'
//	2  version, 0
//	3  flags: bit 0 little-endian header; bits 1–3 which envelope; bit 4 empty geometry
//	4  srs_id, int32
//	8  envelope: min x, max x, min y, max y for 1; nothing for 0, as for points
const (
	headerBytes   = 8
	envelopeBytes = 32
	flagLittle    = 1 << 0
	flagEnvelope  = 1 << 1
	flagEmpty     = 1 << 4
)

// encodeGeometry makes the blob of g; nil is NULL.
func encodeGeometry(g orb.Geometry) (geometry, error) {
	if g == nil {
		return geometry{}, nil
	}
	body, err := wkb.Marshal(g, binary.LittleEndian)
	if err != nil {
		return geometry{}, err
	}
	box := bounds(g)
	flags := byte(flagLittle)
	_, isPoint := g.(orb.Point)
	switch {
	case box.Empty():
		flags |= flagEmpty
	case !isPoint:
		flags |= flagEnvelope
	}
	blob := make([]byte, 0, headerBytes+envelopeBytes+len(body))
	blob = append(blob, 'G', 'P', 0, flags)
	blob = binary.LittleEndian.AppendUint32(blob, srsID)
	if flags&flagEnvelope != 0 {
		for _, v := range [...]float64{box.Min.Lon, box.Max.Lon, box.Min.Lat, box.Max.Lat} {
			blob = binary.LittleEndian.AppendUint64(blob, math.Float64bits(v))
		}
	}
	return geometry{append(blob, body...), box}, nil
}

// bounds is the box around every position of g, holes included.
func bounds(g orb.Geometry) geo.Bounds {
	box := geo.EmptyBounds()
	switch g := g.(type) {
	case orb.Point:
		box = box.Extend(position(g))
	case orb.LineString:
		for _, p := range g {
			box = box.Extend(position(p))
		}
	case orb.Ring:
		box = bounds(orb.LineString(g))
	case orb.Polygon:
		for _, ring := range g {
			box = box.Union(bounds(ring))
		}
	case orb.MultiPolygon:
		for _, poly := range g {
			box = box.Union(bounds(poly))
		}
	}
	return box
}

// decodeGeometry reads a blob, also as other programs write it: any byte order, any
// envelope.
func decodeGeometry(blob []byte) (orb.Geometry, error) {
	if len(blob) < headerBytes || blob[0] != 'G' || blob[1] != 'P' {
		return nil, errors.New("no GeoPackage header")
	}
	// Envelope 0: none; 1: x, y; 2 and 3: with z or m; 4: with both.
	sizes := [8]int{0, envelopeBytes, 48, 48, 64, -1, -1, -1}
	skip := sizes[blob[3]>>1&7]
	if skip < 0 || len(blob) < headerBytes+skip {
		return nil, errors.New("bad GeoPackage header")
	}
	return wkb.Unmarshal(blob[headerBytes+skip:])
}

func position(p orb.Point) geo.LonLat { return geo.LonLat{Lon: p[0], Lat: p[1]} }
