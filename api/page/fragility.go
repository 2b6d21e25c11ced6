package page

import (
	"strconv"
	"strings"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/edition"
	"github.com/aisne-numerique/maillage/geo/figures"
	"github.com/aisne-numerique/maillage/geo/french"
)

// FragilityRows are the people of a territoire by band, each with the colour of the map.
func FragilityRows(e *edition.Edition, t admin.Territoire) []classRow {
	b := figures.ByFragility(e, t)
	row := func(class, name string, n int) classRow {
		return classRow{Class: class, Name: name, People: french.Count(n), Share: french.Share(n, t.Population)}
	}
	points := func(v float64) string { return strings.Replace(strconv.FormatFloat(v, 'f', 1, 64), ".", ",", 1) }
	var out []classRow
	for band, n := range b.People {
		name := "toutes les valeurs"
		switch {
		case len(b.Bounds) == 0:
		case band == 0:
			name = "moins de " + points(b.Bounds[0])
		case band == len(b.Bounds):
			name = points(b.Bounds[band-1]) + " ou plus"
		default:
			name = points(b.Bounds[band-1]) + " à " + points(b.Bounds[band])
		}
		out = append(out, row("ifn-"+strconv.Itoa(band), name, n))
	}
	if b.Apart > 0 {
		out = append(out, row("inconnue", "indice inconnu", b.Apart))
	}
	return out
}
