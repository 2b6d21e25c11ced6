package road

import (
	"cmp"
	"fmt"
	"maps"
	"math"
	"slices"
	"strconv"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/hectare"
	"github.com/aisne-numerique/maillage/geo/road/street"
)

// Keys of rows of one node: these are no roads, but tell where houses are. A dataset has one
// at most with each key in a [hectare.Cell].
const (
	homesKey   = "homes"    // so many dwellings around there
	builtUpKey = "built_up" // "yes": about a hectare of land that is drawn as lived on
)

// Dwellings is how many there are around a place.
type Dwellings struct {
	At     geo.LonLat
	Number float64 // above 0, estimated
}

func (d Dwellings) compare(e Dwellings) int {
	return cmp.Or(cmp.Compare(d.At.Lon, e.At.Lon), cmp.Compare(d.At.Lat, e.At.Lat), cmp.Compare(d.Number, e.Number))
}

// Houses is what ways, and the rows beside them, tell of where people live. It does
// not depend on the profile but for which ways are kept. [Build] fills it, see [WithHouses];
// it is then safe for concurrent use.
type Houses struct {
	Frontage  []street.Frontage // of every edge of the network
	Dwellings []Dwellings       // in the order of their positions
	builtUp   builtUp
}

// BuiltUp reports whether houses stand around a place: those of a village or a town, not
// of a farm.
func (h *Houses) BuiltUp(at geo.LonLat) bool {
	l := h.builtUp.look()
	return l.has(toPoint(at))
}

// WithHouses fills into when the network is built.
func WithHouses(into *Houses) Option { return func(b *builder) { b.houses = into } }

// addHouses reads a row that tells of houses; false for what is a road, or nothing. Where a
// cell has several, datasets that overlap count the same houses: the greatest number counts,
// since none of them is complete; land that is lived on counts once. Of a cell that the border
// between two datasets cuts, the houses of the lesser part are lost.
func (b *builder) addHouses(w Way) (bool, error) {
	homes, ok := w.Tags[homesKey]
	builtUp := w.Tags[builtUpKey] == "yes"
	if len(w.Nodes) != 1 || !ok && !builtUp {
		return false, nil
	}
	if err := w.At[0].Check(); err != nil {
		return false, fmt.Errorf("way %d: node %d: %w", w.ID, w.Nodes[0], err)
	}
	at := toPoint(w.At[0])
	cell := hectare.Of(at.lon, at.lat)
	if old, told := b.builtHa[cell]; builtUp && (!told || at.compare(old) < 0) {
		b.builtHa[cell] = at
	}
	if ok {
		n, err := strconv.ParseFloat(homes, 64)
		if err != nil || !(n > 0) || math.IsInf(n, 0) {
			return false, fmt.Errorf("way %d: homes %q: expected a number of dwellings above 0", w.ID, homes)
		}
		d := Dwellings{w.At[0], n}
		if old := b.dwellings[cell]; cmp.Or(cmp.Compare(old.Number, n), d.compare(old)) < 0 {
			b.dwellings[cell] = d
		}
	}
	return true, nil
}

// survey tells the places where houses stand around, from streets and from the rows
// that were read.
func (b *builder) survey() {
	for _, w := range b.ways {
		if w.frontage == street.Street {
			b.raster.addStreet(b.at[w.first:w.last])
		}
	}
	for _, at := range b.builtHa {
		b.raster.add(at, perBuiltHa)
	}
	for _, d := range b.dwellings {
		b.raster.add(toPoint(d.At), d.Number*100)
	}
	b.builtUp = b.raster.builtUp().look()
	b.raster = nil
}

// slowInTown gives cars the speed of a built-up area on the part of an edge that lies in one.
func (b *builder) slowInTown(e *builtEdge, m street.Meaning) {
	car := m.Use[street.Car]
	open, town := [2]street.Speed{car.Forward, car.Backward}, [2]street.Speed{m.Town.Forward, m.Town.Backward}
	if open == town || m.Class == street.Ferry {
		return
	}
	within := uint32(math.Round(float64(e.length) * b.within(e)))
	for d := range open {
		if open[d] != 0 && town[d] != 0 {
			e.cost[street.Car][d] = blend(e.length, within, open[d], town[d])
		}
	}
}

// blend is the time over a length of which the part within a built-up area goes at another
// speed, in decimetres; as that of [street.Speed.Cost] where all of it goes at one.
func blend(length, within uint32, open, town street.Speed) geo.Cost {
	if within == 0 {
		return open.Cost(length)
	}
	o, t := uint64(open), uint64(town)
	// dm / (cs/100 km/h) in ds: 1 dm at 0.01 km/h takes 360 ds.
	return geo.Cost(max((360*(uint64(within)*o+uint64(length-within)*t)+o*t/2)/(o*t), 1))
}

// tellHouses gives what was told of houses to who asked for it.
func (b *builder) tellHouses() {
	if b.houses == nil {
		return
	}
	h := Houses{Frontage: make([]street.Frontage, len(b.edges)), Dwellings: slices.Collect(maps.Values(b.dwellings)), builtUp: b.builtUp.of}
	for i, e := range b.edges {
		h.Frontage[i] = e.frontage
	}
	slices.SortFunc(h.Dwellings, Dwellings.compare)
	*b.houses = h
}
