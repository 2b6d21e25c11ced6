package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// communes are rows of the table communes.
var communes = kind[admin.Commune]{
	rows: store.Communes,
	tables: []Table{{"communes", true, []string{"dataset", "position", "code", "nom", "epci",
		"population_habitants", "point_lon_deg", "point_lat_deg"}}},
	encode: func(c admin.Commune, put func(int, orb.Geometry, ...any) error) error {
		return put(0, outline(c.Outline), c.Code, c.Nom, optional(c.EPCI), c.Population, number(c.Point.Lon), number(c.Point.Lat))
	},
	query: `
	SELECT code, nom, COALESCE(epci, ''), population_habitants, point_lon_deg, point_lat_deg, geom
	FROM communes ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (c admin.Commune, err error) {
		var geom orb.Geometry
		if err := row.Scan(&c.Code, &c.Nom, &c.EPCI, &c.Population, &c.Point.Lon, &c.Point.Lat, geometry(&geom)); err != nil {
			return c, named(c.Code, err)
		}
		c.Outline, err = as[orb.MultiPolygon](geom)
		return c, named(c.Code, err)
	},
}.input()
