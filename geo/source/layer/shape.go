package layer

import (
	"context"
	"encoding/binary"
	"math"

	"github.com/paulmach/orb"
)

// Types of shapes (ESRI Shapefile Technical Description, 1998), by what they draw. Those with
// elevations (+10) or measures (+20) give them after the positions.
const (
	shapeNull       = 0
	shapePoint      = 1
	shapePolyline   = 3
	shapePolygon    = 5
	shapeMultiPoint = 8
)

// shapeTypes are the types of a layer, as [Layer] names them.
var shapeTypes = map[uint32]string{shapePoint: "POINT", shapePolyline: "MULTILINESTRING", shapePolygon: "MULTIPOLYGON", shapeMultiPoint: "MULTIPOINT"}

// flat tells what a type of shape draws, whether its positions have elevations, and whether
// it is one.
func flat(kind uint32) (flat uint32, elevated, ok bool) {
	if kind > 30 {
		return 0, false, false
	}
	_, ok = shapeTypes[kind%10]
	return kind % 10, kind/10 == 1, ok || kind == shapeNull
}

// maxRings is how many rings an outline may have: France has 3 000 islands.
const maxRings = 10_000

// parts reads where the parts of a polyline or a polygon start and end, and its positions.
func parts(b []byte, cut string) (spans [][2]int64, positions []byte, points int64, reason string) {
	const head = 4 + 32 + 8 // type, box, counts
	if len(b) < head {
		return nil, nil, 0, cut
	}
	n, points := int64(binary.LittleEndian.Uint32(b[36:])), int64(binary.LittleEndian.Uint32(b[40:]))
	if head+4*n+16*points > int64(len(b)) {
		return nil, nil, 0, cut
	}
	if n > maxRings {
		return nil, nil, 0, "plus de 10 000 anneaux ; attendu des contours plus simples"
	}
	starts := b[head : head+4*n]
	for i := range n {
		from, to := int64(binary.LittleEndian.Uint32(starts[4*i:])), points
		if i+1 < n {
			to = int64(binary.LittleEndian.Uint32(starts[4*i+4:]))
		}
		if from > to || to > points {
			return nil, nil, 0, cut
		}
		spans = append(spans, [2]int64{from, to})
	}
	return spans, b[head+4*n:], points, ""
}

func float(b []byte) float64 { return math.Float64frombits(binary.LittleEndian.Uint64(b)) }

const notNumbers = "position non comprise ; attendu des nombres"

// vertices reads the points or lines of a record.
func vertices(b []byte) (_ [][]Vertex, reason string) {
	const cut = "géométrie non comprise ; attendu une ligne ou un point"
	kind, elevated, _ := flat(binary.LittleEndian.Uint32(b))
	switch {
	case kind == shapeNull:
		return nil, "géométrie absente ; attendu une ligne ou un point"
	case kind == shapePoint && len(b) >= 20:
		v := Vertex{float(b[4:]), float(b[12:]), math.NaN()}
		if elevated && len(b) >= 28 {
			v.Z = float(b[20:])
		}
		if !v.finite() {
			return nil, notNumbers
		}
		return [][]Vertex{{v}}, ""
	case kind != shapePolyline:
		return nil, cut
	}
	spans, positions, points, reason := parts(b, cut)
	if reason != "" {
		return nil, reason
	}
	var heights []byte
	if after := positions[16*points:]; elevated && int64(len(after)) >= 16+8*points {
		heights = after[16:]
	}
	lines := make([][]Vertex, len(spans))
	for i, span := range spans {
		lines[i] = make([]Vertex, 0, span[1]-span[0])
		for k := span[0]; k < span[1]; k++ {
			v := Vertex{float(positions[16*k:]), float(positions[16*k+8:]), math.NaN()}
			if heights != nil {
				v.Z = float(heights[8*k:])
			}
			if !v.finite() {
				return nil, notNumbers
			}
			lines[i] = append(lines[i], v)
		}
	}
	return lines, ""
}

// decodeShape reads the polygons of a record: rings wound clockwise are outlines,
// the others holes of the smallest outline around them. A ring wound as a hole with
// no outline around is an outline: some programs do not wind as they should.
func decodeShape(ctx context.Context, b []byte) (_ orb.MultiPolygon, reason string) {
	const cut = "géométrie non comprise ; attendu un polygone"
	switch kind, _, _ := flat(binary.LittleEndian.Uint32(b)); kind {
	case shapeNull:
		return nil, "géométrie absente ; attendu un polygone"
	case shapePolygon:
	default:
		return nil, cut
	}
	spans, positions, _, reason := parts(b, cut)
	if reason != "" {
		return nil, reason
	}
	var rings []orb.Ring
	for _, span := range spans {
		ring := make(orb.Ring, span[1]-span[0])
		for k := range ring {
			at := positions[16*(span[0]+int64(k)):]
			x, y := float(at), float(at[8:])
			if math.IsNaN(x+y) || math.IsInf(x+y, 0) {
				return nil, notNumbers
			}
			ring[k] = orb.Point{x, y}
		}
		rings = append(rings, ring)
	}
	return nest(ctx, rings), ""
}

// nest makes polygons of rings.
func nest(ctx context.Context, rings []orb.Ring) orb.MultiPolygon {
	type outer struct {
		orb.Bound
		area float64
	}
	var mp orb.MultiPolygon
	var outers []outer
	add := func(r orb.Ring) {
		mp = append(mp, orb.Polygon{r})
		outers = append(outers, outer{r.Bound(), math.Abs(signedArea(r))})
	}
	var holes []orb.Ring
	for _, r := range rings {
		// What is no ring at all is an outline too: it will be told of as such.
		if len(r) < 4 || r[0] != r[len(r)-1] || r.Orientation() != orb.CCW {
			add(r)
		} else {
			holes = append(holes, r)
		}
	}
	wound := len(outers)
	for _, h := range holes {
		if ctx.Err() != nil {
			return nil // a hole may be looked for in ten thousand outlines
		}
		p, best := InnerPoint(orb.MultiPolygon{{h}}), -1
		for i := range wound {
			if outers[i].Contains(orb.Point{p.Lon, p.Lat}) && (best < 0 || outers[i].area < outers[best].area) &&
				Inside(orb.MultiPolygon{mp[i][:1]}, p) {
				best = i
			}
		}
		if best < 0 {
			add(h)
		} else {
			mp[best] = append(mp[best], h)
		}
	}
	return mp
}

// signedArea is the area of a ring in the units of its coordinates, positive when
// it is wound counter-clockwise.
func signedArea(r orb.Ring) float64 {
	sum := 0.0
	for i := 1; i < len(r); i++ {
		sum += (r[i-1][0]-r[0][0])*(r[i][1]-r[0][1]) - (r[i][0]-r[0][0])*(r[i-1][1]-r[0][1])
	}
	return sum / 2
}
