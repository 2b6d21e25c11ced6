package postgis

import (
	"bytes"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/jackc/pgx/v5/pgtype"
	"github.com/paulmach/orb"
	"github.com/twpayne/go-geom"
	"github.com/twpayne/go-geom/encoding/ewkb"
)

// srsID is EPSG:4326 in spatial_ref_sys.
const srsID = 4326

// maxGeometry bounds the bytes of a geometry that is read. A row of PostgreSQL can hold
// four times as much; the outline of France, unsimplified, is a twentieth.
const maxGeometry = 256 << 20

// codec is how a connection speaks of the type geometry, in COPY, parameters and rows:
// [orb.Geometry] here, EWKB with [srsID] there, doubles bit for bit.
//
// It reads only what PostGIS wrote into a column of that type, which is well-formed, and
// at most [maxGeometry] of it. go-geom takes memory for as many positions as the bytes
// announce: nine bytes of a stranger, in a file for instance, are enough to exhaust it.
// Never give it those.
type codec struct{}

func (codec) FormatSupported(format int16) bool { return format == pgtype.BinaryFormatCode }
func (codec) PreferredFormat() int16            { return pgtype.BinaryFormatCode }

func (codec) PlanEncode(_ *pgtype.Map, _ uint32, format int16, value any) pgtype.EncodePlan {
	if _, ok := value.(orb.Geometry); ok && format == pgtype.BinaryFormatCode {
		return codec{}
	}
	return nil
}

// Encode appends the EWKB of a geometry.
func (codec) Encode(value any, buf []byte) ([]byte, error) {
	t, err := toGeom(value.(orb.Geometry))
	if err != nil {
		return nil, err
	}
	w := bytes.NewBuffer(buf)
	err = ewkb.Write(w, ewkb.NDR, t)
	return w.Bytes(), err
}

func (codec) PlanScan(_ *pgtype.Map, _ uint32, format int16, target any) pgtype.ScanPlan {
	if _, ok := target.(*orb.Geometry); ok && format == pgtype.BinaryFormatCode {
		return codec{}
	}
	return nil
}

// Scan reads the EWKB of a geometry into a *orb.Geometry: NULL is nil.
func (codec) Scan(src []byte, target any) (err error) {
	to := target.(*orb.Geometry)
	*to, err = decode(src)
	return err
}

// DecodeValue is for who asks for values without saying of what type.
func (codec) DecodeValue(_ *pgtype.Map, _ uint32, _ int16, src []byte) (any, error) {
	return decode(src)
}

func (codec) DecodeDatabaseSQLValue(*pgtype.Map, uint32, int16, []byte) (driver.Value, error) {
	return nil, errors.New("geometry: not read by database/sql")
}

func decode(src []byte) (orb.Geometry, error) {
	if src == nil {
		return nil, nil
	}
	if len(src) > maxGeometry {
		return nil, fmt.Errorf("geometry: %d bytes; expected at most %d", len(src), maxGeometry)
	}
	t, err := ewkb.Unmarshal(src)
	if err != nil {
		return nil, fmt.Errorf("geometry: %w", err)
	}
	return fromGeom(t)
}

// toGeom lays the positions of a geometry in a row, as go-geom has them.
func toGeom(g orb.Geometry) (geom.T, error) {
	switch g := g.(type) {
	case orb.Point:
		return geom.NewPointFlat(geom.XY, g[:]).SetSRID(srsID), nil
	case orb.LineString:
		return geom.NewLineStringFlat(geom.XY, positions(make([]float64, 0, 2*len(g)), g)).SetSRID(srsID), nil
	case orb.Polygon:
		flat, ends := rings(make([]float64, 0, numbers(g)), g)
		return geom.NewPolygonFlat(geom.XY, flat, ends).SetSRID(srsID), nil
	case orb.MultiPolygon:
		flat, endss := make([]float64, 0, numbers(g...)), make([][]int, len(g))
		for i, polygon := range g {
			flat, endss[i] = rings(flat, polygon)
		}
		return geom.NewMultiPolygonFlat(geom.XY, flat, endss).SetSRID(srsID), nil
	}
	return nil, fmt.Errorf("geometry: a %T; expected a point, line, polygon or multipolygon", g)
}

func positions(flat []float64, at []orb.Point) []float64 {
	for _, p := range at {
		flat = append(flat, p[0], p[1])
	}
	return flat
}

// rings adds the positions of a polygon to flat, and says where each ring ends there.
func rings(flat []float64, polygon orb.Polygon) (_ []float64, ends []int) {
	ends = make([]int, len(polygon))
	for i, ring := range polygon {
		flat = positions(flat, ring)
		ends[i] = len(flat)
	}
	return flat, ends
}

// numbers is how many the positions of polygons are.
func numbers(polygons ...orb.Polygon) (n int) {
	for _, polygon := range polygons {
		for _, ring := range polygon {
			n += 2 * len(ring)
		}
	}
	return n
}

func fromGeom(t geom.T) (orb.Geometry, error) {
	if t.Layout() != geom.XY {
		return nil, fmt.Errorf("geometry: positions of %v; expected two numbers", t.Layout())
	}
	flat := t.FlatCoords()
	switch t := t.(type) {
	case *geom.Point:
		if t.Empty() {
			return nil, errors.New("geometry: a point without position")
		}
		return orb.Point{flat[0], flat[1]}, nil
	case *geom.LineString:
		return orb.LineString(points(flat)), nil
	case *geom.Polygon:
		return polygon(flat, 0, t.Ends()), nil
	case *geom.MultiPolygon:
		g, start := make(orb.MultiPolygon, 0, t.NumPolygons()), 0
		for _, ends := range t.Endss() {
			g = append(g, polygon(flat, start, ends))
			if len(ends) > 0 {
				start = ends[len(ends)-1]
			}
		}
		return g, nil
	}
	return nil, fmt.Errorf("geometry: a %T; expected a point, line, polygon or multipolygon", t)
}

func points(flat []float64) []orb.Point {
	at := make([]orb.Point, len(flat)/2)
	for i := range at {
		at[i] = orb.Point{flat[2*i], flat[2*i+1]}
	}
	return at
}

// polygon takes from flat the rings that end there, of which the first starts at start.
func polygon(flat []float64, start int, ends []int) orb.Polygon {
	g := make(orb.Polygon, len(ends))
	for i, end := range ends {
		g[i], start = points(flat[start:end]), end
	}
	return g
}
