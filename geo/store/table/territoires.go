package table

import (
	"encoding/json"

	"github.com/aisne-numerique/maillage/geo/admin"
	"github.com/aisne-numerique/maillage/geo/store"
)

// territoires are rows of the table territoires.
var territoires = kind[admin.Set]{
	rows:   store.Territoires,
	tables: []Table{{"territoires", false, []string{"dataset", "position", "type", "code", "nom", "communes"}}},
	encode: func(s admin.Set, put putFunc) error {
		communes, err := toJSON(append([]string{}, s.Communes...)) // none is [], not null
		if err != nil {
			return err
		}
		return put(0, nil, string(s.Type), s.Code, s.Nom, communes)
	},
	query: `SELECT type, code, nom, communes FROM territoires ORDER BY dataset, position`,
	scan: func(row Row, _ Geometry) (s admin.Set, err error) {
		var communes blob
		if err := row.Scan((*string)(&s.Type), &s.Code, &s.Nom, &communes); err != nil {
			return s, err
		}
		return s, named(s.Code, json.Unmarshal(communes, &s.Communes))
	},
}.input()
