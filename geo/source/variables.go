package source

import (
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/store"
)

var (
	variablesColumns = []string{"code"}

	// Columns that describe the commune and are no variable, even when they hold
	// numbers.
	describing = []string{"code", "nom", "libelle", "commune", "epci", "siren", "departement", "region"}

	// What statistical offices write for a value they do not give: statistical
	// secret, not available, not determined. Compared in lower case.
	notGiven = []string{"", "s", "n/a", "nd"}
)

// Variables reads wide CSV files: a column code (COG), then one column per
// variable, named by its header in lower case. It gives one [store.Variable] per
// value, row by row, in the order of the columns. Empty cells, "s", "N/A" and
// "nd" are unknown and give nothing.
//
// Columns that describe the commune (nom, epci…), and columns without any number,
// are left out; the latter with a warning. Rejected: a row whose code is not a
// commune's or was already seen; a cell that is not a number, the rest of its row
// being kept.
func Variables(in []Input, o Options) (*Import[store.Variable], error) {
	return open(store.Variables, in, o, always("CSV"), readVariables)
}

func readVariables(rec *recorder, files []file, emit func(store.Variable) error) error {
	seen := map[string]address{}
	for _, f := range files {
		skip, err := columnsWithoutNumbers(rec, f)
		if err != nil {
			return err
		}
		err = eachRowOf(rec, f, variablesColumns, func(r row) error {
			rec.Read-- // cells are counted, not rows
			text := r.get("code")
			code := strings.ToUpper(text)
			why := codeFault(code)
			if first, dup := seen[code]; why == "" && dup {
				why = "commune déjà présente à " + first.String()
			}
			if why != "" {
				rec.Read++
				rec.reject(f.Name, r.line, "code", text, why)
				return nil
			}
			seen[code] = address{f.Name, r.line}
			for i, name := range r.t.header {
				text := clean(r.fields[i])
				if skip[i] || slices.Contains(notGiven, strings.ToLower(text)) {
					continue
				}
				rec.Read++
				v, ok := parseNumber(text)
				if !ok {
					rec.reject(f.Name, r.line, name, text, "nombre non compris ; attendu un nombre, ou une cellule vide si la valeur est inconnue")
					continue
				}
				if err := emit(store.Variable{Commune: code, Name: name, Value: v}); err != nil {
					return err
				}
			}
			return nil
		})
		if err != nil {
			return err
		}
	}
	return nil
}

// columnsWithoutNumbers makes a pass over a file to tell, by position, the
// columns that are no variable.
func columnsWithoutNumbers(rec *recorder, f file) ([]bool, error) {
	t, err := openTable(f, variablesColumns...)
	if err != nil {
		return nil, err
	}
	defer t.close()
	skip := make([]bool, len(t.header))
	numbers, texts := make([]int, len(t.header)), make([]string, len(t.header))
	err = t.each(func(r row) error {
		for i := range t.header {
			text := clean(r.fields[i])
			if _, ok := parseNumber(text); ok {
				numbers[i]++
			} else if texts[i] == "" && !slices.Contains(notGiven, strings.ToLower(text)) {
				texts[i] = text
			}
		}
		return nil
	}, nil)
	if err != nil {
		return nil, err
	}
	for i, name := range t.header {
		switch {
		case slices.Contains(describing, name):
			skip[i] = true
		case name == "":
			skip[i] = true
			if numbers[i] > 0 || texts[i] != "" {
				rec.warn(f.Name, 1, "", "", "colonne sans nom, laissée de côté ; attendu un nom de variable dans l'en-tête")
			}
		case numbers[i] == 0 && texts[i] != "":
			skip[i] = true
			rec.warn(f.Name, 1, name, texts[i], "colonne sans aucun nombre, laissée de côté")
		}
	}
	return skip, nil
}
