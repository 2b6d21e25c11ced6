package homes

import (
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
)

// metres is the length of 10⁻⁷ degrees of latitude.
var metres = geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1}) / 1e7

// Footprint is how many m² there are inside rings and outside holes. The last corner of a
// ring may be the first one.
func Footprint(rings, holes [][]Spot) float64 {
	sum := 0.0
	for _, ring := range rings {
		sum += area(ring)
	}
	for _, ring := range holes {
		sum -= area(ring)
	}
	return max(0, sum)
}

func area(ring []Spot) float64 {
	if len(ring) < 3 {
		return 0
	}
	twice := 0.0
	origin := ring[0]
	last := ring[len(ring)-1]
	for _, p := range ring {
		ax, ay := float64(last.Lon)-float64(origin.Lon), float64(last.Lat)-float64(origin.Lat)
		bx, by := float64(p.Lon)-float64(origin.Lon), float64(p.Lat)-float64(origin.Lat)
		twice += ax*by - bx*ay
		last = p
	}
	return math.Abs(twice) / 2 * metres * metres * math.Cos(float64(origin.Lat)/1e7*math.Pi/180)
}

// Middle is the mean of the corners of a ring. The last one may be the first one.
func Middle(ring []Spot) Spot {
	if len(ring) > 1 && ring[0] == ring[len(ring)-1] {
		ring = ring[1:]
	}
	var lon, lat int64
	for _, p := range ring {
		lon += int64(p.Lon)
		lat += int64(p.Lat)
	}
	n := int64(len(ring))
	return Spot{int32(lon / n), int32(lat / n)}
}

// Limits of an area whose inside is looked at.
const (
	highest   = 5_000_000 // 10⁻⁷ degrees: 55 km
	crossings = 1 << 20   // of its outline with rows of cells
)

// inside gives a spot in each cell whose middle is inside an area, and at least one; its
// rings are told apart by nothing but their number around a point. Nothing when the area
// is too large for one where people live.
func inside(rings [][]Spot) []Spot {
	lowest, top, west, east := int32(math.MaxInt32), int32(math.MinInt32), int32(math.MaxInt32), int32(math.MinInt32)
	for _, ring := range rings {
		for _, p := range ring {
			lowest, top, west, east = min(lowest, p.Lat), max(top, p.Lat), min(west, p.Lon), max(east, p.Lon)
		}
	}
	if lowest >= top || int64(top)-int64(lowest) > highest || int64(east)-int64(west) > 2*highest {
		return nil
	}
	first, last := hectare.RowOf(lowest), hectare.RowOf(top)
	rows := make([][]float64, last-first+1) // longitudes where the outline crosses the middle of each row
	n := 0
	var half []float64 // and half way up
	eachSide(rings, func(a, b Spot) {
		if n > crossings {
			return
		}
		if y := (float64(lowest) + float64(top)) / 2; between(a, b, y) {
			half = append(half, crossing(a, b, y))
		}
		for row := hectare.RowOf(min(a.Lat, b.Lat)); row <= hectare.RowOf(max(a.Lat, b.Lat)); row++ {
			if y := rowMiddle(row); between(a, b, y) {
				rows[row-first] = append(rows[row-first], crossing(a, b, y))
				n++
			}
		}
	})
	if n > crossings {
		return nil
	}
	var found []Spot
	for i, row := range rows {
		slices.Sort(row)
		wide := float64(hectare.Width(first + int32(i)))
		for k := 0; k+1 < len(row); k += 2 {
			for col := math.Ceil(row[k]/wide - 0.5); (col+0.5)*wide < row[k+1]; col++ {
				found = append(found, Spot{int32((col + 0.5) * wide), int32(rowMiddle(first + int32(i)))})
			}
		}
	}
	if len(found) == 0 && len(half) > 1 {
		slices.Sort(half)
		found = append(found, Spot{int32((half[0] + half[1]) / 2), int32((float64(lowest) + float64(top)) / 2)})
	}
	return found
}

func rowMiddle(row int32) float64 { return (float64(row) + 0.5) * hectare.Side }

// between reports whether a parallel crosses a side; one that touches its end crosses
// one of the two sides that end there.
func between(a, b Spot, y float64) bool { return (float64(a.Lat) <= y) != (float64(b.Lat) <= y) }

func crossing(a, b Spot, y float64) float64 {
	return float64(a.Lon) + (y-float64(a.Lat))/(float64(b.Lat)-float64(a.Lat))*(float64(b.Lon)-float64(a.Lon))
}

func eachSide(rings [][]Spot, visit func(a, b Spot)) {
	for _, ring := range rings {
		for i := range ring {
			visit(ring[i], ring[(i+1)%len(ring)])
		}
	}
}
