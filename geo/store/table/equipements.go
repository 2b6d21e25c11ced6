package table

import (
	"cmp"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/equipement"
	"github.com/aisne-numerique/maillage/geo/store"
)

// equipements are rows of the table equipements.
var equipements = kind[equipement.Equipement]{
	rows:   store.Equipements,
	tables: []Table{{"equipements", true, []string{"dataset", "position", "id", "categorie", "nom", "commune", "placement"}}},
	encode: func(e equipement.Equipement, put func(int, orb.Geometry, ...any) error) error {
		return put(0, place(e.At, e.Located()), e.ID, e.Category.String(), optional(e.Nom), optional(e.Commune), e.Placement.String())
	},
	query: `
	SELECT id, categorie, COALESCE(nom, ''), COALESCE(commune, ''), placement, geom
	FROM equipements ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (e equipement.Equipement, err error) {
		var geom orb.Geometry
		var category, placement string
		if err := row.Scan(&e.ID, &category, &e.Nom, &e.Commune, &placement, geometry(&geom)); err != nil {
			return e, named(e.ID, err)
		}
		at, err := as[orb.Point](geom)
		var unknown, badly error
		e.At = position(at)
		e.Category, unknown = equipement.ParseCategory(category)
		e.Placement, badly = equipement.ParsePlacement(placement)
		return e, named(e.ID, cmp.Or(err, unknown, badly, e.Check()))
	},
}.input()
