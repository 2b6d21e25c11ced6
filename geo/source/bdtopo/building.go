package bdtopo

import (
	"math"
	"strings"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/source/homes"
	"github.com/aisne-numerique/maillage/geo/source/layer"
)

// Columns of buildings.
var (
	colUse       = columnOf("usage_1", "usage1")
	colOtherUse  = columnOf("usage_2", "usage2")
	colLight     = columnOf("construction_legere", "leger")
	colDwellings = columnOf("nombre_de_logements", "nb_logts")
	colFloors    = columnOf("nombre_d_etages", "nb_etages")
	colHeight    = columnOf("hauteur")
)

func isBuildings(l layer.Layer) bool {
	return hasColumn(l, colUse) && hasColumn(l, colDwellings)
}

// countHomes sums the dwellings of buildings, and gives their rows after those of roads.
func (r *reader) countHomes() error {
	var grid homes.Grid
	seen := map[int64]bool{}
	for _, b := range r.buildings {
		err := layer.EachOf(r.rec, r.o, b.file, b.Layer, layer.Sink{Use: func(n int, ft layer.Feature) error {
			a := attributes{ft.Attrs}
			if _, out := r.outOfService(a); out {
				return nil
			}
			if id := a.text(colID); id != "" {
				if seen[wayID(id)] {
					return nil // of another file
				}
				seen[wayID(id)] = true
			}
			dwellings, known := a.number(colDwellings)
			lived := r.slug(a.text(colUse)) == "residentiel" || r.slug(a.text(colOtherUse)) == "residentiel"
			if light, _ := a.yes(colLight); !known && (!lived || light || strings.TrimSpace(a.of[colDwellings.name(a)].Text) == "0") {
				return nil
			}
			outline, _, reason := ft.Outline()
			if reason != "" {
				r.told.add(note{b.file.Name, "geometry", "", "bâtiments sans contour, dont les logements ne comptent pas"}, n)
				return nil
			}
			rings, holes := spots(outline)
			if known {
				grid.AddDwellings(homes.Middle(rings[0]), dwellings)
				return nil
			}
			if dwellings = estimate(a, homes.Footprint(rings, holes)); dwellings > 0 {
				grid.AddDwellings(homes.Middle(rings[0]), dwellings)
				r.told.add(note{b.file.Name, "", "", "bâtiments habités sans nombre de logements, estimé d'après leur surface et leur hauteur"}, n)
			}
			return nil
		}})
		if err != nil {
			return err
		}
	}
	return grid.Emit(r.rec, r.emit)
}

// estimate is how many dwellings a building where people live may have on some footprint, m².
func estimate(a attributes, footprint float64) float64 {
	levels, known := a.number(colFloors)
	if height, told := a.number(colHeight); !known && told {
		levels, known = math.Round(height/homes.LevelHeight), true
	}
	if !known {
		levels = homes.AnySurveyed.Levels
	}
	return homes.AnySurveyed.Dwellings(footprint, min(max(levels, 1), homes.MostLevels))
}

// spots gives the rings of an outline, and its holes.
func spots(outline orb.MultiPolygon) (rings, holes [][]homes.Spot) {
	for _, polygon := range outline {
		for i, ring := range polygon {
			of := make([]homes.Spot, len(ring))
			for k, p := range ring {
				of[k] = homes.At(geo.LonLat{Lon: p[0], Lat: p[1]})
			}
			if i == 0 {
				rings = append(rings, of)
			} else {
				holes = append(holes, of)
			}
		}
	}
	return rings, holes
}
