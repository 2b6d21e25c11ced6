package admin

import (
	"slices"

	"github.com/paulmach/orb"
	"github.com/paulmach/orb/planar"
	"github.com/tidwall/rtree"

	"github.com/aisne-numerique/maillage/geo"
)

// Outlines finds communes by their code and by a point. It is immutable, and safe for
// concurrent use. It takes any list of communes, as a store holds them: of a code given
// twice it finds the last, and a commune without outline holds no point.
type Outlines struct {
	Communes []Commune
	byCode   map[string]int32    // positions in Communes
	boxes    rtree.RTreeG[piece] // of the polygons of outlines, in degrees
}

// piece is one polygon of an outline: a commune may have another, far away.
type piece struct{ commune, polygon int32 }

// NewOutlines indexes communes, which must not change afterwards.
func NewOutlines(communes []Commune) *Outlines {
	o := &Outlines{Communes: communes, byCode: make(map[string]int32, len(communes))}
	for i := range communes {
		c := &communes[i]
		o.byCode[c.Code] = int32(i)
		for j, polygon := range c.Outline {
			if b := polygon.Bound(); !b.IsEmpty() {
				o.boxes.Insert(b.Min, b.Max, piece{int32(i), int32(j)})
			}
		}
	}
	return o
}

// Commune returns the position of the commune with that code.
func (o *Outlines) Commune(code string) (int32, bool) {
	i, ok := o.byCode[code]
	return i, ok
}

// At lists the positions of the communes whose outline holds p, ascending: none
// outside the territory, several on a border. A border belongs to its communes; that
// of a hole belongs to the commune inside the hole alone (see [Commune.Contains]).
func (o *Outlines) At(p geo.LonLat) []int32 {
	var in []int32
	at := orb.Point{p.Lon, p.Lat}
	o.boxes.Search(at, at, func(_, _ [2]float64, k piece) bool {
		if planar.PolygonContains(o.Communes[k.commune].Outline[k.polygon], at) {
			in = append(in, k.commune)
		}
		return true
	})
	slices.Sort(in)
	return slices.Compact(in)
}

// Contains reports whether the outline of the commune holds p, its outer border
// included, the borders of its holes not.
func (c *Commune) Contains(p geo.LonLat) bool {
	return planar.MultiPolygonContains(c.Outline, orb.Point{p.Lon, p.Lat})
}
