package layer

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/encoding/wkt"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source"
)

// readOutline reads a Polygon or MultiPolygon geometry of GeoJSON in a reference
// system. Elevations are dropped. See [soundOutline] for what comes back.
func readOutline(ctx context.Context, raw json.RawMessage, crs geo.CRS) (_ orb.MultiPolygon, value, reason string) {
	var g *struct {
		Type        string          `json:"type"`
		Coordinates json.RawMessage `json:"coordinates"`
	}
	if json.Unmarshal(raw, &g) != nil || g == nil {
		return nil, "", "géométrie absente ou non comprise ; attendu Polygon ou MultiPolygon"
	}
	// A null among numbers would read as zero.
	if bytes.Contains(g.Coordinates, []byte("null")) {
		return nil, "null", "coordonnée absente ; attendu des nombres"
	}
	var polygons [][][][]float64
	var err error
	switch g.Type {
	case "Polygon":
		polygons = make([][][][]float64, 1)
		err = json.Unmarshal(g.Coordinates, &polygons[0])
	case "MultiPolygon":
		err = json.Unmarshal(g.Coordinates, &polygons)
	default:
		return nil, g.Type, "type de géométrie non admis ; attendu Polygon ou MultiPolygon"
	}
	if err != nil {
		return nil, g.Type, "coordonnées non comprises ; attendu des listes de positions [longitude, latitude]"
	}
	outline := make(orb.MultiPolygon, len(polygons))
	for i, rings := range polygons {
		outline[i] = make(orb.Polygon, len(rings))
		for j, positions := range rings {
			ring := make(orb.Ring, len(positions))
			for k, p := range positions {
				if len(p) < 2 {
					return nil, source.PositionText(p), fmt.Sprintf("polygone %d, anneau %d : position %d de moins de deux nombres ; attendu [longitude, latitude]", i+1, j+1, k+1)
				}
				ring[k] = orb.Point{p[0], p[1]}
			}
			outline[i][j] = ring
		}
	}
	return soundOutline(ctx, outline, crs)
}

// OutlineOfText reads a POLYGON or MULTIPOLYGON written as text (WKT), as GIS programs write
// it in a column of a table, in a reference system. See [soundOutline] for what comes back.
func OutlineOfText(ctx context.Context, text string, crs geo.CRS) (_ orb.MultiPolygon, value, reason string) {
	const wanted = "attendu POLYGON((…)) ou MULTIPOLYGON(((…))), longitude puis latitude"
	g, err := wkt.Unmarshal(text)
	if err != nil {
		return nil, text, "contour non compris ; " + wanted
	}
	switch g := g.(type) {
	case orb.Polygon:
		return soundOutline(ctx, orb.MultiPolygon{g}, crs)
	case orb.MultiPolygon:
		return soundOutline(ctx, g, crs)
	}
	return nil, g.GeoJSONType(), "type de géométrie non admis ; " + wanted
}

// soundOutline brings an outline from a reference system to WGS 84, vertex by
// vertex, checks it and winds it as RFC 7946 wants: outer rings counter-clockwise,
// holes clockwise. It works in place. value and reason are "" when it is sound.
func soundOutline(ctx context.Context, outline orb.MultiPolygon, crs geo.CRS) (_ orb.MultiPolygon, value, reason string) {
	if len(outline) == 0 {
		return nil, "MultiPolygon", "aucun polygone ; attendu au moins un"
	}
	for i, polygon := range outline {
		if len(polygon) == 0 {
			return nil, "Polygon", "polygone sans anneau ; attendu au moins un contour"
		}
		for j, ring := range polygon {
			if value, reason := soundRing(ctx, ring, crs); reason != "" {
				return nil, value, fmt.Sprintf("polygone %d, anneau %d : %s", i+1, j+1, reason)
			}
			want := orb.CCW
			if j > 0 {
				want = orb.CW
			}
			if ring.Orientation() != want {
				ring.Reverse()
			}
		}
	}
	return outline, "", ""
}

func soundRing(ctx context.Context, ring orb.Ring, crs geo.CRS) (value, reason string) {
	var first, last orb.Point // as the file has them
	if len(ring) > 0 {
		first, last = ring[0], ring[len(ring)-1]
	}
	for k, p := range ring {
		if k%4096 == 0 && ctx.Err() != nil {
			return "", ctx.Err().Error() // half a million positions take a second
		}
		at, why := ProjectedFault(crs, p[0], p[1])
		if why != "" {
			return source.PositionText(p[:]), fmt.Sprintf("position %d : %s", k+1, why)
		}
		ring[k] = orb.Point{at.Lon, at.Lat}
	}
	switch {
	case len(ring) < 4:
		return "", fmt.Sprintf("%d positions ; attendu au moins quatre, la dernière égale à la première", len(ring))
	case first != last:
		return source.PositionText(last[:]), "anneau non fermé ; attendu la dernière position égale à la première " + source.PositionText(first[:])
	case ring.Orientation() == 0:
		return "", "anneau d'aire nulle ; attendu un contour qui entoure une surface"
	}
	return "", ""
}

// InnerPoint finds a point on the surface of an outline, away from its edges: the
// middle of the longest stretch inside, on a parallel that goes near the middle of
// each polygon and through none of its vertices, so that crossings pair up.
func InnerPoint(outline orb.MultiPolygon) geo.LonLat {
	var best geo.LonLat
	width := -1.0
	for _, polygon := range outline {
		lat := clearParallel(polygon)
		var cuts []float64
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if a[1] < lat != (b[1] < lat) {
					cuts = append(cuts, a[0]+(b[0]-a[0])*((lat-a[1])/(b[1]-a[1])))
				}
			}
		}
		slices.Sort(cuts)
		for i := 1; i < len(cuts); i += 2 {
			if w := cuts[i] - cuts[i-1]; w > width {
				width, best = w, geo.LonLat{Lon: (cuts[i-1] + cuts[i]) / 2, Lat: lat}
			}
		}
	}
	return best
}

// clearParallel is a latitude halfway between the two latitudes of vertices that
// surround the middle of a polygon.
func clearParallel(polygon orb.Polygon) float64 {
	bound := polygon[0].Bound()
	middle := (bound.Min[1] + bound.Max[1]) / 2
	below, above := bound.Min[1], bound.Max[1]
	for _, ring := range polygon {
		for _, p := range ring {
			if p[1] <= middle {
				below = max(below, p[1])
			} else {
				above = min(above, p[1])
			}
		}
	}
	return (below + above) / 2
}

// Inside reports whether p lies in an outline, by the parity of crossings of the
// parallel of p to the east of it. Points on an edge may fall on either side.
func Inside(outline orb.MultiPolygon, p geo.LonLat) bool {
	in := false
	for _, polygon := range outline {
		for _, ring := range polygon {
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				if a[1] < p.Lat != (b[1] < p.Lat) && p.Lon < a[0]+(b[0]-a[0])*((p.Lat-a[1])/(b[1]-a[1])) {
					in = !in
				}
			}
		}
	}
	return in
}
