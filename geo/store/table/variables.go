package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
)

// variables are rows of the table variables.
var variables = kind[store.Variable]{
	rows:   store.Variables,
	tables: []Table{{"ifn_variables", false, []string{"dataset", "position", "niveau", "code", "nom", "valeur"}}},
	encode: func(v store.Variable, put func(int, orb.Geometry, ...any) error) error {
		return put(0, nil, string(v.Level), v.Code, v.Name, number(v.Value))
	},
	query: `SELECT niveau, code, nom, valeur FROM ifn_variables ORDER BY dataset, position`,
	scan: func(row Row, _ Geometry) (v store.Variable, err error) {
		return v, row.Scan(&v.Level, &v.Code, &v.Name, &v.Value)
	},
}.input()
