package table

import (
	"github.com/paulmach/orb"

	"github.com/aisne-numerique/maillage/geo/store"
)

// population are rows of the table population.
var population = kind[store.Square]{
	rows: store.Population,
	tables: []Table{{"population_carreaux", false, []string{"dataset", "position", "id", "ouest_m", "sud_m", "cote_m", "habitants",
		"impute", "menages", "personnes_seules", "menages_pauvres", "moins_de_18_ans", "de_65_a_79_ans", "de_80_ans_et_plus"}}},
	encode: func(q store.Square, put func(int, orb.Geometry, ...any) error) error {
		var imputed any // NULL: not said
		if q.Imputed != store.ImputationUnknown {
			imputed = int64(q.Imputed - store.Observed)
		}
		values := []any{q.ID, number(q.West), number(q.South), number(q.Size), number(q.People), imputed}
		for _, c := range q.Counts {
			if !c.Known {
				values = append(values, nil)
				continue
			}
			values = append(values, number(c.Number))
		}
		return put(0, nil, values...)
	},
	query: `SELECT id, ouest_m, sud_m, cote_m, habitants, impute, menages, personnes_seules, menages_pauvres, moins_de_18_ans, de_65_a_79_ans, de_80_ans_et_plus
		FROM population_carreaux ORDER BY dataset, position`,
	scan: func(row Row, _ Geometry) (q store.Square, err error) {
		var imputed *int64
		var counts [store.NumSquareCounts]*float64
		into := []any{&q.ID, &q.West, &q.South, &q.Size, &q.People, &imputed}
		for i := range counts {
			into = append(into, &counts[i])
		}
		if err := row.Scan(into...); err != nil {
			return q, err
		}
		if imputed != nil {
			q.Imputed = store.Observed + store.Imputation(*imputed)
		}
		for i, n := range counts {
			if n != nil {
				q.Counts[i] = store.Counted{Number: *n, Known: true}
			}
		}
		return q, nil
	},
}.input()
