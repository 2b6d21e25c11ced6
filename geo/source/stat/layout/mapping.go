// Package layout says which columns of a table give which variables: the mapping that a user
// writes, and, in the same words, the layouts in which statistics are published. It knows
// names of columns, and reads no table.
package layout

import (
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/aisne-numerique/maillage/geo/source"
	"github.com/aisne-numerique/maillage/geo/store"
)

// SeparateHeader is the value of source.Mapping.Header that is not empty.
const SeparateHeader = "separe"

// Template is a mapping that shows every word of the language, and that imports as it is.
//
//go:embed template.json
var Template string

// Read reads one mapping. A key that does not exist is an error: it would be a wish that
// nothing fulfils.
func Read(ctx context.Context, in source.Input) (*source.Mapping, error) {
	fail := func(reason string) (*source.Mapping, error) {
		return nil, fmt.Errorf("correspondance: %s: %s", in.Name, reason)
	}
	f, err := source.Inspect(ctx, in)
	if err != nil {
		return nil, fmt.Errorf("correspondance: %s: %w", in.Name, err)
	}
	if f.Bytes > source.MaxRecord {
		return fail("fichier de plus de 1 Mio ; attendu une correspondance de colonnes (JSON)")
	}
	s, err := f.Open()
	if err != nil {
		return nil, fmt.Errorf("correspondance: %w", err)
	}
	defer s.Close()
	data, err := io.ReadAll(io.LimitReader(s, source.MaxRecord))
	if err != nil {
		return fail(source.Readable(err).Error())
	}
	m := &source.Mapping{Files: []store.File{f.File}}
	if reason := parse(data, m); reason != "" {
		return fail(reason)
	}
	return m, nil
}

// parse reads and checks the JSON of a mapping; reason is "" when nothing is wrong with it.
func parse(data []byte, m *source.Mapping) (reason string) {
	if reason := decode(data, m); reason != "" {
		return reason
	}
	return check(m)
}

// decode reads one JSON object, without keys that into has not.
func decode(data []byte, into any) (reason string) {
	dec := json.NewDecoder(bytes.NewReader(withoutRemarks(bytes.TrimPrefix(data, source.BOM))))
	dec.DisallowUnknownFields()
	if err := dec.Decode(into); err != nil {
		return jsonReason(err)
	}
	if _, err := dec.Token(); err != io.EOF {
		return "du texte suit la fin de l'objet ; attendu un seul objet JSON"
	}
	return ""
}

// withoutRemarks drops the keys that begin with "_" from a mapping and from its variables. What
// is wrong with a text comes back as it is, for the decoder to say.
func withoutRemarks(data []byte) []byte {
	var top map[string]json.RawMessage
	if json.Unmarshal(data, &top) != nil {
		return data
	}
	drop := func(object map[string]json.RawMessage) {
		maps.DeleteFunc(object, func(key string, _ json.RawMessage) bool { return strings.HasPrefix(key, "_") })
	}
	drop(top)
	var variables []map[string]json.RawMessage
	if json.Unmarshal(top["variables"], &variables) == nil {
		for _, v := range variables {
			drop(v)
		}
		if text, err := json.Marshal(variables); err == nil {
			top["variables"] = text
		}
	}
	text, err := json.Marshal(top)
	if err != nil {
		return data
	}
	return text
}

const keys = "entete, code, poids, lignes, long, niveau, colonnes et variables (maillage import ifn --template les montre)"

// jsonReason puts an error of the JSON library in words.
func jsonReason(err error) string {
	var typed *json.UnmarshalTypeError
	switch {
	case errors.As(err, &typed) && typed.Field != "":
		return fmt.Sprintf("« %s » n'est pas du type attendu", typed.Field)
	case errors.As(err, &typed):
		return "une valeur n'est pas du type attendu"
	case strings.Contains(err.Error(), "unknown field"):
		return "clé " + strings.TrimPrefix(err.Error(), "json: unknown field ") + " inconnue ; attendu " + keys
	}
	return "JSON invalide ; attendu un objet avec " + keys
}

// Fold is a column's name without regard to capitals and the number of blanks.
func Fold(name string) string { return strings.Join(strings.Fields(source.ColumnName(name)), " ") }

