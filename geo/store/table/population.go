package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
)

// population are rows of the table population.
var population = kind[store.Square]{
	rows:   store.Population,
	tables: []Table{{"population_carreaux", false, []string{"dataset", "position", "id", "ouest_m", "sud_m", "cote_m", "habitants"}}},
	encode: func(q store.Square, put func(int, orb.Geometry, ...any) error) error {
		return put(0, nil, q.ID, number(q.West), number(q.South), number(q.Size), number(q.People))
	},
	query: `SELECT id, ouest_m, sud_m, cote_m, habitants FROM population_carreaux ORDER BY dataset, position`,
	scan: func(row Row, _ Geometry) (q store.Square, err error) {
		return q, row.Scan(&q.ID, &q.West, &q.South, &q.Size, &q.People)
	},
}.input()
