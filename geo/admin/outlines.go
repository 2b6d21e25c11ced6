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
	boxes    rtree.RTreeG[int32] // of outlines, in degrees
}

// NewOutlines indexes communes, which must not change afterwards.
func NewOutlines(communes []Commune) *Outlines {
	o := &Outlines{Communes: communes, byCode: make(map[string]int32, len(communes))}
	for i := range communes {
		c := &communes[i]
		o.byCode[c.Code] = int32(i)
		if b := c.Outline.Bound(); !b.IsEmpty() {
			o.boxes.Insert(b.Min, b.Max, int32(i))
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
	at := [2]float64{p.Lon, p.Lat}
	o.boxes.Search(at, at, func(_, _ [2]float64, i int32) bool {
		if o.Communes[i].Contains(p) {
			in = append(in, i)
		}
		return true
	})
	slices.Sort(in)
	return in
}

// Contains reports whether the outline of the commune holds p, its outer border
// included, the borders of its holes not.
func (c *Commune) Contains(p geo.LonLat) bool {
	return planar.MultiPolygonContains(c.Outline, orb.Point{p.Lon, p.Lat})
}
