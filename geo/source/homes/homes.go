// Package homes gathers what files tell of where people live, in cells of about a hectare,
// and gives it as rows beside those of roads.
package homes

import (
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
	"github.com/aisne-numerique/maillage/geo/road"
	"github.com/aisne-numerique/maillage/geo/source"
)

// Grid sums dwellings, and lists land where people live. Sums are of whole numbers, so that
// they do not depend on the order of the files. The zero value is empty.
type Grid struct {
	cells map[hectare.Cell]*tally
	built map[hectare.Cell]Spot // where there is land to live on
	sum   source.Homes
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

// at is the tally of the cell that a spot is in, and how far the spot is from its corner.
func (g *Grid) at(s Spot) (of *tally, x, y int64) {
	c := s.cell()
	if of = g.cells[c]; of == nil {
		if g.cells == nil {
			g.cells = map[hectare.Cell]*tally{}
		}
		of = &tally{}
		g.cells[c] = of
	}
	lon, lat := c.Corner()
	return of, int64(s.Lon) - lon, int64(s.Lat) - lat
}

// AddDwellings puts those of a building where people live: more than none, fractions included.
func (g *Grid) AddDwellings(at Spot, dwellings float64) {
	if !(dwellings > 0) {
		return
	}
	g.sum.Buildings++
	of, x, y := g.at(at)
	of.dwellings.add(int64(1000*min(dwellings, mostDwellings)), x, y)
}

// AddOther puts a building where nobody lives, but that may have an address.
func (g *Grid) AddOther(at Spot) {
	of, _, _ := g.at(at)
	of.others++
}

// AddAddress puts an address.
func (g *Grid) AddAddress(at Spot) {
	g.sum.Addresses++
	of, x, y := g.at(at)
	of.addresses.add(1, x, y)
}

// maxBuilt is how many cells of land are kept: 50 000 km², more than France has.
const maxBuilt = 5_000_000

// AddBuiltUp puts land inside rings, holes included, where people live.
func (g *Grid) AddBuiltUp(rings [][]Spot) {
	if g.built == nil {
		g.built = map[hectare.Cell]Spot{}
	}
	if len(g.built) > maxBuilt {
		return
	}
	for _, at := range inside(rings) {
		c := at.cell()
		if old, ok := g.built[c]; !ok || at.compare(old) < 0 { // whatever came first
			g.built[c] = at
		}
	}
}

// count is how many dwellings there are in one cell, about one position.
type count struct {
	at     geo.LonLat
	number float64
}

// counts gives the cells where people live, in order. A cell has the dwellings of its
// buildings, and those of its addresses that buildings do not tell of: where there are,
// in the cell and around it, more addresses than dwellings and other buildings together,
// each address counts for its share of what is over. So a house with an address counts
// once, also when one is in the next cell, and where nobody drew buildings each address
// is a dwelling.
func (g *Grid) counts() []count {
	var all []count
	for _, c := range inOrder(g.cells) {
		own := g.cells[c]
		untold := 0.0 // dwellings for one address
		if own.addresses.weight > 0 {
			addresses, told := 0.0, 0.0
			c.Around(func(d hectare.Cell) {
				if n := g.cells[d]; n != nil {
					addresses += float64(n.addresses.weight)
					told += float64(n.dwellings.weight)/1000 + float64(n.others)
				}
			})
			untold = max(0, addresses-told) / addresses
		}
		sum := func(built, addressed int64) float64 {
			return float64(built)/1000 + float64(untold*float64(addressed))
		}
		number := sum(own.dwellings.weight, own.addresses.weight)
		if number < 0.01 { // about 0 when written
			continue
		}
		lon, lat := c.Corner()
		x, y := sum(own.dwellings.x, own.addresses.x)/number, sum(own.dwellings.y, own.addresses.y)/number // within the cell
		all = append(all, count{inDegrees(float64(lon)+x, float64(lat)+y), number})
	}
	return all
}

// inOrder is the cells of a map, from south to north and from west to east.
func inOrder[T any](cells map[hectare.Cell]T) []hectare.Cell {
	all := make([]hectare.Cell, 0, len(cells))
	for c := range cells {
		all = append(all, c)
	}
	slices.SortFunc(all, hectare.Cell.Compare)
	return all
}

// Emit gives the rows, and tells of them. Each is a way of one node that is no road: with
// the tag homes, how many dwellings there are about its position; with built_up=yes, that
// there is land where people live. They are rows of no file, and have no id: that of all of
// them, and of their nodes, is 0, which is that of no road and no node of one.
func (g *Grid) Emit(rec *source.Recorder, emit func(road.Way) error) error {
	row := func(at geo.LonLat, key, value string) error {
		g.sum.Rows++
		err := emit(road.Way{Nodes: []int64{0}, At: []geo.LonLat{at}, Tags: map[string]string{key: value}})
		rec.Beside()
		return err
	}
	total := 0.0
	for _, c := range g.counts() {
		total += c.number
		if err := row(c.at, "homes", strconv.FormatFloat(c.number, 'f', 2, 64)); err != nil {
			return err
		}
	}
	g.sum.Dwellings = int(total + 0.5)
	for _, c := range inOrder(g.built) {
		g.sum.BuiltUp++
		if err := row(g.built[c].degrees(), "built_up", "yes"); err != nil {
			return err
		}
	}
	if g.sum != (source.Homes{}) {
		rec.Homes = &g.sum
	}
	return nil
}
