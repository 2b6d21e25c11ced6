package figures

import (
	"cmp"
	"math"
	"slices"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/scenario"
	"github.com/aisne-numerique/maillage/geo/scenario/siting"
)

// NoGain is "nobody lives there" in [GainColumn].
const NoGain = math.MaxUint32

// BestGains are the positions of gains, the best first: more people covered, then more out
// of the zones blanches, then more hours; ties in their order.
func BestGains(gains []siting.Gain) []int {
	order := make([]int, len(gains))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(i, j int) int {
		a, b := gains[i], gains[j]
		return cmp.Or(cmp.Compare(b.Covered, a.Covered), cmp.Compare(b.FromBlanche, a.FromBlanche), cmp.Compare(b.SlotPeople, a.SlotPeople))
	})
	return order
}

// BestCommunes are the n best of the places that cover somebody, one in a commune.
func BestCommunes(places []siting.Place, gains []siting.Gain, n int) []int {
	var out []int
	for _, i := range BestGains(gains) {
		if gains[i].Covered > 0 && len(out) < n && !slices.ContainsFunc(out, func(j int) bool { return places[j].Commune == places[i].Commune }) {
			out = append(out, i)
		}
	}
	return out
}

// Pick lists the places at some positions.
func Pick(places []siting.Place, at []int) []siting.Place {
	out := make([]siting.Place, len(at))
	for k, i := range at {
		out[k] = places[i]
	}
	return out
}

// PlacesIn keeps the places of a territoire.
func PlacesIn(places []siting.Place, t admin.Territoire) []siting.Place {
	return slices.DeleteFunc(places, func(p siting.Place) bool {
		if t.Drawn != nil {
			return !t.Drawn.Contains(p.At)
		}
		return !slices.Contains(t.Communes, p.Commune)
	})
}

// GainColumn is the people covered by one more lieu in every row of the pyramid: in its
// cell, in the cell that it is in, or in the best of those in it. Places are those of the
// cells of one resolution.
func GainColumn(e *edition.Edition, resolution int, places []siting.Place, gains []siting.Gain) []uint32 {
	rows := make([]uint32, e.Pyramid.Rows)
	for i := range rows {
		rows[i] = NoGain
	}
	at := -1 // the level of the places
	for level, l := range e.Pyramid.Levels {
		if l.Resolution == resolution {
			at = level
		}
	}
	for i, p := range places {
		if row, ok := e.Pyramid.Find(p.Cell); ok {
			rows[row] = uint32(gains[i].Covered)
		}
	}
	for part, people := range e.People {
		if people == 0 || at < 0 {
			continue
		}
		own := rows[e.Pyramid.Part[at][part]]
		for level := range e.Pyramid.Part {
			row := e.Pyramid.Part[level][part]
			if level > at || rows[row] == NoGain || level < at && own != NoGain && own > rows[row] {
				rows[row] = own
			}
		}
	}
	return rows
}

// RowChange is a row of the pyramid whose class, that of most people, changes.
type RowChange struct {
	Row           int32
	Before, After coverage.Class
}

// Recolour finds the rows of the pyramid whose class changes when parts do, ascending.
// changed is in the order of the parts. The parts of a row follow each other: only those of
// rows that were touched are counted.
func Recolour(e *edition.Edition, a *edition.Answer, changed []scenario.PartChange) []RowChange {
	var out []RowChange
	for _, rows := range e.Pyramid.Part { // coarse first, so that rows ascend
		for rest := changed; len(rest) > 0; {
			row := rows[rest[0].Part]
			var before, after coverage.Tally
			for i, _ := slices.BinarySearch(rows, row); i < len(rows) && rows[i] == row; i++ {
				class := a.Class[i]
				before.Add(class, int(e.People[i]))
				if len(rest) > 0 && int(rest[0].Part) == i {
					class, rest = rest[0].After.Class, rest[1:]
				}
				after.Add(class, int(e.People[i]))
			}
			if was, is := before.Worst(), after.Worst(); was != is {
				out = append(out, RowChange{row, was, is})
			}
		}
	}
	return out
}
