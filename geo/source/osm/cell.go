package osm

import (
	"cmp"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// Where people live is summed in cells of about 100 m: rows of cellSide of latitude, cut
// so that their cells are about as wide as they are high. Positions of buildings are
// kept as whole numbers of 10⁻⁷ degrees, as OpenStreetMap has them, and sums are whole
// numbers, so that they do not depend on the order of the files.
const cellSide = 9000 // 10⁻⁷ degrees: 100.1 m

// spot is a position in 10⁻⁷ degrees.
type spot struct{ lon, lat int32 }

// unplaced is the spot of a node that has none yet, or none that is one.
var unplaced = spot{math.MinInt32, math.MinInt32}

func toSpot(p geo.LonLat) spot {
	return spot{int32(math.Round(p.Lon * 1e7)), int32(math.Round(p.Lat * 1e7))}
}

func (s spot) degrees() geo.LonLat { return inDegrees(float64(s.lon), float64(s.lat)) }

func (s spot) compare(t spot) int {
	return cmp.Or(cmp.Compare(s.lat, t.lat), cmp.Compare(s.lon, t.lon))
}

// metres is the length of 10⁻⁷ degrees of latitude.
var metres = geo.Distance(geo.LonLat{}, geo.LonLat{Lat: 1}) / 1e7

// place is a cell.
type place struct{ row, col int32 }

func (p place) compare(q place) int {
	return cmp.Or(cmp.Compare(p.row, q.row), cmp.Compare(p.col, q.col))
}

// width is the width of the cells of a row, in 10⁻⁷ degrees.
func width(row int32) int64 {
	const narrowest = 0.01 // of a degree of longitude, near the poles
	middle := (float64(row) + 0.5) * cellSide / 1e7
	return int64(math.Round(cellSide / max(narrowest, math.Cos(middle*math.Pi/180))))
}

func placeOf(s spot) place {
	row := floorDiv(int64(s.lat), cellSide)
	return place{int32(row), int32(floorDiv(int64(s.lon), width(int32(row))))}
}

// corner is the south-west corner of a cell.
func (p place) corner() (lon, lat int64) {
	return int64(p.col) * width(p.row), int64(p.row) * cellSide
}

func floorDiv(a, b int64) int64 {
	q := a / b
	if a%b < 0 {
		q--
	}
	return q
}

// around calls visit for a cell and its eight neighbours.
func (p place) around(visit func(place)) {
	lon, _ := p.corner()
	middle := lon + width(p.row)/2
	for row := p.row - 1; row <= p.row+1; row++ {
		col := int32(floorDiv(middle, width(row)))
		for d := int32(-1); d <= 1; d++ {
			visit(place{row, col + d})
		}
	}
}

// tally is what was found in one cell.
type tally struct {
	dwellings mass  // thousandths, of buildings
	addresses mass  // how many
	others    int64 // buildings where nobody lives
}

// mass is a sum of weights, and of weight × distance from the corner of the cell.
type mass struct{ weight, x, y int64 }

func (m *mass) add(weight, x, y int64) {
	m.weight += weight
	m.x += weight * x
	m.y += weight * y
}

// tallies are the cells where something was found.
type tallies map[place]*tally

// at is the tally of the cell that a spot is in, and how far the spot is from its corner.
func (t tallies) at(s spot) (of *tally, x, y int64) {
	p := placeOf(s)
	if t[p] == nil {
		t[p] = &tally{}
	}
	lon, lat := p.corner()
	return t[p], int64(s.lon) - lon, int64(s.lat) - lat
}

// homes is what people live in, in one cell, about one position.
type homes struct {
	at    geo.LonLat
	count float64
}

// homes gives the cells where people live, in order. A cell has the dwellings of its
// buildings, and those of its addresses that buildings do not tell of: where there are,
// in the cell and around it, more addresses than dwellings and other buildings together,
// each address counts for its share of what is over. So a house with an address counts
// once, also when one is in the next cell, and where nobody drew buildings each address
// is a dwelling.
func (t tallies) homes() []homes {
	places := make([]place, 0, len(t))
	for p := range t {
		places = append(places, p)
	}
	slices.SortFunc(places, place.compare)
	var all []homes
	for _, p := range places {
		own := t[p]
		untold := 0.0 // dwellings for one address
		if own.addresses.weight > 0 {
			addresses, told := 0.0, 0.0
			p.around(func(q place) {
				if n := t[q]; n != nil {
					addresses += float64(n.addresses.weight)
					told += float64(n.dwellings.weight)/1000 + float64(n.others)
				}
			})
			untold = max(0, addresses-told) / addresses
		}
		sum := func(built, addressed int64) float64 {
			return float64(built)/1000 + float64(untold*float64(addressed))
		}
		count := sum(own.dwellings.weight, own.addresses.weight)
		if count < 0.01 { // about 0 when written
			continue
		}
		lon, lat := p.corner()
		x := min(sum(own.dwellings.x, own.addresses.x)/count, float64(width(p.row)))
		y := min(sum(own.dwellings.y, own.addresses.y)/count, cellSide)
		all = append(all, homes{inDegrees(float64(lon)+x, float64(lat)+y), count})
	}
	return all
}

// inDegrees is a position of 10⁻⁷ degrees, rounded to them.
func inDegrees(lon, lat float64) geo.LonLat {
	return geo.LonLat{Lon: max(-180, min(180, math.Round(lon)/1e7)), Lat: max(-90, min(90, math.Round(lat)/1e7))}
}
