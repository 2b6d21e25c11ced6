package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// epci are rows of the table epci.
var epci = kind[admin.EPCI]{
	rows:   store.EPCI,
	tables: []Table{{"epci", true, []string{"dataset", "position", "code", "nom", "population_habitants"}}},
	encode: func(e admin.EPCI, put func(int, orb.Geometry, ...any) error) error {
		var population any // NULL: not said
		if e.Population > 0 {
			population = e.Population
		}
		return put(0, outline(e.Outline), e.Code, e.Nom, population)
	},
	query: `SELECT code, nom, COALESCE(population_habitants, 0), geom FROM epci ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (e admin.EPCI, err error) {
		var geom orb.Geometry
		if err := row.Scan(&e.Code, &e.Nom, &e.Population, geometry(&geom)); err != nil {
			return e, named(e.Code, err)
		}
		e.Outline, err = as[orb.MultiPolygon](geom)
		return e, named(e.Code, err)
	},
}.input()
