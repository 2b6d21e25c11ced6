package table

import (
	"encoding/json"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// territoires are rows of the table territoires.
var territoires = kind[admin.Set]{
	rows:   store.Territoires,
	tables: []Table{{"territoires", true, []string{"dataset", "position", "type", "code", "nom", "communes", "population_habitants", "population_annee"}}},
	encode: func(s admin.Set, put putFunc) error {
		communes, err := toJSON(append([]string{}, s.Communes...)) // none is [], not null
		if err != nil {
			return err
		}
		var population any // NULL: not said
		if s.Population > 0 {
			population = s.Population
		}
		return put(0, outline(s.Outline), string(s.Type), s.Code, s.Nom, communes, population, optional(s.Year))
	},
	query: `SELECT type, code, nom, communes, COALESCE(population_habitants, 0), COALESCE(population_annee, ''), geom FROM territoires ORDER BY dataset, position`,
	scan: func(row Row, geometry Geometry) (s admin.Set, err error) {
		var communes blob
		var geom orb.Geometry
		if err := row.Scan((*string)(&s.Type), &s.Code, &s.Nom, &communes, &s.Population, &s.Year, geometry(&geom)); err != nil {
			return s, err
		}
		if err := json.Unmarshal(communes, &s.Communes); err != nil {
			return s, named(s.Code, err)
		}
		s.Outline, err = as[orb.MultiPolygon](geom)
		return s, named(s.Code, err)
	},
}.input()
