package squares

import (
	"context"
	"fmt"
	"math"
	"regexp"
	"slices"
	"strconv"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source/layer"
	"github.com/aisne-numerique/maillage/geo/store"
)

// sizes are those of squares, in metres. Those beyond 1 km have their corners on the
// kilometres, but not on multiples of their size.
var sizes = []float64{200, 1000, 2000, 4000, 8000, 16_000, 32_000}

// overseas are the reference systems of the grids that INSEE publishes beside that of
// Europe.
var overseas = map[string]string{
	"5490": "Guadeloupe ou Martinique", "32620": "Guadeloupe ou Martinique", "4559": "Guadeloupe ou Martinique", "2975": "La Réunion", "2972": "Guyane", "4471": "Mayotte",
}

// overseasOf is where overseas a square is, by its name; "" for those of Europe.
func overseasOf(id string) string {
	if m := squareID.FindStringSubmatch(id); m != nil {
		return overseas[m[1]]
	}
	return ""
}

// squareID is the INSPIRE name of a square: in metres, or in short without the
// zeros that the size implies.
var squareID = regexp.MustCompile(`^(?:CRS(\d{4,5})RES)?(\d+)(k?m)N(\d{1,7})E(\d{1,7})$`)

const squareFault = "carreau non compris ; attendu un nom comme CRS3035RES200mN2029800E4252400"

// parseSquare reads the name of a square; People is left at zero. reason is ""
// when it is one.
func parseSquare(id string) (_ store.Square, reason string) {
	m := squareID.FindStringSubmatch(id)
	if m == nil {
		return store.Square{}, squareFault
	}
	if m[1] != "" && m[1] != "3035" {
		if where := overseasOf(id); where != "" {
			return store.Square{}, "carreau d'outre-mer (EPSG:" + m[1] + ", " + where + ") ; seul le carroyage de la métropole (EPSG:3035) est lu"
		}
		return store.Square{}, "carreau en EPSG:" + m[1] + " ; attendu la grille européenne, EPSG:3035"
	}
	size, _ := strconv.ParseFloat(m[2]+map[string]string{"m": "", "km": "000"}[m[3]], 64)
	if !slices.Contains(sizes, size) {
		return store.Square{}, "carreau de " + m[2] + " " + m[3] + " ; attendu 200 m, 1 km, ou ceux du niveau naturel (2, 4, 8, 16 et 32 km)"
	}
	south, _ := strconv.ParseFloat(m[4], 64) // seven digits at most
	west, _ := strconv.ParseFloat(m[5], 64)
	if m[1] == "" { // in short: 1kmN2599E4695, 200mN25998E46952
		unit := 1000.0
		if size == 200 {
			unit = 100
		}
		south, west = south*unit, west*unit
	}
	return square(west, south, size)
}

// square checks a corner.
func square(west, south, size float64) (_ store.Square, reason string) {
	if unit := min(size, kilometre); math.Mod(west, unit) != 0 || math.Mod(south, unit) != 0 {
		return store.Square{}, fmt.Sprintf("coin qui n'est pas sur la grille ; attendu des multiples de %g m", unit)
	}
	if _, err := geo.LAEA.ToLonLat(west, south); err != nil {
		return store.Square{}, "carreau hors d'Europe ; attendu la grille européenne, EPSG:3035"
	}
	return store.Square{ID: fmt.Sprintf("CRS3035RES%gmN%.0fE%.0f", size, south, west), West: west, South: south, Size: size}, ""
}

// squareOf is the square of the grid that a geometry draws, to within two metres:
// in Lambert-93 its sides are neither straight nor of its length.
func squareOf(ctx context.Context, wkb []byte, crs geo.CRS) (_ store.Square, reason string) {
	const slack = 2 // metres
	mp, reason := layer.DecodeSurface(wkb)
	if reason != "" {
		return store.Square{}, reason
	}
	box := orb.Bound{Min: orb.Point{math.Inf(1), math.Inf(1)}, Max: orb.Point{math.Inf(-1), math.Inf(-1)}}
	for _, polygon := range mp {
		for _, ring := range polygon {
			for i, p := range ring {
				if i%4096 == 0 && ctx.Err() != nil {
					return store.Square{}, ctx.Err().Error()
				}
				at, why := layer.ProjectedFault(crs, p[0], p[1])
				if why != "" {
					return store.Square{}, why
				}
				x, y, err := geo.LAEA.FromLonLat(at)
				if err != nil {
					return store.Square{}, "carreau hors d'Europe ; attendu la grille européenne, EPSG:3035"
				}
				box = box.Extend(orb.Point{x, y})
			}
		}
	}
	width, height := box.Max[0]-box.Min[0], box.Max[1]-box.Min[1]
	for _, size := range sizes {
		unit := min(size, kilometre)
		west, south := unit*math.Round(box.Min[0]/unit), unit*math.Round(box.Min[1]/unit)
		if math.Abs(width-size) <= slack && math.Abs(height-size) <= slack && math.Abs(box.Min[0]-west) <= slack && math.Abs(box.Min[1]-south) <= slack {
			return square(west, south, size)
		}
	}
	return store.Square{}, "géométrie qui n'est pas un carreau de la grille européenne ; attendu 200 m, 1 km ou le niveau naturel, EPSG:3035"
}
