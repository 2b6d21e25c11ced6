package admin

import (
	"fmt"
	"slices"

	"github.com/aisne-numerique/maillage/geo"
)

// Share is some of the people of a part of the grid.
type Share struct{ Part, People int32 }

// CommunePeople are the people of a territoire who live in one commune.
type CommunePeople struct{ Commune, People int32 }

// Drawn is what a territoire has that an outline draws.
type Drawn struct {
	*Set
	*Area
	Allotment
}

// Allotment is the people of an outline. Nobody is in it twice, and the people of the
// outlines of a partition are those of the whole.
type Allotment struct {
	Shares []Share         // by part, ascending; people > 0
	In     []CommunePeople // the communes where they live, ascending
	// Estimated are those of parts that the outline cuts: how many of their people it has is
	// modelled.
	Estimated int
	// Beyond is set when the outline goes on outside the territory, where nobody is counted.
	Beyond bool
}

// Units is the number of units: communes, then outlines in the order of [Division.Sets].
func (d *Division) Units() int { return len(d.Communes) + len(d.outlined()) }

// outlined are the sets that have an outline, in their order.
func (d *Division) outlined() (sets []*Set) {
	for i := range d.Sets {
		if len(d.Sets[i].Outline) > 0 {
			sets = append(sets, &d.Sets[i])
		}
	}
	return sets
}

// drawSets prepares the sets that have an outline.
func (d *Division) drawSets() {
	for k, s := range d.outlined() {
		d.drawn = append(d.drawn, &Drawn{Set: s, Area: NewArea(s.Outline)})
		b := s.Outline.Bound()
		d.boxes.Insert(b.Min, b.Max, int32(k))
	}
}

// DrawnAt lists the units of the outlines that hold p, ascending.
func (d *Division) DrawnAt(p geo.LonLat) []int32 {
	var in []int32
	for _, k := range d.DrawnNear(geo.Bounds{Min: p, Max: p}) {
		if d.drawn[k].Contains(p) {
			in = append(in, int32(len(d.Communes))+k)
		}
	}
	return in
}

// DrawnNear lists the outlines whose box touches another, ascending, by their position in
// [Division.Drawn].
func (d *Division) DrawnNear(b geo.Bounds) []int32 {
	if len(d.drawn) == 0 {
		return nil
	}
	var near []int32
	d.boxes.Search([2]float64{b.Min.Lon, b.Min.Lat}, [2]float64{b.Max.Lon, b.Max.Lat}, func(_, _ [2]float64, k int32) bool {
		near = append(near, k)
		return true
	})
	slices.Sort(near)
	return near
}

// Drawn lists the outlines, in the order of their units. Until [Division.Settled] nobody
// lives in them.
func (d *Division) Drawn() []*Drawn { return d.drawn }

// Settled is the division with the people of its outlines, one allotment for each in the
// order of their units.
func (d *Division) Settled(people []Allotment) (*Division, error) {
	sets := d.outlined()
	if len(people) != len(sets) {
		return nil, fmt.Errorf("people of %d outlines for %d", len(people), len(sets))
	}
	settled := *d
	settled.drawn = make([]*Drawn, len(sets))
	for k, s := range sets {
		settled.drawn[k] = &Drawn{s, d.drawn[k].Area, people[k]}
	}
	settled.index()
	return &settled, nil
}

// drawnRow is the territoire of the k-th outline.
func (d *Division) drawnRow(s Set, k int) Territoire {
	drawn := d.drawn[k]
	tr := Territoire{Ref: Ref{s.Type, s.Code}, Nom: s.Nom, Units: []int32{int32(len(d.Communes) + k)}, Drawn: drawn, Bounds: boundsOf(s.Outline)}
	for _, share := range drawn.Shares {
		tr.Population += int(share.People)
	}
	return tr
}
