package edition

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
	"github.com/aisne-numerique/maillage/ifn"
)

// present gives the communes of a store what a newer file says of the commune that they have
// become part of since (see store.LaterMoves): its shares and levels hold for each of them,
// its counts, which cannot be split, for none. A value that a commune has of its own stays.
// The rows come back with where they come from.
func (d *door) present(rows []store.Variable, from origins) ([]store.Variable, origins) {
	if !slices.ContainsFunc(from, func(m store.Manifest) bool { return m.Options[store.LaterMoves] != "" }) {
		return rows, from
	}
	own := map[string]bool{}
	for _, v := range rows {
		own[store.Variables.Key(v)] = true
	}
	var out []store.Variable
	to := slices.Clone(from)
	for i, m := range from {
		n := min(m.Rows, len(rows))
		of := rows[:n]
		rows = rows[n:]
		members := d.members(m.Options[store.LaterMoves])
		start, given, lost, into := len(out), 0, 0, map[string]bool{}
		for _, v := range of {
			all := members[v.Code]
			if v.Level != store.LevelCommune || len(all) == 0 {
				out = append(out, v)
				continue
			}
			into[v.Code] = true
			if len(all) > 1 && ifn.IsCount(v.Name) {
				lost++
				continue
			}
			for _, code := range all {
				one := v
				if one.Code = code; code == v.Code || !own[store.Variables.Key(one)] {
					out = append(out, one)
					given++
				}
			}
		}
		to[i].Rows = len(out) - start
		if len(into) > 0 {
			d.warnings = append(d.warnings, Warning{AboutCode, store.Variables.Kind, m.Dataset, "", "code", slices.Sorted(maps.Keys(into))[0],
				fmt.Sprintf("valeurs publiées pour %d communes formées depuis celles du magasin : les parts sont dites de chacune des communes réunies (%d valeurs), les effectifs, qui ne se partagent pas, sont inconnus (%d)", len(into), given, lost)})
		}
	}
	return append(out, rows...), to
}

// members are the communes of the store that newer ones are made of, by the code of these: of
// moves as store.LaterMoves has them.
func (d *door) members(moves string) map[string][]string {
	all := map[string][]string{}
	for _, move := range strings.Fields(moves) {
		old, now, _ := strings.Cut(move, ">")
		if _, known := d.known.Commune(old); known {
			all[now] = append(all[now], old)
		}
	}
	for now := range all {
		if _, known := d.known.Commune(now); known {
			all[now] = append(all[now], now)
		}
	}
	return all
}

// ceased says which EPCI of the store have no value in a dataset that has values of EPCI: theirs
// may be under codes of another year.
func (d *door) ceased(rows []store.Variable, from origins) {
	for _, m := range from {
		n := min(m.Rows, len(rows))
		given := map[string]bool{}
		for _, v := range rows[:n] {
			if v.Level == store.LevelEPCI {
				given[v.Code] = true
			}
		}
		rows = rows[n:]
		if len(given) == 0 {
			continue
		}
		var without []string
		for _, code := range slices.Sorted(maps.Keys(d.epci)) {
			if given[code] {
				delete(given, code)
			} else {
				without = append(without, code)
			}
		}
		if len(without) > 0 {
			d.warnings = append(d.warnings, Warning{AboutCode, store.Variables.Kind, m.Dataset, "", "epci", without[0],
				fmt.Sprintf("EPCI du magasin sans valeur dans ce jeu : %d sur %d ; il en donne à %d SIREN que le magasin n'a pas, dont peut-être les leurs d'une autre année. Attendu un fichier de la géographie des EPCI importés", len(without), len(d.epci), len(given))})
		}
	}
}
