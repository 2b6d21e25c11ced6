package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/geo/transit"
)

// onDemand are rows of the table tad.
var onDemand = kind[transit.Zone]{
	rows:   store.OnDemand,
	tables: []Table{{"tad", true, []string{"dataset", "position", "id", "nom", "communes", "quand", "quand_creneaux", "rendez_vous_creneaux", "preavis_min", "telephone"}}},
	encode: func(z transit.Zone, put putFunc) error {
		return put(0, outline(polygonsOf(z.Area)), z.ID, optional(z.Nom), encodeCodes(z.Communes),
			optional(z.Hours.Text), encodeSlots(&z.Hours), encodeRendezVous(&z.Hours), known(z.Notice), optional(z.Phone))
	},
	query: `
	SELECT id, COALESCE(nom, ''), COALESCE(communes, ''), COALESCE(quand, ''), quand_creneaux, rendez_vous_creneaux, COALESCE(preavis_min, -1), COALESCE(telephone, ''), geom
	FROM tad ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (z transit.Zone, err error) {
		var geom orb.Geometry
		var communes string
		var slots, rendezVous blob
		z.Service, z.Line = -1, -1
		if err := row.Scan(&z.ID, &z.Nom, &communes, &z.Hours.Text, &slots, &rendezVous, &z.Notice, &z.Phone, geometry(&geom)); err != nil {
			return z, named(z.ID, err)
		}
		z.Communes = decodeCodes(communes)
		area, err := as[orb.MultiPolygon](geom)
		if err == nil {
			z.Area = ringsOf(area)
			err = decodeSlots(slots, rendezVous, &z.Hours)
		}
		return z, named(z.ID, err)
	},
}.input()
