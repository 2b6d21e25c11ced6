package table

import (
	"slices"
	"strings"
)

// Names are the tables that a store must have, sorted. Those of the results are not
// among them: they come and go with editions.
func Names() []string {
	names := []string{"maillage_migrations", "datasets", "editions", "edition_parts", "result_layers"}
	for _, in := range inputs {
		for _, t := range in.Tables {
			names = append(names, t.Name)
		}
	}
	slices.Sort(names)
	return names
}

// Checks are queries that each give one sentence per thing that is wrong: datasets
// whose rows are not all there, rows of no dataset, editions that are not whole.
func Checks() []string {
	checks := []string{`
	SELECT 'edition ' || e.id || ': ' || COALESCE(sum(length(p.bytes)), 0) || ' bytes; expected ' || e.size_bytes
	FROM editions AS e LEFT JOIN edition_parts AS p ON p.edition = e.fid
	GROUP BY e.fid, e.id, e.size_bytes, e.turn HAVING COALESCE(sum(length(p.bytes)), 0) <> e.size_bytes ORDER BY e.turn`}
	for _, in := range inputs {
		fill := strings.NewReplacer("{t}", in.Tables[0].Name, "{kind}", string(in.Kind))
		for _, q := range []string{`
	SELECT '{t}: dataset ' || d.dataset || ': ' || count(t.fid) || ' rows, the last at position '
		|| COALESCE(max(t.position), -1) || '; the import wrote ' || d.row_count
	FROM datasets AS d LEFT JOIN "{t}" AS t ON t.dataset = d.dataset
	WHERE d.kind = '{kind}'
	GROUP BY d.dataset, d.row_count
	HAVING count(t.fid) <> d.row_count OR COALESCE(max(t.position), -1) <> d.row_count - 1
	ORDER BY d.dataset`, `
	SELECT '{t}: dataset ' || t.dataset || ': ' || count(*) || ' rows that no import wrote'
	FROM "{t}" AS t
	WHERE NOT EXISTS (SELECT 1 FROM datasets AS d WHERE d.kind = '{kind}' AND d.dataset = t.dataset)
	GROUP BY t.dataset ORDER BY t.dataset`} {
			checks = append(checks, fill.Replace(q))
		}
	}
	return checks
}
