package table

import (
	"encoding/json"

	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// secteurs are rows of the table secteurs.
var secteurs = kind[admin.Secteur]{
	rows:   store.Secteurs,
	tables: []Table{{"secteurs", false, []string{"dataset", "position", "code", "nom", "communes"}}},
	encode: func(sec admin.Secteur, put func(int, orb.Geometry, ...any) error) error {
		communes, err := toJSON(append([]string{}, sec.Communes...)) // none is [], not null
		if err != nil {
			return err
		}
		return put(0, nil, sec.Code, sec.Nom, communes)
	},
	query: `SELECT code, nom, communes FROM secteurs ORDER BY dataset, position`,
	scan: func(row Row, _ Geometry) (sec admin.Secteur, err error) {
		var communes blob
		if err := row.Scan(&sec.Code, &sec.Nom, &communes); err != nil {
			return sec, err
		}
		return sec, named(sec.Code, json.Unmarshal(communes, &sec.Communes))
	},
}.input()
