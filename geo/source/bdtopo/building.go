package bdtopo

import (
	"fmt"
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

// Of a residential building that does not tell how many dwellings it has: one, or as many as
// its floors hold. Modelling choices: 91 m² is the mean dwelling of France (INSEE, Enquête
// Logement 2013), walls and stairs are a fifth; a house may be as large as three; a floor is 3 m high.
const (
	dwellingArea = 91 / 0.8 // m² of a floor plan
	houseArea    = 3 * dwellingArea
	floorHeight  = 3.0 // metres
	mostFloors   = 60
)

// countHomes sums the dwellings of buildings, and gives their rows after those of roads.
func (r *reader) countHomes() error {
	var grid homes.Grid
	told, estimated, seen := 0, 0, map[int64]bool{}
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
			if known {
				told++
			} else {
				dwellings = estimate(a, area(outline))
				estimated++
			}
			center := outline.Bound().Center()
			grid.Add(geo.LonLat{Lon: center[0], Lat: center[1]}, dwellings)
			return nil
		}})
		if err != nil {
			return err
		}
	}
	if told+estimated > 0 {
		r.told.add(note{r.buildings[0].file.Name, "", "", fmt.Sprintf("bâtiments habités qui disent où répartir les habitants : %d, dont %d d'après leur surface et leur hauteur ; lignes d'un hectare environ : %d", told+estimated, estimated, grid.Len())}, 0)
	}
	r.rec.Read += grid.Len()
	return grid.Rows(r.emit)
}

// estimate is how many dwellings a building of some footprint, m², may have.
func estimate(a attributes, footprint float64) float64 {
	floors, known := a.number(colFloors)
	if !known {
		if height, told := a.number(colHeight); told {
			floors = math.Round(height / floorHeight)
		}
	}
	plan := footprint * min(max(floors, 1), mostFloors)
	if plan <= houseArea {
		return 1
	}
	return plan / dwellingArea
}

// area is that of an outline in degrees, m², on a sphere, exact for what is small.
func area(outline orb.MultiPolygon) float64 {
	const metres = geo.EarthRadius * math.Pi / 180 // of a degree
	sum := 0.0
	for _, polygon := range outline {
		for _, ring := range polygon { // outer rings counter-clockwise, holes clockwise
			for i := 1; i < len(ring); i++ {
				a, b := ring[i-1], ring[i]
				sum += (a[0]-ring[0][0])*(b[1]-ring[0][1]) - (b[0]-ring[0][0])*(a[1]-ring[0][1])
			}
		}
	}
	lat := outline.Bound().Center()[1] * math.Pi / 180
	return math.Abs(sum) / 2 * metres * metres * math.Cos(lat)
}
