package figures

import (
	"math"

	"github.com/aisne-numerique/maillage/geo"
	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/equipement"
)

// NearestPlace is the time by one mode of the people of a cell to the nearest place that a
// column of the index is the time to, and that place, for most of them.
type NearestPlace struct {
	Column     edition.AccessColumn
	Minutes    float64 // mean of those who reach one; NaN: nobody does
	Equipement int32   // position; -1: none, or a site is nearer
	Site       int32   // of a France Services that is a lieu; -1: none, or an equipement is nearer
}

// NearestPlaces lists the columns that equipements feed, where they are known: a cell is its
// people, or its area where nobody lives.
func NearestPlaces(e *edition.Edition, row int32, m geo.Mode) (list []NearestPlace) {
	parts := PartsOf(e, row)
	people := 0
	for _, p := range parts {
		people += int(e.People[p])
	}
	for k := range edition.AccessColumns {
		column := edition.AccessColumnAt(k)
		if column.Categories == nil || !e.Timed(k, m) {
			continue
		}
		n := NearestPlace{Column: column, Equipement: -1, Site: -1}
		var times mean
		most := -1.0
		for _, p := range parts {
			weight := float64(e.People[p])
			if people == 0 {
				weight = e.Grid.Parts[p].AreaKm2
			}
			a := e.TimeOf(k, m, p)
			if a.Reach != geo.Reached || weight == 0 {
				continue
			}
			times.add(a.Cost.Minutes(), weight)
			if weight <= most {
				continue
			}
			most = weight
			floor, place := e.Floor(k, m, p)
			if n.Equipement, n.Site = place, -1; edition.Nearer(a, floor) {
				n.Equipement, n.Site = -1, e.Access[m].Nearest[column.Service].SiteOf(p)
			}
		}
		n.Minutes = times.of()
		list = append(list, n)
	}
	return list
}

// PlaceTime is the mean time of a territoire's people to the nearest place of a column.
type PlaceTime struct {
	Column    edition.AccessColumn
	Minutes   float64 // NaN: nobody reaches one
	Unreached int     // people who reach none
	Sources   string  // French: what gives the places, and how many were placed at their commune
}

// PlaceTimes lists the columns that equipements feed, for one territoire.
func PlaceTimes(e *edition.Edition, m geo.Mode, t admin.Territoire) (list []PlaceTime) {
	for _, c := range e.TimeColumns(m, []admin.Territoire{t}) {
		if c.Categories != nil {
			list = append(list, PlaceTime{c.AccessColumn, c.Minutes[0], c.Unreached[0], e.PlaceSources(c.AccessColumn)})
		}
	}
	return list
}

// Known reports whether somebody reaches a place.
func (t *PlaceTime) Known() bool { return !math.IsNaN(t.Minutes) }

// PlacedAt is how the placement of an equipement is told; empty: it is where it is.
func PlacedAt(e *edition.Edition, i int32) string {
	if e.Equipements[i].Placement == equipement.ByCommune {
		return "placé à la commune"
	}
	return ""
}
