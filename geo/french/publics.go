package french

import (
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/coverage"
	"github.com/aisne-numerique/maillage/geo/publics"
)

// About says so many thousandths as precisely as they can be known, a share of a commune
// that is spread over it: to ten below a thousand, to a hundred below a hundred thousand, to
// a thousand beyond.
func About(thousandths int64) string {
	n := (thousandths + publics.Thousandth/2) / publics.Thousandth
	step := int64(1000)
	switch {
	case thousandths == 0:
		return "0"
	case n < 10:
		return "moins de 10"
	case n < 1000:
		step = 10
	case n < 100_000:
		step = 100
	}
	unit := step * publics.Thousandth // rounded once
	return "environ " + Count(int((thousandths+unit/2)/unit*step))
}

// Who names the people by public of a place, as after "dont": the first few of which there
// are some, and for how many inhabitants each is unknown; "" when there are none.
func Who(f *publics.Figures) string {
	const told = 3
	var parts []string
	for _, k := range f.Told() {
		total := f.Sum.Total(k)
		if total == 0 || len(parts) == told {
			continue
		}
		part := About(total) + " " + f.Columns[k].Nom
		if n := f.Sum.Unknown[k]; n > 0 {
			part += " (inconnu pour " + People(n) + ")"
		}
		parts = append(parts, part)
	}
	return Listed(parts)
}

// PublicRow is a kind of people or households by class, as a table tells it.
type PublicRow struct {
	Nom     string
	Total   string
	Classes []string // in the order asked
	Note    string   // source, vintage, what is estimated, imputed or unknown
}

// PublicRows are the kinds of which something is known in a place.
func PublicRows(f *publics.Figures, classes []coverage.Class) []PublicRow {
	var out []PublicRow
	for _, k := range f.Told() {
		column := &f.Columns[k]
		row := PublicRow{Nom: strings.TrimSuffix(Sentence(column.Nom), "."), Total: About(f.Sum.Total(k)), Note: column.Source}
		for _, c := range classes {
			row.Classes = append(row.Classes, About(f.Sum.Amount[c][k]))
		}
		if column.Vintage != "" {
			row.Note += ", " + column.Vintage
		}
		if column.Estimate {
			row.Note += " ; estimation : part de la commune"
		}
		if f.Sum.Imputed[k] > 0 {
			row.Note += " ; " + Share(int(f.Sum.Imputed[k]), int(f.Sum.Total(k))) + " sur des carreaux imputés par l'INSEE"
		}
		if n := f.Sum.Unknown[k]; n > 0 {
			row.Note += " ; inconnu pour " + People(n)
		}
		out = append(out, row)
	}
	return slices.Clip(out)
}