// check says what the rest could not rely on; it cleans the names of variables.
func check(m *source.Mapping) (reason string) {
	if m.Header != "" && m.Header != SeparateHeader {
		return fmt.Sprintf("« entete » vaut « %s » ; attendu « %s », ou rien", m.Header, SeparateHeader)
	}
	if m.HeaderLine < 0 || m.HeaderLine > 0 && m.Header != "" {
		return "« ligne_entete » : attendu le numéro d'une ligne, à partir de 1, sans « entete »"
	}
	if len(m.Columns)+len(m.Variables) == 0 {
		return "« colonnes » et « variables » absents ou vides ; attendu au moins une variable"
	}
	if reason := checkRows(m); reason != "" {
		return reason
	}
	seen := map[string]string{}
	folded := map[string]source.Column{}
	for _, name := range slices.Sorted(maps.Keys(m.Columns)) {
		c, where := m.Columns[name], fmt.Sprintf("colonne « %s »", name)
		if c.Formula != nil {
			return where + " : « calcul » est un mot de « variables »"
		}
		if _, twice := folded[Fold(name)]; twice {
			return where + " présente deux fois"
		}
		if reason := checkVariable(&c, where, seen); reason != "" {
			return reason
		}
		folded[Fold(name)] = c
	}
	m.Columns = folded
	for i := range m.Variables {
		c := &m.Variables[i]
		where := fmt.Sprintf("« variables », numéro %d", i+1)
		if c.Formula == nil {
			return where + " sans « calcul » ; attendu une colonne ou une formule"
		}
		if reason := checkFormula(c.Formula, m.Long != nil, seen, 0); reason != "" {
			return where + " : " + reason
		}
		if reason := checkVariable(c, where, seen); reason != "" {
			return reason
		}
	}
	return ""
}

// checkVariable cleans the name of a variable, and notes it.
func checkVariable(c *source.Column, where string, seen map[string]string) (reason string) {
	c.Variable = source.Clean(c.Variable)
	switch {
	case c.Variable == "":
		return where + " sans variable ; attendu un nom"
	case c.Direction != "" && c.Direction != source.MoreFragile && c.Direction != source.LessFragile:
		return fmt.Sprintf("%s : sens « %s » ; attendu hausse ou baisse", where, c.Direction)
	case seen[c.Variable] != "":
		return fmt.Sprintf("variable « %s » donnée deux fois : %s et %s", c.Variable, seen[c.Variable], where)
	}
	seen[c.Variable] = where
	return ""
}

// checkRows checks what is said of rows.
func checkRows(m *source.Mapping) (reason string) {
	for _, r := range m.Rows {
		if r.Column == "" || len(r.Keep) == 0 {
			return "« lignes » incomplet ; attendu « colonne » et « garder »"
		}
	}
	if m.Level != "" && !isLevel(m.Level) {
		return fmt.Sprintf("« niveau » vaut « %s » ; attendu iris, commune, epci ou departement", m.Level)
	}
	if l := m.Levels; l != nil {
		if l.Column == "" || len(l.Levels) == 0 || m.Level != "" {
			return "« niveaux » incomplet, ou donné avec « niveau » ; attendu « colonne » et « valeurs »"
		}
		for _, level := range l.Levels {
			if !isLevel(level) {
				return "« niveaux » : attendu iris, commune, epci ou departement pour chaque valeur"
			}
		}
	}
	if m.Long != nil && m.Long.Value == "" {
		return "« long » incomplet ; attendu « valeur », et « nom » si une colonne nomme les valeurs"
	}
	return ""
}

func isLevel(l store.Level) bool {
	return slices.Contains(store.Levels(), l)
}

const (
	deepest  = 12  // formulas within formulas
	operands = 500 // of one formula
)

// checkFormula says what is wrong with a formula; given are the variables that it may name.
func checkFormula(f *source.Formula, long bool, given map[string]string, depth int) (reason string) {
	kinds := 0
	for _, is := range []bool{f.Column != "" || f.Where != nil, f.Variable != "", f.Constant != nil, f.Ratio != nil, f.Sum != nil, f.Difference != nil, f.First != nil} {
		if is {
			kinds++
		}
	}
	switch {
	case depth > deepest:
		return fmt.Sprintf("plus de %d calculs l'un dans l'autre", deepest)
	case kinds != 1:
		return "calcul non compris ; attendu l'un de colonne, variable, constante, ratio, somme, difference ou premier"
	case f.Ratio != nil && len(f.Ratio) != 2:
		return "« ratio » : attendu deux termes"
	case f.Difference != nil && len(f.Difference) < 2, f.Sum != nil && len(f.Sum) == 0, f.First != nil && len(f.First) == 0:
		return "« somme », « difference » ou « premier » sans assez de termes"
	case len(f.Sum)+len(f.Difference)+len(f.First) > operands:
		return fmt.Sprintf("plus de %d termes", operands)
	case f.Where != nil && !long:
		return "« ou » choisit des lignes d'une table longue ; attendu « long »"
	case f.Values != nil && (f.Column == "" || len(f.Values) == 0):
		return "« valeurs » : attendu une colonne, et ce que valent ses textes"
	case f.Variable != "" && given[f.Variable] == "":
		return fmt.Sprintf("variable « %s » inconnue ; attendu une variable donnée plus haut", f.Variable)
	case f.Constant != nil && !finite(*f.Constant), f.Factor != nil && (!finite(*f.Factor) || *f.Factor == 0):
		return "constante ou facteur qui n'est pas un nombre utile"
	}
	for _, list := range [][]source.Formula{f.Ratio, f.Sum, f.Difference, f.First} {
		for i := range list {
			if reason := checkFormula(&list[i], long, given, depth+1); reason != "" {
				return reason
			}
		}
	}
	return ""
}

func finite(v float64) bool { return !math.IsNaN(v) && !math.IsInf(v, 0) }
